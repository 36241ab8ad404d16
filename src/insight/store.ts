import { hot, type Tx } from '../kernel/db.ts'
import { subtreeRange } from '../kernel/grants.ts'
import type { AreaChange, Counted, DayChange, OpenChange } from './rules.ts'

/** How far a county has been counted. */
export interface CountState {
  nextIndex: number
  buildAfter: string | null
  builtAt: Date | null
  dueUntil: Date
  standsAt: Date
}

const STATE = `next_index as "nextIndex", build_after as "buildAfter", built_at as "builtAt", due_until as "dueUntil", stands_at as "standsAt"`

/**
 * What can be counted again needs no wait for the disk: a crash of the server takes counts and place in the ledger back
 * together.
 */
export async function commitLazily(tx: Tx): Promise<void> {
  await hot(tx, 'insight_commit_lazily', `select set_config('synchronous_commit', 'off', true)`, [])
}

/** The state, locked until the transaction ends; undefined while another process counts. Made where there is none. */
export async function lockState(tx: Tx, county: string, now: Date): Promise<CountState | undefined> {
  const lock = `select ${STATE} from insight_state where county = $1 for update skip locked`
  const [row] = await hot<CountState>(tx, 'insight_lock_state', lock, [county])
  if (row) return row
  await hot(
    tx,
    'insight_make_state',
    `insert into insight_state (county, next_index, due_until, stands_at)
     select $1, coalesce((select size from ledger_log where county = $1), 0), $2, $2
     where not exists (select from insight_state where county = $1)
     on conflict on constraint insight_state_pkey do nothing`,
    [county, now],
  )
  return (await hot<CountState>(tx, 'insight_lock_state', lock, [county]))[0]
}

export async function saveState(tx: Tx, county: string, state: CountState): Promise<void> {
  await hot(
    tx,
    'insight_save_state',
    `update insight_state set next_index = $2, build_after = $3, built_at = $4, due_until = $5, stands_at = $6 where county = $1`,
    [county, state.nextIndex, state.buildAfter, state.builtAt, state.dueUntil, state.standsAt],
  )
}

export interface Work {
  /** Leaves that are sealed and not counted. */
  behind: number
  built: boolean
  nextIndex: number
  /** Something has become due, or due soon, since the counts were last set to the clock. */
  due: boolean
}

/** What there is to do, asked without a lock. */
export async function lookForWork(tx: Tx, county: string, now: Date): Promise<Work> {
  const [row] = await hot<Work>(
    tx,
    'insight_look',
    `select coalesce((select size from ledger_log where county = $1), 0) - coalesce(s.next_index, 0) as behind,
       s.built_at is not null as built, coalesce(s.next_index, 0) as "nextIndex",
       s.due_until < $2::timestamptz - interval '10 minutes' or exists (select from insight_matter
         where county = $1 and closed_at is null and due_at >= s.due_until and due_at < $2)
       or exists (select from insight_matter where county = $1 and closed_at is null
         and due_at >= s.due_until + interval '24 hours' and due_at < $2::timestamptz + interval '24 hours') as due
     from (select 1) as one left join insight_state s on s.county = $1`,
    [county, now],
  )
  return row ?? { behind: 0, built: false, nextIndex: 0, due: false }
}

const LIVE = `m.id, m.area_path as "areaPath", m.kind, m.category, m.state, m.tone, m.due_at as "dueAt",
  m.due_provisional as "dueProvisional", m.reported_at as "reportedAt", m.closed_at as "closedAt",
  m.rating_score as score, m.rated_at as "ratedAt"`

/** Matters as they are, by id. */
export const readMatters = (tx: Tx, county: string, ids: readonly string[]): Promise<Counted[]> =>
  hot<Counted>(
    tx,
    'insight_read_matters',
    `select ${LIVE} from matter m where m.county = $1 and m.id = any($2::uuid[])`,
    [county, ids],
  )

