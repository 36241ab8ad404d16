import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  AskAreaMonth,
  AskMonth,
  AskOrigin,
  CorrectDiary,
  DiaryFiledAs,
  DiaryHistory,
  DiaryMonth,
  DiaryOrigin,
  DiaryPage,
  DiaryTerms,
  DiaryView,
  DiaryWords,
  FileDiary,
  ListDiary,
  ListMine,
  UnmaskDiary,
  WriteDiary,
} from './contract.ts'
import { correctDiary, fileDiary, unmaskDiary, writeDiary } from './service.ts'
import { mySheet } from './sheet.ts'
import {
  diaryTerms,
  listDiary,
  listMyDiary,
  showDiary,
  showHistory,
  showMonth,
  showMyMonth,
  showOrigin,
} from './views.ts'

const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
/** One's own entries, and those of whom one answers for: the service asks for duty.read at their place. */
const staff = { access: 'staff' } as const
const writing = { access: 'duty.write' } as const
const reading = { access: 'duty.read' } as const

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const Sheet = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

export const diaryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/diary/terms', { schema: { response: { 200: DiaryTerms } }, config: staff }, (req) => req.read(diaryTerms))
  app.post(
    '/diary',
    { schema: { body: WriteDiary, response: { 201: DiaryView } }, config: writing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => writeDiary(cmd, req.body))
    },
  )
  app.get('/diary', { schema: { querystring: ListDiary, response: { 200: DiaryPage } }, config: reading }, (req) =>
    req.read((cmd) => listDiary(cmd, req.query)),
  )
  app.get(
    '/diary/month',
    { schema: { querystring: AskAreaMonth, response: { 200: DiaryMonth } }, config: reading },
    (req) => req.read((cmd) => showMonth(cmd, req.query)),
  )
  app.get('/diary/mine', { schema: { querystring: ListMine, response: { 200: DiaryPage } }, config: staff }, (req) =>
    req.read((cmd) => listMyDiary(cmd, req.query)),
  )
  app.get(
    '/diary/mine/month',
    { schema: { querystring: AskMonth, response: { 200: DiaryMonth } }, config: staff },
    (req) => req.read((cmd) => showMyMonth(cmd, req.query.month)),
  )
  app.get(
    '/diary/mine/sheet',
    { schema: { querystring: AskMonth, response: { 200: Sheet } }, config: staff },
    async (req, reply) => {
      const bytes = await req.read((cmd) => mySheet(cmd, req.query.month))
      const name = `attachment; filename="diary-${req.query.month}.xlsx"`
      return reply.type(xlsx).header('content-disposition', name).send(bytes)
    },
  )
  app.get(
    '/diary/origin',
    { schema: { querystring: AskOrigin, response: { 200: DiaryOrigin } }, config: staff },
    (req) => req.read((cmd) => showOrigin(cmd, req.query.matter)),
  )
  app.get('/diary/:id', { schema: { params, response: { 200: DiaryView } }, config: staff }, (req) =>
    req.read((cmd) => showDiary(cmd, req.params.id)),
  )
  app.get('/diary/:id/history', { schema: { params, response: { 200: DiaryHistory } }, config: staff }, (req) =>
    req.read((cmd) => showHistory(cmd, req.params.id)),
  )
  app.post(
    '/diary/:id/corrections',
    { schema: { params, body: CorrectDiary, response: { 200: DiaryView } }, config: staff },
    (req) => req.command((cmd) => correctDiary(cmd, req.params.id, req.body)),
  )
  app.post(
    '/diary/:id/matter',
    { schema: { params, body: FileDiary, response: { 200: DiaryFiledAs } }, config: writing },
    (req) => req.command((cmd) => fileDiary(cmd, req.params.id, req.body)),
  )
  app.post(
    '/diary/:id/unmask',
    {
      schema: { params, body: UnmaskDiary, response: { 200: DiaryWords } },
      // A kept answer would show the words again without a right, without an entry, and after they were deleted.
      config: { access: 'duty.unmask', idempotency: 'off' },
    },
    (req) => req.command((cmd) => unmaskDiary(cmd, req.params.id, req.body)),
  )
}
