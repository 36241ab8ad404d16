import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { PageQuery } from '../../kernel/pages.ts'
import { XLSX_TYPE } from '../../kernel/sheet-writer.ts'
import { oneOf } from '../contract.ts'
import { sheetKinds } from './columns.ts'
import {
  ActOnImport,
  BeginImport,
  ExportRoster,
  Import,
  ImportPage,
  ImportView,
  ListImports,
  MapSheet,
  ProblemPage,
  SHEET_BYTES_MAX,
  Spreadsheet,
} from './contract.ts'
import { exportRoster } from './export.ts'
import { markedSheet } from './marked.ts'
import { actOnImport, beginImport, listImports, listProblems, mapSheet, readImport, sheetTemplate } from './service.ts'

const importing = { access: 'registry.import' } as const
const params = Type.Object({ id: Import.properties.id })

function bodyStream(req: FastifyRequest): Readable {
  if (!(req.body instanceof Readable)) throw new Fault('kernel.unsupported_media')
  return req.body
}

const asSheet = (reply: FastifyReply, name: string): FastifyReply =>
  reply.type(XLSX_TYPE).header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)

/** Where a body may be a stream; in a scope of its own, for nowhere else may it. */
async function byteRoutes(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_req, payload, done) => done(null, payload))
  app.post<{ Querystring: BeginImport }>(
    '/registry/imports',
    {
      bodyLimit: SHEET_BYTES_MAX + 1024,
      config: { ...importing, idempotency: 'off' },
      schema: {
        summary: 'Hand in a sheet: xlsx or CSV as the raw body',
        consumes: ['application/octet-stream'],
        querystring: BeginImport,
        response: { 201: ImportView },
      },
    },
    async (req, reply) => reply.code(201).send(await beginImport(app.ctx, req, req.query, bodyStream(req))),
  )
}

/** Sheets in, sheets out. */
export const sheetRoutes: FastifyPluginAsyncTypebox = async (app) => {
  await app.register(byteRoutes)
  app.get(
    '/registry/imports',
    { schema: { querystring: ListImports, response: { 200: ImportPage } }, config: importing },
    (req) => req.read((cmd) => listImports(cmd, req.query)),
  )
  app.get(
    '/registry/imports/template',
    {
      schema: { querystring: Type.Object({ kind: oneOf(sheetKinds) }), response: { 200: Spreadsheet } },
      config: importing,
    },
    async (req, reply) => {
      await req.read((cmd) => listImports(cmd, { limit: 1 }))
      return asSheet(reply, 'roster-template.xlsx').send(sheetTemplate(req.query.kind))
    },
  )
  app.get('/registry/imports/:id', { schema: { params, response: { 200: ImportView } }, config: importing }, (req) =>
    req.read((cmd) => readImport(cmd, req.params.id)),
  )
  app.put(
    '/registry/imports/:id/mapping',
    { schema: { params, body: MapSheet, response: { 200: ImportView } }, config: importing },
    (req) => req.command((cmd) => mapSheet(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/imports/:id/acts',
    { schema: { params, body: ActOnImport, response: { 200: ImportView } }, config: importing },
    (req) => req.command((cmd) => actOnImport(cmd, req.params.id, req.body)),
  )
  app.get(
    '/registry/imports/:id/problems',
    { schema: { params, querystring: PageQuery, response: { 200: ProblemPage } }, config: importing },
    (req) => req.read((cmd) => listProblems(cmd, req.params.id, req.query)),
  )
  app.get(
    '/registry/imports/:id/marked',
    { schema: { params, response: { 200: Spreadsheet } }, config: importing },
    async (req, reply) => {
      const reading = <T>(work: (cmd: Command) => Promise<T>): Promise<T> => req.read(work)
      const sheet = await markedSheet(app.ctx, reading, req.county, req.params.id)
      return asSheet(reply, 'problems.xlsx').send(sheet)
    },
  )
  app.post(
    '/registry/exports',
    {
      schema: { body: ExportRoster, response: { 200: Spreadsheet } },
      config: { access: 'registry.export', idempotency: 'off' },
    },
    async (req, reply) => exportRoster(req, reply, req.body),
  )
}
