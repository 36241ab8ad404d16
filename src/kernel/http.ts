import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Ajv, type AnySchema } from 'ajv'
import addFormats from 'ajv-formats'
import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import fastifyRateLimit from '@fastify/rate-limit'
import fastifySwagger from '@fastify/swagger'
import fastify, {
  LogController,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import { Type } from 'typebox'
import { countiesOf, oldestCounty, type App } from './app.ts'
import { nobody, runCommand, runRead, type Command, type CommandRequest, type Idempotency } from './command.ts'
import { isCounty } from './db.ts'
import { allFaults, Fault, faultSentence, type Locale } from './faults.ts'
import { purposes, type Grant, type Purpose } from './grants.ts'
import { uuidv7 } from './ids.ts'
import { lazySerializers, lazyValidator } from './lazy-schemas.ts'
import type { Session } from './ports.ts'
import { isSameOrigin } from './same-origin.ts'
import { validationSentence } from './validation.ts'

/**
 * Who may come in: `public` anybody; `signedIn` any session; `staff` any staff session; `own` the signed-in person's own
 * things; otherwise a grant action that the service enforces at the thing's place.
 */
export type Access = 'public' | 'signedIn' | 'staff' | 'own' | (string & {})

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** The purpose of the route where it can have only one. */
    purpose?: Purpose
    /** `off` where the answer holds a secret that must not be kept. */
    idempotency?: 'off'
  }
  interface FastifyInstance {
    ctx: App
    routeTable: RouteEntry[]
  }
  interface FastifyRequest {
    session: Session | null
    /** The county of the session, else of header or query. */
    county: string
    locale: Locale
    /** One write in one transaction; see runCommand. */
    command<T>(work: (cmd: Command) => Promise<T>): Promise<T>
    /** One read in a read-only transaction. */
    read<T>(work: (cmd: Command) => Promise<T>): Promise<T>
  }
}

export interface RouteEntry {
  method: string
  url: string
  access: Access
  hasBodySchema: boolean
  hasResponseSchema: boolean
  bodyLimit: number
  schema: RouteOptions['schema']
}

export const SESSION_COOKIES = ['__Host-tongxin_session', 'tongxin_session'] as const
const keyPattern = /^[A-Za-z0-9_-]{8,80}$/
const BODY_BYTES_MAX = 256 * 1024

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const withFormats = (ajv: Ajv): Ajv => {
  addFormats.default(ajv)
  // The usual format also lets `urn:uuid:…` through, which the database does not read.
  return ajv.addFormat('uuid', uuidPattern)
}
/** A body says what it means: null stays null and "1" is no number. */
const strictly = withFormats(new Ajv({ coerceTypes: false, useDefaults: true, removeAdditional: false, strict: false }))
/** Address and headers are text and are read as what the schema expects. */
const leniently = withFormats(
  new Ajv({ coerceTypes: 'array', useDefaults: true, removeAdditional: true, strict: false }),
)

/** What every API answer says to a browser: it is data, runs nothing, frames nothing. Pages get helmet's full set. */
const apiHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Where the apps publish the script that their web views offer to pages. */
const scriptHosts: Readonly<Record<string, string>> = {
  wechat: 'https://res.wx.qq.com',
  dingtalk: 'https://g.alicdn.com',
  zheliban: 'https://assets.zjzwfw.gov.cn',
}
const shellScripts = (names: string): string[] =>
  names.split(',').flatMap((name) => (Object.hasOwn(scriptHosts, name) ? [scriptHosts[name]!] : []))

/**
 * The HTTP face of the house.
 *
 * Every API route says in its config who may come in; one without is refused when it is registered.
 */
