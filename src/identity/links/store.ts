import type { Insertable, Selectable } from 'kysely'
import type { Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'

export type LinkRow = Selectable<DB['oneTimeLink']>

export async function insertLink(tx: Tx, row: Insertable<DB['oneTimeLink']>): Promise<void> {
  await tx.insertInto('oneTimeLink').values(row).execute()
}

/** A newer link makes the older ones worthless. */
export async function withdrawLinks(tx: Tx, county: string, accountId: string, at: Date): Promise<void> {
  await tx
    .updateTable('oneTimeLink')
    .set({ withdrawnAt: at })
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .where('usedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .execute()
}

export async function findLink(tx: Tx, county: string, tokenHash: Buffer): Promise<LinkRow | undefined> {
  return tx
    .selectFrom('oneTimeLink')
    .selectAll()
    .where('county', '=', county)
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst()
}

/** Uses the link up: of two at once, one gets true. */
export async function takeLink(tx: Tx, row: LinkRow, at: Date): Promise<boolean> {
  const taken = await tx
    .updateTable('oneTimeLink')
    .set({ usedAt: at })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .where('usedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .returning('id')
    .execute()
  return taken.length === 1
}
