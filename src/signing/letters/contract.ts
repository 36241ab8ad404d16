import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { LetterTemplate } from './template.ts'

defineFaults({
  'signing.letter_fixed': {
    status: 409,
    zh: '已批准的文书不能再改，请以它为底稿新建一份。',
    en: 'An approved letter never changes. Please begin a new one from it.',
  },
  'signing.own_approval': {
    status: 403,
    zh: '自己起草的不能自己批准，请别人来批。',
    en: 'Whoever wrote it cannot approve it. Please ask somebody else.',
  },
  'signing.letter_known': {
    status: 409,
    zh: '和已有的一份完全相同，直接用那一份就行。',
    en: 'It is word for word a letter that stands already; please use that one.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const closed = { additionalProperties: false } as const

export const letterStates = ['draft', 'approved', 'retired'] as const
const shown = {
  id: uuid,
  version: Type.Integer(),
  code: Type.String(),
  name: Type.String(),
  hash: Type.String(),
  state: Type.Enum(letterStates),
  shipped: Type.Boolean({ description: 'Came with the house.' }),
  signers: Type.Array(Type.String(), { description: 'Roles, in the order in which they sign.' }),
  seal: orNull(Type.String()),
  byLabel: Type.String(),
  approvedLabel: orNull(Type.String()),
  approvedAt: orNull(instant),
  updatedAt: instant,
  mine: Type.Boolean(),
}
export const LetterBrief = Type.Object(shown)
export type LetterBrief = Static<typeof LetterBrief>
export const LetterPage = Page(LetterBrief)
export type LetterPage = Static<typeof LetterPage>
export const LetterView = Type.Object({ ...shown, template: LetterTemplate, mayApprove: Type.Boolean() })
export type LetterView = Static<typeof LetterView>

export const ListLetters = Type.Object({ ...PageQuery.properties, state: Type.Optional(Type.Enum(letterStates)) })
export type ListLetters = Static<typeof ListLetters>
export const DraftLetter = Type.Object({ basedOn: Type.Optional(uuid), template: LetterTemplate }, closed)
export type DraftLetter = Static<typeof DraftLetter>
export const ChangeLetter = Type.Object({ template: LetterTemplate, version: Type.Integer({ minimum: 1 }) }, closed)
export type ChangeLetter = Static<typeof ChangeLetter>
export const OfVersion = Type.Object({ version: Type.Integer({ minimum: 1 }) }, closed)
export type OfVersion = Static<typeof OfVersion>
export const PreviewLetter = Type.Object({ template: LetterTemplate }, closed)
export type PreviewLetter = Static<typeof PreviewLetter>

export const LetterChanged = ledgerEvent(
  'signing.letter_changed',
  Type.Object({ act: Type.String(), letterCode: Type.String(), letterHash: Type.String() }),
)
