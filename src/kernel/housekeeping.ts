import { countiesOf, type App } from './app.ts'
import { hot } from './db.ts'
import type { Sweep } from './jobs.ts'

/** How long the first answer to a repeatable request is kept. */
export const ANSWER_DAYS = 7
const BATCH = 5_000

const FORGET = `delete from idempotency where county = $1 and (owner, key) in
  (select owner, key from idempotency where county = $1 and at < $2 order by at limit $3) returning 1`

/** Deletes kept answers older than 7 days, in batches, so that no request waits for it. @returns how many. */
export async function forgetAnswers(app: Pick<App, 'db' | 'clock'>, county: string): Promise<number> {
  const before = new Date(app.clock.now().getTime() - ANSWER_DAYS * 86_400_000)
  let count = 0
  for (;;) {
    const gone = await app.db.transaction(county, (tx) =>
      hot(tx, 'kernel_forget_answers', FORGET, [county, before, BATCH]),
    )
    count += gone.length
    if (gone.length < BATCH) return count
  }
}

/** What the kernel itself does from time to time. */
export const kernelSweeps: readonly Sweep[] = [
  {
    name: 'kernel.forget_answers',
    everySeconds: 3600,
    async run(app) {
      for (const { code } of await countiesOf(app)) await forgetAnswers(app, code)
    },
  },
]
