import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { en } from './en.ts'
import { spaced } from './text.ts'
import { zhDesk } from './zh-CN.desk.ts'
import { zhCN as everywhere } from './zh-CN.ts'

const zhCN = { ...everywhere, ...zhDesk }

const web = fileURLToPath(new URL('../..', import.meta.url))
const sources = readdirSync(web, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) =>
      /\.tsx?$/.test(name) &&
      !/(?:^|\/)(?:dist|node_modules)\/|\.test\.|i18n\/(?:zh-CN|zh-CN\.desk|en)\.ts$/.test(name),
  )
  .map((name) => ({ name, text: readFileSync(`${web}/${name}`, 'utf8') }))
const written = sources.map(({ text }) => text).join('\n')
const beyondDesk = sources.flatMap(({ name, text }) => (name.startsWith('console/') ? [] : [text])).join('\n')

test('no page beyond the desk says a text that only the desk fetches, and no text is in both', () => {
  expect(Object.keys(zhDesk).filter((key) => beyondDesk.includes(`'${key}'`))).toEqual([])
  expect(Object.keys(zhDesk).filter((key) => Object.hasOwn(everywhere, key))).toEqual([])
})

test('both languages have the same texts and none is empty', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort())
  expect(Object.entries({ ...zhCN }).filter(([, text]) => text.trim() === '')).toEqual([])
  expect(Object.entries(en).filter(([, text]) => text.trim() === '')).toEqual([])
})

test('no text is left that no page says', () => {
  expect(sources.length).toBeGreaterThan(50)
  expect(Object.keys(zhCN).filter((key) => !written.includes(`'${key}'`))).toEqual([])
})

test('the Chinese face has no English left, the English one no Chinese', () => {
  const latinWords = /[A-Za-z]{2,}/g
  // Words that people read in Latin letters in Chinese texts too.
  const usual = new Set(['GPS', 'https', 'json', 'geojson', 'Ctrl', 'QQ', 'PDF', 'SHA', 'Excel'])
  const left = Object.entries(zhCN).flatMap(([key, text]) => {
    const plain = text.replace(/\{\w+\}/g, '')
    return (plain.match(latinWords) ?? []).filter((word) => !usual.has(word)).map((word) => `${key}: ${word}`)
  })
  expect(left).toEqual([])
  expect(Object.entries(en).filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([])
})

test('both languages fill the same gaps', () => {
  const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()
  const differing = Object.keys(zhCN).filter((key) => {
    const name = key as keyof typeof zhCN
    return JSON.stringify(gaps(zhCN[name])) !== JSON.stringify(gaps(en[name]))
  })
  expect(differing).toEqual([])
})

test('a thin space stands between Chinese and Latin', () => {
  expect(spaced('还剩 2 个工作日')).toBe('还剩\u20092\u2009个工作日')
  expect(spaced('共3件')).toBe('共\u20093\u2009件')
  expect(spaced('今天 15:30')).toBe('今天\u200915:30')
  expect(spaced('plain text 3')).toBe('plain text 3')
})
