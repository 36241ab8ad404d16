import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dueAfter,
  explainDeadline,
  isOfficeTime,
  makeCalendar,
  missingYears,
  nextOfficeTime,
  type Pause,
  remaining,
  sayRemaining,
  shippedHolidays,
  type TimeUnit,
  workdaysBetween,
  workingTimeBetween,
} from './calendar.ts'

const HOUR = 3_600_000
const calendar = makeCalendar()
const china = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const shown = (at: Date) => new Date(at.getTime() + 8 * HOUR).toISOString().slice(0, 16).replace('T', ' ')
const due = (from: string, amount: number, unit: TimeUnit, pauses: Pause[] = []) =>
  dueAfter(calendar, china(from), { amount, unit }, pauses)

describe('the shipped list', () => {
  it('covers 2004 to 2026 and not the year that nobody has published', () => {
    const years = [...shippedHolidays.years].sort()
    expect(years).toEqual(Array.from({ length: 23 }, (_, index) => 2004 + index))
    expect(shippedHolidays.years.has(2027)).toBe(false)
  })
  it.each([
    ['2025-01-26', true],
    ['2025-01-28', false],
    ['2025-02-04', false],
    ['2025-02-08', true],
    ['2025-04-27', true],
    ['2025-05-05', false],
    ['2025-05-31', false],
    ['2025-09-28', true],
    ['2025-10-08', false],
    ['2025-10-09', true],
    ['2025-10-11', true],
    ['2026-01-02', false],
    ['2026-01-04', true],
    ['2026-02-14', true],
    ['2026-02-23', false],
    ['2026-02-28', true],
    ['2026-04-06', false],
    ['2026-05-09', true],
    ['2026-06-19', false],
    ['2026-09-20', true],
    ['2026-09-25', false],
    ['2026-10-07', false],
    ['2026-10-10', true],
    ['2026-11-21', false],
  ])('%s works: %s', (on, works) => {
    expect(isOfficeTime(calendar, china(`${on} 10:00`))).toBe(works)
  })
})

