import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { LetterLookup, LookUpLetter, Trust } from './contract.ts'
import { offlinePage } from './offline-page.ts'
import { lookUpLetter } from './service.ts'
import { trustOf } from './trust.ts'

/** Enough for a clerk with a pile of letters; too little to try hashes at random. */
const limit = { max: 60, timeWindow: '1 minute' }
const open = { access: 'public', purpose: 'own', idempotency: 'off', rateLimit: limit } as const

/** Verification asks nobody who they are. */
export const verifyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/signing/lookups',
    { schema: { body: LookUpLetter, response: { 200: LetterLookup } }, config: open },
    (req) => req.read((cmd) => lookUpLetter(cmd, req.body)),
  )
  app.get('/signing/trust', { schema: { response: { 200: Trust } }, config: open }, () => trustOf(app.ctx))
  app.get('/signing/offline-page', { schema: { hide: true }, config: open }, async (req, reply) => {
    const page = await req.read((cmd) => offlinePage(app.ctx, cmd))
    return reply
      .type('text/html; charset=utf-8')
      .header('content-disposition', 'attachment; filename="verify-offline.html"')
      .send(page)
  })
}
