import type { DiaryView } from '../../src/duty/diary/contract.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/diary'
const secretText = '只有写的人和管这片的人才能看的日记'
const secrets = (): string[] => [secretText]
const body = (world: SweepWorld) => ({ kind: 'mood', text: secretText, visited: '王阿姨', areaPath: world.rightPlace })

/** An entry of whoever is right; those elsewhere hold every action too, but neither wrote it nor answer for its place. */
async function written(world: SweepWorld): Promise<DiaryView> {
  const headers = { authorization: `Bearer ${world.tokens.right}` }
  const answer = await world.app.http.inject({ method: 'POST', url: base, headers, payload: body(world) })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json<DiaryView>()
}
const one = (suffix: string, payload?: object) => async (world: SweepWorld) => ({
  url: `${base}/${(await written(world)).id}${suffix}`,
  ...(payload ? { payload } : {}),
})
const listed = (url: string) => async (world: SweepWorld) => {
  await written(world)
  return { url }
}

const manages: Pick<AccessCase, 'actors' | 'wrongPurpose'> = {
  actors: ({ administrators }) => ({ right: administrators.system }),
  wrongPurpose: 'header',
}
const settings = '/api/v1/duty/settings'

export const cases: AccessCase[] = [
  { route: `GET ${settings}`, ...manages, prepare: async () => ({ url: settings }) },
  {
    route: `PUT ${settings}/diary`,
    ...manages,
    prepare: async () => ({
      url: `${settings}/diary`,
      payload: { kinds: [{ code: 'mood', zh: '民情', en: 'Mood', category: '0603' }], keepDays: 400, version: 0 },
    }),
  },
  {
    route: `PUT ${settings}/phones`,
    ...manages,
    prepare: async () => ({ url: `${settings}/phones`, payload: { phones: [], version: 0 } }),
  },
  {
    route: 'GET /api/v1/duty/kit',
    actors: (world) => ({ wrongPlace: world.residents.other }),
    prepare: async () => ({ url: '/api/v1/duty/kit' }),
  },
  {
    route: 'GET /api/v1/duty/poster',
    prepare: async (world) => ({ url: `/api/v1/duty/poster?path=${encodeURIComponent(world.rightPlace)}` }),
  },
  {
    route: `GET ${base}/terms`,
    actors: (world) => ({ wrongPlace: world.residents.other }),
    prepare: async () => ({ url: `${base}/terms` }),
  },
  { route: `POST ${base}`, prepare: async (world) => ({ url: base, payload: body(world) }) },
  { route: `GET ${base}`, wrongPlace: 'ownData', secrets, prepare: listed(base) },
  {
    route: `GET ${base}/month`,
    prepare: async (world) => ({ url: `${base}/month?month=2026-11&area=${encodeURIComponent(world.rightPlace)}` }),
  },
  { route: `GET ${base}/mine`, wrongPlace: 'ownData', secrets, prepare: listed(`${base}/mine`) },
  {
    route: `GET ${base}/mine/month`,
    wrongPlace: 'ownData',
    secrets: () => ['"kinds":[{"kind":"mood"'],
    prepare: listed(`${base}/mine/month?month=2026-11`),
  },
  {
    route: `GET ${base}/mine/sheet`,
    actors: (world) => ({ wrongPlace: world.residents.other }),
    prepare: listed(`${base}/mine/sheet?month=2026-11`),
  },
  {
    route: `GET ${base}/origin`,
    wrongPlace: 'ownData',
    secrets: () => ['kindName":"民情'],
    prepare: async (world) => {
      const { id } = await written(world)
      const headers = { authorization: `Bearer ${world.tokens.right}` }
      const filed = await world.app.http.inject({ method: 'POST', url: `${base}/${id}/matter`, headers, payload: {} })
      return { url: `${base}/origin?matter=${filed.json<{ id: string }>().id}` }
    },
  },
  { route: `GET ${base}/:id`, secrets, prepare: one('') },
  { route: `GET ${base}/:id/history`, secrets, prepare: one('/history') },
  {
    route: `POST ${base}/:id/corrections`,
    secrets,
    prepare: one('/corrections', { kind: 'mood', text: secretText, version: 1 }),
  },
  { route: `POST ${base}/:id/matter`, prepare: one('/matter', {}) },
  { route: `POST ${base}/:id/unmask`, secrets, prepare: one('/unmask', { reason: '需要联系本人核实' }) },
]
