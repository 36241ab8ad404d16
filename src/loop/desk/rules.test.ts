import { describe, expect, it } from 'vitest'
import { asksMore, dayBegin, filterCodes, holderIn, holderText, searchOf } from './rules.ts'

const asking = {
  county: '330411',
  paths: ['330411'],
  hands: { roles: ['townDispatcher'], units: [''], paths: ['330411/330411105'], account: 'a' },
  now: new Date('2026-11-16T01:30:00Z'),
  soon: new Date('2026-11-17T01:30:00Z'),
}

describe('a filter', () => {
  it('takes days as they are in China, the last one whole', () => {
    const search = searchOf({ from: '2026-11-01', to: '2026-11-01' }, asking)
    expect(search.reportedFrom).toEqual(new Date('2026-10-31T16:00:00Z'))
    expect(search.reportedUntil).toEqual(new Date('2026-11-01T16:00:00Z'))
    expect(dayBegin('2026-02-30')).toBeUndefined()
  })

  it('names a post by role, department and area, and reads it back', () => {
    const post = { role: 'departmentHandler', unit: 'cityCare', path: '330411/330411105' }
    expect(holderIn(holderText(post))).toEqual(post)
    expect(holderIn('gridChief.@330411')).toEqual({ role: 'gridChief', unit: '', path: '330411' })
  })

  it.each([
    [{}, 'newest', true],
    [{ scope: 'mine' }, 'due', true],
    [{ scope: 'closed' }, 'newest', false],
    [{ scope: 'all' }, 'newest', undefined],
    [{ scope: 'all', due: 'overdue' }, 'newest', true],
    [{ scope: 'mine', sort: 'oldest' }, 'oldest', true],
  ] as const)('%o is sorted by %s and open: %s', (filter, sort, open) => {
    expect(searchOf(filter, asking)).toMatchObject({ sort, open })
  })

  it('says due soon from now on and overdue up to now, so that nothing is both', () => {
    expect(searchOf({ scope: 'overdue' }, asking)).toMatchObject({ dueFrom: null, dueUntil: asking.now })
    expect(searchOf({ scope: 'dueSoon' }, asking)).toMatchObject({ dueFrom: asking.now, dueUntil: asking.soon })
  })

  it('asks the plain lists as long as they know the answer', () => {
    expect(asksMore({ scope: 'open', state: 'reported', area: '330411' })).toBe(false)
    expect(asksMore({ scope: 'mine' })).toBe(false)
    expect(asksMore({ scope: 'mine', category: '0101' })).toBe(true)
    expect(asksMore({ text: '路灯' })).toBe(true)
  })

  it('leaves no typed word in the ledger', () => {
    expect(filterCodes({ text: '张三家', state: 'reported', area: '330411/330411105' })).toEqual([
      'state=reported',
      'text',
      'area',
    ])
  })
})
