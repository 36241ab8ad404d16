import type { Selectable } from 'kysely'
import { hot, hotRead, type Tx } from '../../kernel/db.ts'
import type { RegistryImportTable } from '../../kernel/tables.ts'
import type { HouseholdRow } from '../households/store.ts'
import type { Counts, ImportState, MapSheet } from './contract.ts'
import type { SheetKind } from './columns.ts'

export type ImportRow = Omit<
  Selectable<RegistryImportTable>,
  'county' | 'kind' | 'state' | 'settings' | 'checked' | 'taken'
> & {
  kind: SheetKind
  state: ImportState
  settings: MapSheet | null
  checked: Counts | null
  taken: Counts | null
}

const COLUMNS = `id, kind, state, area_path as "areaPath", file_name as "fileName", size_bytes as "sizeBytes", sha256,
  object_key as "objectKey", key_sealed as "keySealed", look_sealed as "lookSealed", settings, rows_total as "rowsTotal",
  rows_done as "rowsDone", batches, checked, taken, trouble, claimed_by as "claimedBy", claimed_until as "claimedUntil",
  by_account as "byAccount", by_label as "byLabel", created_at as "createdAt", updated_at as "updatedAt",
  finished_at as "finishedAt"`

export async function insertImport(
  tx: Tx,
  county: string,
  row: Pick<
    ImportRow,
    | 'id'
    | 'kind'
    | 'areaPath'
    | 'fileName'
    | 'sizeBytes'
    | 'sha256'
    | 'objectKey'
    | 'keySealed'
    | 'byAccount'
    | 'byLabel'
    | 'createdAt'
  >,
): Promise<void> {
  const text = `insert into registry_import (county, id, kind, state, area_path, file_name, size_bytes, sha256, object_key,
      key_sealed, rows_done, batches, by_account, by_label, created_at, updated_at)
    values ($1, $2, $3, 'reading', $4, $5, $6, $7, $8, $9, 0, 0, $10, $11, $12, $12)`
  await hot(tx, 'registry_import_insert', text, [
    county,
    row.id,
    row.kind,
    row.areaPath,
    row.fileName,
    row.sizeBytes,
    row.sha256,
    row.objectKey,
    row.keySealed,
    row.byAccount,
    row.byLabel,
    row.createdAt,
  ])
}

export async function findImport(tx: Tx, county: string, id: string): Promise<ImportRow | undefined> {
  const text = `select ${COLUMNS} from registry_import where county = $1 and id = $2`
  return (await hotRead<ImportRow>(tx, 'registry_import_find', text, [county, id]))[0]
}

/** Imports for some places, newest first. */
export const listImports = (
  tx: Tx,
  county: string,
  query: { low: readonly string[]; high: readonly string[]; before: string | null; limit: number },
): Promise<ImportRow[]> =>
  hotRead<ImportRow>(
    tx,
    'registry_import_list',
    `select ${COLUMNS} from registry_import i where county = $1 and ($4::uuid is null or id < $4)
       and exists (select from unnest($2::text[], $3::text[]) r (low, high) where i.area_path >= r.low and i.area_path < r.high)
     order by id desc limit $5`,
    [county, query.low, query.high, query.before, query.limit],
  )

/** Takes an import that waits for work and is in nobody's hands; whoever died gave it back when the claim ran out. */
export async function claimImport(
  tx: Tx,
  county: string,
  claim: { by: string; now: Date; until: Date },
): Promise<ImportRow | undefined> {
  const text = `update registry_import set claimed_by = $2, claimed_until = $4
    where county = $1 and id = (select id from registry_import where county = $1 and state in ('reading', 'checking', 'running')
      and (claimed_until is null or claimed_until <= $3) order by updated_at, id limit 1 for update skip locked)
    returning ${COLUMNS}`
  return (await hot<ImportRow>(tx, 'registry_import_claim', text, [county, claim.by, claim.now, claim.until]))[0]
}

