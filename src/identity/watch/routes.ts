import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ActPage, ActQuery, Dangers, ExportActs, ExportedActs } from './contract.ts'
import { exportActs, listActs, readDangers } from './service.ts'

const auditing = { access: 'identity.read_acts', purpose: 'audit' } as const

export const watchRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/identity/acts',
    { schema: { querystring: ActQuery, response: { 200: ActPage } }, config: auditing },
    (req) => req.read((cmd) => listActs(cmd, req.query)),
  )
  app.post(
    '/identity/acts/export',
    {
      schema: { body: ExportActs, response: { 200: ExportedActs } },
      config: { ...auditing, idempotency: 'off' },
    },
    (req) => req.command((cmd) => exportActs(cmd, req.body)),
  )
  app.get(
    '/identity/dangers',
    {
      schema: { response: { 200: Dangers } },
      config: { access: 'identity.read_dangers', purpose: 'administration' },
    },
    (req) => req.read(readDangers),
  )
}
