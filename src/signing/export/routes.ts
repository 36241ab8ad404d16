import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { writeZip } from '../../kernel/sheet-zip.ts'
import { evidenceOf } from './service.ts'

const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const Binary = Type.Unsafe<Readable>({ type: 'string', format: 'binary' })

/** Evidence leaves the house as one archive. */
export const exportRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/signing/envelopes/:id/evidence-package',
    { schema: { params, response: { 200: Binary } }, config: { access: 'signing.read' } },
    async (req, reply) => {
      const letter = await req.read((cmd) => evidenceOf(app.ctx, cmd, req.params.id))
      const { packageParts } = await import('./package.ts')
      const parts = await packageParts(letter)
      void reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="evidence-${req.params.id}.zip"`)
      return reply.send(Readable.from(writeZip(parts)))
    },
  )
}
