import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Id } from '../contract.ts'
import { listMyCounties } from '../people/index.ts'
import {
  Account,
  AccountPage,
  AccountQuery,
  ChangeAccount,
  ChangeMe,
  InviteStaff,
  Me,
  MyCounties,
  RegisterResident,
} from './contract.ts'
import {
  changeMe,
  disableAccount,
  enableAccount,
  getAccount,
  getMe,
  inviteStaff,
  listAccounts,
  registerResident,
} from './service.ts'

const params = Type.Object({ id: Id })
const reading = { access: 'identity.read_accounts', purpose: 'administration' } as const
const managing = { access: 'identity.manage_accounts', purpose: 'administration' } as const
const own = { access: 'own' } as const

export const accountRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/identity/accounts',
    { schema: { querystring: AccountQuery, response: { 200: AccountPage } }, config: reading },
    (req) => req.read((cmd) => listAccounts(cmd, req.query)),
  )
  app.get('/identity/accounts/:id', { schema: { params, response: { 200: Account } }, config: reading }, (req) =>
    req.read((cmd) => getAccount(cmd, req.params.id)),
  )
  app.post(
    '/identity/accounts',
    { schema: { body: InviteStaff, response: { 200: Account } }, config: managing },
    (req) => req.command((cmd) => inviteStaff(cmd, req.body)),
  )
  const change = { schema: { params, body: ChangeAccount, response: { 200: Account } }, config: managing }
  app.post('/identity/accounts/:id/disable', change, (req) =>
    req.command((cmd) => disableAccount(cmd, req.params.id, req.body.version)),
  )
  app.post('/identity/accounts/:id/enable', change, (req) =>
    req.command((cmd) => enableAccount(cmd, req.params.id, req.body.version)),
  )
  app.get('/identity/me', { schema: { response: { 200: Me } }, config: own }, (req) => req.read(getMe))
  app.patch('/identity/me', { schema: { body: ChangeMe, response: { 200: Me } }, config: own }, (req) =>
    req.command((cmd) => changeMe(cmd, req.body)),
  )
  app.post('/identity/me/register', { schema: { body: RegisterResident, response: { 200: Me } }, config: own }, (req) =>
    req.command((cmd) => registerResident(cmd, req.body)),
  )
  app.get('/identity/me/counties', { schema: { response: { 200: MyCounties } }, config: own }, (req) =>
    req.read(listMyCounties),
  )
}
