import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Id } from '../contract.ts'
import { visitorOf } from '../sessions/index.ts'
import { runOf } from '../sign-in/index.ts'
import { IssuedLink, IssueLink, LinkParams, OpenLink, Redeemed, RedeemLink } from './contract.ts'
import { getLink, issueLink, redeemLink } from './service.ts'

const publicly = { access: 'public', purpose: 'own', idempotency: 'off' } as const

/** Invitations and resets. Looking at a link changes nothing, since mail scanners look at every link; using it is a POST. */
export const linkRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/identity/accounts/:id/links',
    {
      schema: { params: Type.Object({ id: Id }), body: IssueLink, response: { 200: IssuedLink } },
      config: { access: 'identity.manage_accounts', purpose: 'administration', idempotency: 'off' },
    },
    (req) => req.command((cmd) => issueLink(cmd, req.params.id, req.body)),
  )
  app.get(
    '/identity/links/:token',
    { schema: { params: LinkParams, response: { 200: OpenLink } }, config: publicly },
    (req) => req.read((cmd) => getLink(cmd, req.params.token)),
  )
  app.post(
    '/identity/links/:token/redeem',
    {
      schema: { params: LinkParams, body: RedeemLink, response: { 200: Redeemed } },
      config: publicly,
      bodyLimit: 8 * 1024,
    },
    (req, reply) => redeemLink(runOf(req), req.params.token, { input: req.body, visitor: visitorOf(req, reply) }),
  )
}
