import { citizenIdOf } from '../../src/registry/fixtures.ts'
import type { BuildingView, PremisesView } from '../../src/registry/addresses/contract.ts'
import type { Household } from '../../src/registry/households/contract.ts'
import type { ChatGroup, Organisation } from '../../src/registry/organisations/contract.ts'
import type { Person } from '../../src/registry/people/contract.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/registry'
const secretName = '只能在此处看见的人'
const secretStreet = '秘密路'
const secrets = (): string[] => [secretName, secretStreet]
let serial = 0

async function made<Body>(world: SweepWorld, url: string, payload: object): Promise<Body> {
  const headers = { authorization: `Bearer ${world.tokens.right}` }
  const answer = await world.app.http.inject({ method: 'POST', url: `${base}${url}`, headers, payload })
  if (answer.statusCode >= 300) throw new Error(answer.body)
  return answer.json<Body>()
}

const buildingBody = (world: SweepWorld) => ({
  areaPath: world.rightPlace,
  kind: 'villageHouse',
  street: secretStreet,
  houseNumber: `${++serial}`,
  source: 'counter',
})
const building = (world: SweepWorld) => made<BuildingView>(world, '/buildings', buildingBody(world))
const premises = async (world: SweepWorld) =>
  made<PremisesView>(world, '/premises', { buildingId: (await building(world)).id, room: '101', source: 'counter' })
const personBody = async (world: SweepWorld) => ({
  name: secretName,
  premisesId: (await premises(world)).id,
  relation: 'tenant',
  source: 'counter',
})
const person = async (world: SweepWorld) => made<Person>(world, '/people', await personBody(world))

const onBuilding = (suffix: string, payload?: object) => async (world: SweepWorld) => ({
  url: `${base}/buildings/${(await building(world)).id}${suffix}`,
  ...(payload && { payload }),
})
const onPremises = (suffix: string, payload?: object) => async (world: SweepWorld) => ({
  url: `${base}/premises/${(await premises(world)).id}${suffix}`,
  ...(payload && { payload }),
})
const onPerson = (suffix: string, payload?: object) => async (world: SweepWorld) => ({
  url: `${base}/people/${(await person(world)).id}${suffix}`,
  ...(payload && { payload }),
})
/** A household of two. */
async function household(world: SweepWorld): Promise<Household> {
  const home = await premises(world)
  const member = async () => {
    const body = { name: secretName, premisesId: home.id, relation: 'family', source: 'counter' }
    return made<Person>(world, '/people', body)
  }
  const members = [await member(), await member()]
  return made<Household>(world, '/households', {
    premisesId: home.id,
    kind: 'registered',
    headId: members[0]!.id,
    members: members.map(({ id, version }) => ({ personId: id, version })),
    source: 'counter',
  })
}
const onHousehold = (suffix: string, payload?: object | ((home: Household) => object)) => async (world: SweepWorld) => {
  const home = await household(world)
  return {
    url: `${base}/households/${home.id}${suffix}`,
    ...(payload && { payload: typeof payload === 'function' ? payload(home) : payload }),
  }
}
const organisationBody = (world: SweepWorld) => ({
  kind: 'merchant',
  name: secretName,
  areaPath: world.rightPlace,
  source: 'counter',
})
const organisation = (world: SweepWorld) => made<Organisation>(world, '/organisations', organisationBody(world))
const onOrganisation = (suffix: string, payload?: object) => async (world: SweepWorld) => ({
  url: `${base}/organisations/${(await organisation(world)).id}${suffix}`,
  ...(payload && { payload }),
})
const groupBody = (world: SweepWorld) => ({
  areaPath: world.rightPlace,
  kind: 'residents',
  name: secretName,
  channel: 'wechat',
})
const group = (world: SweepWorld) => made<ChatGroup>(world, '/chat-groups', groupBody(world))
const officer = { duty: 'contact', name: secretName, version: 1 }
const listed = (url: string) => async (world: SweepWorld) => {
  await person(world)
  return { url: `${base}${url}` }
}
const reason = '登记有误'

