import { Type, type Static } from 'typebox'
import { defineFaults } from '../kernel/faults.ts'
import { ledgerEvent } from '../ledger/contract.ts'

defineFaults({
  'registry.name_needed': { status: 400, zh: '请填写姓名或名称。', en: 'Please give a name.' },
  'registry.unknown_area': {
    status: 400,
    zh: '没有这个网格，或它不是可以登记住户的村（社区）、网格、微网格。',
    en: 'There is no such area, or homes cannot be registered in it: choose a village, grid or micro-grid.',
  },
  'registry.reason_needed': {
    status: 400,
    zh: '请写明原因，至少 2 个字。',
    en: 'Please say why, in two characters or more.',
  },
  'registry.closed': {
    status: 409,
    zh: '这条记录已经注销，不能再改。',
    en: 'This record is closed and cannot be changed.',
  },
})

/** One of some words, as one JSON Schema. */
export const oneOf = <const Word extends string>(words: readonly Word[], description?: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], ...(description === undefined ? {} : { description }) })

export const uuid = Type.String({ format: 'uuid' })
export const instant = Type.String({ format: 'date-time' })
export const day = Type.String({ format: 'date' })
export const areaPath = Type.String({ minLength: 6, maxLength: 200, pattern: '^[0-9A-Za-z_./-]+$' })
export const version = Type.Integer({ minimum: 1, description: 'The version last seen; a stale one is refused.' })
export const reason = Type.String({ minLength: 2, maxLength: 200, description: 'Why; kept in the history.' })

/** Where what is registered comes from. */
export const sources = ['counter', 'visit', 'sheet', 'self', 'police', 'department', 'demo'] as const
export type Source = (typeof sources)[number]
export const source = oneOf(sources, 'Who said so: counter, visit at the door, sheet, the person, police, department.')

export const subjectKinds = ['building', 'premises', 'household', 'person', 'organisation'] as const
export type SubjectKind = (typeof subjectKinds)[number]

const changed = Type.Object({
  act: Type.String({ description: 'registered, corrected, moved, closed …' }),
  areaPath: Type.String(),
  source: Type.String(),
  fields: Type.Array(Type.String(), { description: 'Names of the fields that changed, never what they hold.' }),
  commitment: Type.String({ description: 'Hex of H(salt || JCS of what changed); the salt goes with the words.' }),
})

/** A record came to be or changed: one event for each kind of record. */
export const RecordChanged = {
  building: ledgerEvent('building.changed', changed),
  premises: ledgerEvent('premises.changed', changed),
  household: ledgerEvent('household.changed', changed),
  person: ledgerEvent('person.changed', changed),
  organisation: ledgerEvent('organisation.changed', changed),
}

/** Many records saved at once: one entry whose root binds each of them. */
export const BatchSaved = ledgerEvent(
  'registry.batch_saved',
  Type.Object({
    source: Type.String(),
    records: Type.Integer(),
    kinds: Type.Array(Type.Object({ kind: Type.String(), records: Type.Integer() })),
    root: Type.String({
      description: 'Merkle root (RFC 9162) over the records’ hashes, in the order of batch_position.',
    }),
  }),
)

/** Somebody looked behind the mask of a record. */
export const RecordUnmasked = ledgerEvent(
  'registry.unmasked',
  Type.Object({
    kind: Type.String(),
    subject: Type.String(),
    areaPath: Type.String(),
    fields: Type.Array(Type.String()),
    commitment: Type.String(),
  }),
)

/** Where a record lies, as people say it. */
export const Place = Type.Object({ areaPath: Type.String(), areaName: Type.String() })
export type Place = Static<typeof Place>

/** Whether it is still as it was seen. */
export const Freshness = Type.Object({
  source: Type.String(),
  checkedAt: instant,
  stale: Type.Boolean({ description: 'Older than its field group allows: ask again at the next visit.' }),
})
