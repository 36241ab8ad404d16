import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Id } from '../contract.ts'
import { listMyCounties } from '../people/index.ts'
import { giveSession, visitorOf } from '../sessions/index.ts'
import {
  Account,
  AccountPage,
  AccountQuery,
  AccountSessions,
  ChangeAccount,
  ChangeMe,
  CorrectAccount,
  EndedSessions,
  InviteStaff,
  Me,
  MyCounties,
  OwnData,
  RegisterResident,
  Who,
} from './contract.ts'
import {
  changeMe,
  correctAccount,
  disableAccount,
  enableAccount,
  findMe,
  endAccountSessions,
  getAccount,
  getMe,
  inviteStaff,
  listAccounts,
  listAccountSessions,
  readOwnData,
  registerResident,
  type Changed,
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
  const change = { schema: { params, body: ChangeAccount, response: { 200: Account } }, config: managing }
  app.post(
    '/identity/accounts',
    { schema: { body: InviteStaff, response: { 200: Account } }, config: managing },
    (req) => req.command((cmd) => inviteStaff(cmd, req.body)).then(shown(req)),
  )
  app.patch(
    '/identity/accounts/:id',
    { schema: { params, body: CorrectAccount, response: { 200: Account } }, config: managing },
    (req) => req.command((cmd) => correctAccount(cmd, req.params.id, req.body)).then(shown(req)),
  )
  app.post('/identity/accounts/:id/disable', change, (req) =>
    req.command((cmd) => disableAccount(cmd, req.params.id, req.body.version)).then(shown(req)),
  )
  app.post('/identity/accounts/:id/enable', change, (req) =>
    req.command((cmd) => enableAccount(cmd, req.params.id, req.body.version)).then(shown(req)),
  )
  app.get(
    '/identity/accounts/:id/sessions',
    { schema: { params, response: { 200: AccountSessions } }, config: managing },
    (req) => req.read((cmd) => listAccountSessions(cmd, req.params.id)),
  )
  app.post(
    '/identity/accounts/:id/sessions/end',
    { schema: { params, body: ChangeAccount, response: { 200: EndedSessions } }, config: managing },
    (req) => req.command((cmd) => endAccountSessions(cmd, req.params.id, req.body.version)),
  )
  app.get('/identity/me/data', { schema: { response: { 200: OwnData } }, config: own }, (req) => req.read(readOwnData))
  // Nobody is a fair answer to a page that asks before it knows: a refusal would stand in every visitor's console as a fault.
  app.get(
    '/identity/who',
    { schema: { response: { 200: Who } }, config: { access: 'public', purpose: 'own' } },
    (req) => (req.session ? req.read(findMe).then((me) => ({ me })) : { me: null }),
  )
  app.get('/identity/me', { schema: { response: { 200: Me } }, config: own }, (req) => req.read(getMe))
  app.patch('/identity/me', { schema: { body: ChangeMe, response: { 200: Me } }, config: own }, (req) =>
    req.command((cmd) => changeMe(cmd, req.body)).then(() => req.read(getMe)),
  )
  app.post(
    '/identity/me/register',
    { schema: { body: RegisterResident, response: { 200: Me } }, config: { access: 'own', idempotency: 'off' } },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      giveSession(req, reply, await req.command((cmd) => registerResident(cmd, req.body, visitor)))
      return req.read(getMe)
    },
  )
  app.get('/identity/me/counties', { schema: { response: { 200: MyCounties } }, config: own }, (req) =>
    req.read(listMyCounties),
  )
}

/** Reads the changed account for the answer, in a transaction of its own: what is kept of the write holds no name. */
const shown = (req: FastifyRequest) => (changed: Changed) => req.read((cmd) => getAccount(cmd, changed.id))