/** The next matters by id, for the first count. */
export const listMattersAfter = (tx: Tx, county: string, after: string | null, limit: number): Promise<Counted[]> =>
  hot<Counted>(
    tx,
    'insight_matters_after',
    `select ${LIVE} from matter m where m.county = $1 and m.id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid)
     order by m.id limit $3`,
    [county, after, limit],
  )

/** Matters as they were last counted, by id. */
export const readCounted = (tx: Tx, county: string, ids: readonly string[]): Promise<Counted[]> =>
  hot<Counted>(
    tx,
    'insight_read_counted',
    `select id, area_path as "areaPath", kind, category, state, tone, due_at as "dueAt", due_provisional as "dueProvisional",
       reported_at as "reportedAt", closed_at as "closedAt", score, rated_at as "ratedAt"
     from insight_matter where county = $1 and id = any($2::uuid[])`,
    [county, ids],
  )

/** Matters counted in a subtree that lie elsewhere now: an area was moved, with what lay in it. */
export async function listRehomed(tx: Tx, county: string, path: string, limit: number): Promise<string[]> {
  const rows = await hot<{ id: string }>(
    tx,
    'insight_rehomed',
    `select s.id from insight_matter s join matter m on m.county = $1 and m.id = s.id
     where s.county = $1 and s.area_path >= $2 and s.area_path < $3 and m.area_path <> s.area_path limit $4`,
    [county, ...subtreeRange(path), limit],
  )
  return rows.map(({ id }) => id)
}

/** Matters whose provisional deadline has been counted anew: the one change that is no entry of its own. */
export async function listRecounted(tx: Tx, county: string, limit: number): Promise<string[]> {
  const rows = await hot<{ id: string }>(
    tx,
    'insight_recounted',
    `select s.id from insight_matter s join matter m on m.county = $1 and m.id = s.id
     where s.county = $1 and s.due_provisional and s.closed_at is null
       and (not m.due_provisional or m.due_at is distinct from s.due_at) limit $2`,
    [county, limit],
  )
  return rows.map(({ id }) => id)
}

/** Open matters that became due, or due soon, while the clock went from one instant to the other. */
export const listPassed = (
  tx: Tx,
  county: string,
  from: Date,
  to: Date,
): Promise<{ areaPath: string; dueAt: Date; count: number }[]> =>
  hot(
    tx,
    'insight_passed',
    `select area_path as "areaPath", due_at as "dueAt", count(*) as count from insight_matter
     where county = $1 and closed_at is null and due_at is not null
       and ((due_at >= $2 and due_at < $3)
         or (due_at >= $2::timestamptz + interval '24 hours' and due_at < $3::timestamptz + interval '24 hours'))
     group by area_path, due_at`,
    [county, from, to],
  )

const columnOf = <Row, Name extends keyof Row>(rows: readonly Row[], name: Name): Row[Name][] =>
  rows.map((row) => row[name])

export async function saveCounted(tx: Tx, county: string, rows: readonly Counted[]): Promise<void> {
  const names = ['id', 'areaPath', 'kind', 'category', 'state', 'tone', 'dueAt', 'dueProvisional'] as const
  const last = ['reportedAt', 'closedAt', 'score', 'ratedAt'] as const
  await hot(
    tx,
    'insight_save_counted',
    `insert into insight_matter (county, id, area_path, kind, category, state, tone, due_at, due_provisional, reported_at, closed_at, score, rated_at)
     select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::boolean[],
       $10::timestamptz[], $11::timestamptz[], $12::text[], $13::timestamptz[])
     on conflict on constraint insight_matter_pkey do update set area_path = excluded.area_path, kind = excluded.kind,
       category = excluded.category, state = excluded.state, tone = excluded.tone, due_at = excluded.due_at,
       due_provisional = excluded.due_provisional, reported_at = excluded.reported_at, closed_at = excluded.closed_at,
       score = excluded.score, rated_at = excluded.rated_at`,
    [county, ...[...names, ...last].map((name) => columnOf(rows, name))],
  )
}

