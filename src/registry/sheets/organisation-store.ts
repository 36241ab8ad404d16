import type { Selectable } from 'kysely'
import { hotRead, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { OrganisationOfficerTable, OrganisationTable } from '../../kernel/tables.ts'
import { insertRows, updateRows, type Sheet } from '../store.ts'

export type OrganisationRow = Omit<Selectable<OrganisationTable>, 'county'>
export type OfficerRow = Omit<Selectable<OrganisationOfficerTable>, 'county'>

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

export const insertOrganisations = (tx: Tx, county: string, rows: readonly OrganisationRow[]): Promise<void> =>
  insertRows(tx, ORGANISATIONS, county, rows)
export const insertOfficers = (tx: Tx, county: string, rows: readonly OfficerRow[]): Promise<void> =>
  insertRows(tx, OFFICERS, county, rows)

/** @throws kernel.stale */
export async function updateOrganisations(tx: Tx, county: string, rows: readonly OrganisationRow[]): Promise<void> {
  if ((await updateRows(tx, ORGANISATIONS, county, rows)) < rows.length) throw new Fault('kernel.stale')
}

const COLUMNS = `id, version, kind, name, code, trade, area_path as "areaPath", premises_id as "premisesId", address,
  phone_sealed as "phoneSealed", headcount, details_sealed as "detailsSealed", source, checked_at as "checkedAt",
  checked_by as "checkedBy", closed_at as "closedAt", created_at as "createdAt", updated_at as "updatedAt"`

/** Open organisations with one of these codes or at one of these premises. */
export const listOrganisationsAt = (
  tx: Tx,
  county: string,
  wanted: { codes: readonly string[]; premises: readonly string[] },
): Promise<OrganisationRow[]> =>
  hotRead<OrganisationRow>(
    tx,
    'registry_import_organisations',
    `select ${COLUMNS} from organisation where county = $1 and code = any($2::text[]) and closed_at is null
     union select ${COLUMNS} from organisation where county = $1 and premises_id = any($3::uuid[]) and closed_at is null`,
    [county, wanted.codes, wanted.premises],
  )

/** Open organisations of one range of places, in the order of their index. */
export const listOrganisationsOf = (
  tx: Tx,
  county: string,
  query: { low: string; high: string; after: readonly [path: string, id: string]; limit: number },
): Promise<OrganisationRow[]> =>
  hotRead<OrganisationRow>(
    tx,
    'registry_export_organisations',
    `select ${COLUMNS} from organisation where county = $1 and area_path >= $2 and area_path < $3
       and (area_path, id) > ($4, $5::uuid) and closed_at is null order by area_path, id limit $6`,
    [county, query.low, query.high, ...query.after, query.limit],
  )

/** Legal representatives and other officers of some organisations. */
export const listOfficers = (tx: Tx, county: string, organisations: readonly string[]): Promise<OfficerRow[]> =>
  hotRead<OfficerRow>(
    tx,
    'registry_export_officers',
    `select id, organisation_id as "organisationId", duty, name, phone_sealed as "phoneSealed", person_id as "personId",
       from_on as "fromOn", until_on as "untilOn"
     from organisation_officer where county = $1 and organisation_id = any($2::uuid[]) and until_on is null order by duty, id`,
    [county, organisations],
  )
