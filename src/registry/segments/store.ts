import { CompiledQuery, sql, type Selectable } from 'kysely'
import type { Tx } from '../../kernel/db.ts'
import type { SegmentTable } from '../../kernel/tables.ts'
import type { Ranges } from '../access.ts'
import { Parameters, questionText } from './conditions.ts'
import type { Question, SegmentSubject } from './contract.ts'

export type SegmentRow = Omit<Selectable<SegmentTable>, 'question'> & { question: object }

export async function insertSegment(tx: Tx, row: SegmentRow): Promise<void> {
  await tx.insertInto('segment').values(row).execute()
}

export async function findSegment(tx: Tx, county: string, id: string): Promise<SegmentRow | undefined> {
  const found = tx.selectFrom('segment').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.where('closedAt', 'is', null).executeTakeFirst()) as SegmentRow | undefined
}

export async function lockSegment(tx: Tx, county: string, id: string): Promise<SegmentRow | undefined> {
  const found = tx.selectFrom('segment').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.where('closedAt', 'is', null).forUpdate().executeTakeFirst()) as SegmentRow | undefined
}

export async function saveSegment(
  tx: Tx,
  row: Pick<SegmentRow, 'county' | 'id'>,
  change: Partial<Omit<SegmentRow, 'county' | 'id'>>,
): Promise<void> {
  const saved = tx.updateTable('segment').set(change).where('county', '=', row.county).where('id', '=', row.id)
  await saved.execute()
}

export interface SegmentQuery {
  account: string
  /** Places in which the asker may read, and the areas above them. */
  ranges: Ranges
  above: readonly string[]
  subject: string | null
  after: string | null
  limit: number
}

/** One's own, and what others share where one answers for a place. */
export async function listSegments(tx: Tx, county: string, query: SegmentQuery): Promise<SegmentRow[]> {
  let found = tx.selectFrom('segment').selectAll().where('county', '=', county).where('closedAt', 'is', null)
  found = found.where((row) =>
    row.or([
      row('byAccount', '=', query.account),
      row.and([
        row('shared', '=', true),
        row.or([
          row('areaPath', 'in', [...query.above, '']),
          ...query.ranges.low.map((low, at) =>
            row.and([row('areaPath', '>=', low), row('areaPath', '<', query.ranges.high[at]!)]),
          ),
        ]),
      ]),
    ]),
  )
  if (query.after !== null) found = found.where('id', '<', query.after)
  if (query.subject !== null) found = found.where(sql<boolean>`question->>'subject' = ${query.subject}`)
  return (await found.orderBy('id', 'desc').limit(query.limit).execute()) as SegmentRow[]
}

/** Where a walk through the records stands: which range of places, which of the two walks, and behind which record. */
export interface Step {
  range: number
  /** `home`: by where they live or lie. `tied`: people who live outside and own or rent inside. */
  walk: 'home' | 'tied'
  path: string
  id: string
}

/** How many records one step looks at: about 20 ms at five million people. */
export const WINDOW = 3_000

export interface Asked {
  question: Question
  ranges: Ranges
  today: string
  now: Date
}

const tables: Record<SegmentSubject, { table: string; lasting: string }> = {
  person: { table: 'person', lasting: `p.state in ('present', 'away')` },
  household: { table: 'household', lasting: 'p.closed_at is null' },
  premises: { table: 'premises', lasting: 'p.closed_at is null' },
  organisation: { table: 'organisation', lasting: 'p.closed_at is null' },
}

/** The statement of one step of a walk; exported so that its plan can be looked at. */
export function windowText(
  county: string,
  asked: Asked,
  step: Step,
  window: number,
): [text: string, values: unknown[]] {
  const parameters = new Parameters()
  const own = parameters.add(county, 'text')
  const { low, high } = asked.ranges
  const from = parameters.add(step.path, 'text')
  const until = parameters.add(high[step.range], 'text')
  const behind = parameters.add(step.id, 'uuid')
  // Taken in at their first use: a parameter that no text names has no type for the server.
  let places: string | undefined
  const inScope = (column: string): string => {
    places ??= `unnest(${parameters.add(low, 'text[]')}, ${parameters.add(high, 'text[]')})`
    return `exists (select from ${places} s (low, high) where ${column} >= s.low and ${column} < s.high)`
  }
  const { subject } = asked.question
  const { table, lasting } = tables[subject]
  const limit = parameters.add(window, 'integer')
  const condition = questionText(
    { subject, parameters, county: own, inScope, today: asked.today, now: asked.now },
    asked.question,
  )
  const walked =
    step.walk === 'home'
      ? `select p.area_path as walk_path, p.* from ${table} p
         where p.county = ${own} and p.area_path >= ${from} and p.area_path < ${until} and (p.area_path, p.id) > (${from}, ${behind})
           and ${lasting} order by p.area_path, p.id limit ${limit}`
      : `select r.area_path as walk_path, p.* from (
           select distinct on (area_path, person_id) area_path, person_id from residence
           where county = ${own} and area_path >= ${from} and area_path < ${until} and (area_path, person_id) > (${from}, ${behind})
             and until_on is null order by area_path, person_id limit ${limit}) r
         join person p on p.county = ${own} and p.id = r.person_id`
  const outside =
    step.walk === 'home'
      ? ''
      : ` and ${lasting} and not ${inScope('p.area_path')} and not exists (select from residence e
          where e.county = ${own} and e.person_id = p.id and e.until_on is null and e.area_path < p.walk_path and ${inScope('e.area_path')})`
  const text = `with walked as materialized (${walked}),
    last as (select walk_path, id, (select count(*)::int from walked) as looked from walked order by walk_path desc, id desc limit 1)
    select l.looked as looked, l.walk_path as "lastpath", l.id as "lastid", f.id as id from last l
    left join (select p.id, p.walk_path from walked p where ${condition}${outside}) f on true order by f.walk_path, f.id`
  return [text, parameters.values]
}

