import { hot, type Tx } from '../kernel/db.ts'
import type { AreaKind, Overlay } from './areas/contract.ts'
import type { Role } from './posts/roles.ts'

export interface Versions {
  ground: number
  duty: number
}

export async function findVersions(tx: Tx, county: string): Promise<Versions> {
  const text = 'select ground, duty from grid_version where county = $1'
  const [row] = await hot<Versions>(tx, 'grid_versions', text, [county])
  return row ?? { ground: 0, duty: 0 }
}

/** Tells every process that areas or boundaries are others; who is on duty follows areas. */
export async function raiseGround(tx: Tx, county: string): Promise<void> {
  const text = `insert into grid_version (county, ground, duty) values ($1, 1, 1)
    on conflict (county) do update set ground = grid_version.ground + 1, duty = grid_version.duty + 1`
  await hot(tx, 'grid_raise_ground', text, [county])
}

/** Tells every process that posts, holders, absences or roles are others. */
export async function raiseDuty(tx: Tx, county: string): Promise<void> {
  const text = `insert into grid_version (county, ground, duty) values ($1, 0, 1)
    on conflict (county) do update set duty = grid_version.duty + 1`
  await hot(tx, 'grid_raise_duty', text, [county])
}

export interface KnownArea {
  id: string
  path: string
  name: string
  kind: AreaKind
  overlay: Overlay
}

/** Every area of the county as it is at that instant, for what a process keeps in memory. */
export function listAllAreas(tx: Tx, county: string, at: Date): Promise<KnownArea[]> {
  const text = `select id, path, name, kind, overlay from area
    where county = $1 and valid_from <= $2 and (valid_until is null or valid_until > $2)`
  return hot(tx, 'grid_all_areas', text, [county, at])
}

export interface KnownCover {
  areaId: string
  coveredId: string
}

/** Over which base areas areas of other nets stand at that instant. */
export function listAllCovers(tx: Tx, county: string, at: Date): Promise<KnownCover[]> {
  const text = `select area_id as "areaId", covered_id as "coveredId" from area_cover
    where county = $1 and valid_from <= $2 and (valid_until is null or valid_until > $2)`
  return hot(tx, 'grid_all_covers', text, [county, at])
}

export interface KnownPost {
  id: string
  areaId: string
  role: string
  unit: string | null
  name: string
  place: number
  validFrom: Date
  validUntil: Date | null
}

/** Posts that are open since `since`, or will be. */
export function listAllPosts(tx: Tx, county: string, since: Date): Promise<KnownPost[]> {
  const text = `select id, area_id as "areaId", role, unit, name, place, valid_from as "validFrom", valid_until as "validUntil"
    from post where county = $1 and (valid_until is null or valid_until > $2)`
  return hot(tx, 'grid_all_posts', text, [county, since])
}

export interface KnownHolding {
  postId: string
  accountId: string
  slot: 'A' | 'B'
  heldFrom: Date
  heldUntil: Date | null
}

export function listAllHoldings(tx: Tx, county: string, since: Date): Promise<KnownHolding[]> {
  const text = `select post_id as "postId", account_id as "accountId", slot, held_from as "heldFrom", held_until as "heldUntil"
    from holding where county = $1 and (held_until is null or held_until > $2)`
  return hot(tx, 'grid_all_holdings', text, [county, since])
}

export interface KnownAbsence {
  accountId: string
  awayFrom: Date
  awayUntil: Date | null
}

export function listAllAbsences(tx: Tx, county: string, since: Date): Promise<KnownAbsence[]> {
  const text = `select account_id as "accountId", away_from as "awayFrom", away_until as "awayUntil"
    from absence where county = $1 and (away_until is null or away_until > $2)`
  return hot(tx, 'grid_all_absences', text, [county, since])
}

export interface ChangedRole extends Role {
  version: number
}

/** What the county decided otherwise than the shipped roles. */
export function listChangedRoles(tx: Tx, county: string): Promise<ChangedRole[]> {
  const text =
    'select code, name_zh as zh, name_en as en, grants, rung, version from post_role where county = $1 order by code'
  return hot(tx, 'grid_roles', text, [county])
}

/** Rows of a seed; each insert leaves alone what is there already, so that a second run changes nothing. */
export interface AreaSeed extends KnownArea {
  code: string
  number: string
  parentPath: string
  depth: number
  schematic: boolean
}

