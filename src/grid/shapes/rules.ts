import * as loaded from 'polygon-clipping'
import { Fault } from '../../kernel/faults.ts'
import { boundsOf, type AreaShape } from '../../kernel/positions.ts'

// It comes as CommonJS, so that its functions stand on the default export, of which its types know nothing.
const clipping = 'default' in loaded ? (loaded.default as typeof loaded) : loaded

export type Corner = readonly [lng: number, lat: number]
type Polygons = [number, number][][][]

/** A piece smaller than this is what rounding leaves along a shared edge, not ground. */
export const SLIVER_SQUARE_METRES = 20
/** A piece thinner than this all along is one as well. */
const SLIVER_METRES = 0.5
const METRES_PER_DEGREE = 111_194.9
/** About a centimetre: corners are kept no finer, so that neighbours that were cut together still meet. */
const DECIMALS = 7

const rounded = (value: number): number => Number(value.toFixed(DECIMALS))

const polygonsOf = (shape: AreaShape): Polygons =>
  (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates).map((rings) =>
    rings.map((ring) => ring.map(([lng = 0, lat = 0]): [number, number] => [rounded(lng), rounded(lat)])),
  )

function shapeOf(polygons: Polygons): AreaShape | null {
  const kept = polygons
    .map((rings) => rings.map((ring) => ring.map(([lng, lat]) => [rounded(lng), rounded(lat)])))
    .filter((rings) => !isSliver({ type: 'Polygon', coordinates: rings }))
  if (kept.length === 0) return null
  return kept.length === 1 ? { type: 'Polygon', coordinates: kept[0]! } : { type: 'MultiPolygon', coordinates: kept }
}

/** Runs one operation; a shape that it cannot read is refused as any other bad boundary is. */
function clip(work: () => Polygons): AreaShape | null {
  try {
    return shapeOf(work())
  } catch (cause) {
    const reason = {
      reasonZh: '边线自己相交或太乱，算不出来。',
      reasonEn: 'Its lines cross themselves or are too tangled to work with.',
    }
    throw new Fault('grid.bad_boundary', reason, { cause })
  }
}

function measures(ring: readonly (readonly number[])[], narrowing: number): { area: number; length: number } {
  let doubled = 0
  let length = 0
  const [originX = 0, originY = 0] = ring[0] ?? []
  for (let at = 0; at + 1 < ring.length; at++) {
    const [ax = 0, ay = 0] = ring[at]!
    const [bx = 0, by = 0] = ring[at + 1]!
    const [x, y] = [(ax - originX) * narrowing, ay - originY]
    const [nextX, nextY] = [(bx - originX) * narrowing, by - originY]
    doubled += x * nextY - nextX * y
    length += Math.hypot(nextX - x, nextY - y)
  }
  return { area: (Math.abs(doubled) / 2) * METRES_PER_DEGREE ** 2, length: length * METRES_PER_DEGREE }
}

/** Ground in square metres, holes left out; below 0.5 % off for an area of a county's size. */
export function squareMetres(shape: AreaShape): number {
  const { south, north } = boundsOf(shape)
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  return polygons.reduce(
    (sum, rings) =>
      sum + rings.reduce((own, ring, at) => own + (at === 0 ? 1 : -1) * measures(ring, narrowing).area, 0),
    0,
  )
}

function isSliver(shape: AreaShape & { type: 'Polygon' }): boolean {
  const area = squareMetres(shape)
  if (area < SLIVER_SQUARE_METRES) return true
  const { south, north } = boundsOf(shape)
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const around = shape.coordinates.reduce((sum, ring) => sum + measures(ring, narrowing).length, 0)
  return area / (around / 2) < SLIVER_METRES
}

/** All the ground of several shapes as one. @throws grid.bad_boundary when there is none. */
export function unionOf(shapes: readonly AreaShape[]): AreaShape {
  const [first, ...rest] = shapes.map(polygonsOf)
  const found = first && clip(() => clipping.union(first, ...rest))
  if (!found) throw new Fault('grid.bad_boundary', { reasonZh: '没有面积。', reasonEn: 'It holds no ground.' })
  return found
}

/** What is left of a shape without the others; null when nothing is. */
export const without = (shape: AreaShape, others: readonly AreaShape[]): AreaShape | null =>
  clip(() => clipping.difference(polygonsOf(shape), ...others.map(polygonsOf)))

/** The ground that two shapes share; null when they share none. */
export const sharedBy = (one: AreaShape, other: AreaShape): AreaShape | null =>
  clip(() => clipping.intersection(polygonsOf(one), polygonsOf(other)))

const refuseLine = (): never => {
  throw new Fault('grid.line_misses')
}

const turn = ([ax, ay]: Corner, [bx, by]: Corner, [cx, cy]: Corner): number =>
  Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
const crosses = (a: Corner, b: Corner, c: Corner, d: Corner): boolean =>
  turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0

/** Where the ray from a point inside a circle away from another point meets the circle. */
function outTo(from: Corner, awayFrom: Corner, circle: { x: number; y: number; radius: number }): Corner {
  const [dx, dy] = [from[0] - awayFrom[0], from[1] - awayFrom[1]]
  const [px, py] = [from[0] - circle.x, from[1] - circle.y]
  const a = dx * dx + dy * dy
  const b = 2 * (px * dx + py * dy)
  const c = px * px + py * py - circle.radius ** 2
  const along = (-b + Math.sqrt(b * b - 4 * a * c)) / (2 * a)
  return [from[0] + along * dx, from[1] + along * dy]
}

