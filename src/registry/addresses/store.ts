import type { Selectable } from 'kysely'
import { constraintOf, hot, hotRead, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { BuildingTable, PremisesTable } from '../../kernel/tables.ts'
import type { Ranges } from '../access.ts'
import { insertRows, updateRows, type Sheet } from '../store.ts'

export type BuildingRow = Omit<Selectable<BuildingTable>, 'county'>
export type PremisesRow = Omit<Selectable<PremisesTable>, 'county'>

const BUILDINGS: Sheet<BuildingRow> = {
  table: 'building',
  types: {
    id: 'uuid',
    version: 'integer',
    areaPath: 'text',
    kind: 'text',
    estate: 'text',
    street: 'text',
    houseNumber: 'text',
    name: 'text',
    address: 'text',
    addressKey: 'text',
    sortKey: 'text',
    longitude: 'double precision',
    latitude: 'double precision',
    positionSource: 'text',
    floors: 'integer',
    closedAt: 'timestamptz',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
}
const PREMISES: Sheet<PremisesRow> = {
  table: 'premises',
  types: {
    id: 'uuid',
    version: 'integer',
    buildingId: 'uuid',
    areaPath: 'text',
    unit: 'text',
    floor: 'integer',
    room: 'text',
    address: 'text',
    addressKey: 'text',
    sortKey: 'text',
    use: 'text',
    planSealed: 'bytea',
    planReviewOn: 'date',
    source: 'text',
    checkedAt: 'timestamptz',
    checkedBy: 'uuid',
    closedAt: 'timestamptz',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
}

const taken = new Set(['building_address', 'premises_address'])

/** Two of one address: the database refuses. */
async function unlessTaken<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    const constraint = constraintOf(error) ?? ''
    if (taken.has(constraint)) throw new Fault('registry.address_taken', {}, { cause: error })
    if (constraint === 'building_pkey' || constraint === 'premises_pkey') {
      throw new Fault('kernel.conflict', {}, { cause: error })
    }
    throw error
  })
}

/** @throws registry.address_taken */
export const insertBuildings = (tx: Tx, county: string, rows: readonly BuildingRow[]): Promise<void> =>
  unlessTaken(insertRows(tx, BUILDINGS, county, rows))
/** @throws registry.address_taken */
export const insertPremises = (tx: Tx, county: string, rows: readonly PremisesRow[]): Promise<void> =>
  unlessTaken(insertRows(tx, PREMISES, county, rows))

/** @throws kernel.stale, registry.address_taken */
export async function updateBuildings(tx: Tx, county: string, rows: readonly BuildingRow[]): Promise<void> {
  if ((await unlessTaken(updateRows(tx, BUILDINGS, county, rows))) < rows.length) throw new Fault('kernel.stale')
}
/** @throws kernel.stale, registry.address_taken */
export async function updatePremises(tx: Tx, county: string, rows: readonly PremisesRow[]): Promise<void> {
  if ((await unlessTaken(updateRows(tx, PREMISES, county, rows))) < rows.length) throw new Fault('kernel.stale')
}

/** One by its id; a writer's version is checked when it writes. */
export const findBuilding = (tx: Tx, county: string, id: string): Promise<BuildingRow | undefined> =>
  tx.selectFrom('building').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()
export const findPremises = (tx: Tx, county: string, id: string): Promise<PremisesRow | undefined> =>
  tx.selectFrom('premises').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()

/** Whoever is about to move in there comes first, or finds it closed. */
export async function lockPremises(tx: Tx, county: string, id: string): Promise<void> {
  await hot(tx, 'registry_lock_premises', 'select id from premises where county = $1 and id = $2 for update', [
    county,
    id,
  ])
}

/** Several by their ids; at most as many as asked for. */
export async function listPremisesByIds(tx: Tx, county: string, ids: readonly string[]): Promise<PremisesRow[]> {
  if (ids.length === 0) return []
  return tx.selectFrom('premises').selectAll().where('county', '=', county).where('id', 'in', ids).execute()
}
export async function listBuildingsByIds(tx: Tx, county: string, ids: readonly string[]): Promise<BuildingRow[]> {
  if (ids.length === 0) return []
  return tx.selectFrom('building').selectAll().where('county', '=', county).where('id', 'in', ids).execute()
}