export interface Window {
  ids: string[]
  looked: number
  last: { path: string; id: string } | null
}

/** Looks at the next records of a walk, and gives those that fit. */
export async function askWindow(tx: Tx, county: string, asked: Asked, step: Step, window = WINDOW): Promise<Window> {
  const [text, values] = windowText(county, asked, step, window)
  const { rows } = await tx.executeQuery<{ looked: number; lastpath: string; lastid: string; id: string | null }>(
    CompiledQuery.raw(text, values),
  )
  const [first] = rows
  return {
    ids: rows.flatMap(({ id }) => (id === null ? [] : [id])),
    looked: first?.looked ?? 0,
    last: first ? { path: first.lastpath, id: first.lastid } : null,
  }
}

/** How many records the planner reckons a walk has in one range of places. */
export async function reckonWalk(
  tx: Tx,
  county: string,
  asked: Asked,
  step: Pick<Step, 'range' | 'walk'>,
): Promise<number> {
  const { table, lasting } = tables[asked.question.subject]
  const place = `county = $1 and area_path >= $2::text and area_path < $3::text`
  const text =
    step.walk === 'home'
      ? `explain (format json) select from ${table} p where ${place} and ${lasting}`
      : `explain (format json) select from residence p where ${place} and until_on is null`
  const values = [county, asked.ranges.low[step.range], asked.ranges.high[step.range]]
  const { rows } = await tx.executeQuery<Record<string, [{ Plan: { 'Plan Rows': number } }]>>(
    CompiledQuery.raw(text, values),
  )
  const plan = Object.values(rows[0] ?? {})[0]
  return plan?.[0].Plan['Plan Rows'] ?? 0
}

export interface Shown {
  id: string
  areaPath: string
  title: string
  code: string
  count: number | null
  address: string
}

const shownTexts: Record<SegmentSubject, string> = {
  person: `select p.id, p.area_path as "areaPath", p.name as title, p.registration as code,
      extract(year from age($3::date, p.born_on))::int as count, coalesce(q.address, '') as address
    from person p left join premises q on q.county = p.county and q.id = p.premises_id`,
  household: `select p.id, p.area_path as "areaPath", coalesce(m.name, '') as title, p.kind as code, p.members as count, q.address
    from household p join premises q on q.county = p.county and q.id = p.premises_id
    left join person m on m.county = p.county and m.id = p.head_id`,
  premises: `select p.id, p.area_path as "areaPath", p.address as title, p.use as code, null::int as count, p.address from premises p`,
  organisation: `select p.id, p.area_path as "areaPath", p.name as title, p.kind as code, p.headcount as count, p.address from organisation p`,
}

/** What a list shows of some records. */
export async function listShown(
  tx: Tx,
  county: string,
  subject: SegmentSubject,
  asked: { ids: readonly string[]; today: string },
): Promise<Shown[]> {
  const text = `${shownTexts[subject]} where p.county = $1 and p.id = any($2::uuid[]) and $3::date is not null order by p.area_path, p.id`
  const { rows } = await tx.executeQuery<Shown>(CompiledQuery.raw(text, [county, [...asked.ids], asked.today]))
  return rows
}

/** Campaigns that one may name in a condition, latest first; at most 50. */
export async function listCampaigns(tx: Tx, county: string, ranges: Ranges): Promise<{ id: string; name: string }[]> {
  const text = `select c.id, c.name from visit_campaign c where c.county = $1 and exists (
      select from visit_campaign_area a, unnest($2::text[], $3::text[]) s (low, high)
      where a.county = $1 and a.campaign_id = c.id and (a.area_path >= s.low and a.area_path < s.high
        or s.low >= a.area_path and s.low < a.area_path || '0'))
    order by c.opened_at desc, c.id limit 50`
  const { rows } = await tx.executeQuery<{ id: string; name: string }>(
    CompiledQuery.raw(text, [county, ranges.low, ranges.high]),
  )
  return rows
}

/** Segments of a place go where the place went. */
export async function moveSegments(
  tx: Tx,
  county: string,
  range: readonly [string, string],
  to: string,
  from: string,
): Promise<void> {
  const text = `update segment set area_path = $4 || substr(area_path, length($5) + 1)
    where county = $1 and area_path >= $2 and area_path < $3`
  await tx.executeQuery(CompiledQuery.raw(text, [county, ...range, to, from]))
}
