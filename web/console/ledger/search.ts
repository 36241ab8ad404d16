/** What the ledger page shows; it stands in the address. */
export interface LedgerSearch {
  /** The history of one thing. */
  subject?: string
  /** What one account did. */
  actor?: string
  day?: string
}

const id = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const day = /^20\d{2}-\d{2}-\d{2}$/
const fits = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value)

export const ledgerSearch = (search: Record<string, unknown>): LedgerSearch => ({
  ...(fits(search['subject'], id) && { subject: search['subject'] }),
  ...(fits(search['actor'], id) && { actor: search['actor'] }),
  ...(fits(search['day'], day) && { day: search['day'] }),
})

/** Where the entries are asked for. A thing's history is one list, whatever day and whoever. */
export function entriesPath({ subject, actor, day: on }: LedgerSearch): string {
  if (subject) return `/ledger/subjects/${subject}/entries?limit=50`
  const query = new URLSearchParams({ limit: '30', ...(actor && { actor }), ...(on && { day: on }) })
  return `/ledger/entries?${query}`
}
