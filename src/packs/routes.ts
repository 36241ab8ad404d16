import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { PackVersions, ReportKinds, ShownKind } from './contract.ts'
import { listPackVersions, listReportKinds, showKind } from './service.ts'

const county = Type.Optional(Type.String({ pattern: '^\\d{6}$' }))

export const packsRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/kinds',
    {
      schema: {
        summary: 'Kinds of matter that can be reported, with categories and form.',
        querystring: Type.Object({ county }),
        response: { 200: ReportKinds },
      },
      config: { access: 'public' },
    },
    (req) => req.read((cmd) => listReportKinds(cmd)),
  )
  app.get(
    '/packs',
    {
      schema: { summary: 'Published versions of the county’s packs.', response: { 200: PackVersions } },
      config: { access: 'packs.read' },
    },
    (req) => req.read((cmd) => listPackVersions(cmd)),
  )
  app.get(
    '/packs/kinds/:kind',
    {
      schema: {
        summary: 'States, steps and the drawn loop of a kind.',
        params: Type.Object({ kind: Type.String({ maxLength: 40 }) }),
        querystring: Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1 })) }),
        response: { 200: ShownKind },
      },
      config: { access: 'packs.read' },
    },
    (req) => req.read((cmd) => showKind(cmd, req.params.kind, req.query.version)),
  )
}
