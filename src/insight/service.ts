import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { grantedPaths, isWithin, requireGrant } from '../kernel/grants.ts'
import { decodeCursor, encodeCursor } from '../kernel/pages.ts'
import { areaNames, areasBelow, findArea, shapesOf } from '../grid/index.ts'
import type {
  ListSeen,
  SeenPage,
  Wall,
  WallChild,
  WallFigures,
  WallOutline,
  WallPoints,
  WallQuery,
  WallTick,
} from './contract.ts'
import { polygonsOf } from './outline.ts'
import { namesOfOpen, presentSeen } from './names.ts'
import {
  addHistograms,
  dayOf,
  daysBefore,
  depthOf,
  histogramOf,
  noHistogram,
  percentile,
  ROLLED_DEPTH,
  startOf,
} from './rules.ts'
import {
  listSeen,
  readCountedHere,
  readDaysHere,
  readOpensHere,
  readRolled,
  type AreaStanding,
  type DayStanding,
  type SeenRow,
  type SeenScope,
  type Standing,
  type TodayStanding,
  type Where,
} from './figures-store.ts'

const TREND_DAYS = 30
const CATEGORIES = 8
const LATEST = 10
const WORST = 8
/** More are not told apart on a screen. */
const POINTS_OVERDUE = 150
const POINTS_NEWEST = 250
const LIMIT = 20

/**
 * The area that is asked for, else the highest of the actor's own.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose when it lies outside what the actor may see.
 */
export function areaFor(cmd: Command, area: string | undefined): string {
  const granted = grantedPaths(cmd, 'insight.read')
  if (area === undefined) return granted[0]!
  if (!granted.some((root) => isWithin(area, root))) requireGrant(cmd, 'insight.read', area)
  return area
}

type Below = Awaited<ReturnType<typeof areasBelow>>

function whereOf(cmd: Command, path: string, below: Below): Where {
  const today = dayOf(cmd.now)
  const firstDay = daysBefore(today, TREND_DAYS - 1)
  return {
    county: cmd.county,
    path,
    depth: depthOf(path),
    children: below.map((child) => child.path),
    now: cmd.now,
    today,
    todayFrom: startOf(today),
    firstDay,
    firstAt: startOf(firstDay),
  }
}

/** What stands in an area: out of the counts down to the village, of the matters themselves below. */
async function standingOf(cmd: Command, where: Where, withDays: boolean): Promise<Standing> {
  if (where.depth < ROLLED_DEPTH) return readRolled(cmd.tx, where)
  if (where.depth === ROLLED_DEPTH) {
    const [own, below] = await Promise.all([
      readRolled(cmd.tx, { ...where, children: [] }),
      where.children.length > 0 ? readCountedHere(cmd.tx, where) : null,
    ])
    const isChild = ({ areaPath }: { areaPath: string }): boolean => areaPath !== where.path
    return {
      ...own,
      areas: [...own.areas, ...(below?.areas.filter(isChild) ?? [])],
      today: [...own.today, ...(below?.today.filter(isChild) ?? [])],
    }
  }
  const [standing, opens, days] = await Promise.all([
    readCountedHere(cmd.tx, where),
    withDays ? readOpensHere(cmd.tx, where) : [],
    withDays ? readDaysHere(cmd.tx, where) : [],
  ])
  return {
    ...standing,
    opens,
    days: days.map(({ hours, ...day }) => ({
      ...day,
      closeHours: hours.reduce((sum, each) => sum + each, 0),
      histogram: histogramOf(hours),
    })),
  }
}

const nothing = { open: 0, overdue: 0, dueSoon: 0 }
const noDay = { opened: 0, closed: 0 }

function figuresOf(cmd: Command, standing: Standing, path: string): WallFigures {
  const { open, overdue, dueSoon } = standing.areas.find(({ areaPath }) => areaPath === path) ?? nothing
  const today = standing.today.find(({ areaPath }) => areaPath === path) ?? noDay
  const asOf = standing.behind === 0 ? cmd.now : standing.standsAt
  return {
    asOf: asOf.toISOString(),
    open,
    overdue,
    dueSoon,
    openedToday: today.opened,
    closedToday: today.closed,
  }
}

