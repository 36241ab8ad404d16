import { afterAll, beforeAll, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { desks } from '../fixtures.ts'
import type { Person, PersonPage } from './contract.ts'

const base = '/api/v1/registry/people'
let house: TestApp
let desk: ReturnType<typeof desks>
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  desk = desks(house)
})
afterAll(() => house.close())

/** Every page of a list, until there is no next one. */
async function names(query: string): Promise<string[]> {
  const found: string[] = []
  for (let after = ''; ;) {
    const page = await desk.lead().get<PersonPage>(`${base}?area=${paths.right}&limit=2&${query}${after}`)
    expect(page.status, page.text).toBe(200)
    found.push(...page.body.items.map(({ name }) => name))
    if (page.body.next === null) return found.toSorted()
    after = `&after=${page.body.next}`
  }
}

const turned = (person: Person, state: string) =>
  desk.lead().post(`${base}/${person.id}/state`, { state, version: person.version, reason: '邻居说的' })

it('lists everybody of a state, however many of other states stand before them', async () => {
  const people: Person[] = []
  for (let n = 0; n < 8; n++)
    people.push(await desk.person({ name: `赵${n}`, areaPath: paths.right, registration: 'floating' }))
  for (const [at, state] of [
    [6, 'away'],
    [7, 'away'],
    [4, 'left'],
    [5, 'deceased'],
  ] as const)
    expect((await turned(people[at]!, state)).status).toBe(200)
  expect(await names('state=away')).toEqual(['赵6', '赵7'])
  expect(await names('state=deceased')).toEqual(['赵5'])
  expect(await names('state=left')).toEqual(['赵4'])
  expect(await names('tag=newResident&state=present')).toEqual(['赵0', '赵1', '赵2', '赵3'])
  expect(await names('')).toEqual(['赵0', '赵1', '赵2', '赵3', '赵6', '赵7'])
})

it('narrows a tag where it counts: an owner who lives elsewhere is found by age too', async () => {
  const home = await desk.premises(
    (await desk.building({ areaPath: paths.beside }, desk.neighbour())).id,
    {},
    desk.neighbour(),
  )
  const owned = await desk.premises((await desk.building({ name: '7幢' })).id)
  const old = { name: '房东甲', bornOn: '1950-01-01', premisesId: home.id }
  const landlord = await desk.person(old, desk.neighbour())
  const wide = house.as({ grants: [{ action: 'registry.write', path: paths.grid }] })
  const owns = await wide.post(`${base}/${landlord.id}/residences`, {
    premisesId: owned.id,
    relation: 'owner',
    livesHere: false,
    version: landlord.version,
    source: 'counter',
  })
  expect(owns.status, owns.text).toBe(200)
  expect(await names('tag=landlordElsewhere')).toEqual(['房东甲'])
  expect(await names('tag=landlordElsewhere&ageFrom=60&state=present')).toEqual(['房东甲'])
  expect(await names('tag=landlordElsewhere&ageTo=59')).toEqual([])
})
