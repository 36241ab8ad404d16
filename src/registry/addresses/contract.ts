import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { areaPath, day, Freshness, oneOf, Place, reason, source, uuid, version } from '../contract.ts'

defineFaults({
  'registry.address_needed': {
    status: 400,
    zh: '请填写小区、道路（村组）或门牌号，至少一项。',
    en: 'Please give the estate, the street or the house number.',
  },
  'registry.address_taken': {
    status: 409,
    zh: '这个地址已经登记过了。',
    en: 'This address is registered already.',
  },
  'registry.building_in_use': {
    status: 409,
    zh: '这栋楼里还有 {premises} 套房屋，请先注销或移走。',
    en: 'There are still {premises} premises in this building. Close or move them first.',
  },
  'registry.premises_in_use': {
    status: 409,
    zh: '这套房屋里还有 {households} 户、{people} 人、{organisations} 个单位，请先办迁出。',
    en: '{households} households, {people} people and {organisations} organisations are still here. Move them out first.',
  },
})

export const buildingKinds = [
  'estateBlock',
  'villageHouse',
  'shopRow',
  'plant',
  'dormitory',
  'office',
  'other',
] as const
export type BuildingKind = (typeof buildingKinds)[number]
export const premisesUses = ['ownerOccupied', 'let', 'vacant', 'enterprise', 'merchant', 'public', 'unknown'] as const
export type PremisesUse = (typeof premisesUses)[number]

const part = Type.String({ minLength: 1, maxLength: 60 })
const position = Type.Object(
  { longitude: Type.Number({ minimum: -180, maximum: 180 }), latitude: Type.Number({ minimum: -90, maximum: 90 }) },
  { additionalProperties: false, description: 'WGS-84.' },
)
const buildingParts = {
  kind: oneOf(buildingKinds),
  estate: Type.Optional(Type.String({ maxLength: 60, description: '小区' })),
  street: Type.Optional(Type.String({ maxLength: 60, description: '道路、弄、自然村、组' })),
  houseNumber: Type.Optional(Type.String({ maxLength: 60, description: '门牌号' })),
  name: Type.Optional(Type.String({ maxLength: 60, description: '幢、栋、号楼' })),
  position: Type.Optional(orNull(position)),
  floors: Type.Optional(orNull(Type.Integer({ minimum: 1, maximum: 200 }))),
}
const closed = { additionalProperties: false } as const

export const RegisterBuilding = Type.Object(
  { id: Type.Optional(ProposedId), areaPath, ...buildingParts, source, reason: Type.Optional(reason) },
  closed,
)
export type RegisterBuilding = Static<typeof RegisterBuilding>
export const CorrectBuilding = Type.Object(
  { ...Type.Partial(Type.Object(buildingParts)).properties, version, reason },
  closed,
)
export type CorrectBuilding = Static<typeof CorrectBuilding>
export const MoveBuilding = Type.Object({ areaPath, version, reason }, closed)
export type MoveBuilding = Static<typeof MoveBuilding>
export const CloseRecord = Type.Object({ version, reason }, closed)
export type CloseRecord = Static<typeof CloseRecord>

export const Building = Type.Object({
  id: uuid,
  version: Type.Integer(),
  ...Place.properties,
  kind: Type.String(),
  estate: Type.String(),
  street: Type.String(),
  houseNumber: Type.String(),
  name: Type.String(),
  address: Type.String(),
  position: orNull(position),
  floors: orNull(Type.Integer()),
  closed: Type.Boolean(),
})
export type Building = Static<typeof Building>
export const BuildingPage = Page(Building)
export type BuildingPage = Static<typeof BuildingPage>
export const BuildingView = Type.Object({
  ...Building.properties,
  premises: Type.Integer({ description: 'Open premises in it.' }),
  mayWrite: Type.Boolean(),
})
export type BuildingView = Static<typeof BuildingView>

