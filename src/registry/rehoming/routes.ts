import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { PlaceDuty } from '../../grid/index.ts'
import { showDoorDuty } from './service.ts'

const Params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const Query = Type.Object({
  at: Type.Optional(Type.String({ format: 'date-time', description: 'Who it was then; without it, who it is now.' })),
})

/** Who answers for a building, and who did on another day. */
export const rehomingRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/buildings/:id/responsible',
    {
      schema: { params: Params, querystring: Query, response: { 200: PlaceDuty } },
      config: { access: 'registry.read' },
    },
    (req) => req.read((cmd) => showDoorDuty(cmd, req.params.id, req.query.at)),
  )
}
