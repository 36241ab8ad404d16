import { Type, type Static } from 'typebox'
import { ledgerEvent } from '../../ledger/contract.ts'
import { Day, orNull, Uuid } from '../contract.ts'

const Clock = Type.String({ pattern: '^([01][0-9]|2[0-4]):[0-5][0-9]$', description: 'Minutes after midnight, 08:30.' })
export const OfficeHours = Type.Array(Type.Object({ from: Clock, to: Clock }), { minItems: 1, maxItems: 6 })
export type OfficeHours = Static<typeof OfficeHours>

/** A day on which the county works or rests otherwise than the State Council's notice says. */
export const CountyDay = Type.Object({
  day: Day,
  works: Type.Boolean(),
  hours: orNull(OfficeHours),
  zh: Type.String(),
  en: Type.String(),
  version: Type.Integer(),
})
export type CountyDay = Static<typeof CountyDay>
export const SetDay = Type.Object(
  {
    works: Type.Boolean(),
    hours: Type.Optional(orNull(OfficeHours)),
    zh: Type.String({ minLength: 1, maxLength: 40 }),
    en: Type.String({ minLength: 1, maxLength: 60 }),
    version: Type.Integer({ minimum: 0, description: '0 while the county has said nothing about the day.' }),
  },
  { additionalProperties: false },
)
export type SetDay = Static<typeof SetDay>
export const RemoveDay = Type.Object({ version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false })
export const DayParams = Type.Object({ day: Day })

/** A year as the county works it. */
export const YearQuery = Type.Object({ year: Type.Integer({ minimum: 2000, maximum: 2100 }) })
export const CalendarYear = Type.Object({
  year: Type.Integer(),
  known: Type.Boolean({
    description: 'False: the State Council has not published the year; deadlines are provisional.',
  }),
  officeHours: OfficeHours,
  officeHoursVersion: Type.Integer(),
  days: Type.Array(
    Type.Object({
      day: Day,
      works: Type.Boolean(),
      kind: Type.String({ description: 'holiday, makeUp or county; plain weekdays and weekends are left out.' }),
      zh: Type.String(),
      en: Type.String(),
      version: Type.Integer({ description: 'Of the county’s own decision; 0 without one.' }),
    }),
  ),
})
export type CalendarYear = Static<typeof CalendarYear>
export const SetHours = Type.Object(
  { officeHours: OfficeHours, version: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
)
export type SetHours = Static<typeof SetHours>

export const OfficeHoursSet = Type.Object({ officeHours: OfficeHours, version: Type.Integer() })

/** Something a county may word or set for itself. */
export const Setting = Type.Object({
  key: Type.String(),
  value: Type.Unknown(),
  version: Type.Integer({ description: '0 while the shipped default holds.' }),
})
export type Setting = Static<typeof Setting>
export const Settings = Type.Object({ items: Type.Array(Setting) })
export type Settings = Static<typeof Settings>
export const SettingParams = Type.Object({ key: Type.String({ pattern: '^[a-z]+\\.[a-zA-Z_]+$', maxLength: 80 }) })
export const SetSetting = Type.Object(
  { value: Type.Unknown(), version: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
)
export type SetSetting = Static<typeof SetSetting>

export const CalendarChanged = ledgerEvent(
  'calendar.changed',
  Type.Object({ day: Day, works: Type.Union([Type.Boolean(), Type.Null()]), sha256: Type.String() }),
)
export const SettingChanged = ledgerEvent(
  'setting.changed',
  Type.Object({ key: Type.String(), setting: Uuid, sha256: Type.String() }),
)
