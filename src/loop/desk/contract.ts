import { Type, type Static } from 'typebox'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { defineFaults } from '../../kernel/faults.ts'
import { ledgerEvent } from '../../ledger/index.ts'
import { MatterBrief, MoveOffer, WorkFilter } from '../contract.ts'

/** A person's own views and those shown to them; more than this nobody keeps apart. */
export const VIEWS_MAX = 20
/** As many matters as one form is filled in for. */
export const BULK_MAX = 50
/** More rows than this are no list for reading; the county's figures are the wall's business. */
export const EXPORT_MAX = 20_000

export const deskFaults = defineFaults({
  'loop.too_many_views': {
    status: 409,
    zh: '自己的视图最多 {most} 个，请先删掉不用的。',
    en: 'You can keep {most} views of your own. Please remove one first.',
  },
  'loop.view_not_yours': {
    status: 403,
    zh: '这个视图是别人建的，不能改；可以另存为自己的。',
    en: 'Somebody else made this view. You can save it as your own instead.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const path = Type.String({ maxLength: 200 })
const name = Type.String({ minLength: 1, maxLength: 30 })

/** To whom a view is offered: posts at an area and below, of one role or all. */
const Shared = Type.Object(
  { path, role: Type.String({ maxLength: 60, description: 'Empty: every post there.' }) },
  { additionalProperties: false },
)

export const SavedView = Type.Object({
  id: uuid,
  name: Type.String(),
  filter: WorkFilter,
  mine: Type.Boolean(),
  shared: orNull(Type.Object({ ...Shared.properties, label: Type.String() })),
  count: Type.Integer({ description: 'Matters in it now, for the reader; 1001 means more than 1,000.' }),
  version: Type.Integer(),
})
export type SavedView = Static<typeof SavedView>

export const columns = ['state', 'what', 'where', 'holder', 'due', 'reported', 'number', 'category', 'closed'] as const
export const DeskLook = Type.Object(
  {
    defaultView: orNull(uuid),
    columns: Type.Array(Type.Enum(columns), { maxItems: columns.length, uniqueItems: true }),
    density: Type.Enum(['roomy', 'middle', 'dense']),
  },
  { additionalProperties: false },
)
export type DeskLook = Static<typeof DeskLook>

export const Desk = Type.Object({
  ...DeskLook.properties,
  views: Type.Array(SavedView, { description: 'Own ones first, then those shared with one’s posts; at most 40.' }),
  mayShareAt: Type.Array(Type.Object({ path, label: Type.String() }), {
    description: 'Areas whose posts one may offer a view to.',
  }),
})
export type Desk = Static<typeof Desk>

const view = { name, filter: WorkFilter, shared: orNull(Shared) }
export const SaveView = Type.Object({ id: Type.Optional(ProposedId), ...view }, { additionalProperties: false })
export type SaveView = Static<typeof SaveView>
export const ChangeView = Type.Object(
  { ...view, version: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
)
export type ChangeView = Static<typeof ChangeView>
export const RemovedView = Type.Object({ id: uuid })

/** Who has open matters, and how many: what "in whose hands" is chosen from. */
export const Holders = Type.Object({
  items: Type.Array(
    Type.Object({
      holder: Type.String({ description: 'As the filter takes it: role.department@area.' }),
      label: Type.String(),
      count: Type.Integer(),
    }),
  ),
})
export type Holders = Static<typeof Holders>
export const AskHolders = Type.Object({ area: Type.Optional(path) })

export const AskCommonMoves = Type.Object(
  { ids: Type.Array(uuid, { minItems: 1, maxItems: BULK_MAX, uniqueItems: true }) },
  { additionalProperties: false },
)
export type AskCommonMoves = Static<typeof AskCommonMoves>
/** What may be done with several matters at once. Each is then moved by its own command, with its own version. */
export const CommonMoves = Type.Object({
  items: Type.Array(Type.Object({ id: uuid, number: Type.String(), summary: Type.String(), version: Type.Integer() })),
  offers: Type.Array(
    Type.Object({
      ...MoveOffer.properties,
      ids: Type.Array(uuid, { description: 'For which of them it is legal now.' }),
    }),
  ),
})
export type CommonMoves = Static<typeof CommonMoves>

export const Related = Type.Object({
  items: Type.Array(
    Type.Object({
      ...MatterBrief.properties,
      why: Type.Array(Type.Enum(['duplicate', 'alike', 'near', 'reporter'])),
      distanceMetres: orNull(Type.Integer()),
      likeness: Type.Integer({ minimum: 0, maximum: 100 }),
    }),
  ),
})
export type Related = Static<typeof Related>

export const ExportMatters = Type.Object(
  {
    format: Type.Enum(['csv', 'xlsx']),
    filter: WorkFilter,
    columns: Type.Array(Type.Enum(columns), { minItems: 1, maxItems: columns.length, uniqueItems: true }),
    said: Type.String({
      maxLength: 300,
      description: 'The filter in the reader’s words, for the line that says what the sheet is.',
    }),
  },
  { additionalProperties: false },
)
export type ExportMatters = Static<typeof ExportMatters>

export const ViewShared = ledgerEvent(
  'view.shared',
  Type.Object({ sharedPath: orNull(Type.String()), sharedRole: Type.String() }),
)
/** Somebody took rows out of the house: which, by codes. Words that they searched for are not in the leaf. */
export const MattersExported = ledgerEvent(
  'matter.exported',
  Type.Object({
    format: Type.String(),
    scope: Type.String(),
    areaPaths: Type.Array(Type.String()),
    filters: Type.Array(
      Type.String({ description: 'Names of the filters that were set, as name=code where it is a code.' }),
    ),
    mostRows: Type.Integer(),
  }),
)
