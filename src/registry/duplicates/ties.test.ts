import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround } from '../../../test/support/ground.ts'
import { citizenIdOf, desks } from '../fixtures.ts'
import type { Household } from '../households/contract.ts'
import type { Person } from '../people/contract.ts'

const base = '/api/v1/registry'
let house: TestApp
let desk: ReturnType<typeof desks>
let n = 0
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  desk = desks(house)
})
afterAll(() => house.close())
beforeEach(() => {
  n++
})

async function door(room: string): Promise<string> {
  const building = await desk.building({ estate: '两回园', name: `${n}-${room}幢` })
  return (await desk.premises(building.id, { room })).id
}
const read = async (id: string): Promise<Person> => (await desk.secretary().get<Person>(`${base}/people/${id}`)).body
const household = async (id: string): Promise<Household> =>
  (await desk.secretary().get<Household>(`${base}/households/${id}`)).body

async function homeOf(premisesId: string, head: Person, ...others: Person[]): Promise<Household> {
  const made = await desk.lead().post<Household>(`${base}/households`, {
    premisesId,
    kind: 'registered',
    headId: head.id,
    members: [head, ...others].map(({ id, version }) => ({ personId: id, version })),
    source: 'counter',
  })
  expect(made.status, made.text).toBe(201)
  return made.body
}

async function merged(keep: Person, drop: Person): Promise<string> {
  const [one, other] = [await read(keep.id), await read(drop.id)]
  const answer = await desk.secretary().post<{ id: string }>(`${base}/merges`, {
    keep: one.id,
    keepVersion: one.version,
    drop: other.id,
    dropVersion: other.version,
    take: [],
    reason: '同一个人登记了两次',
  })
  expect(answer.status, answer.text).toBe(200)
  return answer.body.id
}
const undone = async (id: string) => {
  const answer = await desk.secretary().post<{ how: string }>(`${base}/merges/${id}/undo`, { reason: '确实是两个人' })
  expect(answer.status, answer.text).toBe(200)
  return answer.body.how
}

it('who owns by one record and lives there by the other owns and lives there, and parts again', async () => {
  const home = await door('101')
  const owner = await desk.person({ name: `钱${n}`, premisesId: home, relation: 'owner', livesHere: false })
  const lives = await desk.person({ name: `钱${n}`, premisesId: home, relation: 'family' })
  const child = await desk.person({ name: `钱小${n}`, premisesId: home })
  const family = await homeOf(home, lives, child)
  const merge = await merged(owner, lives)
  const one = await read(owner.id)
  expect(one).toMatchObject({ premisesId: home, householdId: family.id })
  expect(one.residences.filter(({ untilOn }) => untilOn === null)).toHaveLength(2)
  expect(await household(family.id)).toMatchObject({ headId: owner.id, members: 2 })
  expect(await undone(merge)).toBe('restored')
  expect(await read(owner.id)).toMatchObject({ householdId: null })
  expect(await household(family.id)).toMatchObject({ headId: lives.id, members: 2 })
})

it('who was twice in one household, once as its head, is its head', async () => {
  const home = await door('102')
  const head = await desk.person({ name: `孙${n}`, premisesId: home, relation: 'owner' })
  const again = await desk.person({ name: `孙${n}`, premisesId: home, relation: 'owner' })
  const family = await homeOf(home, head, again)
  expect(family).toMatchObject({ headId: head.id, members: 2 })
  const merge = await merged(again, head)
  expect(await household(family.id)).toMatchObject({ headId: again.id, members: 1 })
  const phone = await desk.lead().post(`${base}/people/${again.id}/phone`, {
    phone: `139573${String(20000 + n)}`,
    version: (await read(again.id)).version,
    source: 'visit',
  })
  expect(phone.status, phone.text).toBe(200)
  expect(await undone(merge)).toBe('split')
  expect(await household(family.id)).toMatchObject({ headId: head.id, members: 2 })
})

it('a merge that is taken back wakes no household that was dissolved, and nobody lives at a door that was closed', async () => {
  const [here, there] = [await door('201'), await door('202')]
  const kept = await desk.person({ name: `李${n}`, premisesId: here })
  const dropped = await desk.person({ name: `李${n}`, premisesId: there })
  const family = await homeOf(there, dropped)
  const merge = await merged(kept, dropped)
  const dissolved = await desk.lead().post(`${base}/households/${family.id}/dissolve`, {
    version: (await household(family.id)).version,
    reason: '并到另一户',
  })
  expect(dissolved.status, dissolved.text).toBe(200)
  const closed = await desk.lead().post(`${base}/premises/${there}/close`, { version: 1, reason: '房屋已拆' })
  expect(closed.status, closed.text).toBe(200)
  expect(await undone(merge)).toBe('restored')
  expect(await household(family.id)).toMatchObject({ closed: true, members: 0, headId: null })
  expect(await read(dropped.id)).toMatchObject({ premisesId: null, householdId: null, state: 'present' })
})

it('somebody split off is registered once in the county, like everybody', async () => {
  const citizenId = citizenIdOf('1975-05-05', n)
  const known = await desk.person({ name: `周${n}`, citizenId, premisesId: await door('301') })
  const two = await desk.person({ name: `吴${n}`, premisesId: await door('302') })
  const split = await desk.secretary().post(`${base}/people/${two.id}/split`, {
    version: two.version,
    name: `周${n}`,
    citizenId,
    residenceIds: [],
    reason: '两个人合在一起了',
  })
  expect(split.status, split.text).toBe(409)
  expect(split.text).toContain(known.id)
})
