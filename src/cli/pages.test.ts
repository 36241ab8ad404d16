import { describe, expect, test } from 'vitest'
import { sourcesHash } from './pages.ts'

describe('sourcesHash', () => {
  test('is the same for the same sources', () => {
    expect(sourcesHash()).toMatch(/^[0-9a-f]{64}$/)
    expect(sourcesHash()).toBe(sourcesHash())
  })
})
