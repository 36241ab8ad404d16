import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Csv, IdParams } from '../contract.ts'
import {
  Area,
  AreaHistory,
  AreaPage,
  AskNets,
  AskOutline,
  Boundaries,
  BoundaryQuery,
  CloseArea,
  Covered,
  CreateArea,
  ExportAreas,
  ExportedAreas,
  FindArea,
  FoundAreas,
  ImportAreas,
  ImportedAreas,
  ListAreas,
  ListPlaces,
  LocatedPlace,
  MoveArea,
  Nets,
  Places,
  Point,
  RenameArea,
  SearchAreas,
  SetBoundary,
  SetCovers,
  SheetOfAreas,
} from './contract.ts'
import {
  exportAreas,
  findAreasByName,
  listAreas,
  listPlaces,
  locatePlace,
  readArea,
  readBoundaries,
  readCovered,
  readHistory,
  readNets,
  readOutline,
} from './queries.ts'
import { closeArea, createArea, moveArea, renameArea, setBoundary, setCovers } from './service.ts'
import { areasSheet, DryRun, importAreas } from './sheet.ts'

/** Anybody may ask where a point lies and what places are called: often enough for a report, too seldom for copying the map. */
const forAnybody = { access: 'public', rateLimit: { max: 60, timeWindow: '1 minute' } } as const
const reading = { access: 'grid.read' } as const
const managing = { access: 'grid.manage', purpose: 'administration' } as const
/** A detailed town boundary, or 2,000 rows of a sheet, is larger than the usual body. */
const LARGE_BODY_BYTES = 4 * 1024 * 1024

export const areaRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/grid/places',
    { schema: { querystring: ListPlaces, response: { 200: Places } }, config: forAnybody },
    (req) => req.read((cmd) => listPlaces(cmd, req.query)),
  )
  app.get(
    '/grid/locate',
    { schema: { querystring: Point, response: { 200: LocatedPlace } }, config: forAnybody },
    (req) => req.read((cmd) => locatePlace(cmd, req.query)),
  )
  app.get('/grid/areas', { schema: { querystring: ListAreas, response: { 200: AreaPage } }, config: reading }, (req) =>
    req.read((cmd) => listAreas(cmd, req.query)),
  )
  app.get('/grid/area', { schema: { querystring: FindArea, response: { 200: Area } }, config: reading }, (req) =>
    req.read((cmd) => readArea(cmd, req.query.path)),
  )
  app.get(
    '/grid/areas/search',
    { schema: { querystring: SearchAreas, response: { 200: FoundAreas } }, config: reading },
    (req) => req.read(async (cmd) => ({ items: await findAreasByName(cmd, req.query) })),
  )
  app.get(
    '/grid/areas/export',
    { schema: { querystring: ExportAreas, response: { 200: ExportedAreas } }, config: reading },
    (req) => req.read((cmd) => exportAreas(cmd, req.query)),
  )
  app.get(
    '/grid/areas/sheet',
    { schema: { querystring: SheetOfAreas, response: { 200: Csv } }, config: reading },
    async (req, reply) => {
      const text = await req.read((cmd) => areasSheet(cmd, req.query))
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="areas.csv"')
        .send(text)
    },
  )
  app.get(
    '/grid/areas/:id/history',
    { schema: { params: IdParams, response: { 200: AreaHistory } }, config: reading },
    (req) => req.read((cmd) => readHistory(cmd, req.params.id)),
  )
  app.get(
    '/grid/boundaries',
    { schema: { querystring: BoundaryQuery, response: { 200: Boundaries } }, config: reading },
    (req) => req.read((cmd) => readBoundaries(cmd, req.query)),
  )
  app.get(
    '/grid/outline',
    { schema: { querystring: AskOutline, response: { 200: Boundaries } }, config: reading },
    (req) => req.read((cmd) => readOutline(cmd, req.query)),
  )
  app.get('/grid/nets', { schema: { querystring: AskNets, response: { 200: Nets } }, config: reading }, (req) =>
    req.read((cmd) => readNets(cmd, req.query)),
  )
  app.get(
    '/grid/areas/:id/covers',
    { schema: { params: IdParams, response: { 200: Covered } }, config: reading },
    (req) => req.read((cmd) => readCovered(cmd, req.params.id)),
  )
  app.put(
    '/grid/areas/:id/covers',
    { schema: { params: IdParams, body: SetCovers, response: { 200: Area } }, config: managing },
    (req) => req.command((cmd) => setCovers(cmd, req.params.id, req.body)),
  )
  app.post('/grid/areas', { schema: { body: CreateArea, response: { 200: Area } }, config: managing }, (req) =>
    req.command((cmd) => createArea(cmd, req.body)),
  )
  app.post(
    '/grid/areas/:id/rename',
    { schema: { params: IdParams, body: RenameArea, response: { 200: Area } }, config: managing },
    (req) => req.command((cmd) => renameArea(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/areas/:id/move',
    { schema: { params: IdParams, body: MoveArea, response: { 200: Area } }, config: managing },
    (req) => req.command((cmd) => moveArea(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/areas/:id/close',
    { schema: { params: IdParams, body: CloseArea, response: { 200: Area } }, config: managing },
    (req) => req.command((cmd) => closeArea(cmd, req.params.id, req.body)),
  )
  app.put(
    '/grid/areas/:id/boundary',
    {
      schema: { params: IdParams, body: SetBoundary, response: { 200: Area } },
      config: managing,
      bodyLimit: LARGE_BODY_BYTES,
    },
    (req) => req.command((cmd) => setBoundary(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/areas/import',
    { schema: { body: ImportAreas, response: { 200: ImportedAreas } }, config: managing, bodyLimit: LARGE_BODY_BYTES },
    (req) =>
      req
        .command((cmd) => importAreas(cmd, req.body))
        .catch((error: unknown) => {
          if (error instanceof DryRun) return error.counts
          throw error
        }),
  )
}
