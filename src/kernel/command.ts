import type { App } from './app.ts'
import type { Calendar } from './calendar.ts'
import type { Vault } from './crypto.ts'
import { hot, hotRead, isRetriable, type Tx } from './db.ts'
import { Fault, type Locale } from './faults.ts'
import type { Grant, Purpose } from './grants.ts'
import type { Ports } from './ports.ts'

export type { Purpose } from './grants.ts'

export interface Actor {
  readonly kind: 'staff' | 'resident' | 'guest' | 'token' | 'system' | 'nobody'
  /** Account id (staff, resident), guest id or token id; null for system and nobody. */
  readonly id: string | null
  readonly sessionId: string | null
  /** Shown in the ledger: a post or a role, never personal data. */
  readonly label: string
}

export const nobody: Actor = { kind: 'nobody', id: null, sessionId: null, label: 'nobody' }
export const systemActor: Actor = { kind: 'system', id: null, sessionId: null, label: 'system' }

/** A request that may be repeated: the first answer stands. */
export interface Idempotency {
  readonly key: string
  /** Method and route pattern. */
  readonly route: string
  /** SHA-256 of address and body: the same key with another request is refused. */
  readonly requestHash: Buffer
  /** Set by a hot path that writes the idempotency row inside its own statement. */
  saved: boolean
}

/** Everything a command may reach: one county, one transaction, one instant. */
export interface Command {
  readonly county: string
  readonly actor: Actor
  readonly purpose: Purpose
  readonly now: Date
  readonly calendar: Calendar
  readonly tx: Tx
  readonly vault: Vault
  readonly grants: readonly Grant[]
  readonly requestId: string
  readonly locale: Locale
  readonly idempotency: Idempotency | null
  /** The ports of the house, for what another room does within this same transaction. */
  readonly ports: Ports
  /** The session's second factor, when one was given. */
  readonly secondFactorAt: Date | null
  /** Runs after a successful commit and never holds up the answer; for hints only, nothing that must happen. */
  afterCommit(hint: () => void): void
}

export interface CommandRequest {
  county: string
  actor: Actor
  grants: readonly Grant[]
  purpose: Purpose
  requestId: string
  locale: Locale
  idempotency?: Idempotency | null
  secondFactorAt?: Date | null
}

/** Who an idempotency key belongs to: two people may use the same key. */
export const idempotencyOwner = (actor: Actor): string => actor.id ?? actor.kind

interface Kept {
  requestHash: Buffer
  answer: Buffer
}

async function keptAnswer(tx: Tx, request: CommandRequest, key: string): Promise<Kept | undefined> {
  const [row] = await hotRead<Kept>(
    tx,
    'kernel_idempotency_find',
    'select request_hash as "requestHash", answer from idempotency where county = $1 and owner = $2 and key = $3',
    [request.county, idempotencyOwner(request.actor), key],
  )
  return row
}

/** The answer as it is kept for repeats: sealed, for it may hold what only this person may see. */
export const sealAnswer = (cmd: Pick<Command, 'county' | 'vault'>, answer: unknown): Buffer =>
  cmd.vault.seal(cmd.county, JSON.stringify(answer ?? null))

async function saveAnswer(cmd: Command, idempotency: Idempotency, answer: unknown): Promise<void> {
  await hot(
    cmd.tx,
    'kernel_idempotency_save',
    'insert into idempotency (county, owner, key, route, request_hash, answer, at) values ($1, $2, $3, $4, $5, $6, $7)',
    [
      cmd.county,
      idempotencyOwner(cmd.actor),
      idempotency.key,
      idempotency.route,
      idempotency.requestHash,
      sealAnswer(cmd, answer),
      cmd.now,
    ],
  )
}

function answerOf<T>(app: App, county: string, kept: Kept, idempotency: Idempotency): T {
  if (!kept.requestHash.equals(idempotency.requestHash)) throw new Fault('kernel.idempotency_conflict')
  return JSON.parse(app.vault.open(county, kept.answer)) as T
}

/**
 * Runs one write: one transaction, one answer however often it is repeated.
 *
 * A repeat is recognised when it fails: at the latest at the unique key of its kept answer, for the row is written with the
 * work. Two at once: the second waits there, is rolled back and gets the first one's answer.
 * @throws kernel.idempotency_conflict, and whatever the work throws.
 */
export async function runCommand<T>(app: App, request: CommandRequest, work: (cmd: Command) => Promise<T>): Promise<T> {
  const { county } = request
  const calendar = await app.ports.calendars.calendarOf(county)
  const idempotency = request.idempotency ?? null
  if (request.actor.kind !== 'system') app.requireWritable()
  for (let attempt = 1; ; attempt++) {
    const hints: (() => void)[] = []
    if (idempotency) idempotency.saved = false
    try {
      const answer = await app.db.transaction(county, async (tx) => {
        const cmd = makeCommand(app, request, tx, calendar, hints)
        const value = await work(cmd)
        if (idempotency && !idempotency.saved) await saveAnswer(cmd, idempotency, value)
        return value
      })
      for (const hint of hints) hint()
      return answer
    } catch (error) {
      if (idempotency) {
        const kept = await app.db
          .reading(county, (tx) => keptAnswer(tx, request, idempotency.key))
          .catch(() => undefined)
        if (kept) return answerOf(app, county, kept, idempotency)
      }
      if (isRetriable(error) && attempt < 4) continue
      throw error
    }
  }
}

/** Runs one read in a read-only transaction. */
export async function runRead<T>(app: App, request: CommandRequest, work: (cmd: Command) => Promise<T>): Promise<T> {
  const calendar = await app.ports.calendars.calendarOf(request.county)
  return app.db.reading(request.county, (tx) => work(makeCommand(app, request, tx, calendar, [])))
}

/** Runs a write as the system itself: handlers, sweeps, seeds. */
export function runSystem<T>(app: App, county: string, work: (cmd: Command) => Promise<T>): Promise<T> {
  return runCommand(
    app,
    { county, actor: systemActor, grants: [], purpose: 'handling', requestId: 'system', locale: 'zh-CN' },
    work,
  )
}

function makeCommand(app: App, request: CommandRequest, tx: Tx, calendar: Calendar, hints: (() => void)[]): Command {
  return {
    county: request.county,
    actor: request.actor,
    purpose: request.purpose,
    now: app.clock.now(),
    calendar,
    tx,
    vault: app.vault,
    grants: request.grants,
    requestId: request.requestId,
    locale: request.locale,
    idempotency: request.idempotency ?? null,
    ports: app.ports,
    secondFactorAt: request.secondFactorAt ?? null,
    afterCommit(hint) {
      hints.push(hint)
    },
  }
}
