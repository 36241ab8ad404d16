import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskBurden, Burden } from './contract.ts'
import { showBurden } from './service.ts'

export const burdenRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/burden',
    { schema: { querystring: AskBurden, response: { 200: Burden } }, config: { access: 'registry.read' } },
    (req) => req.read((cmd) => showBurden(cmd, req.query)),
  )
}
