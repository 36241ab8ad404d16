import type { Command } from '../kernel/command.ts'
import { record } from '../ledger/index.ts'
import { GroundLaid } from './areas/contract.ts'
import { areaSeed, boundarySeed, countyOutline, COUNTY_SOURCE, divisionAreas, layAreas, seedId } from './seed.ts'
import { boundariesOf, cutZone, partyTrees, type Cover, type Piece } from './seed-nets.ts'
import { nearestTo, randomFrom, shareOf, splitInto, type Corner } from './seed-shapes.ts'
import { seedCovers, type AreaSeed, type BoundarySeed } from './store.ts'

export const DEMO_COUNTY = '330411'
export const DEMO_TOWN = '330411/330411105'
/** The village whose posts are all filled, with A and B. */
export const DEMO_VILLAGE = `${DEMO_TOWN}/330411105211`
const DRAWN_SOURCE = '示意图，非测绘成果 (schematic, not surveyed)'

/** Wangdian's figures. @source Row S06 of the scenarios: 118 base grids, 759 micro-grids, 142 Party groups. */
export const GRIDS = 118
export const MICRO_GRIDS = 759
export const PARTY_GROUPS = 142

/** About where the nine towns of Xiuzhou lie; the pieces between them are drawn, not surveyed. */
const townSeats: Record<string, Corner> = {
  '330411002': [120.716, 30.762],
  '330411003': [120.738, 30.786],
  '330411004': [120.786, 30.799],
  '330411005': [120.676, 30.771],
  '330411101': [120.716, 30.905],
  '330411103': [120.769, 30.842],
  '330411104': [120.601, 30.797],
  '330411105': [120.701, 30.634],
  '330411106': [120.652, 30.676],
}

export interface DemoGround {
  areas: AreaSeed[]
  boundaries: BoundarySeed[]
  covers: Cover[]
}

const numerals = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十']
const padded = (prefix: string, index: number, digits: number): string =>
  `${prefix}${String(index + 1).padStart(digits, '0')}`

let drawn: DemoGround | undefined

/** The demo county's ground: real divisions and outline, everything below it drawn; the same at every call. */
export const demoGround = (): DemoGround => (drawn ??= drawGround())

function drawGround(): DemoGround {
  const county = DEMO_COUNTY
  const divisions = divisionAreas(county, '秀洲区')
  const whole = countyOutline(county)
  if (whole?.type !== 'Polygon') throw new Error('the demo county has no outline')
  const outline = whole.coordinates[0]!.slice(0, -1).map(([lng = 0, lat = 0]): Corner => [lng, lat])
  const random = randomFrom(330411)
  const towns = divisions
    .filter(({ kind }) => kind === 'town')
    .map((area): Piece => {
      const others = Object.entries(townSeats).filter(([code]) => code !== area.code)
      return {
        area,
        outline: nearestTo(
          outline,
          townSeats[area.code]!,
          others.map(([, seat]) => seat),
        ),
      }
    })
  const drawnWhole = towns.flatMap((town) => {
    const below = divisions.filter(({ parentPath }) => parentPath === town.area.path)
    const pieces = splitInto(town.outline, below.length, random)
    return below.map((area, index): Piece => ({ area, outline: pieces[index]! }))
  })
  const { villages, zone } = cutZone(drawnWhole, towns)
  const wangdian = villages.filter(({ area }) => area.parentPath === DEMO_TOWN)
  const grids = cutGrids(wangdian, random)
  const microGrids = cutMicroGrids(grids, random)
  const nets = otherNets(wangdian, grids, microGrids)
  const trees = partyTrees(divisions)
  const local = [...grids, ...microGrids, ...zone].map(({ area }) => area)
  return {
    areas: [...divisions, ...local, ...nets.areas, ...trees.areas],
    boundaries: [
      boundarySeed(county, divisions[0]!, whole, COUNTY_SOURCE),
      ...boundariesOf([...towns, ...villages, ...grids, ...microGrids, ...zone], DRAWN_SOURCE),
    ],
    covers: [...nets.covers, ...trees.covers],
  }
}

