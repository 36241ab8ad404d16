import type { App } from '../kernel/app.ts'
import { runSystem } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { boundsOf, pointInPolygon, type AreaShape } from '../kernel/positions.ts'
import {
  DEMO_COUNTY,
  DEMO_TOWN,
  DEMO_VILLAGE,
  demoGround,
  demoPeople,
  demoResidents,
  desksOf,
  nanhuDepartments,
  shippedDivisions,
  type Desks,
  makeTenant,
  moreResidents,
  randomFrom,
  seatPeople,
  seedCounty,
  townPeople,
  type Corner,
} from '../grid/index.ts'
import { findOrCreateResident } from '../identity/index.ts'
import { currentKinds, publishShipped } from '../packs/index.ts'
import { gaoqiaoPhases, villagePieces } from './homes.ts'
import { noiseKinds, noiseStories } from './noise.ts'
import { openingStories } from './opening.ts'
import { takeInPictures } from './pictures.ts'
import { planStories, RESIDENTS, type Spot, type Story } from './plan.ts'
import { longAgo } from './times.ts'
import { tellStory } from './tell.ts'

/** What a scenario's loading works with. */
export interface Stage {
  app: App
  /** The same house with memories of its own. @see besideHouse */
  past: App
  /** The present of the scenario: its stories end here, also when the rest of them is told later. */
  anchor: Date
}

/** One piece of a scenario: done as a whole or not at all, and harmless when it is there already. */
export type Piece = () => Promise<unknown>

export interface Scenario {
  readonly code: string
  readonly zh: string
  readonly en: string
  /** What is missing for the whole of it, in words; the rest is loaded all the same. */
  missing?(stage: Stage): Promise<{ zh: string; en: string } | undefined>
  /** The phases of its loading: one begins when the one before has ended. */
  phases(stage: Stage): Promise<Piece[][]>
}

const DAY = 86_400_000
/** Three months of one staffed village: what a visitor finds at once. */
const VILLAGE_STORIES = 60
/** The rest of the town in the same three months: about 30 matters a day in all. */
const TOWN_STORIES = 2_600
/** S12's three months before. */
const EARLIER_STORIES = 2_600
const MONTHS_DAYS = 92

/** Points inside a cell, nearer to its middle than to its border. */
function pointsIn(shape: AreaShape, random: () => number): Corner[] {
  const { west, east, south, north } = boundsOf(shape)
  return Array.from({ length: 12 }, (): Corner => [
    west + (east - west) * (0.25 + random() * 0.5),
    south + (north - south) * (0.25 + random() * 0.5),
  ]).filter(([lng, lat]) => pointInPolygon({ lng, lat }, shape))
}

/** The micro-grids of the town, or of one of its villages. */
function microGridsOf(root: string): Spot[] {
  const { areas, boundaries } = demoGround()
  const shapes = new Map(boundaries.map(({ areaId, shape }) => [areaId, shape as AreaShape]))
  const names = new Map(areas.map(({ path, name }) => [path, name]))
  const random = randomFrom(759)
  return areas
    .filter(({ path, kind }) => kind === 'microGrid' && path.startsWith(`${root}/`))
    .map(({ id, path }) => ({
      areaPath: path,
      village: names.get(path.split('/').slice(0, 3).join('/')) ?? '',
      points: pointsIn(shapes.get(id)!, random),
    }))
}

const months = (stage: Stage, ago: number): { present: number; from: number; until: number } => ({
  present: stage.anchor.getTime(),
  from: stage.anchor.getTime() - (ago + 1) * MONTHS_DAYS * DAY,
  until: stage.anchor.getTime() - ago * MONTHS_DAYS * DAY,
})

/** The invented residents' ids, made where they are missing. */
async function residentsOf(stage: Stage, county: string = DEMO_COUNTY): Promise<string[]> {
  return runSystem(longAgo(stage.app), county, async (cmd) => {
    const ids: string[] = []
    for (const { id, phone, name } of [...demoResidents, ...moreResidents(RESIDENTS - demoResidents.length)])
      ids.push((await findOrCreateResident(cmd, { phone, name, ...(county === DEMO_COUNTY && { id }) })).id)
    return ids
  })
}

