import { Type, type Static, type TSchema } from 'typebox'

const uuid = Type.String({ format: 'uuid' })
const orNothing = <T extends TSchema>(item: T) => Type.Union([item, Type.Null()])
const oneOf = <const Word extends string>(words: readonly Word[], description?: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], ...(description === undefined ? {} : { description }) })

export const searchGroups = ['people', 'addresses', 'organisations'] as const
export type SearchGroup = (typeof searchGroups)[number]

/** What is asked goes in the body: an ID number or a phone has no business in an address line or a log of them. */
export const AskSearch = Type.Object(
  {
    q: Type.String({ maxLength: 100, description: 'As typed: a name, pinyin, digits, an address, a code.' }),
    group: Type.Optional(oneOf(searchGroups, 'Only this group, more of it; left out: a few of each.')),
    near: Type.Optional(
      Type.String({ maxLength: 200, description: 'An area; what lies in it comes first. Left out: one’s own.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 6 })),
    after: Type.Optional(Type.String({ maxLength: 400 })),
  },
  { additionalProperties: false },
)
export type AskSearch = Static<typeof AskSearch>

export const searchKinds = [
  'empty',
  'tooShort',
  'name',
  'pinyin',
  'phoneTail',
  'phone',
  'citizenId',
  'code',
  'badCode',
  'address',
  'number',
] as const
export type SearchKind = (typeof searchKinds)[number]

const mark = orNothing(
  Type.Array(Type.Integer(), {
    minItems: 2,
    maxItems: 2,
    description: 'From which to which character (not included) of the title the words were found.',
  }),
)
const place = { areaPath: Type.String(), areaName: Type.String() }

export const FoundPerson = Type.Object({
  id: uuid,
  name: Type.String(),
  mark,
  sex: orNothing(Type.String()),
  age: orNothing(Type.Integer()),
  phone: orNothing(Type.String({ description: 'Masked.' })),
  citizenId: orNothing(Type.String({ description: 'Masked but for the last four characters.' })),
  registration: Type.String(),
  state: Type.String(),
  address: orNothing(Type.String({ description: 'Where they live; null where that is not the caller’s to see.' })),
  livesHere: Type.Boolean({ description: 'False: lives elsewhere and owns, rents or works here.' }),
  ...place,
})
export type FoundPerson = Static<typeof FoundPerson>

export const FoundAddress = Type.Object({
  id: uuid,
  kind: oneOf(['building', 'premises']),
  address: Type.String(),
  mark,
  use: orNothing(Type.String()),
  ...place,
})
export type FoundAddress = Static<typeof FoundAddress>

export const FoundOrganisation = Type.Object({
  id: uuid,
  name: Type.String(),
  mark,
  kind: Type.String(),
  code: orNothing(Type.String()),
  trade: Type.String(),
  address: Type.String(),
  ...place,
})
export type FoundOrganisation = Static<typeof FoundOrganisation>

const Group = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    next: orNothing(Type.String()),
    complete: Type.Boolean({ description: 'False: more share these characters than were looked at; say more.' }),
  })

export const SearchAnswer = Type.Object({
  kind: oneOf(searchKinds, 'What the words were taken for.'),
  people: Group(FoundPerson),
  addresses: Group(FoundAddress),
  organisations: Group(FoundOrganisation),
})
export type SearchAnswer = Static<typeof SearchAnswer>
