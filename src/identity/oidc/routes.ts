import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Fault } from '../../kernel/faults.ts'
import { Done, Nothing } from '../contract.ts'
import { isDemoHouse } from '../demo/rules.ts'
import { countyOfToken } from '../rules.ts'
import { giveSession, visitorOf } from '../sessions/index.ts'
import { runOf } from '../sign-in/index.ts'
import { OidcClient } from './client.ts'
import { OidcCallback, OidcVisit, SignInWays, StartOidc } from './contract.ts'
import { finishVisit, startVisit, unlinkOwn } from './service.ts'

const CALLBACK = '/api/v1/identity/oidc/callback'

const originOf = (req: FastifyRequest): string =>
  (req.server.ctx.config.publicUrl || `${req.protocol}://${req.host}`).replace(/\/$/, '')

const start = (
  req: FastifyRequest,
  reply: FastifyReply,
  visit: { client: OidcClient; returnTo: string; links: boolean },
) =>
  startVisit(runOf(req), visit.client, {
    returnTo: visit.returnTo,
    links: visit.links,
    redirectUri: originOf(req) + CALLBACK,
    visitor: visitorOf(req, reply),
  }).then((url) => ({ url }))

/** Single sign-on for staff, and which ways in there are. */
export const oidcRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { config, demo } = app.ctx
  const client = new OidcClient(config)
  app.get(
    '/identity/ways',
    { schema: { response: { 200: SignInWays } }, config: { access: 'public', purpose: 'own' } },
    () => ({
      password: true,
      phoneCode: true,
      oidc: client.isOn,
      demo: isDemoHouse({ demo, databaseUrl: config.databaseUrl }),
    }),
  )
  app.post(
    '/identity/oidc/start',
    {
      schema: { body: StartOidc, response: { 200: OidcVisit } },
      config: { access: 'public', purpose: 'own', idempotency: 'off' },
    },
    (req, reply) => start(req, reply, { client, returnTo: req.body.returnTo ?? '/', links: false }),
  )
  app.post(
    '/identity/me/oidc/link',
    { schema: { body: StartOidc, response: { 200: OidcVisit } }, config: { access: 'own', idempotency: 'off' } },
    (req, reply) => start(req, reply, { client, returnTo: req.body.returnTo ?? '/', links: true }),
  )
  app.post(
    '/identity/me/oidc/unlink',
    { schema: { body: Nothing, response: { 200: Done } }, config: { access: 'own' } },
    (req) => req.command(unlinkOwn),
  )
  app.get(
    '/identity/oidc/callback',
    {
      schema: { querystring: OidcCallback, response: { 302: Type.Null() } },
      config: { access: 'public', purpose: 'own', idempotency: 'off' },
    },
    async (req, reply) => {
      if (!req.session) req.county = countyOfToken(req.query.state) ?? ''
      const callback = new URL(req.url, originOf(req))
      const back = { state: req.query.state, callback, visitor: visitorOf(req, reply) }
      const page = await finishVisit(runOf(req), client, back).then(
        ({ returnTo, outcome }) => {
          if ('refused' in outcome) return pageOfFault(outcome.refused)
          if (outcome.session) giveSession(req, reply, outcome.session)
          const { next, ticket } = outcome.answer
          return ticket ? `/sign-in#${new URLSearchParams({ next, ticket })}` : returnTo
        },
        (error: unknown) => {
          // A browser stands here, not a program: it is shown a page, not JSON. A bug goes on as one.
          if (error instanceof Fault) return pageOfFault(error)
          throw error
        },
      )
      return reply.redirect(page, 302)
    },
  )
}

/** Behind the hash, so that neither ticket nor fault reaches another server's log. */
const pageOfFault = (fault: Fault): string => `/sign-in#${new URLSearchParams({ fault: fault.code })}`
