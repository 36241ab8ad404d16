import { hot, hotRead, type Tx } from '../../kernel/db.ts'
import type { Ranges } from '../access.ts'

export interface FigureRow {
  buildings: number
  premises: number
  let: number
  vacant: number
  households: number
  residents: number
  newResidents: number
  organisations: number
  chatGroups: number
}

/**
 * How much some places hold; each part one walk along its index. People are those of the list of people, so that a page never says two
 * numbers: whoever lives in no household too, and owners who live elsewhere.
 */
export async function countPlace(tx: Tx, county: string, ranges: Ranges): Promise<FigureRow> {
  const within = (column: string): string =>
    `exists (select from unnest($2::text[], $3::text[]) as r (low, high) where ${column} >= r.low and ${column} < r.high)`
  const [row] = await hotRead<FigureRow>(
    tx,
    'registry_place_figures',
    `select
       (select count(*)::int from building where county = $1 and closed_at is null and ${within('area_path')}) as buildings,
       p.premises, p.let, p.vacant,
       (select count(*)::int from household where county = $1 and closed_at is null and ${within('area_path')}) as households,
       n.residents, n.fresh as "newResidents",
       (select count(*)::int from organisation where county = $1 and closed_at is null and ${within('area_path')}) as organisations,
       (select count(*)::int from chat_group where county = $1 and closed_at is null and ${within('area_path')}) as "chatGroups"
     from (select count(*)::int as premises, (count(*) filter (where use = 'let'))::int as let,
         (count(*) filter (where use = 'vacant'))::int as vacant
       from premises where county = $1 and closed_at is null and ${within('area_path')}) p,
     (select count(*)::int as residents, (count(*) filter (where registration = 'floating'))::int as fresh
       from person where county = $1 and state in ('present', 'away') and ${within('area_path')}) n`,
    [county, ranges.low, ranges.high],
  )
  return row!
}

export interface KeptFigures extends FigureRow {
  places: number
  /** When the place that was counted longest ago was. */
  countedAt: Date | null
}

export const KEPT = `select coalesce(sum(f.buildings), 0)::int as buildings, coalesce(sum(f.premises), 0)::int as premises,
    coalesce(sum(f.let), 0)::int as let, coalesce(sum(f.vacant), 0)::int as vacant, coalesce(sum(f.households), 0)::int as households,
    coalesce(sum(f.residents), 0)::int as residents, coalesce(sum(f.new_residents), 0)::int as "newResidents",
    coalesce(sum(f.organisations), 0)::int as organisations, coalesce(sum(f.chat_groups), 0)::int as "chatGroups", count(*)::int as places, min(f.counted_at) as "countedAt"
  from unnest($2::text[], $3::text[]) r (low, high) cross join lateral (select * from registry_figure
    where county = $1 and area_path >= r.low and area_path < r.high) f
  where exists (select from registry_figure_walk where county = $1 and filled_at is not null)`

/** What the kept figures of some places come to; no places as long as the first round goes on. */
export async function keptFigures(tx: Tx, county: string, ranges: Ranges): Promise<KeptFigures> {
  return (await hotRead<KeptFigures>(tx, 'registry_figures_kept', KEPT, [county, ranges.low, ranges.high]))[0]!
}

interface Walk {
  walkedTo: string
  followedAt: Date
  filledAt: Date | null
}

/** How far a county's round has come, locked: one sweep goes on with it at a time. */
export async function lockWalk(tx: Tx, county: string, now: Date): Promise<Walk> {
  const begin = `insert into registry_figure_walk (county, walked_to, followed_at) values ($1, '', $2) on conflict do nothing`
  await hot(tx, 'registry_figures_begin', begin, [county, now])
  const text = `select walked_to as "walkedTo", followed_at as "followedAt", filled_at as "filledAt" from registry_figure_walk
    where county = $1 for update`
  return (await hot<Walk>(tx, 'registry_figures_walk', text, [county]))[0]!
}

