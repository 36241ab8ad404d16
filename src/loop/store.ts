import type { TimeUnit } from '../kernel/calendar.ts'
import { gathered, hot, hotRead, hotWhole, type Tx } from '../kernel/db.ts'
import { subtreeRange } from '../kernel/grants.ts'
import { ENTRY_PARAMETERS, entryCte, entryValues, type EntryRow } from '../ledger/index.ts'
import type { Clock } from './deadline.ts'

/** A matter as the store keeps it. */
export interface MatterRow {
  county: string
  id: string
  number: string
  kind: string
  packVersion: number
  category: string
  urgent: boolean
  text: string
  form: Record<string, unknown>
  address: string
  longitude: number | null
  latitude: number | null
  accuracyMetres: number | null
  positionSource: string | null
  areaPath: string
  areaChosen: boolean
  channel: string
  reporterKind: string
  reporterId: string | null
  contactSealed: Buffer | null
  contactBlind: Buffer | null
  state: string
  tone: string
  holderRole: string
  /** Department, or empty. */
  holderUnit: string
  holderPath: string
  holderAccount: string | null
  handledBy: string | null
  stateEnteredAt: Date
  dueAt: Date | null
  dueProvisional: boolean
  clock: Clock
  sweepAt: Date | null
  overdueLevel: number
  progressHash: Buffer
  duplicateOf: string | null
  ratingScore: string | null
  ratingComment: string | null
  ratedAt: Date | null
  version: number
  movedVersion: number
  reportedAt: Date
  closedAt: Date | null
}

