import type { Words } from './calendar-days.ts'

/**
 * The units of a time limit (vocabulary of CJJ/T 106, lengths configurable by the county's office hours):
 *
 * - `workHour`: an hour of office time.
 * - `workday`: the office time of one workday, long or short; from Monday 10:00 to Tuesday 10:00.
 * - `urgentHour`: an hour by the wall clock, night and holiday included.
 * - `calendarDay`: 24 hours; the last day ends with the office, and when it is a day off, on the next workday.
 */
export type TimeUnit = 'workHour' | 'workday' | 'urgentHour' | 'calendarDay'

export interface TimeAllowed {
  readonly amount: number
  readonly unit: TimeUnit
  /** Granted later, each counted from where the limit stood. */
  readonly extensions?: readonly { readonly amount: number; readonly unit: TimeUnit; readonly reason: string | Words }[]
}

/** The clock stands from `from` until `to`; null: it still stands. */
export interface Pause {
  readonly from: Date
  readonly to: Date | null
  readonly reason: string | Words
}

export type Explanation =
  | { readonly kind: 'allowed'; readonly amount: number; readonly unit: TimeUnit }
  | { readonly kind: 'extension'; readonly amount: number; readonly unit: TimeUnit; readonly reason: string | Words }
  | { readonly kind: 'makeUp'; readonly on: string }
  | { readonly kind: 'holiday'; readonly from: string; readonly to: string; readonly name: Words }
  | { readonly kind: 'county'; readonly on: string; readonly works: boolean; readonly name?: Words | undefined }
  | { readonly kind: 'rolled' }
  | { readonly kind: 'pause'; readonly milliseconds: number | null; readonly reason: string | Words }
  | { readonly kind: 'provisional'; readonly years: readonly number[] }

export interface Deadline {
  /** With a pause still open: as if it ended where it began, so the true instant is later. */
  readonly dueAt: Date
  /** Some day in between lies in a year whose holidays are not yet published: counted on plain weekdays, to be computed anew. */
  readonly provisional: boolean
  readonly paused: boolean
  readonly steps: readonly Explanation[]
}

export interface Remaining {
  readonly overdue: boolean
  readonly amount: number
  readonly unit: 'workday' | 'workHour' | 'day' | 'hour' | 'minute'
}
