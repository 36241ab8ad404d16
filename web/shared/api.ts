import { currentCounty } from './county.ts'
import { statedPurpose } from './purpose.ts'
import { noteReached } from './reach.ts'
import { language, t } from './i18n/text.ts'

/** A refusal in words for the person; `code` is for the page's own decisions and never shown. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly fields: readonly FieldRefusal[]
  readonly detail: Record<string, unknown>
  readonly requestId: string | undefined

  constructor(status: number, problem: Partial<Problem>) {
    super(sentenceOf(status, problem))
    this.status = status
    this.code = problem.code ?? (status === 0 ? 'offline' : 'unknown')
    this.detail = problem.params ?? {}
    this.fields = Array.isArray(this.detail['fields']) ? (this.detail['fields'] as FieldRefusal[]) : []
    this.requestId = problem.requestId
  }
}

export interface FieldRefusal {
  path: string
  message: string
}

interface Problem {
  code: string
  title: string
  params: Record<string, unknown>
  requestId: string
}

function sentenceOf(status: number, problem: Partial<Problem>): string {
  if (status === 0) return t('trouble.offline')
  if (problem.title) return problem.title
  return status >= 500 ? t('trouble.server') : t('trouble.unknown')
}

/** Where the phone knows that there is no network, nobody waits for a line that is not there. @throws Refusal */
export function requireWay(): void {
  if (!navigator.onLine) throw new Refusal(0, {})
}

export const isStale = (error: unknown) => error instanceof Refusal && error.code === 'kernel.stale'
export const isSignedOut = (error: unknown) => error instanceof Refusal && error.status === 401
/** True where nobody knows whether the act arrived: the same act may and should be sent again with its key. */
export const isUnanswered = (error: unknown) => error instanceof Refusal && (error.status === 0 || error.status >= 500)

/** 128 random bits as text; unlike crypto.randomUUID it also works on plain http in a village network. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The county and language that every request carries. */
export function commonHeaders(): Record<string, string> {
  const county = currentCounty()
  return { accept: 'application/json', 'accept-language': language(), ...(county ? { 'tongxin-county': county } : {}) }
}

/** Where a face keeps what was read, for reading it again without a network. */
export interface Shelf {
  keep(path: string, answer: unknown): void
  find(path: string): Promise<{ value: unknown; at: number } | undefined>
  /** The server does not know who is asking. */
  turnedAway(): void
}

let shelf: Shelf | undefined
export const keepReadsOn = (next: Shelf) => {
  shelf = next
}

const keptAts = new WeakMap<object, number>()
/** When the phone last heard this from the server; undefined for an answer that was just given. */
export const keptAt = (answer: unknown): number | undefined =>
  typeof answer === 'object' && answer !== null ? keptAts.get(answer) : undefined

/** What is shown is made from what was kept, and is as old. */
export function asKeptAt<Made extends object>(made: Made, from: unknown): Made {
  const at = keptAt(from)
  if (at !== undefined) keptAts.set(made, at)
  return made
}

export async function read<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const headers = { ...commonHeaders(), ...statedPurpose(path) }
  try {
    const answer = await call<Answer>(path, { headers, signal: signal ?? null }, readSecondsMax)
    shelf?.keep(path, answer)
    return answer
  } catch (error) {
    if (!shelf || !(error instanceof Refusal)) throw error
    if (error.status === 401) shelf.turnedAway()
    const found = error.status === 0 ? await shelf.find(path) : undefined
    if (!found) throw error
    if (typeof found.value === 'object' && found.value !== null) keptAts.set(found.value, found.at)
    return found.value as Answer
  }
}

/** A line that is there and brings nothing is as good as none; whoever waits is told so. */
const readSecondsMax = 20
const sendSecondsMax = 45

export interface Sending {
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  /** Another county than this browser's own. */
  county?: string
  /** One key per act, kept over retries of that act, so a double tap or a lost connection does nothing twice. */
  key: string
}

