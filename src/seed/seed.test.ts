import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { runSystem } from '../kernel/command.ts'
import { withClient } from '../kernel/postgres-logins.ts'
import { settleLedger, verifyLedger } from '../ledger/index.ts'
import { verifyWritten } from '../loop/index.ts'
import { DEMO_TOWN, DEMO_VILLAGE, demoResidents, findArea, holdersOf, townPeople } from '../grid/index.ts'
import { findOrCreateResident } from '../identity/index.ts'
import { seedDemoCounty } from '../seed.ts'
import { besideHouse } from '../server.ts'
import { villagePieces } from './homes.ts'
import { findScenario, openingPieces, runPhases, scenarios, type Stage } from './index.ts'
import { planStories, type Story } from './plan.ts'
import { tellStory } from './tell.ts'
import { words } from './words.ts'

let house: TestApp
let stage: Stage
beforeAll(async () => {
  house = await testApp()
  await seedDemoCounty(house.app)
  stage = { app: house.app, past: besideHouse(house.app), anchor: house.clock.now() }
}, 120_000)
afterAll(() => house.close())

const quiet = { progress: () => {} }
const rows = <T>(text: string): Promise<T[]> =>
  withClient(house.database.superuserUrl, async (client) => (await client.query(text)).rows as T[])

const plan = (count: number) =>
  planStories({
    name: 'test',
    seed: 1,
    count,
    present: Date.UTC(2026, 10, 15),
    from: Date.UTC(2026, 7, 15),
    until: Date.UTC(2026, 10, 15),
    posts: { town: DEMO_TOWN },
    places: [{ areaPath: `${DEMO_VILLAGE}/G001/M001`, village: '红联村', points: [] }],
  })

describe('the plan', () => {
  test('is the same at every call, in order, and says many different things', () => {
    const stories = plan(600)
    expect(plan(600)).toEqual(stories)
    expect(stories.map(({ at }) => at)).toEqual(stories.map(({ at }) => at).toSorted((one, other) => one - other))
    expect(new Set(stories.map(({ text }) => text)).size).toBeGreaterThan(500)
    expect(new Set(stories.map(({ category }) => category)).size).toBe(words.length)
    for (const { text, steps } of stories) expect(JSON.stringify([text, steps])).not.toMatch(/[{]\w+[}]/)
  })

  test('holds every turn that a matter can take', () => {
    const moves = new Set(plan(1500).flatMap(({ steps }) => steps.map(({ move }) => move)))
    for (const move of 'accept solve file dispatch whistle respond conclude sendBack refuseDuty askExtension approveExtension refuseExtension suspend resume park askReporter supplement takeUp failVerify feedback verify close rate void'.split(
      ' ',
    ))
      expect(moves, move).toContain(move)
    const ratings = plan(1500).flatMap(({ steps }) => steps.filter(({ move }) => move === 'rate'))
    expect(new Set(ratings.map(({ form }) => form?.['score']))).toEqual(new Set(['satisfied', 'fair', 'unsatisfied']))
    expect(ratings.some(({ form }) => form?.['reopen'] === true)).toBe(true)
  })
})

