import type { Tx } from '../../kernel/db.ts'
import type { AccountRow } from '../store.ts'

const PEOPLE_MAX = 100

/** Demo people: the wanted ones whatever their number, then the oldest; at most 100. */
export async function listPeople(tx: Tx, county: string, wanted: readonly string[]): Promise<AccountRow[]> {
  const active = tx
    .selectFrom('account')
    .selectAll()
    .where('county', '=', county)
    .where('status', '=', 'active')
    .where('kind', '<>', 'guest')
    .orderBy('id')
    .limit(PEOPLE_MAX)
  const asked = wanted.length === 0 ? [] : await active.where('id', 'in', wanted).execute()
  const known = new Set(asked.map(({ id }) => id))
  const others = (await active.execute()).filter(({ id }) => !known.has(id))
  return [...asked, ...others].slice(0, PEOPLE_MAX)
}