/** Each story a piece; told by two at once, the second finds it there. */
function telling(
  stage: Stage,
  residents: readonly string[],
  stories: readonly Story[],
  county: string = DEMO_COUNTY,
): Piece[] {
  const { past, anchor: until } = stage
  const told = { past, county, residents, until }
  return stories.map((story) => async () => {
    await tellStory(told, story).catch(async (error: unknown) => {
      if (!(error instanceof Fault && ['kernel.conflict', 'kernel.stale'].includes(error.code))) throw error
      await tellStory(told, story)
    })
  })
}

const drawPictures = (stage: Stage): Promise<void> => {
  const idOf = new Map(demoPeople().people.map(({ loginName, id }) => [loginName, id]))
  const owners = { before: idOf.get('lead.1')!, after: idOf.get('worker.1')! }
  return takeInPictures(stage.app, DEMO_COUNTY, owners)
}

/** What the first start tells before it answers. */
export async function openingPieces(stage: Stage): Promise<Piece[]> {
  await drawPictures(stage)
  const residents = await residentsOf(stage)
  const calendar = await stage.past.ports.calendars.calendarOf(DEMO_COUNTY)
  const village = planStories({
    name: 'S06 village',
    seed: 6,
    count: VILLAGE_STORIES,
    ...months(stage, 0),
    posts: { town: DEMO_TOWN },
    places: microGridsOf(DEMO_VILLAGE),
  })
  return [
    ...villagePieces(stage, 'first'),
    ...telling(stage, residents, [...openingStories(calendar, stage.anchor), ...village]),
  ]
}

/** Everybody in the town's posts, a village at a time. */
const seatTown = (stage: Stage): Piece[] =>
  townPeople().map(
    ({ people, chairs }) =>
      () =>
        runSystem(longAgo(stage.app), DEMO_COUNTY, (cmd) => seatPeople(cmd, people, chairs)),
  )

const otherCounties = ['330402', '330421', '330424', '330481', '330482', '330483'] as const

/** The other counties of Jiaxing: their towns and villages as areas, nobody in office. */
const layCounties = (stage: Stage): Piece[] => otherCounties.map((code) => () => layCounty(stage, code))

async function layCounty(stage: Stage, code: string): Promise<void> {
  const name = await makeTenant(stage.app, { code, demo: true })
  await runSystem(longAgo(stage.app), code, (cmd) => seedCounty(cmd, name))
  await runSystem(stage.app, code, publishShipped)
}

const townStories = (stage: Stage, set: { name: string; seed: number; count: number; ago: number }): Story[] =>
  planStories({ ...set, ...months(stage, set.ago), posts: { town: DEMO_TOWN }, places: microGridsOf(DEMO_TOWN) })

const s06: Scenario = {
  code: 'S06',
  zh: '王店镇四格融合：118 个网格、759 个微网格、142 个组格的岗位和人员，三个月的事项，嘉兴其他县（市、区）的区划',
  en: 'Wangdian’s four nets: people in every post of 118 grids and 759 micro-grids, three months of matters, the other counties of Jiaxing',
  async phases(stage) {
    const opening = await openingPieces(stage)
    const residents = await residentsOf(stage)
    const stories = townStories(stage, { name: 'S06 town', seed: 606, count: TOWN_STORIES, ago: 0 })
    return [
      opening,
      villagePieces(stage, 'others'),
      seatTown(stage),
      layCounties(stage),
      telling(stage, residents, stories),
    ]
  },
}

const s07: Scenario = {
  code: 'S07',
  zh: '高照街道高桥花园：3723 套房、12560 人（其中新居民 6340 人）、5 个网格 40 个微网格的岗位',
  en: 'Gaoqiao Garden of Gaozhao: 3,723 flats, 12,560 people, 6,340 of them new residents; posts of 5 grids and 40 micro-grids',
  phases: async (stage) => gaoqiaoPhases(stage),
}

const s12: Scenario = {
  code: 'S12',
  zh: '事件闭环：王店镇再往前三个月的事项',
  en: 'Reports to closure: Wangdian’s matters of the three months before',
  async phases(stage) {
    await drawPictures(stage)
    const residents = await residentsOf(stage)
    const stories = townStories(stage, { name: 'S12', seed: 1212, count: EARLIER_STORIES, ago: 1 })
    return [seatTown(stage), telling(stage, residents, stories)]
  },
}

