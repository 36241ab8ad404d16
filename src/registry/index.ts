import type { App, Room } from '../kernel/app.ts'
import { followUpRehome, followUpRoutes, followUpSweeps } from './follow-up/index.ts'
import { searchRoutes } from './search/index.ts'

export { requireName } from './rules.ts'
export { FollowUpDue, FollowUpExtensionAsked } from './follow-up/contract.ts'

/** Registers the registry with the ports that it serves. */
export function makeRegistryPorts(app: App): void {
  app.ports.rehome.push(followUpRehome)
}

/** Who lives and works where: addresses, people, households, organisations, collected once. */
export const registry: Room = {
  name: 'registry',
  async routes(app) {
    for (const routes of [followUpRoutes, searchRoutes]) await app.register(routes)
  },
  sweeps: followUpSweeps,
}
