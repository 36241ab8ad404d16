import { Type, type Static } from 'typebox'
import { ledgerEvent } from '../../ledger/contract.ts'
import { Area, AreaCode, AreaKind, AreaName, Overlay, Shape } from '../areas/contract.ts'
import { AreaPath, orNull, Uuid, Version } from '../contract.ts'
import { RoleCode, UnitCode } from '../posts/contract.ts'

export const PARTS_MAX = 8
/** People who are asked where single things go answer for no more than this at once. */
export const CHOSEN_MAX = 2_000
export const UNDECIDED_MAX = 200

const PostOfPart = Type.Object(
  {
    role: RoleCode,
    unit: orNull(UnitCode),
    a: orNull(Uuid),
    b: orNull(Uuid),
  },
  { additionalProperties: false },
)
const Part = Type.Object(
  {
    code: AreaCode,
    name: AreaName,
    shape: Type.Optional(Shape),
    posts: Type.Optional(
      Type.Array(PostOfPart, {
        maxItems: 20,
        description: 'Who sits in its posts; a post that is not named stays empty.',
      }),
    ),
  },
  { additionalProperties: false },
)

/** Splits areas off one that goes on existing under its own code with what is left. */
export const SplitArea = Type.Object(
  {
    version: Version,
    name: Type.Optional(AreaName),
    parts: Type.Array(Part, { minItems: 1, maxItems: PARTS_MAX }),
    chosen: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Uuid,
            to: Type.Integer({ minimum: 0, maximum: PARTS_MAX, description: '0 stays; 1 is the first part.' }),
          },
          { additionalProperties: false },
        ),
        { maxItems: CHOSEN_MAX, description: 'Where single things go that have no position: matters, buildings.' },
      ),
    ),
  },
  { additionalProperties: false },
)
export type SplitArea = Static<typeof SplitArea>

/** Takes other areas into this one, which keeps its code; they end. */
export const MergeAreas = Type.Object(
  {
    version: Version,
    name: Type.Optional(AreaName),
    others: Type.Array(Type.Object({ id: Uuid, version: Version }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 20,
    }),
  },
  { additionalProperties: false },
)
export type MergeAreas = Static<typeof MergeAreas>

const Line = Type.Object({
  label: Type.String(),
  items: Type.Array(
    Type.Object({ to: Type.Integer({ description: '0 stays; 1 is the first part.' }), count: Type.Integer() }),
  ),
  undecided: Type.Integer({
    description: 'Neither a position nor a decision: they stay unless somebody says otherwise.',
  }),
})
const PostThere = Type.Object({
  postId: Uuid,
  areaPath: AreaPath,
  name: Type.String(),
  role: RoleCode,
  roleName: Type.String(),
  unit: orNull(UnitCode),
  holders: Type.Array(
    Type.Object({
      accountId: Uuid,
      name: Type.String(),
      slot: Type.Union([Type.Literal('A'), Type.Literal('B')]),
    }),
  ),
  becomes: Type.Enum(['stays', 'copied', 'moves', 'ends'], {
    description: 'stays as it is; copied: each new part gets one like it; moves to the area that goes on; ends.',
  }),
})
export const ChangePreview = Type.Object({
  lines: Type.Array(Line),
  undecided: Type.Array(Type.Object({ id: Uuid, label: Type.String(), detail: Type.String() })),
  undecidedMore: Type.Boolean(),
  posts: Type.Array(PostThere),
  nets: Type.Array(Type.Object({ path: AreaPath, name: Type.String(), kind: AreaKind, overlay: Overlay }), {
    description: 'Areas of other nets that stand over it, and will stand over what becomes of it.',
  }),
  shapes: Type.Array(orNull(Type.Object({ shape: Shape, squareMetres: Type.Integer() })), {
    description: 'What stays, then each part; of a merge the whole. Null where nothing is drawn.',
  }),
})
export type ChangePreview = Static<typeof ChangePreview>
export const AreasChanged = Type.Object({ items: Type.Array(Area), moved: Type.Integer() })
export type AreasChanged = Static<typeof AreasChanged>

const paths = Type.Array(AreaPath)
export const AreaSplit = ledgerEvent(
  'area.split',
  Type.Object({ path: AreaPath, into: paths, moved: Type.Integer(), decided: Type.Integer() }),
)
export const AreaMerged = ledgerEvent(
  'area.merged',
  Type.Object({ path: AreaPath, from: paths, moved: Type.Integer() }),
)
/** What was begun before a change and written after it has been found and re-homed too. */
export const AreaRehomed = ledgerEvent(
  'area.rehomed',
  Type.Object({ change: Uuid, from: paths, moved: Type.Integer() }),
)
