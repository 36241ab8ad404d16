import { expect, test } from 'vitest'
import { entriesPath, ledgerSearch } from './search.ts'

const id = '01980000-0000-7000-8000-330411000003'

test('only whole ids and days stand in the address', () => {
  expect(ledgerSearch({ subject: id, actor: `${id}x`, day: '2026-11-21' })).toEqual({ subject: id, day: '2026-11-21' })
  expect(ledgerSearch({ subject: "' or 1=1", day: 'today' })).toEqual({})
})

test('a thing’s history is one list; person and day narrow the whole', () => {
  expect(entriesPath({ subject: id, day: '2026-11-21' })).toBe(`/ledger/subjects/${id}/entries?limit=50`)
  expect(entriesPath({ actor: id, day: '2026-11-21' })).toBe(`/ledger/entries?limit=30&actor=${id}&day=2026-11-21`)
  expect(entriesPath({})).toBe('/ledger/entries?limit=30')
})
