import type { WallOutline } from '../../../src/insight/contract.ts'

/** A drawing in which one unit is the same length in both directions. */
export interface Drawing {
  width: number
  height: number
  /** Longitude and latitude to the drawing's own units. */
  at: (point: readonly number[]) => [x: number, y: number]
}

const WIDTH = 1000
const MARGIN = 14

/** Fits everything that is drawn into a frame; undefined where nothing is drawn. */
export function drawingOf(outline: WallOutline): Drawing | undefined {
  const corners = outline.areas.flatMap(({ polygons }) => polygons.flatMap((rings) => rings[0] ?? []))
  if (corners.length === 0) return undefined
  const [west, east] = span(corners.map(([x]) => x!))
  const [south, north] = span(corners.map(([, y]) => y!))
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = (WIDTH - 2 * MARGIN) / Math.max((east - west) * shrink, (north - south) * 1.05, 1e-9)
  return {
    width: (east - west) * shrink * scale + 2 * MARGIN,
    height: (north - south) * scale + 2 * MARGIN,
    at: (point) => [MARGIN + (point[0]! - west) * shrink * scale, MARGIN + (north - point[1]!) * scale],
  }
}

function span(values: readonly number[]): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}

type Polygons = WallOutline['areas'][number]['polygons']

export const pathOf = (polygons: Polygons, { at }: Drawing): string =>
  polygons
    .flatMap((rings) =>
      rings.map(
        (ring) =>
          `M${ring
            .map((corner) =>
              at(corner)
                .map((unit) => unit.toFixed(1))
                .join(' '),
            )
            .join('L')}Z`,
      ),
    )
    .join('')

export interface Label {
  x: number
  y: number
  /** How wide the area is there: a longer name is not written. */
  room: number
}

/** Where an area's name stands: in its largest polygon, at the middle of the widest of some lines across it. */
export function labelOf(polygons: Polygons, drawing: Drawing): Label | undefined {
  let best: Label | undefined
  for (const rings of polygons) {
    const ring = rings[0]?.map(drawing.at) ?? []
    const [top, bottom] = span(ring.map(([, y]) => y))
    for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
      const y = top + (bottom - top) * share
      const [from, to] = widest(crossings(ring, y))
      // A little off the middle must be a good deal wider to be better.
      const room = (to - from) * (1 - Math.abs(share - 0.5) * 0.6)
      if (!best || room > best.room) best = { x: (from + to) / 2, y, room }
    }
  }
  return best
}

function crossings(ring: readonly [number, number][], y: number): number[] {
  const found: number[] = []
  for (const [at, [x1, y1]] of ring.entries()) {
    const [x2, y2] = ring[(at + 1) % ring.length]!
    if (y1 > y !== y2 > y) found.push(x1 + ((y - y1) * (x2 - x1)) / (y2 - y1))
  }
  return found.sort((one, other) => one - other)
}

function widest(found: readonly number[]): [from: number, to: number] {
  let best: [number, number] = [0, 0]
  for (let at = 0; at + 1 < found.length; at += 2) {
    if (found[at + 1]! - found[at]! > best[1] - best[0]) best = [found[at]!, found[at + 1]!]
  }
  return best
}

/** Five steps from none to most: so that a single busy area does not make all others look alike. */
export function shadeOf(value: number, most: number): 0 | 1 | 2 | 3 | 4 {
  if (value <= 0) return 0
  const share = Math.sqrt(value / Math.max(most, 1))
  return share > 0.75 ? 4 : share > 0.5 ? 3 : share > 0.25 ? 2 : 1
}
