import { expect, test } from 'vitest'
import { dayIn } from '../dates.ts'
import { monthAway, weeksOf } from './months.ts'

test('a month is laid out in weeks from Monday', () => {
  const weeks = weeksOf('2026-11')
  expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
  expect(weeks.at(-1)?.[0]).toBe('2026-11-30')
  expect(weeksOf('2027-02')).toHaveLength(4)
  expect(weeksOf('2028-02').flat().filter(Boolean)).toHaveLength(29)
})

test('months go on over the year’s end', () => {
  expect(monthAway('2026-12', 1)).toBe('2027-01')
  expect(monthAway('2026-01', -1)).toBe('2025-12')
})

test('a late evening here is the same day in Beijing, whatever the phone’s clock is set to', () => {
  expect(dayIn(new Date('2026-11-15T15:59:00Z'))).toBe('2026-11-15')
  expect(dayIn(new Date('2026-11-15T16:00:00Z'))).toBe('2026-11-16')
})