/**
 * Moves an import on if it still is in this state and in these hands.
 *
 * @returns false when somebody paused, cancelled or took it over meanwhile: what was done in this transaction must not stand.
 */
export async function advanceImport(
  tx: Tx,
  county: string,
  step: {
    id: string
    by: string
    from: ImportState
    expected: number
    until: Date | null
    now: Date
    set: Partial<
      Pick<
        ImportRow,
        'state' | 'rowsTotal' | 'rowsDone' | 'batches' | 'checked' | 'taken' | 'lookSealed' | 'trouble' | 'finishedAt'
      >
    >
  },
): Promise<boolean> {
  const { set } = step
  const text = `update registry_import set state = coalesce($6, state), rows_total = coalesce($7::integer, rows_total),
      rows_done = coalesce($8::integer, rows_done), batches = coalesce($9::integer, batches), checked = coalesce($10::jsonb, checked),
      taken = coalesce($11::jsonb, taken), look_sealed = coalesce($12, look_sealed), trouble = $13,
      finished_at = coalesce($14, finished_at), claimed_until = $15, updated_at = $16
    where county = $1 and id = $2 and claimed_by = $3 and state = $4 and rows_done = $5 returning id`
  const done = await hot(tx, 'registry_import_advance', text, [
    county,
    step.id,
    step.by,
    step.from,
    step.expected,
    set.state ?? null,
    set.rowsTotal ?? null,
    set.rowsDone ?? null,
    set.batches ?? null,
    set.checked ? JSON.stringify(set.checked) : null,
    set.taken ? JSON.stringify(set.taken) : null,
    set.lookSealed ?? null,
    set.trouble ?? null,
    set.finishedAt ?? null,
    step.until,
    step.now,
  ])
  return done.length === 1
}

/** What a person asks of an import. @returns false when it is not in one of these states. */
export async function turnImport(
  tx: Tx,
  county: string,
  turn: {
    id: string
    from: readonly ImportState[]
    to: ImportState
    now: Date
    settings?: MapSheet
    restart?: boolean
    finished?: boolean
  },
): Promise<boolean> {
  const text = `update registry_import set state = $4, updated_at = $5, settings = coalesce($6::jsonb, settings),
      rows_done = case when $7 then 0 else rows_done end, trouble = null,
      claimed_by = case when $4 in ('checking', 'running') then claimed_by end, claimed_until = null,
      finished_at = case when $8 then $5 else finished_at end
    where county = $1 and id = $2 and state = any($3::text[]) returning id`
  const done = await hot(tx, 'registry_import_turn', text, [
    county,
    turn.id,
    turn.from,
    turn.to,
    turn.now,
    turn.settings ? JSON.stringify(turn.settings) : null,
    turn.restart ?? false,
    turn.finished ?? false,
  ])
  return done.length === 1
}

export interface ProblemRow {
  rowNumber: number
  outcome: 'refused' | 'conflict'
  problemsSealed: Buffer
}

/** Writes down what is wrong in some rows, in place of what was written for that part of the sheet before. */
export async function saveProblems(
  tx: Tx,
  county: string,
  part: { importId: string; fromRow: number; toRow: number; problems: readonly ProblemRow[] },
): Promise<void> {
  const { problems } = part
  await hot(
    tx,
    'registry_problems_drop',
    'delete from registry_import_problem where county = $1 and import_id = $2 and row_number between $3 and $4',
    [county, part.importId, part.fromRow, part.toRow],
  )
  if (problems.length === 0) return
  await hot(
    tx,
    'registry_problems_insert',
    `insert into registry_import_problem (county, import_id, row_number, outcome, problems_sealed)
     select $1, $2, p.* from unnest($3::integer[], $4::text[], $5::bytea[]) p`,
    [
      county,
      part.importId,
      problems.map(({ rowNumber }) => rowNumber),
      problems.map(({ outcome }) => outcome),
      problems.map(({ problemsSealed }) => problemsSealed),
    ],
  )
}

