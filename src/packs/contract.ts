import { Type, type Static } from 'typebox'
import { defineFaults } from '../kernel/faults.ts'
import { ledgerEvent } from '../ledger/contract.ts'
import { FormItem, Step, Tone } from './format.ts'

export const packsFaults = defineFaults({
  'packs.unknown_kind': { status: 404, zh: '没有这一类事项。', en: 'There is no such kind of matter.' },
  'packs.unknown_version': { status: 404, zh: '没有这个版本的场景包。', en: 'There is no such version of the pack.' },
  'packs.no_such_move': { status: 409, zh: '现在不能做这一步。', en: 'This step is not possible now.' },
  'packs.broken': {
    status: 422,
    zh: '场景包没有通过检查，共有 {count} 处问题。',
    en: 'The pack did not pass its check: {count} problems.',
  },
})

export * from './format.ts'

const Option = Type.Object({ value: Type.String(), label: Type.String(), group: Type.Optional(Type.String()) })
/** A form as a page draws it: labels and options in the reader's language, the schema for checking at once. */
export const ShownForm = Type.Object({
  schema: Type.Unknown(),
  layout: Type.Array(
    Type.Object({
      field: Type.String(),
      widget: FormItem.properties.widget,
      label: Type.String(),
      hint: Type.String(),
      required: Type.Boolean(),
      when: Type.Optional(
        Type.Object(
          { field: Type.String(), is: Type.Array(Type.String()) },
          { description: 'Asked only when that field has one of these values.' },
        ),
      ),
      options: Type.Array(Option),
    }),
  ),
})
export type ShownForm = Static<typeof ShownForm>

export const ShownCategory = Type.Object({
  code: Type.String(),
  name: Type.String(),
  group: Type.String(),
  groupName: Type.String(),
  urgent: Type.Boolean(),
  complaint: Type.Boolean({ description: 'About staff or the platform itself.' }),
  dutyBasis: Type.String(),
})
export type ShownCategory = Static<typeof ShownCategory>

/** What the report page needs: public, so nothing but names and the form. */
export const ReportKind = Type.Object({
  kind: Type.String(),
  name: Type.String(),
  hint: Type.String(),
  version: Type.Integer(),
  public: Type.Boolean(),
  icon: Type.String(),
  words: Type.Object(
    { text: Type.String(), textHint: Type.String(), photos: Type.String(), send: Type.String() },
    { description: 'What the page asks in the pack’s words; empty where the page’s own will do.' },
  ),
  categories: Type.Array(ShownCategory),
  form: Type.Union([ShownForm, Type.Null()]),
})
export type ReportKind = Static<typeof ReportKind>
export const ReportKinds = Type.Object({ items: Type.Array(ReportKind) })

/** A kind for signed-in staff: states, steps and the drawn loop. */
export const ShownKind = Type.Object({
  kind: Type.String(),
  pack: Type.String(),
  version: Type.Integer(),
  sha256: Type.String(),
  publishedAt: Type.String({ format: 'date-time' }),
  own: Type.Boolean({ description: 'The county’s own copy, not the shipped one.' }),
  name: Type.String(),
  states: Type.Array(Type.Object({ name: Type.String(), label: Type.String(), tone: Tone, end: Type.Boolean() })),
  steps: Type.Array(
    Type.Object({
      move: Type.String(),
      label: Type.String(),
      from: Type.Union([Type.String(), Type.Null()]),
      to: Type.String(),
      by: Step.properties.by,
      due: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  lists: Type.Array(
    Type.Object({ name: Type.String(), title: Type.String(), configurable: Type.Boolean(), items: Type.Array(Option) }),
  ),
  mermaid: Type.String(),
  svg: Type.String(),
})
export type ShownKind = Static<typeof ShownKind>

export const PackVersionInfo = Type.Object({
  pack: Type.String(),
  version: Type.Integer(),
  sha256: Type.String(),
  own: Type.Boolean(),
  current: Type.Boolean(),
  publishedAt: Type.String({ format: 'date-time' }),
})
export const PackVersions = Type.Object({ items: Type.Array(PackVersionInfo) })

export const PackPublished = ledgerEvent(
  'pack.published',
  Type.Object({
    pack: Type.String(),
    version: Type.Integer(),
    sha256: Type.String(),
    own: Type.Boolean(),
    kinds: Type.Array(Type.String()),
  }),
)
