import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allFaults } from '../src/kernel/faults.ts'
import '../src/server.ts'

const sources = globSync('src/**/*.ts', { exclude: (path) => path.endsWith('.test.ts') }).map((path) =>
  readFileSync(path, 'utf8'),
)
const faults = [...allFaults()]
/** Codes that stand anywhere in the sources other than where they are declared. */
const named = new Set(
  sources.flatMap((text) => [...text.matchAll(/'([a-z]+\.[a-z0-9_]+)'(?!:)/g)].map((match) => match[1]!)),
)
const thrown = new Set(
  sources.flatMap((text) => [...text.matchAll(/new Fault\(\s*'([^']+)'/g)].map((match) => match[1]!)),
)

describe('faults', () => {
  test('there are some, thrown and declared', () => {
    expect(faults.length).toBeGreaterThan(40)
    expect(thrown.size).toBeGreaterThan(40)
  })

  test('every one that is thrown is declared', () => {
    expect([...thrown].filter((code) => !allFaults().has(code))).toEqual([])
  })

  test('every one that is declared is used', () => {
    expect(faults.map(([code]) => code).filter((code) => !named.has(code))).toEqual([])
  })

  test('every one answers with an error and says it in both languages, with the same facts', () => {
    const facts = (text: string): string[] =>
      [...new Set([...text.matchAll(/\{(\w+?)(Zh|En)?\}/g)].map((match) => match[1]!))].toSorted()
    for (const [code, { status, zh, en }] of faults) {
      expect(status, code).toBeGreaterThanOrEqual(400)
      expect(status, code).toBeLessThan(600)
      expect(zh, code).toMatch(/[\u4e00-\u9fff].*[。！？}]$/)
      expect(en, code).toMatch(/^[^\u4e00-\u9fff]+[.!?}]$/)
      expect(facts(zh), code).toEqual(facts(en))
    }
  })
})
