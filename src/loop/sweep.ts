import { dueAfter, nextOfficeTime, type Calendar } from '../kernel/calendar.ts'
import type { App } from '../kernel/app.ts'
import { countiesOf } from '../kernel/app.ts'
import { runSystem, type Command } from '../kernel/command.ts'
import type { Sweep } from '../kernel/jobs.ts'
import { responsibleFor } from '../grid/index.ts'
import { entryOf } from '../ledger/index.ts'
import { packOf, stateOf, type PackKind } from '../packs/index.ts'
import { MatterOverdue, MatterReminded } from './contract.ts'
import { countDeadline } from './deadline.ts'
import { commitTo } from './written.ts'
import { listProvisional, lockDue, saveMove, saveSweep, type MatterRow, type StepRow } from './store.ts'

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
function escalateAt(calendar: Calendar, pack: PackKind, row: Timed, level: number): Date | null {
  const escalation = stateOf(pack.kind, row.state).escalation?.[level]
  if (row.dueAt === null) return null
  if (!escalation) return level === 0 ? row.dueAt : null
  if (escalation.after.amount === 0) return row.dueAt
  return dueAfter(calendar, row.dueAt, escalation.after, []).dueAt
}

/** When the sweep first looks at a state that has just begun: to remind, else to escalate. */
export function firstSweep(calendar: Calendar, pack: PackKind, row: Timed, now: Date): Date | null {
  if (row.dueAt === null || row.closedAt !== null) return null
  return remindAt(calendar, pack, row, now) ?? escalateAt(calendar, pack, row, 0)
}

interface Notice {
  event: typeof MatterOverdue | typeof MatterReminded
  next: MatterRow
  told: { role: string; path: string }
}

async function noticeFor(cmd: Command, pack: PackKind, row: MatterRow): Promise<Notice> {
  const overdue = row.dueAt !== null && row.dueAt <= cmd.now
  const version = row.version + 1
  if (!overdue) {
    const next = { ...row, version, sweepAt: escalateAt(cmd.calendar, pack, row, 0) }
    return { event: MatterReminded, next, told: { role: row.holderRole, path: row.holderPath } }
  }
  const level = row.overdueLevel
  const escalation = stateOf(pack.kind, row.state).escalation?.[level]
  const after = row.overdueLevel + 1
  const next = { ...row, version, overdueLevel: after, sweepAt: escalateAt(cmd.calendar, pack, row, after) }
  if (!escalation) return { event: MatterOverdue, next, told: { role: row.holderRole, path: row.holderPath } }
  const post = await responsibleFor(cmd, row.areaPath, escalation.role)
  return {
    event: MatterOverdue,
    next,
    told: { role: post?.role ?? escalation.role, path: post?.areaPath ?? cmd.county },
  }
}

async function tell(cmd: Command, row: MatterRow): Promise<void> {
  const pack = await packOf(cmd, row.kind, row.packVersion)
  const { event, next, told } = await noticeFor(cmd, pack, row)
  const { state, areaPath, holderRole, holderUnit, holderPath } = row
  const body = { state, areaPath, dueAt: row.dueAt!.toISOString(), holderRole, holderUnit, holderPath }
  const entry =
    event === MatterReminded
      ? entryOf(cmd, MatterReminded, next, body)
      : entryOf(cmd, MatterOverdue, next, {
          ...body,
          level: next.overdueLevel,
          toldRole: told.role,
          toldPath: told.path,
        })
  const { salt } = commitTo(cmd, {})
  const step: StepRow = {
    county: cmd.county,
    matterId: row.id,
    version: next.version,
    entryId: entry.id,
    event: event.name,
    move: null,
    fromState: row.state,
    toState: row.state,
    actorId: null,
    actorLabel: 'system',
    deputyFor: null,
    form: { role: told.role, path: told.path },
    fileIds: [],
    holderRole,
    holderUnit,
    holderPath,
    salt,
    at: cmd.now,
  }
  await saveMove(cmd.tx, next, step, { entry, kept: null })
}

const BATCH = 100

/** Tells of everything whose time has come in a county; each matter once a level. Returns how many. */
export async function sweepCounty(app: App, county: string): Promise<number> {
  let count = 0
  for (;;) {
    const swept = await runSystem(app, county, async (cmd) => {
      const rows = await lockDue(cmd.tx, county, cmd.now, BATCH)
      for (const row of rows) {
        if (row.dueAt === null || row.closedAt !== null) await saveSweep(cmd.tx, { ...row, sweepAt: null })
        else await tell(cmd, row)
      }
      return rows.length
    })
    count += swept
    if (swept < BATCH) return count
  }
}

/** Deadlines counted on plain weekdays are counted anew once the year's holidays are known. */
export async function recountProvisional(app: App, county: string): Promise<number> {
  return runSystem(app, county, async (cmd) => {
    const rows = await listProvisional(cmd.tx, cmd.county, 1000)
    let changed = 0
    for (const row of rows) {
      const counted = countDeadline(cmd.calendar, row.clock)
      if (!counted || counted.provisional) continue
      const pack = await packOf(cmd, row.kind, row.packVersion)
      const dueAt = counted.paused ? null : counted.dueAt
      const sweepAt = firstSweep(cmd.calendar, pack, { ...row, dueAt }, cmd.now)
      await saveSweep(cmd.tx, { ...row, dueAt, dueProvisional: false, sweepAt })
      changed++
    }
    return changed
  })
}

async function everyCounty(app: App, work: (county: string) => Promise<number>): Promise<void> {
  for (const { code } of await countiesOf(app)) await work(code)
}

export const loopSweeps: Sweep[] = [
  { name: 'loop.sweep_due', everySeconds: 20, run: (app) => everyCounty(app, (county) => sweepCounty(app, county)) },
  {
    name: 'loop.recount_provisional',
    everySeconds: 3600,
    run: (app) => everyCounty(app, (county) => recountProvisional(app, county)),
  },
]
