import { hotRead, type Tx } from '../../kernel/db.ts'
import { ORGANISATION_COLUMNS, type OfficerRow, type OrganisationRow } from '../organisations/store.ts'

/** Open organisations with one of these codes or at one of these premises. */
export const listOrganisationsAt = (
  tx: Tx,
  county: string,
  wanted: { codes: readonly string[]; premises: readonly string[] },
): Promise<OrganisationRow[]> =>
  hotRead<OrganisationRow>(
    tx,
    'registry_import_organisations',
    `select ${ORGANISATION_COLUMNS} from organisation where county = $1 and code = any($2::text[]) and closed_at is null
     union select ${ORGANISATION_COLUMNS} from organisation where county = $1 and premises_id = any($3::uuid[]) and closed_at is null`,
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
    `select ${ORGANISATION_COLUMNS} from organisation where county = $1 and area_path >= $2 and area_path < $3
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
