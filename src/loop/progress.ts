import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { cleanText } from '../kernel/text.ts'
import { linkedFile, listFiles, type ShownFile } from '../files/index.ts'
import { areaNameOf } from '../grid/index.ts'
import { phoneOf, saidLabel } from '../identity/index.ts'
import { entryOf, proofsOfSubject, type Proof } from '../ledger/index.ts'
import {
  categoryName,
  describeForm,
  isEnd,
  moveDone,
  nextSentence,
  packOf,
  reporterSentence,
  stateName,
  type PackKind,
} from '../packs/index.ts'
import { wasMoved } from './again.ts'
import { MatterRated, type MakeMove, type Progress, type RateMatter } from './contract.ts'
import { explainedDeadline } from './deadline.ts'
import { hashProgressCode, normaliseProgressCode } from './rules.ts'
import { moveMatter } from './service.ts'
import { commitTo } from './written.ts'
import { findByProgress, findMatter, listSteps, saveMove, type MatterRow, type StepRow } from './store.ts'
import { offersIf, ratingOf } from './views.ts'

/** The matter of a progress code. @throws kernel.not_found for any code that is not one, so that nothing is learnt by trying. */
async function byCode(cmd: Command, typed: string): Promise<MatterRow> {
  const code = normaliseProgressCode(typed)
  const row = code === undefined ? undefined : await findByProgress(cmd.tx, cmd.county, hashProgressCode(code))
  if (!row) throw new Fault('kernel.not_found')
  return row
}

/** The reporter's key to their matter: the progress code, or, signed in, that they reported it. */
export type ReporterKey = { code: string } | { own: string }

/** @throws kernel.not_found for a code that is none and for a matter that somebody else reported. */
async function byKey(cmd: Command, key: ReporterKey): Promise<MatterRow> {
  if ('code' in key) return byCode(cmd, key.code)
  const row = await findMatter(cmd.tx, cmd.county, key.own)
  if (!row || !cmd.actor.id) throw new Fault('kernel.not_found')
  if (row.reporterId === cmd.actor.id) return row
  const phone = row.contactBlind && (await phoneOf(cmd, cmd.actor.id))
  if (!phone || !row.contactBlind?.equals(cmd.vault.blind(cmd.county, 'phone', phone)))
    throw new Fault('kernel.not_found')
  return row
}

/** What the reporter sees: steps in their own words, what happens next, what they may do. */
export async function showProgress(cmd: Command, key: ReporterKey): Promise<Progress> {
  return presentProgress(cmd, await byKey(cmd, key))
}

async function presentProgress(cmd: Command, row: MatterRow): Promise<Progress> {
  const pack = await packOf(cmd, row.kind, row.packVersion)
  const [steps, files, areaName] = await Promise.all([
    listSteps(cmd.tx, cmd.county, row.id),
    listFiles(cmd, 'matter', row.id),
    areaNameOf(cmd, row.areaPath),
  ])
  const moves = await offersIf(cmd, pack, { row, steps }, (step) => step.by === 'reporter')
  const shown = new Set(steps.filter((step) => isTold(pack, step)).flatMap((step) => step.fileIds))
  return {
    number: row.number,
    categoryName: categoryName(pack, row.category, cmd.locale),
    text: row.text,
    stateName: stateName(pack, row.state, cmd.locale),
    tone: row.tone as Progress['tone'],
    areaName,
    reportedAt: row.reportedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    due: explainedDeadline(cmd.calendar, row, cmd.now, cmd.locale),
    next: nextSentence(pack, row.state, cmd.locale),
    steps: steps
      .filter((step) => step.move !== null || step.event === 'matter.rated')
      .map((step) => progressStep(cmd, pack, row, step)),
    fileIds: files.filter((file) => shown.has(file.id) && file.hasPicture).map((file) => file.id),
    version: row.version,
    moves,
    mayRate: mayRate(cmd, pack, row),
    rating: ratingOf(row),
  }
}

/** Satisfaction is the people's: what staff found on patrol has nobody to ask, least of all whoever may have handled it. */
const hasRater = (cmd: Command, row: MatterRow): boolean => row.reporterKind !== 'staff' && cmd.actor.kind !== 'staff'

const mayRate = (cmd: Command, pack: PackKind, row: MatterRow): boolean =>
  isEnd(pack.kind, row.state) && row.tone === 'done' && row.ratingScore === null && hasRater(cmd, row)

const stepOf = (pack: PackKind, row: StepRow) =>
  pack.kind.steps.find((step) => step.move === row.move && step.from === row.fromState)

/** Steps whose words and photos the reporter sees: their own, the handling, and those the pack tells them of. */
function isTold(pack: PackKind, row: StepRow): boolean {
  const step = stepOf(pack, row)
  return step !== undefined && (step.by === 'reporter' || step.handles === true || step.tellReporter === true)
}

