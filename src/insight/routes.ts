import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Fault } from '../kernel/faults.ts'
import { hasGrant } from '../kernel/grants.ts'
import { tokenOf } from '../kernel/http.ts'
import { findArea } from '../grid/index.ts'
import { EventStream, ListenQuery, ListSeen, SeenPage, Wall, WallOutline, WallPoints, WallQuery } from './contract.ts'
import { feedOf, type Listener } from './feed.ts'
import { areaFor, listOnWall, showOutline, showPoints, showWall } from './service.ts'

const config = { access: 'insight.read' } as const
/** Boundaries change seldom; who wants them fresh asks with what they have. */
const OUTLINE_SECONDS = 600
/** A listener that has not read this much is not listening. */
const UNREAD_BYTES_MAX = 1024 * 1024

export const insightRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.addHook('preClose', async () => feedOf(app.ctx).close())
  app.get('/wall', { config, schema: { querystring: WallQuery, response: { 200: Wall } } }, (req) =>
    req.read((cmd) => showWall(cmd, req.query)),
  )
  app.get('/wall/points', { config, schema: { querystring: WallQuery, response: { 200: WallPoints } } }, (req) =>
    req.read((cmd) => showPoints(cmd, req.query)),
  )
  app.get('/wall/matters', { config, schema: { querystring: ListSeen, response: { 200: SeenPage } } }, (req) =>
    req.read((cmd) => listOnWall(cmd, req.query)),
  )
  app.get(
    '/wall/outline',
    { config, schema: { querystring: WallQuery, response: { 200: WallOutline, 304: Type.Null() } } },
    async (req, reply) => {
      const outline = await req.read((cmd) => showOutline(cmd, req.query))
      const tag = `"${createHash('sha256').update(JSON.stringify(outline)).digest('base64url').slice(0, 22)}"`
      reply.headers({
        etag: tag,
        'cache-control': `private, max-age=${OUTLINE_SECONDS}`,
        vary: 'cookie, tongxin-purpose',
      })
      if (req.headers['if-none-match'] === tag) return reply.code(304).send(null)
      return reply.send(outline)
    },
  )
  app.get(
    '/wall/events',
    { config, schema: { querystring: ListenQuery, response: { 200: EventStream } } },
    (req, reply) => listen(req, reply, req.query),
  )
}

/** The last leaf that the asker was told of; null when they begin. */
function lastLeafOf(req: FastifyRequest): number | null {
  const stated = req.headers['last-event-id']
  if (stated === undefined || stated === '') return null
  if (typeof stated !== 'string' || !/^-?\d{1,15}$/.test(stated))
    throw new Fault('kernel.bad_request', { field: 'last-event-id' })
  return Number(stated)
}

async function listen(req: FastifyRequest, reply: FastifyReply, query: ListenQuery): Promise<string | void> {
  const house = req.server.ctx
  const lastLeaf = lastLeafOf(req)
  const { path, purpose, accountId, placed } = await req.read(async (cmd) => {
    const area = areaFor(cmd, query.area)
    if (!(await findArea(cmd, area))) throw new Fault('insight.unknown_area')
    const placed = hasGrant(cmd, 'loop.read', area)
    return { path: area, purpose: cmd.purpose, accountId: cmd.actor.id ?? '', placed }
  })
  const feed = feedOf(house)
  if (query.follow === false) {
    reply.type('text/event-stream; charset=utf-8')
    return feed.missed({ county: req.county, path, placed }, lastLeaf)
  }
  const { raw } = reply
  const begin = (): void => {
    if (raw.headersSent) return
    reply.hijack()
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Nothing on the way may hold messages back, and the connection ends with the stream.
      'x-accel-buffering': 'no',
      connection: 'close',
    })
  }
  const listener: Listener = {
    county: req.county,
    path,
    purpose,
    accountId,
    placed,
    token: tokenOf(req)?.token ?? '',
    write(text) {
      begin()
      if (raw.destroyed || raw.writableEnded) return false
      raw.write(text)
      return raw.writableLength < UNREAD_BYTES_MAX
    },
    end: () => void raw.end(),
  }
  const leave = await feed.join(listener, lastLeaf)
  if (raw.destroyed) leave()
  raw.once('close', leave)
}
