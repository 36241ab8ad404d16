import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Fault } from '../../kernel/faults.ts'
import { PageQuery } from '../../kernel/pages.ts'
import { sendShown } from '../../files/index.ts'
import {
  AskRates,
  CampaignPage,
  CampaignView,
  Checked,
  Collaborate,
  Correct,
  DecideSeal,
  EndEnvelope,
  EnvelopePage,
  EnvelopeView,
  FromSegment,
  ListCampaigns,
  ListEnvelopes,
  ListWork,
  MakeSeal,
  OfCampaign,
  OpenCampaign,
  PhoneNumber,
  Rates,
  SealPage,
  SealView,
  SigningTerms,
  WorkPage,
} from './contract.ts'
import { recipientTemplate, takeSegment, takeSheet } from './recipients.ts'
import { decideSeal, listSeals, makeSeal, retireSeal } from './seals.ts'
import {
  closeCampaign,
  collaborate,
  nudgeEnvelope,
  openCampaign,
  pauseCampaign,
  resumeCampaign,
  retryFailures,
  revokeEnvelope,
  startCampaign,
  supersedeEnvelope,
} from './service.ts'
import {
  listCampaigns,
  listEnvelopes,
  listWork,
  sealedDocument,
  showCampaign,
  showEnvelope,
  showNumber,
  showRates,
  signingTerms,
} from './views.ts'

const SHEET_BYTES_MAX = 10 * 1024 * 1024
const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const reading = { access: 'signing.read' } as const
const managing = { access: 'signing.manage' } as const
/** Author, post or collaborator: the service asks. */
const running = { access: 'signing.read' } as const
const sealing = { access: 'signing.seal' } as const
const helping = { access: 'signing.help' } as const
const Binary = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

const Bytes = Type.Any({ description: 'The file as it is.' })

function fileOf(req: FastifyRequest): Buffer {
  const body: unknown = req.body
  if (!Buffer.isBuffer(body)) throw new Fault('kernel.unsupported_media')
  return body
}

const asSheet = (reply: FastifyReply, type: string): FastifyReply =>
  reply.type(type).header('content-disposition', 'attachment; filename="recipients.xlsx"')

const listRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const bodyLimit = SHEET_BYTES_MAX
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit }, (_req, body, done) =>
    done(null, body),
  )
  app.post(
    '/signing/campaigns/:id/sheet',
    {
      schema: { params, body: Bytes, response: { 200: Checked } },
      config: { ...running, idempotency: 'off' },
      bodyLimit,
    },
    (req) => req.command((cmd) => takeSheet(cmd, req.params.id, fileOf(req))),
  )
  app.post(
    '/signing/campaigns/:id/segment',
    { schema: { params, body: FromSegment, response: { 200: Checked } }, config: running },
    (req) => req.command((cmd) => takeSegment(cmd, req.params.id, req.body.segmentId)),
  )
  app.get(
    '/signing/campaigns/:id/template',
    { schema: { params, response: { 200: Binary } }, config: running },
    async (req, reply) => {
      const { type, bytes } = await req.read((cmd) => recipientTemplate(cmd, req.params.id))
      return asSheet(reply, type).send(bytes)
    },
  )
}

const campaignRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/signing/terms', { schema: { response: { 200: SigningTerms } }, config: { access: 'staff' } }, (req) =>
    req.read(signingTerms),
  )
  app.get(
    '/signing/campaigns',
    { schema: { querystring: ListCampaigns, response: { 200: CampaignPage } }, config: reading },
    (req) => req.read((cmd) => listCampaigns(cmd, req.query)),
  )
  app.post(
    '/signing/campaigns',
    { schema: { body: OpenCampaign, response: { 201: CampaignView } }, config: managing },
    async (req, reply) => reply.code(201).send(await req.command((cmd) => openCampaign(cmd, req.body))),
  )
  app.get('/signing/campaigns/:id', { schema: { params, response: { 200: CampaignView } }, config: reading }, (req) =>
    req.read((cmd) => showCampaign(cmd, req.params.id)),
  )
  const acts = { start: startCampaign, pause: pauseCampaign, resume: resumeCampaign, closing: closeCampaign }
  for (const [act, work] of Object.entries(acts))
    app.post(
      `/signing/campaigns/:id/${act}`,
      { schema: { params, body: OfCampaign, response: { 200: CampaignView } }, config: running },
      (req) => req.command((cmd) => work(cmd, req.params.id, req.body.version)),
    )
  app.post(
    '/signing/campaigns/:id/retry',
    { schema: { params, response: { 200: Type.Object({ retried: Type.Integer() }) } }, config: running },
    (req) => req.command((cmd) => retryFailures(cmd, req.params.id)),
  )
  app.post(
    '/signing/campaigns/:id/collaborators',
    { schema: { params, body: Collaborate, response: { 200: CampaignView } }, config: running },
    (req) => req.command((cmd) => collaborate(cmd, req.params.id, req.body)),
  )
  app.post(
    '/signing/campaigns/:id/seal',
    { schema: { params, body: DecideSeal, response: { 200: CampaignView } }, config: sealing },
    (req) => req.command((cmd) => decideSeal(cmd, req.params.id, req.body)),
  )
  app.get(
    '/signing/campaigns/:id/rates',
    { schema: { params, querystring: AskRates, response: { 200: Rates } }, config: reading },
    (req) => req.read((cmd) => showRates(cmd, req.params.id, req.query.area)),
  )
  app.get(
    '/signing/campaigns/:id/envelopes',
    { schema: { params, querystring: ListEnvelopes, response: { 200: EnvelopePage } }, config: reading },
    (req) => req.read((cmd) => listEnvelopes(cmd, req.params.id, req.query)),
  )
}

const envelopeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/signing/envelopes/:id', { schema: { params, response: { 200: EnvelopeView } }, config: reading }, (req) =>
    req.read((cmd) => showEnvelope(cmd, req.params.id)),
  )
  app.get(
    '/signing/envelopes/:id/document',
    { schema: { params, response: { 200: Binary } }, config: reading },
    (req, reply) => sendShown(req, reply, (cmd) => sealedDocument(cmd, req.params.id)) as Promise<never>,
  )
  app.post(
    '/signing/envelopes/:id/revocation',
    { schema: { params, body: EndEnvelope, response: { 200: EnvelopeView } }, config: running },
    (req) => req.command((cmd) => revokeEnvelope(cmd, req.params.id, req.body)),
  )
  app.post(
    '/signing/envelopes/:id/correction',
    { schema: { params, body: Correct, response: { 200: EnvelopeView } }, config: running },
    (req) => req.command((cmd) => supersedeEnvelope(cmd, req.params.id, req.body)),
  )
  app.post(
    '/signing/envelopes/:id/reminder',
    { schema: { params, body: OfCampaign, response: { 200: EnvelopeView } }, config: running },
    (req) => req.command((cmd) => nudgeEnvelope(cmd, req.params.id, req.body.version)),
  )
  app.get('/signing/work', { schema: { querystring: ListWork, response: { 200: WorkPage } }, config: helping }, (req) =>
    req.read((cmd) => listWork(cmd, req.query)),
  )
  app.post(
    '/signing/envelopes/:id/number',
    { schema: { params, response: { 200: PhoneNumber } }, config: { ...helping, idempotency: 'off' } },
    (req) => req.command((cmd) => showNumber(cmd, req.params.id)),
  )
}

const sealRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/signing/seals',
    { schema: { querystring: PageQuery, response: { 200: SealPage } }, config: reading },
    (req) => req.read((cmd) => listSeals(cmd, req.query)),
  )
  app.post(
    '/signing/seals',
    { schema: { body: MakeSeal, response: { 201: SealView } }, config: sealing },
    async (req, reply) => reply.code(201).send(await req.command((cmd) => makeSeal(cmd, req.body))),
  )
  app.post(
    '/signing/seals/:id/retirement',
    { schema: { params, body: OfCampaign, response: { 200: SealView } }, config: sealing },
    (req) => req.command((cmd) => retireSeal(cmd, req.params.id, req.body.version)),
  )
}

/** Campaigns from the list to the last letter, and the seals that they ask for. */
export const signingRoutes: FastifyPluginAsyncTypebox = async (app) => {
  for (const routes of [listRoutes, campaignRoutes, envelopeRoutes, sealRoutes]) await app.register(routes)
}
