import { expect, test } from 'vitest'
import { newId } from './ids.ts'

test('ids are UUIDv7, in the order of time, never twice', () => {
  const at = Date.parse('2026-11-21T12:00:00Z')
  expect(newId(at)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(newId(at).replaceAll('-', '').slice(0, 12), 16)).toBe(at)
  expect(newId(at) < newId(at + 1)).toBe(true)
  expect(new Set(Array.from({ length: 1000 }, () => newId(at))).size).toBe(1000)
})