describe('due', () => {
  it.each<[from: string, amount: number, unit: TimeUnit, dueAt: string, why: string]>([
    ['2026-11-16 10:00', 1, 'workday', '2026-11-17 10:00', 'from Monday to Tuesday, same time'],
    ['2026-11-21 20:00', 3, 'workday', '2026-11-25 17:30', 'a report on Saturday night begins to count on Monday'],
    ['2026-11-20 16:00', 2, 'workHour', '2026-11-23 09:00', 'over the weekend'],
    ['2026-11-20 11:00', 2, 'workHour', '2026-11-20 14:30', 'over lunch'],
    ['2026-11-20 12:30', 1, 'workHour', '2026-11-20 14:30', 'from lunch'],
    ['2026-11-20 08:30', 7.5, 'workHour', '2026-11-20 17:30', 'a whole day ends at the close, not at the next opening'],
    ['2026-02-13 10:00', 3, 'workday', '2026-02-25 10:00', 'Spring Festival 2026: Saturday 14 works, 15–23 off'],
    ['2025-09-26 10:00', 4, 'workday', '2025-10-09 10:00', 'National Day 2025: Sunday 28 works'],
    ['2025-01-24 17:30', 2, 'workday', '2025-01-27 17:30', 'Sunday 26 January 2025 works'],
    ['2026-11-20 17:00', 4, 'urgentHour', '2026-11-20 21:00', 'urgent hours run on'],
    ['2026-10-01 02:00', 2, 'urgentHour', '2026-10-01 04:00', 'at night and on a holiday'],
    ['2026-11-16 10:00', 7, 'calendarDay', '2026-11-23 17:30', 'ends with the office'],
    ['2026-11-16 10:00', 5, 'calendarDay', '2026-11-23 17:30', 'a Saturday moves to Monday'],
    ['2026-11-16 10:00', 0, 'workday', '2026-11-16 10:00', 'nothing allowed'],
  ])('%s + %d %s = %s (%s)', (from, amount, unit, dueAt) => {
    expect(shown(due(from, amount, unit).dueAt)).toBe(dueAt)
  })

  it('takes pauses out, overlapping ones once, those before the start not at all', () => {
    const pause = (from: string, to: string | null): Pause => ({
      from: china(from),
      to: to ? china(to) : null,
      reason: '等待补充',
    })
    expect(shown(due('2026-11-20 10:00', 4, 'workHour', [pause('2026-11-20 11:00', '2026-11-20 14:00')]).dueAt)).toBe(
      '2026-11-20 17:00',
    )
    expect(
      shown(
        due('2026-11-20 10:00', 4, 'workHour', [
          pause('2026-11-20 11:00', '2026-11-20 14:00'),
          pause('2026-11-20 10:30', '2026-11-20 11:30'),
        ]).dueAt,
      ),
    ).toBe('2026-11-20 17:30')
    expect(shown(due('2026-11-20 10:00', 1, 'workHour', [pause('2026-11-20 08:00', '2026-11-20 09:00')]).dueAt)).toBe(
      '2026-11-20 11:00',
    )
    expect(
      shown(
        due('2026-11-20 10:00', 2, 'urgentHour', [
          pause('2026-11-20 11:00', '2026-11-20 12:00'),
          pause('2026-11-20 12:30', '2026-11-20 13:00'),
        ]).dueAt,
      ),
    ).toBe('2026-11-20 13:30')
    const open = due('2026-11-20 10:00', 2, 'workHour', [pause('2026-11-20 11:00', null)])
    expect(open.paused).toBe(true)
    expect(explainDeadline(open, 'zh-CN', china('2026-11-20 12:00'))).toBe('已暂停计时：2 个工作时；暂停中（等待补充）')
  })

  it('counts extensions from where the limit stood', () => {
    const deadline = dueAfter(calendar, china('2026-11-16 10:00'), {
      amount: 1,
      unit: 'workday',
      extensions: [{ amount: 2, unit: 'workday', reason: '需要专业检测' }],
    })
    expect(shown(deadline.dueAt)).toBe('2026-11-19 10:00')
    expect(explainDeadline(deadline, 'zh-CN', china('2026-11-16 10:00'))).toBe(
      '周四 10:00 到期：1 个工作日；延期 2 个工作日（需要专业检测）',
    )
  })

  it('follows the county where it differs, with its own hours', () => {
    const own = makeCalendar({
      overrides: {
        '2026-11-17': { works: false, name: { zh: '台风停工', en: 'typhoon' } },
        '2026-11-22': { works: true, hours: [{ from: '09:00', to: '12:00' }] },
      },
    })
    const deadline = dueAfter(own, china('2026-11-16 10:00'), { amount: 5, unit: 'workday' })
    expect(shown(deadline.dueAt)).toBe('2026-11-23 10:00')
    const sentence = explainDeadline(deadline, 'zh-CN', china('2026-11-16 10:00'))
    expect(sentence).toContain('11月17日本县安排放假（台风停工）')
    expect(sentence).toContain('11月22日本县安排上班')
    expect(workingTimeBetween(own, china('2026-11-22 00:00'), china('2026-11-23 00:00'))).toBe(3 * HOUR)
  })

  it('goes on with plain weekdays in a year that is missing, and says so', () => {
    const deadline = due('2026-12-31 10:00', 3, 'workday')
    expect(shown(deadline.dueAt)).toBe('2027-01-05 10:00')
    expect(deadline.provisional).toBe(true)
    expect(explainDeadline(deadline, 'zh-CN', china('2026-12-31 10:00'))).toContain('2027 年放假安排尚未公布')
    expect(due('2026-12-31 10:00', 10, 'urgentHour').provisional).toBe(false)
    expect(due('2026-12-28 10:00', 2, 'workday').provisional).toBe(false)
    const arrived = makeCalendar({
      holidays: {
        ...shippedHolidays,
        rest: new Map([...shippedHolidays.rest, ['2027-01-01', { zh: '元旦', en: 'New Year' }]]),
        years: new Set([...shippedHolidays.years, 2027]),
      },
    })
    const anew = dueAfter(arrived, china('2026-12-31 10:00'), { amount: 3, unit: 'workday' })
    expect([anew.provisional, shown(anew.dueAt)]).toEqual([false, '2027-01-06 10:00'])
    expect(missingYears(calendar, china('2026-11-21 10:00'), china('2027-03-01 10:00'))).toEqual([2027])
  })

  it.each([-1, NaN, Infinity, 100_001])('refuses %d', (amount) => {
    expect(() => due('2026-11-16 10:00', amount, 'workday')).toThrow(RangeError)
  })
  it.each([
    [[]],
    [[{ from: '12:00', to: '08:00' }]],
    [
      [
        { from: '08:00', to: '12:00' },
        { from: '11:00', to: '13:00' },
      ],
    ],
    [[{ from: '8', to: '9' }]],
    [[{ from: '08:00', to: '24:01' }]],
  ])('refuses office hours %j', (officeHours) => {
    expect(() => makeCalendar({ officeHours })).toThrow(RangeError)
  })
})

