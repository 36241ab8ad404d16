import { countiesOf, type App } from '../kernel/app.ts'
import { runSystem, type Command } from '../kernel/command.ts'
import type { Sweep } from '../kernel/jobs.ts'
import { expireChanges } from './seat-changes/index.ts'
import { deleteExpired } from './store.ts'

/** At least six months: Cybersecurity Law of the PRC, article 21 (3). */
const SIGN_IN_RECORD_DAYS = 190
/** What is over is kept a little, so that “which device was that?” can be answered. */
const SESSION_DAYS = 30
/** Most rows of a kind deleted in one transaction. */
const BATCH = 5_000

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000)

/** Deletes what has served its time; run again until it says 0. @returns rows deleted. */
export function deleteOutlived(cmd: Command): Promise<number> {
  return deleteExpired(cmd.tx, cmd.county, {
    limit: BATCH,
    now: cmd.now,
    attemptsBefore: daysBefore(cmd.now, SIGN_IN_RECORD_DAYS),
    sessionsBefore: daysBefore(cmd.now, SESSION_DAYS),
  })
}

/** Runs a batch in every county until it finds nothing more to do. */
const inEveryCounty = (batch: (cmd: Command) => Promise<number>) => async (app: App) => {
  for (const { code } of await countiesOf(app)) {
    for (let round = 0; round < 100; round++) {
      if ((await runSystem(app, code, batch)) === 0) break
    }
  }
}

export const identitySweeps: readonly Sweep[] = [
  { name: 'identity.delete_outlived', everySeconds: 3600, run: inEveryCounty(deleteOutlived) },
  { name: 'identity.expire_changes', everySeconds: 600, run: inEveryCounty(expireChanges) },
]
