import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { MatterBrief, Position } from '../../loop/contract.ts'

defineFaults({
  'duty.unknown_kind': {
    status: 400,
    zh: '没有这一类，请重新选择。',
    en: 'There is no such kind. Please choose again.',
  },
  'duty.not_yours': {
    status: 403,
    zh: '只有写这篇日记的人能改、能转为办件。',
    en: 'Only its author can correct this entry or make a case of it.',
  },
  'duty.met_later': {
    status: 400,
    zh: '走访时间不能晚于现在。',
    en: 'The visit cannot lie in the future.',
  },
  'duty.follow_up_past': {
    status: 400,
    zh: '回访日期不能早于走访那天。',
    en: 'The follow-up cannot lie before the visit.',
  },
  'duty.is_case': {
    status: 409,
    zh: '已经转为办件，补充和更正请写到办件里。',
    en: 'This has become a case. Please add to the case itself.',
  },
  'duty.forgotten': {
    status: 410,
    zh: '保存期满，内容已按规定删除。',
    en: 'Its time of keeping is over; the words were deleted as the rules say.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const day = Type.String({ format: 'date' })
const month = Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$' })
const path = Type.String({ maxLength: 200 })
const code = Type.String({ pattern: '^[a-z][A-Za-z0-9]{1,30}$' })

/** One of the kinds by which a county sorts its diaries; the shipped ones are the five stewards. */
export const DiaryKind = Type.Object({
  code,
  zh: Type.String({ minLength: 1, maxLength: 12 }),
  en: Type.String({ minLength: 1, maxLength: 40 }),
  category: Type.String({ maxLength: 40, description: 'Category of the matter that such an entry becomes.' }),
  gone: Type.Optional(Type.Boolean({ description: 'Taken out: only old entries have it.' })),
})
export type DiaryKind = Static<typeof DiaryKind>

/** What a county may set: key `duty.diary` of its settings. */
export const DiarySetting = Type.Object(
  {
    kinds: Type.Array(DiaryKind, { minItems: 1, maxItems: 100 }),
    keepDays: Type.Integer({ minimum: 180, maximum: 3650 }),
  },
  { additionalProperties: false },
)
export type DiarySetting = Static<typeof DiarySetting>

export const DiaryTerms = Type.Object({
  kinds: Type.Array(Type.Object({ code, name: Type.String(), category: Type.String(), categoryName: Type.String() })),
  keepDays: Type.Integer({ description: 'After this many days words and photos are deleted; the count stays.' }),
  mayWrite: Type.Boolean(),
  mayRead: Type.Boolean({ description: 'Diaries of others, somewhere.' }),
  mayVisit: Type.Boolean({ description: 'Goes from door to door, somewhere.' }),
  mayPlan: Type.Boolean({ description: 'Plans campaigns from door to door, somewhere.' }),
})
export type DiaryTerms = Static<typeof DiaryTerms>

const written = {
  kind: code,
  text: Type.String({ minLength: 1, maxLength: 2000 }),
  visited: Type.Optional(Type.String({ maxLength: 60, description: 'Whom one met; sealed as personal data.' })),
  address: Type.Optional(Type.String({ maxLength: 200 })),
  done: Type.Optional(Type.Boolean({ default: false, description: 'A small thing settled on the spot.' })),
  followUpOn: Type.Optional(orNull(day)),
}

export const WriteDiary = Type.Object(
  {
    id: Type.Optional(ProposedId),
    metAt: Type.Optional(instant),
    position: Type.Optional(Position),
    areaPath: Type.Optional(Type.String({ maxLength: 200, description: 'The micro-grid that the person chose.' })),
    ...written,
    fileIds: Type.Optional(Type.Array(uuid, { maxItems: 9 })),
    followsId: Type.Optional(Type.String({ format: 'uuid', description: 'The entry that this visit follows up.' })),
  },
  { additionalProperties: false },
)
export type WriteDiary = Static<typeof WriteDiary>

export const CorrectDiary = Type.Object(
  {
    ...written,
    version: Type.Integer({ minimum: 1, description: 'The version last seen; a stale one is refused.' }),
    reason: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type CorrectDiary = Static<typeof CorrectDiary>

export const FileDiary = Type.Object(
  { category: Type.Optional(Type.String({ maxLength: 40, description: 'Left out: the one of its kind.' })) },
  { additionalProperties: false },
)
export type FileDiary = Static<typeof FileDiary>

const matter = Type.Object({
  id: uuid,
  number: Type.String(),
  stateName: Type.String(),
  tone: MatterBrief.properties.tone,
})
export type DiaryMatter = Static<typeof matter>

const shown = {
  id: uuid,
  version: Type.Integer(),
  metAt: instant,
  metOn: day,
  kind: Type.String(),
  kindName: Type.String(),
  areaPath: path,
  areaName: Type.String(),
  visited: Type.String({ description: 'Masked for everybody but the author.' }),
  address: Type.String(),
  text: Type.String({ description: 'Numbers of people in it are masked for everybody but the author.' }),
  done: Type.Boolean(),
  photos: Type.Integer(),
  followUpOn: orNull(day),
  followed: Type.Boolean(),
  authorName: Type.String(),
  authorPost: Type.String(),
  mine: Type.Boolean(),
  forgotten: Type.Boolean({ description: 'The words were deleted when their time was over.' }),
  matter: orNull(matter),
}
/** A row of a diary: the words are whole, for an entry is short. */
export const DiaryEntry = Type.Object(shown)
export type DiaryEntry = Static<typeof DiaryEntry>
export const DiaryPage = Page(DiaryEntry)
export type DiaryPage = Static<typeof DiaryPage>

export const DiaryView = Type.Object({
  ...shown,
  position: orNull(
    Type.Object({ longitude: Type.Number(), latitude: Type.Number(), accuracyMetres: orNull(Type.Number()) }),
  ),
  writtenAt: instant,
  keptUntil: day,
  fileIds: Type.Array(uuid),
  followsId: orNull(uuid),
  followedBy: orNull(uuid),
  corrections: Type.Integer(),
  mayCorrect: Type.Boolean(),
  mayFile: Type.Boolean({ description: 'One tap makes a case of it.' }),
  mayUnmask: Type.Boolean(),
  category: Type.String({ description: 'What the case would be filed as.' }),
  categoryName: Type.String(),
})
export type DiaryView = Static<typeof DiaryView>

/** The case that an entry became; the code that speaks for the person visited is given out once. */
export const DiaryFiledAs = Type.Object({ ...matter.properties, progressCode: orNull(Type.String()) })
export type DiaryFiledAs = Static<typeof DiaryFiledAs>

export const AskOrigin = Type.Object({ matter: uuid })
/** The entry that a case came from; null where there is none, or none that the actor may read. */
export const DiaryOrigin = Type.Object({ id: orNull(uuid), kindName: Type.String(), authorName: Type.String() })
export type DiaryOrigin = Static<typeof DiaryOrigin>

const narrowed = {
  day: Type.Optional(day),
  month: Type.Optional(month),
  kind: Type.Optional(code),
  open: Type.Optional(Type.Boolean({ description: 'Only what waits for a follow-up.' })),
}
export const ListMine = Type.Object({ ...PageQuery.properties, ...narrowed })
export type ListMine = Static<typeof ListMine>
export const ListDiary = Type.Object({
  ...PageQuery.properties,
  ...narrowed,
  area: Type.Optional(path),
  author: Type.Optional(uuid),
  matter: Type.Optional(Type.String({ format: 'uuid', description: 'The entry that became this case.' })),
})
export type ListDiary = Static<typeof ListDiary>

export const AskMonth = Type.Object({ month })
export const AskAreaMonth = Type.Object({ month, area: Type.Optional(path) })
export type AskAreaMonth = Static<typeof AskAreaMonth>
export const DiaryMonth = Type.Object({
  month,
  total: Type.Integer(),
  done: Type.Integer(),
  cases: Type.Integer(),
  days: Type.Array(Type.Object({ on: day, count: Type.Integer() })),
  kinds: Type.Array(Type.Object({ kind: Type.String(), kindName: Type.String(), count: Type.Integer() })),
})
export type DiaryMonth = Static<typeof DiaryMonth>

export const DiaryHistory = Type.Object({
  items: Type.Array(
    Type.Object({
      version: Type.Integer(),
      at: instant,
      byName: Type.String(),
      kindName: Type.String(),
      visited: Type.String(),
      address: Type.String(),
      text: Type.String(),
      done: Type.Boolean(),
      followUpOn: orNull(day),
      reason: Type.String(),
    }),
  ),
})
export type DiaryHistory = Static<typeof DiaryHistory>

export const UnmaskDiary = Type.Object(
  { reason: Type.String({ minLength: 4, maxLength: 200 }) },
  { additionalProperties: false },
)
export type UnmaskDiary = Static<typeof UnmaskDiary>
export const DiaryWords = Type.Object({ text: Type.String(), visited: Type.String(), address: Type.String() })
export type DiaryWords = Static<typeof DiaryWords>

const commitment = Type.String({ description: 'Hex of H(salt || JCS of the words); the salt goes with the words.' })
const facts = {
  kind: Type.String(),
  areaPath: Type.String(),
  done: Type.Boolean(),
  followUpOn: orNull(Type.String()),
  commitment,
}

export const DiaryWritten = ledgerEvent(
  'diary.written',
  Type.Object({ ...facts, metOn: Type.String(), photos: Type.Integer(), follows: orNull(Type.String()) }),
)
export const DiaryCorrected = ledgerEvent('diary.corrected', Type.Object(facts))
export const DiaryFiled = ledgerEvent(
  'diary.filed',
  Type.Object({ matterId: Type.String(), areaPath: Type.String(), category: Type.String() }),
)
export const DiaryUnmasked = ledgerEvent(
  'diary.unmasked',
  Type.Object({ diaryId: Type.String(), areaPath: Type.String(), commitment }),
)
export const DiaryFollowUpDue = ledgerEvent(
  'diary.follow_up_due',
  Type.Object({ diaryId: Type.String(), account: Type.String(), areaPath: Type.String(), on: Type.String() }),
)
export const DiaryForgotten = ledgerEvent(
  'diary.forgotten',
  Type.Object({ before: Type.String(), entries: Type.Integer(), files: Type.Integer() }),
)