export function send<Answer = unknown>(path: string, { method = 'POST', body, key, county }: Sending): Promise<Answer> {
  const headers: Record<string, string> = { ...commonHeaders(), ...statedPurpose(path), 'idempotency-key': key }
  if (county !== undefined) headers['tongxin-county'] = county
  if (body !== undefined) headers['content-type'] = 'application/json'
  return call<Answer>(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) }, sendSecondsMax)
}

const fileHeaders = (path: string): Record<string, string> => ({
  ...commonHeaders(),
  ...statedPurpose(path),
  'content-type': 'application/octet-stream',
})
const fileSecondsMax = 180

/** Sends a file as it is. */
export const sendFile = <Answer>(path: string, file: Blob, method: 'POST' | 'PUT' = 'POST'): Promise<Answer> =>
  call<Answer>(path, { method, headers: fileHeaders(path), body: file }, fileSecondsMax)

/** Asks for a file: one that the house makes of the file sent, or one that it keeps. */
export const fileFrom = (path: string, file?: Blob): Promise<Blob> =>
  blobOf(path, file ? { method: 'POST', body: file, headers: fileHeaders(path) } : {})

/** The same, made of what is asked for. */
export const fileOf = (path: string, asked: unknown): Promise<Blob> =>
  blobOf(path, { method: 'POST', body: JSON.stringify(asked), headers: { 'content-type': 'application/json' } })

async function blobOf(path: string, { headers: own, ...init }: RequestInit): Promise<Blob> {
  const headers = { ...commonHeaders(), ...statedPurpose(path), ...(own as Record<string, string>), accept: '*/*' }
  const response = await fetch(`/api/v1${path}`, { credentials: 'same-origin', ...init, headers }).catch(() => {
    throw new Refusal(0, {})
  })
  if (!response.ok) throw new Refusal(response.status, (await response.json().catch(() => ({}))) as Partial<Problem>)
  return response.blob()
}

interface Asked {
  county: string | null
  language: string
  answer: Promise<Response>
}
declare global {
  /** What public/first.js asked while the scripts were still under way. */
  var tongxinAsked: Record<string, Asked | undefined> | undefined
}

/** What was asked before the scripts were there: once, only as it would be asked now, and not after anything was sent. */
function takeAsked(path: string, { method, headers }: RequestInit): Promise<Response> | undefined {
  if (method !== undefined) globalThis.tongxinAsked = undefined
  const found = globalThis.tongxinAsked?.[path]
  if (!found || !globalThis.tongxinAsked) return undefined
  globalThis.tongxinAsked[path] = undefined
  const wanted = headers as Record<string, string>
  // Asked without a county, the server told of the session's own.
  const sameCounty = found.county === null || found.county === wanted['tongxin-county']
  return sameCounty && found.language === wanted['accept-language'] && wanted['tongxin-purpose'] === undefined
    ? found.answer
    : undefined
}

async function call<Answer>(path: string, init: RequestInit, secondsMax: number): Promise<Answer> {
  const given = init.signal
  const abort = new AbortController()
  const pass = () => abort.abort()
  given?.addEventListener('abort', pass)
  const timer = setTimeout(pass, secondsMax * 1000)
  let response: Response
  let text: string
  try {
    const fresh = () => fetch(`/api/v1${path}`, { credentials: 'same-origin', ...init, signal: abort.signal })
    response = await (takeAsked(path, init)?.catch(fresh) ?? fresh())
    text = await response.text()
    noteReached(true)
  } catch (error) {
    if (given?.aborted) throw error
    noteReached(false)
    throw new Refusal(0, {})
  } finally {
    clearTimeout(timer)
    given?.removeEventListener('abort', pass)
  }
  if (response.status === 204) return undefined as Answer
  const answer: unknown = response.headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : {}
  if (!response.ok) throw new Refusal(response.status, answer as Partial<Problem>)
  return answer as Answer
}
