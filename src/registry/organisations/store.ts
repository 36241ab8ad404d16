import type { Selectable } from 'kysely'
import { constraintOf, hotRead, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { ChatGroupTable, OrganisationOfficerTable, OrganisationTable } from '../../kernel/tables.ts'
import type { Ranges } from '../access.ts'
import { insertRows, updateRows, type Sheet } from '../store.ts'

export type OrganisationRow = Omit<Selectable<OrganisationTable>, 'county'>
export type OfficerRow = Omit<Selectable<OrganisationOfficerTable>, 'county'>
export type GroupRow = Omit<Selectable<ChatGroupTable>, 'county'>

const ORGANISATIONS: Sheet<OrganisationRow> = {
  table: 'organisation',
  types: {
    id: 'uuid',
    version: 'integer',
    kind: 'text',
    name: 'text',
    code: 'text',
    trade: 'text',
    areaPath: 'text',
    premisesId: 'uuid',
    address: 'text',
    phoneSealed: 'bytea',
    headcount: 'integer',
    detailsSealed: 'bytea',
    source: 'text',
    checkedAt: 'timestamptz',
    checkedBy: 'uuid',
    closedAt: 'timestamptz',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
}

/** Two of one credit code: the database refuses. */
async function unlessTaken<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    const constraint = constraintOf(error)
    if (constraint === 'organisation_code') throw new Fault('registry.code_taken', {}, { cause: error })
    if (constraint === 'organisation_pkey') throw new Fault('kernel.conflict', {}, { cause: error })
    throw error
  })
}

/** @throws registry.code_taken */
export const insertOrganisations = (tx: Tx, county: string, rows: readonly OrganisationRow[]): Promise<void> =>
  unlessTaken(insertRows(tx, ORGANISATIONS, county, rows))

/** @throws registry.code_taken, kernel.stale */
export async function updateOrganisations(tx: Tx, county: string, rows: readonly OrganisationRow[]): Promise<void> {
  if ((await unlessTaken(updateRows(tx, ORGANISATIONS, county, rows))) < rows.length) throw new Fault('kernel.stale')
}

export const findOrganisation = (tx: Tx, county: string, id: string): Promise<OrganisationRow | undefined> =>
  tx.selectFrom('organisation').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()

/** Officers of an organisation, those in office first; at most 50. */
export const listOfficers = (tx: Tx, county: string, organisation: string): Promise<OfficerRow[]> =>
  hotRead(
    tx,
    'registry_officers',
    `select id, organisation_id as "organisationId", duty, name, phone_sealed as "phoneSealed", person_id as "personId",
       from_on as "fromOn", until_on as "untilOn"
     from organisation_officer where county = $1 and organisation_id = $2
     order by until_on desc nulls first, from_on, id limit 50`,
    [county, organisation],
  )

const OFFICERS: Sheet<OfficerRow> = {
  table: 'organisation_officer',
  types: {
    id: 'uuid',
    organisationId: 'uuid',
    duty: 'text',
    name: 'text',
    phoneSealed: 'bytea',
    personId: 'uuid',
    fromOn: 'date',
    untilOn: 'date',
  },
}

export const insertOfficers = (tx: Tx, county: string, rows: readonly OfficerRow[]): Promise<void> =>
  insertRows(tx, OFFICERS, county, rows)

export async function endOfficer(tx: Tx, county: string, id: string, untilOn: string): Promise<void> {
  const ended = tx.updateTable('organisationOfficer').set({ untilOn }).where('county', '=', county)
  await ended.where('id', '=', id).execute()
}

export const ORGANISATION_COLUMNS = `id, version, kind, name, code, trade, area_path as "areaPath", premises_id as "premisesId", address,
  phone_sealed as "phoneSealed", headcount, details_sealed as "detailsSealed", source, checked_at as "checkedAt",
  checked_by as "checkedBy", closed_at as "closedAt", created_at as "createdAt", updated_at as "updatedAt"`
export const LIST_ORGANISATIONS = `select ${ORGANISATION_COLUMNS} from organisation
  where county = $1 and area_path >= $2 and area_path < $3 and (area_path, id) > ($2, $4::uuid) and closed_at is null
    and ($5::text is null or kind = $5)
  order by area_path, id limit $6`
