import { runSystem } from '../../src/kernel/command.ts'
import { uuidv7 } from '../../src/kernel/ids.ts'
import type { Campaign, ConflictPage, VisitView } from '../../src/registry/visits/contract.ts'
import { doorId, layHome } from '../support/doors.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/visits'
const secretName = '只有管这片的人才看得到的住户'
const secretWords = '只有三支力量才看得到的走访'
const secrets = (): string[] => [secretName, secretWords]
const door = '77-101'
let laid: Promise<void> | undefined

/** A household at the right place, laid once for all cases. */
const home = (world: SweepWorld): Promise<void> =>
  (laid ??= runSystem(world.app.app, world.county, (cmd) =>
    layHome(cmd, {
      door,
      path: world.rightPlace,
      use: 'ownerOccupied',
      kind: 'registered',
      people: [{ name: secretName, born: '1960-01-01', phone: '13857399999' }],
    }),
  ))

async function asRight<Body>(world: SweepWorld, url: string, payload: object): Promise<Body> {
  const headers = { authorization: `Bearer ${world.tokens.right}` }
  const answer = await world.app.http.inject({ method: 'POST', url, headers, payload })
  if (answer.statusCode >= 300) throw new Error(answer.body)
  return answer.json<Body>()
}

const who = { uses: [], kinds: [], tags: [], ageFrom: null, ageUntil: null }
const plan = (world: SweepWorld) => ({
  name: '敲门行动',
  areaPaths: [world.rightPlace],
  who,
  questions: [],
  fromOn: '2026-11-01',
  untilOn: '2026-12-31',
})
async function campaign(world: SweepWorld): Promise<Campaign> {
  await home(world)
  return asRight<Campaign>(world, `${base}/campaigns`, plan(world))
}
const ofCampaign =
  (suffix: string, payload?: object) =>
  async (world: SweepWorld): Promise<{ url: string; payload?: object }> => ({
    url: `${base}/campaigns/${(await campaign(world)).id}${suffix}`,
    ...(payload ? { payload } : {}),
  })

const visit = () => ({
  premisesId: doorId(`premises ${door}`),
  householdId: doorId(`household ${door}`),
  result: 'visited',
  text: secretWords,
})
async function visited(world: SweepWorld, body: object = {}): Promise<VisitView> {
  await home(world)
  return asRight<VisitView>(world, base, { ...visit(), ...body })
}

/** Something that waits for a decision: the ID number of somebody who is registered already. */
async function conflict(world: SweepWorld): Promise<{ id: string; recordVersion: number }> {
  const personId = doorId(secretName)
  const phone = { kind: 'phone', personId, basedOn: 1, phone: `139${String(Date.now()).slice(-8)}` }
  await visited(world, { corrections: [phone] })
  await visited(world, { corrections: [{ ...phone, phone: '13700000001' }] })
  const headers = { authorization: `Bearer ${world.tokens.right}` }
  const listed = await world.app.http.inject({ method: 'GET', url: `${base}/conflicts`, headers })
  const [first] = listed.json<ConflictPage>().items
  if (!first) throw new Error(listed.body)
  return first
}

/** Whoever only counts may see figures; here that is the right actor, so the wrong purpose is another one. */
const counting = (world: SweepWorld) => ({
  wrongPurpose: world.app.as({
    label: '审计',
    grants: [{ action: 'registry.read', path: world.rightPlace, purpose: 'audit' as const }],
  }).token,
})

export const cases: AccessCase[] = [
  {
    route: `POST ${base}/campaigns/preview`,
    prepare: async (world) => ({ url: `${base}/campaigns/preview`, payload: { areaPaths: [world.rightPlace], who } }),
  },
  { route: `POST ${base}/campaigns`, prepare: async (world) => ({ url: `${base}/campaigns`, payload: plan(world) }) },
  {
    route: `GET ${base}/campaigns`,
    actors: counting,
    wrongPlace: 'ownData',
    secrets: () => ['敲门行动'],
    prepare: async (world) => {
      await campaign(world)
      return { url: `${base}/campaigns` }
    },
  },
  { route: `GET ${base}/campaigns/:id`, actors: counting, prepare: ofCampaign('') },
  { route: `POST ${base}/campaigns/:id/moves`, prepare: ofCampaign('/moves', { move: 'pause', version: 1 }) },
  { route: `GET ${base}/campaigns/:id/coverage`, actors: counting, prepare: ofCampaign('/coverage') },
  { route: `GET ${base}/campaigns/:id/gaps`, secrets, prepare: ofCampaign('/gaps') },
  { route: `POST ${base}/campaigns/:id/gaps/sheet`, prepare: ofCampaign('/gaps/sheet', {}) },
  {
    route: `GET ${base}/campaigns/:id/buildings/:building`,
    secrets,
    prepare: async (world) => ofCampaign(`/buildings/${doorId('building 77')}`)(world),
  },
  {
    route: `GET ${base}/stewards`,
    secrets,
    prepare: async (world) => {
      await home(world)
      return { url: `${base}/stewards?area=${encodeURIComponent(world.rightPlace)}` }
    },
  },
  {
    route: `GET ${base}/stewards/people`,
    prepare: async (world) => ({ url: `${base}/stewards/people?area=${encodeURIComponent(world.rightPlace)}` }),
  },
  {
    route: `PUT ${base}/stewards/:id`,
    prepare: async (world) => {
      await home(world)
      return { url: `${base}/stewards/${doorId(`household ${door}`)}`, payload: { accountId: null } }
    },
  },
  {
    route: `GET ${base}/round`,
    wrongPlace: 'ownData',
    secrets: () => ['敲门行动'],
    prepare: async (world) => {
      await campaign(world)
      return { url: `${base}/round` }
    },
  },
  {
    route: `GET ${base}/doors`,
    secrets,
    prepare: async (world) => {
      await home(world)
      return { url: `${base}/doors?area=${encodeURIComponent(world.rightPlace)}` }
    },
  },
  {
    route: `GET ${base}/conflicts`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await conflict(world)
      return { url: `${base}/conflicts` }
    },
  },
  {
    route: `POST ${base}/conflicts/:id/decision`,
    prepare: async (world) => {
      const { id, recordVersion } = await conflict(world)
      return { url: `${base}/conflicts/${id}/decision`, payload: { take: false, recordVersion } }
    },
  },
  {
    route: `POST ${base}`,
    secrets,
    prepare: async (world) => {
      await home(world)
      return { url: base, payload: { ...visit(), id: uuidv7() } }
    },
  },
  {
    route: `GET ${base}`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await visited(world)
      return { url: base }
    },
  },
  { route: `GET ${base}/:id`, secrets, prepare: async (world) => ({ url: `${base}/${(await visited(world)).id}` }) },
  {
    route: `POST ${base}/:id/matter`,
    prepare: async (world) => ({ url: `${base}/${(await visited(world)).id}/matter`, payload: {} }),
  },
]
