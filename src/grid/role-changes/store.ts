import type { Insertable, Selectable, Updateable } from 'kysely'
import { constraintOf, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { DB } from '../../kernel/tables.ts'

export type RoleChangeRow = Selectable<DB['roleChange']>

/** @throws grid.role_change_pending: one wish at a time for one role, by an index of the table. */
export async function insertChange(tx: Tx, row: Insertable<DB['roleChange']>): Promise<void> {
  await tx
    .insertInto('roleChange')
    .values(row)
    .execute()
    .catch((error: unknown) => {
      if (constraintOf(error) === 'role_change_pending_key')
        throw new Fault('grid.role_change_pending', {}, { cause: error })
      throw error
    })
}

/** The wish that waits for a role, if there is one. */
export async function findPending(tx: Tx, county: string, role: string): Promise<RoleChangeRow | undefined> {
  return tx
    .selectFrom('roleChange')
    .selectAll()
    .where('county', '=', county)
    .where('role', '=', role)
    .where('state', '=', 'pending')
    .executeTakeFirst()
}

/** Locks the wish until the transaction ends. @throws kernel.not_found */
export async function lockChange(tx: Tx, county: string, id: string): Promise<RoleChangeRow> {
  return tx
    .selectFrom('roleChange')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow(() => new Fault('kernel.not_found'))
}

export async function findChange(tx: Tx, county: string, id: string): Promise<RoleChangeRow | undefined> {
  return tx.selectFrom('roleChange').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()
}

/** @throws identity.not_oneself: nobody approves what they wished, by a check of the table. */
export async function saveChange(
  tx: Tx,
  row: RoleChangeRow,
  change: Updateable<DB['roleChange']>,
): Promise<RoleChangeRow> {
  return tx
    .updateTable('roleChange')
    .set({ ...change, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch((error: unknown) => {
      if (constraintOf(error) === 'role_change_own_check') throw new Fault('identity.not_oneself', {}, { cause: error })
      throw error
    })
}

/** Wishes nobody answered in time; at most a hundred, locked. */
export async function lockOverdue(tx: Tx, county: string, now: Date): Promise<RoleChangeRow[]> {
  return tx
    .selectFrom('roleChange')
    .selectAll()
    .where('county', '=', county)
    .where('state', '=', 'pending')
    .where('expiresAt', '<=', now)
    .orderBy('id')
    .limit(100)
    .forUpdate()
    .skipLocked()
    .execute()
}

/** Newest first. */
export async function listChangeRows(
  tx: Tx,
  county: string,
  page: { limit: number; before: string | null; state?: string },
): Promise<RoleChangeRow[]> {
  let rows = tx.selectFrom('roleChange').selectAll().where('county', '=', county)
  if (page.state) rows = rows.where('state', '=', page.state)
  if (page.before) rows = rows.where('id', '<', page.before)
  return rows
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}