export interface StepRow {
  county: string
  matterId: string
  version: number
  entryId: string
  event: string
  move: string | null
  fromState: string | null
  toState: string
  actorId: string | null
  actorLabel: string
  deputyFor: string | null
  form: Record<string, unknown>
  fileIds: string[]
  holderRole: string
  /** Department, or empty. */
  holderUnit: string
  holderPath: string
  salt: Buffer
  at: Date
  /** By what the sender named the step before it had a network. */
  moveId: string | null
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const matterColumns = [
  'county',
  'id',
  'number',
  'kind',
  'packVersion',
  'category',
  'urgent',
  'text',
  'form',
  'address',
  'longitude',
  'latitude',
  'accuracyMetres',
  'positionSource',
  'areaPath',
  'areaChosen',
  'channel',
  'reporterKind',
  'reporterId',
  'contactSealed',
  'contactBlind',
  'state',
  'tone',
  'holderRole',
  'holderUnit',
  'holderPath',
  'holderAccount',
  'handledBy',
  'stateEnteredAt',
  'dueAt',
  'dueProvisional',
  'clock',
  'sweepAt',
  'overdueLevel',
  'progressHash',
  'duplicateOf',
  'ratingScore',
  'ratingComment',
  'ratedAt',
  'version',
  'movedVersion',
  'reportedAt',
  'closedAt',
] as const satisfies readonly (keyof MatterRow)[]

const stepColumns = [
  'county',
  'matterId',
  'version',
  'entryId',
  'event',
  'move',
  'fromState',
  'toState',
  'actorId',
  'actorLabel',
  'deputyFor',
  'form',
  'fileIds',
  'holderRole',
  'holderUnit',
  'holderPath',
  'salt',
  'at',
  'moveId',
] as const satisfies readonly (keyof StepRow)[]

/** What a move may change of a matter. */
/** Not where it lies: only an area that moves changes that, maybe while somebody makes a step. */
const movedColumns = [
  'state',
  'tone',
  'category',
  'urgent',
  'holderRole',
  'holderUnit',
  'holderPath',
  'holderAccount',
  'handledBy',
  'stateEnteredAt',
  'dueAt',
  'dueProvisional',
  'clock',
  'sweepAt',
  'overdueLevel',
  'duplicateOf',
  'ratingScore',
  'ratingComment',
  'ratedAt',
  'version',
  'movedVersion',
  'closedAt',
] as const satisfies readonly (keyof MatterRow)[]

const selectList = (columns: readonly string[], from = ''): string =>
  columns.map((name) => `${from}${snake(name)} as "${name}"`).join(', ')
const placeholders = (first: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `$${first + at}`).join(', ')
const jsonColumns = new Set(['form', 'clock'])
const valuesOf = (row: object, columns: readonly string[]): unknown[] =>
  columns.map((name) => {
    const value = (row as Record<string, unknown>)[name]
    return jsonColumns.has(name) ? JSON.stringify(value) : value
  })

const insertStep = (first: number): string =>
  `step as (insert into matter_step (${stepColumns.map(snake).join(', ')}) values (${placeholders(first, stepColumns.length)}))`

const IDEMPOTENCY_COLUMNS = 7
const insertIdempotency = (first: number): string =>
  `kept as (insert into idempotency (county, owner, key, route, request_hash, answer, at) values (${placeholders(first, IDEMPOTENCY_COLUMNS)}))`

/** The row of `idempotency` that a hot path writes inside its own statement. */
export type KeptAnswer = [
  county: string,
  owner: string,
  key: string,
  route: string,
  requestHash: Buffer,
  answer: Buffer,
  at: Date,
]

/** What no matter has yet when it is reported. */
const laterColumns = new Set(['handledBy', 'duplicateOf', 'ratingScore', 'ratingComment', 'ratedAt', 'closedAt'])
const reportedColumns = matterColumns.filter((name) => !laterColumns.has(name))

const reportText = (kept: boolean): string => {
  const step = 1 + reportedColumns.length
  const entry = step + stepColumns.length
  return `with added as (insert into matter (${reportedColumns.map(snake).join(', ')}) values (${placeholders(1, reportedColumns.length)})),
    ${insertStep(step)}, ${entryCte(entry)}${kept ? `, ${insertIdempotency(entry + ENTRY_PARAMETERS)}` : ''} select 1`
}
const REPORT = reportText(false)
const REPORT_KEPT = reportText(true)

/** What is written beside matter and step. */
export interface Written {
  entry: EntryRow
  kept: KeptAnswer | null
  /** Whether nothing else is written by the command. */
  whole: boolean
}

/** Matter, step, ledger entry, to-do and (where asked) the kept answer: one statement, one round trip. */
export async function insertReport(tx: Tx, matter: MatterRow, step: StepRow, written: Written): Promise<void> {
  const values = [...valuesOf(matter, reportedColumns), ...valuesOf(step, stepColumns), ...entryValues(written.entry)]
  const write = written.whole ? hotWhole : hot
  if (written.kept) await write(tx, 'loop_report_kept', REPORT_KEPT, [...values, ...written.kept])
  else await write(tx, 'loop_report', REPORT, values)
}

const moveText = (kept: boolean): string => {
  const changes = movedColumns.map((name, at) => `${snake(name)} = $${at + 4}`).join(', ')
  const step = 4 + movedColumns.length
  const entry = step + stepColumns.length
  return `with moved as (update matter set ${changes} where county = $1 and id = $2 and version = $3 returning version),
    ${insertStep(step)}, ${entryCte(entry)}${kept ? `, ${insertIdempotency(entry + ENTRY_PARAMETERS)}` : ''} select 1 / count(*) as moved from moved`
}
const MOVE = moveText(false)
const MOVE_KEPT = moveText(true)

const DIVISION_BY_ZERO = '22012'

/**
 * Saves a move if the matter still has the version it was read at. The statement itself fails where it has not, so nothing
 * of it stays even where no transaction is around it.
 *
 * @returns whether it had; after false a transaction can only be rolled back.
 */
export async function saveMove(tx: Tx, matter: MatterRow, step: StepRow, written: Written): Promise<boolean> {
  const values = [
    matter.county,
    matter.id,
    matter.version - 1,
    ...valuesOf(matter, movedColumns),
    ...valuesOf(step, stepColumns),
    ...entryValues(written.entry),
  ]
  const write = written.whole ? hotWhole : hot
  try {
    if (written.kept) await write(tx, 'loop_move_kept', MOVE_KEPT, [...values, ...written.kept])
    else await write(tx, 'loop_move', MOVE, values)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === DIVISION_BY_ZERO) return false
    throw error
  }
}

const FIND = `select ${selectList(matterColumns)} from matter where county = $1 and id = $2`

export async function findMatter(tx: Tx, county: string, id: string): Promise<MatterRow | undefined> {
  return (await hotRead<MatterRow>(tx, 'loop_find', FIND, [county, id]))[0]
}

/** What those who name a matter elsewhere need to know of it. */
export type NamedRow = Pick<
  MatterRow,
  'id' | 'number' | 'kind' | 'packVersion' | 'category' | 'reporterKind' | 'reporterId' | 'state' | 'tone' | 'closedAt'
>

