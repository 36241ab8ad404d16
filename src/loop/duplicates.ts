import type { Command } from '../kernel/command.ts'
import { hasGrant } from '../kernel/grants.ts'
import { distanceMetres } from '../kernel/positions.ts'
import { locate } from '../grid/index.ts'
import { categoryName, packOf, stateName } from '../packs/index.ts'
import type { Duplicate, FindDuplicates } from './contract.ts'
import { atTheDoor } from './place.ts'
import { DUPLICATE_DAYS_MAX, DUPLICATE_METRES_MAX, DUPLICATE_PERCENT_MIN, likeness, summaryOf } from './rules.ts'
import { listRecent, type BriefRow } from './store.ts'

const CANDIDATES_MAX = 200
const SHOWN_MAX = 3
/** Others are told distance and likeness in such steps: from three exact ones, somebody could draw where a quarrel was reported. */
const COARSE_METRES = 50
const COARSE_PERCENT = 10
const coarsely = (value: number, step: number): number => Math.ceil(value / step) * step
/** Candidates are looked for in the grid around the micro-grid: what stands 80 m away may lie in the next cell. */
const AROUND_DEPTH = 4

/**
 * Recent matters that may be the same, likeliest first; never a decision.
 *
 * Staff who may read them see number and first words, others only that there is one, of what kind and how far.
 */
export async function findDuplicates(cmd: Command, input: FindDuplicates): Promise<{ items: Duplicate[] }> {
  const at = atTheDoor(input.position)
  const here = at.longitude === null || at.latitude === null ? null : { lng: at.longitude, lat: at.latitude }
  const path = input.areaPath ?? (here ? (await locate(cmd, { ...here, accuracyMetres: 0 })).area?.path : undefined)
  if (path === undefined) return { items: [] }
  const around = path.split('/').slice(0, AROUND_DEPTH).join('/')
  const since = new Date(cmd.now.getTime() - DUPLICATE_DAYS_MAX * 86_400_000)
  const rows = await listRecent(cmd.tx, cmd.county, around, { since, limit: CANDIDATES_MAX })
  const scored = rows
    .map((row) => ({ row, metres: metresTo(here, row) }))
    .filter(({ row, metres }) => (metres === null ? row.areaPath === path : metres <= DUPLICATE_METRES_MAX))
    .map(({ row, metres }) => ({ row, metres, percent: percentOf(cmd, input, row, metres) }))
    .filter(({ percent }) => percent >= DUPLICATE_PERCENT_MIN)
    .toSorted((one, other) => other.percent - one.percent)
    .slice(0, SHOWN_MAX)
  return { items: await Promise.all(scored.map((found) => present(cmd, found))) }
}

function metresTo(here: { lng: number; lat: number } | null, row: BriefRow): number | null {
  if (!here || row.longitude === null || row.latitude === null) return null
  return distanceMetres(here, { lng: row.longitude, lat: row.latitude })
}

const percentOf = (cmd: Command, input: FindDuplicates, row: BriefRow, metres: number | null): number =>
  likeness(input, {
    sameCategory: input.category === row.category,
    distanceMetres: metres,
    hoursApart: (cmd.now.getTime() - row.reportedAt.getTime()) / 3_600_000,
    text: row.text,
  })

async function present(
  cmd: Command,
  found: { row: BriefRow; metres: number | null; percent: number },
): Promise<Duplicate> {
  const { row, metres, percent } = found
  const pack = await packOf(cmd, row.kind, row.packVersion)
  const visible = hasGrant(cmd, 'loop.read', row.areaPath)
  return {
    id: visible ? row.id : null,
    number: visible ? row.number : null,
    categoryName: categoryName(pack, row.category, cmd.locale),
    stateName: stateName(pack, row.state, cmd.locale),
    summary: visible ? summaryOf(row.text) : null,
    reportedAt: row.reportedAt.toISOString(),
    distanceMetres: metres === null ? null : visible ? Math.round(metres) : coarsely(metres, COARSE_METRES),
    likeness: visible ? percent : coarsely(percent, COARSE_PERCENT),
  }
}
