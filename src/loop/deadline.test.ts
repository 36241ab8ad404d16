import { describe, expect, it } from 'vitest'
import { makeCalendar } from '../kernel/calendar.ts'
import {
  briefDeadline,
  countDeadline,
  explainedDeadline,
  extendClock,
  isPaused,
  noClock,
  pauseClock,
  resumeClock,
  startClock,
} from './deadline.ts'

const calendar = makeCalendar()
const monday = new Date('2026-11-16T01:30:00Z')
const row = (clock: ReturnType<typeof startClock>) => {
  const counted = countDeadline(calendar, clock)!
  return {
    dueAt: counted.paused ? null : counted.dueAt,
    dueProvisional: counted.provisional,
    clock,
    unit: clock.unit,
    closedAt: null,
  }
}

describe('the clock of a matter', () => {
  it('is due after its working time and says so', () => {
    const due = explainedDeadline(calendar, row(startClock(monday, 1, 'workday')), monday, 'zh-CN')
    expect(due?.dueAt).toBe('2026-11-17T01:30:00.000Z')
    expect(due?.sentence).toContain('1 个工作日')
    expect(due?.overdue).toBe(false)
  })

  it('stands while paused, and moves on by as much as it stood', () => {
    const running = startClock(monday, 8, 'workHour')
    const paused = pauseClock(running, new Date('2026-11-16T02:30:00Z'), '等反映人补充')
    expect(isPaused(paused)).toBe(true)
    expect(pauseClock(paused, monday, '再停一次')).toBe(paused)
    expect(countDeadline(calendar, paused)?.paused).toBe(true)
    const resumed = resumeClock(paused, new Date('2026-11-16T03:30:00Z'))
    expect(isPaused(resumed)).toBe(false)
    const shift = countDeadline(calendar, resumed)!.dueAt.getTime() - countDeadline(calendar, running)!.dueAt.getTime()
    expect(shift).toBe(3_600_000)
  })

  it('gets later by an extension, with its reason in the sentence', () => {
    const extended = extendClock(startClock(monday, 1, 'workday'), { amount: 2, unit: 'workday', reason: '等配件到货' })
    const due = explainedDeadline(calendar, row(extended), monday, 'zh-CN')
    expect(due?.dueAt).toBe('2026-11-19T01:30:00.000Z')
    expect(due?.sentence).toContain('等配件到货')
  })

  it('has no deadline without a limit or after the end', () => {
    expect(countDeadline(calendar, noClock)).toBeNull()
    expect(pauseClock(noClock, monday, 'x')).toBe(noClock)
    expect(extendClock(noClock, { amount: 1, unit: 'workday', reason: 'x' })).toBe(noClock)
    expect(
      briefDeadline(calendar, { ...row(startClock(monday, 1, 'workday')), closedAt: monday }, monday, 'en'),
    ).toBeNull()
  })

  it('is overdue once the instant has passed', () => {
    const late = new Date('2026-11-17T02:30:00Z')
    const due = briefDeadline(calendar, row(startClock(monday, 1, 'workday')), late, 'zh-CN')
    expect(due).toMatchObject({ overdue: true })
    expect(due?.left).toMatch(/超期/)
  })
})
