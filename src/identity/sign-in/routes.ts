import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { SignInStep } from '../contract.ts'
import { giveSession, visitorOf } from '../sessions/index.ts'
import { PasswordSignIn, Ticket, TicketCode, TicketRecovery, TotpOffer } from './contract.ts'
import {
  confirmTotpForTicket,
  offerTotpForTicket,
  signInWithPassword,
  signInWithRecoveryCode,
  signInWithTotp,
  type Outcome,
  type Run,
} from './service.ts'

/** Throws a refusal, now that its record is committed; else hands over the session and gives the answer. */
export function settle<T>(req: FastifyRequest, reply: FastifyReply, outcome: Outcome<T>): T {
  if ('refused' in outcome) throw outcome.refused
  if (outcome.session) giveSession(req, reply, outcome.session)
  return outcome.answer
}

/** The request's way to run commands, for services that need more than one. */
export const runOf =
  (req: FastifyRequest): Run =>
  (work) =>
    req.command(work)

const config = { access: 'public', purpose: 'own', idempotency: 'off' } as const
const bodyLimit = 8 * 1024

/** Staff sign-in: password, then the authenticator's six digits or a recovery code. */
export const signInRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/identity/sign-in/password',
    { schema: { body: PasswordSignIn, response: { 200: SignInStep } }, config, bodyLimit },
    async (req, reply) => settle(req, reply, await signInWithPassword(runOf(req), req.body, visitorOf(req, reply))),
  )
  app.post(
    '/identity/sign-in/totp',
    { schema: { body: TicketCode, response: { 200: SignInStep } }, config, bodyLimit },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => signInWithTotp(cmd, req.body, visitor)))
    },
  )
  app.post(
    '/identity/sign-in/recovery-code',
    { schema: { body: TicketRecovery, response: { 200: SignInStep } }, config, bodyLimit },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => signInWithRecoveryCode(cmd, req.body, visitor)))
    },
  )
  app.post(
    '/identity/sign-in/totp-offer',
    { schema: { body: Ticket, response: { 200: TotpOffer } }, config, bodyLimit },
    (req) => req.command((cmd) => offerTotpForTicket(cmd, req.body.ticket)),
  )
  app.post(
    '/identity/sign-in/totp-confirm',
    { schema: { body: TicketCode, response: { 200: SignInStep } }, config, bodyLimit },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => confirmTotpForTicket(cmd, req.body, visitor)))
    },
  )
}
