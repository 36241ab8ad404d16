import { hotRead, type Tx } from '../../kernel/db.ts'

export interface Findable {
  readonly tokens: readonly string[]
  /** Where it lies; a person also where they own, rent or work. */
  readonly paths: readonly string[]
}

/** What is nearest is looked through first; `after` is the id behind which a range goes on, for the next page. */
export interface Look {
  readonly low: readonly string[]
  readonly high: readonly string[]
  readonly after: readonly string[]
  readonly limit: number
}

export interface Place {
  /** Which range it was found in, from 1. */
  readonly n: number
  /** By which of its places. */
  readonly foundAt: string
  readonly id: string
}

/** Of a pair that many share, so many are looked at: enough for any village, a bound for a county. */
export const SCANNED_MAX = 2_000

const RANGE =
  'range as (select * from unnest($3::text[], $4::text[], $5::uuid[]) with ordinality r (low, high, after, n))'
const within = (alias: string): string =>
  `${alias}.area_path >= r.low and ${alias}.area_path < r.high and (${alias}.area_path, ${alias}.subject_id) > (r.low, r.after)`

/**
 * Records of one token in the order of the ranges: each range is one short run of the primary key. Materialized: a generic plan
 * must not begin at the records.
 */
const ONE = `with ${RANGE}, hit as materialized (
  select r.n, t.area_path, t.subject_id from range r cross join lateral (
    select s.area_path, s.subject_id from search_token s where s.county = $1 and s.token = ($2::text[])[1] and ${within('s')}
    order by s.area_path, s.subject_id limit $6) t
  order by r.n, t.area_path, t.subject_id limit $6)`

/** Of several tokens the one that the fewest records here have, counted no further than needed. */
const DRIVER = `driver as materialized (
  select o.token, (select count(*) from (select from range r cross join lateral (
      select from search_token s where s.county = $1 and s.token = o.token and s.area_path >= r.low and s.area_path < r.high
      limit $7 + 1) few limit $7 + 1) counted) as n
  from unnest($2::text[]) o (token) order by n, o.token limit 1)`

/** Records of several tokens: the rarest here is walked, at most $7 of it, and the others are looked up for each. */
const SEVERAL = `with ${RANGE}, ${DRIVER},
scanned as materialized (
  select r.n, t.area_path, t.subject_id from driver d cross join range r cross join lateral (
    select s.area_path, s.subject_id from search_token s where s.county = $1 and s.token = d.token and ${within('s')}
    order by s.area_path, s.subject_id limit $7) t
  order by r.n, t.area_path, t.subject_id limit $7),
hit as materialized (
  select c.n, c.area_path, c.subject_id from scanned c cross join driver d
  where not exists (select from unnest($2::text[]) o (token) where o.token <> d.token and not exists (
    select from search_token x where x.county = $1 and x.token = o.token and x.area_path = c.area_path and x.subject_id = c.subject_id))
  order by c.n, c.area_path, c.subject_id limit $6)`

const found = 'hit.n::int as n, hit.area_path as "foundAt", hit.subject_id as id'
const order = 'order by hit.n, hit.area_path, hit.subject_id'

export interface PersonRow extends Place {
  readonly name: string
  readonly sex: string | null
  readonly bornOn: string | null
  readonly phoneSealed: Buffer | null
  readonly citizenIdSealed: Buffer | null
  readonly registration: string
  readonly state: string
  readonly areaPath: string
  readonly address: string | null
}
const personColumns = `p.name, p.sex, p.born_on as "bornOn", p.phone_sealed as "phoneSealed", p.citizen_id_sealed as "citizenIdSealed",
  p.registration, p.state, p.area_path as "areaPath", m.address`
const PEOPLE = `select ${found}, ${personColumns} from hit join person p on p.county = $1 and p.id = hit.subject_id
  left join premises m on m.county = $1 and m.id = p.premises_id ${order}`

export interface AddressRow extends Place {
  readonly address: string
  readonly use: string | null
}
const BUILDINGS = `select ${found}, b.address, null as use from hit join building b on b.county = $1 and b.id = hit.subject_id ${order}`
const PREMISES = `select ${found}, m.address, m.use from hit join premises m on m.county = $1 and m.id = hit.subject_id ${order}`

/** Doors of one number in buildings of some words: first the buildings, at most $7, then the token where they stand. */
const DOORS = `with ${RANGE}, ${DRIVER},
around as materialized (
  select r.n, t.area_path, t.subject_id from driver d cross join range r cross join lateral (
    select s.area_path, s.subject_id from search_token s
    where s.county = $1 and s.token = d.token and s.area_path >= r.low and s.area_path < r.high
      and not exists (select from unnest($2::text[]) o (token) where o.token <> d.token and not exists (
        select from search_token x where x.county = $1 and x.token = o.token and x.area_path = s.area_path and x.subject_id = s.subject_id))
    order by s.area_path, s.subject_id limit $7) t
  limit $7),
hit as materialized (
  select r.n, t.area_path, t.subject_id, t.building_id from (select distinct n, area_path from around) a join range r on r.n = a.n
  cross join lateral (
    select s.area_path, s.subject_id, m.building_id from search_token s join premises m on m.county = $1 and m.id = s.subject_id
    where s.county = $1 and s.token = $8 and s.area_path = a.area_path and (s.area_path, s.subject_id) > (r.low, r.after)) t
  where exists (select from around b where b.subject_id = t.building_id)
  order by r.n, t.area_path, t.subject_id limit $6)
${PREMISES}`