describe('the opening', () => {
  test('is told once, broken off anywhere, and holds work for every role', async () => {
    const pieces = await openingPieces(stage)
    const stopping = new AbortController()
    const stopHalf = (done: number): void => (done >= 20 ? stopping.abort() : undefined)
    await runPhases(stage, [pieces], { progress: stopHalf, stopping: stopping.signal })
    const half = await count()
    // The first grid's homes are laid before anything is reported.
    const homes = villagePieces(stage, 'first').length
    expect(half.matters).toBe(20 - homes)
    expect(await runPhases(stage, [await openingPieces(stage)], { ...quiet, lanes: 3 })).toBe(0)
    const whole = await count()
    expect(whole.matters).toBe(pieces.length - homes)
    expect(await runPhases(stage, [await openingPieces(stage)], quiet)).toBe(0)
    expect(await count()).toEqual(whole)
    const held = await rows<{ role: string; state: string }>(
      'select distinct holder_role as role, state from matter where closed_at is null',
    )
    for (const role of [
      'microGridLead',
      'gridWorker',
      'gridChief',
      'villageSecretary',
      'townDispatcher',
      'departmentHandler',
      'verifier',
    ])
      expect(
        held.map((one) => one.role),
        role,
      ).toContain(role)
    const states = new Set(
      (await rows<{ state: string }>('select distinct state from matter')).map(({ state }) => state),
    )
    for (const state of 'reported accepted clarifying filed jointReview handling extensionAsked suspended parked verifying verified closed'.split(
      ' ',
    ))
      expect(states, state).toContain(state)
  }, 120_000)

  test('happened in the past, step after step, and the sweeps of those days were told', async () => {
    const [{ disorder }] = (await rows<{ disorder: number }>(
      `select count(*)::int as disorder from matter_step s join matter_step n using (county, matter_id)
       where n.version = s.version + 1 and n.at < s.at`,
    )) as [{ disorder: number }]
    expect(disorder).toBe(0)
    const [{ late }] = (await rows<{ late: number }>(
      `select count(*)::int as late from matter_step where at > '${stage.anchor.toISOString()}'`,
    )) as [{ late: number }]
    expect(late).toBe(0)
    const events = await rows<{ event: string; count: number }>(
      'select event, count(*)::int as count from matter_step group by 1',
    )
    const countOf = (event: string): number => events.find((one) => one.event === event)?.count ?? 0
    expect(countOf('matter.overdue')).toBeGreaterThan(5)
    expect(countOf('matter.reminded')).toBeGreaterThan(5)
    expect(countOf('matter.rated')).toBeGreaterThan(5)
  })

  test('holds in the ledger: every entry sealed, every step as it was written', async () => {
    await settleLedger(house.app, county)
    expect((await verifyLedger(house.db, county, { dataDir: house.app.config.dataDir })).findings).toEqual([])
    expect((await verifyWritten(house.db, county)).findings).toEqual([])
    const old = await rows<{ count: number }>(
      `select count(*)::int as count from inbox_message i join ledger_entry e on e.county = i.county and e.id = i.entry_id
       where e.at < '${new Date(stage.anchor.getTime() - 4 * 86_400_000).toISOString()}'`,
    )
    expect(old[0]?.count).toBe(0)
  }, 120_000)

  test('two who tell the same story at once leave it told once', async () => {
    const residents = [await runSystem(house.app, county, (cmd) => findOrCreateResident(cmd, demoResidents[0]!))]
    const telling = { past: stage.past, county, residents: residents.map(({ id }) => id), until: stage.anchor }
    const story: Story = { ...plan(1)[0]!, key: 'twice', reporter: { resident: 0 } }
    const told = await Promise.allSettled([tellStory(telling, story), tellStory(telling, story)])
    expect(told.filter((one) => one.status === 'fulfilled' && one.value).length).toBe(1)
    expect(await tellStory(telling, story)).toBe(false)
  })
})

describe('the rest of the town', () => {
  test('seats everybody: all micro-grids have a head and a stand-in, and nobody is invented twice', async () => {
    const villages = townPeople()
    expect(villages.length).toBe(29)
    const names = villages.flatMap(({ people }) => people.map(({ name }) => name))
    expect(new Set(names).size).toBe(names.length)
    const heads = villages.flatMap(({ chairs }) => chairs.filter(({ role }) => role === 'microGridLead'))
    expect(heads.every(({ a, b }) => a !== undefined && b !== a)).toBe(true)
    const own = await runSystem(house.app, county, (cmd) => findArea(cmd, heads[0]!.areaPath))
    expect(own?.kind).toBe('microGrid')
  })

  test('each large area has a head and two oversight cadres', async () => {
    await runSystem(house.app, county, async (cmd) => {
      for (const code of ['L1', 'L2', 'L3']) {
        expect((await holdersOf(cmd, 'areaLead', `${DEMO_TOWN}/${code}`)).length).toBe(1)
        expect((await holdersOf(cmd, 'disciplineOfficer', `${DEMO_TOWN}/${code}`)).length).toBe(2)
      }
    })
  })

  test('scenarios have codes, and words in both languages', () => {
    expect(scenarios.map(({ code }) => code)).toEqual(expect.arrayContaining(['S06', 'S12']))
    for (const { zh, en } of scenarios) expect(zh.length * en.length).toBeGreaterThan(100)
  })
})

describe('S13', () => {
  test('tells night construction from notice to enforcement, in Nanhu', async () => {
    const scenario = findScenario('s13')
    expect(await scenario?.missing?.(stage)).toBeUndefined()
    const phases = (await scenario?.phases(stage)) ?? []
    const stories = phases.flat()
    expect(stories.length).toBe(270)
    expect(await runPhases(stage, [stories.slice(0, 24)], quiet)).toBe(0)
    const told = await rows<{ kind: string; state: string }>(
      "select distinct kind, state from matter where county = '330402'",
    )
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['nightNoise', 'nightWork']))
    const departments = await rows<{ count: number }>(
      `select count(*)::int as count from post p join area a on a.county = p.county and a.id = p.area_id
       where p.county = '330402' and a.kind = 'county' and p.role = 'departmentHandler'`,
    )
    expect(departments[0]?.count).toBe(16)
  }, 120_000)
})

async function count(): Promise<{ matters: number; steps: number; files: number }> {
  const [found] = await rows<{ matters: number; steps: number; files: number }>(
    `select (select count(*) from matter)::int as matters, (select count(*) from matter_step)::int as steps,
       (select count(*) from file where attached_at is not null)::int as files`,
  )
  return found!
}
