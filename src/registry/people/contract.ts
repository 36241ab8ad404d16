import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { areaPath, day, Freshness, instant, oneOf, Place, reason, source, uuid, version } from '../contract.ts'
import { GivenTag, PersonTag } from '../tags/contract.ts'

defineFaults({
  'registry.citizen_id_invalid': {
    status: 400,
    zh: '身份证号不对，请对照证件逐位核对（18 位，末位可能是 X）。',
    en: 'This ID number is not right. Please compare all 18 characters with the card.',
  },
  'registry.phone_invalid': {
    status: 400,
    zh: '手机号不对，应为 11 位、以 1 开头。',
    en: 'This mobile number is not right: 11 digits beginning with 1.',
  },
  'registry.already_known': {
    status: 409,
    zh: '这个人已经登记过了，请核对后点“情况没变”。',
    en: 'This person is registered already. Please check, then confirm that it is still so.',
  },
  'registry.known_elsewhere': {
    status: 409,
    zh: '这个身份证号在本县（市、区）别处已有登记。如果人已搬来，请办“迁入本处”。',
    en: 'This ID number is already registered in the county. If the person has moved here, ask to have it moved here.',
  },
  'registry.not_the_same': {
    status: 404,
    zh: '没有找到姓名和身份证号都相符的登记。',
    en: 'No registration has both this name and this ID number.',
  },
  'registry.home_needed': {
    status: 400,
    zh: '请选择房屋，或至少选择所在网格。',
    en: 'Please choose the premises, or at least the area.',
  },
  'registry.born_in_future': {
    status: 400,
    zh: '出生日期不能晚于今天。',
    en: 'The date of birth cannot lie in the future.',
  },
  'registry.until_not_possible': {
    status: 400,
    zh: '迁出日期应在迁入之后、不晚于今天。',
    en: 'The last day must lie after the first and not in the future.',
  },
  'registry.lives_already': {
    status: 409,
    zh: '这个人已登记住在这里。',
    en: 'This person is registered as living here already.',
  },
  'registry.no_such_residence': {
    status: 404,
    zh: '没有这条居住关系，或已经结束。',
    en: 'There is no such relation, or it has ended.',
  },
  'registry.not_alive': {
    status: 409,
    zh: '登记状态为“{state}”，不能这样改。',
    en: 'The record says “{state}”; this cannot be changed.',
  },
  'registry.merged': {
    status: 409,
    zh: '这条登记已并入另一条。',
    en: 'This record has been merged into another.',
  },
})

export const sexes = ['male', 'female'] as const
export const registrations = ['registered', 'elsewhere', 'floating', 'foreign', 'unknown'] as const
export type Registration = (typeof registrations)[number]
export const relations = ['owner', 'tenant', 'family', 'lodger', 'employee', 'registeredOnly'] as const
export type Relation = (typeof relations)[number]
export const personStates = ['present', 'away', 'left', 'deceased', 'merged'] as const
export type PersonState = (typeof personStates)[number]
export const headRelations = [
  'head',
  'spouse',
  'child',
  'childInLaw',
  'grandchild',
  'parent',
  'parentInLaw',
  'grandparent',
  'sibling',
  'other',
] as const

