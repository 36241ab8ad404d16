/** Something in the database that cannot be as the ledger was written. */
export interface Finding {
  kind: 'entry' | 'leaf' | 'node' | 'head' | 'key' | 'log' | 'todo' | 'stray'
  /** The row: `ledger_entry 0199…`, `ledger_leaf 17`. */
  row: string
  zh: string
  en: string
}

const FINDINGS_MAX = 100

/** Keeps the first hundred findings and counts the rest, so that a wrecked database does not fill memory. */
export class Findings {
  readonly list: Finding[] = []
  more = 0

  add(kind: Finding['kind'], row: string, zh: string, en: string): void {
    if (this.list.length < FINDINGS_MAX) this.list.push({ kind, row, zh, en })
    else this.more += 1
  }
}