export const listNamed = (tx: Tx, county: string, ids: readonly string[]): Promise<NamedRow[]> =>
  hot<NamedRow>(
    tx,
    'loop_list_named',
    `select id, number, kind, pack_version as "packVersion", category, reporter_kind as "reporterKind",
       reporter_id as "reporterId", state, tone, closed_at as "closedAt"
     from matter where county = $1 and id = any($2::uuid[])`,
    [county, ids],
  )

/** Matters and their steps in one statement; instants and bytes of the steps come as text and are read back. */
const PAGES = `select ${selectList(matterColumns)}, (select coalesce(json_agg(json_build_array(
    version, entry_id, event, move, from_state, to_state, actor_id, actor_label, deputy_for, form, file_ids, holder_role,
    holder_unit, holder_path, extract(epoch from at) * 1000) order by version), '[]')
  from matter_step s where s.county = m.county and s.matter_id = m.id) as steps
  from matter m where county = $1 and id = any($2::uuid[])`

type PackedStep = [
  number,
  string,
  string,
  string | null,
  string | null,
  string,
  string | null,
  string,
  string | null,
  Record<string, unknown>,
  string[],
  string,
  string,
  string,
  number,
]

export interface MatterWithSteps {
  row: MatterRow
  steps: StepRow[]
}

/** Several matters with their steps: one statement. The salts stay where they are. */
export async function listMatterPages(tx: Tx, county: string, ids: readonly string[]): Promise<MatterWithSteps[]> {
  const found = await hotRead<MatterRow & { steps: PackedStep[] }>(tx, 'loop_pages', PAGES, [county, ids])
  return found.map(({ steps, ...row }) => ({ row, steps: steps.map((packed) => unpack(county, row.id, packed)) }))
}

/** A matter with its steps, for its page; pages asked for at once share a statement. */
export const findMatterPage = (tx: Tx, county: string, id: string): Promise<MatterWithSteps | undefined> =>
  gathered(tx, 'loop_pages', id, async (own, ids) => {
    const pages = await listMatterPages(own, county, ids)
    return new Map(pages.map((page) => [page.row.id, page]))
  })

function unpack(county: string, matterId: string, packed: PackedStep): StepRow {
  const [version, entryId, event, move, fromState, toState, actorId, actorLabel, deputyFor, form, fileIds] = packed
  const [holderRole, holderUnit, holderPath, at] = packed.slice(11) as [string, string, string, number]
  const who = { actorId, actorLabel, deputyFor }
  const holder = { holderRole, holderUnit, holderPath }
  const base = { county, matterId, version, entryId, event, move, fromState, toState, form, fileIds }
  return { ...base, ...who, ...holder, salt: Buffer.alloc(0), at: new Date(at), moveId: null }
}

const BY_CODE = `select ${selectList(matterColumns)} from matter where county = $1 and progress_hash = $2`

export async function findByProgress(tx: Tx, county: string, hash: Buffer): Promise<MatterRow | undefined> {
  return (await hot<MatterRow>(tx, 'loop_by_progress', BY_CODE, [county, hash]))[0]
}

const STEPS = `select ${selectList(stepColumns)} from matter_step where county = $1 and matter_id = $2 order by version`

export function listSteps(tx: Tx, county: string, id: string): Promise<StepRow[]> {
  return hotRead<StepRow>(tx, 'loop_steps', STEPS, [county, id])
}

/** What a work list shows of a matter; of the text only the beginning. */
const briefColumns = [
  'id',
  'number',
  'kind',
  'packVersion',
  'category',
  'urgent',
  'longitude',
  'latitude',
  'areaPath',
  'state',
  'tone',
  'holderRole',
  'holderUnit',
  'holderPath',
  'dueAt',
  'dueProvisional',
  'version',
  'reportedAt',
  'closedAt',
] as const satisfies readonly (keyof MatterRow)[]
export type BriefRow = Pick<MatterRow, (typeof briefColumns)[number] | 'text'> & { unit: TimeUnit }
const TEXT_SHOWN = 400
export const BRIEF = `${selectList(briefColumns)}, left(text, ${TEXT_SHOWN}) as text, clock ->> 'unit' as unit`

export interface ListQuery {
  county: string
  /** Subtree roots; one or more. */
  paths: string[]
  state?: string | undefined
  category?: string | undefined
  open?: boolean | undefined
  limit: number
}

/**
 * The path condition: one range for each root. A single range is what the planner knows best, so it gets a text of its own.
 */
function pathCondition(paths: string[], values: unknown[]): string {
  const ranges = paths.map((path) => {
    values.push(...subtreeRange(path))
    return `(area_path >= $${values.length - 1} and area_path < $${values.length})`
  })
  return ranges.length === 1 ? ranges[0]! : `(${ranges.join(' or ')})`
}

