/** The county's calendar day of an instant, in China (UTC+8, no summer time). */
export const dayOf = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

const DAY_MS = 86_400_000
/** The day some days before another. */
export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10)
/** When a day begins in Beijing. */
export const startOf = (day: string): Date => new Date(`${day}T00:00:00+08:00`)

/** What is due within this time counts as due soon. */
export const SOON_MS = 24 * 3_600_000
export const soonUntil = (at: Date): Date => new Date(at.getTime() + SOON_MS)

/**
 * Areas with at most this many codes in their path (county, town, village) have counts of their own. Below a village there
 * are so few matters that they are counted themselves when somebody asks.
 */
export const ROLLED_DEPTH = 3
export const depthOf = (path: string): number => path.split('/').length

/** The first `depth` codes of a path. */
export const cutTo = (path: string, depth: number): string => path.split('/').slice(0, depth).join('/')

/** The areas whose counts a matter there belongs to, highest first. */
export function rolledAreas(path: string): string[] {
  const codes = path.split('/').slice(0, ROLLED_DEPTH)
  return codes.map((_code, at) => codes.slice(0, at + 1).join('/'))
}

/** A quarter of an hour, then 15 % more at each step: up to about 650 days. */
const FIRST_HOURS = 0.25
const STEP = 1.15
export const BUCKETS = 80

/** The step of the histogram that a time to close falls into. */
export function bucketOf(hours: number): number {
  if (hours <= FIRST_HOURS) return 0
  return Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(hours / FIRST_HOURS) / Math.log(STEP)))
}

const lowerBound = (bucket: number): number => (bucket === 0 ? 0 : FIRST_HOURS * STEP ** (bucket - 1))
const upperBound = (bucket: number): number => FIRST_HOURS * STEP ** bucket

/**
 * The hours within which a share of the closed was done; null when nothing was closed.
 *
 * From steps of 15 %, so at most 15 % from the exact one.
 */
export function percentile(histogram: readonly number[], share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let before = 0
  for (const [bucket, count] of histogram.entries()) {
    if (before + count >= share * total && count > 0) {
      const within = (share * total - before) / count
      return lowerBound(bucket) + (upperBound(bucket) - lowerBound(bucket)) * within
    }
    before += count
  }
  return upperBound(histogram.length - 1)
}

export const histogramOf = (hours: readonly number[]): number[] => {
  const histogram = noHistogram()
  for (const each of hours) histogram[bucketOf(each)]!++
  return histogram
}
export const noHistogram = (): number[] => Array.from({ length: BUCKETS }, () => 0)
export const addHistograms = (one: readonly number[], other: readonly number[]): number[] =>
  one.map((count, at) => count + (other[at] ?? 0))

export const hoursBetween = (from: Date, to: Date): number => Math.max(0, (to.getTime() - from.getTime()) / 3_600_000)

/** A matter as it is counted: where, what, how far, since when. */
export interface Counted {
  id: string
  areaPath: string
  kind: string
  category: string
  state: string
  tone: string
  dueAt: Date | null
  dueProvisional: boolean
  reportedAt: Date
  closedAt: Date | null
  score: string | null
  ratedAt: Date | null
}

const sameInstant = (one: Date | null, other: Date | null): boolean => one?.getTime() === other?.getTime()

/** Whether two readings of a matter count alike. */
export const countsAlike = (one: Counted, other: Counted): boolean =>
  one.areaPath === other.areaPath &&
  one.kind === other.kind &&
  one.category === other.category &&
  one.state === other.state &&
  one.tone === other.tone &&
  one.score === other.score &&
  one.dueProvisional === other.dueProvisional &&
  sameInstant(one.dueAt, other.dueAt) &&
  sameInstant(one.reportedAt, other.reportedAt) &&
  sameInstant(one.closedAt, other.closedAt) &&
  sameInstant(one.ratedAt, other.ratedAt)

