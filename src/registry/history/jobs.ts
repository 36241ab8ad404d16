import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { record } from '../../ledger/index.ts'
import { detailGroups, groupOf } from '../field-groups.ts'
import { RegistryForgotten } from './contract.ts'
import { monthsBefore } from './rules.ts'
import { forgetChanges, forgetDetails, forgetDossiers, forgetNames } from './store.ts'

const BATCH = 500
/** What changed is kept as long as names are: long enough to correct a mistake of years ago. */
const CHANGES_MONTHS = groupOf('name').keepMonths
/** The details of one who has left go when the shortest of their groups' times is over: they are sealed as one. */
const DETAILS_MONTHS = Math.min(...detailGroups.map((group) => groupOf(group).keepMonths))

/** Name, numbers and birth of one who has left go together, with the longest of their times. */
const NAMES_MONTHS = Math.max(...['name', 'citizenId', 'phone'].map((code) => groupOf(code).keepMonths))

const parts = [
  { what: 'changes', months: CHANGES_MONTHS, forget: forgetChanges },
  { what: 'details', months: DETAILS_MONTHS, forget: forgetDetails },
  { what: 'names', months: NAMES_MONTHS, forget: forgetNames },
  { what: 'dossiers', months: groupOf('dossier').keepMonths, forget: forgetDossiers },
] as const

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
        const records = await forget(cmd.tx, county, before, BATCH)
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
