import { hot, type Tx } from '../kernel/db.ts'

/** The id of the entry that lies so many entries before; undefined when there are fewer. */
export async function findActBound(
  tx: Tx,
  county: string,
  range: { before: string; floor: string; most: number },
): Promise<string | undefined> {
  const text =
    'select id from ledger_entry where county = $1 and id < $2 and id >= $3 order by id desc offset $4 limit 1'
  const values = [county, range.before, range.floor, range.most]
  const [row] = await hot<{ id: string }>(tx, 'ledger_act_bound', text, values)
  return row?.id
}

export interface ActsSought {
  before: string
  from: string
  events: readonly string[] | null
  actorId: string | null
  label: string | null
  purpose: string | null
  limit: number
}

/** Entries of these kinds in a range of ids, newest first; the range is walked by the primary key. */
export const findActs = (
  tx: Tx,
  county: string,
  sought: ActsSought,
): Promise<{ bytes: Buffer; leafIndex: number | null }[]> =>
  hot(
    tx,
    'ledger_acts',
    `select e.bytes, l.leaf_index as "leafIndex" from ledger_entry e
     left join ledger_leaf l on l.county = $1 and l.entry = e.id
     where e.county = $1 and e.id < $2 and e.id >= $3 and ($4::text[] is null or e.event = any($4))
       and ($5::text is null or e.actor_id = $5) and ($6::text is null or position($6 in e.actor_label) > 0)
       and ($7::text is null or e.purpose = $7)
     order by e.id desc limit $8`,
    [county, sought.before, sought.from, sought.events, sought.actorId, sought.label, sought.purpose, sought.limit],
  )
