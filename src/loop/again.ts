import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { cleanText } from '../kernel/text.ts'
import { packOf } from '../packs/index.ts'
import type { MakeMove, Moved, Receipt, RemarkMatter, Remarked, ReportMatter } from './contract.ts'
import { movedAnswer, receiptOf } from './service.ts'
import { findMatter, listSteps, type StepRow } from './store.ts'

/**
 * What a phone sends again after days. The idempotency row that keeps the first answer lives a week; the id that the sender
 * proposed is kept for ever. So where an act is refused and its id stands already, by the same person and with the same
 * words, it was done before: the answer is what stands now, and nothing is done twice.
 */
export async function orEarlier<Answer>(
  acting: Promise<Answer>,
  earlier: () => Promise<Answer | undefined>,
): Promise<Answer> {
  try {
    return await acting
  } catch (error) {
    const found = error instanceof Fault && error.status < 500 && error.status !== 401 ? await earlier() : undefined
    if (found === undefined) throw error
    return found
  }
}

/** The receipt of a report that this person handed in before under this id; the code was given out once and is not again. */
export async function earlierReceipt(cmd: Command, input: ReportMatter): Promise<Receipt | undefined> {
  const row = input.id && cmd.actor.id ? await findMatter(cmd.tx, cmd.county, input.id) : undefined
  if (
    !row ||
    row.category !== input.category ||
    row.text !== cleanText(input.text, { maxLength: 2000, multiline: true, path: 'text' })
  )
    return undefined
  const [first] = await listSteps(cmd.tx, cmd.county, row.id)
  if (first?.actorId !== cmd.actor.id) return undefined
  return receiptOf(cmd, await packOf(cmd, row.kind, row.packVersion), row, null)
}

/** The step of a matter that this person made under this id; by code there is no account, and the code is the person. */
async function earlierStep(cmd: Command, matterId: string, moveId: string | undefined): Promise<StepRow | undefined> {
  if (moveId === undefined) return undefined
  const steps = await listSteps(cmd.tx, cmd.county, matterId)
  return steps.find((step) => step.moveId === moveId && step.actorId === cmd.actor.id)
}

/** Whether the matter has this very move of this person. */
export async function wasMoved(cmd: Command, matterId: string, input: MakeMove): Promise<boolean> {
  return (await earlierStep(cmd, matterId, input.id))?.move === input.move
}

/** Where a matter stands that this person moved before under this id. */
export async function earlierMove(cmd: Command, matterId: string, input: MakeMove): Promise<Moved | undefined> {
  if (!(await wasMoved(cmd, matterId, input))) return undefined
  const row = await findMatter(cmd.tx, cmd.county, matterId)
  return row && movedAnswer(cmd, await packOf(cmd, row.kind, row.packVersion), row)
}

export async function earlierRemark(
  cmd: Command,
  matterId: string,
  input: RemarkMatter,
): Promise<Remarked | undefined> {
  const step = await earlierStep(cmd, matterId, input.id)
  return step?.event === 'matter.remarked' ? { id: matterId, version: step.version } : undefined
}
