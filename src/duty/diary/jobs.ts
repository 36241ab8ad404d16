import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { forgetFilesOf } from '../../files/index.ts'
import { record } from '../../ledger/index.ts'
import { DiaryFollowUpDue, DiaryForgotten } from './contract.ts'
import { dayOf } from './rules.ts'
import { forgetWords, lockDue, saveTold } from './store.ts'
import { settingOf } from './views.ts'

const BATCH = 200
const DAY_MS = 86_400_000

/** Says of every follow-up whose day has come that it is due, once. @returns how many. */
export async function sweepFollowUps(app: App, county: string): Promise<number> {
  let count = 0
  for (;;) {
    const told = await runSystem(app, county, async (cmd) => {
      const rows = await lockDue(cmd.tx, county, dayOf(cmd.now), BATCH)
      const ids = rows.map(({ id }) => id)
      await saveTold(cmd.tx, county, ids, cmd.now)
      for (const { id, authorId, areaPath, followUpOn } of rows) {
        const due = { diaryId: id, account: authorId, areaPath, on: followUpOn ?? '' }
        await record(cmd, DiaryFollowUpDue, { id: uuidv7(cmd.now), version: 1 }, due)
      }
      return rows.length
    })
    count += told
    if (told < BATCH) return count
  }
}

/**
 * Deletes words, positions and photos whose time of keeping is over; day, kind and place stay for the count. The ledger
 * says how many. A photo that went on into a case stays with the case.
 *
 * @returns how many entries.
 */
export async function forgetDiaries(app: App, county: string): Promise<number> {
  let count = 0
  for (;;) {
    const gone = await runSystem(app, county, async (cmd) => {
      const { keepDays } = await settingOf(cmd)
      const before = new Date(cmd.now.getTime() - keepDays * DAY_MS)
      const ids = await forgetWords(cmd.tx, county, before, BATCH)
      if (ids.length === 0) return 0
      const files = await forgetFilesOf(cmd, 'diary', ids)
      const proof = { before: before.toISOString(), entries: ids.length, files }
      await record(cmd, DiaryForgotten, { id: uuidv7(cmd.now), version: 1 }, proof)
      return ids.length
    })
    count += gone
    if (gone < BATCH) return count
  }
}

async function everyCounty(app: App, work: (app: App, county: string) => Promise<number>): Promise<void> {
  for (const { code } of await countiesOf(app)) await work(app, code)
}

export const diarySweeps: readonly Sweep[] = [
  { name: 'duty.remind_follow_up', everySeconds: 300, run: (app) => everyCounty(app, sweepFollowUps) },
  { name: 'duty.forget_diary', everySeconds: 6 * 3600, run: (app) => everyCounty(app, forgetDiaries) },
]
