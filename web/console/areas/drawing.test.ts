import { expect, test } from 'vitest'
import { cornersOf, cornersText, drawnOf, nextCode, shapeOf, snapped, together, type Shape } from './drawing.ts'

const square: Shape = {
  type: 'Polygon',
  coordinates: [
    [
      [120.7, 30.6],
      [120.8, 30.6],
      [120.8, 30.7],
      [120.7, 30.6],
    ],
  ],
}

test('a shape comes back as it was after its corners were taken apart', () => {
  expect(shapeOf(drawnOf(square))).toEqual(square)
  const two = together([square, square])
  expect(two.type).toBe('MultiPolygon')
  expect(shapeOf(drawnOf(two))).toEqual(two)
  expect(together([square])).toEqual(square)
  expect(shapeOf([[[{ lng: 1, lat: 1 }]]])).toBeNull()
})

test('corners are read as people write them, and the wrong line is named', () => {
  const ring = drawnOf(square)[0]![0]!
  expect(cornersOf(cornersText(ring))).toEqual(ring)
  expect(cornersOf('120.7，30.6\n\n120.8 30.6')).toHaveLength(2)
  expect(cornersOf('120.7, 30.6\n王店')).toEqual({ line: 2 })
  expect(cornersOf('300, 30')).toEqual({ line: 1 })
})

test('a corner near a neighbour’s becomes the same corner', () => {
  const near = { lng: 120.70001, lat: 30.6 }
  expect(snapped(near, [{ lng: 120.7, lat: 30.6 }], 0.0001)).toEqual({ lng: 120.7, lat: 30.6 })
  expect(snapped(near, [{ lng: 120.71, lat: 30.6 }], 0.0001)).toEqual(near)
})

test('the next code follows the highest of its kind', () => {
  expect(nextCode(['M001', 'M011', 'P02'], 'M001')).toBe('M012')
  expect(nextCode([], 'G07')).toBe('G01')
})
