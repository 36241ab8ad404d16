import {
  dueAfter,
  explainDeadline,
  remaining,
  sayRemaining,
  type Calendar,
  type Deadline as Counted,
  type TimeUnit,
} from '../kernel/calendar.ts'
import type { Locale } from '../kernel/faults.ts'
import type { Deadline } from './contract.ts'

/** What a deadline is counted from; kept with the matter so that it can be counted anew when the calendar changes. */
export interface Clock {
  /** ISO instant the state was entered; null: the state has no limit. */
  readonly from: string | null
  readonly amount: number
  readonly unit: TimeUnit
  readonly pauses: readonly { readonly from: string; readonly to: string | null; readonly reason: string }[]
  readonly extensions: readonly { readonly amount: number; readonly unit: TimeUnit; readonly reason: string }[]
}

export const noClock: Clock = { from: null, amount: 0, unit: 'workday', pauses: [], extensions: [] }

export const startClock = (from: Date, amount: number, unit: TimeUnit): Clock => ({
  from: from.toISOString(),
  amount,
  unit,
  pauses: [],
  extensions: [],
})

/** The clock stops with a reason; one that already stands stays as it is. */
export const pauseClock = (clock: Clock, at: Date, reason: string): Clock =>
  clock.from === null || isPaused(clock)
    ? clock
    : { ...clock, pauses: [...clock.pauses, { from: at.toISOString(), to: null, reason }] }

export const resumeClock = (clock: Clock, at: Date): Clock => ({
  ...clock,
  pauses: clock.pauses.map((pause) => (pause.to === null ? { ...pause, to: at.toISOString() } : pause)),
})

export const extendClock = (clock: Clock, extension: Clock['extensions'][number]): Clock =>
  clock.from === null ? clock : { ...clock, extensions: [...clock.extensions, extension] }

export const isPaused = (clock: Clock): boolean => clock.pauses.some((pause) => pause.to === null)

/** Counts the deadline; null where the state has no limit. */
export function countDeadline(calendar: Calendar, clock: Clock): Counted | null {
  if (clock.from === null) return null
  const pauses = clock.pauses.map(({ from, to, reason }) => ({
    from: new Date(from),
    to: to === null ? null : new Date(to),
    reason,
  }))
  return dueAfter(
    calendar,
    new Date(clock.from),
    { amount: clock.amount, unit: clock.unit, extensions: clock.extensions },
    pauses,
  )
}

interface Due {
  readonly dueAt: Date | null
  readonly dueProvisional: boolean
  readonly closedAt: Date | null
}

/** Beyond this many days nobody counts workdays: calendar days are said, which cost nothing to count. */
const WORKDAYS_SAID_MAX = 400
const KEPT_WORDS_MAX = 20_000
const MINUTE_MS = 60_000

/** Words of the present minute by calendar: a work list says the same few over and over. */
const words = new WeakMap<Calendar, { minute: number; said: Map<string, string> }>()

function leftInWords(calendar: Calendar, dueAt: Date, reader: { now: Date; unit: TimeUnit; locale: Locale }): string {
  const minute = Math.floor(reader.now.getTime() / MINUTE_MS)
  let kept = words.get(calendar)
  if (!kept || kept.minute !== minute || kept.said.size > KEPT_WORDS_MAX) {
    kept = { minute, said: new Map() }
    words.set(calendar, kept)
  }
  const key = `${dueAt.getTime()}${reader.unit}${reader.locale}`
  const said = kept.said.get(key)
  if (said !== undefined) return said
  const far = Math.abs(dueAt.getTime() - reader.now.getTime()) > WORKDAYS_SAID_MAX * 86_400_000
  const fresh = sayRemaining(remaining(calendar, reader.now, dueAt, far ? 'calendarDay' : reader.unit), reader.locale)
  kept.said.set(key, fresh)
  return fresh
}

/** The deadline as a list shows it: when, and what is left in words. Null without a limit, while paused, or once closed. */
export function briefDeadline(
  calendar: Calendar,
  row: Due & { readonly unit: TimeUnit },
  now: Date,
  locale: Locale,
): Deadline | null {
  if (row.dueAt === null || row.closedAt !== null) return null
  return {
    dueAt: row.dueAt.toISOString(),
    provisional: row.dueProvisional,
    left: leftInWords(calendar, row.dueAt, { now, unit: row.unit, locale }),
    overdue: row.dueAt.getTime() < now.getTime(),
  }
}

/** The same with the sentence that explains it, for the matter's own page. */
export function explainedDeadline(
  calendar: Calendar,
  row: Due & { readonly clock: Clock },
  now: Date,
  locale: Locale,
): Deadline | null {
  const counted = countDeadline(calendar, row.clock)
  if (!counted || row.closedAt !== null) return null
  const brief = briefDeadline(calendar, { ...row, unit: row.clock.unit, dueAt: counted.dueAt }, now, locale)
  if (!brief) return null
  return { ...brief, left: counted.paused ? '' : brief.left, sentence: explainDeadline(counted, locale, now) }
}
