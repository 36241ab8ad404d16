import { Fault } from '../../kernel/faults.ts'
import { isPosition, type AreaShape, type Position } from '../../kernel/positions.ts'
import type { AreaKind, Overlay } from './contract.ts'
import { GroundIndex, type CellName, type GroundCell, type NearCell } from './ground-index.ts'

/** Below this certainty a person says which micro-grid it is. @source design.md, data rule 7 */
export const CERTAIN_METRES = 50
/** An accuracy beyond this says nothing about the place any more. */
export const SEARCH_METRES_MAX = 3_000
export const CANDIDATES_MAX = 12

/** Kinds that answer for a point on the ground: the finest net. */
export const leafKinds: ReadonlySet<string> = new Set<AreaKind>(['microGrid', 'dedicatedGrid'])

/** Which overlay a kind belongs to when nobody says otherwise. */
export const overlayOfKind = (kind: AreaKind): Overlay =>
  partyKinds.has(kind) ? 'party' : kind === 'policeGrid' ? 'police' : kind === 'businessGrid' ? 'business' : 'base'

/** Party organisations: a committee, an alliance of units, a branch, a branch of an estate, one without ground, a group. */
const partyKinds: ReadonlySet<string> = new Set<AreaKind>([
  'partyCommittee',
  'partyAlliance',
  'partyBranch',
  'homeBranch',
  'floatingBranch',
  'partyGrid',
])

/** How deep a kind of base area lies; something lies only under what is above it. `other` may lie anywhere below the county. */
const rank: Record<AreaKind, number> = {
  county: 0,
  town: 1,
  largeArea: 2,
  village: 3,
  community: 3,
  industrialZone: 3,
  estate: 4,
  grid: 5,
  dedicatedGrid: 5,
  microGrid: 6,
  partyCommittee: 7,
  partyAlliance: 7,
  partyBranch: 7,
  homeBranch: 7,
  floatingBranch: 7,
  partyGrid: 7,
  policeGrid: 7,
  businessGrid: 7,
  other: 7,
}

/**
 * Areas of one of the other nets lie under a base area or, to any depth, under one of their own net.
 *
 * @throws grid.kind_misplaced when `kind` cannot lie under `under`.
 */
export function requirePlace(kind: AreaKind, under: AreaKind): void {
  const [net, netAbove] = [overlayOfKind(kind), overlayOfKind(under)]
  if (net !== 'base' && net === netAbove) return
  if (netAbove !== 'base') throw new Fault('grid.kind_misplaced', { kind, under })
  if (kind === 'county' || rank[under] >= rank[kind] || (under === 'largeArea' && kind !== 'other')) {
    throw new Fault('grid.kind_misplaced', { kind, under })
  }
}

/** The official number of an area: a division code stands alone, a local code is added to its parent's number. */
export const numberOf = (code: string, parentNumber: string): string =>
  /^\d{6}(\d{3}|\d{6})?$/.test(code) ? code : `${parentNumber}${code}`

export const joinPath = (parentPath: string, code: string): string =>
  parentPath === '' ? code : `${parentPath}/${code}`

/** The path itself and every path above it, leaf first. */
export function ancestorsOf(path: string): string[] {
  const codes = path.split('/')
  return codes.map((_, at) => codes.slice(0, codes.length - at).join('/'))
}

/** Two-character pieces of a name, for search with `=`. */
export function gramsOf(name: string): string[] {
  const letters = [...name.normalize('NFKC').toLowerCase().replace(/\s+/g, '')]
  const grams = new Set<string>()
  for (let at = 0; at + 1 < letters.length; at++) grams.add(letters[at]! + letters[at + 1]!)
  return [...grams]
}

export interface GroundHit {
  areaId: string
  path: string
  name: string
  kind: string
  schematic: boolean
  distanceMetres: number
}

export interface GroundAnswer {
  /** The finest area that contains the position; null outside the county's ground. */
  area: GroundHit | null
  /** Areas that it may also be, nearest first, the containing one included. */
  candidates: GroundHit[]
  /** False: a person must say which micro-grid it is. */
  certain: boolean
  /** The position lies in no area of the county. */
  outside: boolean
}

/** One county's ground: the finest net of base grids, the base areas above, and the drawn areas of other nets. */
export interface Ground {
  readonly leaves: GroundIndex
  readonly uppers: GroundIndex
  readonly overlays: GroundIndex
  /** Paths with a micro-grid below them: there the village alone is no answer. */
  readonly aboveLeaves: ReadonlySet<string>
}

/** Builds the index of a county's ground from its drawn areas. */
export function makeGround(cells: readonly GroundCell[]): Ground {
  const leaves = cells.filter(({ kind, overlay }) => overlay === 'base' && leafKinds.has(kind))
  const uppers = cells.filter(({ kind, overlay }) => overlay === 'base' && !leafKinds.has(kind) && kind !== 'largeArea')
  return {
    leaves: new GroundIndex(leaves),
    uppers: new GroundIndex(uppers),
    overlays: new GroundIndex(cells.filter(({ kind, overlay }) => overlay !== 'base' || kind === 'largeArea')),
    aboveLeaves: new Set(leaves.flatMap(({ path }) => ancestorsOf(path).slice(1))),
  }
}

const hitOf = (cell: CellName, distanceMetres: number): GroundHit => ({
  areaId: cell.areaId,
  path: cell.path,
  name: cell.name,
  kind: cell.kind,
  schematic: cell.schematic,
  distanceMetres: Math.round(distanceMetres),
})

