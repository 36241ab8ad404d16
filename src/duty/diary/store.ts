import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import { hot, type Tx } from '../../kernel/db.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type { Placed } from '../../kernel/sharing.ts'
import type { DiaryEntryTable, DiaryUnmaskingTable, DiaryVersionTable } from '../../kernel/tables.ts'

export type DiaryRow = Selectable<DiaryEntryTable>
export type VersionRow = Selectable<DiaryVersionTable>

/** @returns false when an entry of this id is there already. */
export async function insertEntry(tx: Tx, row: DiaryRow): Promise<boolean> {
  const made = tx
    .insertInto('diaryEntry')
    .values(row)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
  return (await made.returning('id').execute()).length === 1
}

export async function insertVersion(tx: Tx, row: VersionRow): Promise<void> {
  await tx.insertInto('diaryVersion').values(row).execute()
}

export async function insertUnmasking(tx: Tx, row: Selectable<DiaryUnmaskingTable>): Promise<void> {
  await tx.insertInto('diaryUnmasking').values(row).execute()
}

export function findEntry(tx: Tx, county: string, id: string): Promise<DiaryRow | undefined> {
  const found = tx.selectFrom('diaryEntry').selectAll().where('county', '=', county).where('id', '=', id)
  return found.executeTakeFirst()
}

export function findByMatter(tx: Tx, county: string, matterId: string): Promise<DiaryRow | undefined> {
  const found = tx.selectFrom('diaryEntry').selectAll().where('county', '=', county).where('matterId', '=', matterId)
  return found.executeTakeFirst()
}

/** Locks the row until the transaction ends: two taps make one case. */
export function lockEntry(tx: Tx, county: string, id: string): Promise<DiaryRow | undefined> {
  const found = tx.selectFrom('diaryEntry').selectAll().where('county', '=', county).where('id', '=', id)
  return found.forUpdate().executeTakeFirst()
}

type Change = Partial<Omit<DiaryRow, 'county' | 'id' | 'authorId'>>

export async function saveEntry(tx: Tx, row: Pick<DiaryRow, 'county' | 'id'>, change: Change): Promise<void> {
  const saved = tx.updateTable('diaryEntry').set(change).where('county', '=', row.county).where('id', '=', row.id)
  await saved.execute()
}

export interface DiaryQuery {
  county: string
  /** One of the two, or both: whose, and where. */
  author: string | undefined
  paths: readonly string[] | undefined
  from: string | undefined
  to: string | undefined
  kind: string | undefined
  matter: string | undefined
  /** Only what waits for a follow-up. */
  open: boolean
  after: [metAt: Date, id: string] | null
  limit: number
}

/** Entries by the time of the visit, newest first. */
export async function listEntries(tx: Tx, query: DiaryQuery): Promise<DiaryRow[]> {
  let found = tx.selectFrom('diaryEntry').selectAll().where('county', '=', query.county)
  if (query.author !== undefined) found = found.where('authorId', '=', query.author)
  const { paths } = query
  if (paths) {
    found = found.where((row) =>
      row.or(
        paths.map((path) => {
          const [from, to] = subtreeRange(path)
          return row.and([row('areaPath', '>=', from), row('areaPath', '<', to)])
        }),
      ),
    )
  }
  if (query.from !== undefined) found = found.where('metOn', '>=', query.from)
  if (query.to !== undefined) found = found.where('metOn', '<', query.to)
  if (query.kind !== undefined) found = found.where('kind', '=', query.kind)
  if (query.matter !== undefined) found = found.where('matterId', '=', query.matter)
  if (query.open) found = found.where('followUpOn', 'is not', null).where('followedBy', 'is', null)
  if (query.after) {
    const [metAt, id] = query.after
    found = found.where(sql<boolean>`(met_at, id) < (${metAt}, ${id}::uuid)`)
  }
  return found.orderBy('metAt', 'desc').orderBy('id', 'desc').limit(query.limit).execute()
}

export interface DayCount {
  on: string
  kind: string
  count: number
  done: number
  cases: number
}

const COUNTED = `met_on as "on", kind, count(*) as count, count(*) filter (where done) as done, count(matter_id) as cases`
const MINE = `select ${COUNTED} from diary_entry
  where county = $1 and author_id = $2 and met_on >= $3 and met_on < $4 group by met_on, kind`
const WITHIN = `select ${COUNTED} from diary_entry
  where county = $1 and met_on >= $2 and met_on < $3
    and exists (select from unnest($4::text[], $5::text[]) as place (low, high) where area_path >= low and area_path < high)
  group by met_on, kind`

