import { hot, type Tx } from '../kernel/db.ts'
import type { NodeRef, StoredNode } from './merkle.ts'
import { readLeaf } from './rules.ts'
import { SEALED_CHANNEL } from './wake.ts'

/** An entry ready to be written. */
export interface EntryRow {
  county: string
  id: string
  event: string
  subjectId: string
  subjectVersion: number
  at: Date
  actorKind: string
  actorId: string | null
  actorLabel: string
  purpose: string
  /** Exact JCS bytes: the leaf. */
  bytes: Buffer
  leafHash: Buffer
}

/** How many parameters one entry takes in a statement. */
export const ENTRY_PARAMETERS = 12

/** The parameters of an entry, in the order that `entryCte` expects. */
export const entryValues = (row: EntryRow): unknown[] => [
  row.county,
  row.id,
  row.event,
  row.subjectId,
  row.subjectVersion,
  row.at,
  row.actorKind,
  row.actorId,
  row.actorLabel,
  row.purpose,
  row.bytes,
  row.leafHash,
]

/**
 * Two members of a WITH list that write an entry and its to-do, so that a hot path needs one statement for everything.
 *
 * @param first number of the entry's first parameter; ENTRY_PARAMETERS follow, as `entryValues` gives them.
 * @example
 * const text = `with moved as (update matter set state = $3, version = version + 1
 *     where county = $1 and id = $2 and version = $4 returning version),
 *   ${entryCte(5)} select version from moved`
 * const rows = await hot(tx, 'loop_move', text, [county, id, state, version, ...entryValues(entryOf(cmd, …))])
 * if (rows.length === 0) throw new Fault('kernel.stale')   // the rollback takes the entry along
 */
export function entryCte(first: number): string {
  const p = (offset: number): string => `$${first + offset}`
  return `ledger_entry_${first} as (insert into ledger_entry
    (county, id, event, subject_id, subject_version, at, actor_kind, actor_id, actor_label, purpose, bytes)
    values (${Array.from({ length: 11 }, (_, i) => p(i)).join(', ')})),
  ledger_todo_${first} as (insert into ledger_todo (county, subject_id, subject_version, entry, leaf_hash)
    values (${[0, 3, 4, 1, 11].map(p).join(', ')}))`
}

const INSERT_ENTRY = `with ${entryCte(1)} select 1`

export async function insertEntry(tx: Tx, row: EntryRow): Promise<void> {
  await hot(tx, 'ledger_insert_entry', INSERT_ENTRY, entryValues(row))
}

const INSERT_ENTRIES = `with rows as (select * from jsonb_to_recordset($2::jsonb) r (id uuid, event text, "subjectId" uuid,
    "subjectVersion" integer, at timestamptz, "actorKind" text, "actorId" uuid, "actorLabel" text, purpose text, bytes text,
    "leafHash" text)),
  entries as (insert into ledger_entry
    (county, id, event, subject_id, subject_version, at, actor_kind, actor_id, actor_label, purpose, bytes)
    select $1, r.id, r.event, r."subjectId", r."subjectVersion", r.at, r."actorKind", r."actorId", r."actorLabel", r.purpose,
      decode(r.bytes, 'hex') from rows r)
  insert into ledger_todo (county, subject_id, subject_version, entry, leaf_hash)
    select $1, r."subjectId", r."subjectVersion", r.id, decode(r."leafHash", 'hex') from rows r`

/** Many entries of one county in one statement. */
export async function insertEntries(tx: Tx, county: string, rows: readonly EntryRow[]): Promise<void> {
  const plain = rows.map((row) => ({
    ...row,
    bytes: row.bytes.toString('hex'),
    leafHash: row.leafHash.toString('hex'),
  }))
  await hot(tx, 'ledger_insert_entries', INSERT_ENTRIES, [county, JSON.stringify(plain)])
}

/** The state of a county's tree. */
export interface LogRow {
  logId: string
  size: number
  frontier: Buffer
  rootHash: Buffer
  sealedAt: Date
  keyId: string
  signature: Buffer
}
const LOG_COLUMNS = `log_id as "logId", size, frontier, root_hash as "rootHash", sealed_at as "sealedAt", key_id as "keyId", signature`

export async function findLog(tx: Tx, county: string): Promise<LogRow | undefined> {
  const [row] = await hot<LogRow>(tx, 'ledger_find_log', `select ${LOG_COLUMNS} from ledger_log where county = $1`, [
    county,
  ])
  return row
}

/** The sealer's lock; undefined when another sealer holds it, or when there is no log yet. */
export async function lockLog(tx: Tx, county: string): Promise<LogRow | undefined> {
  const text = `select ${LOG_COLUMNS} from ledger_log where county = $1 for update skip locked`
  const [row] = await hot<LogRow>(tx, 'ledger_lock_log', text, [county])
  return row
}

