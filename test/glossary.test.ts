import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { areaKinds } from '../src/grid/areas/contract.ts'
import { shippedRoles } from '../src/grid/posts/roles.ts'

const text = readFileSync('docs/glossary.md', 'utf8')
/** Code words of the tables; the words kept for later carry no backticks. */
const listed = [...text.matchAll(/^\| [^|]+ \| `(\w+)` \|/gm)].map((match) => match[1] ?? '')

const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const tables = [...readFileSync('db/schema.sql', 'utf8').matchAll(/^CREATE TABLE (?:public\.)?(\w+)/gim)].map((match) =>
  camel(match[1] ?? ''),
)
const rooms = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['cli', 'seed'].includes(entry.name))
  .map(({ name }) => name)

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(ts|json|sql)$/.test(entry.name) ? [readFileSync(path, 'utf8')] : []
  })
}
const words = new Set(
  [...sources('src'), ...sources('packs'), ...sources('db')].flatMap((source) => source.match(/\w+/g) ?? []),
)

test('there is something to compare', () => {
  expect(listed.length).toBeGreaterThan(80)
  expect(tables.length).toBeGreaterThan(40)
  expect(words.size).toBeGreaterThan(2000)
})

describe('whatever the code names is explained', () => {
  test.each([
    ['tables', tables],
    ['rooms', rooms],
    ['kinds of area', [...areaKinds]],
    ['roles', shippedRoles.map(({ code }) => code)],
    ['units of time', ['workHour', 'workday', 'urgentHour', 'calendarDay']],
    ['seats', ['system', 'security', 'audit']],
  ])('%s', (_what, names) => {
    expect(names.length).toBeGreaterThan(2)
    expect(names.filter((name) => !listed.includes(name))).toEqual([])
  })
})

test('whatever is explained is in the code', () => {
  expect(listed.filter((word) => !words.has(word) && !words.has(snake(word)))).toEqual([])
})

test('each word is explained once, except those that name two things on purpose', () => {
  const twice = listed.filter((word, index) => listed.indexOf(word) !== index)
  expect(twice).toEqual(['grid', 'duty'])
})