/** Codes in a path from which on its subtree is small enough to be read whole and sorted: below a village. */
const NARROW_DEPTH = 4
export const isNarrow = (paths: string[]): boolean => paths.every((path) => path.split('/').length >= NARROW_DEPTH)

const TOWN_DEPTH = 2

/**
 * One town and state, or a place within it, as the index on both knows them: then one plan is right for every town, and the
 * statement is not planned anew each time.
 */
function townCondition(path: string, values: unknown[]): string {
  const codes = path.split('/')
  if (codes.length < TOWN_DEPTH) return 'true'
  values.push(codes.slice(0, TOWN_DEPTH).join('/'))
  const town = `town_path = $${values.length}`
  return codes.length === TOWN_DEPTH ? town : `${town} and ${pathCondition([path], values)}`
}

function filters(query: ListQuery, values: unknown[]): string {
  const { state, paths } = query
  const byTown = state !== undefined && paths.length === 1 && !isNarrow(paths)
  let where = `county = $1 and ${byTown ? townCondition(paths[0]!, values) : pathCondition(paths, values)}`
  if (state !== undefined) {
    values.push(state)
    where += ` and state = $${values.length}`
  }
  if (query.category !== undefined) {
    values.push(query.category)
    where += ` and category = $${values.length}`
  }
  if (query.open !== undefined) where += ` and closed_at is ${query.open ? 'null' : 'not null'}`
  return where
}

/** Names the text that a query makes: how deep a lone root lies decides its conditions. */
const depthOf = ({ paths }: ListQuery): number => (paths.length === 1 ? Math.min(paths[0]!.split('/').length, 3) : 0)

const shapeOf = (query: ListQuery, after: boolean): string =>
  [query.paths.length, depthOf(query), query.state !== undefined, query.category !== undefined, query.open, after]
    .map((part) => Number(part ?? 2))
    .join('')

/**
 * Newest first. Of a small subtree the rows are read by path and sorted; of a large one the id index is walked backwards and
 * filtered: each is a text of its own, for a shared generic plan would take one way for both.
 */
export function listNewest(tx: Tx, query: ListQuery, after: string | null): Promise<BriefRow[]> {
  const values: unknown[] = [query.county]
  let where = filters(query, values)
  if (after !== null) {
    values.push(after)
    where += ` and id < $${values.length}`
  }
  values.push(query.limit)
  const narrow = isNarrow(query.paths)
  const text = narrow
    ? `with here as materialized (select ${BRIEF} from matter where ${where}) select * from here order by id desc limit $${values.length}`
    : `select ${BRIEF} from matter where ${where} order by id desc limit $${values.length}`
  return hot<BriefRow>(tx, `loop_newest_${narrow ? 'narrow' : 'wide'}_${shapeOf(query, after !== null)}`, text, values)
}

/** Past due and still open, longest overdue first. */
export function listOverdue(
  tx: Tx,
  query: ListQuery,
  now: Date,
  after: [dueAt: Date, id: string] | null,
): Promise<BriefRow[]> {
  const values: unknown[] = [query.county]
  let where = filters({ ...query, open: true }, values)
  values.push(now)
  where += ` and due_at < $${values.length}`
  if (after) {
    values.push(...after)
    where += ` and (due_at, id) > ($${values.length - 1}, $${values.length})`
  }
  values.push(query.limit)
  const text = `select ${BRIEF} from matter where ${where} order by due_at, id limit $${values.length}`
  return hot<BriefRow>(tx, `loop_overdue_${shapeOf(query, after !== null)}`, text, values)
}

export interface Hands {
  /** Posts the actor holds now: role, department (or empty) and area, in step. */
  roles: string[]
  units: string[]
  paths: string[]
  account: string
}

const IN_HANDS = `closed_at is null and tone <> 'parked' and (holder_role, holder_unit, holder_path) in (select * from unnest($2::text[], $3::text[], $4::text[]))
  and (holder_account is null or holder_account = $5)`

/** What is in the actor's hands, due soonest first; what has no deadline comes last. */
export function listInHands(
  tx: Tx,
  county: string,
  hands: Hands,
  page: { after: [dueAt: Date | null, id: string] | null; limit: number },
): Promise<BriefRow[]> {
  const [dueAt, id] = page.after ?? [null, null]
  return hot<BriefRow>(
    tx,
    'loop_in_hands',
    `with mine as materialized (select ${BRIEF} from matter where county = $1 and ${IN_HANDS})
     select * from mine
     where $7::uuid is null or (coalesce("dueAt", 'infinity'), id) > (coalesce($6::timestamptz, 'infinity'), $7)
     order by coalesce("dueAt", 'infinity'), id limit $8`,
    [county, hands.roles, hands.units, hands.paths, hands.account, dueAt, id, page.limit],
  )
}

