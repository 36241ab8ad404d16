import type { Tx } from '../../kernel/db.ts'
import type { AccountRow } from '../store.ts'

/** Demo people, oldest first. */
export async function listPeople(tx: Tx, county: string): Promise<AccountRow[]> {
  return tx
    .selectFrom('account')
    .selectAll()
    .where('county', '=', county)
    .where('status', '=', 'active')
    .where('kind', '<>', 'guest')
    .orderBy('id')
    .limit(100)
    .execute()
}
