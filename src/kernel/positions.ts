/** WGS-84 (CGCS2000 differs by centimetres): degrees, longitude first as in GeoJSON. */
export interface Position {
  readonly lng: number
  readonly lat: number
}

type Ring = readonly (readonly number[])[]
/** The two GeoJSON shapes that an area can have, coordinates `[lng, lat]`. */
export type AreaShape =
  | { readonly type: 'Polygon'; readonly coordinates: readonly Ring[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly Ring[])[] }

const semiMajorMetres = 6_378_245
const eccentricitySquared = 0.006693421622965943
const earthRadiusMetres = 6_371_008.8

/** Whether the two numbers are a place on earth at all; NaN and infinities are none. */
export const isPosition = (at: Position): boolean => Math.abs(at.lng) <= 180 && Math.abs(at.lat) <= 90

/** The rectangle outside which the shift is not applied, as all published versions have it. */
const isOutsideChina = ({ lng, lat }: Position): boolean =>
  lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271

/** Metres-like wave sums of the published algorithm; the constants are its, not ours. */
function waves(x: number, y: number): { lat: number; lng: number } {
  const { sin, sqrt, abs, PI } = Math
  const shared = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3
  const lat =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * sqrt(abs(x)) +
    shared +
    ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 +
    ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3
  const lng =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * sqrt(abs(x)) +
    shared +
    ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 +
    ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3
  return { lat, lng }
}

/** A position as Chinese map shells (AMap, Tencent, WeChat) give and want it. Outside China nothing is shifted. */
export function wgs84ToGcj02(at: Position): Position {
  if (isOutsideChina(at)) return { lng: at.lng, lat: at.lat }
  const shift = waves(at.lng - 105, at.lat - 35)
  const radians = (at.lat / 180) * Math.PI
  const magic = 1 - eccentricitySquared * Math.sin(radians) ** 2
  const root = Math.sqrt(magic)
  const metresPerDegreeLat = ((semiMajorMetres * (1 - eccentricitySquared)) / (magic * root)) * (Math.PI / 180)
  const metresPerDegreeLng = (semiMajorMetres / root) * Math.cos(radians) * (Math.PI / 180)
  return { lng: at.lng + shift.lng / metresPerDegreeLng, lat: at.lat + shift.lat / metresPerDegreeLat }
}

/** The true position behind one from a map shell, exact to a millimetre: the shift is undone by repeated approach. */
export function gcj02ToWgs84(at: Position): Position {
  if (isOutsideChina(at)) return { lng: at.lng, lat: at.lat }
  let { lng, lat } = at
  for (let round = 0; round < 8; round++) {
    const shifted = wgs84ToGcj02({ lng, lat })
    lng += at.lng - shifted.lng
    lat += at.lat - shifted.lat
  }
  return { lng, lat }
}

/** Metres over the ground along the great circle (mean radius; below 0.5 % off the ellipsoid). */
export function distanceMetres(from: Position, to: Position): number {
  const radians = Math.PI / 180
  const half =
    Math.sin(((to.lat - from.lat) * radians) / 2) ** 2 +
    Math.cos(from.lat * radians) * Math.cos(to.lat * radians) * Math.sin(((to.lng - from.lng) * radians) / 2) ** 2
  return 2 * earthRadiusMetres * Math.asin(Math.min(1, Math.sqrt(half)))
}

/**
 * Whether the position lies in the shape; holes are outside.
 *
 * A point exactly on an edge belongs to one of two neighbours that share the edge, never to both (half-open rule),
 * as long as both draw the edge with the same corners.
 */
export function pointInPolygon(at: Position, shape: AreaShape): boolean {
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  return polygons.some((rings) => rings.reduce((inside, ring) => inside !== crossesOddly(at, ring), false))
}

function crossesOddly(at: Position, ring: Ring): boolean {
  let odd = false
  for (let index = 0, before = ring.length - 1; index < ring.length; before = index++) {
    const [ax = 0, ay = 0] = ring[index] ?? []
    const [bx = 0, by = 0] = ring[before] ?? []
    if (ay > at.lat === by > at.lat) continue
    const [lowX, lowY, highX, highY] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay]
    if (at.lng < lowX + ((highX - lowX) * (at.lat - lowY)) / (highY - lowY)) odd = !odd
  }
  return odd
}

/** Smallest rectangle around a shape, for a first cheap look before the exact one. */
export function boundsOf(shape: AreaShape): { west: number; south: number; east: number; north: number } {
  const bounds = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity }
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  for (const [lng = NaN, lat = NaN] of polygons.flat(2) as readonly (readonly number[])[]) {
    bounds.west = Math.min(bounds.west, lng)
    bounds.east = Math.max(bounds.east, lng)
    bounds.south = Math.min(bounds.south, lat)
    bounds.north = Math.max(bounds.north, lat)
  }
  return bounds
}
