import type { App } from '../kernel/app.ts'
import { countiesOf } from '../kernel/app.ts'
import { runSystem, type Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import type { Sweep } from '../kernel/jobs.ts'
import { responsibleFor } from '../grid/index.ts'
import { entryOf } from '../ledger/index.ts'
import { guardAllows, packOf, stateOf, type PackKind } from '../packs/index.ts'
import { MatterOverdue, MatterReminded } from './contract.ts'
import { holderOf, type Holder } from './assignment.ts'
import { countDeadline } from './deadline.ts'
import { guardFacts, knownIn } from './facts.ts'
import { moveMatter } from './service.ts'
import { commitTo } from './written.ts'
import {
  findMatter,
  listProvisional,
  listSteps,
  lockDue,
  saveMove,
  saveSweep,
  type MatterRow,
  type StepRow,
} from './store.ts'
import { earlier, escalateAt, firstSweep, nextTimedStep, timedStepsFrom, type TimedStep } from './waking.ts'

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

/** The step that the system makes next by itself, unless its guard says no. */
async function timedStep(cmd: Command, pack: PackKind, row: MatterRow): Promise<TimedStep | null> {
  const candidates = timedStepsFrom(pack, row.state)
  if (candidates.length === 0) return null
  const steps = await listSteps(cmd.tx, cmd.county, row.id)
  const known = knownIn(steps)
  const facts = guardFacts(pack, row, steps, { now: cmd.now, photos: 0 })
  const allowed = candidates.filter((step) => guardAllows(step, facts, { known, now: cmd.now }))
  return nextTimedStep(cmd.calendar, allowed, known)
}

/** What is to be done with a matter whose time to look has come: make its step, tell of its deadline, or look again later. */
async function wake(cmd: Command, row: MatterRow): Promise<void> {
  const pack = await packOf(cmd, row.kind, row.packVersion)
  const timed = row.closedAt === null ? await timedStep(cmd, pack, row) : null
  if (timed && timed.at <= cmd.now) {
    await moveMatter(cmd, row, { move: timed.step.move, version: row.version })
    return
  }
  if (row.dueAt === null || row.closedAt !== null) await saveSweep(cmd.tx, { ...row, sweepAt: timed?.at ?? null })
  else await tell(cmd, pack, row, timed)
}

async function tell(cmd: Command, pack: PackKind, row: MatterRow, timed: TimedStep | null): Promise<void> {
  const { event, next: noticed, told } = await noticeFor(cmd, pack, row)
  const next = { ...noticed, sweepAt: earlier(noticed.sweepAt, timed?.at ?? null) }
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
    moveId: null,
    at: cmd.now,
  }
  await saveMove(cmd.tx, next, step, { entry, kept: null, whole: false })
}

/** The sweep comes within this time of what is due. */
const SOON_MS = 5_000
/** More than any matter is looked at between two steps of people. */
const LOOKS_MAX = 40

/**
 * Does for one matter whatever the sweep would have done until the command's instant, each at its own time: for histories
 * told afterwards, which no sweep has seen in their days.
 *
 * @param since When the matter's last step was made: nothing comes before it.
 * @returns the matter's version then and whose hands it is in. @throws kernel.not_found
 */
export async function sweepMatter(cmd: Command, id: string, since: Date): Promise<{ version: number; holder: Holder }> {
  for (let look = 0; ; look++) {
    const row = await findMatter(cmd.tx, cmd.county, id)
    if (!row) throw new Fault('kernel.not_found')
    if (row.sweepAt === null || row.sweepAt > cmd.now || look >= LOOKS_MAX)
      return { version: row.version, holder: holderOf(row) }
    const at = Math.min(Math.max(row.sweepAt.getTime() + SOON_MS, since.getTime()), cmd.now.getTime())
    await wake({ ...cmd, now: new Date(at) }, row)
  }
}

const BATCH = 100

/** Tells of everything whose time has come in a county; each matter once a level. Returns how many. */
export async function sweepCounty(app: App, county: string): Promise<number> {
  let count = 0
  for (;;) {
    const swept = await runSystem(app, county, async (cmd) => {
      const rows = await lockDue(cmd.tx, county, cmd.now, BATCH)
      for (const row of rows) await wake(cmd, row)
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
      const timed = await timedStep(cmd, pack, row)
      const sweepAt = earlier(firstSweep(cmd.calendar, pack, { ...row, dueAt }, cmd.now), timed?.at ?? null)
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