const GROUP_COLUMNS = `id, version, area_path as "areaPath", kind, name, channel, audience, members,
  owner_label as "ownerLabel", checked_at as "checkedAt", closed_at as "closedAt", created_at as "createdAt",
  updated_at as "updatedAt"`
export const LIST_GROUPS = `select ${GROUP_COLUMNS} from chat_group
  where county = $1 and area_path >= $2 and area_path < $3 and (area_path, id) > ($2, $4::uuid) and closed_at is null
    and ($5::text is null or kind = $5)
  order by area_path, id limit $6`

export interface PlaceQuery {
  ranges: Ranges
  kind: string | null
  after: readonly [path: string, id: string]
  limit: number
}

/** Range by range, each a walk along its index. */
async function walk<Row>(
  query: PlaceQuery,
  page: (low: string, high: string, afterId: string, limit: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  const [path, id] = query.after
  for (const [at, low] of query.ranges.low.entries()) {
    const high = query.ranges.high[at]!
    if (path >= high) continue
    const goesOn = path >= low
    const afterId = goesOn ? id : '00000000-0000-0000-0000-000000000000'
    rows.push(...(await page(goesOn ? path : low, high, afterId, query.limit - rows.length)))
    if (rows.length >= query.limit) break
  }
  return rows
}

/** Open organisations of some places. */
export const listOrganisations = (tx: Tx, county: string, query: PlaceQuery): Promise<OrganisationRow[]> =>
  walk(query, (low, high, afterId, limit) =>
    hotRead(tx, 'registry_list_organisations', LIST_ORGANISATIONS, [county, low, high, afterId, query.kind, limit]),
  )

/** Open organisations at one premises; at most 50. */
export const listAtPremises = (tx: Tx, county: string, premises: string): Promise<OrganisationRow[]> =>
  hotRead(
    tx,
    'registry_organisations_at',
    `select ${ORGANISATION_COLUMNS} from organisation where county = $1 and premises_id = $2 and closed_at is null order by id limit 50`,
    [county, premises],
  )

export const listOrganisationsByIds = (tx: Tx, county: string, ids: readonly string[]): Promise<OrganisationRow[]> =>
  hotRead(
    tx,
    'registry_organisations_by_id',
    `select ${ORGANISATION_COLUMNS} from organisation where county = $1 and id = any($2::uuid[])`,
    [county, ids],
  )

/** Every organisation at some premises, closed ones too. */
export const listOfPremises = (tx: Tx, county: string, premises: readonly string[]): Promise<OrganisationRow[]> =>
  hotRead(
    tx,
    'registry_organisations_of',
    `select ${ORGANISATION_COLUMNS} from organisation where county = $1 and premises_id = any($2::uuid[])`,
    [county, premises],
  )

export async function insertGroup(tx: Tx, county: string, row: GroupRow): Promise<void> {
  const made = tx.insertInto('chatGroup').values({ county, ...row })
  await made.execute().catch((error: unknown) => {
    if (constraintOf(error) === 'chat_group_pkey') throw new Fault('kernel.conflict', {}, { cause: error })
    throw error
  })
}

/** @throws kernel.stale */
export async function updateGroup(tx: Tx, county: string, { id, ...row }: GroupRow): Promise<void> {
  const saved = tx.updateTable('chatGroup').set(row).where('county', '=', county).where('id', '=', id)
  const done = await saved
    .where('version', '=', row.version - 1)
    .returning('id')
    .executeTakeFirst()
  if (!done) throw new Fault('kernel.stale')
}

export const findGroup = (tx: Tx, county: string, id: string): Promise<GroupRow | undefined> =>
  tx.selectFrom('chatGroup').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()

/** Open chat groups of some places. */
export const listGroups = (tx: Tx, county: string, query: PlaceQuery): Promise<GroupRow[]> =>
  walk(query, (low, high, afterId, limit) =>
    hotRead(tx, 'registry_list_groups', LIST_GROUPS, [county, low, high, afterId, query.kind, limit]),
  )
