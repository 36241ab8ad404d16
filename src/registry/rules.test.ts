import { expect, test } from 'vitest'
import { requireName } from './rules.ts'

test('a name is kept without the blanks around it', () => {
  expect(requireName(' 一 ')).toBe('一')
})

test('nothing but blanks is refused', () => {
  expect(() => requireName('  ')).toThrow('registry.name_needed')
})
