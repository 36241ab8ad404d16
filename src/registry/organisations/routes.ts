import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { uuid } from '../contract.ts'
import { CloseRecord, ConfirmRecord } from '../addresses/contract.ts'
import {
  ChangeGroup,
  ChatGroup,
  ChatGroupPage,
  CorrectOrganisation,
  EndOfficer,
  ListGroups,
  ListOrganisations,
  MakeGroup,
  NameOfficer,
  Organisation,
  OrganisationPage,
  OrganisationPhones,
  RegisterOrganisation,
  UnmaskOrganisation,
} from './contract.ts'
import { changeGroup, listGroups, makeGroup } from './groups.ts'
import {
  closeOrganisation,
  confirmOrganisation,
  correctOrganisation,
  endOfficer,
  nameOfficer,
  registerOrganisation,
  unmaskOrganisation,
} from './service.ts'
import { listOrganisations, showOrganisation } from './views.ts'

const params = Type.Object({ id: uuid })
const reading = { access: 'registry.read' } as const
const writing = { access: 'registry.write' } as const
const answer = { 200: Organisation } as const

const groups: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/chat-groups',
    { schema: { querystring: ListGroups, response: { 200: ChatGroupPage } }, config: reading },
    (req) => req.read((cmd) => listGroups(cmd, req.query)),
  )
  app.post(
    '/registry/chat-groups',
    { schema: { body: MakeGroup, response: { 201: ChatGroup } }, config: writing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => makeGroup(cmd, req.body))
    },
  )
  app.post(
    '/registry/chat-groups/:id/changes',
    { schema: { params, body: ChangeGroup, response: { 200: ChatGroup } }, config: writing },
    (req) => req.command((cmd) => changeGroup(cmd, req.params.id, req.body)),
  )
}

export const organisationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  await app.register(groups)
  app.get(
    '/registry/organisations',
    { schema: { querystring: ListOrganisations, response: { 200: OrganisationPage } }, config: reading },
    (req) => req.read((cmd) => listOrganisations(cmd, req.query)),
  )
  app.post(
    '/registry/organisations',
    { schema: { body: RegisterOrganisation, response: { 201: Organisation } }, config: writing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => registerOrganisation(cmd, req.body))
    },
  )
  app.get('/registry/organisations/:id', { schema: { params, response: answer }, config: reading }, (req) =>
    req.read((cmd) => showOrganisation(cmd, req.params.id)),
  )
  app.post(
    '/registry/organisations/:id/corrections',
    { schema: { params, body: CorrectOrganisation, response: answer }, config: writing },
    (req) => req.command((cmd) => correctOrganisation(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/organisations/:id/confirm',
    { schema: { params, body: ConfirmRecord, response: answer }, config: writing },
    (req) => req.command((cmd) => confirmOrganisation(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/organisations/:id/close',
    { schema: { params, body: CloseRecord, response: answer }, config: writing },
    (req) => req.command((cmd) => closeOrganisation(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/organisations/:id/officers',
    { schema: { params, body: NameOfficer, response: answer }, config: writing },
    (req) => req.command((cmd) => nameOfficer(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/organisations/:id/officers/:officer/end',
    {
      schema: { params: Type.Object({ id: uuid, officer: uuid }), body: EndOfficer, response: answer },
      config: writing,
    },
    (req) => req.command((cmd) => endOfficer(cmd, req.params.id, req.params.officer, req.body)),
  )
  app.post(
    '/registry/organisations/:id/unmask',
    {
      schema: { params, body: UnmaskOrganisation, response: { 200: OrganisationPhones } },
      // A kept answer would show the numbers again without a right and without an entry.
      config: { access: 'registry.unmask', idempotency: 'off' },
    },
    (req) => req.command((cmd) => unmaskOrganisation(cmd, req.params.id, req.body)),
  )
}
