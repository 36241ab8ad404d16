import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  citizenIdFacts,
  isCitizenId,
  isDivisionCode,
  isMobile,
  isOrganisationCode,
  normaliseCode,
  normaliseMobile,
} from './codes.ts'

describe('citizen ID, GB 11643', () => {
  it('takes the sample of the standard and reads it', () => {
    expect(citizenIdFacts('11010519491231002X')).toEqual({ bornOn: '1949-12-31', sex: 'female', division: '110105' })
  })
  it.each([
    ['wrong check character', '110105194912310021'],
    ['lower case is for normaliseCode', '11010519491231002x'],
    ['seventeen characters', '11010519491231002'],
    ['a day that never was', '110105194902300028'],
    ['a province that is none', '990105194912310021'],
    ['full-width digits are for normaliseCode', '１1010519491231002X'],
    ['empty', ''],
  ])('refuses: %s', (_, id) => {
    expect(isCitizenId(id)).toBe(false)
  })
  it('refuses each birth date and province that is wrong even with a right check character', () => {
    const checked = (first: string) =>
      first +
      '10X98765432'[
        [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce(
          (sum, weight, at) => sum + weight * Number(first[at]),
          0,
        ) % 11
      ]!
    expect(isCitizenId(checked('33041119900228001'))).toBe(true)
    expect(isCitizenId(checked('33041119900230001'))).toBe(false)
    expect(isCitizenId(checked('33041118700101001'))).toBe(false)
    expect(isCitizenId(checked('99041119900228001'))).toBe(false)
    expect(isCitizenId(checked('33041120260228001'), '2026-02-27')).toBe(false)
    expect(isCitizenId(checked('33041120260228001'), '2026-02-28')).toBe(true)
  })
  it('finds every single wrong digit and every swap of neighbours', () => {
    const id = '11010519491231002X'
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 9 }), (at, digit) => {
        const changed = id.slice(0, at) + digit + id.slice(at + 1)
        expect(isCitizenId(changed)).toBe(changed === id)
      }),
    )
    for (let at = 0; at < 16; at++) {
      const swapped = id.slice(0, at) + id[at + 1]! + id[at]! + id.slice(at + 2)
      expect(isCitizenId(swapped)).toBe(swapped === id)
    }
  })
  it('is normalised from what people paste', () => {
    expect(normaliseCode(' １１０１０５ 19491231 002ｘ ')).toBe('11010519491231002X')
  })
})

describe('organisation code, GB 32100', () => {
  it('takes the sample of the standard', () => {
    expect(isOrganisationCode('91350100M000100Y43')).toBe(true)
  })
  it.each([
    '91350100M000100Y42',
    '91350100M000100Y4',
    '91350100M000100YI3',
    '91350100m000100y43',
    '',
    '91350100M000100S43',
  ])('refuses %s', (code) => {
    expect(isOrganisationCode(code)).toBe(false)
  })
  it('finds every single wrong character', () => {
    const code = '91350100M000100Y43'
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
    for (let at = 0; at < 18; at++) {
      for (const character of alphabet) {
        const changed = code.slice(0, at) + character + code.slice(at + 1)
        expect(isOrganisationCode(changed)).toBe(changed === code)
      }
    }
  })
})

describe('mobile numbers', () => {
  it.each([
    ['13812345678', '13812345678'],
    ['+86 138-1234-5678', '13812345678'],
    ['008613812345678', '13812345678'],
    ['86 13812345678', '13812345678'],
    ['１３８ １２３４ ５６７８', '13812345678'],
  ])('%s is %s', (given, kept) => {
    expect(normaliseMobile(given)).toBe(kept)
  })
  it.each(['12812345678', '1381234567', '138123456789', '+1 202 555 0100', '', 'abc', '057383012345'])(
    '%s is none',
    (given) => {
      expect(normaliseMobile(given)).toBeUndefined()
    },
  )
  it('takes only the stored form', () => {
    expect(isMobile('19912345678')).toBe(true)
    expect(isMobile('+8619912345678')).toBe(false)
  })
})

it.each([
  ['33', true],
  ['3304', true],
  ['330411', true],
  ['330411105', true],
  ['330411105201', true],
  ['3', false],
  ['33041', false],
  ['990411', false],
  ['33041a', false],
  ['', false],
])('division code %s: %s', (code, expected) => {
  expect(isDivisionCode(code)).toBe(expected)
})
