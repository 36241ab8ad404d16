import type { Insertable, Selectable } from 'kysely'
import { constraintOf, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { DB } from '../../kernel/tables.ts'

export type SeatRow = Selectable<DB['administratorSeat']>
export type AttemptRow = Selectable<DB['signInAttempt']>

/** @throws identity.seat_excluded, identity.not_oneself: both are constraints of the table. */
export async function insertSeat(tx: Tx, row: Insertable<DB['administratorSeat']>): Promise<SeatRow> {
  return tx
    .insertInto('administratorSeat')
    .values(row)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch((error: unknown) => {
      const constraint = constraintOf(error)
      if (constraint === 'administrator_seat_one_excl') throw new Fault('identity.seat_excluded', {}, { cause: error })
      if (constraint === 'administrator_seat_self_check') throw new Fault('identity.not_oneself', {}, { cause: error })
      throw error
    })
}

export async function findSeat(tx: Tx, county: string, id: string): Promise<SeatRow | undefined> {
  return tx
    .selectFrom('administratorSeat')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Locks everybody who holds this seat, so that of the last two only one can be dismissed at once. */
export async function lockHolders(tx: Tx, county: string, seat: string): Promise<SeatRow[]> {
  return tx
    .selectFrom('administratorSeat')
    .selectAll()
    .where('county', '=', county)
    .where('seat', '=', seat)
    .where('heldUntil', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
}

export async function listHolderIds(tx: Tx, county: string, seat: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('administratorSeat')
    .select('accountId')
    .where('county', '=', county)
    .where('seat', '=', seat)
    .where('heldUntil', 'is', null)
    .limit(100)
    .execute()
  return rows.map((row: { accountId: string }) => row.accountId)
}

export async function closeSeat(tx: Tx, row: SeatRow, by: { at: Date; accountId: string | null }): Promise<SeatRow> {
  return tx
    .updateTable('administratorSeat')
    .set({ heldUntil: by.at, dismissedBy: by.accountId, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Present and past holders, newest first. */
export async function listSeatRows(
  tx: Tx,
  county: string,
  page: { limit: number; before: string | null },
): Promise<SeatRow[]> {
  let rows = tx.selectFrom('administratorSeat').selectAll().where('county', '=', county)
  if (page.before) rows = rows.where('id', '<', page.before)
  return rows
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export async function listUnmaskingRows(
  tx: Tx,
  county: string,
  page: { limit: number; before: string | null },
): Promise<Selectable<DB['unmasking']>[]> {
  let rows = tx.selectFrom('unmasking').selectAll().where('county', '=', county)
  if (page.before) rows = rows.where('id', '<', page.before)
  return rows
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

/** Sign-in records, newest first. */
export async function listAttempts(
  tx: Tx,
  county: string,
  page: { limit: number; before: { at: Date; id: string } | null; accountId?: string },
): Promise<AttemptRow[]> {
  let rows = tx.selectFrom('signInAttempt').selectAll().where('county', '=', county)
  if (page.accountId) rows = rows.where('accountId', '=', page.accountId)
  const { before } = page
  if (before) rows = rows.where((row) => row(row.refTuple('at', 'id'), '<', row.tuple(before.at, before.id)))
  return rows
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}
