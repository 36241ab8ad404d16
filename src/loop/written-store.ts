import { hot, type Tx } from '../kernel/db.ts'

/** What the ledger says of a step beside what stands in the tables that people read. */
export interface WrittenRow {
  entryId: string
  bytes: Buffer
  matterId: string
  version: number
  /** Null when the step was removed. */
  toState: string | null
  form: Record<string, unknown> | null
  salt: Buffer | null
  /** Only of the first step: what was reported. */
  text: string | null
  address: string | null
  longitude: number | null
  latitude: number | null
  /** Only of the newest step: where the matter stands now. */
  state: string | null
}

const WRITTEN = `
  select e.id as "entryId", e.bytes, e.subject_id as "matterId", e.subject_version as version, s.to_state as "toState", s.form, s.salt,
    m.text, m.address, m.longitude, m.latitude, case when m.version = e.subject_version then m.state end as state
  from ledger_entry e
  left join matter_step s on s.county = e.county and s.matter_id = e.subject_id and s.version = e.subject_version and s.entry_id = e.id
  left join matter m on m.county = e.county and m.id = e.subject_id
  where e.county = $1 and e.id > $2 and e.event in ('matter.reported', 'matter.moved', 'matter.rated', 'matter.linked', 'matter.remarked')
  order by e.id limit $3`

export const listWritten = (tx: Tx, county: string, after: string, limit: number): Promise<WrittenRow[]> =>
  hot<WrittenRow>(tx, 'loop_written', WRITTEN, [county, after, limit])

const STRAY = `
  select s.matter_id as "matterId", s.version from matter_step s
  where s.county = $1 and not exists (
    select 1 from ledger_entry e where e.county = s.county and e.id = s.entry_id
      and e.subject_id = s.matter_id and e.subject_version = s.version)
  order by s.matter_id, s.version limit $2`

/** Steps that people see and the ledger does not know. */
export const listStraySteps = (
  tx: Tx,
  county: string,
  limit: number,
): Promise<{ matterId: string; version: number }[]> =>
  hot<{ matterId: string; version: number }>(tx, 'loop_stray_steps', STRAY, [county, limit])
