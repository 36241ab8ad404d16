import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Proof } from '../ledger/contract.ts'
import { sendShown } from '../files/index.ts'
import {
  Contact,
  Duplicates,
  FindDuplicates,
  ListMatters,
  MakeMove,
  Matter,
  MatterPage,
  Moved,
  Progress,
  RateMatter,
  Receipt,
  RemarkMatter,
  Remarked,
  ReportMatter,
  Unmask,
} from './contract.ts'
import { earlierMove, earlierReceipt, orEarlier } from './again.ts'
import { listWork } from './desk/queries.ts'
import { deskRoutes } from './desk/routes.ts'
import { hotlineRoutes } from './hotline/routes.ts'
import { findDuplicates } from './duplicates.ts'
import {
  earlierReporterMove,
  fileOfProgress,
  moveAsReporter,
  type ReporterKey,
  proofsOfProgress,
  rateMatter,
  showProgress,
} from './progress.ts'
import { remarkMatter } from './remarks.ts'
import { makeMove, reportMatter, unmaskReporter } from './service.ts'
import { listReportedByMe, proofsOfMatter, showMatter } from './views.ts'

const byId = Type.Object({ id: Type.String({ format: 'uuid' }) })
const byCode = Type.Object({ code: Type.String({ minLength: 12, maxLength: 40 }) })
const Proofs = Type.Object({ items: Type.Array(Proof) })
const fileOf = Type.Object({
  ...byCode.properties,
  fileId: Type.String({ format: 'uuid' }),
  what: Type.Union([Type.Literal('thumbnail'), Type.Literal('content')]),
})
/** A person tries a code by hand a few times a minute; a script would have to try for ages. */
const codeLimit = { max: 60, timeWindow: '1 minute' }

/**
 * Residents and guests report a few things a day; a script that files without end is stopped. Staff file for many people and
 * are not limited. Counted in memory, by person.
 */
function reportLimit(perHour: number) {
  const open = (req: FastifyRequest): boolean =>
    perHour === 0 || !['resident', 'guest'].includes(req.session?.actor.kind ?? '')
  return {
    max: perHour,
    timeWindow: '1 hour',
    allowList: open,
    keyGenerator: (req: FastifyRequest) => req.session?.actor.id ?? req.ip,
  }
}

export const loopRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const perHour = Number(app.ctx.config.get('REPORTS_PER_HOUR'))
  app.post(
    '/matters',
    {
      schema: { body: ReportMatter, response: { 201: Receipt } },
      config: { access: 'signedIn', rateLimit: reportLimit(perHour) },
    },
    async (req, reply) => {
      reply.code(201)
      const reporting = req.command((cmd) => reportMatter(cmd, req.body, { alone: true }))
      return orEarlier(reporting, () => req.read((cmd) => earlierReceipt(cmd, req.body)))
    },
  )
  app.post(
    '/matters/duplicates',
    {
      schema: { body: FindDuplicates, response: { 200: Duplicates } },
      config: { access: 'signedIn', idempotency: 'off', rateLimit: reportLimit(perHour * 3) },
    },
    (req) => req.read((cmd) => findDuplicates(cmd, req.body)),
  )
  app.get(
    '/matters',
    { schema: { querystring: ListMatters, response: { 200: MatterPage } }, config: { access: 'loop.read' } },
    (req) => req.read((cmd) => listWork(cmd, req.query)),
  )
  await app.register(deskRoutes)
  await app.register(hotlineRoutes)
  app.get(
    '/matters/:id',
    { schema: { params: byId, response: { 200: Matter } }, config: { access: 'loop.read' } },
    (req) => req.read((cmd) => showMatter(cmd, req.params.id)),
  )
  app.post(
    '/matters/:id/moves',
    { schema: { params: byId, body: MakeMove, response: { 200: Moved } }, config: { access: 'loop.read' } },
    (req) =>
      orEarlier(
        req.command((cmd) => makeMove(cmd, req.params.id, req.body, true)),
        () => req.read((cmd) => earlierMove(cmd, req.params.id, req.body)),
      ),
  )
  app.post(
    '/matters/:id/remarks',
    { schema: { params: byId, body: RemarkMatter, response: { 200: Remarked } }, config: { access: 'loop.read' } },
    (req) => req.command((cmd) => remarkMatter(cmd, req.params.id, req.body)),
  )
  app.post(
    '/matters/:id/unmask',
    {
      schema: { params: byId, body: Unmask, response: { 200: Contact } },
      config: { access: 'loop.unmask', idempotency: 'off' },
    },
    (req) => req.command((cmd) => unmaskReporter(cmd, req.params.id, req.body)),
  )
  app.get(
    '/matters/:id/proofs',
    { schema: { params: byId, response: { 200: Proofs } }, config: { access: 'loop.read' } },
    (req) => req.command((cmd) => proofsOfMatter(cmd, req.params.id)),
  )
  app.get(
    '/my/matters',
    { schema: { querystring: ListMatters, response: { 200: MatterPage } }, config: { access: 'own' } },
    (req) => req.read((cmd) => listReportedByMe(cmd, req.query)),
  )
  await app.register(ownRoutes)
  await app.register(progressRoutes)
}

