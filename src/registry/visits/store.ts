import type { Selectable } from 'kysely'
import { hot, type Tx } from '../../kernel/db.ts'
import type { StewardHouseholdTable, VisitConflictTable, VisitTable } from '../../kernel/tables.ts'

export type VisitRow = Selectable<VisitTable>
export type ConflictRow = Selectable<VisitConflictTable>
export type StewardRecord = Selectable<StewardHouseholdTable>

/** @returns false when a visit of this id is there already. */
export async function insertVisit(tx: Tx, row: VisitRow): Promise<boolean> {
  const made = tx
    .insertInto('visit')
    .values(row)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
  return (await made.returning('id').execute()).length === 1
}

export function findVisit(tx: Tx, county: string, id: string): Promise<VisitRow | undefined> {
  return tx.selectFrom('visit').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends: two taps make one case. */
export function lockVisit(tx: Tx, county: string, id: string): Promise<VisitRow | undefined> {
  const found = tx.selectFrom('visit').selectAll().where('county', '=', county).where('id', '=', id)
  return found.forUpdate().executeTakeFirst()
}

type VisitChange = Partial<
  Pick<VisitRow, 'version' | 'matterId' | 'campaigns' | 'conflicts' | 'wordsSealed' | 'salt' | 'corrections'>
>

export async function saveVisit(tx: Tx, county: string, id: string, change: VisitChange): Promise<void> {
  await tx.updateTable('visit').set(change).where('county', '=', county).where('id', '=', id).execute()
}

/** Visits at a door, at premises or in some subtrees, the latest first. */
export async function listVisits(
  tx: Tx,
  query: {
    county: string
    low: readonly string[]
    high: readonly string[]
    premises: string | undefined
    subject: string | undefined
    after: [metAt: Date, id: string] | null
    limit: number
  },
): Promise<VisitRow[]> {
  let found = tx.selectFrom('visit').selectAll().where('county', '=', query.county)
  found = found.where((row) =>
    row.or(
      query.low.map((low, at) => row.and([row('areaPath', '>=', low), row('areaPath', '<', query.high[at] ?? '')])),
    ),
  )
  if (query.premises !== undefined) found = found.where('premisesId', '=', query.premises)
  if (query.subject !== undefined) found = found.where('subjectId', '=', query.subject)
  const { after } = query
  if (after)
    found = found.where((row) =>
      row.or([row('metAt', '<', after[0]), row.and([row('metAt', '=', after[0]), row('id', '<', after[1])])]),
    )
  return found.orderBy('metAt', 'desc').orderBy('id', 'desc').limit(query.limit).execute()
}

/** Addresses of premises by id. */
export const listAddresses = (
  tx: Tx,
  county: string,
  ids: readonly string[],
): Promise<{ id: string; address: string; use: string; version: number }[]> =>
  hot(
    tx,
    'visits_addresses',
    'select id, address, use, version from premises where county = $1 and id = any($2::uuid[])',
    [county, ids],
  )

/** Names of campaigns by id, with what they ask. */
export const listCampaignWords = (
  tx: Tx,
  county: string,
  ids: readonly string[],
): Promise<{ id: string; name: string; questions: unknown }[]> =>
  hot(
    tx,
    'visits_campaign_words',
    'select id, name, questions from visit_campaign where county = $1 and id = any($2::uuid[])',
    [county, ids],
  )

export async function insertConflict(tx: Tx, row: ConflictRow): Promise<void> {
  await tx.insertInto('visitConflict').values(row).execute()
}

export function lockConflict(tx: Tx, county: string, id: string): Promise<ConflictRow | undefined> {
  const found = tx.selectFrom('visitConflict').selectAll().where('county', '=', county).where('id', '=', id)
  return found.forUpdate().executeTakeFirst()
}

export async function saveConflict(
  tx: Tx,
  county: string,
  id: string,
  change: Partial<Pick<ConflictRow, 'state' | 'version' | 'decidedBy' | 'decidedAt' | 'proposedSealed' | 'found'>>,
): Promise<void> {
  await tx.updateTable('visitConflict').set(change).where('county', '=', county).where('id', '=', id).execute()
}

/** What waits for a person to decide, the oldest first. */
export const listOpenConflicts = (
  tx: Tx,
  county: string,
  low: readonly string[],
  high: readonly string[],
  after: [madeAt: Date, id: string] | null,
  limit: number,
): Promise<(ConflictRow & { metAt: Date; byLabel: string; address: string })[]> =>
  hot(
    tx,
    'visits_conflicts',
    `select c.county, c.id, c.version, c.visit_id as "visitId", c.area_path as "areaPath", c.premises_id as "premisesId",
       c.record_id as "recordId", c.kind, c.reason, c.proposed_sealed as "proposedSealed", c.based_on as "basedOn", c.found,
       c.state, c.by_account as "byAccount", c.made_at as "madeAt", c.decided_by as "decidedBy",
       c.decided_at as "decidedAt", v.met_at as "metAt", v.by_label as "byLabel", p.address
     from visit_conflict c join visit v on v.county = $1 and v.id = c.visit_id
     join premises p on p.county = $1 and p.id = c.premises_id
     where c.county = $1 and c.state = 'open' and exists (select from unnest($2::text[], $3::text[]) as place (low, high)
         where c.area_path >= place.low and c.area_path < place.high)
       and ($4::timestamptz is null or (c.made_at, c.id) > ($4, $5::uuid))
     order by c.made_at, c.id limit $6`,
    [county, low, high, after?.[0] ?? null, after?.[1] ?? null, limit],
  )

export async function countOpenConflicts(
  tx: Tx,
  county: string,
  low: readonly string[],
  high: readonly string[],
): Promise<number> {
  const [row] = await hot<{ count: number }>(
    tx,
    'visits_count_conflicts',
    `select count(*) as count from visit_conflict c where c.county = $1 and c.state = 'open'
       and exists (select from unnest($2::text[], $3::text[]) as place (low, high)
         where c.area_path >= place.low and c.area_path < place.high)`,
    [county, low, high],
  )
  return row?.count ?? 0
}

export interface PersonNow {
  id: string
  version: number
  name: string
  state: string
  phoneSealed: Buffer | null
  areaPath: string
}

/** People as the registry has them now; locked where somebody is about to change them. */
export const listPeopleNow = (
  tx: Tx,
  county: string,
  ids: readonly string[],
  lock: 'lock' | 'look',
): Promise<PersonNow[]> =>
  hot<PersonNow>(
    tx,
    `visits_people_${lock}`,
    `select id, version, name, state, phone_sealed as "phoneSealed", area_path as "areaPath" from person
     where county = $1 and id = any($2::uuid[]) order by id${lock === 'lock' ? ' for no key update' : ''}`,
    [county, ids],
  )

/** Somebody with this ID number, whoever collected it. */
export async function findByCitizenId(tx: Tx, county: string, blind: Buffer): Promise<PersonNow | undefined> {
  const [row] = await hot<PersonNow>(
    tx,
    'visits_by_citizen_id',
    `select id, version, name, state, phone_sealed as "phoneSealed", area_path as "areaPath" from person
     where county = $1 and citizen_id_blind = $2 and state <> 'merged' order by id limit 1`,
    [county, blind],
  )
  return row
}

/** Whether somebody lives at premises now, and by which relation. */
export const listStays = (
  tx: Tx,
  county: string,
  personId: string,
  premisesId: string,
  today: string,
): Promise<{ id: string; relation: string; householdId: string | null; fromOn: string }[]> =>
  hot(
    tx,
    'visits_stays',
    `select id, relation, household_id as "householdId", from_on as "fromOn" from residence
     where county = $1 and person_id = $2 and premises_id = $3 and lives_here and (until_on is null or until_on >= $4::date)
     order by id`,
    [county, personId, premisesId, today],
  )

/** Who of some people has or had anything to do with some premises: of others a visit there tells nothing and asks nothing. */
export const listTied = (
  tx: Tx,
  county: string,
  premises: readonly string[],
  people: readonly string[],
): Promise<{ premisesId: string; personId: string }[]> =>
  hot(
    tx,
    'visits_tied',
    `select distinct premises_id as "premisesId", person_id as "personId" from residence
     where county = $1 and premises_id = any($2::uuid[]) and person_id = any($3::uuid[])`,
    [county, premises, people],
  )

/** What was changed in a record after a version, at most 50 steps. */
export const listChangesSince = (
  tx: Tx,
  county: string,
  id: string,
  version: number,
): Promise<{ version: number; changesSealed: Buffer | null }[]> =>
  hot(
    tx,
    'visits_changes_since',
    `select version, changes_sealed as "changesSealed" from registry_change
     where county = $1 and subject_id = $2 and version > $3 order by version limit 50`,
    [county, id, version],
  )

/** Who changed some records last. */
export const listLastChanges = (
  tx: Tx,
  county: string,
  ids: readonly string[],
): Promise<{ subjectId: string; byLabel: string; at: Date }[]> =>
  hot(
    tx,
    'visits_last_changes',
    `select distinct on (subject_id) subject_id as "subjectId", by_label as "byLabel", at from registry_change
     where county = $1 and subject_id = any($2::uuid[]) order by subject_id, version desc`,
    [county, ids],
  )

const FORGET = `update visit set words_sealed = null, salt = null
  where county = $1 and id in (select id from visit
    where county = $1 and words_sealed is not null and written_at < $2 order by written_at, id limit $3)
  returning id`
const FORGET_CONFLICTS = `update visit_conflict set proposed_sealed = null where county = $1 and visit_id = any($2::uuid[])`

/** Deletes the words of the oldest visits written before an instant; answers with their ids. */
export async function forgetWords(tx: Tx, county: string, before: Date, limit: number): Promise<string[]> {
  const rows = await hot<{ id: string }>(tx, 'visits_forget', FORGET, [county, before, limit])
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) await hot(tx, 'visits_forget_conflicts', FORGET_CONFLICTS, [county, ids])
  return ids
}

