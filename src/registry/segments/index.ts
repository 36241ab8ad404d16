import type { Rehome } from '../../kernel/ports.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import { moveSegments } from './store.ts'

export { segmentRoutes } from './routes.ts'
export { segmentIds } from './service.ts'

/** Segments go where the place of their author's post goes. */
export const segmentRehome: Rehome = {
  name: 'registry.segments',
  preview: () => Promise.resolve([]),
  async apply(cmd, change) {
    const to = change.to[0]
    // A split leaves them: the area that keeps its path keeps its post.
    if (change.sharing || to === undefined) return 0
    for (const from of change.from) await moveSegments(cmd.tx, cmd.county, subtreeRange(from), to, from)
    return 0
  },
}