export interface AreaChange {
  areaPath: string
  open: number
  overdue: number
  dueSoon: number
}
export interface OpenChange {
  areaPath: string
  kind: string
  category: string
  state: string
  tone: string
  open: number
}
export interface DayChange {
  areaPath: string
  day: string
  opened: number
  closed: number
  voided: number
  satisfied: number
  fair: number
  unsatisfied: number
  closeHours: number
  histogram: number[]
}

/** How a matter with this deadline stands at an instant, while it is open. */
export function standing(dueAt: Date | null, at: Date): 'overdue' | 'dueSoon' | 'inTime' {
  if (dueAt === null) return 'inTime'
  if (dueAt < at) return 'overdue'
  return dueAt < soonUntil(at) ? 'dueSoon' : 'inTime'
}

/** What a batch of changes does to the counts, by area. */
export class Tally {
  readonly areas = new Map<string, AreaChange>()
  readonly opens = new Map<string, OpenChange>()
  readonly days = new Map<string, DayChange>()

  /** Takes a matter out of the counts (`before`) and puts it in as it is now (`after`). */
  change(before: Counted | undefined, after: Counted | undefined, dueUntil: Date): void {
    if (before) this.#count(before, dueUntil, -1)
    if (after) this.#count(after, dueUntil, 1)
  }

  /** The clock has gone on: what was in time may be due soon, what was due soon overdue. */
  pass(dueAt: Date, areaPath: string, from: Date, to: Date): void {
    for (const path of rolledAreas(areaPath)) {
      this.#stand(path, standing(dueAt, from), -1)
      this.#stand(path, standing(dueAt, to), 1)
    }
  }

  #count(row: Counted, dueUntil: Date, sign: 1 | -1): void {
    for (const areaPath of rolledAreas(row.areaPath)) {
      this.#day(areaPath, dayOf(row.reportedAt)).opened += sign
      if (row.closedAt === null) this.#open(areaPath, row, dueUntil, sign)
      else this.#closed(areaPath, row, row.closedAt, sign)
      if (row.ratedAt && (row.score === 'satisfied' || row.score === 'fair' || row.score === 'unsatisfied'))
        this.#day(areaPath, dayOf(row.ratedAt))[row.score] += sign
    }
  }

  #open(areaPath: string, { kind, category, state, tone, dueAt }: Counted, dueUntil: Date, sign: 1 | -1): void {
    this.#area(areaPath).open += sign
    this.#stand(areaPath, standing(dueAt, dueUntil), sign)
    const key = JSON.stringify([areaPath, kind, category, state, tone])
    const open = this.opens.get(key) ?? { areaPath, kind, category, state, tone, open: 0 }
    open.open += sign
    this.opens.set(key, open)
  }

  #closed(areaPath: string, { tone, reportedAt }: Counted, closedAt: Date, sign: 1 | -1): void {
    const day = this.#day(areaPath, dayOf(closedAt))
    if (tone === 'void') {
      day.voided += sign
      return
    }
    const hours = hoursBetween(reportedAt, closedAt)
    day.closed += sign
    day.closeHours += sign * hours
    day.histogram[bucketOf(hours)]! += sign
  }

  #stand(areaPath: string, how: ReturnType<typeof standing>, sign: 1 | -1): void {
    if (how !== 'inTime') this.#area(areaPath)[how] += sign
  }

  #area(areaPath: string): AreaChange {
    const found = this.areas.get(areaPath) ?? { areaPath, open: 0, overdue: 0, dueSoon: 0 }
    this.areas.set(areaPath, found)
    return found
  }

  #day(areaPath: string, day: string): DayChange {
    const key = `${areaPath}|${day}`
    const rest = { opened: 0, closed: 0, voided: 0, satisfied: 0, fair: 0, unsatisfied: 0, closeHours: 0 }
    const found = this.days.get(key) ?? { areaPath, day, ...rest, histogram: noHistogram() }
    this.days.set(key, found)
    return found
  }
}
