import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { hasGrant } from '../kernel/grants.ts'
import type { Entry } from '../kernel/jobs.ts'
import { distanceMetres } from '../kernel/positions.ts'
import { entryOf } from '../ledger/index.ts'
import { instantIn, packOf, type Link } from '../packs/index.ts'
import { MatterLinked, type LinkedMatter } from './contract.ts'
import { knownIn } from './facts.ts'
import { presentBriefs } from './labels.ts'
import {
  findMatter,
  listBriefs,
  listRunning,
  listSteps,
  saveMove,
  type BriefRow,
  type MatterRow,
  type StepRow,
} from './store.ts'
import { commitTo } from './written.ts'

/** Candidates are looked for in the grid around, as for duplicates; a grid has few sites under way at once. */
const AROUND_DEPTH = 4
const CANDIDATES_MAX = 200
/** One report belongs to one place; more than so many near it are not told apart by a distance. */
const TIED_MAX = 3

/**
 * Ties a fresh report to what runs near it, as its pack says: a complaint about a building site to the work that was notified
 * there. Both matters get a step that says so, and the guard of a step may count them.
 */
export async function linkReport(cmd: Command, entry: Pick<Entry, 'subjectId'>): Promise<void> {
  const row = await findMatter(cmd.tx, cmd.county, entry.subjectId)
  if (!row || row.closedAt !== null) return
  const pack = await packOf(cmd, row.kind, row.packVersion)
  const found: BriefRow[] = []
  for (const link of pack.kind.links ?? []) found.push(...(await nearby(cmd, row, link)))
  const others = [...new Map(found.map((other) => [other.id, other])).values()].slice(0, TIED_MAX)
  let version = row
  for (const { id } of others) {
    const other = await findMatter(cmd.tx, cmd.county, id)
    if (!other) continue
    await saveLink(cmd, other, row, true)
    version = await saveLink(cmd, version, other, false)
  }
}

/** What the link names, under way and near enough, nearest first. */
async function nearby(cmd: Command, row: MatterRow, link: Link): Promise<BriefRow[]> {
  const around = row.areaPath.split('/').slice(0, AROUND_DEPTH).join('/')
  const wish = { kind: link.kind, states: link.states, limit: CANDIDATES_MAX }
  const running = (await listRunning(cmd.tx, cmd.county, around, wish)).filter(({ id }) => id !== row.id)
  const near = running
    .map((other) => ({ other, metres: metresBetween(row, other) }))
    .filter(({ other, metres }) => (metres === null ? other.areaPath === row.areaPath : metres <= link.withinMetres))
    .toSorted((one, next) => (one.metres ?? 0) - (next.metres ?? 0))
    .slice(0, TIED_MAX)
  const fitting: BriefRow[] = []
  for (const { other } of near) if (await fitsTime(cmd, other, link, row.reportedAt)) fitting.push(other)
  return fitting
}

function metresBetween(one: Place, other: Place): number | null {
  if (one.longitude === null || one.latitude === null || other.longitude === null || other.latitude === null)
    return null
  return distanceMetres({ lng: one.longitude, lat: one.latitude }, { lng: other.longitude, lat: other.latitude })
}
type Place = Pick<MatterRow, 'longitude' | 'latitude'>

async function fitsTime(cmd: Command, other: BriefRow, link: Link, at: Date): Promise<boolean> {
  if (link.from === undefined && link.until === undefined) return true
  const known = knownIn(await listSteps(cmd.tx, cmd.county, other.id))
  const from = link.from === undefined ? undefined : instantIn(known, link.from)
  const until = link.until === undefined ? undefined : instantIn(known, link.until)
  return (!from || from <= at) && (!until || at <= until)
}

/** @throws kernel.stale when somebody moved it meanwhile: the job is tried again. */
async function saveLink(cmd: Command, row: MatterRow, other: MatterRow, isTarget: boolean): Promise<MatterRow> {
  const next = { ...row, version: row.version + 1 }
  const form = { other: other.id, number: other.number }
  const { salt, commitment } = commitTo(cmd, form)
  const { state, areaPath, holderRole, holderUnit, holderPath } = row
  const holder = { holderRole, holderUnit, holderPath }
  const body = { otherId: other.id, otherKind: other.kind, isTarget, areaPath, commitment, ...holder }
  const entry = entryOf(cmd, MatterLinked, next, body)
  const step: StepRow = {
    county: cmd.county,
    matterId: row.id,
    version: next.version,
    entryId: entry.id,
    event: entry.event,
    move: null,
    fromState: state,
    toState: state,
    actorId: null,
    actorLabel: 'system',
    deputyFor: null,
    moveId: null,
    form,
    fileIds: [],
    ...holder,
    salt,
    at: cmd.now,
  }
  if (!(await saveMove(cmd.tx, next, step, { entry, kept: null, whole: false })))
    throw new Fault('kernel.stale', { version: row.version })
  return next
}

/** The other matters, for whoever may read them too. */
export async function presentLinked(cmd: Command, steps: readonly StepRow[]): Promise<LinkedMatter[]> {
  const ids = steps.filter(({ event }) => event === MatterLinked.name).map(({ form }) => String(form['other']))
  if (ids.length === 0) return []
  const rows = (await listBriefs(cmd.tx, cmd.county, ids.slice(-LINKED_MAX))).filter((row) =>
    hasGrant(cmd, 'loop.read', row.areaPath),
  )
  const briefs = await presentBriefs(cmd, rows)
  return briefs.map(({ id, number, categoryName, stateName, tone, reportedAt }) => ({
    id,
    number,
    categoryName,
    stateName,
    tone,
    reportedAt,
  }))
}
/** Shown of what was tied to a matter: a site on a loud night gathers many complaints. */
const LINKED_MAX = 50