describe('sentences', () => {
  it('explains as design.md promises', () => {
    const pauses = [
      {
        from: china('2026-02-27 10:00'),
        to: china('2026-02-28 08:30'),
        reason: { zh: '等待反映人补充', en: 'waiting for the reporter' },
      },
    ]
    const deadline = due('2026-02-27 10:00', 1, 'workday', pauses)
    expect(explainDeadline(deadline, 'zh-CN', china('2026-02-27 10:00'))).toBe(
      '明天 17:30 到期：1 个工作日；明天为调休上班日；暂停 6 小时（等待反映人补充）',
    )
    expect(explainDeadline(deadline, 'en', china('2026-02-24 10:00'))).toBe(
      'Due Saturday 17:30: 1 workday; Saturday is a make-up workday; paused 6 h (waiting for the reporter)',
    )
  })
  it('names holidays in one piece, and dates that are far', () => {
    const deadline = due('2026-09-30 10:00', 3, 'workday')
    expect(explainDeadline(deadline, 'zh-CN', china('2026-09-30 10:00'))).toBe(
      '10月10日（周六）10:00 到期：3 个工作日；10月1日至7日国庆节放假不计；10月10日（周六）为调休上班日',
    )
    expect(explainDeadline(deadline, 'en', china('2026-09-30 10:00'))).toBe(
      'Due Sat 10 Oct 10:00: 3 workdays; National Day holiday (1–7 Oct) is not counted; Sat 10 Oct is a make-up workday',
    )
  })
  it.each<[now: string, dueAt: string, unit: TimeUnit, zh: string, en: string]>([
    ['2026-11-16 10:00', '2026-11-18 10:00', 'workday', '还剩 2 个工作日', '2 workdays left'],
    ['2026-11-16 10:00', '2026-11-18 09:59', 'workday', '还剩 1 个工作日', '1 workday left'],
    ['2026-11-20 17:00', '2026-11-23 09:30', 'workday', '还剩 1 个工作时', '1 working hour left'],
    ['2026-11-20 17:00', '2026-11-20 17:20', 'workHour', '还剩 20 分钟', '20 minutes left'],
    ['2026-11-20 17:00', '2026-11-20 20:00', 'urgentHour', '还剩 3 小时', '3 hours left'],
    ['2026-11-20 17:00', '2026-11-16 17:00', 'workday', '已超期 4 个工作日', '4 workdays overdue'],
    ['2026-11-21 12:00', '2026-11-20 17:30', 'workday', '刚刚超期', 'Just overdue'],
  ])('%s, due %s in %s: %s', (now, dueAt, unit, zh, en) => {
    const left = remaining(calendar, china(now), china(dueAt), unit)
    expect([sayRemaining(left, 'zh-CN'), sayRemaining(left, 'en')]).toEqual([zh, en])
  })
})

describe('office time', () => {
  it.each([
    ['2026-11-21 10:00', '2026-11-23 08:30'],
    ['2026-11-20 12:10', '2026-11-20 13:30'],
    ['2026-11-20 09:00', '2026-11-20 09:00'],
    ['2026-11-20 17:30', '2026-11-23 08:30'],
    ['2026-09-30 18:00', '2026-10-08 08:30'],
    ['2026-11-20 03:00', '2026-11-20 08:30'],
  ])('after %s opens %s', (at, opens) => {
    expect(shown(nextOfficeTime(calendar, china(at)))).toBe(opens)
  })
})

