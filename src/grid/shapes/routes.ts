import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskFlaws, CutArea, CutParams, Flaws, ImportBoundaries, ImportedBoundaries, Pieces } from './contract.ts'
import { checkGround, cutArea, importBoundaries } from './service.ts'

const managing = { access: 'grid.manage', purpose: 'administration' } as const
/** A town's boundaries in one file. */
const LARGE_BODY_BYTES = 8 * 1024 * 1024

/** Boundaries: cut by lines, checked against their neighbours, taken from a file. */
export const shapeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/grid/areas/:id/cut',
    { schema: { params: CutParams, body: CutArea, response: { 200: Pieces } }, config: managing },
    (req) => req.read((cmd) => cutArea(cmd, req.params.id, req.body)),
  )
  app.get(
    '/grid/boundaries/check',
    { schema: { querystring: AskFlaws, response: { 200: Flaws } }, config: { access: 'grid.read' } },
    (req) => req.read((cmd) => checkGround(cmd, req.query)),
  )
  app.post(
    '/grid/boundaries/import',
    {
      schema: { body: ImportBoundaries, response: { 200: ImportedBoundaries } },
      config: managing,
      bodyLimit: LARGE_BODY_BYTES,
    },
    (req) => req.command((cmd) => importBoundaries(cmd, req.body)),
  )
}
