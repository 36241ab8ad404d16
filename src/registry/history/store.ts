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

/** Deletes the sealed details of people who have left or died before an instant. @returns whose. */
export const forgetDetails = async (tx: Tx, county: string, before: Date, limit: number): Promise<string[]> =>
  (await hot<{ id: string }>(tx, 'registry_forget_details', FORGET_DETAILS, [county, before, limit])).map(
    ({ id }) => id,
  )

const FORGET_MERGED = `update person set name = '', sex = null, born_on = null, citizen_id_sealed = null, citizen_id_blind = null,
    phone_sealed = null, phone_blind = null, details_sealed = null
  where county = $1 and id in (select d.id from person_merge m join person d on d.county = $1 and d.id = m.dropped_id
    where m.county = $1 and m.undone_at is null and m.snapshot_sealed is null and m.at < $2 and d.state = 'merged' and d.name <> ''
    order by m.at, m.id limit $3)
  returning id`

/** Deletes what records say that became part of others, once that cannot be taken back any more. @returns which. */
export const forgetMerged = async (tx: Tx, county: string, before: Date, limit: number): Promise<string[]> =>
  (await hot<{ id: string }>(tx, 'registry_forget_merged', FORGET_MERGED, [county, before, limit])).map(({ id }) => id)

/** Changes of some people that still hold some fields; their salts tell which were gone through. */
export const listChangesOf = (
  tx: Tx,
  county: string,
  asked: { people: readonly string[]; fields: readonly string[]; limit: number },
): Promise<{ subjectId: string; version: number; changesSealed: Buffer }[]> =>
  hot(
    tx,
    'registry_changes_holding',
    `select subject_id as "subjectId", version, changes_sealed as "changesSealed" from registry_change
     where county = $1 and subject_id = any($2::uuid[]) and changes_sealed is not null and fields && $3::text[]
     order by subject_id, version limit $4`,
    [county, asked.people, asked.fields, asked.limit],
  )

/** Writes changes without the fields that were taken out. */
export async function saveRedacted(
  tx: Tx,
  county: string,
  rows: readonly { subjectId: string; version: number; changesSealed: Buffer }[],
  fields: readonly string[],
): Promise<void> {
  if (rows.length === 0) return
  await hot(
    tx,
    'registry_redact_changes',
    `update registry_change c set changes_sealed = r.sealed, salt = null,
       fields = array(select f from unnest(c.fields) f where f <> all($5::text[]))
     from unnest($2::uuid[], $3::integer[], $4::bytea[]) r (id, version, sealed)
     where c.county = $1 and c.subject_id = r.id and c.version = r.version`,
    [
      county,
      rows.map(({ subjectId }) => subjectId),
      rows.map(({ version }) => version),
      rows.map(({ changesSealed }) => changesSealed),
      fields,
    ],
  )
}

/** Merges that some people were part of and that can still be taken back. */
export const listSnapshotsOf = (
  tx: Tx,
  county: string,
  people: readonly string[],
): Promise<{ id: string; snapshotSealed: Buffer }[]> =>
  hot(
    tx,
    'registry_snapshots_of',
    `select id, snapshot_sealed as "snapshotSealed" from person_merge
     where county = $1 and snapshot_sealed is not null and (kept_id = any($2::uuid[]) or dropped_id = any($2::uuid[]))`,
    [county, people],
  )

export async function saveSnapshot(tx: Tx, county: string, id: string, snapshotSealed: Buffer): Promise<void> {
  await tx
    .updateTable('personMerge')
    .set({ snapshotSealed })
    .where('county', '=', county)
    .where('id', '=', id)
    .execute()
}

const MERGED_INTO = `with recursive part as (
    select dropped_id, 1 as hop from person_merge where county = $1 and kept_id = $2 and undone_at is null
    union select m.dropped_id, p.hop + 1 from part p join person_merge m on m.county = $1 and m.kept_id = p.dropped_id
      and m.undone_at is null where p.hop < 5)
  select r.id, r.details_sealed as "detailsSealed" from person r join part on part.dropped_id = r.id where r.county = $1 limit 100`

/** Records that became part of one. */
export const listMergedInto = (
  tx: Tx,
  county: string,
  id: string,
): Promise<{ id: string; detailsSealed: Buffer | null }[]> => hot(tx, 'registry_merged_into', MERGED_INTO, [county, id])

/** Of records that stand for nobody any more: nothing is said about them, so their version stays. */
export async function saveDetails(tx: Tx, county: string, id: string, detailsSealed: Buffer | null): Promise<void> {
  await tx.updateTable('person').set({ detailsSealed }).where('county', '=', county).where('id', '=', id).execute()
}

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