const depthOf = (path: string): number => path.split('/').length

/** The one that answers when several contain the point: a dedicated grid before the micro-grid it was cut from, then the deepest. */
const finest = (cells: CellName[]): CellName | undefined =>
  cells.toSorted(
    (one, other) =>
      Number(other.kind === 'dedicatedGrid') - Number(one.kind === 'dedicatedGrid') ||
      depthOf(other.path) - depthOf(one.path) ||
      (one.path < other.path ? -1 : 1),
  )[0]

/**
 * Which micro-grid a position lies in.
 *
 * @param accuracyMetres Radius of the circle in which the true position lies; 0 for one picked on the map. Unknown is
 * taken as just not certain.
 * @returns certain only when the circle is at most 50 m wide and touches one micro-grid alone.
 * @throws grid.bad_position when it is no place on earth.
 */
export function locateOn(ground: Ground, position: Position, accuracyMetres: number | null | undefined): GroundAnswer {
  if (!isPosition(position) || (accuracyMetres ?? 0) < 0) throw new Fault('grid.bad_position')
  const accuracy = accuracyMetres ?? CERTAIN_METRES + 1
  const near = ground.leaves.near(position, Math.min(accuracy, SEARCH_METRES_MAX))
  const inside = finest(near.filter(({ distanceMetres }) => distanceMetres === 0).map(({ cell }) => cell))
  if (inside) {
    const others = near.filter(({ cell }) => cell !== inside)
    const certain = accuracy <= CERTAIN_METRES && !others.some(({ distanceMetres }) => distanceMetres > 0)
    return {
      area: hitOf(inside, 0),
      candidates: [hitOf(inside, 0), ...ranked(others)].slice(0, CANDIDATES_MAX),
      certain,
      outside: false,
    }
  }
  const upper = finest(ground.uppers.containing(position))
  if (!upper) return { area: null, candidates: ranked(near), certain: false, outside: true }
  const certain = accuracy <= CERTAIN_METRES && !ground.aboveLeaves.has(upper.path)
  return { area: hitOf(upper, 0), candidates: ranked(near), certain, outside: false }
}

const ranked = (near: NearCell[]): GroundHit[] =>
  near.slice(0, CANDIDATES_MAX).map(({ cell, distanceMetres }) => hitOf(cell, distanceMetres))

const CORNERS_MAX = 20_000
const PARTS_MAX = 200

function refuseBoundary(reasonZh: string, reasonEn: string): never {
  throw new Fault('grid.bad_boundary', { reasonZh, reasonEn })
}

/**
 * A shape as it came over the wire, proven to be one.
 *
 * Every ring is closed, has at least four corners and some ground inside; every corner is a place on earth.
 * @throws grid.bad_boundary
 */
export function requireShape(value: { type: string; coordinates: unknown }): AreaShape {
  if (value.type !== 'Polygon' && value.type !== 'MultiPolygon')
    refuseBoundary('类型要是 Polygon 或 MultiPolygon。', 'Its type must be Polygon or MultiPolygon.')
  const polygons = value.type === 'Polygon' ? [value.coordinates] : value.coordinates
  if (!Array.isArray(polygons) || polygons.length === 0 || polygons.length > PARTS_MAX)
    refuseBoundary('没有多边形，或块数太多。', 'It has no polygon, or too many parts.')
  let corners = 0
  for (const polygon of polygons as unknown[]) {
    if (!Array.isArray(polygon) || polygon.length === 0) refuseBoundary('有一块是空的。', 'One of its parts is empty.')
    for (const ring of polygon as unknown[]) corners += requireRing(ring)
  }
  if (corners > CORNERS_MAX)
    refuseBoundary('顶点太多，请先简化。', 'It has too many corners; please simplify it first.')
  return value as AreaShape
}

function requireRing(ring: unknown): number {
  if (!Array.isArray(ring) || ring.length < 4)
    refuseBoundary('每一圈至少要 4 个点，首尾相同。', 'Each ring needs at least four corners, the last like the first.')
  let doubledArea = 0
  let before: readonly number[] | undefined
  for (const corner of ring as unknown[]) {
    if (!isCorner(corner)) refuseBoundary('有一个点不是经纬度。', 'One corner is not a longitude and a latitude.')
    if (before)
      doubledArea +=
        (before[0]! - ring[0][0]) * (corner[1]! - ring[0][1]) - (corner[0]! - ring[0][0]) * (before[1]! - ring[0][1])
    before = corner
  }
  const first = ring[0] as number[]
  if (first[0] !== before![0] || first[1] !== before![1]) refuseBoundary('有一圈没有闭合。', 'One ring is not closed.')
  if (Math.abs(doubledArea) < 1e-12) refuseBoundary('有一圈没有面积。', 'One ring holds no ground.')
  return ring.length
}

const isCorner = (corner: unknown): corner is number[] =>
  Array.isArray(corner) &&
  corner.length >= 2 &&
  corner.every((value) => typeof value === 'number' && Number.isFinite(value)) &&
  isPosition({ lng: corner[0] as number, lat: corner[1] as number })

/** Which kinds are drawn at a map's zoom: no more than a screen can show. */
export function kindsAtZoom(zoom: number): AreaKind[] {
  if (zoom < 10) return ['county']
  if (zoom < 12) return ['county', 'town']
  if (zoom < 13.5) return ['town', 'village', 'community']
  if (zoom < 15) return ['village', 'community', 'grid', 'dedicatedGrid']
  return ['grid', 'microGrid', 'dedicatedGrid']
}
