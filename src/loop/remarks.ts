import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { requireGrant } from '../kernel/grants.ts'
import { cleanText } from '../kernel/text.ts'
import { entryOf } from '../ledger/index.ts'
import { earlierRemark } from './again.ts'
import { MatterRemarked, type RemarkMatter, type Remarked } from './contract.ts'
import { actorLabel, attach, staleOrNot } from './service.ts'
import { findMatter, saveMove, type MatterRow } from './store.ts'
import { commitTo, keep } from './written.ts'

/**
 * Leaves words and photos beside a matter without moving it: what somebody saw or did offline, and the loop had gone on.
 * Whoever opened the matter before may still move it: a remark makes no version stale.
 *
 * @throws kernel.stale when another step was written in the same instant; kernel.wrong_purpose for who only counts; kernel.not_found,
 * kernel.invalid_input.
 */
export async function remarkMatter(cmd: Command, id: string, input: RemarkMatter): Promise<Remarked> {
  const row = await findMatter(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  const grant = requireGrant(cmd, 'loop.read', row.areaPath)
  // Who has come to count things adds nothing to them.
  if (cmd.purpose === 'statistics') throw new Fault('kernel.wrong_purpose')
  const earlier = await earlierRemark(cmd, id, input)
  if (earlier) return earlier
  const text = cleanText(input.text, { maxLength: 2000, minLength: 1, multiline: true, path: 'text' })
  const remarked: MatterRow = { ...row, version: row.version + 1 }
  const form = { text }
  const { salt, commitment } = commitTo(cmd, form)
  const entry = entryOf(cmd, MatterRemarked, remarked, { state: row.state, areaPath: row.areaPath, commitment })
  const fileIds = input.fileIds ?? []
  const step = {
    county: cmd.county,
    matterId: id,
    version: remarked.version,
    entryId: entry.id,
    event: entry.event,
    move: null,
    fromState: row.state,
    toState: row.state,
    actorId: cmd.actor.id,
    actorLabel: await actorLabel(cmd, grant),
    deputyFor: grant.deputyFor ?? null,
    form,
    fileIds,
    holderRole: row.holderRole,
    holderUnit: row.holderUnit,
    holderPath: row.holderPath,
    salt,
    at: cmd.now,
    moveId: input.id ?? null,
  }
  const answer = { id, version: remarked.version }
  const saved = saveMove(cmd.tx, remarked, step, { entry, kept: keep(cmd, answer), whole: false })
  if (!(await saved.catch((error: unknown) => Promise.reject(staleOrNot(error, row.version)))))
    throw new Fault('kernel.stale', { version: row.version })
  await attach(cmd, remarked, fileIds, 'evidence')
  return answer
}
