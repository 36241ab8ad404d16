import type { AreaShape } from '../kernel/positions.ts'
import { areaSeed, boundarySeed, seedId } from './seed.ts'
import { polygonOf, randomFrom, splitInto, type Outline } from './seed-shapes.ts'
import type { AreaSeed, BoundarySeed } from './store.ts'

/** An area of the demo with its outline. */
export interface Piece {
  area: AreaSeed
  outline: Outline
}

export interface Cover {
  id: string
  areaId: string
  coveredId: string
}

/** Xitang's figures: the zone as 5 grids, 39 micro-grids. @source Row S07 of the scenarios */
export const ZONE_GRIDS = 5
export const ZONE_MICRO_GRIDS = 39
/** Honghe's: 8 floating branches of new residents, 4 home branches over 4 estates. @source Row S07 of the scenarios */
export const FLOATING_BRANCHES = 8
const HOME_BRANCHES = 4

const COUNTY = '330411'
const ZONE_TOWN = `${COUNTY}/330411101`
const GARDEN_COMMUNITY = `${COUNTY}/330411005/330411005002`
const NEW_RESIDENTS_TOWN = `${COUNTY}/330411106`
const numerals = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十']
const padded = (prefix: string, index: number, digits: number): string =>
  `${prefix}${String(index + 1).padStart(digits, '0')}`

const below = (parent: AreaSeed, code: string, name: string, kind: AreaSeed['kind']): AreaSeed =>
  areaSeed(COUNTY, { parentPath: parent.path, parentNumber: parent.number, code, name, kind, schematic: true })

/**
 * An industrial zone beside the villages of a town: it takes half of the town's largest piece of drawn ground, which is
 * given back smaller.
 */
export function cutZone(villages: readonly Piece[], towns: readonly Piece[]): { villages: Piece[]; zone: Piece[] } {
  const town = towns.find(({ area }) => area.path === ZONE_TOWN)!
  const last = villages.findLast(({ area }) => area.parentPath === ZONE_TOWN)!
  const random = randomFrom(3304211)
  const [stays, taken] = splitInto(last.outline, 2, random)
  const zone = { area: below(town.area, 'Y01', '工业园区', 'industrialZone'), outline: taken! }
  const grids = splitInto(zone.outline, ZONE_GRIDS, random).map((outline, at): Piece => ({
    outline,
    area: below(zone.area, padded('G', at, 3), `园区第${numerals[at + 1]}网格`, 'grid'),
  }))
  const micro = grids.flatMap((grid, at) => {
    const count =
      Math.floor((ZONE_MICRO_GRIDS * (at + 1)) / ZONE_GRIDS) - Math.floor((ZONE_MICRO_GRIDS * at) / ZONE_GRIDS)
    return splitInto(grid.outline, count, random).map((outline, index): Piece => ({
      outline,
      area: below(grid.area, padded('M', index, 3), `第${index + 1}微网格`, 'microGrid'),
    }))
  })
  return {
    villages: villages.map((piece) => (piece === last ? { ...piece, outline: stays! } : piece)),
    zone: [zone, ...grids, ...micro],
  }
}

/**
 * Party organisations as a tree: Gaoqiao Garden's five levels, and the new residents' Party committee of Honghe with
 * branches that stand over no ground, for their members live all over.
 */
export function partyTrees(divisions: readonly AreaSeed[]): { areas: AreaSeed[]; covers: Cover[] } {
  const areas: AreaSeed[] = []
  const covers: Cover[] = []
  const add = (parent: AreaSeed, code: string, name: string, kind: AreaSeed['kind'], over?: AreaSeed): AreaSeed => {
    const area = below(parent, code, name, kind)
    areas.push(area)
    if (over)
      covers.push({ id: seedId(COUNTY, `cover:${area.path}:${over.path}`), areaId: area.id, coveredId: over.id })
    return area
  }
  const community = divisions.find(({ path }) => path === GARDEN_COMMUNITY)!
  const committee = add(community, 'DW01', '高桥社区总党委', 'partyCommittee', community)
  add(committee, 'LM01', '高桥花园共建联盟', 'partyAlliance')
  const branch = add(committee, 'DZ01', '高桥社区党总支', 'partyBranch')
  const home = add(branch, 'JY01', '高桥花园家园支部', 'homeBranch', community)
  for (let at = 0; at < 6; at++) add(home, padded('Z', at, 2), `高桥花园第${numerals[at + 1]}党小组`, 'partyGrid')
  const town = divisions.find(({ path }) => path === NEW_RESIDENTS_TOWN)!
  const communities = divisions.filter(({ parentPath }) => parentPath === town.path)
  const newcomers = add(town, 'XJ01', '新居民党委', 'partyCommittee')
  for (let at = 0; at < FLOATING_BRANCHES; at++)
    add(newcomers, padded('LD', at, 2), `第${numerals[at + 1]}流动支部`, 'floatingBranch')
  for (let at = 0; at < HOME_BRANCHES; at++)
    add(newcomers, padded('JY', at, 2), `新家园第${numerals[at + 1]}支部`, 'homeBranch', communities[at])
  return { areas, covers }
}

export const boundariesOf = (pieces: readonly Piece[], source: string): BoundarySeed[] =>
  pieces.map((piece) => boundarySeed(COUNTY, piece.area, polygonOf(piece.outline) as AreaShape, source))
