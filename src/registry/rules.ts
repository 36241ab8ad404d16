import { DAY, dateOf, dayNumberOf } from '../kernel/calendar-days.ts'
import { Fault } from '../kernel/faults.ts'
import './contract.ts'

/**
 * The name as it is kept.
 *
 * @throws registry.name_needed when nothing is left of it.
 */
export function requireName(name: string): string {
  const kept = name.trim()
  if (kept === '') throw new Fault('registry.name_needed')
  return kept
}

/** The day of an instant in Beijing, as `YYYY-MM-DD`. */
export const dayOf = (at: Date): string => dateOf(dayNumberOf(at))

/** The day after another. */
export const dayAfter = (on: string): string => new Date(Date.parse(on) + DAY).toISOString().slice(0, 10)

/** The day some years before another; 29 February becomes 28 in other years. */
export function yearsBefore(on: string, years: number): string {
  const [year = 0, month = 1, day = 1] = on.split('-').map(Number)
  const last = new Date(Date.UTC(year - years, month, 0)).getUTCDate()
  return `${String(year - years).padStart(4, '0')}-${on.slice(5, 7)}-${String(Math.min(day, last)).padStart(2, '0')}`
}

/** Whole years from a day of birth to a day: one grows older on the birthday itself. */
export function ageOn(bornOn: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return on.slice(5) < bornOn.slice(5) ? years - 1 : years
}

/** 13800138000 → 138****8000. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

/** 11010519491231002X → **************002X: the tail by which one is told from another of the same name. */
export const maskCitizenId = (id: string): string => `${'*'.repeat(Math.max(0, id.length - 4))}${id.slice(-4)}`

/** Whether something checked at an instant is older than so many months. */
export const isStale = (checkedAt: Date, now: Date, freshMonths: number): boolean =>
  now.getTime() - checkedAt.getTime() > freshMonths * 30.44 * DAY

/** What changed between two sets of fields, as `{field: [before, after]}`; values are compared as JSON. */
export function differences(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
): Record<string, [before: unknown, after: unknown]> {
  const found: Record<string, [unknown, unknown]> = {}
  if (before === null) {
    for (const [field, is] of Object.entries(after)) if (is !== null && is !== undefined) found[field] = [null, is]
    return found
  }
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[field] ?? null, after[field] ?? null]
    if (JSON.stringify(was) !== JSON.stringify(is)) found[field] = [was, is]
  }
  return found
}

/** The fields of a record as they were before some later changes, which are undone newest first. */
export function undone(
  fields: Readonly<Record<string, unknown>>,
  later: readonly Readonly<Record<string, readonly [before: unknown, after: unknown]>>[],
): Record<string, unknown> {
  const was: Record<string, unknown> = { ...fields }
  for (const changes of later) for (const [field, [before]] of Object.entries(changes)) was[field] = before
  return was
}