export async function insertSteward(tx: Tx, row: StewardRecord): Promise<void> {
  await tx.insertInto('stewardHousehold').values(row).execute()
}

/** The household, locked, with the steward that it has now. */
export async function lockHome(
  tx: Tx,
  county: string,
  householdId: string,
): Promise<{ id: string; premisesId: string; areaPath: string; closed: boolean } | undefined> {
  const [row] = await hot<{ id: string; premisesId: string; areaPath: string; closed: boolean }>(
    tx,
    'visits_lock_home',
    `select id, premises_id as "premisesId", area_path as "areaPath", closed_at is not null as closed from household
     where county = $1 and id = $2 for no key update`,
    [county, householdId],
  )
  return row
}

export function findSteward(tx: Tx, county: string, householdId: string): Promise<StewardRecord | undefined> {
  const found = tx.selectFrom('stewardHousehold').selectAll().where('county', '=', county)
  return found.where('householdId', '=', householdId).where('untilOn', 'is', null).executeTakeFirst()
}

export async function endSteward(tx: Tx, row: StewardRecord, untilOn: string): Promise<void> {
  const ended = tx
    .updateTable('stewardHousehold')
    .set({ untilOn, version: row.version + 1 })
    .where('county', '=', row.county)
  await ended.where('id', '=', row.id).execute()
}

