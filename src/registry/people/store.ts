import type { Selectable } from 'kysely'
import { constraintOf, hot, hotRead, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { PersonTable, ResidenceTable } from '../../kernel/tables.ts'
import { insertRows, updateRows, type Sheet } from '../store.ts'

export type PersonRow = Omit<Selectable<PersonTable>, 'county'>
export type ResidenceRow = Omit<Selectable<ResidenceTable>, 'county'>

const PEOPLE: Sheet<PersonRow> = {
  table: 'person',
  types: {
    id: 'uuid',
    version: 'integer',
    name: 'text',
    sex: 'text',
    bornOn: 'date',
    citizenIdSealed: 'bytea',
    citizenIdBlind: 'bytea',
    phoneSealed: 'bytea',
    phoneBlind: 'bytea',
    detailsSealed: 'bytea',
    registration: 'text',
    areaPath: 'text',
    premisesId: 'uuid',
    householdId: 'uuid',
    headRelation: 'text',
    state: 'text',
    mergedInto: 'uuid',
    source: 'text',
    checkedAt: 'timestamptz',
    checkedBy: 'uuid',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
}
const RESIDENCES: Sheet<ResidenceRow> = {
  table: 'residence',
  types: {
    id: 'uuid',
    personId: 'uuid',
    premisesId: 'uuid',
    householdId: 'uuid',
    areaPath: 'text',
    relation: 'text',
    livesHere: 'boolean',
    headRelation: 'text',
    fromOn: 'date',
    untilOn: 'date',
    source: 'text',
    byAccount: 'uuid',
    at: 'timestamptz',
  },
}

/** @throws kernel.conflict for an id that is taken. */
export async function insertPeople(tx: Tx, county: string, rows: readonly PersonRow[]): Promise<void> {
  await insertRows(tx, PEOPLE, county, rows).catch((error: unknown) => {
    if (constraintOf(error) === 'person_pkey') throw new Fault('kernel.conflict', {}, { cause: error })
    throw error
  })
}

/** @throws kernel.stale */
export async function updatePeople(tx: Tx, county: string, rows: readonly PersonRow[]): Promise<void> {
  if ((await updateRows(tx, PEOPLE, county, rows)) < rows.length) throw new Fault('kernel.stale')
}

export const insertResidences = (tx: Tx, county: string, rows: readonly ResidenceRow[]): Promise<void> =>
  insertRows(tx, RESIDENCES, county, rows)

/** What may change of a tie once it is there. */
export async function updateResidences(tx: Tx, county: string, rows: readonly ResidenceRow[]): Promise<void> {
  if (rows.length === 0) return
  const text = `update residence t set household_id = r.household_id, area_path = r.area_path, relation = r.relation,
      lives_here = r.lives_here, head_relation = r.head_relation, until_on = r.until_on
    from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::date[])
      r (id, household_id, area_path, relation, lives_here, head_relation, until_on)
    where t.county = $1 and t.id = r.id`
  await hot(tx, 'registry_update_residences', text, [
    county,
    rows.map(({ id }) => id),
    rows.map(({ householdId }) => householdId),
    rows.map(({ areaPath }) => areaPath),
    rows.map(({ relation }) => relation),
    rows.map(({ livesHere }) => livesHere),
    rows.map(({ headRelation }) => headRelation),
    rows.map(({ untilOn }) => untilOn),
  ])
}

export interface Seat {
  household: string
  person: string
}

/** Counts of households follow their members; whoever leaves is no longer the head, and who joins as head is it where nobody is. */
export async function keepHouseholds(
  tx: Tx,
  county: string,
  change: {
    counts: ReadonlyMap<string, number>
    gone: readonly Seat[]
    heads: readonly Seat[]
    at: Date
  },
): Promise<void> {
  const counts = [...change.counts].filter(([, by]) => by !== 0)
  if (counts.length > 0) {
    const text = `update household t set members = t.members + r.by, updated_at = $4
      from unnest($2::uuid[], $3::integer[]) r (id, by) where t.county = $1 and t.id = r.id`
    const columns = [counts.map(([id]) => id), counts.map(([, by]) => by)]
    await hot(tx, 'registry_count_members', text, [county, ...columns, change.at])
  }
  if (change.gone.length > 0) {
    const text = `update household t set head_id = null, updated_at = $4
      from unnest($2::uuid[], $3::uuid[]) r (id, person) where t.county = $1 and t.id = r.id and t.head_id = r.person`
    const columns = [change.gone.map(({ household }) => household), change.gone.map(({ person }) => person)]
    await hot(tx, 'registry_unseat_head', text, [county, ...columns, change.at])
  }
  if (change.heads.length > 0) {
    const text = `update household t set head_id = r.person, updated_at = $4
      from unnest($2::uuid[], $3::uuid[]) r (id, person) where t.county = $1 and t.id = r.id and t.head_id is null`
    const columns = [change.heads.map(({ household }) => household), change.heads.map(({ person }) => person)]
    await hot(tx, 'registry_seat_head', text, [county, ...columns, change.at])
  }
}

/** Two who register the same ID number at once come one after the other. */
export async function lockCitizenId(tx: Tx, blind: Buffer): Promise<void> {
  await hot(tx, 'registry_lock_citizen_id', 'select pg_advisory_xact_lock($1::bigint)', [
    blind.readBigInt64BE(0).toString(),
  ])
}

const PERSON_COLUMNS = `p.id, p.version, p.name, p.sex, p.born_on as "bornOn", p.citizen_id_sealed as "citizenIdSealed",
  p.citizen_id_blind as "citizenIdBlind", p.phone_sealed as "phoneSealed", p.phone_blind as "phoneBlind",
  p.details_sealed as "detailsSealed", p.registration, p.area_path as "areaPath", p.premises_id as "premisesId",
  p.household_id as "householdId", p.head_relation as "headRelation", p.state, p.merged_into as "mergedInto", p.source,
  p.checked_at as "checkedAt", p.checked_by as "checkedBy", p.created_at as "createdAt", p.updated_at as "updatedAt"`

/** Some people by their ids; at most 5,000. */
export const listPeopleByIds = (tx: Tx, county: string, ids: readonly string[]): Promise<PersonRow[]> =>
  hotRead(
    tx,
    'registry_people_by_ids',
    `select ${PERSON_COLUMNS} from person p where p.county = $1 and p.id = any($2::uuid[])`,
    [county, ids],
  )

/** Records of an ID number that stand for themselves; one, unless somebody registered it twice. */
export const listByCitizenId = (tx: Tx, county: string, blind: Buffer): Promise<PersonRow[]> =>
  hotRead(
    tx,
    'registry_people_by_citizen_id',
    `select ${PERSON_COLUMNS} from person p where p.county = $1 and p.citizen_id_blind = $2 and p.state <> 'merged' limit 5`,
    [county, blind],
  )

const RESIDENCE_COLUMNS = `id, person_id as "personId", premises_id as "premisesId", household_id as "householdId",
  area_path as "areaPath", relation, lives_here as "livesHere", head_relation as "headRelation", from_on as "fromOn",
  until_on as "untilOn", source, by_account as "byAccount", at`

/** Lasting ties of some people. */
export const listLasting = (tx: Tx, county: string, people: readonly string[]): Promise<ResidenceRow[]> =>
  hotRead(
    tx,
    'registry_lasting_ties',
    `select ${RESIDENCE_COLUMNS} from residence
     where county = $1 and person_id = any($2::uuid[]) and until_on is null order by from_on, id`,
    [county, people],
  )

/** Lasting ties to some premises. */
export const listTiesOfPremises = (tx: Tx, county: string, premises: readonly string[]): Promise<ResidenceRow[]> =>
  hotRead(
    tx,
    'registry_ties_of_premises',
    `select ${RESIDENCE_COLUMNS} from residence
     where county = $1 and premises_id = any($2::uuid[]) and until_on is null order by from_on, id`,
    [county, premises],
  )

export interface TieView extends ResidenceRow {
  address: string
}

/** Every tie of a person with its address, lasting ones first; at most 50. */
export const listTies = (tx: Tx, county: string, person: string): Promise<TieView[]> =>
  hotRead(
    tx,
    'registry_ties_of_person',
    `select r.id, r.person_id as "personId", r.premises_id as "premisesId", r.household_id as "householdId",
       r.area_path as "areaPath", r.relation, r.lives_here as "livesHere", r.head_relation as "headRelation",
       r.from_on as "fromOn", r.until_on as "untilOn", r.source, r.by_account as "byAccount", r.at, m.address
     from residence r join premises m on m.county = $1 and m.id = r.premises_id
     where r.county = $1 and r.person_id = $2 order by r.until_on desc nulls first, r.from_on desc, r.id limit 50`,
    [county, person],
  )

/** Addresses of some premises. */
export async function addressesOf(tx: Tx, county: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const text = `select id, address from premises where county = $1 and id = any($2::uuid[])`
  const rows = await hotRead<{ id: string; address: string }>(tx, 'registry_addresses_of', text, [county, ids])
  return new Map(rows.map(({ id, address }) => [id, address]))
}

export interface Narrowed {
  registration: string | null
  relation: string | null
  bornFrom: string | null
  bornTo: string | null
  state: string | null
}

/** How many rows one page looks at before it gives what it has: rare ones in a large place come on several pages. */
export const SCANNED_MAX = 3_000

const NARROWED = `($5::text is null or p.registration = $5)
    and ($6::text is null or exists (select from residence r
      where r.county = $1 and r.person_id = p.id and r.until_on is null and r.relation = $6))
    and ($7::date is null or p."bornOn" >= $7::date) and ($8::date is null or p."bornOn" <= $8::date)
    and ($11::text is null or p.state = $11)`

/** Rows of a range that were looked at, the last of them, and those that fit. */
const page = (scanned: string, people: string): string => `with scanned as materialized (${scanned}),
  last as (select "foundPath" as "lastPath", id as "lastId", (select count(*)::int from scanned) as scanned
    from scanned order by "foundPath" desc, id desc limit 1)
  select l.*, f.* from last l left join (select p.* from ${people} p where ${NARROWED}
    order by p."foundPath", p.id limit $10) f on true
  order by f."foundPath", f.id`
const scan = (states: string): string =>
  page(
    `select p.area_path as "foundPath", ${PERSON_COLUMNS} from person p
    where p.county = $1 and p.area_path >= $2 and p.area_path < $3 and (p.area_path, p.id) > ($2, $4::uuid)
      and p.state in (${states})
    order by p.area_path, p.id limit $9`,
    'scanned',
  )
export const SCAN_HERE = scan(`'present', 'away'`)
export const SCAN_GONE = scan(`'left', 'deceased'`)
/** By where the tag counts: an owner who lives elsewhere is one of the place where they own. */
export const SCAN_TAGGED = page(
  `select t.area_path as "foundPath", t.person_id as id from person_tag t
    where t.county = $1 and t.tag = $12 and t.area_path >= $2 and t.area_path < $3 and (t.area_path, t.person_id) > ($2, $4::uuid)
    order by t.area_path, t.person_id limit $9`,
  `(select s."foundPath", ${PERSON_COLUMNS} from scanned s join person p on p.county = $1 and p.id = s.id)`,
)

export interface Scan {
  /** Low and high of one range; low may lie inside it, with the id behind which it goes on. */
  low: string
  high: string
  afterId: string
  narrowed: Narrowed
  tag: string | null
  gone: boolean
  /** How many rows are looked at. */
  window: number
  limit: number
}
export type Scanned = PersonRow & { foundPath: string; lastPath: string; lastId: string; scanned: number }

/** The next people of a range; of a tag, those who have it there. */
export function scanPeople(tx: Tx, county: string, { narrowed, tag, ...query }: Scan): Promise<Scanned[]> {
  const { registration, relation, bornFrom, bornTo, state } = narrowed
  const values = [county, query.low, query.high, query.afterId, registration, relation, bornFrom, bornTo]
  const all = [...values, query.window, query.limit, state]
  if (tag !== null) return hotRead(tx, 'registry_scan_tagged', SCAN_TAGGED, [...all, tag])
  const [name, text] = query.gone ? ['registry_scan_gone', SCAN_GONE] : ['registry_scan_people', SCAN_HERE]
  return hotRead(tx, name, text, all)
}

/** People with a lasting tie to premises, or to one household there. */
export const listAtPremises = (
  tx: Tx,
  county: string,
  query: { premises: string; household: string | null; afterId: string; limit: number },
): Promise<PersonRow[]> =>
  hotRead(
    tx,
    'registry_people_at_premises',
    `select ${PERSON_COLUMNS} from person p where p.county = $1 and p.id > $4::uuid and p.state <> 'merged'
       and p.id in (select r.person_id from residence r where r.county = $1 and r.premises_id = $2 and r.until_on is null
         and ($3::uuid is null or r.household_id = $3))
     order by p.id limit $5`,
    [county, query.premises, query.household, query.afterId, query.limit],
  )

/** Where a household lives. */
export async function premisesOfHousehold(
  tx: Tx,
  county: string,
  household: string,
): Promise<{ premisesId: string; areaPath: string; closedAt: Date | null } | undefined> {
  const text = `select premises_id as "premisesId", area_path as "areaPath", closed_at as "closedAt" from household
    where county = $1 and id = $2`
  return (
    await hotRead<{ premisesId: string; areaPath: string; closedAt: Date | null }>(tx, 'registry_home_of', text, [
      county,
      household,
    ])
  )[0]
}

/** A record as it is found for whoever is written to. */
export type KnownRow = Pick<
  PersonRow,
  | 'id'
  | 'name'
  | 'bornOn'
  | 'state'
  | 'areaPath'
  | 'householdId'
  | 'citizenIdSealed'
  | 'citizenIdBlind'
  | 'phoneSealed'
  | 'phoneBlind'
> & { address: string | null }

/** Records by id, citizen ID or phone, some hundred at a time. */
export const listKnown = (
  tx: Tx,
  county: string,
  wanted: { ids: readonly string[]; citizenIds: readonly Buffer[]; phones: readonly Buffer[] },
): Promise<KnownRow[]> =>
  hotRead<KnownRow>(
    tx,
    'registry_people_known',
    `select p.id, p.name, p.born_on as "bornOn", p.state, p.area_path as "areaPath", p.household_id as "householdId",
        p.citizen_id_sealed as "citizenIdSealed", p.citizen_id_blind as "citizenIdBlind", p.phone_sealed as "phoneSealed",
        p.phone_blind as "phoneBlind", q.address
      from person p left join premises q on q.county = p.county and q.id = p.premises_id
      where p.county = $1 and p.state <> 'merged' and (p.id = any($2::uuid[]) or p.citizen_id_blind = any($3::bytea[])
        or p.phone_blind = any($4::bytea[]))`,
    [county, wanted.ids, wanted.citizenIds, wanted.phones],
  )
/**
 * Keeps premises, and a household there, from being closed until the transaction ends: whoever closes them waits, and then counts
 * who has moved in meanwhile.
 *
 * @returns whether both are open.
 */
export async function holdOpen(tx: Tx, county: string, premises: string, household: string | null): Promise<boolean> {
  const door = 'select closed_at as "closedAt" from premises where county = $1 and id = $2 for key share'
  const home = 'select closed_at as "closedAt" from household where county = $1 and id = $2 for key share'
  const rows = await hot<{ closedAt: Date | null }>(tx, 'registry_hold_premises', door, [county, premises])
  if (household !== null)
    rows.push(...(await hot<{ closedAt: Date | null }>(tx, 'registry_hold_household', home, [county, household])))
  return rows.every(({ closedAt }) => closedAt === null)
}
