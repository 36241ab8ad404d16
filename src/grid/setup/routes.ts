import { createReadStream } from 'node:fs'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../kernel/faults.ts'
import { XLSX_TYPE } from '../../kernel/sheet-writer.ts'
import { rolesOf } from '../posts/index.ts'
import { chooseBaseMap, listMapFiles, mapFileOf, rangeOf, readBaseMap } from './map-ground.ts'
import {
  AskInvitations,
  BaseMap,
  Bytes,
  ChooseBaseMap,
  Face,
  HandedOver,
  HandOver,
  HandoverParams,
  HandoverView,
  Invitations,
  MapFileParams,
  MapFiles,
  MarkStep,
  Organisation,
  SetupState,
  SheetChecked,
  SheetTaken,
  Spreadsheet,
  StepParams,
} from './contract.ts'
import { nameOrganisation, readFace, readLogo, setLogo } from './face.ts'
import { handOver, previewHandover } from './handover.ts'
import { inviteWaiting } from './invitations.ts'
import { checkStaffSheet, markedStaffSheet, requireSetup, staffTemplate } from './staff-sheet.ts'
import { markStep, readSetup } from './steps.ts'
import { takeStaffSheet } from './take.ts'

const SHEET_BYTES_MAX = 10 * 1024 * 1024
const LOGO_BYTES_MAX = 2 * 1024 * 1024
const managing = { access: 'grid.manage', purpose: 'administration' } as const
/** A second time changes nothing by what it does, and its body is too large to be compared with an earlier one. */
const managingOnce = { ...managing, idempotency: 'off' } as const
const open = { access: 'public' } as const
const taking = { body: Bytes }

function fileOf(req: FastifyRequest): Buffer {
  const body: unknown = req.body
  if (!Buffer.isBuffer(body)) throw new Fault('kernel.unsupported_media')
  return body
}

const asSheet = (reply: FastifyReply, name: string): FastifyReply =>
  reply.type(XLSX_TYPE).header('content-disposition', `attachment; filename="${name}"`)

const originOf = (req: FastifyRequest): string =>
  req.server.ctx.config.publicUrl || `${req.protocol}://${req.headers.host ?? req.hostname}`

/** Setting a county up: the staff sheet, whose platform it is, the ground under its maps, first links, handing over. */
export const setupRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: SHEET_BYTES_MAX },
    (_req, body, done) => done(null, body),
  )
  app.get('/grid/setup', { schema: { response: { 200: SetupState } }, config: managing }, (req) => req.read(readSetup))
  app.put(
    '/grid/setup/steps/:step',
    { schema: { params: StepParams, body: MarkStep, response: { 200: SetupState } }, config: managing },
    (req) => req.command((cmd) => markStep(cmd, req.params.step, req.body)),
  )
  app.post(
    '/grid/setup/invitations',
    { schema: { body: AskInvitations, response: { 200: Invitations } }, config: managingOnce },
    (req) => req.command((cmd) => inviteWaiting(cmd, originOf(req), req.body)),
  )
  app.get(
    '/grid/setup/handover/:accountId',
    { schema: { params: HandoverParams, response: { 200: HandoverView } }, config: managing },
    (req) => req.read((cmd) => previewHandover(cmd, req.params.accountId)),
  )
  app.post(
    '/grid/setup/handover/:accountId',
    { schema: { params: HandoverParams, body: HandOver, response: { 200: HandedOver } }, config: managing },
    (req) => req.command((cmd) => handOver(cmd, req.params.accountId, req.body)),
  )
  await app.register(sheetRoutes)
  await app.register(faceRoutes)
  await app.register(mapRoutes)
}

const sheetRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const bodyLimit = SHEET_BYTES_MAX
  app.get(
    '/grid/setup/staff/template',
    { schema: { response: { 200: Spreadsheet } }, config: managing },
    async (req, reply) => {
      const roles = await req.read(async (cmd) => {
        requireSetup(cmd)
        return [...(await rolesOf(cmd)).values()]
      })
      return asSheet(reply, 'staff-template.xlsx').send(staffTemplate(roles))
    },
  )
  app.post(
    '/grid/setup/staff/check',
    { schema: { ...taking, response: { 200: SheetChecked } }, config: managingOnce, bodyLimit },
    (req) => req.read((cmd) => checkStaffSheet(cmd, fileOf(req))),
  )
  app.post(
    '/grid/setup/staff/marked',
    { schema: { ...taking, response: { 200: Spreadsheet } }, config: managingOnce, bodyLimit },
    async (req, reply) => {
      const sheet = await req.read((cmd) => markedStaffSheet(cmd, fileOf(req)))
      return asSheet(reply, 'staff-problems.xlsx').send(sheet)
    },
  )
  app.post(
    '/grid/setup/staff',
    { schema: { ...taking, response: { 200: SheetTaken } }, config: managingOnce, bodyLimit },
    (req) => req.command((cmd) => takeStaffSheet(cmd, fileOf(req))),
  )
}

const faceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/settings/face', { schema: { response: { 200: Face } }, config: open }, (req) => req.read(readFace))
  app.get('/settings/logo', { schema: { response: { 200: Bytes } }, config: open }, async (req, reply) => {
    const logo = await req.read(readLogo)
    return reply.type('image/png').header('cache-control', 'public, max-age=86400').send(logo)
  })
  app.put(
    '/grid/setup/organisation',
    { schema: { body: Organisation, response: { 200: Face } }, config: managing },
    (req) => req.command((cmd) => nameOrganisation(cmd, req.body)),
  )
  app.put(
    '/grid/setup/logo',
    { schema: { ...taking, response: { 200: Face } }, config: managingOnce, bodyLimit: LOGO_BYTES_MAX },
    (req) => req.command((cmd) => setLogo(cmd, fileOf(req))),
  )
}

const mapRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { dataDir } = app.ctx.config
  app.get('/settings/base-map', { schema: { response: { 200: BaseMap } }, config: open }, (req) =>
    req.read(readBaseMap),
  )
  app.put(
    '/grid/setup/base-map',
    { schema: { body: ChooseBaseMap, response: { 200: BaseMap } }, config: managing },
    (req) => req.command((cmd) => chooseBaseMap(cmd, dataDir, req.body)),
  )
  app.get('/grid/setup/maps', { schema: { response: { 200: MapFiles } }, config: managing }, (req) =>
    req.read(async (cmd) => {
      requireSetup(cmd)
      return { folder: 'maps', items: listMapFiles(dataDir) }
    }),
  )
  app.get(
    '/settings/maps/:file',
    { schema: { params: MapFileParams, response: { 200: Bytes, 206: Bytes, 416: Bytes } }, config: open },
    async (req, reply) => {
      const { path, sizeBytes } = await req.read((cmd) => mapFileOf(cmd, dataDir, req.params.file))
      const range = rangeOf(req.headers.range, sizeBytes)
      void reply
        .type('application/octet-stream')
        .header('accept-ranges', 'bytes')
        .header('cache-control', 'public, max-age=3600')
      if (range === null) return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send()
      const { from, to } = range ?? { from: 0, to: sizeBytes - 1 }
      if (range) void reply.code(206).header('content-range', `bytes ${from}-${to}/${sizeBytes}`)
      void reply.header('content-length', to - from + 1)
      return reply.send(createReadStream(path, { start: from, end: to }))
    },
  )
}
