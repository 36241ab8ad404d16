import { hot, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { OfficeHours } from './contract.ts'

export interface DayRecord {
  day: string
  id: string
  works: boolean
  hours: OfficeHours | null
  zh: string
  en: string
  removed: boolean
  version: number
}

const columns = 'day, id, works, hours, name_zh as zh, name_en as en, removed, version'

export function listDays(tx: Tx, county: string): Promise<DayRecord[]> {
  const text = `select ${columns} from calendar_override where county = $1 and not removed order by day limit 5000`
  return hot(tx, 'grid_days', text, [county])
}

export async function lockDay(tx: Tx, county: string, day: string): Promise<DayRecord | undefined> {
  const text = `select ${columns} from calendar_override where county = $1 and day = $2 for update`
  const [row] = await hot<DayRecord>(tx, 'grid_day_lock', text, [county, day])
  return row
}

/** @throws kernel.stale when somebody else has saved this version. */
export async function saveDay(tx: Tx, county: string, row: DayRecord, at: Date): Promise<void> {
  const text = `insert into calendar_override (county, day, id, works, hours, name_zh, name_en, removed, version, changed_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (county, day) do update set works = excluded.works, hours = excluded.hours, name_zh = excluded.name_zh,
      name_en = excluded.name_en, removed = excluded.removed, version = excluded.version, changed_at = excluded.changed_at
    where calendar_override.version = excluded.version - 1
    returning version`
  const hours = row.hours ? JSON.stringify(row.hours) : null
  const values = [county, row.day, row.id, row.works, hours, row.zh, row.en, row.removed, row.version, at]
  const rows = await hot(tx, 'grid_day_save', text, values)
  if (rows.length === 0) throw new Fault('kernel.stale', { version: row.version })
}

export interface SettingRecord {
  key: string
  id: string
  value: unknown
  version: number
}

export async function findSettingRecord(tx: Tx, county: string, key: string): Promise<SettingRecord | undefined> {
  const text = 'select key, id, value, version from county_setting where county = $1 and key = $2'
  const [row] = await hot<SettingRecord>(tx, 'grid_setting', text, [county, key])
  return row
}

export function listSettings(tx: Tx, county: string): Promise<SettingRecord[]> {
  const text = 'select key, id, value, version from county_setting where county = $1 order by key limit 500'
  return hot(tx, 'grid_settings', text, [county])
}

/** @throws kernel.stale when somebody else has saved this version. */
export async function saveSettingRecord(tx: Tx, county: string, row: SettingRecord, at: Date): Promise<void> {
  const text = `insert into county_setting (county, key, id, value, version, changed_at) values ($1, $2, $3, $4, $5, $6)
    on conflict (county, key) do update set value = excluded.value, version = excluded.version, changed_at = excluded.changed_at
    where county_setting.version = excluded.version - 1
    returning version`
  const rows = await hot(tx, 'grid_setting_save', text, [
    county,
    row.key,
    row.id,
    JSON.stringify(row.value),
    row.version,
    at,
  ])
  if (rows.length === 0) throw new Fault('kernel.stale', { version: row.version })
}
