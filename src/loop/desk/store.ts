import { hot, type Tx } from '../../kernel/db.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import { BRIEF, COUNT_MAX, isNarrow, type BriefRow, type Hands } from '../store.ts'
import type { DeskLook } from './contract.ts'
import type { WorkFilter } from '../contract.ts'

export interface HeldBy {
  role: string
  unit: string
  path: string
}

/** A work list as the database is asked for it. */
export interface Search {
  county: string
  /** Subtree roots; one or more. */
  paths: string[]
  hands: Hands | null
  /** Posts of these areas, where a department is named only of that one. */
  unit: Pick<Hands, 'units' | 'paths'> | null
  holder: HeldBy | null
  open: boolean | undefined
  state: string | undefined
  kind: string | undefined
  category: string | undefined
  tone: string | undefined
  channel: string | undefined
  words: string | undefined
  reportedFrom: Date | null
  reportedUntil: Date | null
  dueFrom: Date | null
  dueUntil: Date | null
  withoutDue: boolean
  sort: 'newest' | 'oldest' | 'due'
}

/** Rows that one page looks through at most where no index answers; the next page goes on from there. */
const SCAN_MAX = 20_000

interface Asked {
  hard: string
  soft: string
  values: unknown[]
}

/** Conditions that an index answers, and those that are tried on each row found. */
function conditions(search: Search): Asked {
  const values: unknown[] = [search.county]
  const put = (value: unknown): string => `$${values.push(value)}`
  const hard = ['county = $1', pathsIn(search.paths, put)]
  const soft: string[] = []
  if (search.open !== undefined) hard.push(`closed_at is ${search.open ? 'null' : 'not null'}`)
  if (search.state !== undefined) hard.push(`state = ${put(search.state)}`)
  if (search.reportedFrom) hard.push(`reported_at >= ${put(search.reportedFrom)}`)
  if (search.reportedUntil) hard.push(`reported_at < ${put(search.reportedUntil)}`)
  if (search.dueFrom) hard.push(`due_at >= ${put(search.dueFrom)}`)
  if (search.dueUntil) hard.push(`due_at < ${put(search.dueUntil)}`)
  if (search.withoutDue) hard.push('due_at is null')
  if (search.hands) {
    const { roles, units, paths, account } = search.hands
    hard.push(
      `tone <> 'parked'`,
      `(holder_role, holder_unit, holder_path) in (select * from unnest(${put(roles)}::text[], ${put(units)}::text[], ${put(paths)}::text[]))`,
    )
    hard.push(`(holder_account is null or holder_account = ${put(account)})`)
  }
  if (search.unit) {
    const { units, paths } = search.unit
    hard.push(`holder_path = any(${put(paths)}::text[])`)
    hard.push(
      `exists (select from unnest(${put(units)}::text[], ${put(paths)}::text[]) as own (unit, path) where own.path = holder_path and own.unit in ('', holder_unit))`,
    )
  }
  if (search.holder) {
    const { role, unit, path } = search.holder
    hard.push(`holder_path = ${put(path)} and holder_role = ${put(role)} and holder_unit = ${put(unit)}`)
  }
  if (search.kind !== undefined) soft.push(`kind = ${put(search.kind)}`)
  if (search.category !== undefined) soft.push(`category = ${put(search.category)}`)
  if (search.tone !== undefined) soft.push(`tone = ${put(search.tone)}`)
  if (search.channel !== undefined) soft.push(`channel = ${put(search.channel)}`)
  if (search.words !== undefined) {
    const at = put(search.words)
    soft.push(`(position(${at} in text) > 0 or position(${at} in address) > 0 or position(${at} in number) > 0)`)
  }
  return { hard: hard.join(' and '), soft: soft.join(' and '), values }
}

function pathsIn(paths: string[], put: (value: unknown) => string): string {
  const ranges = paths.map((path) => {
    const [from, to] = subtreeRange(path)
    return `(area_path >= ${put(from)} and area_path < ${put(to)})`
  })
  return `(${ranges.join(' or ')})`
}

/** Few enough to be read whole and sorted: somebody's hands, one post, or a village. */
const isSmall = (search: Search): boolean =>
  search.hands !== null || search.unit !== null || search.holder !== null || isNarrow(search.paths)

const orders = {
  newest: { by: 'id desc', back: 'id', key: 'null::timestamptz' },
  oldest: { by: 'id', back: 'id desc', key: 'null::timestamptz' },
  due: { by: 'due_key, id', back: 'due_key desc, id desc', key: `coalesce(due_at, 'infinity')` },
} as const

