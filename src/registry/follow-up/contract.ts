import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'

defineFaults({
  'registry.follow_up_basis': {
    status: 400,
    zh: '没有这一项法律依据，请重新选择。',
    en: 'There is no such legal basis. Please choose again.',
  },
  'registry.follow_up_days': {
    status: 400,
    zh: '结束日期必须在今天之后，且不超过 {latest}（该依据最长 {days} 天）。',
    en: 'The end must lie after today and not beyond {latest} (this basis allows {days} days).',
  },
  'registry.follow_up_staff': {
    status: 400,
    zh: '只能指定在当地任职的工作人员。请核对名单。',
    en: 'Only staff who hold a post at this place can be named. Please check the list.',
  },
  'registry.follow_up_last': {
    status: 409,
    zh: '至少要留一名指定人员。',
    en: 'At least one named person must remain.',
  },
  'registry.follow_up_ended': {
    status: 410,
    zh: '跟进已经结束，内容不再提供查阅，到期即删除。',
    en: 'This follow-up has ended. It can no longer be looked at and will be deleted on schedule.',
  },
  'registry.follow_up_other_person': {
    status: 403,
    zh: '延期须由另一名有权限的人员审批，不能自己批。',
    en: 'An extension is approved by another person who may open follow-ups here, never by oneself.',
  },
  'registry.follow_up_new_basis': {
    status: 400,
    zh: '延期要有新的依据文书，请写明文号或理由，不能照抄原来的。',
    en: 'An extension needs a new basis: give the new document or reason, not the old words.',
  },
  'registry.follow_up_asked': {
    status: 409,
    zh: '已有一份延期申请在审批。',
    en: 'An extension is waiting for approval already.',
  },
  'registry.follow_up_future': {
    status: 400,
    zh: '联系日期不能晚于今天，下次联系不能早于今天。',
    en: 'A contact cannot lie in the future, nor the next one in the past.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const day = Type.String({ format: 'date' })
const instant = Type.String({ format: 'date-time' })
const path = Type.String({ maxLength: 200 })
const code = Type.String({ pattern: '^[a-z][A-Za-z0-9]{1,30}$' })

/** A law that orders follow-up, and for how long at most. */
export const FollowUpBasis = Type.Object({
  code,
  zh: Type.String({ minLength: 1, maxLength: 30 }),
  en: Type.String({ minLength: 1, maxLength: 80 }),
  law: Type.String({ minLength: 1, maxLength: 120, description: 'Law and articles, as they are cited.' }),
  daysMax: Type.Integer({ minimum: 1, maximum: 1830 }),
})
export type FollowUpBasis = Static<typeof FollowUpBasis>

/** What a county may set: key `registry.followUp` of its settings. */
export const FollowUpSetting = Type.Object(
  {
    bases: Type.Array(FollowUpBasis, { minItems: 1, maxItems: 30 }),
    deleteAfterDays: Type.Integer({ minimum: 0, maximum: 180 }),
    remindBeforeDays: Type.Integer({ minimum: 1, maximum: 60 }),
  },
  { additionalProperties: false },
)
export type FollowUpSetting = Static<typeof FollowUpSetting>

export const lookPurposes = ['visit', 'urgent', 'review', 'askedByPerson'] as const
export const LookPurpose = Type.Enum(lookPurposes)
export const contactWays = ['door', 'phone', 'office', 'online'] as const
export const ContactWay = Type.Enum(contactWays)

export const FollowUpTerms = Type.Object({
  bases: Type.Array(Type.Object({ code, name: Type.String(), law: Type.String(), daysMax: Type.Integer() })),
  deleteAfterDays: Type.Integer(),
  mayOpen: Type.Boolean(),
  mayCount: Type.Boolean(),
  mine: Type.Boolean({ description: 'One is named somewhere, or something waits for one.' }),
  places: Type.Array(Type.Object({ path, name: Type.String() }), { description: 'Where one may open one.' }),
})
export type FollowUpTerms = Static<typeof FollowUpTerms>

const Named = Type.Object({ accountId: uuid, postId: uuid }, { additionalProperties: false })

/** Whom it is about: sealed at once, and shown only by a look. */
const person = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
    citizenId: Type.Optional(Type.String({ maxLength: 24 })),
    phone: Type.Optional(Type.String({ maxLength: 24 })),
    address: Type.Optional(Type.String({ maxLength: 200 })),
    background: Type.Optional(Type.String({ maxLength: 2000 })),
    personId: Type.Optional(
      Type.String({ format: 'uuid', description: 'The record of the registry, if there is one.' }),
    ),
  },
  { additionalProperties: false },
)

export const OpenFollowUp = Type.Object(
  {
    id: Type.Optional(ProposedId),
    areaPath: path,
    basis: code,
    basisWords: Type.String({ minLength: 4, maxLength: 500, description: 'The document, its number and day.' }),
    endsOn: day,
    nextOn: Type.Optional(day),
    person,
    staff: Type.Array(Named, { maxItems: 8, description: 'Beside whoever opens it.' }),
  },
  { additionalProperties: false },
)
export type OpenFollowUp = Static<typeof OpenFollowUp>

const shown = {
  id: uuid,
  version: Type.Integer(),
  label: Type.String({ description: 'The first character of the name, the rest hidden.' }),
  basisName: Type.String(),
  law: Type.String(),
  areaName: Type.String(),
  openedOn: day,
  endsOn: day,
  nextOn: orNull(day),
  due: Type.Boolean(),
  state: Type.Enum(['open', 'ended']),
  deleteOn: orNull(day),
  extension: Type.Boolean({ description: 'A later end waits for approval.' }),
  mayManage: Type.Boolean(),
}
export const FollowUpBrief = Type.Object(shown)
export type FollowUpBrief = Static<typeof FollowUpBrief>

/** What waits for somebody who may open follow-ups: no word about whom. */
export const FollowUpWaiting = Type.Object({
  kind: Type.Enum(['extension', 'unattended']),
  id: uuid,
  extensionId: orNull(uuid),
  basisName: Type.String(),
  law: Type.String(),
  basisWords: Type.String(),
  areaName: Type.String(),
  endsOn: day,
  newEndsOn: orNull(day),
  askedByName: Type.String(),
})
export type FollowUpWaiting = Static<typeof FollowUpWaiting>

export const FollowUpPage = Page(FollowUpBrief)
export type FollowUpPage = Static<typeof FollowUpPage>
export const FollowUpsWaiting = Type.Object({ items: Type.Array(FollowUpWaiting) })
export type FollowUpsWaiting = Static<typeof FollowUpsWaiting>
export const ListFollowUps = PageQuery

export const LookAt = Type.Object(
  { purpose: LookPurpose, reason: Type.String({ minLength: 4, maxLength: 200 }) },
  { additionalProperties: false },
)
export type LookAt = Static<typeof LookAt>

const note = Type.Object({
  id: uuid,
  kind: Type.Enum(['contact', 'look']),
  at: instant,
  metOn: orNull(day),
  way: orNull(Type.String()),
  words: Type.String(),
  byName: Type.String(),
})
const staffShown = Type.Object({ accountId: uuid, name: Type.String(), post: Type.String() })

export const FollowUpView = Type.Object({
  ...shown,
  person: Type.Object({
    name: Type.String(),
    citizenId: Type.String(),
    phone: Type.String(),
    address: Type.String(),
    background: Type.String(),
    personId: orNull(uuid),
  }),
  basisWords: Type.String(),
  staff: Type.Array(staffShown),
  notes: Type.Array(note, { description: 'The latest 100 contacts and looks.' }),
})
export type FollowUpView = Static<typeof FollowUpView>

export const WriteContact = Type.Object(
  {
    id: Type.Optional(ProposedId),
    metOn: day,
    way: ContactWay,
    text: Type.String({ minLength: 1, maxLength: 2000 }),
    nextOn: Type.Optional(orNull(day)),
  },
  { additionalProperties: false },
)
export type WriteContact = Static<typeof WriteContact>

export const NameStaff = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    add: Type.Array(Named, { maxItems: 8 }),
    remove: Type.Array(uuid, { maxItems: 8 }),
  },
  { additionalProperties: false },
)
export type NameStaff = Static<typeof NameStaff>

