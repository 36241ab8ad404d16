import { hot, type Tx } from '../../kernel/db.ts'
import type { ChangeRecord } from '../areas/index.ts'

/** Changes after which something may still come late, the oldest first; locked, so that two processes share them out. */
export function lockRecentChanges(tx: Tx, county: string, limit: number): Promise<ChangeRecord[]> {
  const text = `select id, kind, at, from_paths as "fromPaths", to_paths as "toPaths", sharing, again_until as "againUntil"
    from area_change where county = $1 and again_until is not null order by again_until limit $2 for update skip locked`
  return hot(tx, 'grid_changes_recent', text, [county, limit])
}

export async function endChange(tx: Tx, county: string, id: string): Promise<void> {
  const text = 'update area_change set again_until = null where county = $1 and id = $2'
  await hot(tx, 'grid_change_end', text, [county, id])
}

export async function insertOrigins(tx: Tx, county: string, ids: string[], fromId: string, at: Date): Promise<void> {
  const text = `insert into area_origin (county, area_id, from_id, at) select $1, id, $3, $4 from unnest($2::uuid[]) id`
  await hot(tx, 'grid_origins_insert', text, [county, ids, fromId, at])
}

/** Open covers over these base areas: which area of another net stands over which. */
export function listCoversOver(
  tx: Tx,
  county: string,
  coveredIds: string[],
): Promise<{ areaId: string; coveredId: string }[]> {
  const text = `select area_id as "areaId", covered_id as "coveredId" from area_cover
    where county = $1 and covered_id = any($2::uuid[]) and valid_until is null`
  return hot(tx, 'grid_covers_over', text, [county, coveredIds])
}

/** Open covers of these areas of other nets. */
export function listCoversOf(
  tx: Tx,
  county: string,
  areaIds: string[],
): Promise<{ areaId: string; coveredId: string }[]> {
  const text = `select area_id as "areaId", covered_id as "coveredId" from area_cover
    where county = $1 and area_id = any($2::uuid[]) and valid_until is null`
  return hot(tx, 'grid_covers_of', text, [county, areaIds])
}