/** Counts above this are shown as "more than": a county's million is the wall's business, not a tab's. */
export const COUNT_MAX = 1000

/** Matters of one reporter, newest first. */
export function listReported(
  tx: Tx,
  county: string,
  reporter: { id: string; contact: Buffer | null },
  page: { after: string | null; limit: number },
): Promise<BriefRow[]> {
  return hot<BriefRow>(
    tx,
    'loop_reported',
    `select ${BRIEF} from matter
     where county = $1 and (reporter_id = $2 or contact_blind = $3) and ($4::uuid is null or id < $4)
     order by id desc limit $5`,
    [county, reporter.id, reporter.contact, page.after, page.limit],
  )
}

export async function findByNumber(tx: Tx, county: string, number: string): Promise<BriefRow | undefined> {
  const rows = await hot<BriefRow>(
    tx,
    'loop_by_number',
    `select ${BRIEF} from matter where county = $1 and number = $2`,
    [county, number],
  )
  return rows[0]
}

/** Recent matters of a subtree, newest first: what a new report is compared with. */
export function listRecent(
  tx: Tx,
  county: string,
  path: string,
  window: { since: Date; limit: number },
): Promise<BriefRow[]> {
  const [from, to] = subtreeRange(path)
  return hot<BriefRow>(
    tx,
    'loop_recent',
    `with here as materialized (select ${BRIEF} from matter where county = $1 and area_path >= $2 and area_path < $3 and reported_at >= $4)
     select * from here order by id desc limit $5`,
    [county, from, to, window.since, window.limit],
  )
}

/** Matters whose time to look has come; locked, so that each is swept by one process. */
export function lockDue(tx: Tx, county: string, now: Date, limit: number): Promise<MatterRow[]> {
  return hot<MatterRow>(
    tx,
    'loop_lock_due',
    `select ${selectList(matterColumns)} from matter where county = $1 and sweep_at <= $2 order by sweep_at limit $3 for update skip locked`,
    [county, now, limit],
  )
}

/** Open matters of a kind in some states below a path, newest first: what a fresh report may belong to. */
export function listRunning(
  tx: Tx,
  county: string,
  path: string,
  wish: { kind: string; states: readonly string[]; limit: number },
): Promise<BriefRow[]> {
  const [from, to] = subtreeRange(path)
  return hot<BriefRow>(
    tx,
    'loop_running',
    `with here as materialized (select ${BRIEF} from matter where county = $1 and area_path >= $2 and area_path < $3
       and closed_at is null and kind = $4 and state = any($5))
     select * from here order by id desc limit $6`,
    [county, from, to, wish.kind, wish.states, wish.limit],
  )
}

/** Rows of a list by their ids, newest first. */
export function listBriefs(tx: Tx, county: string, ids: readonly string[]): Promise<BriefRow[]> {
  return hot<BriefRow>(
    tx,
    'loop_briefs',
    `select ${BRIEF} from matter where county = $1 and id = any($2::uuid[]) order by id desc`,
    [county, ids],
  )
}

/** Takes the next `count` running numbers of the day; returns the first. */
export async function takeNumbers(tx: Tx, county: string, day: string, count: number): Promise<number> {
  const rows = await hot<{ next: number }>(
    tx,
    'loop_take_numbers',
    `insert into matter_number_block (county, day, next) values ($1, $2, $3 + 1)
     on conflict on constraint matter_number_block_pkey do update set next = matter_number_block.next + $3 returning next`,
    [county, day, count],
  )
  return rows[0]!.next - count
}

export interface UnmaskingRow {
  county: string
  id: string
  matterId: string
  byAccount: string | null
  purpose: string
  reason: string
  salt: Buffer
  at: Date
}

export async function insertUnmasking(tx: Tx, row: UnmaskingRow): Promise<void> {
  await tx.insertInto('matterUnmasking').values(row).execute()
}

/** Saves when a matter is looked at next and its recounted deadline, unless it has moved meanwhile. */
export async function saveSweep(tx: Tx, row: MatterRow): Promise<void> {
  const { dueAt, dueProvisional, sweepAt } = row
  await tx
    .updateTable('matter')
    .set({ dueAt, dueProvisional, sweepAt })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .execute()
}