/** @returns whether this call made the log. */
export async function insertLog(tx: Tx, county: string, row: LogRow): Promise<boolean> {
  const made = await hot(
    tx,
    'ledger_insert_log',
    `insert into ledger_log (county, log_id, size, frontier, root_hash, sealed_at, key_id, signature)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict on constraint ledger_log_pkey do nothing returning county`,
    [county, row.logId, row.size, row.frontier, row.rootHash, row.sealedAt, row.keyId, row.signature],
  )
  return made.length > 0
}

export async function updateLog(tx: Tx, county: string, row: LogRow): Promise<void> {
  await hot(
    tx,
    'ledger_update_log',
    `update ledger_log set size = $2, frontier = $3, root_hash = $4, sealed_at = $5, key_id = $6, signature = $7 where county = $1`,
    [county, row.size, row.frontier, row.rootHash, row.sealedAt, row.keyId, row.signature],
  )
}

export interface TodoRow {
  entry: string
  subjectId: string
  subjectVersion: number
  leafHash: Buffer
}

/** To-dos visible now, in sealing order: every lower version of a subject comes before a higher one, whatever the limit. */
export const listTodos = (tx: Tx, county: string, limit: number): Promise<TodoRow[]> =>
  hot<TodoRow>(
    tx,
    'ledger_list_todos',
    `select entry, subject_id as "subjectId", subject_version as "subjectVersion", leaf_hash as "leafHash"
     from ledger_todo where county = $1 order by subject_id, subject_version limit $2`,
    [county, limit],
  )

export async function deleteTodos(tx: Tx, county: string, todos: readonly TodoRow[]): Promise<void> {
  await hot(
    tx,
    'ledger_delete_todos',
    `delete from ledger_todo t using unnest($2::uuid[], $3::integer[]) as taken (subject_id, subject_version)
     where t.county = $1 and t.subject_id = taken.subject_id and t.subject_version = taken.subject_version`,
    [county, todos.map((todo) => todo.subjectId), todos.map((todo) => todo.subjectVersion)],
  )
}

export async function insertLeaves(
  tx: Tx,
  county: string,
  firstIndex: number,
  todos: readonly TodoRow[],
): Promise<void> {
  await hot(
    tx,
    'ledger_insert_leaves',
    `insert into ledger_leaf (county, leaf_index, entry, leaf_hash)
     select $1, $2::bigint + leaf.place - 1, leaf.entry, leaf.hash
     from unnest($3::uuid[], $4::bytea[]) with ordinality as leaf (entry, hash, place)`,
    [county, firstIndex, todos.map((todo) => todo.entry), todos.map((todo) => todo.leafHash)],
  )
}

export async function insertNodes(tx: Tx, county: string, nodes: readonly StoredNode[]): Promise<void> {
  await hot(
    tx,
    'ledger_insert_nodes',
    `insert into ledger_node (county, level, node_index, hash)
     select $1, node.level, node.place, node.hash from unnest($2::integer[], $3::bigint[], $4::bytea[]) as node (level, place, hash)`,
    [county, nodes.map((node) => node.level), nodes.map((node) => node.index), nodes.map((node) => node.hash)],
  )
}

/** Tells every process, at commit, that the county's log has grown. */
export async function notifySealed(tx: Tx, county: string): Promise<void> {
  await hot(tx, 'ledger_notify_sealed', 'select pg_notify($1, $2)', [SEALED_CHANNEL, county])
}

