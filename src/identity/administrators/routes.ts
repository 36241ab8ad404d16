import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PageQuery } from '../../kernel/pages.ts'
import { AdministratorPage, IdentitySettings, SignInQuery, SignInRecordPage, UnmaskingPage } from './contract.ts'
import { changeSettings, getSettings, listAdministrators, listSignIns, listUnmaskings } from './service.ts'

const purpose = 'administration' as const
const reading = { access: 'identity.read_accounts', purpose } as const

/** The three administrators, their records and the county's sign-in settings. */
export const administratorRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/identity/administrators',
    { schema: { querystring: PageQuery, response: { 200: AdministratorPage } }, config: reading },
    (req) => req.read((cmd) => listAdministrators(cmd, req.query)),
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
