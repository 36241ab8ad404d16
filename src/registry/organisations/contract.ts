import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { areaPath, day, Freshness, instant, oneOf, Place, reason, source, uuid, version } from '../contract.ts'

defineFaults({
  'registry.code_invalid': {
    status: 400,
    zh: '统一社会信用代码不对，请对照执照核对 18 位。',
    en: 'This credit code is not right. Please compare all 18 characters with the licence.',
  },
  'registry.code_taken': {
    status: 409,
    zh: '这个统一社会信用代码已经登记过了。',
    en: 'An organisation with this credit code is registered already.',
  },
  'registry.no_such_officer': {
    status: 404,
    zh: '没有这名负责人，或已经卸任。',
    en: 'There is no such officer, or the term has ended.',
  },
})

const closed = { additionalProperties: false } as const
export const organisationKinds = [
  'enterprise',
  'merchant',
  'partner',
  'supplier',
  'socialOrganisation',
  'partyOrganisation',
  'other',
] as const
export const duties = ['legalRepresentative', 'safetyOfficer', 'contact', 'partySecretary', 'owner', 'other'] as const

const name = Type.String({ minLength: 1, maxLength: 100 })
const phone = Type.String({ maxLength: 30, description: 'Mobile or landline.' })
/** Sealed: what describes it further. */
const details = Type.Object(
  {
    products: Type.Optional(Type.String({ maxLength: 200 })),
    hazards: Type.Optional(Type.String({ maxLength: 200, description: '危险源' })),
    dormitory: Type.Optional(Type.String({ maxLength: 100 })),
    remark: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
)
export type OrganisationDetails = Static<typeof details>
const facts = {
  code: Type.Optional(orNull(Type.String({ maxLength: 30, description: 'GB 32100, 18 characters.' }))),
  trade: Type.Optional(Type.String({ maxLength: 60 })),
  phone: Type.Optional(orNull(phone)),
  headcount: Type.Optional(orNull(Type.Integer({ minimum: 0, maximum: 1_000_000 }))),
  premisesId: Type.Optional(orNull(uuid)),
  address: Type.Optional(Type.String({ maxLength: 200, description: 'Left out: that of the premises.' })),
  details: Type.Optional(details),
}

export const RegisterOrganisation = Type.Object(
  {
    id: Type.Optional(ProposedId),
    kind: oneOf(organisationKinds),
    name,
    ...facts,
    areaPath: Type.Optional(areaPath),
    source,
    reason: Type.Optional(reason),
  },
  closed,
)
export type RegisterOrganisation = Static<typeof RegisterOrganisation>
export const CorrectOrganisation = Type.Object(
  {
    kind: Type.Optional(oneOf(organisationKinds)),
    name: Type.Optional(name),
    ...facts,
    areaPath: Type.Optional(areaPath),
    source: Type.Optional(source),
    version,
    reason,
  },
  closed,
)
export type CorrectOrganisation = Static<typeof CorrectOrganisation>

export const NameOfficer = Type.Object(
  {
    duty: oneOf(duties),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    phone: Type.Optional(orNull(phone)),
    personId: Type.Optional(orNull(uuid)),
    fromOn: Type.Optional(day),
    version,
    reason: Type.Optional(reason),
  },
  closed,
)
export type NameOfficer = Static<typeof NameOfficer>
export const EndOfficer = Type.Object({ untilOn: Type.Optional(day), version, reason }, closed)
export type EndOfficer = Static<typeof EndOfficer>
export const UnmaskOrganisation = Type.Object({ reason: Type.String({ minLength: 4, maxLength: 200 }) }, closed)
export type UnmaskOrganisation = Static<typeof UnmaskOrganisation>
export const OrganisationPhones = Type.Object({
  phone: orNull(Type.String()),
  officers: Type.Array(Type.Object({ id: uuid, phone: orNull(Type.String()) })),
})
export type OrganisationPhones = Static<typeof OrganisationPhones>

const officer = Type.Object({
  id: uuid,
  duty: Type.String(),
  name: Type.String(),
  phone: orNull(Type.String({ description: 'Masked.' })),
  personId: orNull(uuid),
  fromOn: day,
  untilOn: orNull(day),
})
const brief = {
  id: uuid,
  version: Type.Integer(),
  kind: Type.String(),
  name: Type.String(),
  code: orNull(Type.String()),
  trade: Type.String(),
  ...Place.properties,
  premisesId: orNull(uuid),
  address: Type.String(),
  phone: orNull(Type.String({ description: 'Masked.' })),
  headcount: orNull(Type.Integer()),
  ...Freshness.properties,
  closed: Type.Boolean(),
}
export const OrganisationBrief = Type.Object(brief)
export type OrganisationBrief = Static<typeof OrganisationBrief>
export const OrganisationPage = Page(OrganisationBrief)
export type OrganisationPage = Static<typeof OrganisationPage>
export const Organisation = Type.Object({
  ...brief,
  details,
  officers: Type.Array(officer, { description: 'Those in office first; at most 50.' }),
  mayWrite: Type.Boolean(),
  mayUnmask: Type.Boolean(),
})
export type Organisation = Static<typeof Organisation>

export const ListOrganisations = Type.Object({
  ...PageQuery.properties,
  area: Type.Optional(areaPath),
  premises: Type.Optional(uuid),
  kind: Type.Optional(oneOf(organisationKinds)),
})
export type ListOrganisations = Static<typeof ListOrganisations>

/** A chat group of the business grid: residents' exchange (居民交流) or grid work (网格工作). */
export const groupKinds = ['residents', 'gridWork'] as const
const groupParts = {
  kind: oneOf(groupKinds),
  name,
  channel: oneOf(['wechat', 'qq', 'dingtalk', 'other'] as const),
  audience: Type.Optional(Type.String({ maxLength: 100, description: 'Which people or trade it is for.' })),
  members: Type.Optional(orNull(Type.Integer({ minimum: 0, maximum: 100_000 }))),
  ownerPost: Type.Optional(Type.String({ maxLength: 60, description: 'The post that looks after it.' })),
}
export const MakeGroup = Type.Object({ id: Type.Optional(ProposedId), areaPath, ...groupParts }, closed)
export type MakeGroup = Static<typeof MakeGroup>
export const ChangeGroup = Type.Object(
  { ...Type.Partial(Type.Object(groupParts)).properties, closed: Type.Optional(Type.Boolean()), version },
  closed,
)
export type ChangeGroup = Static<typeof ChangeGroup>
export const ChatGroup = Type.Object({
  id: uuid,
  version: Type.Integer(),
  ...Place.properties,
  kind: Type.String(),
  name: Type.String(),
  channel: Type.String(),
  audience: Type.String(),
  members: orNull(Type.Integer()),
  ownerPost: Type.String(),
  checkedAt: instant,
  closed: Type.Boolean(),
})
export type ChatGroup = Static<typeof ChatGroup>
export const ChatGroupPage = Page(ChatGroup)
export type ChatGroupPage = Static<typeof ChatGroupPage>
export const ListGroups = Type.Object({
  ...PageQuery.properties,
  area: Type.Optional(areaPath),
  kind: Type.Optional(oneOf(groupKinds)),
})
export type ListGroups = Static<typeof ListGroups>

export const GroupChanged = ledgerEvent(
  'chatGroup.changed',
  Type.Object({
    act: Type.String(),
    kind: Type.String(),
    areaPath: Type.String(),
    members: Type.Union([Type.Integer(), Type.Null()]),
  }),
)
