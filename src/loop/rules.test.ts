import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dayOf,
  formatNumber,
  hashProgressCode,
  likeness,
  maskName,
  maskPhone,
  newProgressCode,
  normaliseProgressCode,
  summaryOf,
  wordLikeness,
} from './rules.ts'

describe('progress codes', () => {
  it('are read back however people type them', () => {
    const code = newProgressCode('330411')
    expect(code).toMatch(/^330411\.[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    const kept = normaliseProgressCode(code)
    expect(kept).toBeDefined()
    expect(normaliseProgressCode(` ${code.toLowerCase().replaceAll('-', '')} `)).toBe(kept)
    expect(normaliseProgressCode('330411.ooil-0000-1111')).toBe('330411.001100001111')
  })

  it('refuse what cannot be one', () => {
    for (const typed of ['', '330411', '330411.AAAA', 'constructor', '33041.7K3M9QXT2HVD', `330411.${'A'.repeat(13)}`])
      expect(normaliseProgressCode(typed), typed).toBeUndefined()
  })

  it('never give the same hash to different codes', () => {
    const codes = Array.from({ length: 2000 }, () => normaliseProgressCode(newProgressCode('330411'))!)
    expect(new Set(codes.map((code) => hashProgressCode(code).toString('hex'))).size).toBe(2000)
  })
})

describe('numbers and summaries', () => {
  it('take the day in China, not in Greenwich', () => {
    expect(dayOf(new Date('2026-11-20T16:30:00Z'))).toBe('2026-11-21')
    expect(formatNumber('330411', '2026-11-21', 42)).toBe('330411-261121-00042')
    expect(formatNumber('330411', '2026-11-21', 123456)).toBe('330411-261121-123456')
  })

  it('cut a long text without cutting a letter', () => {
    expect(summaryOf('路灯不亮')).toBe('路灯不亮')
    expect(summaryOf('第一行\n\n第二行')).toBe('第一行 第二行')
    const long = summaryOf('😀'.repeat(60))
    expect([...long]).toHaveLength(43)
    expect(long.isWellFormed()).toBe(true)
  })

  it('mask names and phones', () => {
    expect(maskName('张三')).toBe('张*')
    expect(maskName('欧阳明月')).toBe('欧***')
    expect(maskName('')).toBe('')
    expect(maskPhone('13812345678')).toBe('138****5678')
    expect(maskPhone('123')).toBe('****')
  })
})

describe('likeness', () => {
  const near = { sameCategory: true, distanceMetres: 5, hoursApart: 1, text: '小区门口路灯坏了三天没人修' }

  it('finds the same lamp reported again, and not another thing at the same place', () => {
    expect(likeness({ text: '门口的路灯坏了，三天没人修' }, near)).toBeGreaterThanOrEqual(75)
    expect(likeness({ text: '有人乱扔装修垃圾' }, { ...near, sameCategory: false })).toBeLessThan(60)
    expect(likeness({ text: '有人乱扔装修垃圾' }, { ...near, sameCategory: false, distanceMetres: 290 })).toBeLessThan(
      45,
    )
  })

  it('falls with distance and time, stays between 0 and 100', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), fc.nat(900), fc.string({ maxLength: 40 }), (metres, more, hours, text) => {
        const one = likeness({ text }, { ...near, distanceMetres: metres, hoursApart: hours })
        const farther = likeness({ text }, { ...near, distanceMetres: metres + more, hoursApart: hours })
        const later = likeness({ text }, { ...near, distanceMetres: metres, hoursApart: hours + more })
        expect(one).toBeGreaterThanOrEqual(0)
        expect(one).toBeLessThanOrEqual(100)
        expect(farther).toBeLessThanOrEqual(one)
        expect(later).toBeLessThanOrEqual(one)
      }),
    )
  })

  it('compares words both ways alike', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (one, other) => {
        expect(wordLikeness(one, other)).toBeCloseTo(wordLikeness(other, one), 10)
      }),
    )
    expect(wordLikeness('路灯坏了', '路灯坏了')).toBe(1)
    expect(wordLikeness('', '路灯')).toBe(0)
  })
})
