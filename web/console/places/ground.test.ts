import { expect, test } from 'vitest'
import { boundsOf, middleWithin, projection, ringsOf, widened, type Feature } from './ground.ts'

const square: Feature = {
  type: 'Feature',
  id: '00000000-0000-0000-0000-000000000001',
  properties: { path: '330411', name: '秀洲区', kind: 'county', overlay: 'base', schematic: true },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [120.7, 30.6],
        [120.8, 30.6],
        [120.8, 30.7],
        [120.7, 30.7],
        [120.7, 30.6],
      ],
    ],
  },
}

test('a point is drawn where it is and read back where it was clicked', () => {
  const bounds = widened(boundsOf([square])!, 0.05)
  const flat = projection(bounds, 600)
  const [x, y] = flat.to({ lng: 120.75, lat: 30.65 })
  expect(x).toBeCloseTo(300, 5)
  expect(y).toBeCloseTo(flat.height / 2, 5)
  const back = flat.back(x, y)
  expect(back.lng).toBeCloseTo(120.75, 9)
  expect(back.lat).toBeCloseTo(30.65, 9)
  // North is up, east is right.
  expect(flat.to({ lng: 120.8, lat: 30.7 })[1]).toBeLessThan(y)
})

test('several polygons give all their rings, and broken corners none', () => {
  const parts = {
    ...square,
    geometry: { type: 'MultiPolygon' as const, coordinates: [square.geometry.coordinates, [[['x', 1]]]] },
  }
  expect(ringsOf(parts).map((ring) => ring.length)).toEqual([5, 0])
  expect(boundsOf([])).toBeNull()
})

test('a name stands in the part of its area that is shown, and nowhere when nothing is', () => {
  const shown = { west: 120.75, east: 120.9, south: 30.6, north: 30.65 }
  expect(middleWithin(square, shown)?.middle).toEqual({ lng: (120.75 + 120.8) / 2, lat: 30.625 })
  expect(middleWithin(square, { west: 121, east: 122, south: 30, north: 31 })).toBeNull()
})
