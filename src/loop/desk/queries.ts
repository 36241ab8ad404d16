import { dueAfter } from '../../kernel/calendar.ts'
import type { Command } from '../../kernel/command.ts'
import { grantedPaths, hasGrant, isWithin } from '../../kernel/grants.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import { Fault } from '../../kernel/faults.ts'
import { distanceMetres } from '../../kernel/positions.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { packOf } from '../../packs/index.ts'
import { isInHands } from '../assignment.ts'
import type { ListMatters, MatterPage, MoveOffer, WorkCounts, WorkFilter } from '../contract.ts'
import { holderLabel, presentBriefs } from '../labels.ts'
import { likeness, DUPLICATE_METRES_MAX, DUPLICATE_PERCENT_MIN, summaryOf } from '../rules.ts'
import { mayStep } from '../service.ts'
import { findMatter, listMatterPages, listRecent, listReported, type BriefRow, type MatterRow } from '../store.ts'
import { handsOf, listMatters, offersIf, pathsFor } from '../views.ts'
import type { AskCommonMoves, CommonMoves, Holders, Related } from './contract.ts'
import { asksMore, holderText, searchOf, type Asking } from './rules.ts'
import { countMatters, listHolding, listJoined, searchMatters, type Search, type SearchPage } from './store.ts'

const LIMIT = 20

/** Due within one workday is due soon. */
const soonAfter = (cmd: Command): Date => dueAfter(cmd.calendar, cmd.now, { amount: 1, unit: 'workday' }).dueAt

async function askingOf(cmd: Command, area?: string): Promise<Asking> {
  const { county, now } = cmd
  return { county, now, paths: pathsFor(cmd, area), hands: await handsOf(cmd), soon: soonAfter(cmd) }
}

export const searchFor = async (cmd: Command, filter: WorkFilter): Promise<Search> =>
  searchOf(filter, await askingOf(cmd, filter.area))

function cursorIn(after: string | undefined): [Date | null, string] | null {
  if (after === undefined) return null
  const [dueAt, id] = decodeCursor(after, 2)
  const at = dueAt === null ? null : new Date(String(dueAt))
  if (at && Number.isNaN(at.getTime())) throw new Fault('kernel.bad_request', { field: 'after' })
  return [at, String(id)]
}

/** A page of rows of a work list. @throws kernel.forbidden, kernel.wrong_purpose */
export const searchRows = async (
  cmd: Command,
  search: Search,
  page: { after?: string | undefined; limit: number },
): Promise<SearchPage> => searchMatters(cmd.tx, search, { after: cursorIn(page.after), limit: page.limit })

export const cursorOf = (after: SearchPage['after']): string | null =>
  after && encodeCursor([after[0]?.toISOString() ?? null, after[1]])

/** A page of the work list: one of the plain ones, which have statements of their own, or whatever the filter asks. */
export const listWork = (cmd: Command, query: ListMatters): Promise<MatterPage> =>
  query.number === undefined && asksMore(query) ? searchList(cmd, query) : listMatters(cmd, query)

/** The same as people see it. A page may be short and have a next one: then more was looked through than found. */
async function searchList(cmd: Command, query: ListMatters): Promise<MatterPage> {
  const found = await searchRows(cmd, await searchFor(cmd, query), { after: query.after, limit: query.limit ?? LIMIT })
  return { items: await presentBriefs(cmd, found.rows), next: cursorOf(found.after) }
}

const tabs = ['mine', 'unit', 'overdue', 'dueSoon', 'open'] as const

/** How much lies under each tab of the work list, live, within the actor's places. */
export async function countTabs(cmd: Command): Promise<WorkCounts> {
  const asking = await askingOf(cmd)
  const counts: WorkCounts = { mine: 0, unit: 0, overdue: 0, dueSoon: 0, open: 0 }
  for (const scope of tabs) counts[scope] = await countMatters(cmd.tx, searchOf({ scope }, asking))
  return counts
}

/** Whose hands open matters are in, below an area or wherever the actor may look. */
export async function listHolders(cmd: Command, area: string | undefined): Promise<Holders> {
  const rows = await listHolding(cmd.tx, cmd.county, pathsFor(cmd, area))
  const labels = await Promise.all(
    rows.map(({ role, unit, path }) => holderLabel(cmd, { holderRole: role, holderUnit: unit, holderPath: path })),
  )
  return { items: rows.map((row, at) => ({ holder: holderText(row), label: labels[at] ?? '', count: row.count })) }
}

/**
 * The moves that are legal for several matters, each with how many it is legal for; forms and targets are those they share.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose when the actor may see none of them
 */
export async function commonMoves(cmd: Command, input: AskCommonMoves): Promise<CommonMoves> {
  const roots = grantedPaths(cmd, 'loop.read')
  const pages = await listMatterPages(cmd.tx, cmd.county, input.ids)
  const asked = new Map(input.ids.map((id, at) => [id, at]))
  const seen = pages
    .filter(({ row }) => roots.some((root) => isWithin(row.areaPath, root)))
    .toSorted((one, other) => (asked.get(one.row.id) ?? 0) - (asked.get(other.row.id) ?? 0))
  if (seen.length === 0) throw new Fault('kernel.forbidden')
  const offers = new Map<string, CommonMoves['offers'][number]>()
  for (const page of seen) {
    for (const offer of await offersOf(cmd, page)) join(offers, offer, page.row.id)
  }
  return {
    items: seen.map(({ row }) => ({
      id: row.id,
      number: row.number,
      summary: summaryOf(row.text),
      version: row.version,
    })),
    offers: [...offers.values()].toSorted((one, other) => other.ids.length - one.ids.length),
  }
}

