import type { Boundaries } from '../../../src/grid/areas/contract.ts'
import type { Point } from '../places/ground.ts'

export type Shape = Boundaries['features'][number]['geometry']
/** Rings of corners; a ring's first corner is not said again at its end. The first ring of a polygon is its outline. */
export type Drawn = Point[][][]

/** The corners of a shape, for moving. */
export function drawnOf(shape: Shape): Drawn {
  const polygons = (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates) as number[][][][]
  return polygons.map((rings) =>
    rings.map((ring) => ring.slice(0, -1).map(([lng = 0, lat = 0]): Point => ({ lng, lat }))),
  )
}

const short = (value: number): number => Number(value.toFixed(7))

/** What was drawn as a shape again; null while there is no ring of three corners. */
export function shapeOf(drawn: Drawn): Shape | null {
  const polygons = drawn
    .map((rings) => rings.filter((ring) => ring.length >= 3))
    .filter((rings) => rings.length > 0)
    .map((rings) => rings.map((ring) => [...ring, ring[0]!].map(({ lng, lat }) => [short(lng), short(lat)])))
  if (polygons.length === 0) return null
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0]! }
    : { type: 'MultiPolygon', coordinates: polygons }
}

/** Several shapes as one, laid side by side. */
export function together(shapes: readonly Shape[]): Shape {
  const polygons = shapes.flatMap((shape) => (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates))
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0] as unknown[][] }
    : { type: 'MultiPolygon', coordinates: polygons as unknown[][] }
}

/** The nearest of some corners, if it is no further than `reach` degrees; else the point itself. */
export function snapped(point: Point, corners: readonly Point[], reach: number): Point {
  const narrowing = Math.cos((point.lat * Math.PI) / 180)
  let best = { distance: reach, corner: point }
  for (const corner of corners) {
    const distance = Math.hypot((corner.lng - point.lng) * narrowing, corner.lat - point.lat)
    if (distance < best.distance) best = { distance, corner }
  }
  return { lng: best.corner.lng, lat: best.corner.lat }
}

/** Corners as lines of text, longitude first, for who works by keyboard or has a surveyor's list. */
export const cornersText = (ring: readonly Point[]): string =>
  ring.map(({ lng, lat }) => `${short(lng)}, ${short(lat)}`).join('\n')

/** The corners of such a list, or the number of the first line that is none. */
export function cornersOf(text: string): Point[] | { line: number } {
  const corners: Point[] = []
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue
    const parts = line
      .trim()
      .split(/[\s,，;；]+/)
      .map(Number)
    const [lng = NaN, lat = NaN] = parts
    if (parts.length !== 2 || !(Math.abs(lng) <= 180) || !(Math.abs(lat) <= 90)) return { line: at + 1 }
    corners.push({ lng, lat })
  }
  return corners
}

/** The next code that none of these is: M012 after M011. */
export function nextCode(taken: readonly string[], like: string): string {
  const [, letters = 'M', digits = '001'] = /^(.*?)(\d+)$/.exec(like) ?? []
  const numbers = taken.flatMap((code) => {
    const match = /^(.*?)(\d+)$/.exec(code)
    return match?.[1] === letters ? [Number(match[2])] : []
  })
  return `${letters}${String(Math.max(0, ...numbers) + 1).padStart(digits.length, '0')}`
}
