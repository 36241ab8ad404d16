import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { day, instant, oneOf, subjectKinds, uuid } from '../contract.ts'

defineFaults({
  'registry.before_history': {
    status: 404,
    zh: '那一天还没有这条记录。',
    en: 'The record did not exist on that day.',
  },
  'registry.history_forgotten': {
    status: 410,
    zh: '那一天的内容已过保存期，按规定删除了。',
    en: 'What stood on that day was deleted when its time of keeping was over.',
  },
})

export const HistoryOf = Type.Object({ kind: oneOf(subjectKinds), id: uuid })
export type HistoryOf = Static<typeof HistoryOf>
export const OnDay = Type.Object({ ...HistoryOf.properties, day })
export type OnDay = Static<typeof OnDay>
export const ListChanges = PageQuery
export type ListChanges = Static<typeof ListChanges>

const value = orNull(Type.String({ description: 'As people read it; numbers masked, sensitive words left out.' }))
export const RecordedChange = Type.Object({
  version: Type.Integer(),
  act: Type.String(),
  at: instant,
  byName: Type.String(),
  byPost: Type.String(),
  source: Type.String(),
  reason: Type.String(),
  changes: Type.Array(Type.Object({ field: Type.String(), before: value, after: value })),
  forgotten: Type.Boolean({ description: 'What changed was deleted when its time of keeping was over.' }),
})
export type RecordedChange = Static<typeof RecordedChange>
export const ChangePage = Page(RecordedChange)
export type ChangePage = Static<typeof ChangePage>

export const RecordOnDay = Type.Object({
  kind: Type.String(),
  id: uuid,
  day,
  version: Type.Integer({ description: 'The one that stood at the end of the day.' }),
  fields: Type.Array(Type.Object({ field: Type.String(), value })),
})
export type RecordOnDay = Static<typeof RecordOnDay>

/** Words of the registry whose time of keeping is over were deleted. */
export const RegistryForgotten = ledgerEvent(
  'registry.forgotten',
  Type.Object({
    what: Type.String({
      description:
        'changes: what changed; details, names: of people who have left; merged: of records that became part of others; dossiers: of households that are no more.',
    }),
    before: Type.String(),
    records: Type.Integer(),
  }),
)
