import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { areaPath } from '../contract.ts'
import { PlaceFigures, RegistryTerms } from './contract.ts'
import { countPlace, showTerms } from './service.ts'

const inArea = Type.Object({ area: Type.Optional(areaPath) })
const reading = { access: 'registry.read' } as const

export const termRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/registry/terms', { schema: { response: { 200: RegistryTerms } }, config: { access: 'staff' } }, (req) =>
    req.read((cmd) => showTerms(cmd)),
  )
  app.get(
    '/registry/figures',
    { schema: { querystring: inArea, response: { 200: PlaceFigures } }, config: reading },
    (req) => req.read((cmd) => countPlace(cmd, req.query.area)),
  )
}