export const listProblems = (
  tx: Tx,
  county: string,
  query: { importId: string; after: number; limit: number },
): Promise<ProblemRow[]> =>
  hotRead<ProblemRow>(
    tx,
    'registry_problems_list',
    `select row_number as "rowNumber", outcome, problems_sealed as "problemsSealed" from registry_import_problem
     where county = $1 and import_id = $2 and row_number > $3 order by row_number limit $4`,
    [county, query.importId, query.after, query.limit],
  )

export async function countProblems(tx: Tx, county: string, importId: string): Promise<number> {
  const text = 'select count(*)::int as count from registry_import_problem where county = $1 and import_id = $2'
  return (await hotRead<{ count: number }>(tx, 'registry_problems_count', text, [county, importId]))[0]?.count ?? 0
}

export async function insertBatch(
  tx: Tx,
  county: string,
  batch: {
    importId: string
    number: number
    firstRow: number
    lastRow: number
    rows: number
    records: readonly string[]
    at: Date
  },
): Promise<void> {
  const text = `insert into registry_import_batch (county, import_id, number, first_row, last_row, row_count, record_batches, at)
    values ($1, $2, $3, $4, $5, $6, $7::uuid[], $8)`
  const { importId, number, firstRow, lastRow, rows, records, at } = batch
  await hot(tx, 'registry_import_batch', text, [county, importId, number, firstRow, lastRow, rows, records, at])
}

export type Columns = Record<string, number>

export async function findMapping(
  tx: Tx,
  county: string,
  kind: SheetKind,
  fingerprint: string,
): Promise<Columns | undefined> {
  const text = 'select columns from registry_sheet_mapping where county = $1 and kind = $2 and fingerprint = $3'
  return (await hotRead<{ columns: Columns }>(tx, 'registry_mapping_find', text, [county, kind, fingerprint]))[0]
    ?.columns
}

export async function saveMapping(
  tx: Tx,
  county: string,
  mapping: { kind: SheetKind; fingerprint: string; columns: Columns; by: string | null; at: Date },
): Promise<void> {
  const text = `insert into registry_sheet_mapping (county, kind, fingerprint, columns, by_account, at)
    values ($1, $2, $3, $4::jsonb, $5, $6)
    on conflict (county, kind, fingerprint) do update set columns = excluded.columns, by_account = excluded.by_account, at = excluded.at`
  const { kind, fingerprint, columns, by, at } = mapping
  await hot(tx, 'registry_mapping_save', text, [county, kind, fingerprint, JSON.stringify(columns), by, at])
}

/** Sheets whose time is over; at most 50 at once. */
export const listOutlived = (tx: Tx, county: string, before: Date): Promise<{ id: string; objectKey: string }[]> =>
  hotRead(
    tx,
    'registry_import_outlived',
    `select id, object_key as "objectKey" from registry_import
     where county = $1 and object_key is not null and (finished_at < $2 or (finished_at is null and updated_at < $2)) order by finished_at, id limit 50`,
    [county, before],
  )

/** Forgets what a sheet held: its key, its first rows, what was wrong in it. */
export async function forgetSheet(tx: Tx, county: string, id: string, now: Date): Promise<void> {
  await hot(
    tx,
    'registry_problems_forget',
    'delete from registry_import_problem where county = $1 and import_id = $2',
    [county, id],
  )
  const text = `update registry_import set object_key = null, key_sealed = null, look_sealed = null,
      state = case when finished_at is null then 'cancelled' else state end, finished_at = coalesce(finished_at, $3)
    where county = $1 and id = $2`
  await hot(tx, 'registry_import_forget', text, [county, id, now])
}

export interface KnownPerson {
  id: string
  citizenIdBlind: Buffer | null
  phoneBlind: Buffer | null
}