export async function addToAreas(tx: Tx, county: string, rows: readonly AreaChange[]): Promise<void> {
  const names = ['areaPath', 'open', 'overdue', 'dueSoon'] as const
  await hot(
    tx,
    'insight_add_areas',
    `insert into insight_area (county, area_path, open, overdue, due_soon)
     select $1, * from unnest($2::text[], $3::int[], $4::int[], $5::int[])
     on conflict on constraint insight_area_pkey do update set open = insight_area.open + excluded.open,
       overdue = insight_area.overdue + excluded.overdue, due_soon = insight_area.due_soon + excluded.due_soon`,
    [county, ...names.map((name) => columnOf(rows, name))],
  )
}

export async function addToOpen(tx: Tx, county: string, rows: readonly OpenChange[]): Promise<void> {
  const names = ['areaPath', 'kind', 'category', 'state', 'tone', 'open'] as const
  await hot(
    tx,
    'insight_add_open',
    `insert into insight_open (county, area_path, kind, category, state, tone, open)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[])
     on conflict on constraint insight_open_pkey do update set open = insight_open.open + excluded.open`,
    [county, ...names.map((name) => columnOf(rows, name))],
  )
}

/** The histograms of these days as they stand; days without a row are left out. */
export const readHistograms = (
  tx: Tx,
  county: string,
  days: readonly DayChange[],
): Promise<{ areaPath: string; day: string; histogram: number[] }[]> =>
  hot(
    tx,
    'insight_read_histograms',
    `select d.area_path as "areaPath", d.day, d.close_histogram as histogram
     from unnest($2::text[], $3::date[]) as want (area_path, day)
     join insight_day d on d.county = $1 and d.area_path = want.area_path and d.day = want.day`,
    [county, columnOf(days, 'areaPath'), columnOf(days, 'day')],
  )

/** Adds to days; `histogram` is the whole one, old and new together. */
export async function addToDays(tx: Tx, county: string, rows: readonly DayChange[]): Promise<void> {
  const names = ['areaPath', 'day', 'opened', 'closed', 'voided', 'satisfied', 'fair', 'unsatisfied'] as const
  await hot(
    tx,
    'insight_add_days',
    `insert into insight_day (county, area_path, day, opened, closed, voided, satisfied, fair, unsatisfied, close_hours, close_histogram)
     select $1, a, d, o, c, v, s, f, u, h, g::int[] from unnest($2::text[], $3::date[], $4::int[], $5::int[], $6::int[], $7::int[],
       $8::int[], $9::int[], $10::float8[], $11::text[]) as new (a, d, o, c, v, s, f, u, h, g)
     on conflict on constraint insight_day_pkey do update set opened = insight_day.opened + excluded.opened,
       closed = insight_day.closed + excluded.closed, voided = insight_day.voided + excluded.voided,
       satisfied = insight_day.satisfied + excluded.satisfied, fair = insight_day.fair + excluded.fair,
       unsatisfied = insight_day.unsatisfied + excluded.unsatisfied, close_hours = insight_day.close_hours + excluded.close_hours,
       close_histogram = excluded.close_histogram`,
    [
      county,
      ...names.map((name) => columnOf(rows, name)),
      columnOf(rows, 'closeHours'),
      rows.map(({ histogram }) => `{${histogram.join(',')}}`),
    ],
  )
}

/** Forgets a county's counts, so that they are made anew. */
export async function forgetCounts(tx: Tx, county: string): Promise<void> {
  await tx.deleteFrom('insightMatter').where('county', '=', county).execute()
  await tx.deleteFrom('insightArea').where('county', '=', county).execute()
  await tx.deleteFrom('insightOpen').where('county', '=', county).execute()
  await tx.deleteFrom('insightDay').where('county', '=', county).execute()
  await tx.deleteFrom('insightState').where('county', '=', county).execute()
}
