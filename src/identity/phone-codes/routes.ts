import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SignInStep } from '../contract.ts'
import { visitorOf } from '../sessions/index.ts'
import { settle } from '../sign-in/index.ts'
import { RequestCode, SentCode, VerifyCode } from './contract.ts'
import { requestCode, verifyCode } from './service.ts'

const config = { access: 'public', purpose: 'own', idempotency: 'off' } as const
const bodyLimit = 4 * 1024

/** Residents and guests: a phone, a code, a session. */
export const phoneCodeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/identity/phone-codes',
    { schema: { body: RequestCode, response: { 200: SentCode } }, config, bodyLimit },
    (req, reply) => {
      const visitor = visitorOf(req, reply)
      return req.command((cmd) => requestCode(cmd, req.body, visitor))
    },
  )
  app.post(
    '/identity/sign-in/phone-code',
    { schema: { body: VerifyCode, response: { 200: SignInStep } }, config, bodyLimit },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => verifyCode(cmd, req.body, visitor)))
    },
  )
}
