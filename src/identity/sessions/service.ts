import type { Command } from '../../kernel/command.ts'
import type { Database } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Session, SessionSource } from '../../kernel/ports.ts'
import type { AccountKind, Done, SignInMethod, Visitor } from '../contract.ts'
import { countyOfToken, deviceLabel, grantsOfSeats, hashToken, isPhone, labelOf, newToken } from '../rules.ts'
import { forgetAfterCommit, settingsOf } from '../service.ts'
import { findAccount, listSeats } from '../store.ts'
import { resolveApiToken } from '../tokens/service.ts'
import type { OpenSession, SessionFate } from './contract.ts'
import { CACHE_MAX, CACHE_SECONDS, isOpen, lifetimeOf, needsTouch, SESSIONS_MAX, type OpenState } from './rules.ts'
import * as store from './store.ts'

export interface OpenedSession {
  /** Shown to nobody but the caller: it goes into the cookie. */
  token: string
  sessionId: string
  accountId: string
  kind: AccountKind
  expiresAt: Date
}

/**
 * Opens a session for an account that has proved itself; the session that the request carried is ended (rotation).
 *
 * @throws identity.account_disabled when the account is not active, kernel.not_found when there is none.
 */
export async function openSession(
  cmd: Command,
  request: { accountId: string; method: SignInMethod; secondFactor?: boolean; visitor?: Visitor },
): Promise<OpenedSession> {
  const account = await findAccount(cmd.tx, cmd.county, request.accountId)
  if (!account) throw new Fault('kernel.not_found')
  if (account.status !== 'active') throw new Fault('identity.account_disabled')
  const kind = account.kind as AccountKind
  const { visitor } = request
  const seated = (await listSeats(cmd.tx, cmd.county, account.id)).length > 0
  const onPhone = isPhone(visitor?.userAgent ?? '')
  const lifetime = lifetimeOf({ kind, seated, onPhone }, await settingsOf(cmd))
  if (cmd.actor.sessionId && cmd.actor.id) await endOwn(cmd, cmd.actor.id, cmd.actor.sessionId, 'replaced')
  await endOldest(cmd, account.id)
  const deviceId = visitor ? await noteVisitorDevice(cmd, account.id, visitor) : null
  const token = newToken(cmd.county, 's')
  const session = {
    county: cmd.county,
    id: uuidv7(cmd.now),
    accountId: account.id,
    deviceId,
    kind,
    method: request.method,
    tokenHash: hashToken(token),
    secondFactorAt: request.secondFactor ? cmd.now : null,
    createdAt: cmd.now,
    lastSeenAt: cmd.now,
    idleSeconds: lifetime.idleSeconds,
    expiresAt: new Date(cmd.now.getTime() + lifetime.lifeSeconds * 1000),
  }
  await store.insertSession(cmd.tx, session)
  await store.noteSignedIn(cmd.tx, cmd.county, account.id, cmd.now)
  return { token, sessionId: session.id, accountId: account.id, kind, expiresAt: session.expiresAt }
}

const noteVisitorDevice = (cmd: Command, accountId: string, visitor: Visitor): Promise<string> =>
  store.noteDevice(cmd.tx, {
    county: cmd.county,
    accountId,
    tokenHash: hashToken(visitor.device),
    label: deviceLabel(visitor.userAgent),
    at: cmd.now,
  })

async function endOldest(cmd: Command, accountId: string): Promise<void> {
  const open = await store.listOpen(cmd.tx, cmd.county, accountId, cmd.now)
  for (const session of open.slice(SESSIONS_MAX - 1)) await endOwn(cmd, accountId, session.id, 'too_many')
}

async function endOwn(cmd: Command, accountId: string, id: string, reason: string): Promise<string[]> {
  const ended = await store.endSessions(cmd.tx, { county: cmd.county, accountId, id }, { at: cmd.now, reason })
  forgetAfterCommit(cmd, ended)
  return ended
}

/** Ends one session of the actor's own, the present one by default. @throws kernel.not_found when it is not theirs or over. */
export async function endSession(cmd: Command, id: string): Promise<Done> {
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  const ended = await endOwn(cmd, cmd.actor.id, id, 'signed_out')
  if (ended.length === 0) throw new Fault('kernel.not_found')
  return { done: true }
}

/** Ends all sessions of an account but the one given. */
export async function endSessionsOf(
  cmd: Command,
  accountId: string,
  end: { reason: string; except?: string | null },
): Promise<number> {
  const which = { county: cmd.county, accountId, except: end.except ?? null }
  const ended = await store.endSessions(cmd.tx, which, { at: cmd.now, reason: end.reason })
  forgetAfterCommit(cmd, ended)
  return ended.length
}

/** Where an account is signed in, for whoever looks after it: devices and times alone. */
export async function listSessionsOf(
  cmd: Command,
  accountId: string,
): Promise<{ id: string; device: string; signedInAt: string; lastSeenAt: string }[]> {
  const rows = await store.listOpen(cmd.tx, cmd.county, accountId, cmd.now)
  return rows.map((row) => ({
    id: row.id,
    device: row.label ?? '其他设备',
    signedInAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
  }))
}

/** The actor's own open sessions, newest first. */
export async function listOwnSessions(cmd: Command): Promise<{ items: OpenSession[] }> {
  const rows = await store.listOpen(cmd.tx, cmd.county, cmd.actor.id ?? '', cmd.now)
  const items = rows.map((row) => ({
    id: row.id,
    device: row.label ?? '其他设备',
    method: row.method as SignInMethod,
    signedInAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isThis: row.id === cmd.actor.sessionId,
  }))
  return { items }
}

