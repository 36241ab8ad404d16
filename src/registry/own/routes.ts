import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  AnswerOwn,
  AskOwn,
  ClaimedPeople,
  ClaimOwn,
  Confirmed,
  ConfirmOwn,
  DecideConsent,
  ListOwnRequests,
  OwnCopy,
  OwnRecord,
  OwnRequest,
  OwnRequestPage,
  OwnRequestToAnswer,
  WithdrawOwn,
} from './contract.ts'
import { answerOwn, listClaimed, listToAnswer, showToAnswer } from './answering.ts'
import { askOwn, claimOwn, confirmOwn, copyOwn, decideConsent, showOwn, withdrawOwn } from './service.ts'

const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const own = { access: 'own' } as const
/** Answers that hold personal data are not kept for repeats: a repeat after signing out must show nothing. */
const once = { access: 'own', idempotency: 'off' } as const
const answering = { access: 'registry.answer' } as const

export const ownRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/registry/own', { schema: { response: { 200: OwnRecord } }, config: own }, (req) => req.read(showOwn))
  app.post(
    '/registry/own/confirmation',
    { schema: { body: ConfirmOwn, response: { 200: Confirmed } }, config: once },
    (req) => req.command((cmd) => confirmOwn(cmd, req.body)),
  )
  app.post('/registry/own/copy', { schema: { response: { 200: OwnCopy } }, config: once }, (req) =>
    req.command(copyOwn),
  )
  app.post(
    '/registry/own/requests',
    { schema: { body: AskOwn, response: { 201: OwnRequest } }, config: own },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => askOwn(cmd, req.body))
    },
  )
  app.post(
    '/registry/own/claims',
    { schema: { body: ClaimOwn, response: { 201: OwnRequest } }, config: own },
    async (req, reply) => {
      reply.code(201)
      return req.command((cmd) => claimOwn(cmd, req.body))
    },
  )
  app.post(
    '/registry/own/requests/:id/withdraw',
    { schema: { params, body: WithdrawOwn, response: { 200: OwnRequest } }, config: own },
    (req) => req.command((cmd) => withdrawOwn(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/own/consents/:purpose',
    {
      schema: {
        params: Type.Object({ purpose: Type.String({ maxLength: 40 }) }),
        body: DecideConsent,
        response: { 200: OwnRecord },
      },
      config: once,
    },
    (req) => req.command((cmd) => decideConsent(cmd, req.params.purpose, req.body)),
  )
  await app.register(answerRoutes)
}

const answerRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/own-requests',
    { schema: { querystring: ListOwnRequests, response: { 200: OwnRequestPage } }, config: answering },
    (req) => req.read((cmd) => listToAnswer(cmd, req.query)),
  )
  app.get(
    '/registry/own-requests/:id',
    { schema: { params, response: { 200: OwnRequestToAnswer } }, config: answering },
    (req) => req.read((cmd) => showToAnswer(cmd, req.params.id)),
  )
  app.get(
    '/registry/own-requests/:id/people',
    { schema: { params, response: { 200: ClaimedPeople } }, config: answering },
    (req) => req.read((cmd) => listClaimed(cmd, req.params.id)),
  )
  app.post(
    '/registry/own-requests/:id/answer',
    { schema: { params, body: AnswerOwn, response: { 200: OwnRequestToAnswer } }, config: answering },
    (req) => req.command((cmd) => answerOwn(cmd, req.params.id, req.body)),
  )
}