export const findDoors =
  (door: string) =>
  (tx: Tx, county: string, tokens: readonly string[], look: Look): Promise<AddressRow[]> =>
    hotRead<AddressRow>(tx, 'registry_search_doors', DOORS, [
      county,
      tokens,
      look.low,
      look.high,
      look.after,
      look.limit,
      SCANNED_MAX,
      door,
    ])

export interface OrganisationRow extends Place {
  readonly name: string
  readonly kind: string
  readonly code: string | null
  readonly trade: string
  readonly address: string
  readonly areaPath: string
}
const organisationColumns = 'o.name, o.kind, o.code, o.trade, o.address, o.area_path as "areaPath"'
const ORGANISATIONS = `select ${found}, ${organisationColumns} from hit join organisation o on o.county = $1 and o.id = hit.subject_id ${order}`

/** Whether one token is asked or several, a step is one statement of its own name. */
function step<Row>(name: string, rows: string) {
  return (tx: Tx, county: string, tokens: readonly string[], look: Look): Promise<Row[]> => {
    const values = [county, tokens, look.low, look.high, look.after, look.limit]
    return tokens.length === 1
      ? hotRead<Row>(tx, `registry_search_${name}`, `${ONE} ${rows}`, values)
      : hotRead<Row>(tx, `registry_search_${name}_several`, `${SEVERAL} ${rows}`, [...values, SCANNED_MAX])
  }
}

export const findPeople = step<PersonRow>('people', PEOPLE)
export const findBuildings = step<AddressRow>('buildings', BUILDINGS)
export const findPremises = step<AddressRow>('premises', PREMISES)
export const findOrganisations = step<OrganisationRow>('organisations', ORGANISATIONS)

/** The statements as they are sent, with tokens to try them by: their plans are looked at by a test and timed by the bench. */
export const shownSearches: readonly {
  name: string
  text: string
  tokens: string[]
  scanned: boolean
  door?: string
}[] = [
  { name: 'a name', text: `${ONE} ${PEOPLE}`, tokens: ['pn张伟明'], scanned: false },
  { name: 'a part of a name', text: `${SEVERAL} ${PEOPLE}`, tokens: ['pg张伟', 'pg伟明'], scanned: true },
  { name: 'a building', text: `${SEVERAL} ${BUILDINGS}`, tokens: ['bg高桥', 'bg桥花'], scanned: true },
  { name: 'a door', text: `${ONE} ${PREMISES}`, tokens: ['an501'], scanned: false },
  { name: 'a door of an estate', text: DOORS, tokens: ['bg高桥', 'bg桥花'], scanned: true, door: 'an501' },
  { name: 'an organisation', text: `${SEVERAL} ${ORGANISATIONS}`, tokens: ['og恒丰', 'og丰纺'], scanned: true },
]

const COUNT = `with range as (select * from unnest($3::text[], $4::text[]) r (low, high))
select min(n)::int as least from unnest($2::text[]) o (token) cross join lateral (
  select count(*) as n from (select from range r cross join lateral (
    select from search_token s where s.county = $1 and s.token = o.token and s.area_path >= r.low and s.area_path < r.high
    limit $5) few limit $5) counted) c`

/** How many the rarest of some tokens has here, counted no further than `most`. */
export async function countRarest(
  tx: Tx,
  county: string,
  asked: { tokens: readonly string[]; look: Pick<Look, 'low' | 'high'>; most: number },
): Promise<number> {
  const { tokens, look, most } = asked
  const values = [county, tokens, look.low, look.high, most]
  const [row] = await hotRead<{ least: number }>(tx, 'registry_search_rarest', COUNT, values)
  return row?.least ?? 0
}

const byBlind = (column: string): string => `select p.id, 1 as n, p.area_path as "foundAt", ${personColumns},
  array(select distinct r.area_path from residence r where r.county = $1 and r.person_id = p.id
    and (r.until_on is null or r.until_on >= $3::date) limit 50) as paths
from person p left join premises m on m.county = $1 and m.id = p.premises_id
where p.county = $1 and p.${column} = $2 and p.state <> 'merged' order by p.id limit 50`
const BY_CITIZEN_ID = byBlind('citizen_id_blind')
const BY_PHONE = byBlind('phone_blind')

/** Everywhere in the county: the caller must drop whom they may not see. At most 50. */
export const findByCitizenId = (tx: Tx, county: string, blind: Buffer, today: string) =>
  hotRead<PersonRow & { paths: string[] }>(tx, 'registry_search_citizen_id', BY_CITIZEN_ID, [county, blind, today])
/** The same by a whole phone number, which a family may share. */
export const findByPhone = (tx: Tx, county: string, blind: Buffer, today: string) =>
  hotRead<PersonRow & { paths: string[] }>(tx, 'registry_search_phone', BY_PHONE, [county, blind, today])

const BY_CODE = `select o.id, 1 as n, o.area_path as "foundAt", ${organisationColumns} from organisation o
where o.county = $1 and o.code = $2 and o.closed_at is null`
/** Everywhere in the county: the caller must drop what they may not see. */
export const findByCode = (tx: Tx, county: string, code: string) =>
  hotRead<OrganisationRow>(tx, 'registry_search_code', BY_CODE, [county, code])
