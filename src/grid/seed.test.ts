import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { makeCounty, seedDemoCounty, signInLines } from '../seed.ts'
import { runSystem } from '../kernel/command.ts'
import { boundsOf, pointInPolygon } from '../kernel/positions.ts'
import { FLOATING_BRANCHES, ZONE_GRIDS, ZONE_MICRO_GRIDS } from './seed-nets.ts'
import { DEMO_TOWN, DEMO_VILLAGE, demoPeople, escalationChain, locate, overlaysAt, responsibleFor } from './index.ts'
import { demoGround, GRIDS, MICRO_GRIDS, PARTY_GROUPS } from './seed-ground.ts'
import { countyOutline, plainName, shippedDivisions } from './seed.ts'
import { shareOf } from './seed-shapes.ts'
import { shippedRoles } from './posts/index.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
  await seedDemoCounty(house.app)
})
afterAll(() => house.close())

const tables = [
  'area',
  'area_boundary',
  'area_cover',
  'post',
  'holding',
  'account',
  'ledger_entry',
  'administrator_seat',
]
async function everything(): Promise<unknown[]> {
  const { withClient } = await import('../kernel/postgres-logins.ts')
  return withClient(house.database.superuserUrl, async (client) => {
    const found: unknown[] = []
    for (const table of tables) {
      const { rows } = await client.query(
        `select count(*)::int as count, md5(string_agg(t::text, '|' order by t::text)) as sum from ${table} t`,
      )
      found.push({ table, ...rows[0] })
    }
    return found
  })
}

describe('the demo ground', () => {
  it('has Wangdian’s figures: 118 grids, 759 micro-grids, 142 Party groups, a police grid on each 1–2 grids, 3 large areas', () => {
    const inTown = demoGround().areas.filter(({ path }) => path.startsWith(`${DEMO_TOWN}/`))
    const count = (kind: string) => inTown.filter((area) => area.kind === kind).length
    expect([
      count('village') + count('community'),
      count('grid'),
      count('microGrid'),
      count('partyGrid'),
      count('largeArea'),
    ]).toEqual([30, GRIDS, MICRO_GRIDS, PARTY_GROUPS, 3])
    expect([GRIDS, MICRO_GRIDS, PARTY_GROUPS]).toEqual([118, 759, 142])
    const police = new Map<string, number>()
    const ids = new Map(inTown.map((area) => [area.id, area]))
    for (const { areaId } of demoGround().covers)
      if (ids.get(areaId)?.kind === 'policeGrid') police.set(areaId, (police.get(areaId) ?? 0) + 1)
    expect(new Set(police.values())).toEqual(new Set([1, 2]))
  })

  it('lies inside the county, every piece, and covers the town without gap or overlap', () => {
    const { areas, boundaries } = demoGround()
    const whole = countyOutline(county)!
    const pathOf = new Map(areas.map(({ id, path }) => [id, path]))
    const micro = boundaries.filter(({ areaId }) => {
      const path = pathOf.get(areaId)!
      return path.startsWith(`${DEMO_TOWN}/`) && path.split('/').length === 5
    })
    expect(micro.length).toBe(MICRO_GRIDS)
    const town = boundaries.find(({ areaId }) => pathOf.get(areaId) === DEMO_TOWN)!
    const bounds = boundsOf(town.shape as Parameters<typeof boundsOf>[0])
    let inside = 0
    for (let step = 0; step < 1_500; step++) {
      const at = {
        lng: bounds.west + ((step * 0.618034) % 1) * (bounds.east - bounds.west),
        lat: bounds.south + ((step * 0.414214) % 1) * (bounds.north - bounds.south),
      }
      const cells = micro.filter(({ shape }) => pointInPolygon(at, shape as Parameters<typeof pointInPolygon>[1]))
      const expected = pointInPolygon(at, town.shape as Parameters<typeof pointInPolygon>[1]) ? 1 : 0
      expect(cells.length).toBe(expected)
      if (expected === 1) expect(pointInPolygon(at, whole)).toBe(true)
      inside += expected
    }
    expect(inside).toBeGreaterThan(500)
  })

  it('has an industrial zone of 5 grids and 39 micro-grids, and Party organisations of five levels and without ground', () => {
    const { areas, covers } = demoGround()
    const zone = areas.find(({ kind }) => kind === 'industrialZone')!
    const inZone = (kind: string) => areas.filter((area) => area.path.startsWith(`${zone.path}/`) && area.kind === kind)
    expect([inZone('grid').length, inZone('microGrid').length]).toEqual([ZONE_GRIDS, ZONE_MICRO_GRIDS])
    expect([ZONE_GRIDS, ZONE_MICRO_GRIDS, FLOATING_BRANCHES]).toEqual([5, 39, 8])
    const floating = areas.filter(({ kind }) => kind === 'floatingBranch')
    expect(floating.length).toBe(FLOATING_BRANCHES)
    expect(covers.some(({ areaId }) => floating.some(({ id }) => id === areaId))).toBe(false)
    const group = areas.find(({ name }) => name === '高桥花园第一党小组')!
    const above = areas.filter(({ path }) => group.path.startsWith(`${path}/`)).map(({ kind }) => kind)
    expect(above).toEqual(['county', 'town', 'community', 'partyCommittee', 'partyBranch', 'homeBranch'])
  })

  it('says that it is drawn', () => {
    const local = demoGround().areas.filter(({ path }) => path.split('/').length > 3)
    expect(local.every(({ schematic }) => schematic)).toBe(true)
  })
})

