import type { Insertable, Selectable } from 'kysely'
import type { Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'

export type PhoneCodeRow = Selectable<DB['phoneCode']>

export async function insertCode(tx: Tx, row: Insertable<DB['phoneCode']>): Promise<void> {
  await tx.insertInto('phoneCode').values(row).execute()
}

/** Locks the code until the transaction ends: guesses at one code wait for each other. */
export async function lockCode(tx: Tx, county: string, id: string): Promise<PhoneCodeRow | undefined> {
  return tx
    .selectFrom('phoneCode')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function countWrong(tx: Tx, row: PhoneCodeRow): Promise<void> {
  await tx
    .updateTable('phoneCode')
    .set({ wrongCount: row.wrongCount + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .execute()
}

/** Uses up this code and whatever else is open for the phone. */
export async function useUp(tx: Tx, row: PhoneCodeRow, at: Date): Promise<void> {
  await tx
    .updateTable('phoneCode')
    .set({ usedAt: at })
    .where('county', '=', row.county)
    .where('phoneBlind', '=', row.phoneBlind)
    .where('usedAt', 'is', null)
    .execute()
}

/** Else every made-up county would have throttles of its own, and a number could be rung up through all of them. */
export async function isCountyKnown(tx: Tx, county: string): Promise<boolean> {
  return (await tx.selectFrom('county').select('code').where('code', '=', county).executeTakeFirst()) !== undefined
}
