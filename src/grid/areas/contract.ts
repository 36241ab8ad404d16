import { Type, type Static } from 'typebox'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { AreaPath, Instant, orNull, Uuid, Version } from '../contract.ts'

export const areaKinds = [
  'county',
  'town',
  'village',
  'community',
  'industrialZone',
  'estate',
  'grid',
  'microGrid',
  'dedicatedGrid',
  'largeArea',
  'partyCommittee',
  'partyAlliance',
  'partyBranch',
  'homeBranch',
  'floatingBranch',
  'partyGrid',
  'policeGrid',
  'businessGrid',
  'other',
] as const
export type AreaKind = (typeof areaKinds)[number]
export const AreaKind = Type.Enum(areaKinds)

export const overlays = ['base', 'party', 'police', 'business'] as const
export type Overlay = (typeof overlays)[number]
export const Overlay = Type.Enum(overlays)

export const AreaCode = Type.String({ pattern: '^[A-Za-z0-9_-]{1,24}$' })
export const AreaName = Type.String({ minLength: 1, maxLength: 60 })

/** An area as it is now. */
export const Area = Type.Object({
  id: Uuid,
  code: AreaCode,
  number: Type.String({ description: 'The official number, unique in the county.' }),
  name: Type.String(),
  kind: AreaKind,
  overlay: Overlay,
  path: AreaPath,
  parentPath: Type.String(),
  schematic: Type.Boolean({ description: 'Laid for a demonstration, not surveyed.' }),
  version: Version,
  since: Instant,
})
export type Area = Static<typeof Area>

export const AreaBrief = Type.Object({ ...Area.properties, hasChildren: Type.Boolean() })
export type AreaBrief = Static<typeof AreaBrief>
export const AreaPage = Page(AreaBrief)

export const AreaVersion = Type.Object({
  version: Version,
  code: AreaCode,
  name: Type.String(),
  kind: AreaKind,
  path: AreaPath,
  from: Instant,
  until: orNull(Instant),
})
export type AreaVersion = Static<typeof AreaVersion>
export const AreaHistory = Type.Object({ items: Type.Array(AreaVersion) })
export type AreaHistory = Static<typeof AreaHistory>

export const ListAreas = Type.Object({
  ...PageQuery.properties,
  under: Type.Optional(AreaPath),
  overlay: Type.Optional(Overlay),
})
export type ListAreas = Static<typeof ListAreas>
export const FindArea = Type.Object({ path: AreaPath })
export const SearchAreas = Type.Object({
  q: Type.String({ minLength: 1, maxLength: 40 }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 20 })),
})
export type SearchAreas = Static<typeof SearchAreas>
export const FoundAreas = Type.Object({ items: Type.Array(Area) })

/** A place as anybody may see it: names only. */
export const Place = Type.Object({
  path: AreaPath,
  name: Type.String(),
  kind: AreaKind,
  hasChildren: Type.Boolean(),
  fullName: Type.String({ description: 'From the town down.' }),
})
export type Place = Static<typeof Place>
export const Places = Type.Object({ items: Type.Array(Place) })
export type Places = Static<typeof Places>
export const ListPlaces = Type.Object({
  under: Type.Optional(AreaPath),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  county: Type.Optional(Type.String({ maxLength: 6 })),
})
export type ListPlaces = Static<typeof ListPlaces>

export const Point = Type.Object({
  lng: Type.Number({ minimum: -180, maximum: 180 }),
  lat: Type.Number({ minimum: -90, maximum: 90 }),
  accuracyMetres: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1_000_000, description: '0 for a point picked on the map.' }),
  ),
  system: Type.Optional(Type.Union([Type.Literal('wgs84'), Type.Literal('gcj02')], { default: 'wgs84' })),
  county: Type.Optional(Type.String({ maxLength: 6 })),
})
export type Point = Static<typeof Point>

const hit = {
  path: AreaPath,
  name: Type.String(),
  fullName: Type.String(),
  kind: AreaKind,
  distanceMetres: Type.Integer(),
}
export const LocatedPlace = Type.Object({
  area: orNull(Type.Object(hit)),
  candidates: Type.Array(Type.Object(hit), { description: 'What it may also be, nearest first.' }),
  certain: Type.Boolean({ description: 'False: ask the person which micro-grid it is.' }),
  outside: Type.Boolean({ description: 'The position lies in no area of this county.' }),
  schematic: Type.Boolean({ description: 'The boundaries here are a drawing, not a survey.' }),
})
export type LocatedPlace = Static<typeof LocatedPlace>

const Corner = Type.Array(Type.Number(), { minItems: 2, maxItems: 3 })
export const Shape = Type.Object({
  type: Type.Union([Type.Literal('Polygon'), Type.Literal('MultiPolygon')]),
  coordinates: Type.Array(Type.Array(Type.Unknown())),
})
export const Corners = Type.Array(Corner)

export const BoundaryQuery = Type.Object({
  bbox: Type.String({
    pattern: '^-?[0-9.]+,-?[0-9.]+,-?[0-9.]+,-?[0-9.]+$',
    maxLength: 100,
    description: 'west,south,east,north',
  }),
  zoom: Type.Number({ minimum: 0, maximum: 24 }),
  overlay: Type.Optional(Overlay),
})
export type BoundaryQuery = Static<typeof BoundaryQuery>
export const Boundaries = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(
    Type.Object({
      type: Type.Literal('Feature'),
      id: Uuid,
      properties: Type.Object({
        path: AreaPath,
        name: Type.String(),
        kind: AreaKind,
        overlay: Overlay,
        schematic: Type.Boolean(),
      }),
      geometry: Shape,
    }),
  ),
  complete: Type.Boolean({ description: 'False: there is more in this view than is sent; zoom in.' }),
})
export type Boundaries = Static<typeof Boundaries>