export async function buildHttp(app: App): Promise<FastifyInstance> {
  const proxies = app.config.get('TRUST_PROXY')
  const http = fastify({
    loggerInstance: undefined,
    logger: app.config.logLevel === 'silent' ? false : { level: app.config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: proxies === '' ? false : proxies.split(','),
    bodyLimit: BODY_BYTES_MAX,
    genReqId: () => uuidv7(),
    forceCloseConnections: 'idle',
    schemaController: { compilersFactory: { buildSerializer: lazySerializers } },
    // What is refused before a route is found, an address that cannot be decoded say, is answered like everything else.
    frameworkErrors: (_error, req, reply) => answerFault(app, new Fault('kernel.bad_request'), req, reply),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  })
  http.setValidatorCompiler(({ schema, httpPart }) =>
    lazyValidator(() => (httpPart === 'body' ? strictly : leniently).compile(schema as AnySchema)),
  )
  http.decorate('ctx', app)
  http.decorate('routeTable', [])
  http.decorateRequest('session', null)
  http.decorateRequest('county', '')
  http.decorateRequest('locale', 'zh-CN')
  http.decorateRequest('command', function <T>(this: FastifyRequest, work: (cmd: Command) => Promise<T>) {
    return commandRequest(app, this, true).then((request) => runCommand(app, request, work))
  })
  http.decorateRequest('read', function <T>(this: FastifyRequest, work: (cmd: Command) => Promise<T>) {
    return commandRequest(app, this, false).then((request) => runRead(app, request, work))
  })
  http.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/')) route.helmet = false
  })
  await registerPlugins(http, app)
  listRoutes(http)
  http.addHook('onRequest', (req, reply) => {
    req.locale = localeOf(req)
    if (req.routeOptions.url?.startsWith('/api/')) reply.headers(apiHeaders)
    return admit(app, req)
  })
  http.addHook('onResponse', async (req, reply) => {
    const route = req.routeOptions.url ?? 'none'
    app.metrics.requestSeconds.observe(
      { route, method: req.method, status: reply.statusCode },
      reply.elapsedTime / 1000,
    )
  })
  http.setErrorHandler((error, req, reply) => answerFault(app, error as FastifyError, req, reply))
  http.setNotFoundHandler((req, reply) => answerFault(app, new Fault('kernel.not_found'), req, reply))
  operationRoutes(http, app)
  for (const room of app.rooms) {
    if (room.routes) await http.register(room.routes, { prefix: '/api/v1' })
  }
  http.get('/api/v1/openapi.json', { schema: { hide: true }, config: { access: 'public' } }, () => http.swagger())
  return http
}

async function registerPlugins(http: FastifyInstance, app: App): Promise<void> {
  await http.register(fastifyCookie)
  await http.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // The page on which letters are signed runs WebAssembly to see whether somebody alive is there; no other page does.
        scriptSrc: [
          "'self'",
          ...shellScripts(app.config.get('SHELL_SDKS')),
          (req) => (/^\/sign(?:$|[?#])/.test((req as IncomingMessage).url ?? '') ? "'wasm-unsafe-eval'" : "'self'"),
        ],
        imgSrc: ["'self'", 'data:', 'blob:', () => app.ports.pageSources()],
        styleSrc: ["'self'", "'unsafe-inline'"],
        connectSrc: ["'self'", () => app.ports.pageSources()],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
      },
    },
    hsts: app.config.publicUrl.startsWith('https:'),
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
  })
  await http.register(fastifyRateLimit, {
    global: false,
    errorResponseBuilder: (_req, context) =>
      new Fault('kernel.too_many_requests', {}, { retryAfterSeconds: Math.ceil(context.ttl / 1000) }),
  })
  await http.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tongxin',
        version: '1',
        description: 'The API of Tongxin (同心). Errors are application/problem+json; see /faults.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'tongxin_session' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    },
  })
}

function listRoutes(http: FastifyInstance): void {
  http.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/v1')) return
    const access = route.config?.access
    if (!access) throw new Error(`${String(route.method)} ${route.url} does not say who may come in (config.access)`)
    for (const method of [route.method].flat()) {
      if (method === 'HEAD' || method === 'OPTIONS') continue
      http.routeTable.push({
        method,
        url: route.url,
        access,
        hasBodySchema: Boolean(route.schema?.body),
        hasResponseSchema: Boolean(route.schema?.response),
        bodyLimit: route.bodyLimit ?? BODY_BYTES_MAX,
        schema: route.schema,
      })
    }
  })
}

function localeOf(req: FastifyRequest): Locale {
  const chosen = req.cookies['tongxin_locale'] ?? req.headers['accept-language'] ?? ''
  return /^en\b/i.test(chosen) ? 'en' : 'zh-CN'
}

/** The session token of a request: cookie first, else a bearer token. */
export function tokenOf(req: FastifyRequest): { token: string; byCookie: boolean } | null {
  for (const name of SESSION_COOKIES) {
    const token = req.cookies[name]
    if (token) return { token, byCookie: true }
  }
  const match = /^Bearer ([\w.~-]{10,200})$/.exec(req.headers.authorization ?? '')
  return match?.[1] ? { token: match[1], byCookie: false } : null
}

