import type { Boundaries } from '../../../src/grid/areas/contract.ts'

export type Feature = Boundaries['features'][number]
export interface Bounds {
  west: number
  south: number
  east: number
  north: number
}
export interface Point {
  lng: number
  lat: number
}

/** The rings of a shape, outer ones and holes alike; what is no pair of numbers is left out. */
export function ringsOf({ geometry }: Feature): [number, number][][] {
  const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as unknown[][][]
  return polygons.flatMap((rings) =>
    rings.map((ring) =>
      ring.filter(
        (corner): corner is [number, number] =>
          Array.isArray(corner) && typeof corner[0] === 'number' && typeof corner[1] === 'number',
      ),
    ),
  )
}

export function boundsOf(features: readonly Feature[], more: readonly Point[] = []): Bounds | null {
  const corners = [
    ...features.flatMap((feature) => ringsOf(feature).flat()),
    ...more.map(({ lng, lat }) => [lng, lat] as const),
  ]
  if (corners.length === 0) return null
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const [lng, lat] of corners) {
    west = Math.min(west, lng)
    east = Math.max(east, lng)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  return { west, south, east, north }
}

/** Bounds with a margin of the given share on each side, never narrower than some 60 m. */
export function widened({ west, south, east, north }: Bounds, share: number): Bounds {
  const [wide, high] = [Math.max(east - west, 0.0006) * share, Math.max(north - south, 0.0006) * share]
  return { west: west - wide, south: south - high, east: east + wide, north: north + high }
}

/** The part of a shape's ground that is shown, and its middle; null where nothing of it is. */
export function middleWithin(feature: Feature, shown: Bounds): (Bounds & { middle: Point }) | null {
  const whole = boundsOf([feature])
  if (!whole) return null
  const west = Math.max(whole.west, shown.west)
  const east = Math.min(whole.east, shown.east)
  const south = Math.max(whole.south, shown.south)
  const north = Math.min(whole.north, shown.north)
  if (west >= east || south >= north) return null
  return { west, east, south, north, middle: { lng: (west + east) / 2, lat: (south + north) / 2 } }
}

/** A flat picture of a piece of ground: degrees to units of a drawing `width` wide, north up, and back. */
export function projection(bounds: Bounds, width: number) {
  const narrowing = Math.cos((((bounds.south + bounds.north) / 2) * Math.PI) / 180)
  const scale = width / ((bounds.east - bounds.west) * narrowing)
  return {
    height: (bounds.north - bounds.south) * scale,
    to: ({ lng, lat }: Point): [number, number] => [
      (lng - bounds.west) * narrowing * scale,
      (bounds.north - lat) * scale,
    ],
    back: (x: number, y: number): Point => ({
      lng: bounds.west + x / (narrowing * scale),
      lat: bounds.north - y / scale,
    }),
  }
}
