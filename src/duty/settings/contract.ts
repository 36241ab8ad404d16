import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { orNull } from '../../grid/contract.ts'
import { DiaryKind, DiarySetting } from '../diary/contract.ts'
import { DutyPhones } from '../kit/contract.ts'

defineFaults({
  'duty.kind_twice': {
    status: 400,
    zh: '有两类叫同一个名字：{name}。请改一个。',
    en: 'Two kinds have the same name: {name}. Please change one.',
  },
  'duty.phone_twice': {
    status: 400,
    zh: '同一个地方写了两个值班电话：{name}。请留一个。',
    en: 'One place has two duty phones: {name}. Please keep one.',
  },
})

const version = Type.Integer({ minimum: 0 })

/** A kind as it is written by whoever keeps the list; a new one has no code yet. */
export const WrittenKind = Type.Object(
  { ...DiaryKind.properties, code: orNull(DiaryKind.properties.code) },
  { additionalProperties: false },
)
export type WrittenKind = Static<typeof WrittenKind>

export const SetDiaryKinds = Type.Object(
  {
    kinds: Type.Array(WrittenKind, { minItems: 1, maxItems: 20 }),
    keepDays: DiarySetting.properties.keepDays,
    version,
  },
  { additionalProperties: false },
)
export type SetDiaryKinds = Static<typeof SetDiaryKinds>

export const SetDutyPhones = Type.Object({ phones: DutyPhones, version }, { additionalProperties: false })
export type SetDutyPhones = Static<typeof SetDutyPhones>

/** What a county has set for the people on duty, and what it can choose from. */
export const DutySettings = Type.Object({
  diary: Type.Object({
    version,
    kinds: Type.Array(DiaryKind, { description: 'Those in use; what was taken out keeps its name for old entries.' }),
    keepDays: Type.Integer(),
  }),
  phones: Type.Object({
    version,
    items: Type.Array(Type.Object({ ...DutyPhones.items.properties, areaName: Type.String() })),
  }),
  categories: Type.Array(Type.Object({ code: Type.String(), name: Type.String() }), {
    description: 'What an entry can become.',
  }),
})
export type DutySettings = Static<typeof DutySettings>