export const AskOutline = Type.Object({
  path: AreaPath,
  whole: Type.Optional(
    Type.Boolean({ description: 'The whole subtree, as GeoJSON for other programs; else its children.' }),
  ),
  net: Type.Optional(
    Type.Enum(['party', 'police', 'business', 'large'], {
      description:
        'The areas of another net, or the large areas, in the subtree: each as the ground over which it stands.',
    }),
  ),
})
export type AskOutline = Static<typeof AskOutline>

export const CreateArea = Type.Object(
  {
    id: Type.Optional(ProposedId),
    under: AreaPath,
    code: AreaCode,
    name: AreaName,
    kind: AreaKind,
    covers: Type.Optional(
      Type.Array(AreaPath, {
        maxItems: 200,
        description: 'The base areas that it stands over, for another net or a large area.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type CreateArea = Static<typeof CreateArea>
export const RenameArea = Type.Object({ name: AreaName, version: Version }, { additionalProperties: false })
export type RenameArea = Static<typeof RenameArea>
export const MoveArea = Type.Object(
  { under: AreaPath, code: Type.Optional(AreaCode), version: Version },
  { additionalProperties: false },
)
export type MoveArea = Static<typeof MoveArea>
export const CloseArea = Type.Object({ version: Version }, { additionalProperties: false })
export type CloseArea = Static<typeof CloseArea>
export const SetBoundary = Type.Object(
  {
    shape: Shape,
    schematic: Type.Optional(Type.Boolean({ default: false })),
    source: Type.Optional(Type.String({ maxLength: 200 })),
    version: Version,
  },
  { additionalProperties: false },
)
export type SetBoundary = Static<typeof SetBoundary>

export const SetCovers = Type.Object(
  {
    covers: Type.Array(AreaPath, { maxItems: 500, description: 'All base areas over which it stands.' }),
    version: Version,
  },
  { additionalProperties: false },
)
export type SetCovers = Static<typeof SetCovers>
export const AskNets = Type.Object({ path: AreaPath })
export type AskNets = Static<typeof AskNets>
/** How many areas there are of each net and kind below an area, and how many of their posts somebody holds. */
export const Nets = Type.Object({
  items: Type.Array(
    Type.Object({
      overlay: Overlay,
      kind: AreaKind,
      areas: Type.Integer(),
      posts: Type.Integer(),
      manned: Type.Integer(),
    }),
  ),
})
export type Nets = Static<typeof Nets>
export const Covered = Type.Object({ items: Type.Array(Type.Object({ path: AreaPath, name: Type.String() })) })
export type Covered = Static<typeof Covered>

/** One row of the sheet by which areas are taken in and out. */
export const AreaRow = Type.Object({
  parentPath: Type.String({ maxLength: 200 }),
  code: AreaCode,
  name: AreaName,
  kind: AreaKind,
})
export type AreaRow = Static<typeof AreaRow>
export const ImportAreas = Type.Object(
  {
    rows: Type.Optional(Type.Array(AreaRow, { minItems: 1, maxItems: 2_000 })),
    csv: Type.Optional(
      Type.String({ maxLength: 2_000_000, description: 'Instead of rows: columns parentPath, code, name, kind.' }),
    ),
    dryRun: Type.Optional(Type.Boolean({ default: false })),
  },
  { additionalProperties: false },
)
export type ImportAreas = Static<typeof ImportAreas>
export const ImportedAreas = Type.Object({
  created: Type.Integer(),
  unchanged: Type.Integer(),
  renamed: Type.Integer(),
})
export type ImportedAreas = Static<typeof ImportedAreas>
export const ExportAreas = Type.Object({
  under: Type.Optional(AreaPath),
  after: Type.Optional(Type.String({ maxLength: 400 })),
})
export type ExportAreas = Static<typeof ExportAreas>
export const SheetOfAreas = Type.Object({ under: Type.Optional(AreaPath) })
export const ExportedAreas = Page(AreaRow)

const where = { path: AreaPath }
export const AreaCreated = ledgerEvent('area.created', Type.Object({ ...where, kind: AreaKind, overlay: Overlay }))
export const AreaRenamed = ledgerEvent('area.renamed', Type.Object(where))
export const AreaMoved = ledgerEvent(
  'area.moved',
  Type.Object({
    from: AreaPath,
    to: AreaPath,
    areas: Type.Integer({ description: 'How many areas below moved with it.' }),
  }),
)
export const AreaClosed = ledgerEvent('area.closed', Type.Object(where))
export const AreaBounded = ledgerEvent(
  'area.bounded',
  Type.Object({ ...where, boundary: Uuid, sha256: Type.String(), schematic: Type.Boolean() }),
)
export const AreaCovers = ledgerEvent('area.covers', Type.Object({ ...where, covers: Type.Array(AreaPath) }))
/** Many areas at once, from a seed or a list: one entry, since nobody decided on each. */
export const GroundLaid = ledgerEvent(
  'ground.laid',
  Type.Object({ areas: Type.Integer(), boundaries: Type.Integer(), schematic: Type.Boolean() }),
)
