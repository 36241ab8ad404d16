import { expect, test } from 'vitest'
import { exactTime, saidDay, saidTime } from './dates.ts'

const thin = '\u2009'
/** Saturday 21 November 2026, 20:00 in Beijing. */
const now = new Date('2026-11-21T12:00:00Z')

test('times are said as people say them, on Beijing time', () => {
  expect(saidTime('2026-11-21T07:30:00Z', now)).toBe(`今天${thin}15:30`)
  expect(saidTime('2026-11-20T16:30:00Z', now)).toBe(`今天${thin}00:30`)
  expect(saidTime('2026-11-20T15:30:00Z', now)).toBe(`昨天${thin}23:30`)
  expect(saidTime('2026-11-22T01:00:00Z', now)).toBe(`明天${thin}09:00`)
  expect(saidTime('2026-11-26T09:00:00Z', now)).toBe(`周四${thin}17:00`)
})

test('farther days carry month and day, other years the year and no clock', () => {
  expect(saidTime('2026-11-03T00:20:00Z', now)).toBe(`11${thin}月${thin}3${thin}日${thin}08:20`)
  expect(saidTime('2025-06-01T00:20:00Z', now)).toBe(`2025${thin}年${thin}6${thin}月${thin}1${thin}日`)
  expect(saidDay('2026-11-21T07:30:00Z', now)).toBe('今天')
})

test('the exact time tells the weekday and the second', () => {
  expect(exactTime('2026-11-21T07:30:05Z')).toBe(
    `2026${thin}年${thin}11${thin}月${thin}21${thin}日${thin}周六${thin}15:30:05`,
  )
})