async function admit(app: App, req: FastifyRequest): Promise<void> {
  const access = req.routeOptions.config.access
  if (!access) return
  const carried = tokenOf(req)
  if (carried) {
    if (carried.byCookie && !isSafe(req.method) && !isSameOrigin(req.headers, req.host))
      throw new Fault('kernel.cross_site')
    req.session = await app.ports.sessions.resolve(carried.token, app.clock.now())
    // What somebody did without a network is never sent in the name of whoever signed in on the phone after them.
    const meant = req.headers['tongxin-account']
    if (meant !== undefined && meant !== req.session?.actor.id) req.session = null
    if (req.session?.locale && !req.cookies['tongxin_locale']) req.locale = req.session.locale
  }
  const stated = statedCounty(req)
  if (access === 'public') {
    // A link of another county is opened as nobody, whoever is signed in here.
    if (req.session && stated !== '' && stated !== req.session.county) req.session = null
    req.county = req.session?.county ?? stated
    return
  }
  req.county = req.session?.county ?? stated
  if (!req.session) throw new Fault('kernel.unauthenticated')
  if (access === 'staff' && req.session.actor.kind !== 'staff') throw new Fault('kernel.forbidden')
  // Where no grant carries a purpose, the route itself has one, and a request stating another is refused.
  if (['own', 'staff', 'signedIn'].includes(access) && req.headers['tongxin-purpose'] !== undefined) {
    const own = req.routeOptions.config.purpose ?? (access === 'own' ? 'own' : 'handling')
    if (purposeOf(req) !== own) throw new Fault('kernel.wrong_purpose')
  }
}

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

function statedCounty(req: FastifyRequest): string {
  const header = req.headers['tongxin-county']
  const query = (req.query as Record<string, unknown> | undefined)?.['county']
  // Codes and links carry their county in front; a map file that is called by a division's code does not.
  const { code, token } = (req.params as Record<string, string> | undefined) ?? {}
  const prefix = [code, token].map((value) => /^(\d{6})\./.exec(value ?? '')?.[1]).find(Boolean)
  const county = prefix ?? header ?? query
  return typeof county === 'string' && isCounty(county) ? county : ''
}

function purposeOf(req: FastifyRequest): Purpose {
  const config = req.routeOptions.config
  const stated = req.headers['tongxin-purpose']
  if (typeof stated === 'string') {
    const purpose = purposes.find((word) => word === stated)
    if (!purpose) throw new Fault('kernel.bad_request', { field: 'tongxin-purpose' })
    return purpose
  }
  return config.purpose ?? (config.access === 'own' ? 'own' : 'handling')
}

function idempotencyOf(req: FastifyRequest): Idempotency | null {
  const key = req.headers['idempotency-key']
  if (key === undefined || req.routeOptions.config.idempotency === 'off') return null
  if (typeof key !== 'string' || !keyPattern.test(key))
    throw new Fault('kernel.bad_request', { field: 'idempotency-key' })
  const streamed = typeof (req.body as { pipe?: unknown } | null | undefined)?.pipe === 'function'
  const body = streamed || req.body === undefined || req.body === null ? '' : JSON.stringify(req.body)
  const requestHash = createHash('sha256').update(`${req.method} ${req.url}\n`).update(body).digest()
  return { key, route: `${req.method} ${req.routeOptions.url ?? ''}`, requestHash, saved: false }
}

const KNOWN_MS = 5_000
const known = new WeakMap<App, { codes: ReadonlySet<string>; at: number }>()

/** The counties of this installation, read anew every 5 seconds at most. */
async function knownCounties(app: App): Promise<ReadonlySet<string>> {
  const held = known.get(app)
  if (held && performance.now() - held.at < KNOWN_MS) return held.codes
  const codes = new Set((await countiesOf(app)).map(({ code }) => code))
  known.set(app, { codes, at: performance.now() })
  return codes
}

/** The county that a request without a session is about: the one it states, else the only one there is. */
async function countyOf(app: App, stated: string): Promise<string> {
  const codes = await knownCounties(app)
  if (stated === '' && codes.size === 1) return [...codes][0]!
  if (codes.has(stated)) return stated
  known.delete(app)
  if ((await knownCounties(app)).has(stated)) return stated
  throw new Fault('kernel.unknown_county')
}

async function commandRequest(app: App, req: FastifyRequest, write: boolean): Promise<CommandRequest> {
  const session = req.session
  const county = session?.county ?? (await countyOf(app, req.county))
  const actor = session?.actor ?? nobody
  let grants: readonly Grant[] = session?.extraGrants ?? []
  if (actor.kind === 'staff' && actor.id) {
    const held = await app.ports.grants.grantsOf(county, actor.id, app.clock.now())
    grants = grants.length === 0 ? held : [...held, ...grants]
  }
  return {
    county,
    actor,
    grants,
    purpose: purposeOf(req),
    requestId: String(req.id),
    locale: req.locale,
    idempotency: write ? idempotencyOf(req) : null,
    secondFactorAt: session?.secondFactorAt ?? null,
  }
}

