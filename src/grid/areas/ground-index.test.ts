import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pointInPolygon, type AreaShape } from '../../kernel/positions.ts'
import { GroundIndex, type GroundCell } from './ground-index.ts'
import { locateOn, makeGround } from './rules.ts'

/** A field of square cells of 0.001° (about 100 m) from 120.7, 30.6; code `r-c`. */
function field(side: number): GroundCell[] {
  return Array.from({ length: side * side }, (_, index) => {
    const [row, column] = [Math.floor(index / side), index % side]
    const [west, south] = [120.7 + column * 0.001, 30.6 + row * 0.001]
    const ring = [
      [west, south],
      [120.7 + (column + 1) * 0.001, south],
      [120.7 + (column + 1) * 0.001, 30.6 + (row + 1) * 0.001],
      [west, 30.6 + (row + 1) * 0.001],
      [west, south],
    ]
    return cell(`330411/T/V/G/M${row}-${column}`, { type: 'Polygon', coordinates: [ring] })
  })
}

const cell = (path: string, shape: AreaShape, kind = 'microGrid'): GroundCell => ({
  areaId: path,
  path,
  name: path.split('/').at(-1)!,
  kind,
  overlay: 'base',
  schematic: true,
  shape,
})

const square = (west: number, south: number, side: number): AreaShape => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + side, south],
      [west + side, south + side],
      [west, south + side],
      [west, south],
    ],
  ],
})

const positions = fc.record({
  lng: fc.double({ min: 120.69, max: 120.72, noNaN: true }),
  lat: fc.double({ min: 30.59, max: 30.62, noNaN: true }),
})

