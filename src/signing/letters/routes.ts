import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ChangeLetter, DraftLetter, LetterPage, LetterView, ListLetters, OfVersion, PreviewLetter } from './contract.ts'
import {
  approveLetter,
  changeLetter,
  draftLetter,
  listLetters,
  previewLetter,
  retireLetter,
  showLetter,
} from './service.ts'

const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const Pdf = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })
const reading = { access: 'signing.read' } as const
const managing = { access: 'signing.manage' } as const
const approving = { access: 'signing.approve' } as const

/** Letters as a county words them, and their approval. */
export const letterRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/signing/letters',
    { schema: { querystring: ListLetters, response: { 200: LetterPage } }, config: reading },
    (req) => req.read((cmd) => listLetters(cmd, req.query)),
  )
  app.get('/signing/letters/:id', { schema: { params, response: { 200: LetterView } }, config: reading }, (req) =>
    req.read((cmd) => showLetter(cmd, req.params.id)),
  )
  app.post(
    '/signing/letters',
    { schema: { body: DraftLetter, response: { 201: LetterView } }, config: managing },
    async (req, reply) => reply.code(201).send(await req.command((cmd) => draftLetter(cmd, req.body))),
  )
  app.put(
    '/signing/letters/:id',
    { schema: { params, body: ChangeLetter, response: { 200: LetterView } }, config: managing },
    (req) => req.command((cmd) => changeLetter(cmd, req.params.id, req.body)),
  )
  app.post(
    '/signing/letters/:id/approval',
    { schema: { params, body: OfVersion, response: { 200: LetterView } }, config: approving },
    (req) => req.command((cmd) => approveLetter(cmd, req.params.id, req.body.version)),
  )
  app.post(
    '/signing/letters/:id/retirement',
    { schema: { params, body: OfVersion, response: { 200: LetterView } }, config: approving },
    (req) => req.command((cmd) => retireLetter(cmd, req.params.id, req.body.version)),
  )
  app.post(
    '/signing/letters/preview',
    {
      schema: { body: PreviewLetter, response: { 200: Pdf } },
      config: { ...reading, idempotency: 'off' },
    },
    async (req, reply) => {
      const pdf = await req.read((cmd) => previewLetter(cmd, req.body.template))
      return reply.type('application/pdf').send(pdf)
    },
  )
}
