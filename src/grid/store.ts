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
  const text = 'select code, name_zh as zh, name_en as en, grants, rung, version from post_role where county = $1 order by code'
  return hot(tx, 'grid_roles', text, [county])
}
