import type { Rehome } from '../../kernel/ports.ts'
import { moveFollowUps } from './store.ts'

export { followUpRoutes } from './routes.ts'
export { followUpSweeps } from './jobs.ts'

/** Follow-ups go where their place goes; the preview says nothing of them, for it is read by people who may not know. */
export const followUpRehome: Rehome = {
  name: 'registry.followUp',
  preview: () => Promise.resolve([]),
  async apply(cmd, change) {
    const to = change.to[0]
    // A split leaves them where they are: staff are named, and nothing outside may tell where somebody went. Nor is it counted.
    if (change.sharing || to === undefined) return 0
    for (const from of change.from) await moveFollowUps(cmd.tx, cmd.county, from, to)
    return 0
  },
}
