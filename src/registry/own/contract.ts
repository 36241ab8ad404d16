import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { areaPath, oneOf } from '../contract.ts'

defineFaults({
  'registry.own_not_confirmed': {
    status: 403,
    zh: '请先核实身份：输入身份证号后 6 位。',
    en: 'Please show first that it is you: the last six of your ID number.',
  },
  'registry.own_too_many': {
    status: 429,
    zh: '今天核实的次数太多了，请明天再试，或请村（社区）工作人员当面确认。',
    en: 'Too many tries today. Please try again tomorrow, or ask the village office.',
  },
  'registry.own_asked_already': {
    status: 409,
    zh: '同样的申请正在办理，请等答复，或先撤回。',
    en: 'The same request is being dealt with. Please wait for the answer, or withdraw it.',
  },
  'registry.own_answered': {
    status: 409,
    zh: '这项申请已经有了结果。',
    en: 'This request has been answered already.',
  },
  'registry.own_person_needed': {
    status: 400,
    zh: '请选出这位居民的登记记录。',
    en: 'Please choose the record of this person.',
  },
  'registry.own_value_needed': {
    status: 400,
    zh: '请写明应当改成什么。',
    en: 'Please say what it should be.',
  },
  'registry.unknown_consent': { status: 400, zh: '没有这一项同意事项。', en: 'There is no such purpose.' },
  'registry.consent_changed': {
    status: 409,
    zh: '说明文字有更新，请重新看过再决定。',
    en: 'The words have changed. Please read them again before you decide.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const day = Type.String({ format: 'date' })
const closed = { additionalProperties: false } as const

/** What can be corrected at a tap; `other` is put into words and done by hand. */
export const ownFields = [
  'name',
  'citizenId',
  'phone',
  'sex',
  'bornOn',
  'registration',
  'employer',
  'occupation',
  'degree',
  'school',
  'marriage',
  'emergencyName',
  'emergencyPhone',
  'ethnicity',
  'nativePlace',
  'political',
  'home',
  'other',
] as const
export type OwnField = (typeof ownFields)[number]
export const requestKinds = ['claim', 'correct', 'object', 'erase'] as const
export type RequestKind = (typeof requestKinds)[number]

export const ConfirmOwn = Type.Object(
  { tail: Type.String({ pattern: '^[0-9]{5}[0-9Xx]$', description: 'The last six of the ID number.' }) },
  closed,
)
export type ConfirmOwn = Static<typeof ConfirmOwn>
export const Confirmed = Type.Object({ confirmed: Type.Boolean(), triesLeft: Type.Integer() })
export type Confirmed = Static<typeof Confirmed>

const value = Type.Object({ field: Type.String(), label: Type.String(), value: Type.String() })
const group = Type.Object({
  code: Type.String(),
  name: Type.String(),
  values: Type.Array(value),
  purpose: Type.String(),
  basis: Type.String(),
  source: Type.String({ description: 'Where it usually comes from.' }),
  keptUntil: Type.String({ description: 'Until when, in words.' }),
  askAgain: Type.Boolean({ description: 'Not confirmed for longer than this group allows.' }),
  byConsent: Type.Boolean(),
})
export type OwnGroup = Static<typeof group>

const residence = Type.Object({
  address: Type.String(),
  relation: Type.String(),
  livesHere: Type.Boolean(),
  fromOn: day,
  untilOn: orNull(day),
})
const look = Type.Object({
  at: instant,
  by: Type.String({ description: 'The post of whoever looked.' }),
  fields: Type.Array(Type.String()),
  reason: Type.String(),
})
const taken = Type.Object(
  { at: instant, by: Type.String(), what: Type.String(), reason: Type.String() },
  { description: 'A list that left the house and goes over where one is registered: who took it and what for.' },
)
const change = Type.Object({ at: instant, what: Type.String(), by: Type.String(), source: Type.String() })

export const OwnRequest = Type.Object({
  id: uuid,
  version: Type.Integer(),
  kind: oneOf(requestKinds),
  field: orNull(Type.String()),
  fieldName: Type.String(),
  wish: Type.String(),
  words: Type.String(),
  state: oneOf(['open', 'accepted', 'refused', 'withdrawn'] as const),
  askedAt: instant,
  dueAt: instant,
  dueSaid: Type.String({ description: 'How long the answer may take, in words.' }),
  answer: Type.String(),
  answeredAt: orNull(instant),
})
export type OwnRequest = Static<typeof OwnRequest>

export const OwnConsent = Type.Object({
  purpose: Type.String(),
  name: Type.String(),
  words: Type.String({ description: 'What one agrees to.' }),
  textVersion: Type.Integer(),
  textHash: Type.String({ description: 'Hex of SHA-256 over the Chinese words.' }),
  group: orNull(Type.String({ description: 'The field group that is deleted when it is withdrawn.' })),
  givenAt: orNull(instant),
  holds: Type.Boolean({ description: 'Something is kept under it now.' }),
})
export type OwnConsent = Static<typeof OwnConsent>

/** What is kept about oneself. */
export const OwnRecord = Type.Object({
  confirmed: Type.Boolean(),
  triesLeft: Type.Integer(),
  requests: Type.Array(OwnRequest),
  record: Type.Unsafe<OwnRecordShown | null>({
    anyOf: [
      Type.Object({
        personId: uuid,
        areaName: Type.String(),
        checkedAt: instant,
        checkedSource: Type.String(),
        groups: Type.Array(group),
        residences: Type.Array(residence),
        consents: Type.Array(OwnConsent),
        looks: Type.Array(look),
        exports: Type.Array(taken, { maxItems: 50 }),
        changes: Type.Array(change),
      }),
      { type: 'null' },
    ],
  }),
})
export interface OwnRecordShown {
  personId: string
  areaName: string
  checkedAt: string
  checkedSource: string
  groups: OwnGroup[]
  residences: Static<typeof residence>[]
  consents: OwnConsent[]
  looks: Static<typeof look>[]
  exports: Static<typeof taken>[]
  changes: Static<typeof change>[]
}
export type OwnRecord = Static<typeof OwnRecord>

/** Everything about oneself in one file that another system can read. */
export const OwnCopy = Type.Object({
  format: Type.Literal('tongxin-own-record/1'),
  county: Type.String(),
  madeAt: instant,
  person: Type.Object({}, { additionalProperties: true }),
  groups: Type.Array(group),
  residences: Type.Array(residence),
  consents: Type.Array(OwnConsent),
  requests: Type.Array(OwnRequest),
  looks: Type.Array(look),
  exports: Type.Array(taken),
  changes: Type.Array(change),
})
export type OwnCopy = Static<typeof OwnCopy>

export const AskOwn = Type.Object(
  {
    id: Type.Optional(ProposedId),
    kind: oneOf(['correct', 'object', 'erase'] as const),
    field: oneOf(ownFields),
    wish: Type.Optional(Type.String({ maxLength: 200, description: 'What it should be.' })),
    words: Type.Optional(Type.String({ maxLength: 500, description: 'Why, or anything more.' })),
  },
  closed,
)
export type AskOwn = Static<typeof AskOwn>

/** Somebody whose number or ID is not in the registry asks the village to open their record to them. */
export const ClaimOwn = Type.Object(
  {
    id: Type.Optional(ProposedId),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    areaPath,
    words: Type.Optional(Type.String({ maxLength: 500, description: 'Where one lives, how one can be met.' })),
  },
  closed,
)
export type ClaimOwn = Static<typeof ClaimOwn>
export const WithdrawOwn = Type.Object({ version: Type.Integer({ minimum: 1 }) }, closed)
export type WithdrawOwn = Static<typeof WithdrawOwn>
export const DecideConsent = Type.Object(
  { agree: Type.Boolean(), textHash: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
  closed,
)
export type DecideConsent = Static<typeof DecideConsent>

/** A request as whoever answers it sees it. */
export const OwnRequestToAnswer = Type.Object({
  ...OwnRequest.properties,
  personId: orNull(uuid),
  personVersion: orNull(Type.Integer()),
  personName: Type.String(),
  address: Type.String(),
  areaName: Type.String(),
  now: Type.String({ description: 'What is registered now.' }),
  carriedOut: Type.Boolean({ description: 'Accepting it changes the record by itself.' }),
  overdue: Type.Boolean(),
})
export type OwnRequestToAnswer = Static<typeof OwnRequestToAnswer>
export const OwnRequestPage = Page(OwnRequestToAnswer)
export type OwnRequestPage = Static<typeof OwnRequestPage>
export const ListOwnRequests = Type.Object({
  ...PageQuery.properties,
  state: Type.Optional(oneOf(['open', 'answered'] as const)),
})
export type ListOwnRequests = Static<typeof ListOwnRequests>
export const AnswerOwn = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    accept: Type.Boolean(),
    words: Type.String({ minLength: 2, maxLength: 500, description: 'What the person reads.' }),
    personId: Type.Optional(Type.String({ format: 'uuid', description: 'For a claim: whose record it is.' })),
  },
  closed,
)
export type AnswerOwn = Static<typeof AnswerOwn>

const commitment = Type.String({ description: 'Hex of H(salt || JCS of what was said); the salt goes with it.' })
export const OwnConfirmed = ledgerEvent(
  'ownRecord.confirmed',
  Type.Object({ how: Type.String(), request: orNull(uuid) }),
)
export const OwnCopied = ledgerEvent('ownRecord.copied', Type.Object({ subject: uuid }))
export const OwnAsked = ledgerEvent(
  'ownRequest.asked',
  Type.Object({
    kind: Type.String(),
    field: orNull(Type.String()),
    areaPath: Type.String(),
    dueAt: instant,
    commitment,
  }),
)
export const OwnAnswered = ledgerEvent(
  'ownRequest.answered',
  Type.Object({ kind: Type.String(), accepted: Type.Boolean(), account: uuid, late: Type.Boolean(), commitment }),
)
export const OwnWithdrawn = ledgerEvent('ownRequest.withdrawn', Type.Object({ areaPath: Type.String() }))
export const OwnDue = ledgerEvent('ownRequest.due', Type.Object({ areaPath: Type.String() }))
export const OwnForgotten = ledgerEvent(
  'ownRequest.forgotten',
  Type.Object({ requests: Type.Integer(), before: instant }),
)
export const ConsentDecided = ledgerEvent(
  'consent.decided',
  Type.Object({
    purpose: Type.String(),
    agreed: Type.Boolean(),
    textVersion: Type.Integer(),
    textHash: Type.String(),
    erased: Type.Boolean(),
  }),
)

/** People of the claimed name in the village. */
export const ClaimedPeople = Type.Object({
  items: Type.Array(Type.Object({ personId: uuid, name: Type.String(), address: Type.String() })),
})
