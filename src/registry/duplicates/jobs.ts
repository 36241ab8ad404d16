import { countiesOf, type App } from '../../kernel/app.ts'
import { DAY } from '../../kernel/calendar-days.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type { Handler, Sweep } from '../../kernel/jobs.ts'
import type { Rehome } from '../../kernel/ports.ts'
import { on } from '../../ledger/index.ts'
import { BatchSaved, RecordChanged } from '../contract.ts'
import { loadPeople } from '../people/saving.ts'
import { lettersOf } from '../search/tokens.ts'
import { aroundOf, gradeOf, ordered, reasonsOf, sharedPath } from './rules.ts'
import * as store from './store.ts'
import { comparedOf } from './views.ts'

/** So many are compared in one transaction. */
const AT_ONCE = 100
/** So many transactions in one run of the sweep: a sheet of a million people is compared in the background, bit by bit. */
const RUNS_MAX = 200
const SNAPSHOT_DAYS = 365

export const duplicateHandlers: readonly Handler[] = [
  on(RecordChanged.person, 'registry.note_changed_person', (cmd, entry) =>
    store.addDue(cmd.tx, cmd.county, [entry.subjectId], cmd.now),
  ),
  on(BatchSaved, 'registry.note_saved_people', (cmd, entry) =>
    store.addBatchDue(cmd.tx, cmd.county, entry.subjectId, cmd.now),
  ),
]

/** Compares some people with those near them and keeps the pairs. */
async function comparePeople(cmd: Command, ids: readonly string[]): Promise<void> {
  const people = await loadPeople(cmd, ids)
  const standing = [...people.values()].filter(({ row }) => row.state === 'present' || row.state === 'away')
  const around = standing.map(({ row }) => subtreeRange(aroundOf(row.areaPath)))
  const near = await store.listNear(cmd.tx, cmd.county, {
    ids: standing.map(({ row }) => row.id),
    tokens: standing.map(({ row }) => `pn${lettersOf(row.name).join('')}`),
    low: around.map(([low]) => low),
    high: around.map(([, high]) => high),
  })
  const others = await loadPeople(cmd, [...new Set(near.map(({ other }) => other))])
  const pairs = new Map<string, store.PairRow>()
  for (const { one, other } of near) {
    const [first, second] = [people.get(one), others.get(other)]
    if (!first || !second || (second.row.state !== 'present' && second.row.state !== 'away')) continue
    const reasons = reasonsOf(comparedOf(cmd, first), comparedOf(cmd, second))
    if (reasons.length === 0) continue
    const [oneId, otherId] = ordered(one, other)
    const path = sharedPath(first.row.areaPath, second.row.areaPath)
    pairs.set(`${oneId}${otherId}`, { oneId, otherId, sharedPath: path, grade: gradeOf(reasons), reasons })
  }
  await store.savePairs(cmd.tx, cmd.county, ids, { pairs: [...pairs.values()], at: cmd.now })
}

/** Compares whoever waits, a hundred at a time. @returns how many. */
export async function findDuplicates(app: App, county: string): Promise<number> {
  let compared = 0
  for (let run = 0; run < RUNS_MAX; run++) {
    const done = await runSystem(app, county, async (cmd) => {
      const ids = await store.takeDue(cmd.tx, county, AT_ONCE)
      if (ids.length > 0) await comparePeople(cmd, ids)
      return ids.length
    })
    compared += done
    if (done < AT_ONCE) break
  }
  return compared
}

/** What was before a merge goes after a year. */
async function forgetMerges(app: App, county: string): Promise<void> {
  const before = new Date(app.clock.now().getTime() - SNAPSHOT_DAYS * DAY)
  for (;;) {
    const gone = await runSystem(app, county, (cmd) => store.forgetSnapshots(cmd.tx, county, before, AT_ONCE))
    if (gone < AT_ONCE) return
  }
}

const everywhere = (work: (app: App, county: string) => Promise<unknown>) => async (app: App) => {
  for (const { code } of await countiesOf(app)) await work(app, code)
}

export const duplicateSweeps: readonly Sweep[] = [
  { name: 'registry.find_duplicates', everySeconds: 10, run: everywhere(findDuplicates) },
  { name: 'registry.forget_merges', everySeconds: 43_200, run: everywhere(forgetMerges) },
]

/** Whoever lies elsewhere now is compared anew: a pair is shown by where both lie. */
export const duplicateRehome: Rehome = {
  name: 'registry.duplicates',
  preview: async () => [],
  async apply(cmd, change) {
    for (const path of [...change.from, ...change.to]) {
      await store.addPlaceDue(cmd.tx, cmd.county, subtreeRange(path), cmd.now)
    }
    // Nothing lies here itself: the people moved are counted where they lie.
    return 0
  },
}
