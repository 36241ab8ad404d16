import type { Receipt } from '../../src/loop/contract.ts'
import { paths } from '../support/ground.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const secretText = '只有管这个地方的人才能看到的内容'

async function reported(world: SweepWorld, token: string): Promise<Receipt> {
  const answer = await world.app.http.inject({
    method: 'POST',
    url: '/api/v1/matters',
    headers: { authorization: `Bearer ${token}` },
    payload: { kind: 'event', category: '0101', text: secretText, areaPath: paths.right },
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json<Receipt>()
}
const byOwner = (world: SweepWorld): Promise<Receipt> => reported(world, world.residents.owner)
const residents: AccessCase['actors'] = (world) => ({ right: world.residents.owner, wrongPlace: world.residents.other })
const matter = (suffix: string) => async (world: SweepWorld) => ({
  url: `/api/v1/matters/${(await byOwner(world)).id}${suffix}`,
})
const secrets = (): string[] => [secretText]

export const cases: AccessCase[] = [
  {
    route: 'POST /api/v1/matters',
    actors: (world) => ({ wrongPlace: world.tokens.wrongPlace, right: world.tokens.right }),
    wrongPurpose: 'header',
    prepare: async () => ({
      url: '/api/v1/matters',
      payload: {
        kind: 'event',
        category: '0101',
        text: '代群众登记',
        areaPath: paths.right,
        contact: { name: '王大爷', phone: '13812345678', channel: 'visit' },
      },
    }),
  },
  {
    route: 'POST /api/v1/matters/duplicates',
    actors: (world) => ({ right: world.tokens.right, wrongPlace: world.residents.other }),
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await byOwner(world)
      return {
        url: '/api/v1/matters/duplicates',
        payload: { kind: 'event', category: '0101', text: secretText, areaPath: paths.right },
      }
    },
  },
  {
    route: 'GET /api/v1/matters',
    secrets,
    prepare: async (world) => {
      await byOwner(world)
      return { url: `/api/v1/matters?scope=all&area=${encodeURIComponent(world.rightPlace)}` }
    },
  },
  {
    route: 'GET /api/v1/matters/counts',
    actors: (world) => ({ wrongPlace: world.residents.other }),
    prepare: async () => ({ url: '/api/v1/matters/counts' }),
  },
  { route: 'GET /api/v1/matters/:id', secrets, prepare: matter('') },
  { route: 'GET /api/v1/matters/:id/proofs', prepare: matter('/proofs') },
  {
    route: 'POST /api/v1/matters/:id/moves',
    prepare: async (world) => ({
      ...(await matter('/moves')(world)),
      payload: { move: 'void', version: 1, form: { reason: 'test', note: '测试作废' } },
    }),
  },
  {
    route: 'POST /api/v1/matters/:id/unmask',
    prepare: async (world) => ({ ...(await matter('/unmask')(world)), payload: { reason: '需要联系反映人核实情况' } }),
  },
  {
    route: 'GET /api/v1/my/matters',
    actors: residents,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await byOwner(world)
      return { url: '/api/v1/my/matters' }
    },
  },
]
