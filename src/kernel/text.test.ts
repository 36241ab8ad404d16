import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from './faults.ts'
import { characterCount, cleanText } from './text.ts'

const line = (text: string) => cleanText(text, { maxLength: 100 })
const lines = (text: string) => cleanText(text, { maxLength: 100, multiline: true })

describe('cleanText', () => {
  it.each([
    ['ends are trimmed', '  路灯不亮 \u3000', '路灯不亮'],
    ['NUL goes', '路\u0000灯', '路灯'],
    ['right-to-left override goes', '照片\u202Egpj.exe', '照片gpj.exe'],
    ['isolates go', '\u2066王\u2069店', '王店'],
    ['zero-width space and BOM go', '\uFEFF王\u200B店', '王店'],
    ['a joiner between hanzi goes', '王\u200D店', '王店'],
    ['soft hyphen goes', 'ab\u00ADc', 'abc'],
    ['decomposed letters are composed', 'e\u0301', '\u00E9'],
    ['a lone surrogate cannot reach the database', '王\uD800店', '王\uFFFD店'],
    ['tabs and line breaks become spaces', '一\t二\n三', '一 二 三'],
    ['a family stays one picture', '👨‍👩‍👧‍👦好', '👨‍👩‍👧‍👦好'],
    ['skin tones and presentation stay', '🧑🏽‍🚒❤️', '🧑🏽‍🚒❤️'],
    [
      'flags made of tags stay',
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    ],
    ['stray tags go', '王\u{E0067}店', '王店'],
    ['a rare name typed with a private-use character stays', '王\uE000', '王\uE000'],
  ])('%s', (_, input, expected) => {
    expect(line(input)).toBe(expected)
  })

  it('keeps line breaks where they are allowed, in one form', () => {
    expect(lines('一\r\n二\u2028三\r四')).toBe('一\n二\n三\n四')
    expect(lines('一\n\n\n\n\n\n二')).toBe('一\n\n二')
  })

  it('refuses what is too long or too short with a message in both languages', () => {
    const refused = (action: () => unknown) => {
      try {
        action()
      } catch (error) {
        if (error instanceof Fault) return error
      }
      throw new Error('was not refused')
    }
    const long = refused(() => cleanText('长'.repeat(101), { maxLength: 100, path: 'text' }))
    expect(long.code).toBe('kernel.invalid_input')
    expect(long.detail.fields).toEqual([
      expect.objectContaining({
        path: 'text',
        zh: '最多 100 个字，现有 101 个。',
        en: 'At most 100 characters; this has 101.',
      }),
    ])
    expect(refused(() => cleanText(' \u200B ', { maxLength: 10, minLength: 1 })).code).toBe('kernel.invalid_input')
  })

  it('counts a character outside the basic plane once', () => {
    expect(characterCount('𠮷野家')).toBe(3)
    expect(cleanText('𠮷'.repeat(100), { maxLength: 100 })).toHaveLength(200)
  })

  it('cleans a megabyte of hostile characters quickly', () => {
    const started = performance.now()
    expect(() => line('👨\u200D'.repeat(300_000))).toThrow(Fault)
    expect(lines('\u202E'.repeat(1_000_000))).toBe('')
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('is stable: cleaning twice changes nothing, and nothing unseen is left', () => {
    const hostile = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\u200D', '👩', '\u202E', '\n', ' ', 'e', '\u0301', '\u0000', '🏽', '\uFE0F'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 30,
    })
    fc.assert(
      fc.property(hostile, (text) => {
        const once = cleanText(text, { maxLength: 1_000, multiline: true })
        expect(cleanText(once, { maxLength: 1_000, multiline: true })).toBe(once)
        expect(once).not.toMatch(/(?!\n)\p{Cc}|[\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u)
        expect(once).toBe(once.normalize('NFC'))
      }),
    )
  })
})
