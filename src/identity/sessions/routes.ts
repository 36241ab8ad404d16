import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { SESSION_COOKIES, tokenOf } from '../../kernel/http.ts'
import { randomToken } from '../../kernel/ids.ts'
import { Done, Id, Nothing, type Visitor } from '../contract.ts'
import { OpenSessions, SessionFate } from './contract.ts'
import { endSession, endSessionsOf, fateOf, listOwnSessions } from './service.ts'

const DEVICE_COOKIE = 'tongxin_device'
/** As long as browsers keep a cookie at all. */
const DEVICE_DAYS = 400

/** Asked once when a browser was turned away, not all the time. */
const fateLimit = { max: 60, timeWindow: '1 minute' }

const isSecure = (req: FastifyRequest): boolean =>
  req.protocol === 'https' || req.server.ctx.config.publicUrl.startsWith('https:')

/** Who is asking, for throttles and the device list; a browser without a device cookie gets one. */
export function visitorOf(req: FastifyRequest, reply: FastifyReply): Visitor {
  const userAgent = (req.headers['user-agent'] ?? '').slice(0, 400)
  const known = req.cookies[DEVICE_COOKIE]
  if (known && /^[\w-]{22,64}$/.test(known)) return { address: req.ip, device: known, userAgent }
  const device = randomToken(24)
  void reply.setCookie(DEVICE_COOKIE, device, {
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(req),
    path: '/',
    maxAge: DEVICE_DAYS * 86_400,
  })
  return { address: req.ip, device, userAgent }
}

/**
 * Hands the session's secret to the browser: not readable by scripts, not sent from other sites, and over https bound to
 * this host (`__Host-`), so that no neighbouring name can plant one.
 */
export function giveSession(
  req: FastifyRequest,
  reply: FastifyReply,
  session: { token: string; expiresAt: Date },
): void {
  const secure = isSecure(req)
  const name = secure ? SESSION_COOKIES[0] : SESSION_COOKIES[1]
  void reply.setCookie(name, session.token, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    expires: session.expiresAt,
  })
}

function takeSessionBack(req: FastifyRequest, reply: FastifyReply): void {
  const secure = isSecure(req)
  for (const name of SESSION_COOKIES)
    void reply.clearCookie(name, { path: '/', secure: secure || name.startsWith('__Host-') })
}

/** Own sessions: list them, end one, end all others, sign out. */
export const sessionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/identity/me/sessions', { schema: { response: { 200: OpenSessions } }, config: { access: 'own' } }, (req) =>
    req.read(listOwnSessions),
  )
  app.get(
    '/identity/session-fate',
    { schema: { response: { 200: SessionFate } }, config: { access: 'public', rateLimit: fateLimit } },
    (req) => fateOf(app.ctx.db, tokenOf(req)?.token, app.ctx.clock.now()).then((fate) => ({ fate })),
  )
  app.post(
    '/identity/me/sessions/:id/end',
    { schema: { params: Type.Object({ id: Id }), body: Nothing, response: { 200: Done } }, config: { access: 'own' } },
    (req) => req.command((cmd) => endSession(cmd, req.params.id)),
  )
  app.post(
    '/identity/me/sessions/end-others',
    { schema: { body: Nothing, response: { 200: Type.Object({ ended: Type.Integer() }) } }, config: { access: 'own' } },
    (req) =>
      req.command(async (cmd) => ({
        ended: await endSessionsOf(cmd, cmd.actor.id ?? '', { reason: 'signed_out', except: cmd.actor.sessionId }),
      })),
  )
  app.post(
    '/identity/sign-out',
    { schema: { body: Nothing, response: { 200: Done } }, config: { access: 'signedIn', purpose: 'own' } },
    async (req, reply) => {
      const { actor } = req.session ?? {}
      if (actor?.sessionId) await req.command((cmd) => endSession(cmd, cmd.actor.sessionId ?? ''))
      takeSessionBack(req, reply)
      return { done: true as const }
    },
  )
}
