/** Door to door: campaigns, visits, what is still to be done, and what was found there. */
import type { FileGate, Rehome } from '../../kernel/ports.ts'
import { carryCampaignAreas, countVisitsUnder, followPremises, moveCampaignAreas } from './target-store.ts'
import { maySeeVisit } from './views.ts'

export { visitRoutes } from './routes.ts'
export { seedVisits } from './stories.ts'
export { visitSweeps } from './jobs.ts'

/** Photos of a visit: whoever may see the door. They go on into the case that is made of it. */
export const visitFiles: FileGate = { subjectKind: 'visit', handsOn: true, maySee: maySeeVisit }

/** Visits and targets lie at doors and go where these go; campaigns go over whatever came of their areas. */
export const visitRehome: Rehome = {
  name: 'registry.visits',
  async preview(cmd, change) {
    const counts = await Promise.all(change.from.map((path) => countVisitsUnder(cmd.tx, cmd.county, path)))
    return [{ label: cmd.locale === 'en' ? 'Visits' : '走访记录', count: counts.reduce((sum, one) => sum + one, 0) }]
  },
  async apply(cmd, change) {
    const visits = await followPremises(cmd.tx, cmd.county, change.from)
    const to = change.to[0]
    if (change.kind === 'move' && to !== undefined) {
      for (const from of change.from) await carryCampaignAreas(cmd.tx, cmd.county, from, to)
      return visits
    }
    const kept = change.kind === 'split' ? [...change.from, ...change.to] : change.to
    await moveCampaignAreas(cmd.tx, cmd.county, change.from, kept)
    return visits
  },
}
