import { isStale, isUnanswered, randomKey, type Refusal } from '../../shared/api.ts'
import { asRefusal } from '../../shared/loading.ts'

/** What became of one matter of several that are moved. `unanswered`: nobody knows yet, and asking again is harmless. */
export type Fate = 'waiting' | 'running' | 'done' | 'refused' | 'stale' | 'unanswered'

export interface BulkRow {
  id: string
  number: string
  summary: string
  version: number
  fate: Fate
  /** Kept until the server answered it, so that trying again does nothing twice. */
  key: string
  refusal?: Refusal
}

export const bulkRow = (of: Pick<BulkRow, 'id' | 'number' | 'summary' | 'version'>): BulkRow => ({
  ...of,
  fate: 'waiting',
  key: randomKey(),
})

const isOpen = (row: BulkRow): boolean => row.fate === 'waiting' || row.fate === 'unanswered'

/**
 * Moves one after the other, each by its own command with its own key. A refusal of one stops none of the others; a lost
 * line stops the rest, which stay waiting.
 */
export async function runBulk(
  rows: readonly BulkRow[],
  move: (row: BulkRow) => Promise<unknown>,
  changed: (rows: readonly BulkRow[]) => void,
): Promise<readonly BulkRow[]> {
  let now = rows
  const put = (id: string, part: Partial<BulkRow>) => {
    now = now.map((row) => (row.id === id ? { ...row, ...part } : row))
    changed(now)
  }
  for (const row of rows.filter(isOpen)) {
    put(row.id, { fate: 'running' })
    try {
      await move(row)
      put(row.id, { fate: 'done' })
    } catch (error) {
      const refusal = asRefusal(error)
      const fate = isUnanswered(error) ? 'unanswered' : isStale(error) ? 'stale' : 'refused'
      put(row.id, { fate, refusal })
      if (fate === 'unanswered') return now
    }
  }
  return now
}

/** Those that somebody else moved meanwhile, on the version that they have now: another act with another key. */
export const anew = (rows: readonly BulkRow[], versions: ReadonlyMap<string, number>): readonly BulkRow[] =>
  rows.map((row) => {
    const version = versions.get(row.id)
    return row.fate === 'stale' && version !== undefined
      ? { id: row.id, number: row.number, summary: row.summary, version, fate: 'waiting', key: randomKey() }
      : row
  })
