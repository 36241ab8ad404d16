import { Readable } from 'node:stream'
import fastifyMultipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { BeginUpload, FileView, OpenOriginal, Opening, UploadQuery, UploadView, fileBytesMax } from './contract.ts'
import { discardUpload, finishUpload, takeIn, takePiece } from './intake.ts'
import { dispositionOf, rangeOf } from './rules.ts'
import {
  beginUpload,
  getUpload,
  objectKey,
  openOriginal,
  presentUpload,
  serveOriginal,
  serveShown,
  showFile,
  withdrawFile,
  type ShownFile,
} from './service.ts'
import { piecesOf, requireFits } from './spool.ts'

const params = Type.Object({ id: FileView.properties.id })
const Nothing = Type.Null({ description: 'Done.' })
const Bytes = Type.String({ description: 'The bytes of the file.' })
/** Multipart's own lines come on top of the file. */
const bodyLimit = fileBytesMax + 64 * 1024

function bodyStream(req: FastifyRequest): Readable {
  if (!(req.body instanceof Readable)) throw new Fault('kernel.unsupported_media')
  return req.body
}

async function piecesOfRequest(req: FastifyRequest): Promise<{ pieces: AsyncIterable<Buffer>; name?: string }> {
  requireFits(Number(req.headers['content-length'] ?? 0) - (req.isMultipart() ? 64 * 1024 : 0))
  if (!req.isMultipart()) return { pieces: piecesOf(bodyStream(req)) }
  const part = await req.file({
    limits: { files: 1, fields: 10, fileSize: fileBytesMax + 1 },
    throwFileSizeLimit: false,
  })
  if (!part) throw new Fault('kernel.bad_request', { field: 'file' })
  return { pieces: piecesOf(part.file), name: part.filename }
}

/** Sends an object: whole or a range, never guessed at by a browser, kept by no cache but the reader's own. */
async function sendObject(req: FastifyRequest, reply: FastifyReply, served: ShownFile): Promise<FastifyReply> {
  const etag = `"${served.sha256}"`
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': dispositionOf(served.name, served.mediaType),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  })
  if (req.headers['if-none-match']?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))
    return reply.code(304).send()
  const ifRange = req.headers['if-range']
  const wanted = ifRange !== undefined && ifRange !== etag ? undefined : rangeOf(req.headers.range, served.sizeBytes)
  if (wanted === null) {
    reply.header('content-range', `bytes */${served.sizeBytes}`)
    throw new Fault('files.bad_range')
  }
  const length = wanted ? wanted.to - wanted.from + 1 : served.sizeBytes
  reply.type(served.mediaType).header('content-length', length)
  if (wanted) reply.code(206).header('content-range', `bytes ${wanted.from}-${wanted.to}/${served.sizeBytes}`)
  if (req.method === 'HEAD') return reply.send(Readable.from([]))
  return reply.send(await req.server.ctx.ports.storage.get(objectKey(req.county, served.sha256), wanted))
}

/** Finds in one read what is to be shown, then streams it; for rooms that let people in by other ways than a session. */
export const sendShown = async (
  req: FastifyRequest,
  reply: FastifyReply,
  find: (cmd: Command) => Promise<ShownFile>,
): Promise<FastifyReply> => sendObject(req, reply, await req.read(find))