const bodyFaults: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'kernel.too_large',
  FST_REQ_FILE_TOO_LARGE: 'kernel.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'kernel.unsupported_media',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'kernel.bad_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'kernel.bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'kernel.bad_request',
}

/**
 * What PostgreSQL says of a value that it cannot read: a NUL, half a character, an id or instant that is none (in a cursor
 * that somebody made up, say). All statements are ours and bound, so only the request can have brought it.
 */
const unreadable = new Set(['22021', '22P02', '22P05', '22007', '22008'])

function asFault(error: FastifyError): Fault | undefined {
  if (error instanceof Fault) return error
  if (unreadable.has(error.code)) return new Fault('kernel.bad_request', {}, { cause: error })
  if (error.validation) {
    const fields = error.validation.map((item) => ({
      path: item.instancePath.slice(1).replaceAll('/', '.') || String(item.params['missingProperty'] ?? ''),
      ...validationSentence(item.keyword, item.params),
    }))
    return new Fault('kernel.invalid_input', { in: error.validationContext, fields })
  }
  const code = bodyFaults[error.code]
  if (code) return new Fault(code)
  return error.statusCode && error.statusCode >= 400 && error.statusCode < 500
    ? new Fault('kernel.bad_request')
    : undefined
}

/** Field errors carry both languages; the answer shows the reader's. */
function inLocale(detail: Record<string, unknown>, locale: Locale): Record<string, unknown> {
  if (!Array.isArray(detail['fields'])) return detail
  const fields = (detail['fields'] as Record<string, unknown>[]).map(({ zh, en, ...field }) => ({
    ...field,
    message: (locale === 'en' ? en : zh) ?? field['message'],
  }))
  return { ...detail, fields }
}

function answerFault(app: App, error: FastifyError, req: FastifyRequest, reply: FastifyReply): void {
  let fault = asFault(error)
  if (!fault || fault.status === 500) {
    app.log.error({ err: error, requestId: req.id, route: req.routeOptions?.url }, 'request failed')
    fault = new Fault('kernel.internal', {})
  }
  app.metrics.faults.inc({ code: fault.code })
  if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', String(fault.retryAfterSeconds))
  const locale = req.locale ?? 'zh-CN'
  void reply
    .code(fault.status)
    .type('application/problem+json')
    .serializer((value: unknown) => JSON.stringify(value))
    .send({
      type: `/faults/${fault.code}`,
      code: fault.code,
      title: faultSentence(fault.code, fault.detail, locale),
      status: fault.status,
      params: inLocale(fault.detail, locale),
      requestId: String(req.id),
    })
}

/** The counties of this installation, for pages that nobody has signed in to yet. */
const Counties = Type.Object({
  items: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
  demo: Type.Boolean(),
  home: Type.Union([Type.String(), Type.Null()], { description: 'Where a demo begins: its oldest county.' }),
})

function operationRoutes(http: FastifyInstance, app: App): void {
  http.get('/healthz', () => ({ status: 'ok' }))
  http.get('/readyz', async (_req, reply) => {
    try {
      app.requireWritable()
      await app.db.reference('select 1 as ready')
      return { status: 'ready' }
    } catch (error) {
      const code = error instanceof Fault ? error.code : 'kernel.unavailable'
      return reply.code(503).header('retry-after', '2').send({ status: 'unavailable', code })
    }
  })
  http.get('/metrics', async (_req, reply) =>
    reply.type(app.metrics.registry.contentType).send(await app.metrics.registry.metrics()),
  )
  http.get('/faults', () => [...allFaults()].map(([code, text]) => ({ code, ...text })))
  http.get<{ Params: { code: string } }>('/faults/:code', (req) => {
    const text = allFaults().get(req.params.code)
    if (!text) throw new Fault('kernel.not_found')
    return { code: req.params.code, ...text }
  })
  http.get('/api/v1/counties', { schema: { response: { 200: Counties } }, config: { access: 'public' } }, async () => {
    const [counties, home] = await Promise.all([countiesOf(app), app.demo ? oldestCounty(app) : null])
    return { items: counties.map(({ code, name }) => ({ code, name })), demo: app.demo, home }
  })
}