const short = Type.Optional(Type.String({ maxLength: 60 }))
/** Sealed by field group; every field may be left out. */
export const Details = Type.Object(
  {
    identity: Type.Optional(
      Type.Object({ ethnicity: short, nativePlace: short, political: short }, { additionalProperties: false }),
    ),
    work: Type.Optional(
      Type.Object({ employer: short, occupation: short, workPlace: short }, { additionalProperties: false }),
    ),
    education: Type.Optional(Type.Object({ degree: short, school: short }, { additionalProperties: false })),
    family: Type.Optional(
      Type.Object(
        { marriage: short, emergencyName: short, emergencyPhone: short, cameFrom: short },
        { additionalProperties: false },
      ),
    ),
    health: Type.Optional(
      Type.Object({ disability: short, illness: short, care: short }, { additionalProperties: false }),
    ),
    remark: Type.Optional(
      Type.Object({ text: Type.Optional(Type.String({ maxLength: 500 })) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
)
export type Details = Static<typeof Details>

const closed = { additionalProperties: false } as const
const name = Type.String({ minLength: 1, maxLength: 60 })
const citizenId = Type.String({ maxLength: 30, description: 'GB 11643; blanks and full width are mended.' })
const phone = Type.String({ maxLength: 30 })
const facts = {
  sex: Type.Optional(orNull(oneOf(sexes))),
  bornOn: Type.Optional(orNull(day)),
  registration: Type.Optional(oneOf(registrations)),
  details: Type.Optional(Details),
}
const home = {
  premisesId: Type.Optional(uuid),
  relation: Type.Optional(oneOf(relations)),
  livesHere: Type.Optional(Type.Boolean({ default: true })),
  householdId: Type.Optional(uuid),
  headRelation: Type.Optional(orNull(oneOf(headRelations))),
  fromOn: Type.Optional(day),
}

export const RegisterPerson = Type.Object(
  {
    id: Type.Optional(ProposedId),
    name,
    citizenId: Type.Optional(orNull(citizenId)),
    phone: Type.Optional(orNull(phone)),
    ...facts,
    areaPath: Type.Optional(areaPath),
    ...home,
    tags: Type.Optional(Type.Array(GivenTag, { maxItems: 20 })),
    source,
    reason: Type.Optional(reason),
  },
  closed,
)
export type RegisterPerson = Static<typeof RegisterPerson>

/** Moves the residence of somebody who is registered elsewhere in the county; name and ID number must both fit. */
export const MovePersonHere = Type.Object(
  { name, citizenId, ...home, premisesId: uuid, phone: Type.Optional(orNull(phone)), source, reason },
  closed,
)
export type MovePersonHere = Static<typeof MovePersonHere>

export const CorrectPerson = Type.Object(
  {
    name: Type.Optional(name),
    citizenId: Type.Optional(orNull(citizenId)),
    ...facts,
    source: Type.Optional(source),
    version,
    reason,
  },
  closed,
)
export type CorrectPerson = Static<typeof CorrectPerson>

/** The small command: a number is wrong, here is the right one. */
export const FixPhone = Type.Object(
  { phone: orNull(phone), version, source: Type.Optional(source), reason: Type.Optional(reason) },
  closed,
)
export type FixPhone = Static<typeof FixPhone>

export const ChangeState = Type.Object(
  {
    state: oneOf(['present', 'away', 'left', 'deceased'] as const),
    on: Type.Optional(day),
    source: Type.Optional(source),
    version,
    reason,
  },
  closed,
)
export type ChangeState = Static<typeof ChangeState>

export const AddResidence = Type.Object(
  { ...home, premisesId: uuid, version, source, reason: Type.Optional(reason) },
  closed,
)
export type AddResidence = Static<typeof AddResidence>
export const EndResidence = Type.Object(
  { untilOn: Type.Optional(day), version, source: Type.Optional(source), reason },
  closed,
)
export type EndResidence = Static<typeof EndResidence>

export const unmaskedFields = ['citizenId', 'phone', 'details'] as const
export const UnmaskPerson = Type.Object(
  {
    fields: Type.Array(oneOf(unmaskedFields), { minItems: 1, maxItems: 3 }),
    reason: Type.String({ minLength: 4, maxLength: 200 }),
  },
  closed,
)
export type UnmaskPerson = Static<typeof UnmaskPerson>
export const UnmaskedPerson = Type.Object({
  citizenId: Type.Optional(orNull(Type.String())),
  phone: Type.Optional(orNull(Type.String())),
  details: Type.Optional(Details),
})
export type UnmaskedPerson = Static<typeof UnmaskedPerson>

export const Residence = Type.Object({
  id: uuid,
  premisesId: uuid,
  address: Type.String(),
  areaName: Type.String(),
  householdId: orNull(uuid),
  relation: Type.String(),
  livesHere: Type.Boolean(),
  headRelation: orNull(Type.String()),
  fromOn: day,
  untilOn: orNull(day),
  source: Type.String(),
})
export type Residence = Static<typeof Residence>

const brief = {
  id: uuid,
  version: Type.Integer(),
  name: Type.String(),
  sex: orNull(Type.String()),
  bornOn: orNull(day),
  age: orNull(Type.Integer()),
  citizenId: orNull(Type.String({ description: 'Masked: the last four.' })),
  phone: orNull(Type.String({ description: 'Masked.' })),
  registration: Type.String(),
  state: Type.String(),
  ...Place.properties,
  premisesId: orNull(uuid),
  address: Type.String(),
  householdId: orNull(uuid),
  headRelation: orNull(Type.String()),
  tags: Type.Array(PersonTag),
  ...Freshness.properties,
}
/** A person as a list shows them. */
export const PersonBrief = Type.Object(brief)
export type PersonBrief = Static<typeof PersonBrief>
export const PersonPage = Page(PersonBrief)
export type PersonPage = Static<typeof PersonPage>

export const Person = Type.Object({
  ...brief,
  mergedInto: orNull(uuid),
  details: Details,
  hiddenGroups: Type.Array(Type.String(), { description: 'Sensitive groups that hold something; unmask them.' }),
  residences: Type.Array(Residence, { description: 'Lasting ones first, then by their last day; at most 50.' }),
  mayWrite: Type.Boolean(),
  mayUnmask: Type.Boolean(),
})
export type Person = Static<typeof Person>

export const ListPeople = Type.Object({
  ...PageQuery.properties,
  area: Type.Optional(areaPath),
  premises: Type.Optional(uuid),
  household: Type.Optional(uuid),
  tag: Type.Optional(Type.String({ maxLength: 32 })),
  registration: Type.Optional(oneOf(registrations)),
  relation: Type.Optional(oneOf(relations)),
  state: Type.Optional(oneOf(['present', 'away', 'left', 'deceased'] as const)),
  ageFrom: Type.Optional(Type.Integer({ minimum: 0, maximum: 150 })),
  ageTo: Type.Optional(Type.Integer({ minimum: 0, maximum: 150 })),
})
export type ListPeople = Static<typeof ListPeople>

/** Who looked behind the mask of this record. */
export const Looks = Type.Object({
  items: Type.Array(
    Type.Object({
      at: instant,
      byName: Type.String(),
      byPost: Type.String(),
      fields: Type.Array(Type.String()),
      reason: Type.String(),
    }),
  ),
})
export type Looks = Static<typeof Looks>
