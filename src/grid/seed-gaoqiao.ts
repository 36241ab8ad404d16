import type { Command } from '../kernel/command.ts'
import type { AreaShape } from '../kernel/positions.ts'
import { record } from '../ledger/index.ts'
import { GroundLaid } from './areas/contract.ts'
import { DEMO_COUNTY, demoGround } from './seed-ground.ts'
import { seatPeople, type DemoPerson } from './seed-people.ts'
import { namesFrom } from './seed-roles.ts'
import { polygonOf, randomFrom, splitInto, type Corner, type Outline } from './seed-shapes.ts'
import { areaSeed, boundarySeed, layAreas, seedId } from './seed.ts'
import type { AreaSeed, BoundarySeed } from './store.ts'

/** 高桥社区 of Gaozhao, where Gaoqiao Garden lies. @source Row S07 of the scenarios */
export const GAOQIAO = '330411/330411005/330411005002'
/** Five grids of eight micro-grids each: about ninety flats a micro-grid. */
export const GAOQIAO_GRIDS = 5
export const GAOQIAO_MICRO_GRIDS = 8
const DRAWN_SOURCE = '示意图，非测绘成果 (schematic, not surveyed)'

const numerals = ['一', '二', '三', '四', '五']

interface Ground {
  areas: AreaSeed[]
  boundaries: BoundarySeed[]
}

/** Grids and micro-grids of the community, drawn, not surveyed. */
function gaoqiaoGround(): Ground {
  const { areas, boundaries } = demoGround()
  const community = areas.find(({ path }) => path === GAOQIAO)
  const shape = boundaries.find(({ areaId }) => areaId === community?.id)?.shape as AreaShape | undefined
  if (!community || shape?.type !== 'Polygon') throw new Error('the demo has no Gaoqiao')
  const outline = shape.coordinates[0]!.slice(0, -1).map(([lng = 0, lat = 0]): Corner => [lng, lat])
  const random = randomFrom(5002)
  const made: Ground = { areas: [], boundaries: [] }
  const add = (area: AreaSeed, piece: Outline): void => {
    made.areas.push(area)
    made.boundaries.push(boundarySeed(DEMO_COUNTY, area, polygonOf(piece), DRAWN_SOURCE))
  }
  const below = (parent: AreaSeed, code: string, name: string, kind: AreaSeed['kind']): AreaSeed =>
    areaSeed(DEMO_COUNTY, { parentPath: parent.path, parentNumber: parent.number, code, name, kind, schematic: true })
  splitInto(outline, GAOQIAO_GRIDS, random).forEach((piece, at) => {
    const grid = below(community, `G00${at + 1}`, `第${numerals[at]}网格`, 'grid')
    add(grid, piece)
    splitInto(piece, GAOQIAO_MICRO_GRIDS, random).forEach((part, nth) =>
      add(below(grid, `M00${nth + 1}`, `第${nth + 1}微网格`, 'microGrid'), part),
    )
  })
  return made
}

/** The community's people: secretary, a chief and a worker a grid, a head a micro-grid; the first of each with one click. */
export function gaoqiaoPeople(): {
  people: DemoPerson[]
  chairs: { areaPath: string; role: string; a: string; b?: string; name?: string }[]
} {
  const people: DemoPerson[] = []
  const newName = namesFrom(12_560)
  const person = (loginName: string, zh: string, en: string, shown = false): string => {
    const digits = String(people.length + 1).padStart(6, '0')
    const id = `01980000-0000-7000-8004-${DEMO_COUNTY}${digits}`
    people.push({ id, loginName, name: newName(), phone: `19905${digits}`, title: { zh, en }, shown })
    return loginName
  }
  const secretary = person('gq.secretary', '高桥社区书记', 'Secretary, Gaoqiao', true)
  const deputy = person('gq.secretary.b', '高桥社区副书记', 'Deputy secretary, Gaoqiao')
  const chairs: ReturnType<typeof gaoqiaoPeople>['chairs'] = [
    { areaPath: GAOQIAO, role: 'villageSecretary', a: secretary, b: deputy, name: '高桥社区书记' },
  ]
  for (let grid = 1; grid <= GAOQIAO_GRIDS; grid++) {
    const areaPath = `${GAOQIAO}/G00${grid}`
    const called = `高桥社区第${numerals[grid - 1]}网格`
    const chief = person(`gq.chief.${grid}`, `${called}长`, 'Grid chief, Gaoqiao')
    const worker = person(`gq.worker.${grid}`, `${called}员`, 'Grid worker, Gaoqiao')
    chairs.push(
      { areaPath, role: 'gridChief', a: chief, b: worker },
      { areaPath, role: 'gridWorker', a: worker, b: chief },
    )
    for (let micro = 1; micro <= GAOQIAO_MICRO_GRIDS; micro++) {
      const title = `高桥花园${called.slice(4)}第${micro}微网格长`
      const lead = person(`gq.lead.${grid}.${micro}`, title, 'Micro-grid head, Gaoqiao', grid === 1 && micro === 1)
      chairs.push({ areaPath: `${areaPath}/M00${micro}`, role: 'microGridLead', a: lead, b: worker })
    }
  }
  return { people, chairs }
}

/** Lays Gaoqiao's grids and seats its people; a second run changes nothing. */
export async function seedGaoqiaoGround(cmd: Command): Promise<void> {
  const ground = gaoqiaoGround()
  const areas = await layAreas(cmd, ground.areas, ground.boundaries)
  if (areas > 0) {
    const id = seedId(cmd.county, 'ground:gaoqiao')
    await record(cmd, GroundLaid, { id, version: 1 }, { areas, boundaries: ground.boundaries.length, schematic: true })
  }
  const { people, chairs } = gaoqiaoPeople()
  await seatPeople(cmd, people, chairs, [...demoGround().areas, ...ground.areas])
}