export async function saveWalk(tx: Tx, county: string, walk: Walk): Promise<void> {
  const text = 'update registry_figure_walk set walked_to = $2, followed_at = $3, filled_at = $4 where county = $1'
  await hot(tx, 'registry_figures_walked', text, [county, walk.walkedTo, walk.followedAt, walk.filledAt])
}

/** The first place behind one at which a table has a row: one step down its index. */
const after = (table: string, where: string): string =>
  `(select area_path from ${table} where county = $1 and area_path > w.path and ${where} order by area_path limit 1)`

export const NEXT_PLACES = `with recursive walk (path, nth) as (
    select $2::text collate "C", 0
    union all
    select (select min(n.path) from (values ${[
      after('building', 'true'),
      after('premises', 'true'),
      after('household', 'closed_at is null'),
      after('person', "state in ('present', 'away')"),
      after('organisation', 'closed_at is null'),
      after('chat_group', 'closed_at is null'),
    ]
      .map((next) => `(${next})`)
      .join(', ')}) n (path)), w.nth + 1
    from walk w where w.path is not null and w.nth < $3
  )
  select path from walk where nth > 0 and path is not null order by path`

/** The next places at which something is registered, in their order. */
export async function nextPlaces(tx: Tx, county: string, from: string, limit: number): Promise<string[]> {
  const rows = await hotRead<{ path: string }>(tx, 'registry_figures_next', NEXT_PLACES, [county, from, limit])
  return rows.map(({ path }) => path)
}

/** Places of records that changed since an instant. */
export async function changedPlaces(tx: Tx, county: string, since: Date, limit: number): Promise<string[]> {
  const text = 'select distinct area_path as path from registry_change where county = $1 and at >= $2 limit $3'
  const rows = await hotRead<{ path: string }>(tx, 'registry_figures_changed', text, [county, since, limit])
  return rows.map(({ path }) => path)
}

export const COUNT_PLACES = `insert into registry_figure (county, area_path, buildings, premises, let, vacant, households, residents,
    new_residents, organisations, chat_groups, counted_at)
  select $1, w.path, b.n, p.n, p.let, p.vacant, h.n, n.n, n.fresh, o.n, g.n, $3
  from unnest($2::text[]) w (path)
  cross join lateral (select count(*)::int as n from building where county = $1 and area_path = w.path and closed_at is null) b
  cross join lateral (select count(*)::int as n, (count(*) filter (where use = 'let'))::int as let,
      (count(*) filter (where use = 'vacant'))::int as vacant
    from premises where county = $1 and area_path = w.path and closed_at is null) p
  cross join lateral (select count(*)::int as n from household where county = $1 and area_path = w.path and closed_at is null) h
  cross join lateral (select count(*)::int as n, (count(*) filter (where registration = 'floating'))::int as fresh
    from person where county = $1 and area_path = w.path and state in ('present', 'away')) n
  cross join lateral (select count(*)::int as n from organisation where county = $1 and area_path = w.path and closed_at is null) o
  cross join lateral (select count(*)::int as n from chat_group where county = $1 and area_path = w.path and closed_at is null) g
  on conflict (county, area_path) do update set buildings = excluded.buildings, premises = excluded.premises,
    let = excluded.let, vacant = excluded.vacant, households = excluded.households, residents = excluded.residents,
    new_residents = excluded.new_residents, organisations = excluded.organisations, chat_groups = excluded.chat_groups, counted_at = excluded.counted_at`
const DROP_PLACES = `delete from registry_figure where county = $1 and area_path > $2 and ($3::text is null or area_path <= $3)
  and not area_path = any($4::text[])`

/**
 * Counts some places anew from their records. Where `from` is said they are all that have records behind it, up to `until`, and
 * what was kept of others there goes.
 */
export async function countPlaces(
  tx: Tx,
  county: string,
  of: { paths: readonly string[]; at: Date; from?: string; until?: string | null },
): Promise<void> {
  if (of.from !== undefined)
    await hot(tx, 'registry_figures_drop', DROP_PLACES, [county, of.from, of.until ?? null, of.paths])
  if (of.paths.length > 0) await hot(tx, 'registry_figures_count', COUNT_PLACES, [county, of.paths, of.at])
}
