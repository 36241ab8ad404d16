import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'

defineFaults({
  'registry.segment_condition': {
    status: 400,
    zh: '条件“{field}”不适用于“{subject}”，请删去或换一个。',
    en: 'The condition “{field}” does not fit “{subject}”. Please remove or replace it.',
  },
  'registry.segment_sensitive': {
    status: 403,
    zh: '含有敏感标签的条件，需要有查看原文权限的人来用。',
    en: 'Conditions on sensitive tags are for those who may look behind the mask.',
  },
  'registry.segment_not_yours': {
    status: 403,
    zh: '只有建立它的人能改。可以另存一份自己的。',
    en: 'Only its author can change it. You can save one of your own.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const path = Type.String({ minLength: 6, maxLength: 200, pattern: '^[0-9A-Za-z_./-]+$' })
const code = Type.String({ pattern: '^[a-z][A-Za-z0-9]{1,30}$' })
const closed = { additionalProperties: false } as const
const not = { not: Type.Optional(Type.Boolean({ description: 'Turns the condition round.' })) }
const words = { in: Type.Array(code, { minItems: 1, maxItems: 20 }), ...not }
const bounds = {
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  to: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  ...not,
}

export const segmentSubjects = ['person', 'household', 'premises', 'organisation'] as const
export const SegmentSubject = Type.Enum(segmentSubjects)
export type SegmentSubject = Static<typeof SegmentSubject>

export const Condition = Type.Union([
  Type.Object({ field: Type.Literal('age'), ...bounds }, closed),
  Type.Object({ field: Type.Literal('members'), ...bounds }, closed),
  Type.Object({ field: Type.Literal('headcount'), ...bounds }, closed),
  Type.Object({ field: Type.Literal('notCheckedForDays'), ...bounds }, closed),
  Type.Object({ field: Type.Literal('sex'), ...words }, closed),
  Type.Object({ field: Type.Literal('registration'), ...words }, closed),
  Type.Object({ field: Type.Literal('tag'), ...words }, closed),
  Type.Object(
    { field: Type.Literal('relation'), ...words, livesHere: Type.Optional(Type.Boolean()) },
    {
      ...closed,
      description: 'What a person has to do with premises of the place; livesHere false: and lives elsewhere.',
    },
  ),
  Type.Object({ field: Type.Literal('premisesUse'), ...words }, closed),
  Type.Object({ field: Type.Literal('householdKind'), ...words }, closed),
  Type.Object({ field: Type.Literal('organisationKind'), ...words }, closed),
  Type.Object({ field: Type.Literal('hasPhone'), ...not }, closed),
  Type.Object({ field: Type.Literal('area'), path, ...not }, closed),
  Type.Object({ field: Type.Literal('visited'), campaign: uuid, ...not }, closed),
])
export type Condition = Static<typeof Condition>

/** All of some groups, any condition of each: every question can be put like that, and every form can show it. */
export const Question = Type.Object(
  {
    subject: SegmentSubject,
    area: Type.Optional(path),
    all: Type.Array(Type.Object({ any: Type.Array(Condition, { minItems: 1, maxItems: 10 }) }, closed), {
      maxItems: 10,
    }),
  },
  closed,
)
export type Question = Static<typeof Question>

const name = Type.String({ minLength: 1, maxLength: 60 })
export const SaveSegment = Type.Object({ name, question: Question, shared: Type.Boolean() }, closed)
export type SaveSegment = Static<typeof SaveSegment>
export const ChangeSegment = Type.Object({ ...SaveSegment.properties, version: Type.Integer({ minimum: 1 }) }, closed)
export type ChangeSegment = Static<typeof ChangeSegment>
export const CloseSegment = Type.Object({ version: Type.Integer({ minimum: 1 }) }, closed)
export type CloseSegment = Static<typeof CloseSegment>

export const Segment = Type.Object({
  id: uuid,
  version: Type.Integer(),
  name: Type.String(),
  question: Question,
  shared: Type.Boolean(),
  mine: Type.Boolean(),
  areaName: Type.String(),
  byLabel: Type.String(),
  updatedAt: instant,
})
export type Segment = Static<typeof Segment>
export const SegmentPage = Page(Segment)
export type SegmentPage = Static<typeof SegmentPage>
export const ListSegments = Type.Object({ ...PageQuery.properties, subject: Type.Optional(SegmentSubject) })
export type ListSegments = Static<typeof ListSegments>

export const AskQuestion = Type.Object({ question: Question }, closed)
export type AskQuestion = Static<typeof AskQuestion>
export const SegmentCount = Type.Object({
  count: Type.Integer(),
  exact: Type.Boolean({ description: 'False: reckoned from parts of a place too large to count while one waits.' }),
  looked: Type.Integer({ description: 'How many records were looked at for it.' }),
})
export type SegmentCount = Static<typeof SegmentCount>

/** The first that fit, as a list may show them: masked, and only within what the asker may see. */
export const SegmentSample = Type.Object({
  items: Type.Array(
    Type.Object({
      id: uuid,
      title: Type.String(),
      detail: Type.String(),
      areaName: Type.String(),
      address: Type.String(),
    }),
    { maxItems: 10 },
  ),
  complete: Type.Boolean({ description: 'Whether no more fit.' }),
})
export type SegmentSample = Static<typeof SegmentSample>

export const SegmentTerms = Type.Object({
  fields: Type.Array(
    Type.Object({
      field: Type.String(),
      subjects: Type.Array(SegmentSubject),
      name: Type.String(),
      kind: Type.Enum(['words', 'bounds', 'flag', 'area', 'campaign']),
      unit: orNull(Type.String()),
      words: Type.Array(Type.Object({ code: Type.String(), name: Type.String(), sensitive: Type.Boolean() })),
    }),
  ),
  campaigns: Type.Array(Type.Object({ id: uuid, name: Type.String() })),
  maySample: Type.Boolean(),
  areaPath: Type.String({ description: 'The widest place in which one may ask.' }),
})
export type SegmentTerms = Static<typeof SegmentTerms>

const saved = { subject: Type.String(), conditions: Type.Integer(), areaPath: Type.String(), shared: Type.Boolean() }
export const SegmentSaved = ledgerEvent('segment.saved', Type.Object(saved))
export const SegmentClosed = ledgerEvent('segment.closed', Type.Object({ areaPath: Type.String() }))
