import { hot, type Tx } from '../../kernel/db.ts'
import { arrayText } from '../store.ts'
import type { Findable } from './store.ts'

/** What a record was found by and is found by from now on; null for a new one, and for one that is no longer found. */
export interface TokenChange {
  readonly subjectId: string
  readonly before: Findable | null
  readonly after: Findable | null
  /** The record was made just now, under a new id: nothing can stand there, and asking costs a third of the insert. */
  readonly isNew?: boolean
}

const rowsOf = (findable: Findable | null): Set<string> => {
  const rows = new Set<string>()
  for (const path of findable?.paths ?? []) for (const token of findable?.tokens ?? []) rows.add(`${path}\n${token}`)
  return rows
}

interface TokenRow {
  path: string
  token: string
  subjectId: string
}

const DELETE = `delete from search_token t using unnest($2::text[], $3::text[], $4::uuid[]) d (token, area_path, subject_id)
  where t.county = $1 and t.token = d.token and t.area_path = d.area_path and t.subject_id = d.subject_id`
const INSERT = `insert into search_token (county, token, area_path, subject_id)
  select $1, n.* from unnest($2::text[], $3::text[], $4::uuid[]) n on conflict do nothing`
const INSERT_NEW = `insert into search_token (county, token, area_path, subject_id)
  select $1, n.* from unnest($2::text[], $3::text[], $4::uuid[]) n`
const AT_ONCE = 20_000

async function write(tx: Tx, county: string, name: string, text: string, rows: readonly TokenRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const part = rows.slice(from, from + AT_ONCE)
    const columns = [
      arrayText(part.map(({ token }) => token)),
      arrayText(part.map(({ path }) => path)),
      arrayText(part.map(({ subjectId }) => subjectId)),
    ]
    await hot(tx, name, text, [county, ...columns])
  }
}

/** Makes records found by what they are now instead of what they were; rows that stay are not touched. */
export async function saveAllTokens(tx: Tx, county: string, changes: readonly TokenChange[]): Promise<void> {
  const gone: TokenRow[] = []
  const more: TokenRow[] = []
  const fresh: TokenRow[] = []
  const add = (rows: TokenRow[], subjectId: string, row: string): void => {
    const cut = row.indexOf('\n')
    rows.push({ path: row.slice(0, cut), token: row.slice(cut + 1), subjectId })
  }
  for (const { subjectId, before, after, isNew } of changes) {
    const [was, is] = [rowsOf(before), rowsOf(after)]
    for (const row of was) if (!is.has(row)) add(gone, subjectId, row)
    for (const row of is) if (!was.has(row)) add(isNew ? fresh : more, subjectId, row)
  }
  await write(tx, county, 'registry_tokens_delete', DELETE, gone)
  await write(tx, county, 'registry_tokens_insert', INSERT, more)
  await write(tx, county, 'registry_tokens_insert_new', INSERT_NEW, fresh)
}
