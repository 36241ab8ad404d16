import { makeCalendar } from '../../kernel/calendar.ts'
import { Fault } from '../../kernel/faults.ts'
import type { OfficeHours } from './contract.ts'

/** Office hours that a calendar can be made of. @throws grid.bad_hours when they overlap, run backwards or pass midnight. */
export function requireHours(hours: OfficeHours): OfficeHours {
  try {
    makeCalendar({ officeHours: hours })
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new Fault('grid.bad_hours', {}, { cause })
  }
  return hours
}

/** A day that exists in the calendar. @throws grid.bad_day */
export function requireDay(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) throw new Fault('grid.bad_day')
  return day
}

const dayMs = 86_400_000
/** The days of a year, as `YYYY-MM-DD`. */
export function daysOfYear(year: number): string[] {
  const days: string[] = []
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += dayMs)
    days.push(new Date(at).toISOString().slice(0, 10))
  return days
}

/** Days since 1970-01-01, as the calendar counts them. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs)
