import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { zhDesk } from '../web/shared/i18n/zh-CN.desk.ts'
import { zhCN } from '../web/shared/i18n/zh-CN.ts'
import { en } from '../web/shared/i18n/en.ts'
import { firstThings } from './support/first-things.ts'

const page = readFileSync('docs/first-things.md', 'utf8')
const texts = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(`packs/event/texts.${language}.json`, 'utf8')) as Record<string, string>

/** Every name that a page or the everyday pack shows, in both languages. */
const shown = new Set<string>()
for (const [chinese, english] of [
  [{ ...zhCN, ...zhDesk }, en],
  [texts('zh-CN'), texts('en')],
] as [Record<string, string>, Record<string, string>][])
  for (const [key, name] of Object.entries(chinese)) shown.add(`${name} ${english[key] ?? ''}`)

test('every button and place that the page of first things names is called so in both languages', () => {
  const named = [...page.matchAll(/「([^」]+)」 \*([^*]+)\*/g)].map(([, chinese, english]) => `${chinese} ${english}`)
  expect(named.length).toBeGreaterThan(40)
  expect(named.filter((name) => !shown.has(name) && name !== 'Chinese English')).toEqual([])
})

test('the page has three things for each role that the sign-in page of the demo lists', () => {
  const rows = page.split('\n').filter((line) => /^\| .*\((phone|desk)\) \|/.test(line))
  expect(rows).toHaveLength(firstThings.length)
  for (const row of rows) expect(row.split(' | ').filter((cell) => cell.trim().length > 5).length).toBe(4)
})
