import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { uuid } from '../contract.ts'
import {
  BuildingPage,
  BuildingView,
  CloseRecord,
  ConfirmRecord,
  CorrectBuilding,
  CorrectPremises,
  Doors,
  ListPlaces,
  ListPremises,
  ListReviews,
  MoveBuilding,
  PremisesPage,
  PremisesPlan,
  PremisesView,
  RegisterBuilding,
  RegisterPremises,
  RosterPage,
  WritePlan,
} from './contract.ts'
import { moveBuilding } from './moving.ts'
import {
  closeBuilding,
  closePremises,
  confirmPremises,
  correctBuilding,
  correctPremises,
  registerBuilding,
  registerPremises,
  writePlan,
} from './service.ts'
import {
  listBuildings,
  listPremises,
  listReviews,
  listRoster,
  showBuilding,
  showDoors,
  showPlan,
  showPremises,
} from './views.ts'

const params = Type.Object({ id: uuid })
const reading = { access: 'registry.read' } as const
const writing = { access: 'registry.write' } as const

export const addressRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/buildings',
    { schema: { querystring: ListPlaces, response: { 200: BuildingPage } }, config: reading },
    (req) => req.read((cmd) => listBuildings(cmd, req.query)),
  )
  app.post(
    '/registry/buildings',
    { schema: { body: RegisterBuilding, response: { 201: BuildingView } }, config: writing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => registerBuilding(cmd, req.body))
    },
  )
  app.get('/registry/buildings/:id', { schema: { params, response: { 200: BuildingView } }, config: reading }, (req) =>
    req.read((cmd) => showBuilding(cmd, req.params.id)),
  )
  app.get('/registry/buildings/:id/doors', { schema: { params, response: { 200: Doors } }, config: reading }, (req) =>
    req.read((cmd) => showDoors(cmd, req.params.id)),
  )
  app.get(
    '/registry/roster',
    { schema: { querystring: ListPremises, response: { 200: RosterPage } }, config: reading },
    (req) => req.read((cmd) => listRoster(cmd, req.query)),
  )
  app.post(
    '/registry/buildings/:id/corrections',
    { schema: { params, body: CorrectBuilding, response: { 200: BuildingView } }, config: writing },
    (req) => req.command((cmd) => correctBuilding(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/buildings/:id/move',
    { schema: { params, body: MoveBuilding, response: { 200: BuildingView } }, config: writing },
    (req) => req.command((cmd) => moveBuilding(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/buildings/:id/close',
    { schema: { params, body: CloseRecord, response: { 200: BuildingView } }, config: writing },
    (req) => req.command((cmd) => closeBuilding(cmd, req.params.id, req.body)),
  )
  app.get(
    '/registry/premises',
    { schema: { querystring: ListPremises, response: { 200: PremisesPage } }, config: reading },
    (req) => req.read((cmd) => listPremises(cmd, req.query)),
  )
  app.get(
    '/registry/premises/reviews',
    { schema: { querystring: ListReviews, response: { 200: PremisesPage } }, config: reading },
    (req) => req.read((cmd) => listReviews(cmd, req.query)),
  )
  app.post(
    '/registry/premises',
    { schema: { body: RegisterPremises, response: { 201: PremisesView } }, config: writing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => registerPremises(cmd, req.body))
    },
  )
  app.get('/registry/premises/:id', { schema: { params, response: { 200: PremisesView } }, config: reading }, (req) =>
    req.read((cmd) => showPremises(cmd, req.params.id)),
  )
  app.post(
    '/registry/premises/:id/corrections',
    { schema: { params, body: CorrectPremises, response: { 200: PremisesView } }, config: writing },
    (req) => req.command((cmd) => correctPremises(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/premises/:id/confirm',
    { schema: { params, body: ConfirmRecord, response: { 200: PremisesView } }, config: writing },
    (req) => req.command((cmd) => confirmPremises(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/premises/:id/close',
    { schema: { params, body: CloseRecord, response: { 200: PremisesView } }, config: writing },
    (req) => req.command((cmd) => closePremises(cmd, req.params.id, req.body)),
  )
  app.get(
    '/registry/premises/:id/plan',
    { schema: { params, response: { 200: PremisesPlan } }, config: reading },
    (req) => req.read((cmd) => showPlan(cmd, req.params.id)),
  )
  app.post(
    '/registry/premises/:id/plan',
    { schema: { params, body: WritePlan, response: { 200: PremisesPlan } }, config: writing },
    (req) => req.command((cmd) => writePlan(cmd, req.params.id, req.body)),
  )
}