export const cases: AccessCase[] = [
  {
    route: `GET ${base}/field-groups`,
    actors: (world) => ({ wrongPlace: world.administrators.otherCounty.system }),
    wrongPlace: 'ownData',
    prepare: async () => ({ url: `${base}/field-groups` }),
  },
  {
    route: `GET ${base}/tags`,
    actors: (world) => ({ wrongPlace: world.residents.other }),
    prepare: async () => ({ url: `${base}/tags` }),
  },
  { route: `GET ${base}/buildings/:id/responsible`, prepare: onBuilding('/responsible') },
  { route: `GET ${base}/buildings`, wrongPlace: 'ownData', secrets, prepare: listed('/buildings') },
  {
    route: `POST ${base}/buildings`,
    secrets,
    prepare: async (world) => ({ url: `${base}/buildings`, payload: buildingBody(world) }),
  },
  { route: `GET ${base}/buildings/:id`, secrets, prepare: onBuilding('') },
  { route: `GET ${base}/buildings/:id/doors`, secrets, prepare: onBuilding('/doors') },
  { route: `GET ${base}/roster`, wrongPlace: 'ownData', secrets, prepare: listed('/roster') },
  {
    route: `POST ${base}/buildings/:id/corrections`,
    secrets,
    prepare: onBuilding('/corrections', { floors: 3, version: 1, reason }),
  },
  {
    route: `POST ${base}/buildings/:id/move`,
    secrets,
    prepare: async (world) => ({
      url: `${base}/buildings/${(await building(world)).id}/move`,
      payload: { areaPath: world.rightPlace, version: 1, reason },
    }),
  },
  { route: `POST ${base}/buildings/:id/close`, secrets, prepare: onBuilding('/close', { version: 1, reason }) },
  { route: `GET ${base}/premises`, wrongPlace: 'ownData', secrets, prepare: listed('/premises') },
  {
    route: `GET ${base}/premises/reviews`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      const { id } = await premises(world)
      const plan = { class: 'key', risks: [], measures: [], caretaker: '', reviewOn: '2026-11-20', version: 1 }
      await made(world, `/premises/${id}/plan`, plan)
      return { url: `${base}/premises/reviews?until=2026-12-31` }
    },
  },
  {
    route: `POST ${base}/premises`,
    secrets,
    prepare: async (world) => ({
      url: `${base}/premises`,
      payload: { buildingId: (await building(world)).id, room: '201', source: 'counter' },
    }),
  },
  { route: `GET ${base}/premises/:id`, secrets, prepare: onPremises('') },
  {
    route: `POST ${base}/premises/:id/corrections`,
    secrets,
    prepare: onPremises('/corrections', { use: 'let', version: 1, reason }),
  },
  {
    route: `POST ${base}/premises/:id/confirm`,
    secrets,
    prepare: onPremises('/confirm', { version: 1, source: 'visit' }),
  },
  { route: `POST ${base}/premises/:id/close`, secrets, prepare: onPremises('/close', { version: 1, reason }) },
  { route: `GET ${base}/premises/:id/plan`, prepare: onPremises('/plan') },
  {
    route: `POST ${base}/premises/:id/plan`,
    prepare: onPremises('/plan', { class: 'key', risks: [], measures: [], caretaker: '', reviewOn: null, version: 1 }),
  },
  { route: `GET ${base}/people`, wrongPlace: 'ownData', secrets, prepare: listed('/people') },
  {
    route: `POST ${base}/people`,
    secrets,
    prepare: async (world) => ({ url: `${base}/people`, payload: await personBody(world) }),
  },
  {
    route: `POST ${base}/people/move-here`,
    secrets,
    prepare: async (world) => {
      const citizenId = citizenIdOf('1977-07-07', ++serial)
      await made(world, '/people', { ...(await personBody(world)), citizenId })
      const { id } = await premises(world)
      const payload = { name: secretName, citizenId, premisesId: id, source: 'visit', reason }
      return { url: `${base}/people/move-here`, payload }
    },
  },
  { route: `GET ${base}/people/:id`, secrets, prepare: onPerson('') },
  { route: `POST ${base}/people/:id/confirm`, secrets, prepare: onPerson('/confirm', { version: 1, source: 'visit' }) },
  {
    route: `POST ${base}/people/:id/corrections`,
    secrets,
    prepare: onPerson('/corrections', { sex: 'female', version: 1, reason }),
  },
  {
    route: `POST ${base}/people/:id/phone`,
    secrets,
    prepare: onPerson('/phone', { phone: '13800138000', version: 1 }),
  },
  {
    route: `POST ${base}/people/:id/state`,
    secrets,
    prepare: onPerson('/state', { state: 'away', version: 1, reason }),
  },
  {
    route: `POST ${base}/people/:id/residences`,
    secrets,
    prepare: async (world) => ({
      url: `${base}/people/${(await person(world)).id}/residences`,
      payload: {
        premisesId: (await premises(world)).id,
        relation: 'owner',
        livesHere: false,
        version: 1,
        source: 'counter',
      },
    }),
  },
  {
    route: `POST ${base}/people/:id/residences/:residence/end`,
    secrets,
    prepare: async (world) => {
      const { id, residences } = await person(world)
      return { url: `${base}/people/${id}/residences/${residences[0]!.id}/end`, payload: { version: 1, reason } }
    },
  },
  {
    route: `POST ${base}/people/:id/tags`,
    secrets,
    prepare: onPerson('/tags', { add: [{ tag: 'veteran' }], remove: [], version: 1, source: 'counter' }),
  },
  {
    route: `POST ${base}/people/:id/unmask`,
    prepare: onPerson('/unmask', { fields: ['phone'], reason: '核对联系电话' }),
  },
  { route: `GET ${base}/people/:id/looks`, prepare: onPerson('/looks') },
  {
    route: `GET ${base}/households`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await household(world)
      return { url: `${base}/households` }
    },
  },
  {
    route: `POST ${base}/households`,
    secrets,
    prepare: async (world) => ({
      url: `${base}/households`,
      payload: { premisesId: (await premises(world)).id, kind: 'floating', members: [], source: 'visit' },
    }),
  },
  { route: `GET ${base}/households/:id`, secrets, prepare: onHousehold('') },
  {
    route: `POST ${base}/households/:id/corrections`,
    secrets,
    prepare: onHousehold('/corrections', { number: '7', version: 1, reason }),
  },
  {
    route: `POST ${base}/households/:id/confirm`,
    secrets,
    prepare: onHousehold('/confirm', { version: 1, source: 'visit' }),
  },
  {
    route: `POST ${base}/households/:id/head`,
    secrets,
    prepare: onHousehold('/head', ({ people }) => ({ headId: people[1]!.id, version: 1, reason })),
  },
  {
    route: `POST ${base}/households/:id/members`,
    secrets,
    prepare: async (world) => {
      const home = await household(world)
      const { id, version } = await person(world)
      const payload = { members: [{ personId: id, version }], version: 1, source: 'visit' }
      return { url: `${base}/households/${home.id}/members`, payload }
    },
  },
  {
    route: `POST ${base}/households/:id/leave`,
    secrets,
    prepare: onHousehold('/leave', ({ people }) => ({ personId: people[1]!.id, version: 1, reason })),
  },
  {
    route: `POST ${base}/households/:id/split`,
    secrets,
    prepare: onHousehold('/split', ({ people }) => ({ personIds: [people[1]!.id], version: 1, reason })),
  },
  { route: `POST ${base}/households/:id/dissolve`, secrets, prepare: onHousehold('/dissolve', { version: 1, reason }) },
  {
    route: `POST ${base}/households/:id/dossier`,
    secrets,
    prepare: onHousehold('/dossier', { needs: secretStreet, version: 1 }),
  },
  {
    route: `GET ${base}/organisations`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await organisation(world)
      return { url: `${base}/organisations` }
    },
  },
  {
    route: `POST ${base}/organisations`,
    secrets,
    prepare: async (world) => ({ url: `${base}/organisations`, payload: organisationBody(world) }),
  },
  { route: `GET ${base}/organisations/:id`, secrets, prepare: onOrganisation('') },
  {
    route: `POST ${base}/organisations/:id/corrections`,
    secrets,
    prepare: onOrganisation('/corrections', { trade: '餐饮', version: 1, reason }),
  },
  {
    route: `POST ${base}/organisations/:id/confirm`,
    secrets,
    prepare: onOrganisation('/confirm', { version: 1, source: 'visit' }),
  },
  { route: `POST ${base}/organisations/:id/close`, secrets, prepare: onOrganisation('/close', { version: 1, reason }) },
  { route: `POST ${base}/organisations/:id/officers`, secrets, prepare: onOrganisation('/officers', officer) },
  {
    route: `POST ${base}/organisations/:id/officers/:officer/end`,
    secrets,
    prepare: async (world) => {
      const { id } = await organisation(world)
      const { officers } = await made<Organisation>(world, `/organisations/${id}/officers`, officer)
      const url = `${base}/organisations/${id}/officers/${officers[0]!.id}/end`
      return { url, payload: { version: 2, reason } }
    },
  },
  { route: `POST ${base}/organisations/:id/unmask`, prepare: onOrganisation('/unmask', { reason: '核对联系电话' }) },
  {
    route: `GET ${base}/chat-groups`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await group(world)
      return { url: `${base}/chat-groups` }
    },
  },
  {
    route: `POST ${base}/chat-groups`,
    secrets,
    prepare: async (world) => ({ url: `${base}/chat-groups`, payload: groupBody(world) }),
  },
  {
    route: `POST ${base}/chat-groups/:id/changes`,
    secrets,
    prepare: async (world) => ({
      url: `${base}/chat-groups/${(await group(world)).id}/changes`,
      payload: { members: 5, version: 1 },
    }),
  },
  {
    route: `GET ${base}/history/:kind/:id`,
    secrets,
    prepare: async (world) => ({ url: `${base}/history/person/${(await person(world)).id}` }),
  },
  {
    route: `GET ${base}/history/:kind/:id/on/:day`,
    secrets,
    prepare: async (world) => {
      const today = world.app.clock.now().toISOString().slice(0, 10)
      return { url: `${base}/history/person/${(await person(world)).id}/on/${today}` }
    },
  },
]
