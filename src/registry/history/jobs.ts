import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { record } from '../../ledger/index.ts'
import { detailGroups, groupOf } from '../field-groups.ts'
import { RegistryForgotten } from './contract.ts'
import { monthsBefore } from './rules.ts'
import { forgetGroups } from './redacting.ts'
import { forgetChanges, forgetDetails, forgetDossiers, forgetMerged, forgetNames } from './store.ts'

const BATCH = 500
/** What changed is kept as long as names are: long enough to correct a mistake of years ago. */
const CHANGES_MONTHS = groupOf('name').keepMonths
/** The details of one who has left go when the shortest of their groups' times is over: they are sealed as one. */
const DETAILS_MONTHS = Math.min(...detailGroups.map((group) => groupOf(group).keepMonths))

/** Name, numbers and birth of one who has left go together, with the longest of their times. */
const NAMES_MONTHS = Math.max(...['name', 'citizenId', 'phone'].map((code) => groupOf(code).keepMonths))

/** A merge can be taken back for a year; a month later what the other record said is of no more use. */
const MERGED_MONTHS = 13

type Forget = (cmd: Command, before: Date, limit: number) => Promise<number>
/** Details go from the past of those people too: it would show what the record does not. */
const withPast =
  (forget: typeof forgetDetails): Forget =>
  async (cmd, before, limit) => {
    const people = await forget(cmd.tx, cmd.county, before, limit)
    await forgetGroups(cmd, people, detailGroups)
    return people.length
  }
const alone =
  (forget: typeof forgetChanges): Forget =>
  ({ tx, county }, before, limit) =>
    forget(tx, county, before, limit)

const parts: readonly { what: string; months: number; forget: Forget }[] = [
  { what: 'changes', months: CHANGES_MONTHS, forget: alone(forgetChanges) },
  { what: 'details', months: DETAILS_MONTHS, forget: withPast(forgetDetails) },
  { what: 'names', months: NAMES_MONTHS, forget: alone(forgetNames) },
  { what: 'merged', months: MERGED_MONTHS, forget: withPast(forgetMerged) },
  { what: 'dossiers', months: groupOf('dossier').keepMonths, forget: alone(forgetDossiers) },
]

/**
 * Deletes words whose time of keeping is over, in bounded batches; the ledger says how many. Who, when and which act stay.
 *
 * @returns how many records lost words.
 */
export async function forgetWords(app: App, county: string): Promise<number> {
  let count = 0
  for (const { what, months, forget } of parts) {
    for (;;) {
      const gone = await runSystem(app, county, async (cmd) => {
        const before = monthsBefore(cmd.now, months)
        const records = await forget(cmd, before, BATCH)
        if (records === 0) return 0
        const proof = { what, before: before.toISOString(), records }
        await record(cmd, RegistryForgotten, { id: uuidv7(cmd.now), version: 1 }, proof)
        return records
      })
      count += gone
      if (gone < BATCH) break
    }
  }
  return count
}

export const historySweeps: readonly Sweep[] = [
  {
    name: 'registry.forget_words',
    everySeconds: 6 * 3600,
    async run(app) {
      for (const { code } of await countiesOf(app)) await forgetWords(app, code)
    },
  },
]