function progressStep(cmd: Command, pack: PackKind, row: MatterRow, step: StepRow): Progress['steps'][number] {
  const english = cmd.locale === 'en'
  const base = {
    entryId: step.entryId,
    at: step.at.toISOString(),
    by: saidLabel(step.actorLabel, english),
  }
  if (step.move === null) return { ...base, title: english ? 'You rated the result' : '您作出了评价', note: null }
  const title =
    reporterSentence(pack, step.move, cmd.locale, { number: row.number }) ?? moveDone(pack, step.move, cmd.locale)
  if (!isTold(pack, step)) return { ...base, title, note: null }
  const words = describeForm(pack.content, stepOf(pack, step)?.form, step.form, cmd.locale).map(({ value }) => value)
  return { ...base, title, note: words.length > 0 ? words.join(english ? '; ' : '；') : null }
}

/** A move of the reporter, by the code: adding what was asked for, or having it taken up again. */
export async function moveAsReporter(cmd: Command, key: ReporterKey, input: MakeMove): Promise<Progress> {
  const row = await byKey(cmd, key)
  await moveMatter(withoutKeeping(cmd), row, input, { asReporter: true })
  return presentProgress(cmd, await byKey(cmd, key))
}

/** What the reporter sees, where they made this very move before. */
export async function earlierReporterMove(
  cmd: Command,
  key: ReporterKey,
  input: MakeMove,
): Promise<Progress | undefined> {
  const row = await byKey(cmd, key)
  return (await wasMoved(cmd, row.id, input)) ? presentProgress(cmd, row) : undefined
}

/** The answer kept for repeats is the progress page, which is made after the move: so the move itself keeps none. */
const withoutKeeping = (cmd: Command): Command => ({ ...cmd, idempotency: null })

/**
 * The reporter's own verdict, kept apart from closing: once, after closure. Unsatisfied, they may have it taken up again in
 * the same act, for the reason that they gave; where the pack refuses that, nothing is rated either.
 *
 * @throws loop.rating_too_early, loop.rated_already, kernel.forbidden to staff and for what staff found themselves.
 */
export async function rateMatter(cmd: Command, key: ReporterKey, input: RateMatter): Promise<Progress> {
  const row = await byKey(cmd, key)
  const pack = await packOf(cmd, row.kind, row.packVersion)
  if (row.ratingScore !== null) throw new Fault('loop.rated_already')
  if (!hasRater(cmd, row)) throw new Fault('kernel.forbidden')
  if (!mayRate(cmd, pack, row)) throw new Fault('loop.rating_too_early')
  const comment = cleanText(input.comment ?? '', { maxLength: 500, multiline: true, path: 'comment' })
  const version = row.version + 1
  const rated: MatterRow = { ...row, ratingScore: input.score, ratingComment: comment, ratedAt: cmd.now, version }
  const form = { score: input.score, comment }
  const { salt, commitment } = commitTo(cmd, form)
  const entry = entryOf(cmd, MatterRated, rated, { score: input.score, areaPath: row.areaPath, commitment })
  const step: StepRow = {
    county: cmd.county,
    matterId: row.id,
    version,
    entryId: entry.id,
    event: entry.event,
    move: null,
    fromState: row.state,
    toState: row.state,
    actorId: cmd.actor.id,
    actorLabel: cmd.locale === 'en' ? 'Reporter' : '反映人',
    deputyFor: null,
    form,
    fileIds: [],
    holderRole: row.holderRole,
    holderUnit: row.holderUnit,
    holderPath: row.holderPath,
    salt,
    at: cmd.now,
    moveId: null,
  }
  if (!(await saveMove(cmd.tx, rated, step, { entry, kept: null, whole: false })))
    throw new Fault('kernel.stale', { version: row.version })
  const again = input.reopen && input.score === 'unsatisfied' ? takingUpAgain(pack, row.state) : undefined
  if (!again) return presentProgress(cmd, rated)
  return moveAsReporter(cmd, key, { move: again.move, version, form: { [again.field]: comment } })
}

/** The reporter's own step out of a closed state, and the field in which its reason stands. */
function takingUpAgain(pack: PackKind, state: string): { move: string; field: string } | undefined {
  const step = pack.kind.steps.find((one) => one.from === state && one.by === 'reporter')
  const layout = step?.form === undefined ? undefined : pack.content.forms[step.form]?.layout
  const field = layout?.find((item) => item.reason === true)?.field
  return step && field ? { move: step.move, field } : undefined
}

/** Proofs of all sealed steps, for whoever holds the code. */
export async function proofsOfProgress(cmd: Command, key: ReporterKey): Promise<{ items: Proof[] }> {
  const row = await byKey(cmd, key)
  return { items: await proofsOfSubject(cmd, row.id) }
}

/** A picture of the matter for the holder of the code: only of steps that the reporter is told of. @throws kernel.not_found */
export async function fileOfProgress(
  cmd: Command,
  typed: string,
  fileId: string,
  what: 'thumbnail' | 'content',
): Promise<ShownFile> {
  const row = await byCode(cmd, typed)
  const pack = await packOf(cmd, row.kind, row.packVersion)
  const steps = await listSteps(cmd.tx, cmd.county, row.id)
  const told = steps.some((step) => isTold(pack, step) && step.fileIds.includes(fileId))
  if (!told) throw new Fault('kernel.not_found')
  return linkedFile(cmd, { subjectKind: 'matter', subjectId: row.id, fileId, what })
}
