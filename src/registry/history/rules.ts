import { detailGroups, groupOf } from '../field-groups.ts'
import { maskCitizenId, maskPhone } from '../rules.ts'
import { isSensitive } from '../tags/rules.ts'

export type Changes = Readonly<Record<string, readonly [before: unknown, after: unknown]>>

const sensitiveDetails = new Set(
  detailGroups.filter((group) => groupOf(group).sensitive).map((group) => `details:${group}`),
)

/** Whether a field of the history is left out for somebody who may not unmask: sensitive groups and tags, a dossier. */
export function isHidden(field: string): boolean {
  if (field === 'dossier' || sensitiveDetails.has(field)) return true
  return field.startsWith('tag:') && isSensitive(field.slice(4))
}

const masked = (key: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value
  if (key === 'phone' || key === 'emergencyPhone') return maskPhone(value)
  return key === 'citizenId' ? maskCitizenId(value) : value
}

/** What stood in a field, as it may be read: numbers masked, objects as JSON. */
export function shownValue(field: string, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return String(masked(field, value))
  if (Array.isArray(value)) return JSON.stringify(value)
  const parts = Object.entries(value).map(([key, part]) => [key, masked(key, part)])
  return JSON.stringify(Object.fromEntries(parts))
}

/** A sensitive group changed, that is all that is said of it. */
export function shownChange(
  [field, [before, after]]: [string, readonly [unknown, unknown]],
  all: boolean,
): { field: string; before: string | null; after: string | null } {
  const hidden = isHidden(field) && !all
  const said = (value: unknown): string | null =>
    hidden ? (value === null || value === undefined ? null : '＊＊') : shownValue(field, value)
  // A sensitive tag's own name would tell what it is.
  return { field: hidden && field.startsWith('tag:') ? 'tag' : field, before: said(before), after: said(after) }
}

/** Months before an instant, as a calendar counts them. */
export function monthsBefore(at: Date, months: number): Date {
  const then = new Date(at)
  then.setUTCMonth(then.getUTCMonth() - months)
  return then
}
