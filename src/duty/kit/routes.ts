import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskPoster, Kit, Poster } from './contract.ts'
import { showKit, showPoster } from './service.ts'

export const kitRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/duty/kit', { schema: { response: { 200: Kit } }, config: { access: 'staff' } }, (req) => req.read(showKit))
  app.get(
    '/duty/poster',
    { schema: { querystring: AskPoster, response: { 200: Poster } }, config: { access: 'grid.read' } },
    (req) => {
      const origin = (app.ctx.config.publicUrl || `${req.protocol}://${req.host}`).replace(/\/$/, '')
      return req.read((cmd) => showPoster(cmd, req.query.path, origin))
    },
  )
}
