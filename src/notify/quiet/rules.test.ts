import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterQuiet } from './rules.ts'

/** Hours of Beijing. */
const at = (clock: string) => new Date(`2026-11-16T${clock}:00+08:00`)
const night = { from: '21:30', until: '07:00' }

test.each([
  ['21:29', '21:29'],
  ['07:00', '07:00'],
  ['12:00', '12:00'],
  ['02:00', '07:00'],
])('over midnight: %s is heard at %s', (now, heard) => expect(afterQuiet(at(now), night)).toEqual(at(heard)))

test('what comes late in the evening is heard the next morning', () => {
  expect(afterQuiet(at('23:00'), night)).toEqual(new Date('2026-11-17T07:00:00+08:00'))
})

test('nobody’s hours, or equal ones, are no silence', () => {
  expect(afterQuiet(at('02:00'), undefined)).toEqual(at('02:00'))
  expect(afterQuiet(at('02:00'), { from: '02:00', until: '02:00' })).toEqual(at('02:00'))
})

test('never earlier, never a day later, and outside of the silence', () => {
  const clock = fc.integer({ min: 0, max: 1439 }).map((minute) => {
    const two = (number: number) => String(number).padStart(2, '0')
    return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
  })
  fc.assert(
    fc.property(clock, clock, clock, (now, from, until) => {
      const heard = afterQuiet(at(now), { from, until })
      expect(heard.getTime()).toBeGreaterThanOrEqual(at(now).getTime())
      expect(heard.getTime() - at(now).getTime()).toBeLessThan(86_400_000)
      expect(afterQuiet(heard, { from, until })).toEqual(heard)
    }),
  )
})
