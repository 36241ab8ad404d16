import type { Insertable } from 'kysely'
import { hot, type Tx } from '../../kernel/db.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { DB } from '../../kernel/tables.ts'
import type { AccountKind, AccountStatus, Seat } from '../contract.ts'

export interface ResolvedRow {
  id: string
  accountId: string
  kind: AccountKind
  secondFactorAt: Date | null
  lastSeenAt: Date
  idleSeconds: number
  expiresAt: Date
  endedAt: Date | null
  locale: 'zh-CN' | 'en'
  status: AccountStatus
  seats: Seat[]
}

export async function findByToken(tx: Tx, county: string, tokenHash: Buffer): Promise<ResolvedRow | undefined> {
  const rows = await hot<ResolvedRow>(
    tx,
    'identity_session_find',
    `select s.id, s.account_id as "accountId", s.kind, s.second_factor_at as "secondFactorAt",
       s.last_seen_at as "lastSeenAt", s.idle_seconds as "idleSeconds", s.expires_at as "expiresAt",
       s.ended_at as "endedAt", a.locale, a.status,
       array(select g.seat from administrator_seat g
             where g.county = $1 and g.account_id = s.account_id and g.held_until is null order by g.seat) as seats
     from session s join account a on a.county = s.county and a.id = s.account_id
     where s.county = $1 and s.token_hash = $2`,
    [county, tokenHash],
  )
  return rows[0]
}

export async function insertSession(tx: Tx, row: Insertable<DB['session']>): Promise<void> {
  await tx.insertInto('session').values(row).execute()
}

export async function touchSession(tx: Tx, county: string, id: string, at: Date): Promise<void> {
  await tx.updateTable('session').set({ lastSeenAt: at }).where('county', '=', county).where('id', '=', id).execute()
}

/** @returns the ids of the sessions that were still open. */
export async function endSessions(
  tx: Tx,
  which: { county: string; accountId: string; id?: string; except?: string | null },
  end: { at: Date; reason: string },
): Promise<string[]> {
  let ending = tx
    .updateTable('session')
    .set({ endedAt: end.at, endReason: end.reason })
    .where('county', '=', which.county)
    .where('accountId', '=', which.accountId)
    .where('endedAt', 'is', null)
  if (which.id) ending = ending.where('id', '=', which.id)
  if (which.except) ending = ending.where('id', '<>', which.except)
  const rows = await ending.returning('id').execute()
  return rows.map((row: { id: string }) => row.id)
}

export interface OpenSessionRow {
  id: string
  method: string
  label: string | null
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

/** Open sessions, newest first. */
export async function listOpen(tx: Tx, county: string, accountId: string, now: Date): Promise<OpenSessionRow[]> {
  return tx
    .selectFrom('session as s')
    .leftJoin('device as d', (join) => join.onRef('d.county', '=', 's.county').onRef('d.id', '=', 's.deviceId'))
    .select(['s.id', 's.method', 'd.label', 's.createdAt', 's.lastSeenAt', 's.expiresAt'])
    .where('s.county', '=', county)
    .where('s.accountId', '=', accountId)
    .where('s.endedAt', 'is', null)
    .where('s.expiresAt', '>', now)
    .orderBy('s.createdAt', 'desc')
    .orderBy('s.id', 'desc')
    .limit(100)
    .execute()
}

/** Gives a session a new secret; the old one opens nothing from the commit on. */
export async function replaceToken(
  tx: Tx,
  which: { county: string; id: string },
  change: { tokenHash: Buffer; secondFactorAt?: Date },
): Promise<{ expiresAt: Date } | undefined> {
  return tx
    .updateTable('session')
    .set(change)
    .where('county', '=', which.county)
    .where('id', '=', which.id)
    .where('endedAt', 'is', null)
    .returning('expiresAt')
    .executeTakeFirst()
}

export interface DeviceUse {
  county: string
  accountId: string
  tokenHash: Buffer
  label: string
  at: Date
}

/** Remembers the browser and says its id. */
export async function noteDevice(tx: Tx, use: DeviceUse): Promise<string> {
  const rows = await hot<{ id: string }>(
    tx,
    'identity_device_note',
    `insert into device (county, id, account_id, token_hash, label, first_seen_at, last_seen_at)
     values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (county, account_id, token_hash) do update set label = excluded.label, last_seen_at = excluded.last_seen_at
     returning id`,
    [use.county, uuidv7(use.at), use.accountId, use.tokenHash, use.label, use.at],
  )
  return rows[0]?.id ?? ''
}

/** Whether this account has signed in on this browser before. */
export async function isKnownDevice(tx: Tx, county: string, accountId: string, tokenHash: Buffer): Promise<boolean> {
  const row = await tx
    .selectFrom('device')
    .select('id')
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst()
  return row !== undefined
}

export async function noteSignedIn(tx: Tx, county: string, accountId: string, at: Date): Promise<void> {
  await tx
    .updateTable('account')
    .set({ lastSignedInAt: at })
    .where('county', '=', county)
    .where('id', '=', accountId)
    .execute()
}