async function offersOf(cmd: Command, page: Awaited<ReturnType<typeof listMatterPages>>[number]): Promise<MoveOffer[]> {
  const pack = await packOf(cmd, page.row.kind, page.row.packVersion)
  const inHands = await isInHands(cmd, page.row)
  return offersIf(cmd, pack, page, (step) => mayStep(cmd, page.row, step, inHands))
}

const sameTarget = (one: MoveOffer['targets'][number], other: MoveOffer['targets'][number]): boolean =>
  one.role === other.role && one.unit === other.unit && one.areaPath === other.areaPath

/** A move that asks for somebody is common only as far as there is somebody whom all of them may be given to. */
function join(offers: Map<string, CommonMoves['offers'][number]>, offer: MoveOffer, id: string): void {
  const key = JSON.stringify([offer.move, offer.name, offer.form])
  const known = offers.get(key)
  if (!known) {
    offers.set(key, { ...offer, ids: [id] })
    return
  }
  const targets = known.targets.filter((target) => offer.targets.some((other) => sameTarget(target, other)))
  if (known.targets.length > 0 && targets.length === 0) return
  known.targets = targets
  known.photoNeeded ||= offer.photoNeeded
  known.ids.push(id)
}

const RELATED_DAYS = 90
const RELATED_MAX = 12
const CANDIDATES_MAX = 200
const NEAR_METRES = 150
const AROUND_DEPTH = 4
type Why = Related['items'][number]['why'][number]

/**
 * Matters that have to do with this one: joined to it, alike, near, or of the same reporter where the actor may know who
 * that is. Only what they may see; at most 12.
 */
export async function showRelated(cmd: Command, id: string): Promise<Related> {
  const row = await findMatter(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'loop.read', row.areaPath)
  const around = row.areaPath.split('/').slice(0, AROUND_DEPTH).join('/')
  const since = new Date(cmd.now.getTime() - RELATED_DAYS * 86_400_000)
  const mayKnow = hasGrant(cmd, 'loop.unmask', row.areaPath) && row.reporterKind !== 'staff'
  const [joined, near, own] = await Promise.all([
    listJoined(cmd.tx, cmd.county, row.id, row.duplicateOf),
    listRecent(cmd.tx, cmd.county, around, { since, limit: CANDIDATES_MAX }),
    mayKnow && (row.reporterId ?? row.contactBlind)
      ? listReported(
          cmd.tx,
          cmd.county,
          { id: row.reporterId ?? row.id, contact: row.contactBlind },
          { after: null, limit: 6 },
        )
      : [],
  ])
  const found = new Map<string, { row: BriefRow; why: Set<Why>; metres: number | null; percent: number }>()
  const add = (other: BriefRow, why: Why): void => {
    if (other.id === row.id || !hasGrant(cmd, 'loop.read', other.areaPath)) return
    const known = found.get(other.id) ?? { row: other, why: new Set<Why>(), ...compared(cmd, row, other) }
    known.why.add(why)
    found.set(other.id, known)
  }
  for (const other of joined) add(other, 'duplicate')
  for (const other of own) add(other, 'reporter')
  for (const other of near) {
    const { metres, percent } = compared(cmd, row, other)
    const close = metres === null ? other.areaPath === row.areaPath : metres <= DUPLICATE_METRES_MAX
    if (close && percent >= DUPLICATE_PERCENT_MIN) add(other, 'alike')
    if (metres !== null && metres <= NEAR_METRES) add(other, 'near')
  }
  const weight = (why: Set<Why>): number =>
    (why.has('duplicate') ? 4 : 0) + (why.has('alike') ? 2 : 0) + (why.has('reporter') ? 1 : 0)
  const chosen = [...found.values()]
    .toSorted((one, other) => weight(other.why) - weight(one.why) || other.percent - one.percent)
    .slice(0, RELATED_MAX)
  const briefs = await presentBriefs(
    cmd,
    chosen.map((one) => one.row),
  )
  return {
    items: chosen.map(({ why, metres, percent }, at) => ({
      ...briefs[at]!,
      why: [...why],
      distanceMetres: metres === null ? null : Math.round(metres),
      likeness: percent,
    })),
  }
}

function compared(cmd: Command, row: MatterRow, other: BriefRow): { metres: number | null; percent: number } {
  const known = row.longitude !== null && row.latitude !== null && other.longitude !== null && other.latitude !== null
  const metres = known
    ? distanceMetres({ lng: row.longitude!, lat: row.latitude! }, { lng: other.longitude!, lat: other.latitude! })
    : null
  const percent = likeness(row, {
    sameCategory: row.category === other.category,
    distanceMetres: metres,
    hoursApart: Math.abs(cmd.now.getTime() - other.reportedAt.getTime()) / 3_600_000,
    text: other.text,
  })
  return { metres, percent }
}
