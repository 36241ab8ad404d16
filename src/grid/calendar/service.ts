import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import {
  CalendarChanged,
  type CalendarYear,
  type CountyDay,
  type OfficeHours,
  type SetDay,
  type SetHours,
} from './contract.ts'
import { dayNumber, daysOfYear, requireDay, requireHours } from './rules.ts'
import { digest, idOf, saveSetting } from './settings.ts'
import { dropCalendar, loadCalendar, OFFICE_HOURS } from './source.ts'
import * as store from './store.ts'

/** A year as the county works it: holidays, make-up workdays and the county's own days. */
export async function readYear(cmd: Command, year: number): Promise<CalendarYear> {
  const calendar = await loadCalendar(cmd.tx, cmd.county)
  const own = new Map((await store.listDays(cmd.tx, cmd.county)).map((row) => [row.day, row]))
  const hours = await store.findSettingRecord(cmd.tx, cmd.county, OFFICE_HOURS)
  const days = daysOfYear(year).flatMap((on) => {
    const day = calendar.day(dayNumber(on))
    if (day.kind === 'weekday' || day.kind === 'weekend') return []
    return [
      {
        day: on,
        works: day.works,
        kind: day.kind,
        zh: day.name?.zh ?? '',
        en: day.name?.en ?? '',
        version: own.get(on)?.version ?? 0,
      },
    ]
  })
  return {
    year,
    known: calendar.holidays.years.has(year),
    officeHours: calendar.officeHours.map(({ from, to }) => ({ from, to })),
    officeHoursVersion: hours?.version ?? 0,
    days,
  }
}

/**
 * Decides that the county works or rests on a day, whatever the State Council's list says.
 *
 * @throws grid.bad_day, grid.bad_hours, kernel.stale, kernel.forbidden, kernel.wrong_purpose
 */
export async function setDay(cmd: Command, day: string, input: SetDay): Promise<CountyDay> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  requireDay(day)
  const hours = input.works && input.hours ? requireHours(input.hours) : null
  const zh = cleanText(input.zh, { minLength: 1, maxLength: 40, path: 'zh' })
  const en = cleanText(input.en, { minLength: 1, maxLength: 60, path: 'en' })
  return saveDay(cmd, { day, works: input.works, hours, zh, en, removed: false }, input.version)
}

/** Takes a day of the county's own back. @throws kernel.not_found, kernel.stale, kernel.forbidden, kernel.wrong_purpose */
export async function removeDay(cmd: Command, day: string, version: number): Promise<CountyDay> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const row = await store.lockDay(cmd.tx, cmd.county, requireDay(day))
  if (!row || row.removed) throw new Fault('kernel.not_found')
  return saveDay(cmd, { ...row, removed: true }, version)
}

async function saveDay(
  cmd: Command,
  row: Omit<store.DayRecord, 'id' | 'version'>,
  version: number,
): Promise<CountyDay> {
  const there = await store.lockDay(cmd.tx, cmd.county, row.day)
  if ((there?.version ?? 0) !== version) {
    // A removed day counts on: whoever sees no decision sends 0.
    if (!(there?.removed && version === 0)) throw new Fault('kernel.stale', { version: there?.version ?? 0 })
  }
  const next = (there?.version ?? 0) + 1
  const id = idOf(cmd, `day:${row.day}`)
  await store.saveDay(cmd.tx, cmd.county, { ...row, id, version: next }, cmd.now)
  cmd.afterCommit(() => dropCalendar(cmd.ports, cmd.county))
  const { day, works, hours, zh, en, removed } = row
  await record(
    cmd,
    CalendarChanged,
    { id, version: next },
    { day, works: removed ? null : works, sha256: digest({ works, hours, zh, en }) },
  )
  return { day, works, hours, zh, en, version: next }
}

/** Sets the county's office hours. @throws grid.bad_hours, kernel.stale, kernel.forbidden, kernel.wrong_purpose */
export async function setHours(cmd: Command, input: SetHours): Promise<{ officeHours: OfficeHours; version: number }> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  requireHours(input.officeHours)
  const saved = await saveSetting(cmd, { key: OFFICE_HOURS, value: input.officeHours, version: input.version })
  cmd.afterCommit(() => dropCalendar(cmd.ports, cmd.county))
  return { officeHours: input.officeHours, version: saved.version }
}
