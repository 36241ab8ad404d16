import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { QuietHours } from './contract.ts'
import { readQuietHours, saveQuietHours } from './service.ts'

const config = { access: 'own' } as const

export const quietRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/notify/push/quiet', { schema: { response: { 200: QuietHours } }, config }, (req) =>
    req.read(readQuietHours),
  )
  app.put('/notify/push/quiet', { schema: { body: QuietHours, response: { 200: QuietHours } }, config }, (req) =>
    req.command((cmd) => saveQuietHours(cmd, req.body)),
  )
}
