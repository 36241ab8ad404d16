import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { DAY } from '../../kernel/calendar-days.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { sitsIn } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { FollowUpDeleted, FollowUpDue, FollowUpStaffNamed } from './contract.ts'
import { dayOf } from './rules.ts'
import { close } from './service.ts'
import * as store from './store.ts'
import { settingOf } from './words.ts'

const BATCH = 100

/** Runs a batch at a time until one is not full. @returns how many in all. */
async function inBatches(app: App, county: string, work: (cmd: Command) => Promise<number>): Promise<number> {
  let count = 0
  for (;;) {
    const done = await runSystem(app, county, work)
    count += done
    if (done < BATCH) return count
  }
}

async function remind(cmd: Command, rows: readonly store.FollowUpRow[], what: 'contact' | 'end'): Promise<void> {
  const staff = await store.listStaff(
    cmd.tx,
    cmd.county,
    rows.map(({ id }) => id),
  )
  for (const { id } of rows) {
    const accounts = staff.filter(({ followUpId }) => followUpId === id).map(({ accountId }) => accountId)
    // The happening's own id: who is reminded stands in the entry, of what does not.
    if (accounts.length > 0) await record(cmd, FollowUpDue, { id: uuidv7(cmd.now), version: 1 }, { accounts, what })
  }
}

/** Says once that a contact or the end is near. @returns how many. */
export async function remindFollowUps(app: App, county: string): Promise<number> {
  const contacts = await inBatches(app, county, async (cmd) => {
    const rows = await store.lockDue(cmd.tx, county, dayOf(cmd.now), BATCH)
    await remind(cmd, rows, 'contact')
    for (const row of rows) await store.saveFollowUp(cmd.tx, row, { nextToldAt: cmd.now })
    return rows.length
  })
  const ends = await inBatches(app, county, async (cmd) => {
    const { remindBeforeDays } = await settingOf(cmd)
    const day = dayOf(new Date(cmd.now.getTime() + remindBeforeDays * DAY))
    const rows = await store.lockEnding(cmd.tx, county, { day, told: false }, BATCH)
    await remind(cmd, rows, 'end')
    for (const row of rows) await store.saveFollowUp(cmd.tx, row, { endToldAt: cmd.now })
    return rows.length
  })
  return contacts + ends
}

/** Takes the names away of those who have left the post by which they were named. @returns how many. */
export async function dropLeavers(app: App, county: string): Promise<number> {
  let after: readonly [string, string] | null = null
  let gone = 0
  for (;;) {
    const from: readonly [string, string] | null = after
    const rows = await runSystem(app, county, async (cmd) => {
      const staff = await store.listAllStaff(cmd.tx, county, from, BATCH)
      for (const one of staff) {
        if (await sitsIn(cmd, one.accountId, one.postId)) continue
        gone += 1
        await dropOne(cmd, one)
      }
      return staff
    })
    const last = rows.at(-1)
    if (rows.length < BATCH || !last) return gone
    after = [last.accountId, last.followUpId]
  }
}

async function dropOne(cmd: Command, { followUpId, accountId }: store.StaffRow): Promise<void> {
  const row = await store.lockFollowUp(cmd.tx, cmd.county, followUpId)
  if (!row) return
  await store.deleteStaff(cmd.tx, cmd.county, followUpId, [accountId])
  const version = row.version + 1
  await store.saveFollowUp(cmd.tx, row, { version })
  const body = { added: [], removed: [accountId], cause: 'leftPost' as const }
  await record(cmd, FollowUpStaffNamed, { id: followUpId, version }, body)
}

/** Ends what has reached its day, and deletes what has ended long enough ago; the ledger says each time what went. */
export async function endAndDelete(app: App, county: string): Promise<{ ended: number; deleted: number }> {
  const ended = await inBatches(app, county, async (cmd) => {
    const yesterday = dayOf(new Date(cmd.now.getTime() - DAY))
    const rows = await store.lockEnding(cmd.tx, county, { day: yesterday, told: true }, BATCH)
    for (const row of rows) await close(cmd, row, { cause: 'endDay', commitment: null })
    return rows.length
  })
  const deleted = await inBatches(app, county, async (cmd) => {
    const rows = await store.lockDeletable(cmd.tx, county, cmd.now, BATCH)
    for (const { id, version } of rows) {
      const gone = await store.deleteFollowUp(cmd.tx, county, id)
      await record(cmd, FollowUpDeleted, { id, version: version + 1 }, gone)
    }
    return rows.length
  })
  return { ended, deleted }
}

async function everyCounty(app: App, work: (app: App, county: string) => Promise<unknown>): Promise<void> {
  for (const { code } of await countiesOf(app)) await work(app, code)
}

export const followUpSweeps: readonly Sweep[] = [
  { name: 'registry.remind_follow_up', everySeconds: 300, run: (app) => everyCounty(app, remindFollowUps) },
  { name: 'registry.drop_leavers', everySeconds: 300, run: (app) => everyCounty(app, dropLeavers) },
  { name: 'registry.end_follow_up', everySeconds: 3600, run: (app) => everyCounty(app, endAndDelete) },
]