const ARC_STEPS = 64

/** Everything on the left of a line within a circle around it. */
function leftOf(line: readonly Corner[], circle: { x: number; y: number; radius: number }): Polygons {
  const start = outTo(line[0]!, line[1]!, circle)
  const end = outTo(line.at(-1)!, line.at(-2)!, circle)
  const angle = ([x, y]: Corner): number => Math.atan2(y - circle.y, x - circle.x)
  let span = angle(start) - angle(end)
  if (span <= 0) span += 2 * Math.PI
  const arc = Array.from({ length: ARC_STEPS - 1 }, (_, at): [number, number] => {
    const here = angle(end) + (span * (at + 1)) / ARC_STEPS
    return [circle.x + circle.radius * Math.cos(here), circle.y + circle.radius * Math.sin(here)]
  })
  const ring = [start, ...line, end, ...arc, start].map(([x, y]): [number, number] => [x, y])
  return [[ring]]
}

/**
 * A shape cut in two along a line that goes on straight at both of its ends.
 *
 * @param line Two corners or more; it must not cross itself.
 * @returns what lies on the left of the line, then what lies on its right; together they are the whole shape.
 * @throws grid.line_misses when the line leaves one side empty or crosses itself.
 */
export function cutByLine(shape: AreaShape, line: readonly Corner[]): [AreaShape, AreaShape] {
  const clean = line.filter(([x, y], at) => at === 0 || x !== line[at - 1]![0] || y !== line[at - 1]![1])
  if (clean.length < 2) refuseLine()
  for (let one = 0; one + 1 < clean.length; one++)
    for (let other = one + 2; other + 1 < clean.length; other++)
      if (crosses(clean[one]!, clean[one + 1]!, clean[other]!, clean[other + 1]!)) refuseLine()
  const { west, south, east, north } = boundsOf({
    type: 'MultiPolygon',
    coordinates: [...polygonsOf(shape), [clean.map(([x, y]) => [x, y])]],
  })
  const radius = Math.hypot(east - west, north - south) * 2
  const left = leftOf(clean, { x: (west + east) / 2, y: (south + north) / 2, radius })
  const one = clip(() => clipping.intersection(polygonsOf(shape), left))
  const other = clip(() => clipping.difference(polygonsOf(shape), left))
  return one && other ? [one, other] : refuseLine()
}

/** A shape cut by several lines one after the other; a line that misses one of the pieces leaves it whole. */
export function cutByLines(shape: AreaShape, lines: readonly (readonly Corner[])[]): AreaShape[] {
  return lines.reduce<AreaShape[]>(
    (pieces, line) => {
      const cut = pieces.flatMap((piece) => {
        try {
          return cutByLine(piece, line)
        } catch {
          return [piece]
        }
      })
      return cut.length > pieces.length ? cut : refuseLine()
    },
    [shape],
  )
}

export interface DrawnChild {
  path: string
  name: string
  kind: string
  shape: AreaShape
}

export interface Flaw {
  kind: 'gap' | 'overlap' | 'beyond'
  /** The areas concerned: none of a gap, two of an overlap, one of what lies beyond. */
  paths: string[]
  names: string[]
  squareMetres: number
  shape: AreaShape
}

const partsOf = (shape: AreaShape): AreaShape[] =>
  shape.type === 'Polygon' ? [shape] : shape.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }))

/**
 * Where the areas inside another one leave ground to nobody, lie over each other, or reach beyond it; the largest first.
 *
 * A dedicated grid is cut out of the micro-grid that it lies in, so that overlap is none.
 */
export function flawsOf(parent: AreaShape | null, children: readonly DrawnChild[]): Flaw[] {
  const flaws: Flaw[] = []
  const add = (kind: Flaw['kind'], of: readonly DrawnChild[], shape: AreaShape | null): void => {
    for (const part of shape ? partsOf(shape) : []) {
      const paths = of.map(({ path }) => path)
      const names = of.map(({ name }) => name)
      flaws.push({ kind, paths, names, squareMetres: Math.round(squareMetres(part)), shape: part })
    }
  }
  if (parent && children.length > 0) {
    add(
      'gap',
      [],
      without(
        parent,
        children.map(({ shape }) => shape),
      ),
    )
    for (const child of children) add('beyond', [child], without(child.shape, [parent]))
  }
  const solid = children.filter(({ kind }) => kind !== 'dedicatedGrid')
  const boxes = solid.map(({ shape }) => boundsOf(shape))
  for (const [at, one] of solid.entries()) {
    for (let next = at + 1; next < solid.length; next++) {
      const [box, beside] = [boxes[at]!, boxes[next]!]
      if (box.west >= beside.east || beside.west >= box.east) continue
      if (box.south >= beside.north || beside.south >= box.north) continue
      add('overlap', [one, solid[next]!], sharedBy(one.shape, solid[next]!.shape))
    }
  }
  return flaws.toSorted((one, other) => other.squareMetres - one.squareMetres)
}
