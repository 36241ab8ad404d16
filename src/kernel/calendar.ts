import { type Calendar, type Day, DAY, dateOf, dayNumberOf } from './calendar-days.ts'
import type { Deadline, Explanation, Pause, Remaining, TimeAllowed, TimeUnit } from './calendar-terms.ts'

export type { Calendar, Day, DayOverride, HolidayList, OfficeHours, Words } from './calendar-days.ts'
export { makeCalendar, shippedHolidays, usualOfficeHours } from './calendar-days.ts'
export type { Deadline, Explanation, Pause, Remaining, TimeAllowed, TimeUnit } from './calendar-terms.ts'
export { explainDeadline, sayRemaining, sayWhen } from './calendar-words.ts'

/** Limits are counted day by day, so they end: about 40 years. */
const AMOUNT_MAX = 100_000
const DAYS_MAX = 15_000

type Span = readonly [from: number, to: number]

/** Closed pauses after `from`, in order, overlaps joined. */
function mergedPauses(from: number, pauses: readonly Pause[]): Span[] {
  const spans = pauses
    .flatMap((pause): Span[] => (pause.to ? [[Math.max(from, pause.from.getTime()), pause.to.getTime()]] : []))
    .filter(([start, end]) => end > start)
    .sort((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [start, end] of spans) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

function without(span: Span, pauses: readonly Span[]): Span[] {
  let rest: Span[] = [span]
  for (const [from, to] of pauses) {
    rest = rest.flatMap(([start, end]): Span[] =>
      to <= start || from >= end
        ? [[start, end]]
        : [[start, Math.min(from, end)] as const, [Math.max(to, start), end] as const].filter(([a, b]) => b > a),
    )
  }
  return rest
}

/** The first instant at which the office time since `from`, pauses left out, has reached the amount. */
function afterOfficeTime(
  calendar: Calendar,
  from: number,
  allowed: Omit<TimeAllowed, 'extensions'>,
  pauses: readonly Span[],
): number {
  if (allowed.amount === 0) return from
  let left = allowed.unit === 'workday' ? allowed.amount : allowed.amount * 3_600_000
  const first = dayNumberOf(from)
  for (let number = first; number < first + DAYS_MAX; number++) {
    const day = calendar.day(number)
    for (const span of day.spans) {
      if (span[1] <= from) continue
      for (const [start, end] of without([Math.max(span[0], from), span[1]], pauses)) {
        const worth = allowed.unit === 'workday' ? (end - start) / day.officeMilliseconds : end - start
        // A billionth of a day is less than any clock shows; it keeps sums of fractions at the close of office.
        if (left <= worth + 1e-9)
          return Math.min(end, start + Math.round(allowed.unit === 'workday' ? left * day.officeMilliseconds : left))
        left -= worth
      }
    }
  }
  throw new RangeError('the calendar has no office time for this limit')
}

function afterWallClock(from: number, milliseconds: number, pauses: readonly Span[]): number {
  let due = from + milliseconds
  for (const [start, end] of pauses) if (start < due) due += end - start
  return due
}

/** The close of office on that day; on a day off, of the next workday. */
function closeOfOffice(calendar: Calendar, at: number): { due: number; rolled: boolean } {
  const first = dayNumberOf(at)
  for (let number = first; number < first + DAYS_MAX; number++) {
    const close = calendar.day(number).spans.at(-1)?.[1]
    if (close !== undefined) return { due: close, rolled: number !== first }
  }
  throw new RangeError('the calendar has no workday')
}

/**
 * The instant by which something must be done, and why then.
 *
 * Promises: a later start is never due earlier; a closed pause of some office time moves `workHour` limits by exactly that
 * office time; limits of office units add up. A year without a published holiday list never refuses: `provisional` is set.
 * Pauses before `from` count for nothing; overlapping ones count once.
 *
 * @param from UTC instant; outside office hours the time begins to count when the office opens.
 * @throws RangeError when an amount is negative, no number, or beyond 100,000.
 * @source CJJ/T 106 (units); the State Council's yearly notices (days)
 */
export function dueAfter(
  calendar: Calendar,
  from: Date,
  allowed: TimeAllowed,
  pauses: readonly Pause[] = [],
): Deadline {
  const start = from.getTime()
  const closed = mergedPauses(start, pauses)
  const parts = [{ amount: allowed.amount, unit: allowed.unit }, ...(allowed.extensions ?? [])]
  let due = start
  let rolled = false
  for (const { amount, unit } of parts) {
    if (!(amount >= 0 && amount <= AMOUNT_MAX)) throw new RangeError(`${amount} is no amount of time`)
    if (unit === 'urgentHour') due = afterWallClock(due, amount * 3_600_000, laterThan(closed, due))
    else if (unit === 'calendarDay')
      ({ due, rolled } = closeOfOffice(calendar, afterWallClock(due, amount * DAY, laterThan(closed, due))))
    else due = afterOfficeTime(calendar, due, { amount, unit }, closed)
  }
  const wallClockOnly = parts.every(({ unit }) => unit === 'urgentHour')
  const days = wallClockOnly ? [] : daysBetween(calendar, start, due)
  const years = [...new Set(days.filter((day) => !day.known).map((day) => Number(day.on.slice(0, 4))))]
  return {
    dueAt: new Date(due),
    provisional: years.length > 0,
    paused: pauses.some((pause) => pause.to === null),
    steps: [
      { kind: 'allowed', amount: allowed.amount, unit: allowed.unit },
      ...(allowed.extensions ?? []).map(({ amount, unit, reason }) => ({
        kind: 'extension' as const,
        amount,
        unit,
        reason,
      })),
      ...explainDays(days),
      ...(rolled ? [{ kind: 'rolled' as const }] : []),
      ...explainPauses(calendar, pauses, start, wallClockOnly),
      ...(years.length > 0 ? [{ kind: 'provisional' as const, years }] : []),
    ],
  }
}

const laterThan = (pauses: readonly Span[], at: number): Span[] =>
  pauses.filter(([, end]) => end > at).map(([start, end]) => [Math.max(start, at), end])

function daysBetween(calendar: Calendar, from: number, to: number): Day[] {
  const days: Day[] = []
  for (let number = dayNumberOf(from); number <= dayNumberOf(to); number++) days.push(calendar.day(number))
  return days
}

/** Only what surprises: make-up days, holidays in one piece, the county's own days. */
function explainDays(days: readonly Day[]): Explanation[] {
  const steps: Explanation[] = []
  for (const day of days) {
    const last = steps.at(-1)
    if (day.kind === 'makeUp') steps.push({ kind: 'makeUp', on: day.on })
    else if (day.kind === 'county') steps.push({ kind: 'county', on: day.on, works: day.works, name: day.name })
    else if (day.kind === 'holiday' && last?.kind === 'holiday' && dateOf(day.number - 1) === last.to) {
      steps[steps.length - 1] = { ...last, to: day.on }
    } else if (day.kind === 'holiday' && day.name)
      steps.push({ kind: 'holiday', from: day.on, to: day.on, name: day.name })
  }
  return steps
}

function explainPauses(
  calendar: Calendar,
  pauses: readonly Pause[],
  start: number,
  wallClockOnly: boolean,
): Explanation[] {
  return pauses
    .filter((pause) => pause.to === null || pause.to.getTime() > start)
    .map((pause) => {
      const from = new Date(Math.max(start, pause.from.getTime()))
      const whole = pause.to ? pause.to.getTime() - from.getTime() : 0
      const milliseconds =
        pause.to === null ? null : wallClockOnly ? whole : workingTimeBetween(calendar, from, pause.to)
      return { kind: 'pause', milliseconds, reason: pause.reason }
    })
}

/** Office time from one instant to another, in milliseconds; 0 when `to` is not later. */
export function workingTimeBetween(calendar: Calendar, from: Date, to: Date): number {
  return officeSum(calendar, from.getTime(), to.getTime(), () => 1)
}

/** Workdays from one instant to another, parts of a day included: half of a day's office time is 0.5. */
export function workdaysBetween(calendar: Calendar, from: Date, to: Date): number {
  return officeSum(calendar, from.getTime(), to.getTime(), (day) => 1 / day.officeMilliseconds)
}

function officeSum(calendar: Calendar, from: number, to: number, weigh: (day: Day) => number): number {
  let sum = 0
  for (let number = dayNumberOf(from); number <= dayNumberOf(to) && from < to; number++) {
    const day = calendar.day(number)
    for (const [start, end] of day.spans) sum += Math.max(0, Math.min(end, to) - Math.max(start, from)) * weigh(day)
  }
  return sum
}

/** Whether the office is open at that instant; the moment of closing is outside. */
export function isOfficeTime(calendar: Calendar, at: Date): boolean {
  return calendar.day(dayNumberOf(at)).spans.some(([from, to]) => at.getTime() >= from && at.getTime() < to)
}

/** That instant when the office is open, else the next opening. */
export function nextOfficeTime(calendar: Calendar, at: Date): Date {
  const first = dayNumberOf(at)
  for (let number = first; number < first + DAYS_MAX; number++) {
    for (const [from, to] of calendar.day(number).spans)
      if (to > at.getTime()) return new Date(Math.max(from, at.getTime()))
  }
  throw new RangeError('the calendar has no office time')
}

/**
 * What is left of a limit, or by how much it is passed, in the unit that people say: whole workdays, below one the hours,
 * below one the minutes. Rounded down, so nobody is promised more than there is.
 */
export function remaining(calendar: Calendar, now: Date, dueAt: Date, unit: TimeUnit): Remaining {
  const overdue = now.getTime() > dueAt.getTime()
  const [from, to] = overdue ? [dueAt, now] : [now, dueAt]
  const office = unit === 'workHour' || unit === 'workday'
  const days = office ? workdaysBetween(calendar, from, to) : (to.getTime() - from.getTime()) / DAY
  const milliseconds = office ? workingTimeBetween(calendar, from, to) : to.getTime() - from.getTime()
  const byDay = unit === 'workday' || unit === 'calendarDay' || (unit === 'workHour' && days >= 2)
  if (byDay && days >= 1 - 1e-9) return { overdue, amount: Math.floor(days + 1e-9), unit: office ? 'workday' : 'day' }
  if (milliseconds >= 3_600_000)
    return { overdue, amount: Math.floor(milliseconds / 3_600_000), unit: office ? 'workHour' : 'hour' }
  return { overdue, amount: Math.floor(milliseconds / 60_000), unit: 'minute' }
}

/** Years from now on, up to the year of `until`, whose holidays are not published: each needs a daily warning. */
export function missingYears(calendar: Calendar, now: Date, until: Date): number[] {
  const years: number[] = []
  for (
    let year = Number(dateOf(dayNumberOf(now)).slice(0, 4));
    year <= Number(dateOf(dayNumberOf(until)).slice(0, 4));
    year++
  ) {
    if (!calendar.holidays.years.has(year)) years.push(year)
  }
  return years
}