function childrenOf(standing: Standing, below: Below): WallChild[] {
  const areas = new Map<string, AreaStanding>(standing.areas.map((area) => [area.areaPath, area]))
  const today = new Map<string, TodayStanding>(standing.today.map((day) => [day.areaPath, day]))
  return below.map(({ path, name, kind, hasBelow }) => {
    const { open, overdue, dueSoon } = areas.get(path) ?? nothing
    const { opened, closed } = today.get(path) ?? noDay
    return { path, name, kind, hasBelow, open, overdue, dueSoon, openedToday: opened, closedToday: closed }
  })
}

const rounded = (hours: number | null): number | null => (hours === null ? null : Math.round(hours * 10) / 10)

/** Each of the last days, with how many were open when it ended: today's, less what was opened and closed since. */
function trendOf(days: readonly DayStanding[], where: Where, open: number): Wall['trend'] {
  const byDay = new Map(days.map((day) => [day.day, day]))
  const trend: Wall['trend'] = []
  let openThen = open
  for (let back = 0; back < TREND_DAYS; back++) {
    const day = daysBefore(where.today, back)
    const found = byDay.get(day)
    trend.unshift({
      day,
      opened: found?.opened ?? 0,
      closed: found?.closed ?? 0,
      open: openThen,
      p50Hours: rounded(percentile(found?.histogram ?? [], 0.5)),
      p90Hours: rounded(percentile(found?.histogram ?? [], 0.9)),
    })
    openThen += (found?.closed ?? 0) + (found?.voided ?? 0) - (found?.opened ?? 0)
  }
  return trend
}

function lastDays(days: readonly DayStanding[]): Wall['last30'] {
  const sum = (figure: (day: DayStanding) => number): number => days.reduce((total, day) => total + figure(day), 0)
  const histogram = days.reduce((all, day) => addHistograms(all, day.histogram), noHistogram())
  const closed = sum((day) => day.closed)
  return {
    opened: sum((day) => day.opened),
    closed,
    meanHours: closed === 0 ? null : rounded(sum((day) => day.closeHours) / closed),
    p50Hours: rounded(percentile(histogram, 0.5)),
    p90Hours: rounded(percentile(histogram, 0.9)),
    rated: sum((day) => day.satisfied + day.fair + day.unsatisfied),
    satisfied: sum((day) => day.satisfied + day.fair),
  }
}

async function trailOf(cmd: Command, path: string): Promise<Pick<Wall, 'trail' | 'roots'>> {
  const granted = grantedPaths(cmd, 'insight.read')
  const root = granted.find((each) => isWithin(path, each)) ?? path
  const codes = path.split('/')
  const above = codes.map((_code, at) => codes.slice(0, at + 1).join('/')).filter((each) => isWithin(each, root))
  const names = await areaNames(cmd, [...above, ...granted])
  const crumb = (each: string) => ({ path: each, name: names.get(each)?.name ?? each })
  return { trail: above.map(crumb), roots: granted.map(crumb) }
}

/**
 * Everything that the wall shows of an area.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose, insight.unknown_area
 */
export async function showWall(cmd: Command, query: WallQuery): Promise<Wall> {
  const path = areaFor(cmd, query.area)
  const [area, below] = await Promise.all([findArea(cmd, path), areasBelow(cmd, path)])
  if (!area) throw new Fault('insight.unknown_area')
  const where = whereOf(cmd, path, below)
  const [standing, latest, worst, trail] = await Promise.all([
    standingOf(cmd, where, true),
    seen(cmd, path, 'all', LATEST),
    seen(cmd, path, 'overdue', WORST),
    trailOf(cmd, path),
  ])
  const [names, shown] = await Promise.all([namesOfOpen(cmd, standing.opens), presentSeen(cmd, [...latest, ...worst])])
  const figures = figuresOf(cmd, standing, path)
  return {
    area: { path, name: area.name, kind: area.kind },
    ...trail,
    figures,
    counting: standing.built ? null : { share: shareOf(standing.buildAfter) },
    last30: lastDays(standing.days),
    phases: names.phases,
    categories: names.categories.slice(0, CATEGORIES),
    otherCategories: names.categories.slice(CATEGORIES).reduce((sum, { open }) => sum + open, 0),
    children: childrenOf(standing, below),
    trend: trendOf(standing.days, where, figures.open),
    // Ids are as old as the report, but one may be proposed: the newest are shown as people count.
    latest: shown.slice(0, latest.length).toSorted((one, other) => (one.reportedAt < other.reportedAt ? 1 : -1)),
    worst: shown.slice(latest.length),
  }
}

