import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import * as store from './store.ts'

/** Places counted in one transaction. */
const AT_ONCE = 500
/** Changed places that one sweep follows; beyond, the round finds them. */
const CHANGED_MAX = 5_000
/** Whoever writes states the instant at which their command began; it may commit a little later. */
const LATE_MS = 60_000

/** Counts the next places of the round; at its end it begins anew. @returns whether the round has come to its end. */
async function walkOn(cmd: Command): Promise<boolean> {
  const walk = await store.lockWalk(cmd.tx, cmd.county, cmd.now)
  const paths = await store.nextPlaces(cmd.tx, cmd.county, walk.walkedTo, AT_ONCE)
  const ended = paths.length < AT_ONCE
  const until = ended ? null : paths.at(-1)!
  await store.countPlaces(cmd.tx, cmd.county, { paths, from: walk.walkedTo, until, at: cmd.now })
  const filledAt = walk.filledAt ?? (ended ? cmd.now : null)
  await store.saveWalk(cmd.tx, cmd.county, { ...walk, walkedTo: until ?? '', filledAt })
  return ended
}

/** Counts the places again at which something changed. */
async function followOn(cmd: Command): Promise<void> {
  const walk = await store.lockWalk(cmd.tx, cmd.county, cmd.now)
  const paths = await store.changedPlaces(cmd.tx, cmd.county, walk.followedAt, CHANGED_MAX)
  for (let from = 0; from < paths.length; from += AT_ONCE)
    await store.countPlaces(cmd.tx, cmd.county, { paths: paths.slice(from, from + AT_ONCE), at: cmd.now })
  const followedAt = new Date(Math.max(walk.followedAt.getTime(), cmd.now.getTime() - LATE_MS))
  await store.saveWalk(cmd.tx, cmd.county, { ...walk, followedAt })
}

/** Steps of the first round that one sweep makes: a county of 50,000 places is counted within some minutes. */
const FIRST_STEPS = 10

/** Keeps the figures of a county's places: those that changed within a minute or two, all others in the round. */
export async function keepFigures(app: App, county: string): Promise<void> {
  await runSystem(app, county, followOn)
  const { filledAt } = await runSystem(app, county, (cmd) => store.lockWalk(cmd.tx, cmd.county, cmd.now))
  for (let step = 0; step < (filledAt ? 1 : FIRST_STEPS); step++) if (await runSystem(app, county, walkOn)) return
}

export const figureSweeps: readonly Sweep[] = [
  {
    name: 'registry.keep_figures',
    everySeconds: 60,
    run: async (app) => {
      for (const { code } of await countiesOf(app)) await keepFigures(app, code)
    },
  },
]