const premisesParts = {
  unit: Type.Optional(Type.String({ maxLength: 20, description: '单元' })),
  floor: Type.Optional(orNull(Type.Integer({ minimum: -5, maximum: 200 }))),
  room: Type.Optional(Type.String({ maxLength: 20, description: '室' })),
  use: Type.Optional(oneOf(premisesUses)),
}
export const RegisterPremises = Type.Object(
  { id: Type.Optional(ProposedId), buildingId: uuid, ...premisesParts, source, reason: Type.Optional(reason) },
  closed,
)
export type RegisterPremises = Static<typeof RegisterPremises>
export const CorrectPremises = Type.Object({ ...premisesParts, source: Type.Optional(source), version, reason }, closed)
export type CorrectPremises = Static<typeof CorrectPremises>
export const ConfirmRecord = Type.Object({ version, source }, closed)
export type ConfirmRecord = Static<typeof ConfirmRecord>

export const Premises = Type.Object({
  id: uuid,
  version: Type.Integer(),
  buildingId: uuid,
  ...Place.properties,
  unit: Type.String(),
  floor: orNull(Type.Integer()),
  room: Type.String(),
  address: Type.String(),
  use: Type.String(),
  planReviewOn: orNull(day),
  ...Freshness.properties,
  closed: Type.Boolean(),
})
export type Premises = Static<typeof Premises>
export const PremisesPage = Page(Premises)
export type PremisesPage = Static<typeof PremisesPage>
export const PremisesView = Type.Object({
  ...Premises.properties,
  buildingAddress: Type.String(),
  households: Type.Integer(),
  residents: Type.Integer({ description: 'People who live here now.' }),
  hasPlan: Type.Boolean(),
  mayWrite: Type.Boolean(),
})
export type PremisesView = Static<typeof PremisesView>

/** One plan per house (一房一策): what stands out, what is done about it, who looks after it, when it is looked at again. */
const planParts = {
  class: oneOf(['ordinary', 'attention', 'key'] as const, '一般、关注、重点'),
  risks: Type.Array(part, { maxItems: 20 }),
  measures: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 }),
  caretaker: Type.String({ maxLength: 40, description: 'Post that looks after it.' }),
  remark: Type.Optional(Type.String({ maxLength: 500 })),
}
export const WritePlan = Type.Object(
  { ...planParts, reviewOn: orNull(day), version, reason: Type.Optional(reason) },
  closed,
)
export type WritePlan = Static<typeof WritePlan>
export const PremisesPlan = Type.Object({
  premisesId: uuid,
  version: Type.Integer(),
  reviewOn: orNull(day),
  plan: orNull(Type.Object({ ...planParts, remark: Type.String() })),
})
export type PremisesPlan = Static<typeof PremisesPlan>

export const ListPlaces = Type.Object({ ...PageQuery.properties, area: Type.Optional(areaPath) })
export type ListPlaces = Static<typeof ListPlaces>
export const ListPremises = Type.Object({
  ...ListPlaces.properties,
  building: Type.Optional(uuid),
  premises: Type.Optional(Type.String({ format: 'uuid', description: 'These alone.' })),
  use: Type.Optional(oneOf(premisesUses)),
})
export type ListPremises = Static<typeof ListPremises>
export const ListReviews = Type.Object({ ...ListPlaces.properties, until: day })
export type ListReviews = Static<typeof ListReviews>

/** Who is at a door: by name, the phone masked. */
const doorPerson = Type.Object({
  id: uuid,
  name: Type.String(),
  sex: orNull(Type.String()),
  age: orNull(Type.Integer()),
  phone: orNull(Type.String({ description: 'Masked.' })),
  citizenId: orNull(Type.String({ description: 'Masked: the last four.' })),
  registration: Type.String(),
  householdId: orNull(uuid),
  relation: Type.String(),
  livesHere: Type.Boolean(),
  headRelation: orNull(Type.String()),
  fromOn: day,
})
export const Door = Type.Object({ ...Premises.properties, residents: Type.Integer(), people: Type.Array(doorPerson) })
export type Door = Static<typeof Door>
/** Every door of a building, for a picture by floor. */
export const Doors = Type.Object({
  building: Building,
  doors: Type.Array(Door, { description: 'In natural order; of more than 400 the first.' }),
  more: Type.Boolean(),
})
export type Doors = Static<typeof Doors>
export const RosterPage = Page(Door)
export type RosterPage = Static<typeof RosterPage>
