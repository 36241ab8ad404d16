/**
 * The front door of insight: what a county looks like now. It reads what others wrote and counts it; it decides nothing.
 */
import { countiesOf, type App, type Room } from '../kernel/app.ts'
import { feedOf } from './feed.ts'
import { startFollower } from './follower.ts'
import { insightSweeps } from './jobs.ts'
import { insightRoutes } from './routes.ts'
import { lookForWork } from './store.ts'
import './contract.ts'

export { recount, settleCounts } from './counting.ts'

function registerGauges(app: App): void {
  app.metrics.gauge('tongxin_wall_listeners', 'Open streams of walls in this process.', async () => feedOf(app).size)
  app.metrics.gauge('tongxin_wall_behind', 'Entries of the ledger that the counts do not hold yet.', async () => {
    let behind = 0
    for (const { code } of await countiesOf(app))
      behind += (await app.db.reading(code, (tx) => lookForWork(tx, code, app.clock.now()))).behind
    return behind
  })
}

export const insight: Room = {
  name: 'insight',
  routes: insightRoutes,
  sweeps: insightSweeps,
  async start(app) {
    registerGauges(app)
    return startFollower(app)
  },
}
