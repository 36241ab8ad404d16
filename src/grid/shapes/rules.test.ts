import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { pointInPolygon, type AreaShape } from '../../kernel/positions.ts'
import { cutByLine, cutByLines, flawsOf, sharedBy, squareMetres, unionOf, without, type Corner } from './rules.ts'

const square = (west: number, south: number, side = 0.01): AreaShape => ({
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
const home = square(120.7, 30.6)

test('a shape that cannot be worked with is refused by name, and what went wrong is kept', () => {
  const work = (): AreaShape => unionOf([{ type: 'Polygon', coordinates: [[]] }, home])
  expect(work).toThrow(expect.objectContaining({ code: 'grid.bad_boundary', cause: expect.any(Error) }))
})

describe('cutting by a line', () => {
  it('leaves two pieces that are the whole, and each point in exactly one of them', () => {
    const inside = fc.double({ min: 0.0012, max: 0.0088, noNaN: true })
    fc.assert(
      fc.property(inside, inside, inside, inside, (ax, ay, bx, by) => {
        fc.pre(Math.hypot(ax - bx, ay - by) > 0.002)
        const line: Corner[] = [
          [120.7 + ax, 30.6 + ay],
          [120.7 + bx, 30.6 + by],
        ]
        const [left, right] = cutByLine(home, line)
        const whole = squareMetres(home)
        expect(Math.abs(squareMetres(left) + squareMetres(right) - whole) / whole).toBeLessThan(1e-3)
        expect(sharedBy(left, right)).toBeNull()
        for (const [x, y] of [
          [0.0011, 0.0013],
          [0.0089, 0.0013],
          [0.0047, 0.0088],
        ]) {
          const at = { lng: 120.7 + x!, lat: 30.6 + y! }
          const side =
            (line[1]![0] - line[0]![0]) * (at.lat - line[0]![1]) - (line[1]![1] - line[0]![1]) * (at.lng - line[0]![0])
          if (Math.abs(side) < 1e-8) continue
          expect(pointInPolygon(at, side > 0 ? left : right)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('follows a line with bends, also one that goes out where it came in', () => {
    const bay: Corner[] = [
      [120.703, 30.609],
      [120.703, 30.604],
      [120.707, 30.604],
      [120.707, 30.609],
    ]
    const [inside, outside] = cutByLine(home, bay)
    expect(pointInPolygon({ lng: 120.705, lat: 30.607 }, inside)).toBe(true)
    expect(pointInPolygon({ lng: 120.701, lat: 30.607 }, outside)).toBe(true)
    expect(pointInPolygon({ lng: 120.705, lat: 30.602 }, outside)).toBe(true)
  })

  it('refuses a line that misses, is a point or crosses itself', () => {
    const miss: Corner[] = [
      [120.9, 30.5],
      [120.9, 30.7],
    ]
    const knot: Corner[] = [
      [120.702, 30.602],
      [120.708, 30.608],
      [120.708, 30.602],
      [120.702, 30.608],
    ]
    const point: Corner[] = [
      [120.705, 30.605],
      [120.705, 30.605],
    ]
    for (const line of [miss, knot, point]) expect(() => cutByLine(home, line)).toThrow('grid.line_misses')
    expect(() => cutByLines(home, [miss])).toThrow('grid.line_misses')
  })

  it('goes on cutting the pieces', () => {
    const across: Corner[] = [
      [120.7, 30.605],
      [120.71, 30.605],
    ]
    const down: Corner[] = [
      [120.705, 30.6],
      [120.705, 30.61],
    ]
    const pieces = cutByLines(home, [across, down])
    expect(pieces).toHaveLength(4)
    for (const piece of pieces) expect(squareMetres(piece) / squareMetres(home)).toBeCloseTo(0.25, 3)
  })
})

describe('gaps and overlaps', () => {
  const child = (name: string, shape: AreaShape, kind = 'microGrid') => ({ path: name, name, kind, shape })
  const halves = cutByLine(home, [
    [120.705, 30.6],
    [120.705, 30.61],
  ])

  it('finds none where the parts meet', () => {
    expect(flawsOf(home, [child('east', halves[0]), child('west', halves[1])])).toEqual([])
    expect(flawsOf(home, [])).toEqual([])
  })

  it('finds ground of nobody, ground of two, and what reaches beyond', () => {
    const small = square(120.7, 30.6, 0.002)
    const [gap] = flawsOf(home, [
      child('west', halves[0]),
      child('east', without(halves[1], [square(120.708, 30.608, 0.002)])!),
    ])
    expect(gap).toMatchObject({ kind: 'gap', paths: [] })
    const flaws = flawsOf(home, [
      child('whole', home),
      child('small', small),
      child('far', square(120.71, 30.6, 0.003)),
    ])
    expect(flaws.map(({ kind, names }) => [kind, ...names])).toEqual([
      ['beyond', 'far'],
      ['overlap', 'whole', 'small'],
    ])
    expect(flawsOf(home, [child('whole', home), child('cut out', small, 'dedicatedGrid')])).toEqual([])
  })

  it('puts together what belongs together', () => {
    const whole = unionOf(halves)
    expect(squareMetres(whole) / squareMetres(home)).toBeCloseTo(1, 4)
    expect(whole.type).toBe('Polygon')
    expect(without(home, [whole])).toBeNull()
    expect(squareMetres(home)).toBeGreaterThan(1_050_000)
    expect(squareMetres(home)).toBeLessThan(1_070_000)
  })
})