export const AskExtension = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    basis: code,
    basisWords: Type.String({ minLength: 4, maxLength: 500 }),
    endsOn: day,
    approver: uuid,
  },
  { additionalProperties: false },
)
export type AskExtension = Static<typeof AskExtension>
export const DecideExtension = Type.Object(
  { extensionId: uuid, approve: Type.Boolean() },
  { additionalProperties: false },
)
export type DecideExtension = Static<typeof DecideExtension>
export const EndFollowUp = Type.Object(
  { version: Type.Integer({ minimum: 1 }), reason: Type.String({ minLength: 4, maxLength: 200 }) },
  { additionalProperties: false },
)
export type EndFollowUp = Static<typeof EndFollowUp>
export const TakeOver = Type.Object(
  { reason: Type.String({ minLength: 4, maxLength: 200 }) },
  { additionalProperties: false },
)
export type TakeOver = Static<typeof TakeOver>

export const AskCandidates = Type.Object({ area: path })
export const Candidates = Type.Object({
  items: Type.Array(
    Type.Object({
      accountId: uuid,
      postId: uuid,
      name: Type.String(),
      post: Type.String(),
      mayApprove: Type.Boolean(),
    }),
    { description: 'Those in office at the place, above it and directly below; at most 100.' },
  ),
})
export type Candidates = Static<typeof Candidates>

