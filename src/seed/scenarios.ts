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
  makeTenant,
  moreResidents,
  randomFrom,
  seatPeople,
  seedCounty,
  townPeople,
  type Corner,
} from '../grid/index.ts'
import { findOrCreateResident } from '../identity/index.ts'
import { publishShipped } from '../packs/index.ts'
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

const months = (stage: Stage, ago: number): { from: number; until: number } => ({
  from: stage.anchor.getTime() - (ago + 1) * MONTHS_DAYS * DAY,
  until: stage.anchor.getTime() - ago * MONTHS_DAYS * DAY,
})

/** The invented residents' ids, made where they are missing. */
async function residentsOf(stage: Stage): Promise<string[]> {
  return runSystem(longAgo(stage.app), DEMO_COUNTY, async (cmd) => {
    const ids: string[] = []
    for (const resident of [...demoResidents, ...moreResidents(RESIDENTS - demoResidents.length)])
      ids.push((await findOrCreateResident(cmd, resident)).id)
    return ids
  })
}

/** Each story a piece; told by two at once, the second finds it there. */
function telling(stage: Stage, residents: readonly string[], stories: readonly Story[]): Piece[] {
  const { past, anchor: until } = stage
  const told = { past, county: DEMO_COUNTY, residents, until }
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
  return telling(stage, residents, [...openingStories(calendar, stage.anchor), ...village])
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
const layCounties = (stage: Stage): Piece[] =>
  otherCounties.map((code) => async () => {
    const name = await makeTenant(stage.app, { code, demo: true })
    await runSystem(longAgo(stage.app), code, (cmd) => seedCounty(cmd, name))
    await runSystem(stage.app, code, publishShipped)
  })

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
    return [opening, seatTown(stage), layCounties(stage), telling(stage, residents, stories)]
  },
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

export const scenarios: readonly Scenario[] = [s06, s12]

export const findScenario = (code: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.code === code.toUpperCase())
