import type { Insertable, Selectable, Updateable } from 'kysely'
import { constraintOf, hot, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { DB } from '../../kernel/tables.ts'

export type SeatChangeRow = Selectable<DB['seatChange']>

/** @throws identity.change_pending: one wish at a time for one person, by an index of the table. */
export async function insertChange(tx: Tx, row: Insertable<DB['seatChange']>): Promise<SeatChangeRow> {
  return tx
    .insertInto('seatChange')
    .values(row)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch((error: unknown) => {
      const constraint = constraintOf(error)
      if (constraint === 'seat_change_pending_key') throw new Fault('identity.change_pending', {}, { cause: error })
      if (constraint === 'seat_change_self_check') throw new Fault('identity.not_oneself', {}, { cause: error })
      throw error
    })
}

/** Locks the wish until the transaction ends. @throws kernel.not_found */
export async function lockChange(tx: Tx, county: string, id: string): Promise<SeatChangeRow> {
  return tx
    .selectFrom('seatChange')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow(() => new Fault('kernel.not_found'))
}

export async function findChange(tx: Tx, county: string, id: string): Promise<SeatChangeRow | undefined> {
  return tx.selectFrom('seatChange').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()
}

/** @throws identity.not_oneself: nobody decides what they proposed or what concerns themselves, by a check of the table. */
export async function saveChange(
  tx: Tx,
  row: SeatChangeRow,
  change: Updateable<DB['seatChange']>,
): Promise<SeatChangeRow> {
  return tx
    .updateTable('seatChange')
    .set({ ...change, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch((error: unknown) => {
      if (constraintOf(error) === 'seat_change_own_check') throw new Fault('identity.not_oneself', {}, { cause: error })
      throw error
    })
}

/** Wishes nobody answered in time, of one person or of all; at most a hundred, locked. */
export async function lockOverdue(tx: Tx, county: string, now: Date, accountId?: string): Promise<SeatChangeRow[]> {
  let rows = tx
    .selectFrom('seatChange')
    .selectAll()
    .where('county', '=', county)
    .where('state', '=', 'pending')
    .where('expiresAt', '<=', now)
  if (accountId) rows = rows.where('accountId', '=', accountId)
  return rows.orderBy('id').limit(100).forUpdate().skipLocked().execute()
}

/** Newest first. */
export async function listChangeRows(
  tx: Tx,
  county: string,
  page: { limit: number; before: string | null; state?: string },
): Promise<SeatChangeRow[]> {
  let rows = tx.selectFrom('seatChange').selectAll().where('county', '=', county)
  if (page.state) rows = rows.where('state', '=', page.state)
  if (page.before) rows = rows.where('id', '<', page.before)
  return rows
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export interface Background {
  id: string
  createdAt: Date
  lastSignedInAt: Date | null
  invitedBy: string | null
}

/** What is known of several accounts, for whoever has to decide about them. */
export async function listBackgrounds(tx: Tx, county: string, ids: string[]): Promise<Map<string, Background>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('account')
    .select(['id', 'createdAt', 'lastSignedInAt', 'invitedBy'])
    .where('county', '=', county)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row: Background) => [row.id, row]))
}

/** Whether the account was ever signed in from a browser in which the other person never was. */
export async function hasOwnDevice(tx: Tx, county: string, accountId: string, other: string): Promise<boolean> {
  const rows = await hot<{ one: number }>(
    tx,
    'identity_own_device',
    `select 1 as one from device d where d.county = $1 and d.account_id = $2 and not exists
       (select from device o where o.county = $1 and o.account_id = $3 and o.token_hash = d.token_hash)
     limit 1`,
    [county, accountId, other],
  )
  return rows.length > 0
}