/** Villages of a town without grids, as places where something happens. */
const villagesOf = ({ areas }: Desks, town: string): Spot[] =>
  areas
    .filter(({ parentPath }) => parentPath === town)
    .map(({ path, name }) => ({ areaPath: path, village: name, points: [] }))

const seatDesks = (stage: Stage, county: string, desks: Desks): Piece => {
  const { people, chairs, areas } = desks
  return () => runSystem(longAgo(stage.app), county, (cmd) => seatPeople(cmd, people, chairs, areas))
}

/** S54's matters a town, in the same three months. */
const WALL_STORIES = 200

const s54: Scenario = {
  code: 'S54',
  zh: '大屏背后的事项：秀洲区其他八个镇（街道）的岗位和三个月的事项，全区都有数',
  en: 'The matters behind the wall: posts and three months of matters in the other eight towns of Xiuzhou, so that the whole county has figures',
  async phases(stage) {
    await drawPictures(stage)
    const residents = await residentsOf(stage)
    const desks = desksOf({ county: DEMO_COUNTY, wants: ({ path }) => path !== DEMO_TOWN })
    const towns = [...new Set(desks.chairs.filter(({ role }) => role === 'townLeader').map(({ areaPath }) => areaPath))]
    const stories = towns.flatMap((town, at) =>
      planStories({
        name: `S54 ${town}`,
        seed: 5400 + at,
        count: WALL_STORIES,
        ...months(stage, 0),
        posts: { town, throughTown: true },
        places: villagesOf(desks, town),
      }),
    )
    return [
      [seatDesks(stage, DEMO_COUNTY, desks)],
      telling(
        stage,
        residents,
        stories.toSorted((one, other) => one.at - other.at),
      ),
    ]
  },
}

const NANHU = '330402'
/** Two streets of Nanhu have desks and night work. */
const NANHU_TOWNS = 2
const NIGHT_WORKS = 90
const COMPLAINTS = 180

const s13: Scenario = {
  code: 'S13',
  zh: '综合查一次（南湖区）：16 个部门的岗位，夜间施工噪声从报备、监管到执法的事项；权力事项的数字属于后面的功能',
  en: 'Check it once (Nanhu): posts of 16 departments, and night construction from notice to enforcement; figures of power items belong to a later part',
  async missing(stage) {
    const kinds = await runSystem(stage.app, DEMO_COUNTY, (cmd) => currentKinds(cmd))
    if (noiseKinds.every((kind) => kinds.has(kind))) return undefined
    return {
      zh: '这个版本没有夜间施工噪声的场景包（noise），只载入岗位，不载入噪声事项。',
      en: 'This version has no pack “noise”: posts are loaded, the noise matters are not.',
    }
  },
  async phases(stage) {
    const desks = desksOf({ county: NANHU, wants: isFirstTown(NANHU), departments: nanhuDepartments })
    const lay: Piece[] = [() => layCounty(stage, NANHU)]
    const seat = [seatDesks(stage, NANHU, desks)]
    if (await s13.missing?.(stage)) return [lay, seat]
    // The pictures need two accounts of the county to hold them.
    await layCounty(stage, NANHU)
    for (const piece of seat) await piece()
    const [before, after] = desks.people
    if (before && after) await takeInPictures(stage.app, NANHU, { before: before.id, after: after.id })
    const residents = await residentsOf(stage, NANHU)
    const towns = desks.areas.filter(isFirstTown(NANHU))
    const places = towns.flatMap(({ path }) => villagesOf(desks, path).map((spot) => ({ ...spot, town: path })))
    const stories = noiseStories({ ...months(stage, 0), places, works: NIGHT_WORKS, complaints: COMPLAINTS })
    return [telling(stage, residents, stories, NANHU)]
  },
}

function isFirstTown(county: string): (area: { path: string; parentPath: string }) => boolean {
  const towns = shippedDivisions().filter(({ level, parent }) => level === 'town' && parent === county)
  const wanted = new Set(towns.slice(0, NANHU_TOWNS).map(({ code }) => `${county}/${code}`))
  return ({ path }) => wanted.has(path)
}

export const scenarios: readonly Scenario[] = [s06, s07, s12, s13, s54]

export const findScenario = (code: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.code === code.toUpperCase())
