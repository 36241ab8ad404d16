import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { XLSX_TYPE } from '../../kernel/sheet-writer.ts'
import { listCampaigns, moveCampaign, openCampaign, previewCampaign, showCampaign } from './campaigns.ts'
import { decideConflict, listConflicts } from './conflicts.ts'
import {
  AskCoverage,
  AskGaps,
  AskGapSheet,
  AskStewardPeople,
  BuildingSheet,
  Campaign,
  CampaignPage,
  CampaignPreview,
  ConflictDecided,
  ConflictPage,
  Coverage,
  DecideConflict,
  DoorPage,
  FileVisit,
  GapPage,
  ListCampaigns,
  ListConflicts,
  ListDoors,
  ListStewards,
  ListVisits,
  MoveCampaign,
  OpenCampaign,
  PreviewCampaign,
  PutSteward,
  RecordVisit,
  Round,
  StewardPage,
  StewardPeople,
  VisitFiledAs,
  VisitPage,
  VisitView,
} from './contract.ts'
import { gapSheet, showCoverage, showGaps } from './coverage.ts'
import { listDoors, showBuilding, showRound } from './doors.ts'
import { fileVisit, recordVisit } from './service.ts'
import { listStewardPeople, listStewards, putSteward } from './stewards.ts'
import { listVisits, showVisit } from './views.ts'

const uuid = Type.String({ format: 'uuid' })
const params = Type.Object({ id: uuid })
const ofBuilding = Type.Object({ id: uuid, building: uuid })
/** Whoever goes, plans or reads there: the service asks which of the three it is, at the place. */
const staff = { access: 'staff' } as const
/** Figures are for whoever only counts, too. */
const counting = { access: 'registry.read' } as const
const planning = { access: 'registry.campaign' } as const
const visiting = { access: 'registry.visit' } as const
const writing = { access: 'registry.write' } as const

const Sheet = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })
const base = '/visits/campaigns'

const campaignRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    `${base}/preview`,
    { schema: { body: PreviewCampaign, response: { 200: CampaignPreview } }, config: planning },
    (req) => req.read((cmd) => previewCampaign(cmd, req.body)),
  )
  app.post(
    base,
    { schema: { body: OpenCampaign, response: { 201: Campaign } }, config: planning },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => openCampaign(cmd, req.body))
    },
  )
  app.get(base, { schema: { querystring: ListCampaigns, response: { 200: CampaignPage } }, config: counting }, (req) =>
    req.read((cmd) => listCampaigns(cmd, req.query)),
  )
  app.get(`${base}/:id`, { schema: { params, response: { 200: Campaign } }, config: counting }, (req) =>
    req.read((cmd) => showCampaign(cmd, req.params.id)),
  )
  app.post(
    `${base}/:id/moves`,
    { schema: { params, body: MoveCampaign, response: { 200: Campaign } }, config: planning },
    (req) => req.command((cmd) => moveCampaign(cmd, req.params.id, req.body)),
  )
  app.get(
    `${base}/:id/coverage`,
    { schema: { params, querystring: AskCoverage, response: { 200: Coverage } }, config: counting },
    (req) => req.read((cmd) => showCoverage(cmd, req.params.id, req.query.area)),
  )
  app.get(
    `${base}/:id/gaps`,
    { schema: { params, querystring: AskGaps, response: { 200: GapPage } }, config: staff },
    (req) => req.read((cmd) => showGaps(cmd, req.params.id, req.query)),
  )
  app.post(
    `${base}/:id/gaps/sheet`,
    {
      schema: { params, body: AskGapSheet, response: { 200: Sheet } },
      config: { access: 'registry.export', idempotency: 'off' },
    },
    async (req, reply) => {
      const bytes = await req.command((cmd) => gapSheet(cmd, req.params.id, req.body))
      return reply.type(XLSX_TYPE).header('content-disposition', 'attachment; filename="gaps.xlsx"').send(bytes)
    },
  )
  app.get(
    `${base}/:id/buildings/:building`,
    { schema: { params: ofBuilding, response: { 200: BuildingSheet } }, config: staff },
    (req) => req.read((cmd) => showBuilding(cmd, req.params.id, req.params.building)),
  )
}

const stewardRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/visits/stewards',
    { schema: { querystring: ListStewards, response: { 200: StewardPage } }, config: planning },
    (req) => req.read((cmd) => listStewards(cmd, req.query)),
  )
  app.get(
    '/visits/stewards/people',
    { schema: { querystring: AskStewardPeople, response: { 200: StewardPeople } }, config: planning },
    (req) => req.read((cmd) => listStewardPeople(cmd, req.query.area)),
  )
  app.put(
    '/visits/stewards/:id',
    { schema: { params, body: PutSteward, response: { 200: StewardPeople } }, config: planning },
    (req) => req.command((cmd) => putSteward(cmd, req.params.id, req.body)),
  )
}

export const visitRoutes: FastifyPluginAsyncTypebox = async (app) => {
  await app.register(campaignRoutes)
  await app.register(stewardRoutes)
  app.get('/visits/round', { schema: { response: { 200: Round } }, config: visiting }, (req) => req.read(showRound))
  app.get(
    '/visits/doors',
    { schema: { querystring: ListDoors, response: { 200: DoorPage } }, config: visiting },
    (req) => req.read((cmd) => listDoors(cmd, req.query)),
  )
  app.get(
    '/visits/conflicts',
    { schema: { querystring: ListConflicts, response: { 200: ConflictPage } }, config: staff },
    (req) => req.read((cmd) => listConflicts(cmd, req.query)),
  )
  app.post(
    '/visits/conflicts/:id/decision',
    { schema: { params, body: DecideConflict, response: { 200: ConflictDecided } }, config: writing },
    (req) => req.command((cmd) => decideConflict(cmd, req.params.id, req.body)),
  )
  app.post(
    '/visits',
    { schema: { body: RecordVisit, response: { 201: VisitView } }, config: visiting },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => recordVisit(cmd, req.body))
    },
  )
  app.get('/visits', { schema: { querystring: ListVisits, response: { 200: VisitPage } }, config: staff }, (req) =>
    req.read((cmd) => listVisits(cmd, req.query)),
  )
  app.get('/visits/:id', { schema: { params, response: { 200: VisitView } }, config: staff }, (req) =>
    req.read((cmd) => showVisit(cmd, req.params.id)),
  )
  app.post(
    '/visits/:id/matter',
    { schema: { params, body: FileVisit, response: { 200: VisitFiledAs } }, config: visiting },
    (req) => req.command((cmd) => fileVisit(cmd, req.params.id, req.body)),
  )
}