/** The rows after a cursor, in the list's order. */
function beyondIn(
  sort: Search['sort'],
  after: [dueAt: Date | null, id: string] | null,
  put: (value: unknown) => string,
): string {
  if (!after) return 'true'
  const [dueAt, id] = after
  if (sort !== 'due') return `id ${sort === 'newest' ? '<' : '>'} ${put(id)}::uuid`
  return `(due_key, id) > (coalesce(${put(dueAt)}::timestamptz, 'infinity'), ${put(id)}::uuid)`
}

export interface SearchPage {
  rows: BriefRow[]
  /** Where the next page goes on; null at the end. */
  after: [dueAt: Date | null, id: string] | null
}

interface Found extends BriefRow {
  scanned: number
  lastId: string | null
  lastDue: Date | null
}

/**
 * A page of a filtered work list. Few matters are read whole and sorted; of many, an index is walked in the list's own
 * order, and what no index knows is tried on at most 20,000 of them, so that a page may come back short and still have
 * a next one. Unnamed: every mixture of filters is planned for what it asks.
 */
export async function searchMatters(
  tx: Tx,
  search: Search,
  page: { after: [Date | null, string] | null; limit: number },
): Promise<SearchPage> {
  const { hard, soft, values } = conditions(search)
  const put = (value: unknown): string => `$${values.push(value)}`
  const order = orders[search.sort]
  const small = isSmall(search)
  const scan = soft === '' ? page.limit + 1 : SCAN_MAX
  const key = search.sort === 'due' && !small ? 'due_at' : order.key
  const columns = `id, ${key} as due_key, ${soft === '' ? 'true' : soft} as hit`
  const beyond = beyondIn(search.sort, page.after, put)
  const seen = small
    ? `select * from (select ${columns} from matter where ${hard}) as here where ${beyond} order by ${order.by} limit ${put(scan)}`
    : `select ${columns} from matter where ${hard}${search.sort === 'due' ? ' and due_at is not null' : ''}
       and ${beyond.replaceAll('due_key', 'due_at')} order by ${order.by.replaceAll('due_key', 'due_at')} limit ${put(scan)}`
  const text = `with seen as materialized (${seen}),
    found as materialized (select id from seen where hit order by ${order.by} limit ${put(page.limit + 1)}),
    walked as (select count(*)::int as scanned, (select id from seen order by ${order.back} limit 1) as last_id,
      (select due_key from seen order by ${order.back} limit 1) as last_due from seen)
    select walked.scanned, walked.last_id as "lastId", nullif(walked.last_due, 'infinity') as "lastDue", m.*
    from walked left join (select ${BRIEF} from matter where county = $1 and id in (select id from found)) as m on true
    order by ${search.sort === 'due' ? `coalesce(m."dueAt", 'infinity'), m.id` : search.sort === 'oldest' ? 'm.id' : 'm.id desc'}`
  const found = await hot<Found>(tx, '', text, values)
  const rows = found.filter(({ id }) => id !== null)
  const last = rows[page.limit - 1]
  if (rows.length > page.limit && last) return { rows: rows.slice(0, page.limit), after: [last.dueAt, last.id] }
  const walked = found[0]
  const more = soft !== '' && walked !== undefined && walked.scanned === SCAN_MAX && walked.lastId !== null
  return { rows, after: more ? [walked.lastDue, walked.lastId!] : null }
}

/** Live count of a list, never more than COUNT_MAX + 1 and never looking further than one page would. */
export async function countMatters(tx: Tx, search: Search): Promise<number> {
  const { hard, soft, values } = conditions(search)
  const put = (value: unknown): string => `$${values.push(value)}`
  const text =
    soft === ''
      ? `select count(*)::int as count from (select 1 from matter where ${hard} limit ${put(COUNT_MAX + 1)}) as found`
      : `select count(*)::int as count from (select 1 from (select ${soft} as hit from matter where ${hard} limit ${put(SCAN_MAX)}) as seen where hit limit ${put(COUNT_MAX + 1)}) as found`
  return (await hot<{ count: number }>(tx, '', text, values))[0]?.count ?? 0
}

const HOLDERS_MAX = 300

/** Who has how many open matters below the paths, most first. */
export function listHolding(tx: Tx, county: string, paths: string[]): Promise<(HeldBy & { count: number })[]> {
  const values: unknown[] = [county]
  const where = pathsIn(paths, (value) => `$${values.push(value)}`)
  return hot(
    tx,
    '',
    `select holder_role as role, holder_unit as unit, holder_path as path, count(*)::int as count from matter
     where county = $1 and closed_at is null and holder_role <> '' and ${where}
     group by holder_role, holder_unit, holder_path order by count(*) desc, holder_path limit ${HOLDERS_MAX}`,
    values,
  )
}