/** Open buildings or premises by the keys of their addresses. */
export const findBuildingsByKey = (
  tx: Tx,
  county: string,
  keys: readonly string[],
): Promise<Pick<BuildingRow, 'id' | 'addressKey' | 'areaPath'>[]> =>
  hotRead(
    tx,
    'registry_buildings_by_key',
    `select id, address_key as "addressKey", area_path as "areaPath" from building
     where county = $1 and address_key = any($2::text[]) and closed_at is null`,
    [county, keys],
  )
export const findPremisesByKey = (
  tx: Tx,
  county: string,
  keys: readonly string[],
): Promise<Pick<PremisesRow, 'id' | 'addressKey' | 'areaPath'>[]> =>
  hotRead(
    tx,
    'registry_premises_by_key',
    `select id, address_key as "addressKey", area_path as "areaPath" from premises
     where county = $1 and address_key = any($2::text[]) and closed_at is null`,
    [county, keys],
  )

export interface PlaceQuery {
  ranges: Ranges
  after: readonly [path: string, sortKey: string, id: string] | null
  limit: number
}

/** The page of a roster: range by range, each one walk along its index. */
async function walk<Row>(
  query: PlaceQuery,
  page: (low: string, high: string, from: readonly [string, string, string], limit: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  const start = query.after ?? (['', '', '00000000-0000-0000-0000-000000000000'] as const)
  for (const [at, low] of query.ranges.low.entries()) {
    const high = query.ranges.high[at]!
    if (start[0] >= high) continue
    const from = start[0] < low ? ([low, '', '00000000-0000-0000-0000-000000000000'] as const) : start
    rows.push(...(await page(low, high, from, query.limit - rows.length)))
    if (rows.length >= query.limit) break
  }
  return rows
}

const BUILDING_COLUMNS = `id, version, area_path as "areaPath", kind, estate, street, house_number as "houseNumber", name,
  address, address_key as "addressKey", sort_key as "sortKey", longitude, latitude, position_source as "positionSource", floors,
  closed_at as "closedAt", created_at as "createdAt", updated_at as "updatedAt"`
export const LIST_BUILDINGS = `select ${BUILDING_COLUMNS} from building
  where county = $1 and area_path >= $2 and area_path < $3 and (area_path, sort_key, id) > ($4, $5, $6::uuid)
    and closed_at is null
  order by area_path, sort_key, id limit $7`

/** Open buildings of some places in the order of a roster. */
export const listBuildings = (tx: Tx, county: string, query: PlaceQuery): Promise<BuildingRow[]> =>
  walk(query, (low, high, from, limit) =>
    hotRead(tx, 'registry_list_buildings', LIST_BUILDINGS, [county, low, high, ...from, limit]),
  )

const PREMISES_COLUMNS = `id, version, building_id as "buildingId", area_path as "areaPath", unit, floor, room, address,
  address_key as "addressKey", sort_key as "sortKey", use, plan_sealed as "planSealed", plan_review_on as "planReviewOn", source,
  checked_at as "checkedAt", checked_by as "checkedBy", closed_at as "closedAt", created_at as "createdAt",
  updated_at as "updatedAt"`
export const LIST_PREMISES = `select ${PREMISES_COLUMNS} from premises
  where county = $1 and area_path >= $2 and area_path < $3 and (area_path, sort_key, id) > ($4, $5, $6::uuid)
    and closed_at is null and ($8::text is null or use = $8)
  order by area_path, sort_key, id limit $7`
export const LIST_OF_BUILDING = `select ${PREMISES_COLUMNS} from premises
  where county = $1 and building_id = $2 and (sort_key, id) > ($3, $4::uuid) and closed_at is null
    and ($6::text is null or use = $6)
  order by sort_key, id limit $5`
export const LIST_REVIEWS = `select ${PREMISES_COLUMNS} from premises
  where county = $1 and plan_review_on is not null and plan_review_on <= $2
    and (plan_review_on, id) > ($3::date, $4::uuid) and closed_at is null
    and exists (select from unnest($5::text[], $6::text[]) as r (low, high) where area_path >= r.low and area_path < r.high)
  order by plan_review_on, id limit $7`

/** Open premises of some places in the order of a roster. */
export const listPremises = (
  tx: Tx,
  county: string,
  query: PlaceQuery & { use: string | null },
): Promise<PremisesRow[]> =>
  walk(query, (low, high, from, limit) =>
    hotRead(tx, 'registry_list_premises', LIST_PREMISES, [county, low, high, ...from, limit, query.use]),
  )

/** Open premises of a building in natural order. */
export const listPremisesOf = (
  tx: Tx,
  county: string,
  query: { building: string; after: readonly [string, string] | null; use: string | null; limit: number },
): Promise<PremisesRow[]> =>
  hotRead(tx, 'registry_premises_of_building', LIST_OF_BUILDING, [
    county,
    query.building,
    ...(query.after ?? ['', '00000000-0000-0000-0000-000000000000']),
    query.limit,
    query.use,
  ])

/** Premises whose plan is to be looked at again by a day, the longest waiting first. */
export const listReviews = (
  tx: Tx,
  county: string,
  query: { ranges: Ranges; until: string; after: readonly [string, string] | null; limit: number },
): Promise<PremisesRow[]> =>
  hotRead(tx, 'registry_list_reviews', LIST_REVIEWS, [
    county,
    query.until,
    ...(query.after ?? ['0001-01-01', '00000000-0000-0000-0000-000000000000']),
    query.ranges.low,
    query.ranges.high,
    query.limit,
  ])

export async function countPremisesOf(tx: Tx, county: string, building: string): Promise<number> {
  const text = `select count(*) as count from premises where county = $1 and building_id = $2 and closed_at is null`
  return (await hotRead<{ count: number }>(tx, 'registry_count_premises', text, [county, building]))[0]?.count ?? 0
}

export interface Occupants {
  households: number
  people: number
  organisations: number
}

/** Who is at premises now. */
export async function countOccupants(tx: Tx, county: string, premises: string): Promise<Occupants> {
  const text = `select
    (select count(*) from household where county = $1 and premises_id = $2 and closed_at is null) as households,
    (select count(*) from residence where county = $1 and premises_id = $2 and lives_here
      and until_on is null) as people,
    (select count(*) from organisation where county = $1 and premises_id = $2 and closed_at is null) as organisations`
  const [row] = await hotRead<Occupants>(tx, 'registry_count_occupants', text, [county, premises])
  return row ?? { households: 0, people: 0, organisations: 0 }
}

/** Premises of a building, closed ones too, so that none is left behind when it moves. */
export const listAllOf = (tx: Tx, county: string, building: string): Promise<PremisesRow[]> =>
  hot(
    tx,
    'registry_all_of_building',
    `select ${PREMISES_COLUMNS} from premises where county = $1 and building_id = $2`,
    [county, building],
  )

/** Households of some premises lie where these lie. Their version stays: nothing was said about them. */
export async function moveHouseholds(
  tx: Tx,
  county: string,
  premises: readonly string[],
  to: { areaPath: string; at: Date },
): Promise<void> {
  const text = `update household set area_path = $3, updated_at = $4 where county = $1 and premises_id = any($2::uuid[])`
  await hot(tx, 'registry_move_households', text, [county, premises, to.areaPath, to.at])
}

/** A lasting tie at a door, with who has it. */
export interface DoorTie {
  premisesId: string
  householdId: string | null
  personId: string
  name: string
  sex: string | null
  bornOn: string | null
  phoneSealed: Buffer | null
  citizenIdSealed: Buffer | null
  registration: string
  relation: string
  livesHere: boolean
  headRelation: string | null
  fromOn: string
}

export const DOOR_TIES = `select r.premises_id as "premisesId", r.household_id as "householdId", r.person_id as "personId",
    p.name, p.sex, p.born_on as "bornOn", p.phone_sealed as "phoneSealed", p.citizen_id_sealed as "citizenIdSealed",
    p.registration, r.relation, r.lives_here as "livesHere", r.head_relation as "headRelation", r.from_on as "fromOn"
  from residence r join person p on p.county = $1 and p.id = r.person_id
  where r.county = $1 and r.premises_id = any($2::uuid[]) and r.until_on is null and p.state <> 'merged'
  order by r.premises_id, r.household_id nulls last, r.lives_here desc, (r.head_relation = 'head') desc nulls last,
    r.from_on, r.id limit 6000`

/** Who is at some doors; of more than 6,000 people the first. */
export const listDoorTies = (tx: Tx, county: string, premises: readonly string[]): Promise<DoorTie[]> =>
  hotRead(tx, 'registry_door_ties', DOOR_TIES, [county, premises])