/** Ids of matters begin with the millisecond of their making, so the last one counted tells how far a first count is. */
function shareOf(after: string | null): number {
  if (after === null) return 0
  const from = Date.parse('2024-01-01')
  const at = Number.parseInt(after.replaceAll('-', '').slice(0, 12), 16)
  return Math.min(0.99, Math.max(0, (at - from) / (Date.now() - from)))
}

/** What changes from second to second: figures and those of the areas directly below. The caller has checked the grant. */
export async function tickOf(cmd: Command, path: string): Promise<WallTick> {
  const below = await areasBelow(cmd, path)
  const standing = await standingOf(cmd, whereOf(cmd, path, below), false)
  return { figures: figuresOf(cmd, standing, path), children: childrenOf(standing, below) }
}

const seen = (cmd: Command, path: string, scope: SeenScope, limit: number): Promise<SeenRow[]> =>
  listSeen(
    cmd.tx,
    { county: cmd.county, path, scope, narrow: depthOf(path) >= ROLLED_DEPTH, now: cmd.now },
    { limit, after: null },
  )

/** Open matters with a position, for the map: the longest overdue and the newest. @throws as showWall */
export async function showPoints(cmd: Command, query: WallQuery): Promise<WallPoints> {
  const path = areaFor(cmd, query.area)
  const [overdue, newest] = await Promise.all([
    seen(cmd, path, 'overdue', POINTS_OVERDUE),
    seen(cmd, path, 'open', POINTS_NEWEST),
  ])
  const byId = new Map([...newest, ...overdue].map((row) => [row.id, row]))
  const items = await presentSeen(cmd, [...byId.values()])
  return {
    items: items.filter(({ point }) => point !== null),
    complete: newest.length < POINTS_NEWEST && overdue.length < POINTS_OVERDUE,
  }
}

/** The outlines of an area and of what lies directly below it, as fine as a screen can show. @throws as showWall */
export async function showOutline(cmd: Command, query: WallQuery): Promise<WallOutline> {
  const path = areaFor(cmd, query.area)
  const below = await areasBelow(cmd, path)
  const shapes = await shapesOf(cmd, [path, ...below.map((child) => child.path)])
  return { areas: polygonsOf(shapes) }
}

/** A page of an area's matters: overdue ones longest first, else newest first. @throws as showWall */
export async function listOnWall(cmd: Command, query: ListSeen): Promise<SeenPage> {
  const path = areaFor(cmd, query.area)
  const scope = query.scope ?? 'open'
  const limit = query.limit ?? LIMIT
  const where = { county: cmd.county, path, scope, narrow: depthOf(path) >= ROLLED_DEPTH, now: cmd.now }
  const rows = await listSeen(cmd.tx, where, { limit: limit + 1, after: positionOf(query.after, scope) })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await presentSeen(cmd, shown),
    next: rows.length > limit && last ? encodeCursor([last.id, last.dueAt?.toISOString() ?? null]) : null,
  }
}

function positionOf(after: string | undefined, scope: SeenScope): { id: string; dueAt: Date | null } | null {
  if (after === undefined) return null
  const [id, due] = decodeCursor(after, 2)
  const dueAt = scope === 'overdue' ? new Date(String(due)) : null
  if (dueAt && Number.isNaN(dueAt.getTime())) throw new Fault('kernel.bad_request', { field: 'after' })
  return { id: String(id), dueAt }
}
