import { constraintOf, hot, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type { AreaShape } from '../../kernel/positions.ts'
import type { AreaKind, Overlay } from './contract.ts'
import type { GroundCell } from './ground-index.ts'

export interface AreaRecord {
  id: string
  version: number
  code: string
  number: string
  name: string
  kind: AreaKind
  overlay: Overlay
  path: string
  parentPath: string
  depth: number
  schematic: boolean
  validFrom: Date
  validUntil: Date | null
}

const columns = `a.id, a.version, a.code, a.number, a.name, a.kind, a.overlay, a.path, a.parent_path as "parentPath", a.depth,
  a.schematic, a.valid_from as "validFrom", a.valid_until as "validUntil"`
const validAt = (table: string, parameter: string): string =>
  `${table}.valid_from <= ${parameter} and (${table}.valid_until is null or ${table}.valid_until > ${parameter})`

export async function findAreaByPath(tx: Tx, county: string, path: string, at: Date): Promise<AreaRecord | undefined> {
  const text = `select ${columns} from area a where a.county = $1 and a.path = $2 and ${validAt('a', '$3')}`
  const [row] = await hot<AreaRecord>(tx, 'grid_area_by_path', text, [county, path, at])
  return row
}

export async function findAreaById(tx: Tx, county: string, id: string, at: Date): Promise<AreaRecord | undefined> {
  const text = `select ${columns} from area a where a.county = $1 and a.id = $2 and ${validAt('a', '$3')}`
  const [row] = await hot<AreaRecord>(tx, 'grid_area_by_id', text, [county, id, at])
  return row
}

/**
 * Locks the present version until the transaction ends, so that two people cannot both change it.
 *
 * Whoever waited for another one's change finds that the version has ended meanwhile: that is stale, not unknown.
 * @throws grid.unknown_area, kernel.stale
 */
export async function lockArea(tx: Tx, county: string, id: string, at: Date): Promise<AreaRecord> {
  const text = `select ${columns} from area a where a.county = $1 and a.id = $2 and ${validAt('a', '$3')} for update`
  const [row] = await hot<AreaRecord>(tx, 'grid_area_lock', text, [county, id, at])
  if (row) return row
  const now = await findAreaById(tx, county, id, at)
  throw now ? new Fault('kernel.stale', { version: now.version }) : new Fault('grid.unknown_area')
}

export function listAreasById(tx: Tx, county: string, ids: string[], at: Date): Promise<AreaRecord[]> {
  const text = `select ${columns} from area a where a.county = $1 and a.id = any($2::uuid[]) and ${validAt('a', '$3')} order by a.path`
  return hot(tx, 'grid_areas_by_id', text, [county, ids, at])
}

/** The area that lies at a path, or where there is none any more, the one that did last. */
export async function findLastArea(tx: Tx, county: string, path: string): Promise<string | undefined> {
  const text = 'select id from area where county = $1 and path = $2 order by valid_from desc limit 1'
  return (await hot<{ id: string }>(tx, 'grid_area_last', text, [county, path]))[0]?.id
}

/** The area from which this one was split off after that instant. */
export async function findOrigin(tx: Tx, county: string, areaId: string, after: Date): Promise<string | undefined> {
  const text = `select from_id as "fromId" from area_origin where county = $1 and area_id = $2 and at > $3 order by at limit 1`
  return (await hot<{ fromId: string }>(tx, 'grid_area_origin', text, [county, areaId, after]))[0]?.fromId
}

/** The areas of these paths; those that do not exist at that instant are left out. */
export function listAreasByPath(tx: Tx, county: string, paths: string[], at: Date): Promise<AreaRecord[]> {
  const text = `select ${columns} from area a where a.county = $1 and a.path = any($2::text[]) and ${validAt('a', '$3')}`
  return hot(tx, 'grid_areas_by_path', text, [county, paths, at])
}

export type AreaRecordBrief = AreaRecord & { hasChildren: boolean }

/** Children of a path in code order. */
export function listChildren(
  tx: Tx,
  county: string,
  parentPath: string,
  page: { at: Date; overlay: Overlay | null; afterCode: string; limit: number },
): Promise<AreaRecordBrief[]> {
  const text = `
    select ${columns}, exists (select from area c where c.county = $1 and c.parent_path = a.path and ${validAt('c', '$3')}) as "hasChildren"
    from area a
    where a.county = $1 and a.parent_path = $2 and ${validAt('a', '$3')} and a.code > $4 and ($5::text is null or a.overlay = $5)
    order by a.code limit $6`
  return hot(tx, 'grid_area_children', text, [county, parentPath, page.at, page.afterCode, page.overlay, page.limit])
}

/** All areas of a subtree in path order, from after `afterPath`. */
export function listSubtree(
  tx: Tx,
  county: string,
  root: string,
  page: { at: Date; afterPath: string; limit: number },
): Promise<AreaRecord[]> {
  const [from, to] = subtreeRange(root)
  const text = `select ${columns} from area a where a.county = $1 and a.path >= $2 and a.path < $3 and a.path > $4
    and ${validAt('a', '$5')} order by a.path limit $6`
  return hot(tx, 'grid_area_subtree', text, [county, from, to, page.afterPath, page.at, page.limit])
}

/** Areas whose present name holds the words, by the first two-character piece and then by the whole. */
export function searchAreas(
  tx: Tx,
  county: string,
  find: { gram: string; words: string; roots: string[]; at: Date; limit: number; overlay: Overlay | null },
): Promise<AreaRecord[]> {
  const text = `
    select ${columns} from area_gram g
    join area a on a.county = $1 and a.id = g.area_id and ${validAt('a', '$4')}
    where g.county = $1 and g.gram = $2 and strpos(lower(a.name), $3) > 0 and ($7::text is null or a.overlay = $7)
      and exists (select from unnest($5::text[]) root where a.path = root or starts_with(a.path, root || '/'))
    order by a.depth, a.path limit $6`
  return hot(tx, 'grid_area_search', text, [
    county,
    find.gram,
    find.words,
    find.at,
    find.roots,
    find.limit,
    find.overlay,
  ])
}

export function listVersions(tx: Tx, county: string, id: string): Promise<AreaRecord[]> {
  const text = `select ${columns} from area a where a.county = $1 and a.id = $2 order by a.version limit 500`
  return hot(tx, 'grid_area_versions', text, [county, id])
}

const names: Record<string, (row: AreaRecord) => Fault> = {
  area_path_excl: (row) => new Fault('grid.code_taken', { code: row.code }),
  area_number_excl: (row) => new Fault('grid.code_taken', { code: row.code }),
  area_pkey: (row) => new Fault('kernel.stale', { version: row.version }),
  area_one_version_excl: (row) => new Fault('kernel.stale', { version: row.version }),
}

/** Opens a version. @throws grid.code_taken, kernel.stale */
export async function insertArea(tx: Tx, county: string, row: AreaRecord): Promise<void> {
  const text = `insert into area (county, id, version, code, number, name, kind, overlay, path, parent_path, depth, schematic, valid_from, valid_until)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
  const values = [
    county,
    row.id,
    row.version,
    row.code,
    row.number,
    row.name,
    row.kind,
    row.overlay,
    row.path,
    row.parentPath,
  ]
  const rest = [row.depth, row.schematic, row.validFrom, row.validUntil]
  await hot(tx, 'grid_area_insert', text, [...values, ...rest]).catch((error: unknown) => {
    throw names[constraintOf(error) ?? '']?.(row) ?? error
  })
}

/** Ends a version at that instant. */
export async function endArea(
  tx: Tx,
  county: string,
  row: Pick<AreaRecord, 'id' | 'version'>,
  at: Date,
): Promise<void> {
  const text = 'update area set valid_until = $4 where county = $1 and id = $2 and version = $3'
  await hot(tx, 'grid_area_end', text, [county, row.id, row.version, at])
}

export async function replaceGrams(tx: Tx, county: string, areaId: string, grams: string[]): Promise<void> {
  await hot(tx, 'grid_gram_delete', 'delete from area_gram where county = $1 and area_id = $2', [county, areaId])
  const text = 'insert into area_gram (county, gram, area_id) select $1, gram, $2 from unnest($3::text[]) gram'
  if (grams.length > 0) await hot(tx, 'grid_gram_insert', text, [county, areaId, grams])
}

export interface BoundaryRecord {
  id: string
  areaId: string
  shape: AreaShape
  schematic: boolean
  source: string
  west: number
  south: number
  east: number
  north: number
}

/** Ends the present boundary of the area and opens another. */
export async function replaceBoundary(
  tx: Tx,
  county: string,
  row: BoundaryRecord | { areaId: string; id: null },
  at: Date,
): Promise<void> {
  await hot(
    tx,
    'grid_boundary_end',
    'update area_boundary set valid_until = $3 where county = $1 and area_id = $2 and valid_until is null',
    [county, row.areaId, at],
  )
  if (row.id === null) return
  await hot(
    tx,
    'grid_boundary_insert',
    `insert into area_boundary (county, id, area_id, shape, schematic, source, west, south, east, north, valid_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      county,
      row.id,
      row.areaId,
      JSON.stringify(row.shape),
      row.schematic,
      row.source,
      row.west,
      row.south,
      row.east,
      row.north,
      at,
    ],
  )
}

