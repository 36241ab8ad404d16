import type { Selectable } from 'kysely'
import { constraintOf, hot, hotRead, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { PersonMergeTable } from '../../kernel/tables.ts'
import type { Ranges } from '../access.ts'

export async function addDue(tx: Tx, county: string, people: readonly string[], at: Date): Promise<void> {
  const text = `insert into duplicate_due (county, person_id, at) select $1, id, $3 from unnest($2::uuid[]) r (id)
    on conflict do nothing`
  await hot(tx, 'registry_duplicate_due', text, [county, people, at])
}

/** The people of a batch that was taken in. */
export async function addBatchDue(tx: Tx, county: string, batchId: string, at: Date): Promise<void> {
  const text = `insert into duplicate_due (county, person_id, at) select $1, subject_id, $3 from registry_change
    where county = $1 and batch_id = $2 and subject_kind = 'person' on conflict do nothing`
  await hot(tx, 'registry_duplicate_due_batch', text, [county, batchId, at])
}

/** Everybody of a subtree: where they lie has changed, and with it who may see a pair. */
export async function addPlaceDue(tx: Tx, county: string, range: readonly [string, string], at: Date): Promise<void> {
  const text = `insert into duplicate_due (county, person_id, at) select $1, id, $4 from person
    where county = $1 and area_path >= $2 and area_path < $3 and state in ('present', 'away') on conflict do nothing`
  await hot(tx, 'registry_duplicate_due_place', text, [county, ...range, at])
}

/** Takes some who wait; another process takes others. */
export async function takeDue(tx: Tx, county: string, limit: number): Promise<string[]> {
  const text = `delete from duplicate_due d using (select person_id from duplicate_due where county = $1
      order by at, person_id limit $2 for update skip locked) t
    where d.county = $1 and d.person_id = t.person_id returning d.person_id as id`
  return (await hot<{ id: string }>(tx, 'registry_duplicate_take', text, [county, limit])).map(({ id }) => id)
}

export interface Asked {
  ids: readonly string[]
  /** Token of the whole name, and where around it is looked for. */
  tokens: readonly string[]
  low: readonly string[]
  high: readonly string[]
}

/** Of one kind of likeness so many are compared with a person; a dormitory or a very common name has more. */
const NEAR_MAX = 50

const NEAR = `with asked as (select p.* from person p where p.county = $1 and p.id = any($2::uuid[]) and p.state in ('present', 'away')),
named as (select * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) n (id, token, low, high))
select p.id as one, q.id as other from asked p cross join lateral (select q.id from person q
  where q.county = $1 and q.citizen_id_blind = p.citizen_id_blind and q.id <> p.id limit $6) q
union select p.id, q.id from asked p cross join lateral (select q.id from person q
  where q.county = $1 and q.phone_blind = p.phone_blind and q.name = p.name and q.id <> p.id limit $6) q
union select p.id, q.id from asked p cross join lateral (select q.id from person q
  where q.county = $1 and q.name = p.name and q.born_on = p.born_on and q.born_on is not null and q.state in ('present', 'away')
    and q.id <> p.id limit $6) q
union select p.id, q.id from asked p cross join lateral (select q.id from person q
  where q.county = $1 and q.premises_id = p.premises_id and q.premises_id is not null and q.id <> p.id limit $6) q
union select n.id, t.subject_id from named n join asked p on p.id = n.id cross join lateral (
  select s.subject_id from search_token s where s.county = $1 and s.token = n.token and s.area_path >= n.low
    and s.area_path < n.high and s.subject_id <> n.id limit $6) t`

/** Whom some people must be compared with, at most 50 of each kind of likeness for each. */
export const listNear = (
  tx: Tx,
  county: string,
  { ids, tokens, low, high }: Asked,
): Promise<{ one: string; other: string }[]> =>
  hot(tx, 'registry_duplicate_near', NEAR, [county, ids, tokens, low, high, NEAR_MAX])

export interface PairRow {
  oneId: string
  otherId: string
  sharedPath: string
  grade: number
  reasons: string[]
}

/** Makes the open pairs of some people what was found now; decided ones stay decided. */
export async function savePairs(
  tx: Tx,
  county: string,
  of: readonly string[],
  change: { pairs: readonly PairRow[]; at: Date },
): Promise<void> {
  const { pairs, at } = change
  const keys = [pairs.map(({ oneId }) => oneId), pairs.map(({ otherId }) => otherId)]
  const gone = `delete from duplicate_pair d where d.county = $1 and d.state = 'open'
    and (d.one_id = any($2::uuid[]) or d.other_id = any($2::uuid[]))
    and not exists (select from unnest($3::uuid[], $4::uuid[]) n (one, other) where n.one = d.one_id and n.other = d.other_id)`
  await hot(tx, 'registry_duplicate_gone', gone, [county, of, ...keys])
  if (pairs.length === 0) return
  const text = `insert into duplicate_pair (county, one_id, other_id, shared_path, grade, reasons, state, found_at)
    select $1, one, other, shared, grade, string_to_array(reasons, ','), 'open', $7
    from unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[]) n (one, other, shared, grade, reasons)
    on conflict (county, one_id, other_id) do update set shared_path = excluded.shared_path, grade = excluded.grade,
      reasons = excluded.reasons where duplicate_pair.state = 'open'`
  await hot(tx, 'registry_duplicate_save', text, [
    county,
    ...keys,
    pairs.map(({ sharedPath }) => sharedPath),
    pairs.map(({ grade }) => grade),
    pairs.map(({ reasons }) => reasons.join(',')),
    at,
  ])
}

export interface OpenPair extends PairRow {
  foundAt: Date
}
/** Where the last page ended. */
export type PairCursor = readonly [grade: number, path: string, one: string, other: string]

const OPEN = `select t.* from unnest(array[1, 2, 3]) g (grade) cross join unnest($2::text[], $3::text[]) r (low, high)
cross join lateral (
  select one_id as "oneId", other_id as "otherId", shared_path as "sharedPath", d.grade, reasons, found_at as "foundAt"
  from duplicate_pair d where d.county = $1 and d.state = 'open' and d.grade = g.grade and d.shared_path >= r.low
    and d.shared_path < r.high and (d.grade, d.shared_path, d.one_id, d.other_id) > ($4::int, $5::text, $6::uuid, $7::uuid)
  order by d.grade, d.shared_path, d.one_id, d.other_id limit $8) t
order by t.grade, t."sharedPath" collate "C", t."oneId", t."otherId" limit $8`

/** Open pairs, the surest first, that lie in some ranges whole. */
export const listOpen = (
  tx: Tx,
  county: string,
  { low, high }: Ranges,
  page: { after: PairCursor; limit: number },
): Promise<OpenPair[]> => hotRead(tx, 'registry_duplicate_open', OPEN, [county, low, high, ...page.after, page.limit])

export async function findPair(
  tx: Tx,
  county: string,
  [one, other]: readonly [string, string],
): Promise<{ state: string; reasons: string[] } | undefined> {
  const text = 'select state, reasons from duplicate_pair where county = $1 and one_id = $2 and other_id = $3'
  return (
    await hotRead<{ state: string; reasons: string[] }>(tx, 'registry_duplicate_find', text, [county, one, other])
  )[0]
}

/** Keeps a decision about two records, asked for or not. */
export async function decidePair(
  tx: Tx,
  county: string,
  [one, other]: readonly [string, string],
  to: {
    state: 'open' | 'different' | 'merged'
    sharedPath: string
    by: { id: string | null; label: string } | null
    reason: string
    at: Date
  },
): Promise<void> {
  const text = `insert into duplicate_pair as d (county, one_id, other_id, shared_path, grade, reasons, state, found_at, decided_at,
      decided_by, decided_label, reason)
    values ($1, $2, $3, $4, 2, '{}', $5, $9, case when $5 = 'open' then null else $9::timestamptz end, $6, $7, $8)
    on conflict (county, one_id, other_id) do update set state = excluded.state, decided_at = excluded.decided_at,
      decided_by = excluded.decided_by, decided_label = excluded.decided_label, reason = excluded.reason`
  const { by } = to
  const values = [county, one, other, to.sharedPath, to.state, by?.id ?? null, by?.label ?? null, to.reason, to.at]
  await hot(tx, 'registry_duplicate_decide', text, values)
}

export type MergeRow = Omit<Selectable<PersonMergeTable>, 'county'>

/** @throws registry.merged_away when another merge of the same record was quicker. */
export async function insertMerge(tx: Tx, county: string, row: MergeRow): Promise<void> {
  await tx
    .insertInto('personMerge')
    .values({ county, ...row })
    .execute()
    .catch((error: unknown) => {
      if (constraintOf(error) === 'person_merge_dropped') throw new Fault('registry.merged_away', {}, { cause: error })
      throw error
    })
}

/** Locks the merge until the transaction ends: it is taken back once. */
export async function lockMerge(tx: Tx, county: string, id: string): Promise<MergeRow> {
  const found = tx.selectFrom('personMerge').selectAll().where('county', '=', county).where('id', '=', id)
  return found.forUpdate().executeTakeFirstOrThrow(() => new Fault('kernel.not_found'))
}

export async function endMerge(tx: Tx, county: string, id: string, end: Partial<MergeRow>): Promise<void> {
  await tx.updateTable('personMerge').set(end).where('county', '=', county).where('id', '=', id).execute()
}

export interface MergeView extends MergeRow {
  keptNow: number
  keptName: string
  droppedName: string
}
const MERGES = `select m.id, m.kept_id as "keptId", m.dropped_id as "droppedId", m.kept_version as "keptVersion", m.area_path as "areaPath",
  m.reason, m.by_label as "byLabel", m.at, m.undone_at as "undoneAt", m.undone_how as "undoneHow",
  m.snapshot_sealed as "snapshotSealed", k.version as "keptNow", k.name as "keptName", d.name as "droppedName"
from unnest($2::text[], $3::text[]) r (low, high) cross join lateral (
  select * from person_merge m where m.county = $1 and m.area_path >= r.low and m.area_path < r.high and m.id < $4::uuid
  order by m.id desc limit $5) m
join person k on k.county = $1 and k.id = m.kept_id join person d on d.county = $1 and d.id = m.dropped_id
order by m.id desc limit $5`

/** Merges in some ranges, newest first. */
export const listMerges = (
  tx: Tx,
  county: string,
  { low, high }: Ranges,
  page: { before: string; limit: number },
): Promise<MergeView[]> => hotRead(tx, 'registry_merges', MERGES, [county, low, high, page.before, page.limit])

/** What was before is kept for so long. */
export async function forgetSnapshots(tx: Tx, county: string, before: Date, limit: number): Promise<number> {
  const text = `update person_merge m set snapshot_sealed = null from (select id from person_merge
      where county = $1 and at < $2 and snapshot_sealed is not null order by at, id limit $3) t
    where m.county = $1 and m.id = t.id returning 1 as one`
  return (await hot(tx, 'registry_merge_forget', text, [county, before, limit])).length
}

export async function deleteResidences(tx: Tx, county: string, ids: readonly string[]): Promise<void> {
  const text = 'delete from residence where county = $1 and id = any($2::uuid[])'
  await hot(tx, 'registry_merge_residences', text, [county, ids])
}

/** Where premises lie now, and their addresses. */
export async function listPlaces(
  tx: Tx,
  county: string,
  premises: readonly string[],
): Promise<Map<string, { areaPath: string; address: string; closed: boolean }>> {
  const text = `select id, area_path as "areaPath", address, closed_at is not null as closed from premises where county = $1 and id = any($2::uuid[])`
  type Place = { id: string; areaPath: string; address: string; closed: boolean }
  const rows = await hotRead<Place>(tx, 'registry_merge_places', text, [county, premises])
  return new Map(rows.map(({ id, ...place }) => [id, place]))
}

/** Which of some households are no more. */
export async function listDissolved(tx: Tx, county: string, households: readonly string[]): Promise<Set<string>> {
  if (households.length === 0) return new Set()
  const text = 'select id from household where county = $1 and id = any($2::uuid[]) and closed_at is not null'
  const rows = await hotRead<{ id: string }>(tx, 'registry_merge_dissolved', text, [county, households])
  return new Set(rows.map(({ id }) => id))
}
