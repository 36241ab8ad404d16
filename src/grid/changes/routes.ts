import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams } from '../contract.ts'
import { AreasChanged, ChangePreview, MergeAreas, SplitArea } from './contract.ts'
import { mergeAreas, previewMerge } from './merge.ts'
import { previewSplit, splitArea } from './split.ts'

const managing = { access: 'grid.manage', purpose: 'administration' } as const
/** Detailed boundaries of several parts are larger than the usual body. */
const LARGE_BODY_BYTES = 4 * 1024 * 1024

/** Splitting and merging areas: first what it would move, then the change itself. */
export const changeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const split = { params: IdParams, body: SplitArea }
  const merge = { params: IdParams, body: MergeAreas }
  app.post(
    '/grid/areas/:id/split/preview',
    { schema: { ...split, response: { 200: ChangePreview } }, config: managing, bodyLimit: LARGE_BODY_BYTES },
    (req) => req.read((cmd) => previewSplit(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/areas/:id/split',
    { schema: { ...split, response: { 200: AreasChanged } }, config: managing, bodyLimit: LARGE_BODY_BYTES },
    (req) => req.command((cmd) => splitArea(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/areas/:id/merge/preview',
    { schema: { ...merge, response: { 200: ChangePreview } }, config: managing },
    (req) => req.read((cmd) => previewMerge(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/areas/:id/merge',
    { schema: { ...merge, response: { 200: AreasChanged } }, config: managing },
    (req) => req.command((cmd) => mergeAreas(cmd, req.params.id, req.body)),
  )
}
