import { expect, test } from 'vitest'
import { filterOf, isFiltered, listPath, sameFilter, workSearch } from './search.ts'

test('an address gives the filters it names, and nothing that is none', () => {
  const search = workSearch({ scope: 'overdue', tone: 'running', due: 'constructor', text: 12, holder: '', evil: 'x' })
  expect(filterOf(search)).toEqual({ scope: 'overdue', tone: 'running', text: '12' })
  expect(workSearch({ scope: 'toString' }).scope).toBe('mine')
})

test('the list asks for its filters and not for the view’s name', () => {
  expect(listPath(workSearch({ scope: 'all', view: 'v', from: '2026-11-01' }))).toBe(
    '/matters?limit=50&from=2026-11-01&scope=all'.replace('from=2026-11-01&scope=all', 'scope=all&from=2026-11-01'),
  )
})

test('a view is the same whatever order its filters stand in', () => {
  expect(sameFilter({ scope: 'open', text: '灯' }, { text: '灯', scope: 'open' })).toBe(true)
  expect(sameFilter({ scope: 'open' }, { scope: 'all' })).toBe(false)
})

test('sorting alone is no filter', () => {
  expect(isFiltered(workSearch({ scope: 'open', sort: 'due' }))).toBe(false)
  expect(isFiltered(workSearch({ scope: 'open', channel: 'phone' }))).toBe(true)
})