/** Hashes of stored nodes: leaves and every fourth level, by `level:index`. Missing ones are missing in the answer. */
export async function readNodes(tx: Tx, county: string, refs: readonly NodeRef[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  const leaves = [...new Set(refs.filter((ref) => ref.level === 0).map((ref) => ref.index))]
  const inner = refs.filter((ref) => ref.level > 0)
  const [leafRows, nodeRows] = await Promise.all([
    leaves.length === 0
      ? []
      : hot<{ index: number; hash: Buffer }>(
          tx,
          'ledger_read_leaf_hashes',
          `select leaf_index as index, leaf_hash as hash from ledger_leaf where county = $1 and leaf_index = any($2::bigint[])`,
          [county, leaves],
        ),
    inner.length === 0
      ? []
      : hot<StoredNode>(
          tx,
          'ledger_read_nodes',
          `select n.level, n.node_index as index, n.hash
           from unnest($2::integer[], $3::bigint[]) as want (level, place)
           join ledger_node n on n.county = $1 and n.level = want.level and n.node_index = want.place`,
          [county, inner.map((ref) => ref.level), inner.map((ref) => ref.index)],
        ),
  ])
  for (const row of leafRows) found.set(`0:${row.index}`, row.hash)
  for (const row of nodeRows) found.set(`${row.level}:${row.index}`, row.hash)
  return found
}

export interface LeafRow {
  leafIndex: number
  entry: string
  leafHash: Buffer
  /** Null when the entry's row is gone. */
  bytes: Buffer | null
}

const LEAF_COLUMNS = `l.leaf_index as "leafIndex", l.entry, l.leaf_hash as "leafHash", e.bytes`

/**
 * The numbers of a stretch of leaves, for `leaf_index = any($2)`: leaves have no gaps, and of a range with unknown ends a
 * prepared statement's plan expects thousands of rows.
 */
export const stretch = (fromIndex: number, count: number): number[] =>
  Array.from({ length: Math.max(0, count) }, (_, i) => fromIndex + i)

/** Leaves in order, from `fromIndex` on: what every follower reads. */
export const listLeaves = (tx: Tx, county: string, fromIndex: number, limit: number): Promise<LeafRow[]> =>
  hot<LeafRow>(
    tx,
    'ledger_list_leaves',
    `select ${LEAF_COLUMNS} from ledger_leaf l left join ledger_entry e on e.county = $1 and e.id = l.entry
     where l.county = $1 and l.leaf_index = any($2::bigint[]) order by l.leaf_index`,
    [county, stretch(fromIndex, limit)],
  )

export interface LeafSubjectRow {
  leafIndex: number
  event: string
  subjectId: string
  /** Only of the events that were asked for whole. */
  bytes: Buffer | null
}

/** Leaves in order, from `fromIndex` on: what happened to which subject, without the words. */
export const listLeafSubjects = (
  tx: Tx,
  county: string,
  from: { index: number; limit: number; whole: readonly string[] },
): Promise<LeafSubjectRow[]> =>
  hot<LeafSubjectRow>(
    tx,
    'ledger_list_leaf_subjects',
    `select l.leaf_index as "leafIndex", e.event, e.subject_id as "subjectId", case when e.event = any($3::text[]) then e.bytes end as bytes
     from ledger_leaf l join ledger_entry e on e.county = $1 and e.id = l.entry
     where l.county = $1 and l.leaf_index = any($2::bigint[]) order by l.leaf_index`,
    [county, stretch(from.index, from.limit), from.whole],
  )

export async function findLeafOfEntry(tx: Tx, county: string, entry: string): Promise<LeafRow | undefined> {
  const [row] = await hot<LeafRow>(
    tx,
    'ledger_find_leaf_of_entry',
    `select ${LEAF_COLUMNS} from ledger_leaf l join ledger_entry e on e.county = $1 and e.id = l.entry
     where l.county = $1 and l.entry = $2`,
    [county, entry],
  )
  return row
}

export interface SubjectEntryRow {
  id: string
  subjectId: string
  subjectVersion: number
  bytes: Buffer
  leafIndex: number | null
  leafHash: Buffer | null
}

/** A subject's history after `afterVersion`, oldest first, sealed or not. */
export const listSubjectEntries = (
  tx: Tx,
  county: string,
  subjectId: string,
  page: { afterVersion: number; limit: number },
): Promise<SubjectEntryRow[]> =>
  hot<SubjectEntryRow>(
    tx,
    'ledger_list_subject_entries',
    `select e.id, e.subject_id as "subjectId", e.subject_version as "subjectVersion", e.bytes,
       l.leaf_index as "leafIndex", l.leaf_hash as "leafHash"
     from ledger_entry e left join ledger_leaf l on l.county = $1 and l.entry = e.id
     where e.county = $1 and e.subject_id = $2 and e.subject_version > $3 order by e.subject_version limit $4`,
    [county, subjectId, page.afterVersion, page.limit],
  )

export async function findEntry(
  tx: Tx,
  county: string,
  id: string,
): Promise<{ subjectId: string; bytes: Buffer } | undefined> {
  const text = `select subject_id as "subjectId", bytes from ledger_entry where county = $1 and id = $2`
  const [row] = await hot<{ subjectId: string; bytes: Buffer }>(tx, 'ledger_find_entry', text, [county, id])
  return row
}

/** When the entry that waits longest for the sealer was written. */
export async function oldestTodo(tx: Tx, county: string): Promise<Date | undefined> {
  const text = `select e.at from (select entry from ledger_todo where county = $1 limit 1000) t
    join ledger_entry e on e.county = $1 and e.id = t.entry order by e.at limit 1`
  const [row] = await hot<{ at: Date }>(tx, 'ledger_oldest_todo', text, [county])
  return row?.at
}

export interface SweepRow {
  name: string
  ranAt: Date
  busyUntil: Date | null
  error: string | null
}

/** Every scheduled sweep of the installation; there are as many as the code has. */
export const listSweeps = (tx: Tx): Promise<SweepRow[]> =>
  hot(
    tx,
    'ledger_sweeps',
    'select name, ran_at as "ranAt", busy_until as "busyUntil", error from sweep order by name',
    [],
  )

/** The newest entries of one subject. */
export async function newestOfSubject(
  tx: Tx,
  county: string,
  subjectId: string,
  limit: number,
): Promise<{ id: string; at: string; subjectVersion: number; body: unknown }[]> {
  const text = `select bytes from ledger_entry where county = $1 and subject_id = $2 order by subject_version desc limit $3`
  const rows = await hot<{ bytes: Buffer }>(tx, 'ledger_newest_of_subject', text, [county, subjectId, limit])
  return rows.map(({ bytes }) => {
    const { id, at, subjectVersion, body } = readLeaf(bytes)
    return { id, at: at.toISOString(), subjectVersion, body }
  })
}
