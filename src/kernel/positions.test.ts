import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AreaShape,
  boundsOf,
  distanceMetres,
  gcj02ToWgs84,
  isPosition,
  pointInPolygon,
  wgs84ToGcj02,
} from './positions.ts'

const wangdian = { lng: 120.7203, lat: 30.6206 }
const inChina = fc.record({
  lng: fc.double({ min: 75, max: 134, noNaN: true }),
  lat: fc.double({ min: 5, max: 53, noNaN: true }),
})

describe('GCJ-02', () => {
  it('shifts Beijing as every published implementation does', () => {
    const shifted = wgs84ToGcj02({ lng: 116.404, lat: 39.915 })
    expect(shifted.lng).toBeCloseTo(116.41024449916938, 9)
    expect(shifted.lat).toBeCloseTo(39.91640428150164, 9)
  })
  it('moves a place in Wangdian by some hundred metres', () => {
    const metres = distanceMetres(wangdian, wgs84ToGcj02(wangdian))
    expect(metres).toBeGreaterThan(200)
    expect(metres).toBeLessThan(800)
  })
  it('comes back to the millimetre anywhere in the country', () => {
    fc.assert(
      fc.property(inChina, (at) => {
        expect(distanceMetres(gcj02ToWgs84(wgs84ToGcj02(at)), at)).toBeLessThan(0.001)
      }),
    )
  })
  it('leaves places abroad alone', () => {
    expect(wgs84ToGcj02({ lng: 2.35, lat: 48.85 })).toEqual({ lng: 2.35, lat: 48.85 })
    expect(gcj02ToWgs84({ lng: 2.35, lat: 48.85 })).toEqual({ lng: 2.35, lat: 48.85 })
  })
})

describe('distance', () => {
  it('is 111.2 km for a degree of latitude and 0 to itself', () => {
    expect(distanceMetres({ lng: 120, lat: 30 }, { lng: 120, lat: 31 })).toBeCloseTo(111_195, -1)
    expect(distanceMetres(wangdian, wangdian)).toBe(0)
  })
  it('is the same both ways', () => {
    fc.assert(
      fc.property(inChina, inChina, (a, b) => {
        expect(distanceMetres(a, b)).toBeCloseTo(distanceMetres(b, a), 6)
      }),
    )
  })
})

describe('pointInPolygon', () => {
  const square = (x: number, y: number, size: number) => [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ]
  const ring: AreaShape = { type: 'Polygon', coordinates: [square(0, 0, 10), square(4, 4, 2)] }
  it.each([
    [1, 1, true],
    [5, 5, false],
    [3.9, 5, true],
    [11, 5, false],
    [-0.1, 5, false],
    [5, 10.1, false],
  ])('%d, %d: %s', (lng, lat, inside) => {
    expect(pointInPolygon({ lng, lat }, ring)).toBe(inside)
  })
  it('sees every part of a multi-polygon', () => {
    const two: AreaShape = { type: 'MultiPolygon', coordinates: [[square(0, 0, 1)], [square(5, 5, 1)]] }
    expect(pointInPolygon({ lng: 5.5, lat: 5.5 }, two)).toBe(true)
    expect(pointInPolygon({ lng: 3, lat: 3 }, two)).toBe(false)
    expect(boundsOf(two)).toEqual({ west: 0, south: 0, east: 6, north: 6 })
  })
  it('gives a point on a shared edge to exactly one neighbour', () => {
    const cells: AreaShape[] = []
    for (let x = 0; x < 3; x++)
      for (let y = 0; y < 3; y++) cells.push({ type: 'Polygon', coordinates: [square(x, y, 1)] })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 11 }), (x, y) => {
        const at = { lng: x / 4, lat: y / 4 }
        expect(cells.filter((cell) => pointInPolygon(at, cell))).toHaveLength(1)
      }),
    )
  })
  it('survives an empty ring', () => {
    expect(pointInPolygon(wangdian, { type: 'Polygon', coordinates: [[]] })).toBe(false)
  })
})

it.each([
  [120, 30, true],
  [181, 0, false],
  [0, 91, false],
  [NaN, 0, false],
  [0, Infinity, false],
])('isPosition(%d, %d) is %s', (lng, lat, expected) => {
  expect(isPosition({ lng, lat })).toBe(expected)
})
