/**
 * The loop's front door: what must be closed. A matter runs from report to closure by the steps of its pack.
 */
import type { App, Room } from '../kernel/app.ts'
import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { requireGrant } from '../kernel/grants.ts'
import type { CaseDesk, FileGate, PostWork } from '../kernel/ports.ts'
import { postLabel } from '../grid/index.ts'
import { packOf, stateName, type Tone } from '../packs/index.ts'
import { holderOf } from './assignment.ts'
import { loopHandlers } from './jobs.ts'
import { kindLabels } from './labels.ts'
import { giveNumbers } from './numbers.ts'
import { matterRehome, viewRehome } from './rehome.ts'
import { loopRoutes } from './routes.ts'
import { makeMove, reportMatter, unmaskReporter } from './service.ts'
import { countOpenWith, findMatter, listNamed, listSteps } from './store.ts'
import { loopSweeps, sweepCounty, sweepMatter } from './sweep.ts'

export { HotlineSheetTaken } from './hotline/contract.ts'
export {
  MatterLinked,
  MatterMoved,
  MatterOverdue,
  MatterRated,
  MatterRemarked,
  MatterReminded,
  MatterReported,
  MatterUnmasked,
} from './contract.ts'
export { makeMove, reportMatter, unmaskReporter }
export { placeOf, type Place } from './place.ts'
export { moveAsReporter, rateMatter, showProgress } from './progress.ts'
export { verifyWritten, type WrittenReport } from './verify-written.ts'
export { listMatters, showMatter } from './views.ts'
export { sweepCounty, sweepMatter }

/** Files of a matter: whoever may read the matter, and its reporter. */
const matterFiles: FileGate = {
  subjectKind: 'matter',
  async maySee(cmd, subjectId) {
    const row = await findMatter(cmd.tx, cmd.county, subjectId)
    if (!row) return false
    if (cmd.actor.id !== null && cmd.actor.id === row.reporterId) return true
    requireGrant(cmd, 'loop.read', row.areaPath)
    return true
  },
}

/** Matters lie with posts, so whoever follows has them; here they are counted, so that it is known beforehand. */
const openMatters: PostWork = {
  name: 'loop',
  async openWork(cmd, posts) {
    const counted = await countOpenWith(cmd.tx, cmd.county, posts)
    return Promise.all(
      counted.map(async (row) => {
        const { role, unit, path, count } = row
        return { label: await postLabel(cmd, { role, unit, areaPath: path }, cmd.locale), count }
      }),
    )
  },
}

/** For rooms below that find something at a door. The answer that is kept for repeats is theirs, not the report's. */
const caseDesk: CaseDesk = {
  async open(cmd, { category, text, areaPath, address, fileIds }) {
    const report = { kind: 'event', category, text, areaPath }
    const more = { ...(address ? { address } : {}), ...(fileIds.length > 0 ? { fileIds } : {}) }
    const { id, number } = await reportMatter({ ...cmd, idempotency: null }, { ...report, ...more })
    return { id, number }
  },
  states: statesOf,
}

/** Registers the loop with the ports that it serves. */
export function makeLoopPorts(app: App): void {
  app.ports.cases = caseDesk
  giveNumbers(app)
  app.ports.fileGates.push(matterFiles)
  app.ports.postWork.push(openMatters)
  app.ports.rehome.push(matterRehome, viewRehome)
}

/** What a message about a matter names it by. */
export interface MatterLabel {
  number: string
  kindZh: string
  kindEn: string
  /** Whoever reported it themselves; null where somebody else did it for them. */
  reporterId: string | null
  closed: boolean
}

/** What messages about matters name them by; one that does not exist is left out. */
export async function labelsOf(cmd: Command, matterIds: readonly string[]): Promise<Map<string, MatterLabel>> {
  const labels = new Map<string, MatterLabel>()
  for (const row of await listNamed(cmd.tx, cmd.county, matterIds)) {
    const { zh, en } = await kindLabels(cmd, row)
    const own = row.reporterKind !== 'onBehalf' && row.reporterKind !== 'token'
    labels.set(row.id, {
      number: row.number,
      kindZh: zh,
      kindEn: en,
      reporterId: own ? row.reporterId : null,
      closed: row.closedAt !== null,
    })
  }
  return labels
}

/** What several matters are called and where they stand, in the reader's language; at most 100. */
export async function statesOf(
  cmd: Command,
  matterIds: readonly string[],
): Promise<Map<string, { id: string; number: string; stateName: string; tone: Tone }>> {
  if (matterIds.length === 0) return new Map()
  const rows = await listNamed(cmd.tx, cmd.county, matterIds.slice(0, 100))
  const named = rows.map(async ({ id, number, kind, packVersion, state, tone }) => {
    const stateWord = stateName(await packOf(cmd, kind, packVersion), state, cmd.locale)
    return [id, { id, number, stateName: stateWord, tone: tone as Tone }] as const
  })
  return new Map(await Promise.all(named))
}

/** The phone of whom staff reported for, for the room that sends messages; null when there is none. Never put it into an answer. */
export async function contactPhoneOf(cmd: Command, matterId: string): Promise<string | null> {
  const sealed = (await findMatter(cmd.tx, cmd.county, matterId))?.contactSealed
  if (!sealed) return null
  return (JSON.parse(cmd.vault.open(cmd.county, sealed)) as { phone: string }).phone || null
}

/** What was filled in at one step of a matter, and where the matter lies. @throws kernel.not_found */
export async function writtenAt(
  cmd: Command,
  matterId: string,
  version: number,
): Promise<{ areaPath: string; form: Record<string, unknown> }> {
  const [row, steps] = await Promise.all([
    findMatter(cmd.tx, cmd.county, matterId),
    listSteps(cmd.tx, cmd.county, matterId),
  ])
  const step = steps.find((candidate) => candidate.version === version)
  if (!row || !step) throw new Fault('kernel.not_found')
  return { areaPath: row.areaPath, form: step.form }
}

/** Whether there is a matter of this id. */
export const isReported = async (cmd: Command, matterId: string): Promise<boolean> =>
  (await findMatter(cmd.tx, cmd.county, matterId)) !== undefined

/** In whose hands a matter is now. @throws kernel.not_found */
export async function findHolder(
  cmd: Command,
  matterId: string,
): Promise<{ role: string; unit: string; path: string }> {
  const row = await findMatter(cmd.tx, cmd.county, matterId)
  if (!row) throw new Fault('kernel.not_found')
  return holderOf(row)
}

export const loop: Room = { name: 'loop', routes: loopRoutes, handlers: loopHandlers, sweeps: loopSweeps }
