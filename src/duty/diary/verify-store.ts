import { hot, type Tx } from '../../kernel/db.ts'

/** What the ledger says of a diary beside what stands in the tables that people read. */
export interface DiaryWrittenRow {
  entryId: string
  event: string
  bytes: Buffer
  subjectId: string
  version: number
  /** Null when the wording was removed, or the entry is none of a wording. */
  kind: string | null
  done: boolean | null
  followUpOn: string | null
  wordsSealed: Buffer | null
  salt: Buffer | null
  writtenAt: Date | null
  metOn: string | null
  matterId: string | null
  /** The words as people read them now; only beside the newest wording. */
  standingSealed: Buffer | null
  isNewest: boolean
  /** Why somebody looked behind the mask. */
  reason: string | null
  reasonSalt: Buffer | null
}

const WRITTEN = `
  select e.id as "entryId", e.event, e.bytes, e.subject_id as "subjectId", e.subject_version as version,
    v.kind, v.done, v.follow_up_on as "followUpOn", v.words_sealed as "wordsSealed", v.salt,
    d.written_at as "writtenAt", d.met_on as "metOn", d.matter_id as "matterId", d.words_sealed as "standingSealed",
    not exists (select from diary_version n
      where n.county = v.county and n.diary_id = v.diary_id and n.version > v.version) as "isNewest",
    u.reason, u.salt as "reasonSalt"
  from ledger_entry e
  left join diary_version v on v.county = e.county and v.diary_id = e.subject_id and v.version = e.subject_version
  left join diary_entry d on d.county = e.county and d.id = e.subject_id
  left join diary_unmasking u on u.county = e.county and u.id = e.subject_id
  where e.county = $1 and e.id > $2 and e.event in ('diary.written', 'diary.corrected', 'diary.filed', 'diary.unmasked')
  order by e.id limit $3`

export const listDiaryWritten = (tx: Tx, county: string, after: string, limit: number): Promise<DiaryWrittenRow[]> =>
  hot<DiaryWrittenRow>(tx, 'diary_written', WRITTEN, [county, after, limit])

const STRAY = `
  select v.diary_id as id, v.version from diary_version v
  where v.county = $1 and not exists (
    select from ledger_entry e where e.county = v.county and e.subject_id = v.diary_id and e.subject_version = v.version
      and e.event in ('diary.written', 'diary.corrected'))
  order by v.diary_id, v.version limit $2`

/** Wordings that people see and the ledger does not know. */
export const listStrayVersions = (tx: Tx, county: string, limit: number): Promise<{ id: string; version: number }[]> =>
  hot<{ id: string; version: number }>(tx, 'diary_stray_versions', STRAY, [county, limit])

const FORGOTTEN_BEFORE = `
  select max(convert_from(bytes, 'UTF8')::jsonb -> 'body' ->> 'before') as before from ledger_entry
  where county = $1 and event = 'diary.forgotten'`

/** Until when words were deleted because their time was over, as the ledger says; null when none ever were. */
export async function forgottenBefore(tx: Tx, county: string): Promise<Date | null> {
  const [row] = await hot<{ before: string | null }>(tx, 'diary_forgotten_before', FORGOTTEN_BEFORE, [county])
  return row?.before ? new Date(row.before) : null
}
