import type { Command } from '../kernel/command.ts'
import type { Tx } from '../kernel/db.ts'
import { Fault } from '../kernel/faults.ts'
import { decodeCursor, encodeCursor, type PageOf } from '../kernel/pages.ts'
import { findActBound, findActs } from './act-store.ts'
import type { EntryQuery, LedgerEntry } from './contract.ts'
import { newestEntries, presentEntry } from './proofs.ts'

/** What somebody looks for among the entries of a county. */
export interface ActsWanted {
  /** Null: every kind. */
  events: readonly string[] | null
  /** Account or token. */
  actorId?: string | undefined
  /** Part of a post's or role's name, as the entry shows it. */
  label?: string | undefined
  purpose?: string | undefined
  from?: Date | undefined
  until?: Date | undefined
  limit: number
  after?: string | undefined
}

/** Most entries looked through for one page: a rare kind of entry must not cost a walk through the whole ledger. */
const LOOKED_THROUGH_MAX = 20_000

const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** The lowest id that can be made at an instant: ids are UUIDv7 of the command's instant. */
function lowestIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

/**
 * Entries of certain kinds, or of every kind, newest first; access is the caller's.
 *
 * A page looks through at most 20,000 entries: it may be short, even empty, and still have a next one.
 */
export async function listActs(
  cmd: { tx: Tx } & Pick<Command, 'county'>,
  wanted: ActsWanted,
): Promise<PageOf<LedgerEntry>> {
  const { tx, county } = cmd
  const floor = wanted.from ? lowestIdAt(wanted.from) : '00000000-0000-0000-0000-000000000000'
  const start = wanted.until ? lowestIdAt(wanted.until) : HIGHEST
  const before = wanted.after ? String(decodeCursor(wanted.after, 1)[0]) : start
  if (!/^[0-9a-f-]{36}$/.test(before)) throw new Fault('kernel.bad_request', { field: 'after' })
  const bound = await findActBound(tx, county, { before, floor, most: LOOKED_THROUGH_MAX })
  const { events, actorId = null, label = null, purpose = null, limit } = wanted
  const range = { before, from: bound ?? floor }
  const rows = await findActs(tx, county, { ...range, events, actorId, label, purpose, limit: limit + 1 })
  const items = rows.slice(0, wanted.limit).map((row) => presentEntry(row.bytes, row.leafIndex))
  if (rows.length > wanted.limit) return { items, next: encodeCursor([items.at(-1)!.id]) }
  return { items, next: bound ? encodeCursor([bound]) : null }
}

const DAY_MS = 86_400_000
const LIMIT_DEFAULT = 20

/** The county's entries, newest first: all that are sealed, or those of one person or one day in Beijing. */
export function soughtEntries(
  cmd: { tx: Tx } & Pick<Command, 'county'>,
  { actor, day, ...page }: EntryQuery,
): Promise<PageOf<LedgerEntry>> {
  if (actor === undefined && day === undefined) return newestEntries(cmd, page)
  const from = day === undefined ? undefined : new Date(`${day}T00:00:00+08:00`)
  const until = from && new Date(from.getTime() + DAY_MS)
  return listActs(cmd, {
    events: null,
    actorId: actor,
    from,
    until,
    limit: page.limit ?? LIMIT_DEFAULT,
    after: page.after,
  })
}
