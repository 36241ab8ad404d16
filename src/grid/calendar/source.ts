import { makeCalendar, usualOfficeHours, type Calendar } from '../../kernel/calendar.ts'
import type { Database, Tx } from '../../kernel/db.ts'
import type { CalendarSource, Ports } from '../../kernel/ports.ts'
import type { OfficeHours } from './contract.ts'
import { findSettingRecord, listDays, type DayRecord } from './store.ts'

/** How long another process's change of the calendar may go unnoticed. */
const FRESH_MS = 10_000
const COUNTIES_MAX = 3_000
export const OFFICE_HOURS = 'grid.officeHours'

/** The county's calendar out of its rows: days of its own over the State Council's list, hours of its own over the usual. */
export function calendarFrom(days: DayRecord[], officeHours: OfficeHours | undefined): Calendar {
  const overrides = days.map(
    ({ day, works, hours, zh, en }) => [day, { works, name: { zh, en }, ...(hours ? { hours } : {}) }] as const,
  )
  return makeCalendar({ officeHours: officeHours ?? usualOfficeHours, overrides: Object.fromEntries(overrides) })
}

export async function loadCalendar(tx: Tx, county: string): Promise<Calendar> {
  const [days, hours] = await Promise.all([listDays(tx, county), findSettingRecord(tx, county, OFFICE_HOURS)])
  return calendarFrom(days, hours?.value as OfficeHours | undefined)
}

/** Working calendars of the counties, kept in memory for seconds; every command gets its own from here. */
export class CountyCalendars implements CalendarSource {
  readonly #db: Pick<Database, 'reading'>
  readonly #kept = new Map<string, { calendar: Promise<Calendar>; loadedAt: number }>()

  constructor(db: Pick<Database, 'reading'>) {
    this.#db = db
  }

  calendarOf(county: string): Promise<Calendar> {
    const kept = this.#kept.get(county)
    if (kept && performance.now() - kept.loadedAt < FRESH_MS) return kept.calendar
    const calendar = this.#db.reading(county, (tx) => loadCalendar(tx, county))
    if (this.#kept.size >= COUNTIES_MAX) this.#kept.clear()
    const entry = { calendar, loadedAt: performance.now() }
    this.#kept.set(county, entry)
    calendar.catch(() => {
      if (this.#kept.get(county) === entry) this.#kept.delete(county)
    })
    return calendar
  }

  drop(county: string): void {
    this.#kept.delete(county)
  }
}

/** Drops the county's calendar from this process. */
export function dropCalendar(ports: Ports, county: string): void {
  if (ports.calendars instanceof CountyCalendars) ports.calendars.drop(county)
}