export async function seedAreas(tx: Tx, county: string, rows: readonly AreaSeed[], at: Date): Promise<number> {
  const text = `insert into area (county, id, version, code, number, name, kind, overlay, path, parent_path, depth, schematic, valid_from)
    select $1, r.id, 1, r.code, r.number, r.name, r.kind, r.overlay, r.path, r."parentPath", r.depth, r.schematic, $3
    from jsonb_to_recordset($2::jsonb) r (id uuid, code text, number text, name text, kind text, overlay text, path text,
      "parentPath" text, depth integer, schematic boolean)
    on conflict do nothing returning id`
  return (await hot(tx, 'grid_seed_areas', text, [county, JSON.stringify(rows), at])).length
}

export async function seedGrams(
  tx: Tx,
  county: string,
  rows: readonly { areaId: string; gram: string }[],
): Promise<void> {
  const text = `insert into area_gram (county, gram, area_id)
    select $1, r.gram, r."areaId" from jsonb_to_recordset($2::jsonb) r (gram text, "areaId" uuid) on conflict do nothing`
  await hot(tx, 'grid_seed_grams', text, [county, JSON.stringify(rows)])
}

export interface BoundarySeed {
  id: string
  areaId: string
  shape: unknown
  source: string
  west: number
  south: number
  east: number
  north: number
}

export async function seedBoundaries(tx: Tx, county: string, rows: readonly BoundarySeed[], at: Date): Promise<number> {
  const text = `insert into area_boundary (county, id, area_id, shape, schematic, source, west, south, east, north, valid_from)
    select $1, r.id, r."areaId", r.shape, true, r.source, r.west, r.south, r.east, r.north, $3
    from jsonb_to_recordset($2::jsonb) r (id uuid, "areaId" uuid, shape jsonb, source text, west double precision,
      south double precision, east double precision, north double precision)
    on conflict do nothing returning id`
  return (await hot(tx, 'grid_seed_boundaries', text, [county, JSON.stringify(rows), at])).length
}

export async function seedCovers(
  tx: Tx,
  county: string,
  rows: readonly { id: string; areaId: string; coveredId: string }[],
  at: Date,
): Promise<void> {
  const text = `insert into area_cover (county, id, area_id, covered_id, valid_from)
    select $1, r.id, r."areaId", r."coveredId", $3
    from jsonb_to_recordset($2::jsonb) r (id uuid, "areaId" uuid, "coveredId" uuid) on conflict do nothing`
  await hot(tx, 'grid_seed_covers', text, [county, JSON.stringify(rows), at])
}

export interface PostSeed {
  id: string
  areaId: string
  role: string
  unit: string | null
  name: string
  place: number
}

export async function seedPosts(tx: Tx, county: string, rows: readonly PostSeed[], at: Date): Promise<number> {
  const text = `insert into post (county, id, area_id, role, unit, name, place, valid_from, version)
    select $1, r.id, r."areaId", r.role, r.unit, r.name, r.place, $3, 1
    from jsonb_to_recordset($2::jsonb) r (id uuid, "areaId" uuid, role text, unit text, name text, place integer)
    on conflict do nothing returning id`
  return (await hot(tx, 'grid_seed_posts', text, [county, JSON.stringify(rows), at])).length
}

export interface HoldingSeed {
  id: string
  postId: string
  accountId: string
  slot: 'A' | 'B'
}

export async function seedHoldings(tx: Tx, county: string, rows: readonly HoldingSeed[], at: Date): Promise<number> {
  const text = `insert into holding (county, id, post_id, account_id, slot, held_from)
    select $1, r.id, r."postId", r."accountId", r.slot, $3
    from jsonb_to_recordset($2::jsonb) r (id uuid, "postId" uuid, "accountId" uuid, slot text)
    on conflict do nothing returning id`
  return (await hot(tx, 'grid_seed_holdings', text, [county, JSON.stringify(rows), at])).length
}

/** Adds divisions that are not there yet. Reference data, so without a county. */
export const insertDivisionsText = `
  insert into division (code, name, level, parent, valid_from)
  select r.code, r.name, r.level, nullif(r.parent, ''), $2
  from jsonb_to_recordset($1::jsonb) r (code text, name text, level text, parent text) on conflict do nothing`

/** Makes the tenant of a county, if it is not there. */
export const insertCountyText =
  'insert into county (code, name, demo, created_at) values ($1, $2, $3, $4) on conflict do nothing'
