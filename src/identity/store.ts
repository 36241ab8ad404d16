import type { Selectable } from 'kysely'
import { hot, type Tx } from '../kernel/db.ts'
import { uuidv7 } from '../kernel/ids.ts'
import type { DB } from '../kernel/tables.ts'
import type { Seat } from './contract.ts'
import type { Settings } from './rules.ts'

export type AccountRow = Selectable<DB['account']>

export async function findSettings(tx: Tx, county: string): Promise<Settings | undefined> {
  const row = await tx.selectFrom('identitySetting').selectAll().where('county', '=', county).executeTakeFirst()
  if (!row) return undefined
  const { county: _, totpRequiredOf, ...numbers } = row
  return { ...numbers, totpRequiredOf: totpRequiredOf as Settings['totpRequiredOf'] }
}

/** @returns false when somebody changed the settings since `version` was read. */
export async function saveSettings(tx: Tx, county: string, settings: Settings): Promise<boolean> {
  const rows = await hot<{ version: number }>(
    tx,
    'identity_settings_save',
    `insert into identity_setting (county, totp_required_of, totp_for_unmasking, staff_idle_minutes, staff_hours,
       resident_days, codes_per_hour, version, staff_phone_days)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (county) do update set totp_required_of = excluded.totp_required_of,
       totp_for_unmasking = excluded.totp_for_unmasking, staff_idle_minutes = excluded.staff_idle_minutes,
       staff_hours = excluded.staff_hours, resident_days = excluded.resident_days,
       codes_per_hour = excluded.codes_per_hour, version = excluded.version,
       staff_phone_days = excluded.staff_phone_days
     where identity_setting.version = excluded.version - 1
     returning version`,
    [
      county,
      settings.totpRequiredOf,
      settings.totpForUnmasking,
      settings.staffIdleMinutes,
      settings.staffHours,
      settings.residentDays,
      settings.codesPerHour,
      settings.version,
      settings.staffPhoneDays,
    ],
  )
  return rows.length === 1
}

export interface ThrottleKey {
  county: string
  kind: string
  subject: Buffer
  windowAt: Date
  endsAt: Date
}

/** Counts one more and says the new count; two at once are counted one after the other by the row's lock. */
export async function countThrottle(tx: Tx, key: ThrottleKey): Promise<number> {
  const rows = await hot<{ taken: number }>(
    tx,
    'identity_throttle_count',
    `insert into throttle (county, kind, subject, window_at, ends_at, taken) values ($1, $2, $3, $4, $5, 1)
     on conflict (county, kind, subject, window_at) do update set taken = throttle.taken + 1 returning taken`,
    [key.county, key.kind, key.subject, key.windowAt, key.endsAt],
  )
  return rows[0]?.taken ?? 0
}

export async function clearThrottle(tx: Tx, key: Omit<ThrottleKey, 'windowAt' | 'endsAt'>): Promise<void> {
  await tx
    .deleteFrom('throttle')
    .where('county', '=', key.county)
    .where('kind', '=', key.kind)
    .where('subject', '=', key.subject)
    .execute()
}

/** Gives one count back: the attempt was right after all. */
export async function returnThrottle(tx: Tx, key: ThrottleKey): Promise<void> {
  await tx
    .updateTable('throttle')
    .set((row) => ({ taken: row('taken', '-', 1) }))
    .where('county', '=', key.county)
    .where('kind', '=', key.kind)
    .where('subject', '=', key.subject)
    .where('windowAt', '=', key.windowAt)
    .where('taken', '>', 0)
    .execute()
}

export interface AttemptRow {
  county: string
  at: Date
  method: string
  outcome: string
  accountId: string | null
  subjectBlind: Buffer | null
  addressSealed: Buffer | null
  deviceLabel: string
}

export async function insertAttempt(tx: Tx, row: AttemptRow): Promise<void> {
  await tx
    .insertInto('signInAttempt')
    .values({ id: uuidv7(row.at), ...row })
    .execute()
}

export async function findAccount(tx: Tx, county: string, id: string): Promise<AccountRow | undefined> {
  return tx.selectFrom('account').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()
}

/** The seats that an account holds now. */
export async function listSeats(tx: Tx, county: string, accountId: string): Promise<Seat[]> {
  const rows = await tx
    .selectFrom('administratorSeat')
    .select('seat')
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .where('heldUntil', 'is', null)
    .execute()
  return rows.map((row: { seat: string }) => row.seat as Seat)
}

const expired = [
  ['throttle', 'ends_at <= $2', 'now'],
  ['phone_code', 'expires_at <= $2', 'now'],
  ['sign_in_ticket', 'expires_at <= $2', 'now'],
  ['oidc_flow', 'expires_at <= $2', 'now'],
  ['session', 'expires_at <= $2', 'sessionsBefore'],
  ['sign_in_attempt', 'at < $2', 'attemptsBefore'],
] as const

/** Deletes at most `limit` rows of each kind that have outlived their term. @returns how many went. */
export async function deleteExpired(
  tx: Tx,
  county: string,
  term: { limit: number; now: Date; attemptsBefore: Date; sessionsBefore: Date },
): Promise<number> {
  let deleted = 0
  for (const [table, condition, border] of expired) {
    const key = table === 'throttle' ? 'county, kind, subject, window_at' : 'county, id'
    const rows = await hot<{ one: number }>(
      tx,
      `identity_delete_${table}`,
      `delete from ${table} where county = $1 and (${key}) in
         (select ${key} from ${table} where county = $1 and ${condition} limit $3)
       returning 1 as one`,
      [county, term[border], term.limit],
    )
    deleted += rows.length
  }
  return deleted
}