/** How many households each of some accounts looks after now. */
export const countStewarded = (
  tx: Tx,
  county: string,
  accounts: readonly string[],
): Promise<{ accountId: string; count: number }[]> =>
  hot(
    tx,
    'visits_count_stewarded',
    `select account_id as "accountId", count(*)::integer as count from steward_household
     where county = $1 and account_id = any($2::uuid[]) and until_on is null group by account_id`,
    [county, accounts],
  )

/** Takes turns with whoever gives this person another household. */
export async function lockStewarded(tx: Tx, county: string, accountId: string): Promise<void> {
  await hot(tx, 'visits_lock_stewarded', `select pg_advisory_xact_lock(hashtextextended($1 || $2, 0))`, [
    county,
    `steward${accountId}`,
  ])
}

export interface HomeStewardRow {
  householdId: string
  address: string
  head: string
  members: number
  accountId: string | null
  fromOn: string | null
  areaPath: string
  sortKey: string
}

/** Households of some subtrees with their stewards, in the order of doors. */
export const listHomeStewards = (
  tx: Tx,
  county: string,
  low: readonly string[],
  high: readonly string[],
  after: readonly [area: string, key: string, id: string] | null,
  limit: number,
): Promise<HomeStewardRow[]> =>
  hot<HomeStewardRow>(
    tx,
    'visits_home_stewards',
    `select h.id as "householdId", p.address, coalesce(n.name, '') as head, h.members, s.account_id as "accountId",
       s.from_on as "fromOn", p.area_path as "areaPath", p.sort_key as "sortKey"
     from premises p join household h on h.county = $1 and h.premises_id = p.id and h.closed_at is null
     left join person n on n.county = $1 and n.id = h.head_id
     left join steward_household s on s.county = $1 and s.household_id = h.id and s.until_on is null
     where p.county = $1 and p.closed_at is null
       and exists (select from unnest($2::text[], $3::text[]) as place (low, high)
         where p.area_path >= place.low and p.area_path < place.high)
       and ($4::text is null or (p.area_path, p.sort_key, h.id) > ($4, $5, $6::uuid))
     order by p.area_path, p.sort_key, h.id limit $7`,
    [county, low, high, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit],
  )
