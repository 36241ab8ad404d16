import type { AreaShape } from '../kernel/positions.ts'
import type { WallOutline } from './contract.ts'

type Ring = number[][]

/** Of a picture this many steps wide, nobody sees a bend smaller than one. */
const STEPS = 900
const PLACES = 5

const polygons = (shape: AreaShape): Ring[][] =>
  (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates) as unknown as Ring[][]

/** Outlines without the bends that a screen cannot show; the widest area sets the measure. */
export function polygonsOf(
  shapes: readonly { path: string; schematic: boolean; shape: AreaShape }[],
): WallOutline['areas'] {
  const longitudes = shapes.flatMap(({ shape }) => polygons(shape).flatMap((rings) => rings[0]?.map(([x]) => x!) ?? []))
  let [west, east] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const each of longitudes) {
    west = Math.min(west, each)
    east = Math.max(east, each)
  }
  const tolerance = Number.isFinite(east - west) ? (east - west) / STEPS : 0
  return shapes.map(({ path, schematic, shape }) => ({
    path,
    schematic,
    polygons: polygons(shape).map((rings) => rings.map((ring) => simplified(ring, tolerance).map(rounded))),
  }))
}

const rounded = (corner: number[]): number[] => corner.slice(0, 2).map((each) => Number(each.toFixed(PLACES)))

/** How far a corner lies from the straight line between two others, in degrees. */
function offLine([x, y]: number[], [ax, ay]: number[], [bx, by]: number[]): number {
  const [dx, dy] = [bx! - ax!, by! - ay!]
  const length = Math.hypot(dx, dy)
  if (length === 0) return Math.hypot(x! - ax!, y! - ay!)
  return Math.abs(dy * x! - dx * y! + bx! * ay! - by! * ax!) / length
}

/** Douglas and Peucker; a ring keeps its first and last corner and at least a triangle. */
export function simplified(ring: Ring, tolerance: number): Ring {
  if (ring.length <= 5) return ring
  const kept = new Set([0, ring.length - 1])
  const stretches: [number, number][] = [
    [0, Math.floor(ring.length / 2)],
    [Math.floor(ring.length / 2), ring.length - 1],
  ]
  kept.add(stretches[0]![1])
  for (let stretch = stretches.pop(); stretch; stretch = stretches.pop()) {
    const [from, to] = stretch
    let [far, distance] = [0, 0]
    for (let at = from + 1; at < to; at++) {
      const off = offLine(ring[at]!, ring[from]!, ring[to]!)
      if (off > distance) [far, distance] = [at, off]
    }
    if (distance <= tolerance) continue
    kept.add(far)
    stretches.push([from, far], [far, to])
  }
  const result = ring.filter((_corner, at) => kept.has(at))
  return result.length < 4 ? ring : result
}
