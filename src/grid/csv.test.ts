import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv, writeCsv } from './csv.ts'

const columns = ['code', 'name'] as const

describe('csv', () => {
  it('gives back what was written, commas, quotes, line breaks and formulas included', () => {
    const field = fc
      .string({ unit: fc.constantFrom('红', 'a', ',', '"', '\n', '=', '+', "'", '1'), maxLength: 8 })
      .map((text) => text.trim())
    fc.assert(
      fc.property(fc.array(fc.record({ code: field, name: field }), { maxLength: 6 }), (rows) => {
        const kept = rows
          .filter(({ code, name }) => code !== '' || name !== '')
          .filter(({ code, name }) => ![code, name].some((text) => /^'[=+\-@]/.test(text)))
        const read = readCsv(writeCsv(columns, kept), columns).map(({ code, name }) => ({ code, name }))
        expect(read).toEqual(kept)
      }),
    )
  })

  it('never hands a spreadsheet a formula', () => {
    expect(writeCsv(columns, [{ code: '=1+1', name: '@x' }])).toContain("'=1+1,'@x")
  })

  it('names the line that is not right', () => {
    const line = (text: string): unknown => {
      try {
        return readCsv(text, columns)
      } catch (error) {
        return (error as { detail: { line: number } }).detail.line
      }
    }
    expect(line('code\nG1')).toBe(1)
    expect(line('code,name\nG1,甲\nG2,乙,多')).toBe(3)
    expect(line('code,name\nG1,"甲')).toBe(2)
    expect(line('')).toBe(1)
  })

  it('counts lines through a field with a break in it', () => {
    expect(readCsv('code,name\r\nG1,"甲\n乙"\r\nG2,丙\r\n', columns)).toEqual([
      { line: 2, code: 'G1', name: '甲\n乙' },
      { line: 4, code: 'G2', name: '丙' },
    ])
  })
})