/** Open matters whose deadline was counted without the year's holidays. */
export function listProvisional(tx: Tx, county: string, limit: number): Promise<MatterRow[]> {
  return hot<MatterRow>(
    tx,
    'loop_provisional',
    `select ${selectList(matterColumns)} from matter where county = $1 and due_provisional and closed_at is null order by id limit $2`,
    [county, limit],
  )
}

/** Open matters in the hands of posts, counted by post; those without any are left out. */
export function countOpenWith(
  tx: Tx,
  county: string,
  posts: readonly { role: string; unit: string; areaPath: string }[],
): Promise<{ role: string; unit: string; path: string; count: number }[]> {
  return hot(
    tx,
    'loop_open_with',
    `select holder_role as role, holder_unit as unit, holder_path as path, count(*)::int as count from matter
     where county = $1 and closed_at is null and holder_path = any($4::text[])
       and (holder_role, holder_unit, holder_path) in (select * from unnest($2::text[], $3::text[], $4::text[]))
     group by holder_role, holder_unit, holder_path order by count(*) desc, holder_path`,
    [county, posts.map(({ role }) => role), posts.map(({ unit }) => unit), posts.map(({ areaPath }) => areaPath)],
  )
}

const gone = (column: string): string =>
  `case when ${column} >= $2 and ${column} < $3 then $4 || substr(${column}, length($5) + 1) else ${column} end`
const REHOME = `with moved as (update matter set area_path = ${gone('area_path')}, holder_path = ${gone('holder_path')}
    where county = $1 and ((area_path >= $2 and area_path < $3) or (holder_path >= $2 and holder_path < $3)) returning id),
  steps as (update matter_step s set holder_path = ${gone('s.holder_path')} from moved
    where s.county = $1 and s.matter_id = moved.id and s.holder_path >= $2 and s.holder_path < $3)
  select count(*)::int as count from moved`

/** Matters of a place, and what its posts have in hand or had, go where the place went. No version changes. */
export async function moveMatters(tx: Tx, county: string, from: string, to: string): Promise<number> {
  const values = [county, ...subtreeRange(from), to, from]
  return (await hot<{ count: number }>(tx, 'loop_rehome', REHOME, values))[0]?.count ?? 0
}

export interface PlacedMatter {
  id: string
  longitude: number | null
  latitude: number | null
  number: string
  address: string
  open: boolean
}

/** Matters of exactly this area in id order, from after `afterId`, reported until then. */
export const listPlacedIn = (
  tx: Tx,
  county: string,
  areaPath: string,
  page: { afterId: string; until: Date; limit: number },
): Promise<PlacedMatter[]> =>
  hot(
    tx,
    'loop_placed_in',
    `select id, longitude, latitude, number, address, closed_at is null as open from matter
     where county = $1 and area_path = $2 and id > $3 and reported_at <= $4 order by id limit $5`,
    [county, areaPath, page.afterId, page.until, page.limit],
  )

const SHARE = `update matter set area_path = $4, holder_path = case when holder_path = $3 then $4 else holder_path end
  where county = $1 and id = any($2::uuid[]) and area_path = $3 returning id`

/** Matters of a split area go to a part of it, and to its posts what the old area's posts had in hand. */
export async function shareMatters(
  tx: Tx,
  county: string,
  share: { ids: string[]; from: string; to: string },
): Promise<string[]> {
  const rows = await hot<{ id: string }>(tx, 'loop_share', SHARE, [county, share.ids, share.from, share.to])
  return rows.map(({ id }) => id)
}

const SETTLE = `update matter set holder_path = $3 where county = $1 and area_path = $3 and holder_path = $2
  and closed_at is null and state_entered_at <= $4 returning id`

/** A step that was begun before a split and written after it left a matter with the old area's post: it goes on to the new one's. */
export async function settleHolders(
  tx: Tx,
  county: string,
  share: { from: string; to: string; until: Date },
): Promise<number> {
  return (await hot(tx, 'loop_settle_holders', SETTLE, [county, share.from, share.to, share.until])).length
}

/** Open matters in a subtree. */
export async function countOpenUnder(tx: Tx, county: string, path: string): Promise<number> {
  const text = `select count(*)::int as count from matter
    where county = $1 and area_path >= $2 and area_path < $3 and closed_at is null`
  return (await hot<{ count: number }>(tx, 'loop_open_under', text, [county, ...subtreeRange(path)]))[0]?.count ?? 0
}
