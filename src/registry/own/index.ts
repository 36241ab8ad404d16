import type { Rehome } from '../../kernel/ports.ts'
import { countOpen, followPeople, moveRequests } from './store.ts'

export { ownRoutes } from './routes.ts'
export { ownSweeps } from './jobs.ts'
export { OwnAnswered, OwnAsked, OwnDue } from './contract.ts'

/** What people asked about their own records goes where these went; a claim without a record, where the place went. */
export const ownRehome: Rehome = {
  name: 'registry.own',
  async preview(cmd, change) {
    const counts = await Promise.all(change.from.map((path) => countOpen(cmd.tx, cmd.county, path)))
    const label = cmd.locale === 'en' ? 'Requests about own records' : '本人信息申请'
    return [{ label, count: counts.reduce((sum, one) => sum + one, 0) }]
  },
  async apply(cmd, change) {
    const to = change.to[0]
    let moved = 0
    for (const from of change.from) {
      moved += await followPeople(cmd.tx, cmd.county, from)
      if (!change.sharing && to !== undefined) moved += await moveRequests(cmd.tx, cmd.county, from, to)
    }
    return moved
  },
}
