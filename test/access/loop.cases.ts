import type { Receipt } from '../../src/loop/contract.ts'
import { holderId, paths } from '../support/ground.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const secretText = '只有管这个地方的人才能看到的内容'

async function reported(world: SweepWorld, token: string, category = '0101'): Promise<Receipt> {
  const answer = await world.app.http.inject({
    method: 'POST',
    url: '/api/v1/matters',
    headers: { authorization: `Bearer ${token}` },
    payload: { kind: 'event', category, text: secretText, areaPath: paths.right },
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json<Receipt>()
}
const byOwner = (world: SweepWorld): Promise<Receipt> => reported(world, world.residents.owner)
const residents: AccessCase['actors'] = (world) => ({ right: world.residents.owner, wrongPlace: world.residents.other })
const matter = (suffix: string) => async (world: SweepWorld) => ({
  url: `/api/v1/matters/${(await byOwner(world)).id}${suffix}`,
})
const mine = (suffix: string) => async (world: SweepWorld) => ({
  url: `/api/v1/my/matters/${(await byOwner(world)).id}${suffix}`,
})
const secrets = (): string[] => [secretText]

const steps: Record<string, { role: string; path: string; form: Record<string, unknown> }> = {
  accept: { role: 'microGridLead', path: paths.right, form: {} },
  askReporter: { role: 'microGridLead', path: paths.right, form: { reason: '具体在几幢几单元？' } },
  solve: { role: 'microGridLead', path: paths.right, form: { result: '已经处理好了', method: 'onSite' } },
  verify: { role: 'gridChief', path: paths.grid, form: { seen: 'onSite' } },
  close: { role: 'townDispatcher', path: paths.town, form: {} },
}

/** A matter of the owner, walked on by the posts that hold it. */
async function walked(world: SweepWorld, moves: string[]): Promise<{ id: string; version: number }> {
  const { id } = await reported(world, world.residents.owner, '9999')
  let version = 1
  for (const move of moves) {
    const { role, path, form } = steps[move]!
    const answer = await world.app
      .as({ id: holderId(role, path) })
      .post<{ version: number }>(`/api/v1/matters/${id}/moves`, { move, version, form })
    if (answer.status !== 200) throw new Error(`${move}: ${answer.text}`)
    version = answer.body.version
  }
  return { id, version }
}

const view = { name: '市容', filter: { scope: 'open' }, shared: null }

/** A view that the right actor keeps, and its address. */
async function keptView(world: SweepWorld): Promise<string> {
  const answer = await world.app.http.inject({
    method: 'POST',
    url: '/api/v1/matters/views',
    headers: { authorization: `Bearer ${world.tokens.right}` },
    payload: view,
  })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return `/api/v1/matters/views/${answer.json<{ id: string }>().id}`
}

/** The work list's own things: each person has a desk, and sees on it what they may see. */
const deskCases: AccessCase[] = [
  {
    route: 'GET /api/v1/matters/holders',
    wrongPlace: 'ownData',
    secrets: () => ['microGridLead.@' + paths.right],
    prepare: async (world) => {
      await byOwner(world)
      return { url: '/api/v1/matters/holders' }
    },
  },
  {
    route: 'GET /api/v1/matters/desk',
    wrongPlace: 'ownData',
    secrets: () => ['只在右边的视图'],
    prepare: async (world) => {
      const url = await keptView(world)
      const headers = { authorization: `Bearer ${world.tokens.right}` }
      const payload = { ...view, name: '只在右边的视图', version: 1 }
      await world.app.http.inject({ method: 'PUT', url, headers, payload })
      return { url: '/api/v1/matters/desk' }
    },
  },
  {
    route: 'PUT /api/v1/matters/desk',
    wrongPlace: 'ownData',
    prepare: async () => ({
      url: '/api/v1/matters/desk',
      payload: { defaultView: null, columns: ['state', 'what'], density: 'dense' },
    }),
  },
  {
    route: 'POST /api/v1/matters/views',
    prepare: async (world) => ({
      url: '/api/v1/matters/views',
      payload: { ...view, shared: { path: world.rightPlace, role: '' } },
    }),
  },
  {
    route: 'PUT /api/v1/matters/views/:id',
    prepare: async (world) => ({ url: await keptView(world), payload: { ...view, version: 1 } }),
  },
  {
    route: 'DELETE /api/v1/matters/views/:id',
    prepare: async (world) => ({ url: `${await keptView(world)}?version=1` }),
  },
  {
    route: 'POST /api/v1/matters/common-moves',
    prepare: async (world) => ({
      url: '/api/v1/matters/common-moves',
      payload: { ids: [(await byOwner(world)).id] },
    }),
  },
  { route: 'GET /api/v1/matters/:id/related', prepare: matter('/related') },
  {
    route: 'POST /api/v1/matters/exports',
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await byOwner(world)
      return {
        url: '/api/v1/matters/exports',
        payload: { format: 'csv', filter: { scope: 'all' }, columns: ['number', 'what'], said: '' },
      }
    },
  },
]

/** A sheet of tickets is taken in by who answers for a town or the county; a post deeper down, however mighty, is at the wrong place. */
const tickets = (text: string) => ({
  headers: { 'content-type': 'application/octet-stream' },
  payload: Buffer.from(`工单编号,诉求内容,所属区域\r\n${text},路灯不亮,王店镇红联村\r\n`),
})
const townWide: Pick<AccessCase, 'actors' | 'wrongPurpose'> = {
  actors: ({ administrators }) => ({ right: administrators.system }),
  wrongPurpose: 'header',
}
const hotlineCases: AccessCase[] = [
  { route: 'GET /api/v1/hotline/template', ...townWide, prepare: async () => ({ url: '/api/v1/hotline/template' }) },
  { route: 'GET /api/v1/hotline/mapping', ...townWide, prepare: async () => ({ url: '/api/v1/hotline/mapping' }) },
  {
    route: 'PUT /api/v1/hotline/mapping',
    ...townWide,
    prepare: async () => ({ url: '/api/v1/hotline/mapping', payload: { items: [], version: 0 } }),
  },
  ...['/check', '/marked', ''].map((what) => ({
    route: `POST /api/v1/hotline${what}`,
    ...townWide,
    prepare: async () => ({ url: `/api/v1/hotline${what}`, ...tickets('GD2026112100001') }),
  })),
]

export const cases: AccessCase[] = [
  ...hotlineCases,
  ...deskCases,
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
    route: 'POST /api/v1/matters/:id/remarks',
    prepare: async (world) => ({ ...(await matter('/remarks')(world)), payload: { text: '现场又看过一次' } }),
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
  { route: 'GET /api/v1/my/matters/:id', actors: residents, secrets, prepare: mine('') },
  { route: 'GET /api/v1/my/matters/:id/proofs', actors: residents, prepare: mine('/proofs') },
  {
    route: 'POST /api/v1/my/matters/:id/moves',
    actors: residents,
    prepare: async (world) => {
      const { id, version } = await walked(world, ['accept', 'askReporter'])
      return {
        url: `/api/v1/my/matters/${id}/moves`,
        payload: { move: 'supplement', version, form: { note: '补充说明' } },
      }
    },
  },
  {
    route: 'POST /api/v1/my/matters/:id/rating',
    actors: residents,
    prepare: async (world) => {
      const { id } = await walked(world, ['accept', 'solve', 'verify', 'close'])
      return { url: `/api/v1/my/matters/${id}/rating`, payload: { score: 'satisfied' } }
    },
  },
]
