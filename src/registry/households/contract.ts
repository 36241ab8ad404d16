import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { areaPath, day, Freshness, instant, oneOf, Place, reason, source, uuid, version } from '../contract.ts'
import { headRelations, PersonBrief, relations } from '../people/contract.ts'

defineFaults({
  'registry.not_a_member': {
    status: 409,
    zh: '这个人不在这一户里。',
    en: 'This person does not belong to the household.',
  },
  'registry.members_needed': {
    status: 400,
    zh: '分户至少要有一个人。',
    en: 'Splitting off takes at least one person.',
  },
  'registry.all_leave': {
    status: 409,
    zh: '全户都走了，请办整户注销或迁移。',
    en: 'Nobody would be left. Dissolve the household instead.',
  },
})

const closed = { additionalProperties: false } as const
export const householdKinds = ['registered', 'floating', 'collective'] as const
const kind = oneOf(householdKinds)
const number = Type.Optional(orNull(Type.String({ maxLength: 40, description: '户号' })))

const member = Type.Object(
  {
    personId: uuid,
    version: Type.Integer({ minimum: 1, description: 'Of the person.' }),
    relation: Type.Optional(oneOf(relations)),
    headRelation: Type.Optional(orNull(oneOf(headRelations))),
    fromOn: Type.Optional(day),
  },
  closed,
)
export type Member = Static<typeof member>

export const MakeHousehold = Type.Object(
  {
    id: Type.Optional(ProposedId),
    premisesId: uuid,
    kind,
    number,
    headId: Type.Optional(orNull(uuid)),
    members: Type.Array(member, { maxItems: 60 }),
    source,
    reason: Type.Optional(reason),
  },
  closed,
)
export type MakeHousehold = Static<typeof MakeHousehold>
export const CorrectHousehold = Type.Object({ kind: Type.Optional(kind), number, version, reason }, closed)
export type CorrectHousehold = Static<typeof CorrectHousehold>
export const ChangeHead = Type.Object({ headId: uuid, version, reason }, closed)
export type ChangeHead = Static<typeof ChangeHead>
export const AddMembers = Type.Object(
  { members: Type.Array(member, { minItems: 1, maxItems: 60 }), version, source, reason: Type.Optional(reason) },
  closed,
)
export type AddMembers = Static<typeof AddMembers>
export const LeaveHousehold = Type.Object(
  {
    personId: uuid,
    untilOn: Type.Optional(day),
    staysHere: Type.Optional(
      Type.Boolean({ description: 'Goes on living at the premises, apart from the household.' }),
    ),
    version,
    reason,
  },
  closed,
)
export type LeaveHousehold = Static<typeof LeaveHousehold>
export const SplitHousehold = Type.Object(
  {
    id: Type.Optional(ProposedId),
    personIds: Type.Array(uuid, { minItems: 1, maxItems: 60 }),
    headId: Type.Optional(orNull(uuid)),
    premisesId: Type.Optional(Type.String({ format: 'uuid', description: 'Left out: at the same premises.' })),
    number,
    version,
    reason,
  },
  closed,
)
export type SplitHousehold = Static<typeof SplitHousehold>

/** The situation file of 一户两档. */
const dossierParts = {
  situation: Type.String({ maxLength: 1000 }),
  hardship: Type.String({ maxLength: 500 }),
  needs: Type.String({ maxLength: 500 }),
  risks: Type.String({ maxLength: 500 }),
}
export const Dossier = Type.Object(dossierParts)
export type Dossier = Static<typeof Dossier>
export const WriteDossier = Type.Object(
  { ...Type.Partial(Type.Object(dossierParts)).properties, version, reason: Type.Optional(reason) },
  closed,
)
export type WriteDossier = Static<typeof WriteDossier>

const brief = {
  id: uuid,
  version: Type.Integer(),
  ...Place.properties,
  premisesId: uuid,
  buildingId: uuid,
  address: Type.String(),
  kind: Type.String(),
  number: orNull(Type.String()),
  headId: orNull(uuid),
  headName: Type.String(),
  members: Type.Integer(),
  ...Freshness.properties,
  closed: Type.Boolean(),
}
export const HouseholdBrief = Type.Object(brief)
export type HouseholdBrief = Static<typeof HouseholdBrief>
export const HouseholdPage = Page(HouseholdBrief)
export type HouseholdPage = Static<typeof HouseholdPage>

/** One line of the service file of 一户两档: what was done for the household. */
const service = Type.Object({
  at: instant,
  kind: Type.String(),
  refId: uuid,
  personId: orNull(uuid),
  byPost: Type.String(),
  summary: Type.String(),
})

export const Household = Type.Object({
  ...brief,
  use: Type.String({ description: 'Of the premises.' }),
  planReviewOn: orNull(day),
  people: Type.Array(
    Type.Object({
      ...PersonBrief.properties,
      relation: Type.String(),
      fromOn: day,
      residenceId: uuid,
    }),
    { description: 'Who belongs to it, the head first; at most 60.' },
  ),
  owners: Type.Array(
    Type.Object({ id: uuid, name: Type.String(), phone: orNull(Type.String()), livesHere: Type.Boolean() }),
    { description: 'Who owns the premises.' },
  ),
  others: Type.Integer({ description: 'Other households at the same premises.' }),
  dossier: orNull(Dossier),
  hasDossier: Type.Boolean({ description: 'The situation file is shown to those who keep it.' }),
  services: Type.Array(service, { description: 'The service file: the last 20.' }),
  mayWrite: Type.Boolean(),
})
export type Household = Static<typeof Household>

export const ListHouseholds = Type.Object({
  ...PageQuery.properties,
  area: Type.Optional(areaPath),
  premises: Type.Optional(uuid),
  kind: Type.Optional(kind),
})
export type ListHouseholds = Static<typeof ListHouseholds>
