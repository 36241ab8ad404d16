import { hot, type Tx } from '../../kernel/db.ts'
import type { PremisesUse, VisitResult } from './contract.ts'
import { STANDING } from './target-store.ts'

export interface DoorRow {
  id: string
  version: number
  buildingId: string
  building: string
  unit: string
  floor: number | null
  room: string
  address: string
  use: PremisesUse
  areaPath: string
  sortKey: string
}

const DOOR = `p.id, p.version, p.building_id as "buildingId", b.name as building, p.unit, p.floor, p.room, p.address, p.use,
  p.area_path as "areaPath", p.sort_key as "sortKey"`

/**
 * Premises of one area in the order in which one walks past them.
 *
 * @param query.campaign Only doors that this campaign concerns.
 */
export const listDoors = (
  tx: Tx,
  county: string,
  query: {
    low: string
    high: string
    campaign: string | null
    after: readonly [area: string, key: string, id: string] | null
    limit: number
  },
): Promise<DoorRow[]> =>
  hot<DoorRow>(
    tx,
    'visits_doors',
    `select ${DOOR} from premises p join building b on b.county = $1 and b.id = p.building_id
     where p.county = $1 and p.area_path >= $2 and p.area_path < $3 and p.closed_at is null
       and ($4::uuid is null or exists (select from visit_target t where t.county = $1 and t.premises_id = p.id
         and t.campaign_id = $4 and t.wanted))
       and ($5::text is null or (p.area_path, p.sort_key, p.id) > ($5, $6, $7::uuid))
     order by p.area_path, p.sort_key, p.id limit $8`,
    [
      county,
      query.low,
      query.high,
      query.campaign,
      query.after?.[0] ?? null,
      query.after?.[1] ?? null,
      query.after?.[2] ?? null,
      query.limit,
    ],
  )

/** The doors of a building that a campaign concerns, at most 600. */
export const listDoorsOfBuilding = (
  tx: Tx,
  county: string,
  buildingId: string,
  campaignId: string,
): Promise<DoorRow[]> =>
  hot<DoorRow>(
    tx,
    'visits_doors_of_building',
    `select ${DOOR} from premises p join building b on b.county = $1 and b.id = p.building_id
     where p.county = $1 and p.building_id = $2 and p.closed_at is null
       and exists (select from visit_target t where t.county = $1 and t.premises_id = p.id and t.campaign_id = $3
         and t.wanted)
     order by p.sort_key, p.id limit 600`,
    [county, buildingId, campaignId],
  )

export async function findDoor(tx: Tx, county: string, premisesId: string): Promise<DoorRow | undefined> {
  const [row] = await hot<DoorRow>(
    tx,
    'visits_door',
    `select ${DOOR} from premises p join building b on b.county = $1 and b.id = p.building_id
     where p.county = $1 and p.id = $2`,
    [county, premisesId],
  )
  return row
}

export async function findBuilding(
  tx: Tx,
  county: string,
  id: string,
): Promise<{ id: string; name: string; address: string; areaPath: string } | undefined> {
  const found = tx.selectFrom('building').select(['id', 'name', 'address', 'areaPath']).where('county', '=', county)
  return found.where('id', '=', id).executeTakeFirst()
}

export interface HomeRow {
  id: string
  premisesId: string
  kind: string
  number: string | null
  steward: string | null
}

/** Live households of some premises, each with whoever looks after it. */
export const listHomes = (tx: Tx, county: string, premisesIds: readonly string[]): Promise<HomeRow[]> =>
  hot<HomeRow>(
    tx,
    'visits_homes',
    `select h.id, h.premises_id as "premisesId", h.kind, h.number, s.account_id as steward from household h
     left join steward_household s on s.county = $1 and s.household_id = h.id and s.until_on is null
     where h.county = $1 and h.premises_id = any($2::uuid[]) and h.closed_at is null
     order by h.premises_id, h.kind desc, h.id`,
    [county, premisesIds],
  )

export interface DwellerRow {
  personId: string
  premisesId: string
  householdId: string | null
  version: number
  name: string
  sex: string | null
  bornOn: string | null
  phoneSealed: Buffer | null
  relation: string
  headRelation: string | null
  tags: string[]
}

/** Who lives at some premises now, with what they are tagged. */
export const listDwellers = (
  tx: Tx,
  county: string,
  premisesIds: readonly string[],
  today: string,
): Promise<DwellerRow[]> =>
  hot<DwellerRow>(
    tx,
    'visits_dwellers',
    `select distinct on (r.premises_id, n.id) n.id as "personId", r.premises_id as "premisesId",
       r.household_id as "householdId", n.version, n.name, n.sex, n.born_on as "bornOn", n.phone_sealed as "phoneSealed",
       r.relation, r.head_relation as "headRelation", array(select t.tag from person_tag t where t.county = $1
         and t.person_id = n.id and (t.until_on is null or t.until_on >= $3) order by t.tag) as tags
     from residence r join person n on n.county = $1 and n.id = r.person_id and n.state in ('present', 'away')
     where r.county = $1 and r.premises_id = any($2::uuid[]) and r.lives_here
       and (r.until_on is null or r.until_on >= $3::date)
     order by r.premises_id, n.id, r.household_id nulls last`,
    [county, premisesIds, today],
  )

export interface DoorTargetRow {
  campaignId: string
  subjectId: string
  premisesId: string
  standing: 'done' | 'open' | 'nobodyHome' | 'refused' | 'person' | 'questions'
  tries: number
  nextOn: string | null
  missing: string[]
}

/** What live campaigns still want at some premises, and who is missing there. */
export const listTargets = (tx: Tx, county: string, premisesIds: readonly string[]): Promise<DoorTargetRow[]> =>
  hot<DoorTargetRow>(
    tx,
    'visits_door_targets',
    `select t.campaign_id as "campaignId", t.subject_id as "subjectId", t.premises_id as "premisesId", t.tries,
       t.next_on as "nextOn", ${STANDING} as standing, array(select p.person_id::text from visit_target_person p
         where p.county = $1 and p.campaign_id = t.campaign_id and p.subject_id = t.subject_id and p.fate is null) as missing
     from visit_target t join visit_campaign c on c.county = $1 and c.id = t.campaign_id and c.state <> 'closed'
     where t.county = $1 and t.premises_id = any($2::uuid[]) and t.wanted`,
    [county, premisesIds],
  )

export interface LastVisitRow {
  subjectId: string
  id: string
  metAt: Date
  result: VisitResult
  byLabel: string
  force: string
}

/** The latest visit of each door of some premises, whoever made it. */
export const listLastVisits = (tx: Tx, county: string, premisesIds: readonly string[]): Promise<LastVisitRow[]> =>
  hot<LastVisitRow>(
    tx,
    'visits_last',
    `select distinct on (subject_id) subject_id as "subjectId", id, met_at as "metAt", result, by_label as "byLabel", force
     from visit where county = $1 and premises_id = any($2::uuid[]) order by subject_id, met_at desc, id desc`,
    [county, premisesIds],
  )

/** How many doors some areas have. */
export const countDoors = (
  tx: Tx,
  county: string,
  paths: readonly string[],
): Promise<{ path: string; doors: number }[]> =>
  hot(
    tx,
    'visits_count_doors',
    `select place.path, (select count(*) from premises p where p.county = $1 and p.area_path >= place.path
       and p.area_path < place.path || '0' and p.closed_at is null)::integer as doors
     from unnest($2::text[]) as place (path)`,
    [county, paths],
  )
