import { countiesOf, type App } from '../../kernel/app.ts'
import { DAY } from '../../kernel/calendar-days.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { record } from '../../ledger/index.ts'
import { dayOf } from '../rules.ts'
import { OwnDue, OwnForgotten } from './contract.ts'
import { KEEP_YEARS, REMIND_DAYS } from './rules.ts'
import * as store from './store.ts'

const BATCH = 200

/** Says once of every open request that its day is near. @returns how many. */
export async function remindAnswers(app: App, county: string): Promise<number> {
  let count = 0
  for (;;) {
    const told = await runSystem(app, county, async (cmd) => {
      const before = new Date(cmd.now.getTime() + REMIND_DAYS * DAY)
      const rows = await store.lockDue(cmd.tx, county, before, BATCH)
      for (const row of rows) {
        await store.saveRequest(cmd.tx, row, { toldAt: cmd.now })
        await record(cmd, OwnDue, { id: uuidv7(cmd.now), version: 1 }, { areaPath: row.areaPath })
      }
      return rows.length
    })
    count += told
    if (told < BATCH) return count
  }
}

/** Forgets what was asked and answered, three years after the answer. @returns how many. */
export async function forgetRequests(app: App, county: string): Promise<number> {
  let count = 0
  for (;;) {
    const gone = await runSystem(app, county, async (cmd) => {
      const before = new Date(cmd.now)
      before.setUTCFullYear(before.getUTCFullYear() - KEEP_YEARS)
      await store.forgetTries(cmd.tx, county, dayOf(new Date(cmd.now.getTime() - 31 * DAY)))
      const requests = await store.forgetBefore(cmd.tx, county, before, BATCH)
      if (requests === 0) return 0
      await record(cmd, OwnForgotten, { id: uuidv7(cmd.now), version: 1 }, { requests, before: before.toISOString() })
      return requests
    })
    count += gone
    if (gone < BATCH) return count
  }
}

async function everyCounty(app: App, work: (app: App, county: string) => Promise<number>): Promise<void> {
  for (const { code } of await countiesOf(app)) await work(app, code)
}

export const ownSweeps: readonly Sweep[] = [
  { name: 'registry.remind_answers', everySeconds: 3600, run: (app) => everyCounty(app, remindAnswers) },
  { name: 'registry.forget_requests', everySeconds: 12 * 3600, run: (app) => everyCounty(app, forgetRequests) },
]