function cutGrids(villages: Piece[], random: () => number): Piece[] {
  return villages.flatMap((village, at) => {
    const count = shareOf(GRIDS, villages.length, at)
    return splitInto(village.outline, count, random).map((outline, index): Piece => {
      const name = `第${numerals[index + 1]}网格`
      return { outline, area: below(village.area, padded('G', index, 3), name, 'grid') }
    })
  })
}

function cutMicroGrids(grids: Piece[], random: () => number): Piece[] {
  return grids.flatMap((grid, at) => {
    const count = shareOf(MICRO_GRIDS, grids.length, at)
    return splitInto(grid.outline, count, random).map((outline, index): Piece => ({
      outline,
      area: below(grid.area, padded('M', index, 3), `第${index + 1}微网格`, 'microGrid'),
    }))
  })
}

const below = (parent: AreaSeed, code: string, name: string, kind: AreaSeed['kind']): AreaSeed =>
  areaSeed(DEMO_COUNTY, { parentPath: parent.path, parentNumber: parent.number, code, name, kind, schematic: true })

/** The other three nets and the large areas: each stands over base areas. */
function otherNets(villages: Piece[], grids: Piece[], microGrids: Piece[]): { areas: AreaSeed[]; covers: Cover[] } {
  const areas: AreaSeed[] = []
  const covers: Cover[] = []
  const add = (area: AreaSeed, covered: readonly AreaSeed[]): void => {
    areas.push(area)
    for (const base of covered) {
      covers.push({ id: seedId(DEMO_COUNTY, `cover:${area.path}:${base.path}`), areaId: area.id, coveredId: base.id })
    }
  }
  grids.forEach((grid, at) => {
    const inside = microGrids.filter(({ area }) => area.parentPath === grid.area.path).map(({ area }) => area)
    const count = shareOf(PARTY_GROUPS, grids.length, at)
    for (let index = 0; index < count; index++) {
      const from = Math.floor((inside.length * index) / count)
      const to = Math.floor((inside.length * (index + 1)) / count)
      add(
        below(grid.area, padded('P', index, 2), `第${numerals[index + 1]}党小组`, 'partyGrid'),
        inside.slice(from, to),
      )
    }
  })
  for (const { area: village } of villages) {
    const inside = grids.filter(({ area }) => area.parentPath === village.path).map(({ area }) => area)
    for (let index = 0; index * 2 < inside.length; index++) {
      add(
        below(village, padded('J', index, 2), `第${numerals[index + 1]}警格`, 'policeGrid'),
        inside.slice(index * 2, index * 2 + 2),
      )
    }
    add(below(village, 'Y01', '居民交流业格', 'businessGrid'), [village])
    add(below(village, 'Y02', '网格工作业格', 'businessGrid'), [village])
  }
  const town = villages.map(({ area }) => area)
  const parent = { path: DEMO_TOWN, number: '330411105' } as AreaSeed
  ;['东片', '中心片', '西片'].forEach((name, index) => {
    add(below(parent, padded('L', index, 1), name, 'largeArea'), town.slice(index * 10, index * 10 + 10))
  })
  return { areas, covers }
}

/** Lays the demo ground; a second run changes nothing. */
export async function seedDemoGround(cmd: Command): Promise<{ areas: number }> {
  const ground = demoGround()
  const areas = await layAreas(cmd, ground.areas, ground.boundaries)
  await seedCovers(cmd.tx, cmd.county, ground.covers, cmd.now)
  if (areas > 0) {
    const id = seedId(cmd.county, 'ground')
    await record(cmd, GroundLaid, { id, version: 1 }, { areas, boundaries: ground.boundaries.length, schematic: true })
  }
  return { areas }
}
