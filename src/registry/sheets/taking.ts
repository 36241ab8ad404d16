import { setImmediate as breathe } from 'node:timers/promises'
import type { Command } from '../../kernel/command.ts'
import { saveBuildings, savePremises } from '../addresses/saving.ts'
import { saveHouseholds } from '../households/saving.ts'
import { savePeople, type PersonStep } from '../people/saving.ts'
import { recordBatch, type RecordChange, type Why } from '../writing.ts'
import type { BatchPlan } from './plan.ts'
import { confirmPeople } from './store.ts'

/** So many at once are sealed before others get their turn. */
const AT_ONCE = 200
/** Everything that 5,000 rows of a sheet can make goes into one entry. */
const RECORDS_MAX = 40_000

/**
 * Writes what a plan says, in the command's own transaction, and one entry of the ledger that binds every record of it.
 *
 * @returns the record batches, subjects of their entries; none where nothing was new.
 * @throws registry.address_taken, kernel.stale when somebody else was quicker: the plan is to be made anew.
 */
export async function writePlan(cmd: Command, plan: BatchPlan, why: Why & { seenAt: Date }): Promise<string[]> {
  const { homes, drafts, confirmed } = plan
  const changes: RecordChange[] = []
  for (const part of inParts(homes.buildings)) await saveBuildings(cmd, part, why, changes)
  for (const part of inParts([...homes.premises.values()])) {
    await savePremises(cmd, part, why, changes)
    await breathe()
  }
  const households = [...drafts.households.values()].map((after) => ({ act: 'registered', before: null, after }))
  await saveHouseholds(cmd, households, why, changes)
  let steps: PersonStep[] = []
  for (const step of drafts.steps()) {
    steps.push(step)
    if (steps.length < AT_ONCE) continue
    await savePeople(cmd, steps, why, changes)
    steps = []
    await breathe()
  }
  if (steps.length > 0) await savePeople(cmd, steps, why, changes)
  await confirmPeople(cmd.tx, cmd.county, { people: confirmed, at: why.seenAt, by: cmd.actor.id })
  return changes.length === 0 ? [] : recordBatch(cmd, changes, why, RECORDS_MAX)
}

function* inParts<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let from = 0; from < items.length; from += AT_ONCE) yield items.slice(from, from + AT_ONCE)
}
