import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ChangePage, HistoryOf, ListChanges, OnDay, RecordOnDay } from './contract.ts'
import { listHistory, showOnDay } from './service.ts'

const reading = { access: 'registry.read' } as const

export const historyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/history/:kind/:id',
    { schema: { params: HistoryOf, querystring: ListChanges, response: { 200: ChangePage } }, config: reading },
    (req) => req.read((cmd) => listHistory(cmd, req.params, req.query)),
  )
  app.get(
    '/registry/history/:kind/:id/on/:day',
    { schema: { params: OnDay, response: { 200: RecordOnDay } }, config: reading },
    (req) => req.read((cmd) => showOnDay(cmd, req.params)),
  )
}
