import { hot, type Tx } from '../kernel/db.ts'
import { subtreeRange } from '../kernel/grants.ts'

/** An area's open matters as they stand. */
export interface AreaStanding {
  areaPath: string
  open: number
  overdue: number
  dueSoon: number
}
export interface OpenStanding {
  kind: string
  category: string
  state: string
  tone: string
  open: number
}
export interface DayStanding {
  day: string
  opened: number
  closed: number
  voided: number
  satisfied: number
  fair: number
  unsatisfied: number
  closeHours: number
  histogram: number[]
}
export interface TodayStanding {
  areaPath: string
  opened: number
  closed: number
}

/** Everything that the wall counts of an area, in one statement and therefore of one moment. */
export interface Standing {
  /** False while the county is counted for the first time. */
  built: boolean
  buildAfter: string | null
  standsAt: Date
  behind: number
  areas: AreaStanding[]
  opens: OpenStanding[]
  today: TodayStanding[]
  days: DayStanding[]
}

export interface Where {
  county: string
  path: string
  /** Its depth and that of what lies directly below it, in codes. */
  depth: number
  children: string[]
  now: Date
  today: string
  /** Where today begins, and the first day of the trend. */
  todayFrom: Date
  firstDay: string
  firstAt: Date
}

interface Packed {
  state: { built: boolean; after: string | null; stands: string; behind: number } | null
  areas: [string, number, number, number][] | null
  passed: [string, number, number][] | null
  opens: [string, string, string, string, number][] | null
  today: [string, number, number][] | null
  days: [string, number, number, number, number, number, number, number, number[]][] | null
}

const STATE = `(select json_build_object('built', s.built_at is not null, 'after', s.build_after, 'stands', s.stands_at,
    'behind', coalesce((select size from ledger_log where county = $1), 0) - s.next_index)
  from insight_state s where s.county = $1) as state`
/** The code of what lies directly below, in which a matter lies; '' for one that lies in the area itself. */
const below = (depth: string): string => `split_part(area_path, '/', ${depth})`
/** As a filter only: a plan made for any area would else read a whole subtree where a few rows by time are wanted. */
const inPlace = `(area_path || '') >= $3 and (area_path || '') < $4`

/**
 * County, town and village: out of the counts, corrected by what fell due since they were last set to the clock. What lies
 * below a village ($8) has no counts and is counted.
 */
const ROLLED = `select ${STATE},
  (select json_agg(json_build_array(area_path, open, overdue, due_soon)) from insight_area
    where county = $1 and area_path = any($2::text[])) as areas,
  (select json_agg(json_build_array(code, od, ds)) from (
    select ${below('$7::int')} as code, sum(od) as od, sum(ds) as ds from (
      select area_path, 1 as od, -1 as ds from insight_matter where county = $1 and closed_at is null
        and due_at >= (select due_until from insight_state where county = $1) and due_at < $5 and ${inPlace}
      union all select area_path, 0, 1 from insight_matter where county = $1 and closed_at is null
        and due_at >= (select due_until + interval '24 hours' from insight_state where county = $1)
        and due_at < $5::timestamptz + interval '24 hours' and ${inPlace}) as each group by 1) as fell) as passed,
  (select json_agg(json_build_array(kind, category, state, tone, open)) from insight_open
    where county = $1 and area_path = $3 and open <> 0) as opens,
  (select json_agg(json_build_array(area_path, opened, closed)) from insight_day
    where county = $1 and area_path = any($2::text[]) and day = $6) as today,
  (select json_agg(json_build_array(day, opened, closed, voided, satisfied, fair, unsatisfied, close_hours, close_histogram) order by day)
    from insight_day where county = $1 and area_path = $3 and day >= $8) as days`

const HOURS = `extract(epoch from closed_at - reported_at) / 3600`

/** Below a village, and what lies directly below one: the matters themselves, few as they are there, read once. */
const COUNTED = `select ${STATE}, (select json_agg(json_build_array(code, open, od, ds, opened, closed)) from (
    select ${below('$5::int')} as code, count(*) filter (where closed_at is null) as open,
      count(*) filter (where closed_at is null and due_at < $4) as od,
      count(*) filter (where closed_at is null and due_at >= $4 and due_at < $4::timestamptz + interval '24 hours') as ds,
      count(*) filter (where reported_at >= $6) as opened, count(*) filter (where closed_at >= $6 and tone <> 'void') as closed
    from insight_matter where county = $1 and area_path >= $2 and area_path < $3 group by 1) as counted) as below`

const OPENS = `select kind, category, state, tone, count(*) as open from insight_matter
  where county = $1 and area_path >= $2 and area_path < $3 and closed_at is null group by 1, 2, 3, 4`

