import { hot, type Tx } from '../../kernel/db.ts'

export interface Findable {
  readonly tokens: readonly string[]
  /** Where it lies; a person also where they own, rent or work. */
  readonly paths: readonly string[]
}

const none: Findable = { tokens: [], paths: [] }
const rowsOf = ({ tokens, paths }: Findable): string[] =>
  [...new Set(paths)].flatMap((path) => [...new Set(tokens)].map((token) => `${token}\n${path}`))

const SAVE = `with gone as (
  delete from search_token t using unnest($3::text[], $4::text[]) as d (token, area_path)
  where t.county = $1 and t.token = d.token and t.area_path = d.area_path and t.subject_id = $2)
insert into search_token (county, token, area_path, subject_id)
select $1, token, area_path, $2 from unnest($5::text[], $6::text[]) as n (token, area_path)
on conflict do nothing`

/**
 * Makes a record found by what it is now instead of what it was, touching only rows that differ.
 *
 * @param before tokens and paths of the record as it was, null for a new one.
 * @param after  null for one that is no longer found.
 */
export async function saveTokens(
  tx: Tx,
  county: string,
  subjectId: string,
  change: { before: Findable | null; after: Findable | null },
): Promise<void> {
  const before = new Set(rowsOf(change.before ?? none))
  const after = new Set(rowsOf(change.after ?? none))
  const gone = [...before].filter((row) => !after.has(row)).map((row) => row.split('\n'))
  const fresh = [...after].filter((row) => !before.has(row)).map((row) => row.split('\n'))
  if (gone.length + fresh.length === 0) return
  await hot(tx, 'registry_search_save', SAVE, [
    county,
    subjectId,
    gone.map(([token]) => token),
    gone.map(([, path]) => path),
    fresh.map(([token]) => token),
    fresh.map(([, path]) => path),
  ])
}