describe('GroundIndex', () => {
  const cells = field(12)
  const index = new GroundIndex(cells)

  it('agrees with the plain test of every polygon', () => {
    fc.assert(
      fc.property(positions, (at) => {
        const plain = cells.filter(({ shape }) => pointInPolygon(at, shape)).map(({ path }) => path)
        expect(index.containing(at).map(({ path }) => path)).toEqual(plain)
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives a point of a field to exactly one cell, corners and edges included', () => {
    for (let step = 0; step <= 24; step++) {
      const at = { lng: 120.7 + step * 0.0005, lat: 30.6 + step * 0.0005 }
      expect(index.containing(at).length).toBe(step < 24 ? 1 : 0)
    }
  })

  it('finds by a circle what it touches, nearest first', () => {
    const middle = { lng: 120.7055, lat: 30.6055 }
    expect(index.near(middle, 10).map(({ cell: found }) => found.path)).toEqual(['330411/T/V/G/M5-5'])
    const around = index.near(middle, 60)
    expect(around.length).toBe(5)
    expect(around[0]!.distanceMetres).toBe(0)
    const distances = around.map(({ distanceMetres }) => distanceMetres)
    expect(distances).toEqual(distances.toSorted((one, other) => one - other))
  })

  it('measures metres, not degrees: a cell 500 m east is 500 m away', () => {
    const alone = new GroundIndex([cell('330411/A', square(120.71, 30.6, 0.001))])
    const [found] = alone.near({ lng: 120.71 - 500 / (111_195 * Math.cos((30.6 * Math.PI) / 180)), lat: 30.6005 }, 600)
    expect(found!.distanceMetres).toBeGreaterThan(499)
    expect(found!.distanceMetres).toBeLessThan(501)
  })

  it('leaves holes out and takes every part of a MultiPolygon in', () => {
    const withHole: AreaShape = {
      type: 'MultiPolygon',
      coordinates: [
        [
          square(120.7, 30.6, 0.01).coordinates[0] as number[][],
          square(120.703, 30.603, 0.002).coordinates[0] as number[][],
        ],
        square(120.75, 30.6, 0.001).coordinates as number[][][],
      ],
    }
    const one = new GroundIndex([cell('330411/A', withHole)])
    expect(one.containing({ lng: 120.704, lat: 30.604 })).toEqual([])
    expect(one.containing({ lng: 120.702, lat: 30.602 }).length).toBe(1)
    expect(one.containing({ lng: 120.7505, lat: 30.6005 }).length).toBe(1)
  })

  it('answers nothing on an empty ground', () => {
    const empty = new GroundIndex([])
    expect(empty.containing({ lng: 120, lat: 30 })).toEqual([])
    expect(empty.near({ lng: 120, lat: 30 }, 1_000)).toEqual([])
  })

  it('answers in less than 50 µs among 50,000 cells', () => {
    const large = makeGround(field(224))
    // The machine is shared: what the code costs is the quickest of many batches, not what others took meanwhile.
    const batch = (from: number): number => {
      const begin = performance.now()
      for (let round = from; round < from + 500; round++) {
        const at = { lng: 120.7 + ((round * 7919) % 224_000) / 1e6, lat: 30.6 + ((round * 104_729) % 224_000) / 1e6 }
        locateOn(large, at, 15)
      }
      return ((performance.now() - begin) / 500) * 1_000
    }
    const microseconds = Array.from({ length: 40 }, (_, at) => batch(at * 500))
    expect(Math.min(...microseconds)).toBeLessThan(50)
  })
})

describe('locateOn', () => {
  const village = cell('330411/T/V', square(120.7, 30.6, 0.02), 'village')
  const bare = cell('330411/T/W', square(120.72, 30.6, 0.02), 'village')
  const ground = makeGround([...field(10), village, bare])
  const middle = { lng: 120.7055, lat: 30.6055 }

  it('is certain in the middle of a cell with good accuracy', () => {
    const found = locateOn(ground, middle, 20)
    expect(found).toMatchObject({
      certain: true,
      outside: false,
      area: { path: '330411/T/V/G/M5-5', distanceMetres: 0 },
    })
    expect(found.candidates.map(({ path }) => path)).toEqual(['330411/T/V/G/M5-5'])
  })

  it('asks when the circle touches a neighbour', () => {
    const found = locateOn(ground, { lng: 120.70598, lat: 30.6055 }, 20)
    expect(found.certain).toBe(false)
    expect(found.area?.path).toBe('330411/T/V/G/M5-5')
    expect(found.candidates.map(({ path }) => path)).toEqual(['330411/T/V/G/M5-5', '330411/T/V/G/M5-6'])
  })

  it('asks when the accuracy is worse than 50 m or unknown, even far from any neighbour', () => {
    const lone = makeGround([cell('330411/T/V/G/M1', square(120.7, 30.6, 0.02))])
    const at = { lng: 120.71, lat: 30.61 }
    expect(locateOn(lone, at, 50).certain).toBe(true)
    expect(locateOn(lone, at, 50.1).certain).toBe(false)
    expect(locateOn(lone, at, null).certain).toBe(false)
    expect(locateOn(lone, at, 0).certain).toBe(true)
  })

  it('falls back to the village where no micro-grid is drawn at the spot, and asks which', () => {
    const found = locateOn(ground, { lng: 120.715, lat: 30.615 }, 10)
    expect(found).toMatchObject({ area: { path: '330411/T/V' }, certain: false, outside: false })
  })

  it('takes a village without micro-grids as the answer', () => {
    expect(locateOn(ground, { lng: 120.73, lat: 30.61 }, 10)).toMatchObject({
      area: { path: '330411/T/W' },
      certain: true,
    })
  })

  it('says clearly that a point lies outside', () => {
    expect(locateOn(ground, { lng: 121.5, lat: 31.2 }, 10)).toEqual({
      area: null,
      candidates: [],
      certain: false,
      outside: true,
    })
  })

  it('offers what is near to a point just outside', () => {
    const found = locateOn(makeGround(field(3)), { lng: 120.6999, lat: 30.6005 }, 30)
    expect(found).toMatchObject({ area: null, outside: true, certain: false })
    expect(found.candidates.map(({ path }) => path)).toEqual(['330411/T/V/G/M0-0'])
  })

  it('prefers a dedicated grid to the micro-grid that it was cut from', () => {
    const dedicated = makeGround([...field(10), cell('330411/T/V/Z1', square(120.704, 30.604, 0.003), 'dedicatedGrid')])
    expect(locateOn(dedicated, middle, 0)).toMatchObject({ area: { path: '330411/T/V/Z1' }, certain: true })
  })

  it.each([
    { lng: Number.NaN, lat: 30 },
    { lng: 181, lat: 30 },
    { lng: 120, lat: -91 },
  ])('refuses %o as no place on earth', (at) => {
    expect(() => locateOn(ground, at, 10)).toThrow(expect.objectContaining({ code: 'grid.bad_position' }))
  })

  it('refuses a negative accuracy', () => {
    expect(() => locateOn(ground, middle, -1)).toThrow(expect.objectContaining({ code: 'grid.bad_position' }))
  })
})
