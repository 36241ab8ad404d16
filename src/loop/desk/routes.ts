import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { WorkCounts } from '../contract.ts'
import {
  AskCommonMoves,
  AskHolders,
  ChangeView,
  CommonMoves,
  Desk,
  DeskLook,
  ExportMatters,
  Holders,
  Related,
  RemovedView,
  SavedView,
  SaveView,
} from './contract.ts'
import { exportMatters } from './export.ts'
import { commonMoves, countTabs, listHolders, showRelated } from './queries.ts'
import { addView, changeView, dropView, setLook, showDesk } from './service.ts'

/** Sent as a stream, past the serializer. */
const Sheet = Type.Unsafe<unknown>(Type.String({ description: 'text/csv, or a workbook' }))
const byId = Type.Object({ id: Type.String({ format: 'uuid' }) })
const reading = { access: 'loop.read' } as const
/** Where a version cannot stand in a body. */
const ofVersion = Type.Object({ version: Type.Integer({ minimum: 1 }) })
/** A sheet of 20,000 rows is work for the house; people need a few a day. */
const exporting = { access: 'loop.read', idempotency: 'off', rateLimit: { max: 20, timeWindow: '1 minute' } } as const

/** The work list's own things: counts, views, look, common moves, sheets. */
export const deskRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/matters/counts', { schema: { response: { 200: WorkCounts } }, config: reading }, (req) =>
    req.read(countTabs),
  )
  app.get(
    '/matters/holders',
    { schema: { querystring: AskHolders, response: { 200: Holders } }, config: reading },
    (req) => req.read((cmd) => listHolders(cmd, req.query.area)),
  )
  app.get('/matters/desk', { schema: { response: { 200: Desk } }, config: reading }, (req) => req.read(showDesk))
  app.put('/matters/desk', { schema: { body: DeskLook, response: { 200: DeskLook } }, config: reading }, (req) =>
    req.command((cmd) => setLook(cmd, req.body)),
  )
  app.post('/matters/views', { schema: { body: SaveView, response: { 200: SavedView } }, config: reading }, (req) =>
    req.command((cmd) => addView(cmd, req.body)),
  )
  app.put(
    '/matters/views/:id',
    { schema: { params: byId, body: ChangeView, response: { 200: SavedView } }, config: reading },
    (req) => req.command((cmd) => changeView(cmd, req.params.id, req.body)),
  )
  app.delete(
    '/matters/views/:id',
    { schema: { params: byId, querystring: ofVersion, response: { 200: RemovedView } }, config: reading },
    (req) => req.command((cmd) => dropView(cmd, req.params.id, req.query.version)),
  )
  app.post(
    '/matters/common-moves',
    { schema: { body: AskCommonMoves, response: { 200: CommonMoves } }, config: { ...reading, idempotency: 'off' } },
    (req) => req.read((cmd) => commonMoves(cmd, req.body)),
  )
  app.get('/matters/:id/related', { schema: { params: byId, response: { 200: Related } }, config: reading }, (req) =>
    req.read((cmd) => showRelated(cmd, req.params.id)),
  )
  app.post(
    '/matters/exports',
    { schema: { body: ExportMatters, response: { 200: Sheet } }, config: exporting },
    (req, reply) => exportMatters(req, reply, req.body),
  )
}
