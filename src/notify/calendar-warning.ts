import { countiesOf, type App } from '../kernel/app.ts'
import { missingYears } from '../kernel/calendar.ts'
import { runSystem } from '../kernel/command.ts'
import { uuidv5 } from '../kernel/ids.ts'
import type { Sweep } from '../kernel/jobs.ts'
import { holdersOf } from '../grid/index.ts'
import { tell } from './service.ts'

const WARNINGS = 'b5c6a1de-2f6c-5d1e-8a7b-6c2b0c1f7d11'
/** Deadlines reach this far ahead: from then on a year without its holiday list makes provisional ones. */
const AHEAD_DAYS = 60
const DAY_MS = 86_400_000

/**
 * Tells the county's grid office once a day that the coming year's holidays are not known yet; deadlines there are counted
 * on plain weekdays, marked provisional, and counted anew when the list arrives.
 *
 * @returns the years that are missing.
 */
export async function warnOfMissingYears(app: App, county: string): Promise<number[]> {
  return runSystem(app, county, async (cmd) => {
    const years = missingYears(cmd.calendar, cmd.now, new Date(cmd.now.getTime() + AHEAD_DAYS * DAY_MS))
    if (years.length === 0) return years
    const accountIds = await holdersOf(cmd, 'gridOffice', county)
    const day = cmd.now.toISOString().slice(0, 10)
    const params = { years: { zh: years.join('、'), en: years.join(', ') } }
    await tell(cmd, {
      topic: 'grid.holidays_missing',
      entryId: uuidv5(WARNINGS, `${county}/${day}`),
      params,
      accountIds,
    })
    return years
  })
}

export const calendarSweeps: readonly Sweep[] = [
  {
    name: 'notify.warn_missing_year',
    everySeconds: 24 * 3600,
    async run(app) {
      for (const { code } of await countiesOf(app)) await warnOfMissingYears(app, code)
    },
  },
]
