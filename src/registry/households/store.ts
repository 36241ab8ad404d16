import type { Selectable } from 'kysely'
import { constraintOf, hot, hotRead, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { HouseholdTable } from '../../kernel/tables.ts'
import type { Ranges } from '../access.ts'
import { insertRows, updateRows, type Sheet } from '../store.ts'
import type { PersonRow } from '../people/store.ts'

export type HouseholdRow = Omit<Selectable<HouseholdTable>, 'county'>

/** Without the count of members, which follows the ties alone. */
const kept = {
  id: 'uuid',
  version: 'integer',
  premisesId: 'uuid',
  areaPath: 'text',
  kind: 'text',
  number: 'text',
  headId: 'uuid',
  dossierSealed: 'bytea',
  source: 'text',
  checkedAt: 'timestamptz',
  checkedBy: 'uuid',
  closedAt: 'timestamptz',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
} as const
const NEW: Sheet<HouseholdRow> = { table: 'household', types: { ...kept, members: 'integer' } }
const CHANGED: Sheet<Omit<HouseholdRow, 'members'>> = { table: 'household', types: kept }

export async function insertHouseholds(tx: Tx, county: string, rows: readonly HouseholdRow[]): Promise<void> {
  await insertRows(tx, NEW, county, rows).catch((error: unknown) => {
    if (constraintOf(error) === 'household_pkey') throw new Fault('kernel.conflict', {}, { cause: error })
    throw error
  })
}

/** @throws kernel.stale */
export async function updateHouseholds(tx: Tx, county: string, rows: readonly HouseholdRow[]): Promise<void> {
  if ((await updateRows(tx, CHANGED, county, rows)) < rows.length) throw new Fault('kernel.stale')
}

const COLUMNS = `h.id, h.version, h.premises_id as "premisesId", h.area_path as "areaPath", h.kind, h.number,
  h.head_id as "headId", h.members, h.dossier_sealed as "dossierSealed", h.source, h.checked_at as "checkedAt",
  h.checked_by as "checkedBy", h.closed_at as "closedAt", h.created_at as "createdAt", h.updated_at as "updatedAt"`

/** One, locked until the transaction ends: members and head change one after the other. */
export const lockHousehold = async (tx: Tx, county: string, id: string): Promise<HouseholdRow | undefined> =>
  (
    await hot<HouseholdRow>(
      tx,
      'registry_lock_household',
      `select ${COLUMNS} from household h where h.county = $1 and h.id = $2 for update`,
      [county, id],
    )
  )[0]

/** A household with its home and its head's name. */
export interface HomeRow extends HouseholdRow {
  buildingId: string
  address: string
  use: string
  planReviewOn: string | null
  headName: string | null
  others: number
}

const HOME = `${COLUMNS}, m.building_id as "buildingId", m.address, m.use, m.plan_review_on as "planReviewOn",
  (select p.name from person p where p.county = $1 and p.id = h.head_id) as "headName"`
const FROM_HOME = `household h join premises m on m.county = $1 and m.id = h.premises_id`
export const FIND_HOME = `select ${HOME}, (select count(*)::int from household o
    where o.county = $1 and o.premises_id = h.premises_id and o.id <> h.id and o.closed_at is null) as others
  from ${FROM_HOME} where h.county = $1 and h.id = $2`

export const findHome = async (tx: Tx, county: string, id: string): Promise<HomeRow | undefined> =>
  (await hotRead<HomeRow>(tx, 'registry_find_home', FIND_HOME, [county, id]))[0]

export interface MemberRow extends PersonRow {
  relation: string
  fromOn: string
  residenceId: string
  livesHere: boolean
  ofHousehold: boolean
}

/** Everybody with a lasting tie to a household's premises: its members and the owners; at most 100. */
export const MEMBERS = `select p.id, p.version, p.name, p.sex, p.born_on as "bornOn", p.citizen_id_sealed as "citizenIdSealed",
    p.citizen_id_blind as "citizenIdBlind", p.phone_sealed as "phoneSealed", p.phone_blind as "phoneBlind",
    p.details_sealed as "detailsSealed", p.registration, p.area_path as "areaPath", p.premises_id as "premisesId",
    p.household_id as "householdId", r.head_relation as "headRelation", p.state, p.merged_into as "mergedInto", p.source,
    p.checked_at as "checkedAt", p.checked_by as "checkedBy", p.created_at as "createdAt", p.updated_at as "updatedAt",
    r.relation, r.from_on as "fromOn", r.id as "residenceId", r.lives_here as "livesHere",
    r.household_id is not distinct from h.id as "ofHousehold"
  from household h
  join residence r on r.county = $1 and r.premises_id = h.premises_id and r.until_on is null
    and (r.household_id = h.id or r.relation = 'owner')
  join person p on p.county = $1 and p.id = r.person_id and p.state <> 'merged'
  where h.county = $1 and h.id = $2
  order by (p.id = h.head_id) desc nulls last, p.born_on nulls last, r.from_on, p.id limit 100`

export const listMembers = (tx: Tx, county: string, id: string): Promise<MemberRow[]> =>
  hotRead<MemberRow>(tx, 'registry_household_people', MEMBERS, [county, id])

export interface ServiceRow {
  householdId: string
  at: Date
  id: string
  personId: string | null
  kind: string
  refId: string
  byLabel: string
  summarySealed: Buffer | null
}

export const SERVICES = `select household_id as "householdId", at, id, person_id as "personId", kind, ref_id as "refId",
    by_label as "byLabel", summary_sealed as "summarySealed"
  from household_service where county = $1 and household_id = $2 order by at desc, id desc limit 20`

/** The last lines of a service file. */
export const listServices = (tx: Tx, county: string, id: string): Promise<ServiceRow[]> =>
  hotRead<ServiceRow>(tx, 'registry_household_services', SERVICES, [county, id])

/** Empties the lines of what was done, when the words of it are deleted; that something was done stays. */
export async function forgetServices(tx: Tx, county: string, refIds: readonly string[]): Promise<void> {
  const text = 'update household_service set summary_sealed = null where county = $1 and ref_id = any($2::uuid[])'
  await hot(tx, 'registry_services_forget', text, [county, refIds])
}

/** Told again, it stays one line. */
export async function insertService(tx: Tx, county: string, row: ServiceRow): Promise<void> {
  await tx
    .insertInto('householdService')
    .values({ county, ...row })
    .onConflict((at) => at.columns(['county', 'refId', 'householdId']).doNothing())
    .execute()
}

export const LIST_HOUSEHOLDS = `select ${HOME}, 0 as others from ${FROM_HOME}
  where h.county = $1 and h.area_path >= $2 and h.area_path < $3 and (h.area_path, h.id) > ($2, $4::uuid)
    and h.closed_at is null and ($5::text is null or h.kind = $5)
  order by h.area_path, h.id limit $6`

/** Open households of some places: range by range, each a walk along its index. */
export async function listHouseholds(
  tx: Tx,
  county: string,
  query: { ranges: Ranges; kind: string | null; after: readonly [path: string, id: string]; limit: number },
): Promise<HomeRow[]> {
  const rows: HomeRow[] = []
  const [path, id] = query.after
  for (const [at, low] of query.ranges.low.entries()) {
    const high = query.ranges.high[at]!
    if (path >= high) continue
    const from = path >= low ? [path, high, id] : [low, high, '00000000-0000-0000-0000-000000000000']
    const values = [county, ...from, query.kind, query.limit - rows.length]
    rows.push(...(await hotRead<HomeRow>(tx, 'registry_list_households', LIST_HOUSEHOLDS, values)))
    if (rows.length >= query.limit) break
  }
  return rows
}

/** Open households at one premises; at most 50. */
export const listAtPremises = (tx: Tx, county: string, premises: string): Promise<HomeRow[]> =>
  hotRead<HomeRow>(
    tx,
    'registry_households_at',
    `select ${HOME}, 0 as others from ${FROM_HOME}
     where h.county = $1 and h.premises_id = $2 and h.closed_at is null order by h.id limit 50`,
    [county, premises],
  )
