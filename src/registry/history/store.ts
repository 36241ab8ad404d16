import { hot, hotRead, type Tx } from '../../kernel/db.ts'

export interface ChangeRecord {
  version: number
  act: string
  areaPath: string
  at: Date
  byAccount: string | null
  byLabel: string
  source: string
  reason: string
  changesSealed: Buffer | null
}

const COLUMNS = `version, act, area_path as "areaPath", at, by_account as "byAccount", by_label as "byLabel", source, reason,
  changes_sealed as "changesSealed"`
export const LIST_CHANGES = `select ${COLUMNS} from registry_change
  where county = $1 and subject_id = $2 and version < $3 order by version desc limit $4`

/** Changes of a record, newest first. */
export const listChanges = (
  tx: Tx,
  county: string,
  query: { id: string; before: number; limit: number },
): Promise<ChangeRecord[]> =>
  hotRead(tx, 'registry_list_changes', LIST_CHANGES, [county, query.id, query.before, query.limit])

/** Changes of a record after an instant, newest first, and the last one before; at most 500. */
export const listChangesSince = async (
  tx: Tx,
  county: string,
  id: string,
  since: Date,
): Promise<{ later: ChangeRecord[]; standing: ChangeRecord | undefined }> => {
  const later = await hotRead<ChangeRecord>(
    tx,
    'registry_changes_since',
    `select ${COLUMNS} from registry_change where county = $1 and subject_id = $2 and at > $3 order by version desc limit 500`,
    [county, id, since],
  )
  const [standing] = await hotRead<ChangeRecord>(
    tx,
    'registry_change_standing',
    `select ${COLUMNS} from registry_change where county = $1 and subject_id = $2 and at <= $3 order by version desc limit 1`,
    [county, id, since],
  )
  return { later, standing }
}

const FORGET_CHANGES = `update registry_change set changes_sealed = null, salt = null
  where county = $1 and (subject_id, version) in (select subject_id, version from registry_change
    where county = $1 and changes_sealed is not null and at < $2 order by at, subject_id limit $3)
  returning version`

/** Deletes what changed before an instant, the oldest first. @returns how many changes. */
export const forgetChanges = async (tx: Tx, county: string, before: Date, limit: number): Promise<number> =>
  (await hot(tx, 'registry_forget_changes', FORGET_CHANGES, [county, before, limit])).length

const FORGET_DETAILS = `update person set details_sealed = null
  where county = $1 and id in (select id from person
    where county = $1 and state in ('left', 'deceased') and details_sealed is not null and updated_at < $2
    order by updated_at, id limit $3)
  returning id`

/** Deletes the sealed details of people who have left or died before an instant. @returns how many people. */
export const forgetDetails = async (tx: Tx, county: string, before: Date, limit: number): Promise<number> =>
  (await hot(tx, 'registry_forget_details', FORGET_DETAILS, [county, before, limit])).length

const FORGET_NAMES = `update person set name = '', sex = null, born_on = null, citizen_id_sealed = null, citizen_id_blind = null,
    phone_sealed = null, phone_blind = null, details_sealed = null
  where county = $1 and id in (select id from person
    where county = $1 and state in ('left', 'deceased') and name <> '' and updated_at < $2 order by updated_at, id limit $3)
  returning id`

/** Deletes by what people can be told who have left or died before an instant; that somebody was there stays. @returns how many people. */
export const forgetNames = async (tx: Tx, county: string, before: Date, limit: number): Promise<number> =>
  (await hot(tx, 'registry_forget_names', FORGET_NAMES, [county, before, limit])).length

const FORGET_DOSSIERS = `update household set dossier_sealed = null
  where county = $1 and id in (select id from household
    where county = $1 and closed_at is not null and dossier_sealed is not null and closed_at < $2 order by closed_at, id limit $3)
  returning id`

/** Deletes the situation files of households closed before an instant. @returns how many households. */
export const forgetDossiers = async (tx: Tx, county: string, before: Date, limit: number): Promise<number> =>
  (await hot(tx, 'registry_forget_dossiers', FORGET_DOSSIERS, [county, before, limit])).length