/** Matters joined to one as the same, and the one that it was joined to. */
export function listJoined(tx: Tx, county: string, id: string, duplicateOf: string | null): Promise<BriefRow[]> {
  return hot<BriefRow>(
    tx,
    'loop_joined',
    `select ${BRIEF} from matter where county = $1 and duplicate_of = $2
     union all select ${BRIEF} from matter where county = $1 and id = $3 limit 20`,
    [county, id, duplicateOf],
  )
}

export interface ViewRow {
  id: string
  ownerId: string
  name: string
  filter: WorkFilter
  sharedPath: string | null
  sharedRole: string
  version: number
}

const VIEW = `id, owner_id as "ownerId", name, filter, shared_path as "sharedPath", shared_role as "sharedRole", version`

/** Own views, then those offered to one's posts; each at most `limit`. */
export function listViews(
  tx: Tx,
  county: string,
  who: { account: string; above: string[]; roles: string[]; limit: number },
): Promise<ViewRow[]> {
  return hot<ViewRow>(
    tx,
    'loop_views',
    `(select ${VIEW} from saved_view where county = $1 and owner_id = $2 order by created_at limit $5)
     union all
     (select ${VIEW} from saved_view where county = $1 and shared_path = any($3::text[]) and owner_id <> $2
       and (shared_role = '' or shared_role = any($4::text[])) order by created_at limit $5)`,
    [county, who.account, who.above, who.roles, who.limit],
  )
}

export async function findView(tx: Tx, county: string, id: string): Promise<ViewRow | undefined> {
  const text = `select ${VIEW} from saved_view where county = $1 and id = $2 for update`
  return (await hot<ViewRow>(tx, 'loop_view', text, [county, id]))[0]
}

export async function saveView(tx: Tx, county: string, row: ViewRow, at: Date): Promise<void> {
  await hot(
    tx,
    'loop_view_save',
    `insert into saved_view (county, id, owner_id, name, filter, shared_path, shared_role, version, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
     on conflict (county, id) do update set name = excluded.name, filter = excluded.filter, shared_path = excluded.shared_path,
       shared_role = excluded.shared_role, version = excluded.version, changed_at = excluded.changed_at
     where saved_view.version = excluded.version - 1 and saved_view.owner_id = excluded.owner_id`,
    [
      county,
      row.id,
      row.ownerId,
      row.name,
      JSON.stringify(row.filter),
      row.sharedPath,
      row.sharedRole,
      row.version,
      at,
    ],
  )
}

export async function removeView(tx: Tx, county: string, id: string): Promise<void> {
  await hot(tx, 'loop_view_remove', 'delete from saved_view where county = $1 and id = $2', [county, id])
}

const VIEW_OF_PLACE = `((shared_path >= $2 and shared_path < $3) or (filter->>'area' >= $2 collate "C" and filter->>'area' < $3 collate "C"))`
const placed = (value: string): string =>
  `case when ${value} >= $2 collate "C" and ${value} < $3 collate "C" then $4 || substr(${value}, length($5) + 1) else ${value} end`

/** Views shared in a place or looking at one; people keep a few each, so the county's are looked through. */
export async function countViewsUnder(tx: Tx, county: string, path: string): Promise<number> {
  const text = `select count(*)::int as count from saved_view where county = $1 and ${VIEW_OF_PLACE}`
  return (await hot<{ count: number }>(tx, 'loop_views_under', text, [county, ...subtreeRange(path)]))[0]?.count ?? 0
}

/** Views shared in a place or looking at one go where the place went. */
export async function moveViews(tx: Tx, county: string, from: string, to: string): Promise<number> {
  const text = `update saved_view set shared_path = ${placed('shared_path')},
      filter = case when filter ? 'area' then jsonb_set(filter, '{area}', to_jsonb(${placed("(filter->>'area')")})) else filter end
    where county = $1 and ${VIEW_OF_PLACE} returning id`
  return (await hot(tx, 'loop_views_move', text, [county, ...subtreeRange(from), to, from])).length
}

export async function findLook(tx: Tx, county: string, account: string): Promise<DeskLook | undefined> {
  const text = `select default_view as "defaultView", columns, density from work_desk where county = $1 and account_id = $2`
  return (await hot<DeskLook>(tx, 'loop_look', text, [county, account]))[0]
}

export async function saveLook(tx: Tx, county: string, account: string, look: DeskLook, at: Date): Promise<void> {
  await hot(
    tx,
    'loop_look_save',
    `insert into work_desk (county, account_id, default_view, columns, density, changed_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (county, account_id) do update set default_view = excluded.default_view, columns = excluded.columns,
       density = excluded.density, changed_at = excluded.changed_at`,
    [county, account, look.defaultView, look.columns, look.density, at],
  )
}
