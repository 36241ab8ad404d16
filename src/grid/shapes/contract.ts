import { Type, type Static } from 'typebox'
import { Shape } from '../areas/contract.ts'
import { AreaPath, Uuid } from '../contract.ts'

const Corner = Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: 'Longitude, latitude; WGS-84.' })
export const CutArea = Type.Object(
  {
    lines: Type.Array(Type.Array(Corner, { minItems: 2, maxItems: 200 }), { minItems: 1, maxItems: 7 }),
  },
  { additionalProperties: false },
)
export type CutArea = Static<typeof CutArea>
const Piece = Type.Object({ shape: Shape, squareMetres: Type.Integer() })
export const Pieces = Type.Object({ items: Type.Array(Piece) })
export type Pieces = Static<typeof Pieces>

export const AskFlaws = Type.Object({ path: AreaPath })
export type AskFlaws = Static<typeof AskFlaws>
export const Flaws = Type.Object({
  items: Type.Array(
    Type.Object({
      kind: Type.Enum(['gap', 'overlap', 'beyond']),
      paths: Type.Array(AreaPath),
      names: Type.Array(Type.String()),
      squareMetres: Type.Integer(),
      shape: Shape,
    }),
  ),
  looked: Type.Integer({ description: 'How many drawn areas directly below were looked at.' }),
  undrawn: Type.Array(Type.Object({ path: AreaPath, name: Type.String() })),
  complete: Type.Boolean({ description: 'False: there are more than are named here.' }),
})
export type Flaws = Static<typeof Flaws>

export const ImportBoundaries = Type.Object(
  {
    under: AreaPath,
    collection: Type.Object({
      type: Type.Literal('FeatureCollection'),
      features: Type.Array(
        Type.Object({
          type: Type.Literal('Feature'),
          properties: Type.Unsafe<Record<string, unknown> | null>({ type: ['object', 'null'] }),
          geometry: Type.Object({ type: Type.String({ maxLength: 40 }), coordinates: Type.Array(Type.Unknown()) }),
        }),
        { minItems: 1, maxItems: 1_000 },
      ),
    }),
    source: Type.Optional(Type.String({ maxLength: 200, description: 'Who surveyed it, when.' })),
    schematic: Type.Optional(Type.Boolean({ default: false })),
    dryRun: Type.Optional(Type.Boolean({ default: false })),
  },
  { additionalProperties: false },
)
export type ImportBoundaries = Static<typeof ImportBoundaries>
export const ImportedBoundaries = Type.Object({
  drawn: Type.Integer({ description: 'Areas that get a boundary, or another one.' }),
  unchanged: Type.Integer(),
  problems: Type.Array(
    Type.Object({
      feature: Type.Integer({ description: 'Which one of the file, from 1.' }),
      name: Type.String(),
      reason: Type.String(),
    }),
  ),
})
export type ImportedBoundaries = Static<typeof ImportedBoundaries>
export const CutParams = Type.Object({ id: Uuid })
