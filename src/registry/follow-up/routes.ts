import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  AskCandidates,
  AskCounts,
  AskExtension,
  Candidates,
  DecideExtension,
  EndFollowUp,
  FollowUpCounts,
  FollowUpDone,
  FollowUpPage,
  FollowUpsWaiting,
  FollowUpTerms,
  FollowUpView,
  ListFollowUps,
  LookAt,
  NameStaff,
  OpenFollowUp,
  TakeOver,
  WriteContact,
} from './contract.ts'
import {
  askExtension,
  decideExtension,
  endFollowUp,
  lookAt,
  nameStaff,
  openFollowUp,
  takeOver,
  writeContact,
} from './service.ts'
import { countFollowUps, followUpTerms, listCandidates, listFollowUps, listWaiting } from './views.ts'

const base = '/registry/follow-ups'
const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const done = { 200: FollowUpDone }
/** Open to whoever is named; the service answers everybody else that there is no such thing. */
const named = { access: 'staff' } as const
const managing = { access: 'registry.followUp' } as const

export const followUpRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(`${base}/terms`, { schema: { response: { 200: FollowUpTerms } }, config: named }, (req) =>
    req.read(followUpTerms),
  )
  app.get(
    `${base}/candidates`,
    { schema: { querystring: AskCandidates, response: { 200: Candidates } }, config: managing },
    (req) => req.read((cmd) => listCandidates(cmd, req.query.area)),
  )
  app.get(base, { schema: { querystring: ListFollowUps, response: { 200: FollowUpPage } }, config: named }, (req) =>
    req.read((cmd) => listFollowUps(cmd, req.query)),
  )
  app.get(`${base}/waiting`, { schema: { response: { 200: FollowUpsWaiting } }, config: managing }, (req) =>
    req.read(listWaiting),
  )
  app.get(
    `${base}/counts`,
    {
      schema: { querystring: AskCounts, response: { 200: FollowUpCounts } },
      config: { access: 'registry.followUp', purpose: 'supervision' },
    },
    (req) => req.read((cmd) => countFollowUps(cmd, req.query)),
  )
  app.post(
    base,
    { schema: { body: OpenFollowUp, response: { 201: FollowUpDone } }, config: managing },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => openFollowUp(cmd, req.body))
    },
  )
  app.post(
    `${base}/:id/look`,
    {
      schema: { params, body: LookAt, response: { 200: FollowUpView } },
      // A kept answer would show the person again without a look being recorded.
      config: { access: 'staff', idempotency: 'off' },
    },
    (req) => req.command((cmd) => lookAt(cmd, req.params.id, req.body)),
  )
  app.post(`${base}/:id/contacts`, { schema: { params, body: WriteContact, response: done }, config: named }, (req) =>
    req.command((cmd) => writeContact(cmd, req.params.id, req.body)),
  )
  app.post(`${base}/:id/staff`, { schema: { params, body: NameStaff, response: done }, config: managing }, (req) =>
    req.command((cmd) => nameStaff(cmd, req.params.id, req.body)),
  )
  app.post(
    `${base}/:id/extensions`,
    { schema: { params, body: AskExtension, response: done }, config: managing },
    (req) => req.command((cmd) => askExtension(cmd, req.params.id, req.body)),
  )
  app.post(
    `${base}/:id/extensions/decision`,
    { schema: { params, body: DecideExtension, response: done }, config: managing },
    (req) => req.command((cmd) => decideExtension(cmd, req.params.id, req.body)),
  )
  app.post(`${base}/:id/end`, { schema: { params, body: EndFollowUp, response: done }, config: managing }, (req) =>
    req.command((cmd) => endFollowUp(cmd, req.params.id, req.body)),
  )
  app.post(`${base}/:id/take-over`, { schema: { params, body: TakeOver, response: done }, config: managing }, (req) =>
    req.command((cmd) => takeOver(cmd, req.params.id, req.body)),
  )
}
