import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { uuid } from '../contract.ts'
import { CloseRecord, ConfirmRecord } from '../addresses/contract.ts'
import {
  AddMembers,
  ChangeHead,
  CorrectHousehold,
  Household,
  HouseholdPage,
  LeaveHousehold,
  ListHouseholds,
  MakeHousehold,
  SplitHousehold,
  WriteDossier,
} from './contract.ts'
import {
  addMembers,
  changeHead,
  confirmHousehold,
  correctHousehold,
  dissolveHousehold,
  leaveHousehold,
  makeHousehold,
  splitHousehold,
  writeDossier,
} from './service.ts'
import { listHouseholds, showHousehold } from './views.ts'

const params = Type.Object({ id: uuid })
const reading = { access: 'registry.read' } as const
const writing = { access: 'registry.write' } as const
const answer = { 200: Household } as const

export const householdRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/households',
    { schema: { querystring: ListHouseholds, response: { 200: HouseholdPage } }, config: reading },
    (req) => req.read((cmd) => listHouseholds(cmd, req.query)),
  )
  app.post(
    '/registry/households',
    { schema: { body: MakeHousehold, response: { 201: Household } }, config: writing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => makeHousehold(cmd, req.body))
    },
  )
  app.get('/registry/households/:id', { schema: { params, response: answer }, config: reading }, (req) =>
    req.read((cmd) => showHousehold(cmd, req.params.id)),
  )
  app.post(
    '/registry/households/:id/corrections',
    { schema: { params, body: CorrectHousehold, response: answer }, config: writing },
    (req) => req.command((cmd) => correctHousehold(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/households/:id/confirm',
    { schema: { params, body: ConfirmRecord, response: answer }, config: writing },
    (req) => req.command((cmd) => confirmHousehold(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/households/:id/head',
    { schema: { params, body: ChangeHead, response: answer }, config: writing },
    (req) => req.command((cmd) => changeHead(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/households/:id/members',
    { schema: { params, body: AddMembers, response: answer }, config: writing },
    (req) => req.command((cmd) => addMembers(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/households/:id/leave',
    { schema: { params, body: LeaveHousehold, response: answer }, config: writing },
    (req) => req.command((cmd) => leaveHousehold(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/households/:id/split',
    { schema: { params, body: SplitHousehold, response: { 201: Household } }, config: writing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => splitHousehold(cmd, req.params.id, req.body))
    },
  )
  app.post(
    '/registry/households/:id/dissolve',
    { schema: { params, body: CloseRecord, response: answer }, config: writing },
    (req) => req.command((cmd) => dissolveHousehold(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/households/:id/dossier',
    { schema: { params, body: WriteDossier, response: answer }, config: writing },
    (req) => req.command((cmd) => writeDossier(cmd, req.params.id, req.body)),
  )
}
