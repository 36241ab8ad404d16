import { dueAfter, nextOfficeTime, type Calendar } from '../kernel/calendar.ts'
import { movesFrom, opensAt, stateOf, type PackKind, type Step } from '../packs/index.ts'
import type { MatterRow } from './store.ts'

/** Rough length of a unit, for reminding ahead: being some minutes early or late there harms nobody. */
const UNIT_MS = { workHour: 3_600_000, urgentHour: 3_600_000, workday: 86_400_000, calendarDay: 86_400_000 } as const

type Timed = Pick<MatterRow, 'state' | 'dueAt' | 'urgent' | 'closedAt'>

/** When people are reminded: in office hours unless the matter is urgent; null when that would be past. */
function remindAt(calendar: Calendar, pack: PackKind, row: Timed, now: Date): Date | null {
  const before = stateOf(pack.kind, row.state).remindBefore
  if (!before || row.dueAt === null) return null
  const wanted = new Date(row.dueAt.getTime() - before.amount * UNIT_MS[before.unit])
  const at = row.urgent ? wanted : nextOfficeTime(calendar, wanted)
  return at > now && at < row.dueAt ? at : null
}

/** When a level of escalation is due: its time after the deadline, in the calendar's own time. */
export function escalateAt(calendar: Calendar, pack: PackKind, row: Timed, level: number): Date | null {
  const escalation = stateOf(pack.kind, row.state).escalation?.[level]
  if (row.dueAt === null) return null
  if (!escalation) return level === 0 ? row.dueAt : null
  if (escalation.after.amount === 0) return row.dueAt
  return dueAfter(calendar, row.dueAt, escalation.after, []).dueAt
}

/** When the sweep first looks at a state that has just begun for its deadline: to remind, else to escalate. */
export function firstSweep(calendar: Calendar, pack: PackKind, row: Timed, now: Date): Date | null {
  if (row.dueAt === null || row.closedAt !== null) return null
  return remindAt(calendar, pack, row, now) ?? escalateAt(calendar, pack, row, 0)
}

export interface TimedStep {
  readonly step: Step
  readonly at: Date
}

/** The steps that the system makes by itself when their time has come, first the next. */
export const timedStepsFrom = (pack: PackKind, state: string): Step[] =>
  movesFrom(pack.kind, state).filter((step) => step.by === 'system' && step.opens !== undefined)

/** The next of them; null where the state has none or its time was never filled in. */
export function nextTimedStep(
  calendar: Calendar,
  steps: readonly Step[],
  known: Readonly<Record<string, unknown>>,
): TimedStep | null {
  const timed = steps.flatMap((step) => {
    const at = opensAt(calendar, step, known)
    return at ? [{ step, at }] : []
  })
  return timed.toSorted((one, other) => one.at.getTime() - other.at.getTime())[0] ?? null
}

export const earlier = (one: Date | null, other: Date | null): Date | null =>
  one && other ? (one < other ? one : other) : (one ?? other)
