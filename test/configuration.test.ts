import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settings, type Setting } from '../src/kernel/config.ts'

test('docs/configuration.md says of each setting what the code says, in the same order', () => {
  const page = readFileSync('docs/configuration.md', 'utf8')
  const rows = [...page.matchAll(/^\| `([A-Z0-9_]+)` \| (.*?) \| (.+) \|$/gm)].map(([, name, fallback, about]) => ({
    name,
    fallback,
    about,
  }))
  const expected = (settings as readonly Setting[]).map(({ name, fallback, about }) => ({
    name,
    fallback: fallback === '' ? '' : `\`${fallback}\``,
    about,
  }))
  expect(rows).toEqual(expected)
  expect(rows.length).toBeGreaterThan(15)
})
