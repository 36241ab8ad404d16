import { runSystem } from '../../src/kernel/command.ts'
import { publishShipped } from '../../src/packs/index.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

/** Packs hold for the whole county, so the wrong place is another county. */
const countyWide: Pick<AccessCase, 'actors'> = {
  actors: ({ tokens, administrators }) => ({
    right: tokens.right,
    wrongPlace: administrators.otherCounty.system,
    wrongPurpose: tokens.wrongPurpose,
  }),
}
const published = (world: SweepWorld): Promise<void> => runSystem(world.app.app, world.county, publishShipped)

export const cases: AccessCase[] = [
  {
    ...countyWide,
    route: 'GET /api/v1/packs',
    wrongPlace: 'ownData',
    secrets: () => ['"pack":"event"'],
    async prepare(world) {
      await published(world)
      return { url: '/api/v1/packs' }
    },
  },
  {
    ...countyWide,
    route: 'GET /api/v1/packs/kinds/:kind',
    async prepare(world) {
      await published(world)
      return { url: '/api/v1/packs/kinds/event' }
    },
  },
]