/** A reporter's move, answered anew where it was made before. */
const moveOnce = (req: FastifyRequest, key: ReporterKey, body: MakeMove): Promise<Progress> =>
  orEarlier(
    req.command((cmd) => moveAsReporter(cmd, key, body)),
    () => req.read((cmd) => earlierReporterMove(cmd, key, body)),
  )

/** The same as by code, for whoever reported it and is signed in. */
const ownRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const config = { access: 'own' } as const
  app.get('/my/matters/:id', { schema: { params: byId, response: { 200: Progress } }, config }, (req) =>
    req.read((cmd) => showProgress(cmd, { own: req.params.id })),
  )
  app.post(
    '/my/matters/:id/rating',
    { schema: { params: byId, body: RateMatter, response: { 200: Progress } }, config },
    (req) => req.command((cmd) => rateMatter(cmd, { own: req.params.id }, req.body)),
  )
  app.post(
    '/my/matters/:id/moves',
    { schema: { params: byId, body: MakeMove, response: { 200: Progress } }, config },
    (req) => moveOnce(req, { own: req.params.id }, req.body),
  )
  app.get('/my/matters/:id/proofs', { schema: { params: byId, response: { 200: Proofs } }, config }, (req) =>
    req.command((cmd) => proofsOfProgress(cmd, { own: req.params.id })),
  )
}

/** What the holder of a progress code may see and do, without an account. */
const progressRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const open = { access: 'public', rateLimit: codeLimit } as const
  app.get('/progress/:code', { schema: { params: byCode, response: { 200: Progress } }, config: open }, (req) =>
    req.read((cmd) => showProgress(cmd, { code: req.params.code })),
  )
  app.post(
    '/progress/:code/rating',
    { schema: { params: byCode, body: RateMatter, response: { 200: Progress } }, config: open },
    (req) => req.command((cmd) => rateMatter(cmd, { code: req.params.code }, req.body)),
  )
  app.post(
    '/progress/:code/moves',
    { schema: { params: byCode, body: MakeMove, response: { 200: Progress } }, config: open },
    (req) => moveOnce(req, { code: req.params.code }, req.body),
  )
  app.get('/progress/:code/proofs', { schema: { params: byCode, response: { 200: Proofs } }, config: open }, (req) =>
    req.command((cmd) => proofsOfProgress(cmd, { code: req.params.code })),
  )
  app.get('/progress/:code/files/:fileId/:what', { schema: { params: fileOf }, config: open }, (req, reply) =>
    sendShown(req, reply, (cmd) => fileOfProgress(cmd, req.params.code, req.params.fileId, req.params.what)),
  )
}
