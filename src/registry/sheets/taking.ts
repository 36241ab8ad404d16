import { setImmediate as breathe } from 'node:timers/promises'
import type { Command } from '../../kernel/command.ts'
import { saveBuildings, savePremises } from '../addresses/saving.ts'
import { saveHouseholds } from '../households/saving.ts'
import { savePeople, type PersonStep } from '../people/saving.ts'
import { ChangeBatch, type Why } from '../writing.ts'
import type { BatchPlan } from './plan.ts'
import { confirmPeople } from './store.ts'

/** So many at once are sealed before others get their turn. */
const AT_ONCE = 200

/**
 * Writes what a plan says, in the command's own transaction, and one entry of the ledger that binds every record of it.
 *
 * @returns the record batches, subjects of their entries; none where nothing was new.
 * @throws registry.address_taken, kernel.stale when somebody else was quicker: the plan is to be made anew.
 */
export async function writePlan(cmd: Command, plan: BatchPlan, why: Why & { seenAt: Date }): Promise<string[]> {
  const { homes, drafts, confirmed } = plan
  const batch = new ChangeBatch(cmd, why)
  await eachPart(homes.buildings, (part) => saveBuildings(cmd, part, why, batch))
  await eachPart([...homes.premises.values()], (part) => savePremises(cmd, part, why, batch))
  const households = [...drafts.households.values()].map((after) => ({ act: 'registered', before: null, after }))
  await eachPart(households, (part) => saveHouseholds(cmd, part, why, batch))
  await eachPart(drafts.steps(), (part: PersonStep[]) => savePeople(cmd, part, why, batch))
  await confirmPeople(cmd.tx, cmd.county, { people: confirmed, at: why.seenAt, by: cmd.actor.id })
  return batch.close()
}

/** Does something with some at a time; while the database writes one part, the next is sealed. */
async function eachPart<Item>(items: Iterable<Item>, save: (part: Item[]) => Promise<unknown>): Promise<void> {
  let before: Promise<unknown> = Promise.resolve()
  try {
    for (const part of inParts(items)) {
      const now = save(part)
      // Its failure is heard below, after that of the part before.
      now.catch(() => {})
      const last = before
      before = now
      await last
      await breathe()
    }
  } finally {
    // Nothing may be under way on the connection when the transaction ends.
    await before
  }
}

function* inParts<Item>(items: Iterable<Item>): Generator<Item[]> {
  let part: Item[] = []
  for (const item of items) {
    part.push(item)
    if (part.length < AT_ONCE) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}
