import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { day, reason, source, version } from '../contract.ts'

defineFaults({
  'registry.unknown_tag': { status: 400, zh: '没有这个标签。', en: 'There is no such tag.' },
  'registry.tag_derived': {
    status: 409,
    zh: '“{tag}”由系统按规则得出，不能手工增减；请改出生日期、户籍或住处。',
    en: '“{tag}” follows from a rule. Correct the date of birth, registration or home instead.',
  },
  'registry.tag_until_needed': {
    status: 400,
    zh: '“{tag}”会到期，请填到哪天为止。',
    en: '“{tag}” ends some day. Please say when.',
  },
  'registry.tag_until_past': {
    status: 400,
    zh: '到期日不能早于今天。',
    en: 'The last day cannot lie in the past.',
  },
})

const code = Type.String({ pattern: '^[a-z][A-Za-z0-9]{1,30}$' })

export const TagList = Type.Object({
  items: Type.Array(
    Type.Object({
      code,
      name: Type.String(),
      meaning: Type.String(),
      derived: Type.Boolean({ description: 'Follows from a rule; never set by hand.' }),
      ends: Type.Boolean({ description: 'Has a last day.' }),
      sensitive: Type.Boolean({ description: 'Only those who may unmask see who has it.' }),
    }),
  ),
})
export type TagList = Static<typeof TagList>

export const PersonTag = Type.Object({
  tag: code,
  name: Type.String(),
  derived: Type.Boolean(),
  sensitive: Type.Boolean(),
  sinceOn: day,
  untilOn: orNull(day),
})
export type PersonTag = Static<typeof PersonTag>

export const GivenTag = Type.Object({ tag: code, untilOn: Type.Optional(orNull(day)) }, { additionalProperties: false })
export type GivenTag = Static<typeof GivenTag>

export const SetTags = Type.Object(
  {
    add: Type.Array(GivenTag, { maxItems: 20 }),
    remove: Type.Array(code, { maxItems: 20 }),
    version,
    source,
    reason: Type.Optional(reason),
  },
  { additionalProperties: false },
)
export type SetTags = Static<typeof SetTags>

/** The daily work on tags: birthdays gave some, last days took some. */
export const TagsKept = ledgerEvent(
  'registry.tags_kept',
  Type.Object({ on: Type.String(), given: Type.Integer(), ended: Type.Integer() }),
)