/** What was reported, closed and rated by day below a village. The last figures of a row are hours, one for each closed. */
const DAYS = `select json_agg(json_build_array(day, opened, closed, voided, satisfied, fair, unsatisfied, hours)) as days from (
  select day, sum(opened) as opened, sum(closed) as closed, sum(voided) as voided, sum(satisfied) as satisfied, sum(fair) as fair,
    sum(unsatisfied) as unsatisfied, array_agg(hours) filter (where hours is not null) as hours
  from (
    select (reported_at at time zone 'Asia/Shanghai')::date as day, 1 as opened, 0 as closed, 0 as voided, 0 as satisfied, 0 as fair, 0 as unsatisfied, null::float8 as hours
    from insight_matter where county = $1 and area_path >= $2 and area_path < $3 and reported_at >= $4
    union all
    select (closed_at at time zone 'Asia/Shanghai')::date, 0, (tone <> 'void')::int, (tone = 'void')::int, 0, 0, 0,
      case when tone <> 'void' then ${HOURS} end
    from insight_matter where county = $1 and area_path >= $2 and area_path < $3 and closed_at >= $4
    union all
    select (rated_at at time zone 'Asia/Shanghai')::date, 0, 0, 0, (score = 'satisfied')::int, (score = 'fair')::int, (score = 'unsatisfied')::int, null
    from insight_matter where county = $1 and area_path >= $2 and area_path < $3 and rated_at >= $4
  ) as each group by day order by day) as counted`

const emptyState = { built: false, after: null, stands: '1970-01-01T00:00:00Z', behind: 0 }

function unpack(packed: Packed, where: Where): Standing {
  const state = packed.state ?? emptyState
  const areas = new Map((packed.areas ?? []).map(([path, open, od, ds]) => [path, { open, overdue: od, dueSoon: ds }]))
  const standingOf = (path: string) => {
    const found = areas.get(path) ?? { open: 0, overdue: 0, dueSoon: 0 }
    areas.set(path, found)
    return found
  }
  for (const [code, overdue, dueSoon] of packed.passed ?? []) {
    for (const path of code === '' ? [where.path] : [`${where.path}/${code}`, where.path]) {
      const standing = standingOf(path)
      standing.overdue += overdue
      standing.dueSoon += dueSoon
    }
  }
  return {
    built: state.built,
    buildAfter: state.after,
    standsAt: new Date(state.stands),
    behind: state.behind,
    areas: [...areas].map(([areaPath, standing]) => ({ areaPath, ...standing })),
    opens: (packed.opens ?? []).map(([kind, category, st, tone, open]) => ({ kind, category, state: st, tone, open })),
    today: (packed.today ?? []).map(([areaPath, opened, closed]) => ({ areaPath, opened, closed })),
    days: (packed.days ?? []).map((row) => {
      const [day, opened, closed, voided, satisfied, fair, unsatisfied, closeHours, histogram] = row
      return { day, opened, closed, voided, satisfied, fair, unsatisfied, closeHours, histogram }
    }),
  }
}

/** The counts of an area that has some, and of what lies directly below it as far as that has some. */
export async function readRolled(tx: Tx, where: Where): Promise<Standing> {
  const [from, to] = subtreeRange(where.path)
  const paths = [where.path, ...where.children]
  const values = [where.county, paths, from, to, where.now, where.today, where.depth + 1, where.firstDay]
  const [packed] = await hot<Packed>(tx, 'insight_rolled', ROLLED, values)
  return unpack(packed!, where)
}

type PackedBelow = [code: string, open: number, overdue: number, dueSoon: number, opened: number, closed: number]

/** The same of an area's matters themselves, without days: areas below a village, and the children of one. */
export async function readCountedHere(tx: Tx, where: Where): Promise<Standing> {
  const { county, path, now, depth, todayFrom } = where
  const values = [county, ...subtreeRange(path), now, depth + 1, todayFrom]
  const [packed] = await hot<Pick<Packed, 'state'> & { below: PackedBelow[] | null }>(
    tx,
    'insight_counted',
    COUNTED,
    values,
  )
  const groups = (packed!.below ?? []).map(([code, open, overdue, dueSoon, opened, closed]) => ({
    areaPath: code === '' ? path : `${path}/${code}`,
    open,
    overdue,
    dueSoon,
    opened,
    closed,
  }))
  const all = { areaPath: path, open: 0, overdue: 0, dueSoon: 0, opened: 0, closed: 0 }
  for (const group of groups) {
    all.open += group.open
    all.overdue += group.overdue
    all.dueSoon += group.dueSoon
    all.opened += group.opened
    all.closed += group.closed
  }
  const each = [all, ...groups.filter(({ areaPath }) => areaPath !== path)]
  const nothing = { areas: null, passed: null, opens: null, today: null, days: null }
  return { ...unpack({ ...nothing, state: packed!.state }, where), areas: each, today: each }
}