/** Who has one of these ID numbers or, by phone, might be one of these people; those that stand for themselves. */
export const listByBlinds = (
  tx: Tx,
  county: string,
  blinds: { citizenIds: readonly string[]; phones: readonly string[] },
): Promise<KnownPerson[]> =>
  hotRead<KnownPerson>(
    tx,
    'registry_import_known',
    `select id, citizen_id_blind as "citizenIdBlind", phone_blind as "phoneBlind" from person
       where county = $1 and citizen_id_blind in (select decode(b, 'hex') from unnest($2::text[]) b) and state <> 'merged'
     union select id, citizen_id_blind, phone_blind from person
       where county = $1 and phone_blind in (select decode(b, 'hex') from unnest($3::text[]) b) and state <> 'merged'`,
    [county, blinds.citizenIds, blinds.phones],
  )

/** Says of people that they are still as they were seen; the sheet is newer than what was known. */
export async function confirmPeople(
  tx: Tx,
  county: string,
  seen: { people: readonly string[]; at: Date; by: string | null },
): Promise<void> {
  if (seen.people.length === 0) return
  await hot(
    tx,
    'registry_import_confirm',
    `update person set checked_at = $3, checked_by = $4, source = 'sheet', updated_at = $3
     where county = $1 and id = any($2::uuid[]) and checked_at < $3`,
    [county, seen.people, seen.at, seen.by],
  )
}

/** Open households of some premises. */
export const householdsAt = (tx: Tx, county: string, premises: readonly string[]): Promise<HouseholdRow[]> =>
  hotRead<HouseholdRow>(
    tx,
    'registry_import_households',
    `select id, version, premises_id as "premisesId", area_path as "areaPath", kind, number, head_id as "headId", members,
       dossier_sealed as "dossierSealed", source, checked_at as "checkedAt", checked_by as "checkedBy", closed_at as "closedAt",
       created_at as "createdAt", updated_at as "updatedAt"
     from household where county = $1 and premises_id = any($2::uuid[]) and closed_at is null order by created_at, id`,
    [county, premises],
  )

/** One import of a county writes at a time: two sheets with the same people come one after the other. */
export async function lockCounty(tx: Tx, county: string): Promise<void> {
  await hot(tx, 'registry_import_lock', 'select pg_advisory_xact_lock(50, $1::integer)', [county])
}

/** Gives a claim back, so that whoever comes next need not wait for its end. */
export async function releaseImport(tx: Tx, county: string, id: string, by: string): Promise<void> {
  const text = 'update registry_import set claimed_until = null where county = $1 and id = $2 and claimed_by = $3'
  await hot(tx, 'registry_import_release', text, [county, id, by])
}

export async function insertExport(
  tx: Tx,
  county: string,
  row: {
    id: string
    list: string
    areaPaths: readonly string[]
    filters: readonly string[]
    reason: string
    salt: Buffer
    byAccount: string
    byLabel: string
    at: Date
  },
): Promise<void> {
  const text = `insert into registry_export (county, id, list, area_paths, filters, reason, salt, by_account, by_label, at)
    values ($1, $2, $3, $4::text[], $5::text[], $6, $7, $8, $9, $10)`
  const { id, list, areaPaths, filters, reason, salt, byAccount, byLabel, at } = row
  await hot(tx, 'registry_export_insert', text, [
    county,
    id,
    list,
    areaPaths,
    filters,
    reason,
    salt,
    byAccount,
    byLabel,
    at,
  ])
}

/** People of one range of places who are tied to no premises, in the order of their index. */
export const listHomeless = (
  tx: Tx,
  county: string,
  query: { low: string; high: string; after: readonly [path: string, id: string]; limit: number },
): Promise<{ id: string; areaPath: string }[]> =>
  hotRead(
    tx,
    'registry_export_homeless',
    `select id, area_path as "areaPath" from person where county = $1 and area_path >= $2 and area_path < $3
       and (area_path, id) > ($4, $5::uuid) and state in ('present', 'away') and premises_id is null
     order by area_path, id limit $6`,
    [county, query.low, query.high, ...query.after, query.limit],
  )
