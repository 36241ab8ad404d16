import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { dueAfter } from '../../kernel/calendar.ts'
import { runSystem } from '../../kernel/command.ts'
import { hot } from '../../kernel/db.ts'
import { findSetting } from './index.ts'
import { daysOfYear, requireDay, requireHours } from './rules.ts'
import type { CalendarYear, CountyDay, Settings } from './contract.ts'

let house: TestApp
const base = '/api/v1/grid'
beforeAll(async () => {
  house = await testApp()
})
afterAll(() => house.close())

const office = () => house.as({ grants: [{ action: 'grid.manage', path: county, purpose: 'administration' }] })
const put = <B>(url: string, body: unknown) => office().ask<B>('PUT', `${base}${url}`, body)
/** When something is due that may take one workday from Monday 09:30 in Beijing. */
const dueInOneWorkday = async () =>
  dueAfter(await house.app.ports.calendars.calendarOf(county), house.clock.now(), {
    amount: 1,
    unit: 'workday',
  }).dueAt.toISOString()

describe('the county’s days', () => {
  const rest = { works: false, zh: '镇庙会', en: 'Town fair', version: 0 }

  it('move deadlines at once, and back when they are taken away', async () => {
    const usual = await dueInOneWorkday()
    expect(usual).toBe('2026-11-17T01:30:00.000Z')
    expect((await put<CountyDay>('/calendar/days/2026-11-17', rest)).body).toMatchObject({ works: false, version: 1 })
    expect(await dueInOneWorkday()).toBe('2026-11-18T01:30:00.000Z')
    const removed = await office().post<CountyDay>(`${base}/calendar/days/2026-11-17/remove`, { version: 1 })
    expect(removed.body).toMatchObject({ version: 2 })
    expect(await dueInOneWorkday()).toBe(usual)
    expect((await put<CountyDay>('/calendar/days/2026-11-17', rest)).body).toMatchObject({ version: 3 })
    await office().post(`${base}/calendar/days/2026-11-17/remove`, { version: 3 })
  })

  it('are shown beside holidays and make-up workdays; plain days are left out', async () => {
    await put('/calendar/days/2026-12-05', { works: true, zh: '补班', en: 'County make-up', version: 0 })
    const year = await office().get<CalendarYear>(`${base}/calendar?year=2026`)
    expect(year.body.known).toBe(true)
    const of = (day: string) => year.body.days.find((found) => found.day === day)
    expect(of('2026-12-05')).toMatchObject({ works: true, kind: 'county', version: 1 })
    expect(of('2026-10-01')).toMatchObject({ works: false, kind: 'holiday', version: 0 })
    expect(of('2026-11-18')).toBeUndefined()
    expect((await office().get<CalendarYear>(`${base}/calendar?year=2035`)).body).toMatchObject({
      known: false,
      days: [],
    })
  })

  it('are refused when stale, when there is no such day, and with hours that run backwards', async () => {
    expect((await put('/calendar/days/2026-12-05', rest)).body).toMatchObject({ code: 'kernel.stale' })
    expect((await put('/calendar/days/2026-02-30', rest)).body).toMatchObject({ code: 'grid.bad_day' })
    const hours = [{ from: '13:00', to: '12:00' }]
    expect((await put('/calendar/days/2026-12-06', { ...rest, works: true, hours })).body).toMatchObject({
      code: 'grid.bad_hours',
    })
    expect((await office().post(`${base}/calendar/days/2026-03-03/remove`, { version: 1 })).body).toMatchObject({
      code: 'kernel.not_found',
    })
  })

  it('have one winner when two decide at once', async () => {
    const answers = await Promise.all([1, 2].map(() => put('/calendar/days/2026-12-07', rest)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  it('stand in the ledger, without the words that somebody typed', async () => {
    const rows = await house.db.reading(county, (tx) =>
      hot<{ bytes: Buffer }>(
        tx,
        'test_days',
        "select bytes from ledger_entry where county = $1 and event = 'calendar.changed'",
        [county],
      ),
    )
    expect(rows.length).toBeGreaterThan(3)
    for (const { bytes } of rows) expect(bytes.toString()).not.toContain('庙会')
  })
})

describe('office hours', () => {
  it('change when the office closes', async () => {
    const hours = [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ]
    const due = async () =>
      dueAfter(await house.app.ports.calendars.calendarOf(county), new Date('2026-11-18T08:30:00Z'), {
        amount: 1,
        unit: 'workHour',
      }).dueAt.toISOString()
    expect(await due()).toBe('2026-11-18T09:30:00.000Z')
    expect((await put('/calendar/hours', { officeHours: hours, version: 0 })).body).toMatchObject({ version: 1 })
    expect(await due()).toBe('2026-11-19T01:30:00.000Z')
    expect((await put('/calendar/hours', { officeHours: hours, version: 0 })).body).toMatchObject({
      code: 'kernel.stale',
    })
    const overlapping = [
      { from: '09:00', to: '12:00' },
      { from: '11:00', to: '17:00' },
    ]
    expect((await put('/calendar/hours', { officeHours: overlapping, version: 1 })).body).toMatchObject({
      code: 'grid.bad_hours',
    })
  })
})

describe('settings', () => {
  it('are listed with their defaults, kept with a version and read by rooms', async () => {
    const before = await office().get<Settings>(`${base}/settings`)
    expect(before.body.items).toContainEqual({ key: 'grid.codePattern', value: null, version: 0 })
    const url = '/settings/grid.codePattern'
    expect((await put(url, { value: '[A-Z][0-9]+', version: 0 })).body).toEqual({
      key: 'grid.codePattern',
      value: '[A-Z][0-9]+',
      version: 1,
    })
    expect((await put(url, { value: 'x', version: 0 })).body).toMatchObject({ code: 'kernel.stale' })
    expect((await put(url, { value: 12, version: 1 })).body).toMatchObject({ code: 'kernel.invalid_input' })
    expect(await runSystem(house.app, county, (cmd) => findSetting(cmd, 'grid.codePattern'))).toBe('[A-Z][0-9]+')
    expect(await runSystem(house.app, county, (cmd) => findSetting(cmd, 'grid.other'))).toBeUndefined()
  })
})

describe('rules', () => {
  it('count the days of a year', () => {
    expect(daysOfYear(2026).length).toBe(365)
    expect(daysOfYear(2028).length).toBe(366)
    expect(daysOfYear(2028)).toContain('2028-02-29')
  })
  it('take a day that exists and hours in order', () => {
    expect(requireDay('2028-02-29')).toBe('2028-02-29')
    expect(() => requireDay('2027-02-29')).toThrow(expect.objectContaining({ code: 'grid.bad_day' }))
    const hours = [{ from: '08:00', to: '24:00' }]
    expect(requireHours(hours)).toBe(hours)
  })
})