/** Routes whose body is bytes; in a scope of their own, for nowhere else may a body be a stream. */
async function byteRoutes(app: FastifyInstance): Promise<void> {
  await app.register(fastifyMultipart)
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser('*', (_req, payload, done) => done(null, payload))
  const config = { access: 'own', idempotency: 'off' } as const

  app.post<{ Querystring: UploadQuery }>(
    '/files',
    {
      bodyLimit,
      config,
      schema: {
        summary: 'Hand in a file: as the raw body, or as the one file of a form',
        consumes: ['application/octet-stream', 'multipart/form-data'],
        querystring: UploadQuery,
        response: { 201: FileView },
      },
    },
    async (req, reply) => {
      const { pieces, name } = await piecesOfRequest(req)
      const file = await takeIn(app.ctx, req, pieces, { ...(name === undefined ? {} : { name }), ...req.query })
      return reply.code(201).send(file)
    },
  )

  app.patch<{ Params: { id: string }; Headers: { 'upload-offset': number } }>(
    '/files/uploads/:id',
    {
      bodyLimit,
      config,
      schema: {
        summary: 'The next piece of a resumable upload',
        consumes: ['application/offset+octet-stream'],
        params,
        headers: Type.Object({ 'upload-offset': Type.Integer({ minimum: 0 }) }),
        response: { 200: UploadView },
      },
    },
    async (req, reply) => {
      const upload = await takePiece(app.ctx, req, req.params.id, req.headers['upload-offset'], bodyStream(req))
      return reply.header('upload-offset', upload.offset).send(upload)
    },
  )
}

const uploadRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const config = { access: 'own', idempotency: 'off' } as const
  app.post(
    '/files/uploads',
    { config, schema: { body: BeginUpload, response: { 201: UploadView } } },
    async (req, reply) => {
      const upload = await req.command((cmd) => beginUpload(cmd, req.body))
      return reply.code(201).header('upload-offset', upload.offset).send(upload)
    },
  )
  app.get('/files/uploads/:id', { config, schema: { params, response: { 200: UploadView } } }, async (req, reply) => {
    const upload = presentUpload(await req.read((cmd) => getUpload(cmd, req.params.id)))
    const headers = { 'upload-offset': upload.offset, 'upload-length': upload.sizeBytes, 'cache-control': 'no-store' }
    return reply.headers(headers).send(upload)
  })
  app.post('/files/uploads/:id/finish', { config, schema: { params, response: { 200: FileView } } }, (req) =>
    finishUpload(app.ctx, req, req.params.id),
  )
  app.delete('/files/uploads/:id', { config, schema: { params, response: { 204: Nothing } } }, async (req, reply) => {
    await req.read((cmd) => getUpload(cmd, req.params.id))
    await discardUpload(app.ctx, req, req.params.id)
    return reply.code(204).send(null)
  })
}

const servingRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const config = { access: 'loop.read' } as const
  const evidence = { access: 'loop.supervise', purpose: 'supervision' } as const
  app.get('/files/:id', { config, schema: { params, response: { 200: FileView } } }, (req) =>
    req.read((cmd) => showFile(cmd, req.params.id)),
  )
  for (const what of ['thumbnail', 'content'] as const) {
    const schema = { params, response: { 200: Bytes, 206: Bytes } }
    app.get(`/files/:id/${what}`, { config, schema }, async (req, reply) =>
      sendShown(req, reply, (cmd) => serveShown(cmd, (req.params as { id: string }).id, what)),
    )
  }
  app.delete(
    '/files/:id',
    { config: { access: 'own' }, schema: { params, response: { 204: Nothing } } },
    async (req, reply) => {
      await req.command((cmd) => withdrawFile(cmd, req.params.id))
      return reply.code(204).send(null)
    },
  )
  const opening = { params, body: OpenOriginal, response: { 201: Opening } }
  app.post(
    '/files/:id/openings',
    { config: { ...evidence, idempotency: 'off' }, schema: opening },
    async (req, reply) =>
      reply.code(201).send(await req.command((cmd) => openOriginal(cmd, req.params.id, req.body.reason))),
  )
  const querystring = Type.Object({ opening: FileView.properties.id })
  const original = { params, querystring, response: { 200: Bytes, 206: Bytes } }
  app.get('/files/:id/original', { config: evidence, schema: original }, async (req, reply) =>
    sendShown(req, reply, (cmd) => serveOriginal(cmd, req.params.id, req.query.opening)),
  )
}

export const filesRoutes: FastifyPluginAsyncTypebox = async (app) => {
  await app.register(byteRoutes)
  await app.register(uploadRoutes)
  await app.register(servingRoutes)
}