export interface DrawnShape {
  shape: AreaShape
  schematic: boolean
  source: string
}

/** Where an area lies at that instant; undefined where it is not drawn. */
export async function findShape(tx: Tx, county: string, areaId: string, at: Date): Promise<DrawnShape | undefined> {
  const text = `select b.shape, b.schematic, b.source from area_boundary b
    where b.county = $1 and b.area_id = $2 and ${validAt('b', '$3')}`
  return (await hot<DrawnShape>(tx, 'grid_shape_of', text, [county, areaId, at]))[0]
}

export interface DrawnArea {
  areaId: string
  path: string
  name: string
  kind: AreaKind
  overlay: Overlay
  schematic: boolean
  shape: AreaShape
}

/** Areas drawn in a rectangle. */
export function listDrawn(
  tx: Tx,
  county: string,
  view: {
    west: number
    south: number
    east: number
    north: number
    kinds: string[]
    overlay: Overlay
    at: Date
    limit: number
  },
): Promise<DrawnArea[]> {
  const text = `
    select a.id as "areaId", a.path, a.name, a.kind, a.overlay, b.schematic, b.shape
    from area_boundary b
    join area a on a.county = $1 and a.id = b.area_id and ${validAt('a', '$9')}
    where b.county = $1 and b.south <= $5 and b.north >= $3 and b.west <= $4 and b.east >= $2 and ${validAt('b', '$9')}
      and a.overlay = $7 and (a.kind = any($6::text[]) or a.overlay <> 'base')
    order by a.path limit $8`
  return hot(tx, 'grid_boundary_view', text, [
    county,
    view.west,
    view.south,
    view.east,
    view.north,
    view.kinds,
    view.overlay,
    view.limit,
    view.at,
  ])
}

