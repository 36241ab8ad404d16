import { Declined, Unanswered, type Server } from './server.ts'
import type { Item, OfflineStore, Outcome } from './store.ts'

const firstWaitMs = 2_000
const longestWaitMs = 15 * 60_000

/** Doubles up to a quarter of an hour; phones of a whole town that come back at once do not knock at once. */
export function waitMs(tries: number, random: () => number = Math.random): number {
  const base = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(tries, 12))
  return Math.round(base * (0.75 + random() / 2))
}

/** Refusals of a move that mean: the matter is not any more what it was when the person acted. */
const overtaken = new Set([
  'kernel.stale',
  'kernel.forbidden',
  'packs.no_such_move',
  'loop.not_holder',
  'loop.same_person',
  'loop.guard_refused',
  'loop.bad_target',
])

export interface Round {
  sent: number
  /** Why it ended before all was tried. */
  stopped: 'no' | 'offline' | 'signedOut'
  /** When the next item may be tried again. */
  nextAt: number | undefined
}

interface Going {
  store: OfflineStore
  server: Server
  now: () => number
}

/**
 * Sends what waits, oldest first, one matter's acts one after the other.
 *
 * May be killed at any point and run again, in two tabs too: ids of matter, move and files and the idempotency key were
 * made with the item, so whatever arrived before is only answered again. An item that was refused or overtaken holds back
 * what was done to the same matter after it.
 */
export async function sendOut(store: OfflineStore, server: Server, now: () => number = Date.now): Promise<Round> {
  const round: Round = { sent: 0, stopped: 'no', nextAt: undefined }
  const held = new Set<string>()
  for (const item of await store.list()) {
    if (item.state === 'sent' || held.has(item.subject)) continue
    const due = (item.state === 'waiting' || item.state === 'sending') && item.nextAt <= now()
    if (!due) {
      held.add(item.subject)
      if (item.state === 'waiting' || item.state === 'sending') soonest(round, item.nextAt)
      continue
    }
    const fate = await sendItem({ store, server, now }, item)
    if (fate === 'sent') round.sent++
    else held.add(item.subject)
    if (typeof fate === 'number') soonest(round, fate)
    if (fate === 'offline' || fate === 'signedOut') return { ...round, stopped: fate }
  }
  return round
}

function soonest(round: Round, at: number): void {
  round.nextAt = Math.min(round.nextAt ?? at, at)
}

/** @returns its fate; a number is the instant at which it is tried again. */
async function sendItem(going: Going, item: Item): Promise<'sent' | 'decided' | 'offline' | 'signedOut' | number> {
  const { store, now } = going
  if (!(await store.change(item.id, { state: 'sending' }))) return 'sent'
  try {
    const answer = await deliver(going, item)
    await store.settle(item, outcomeOf(answer))
    return 'sent'
  } catch (error) {
    if (error instanceof Declined && error.status !== 401) {
      if (item.kind === 'remark' && error.code === 'kernel.stale') return later(going, item, 1000)
      const state = item.kind === 'move' && overtaken.has(error.code) ? 'conflict' : 'refused'
      await store.change(item.id, { state }, refusalOf(error))
      return 'decided'
    }
    if (error instanceof Unanswered && !error.offline)
      return later(going, item, Math.max((error.retryAfterSeconds ?? 0) * 1000, waitMs(item.tries)))
    if (!(error instanceof Declined || error instanceof Unanswered)) throw error
    await store.change(item.id, { state: 'waiting', nextAt: now() })
    return error instanceof Declined ? 'signedOut' : 'offline'
  }
}

async function later({ store, now }: Going, item: Item, waitingMs: number): Promise<number> {
  const nextAt = now() + waitingMs
  await store.change(item.id, { state: 'waiting', tries: item.tries + 1, nextAt })
  return nextAt
}

/** Files first, each once; what the server has forgotten meanwhile (nobody attached it for a day) is sent anew, once. */
async function deliver(going: Going, item: Item): Promise<unknown> {
  try {
    return await filesThenWords(going, item)
  } catch (error) {
    const gone = error instanceof Declined && error.code === 'kernel.not_found' && 'file' in error.params
    if (!gone) throw error
    await going.store.markUnsent(item.id)
    return filesThenWords(going, item)
  }
}

async function filesThenWords({ store, server }: Going, item: Item): Promise<unknown> {
  for (const photo of item.photos > 0 ? await store.photosOf(item.id) : []) {
    if (photo.sent) continue
    await server.upload(photo, item.headers)
    await store.markSent(photo.id)
  }
  return server.send(item.path, item)
}

const outcomeOf = (answer: unknown): Outcome => {
  const { number, conflicts } = (answer ?? {}) as { number?: unknown; conflicts?: unknown }
  return {
    ...(typeof number === 'string' ? { number } : {}),
    ...(typeof conflicts === 'number' && conflicts > 0 ? { conflicts } : {}),
  }
}

function refusalOf({ message, code, params }: Declined): Outcome {
  const fields = Array.isArray(params['fields']) ? (params['fields'] as { path: string; message: string }[]) : []
  return { message, code, fields: fields.map(({ path, message: words }) => ({ path, message: words })) }
}
