import { hot, hotRead, type Tx } from '../../kernel/db.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type { Placed } from '../../kernel/sharing.ts'

export interface PlacedBuilding extends Placed {
  areaPath: string
  address: string
  households: number
}

const HOUSEHOLDS = `(select count(*)::int from premises p join household h on h.county = $1 and h.premises_id = p.id and h.closed_at is null
  where p.county = $1 and p.building_id = b.id)`

/** Buildings of a subtree in the order of places, from after `afterPath` and `afterId`; closed ones too, for they have a history. */
export const listPlacedBuildings = (
  tx: Tx,
  county: string,
  root: string,
  page: { afterPath: string; afterId: string; limit: number },
): Promise<PlacedBuilding[]> =>
  hotRead(
    tx,
    'registry_placed_buildings',
    `select b.id, b.area_path as "areaPath", b.longitude, b.latitude, b.address, ${HOUSEHOLDS} as households
     from building b where b.county = $1 and b.area_path >= $2 and b.area_path < $3 and (b.area_path, b.id) > ($4, $5::uuid)
     order by b.area_path, b.id limit $6`,
    [county, ...subtreeRange(root), page.afterPath, page.afterId, page.limit],
  )

/**
 * People whose place is in a subtree by no premises in it: they go by their place alone, whatever they own elsewhere. The
 * buildings have been carried before, and with them whoever lies there by a tie.
 */
export async function listLoosePeople(
  tx: Tx,
  county: string,
  root: string,
  page: { after: string; limit: number },
): Promise<string[]> {
  const rows = await hotRead<{ id: string }>(
    tx,
    'registry_loose_people',
    `select p.id from person p where p.county = $1 and p.area_path >= $2 and p.area_path < $3 and p.id > $4::uuid
       and not exists (select from residence r where r.county = $1 and r.person_id = p.id and r.until_on is null
         and r.area_path >= $2 and r.area_path < $3)
     order by p.id limit $5`,
    [county, ...subtreeRange(root), page.after, page.limit],
  )
  return rows.map(({ id }) => id)
}

export async function listLooseOrganisations(tx: Tx, county: string, root: string, limit: number): Promise<string[]> {
  const rows = await hotRead<{ id: string }>(
    tx,
    'registry_loose_organisations',
    `select id from organisation where county = $1 and area_path >= $2 and area_path < $3 and premises_id is null
     order by id limit $4`,
    [county, ...subtreeRange(root), limit],
  )
  return rows.map(({ id }) => id)
}

/** Chat groups of a place go where the place went; stewards stay with their households. */
export async function moveGroups(tx: Tx, county: string, from: string, to: string): Promise<number> {
  const text = `update chat_group set area_path = $4 || substr(area_path, length($5) + 1)
    where county = $1 and area_path >= $2 and area_path < $3 returning id`
  return (await hot(tx, 'registry_move_groups', text, [county, ...subtreeRange(from), to, from])).length
}

export async function notePast(
  tx: Tx,
  county: string,
  row: { buildingId: string; untilAt: Date; areaId: string },
): Promise<void> {
  const text = `insert into building_past (county, building_id, until_at, area_id) values ($1, $2, $3, $4) on conflict do nothing`
  await hot(tx, 'registry_building_past', text, [county, row.buildingId, row.untilAt, row.areaId])
}

/** The area in which a building lay at an instant, where it was moved afterwards. */
export async function findPast(tx: Tx, county: string, buildingId: string, at: Date): Promise<string | undefined> {
  const rows = await hotRead<{ areaId: string }>(
    tx,
    'registry_building_then',
    `select area_id as "areaId" from building_past where county = $1 and building_id = $2 and until_at > $3 order by until_at limit 1`,
    [county, buildingId, at],
  )
  return rows[0]?.areaId
}