/** An area with those directly below it, or with the whole subtree of its net, as far as they are drawn. */
export function listOutlines(
  tx: Tx,
  county: string,
  path: string,
  asked: { whole: boolean; at: Date; limit: number },
): Promise<DrawnArea[]> {
  const columns = `select a.id as "areaId", a.path, a.name, a.kind, a.overlay, b.schematic, b.shape from area a
    join area_boundary b on b.county = $1 and b.area_id = a.id and ${validAt('b', '$2')}
    where a.county = $1 and ${validAt('a', '$2')}`
  if (asked.whole) {
    const [from, to] = subtreeRange(path)
    const text = `${columns} and a.path >= $3 and a.path < $4 order by a.path limit $5`
    return hot(tx, 'grid_outlines_below', text, [county, asked.at, from, to, asked.limit])
  }
  const text = `${columns} and a.path = $3 union all (${columns} and a.parent_path = $3 order by a.path limit $4)`
  return hot(tx, 'grid_outlines', text, [county, asked.at, path, asked.limit])
}

/** The present shapes of areas by path; those that are not drawn are left out. */
export function listShapes(
  tx: Tx,
  county: string,
  paths: readonly string[],
  at: Date,
): Promise<{ path: string; schematic: boolean; shape: GroundCell['shape'] }[]> {
  const text = `
    select a.path, b.schematic, b.shape from area a
    join area_boundary b on b.county = $1 and b.area_id = a.id and ${validAt('b', '$3')}
    where a.county = $1 and a.path = any($2::text[]) and ${validAt('a', '$3')}`
  return hot(tx, 'grid_shapes', text, [county, paths, at])
}

/** Every drawn area of the county, for the index of the ground. */
export function listGround(tx: Tx, county: string, at: Date): Promise<GroundCell[]> {
  const text = `
    select a.id as "areaId", a.path, a.name, a.kind, a.overlay, b.schematic, b.shape
    from area_boundary b
    join area a on a.county = $1 and a.id = b.area_id and ${validAt('a', '$2')}
    where b.county = $1 and ${validAt('b', '$2')}`
  return hot(tx, 'grid_ground', text, [county, at])
}

/** The drawn areas near a point at another instant than now. */
export function listGroundNear(
  tx: Tx,
  county: string,
  box: { west: number; south: number; east: number; north: number; at: Date },
): Promise<GroundCell[]> {
  const text = `
    select a.id as "areaId", a.path, a.name, a.kind, a.overlay, b.schematic, b.shape
    from area_boundary b
    join area a on a.county = $1 and a.id = b.area_id and ${validAt('a', '$6')}
    where b.county = $1 and b.south <= $5 and b.north >= $3 and b.west <= $4 and b.east >= $2 and ${validAt('b', '$6')}`
  return hot(tx, 'grid_ground_near', text, [county, box.west, box.south, box.east, box.north, box.at])
}