/** Entries of a month by day and kind, of one author. */
export const countMine = (tx: Tx, county: string, author: string, span: [string, string]): Promise<DayCount[]> =>
  hot<DayCount>(tx, 'diary_count_mine', MINE, [county, author, ...span])

/** Entries of a month by day and kind, in places none of which lies in another. */
export function countWithin(
  tx: Tx,
  county: string,
  paths: readonly string[],
  span: [string, string],
): Promise<DayCount[]> {
  const ranges = paths.map(subtreeRange)
  const [low, high] = [ranges.map(([from]) => from), ranges.map(([, to]) => to)]
  return hot<DayCount>(tx, 'diary_count_within', WITHIN, [county, ...span, low, high])
}

/** At most 50: an entry is corrected once or twice. */
export function listVersions(tx: Tx, county: string, diaryId: string): Promise<VersionRow[]> {
  const found = tx.selectFrom('diaryVersion').selectAll().where('county', '=', county).where('diaryId', '=', diaryId)
  return found.orderBy('version', 'desc').limit(50).execute()
}

/** Follow-ups whose day has come and of which nobody was told. */
export function lockDue(tx: Tx, county: string, today: string, limit: number): Promise<DiaryRow[]> {
  const found = tx.selectFrom('diaryEntry').selectAll().where('county', '=', county).where('followUpOn', '<=', today)
  const waiting = found.where('followUpToldAt', 'is', null).where('followedBy', 'is', null)
  return waiting.orderBy('followUpOn').limit(limit).forUpdate().skipLocked().execute()
}

export async function saveTold(tx: Tx, county: string, ids: string[], at: Date): Promise<void> {
  if (ids.length === 0) return
  const told = tx.updateTable('diaryEntry').set({ followUpToldAt: at }).where('county', '=', county)
  await told.where('id', 'in', ids).execute()
}

const FORGET_ENTRIES = `update diary_entry set words_sealed = null, longitude = null, latitude = null,
    accuracy_metres = null, position_source = null
  where county = $1 and id in (select id from diary_entry
    where county = $1 and words_sealed is not null and written_at < $2 order by written_at limit $3)
  returning id`
const FORGET_VERSIONS = `update diary_version set words_sealed = null, salt = null
  where county = $1 and diary_id = any($2::uuid[])`

/** Deletes the words of the oldest entries written before an instant; answers with their ids. */
export async function forgetWords(tx: Tx, county: string, before: Date, limit: number): Promise<string[]> {
  const rows = await hot<{ id: string }>(tx, 'diary_forget_entries', FORGET_ENTRIES, [county, before, limit])
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) await hot(tx, 'diary_forget_versions', FORGET_VERSIONS, [county, ids])
  return ids
}

const REHOME = `update diary_entry set area_path = $4 || substr(area_path, length($5) + 1)
  where county = $1 and area_path >= $2 and area_path < $3 returning id`

/** Entries of a place go where the place went. */
export async function moveEntries(tx: Tx, county: string, from: string, to: string): Promise<number> {
  return (await hot(tx, 'diary_rehome', REHOME, [county, ...subtreeRange(from), to, from])).length
}

const PLACED = `select id, longitude, latitude from diary_entry
  where county = $1 and area_path = $2 and id > $3 and written_at <= $4 order by id limit $5`

/** Entries of exactly this area in id order, from after `afterId`, written until then. */
export const listPlacedIn = (
  tx: Tx,
  county: string,
  areaPath: string,
  page: { afterId: string; until: Date; limit: number },
): Promise<Placed[]> =>
  hot<Placed>(tx, 'diary_placed_in', PLACED, [county, areaPath, page.afterId, page.until, page.limit])

/** Entries of a split area go to a part of it. */
export async function shareEntries(
  tx: Tx,
  county: string,
  share: { ids: string[]; from: string; to: string },
): Promise<string[]> {
  const text = `update diary_entry set area_path = $4 where county = $1 and id = any($2::uuid[]) and area_path = $3 returning id`
  const rows = await hot<{ id: string }>(tx, 'diary_share', text, [county, share.ids, share.from, share.to])
  return rows.map(({ id }) => id)
}

const COUNT_UNDER = `select count(*) as count from diary_entry where county = $1 and area_path >= $2 and area_path < $3`

export async function countUnder(tx: Tx, county: string, path: string): Promise<number> {
  const [row] = await hot<{ count: number }>(tx, 'diary_count_under', COUNT_UNDER, [county, ...subtreeRange(path)])
  return row?.count ?? 0
}