/** The open matters of a small area by what they are about and how far they are. */
export const readOpensHere = (tx: Tx, where: Where): Promise<OpenStanding[]> =>
  hot<OpenStanding>(tx, 'insight_opens_here', OPENS, [where.county, ...subtreeRange(where.path)])

export type DayHours = Omit<DayStanding, 'histogram' | 'closeHours'> & { hours: number[] }

export async function readDaysHere(tx: Tx, where: Where): Promise<DayHours[]> {
  const [from, to] = subtreeRange(where.path)
  const [row] = await hot<{
    days: [string, number, number, number, number, number, number, number[] | null][] | null
  }>(tx, 'insight_days', DAYS, [where.county, from, to, where.firstAt])
  return (row?.days ?? []).map(([day, opened, closed, voided, satisfied, fair, unsatisfied, hours]) => ({
    day,
    opened,
    closed,
    voided,
    satisfied,
    fair,
    unsatisfied,
    hours: hours ?? [],
  }))
}

/** A matter on the wall: what and where, nothing that somebody wrote. */
export interface SeenRow {
  id: string
  number: string
  kind: string
  packVersion: number
  category: string
  state: string
  tone: string
  urgent: boolean
  areaPath: string
  dueAt: Date | null
  reportedAt: Date
  closedAt: Date | null
  longitude: number | null
  latitude: number | null
}
const SEEN = `m.id, m.number, m.kind, m.pack_version as "packVersion", m.category, m.state, m.tone, m.urgent, m.area_path as "areaPath",
  m.due_at as "dueAt", m.reported_at as "reportedAt", m.closed_at as "closedAt", m.longitude, m.latitude`

export type SeenScope = 'open' | 'overdue' | 'closed' | 'all'

/** The condition and order of a scope over the counted matters; `narrow` areas are read whole and sorted. */
function pick(scope: SeenScope, narrow: boolean, after: boolean): string {
  const open = scope === 'closed' ? ' and closed_at is not null' : scope === 'all' ? '' : ' and closed_at is null'
  const order = scope === 'overdue' ? 'due_at, id' : 'id desc'
  const late = scope === 'overdue' ? ' and due_at < $4' : ' and $4::timestamptz is not null'
  const beyond = !after
    ? ''
    : scope === 'overdue'
      ? ' and (due_at, id) > ($7, $6)'
      : ' and id < $6 and $7::timestamptz is null'
  // Of a large area the order's own index is walked; a plan made for any area would rather read and sort half a county.
  const place = narrow ? 'area_path' : `(area_path || '')`
  const here = `select id, due_at from insight_matter where county = $1 and ${place} >= $2 and ${place} < $3${open}${late}${beyond}`
  if (!narrow) return `${here} order by ${order} limit $5`
  return `select id, due_at from (with here as materialized (${here}) select * from here) as small order by ${order} limit $5`
}

/**
 * Matters of a subtree: overdue longest first, else newest first.
 *
 * @param narrow The area is a village or smaller: its matters are found by place; of a larger one, by age.
 */
export function listSeen(
  tx: Tx,
  where: { county: string; path: string; scope: SeenScope; narrow: boolean; now: Date },
  page: { limit: number; after: { id: string; dueAt: Date | null } | null },
): Promise<SeenRow[]> {
  const { scope, narrow } = where
  const order = scope === 'overdue' ? 'p.due_at, p.id' : 'p.id desc'
  const text = `with picked as materialized (${pick(scope, narrow, page.after !== null)})
    select ${SEEN} from picked p join matter m on m.county = $1 and m.id = p.id order by ${order}`
  const name = `insight_seen_${scope}_${narrow ? 'narrow' : 'wide'}${page.after ? '_after' : ''}`
  const values = [where.county, ...subtreeRange(where.path), where.now, page.limit]
  return hot<SeenRow>(tx, name, text, page.after ? [...values, page.after.id, page.after.dueAt] : values)
}

/** Matters by id, for what has just happened to them. */
export const readSeen = (tx: Tx, county: string, ids: readonly string[]): Promise<SeenRow[]> =>
  hot<SeenRow>(tx, 'insight_read_seen', `select ${SEEN} from matter m where m.county = $1 and m.id = any($2::uuid[])`, [
    county,
    ids,
  ])
