import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { PageQuery } from '../../kernel/pages.ts'
import { Id, Nothing } from '../contract.ts'
import {
  Administrator,
  AdministratorPage,
  AppointAdministrator,
  IdentitySettings,
  SignInQuery,
  SignInRecordPage,
  UnmaskingPage,
} from './contract.ts'
import {
  appointAdministrator,
  changeSettings,
  dismissAdministrator,
  getAdministrator,
  getSettings,
  listAdministrators,
  listSignIns,
  listUnmaskings,
} from './service.ts'

const purpose = 'administration' as const
const reading = { access: 'identity.read_accounts', purpose } as const
const appointing = { access: 'identity.appoint', purpose } as const

/** The three administrators, their records and the county's sign-in settings. */
export const administratorRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/identity/administrators',
    { schema: { querystring: PageQuery, response: { 200: AdministratorPage } }, config: reading },
    (req) => req.read((cmd) => listAdministrators(cmd, req.query)),
  )
  app.post(
    '/identity/administrators',
    { schema: { body: AppointAdministrator, response: { 200: Administrator } }, config: appointing },
    (req) => req.command((cmd) => appointAdministrator(cmd, req.body)).then(shown(req)),
  )
  app.post(
    '/identity/administrators/:id/dismiss',
    {
      schema: { params: Type.Object({ id: Id }), body: Nothing, response: { 200: Administrator } },
      config: appointing,
    },
    (req) => req.command((cmd) => dismissAdministrator(cmd, req.params.id)).then(shown(req)),
  )
  app.get(
    '/identity/sign-ins',
    {
      schema: { querystring: SignInQuery, response: { 200: SignInRecordPage } },
      config: { access: 'identity.read_sign_ins', purpose: 'audit' },
    },
    (req) => req.read((cmd) => listSignIns(cmd, req.query)),
  )
  app.get(
    '/identity/unmaskings',
    {
      schema: { querystring: PageQuery, response: { 200: UnmaskingPage } },
      config: { access: 'identity.read_unmaskings', purpose: 'audit' },
    },
    (req) => req.read((cmd) => listUnmaskings(cmd, req.query)),
  )
  app.get('/identity/settings', { schema: { response: { 200: IdentitySettings } }, config: reading }, (req) =>
    req.read(getSettings),
  )
  app.put(
    '/identity/settings',
    {
      schema: { body: IdentitySettings, response: { 200: IdentitySettings } },
      config: { access: 'identity.manage_settings', purpose },
    },
    (req) => req.command((cmd) => changeSettings(cmd, req.body)),
  )
}

/** Reads the seat for the answer in a transaction of its own: what is kept of the write holds no name. */
const shown = (req: FastifyRequest) => (changed: { id: string }) => req.read((cmd) => getAdministrator(cmd, changed.id))