/**
 * Gives the actor's session a new secret, because its rights have changed; the old secret is dead from the commit on.
 *
 * @throws kernel.unauthenticated when the session was ended meanwhile.
 */
export async function rotateSession(
  cmd: Command,
  change: { secondFactor?: boolean } = {},
): Promise<{ token: string; expiresAt: Date }> {
  const { sessionId } = cmd.actor
  if (!sessionId) throw new Fault('kernel.unauthenticated')
  const token = newToken(cmd.county, 's')
  const replaced = await store.replaceToken(
    cmd.tx,
    { county: cmd.county, id: sessionId },
    { tokenHash: hashToken(token), ...(change.secondFactor ? { secondFactorAt: cmd.now } : {}) },
  )
  if (!replaced) throw new Fault('kernel.unauthenticated')
  forgetAfterCommit(cmd, [sessionId])
  return { token, expiresAt: replaced.expiresAt }
}

/**
 * What became of a browser's session. What a phone keeps of its person's work outlives a session that merely lapsed, and
 * is thrown away when somebody ended it: the person on another device, or an administrator with the account.
 */
export async function fateOf(db: Database, token: string | undefined, now: Date): Promise<SessionFate['fate']> {
  const county = token === undefined ? undefined : countyOfToken(token)
  if (token === undefined || !county) return 'none'
  const row = await db.reading(county, (tx) => store.findByToken(tx, county, hashToken(token)))
  if (!row) return 'none'
  if (row.endedAt !== null || row.status !== 'active') return 'ended'
  return isOpen(row, now) ? 'open' : 'lapsed'
}

interface Remembered {
  session: Session
  state: OpenState
  at: number
}

/**
 * Resolves session cookies and API tokens.
 *
 * What was resolved is believed for five seconds in this process; a revocation in this process drops it at once,
 * one in another process takes effect within those five seconds.
 */
export class CachedSessions implements SessionSource {
  readonly #db: Database
  readonly #remembered = new Map<string, Remembered>()
  /** Questions under way: a page that asks ten things at once asks the database once. */
  readonly #asking = new Map<string, Promise<Session | null>>()
  /** Grows with every revocation: what was read before one is not remembered after it. */
  #revocations = 0

  constructor(db: Database) {
    this.#db = db
  }

  async resolve(token: string, now: Date, quietly = false): Promise<Session | null> {
    const known = this.#remembered.get(token)
    if (known && Math.abs(now.getTime() - known.at) < CACHE_SECONDS * 1000)
      return isOpen(known.state, now) ? known.session : null
    this.#remembered.delete(token)
    const asking = this.#asking.get(token) ?? this.#ask(token, now, quietly).finally(() => this.#asking.delete(token))
    this.#asking.set(token, asking)
    return asking
  }

  async #ask(token: string, now: Date, quietly: boolean): Promise<Session | null> {
    const county = countyOfToken(token)
    if (!county) return null
    const before = this.#revocations
    const found =
      token[7] === 'k'
        ? await this.#resolveApiToken(county, token, now)
        : await this.#resolveSession(county, token, now, quietly)
    if (found && before === this.#revocations) this.#remember(token, { ...found, at: now.getTime() })
    return found?.session ?? null
  }

  /** Drops sessions (or API tokens) by id, so that the next request asks the database. */
  forget(ids: readonly string[]): void {
    this.#revocations++
    this.#asking.clear()
    for (const [token, { session }] of this.#remembered) if (ids.includes(session.id)) this.#remembered.delete(token)
  }

  #remember(token: string, entry: Remembered): void {
    if (this.#remembered.size >= CACHE_MAX) {
      const oldest = this.#remembered.keys().next().value
      if (oldest !== undefined) this.#remembered.delete(oldest)
    }
    this.#remembered.set(token, entry)
  }

  async #resolveSession(
    county: string,
    token: string,
    now: Date,
    quietly: boolean,
  ): Promise<Omit<Remembered, 'at'> | undefined> {
    const row = await this.#db.reading(county, (tx) => store.findByToken(tx, county, hashToken(token)))
    if (!row || row.status !== 'active' || !isOpen(row, now)) return undefined
    const touched = !quietly && needsTouch(row.lastSeenAt, now)
    if (touched) {
      // A touch that fails (disk full) only brings the idle end nearer; the request itself must not fail for it.
      await this.#db.transaction(county, (tx) => store.touchSession(tx, county, row.id, now)).catch(() => {})
    }
    return {
      state: { ...row, lastSeenAt: touched ? now : row.lastSeenAt },
      session: {
        id: row.id,
        county,
        actor: { kind: row.kind, id: row.accountId, sessionId: row.id, label: labelOf(row.kind, row.seats) },
        extraGrants: grantsOfSeats(county, row.seats),
        locale: row.locale,
        expiresAt: row.expiresAt,
        secondFactorAt: row.secondFactorAt,
      },
    }
  }

  async #resolveApiToken(county: string, token: string, now: Date): Promise<Omit<Remembered, 'at'> | undefined> {
    const session = await resolveApiToken(this.#db, county, token, now)
    if (!session) return undefined
    // A token does not idle: it lives to its expiry or its revocation.
    const state = { endedAt: null, lastSeenAt: now, idleSeconds: Number.MAX_SAFE_INTEGER, expiresAt: session.expiresAt }
    return { session, state }
  }
}
