import { hot, type Tx } from '../kernel/db.ts'
import type { HeadRow } from './head-store.ts'
import { stretch } from './store.ts'

/** A leaf beside its entry's columns, which are null when the entry is gone. */
export interface CheckedLeaf {
  leafIndex: number
  entry: string
  leafHash: Buffer
  bytes: Buffer | null
  event: string | null
  subjectId: string | null
  subjectVersion: number | null
  at: Date | null
  actorKind: string | null
  actorId: string | null
  actorLabel: string | null
  purpose: string | null
}

export const listCheckedLeaves = (tx: Tx, county: string, fromIndex: number, limit: number): Promise<CheckedLeaf[]> =>
  hot<CheckedLeaf>(
    tx,
    'ledger_list_checked_leaves',
    `select l.leaf_index as "leafIndex", l.entry, l.leaf_hash as "leafHash", e.bytes, e.event, e.subject_id as "subjectId",
       e.subject_version as "subjectVersion", e.at, e.actor_kind as "actorKind", e.actor_id as "actorId",
       e.actor_label as "actorLabel", e.purpose
     from ledger_leaf l left join ledger_entry e on e.county = $1 and e.id = l.entry
     where l.county = $1 and l.leaf_index = any($2::bigint[]) order by l.leaf_index`,
    [county, stretch(fromIndex, limit)],
  )

/** To-dos with the bytes of their entries, in sealing order. */
export const listCheckedTodos = (
  tx: Tx,
  county: string,
  limit: number,
): Promise<{ entry: string; leafHash: Buffer; bytes: Buffer | null }[]> =>
  hot(
    tx,
    'ledger_list_checked_todos',
    `select t.entry, t.leaf_hash as "leafHash", e.bytes from ledger_todo t
     left join ledger_entry e on e.county = $1 and e.id = t.entry
     where t.county = $1 order by t.subject_id, t.subject_version limit $2`,
    [county, limit],
  )

const STRAYS = `from ledger_entry e where e.county = $1
  and not exists (select from ledger_leaf l where l.county = $1 and l.entry = e.id)
  and not exists (select from ledger_todo t where t.county = $1 and t.subject_id = e.subject_id
    and t.subject_version = e.subject_version and t.entry = e.id)`

/** Entries that are neither sealed nor waiting: one statement sees one moment, so a working sealer does not disturb it. */
export const listStrayEntries = (tx: Tx, county: string, limit: number): Promise<{ id: string }[]> =>
  hot(tx, 'ledger_list_stray_entries', `select e.id ${STRAYS} limit $2`, [county, limit])

/** Stored nodes that lie wholly within the first `size` leaves. */
export async function countNodes(tx: Tx, county: string, size: number): Promise<number> {
  const [row] = await hot<{ count: number }>(
    tx,
    'ledger_count_nodes',
    `select count(*) as count from ledger_node where county = $1 and (node_index + 1) * power(2, level) <= $2`,
    [county, size],
  )
  return row?.count ?? 0
}

export const listHeadsOfSizes = (tx: Tx, county: string, sizes: readonly number[]): Promise<HeadRow[]> =>
  hot<HeadRow>(
    tx,
    'ledger_list_heads_of_sizes',
    `select tree_size as "treeSize", root_hash as "rootHash", at, key_id as "keyId", signature
     from ledger_head where county = $1 and tree_size = any($2::bigint[])`,
    [county, sizes],
  )

/** Whether anything was ever sealed in the county, as far as these tables tell. */
export async function hasSealed(tx: Tx, county: string): Promise<boolean> {
  const [row] = await hot<{ sealed: boolean }>(
    tx,
    'ledger_has_sealed',
    `select exists (select from ledger_leaf where county = $1) or exists (select from ledger_head where county = $1) as sealed`,
    [county],
  )
  return row?.sealed ?? false
}
