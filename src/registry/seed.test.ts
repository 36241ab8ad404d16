import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { DEMO_COUNTY, demoResidents, GAOQIAO, seedGaoqiaoGround } from '../grid/index.ts'
import { isCitizenId, isMobile, isOrganisationCode } from '../kernel/codes.ts'
import { runSystem } from '../kernel/command.ts'
import { seedDemoCounty } from '../seed.ts'
import { gaoqiaoFamilies, honglianFamilies } from './seed-estates.ts'
import { seedGroups } from './seed-groups.ts'
import { honglianOrganisations } from './seed-organisations.ts'
import { seedHomes, seedOrganisations } from './seed.ts'

const TODAY = '2026-11-21'

test('Gaoqiao Garden has its figures: 3,723 flats, 12,560 people who live there, 6,340 of them new', () => {
  const homes = gaoqiaoFamilies(TODAY)
  const people = homes.flatMap((home) => home.people)
  const living = people.filter(({ ties }) => ties.some(({ livesHere }) => livesHere))
  expect(homes.flatMap(({ building }) => building.doors)).toHaveLength(3_723)
  expect(living).toHaveLength(12_560)
  expect(living.filter(({ registration }) => registration === 'floating')).toHaveLength(6_340)
  expect(
    people.filter(({ citizenId, phone }) => !isCitizenId(citizenId, TODAY) || (phone && !isMobile(phone))),
  ).toEqual([])
  expect(new Set(people.map(({ citizenId }) => citizenId)).size).toBe(people.length)
  const phones = people.flatMap(({ phone }) => phone ?? [])
  expect(new Set(phones).size).toBe(phones.length)
})

test('the same people at every call', () => {
  expect(honglianFamilies(TODAY)).toEqual(honglianFamilies(TODAY))
})

test.each([TODAY, '2027-03-01'])(
  'the demo’s residents are registered on %s with the numbers they are told',
  (today) => {
    const people = honglianFamilies(today).flatMap((home) => home.people)
    for (const { name, phone, citizenId } of demoResidents) {
      const found = people.filter((one) => one.citizenId === citizenId)
      expect(found).toMatchObject([{ name, phone, bornOn: expect.stringMatching(/^19/) }])
      expect(isCitizenId(citizenId, today)).toBe(true)
      expect(found[0]!.ties[0]).toMatchObject({ household: 0, livesHere: true })
    }
    expect(new Set(people.map(({ citizenId }) => citizenId)).size).toBe(people.length)
  },
)

describe('written into a county', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await testApp()
    await seedDemoCounty(app.app)
  })
  afterAll(() => app.close())

  test('a block of Honglian with its households, counted right; a second run adds nothing', async () => {
    const homes = honglianFamilies(TODAY).slice(0, 1)
    const lay = () => runSystem(app.app, DEMO_COUNTY, (cmd) => seedHomes(cmd, homes))
    expect(await lay()).toBe(1)
    expect(await lay()).toBe(0)
    const found = await app.app.db.reading(DEMO_COUNTY, async (tx) => ({
      premises: await tx.selectFrom('premises').select('id').execute(),
      people: await tx.selectFrom('person').select(['id', 'householdId']).execute(),
      households: await tx.selectFrom('household').select(['id', 'members', 'headId']).execute(),
      tokens: await tx.selectFrom('searchToken').select('subjectId').where('token', 'like', 'pn%').execute(),
    }))
    expect(found.premises).toHaveLength(40)
    expect(found.people).toHaveLength(homes[0]!.people.length)
    for (const { id, members, headId } of found.households) {
      const inside = found.people.filter(({ householdId }) => householdId === id)
      expect(members).toBe(inside.length)
      expect(inside.map((person) => person.id)).toContain(headId)
    }
    expect(new Set(found.tokens.map(({ subjectId }) => subjectId)).size).toBe(found.people.length)
  })

  test('Gaoqiao’s grids, posts and first blocks', async () => {
    await runSystem(app.app, DEMO_COUNTY, seedGaoqiaoGround)
    await runSystem(app.app, DEMO_COUNTY, seedGaoqiaoGround)
    const homes = gaoqiaoFamilies(TODAY).slice(0, 4)
    expect(await runSystem(app.app, DEMO_COUNTY, (cmd) => seedHomes(cmd, homes))).toBe(4)
    const areas = await app.app.db.reading(DEMO_COUNTY, (tx) =>
      tx.selectFrom('area').select('path').where('path', 'like', `${GAOQIAO}/G%`).execute(),
    )
    expect(areas).toHaveLength(45)
    const paths = new Set(areas.map(({ path }) => path))
    expect(homes.filter(({ building }) => !paths.has(building.areaPath))).toEqual([])
  })

  test('the chat groups of the village, once', async () => {
    const lay = () => runSystem(app.app, DEMO_COUNTY, seedGroups)
    expect(await lay()).toBe(6)
    expect(await lay()).toBe(0)
  })

  test('organisations with who stands for them, once', async () => {
    const lay = () => runSystem(app.app, DEMO_COUNTY, (cmd) => seedOrganisations(cmd, honglianOrganisations()))
    expect(await lay()).toBe(honglianOrganisations().length)
    expect(await lay()).toBe(0)
    expect(honglianOrganisations().filter(({ code }) => code !== null && !isOrganisationCode(code))).toEqual([])
  })
})
