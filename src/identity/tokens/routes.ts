import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { PageQuery } from '../../kernel/pages.ts'
import { Id, Nothing } from '../contract.ts'
import { ApiToken, ApiTokenPage, CreateApiToken, CreatedApiToken } from './contract.ts'
import { approveApiToken, createApiToken, listApiTokens, revokeApiToken } from './service.ts'

const params = Type.Object({ id: Id })
const purpose = 'administration' as const

export const tokenRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/identity/tokens',
    {
      schema: { querystring: PageQuery, response: { 200: ApiTokenPage } },
      config: { access: 'identity.read_accounts', purpose },
    },
    (req) => req.read((cmd) => listApiTokens(cmd, req.query)),
  )
  app.post(
    '/identity/tokens',
    {
      schema: { body: CreateApiToken, response: { 200: CreatedApiToken } },
      config: { access: 'identity.create_tokens', purpose, idempotency: 'off' },
    },
    (req) => req.command((cmd) => createApiToken(cmd, req.body)),
  )
  app.post(
    '/identity/tokens/:id/approve',
    {
      schema: { params, body: Nothing, response: { 200: ApiToken } },
      config: { access: 'identity.approve_tokens', purpose },
    },
    (req) => req.command((cmd) => approveApiToken(cmd, req.params.id)),
  )
  app.post(
    '/identity/tokens/:id/revoke',
    {
      schema: { params, body: Nothing, response: { 200: ApiToken } },
      config: { access: 'identity.revoke_tokens', purpose },
    },
    (req) => req.command((cmd) => revokeApiToken(cmd, req.params.id)),
  )
}