export const AskCounts = Type.Object({
  month: Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$' }),
})
export type AskCounts = Static<typeof AskCounts>
/** Counts for whoever oversees: a figure from 1 to 4 is not given, for it could point at somebody. */
export const FollowUpCounts = Type.Object({
  open: orNull(Type.Integer({ description: 'null: fewer than 5, but some' })),
  looks: orNull(Type.Integer()),
  purposes: Type.Array(Type.Object({ purpose: LookPurpose, looks: orNull(Type.Integer()) })),
})
export type FollowUpCounts = Static<typeof FollowUpCounts>

export const FollowUpDone = Type.Object({ id: uuid, version: Type.Integer() })
export type FollowUpDone = Static<typeof FollowUpDone>

const commitment = Type.String({ description: 'Hex of H(salt || JCS of what was said); the salt goes with it.' })
export const FollowUpOpened = ledgerEvent(
  'followUp.opened',
  Type.Object({ basis: Type.String(), endsOn: day, staff: Type.Integer(), commitment }),
)
export const FollowUpStaffNamed = ledgerEvent(
  'followUp.staff_named',
  Type.Object({
    added: Type.Array(uuid),
    removed: Type.Array(uuid),
    cause: Type.Enum(['named', 'leftPost', 'takenOver']),
  }),
)
/** The entry's subject is the look itself: who looked stands here, at whom only in what is deleted later. */
export const FollowUpLooked = ledgerEvent('followUp.looked', Type.Object({ purpose: Type.String(), commitment }))
export const FollowUpContacted = ledgerEvent('followUp.contacted', Type.Object({ way: Type.String(), commitment }))
export const FollowUpExtensionAsked = ledgerEvent(
  'followUp.extension_asked',
  Type.Object({ basis: Type.String(), endsOn: day, approver: uuid, commitment }),
)
export const FollowUpExtensionDecided = ledgerEvent(
  'followUp.extension_decided',
  Type.Object({ basis: Type.String(), endsOn: day, approved: Type.Boolean() }),
)
export const FollowUpEnded = ledgerEvent(
  'followUp.ended',
  Type.Object({ cause: Type.Enum(['early', 'endDay']), deleteOn: day, commitment: orNull(commitment) }),
)
export const FollowUpDue = ledgerEvent(
  'followUp.due',
  Type.Object({ accounts: Type.Array(uuid), what: Type.Enum(['contact', 'end']) }),
)
export const FollowUpDeleted = ledgerEvent(
  'followUp.deleted',
  Type.Object({ notes: Type.Integer(), staff: Type.Integer(), extensions: Type.Integer() }),
)
