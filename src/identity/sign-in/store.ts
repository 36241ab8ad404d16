import type { Insertable, Selectable } from 'kysely'
import type { Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'

export type TicketRow = Selectable<DB['signInTicket']>

export async function insertTicket(tx: Tx, row: Insertable<DB['signInTicket']>): Promise<void> {
  await tx.insertInto('signInTicket').values(row).execute()
}

/** Locks the ticket, so that of two who show it at once one goes through. */
export async function lockTicket(tx: Tx, county: string, tokenHash: Buffer): Promise<TicketRow | undefined> {
  return tx
    .selectFrom('signInTicket')
    .selectAll()
    .where('county', '=', county)
    .where('tokenHash', '=', tokenHash)
    .forUpdate()
    .executeTakeFirst()
}

export async function saveTicket(
  tx: Tx,
  row: Pick<TicketRow, 'county' | 'id'>,
  change: { wrongCount?: number; usedAt?: Date },
): Promise<void> {
  await tx.updateTable('signInTicket').set(change).where('county', '=', row.county).where('id', '=', row.id).execute()
}
