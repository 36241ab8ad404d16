import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { forgetFilesOf } from '../../files/index.ts'
import { record } from '../../ledger/index.ts'
import { forgetServices } from '../households/store.ts'
import { VisitsForgotten } from './contract.ts'
import { keepDaysOf } from './setting.ts'
import { forgetWords } from './store.ts'
import { followRegistry, walkCampaigns } from './targets.ts'

const BATCH = 200
const DAY_MS = 86_400_000

/**
 * Deletes words, answers and photos of visits whose time of keeping is over; that somebody was there stays for the count. A
 * photo that went on into a case stays with the case.
 *
 * @returns how many visits.
 */
export async function forgetVisits(app: App, county: string): Promise<number> {
  let count = 0
  for (;;) {
    const gone = await runSystem(app, county, async (cmd) => {
      const before = new Date(cmd.now.getTime() - (await keepDaysOf(cmd)) * DAY_MS)
      const ids = await forgetWords(cmd.tx, county, before, BATCH)
      if (ids.length === 0) return 0
      await forgetServices(cmd.tx, county, ids)
      const files = await forgetFilesOf(cmd, 'visit', ids)
      const proof = { before: before.toISOString(), visits: ids.length, files }
      await record(cmd, VisitsForgotten, { id: uuidv7(cmd.now), version: 1 }, proof)
      return ids.length
    })
    count += gone
    if (gone < BATCH) return count
  }
}

async function everyCounty(app: App, work: (app: App, county: string) => Promise<unknown>): Promise<void> {
  for (const { code } of await countiesOf(app)) await work(app, code)
}

export const visitSweeps: readonly Sweep[] = [
  { name: 'registry.follow_campaigns', everySeconds: 30, run: (app) => everyCounty(app, followRegistry) },
  { name: 'registry.walk_campaigns', everySeconds: 60, run: (app) => everyCounty(app, walkCampaigns) },
  { name: 'registry.forget_visits', everySeconds: 6 * 3600, run: (app) => everyCounty(app, forgetVisits) },
]
