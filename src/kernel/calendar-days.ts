import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }

export interface Words {
  readonly zh: string
  readonly en: string
}

/** Days off and make-up workdays as the State Council publishes them each year, by `YYYY-MM-DD`. */
export interface HolidayList {
  readonly rest: ReadonlyMap<string, Words>
  readonly makeUp: ReadonlyMap<string, Words>
  /** Years whose notice is in the list; a day of another year is only guessed. */
  readonly years: ReadonlySet<number>
}

/** From minute to minute after midnight; a lunch break is the gap between two spans. */
export interface OfficeSpan {
  readonly from: string
  readonly to: string
}
export type OfficeHours = readonly OfficeSpan[]

/** What a county decides for one day: rest, or work with its own hours. */
export interface DayOverride {
  readonly works: boolean
  readonly hours?: OfficeHours
  readonly name?: Words
}

export interface Day {
  /** Days since 1970-01-01 in China. */
  readonly number: number
  readonly on: string
  readonly works: boolean
  readonly kind: 'weekday' | 'weekend' | 'holiday' | 'makeUp' | 'county'
  readonly name: Words | undefined
  /** False when the year's holiday notice is not known. */
  readonly known: boolean
  /** Office time as epoch milliseconds, in order; empty on days off. */
  readonly spans: readonly (readonly [from: number, to: number])[]
  readonly officeMilliseconds: number
}

export const DAY = 86_400_000
/** China keeps UTC+8 the whole year since 1991. */
const OFFSET = 8 * 3_600_000

export const dayNumberOf = (at: Date | number): number => Math.floor((Number(at) + OFFSET) / DAY)
export const startOfDay = (number: number): number => number * DAY - OFFSET
export const dateOf = (number: number): string => new Date(number * DAY).toISOString().slice(0, 10)
/** 0 is Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (number: number): number => (((number + 4) % 7) + 7) % 7

function wordsOf(text: string): Words {
  const [en = '', zh = ''] = text.split(',')
  return { zh, en }
}

const entries = (days: Record<string, string>): Map<string, Words> =>
  new Map(Object.entries(days).map(([on, text]) => [on, wordsOf(text)]))

/**
 * The list that ships with the house (npm `chinese-days`, made from the State Council's notices).
 *
 * A year counts as covered when its National Day is in the list: the library itself answers for any year and says nothing
 * when it only guesses, and a notice of one year may already hold the first days of the next.
 */
export const shippedHolidays: HolidayList = (() => {
  const rest = entries(published.holidays)
  const years = new Set([...rest.keys()].filter((on) => on.endsWith('-10-01')).map((on) => Number(on.slice(0, 4))))
  return { rest, makeUp: entries(published.workdays), years }
})()

/** Reads `HH:MM` spans as milliseconds after midnight. @throws RangeError when they are no times, empty, overlapping or not in order. */
export function readHours(hours: OfficeHours): [number, number][] {
  let before = -1
  const spans = hours.map(({ from, to }): [number, number] => {
    const span: [number, number] = [readTime(from), readTime(to)]
    if (span[0] <= before || span[1] <= span[0])
      throw new RangeError(`office hours ${from}–${to} overlap or run backwards`)
    before = span[1]
    return span
  })
  if (spans.length === 0) throw new RangeError('office hours are empty')
  return spans
}

function readTime(text: string): number {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text)
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : NaN
  if (!(minutes <= 1_440)) throw new RangeError(`${text} is no time of day`)
  return minutes * 60_000
}

/** A county's working time. Immutable; a change of holidays or overrides makes a new one. */
export interface Calendar {
  readonly officeHours: OfficeHours
  /** By `YYYY-MM-DD`; stronger than the State Council's list. */
  readonly overrides: Readonly<Record<string, DayOverride>>
  readonly holidays: HolidayList
  /** The day of that number (days since 1970-01-01 in China). */
  day(number: number): Day
}

/** Where a county states none: seven and a half hours with a lunch break. */
export const usualOfficeHours: OfficeHours = [
  { from: '08:30', to: '12:00' },
  { from: '13:30', to: '17:30' },
]

/**
 * A county's calendar: State Council's holidays and make-up workdays, the county's own days and hours.
 *
 * All arithmetic is on UTC+8, which China keeps without summer time.
 *
 * @param parts `officeHours` default to 08:30–12:00, 13:30–17:30; `holidays` to the shipped list (2004–2026 now).
 * @throws RangeError when office hours overlap, run backwards or are empty.
 */
export function makeCalendar(parts: Partial<Pick<Calendar, 'officeHours' | 'overrides' | 'holidays'>> = {}): Calendar {
  const { officeHours = usualOfficeHours, overrides = {}, holidays = shippedHolidays } = parts
  const usual = readHours(officeHours)
  const own = new Map(
    Object.entries(overrides).map(([on, { hours, ...rest }]) => [
      on,
      { ...rest, spans: hours ? readHours(hours) : usual },
    ]),
  )
  const days = new Map<number, Day>()
  return {
    officeHours,
    overrides,
    holidays,
    day(number) {
      let day = days.get(number)
      if (!day) {
        const on = dateOf(number)
        const override = own.get(on)
        const found = override
          ? { kind: 'county' as const, works: override.works, name: override.name }
          : publishedDay(number, on, holidays)
        const known = holidays.years.has(Number(on.slice(0, 4)))
        const spans = found.works
          ? (override?.spans ?? usual).map(
              ([from, to]) => [startOfDay(number) + from, startOfDay(number) + to] as const,
            )
          : []
        day = {
          number,
          on,
          known,
          ...found,
          spans,
          officeMilliseconds: spans.reduce((sum, [from, to]) => sum + to - from, 0),
        }
        if (days.size < 4_000) days.set(number, day)
      }
      return day
    },
  }
}

function publishedDay(number: number, on: string, holidays: HolidayList): Pick<Day, 'kind' | 'works' | 'name'> {
  const rest = holidays.rest.get(on)
  if (rest) return { kind: 'holiday', works: false, name: rest }
  const makeUp = holidays.makeUp.get(on)
  if (makeUp) return { kind: 'makeUp', works: true, name: makeUp }
  const weekday = weekdayOf(number)
  const weekend = weekday === 0 || weekday === 6
  return { kind: weekend ? 'weekend' : 'weekday', works: !weekend, name: undefined }
}
