import { hot, type Tx } from '../kernel/db.ts'

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
