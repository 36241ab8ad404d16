import type { Tx } from '../kernel/db.ts'
import { hot } from '../kernel/db.ts'

export interface QueueFigures {
  /** Instant of the oldest entry that waits for the sealer. */
  oldestUnsealedAt: Date | null
  /** Instant since which the longest waiting job has been due. */
  oldestJobDueAt: Date | null
  failedJobs: number
  /** Instant of the newest entry: a clock set back shows against it. */
  newestEntryAt: Date | null
}

/** How far the county's sealer and jobs are behind. */
export async function readQueue(tx: Tx, county: string): Promise<QueueFigures> {
  const [row] = await hot<QueueFigures>(
    tx,
    'cli_read_queue',
    `select (select min(e.at) from ledger_todo t join ledger_entry e on e.county = t.county and e.id = t.entry
             where t.county = $1) as "oldestUnsealedAt",
       (select min(due_at) from ledger_job where county = $1 and failed_at is null) as "oldestJobDueAt",
       (select count(*) from ledger_job where county = $1 and failed_at is not null) as "failedJobs",
       (select e.at from ledger_leaf l join ledger_entry e on e.county = l.county and e.id = l.entry
        where l.county = $1 order by l.leaf_index desc limit 1) as "newestEntryAt"`,
    [county],
  )
  if (!row) throw new Error('no figures')
  return row
}
