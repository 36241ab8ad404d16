import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { uuid } from '../contract.ts'
import { ConfirmRecord } from '../addresses/contract.ts'
import { SetTags } from '../tags/contract.ts'
import {
  AddResidence,
  ChangeState,
  CorrectPerson,
  EndResidence,
  FixPhone,
  ListPeople,
  Looks,
  MovePersonHere,
  Person,
  PersonPage,
  RegisterPerson,
  UnmaskedPerson,
  UnmaskPerson,
} from './contract.ts'
import {
  addResidence,
  changeState,
  confirmPerson,
  correctPerson,
  endResidence,
  fixPhone,
  movePersonHere,
  registerPerson,
  setTags,
  unmaskPerson,
} from './service.ts'
import { listPeople, showLooks, showPerson } from './views.ts'

const params = Type.Object({ id: uuid })
const reading = { access: 'registry.read' } as const
const writing = { access: 'registry.write' } as const
const answer = { 200: Person } as const

export const personRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/people',
    { schema: { querystring: ListPeople, response: { 200: PersonPage } }, config: reading },
    (req) => req.read((cmd) => listPeople(cmd, req.query)),
  )
  app.post(
    '/registry/people',
    { schema: { body: RegisterPerson, response: { 201: Person } }, config: writing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => registerPerson(cmd, req.body))
    },
  )
  app.post(
    '/registry/people/move-here',
    { schema: { body: MovePersonHere, response: answer }, config: writing },
    (req) => req.command((cmd) => movePersonHere(cmd, req.body)),
  )
  app.get('/registry/people/:id', { schema: { params, response: answer }, config: reading }, (req) =>
    req.read((cmd) => showPerson(cmd, req.params.id)),
  )
  app.post(
    '/registry/people/:id/confirm',
    { schema: { params, body: ConfirmRecord, response: answer }, config: writing },
    (req) => req.command((cmd) => confirmPerson(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/people/:id/corrections',
    { schema: { params, body: CorrectPerson, response: answer }, config: writing },
    (req) => req.command((cmd) => correctPerson(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/people/:id/phone',
    { schema: { params, body: FixPhone, response: answer }, config: writing },
    (req) => req.command((cmd) => fixPhone(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/people/:id/state',
    { schema: { params, body: ChangeState, response: answer }, config: writing },
    (req) => req.command((cmd) => changeState(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/people/:id/residences',
    { schema: { params, body: AddResidence, response: answer }, config: writing },
    (req) => req.command((cmd) => addResidence(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/people/:id/residences/:residence/end',
    {
      schema: { params: Type.Object({ id: uuid, residence: uuid }), body: EndResidence, response: answer },
      config: writing,
    },
    (req) => req.command((cmd) => endResidence(cmd, req.params.id, req.params.residence, req.body)),
  )
  app.post(
    '/registry/people/:id/tags',
    { schema: { params, body: SetTags, response: answer }, config: writing },
    (req) => req.command((cmd) => setTags(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/people/:id/unmask',
    {
      schema: { params, body: UnmaskPerson, response: { 200: UnmaskedPerson } },
      // A kept answer would show the numbers again without a right and without an entry.
      config: { access: 'registry.unmask', idempotency: 'off' },
    },
    (req) => req.command((cmd) => unmaskPerson(cmd, req.params.id, req.body)),
  )
  app.get(
    '/registry/people/:id/looks',
    { schema: { params, response: { 200: Looks } }, config: { access: 'registry.unmask' } },
    (req) => req.read((cmd) => showLooks(cmd, req.params.id)),
  )
}
