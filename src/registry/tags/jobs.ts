import { countiesOf, type App } from '../../kernel/app.ts'
import { DAY } from '../../kernel/calendar-days.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { record } from '../../ledger/index.ts'
import { dayAfter, dayOf, yearsBefore } from '../rules.ts'
import { TagsKept } from './contract.ts'
import { birthdayTags } from './rules.ts'
import * as store from './store.ts'

const BATCH = 500
const WORK = 'tags'
const NO_ID = '00000000-0000-0000-0000-000000000000'
/** After a longer standstill only the birthdays of so many days are made up for; the rest follows with each person's next change. */
const DAYS_BACK = 400

/**
 * Days of birth of those who turn so old on a day. Whoever was born on 29 February turns older on 1 March in years without one, as
 * `ageOn` counts: a sweep that came a day earlier would be undone by the next change of the record, and nobody would come again.
 */
export function bornDays(on: string, years: number): string[] {
  const born = yearsBefore(on, years)
  if (born.slice(5) !== on.slice(5)) return []
  const last = new Date(Date.parse(born) - DAY).toISOString().slice(0, 10)
  const had = new Date(Date.parse(on) - DAY).toISOString().slice(5, 10) === '02-29'
  return last.endsWith('-02-29') && !had ? [born, last] : [born]
}

async function keepBirthday(app: App, county: string, on: string): Promise<number> {
  let changed = 0
  for (const { tag, years, gives } of birthdayTags) {
    for (const born of bornDays(on, years)) {
      let after = NO_ID
      for (;;) {
        const people = await runSystem(app, county, async (cmd) => {
          const found = await store.listBornOn(cmd.tx, county, { on: born, after, limit: BATCH })
          if (gives) changed += await store.giveTag(cmd.tx, county, { tag, on, at: cmd.now, people: found })
          else {
            await store.deleteTags(
              cmd.tx,
              county,
              found.map(({ id, areaPath }) => ({ tag, areaPath, personId: id })),
            )
            changed += found.length
          }
          return found
        })
        if (people.length < BATCH) break
        after = people.at(-1)!.id
      }
    }
  }
  return changed
}

async function endTags(app: App, county: string, today: string): Promise<number> {
  let ended = 0
  for (;;) {
    const gone = await runSystem(app, county, async (cmd) => {
      const rows = await store.lockEnded(cmd.tx, county, today, BATCH)
      await store.deleteTags(cmd.tx, county, rows)
      return rows.length
    })
    ended += gone
    if (gone < BATCH) return ended
  }
}

/**
 * The daily work on tags, in bounded batches: birthdays since the last time give and end tags, tags whose last day is over go.
 * The ledger says how many.
 *
 * @returns how many were given or ended.
 */
export async function keepTags(app: App, county: string): Promise<number> {
  const today = dayOf(app.clock.now())
  const done = await app.db.reading(county, (tx) => store.findProgress(tx, county, WORK))
  if (done === today) return 0
  const first = new Date(Date.parse(today) - DAYS_BACK * DAY).toISOString().slice(0, 10)
  let given = 0
  for (let on = done && done >= first ? dayAfter(done) : today; on <= today; on = dayAfter(on)) {
    given += await keepBirthday(app, county, on)
  }
  const ended = await endTags(app, county, today)
  await runSystem(app, county, async (cmd) => {
    await store.saveProgress(cmd.tx, county, WORK, today)
    if (given + ended === 0) return
    await record(cmd, TagsKept, { id: uuidv7(cmd.now), version: 1 }, { on: today, given, ended })
  })
  return given + ended
}

export const tagSweeps: readonly Sweep[] = [
  {
    name: 'registry.keep_tags',
    everySeconds: 1800,
    async run(app) {
      for (const { code } of await countiesOf(app)) await keepTags(app, code)
    },
  },
]
