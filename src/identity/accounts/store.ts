import type { Insertable, Updateable } from 'kysely'
import { constraintOf, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { DB } from '../../kernel/tables.ts'
import type { AccountStatus, Seat } from '../contract.ts'
import type { AccountRow } from '../store.ts'

const taken: Record<string, string> = {
  account_pkey: 'kernel.conflict',
  account_login_name_key: 'identity.login_name_taken',
  account_staff_phone_key: 'identity.phone_taken',
  account_resident_phone_key: 'identity.phone_taken',
  account_staff_citizen_id_key: 'identity.citizen_id_taken',
  account_resident_citizen_id_key: 'identity.citizen_id_taken',
}

function asTaken(error: unknown): never {
  const code = taken[constraintOf(error) ?? '']
  throw code ? new Fault(code, {}, { cause: error }) : error
}

/** @throws identity.login_name_taken, identity.phone_taken, identity.citizen_id_taken */
export async function insertAccount(tx: Tx, row: Insertable<DB['account']>): Promise<AccountRow> {
  return tx.insertInto('account').values(row).returningAll().executeTakeFirstOrThrow().catch(asTaken)
}

const ACCOUNTS_AT_ONCE = 200

/** @throws identity.login_name_taken, identity.phone_taken */
export async function insertAccounts(tx: Tx, rows: readonly Insertable<DB['account']>[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ACCOUNTS_AT_ONCE) {
    const some = rows.slice(from, from + ACCOUNTS_AT_ONCE)
    await tx.insertInto('account').values(some).execute().catch(asTaken)
  }
}

/** Locks the row until the transaction ends. @throws kernel.not_found */
export async function lockAccount(tx: Tx, county: string, id: string): Promise<AccountRow> {
  return tx
    .selectFrom('account')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow(() => new Fault('kernel.not_found'))
}

/** @throws identity.phone_taken, identity.citizen_id_taken */
export async function saveAccount(tx: Tx, row: AccountRow, change: Updateable<DB['account']>): Promise<AccountRow> {
  return tx
    .updateTable('account')
    .set({ ...change, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(asTaken)
}

/** The first password is set: an invited account becomes an active one. */
export async function activateAccount(tx: Tx, county: string, id: string): Promise<void> {
  await tx
    .updateTable('account')
    .set({ status: 'active' })
    .where('county', '=', county)
    .where('id', '=', id)
    .where('status', '=', 'invited')
    .execute()
}

export async function findByLoginName(tx: Tx, county: string, loginName: string): Promise<AccountRow | undefined> {
  return tx
    .selectFrom('account')
    .selectAll()
    .where('county', '=', county)
    .where('loginName', '=', loginName)
    .executeTakeFirst()
}

/** Staff by login name. */
export async function listStaff(
  tx: Tx,
  county: string,
  page: { limit: number; after: string | null; status?: AccountStatus; beginning?: string; phoneBlind?: Buffer },
): Promise<AccountRow[]> {
  let rows = tx.selectFrom('account').selectAll().where('county', '=', county).where('kind', '=', 'staff')
  if (page.after !== null) rows = rows.where('loginName', '>', page.after)
  if (page.status) rows = rows.where('status', '=', page.status)
  if (page.phoneBlind) rows = rows.where('phoneBlind', '=', page.phoneBlind)
  // A range, which has an index under row-level security; LIKE has none.
  if (page.beginning) {
    rows = rows.where('loginName', '>=', page.beginning).where('loginName', '<', `${page.beginning}\u{10ffff}`)
  }
  return rows
    .orderBy('loginName')
    .limit(page.limit + 1)
    .execute()
}

/** Seats and second factor of several accounts, for lists. */
export async function listStanding(
  tx: Tx,
  county: string,
  ids: string[],
): Promise<{ seats: Map<string, Seat[]>; totp: Set<string> }> {
  const seats = new Map<string, Seat[]>()
  if (ids.length === 0) return { seats, totp: new Set() }
  const held = await tx
    .selectFrom('administratorSeat')
    .select(['accountId', 'seat'])
    .where('county', '=', county)
    .where('accountId', 'in', ids)
    .where('heldUntil', 'is', null)
    .execute()
  for (const row of held) seats.set(row.accountId, [...(seats.get(row.accountId) ?? []), row.seat as Seat])
  const confirmed = await tx
    .selectFrom('totpSecret')
    .select('accountId')
    .where('county', '=', county)
    .where('accountId', 'in', ids)
    .where('confirmedAt', 'is not', null)
    .execute()
  return { seats, totp: new Set(confirmed.map((row: { accountId: string }) => row.accountId)) }
}

/** Who looked at somebody's data in the clear, newest first, for the person themselves: not by whom. */
export const listLooksAt = (
  tx: Tx,
  county: string,
  accountId: string,
): Promise<{ at: Date; fields: string[]; purpose: string; reason: string }[]> =>
  tx
    .selectFrom('unmasking')
    .select(['at', 'fields', 'purpose', 'reason'])
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .orderBy('at', 'desc')
    .limit(50)
    .execute()

/** The account's own last attempts to sign in, newest first. */
export const listAttemptsOf = (
  tx: Tx,
  county: string,
  accountId: string,
): Promise<{ at: Date; deviceLabel: string; outcome: string }[]> =>
  tx
    .selectFrom('signInAttempt')
    .select(['at', 'deviceLabel', 'outcome'])
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .orderBy('at', 'desc')
    .limit(50)
    .execute()
