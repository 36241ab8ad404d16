import type { AccessCase } from './harness.ts'

const base = '/api/v1/registry'

export const cases: AccessCase[] = [
  {
    route: `GET ${base}/terms`,
    actors: (world) => ({ wrongPlace: world.residents.other }),
    prepare: async () => ({ url: `${base}/terms` }),
  },
  {
    route: `GET ${base}/figures`,
    prepare: async (world) => ({ url: `${base}/figures?area=${encodeURIComponent(world.rightPlace)}` }),
  },
]
