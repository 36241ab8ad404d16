import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskSearch, SearchAnswer } from './contract.ts'
import { search } from './service.ts'

export const searchRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/registry/search',
    {
      schema: { body: AskSearch, response: { 200: SearchAnswer } },
      config: { access: 'registry.read', idempotency: 'off' },
    },
    (req) => req.read((cmd) => search(cmd, req.body)),
  )
}