/** Areas of other nets and large areas that stand over any of these base areas. */
export function listCovering(tx: Tx, county: string, basePaths: string[], at: Date): Promise<AreaRecord[]> {
  const text = `
    select distinct ${columns}
    from area base
    join area_cover c on c.county = $1 and c.covered_id = base.id and ${validAt('c', '$3')}
    join area a on a.county = $1 and a.id = c.area_id and ${validAt('a', '$3')}
    where base.county = $1 and base.path = any($2::text[]) and ${validAt('base', '$3')}
    order by a.path`
  return hot(tx, 'grid_cover_over', text, [county, basePaths, at])
}

export async function insertCovers(
  tx: Tx,
  county: string,
  areaId: string,
  covers: { id: string; coveredId: string }[],
  at: Date,
): Promise<void> {
  if (covers.length === 0) return
  await hot(
    tx,
    'grid_cover_insert',
    `insert into area_cover (county, id, area_id, covered_id, valid_from)
     select $1, c.id, $2, c.covered_id, $5 from unnest($3::uuid[], $4::uuid[]) c (id, covered_id)`,
    [county, areaId, covers.map(({ id }) => id), covers.map(({ coveredId }) => coveredId), at],
  )
}

/** Base areas over which an area stands, by id. */
export async function listCovered(tx: Tx, county: string, areaId: string): Promise<string[]> {
  const text = `select covered_id as id from area_cover where county = $1 and area_id = $2 and valid_until is null`
  return (await hot<{ id: string }>(tx, 'grid_covered', text, [county, areaId])).map(({ id }) => id)
}

/** Ends the covers of an area but these. */
export async function keepCovers(
  tx: Tx,
  county: string,
  areaId: string,
  coveredIds: string[],
  at: Date,
): Promise<void> {
  const text = `update area_cover set valid_until = $4
    where county = $1 and area_id = $2 and valid_until is null and covered_id <> all($3::uuid[])`
  await hot(tx, 'grid_covers_keep', text, [county, areaId, coveredIds, at])
}

/** Areas of one net in a subtree, each drawn as the base areas over which it stands, or as itself where it is drawn. */
export function listNetOutlines(
  tx: Tx,
  county: string,
  root: string,
  asked: { overlay: Overlay; large: boolean; at: Date; limit: number },
): Promise<DrawnArea[]> {
  const [from, to] = subtreeRange(root)
  const text = `select a.id as "areaId", a.path, a.name, a.kind, a.overlay, b.schematic, b.shape
    from area a
    left join area_cover c on c.county = $1 and c.area_id = a.id and ${validAt('c', '$4')}
    join area_boundary b on b.county = $1 and (b.area_id = c.covered_id or b.area_id = a.id) and ${validAt('b', '$4')}
    where a.county = $1 and a.path >= $2 and a.path < $3 and a.overlay = $5 and (a.kind = 'largeArea') = $6 and ${validAt('a', '$4')}
    order by a.path limit $7`
  return hot(tx, 'grid_net_outlines', text, [county, from, to, asked.at, asked.overlay, asked.large, asked.limit])
}

export async function endCovers(tx: Tx, county: string, areaId: string, at: Date): Promise<void> {
  const text =
    'update area_cover set valid_until = $3 where county = $1 and (area_id = $2 or covered_id = $2) and valid_until is null'
  await hot(tx, 'grid_cover_end', text, [county, areaId, at])
}

/** How many areas and open posts lie below; what must be gone before an area closes. */
export async function countBelow(
  tx: Tx,
  county: string,
  row: AreaRecord,
  at: Date,
): Promise<{ areas: number; posts: number }> {
  const [found] = await hot<{ areas: number; posts: number }>(
    tx,
    'grid_area_below',
    `select
       (select count(*)::int from area a where a.county = $1 and a.parent_path = $2 and ${validAt('a', '$4')}) as areas,
       (select count(*)::int from post p where p.county = $1 and p.area_id = $3 and ${validAt('p', '$4')}) as posts`,
    [county, row.path, row.id, at],
  )
  return found ?? { areas: 0, posts: 0 }
}

/** How a split shared out what lay in the area, as it is kept for what comes late. */
export interface KeptSharing {
  parts: { path: string; shape: AreaShape | null }[]
  chosen: Record<string, string>
}

export interface ChangeRecord {
  id: string
  kind: 'split' | 'merge' | 'move' | 'close'
  at: Date
  fromPaths: string[]
  toPaths: string[]
  sharing: KeptSharing | null
  againUntil: Date | null
}

export async function insertChange(tx: Tx, county: string, row: ChangeRecord): Promise<void> {
  const text = `insert into area_change (county, id, kind, at, from_paths, to_paths, sharing, again_until)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`
  const sharing = row.sharing && JSON.stringify(row.sharing)
  const values = [county, row.id, row.kind, row.at, row.fromPaths, row.toPaths, sharing, row.againUntil]
  await hot(tx, 'grid_change_insert', text, values)
}