describe('the seed', () => {
  it('changes nothing when it runs again', async () => {
    const before = await everything()
    await seedDemoCounty(house.app)
    expect(await everything()).toEqual(before)
  })

  it('fills every post of one village with A and B, and every desk of the walk', async () => {
    await runSystem(house.app, county, async (cmd) => {
      for (const { path, kind } of demoGround().areas.filter((area) => area.path.startsWith(`${DEMO_VILLAGE}/`))) {
        if (kind !== 'microGrid' && kind !== 'grid') continue
        const found = await responsibleFor(cmd, path, kind === 'grid' ? 'gridChief' : 'microGridLead')
        expect(found, path).toMatchObject({ standsIn: false, areaPath: path })
      }
      const leaf = `${DEMO_VILLAGE}/G002/M003`
      for (const role of [
        'townDispatcher',
        'departmentHandler',
        'verifier',
        'clerk',
        'townLeader',
        'disciplineOfficer',
        'countyLeader',
        'gridOffice',
      ]) {
        expect(await responsibleFor(cmd, leaf, role), role).toMatchObject({ role, standsIn: false })
      }
      const empty = await responsibleFor(cmd, `${DEMO_TOWN}/330411105001/G001/M001`, 'microGridLead')
      expect(empty).toMatchObject({ role: 'townDispatcher', standsIn: true })
      expect((await escalationChain(cmd, leaf)).map(({ role }) => role)).toEqual([
        'microGridLead',
        'gridWorker',
        'gridChief',
        'villageSecretary',
        'townDispatcher',
        'townLeader',
        'countyDispatcher',
        'countyLeader',
      ])
    })
  })

  it('answers a point of the village with its micro-grid and all four nets', async () => {
    const { areas, boundaries } = demoGround()
    const leaf = areas.find(({ path }) => path === `${DEMO_VILLAGE}/G002/M003`)!
    const { west, east, south, north } = boundaries.find(({ areaId }) => areaId === leaf.id)!
    const at = { lng: (west + east) / 2, lat: (south + north) / 2 }
    await runSystem(house.app, county, async (cmd) => {
      expect((await locate(cmd, { ...at, accuracyMetres: 5 })).area).toMatchObject({
        path: leaf.path,
        name: '红联村第二网格第3微网格',
      })
      const kinds = (await overlaysAt(cmd, at)).map(({ overlay, kind }) => `${overlay}/${kind}`)
      for (const wanted of [
        'base/microGrid',
        'party/partyGrid',
        'police/policeGrid',
        'business/businessGrid',
        'base/largeArea',
      ])
        expect(kinds).toContain(wanted)
    })
  })

  it('invents every person: three administrators on three seats, and roles for the one-click page', () => {
    const { people, chairs } = demoPeople()
    expect(new Set(people.map(({ name }) => name)).size).toBe(people.length)
    expect(people.filter(({ seat }) => seat).map(({ seat }) => seat)).toEqual(['system', 'security', 'audit'])
    const known = new Set(shippedRoles.map(({ code }) => code))
    for (const { role } of chairs) expect(known).toContain(role)
    const logins = new Set(people.map(({ loginName }) => loginName))
    for (const { a, b } of chairs) for (const holder of [a, b]) if (holder) expect(logins).toContain(holder)
    expect(signInLines('http://localhost:8080').join('\n')).toContain('王店镇平台调度员')
  })
})

describe('an empty county', () => {
  it('has its towns and villages and three links, and is made once', async () => {
    const code = '330424'
    const { lines } = await makeCounty(house.app, { code })
    expect(lines[0]).toContain('海盐县')
    expect(lines.filter((line) => line.includes('/link/')).length).toBe(3)
    const villages = shippedDivisions().filter(
      ({ level, code: own }) => level === 'village' && own.startsWith(code),
    ).length
    const towns = shippedDivisions().filter(({ level, parent }) => level === 'town' && parent === code).length
    expect(lines[0]).toContain(String(1 + towns + villages))
    const again = await makeCounty(house.app, { code })
    expect(again.lines.filter((line) => line.includes('/link/'))).toEqual([])
  })

  it('can be one that the list does not know', async () => {
    const { lines } = await makeCounty(house.app, { code: '110105', name: '朝阳区' })
    expect(lines[0]).toContain('朝阳区')
    expect(lines[0]).toContain('1 个区域')
  })
})

it.each([
  ['红联村委会', '红联村'],
  ['梅秀社区', '梅秀社区'],
  ['云龙村村民委员会', '云龙村'],
  ['东升社区居民委员会', '东升社区'],
  ['高照街道', '高照街道'],
])('calls %s %s', (official, plain) => {
  expect(plainName(official)).toBe(plain)
})

it('shares out exactly', () => {
  for (const [total, pieces] of [
    [118, 30],
    [759, 118],
    [142, 118],
    [1, 7],
  ] as const) {
    const shares = Array.from({ length: pieces }, (_, at) => shareOf(total, pieces, at))
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total)
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
  }
})