describe('promises', () => {
  const instant = fc
    .integer({ min: china('2025-01-01 00:00').getTime(), max: china('2026-11-01 00:00').getTime() })
    .map((ms) => new Date(ms))
  const unit = fc.constantFrom<TimeUnit>('workHour', 'workday', 'urgentHour', 'calendarDay')
  const amount = fc.integer({ min: 0, max: 25 })
  const office = fc.constantFrom<TimeUnit>('workHour', 'workday')

  it('a later start is never due earlier, and nothing is due before it starts', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 20 * 24 * HOUR }), amount, unit, (from, later, count, of) => {
        const first = dueAfter(calendar, from, { amount: count, unit: of }).dueAt.getTime()
        const second = dueAfter(calendar, new Date(from.getTime() + later), { amount: count, unit: of }).dueAt.getTime()
        expect(second).toBeGreaterThanOrEqual(first)
        // calendarDay 0 may close earlier the same day than it starts at night; every other limit lies ahead.
        if (of !== 'calendarDay' || count > 0) expect(first).toBeGreaterThanOrEqual(from.getTime())
      }),
    )
  })
  it('exactly the allowed working time lies between start and due', () => {
    fc.assert(
      fc.property(instant, amount, (from, count) => {
        expect(
          workingTimeBetween(calendar, from, dueAfter(calendar, from, { amount: count, unit: 'workHour' }).dueAt),
        ).toBe(count * HOUR)
        expect(
          workdaysBetween(calendar, from, dueAfter(calendar, from, { amount: count, unit: 'workday' }).dueAt),
        ).toBeCloseTo(count, 6)
      }),
    )
  })
  it('limits add up', () => {
    fc.assert(
      fc.property(instant, amount, amount, office, (from, one, two, of) => {
        const both = dueAfter(calendar, from, { amount: one + two, unit: of }).dueAt
        const first = dueAfter(calendar, from, { amount: one, unit: of }).dueAt
        const then = dueAfter(calendar, first, { amount: two, unit: of }).dueAt
        expect(Math.abs(both.getTime() - then.getTime())).toBeLessThanOrEqual(1)
      }),
    )
  })
  it('a pause moves the deadline by exactly its working time, wherever it lies before it', () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 5 * 24 * HOUR }),
        fc.integer({ min: 0, max: 10 * 24 * HOUR }),
        (from, hours, offset, length) => {
          const plain = dueAfter(calendar, from, { amount: hours, unit: 'workHour' }).dueAt
          const pauseFrom = new Date(Math.min(from.getTime() + offset, plain.getTime() - 1))
          fc.pre(pauseFrom >= from)
          const pause = { from: pauseFrom, to: new Date(pauseFrom.getTime() + length), reason: '暂停' }
          const moved = dueAfter(calendar, from, { amount: hours, unit: 'workHour' }, [pause]).dueAt
          const paused = workingTimeBetween(calendar, pause.from, pause.to)
          expect(workingTimeBetween(calendar, from, moved)).toBe(hours * HOUR + paused)
        },
      ),
    )
  })
  it('office time is additive', () => {
    fc.assert(
      fc.property(instant, fc.nat(10 * 24 * HOUR), fc.nat(10 * 24 * HOUR), (a, first, second) => {
        const b = new Date(a.getTime() + first)
        const c = new Date(b.getTime() + second)
        expect(workingTimeBetween(calendar, a, b) + workingTimeBetween(calendar, b, c)).toBe(
          workingTimeBetween(calendar, a, c),
        )
        expect(workingTimeBetween(calendar, b, a)).toBe(0)
      }),
    )
  })
  it('a thousand workdays take no time to count', () => {
    const started = performance.now()
    for (let round = 0; round < 1_000; round++) due('2026-11-20 10:00', 20, 'workday')
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
