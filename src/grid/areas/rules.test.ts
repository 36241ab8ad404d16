import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areaKinds } from './contract.ts'
import { ancestorsOf, gramsOf, kindsAtZoom, numberOf, overlayOfKind, requirePlace, requireShape } from './rules.ts'

const code = (work: () => unknown): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('requirePlace', () => {
  it('lets every kind lie somewhere and none above itself', () => {
    for (const kind of areaKinds) {
      const homes = areaKinds.filter((under) => code(() => requirePlace(kind, under)) === undefined)
      expect(homes.length > 0, kind).toBe(kind !== 'county')
      // Areas of the other nets may lie in one another to any depth.
      expect(homes.includes(kind), kind).toBe(overlayOfKind(kind) !== 'base')
    }
  })

  it('keeps a town out of a village and a grid out of a micro-grid', () => {
    expect(code(() => requirePlace('town', 'village'))).toBe('grid.kind_misplaced')
    expect(code(() => requirePlace('grid', 'microGrid'))).toBe('grid.kind_misplaced')
    expect(code(() => requirePlace('microGrid', 'grid'))).toBeUndefined()
    expect(code(() => requirePlace('policeGrid', 'village'))).toBeUndefined()
  })
})

describe('numbers and paths', () => {
  it('lets division codes stand alone and adds local ones to the parent', () => {
    expect(numberOf('330411105', '330411')).toBe('330411105')
    expect(numberOf('330411105211', '330411105')).toBe('330411105211')
    expect(numberOf('G001', '330411105211')).toBe('330411105211G001')
    expect(numberOf('M003', '330411105211G001')).toBe('330411105211G001M003')
  })

  it('lists a path and all above it, leaf first', () => {
    expect(ancestorsOf('330411/330411105/G1')).toEqual(['330411/330411105/G1', '330411/330411105', '330411'])
  })

  it('puts the nets where they belong', () => {
    expect(
      ['microGrid', 'partyGrid', 'policeGrid', 'businessGrid', 'largeArea'].map((kind) =>
        overlayOfKind(kind as 'grid'),
      ),
    ).toEqual(['base', 'party', 'police', 'business', 'base'])
  })
})

describe('gramsOf', () => {
  it('makes two-character pieces, also of full-width and mixed names', () => {
    expect(gramsOf('红联村')).toEqual(['红联', '联村'])
    expect(gramsOf('Ａ１ 幢')).toEqual(['a1', '1幢'])
    expect(gramsOf('村')).toEqual([])
  })

  it('finds every pair of neighbours of any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('红', '联', '村', '一', '𠮷'), minLength: 2, maxLength: 12 }),
        (name) => {
          const letters = [...name]
          const grams = gramsOf(name)
          for (let at = 0; at + 1 < letters.length; at++) expect(grams).toContain(letters[at]! + letters[at + 1]!)
        },
      ),
    )
  })
})

describe('requireShape', () => {
  const ring = [
    [120, 30],
    [121, 30],
    [121, 31],
    [120, 30],
  ]
  const refused: [string, unknown][] = [
    ['another type', { type: 'Point', coordinates: [120, 30] }],
    ['no ring', { type: 'Polygon', coordinates: [] }],
    [
      'too few corners',
      {
        type: 'Polygon',
        coordinates: [
          [
            [120, 30],
            [121, 30],
            [120, 30],
          ],
        ],
      },
    ],
    [
      'an open ring',
      {
        type: 'Polygon',
        coordinates: [
          [
            [120, 30],
            [121, 30],
            [121, 31],
            [120, 31],
          ],
        ],
      },
    ],
    [
      'no ground',
      {
        type: 'Polygon',
        coordinates: [
          [
            [120, 30],
            [121, 30],
            [122, 30],
            [120, 30],
          ],
        ],
      },
    ],
    [
      'words',
      {
        type: 'Polygon',
        coordinates: [
          [
            ['a', 'b'],
            [121, 30],
            [121, 31],
            [120, 30],
          ],
        ],
      },
    ],
    [
      'a place beyond the pole',
      {
        type: 'Polygon',
        coordinates: [
          [
            [120, 95],
            [121, 30],
            [121, 31],
            [120, 95],
          ],
        ],
      },
    ],
    [
      'too many corners',
      {
        type: 'Polygon',
        coordinates: [[...Array.from({ length: 20_001 }, (_, at) => [120 + at / 1e5, 30 + (at % 2)]), [120, 30]]],
      },
    ],
    ['coordinates that are none', { type: 'MultiPolygon', coordinates: 'x' }],
  ]
  it.each(refused)('refuses %s', (_what, shape) => {
    expect(code(() => requireShape(shape as { type: string; coordinates: unknown }))).toBe('grid.bad_boundary')
  })

  it('takes a triangle, and a MultiPolygon of it', () => {
    expect(requireShape({ type: 'Polygon', coordinates: [ring] }).type).toBe('Polygon')
    expect(requireShape({ type: 'MultiPolygon', coordinates: [[ring]] }).type).toBe('MultiPolygon')
  })
})

it('draws finer kinds the nearer one looks', () => {
  expect(kindsAtZoom(8)).toEqual(['county'])
  expect(kindsAtZoom(13)).toContain('village')
  expect(kindsAtZoom(17)).toContain('microGrid')
  expect(kindsAtZoom(12.5)).not.toContain('microGrid')
})
