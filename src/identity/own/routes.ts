import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Done, Nothing } from '../contract.ts'
import { visitorOf } from '../sessions/index.ts'
import { runOf, settle } from '../sign-in/index.ts'
import { TotpOffer } from '../sign-in/contract.ts'
import { ChangePassword, Code, RecoveryCodes } from './contract.ts'
import {
  changePassword,
  confirmOwnTotp,
  giveSecondFactor,
  offerOwnTotp,
  removeOwnTotp,
  renewOwnRecoveryCodes,
} from './service.ts'

const config = { access: 'own', idempotency: 'off' } as const
const bodyLimit = 8 * 1024

/** What people do for their own safety: password, second factor, recovery codes. */
export const ownRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/identity/me/password',
    { schema: { body: ChangePassword, response: { 200: Done } }, config, bodyLimit },
    async (req, reply) => settle(req, reply, await changePassword(runOf(req), req.body, visitorOf(req, reply))),
  )
  app.post('/identity/me/totp', { schema: { body: Nothing, response: { 200: TotpOffer } }, config, bodyLimit }, (req) =>
    req.command(offerOwnTotp),
  )
  app.post(
    '/identity/me/totp/confirm',
    { schema: { body: Code, response: { 200: RecoveryCodes } }, config, bodyLimit },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => confirmOwnTotp(cmd, req.body.code, visitor)))
    },
  )
  app.post(
    '/identity/me/totp/remove',
    { schema: { body: Code, response: { 200: Done } }, config, bodyLimit },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => removeOwnTotp(cmd, req.body.code, visitor)))
    },
  )
  app.post(
    '/identity/me/second-factor',
    { schema: { body: Code, response: { 200: Done } }, config, bodyLimit },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => giveSecondFactor(cmd, req.body.code, visitor)))
    },
  )
  app.post(
    '/identity/me/recovery-codes',
    { schema: { body: Code, response: { 200: RecoveryCodes } }, config, bodyLimit },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => renewOwnRecoveryCodes(cmd, req.body.code, visitor)))
    },
  )
}
