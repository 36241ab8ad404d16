import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../kernel/faults.ts'
import { XLSX_TYPE } from '../../kernel/sheet-writer.ts'
import { Bytes, HotlineChecked, HotlineMapping, HotlineTaken, SetHotlineMapping, Spreadsheet } from './contract.ts'
import { setMapping, showMapping } from './mapping.ts'
import { checkTickets, hotlineRoots, markedTickets, takeTickets, ticketTemplate } from './service.ts'

const SHEET_BYTES_MAX = 10 * 1024 * 1024
const reporting = { access: 'loop.report' } as const
/** A second time changes nothing by what it does, and its body is too large to be compared with an earlier one. */
const once = { ...reporting, idempotency: 'off' } as const

function fileOf(req: FastifyRequest): Buffer {
  const body: unknown = req.body
  if (!Buffer.isBuffer(body)) throw new Fault('kernel.unsupported_media')
  return body
}
const asSheet = (reply: FastifyReply, name: string): FastifyReply =>
  reply.type(XLSX_TYPE).header('content-disposition', `attachment; filename="${name}"`)

/** Tickets of the 12345 hotline from the sheet that its platform gives out. */
export const hotlineRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const bodyLimit = SHEET_BYTES_MAX
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit }, (_req, body, done) =>
    done(null, body),
  )
  app.get(
    '/hotline/template',
    { schema: { response: { 200: Spreadsheet } }, config: reporting },
    async (req, reply) => {
      await req.read(async (cmd) => hotlineRoots(cmd))
      return asSheet(reply, 'hotline-template.xlsx').send(ticketTemplate())
    },
  )
  app.get('/hotline/mapping', { schema: { response: { 200: HotlineMapping } }, config: reporting }, (req) =>
    req.read((cmd) => {
      hotlineRoots(cmd)
      return showMapping(cmd)
    }),
  )
  app.put(
    '/hotline/mapping',
    { schema: { body: SetHotlineMapping, response: { 200: HotlineMapping } }, config: reporting },
    (req) =>
      req.command((cmd) => {
        hotlineRoots(cmd)
        return setMapping(cmd, req.body)
      }),
  )
  app.post(
    '/hotline/check',
    { schema: { body: Bytes, response: { 200: HotlineChecked } }, config: once, bodyLimit },
    (req) => req.read((cmd) => checkTickets(cmd, fileOf(req))),
  )
  app.post(
    '/hotline/marked',
    { schema: { body: Bytes, response: { 200: Spreadsheet } }, config: once, bodyLimit },
    async (req, reply) => {
      const sheet = await req.read((cmd) => markedTickets(cmd, fileOf(req)))
      return asSheet(reply, 'hotline-problems.xlsx').send(sheet)
    },
  )
  app.post('/hotline', { schema: { body: Bytes, response: { 200: HotlineTaken } }, config: once, bodyLimit }, (req) =>
    req.command((cmd) => takeTickets(cmd, fileOf(req))),
  )
}
