import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { visitorOf } from '../../identity/index.ts'
import { FaceAnswer } from '../face/contract.ts'
import { verifierOf } from '../face/index.ts'
import {
  AskDraft,
  AskFace,
  CodeSent,
  Commitment,
  CommitmentCode,
  Draft,
  FaceBegun,
  GiveCode,
  GiveConsent,
  GivePerson,
  GiveSignature,
  HelpAtDoor,
  HelpBegun,
  LetterToRead,
  Refuse,
  Signing,
  Token,
} from './contract.ts'
import { helpAtDoor } from './door.ts'
import { askFace, giveFace } from './looking.ts'
import { askResult, beginFace } from './provider.ts'
import { askHelp, giveCode, giveConsent, givePerson, refuse, sendCode, settled } from './service.ts'
import { askDraft, documentShown, giveSignature, pageShown } from './signing.ts'
import { showCommitment, showCommitmentCode, showLetter, showSigning } from './views.ts'

/** A village may stand behind one address; a script that guesses tokens may not. */
const looking = { access: 'public', purpose: 'own', rateLimit: { max: 240, timeWindow: '1 minute' } } as const
const acting = {
  access: 'public',
  purpose: 'own',
  idempotency: 'off',
  rateLimit: { max: 90, timeWindow: '1 minute' },
} as const
/** A repeat of the last tap over a line that broke gets the first answer. */
const signing = { access: 'public', purpose: 'own', rateLimit: { max: 90, timeWindow: '1 minute' } } as const
/** A checkpoint scans one person after another. */
const scanning = { access: 'public', rateLimit: { max: 120, timeWindow: '1 minute' } } as const
const small = 8 * 1024
const base = '/signing/links/:token'
const Bytes = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

/** Showing who one is. */
const identityRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { params: Token, response: { 200: Signing } }
  app.get(base, { schema, config: looking }, (req, reply) => {
    const { device } = visitorOf(req, reply)
    return req.read((cmd) => showSigning(cmd, req.params.token, device))
  })
  app.post(
    `${base}/consent`,
    { schema: { ...schema, body: GiveConsent }, config: acting, bodyLimit: small },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      return req.command((cmd) => giveConsent(cmd, req.params.token, req.body, phone))
    },
  )
  app.post(`${base}/code`, { schema: { params: Token, response: { 200: CodeSent } }, config: acting }, (req, reply) => {
    const phone = visitorOf(req, reply)
    return req.command((cmd) => sendCode(cmd, req.params.token, phone))
  })
  app.post(
    `${base}/code/check`,
    { schema: { ...schema, body: GiveCode }, config: acting, bodyLimit: small },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      return settled(req.command((cmd) => giveCode(cmd, req.params.token, req.body.code, phone)))
    },
  )
  app.post(
    `${base}/person`,
    { schema: { ...schema, body: GivePerson }, config: acting, bodyLimit: small },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      return settled(req.command((cmd) => givePerson(cmd, req.params.token, req.body, phone)))
    },
  )
  app.post(
    `${base}/face`,
    { schema: { params: Token, body: AskFace, response: { 200: FaceBegun } }, config: acting, bodyLimit: small },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      const provider = verifierOf(app.ctx.ports)
      if (provider) return beginFace(req, { token: req.params.token, hash: req.body.hash, phone, provider })
      return settled(req.command((cmd) => askFace(cmd, req.params.token, req.body, phone)))
    },
  )
  app.post(
    `${base}/face/check`,
    { schema: { ...schema, body: FaceAnswer }, config: acting, bodyLimit: 128 * 1024 },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      return settled(req.command((cmd) => giveFace(cmd, req.params.token, req.body, phone)))
    },
  )
  app.post(`${base}/face/result`, { schema, config: acting }, (req, reply) =>
    askResult(req, req.params.token, visitorOf(req, reply)),
  )
  app.post(`${base}/help`, { schema, config: acting }, (req, reply) => {
    const phone = visitorOf(req, reply)
    return req.command((cmd) => askHelp(cmd, req.params.token, phone))
  })
}

/** Reading and signing. */
const letterRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${base}/letter`,
    { schema: { params: Token, response: { 200: LetterToRead } }, config: looking },
    (req, reply) => {
      const { device } = visitorOf(req, reply)
      return req.read((cmd) => showLetter(cmd, req.params.token, device))
    },
  )
  app.post(
    `${base}/drafts`,
    { schema: { params: Token, body: AskDraft, response: { 200: Draft } }, config: signing },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      return req.command((cmd) => askDraft(cmd, req.params.token, req.body, phone))
    },
  )
  app.get(
    `${base}/document`,
    { schema: { params: Token, response: { 200: Bytes } }, config: looking },
    async (req, reply) => {
      const { device } = visitorOf(req, reply)
      const pdf = await req.read((cmd) => documentShown(cmd, req.params.token, device))
      return reply.type('application/pdf').header('cache-control', 'private, no-store').send(Buffer.from(pdf))
    },
  )
  const Page = Type.Object({ ...Token.properties, page: Type.Integer({ minimum: 1, maximum: 200 }) })
  app.get(
    `${base}/pages/:page`,
    { schema: { params: Page, response: { 200: Bytes } }, config: looking },
    async (req, reply) => {
      const { device } = visitorOf(req, reply)
      const pdf = await req.read((cmd) => documentShown(cmd, req.params.token, device))
      const png = await pageShown(pdf, req.params.page)
      return reply.type('image/png').header('cache-control', 'private, max-age=1800').send(Buffer.from(png))
    },
  )
  app.post(
    `${base}/signature`,
    { schema: { params: Token, body: GiveSignature, response: { 200: Signing } }, config: signing, bodyLimit: small },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      return req.command((cmd) => giveSignature(cmd, req.params.token, req.body, phone))
    },
  )
  app.post(
    `${base}/refusal`,
    { schema: { params: Token, body: Refuse, response: { 200: Signing } }, config: signing, bodyLimit: small },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      return req.command((cmd) => refuse(cmd, req.params.token, req.body, phone))
    },
  )
}

/** What staff do beside the signer. */
const besideRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const code = Type.Object({ code: Type.String({ pattern: '^[A-Za-z0-9._-]{6,60}$' }) })
  app.get(
    '/signing/commitments/:code',
    { schema: { params: code, response: { 200: Commitment } }, config: scanning },
    (req) => req.read((cmd) => showCommitment(cmd, req.params.code)),
  )
  app.get(
    `${base}/commitment`,
    { schema: { params: Token, response: { 200: CommitmentCode } }, config: looking },
    (req, reply) => {
      const { device } = visitorOf(req, reply)
      const { publicUrl } = app.ctx.config
      return req.read((cmd) => showCommitmentCode(cmd, req.params.token, device, publicUrl))
    },
  )
  const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
  app.post(
    '/signing/envelopes/:id/helps',
    {
      schema: { params, body: HelpAtDoor, response: { 200: HelpBegun } },
      config: { access: 'registry.visit', idempotency: 'off' },
      bodyLimit: small,
    },
    (req, reply) => {
      const phone = visitorOf(req, reply)
      return req.command((cmd) => helpAtDoor(cmd, req.params.id, req.body, phone))
    },
  )
}

/** All addresses of the signer's phone. */
export const signerRoutes: FastifyPluginAsyncTypebox = async (app) => {
  for (const part of [identityRoutes, letterRoutes, besideRoutes]) await app.register(part)
}
