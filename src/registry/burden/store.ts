import { hotRead, type Tx } from '../../kernel/db.ts'
import type { Ranges } from '../access.ts'

export interface Window {
  from: Date
  until: Date
  ranges: Ranges
  limit: number
}

export interface ChangeTold {
  subjectId: string
  version: number
  subjectKind: string
  act: string
  fields: string[]
  source: string
  byAccount: string | null
  label: string
  at: Date
}

export const LIST_TOLD = `select t.* from unnest($4::text[], $5::text[]) r (low, high)
  cross join lateral (select c.subject_id as "subjectId", c.version, c.subject_kind as "subjectKind", c.act, c.fields, c.source,
      c.by_account as "byAccount", c.by_label as label, c.at
    from registry_change c
    where c.county = $1 and c.at >= $2 and c.at < $3 and c.area_path >= r.low and c.area_path < r.high and c.act = any($6::text[])
    order by c.at desc limit $7) t
  order by t.at desc limit $7`

/** Changes of some subtrees in a period, the latest first. */
export const listTold = (tx: Tx, county: string, of: Window, acts: readonly string[]): Promise<ChangeTold[]> => {
  const { from, until, ranges, limit } = of
  return hotRead(tx, 'burden_told', LIST_TOLD, [county, from, until, ranges.low, ranges.high, acts, limit])
}

export interface VisitTold {
  id: string
  subjectId: string
  premisesId: string
  byAccount: string
  label: string
  metAt: Date
  writtenAt: Date
}

export const LIST_MET = `select t.* from unnest($4::text[], $5::text[]) r (low, high)
  cross join lateral (select v.id, v.subject_id as "subjectId", v.premises_id as "premisesId", v.by_account as "byAccount",
      v.by_label as label, v.met_at as "metAt", v.written_at as "writtenAt"
    from visit v
    where v.county = $1 and v.met_at >= $2 and v.met_at < $3 and v.area_path >= r.low and v.area_path < r.high
      and v.result = 'visited'
    order by v.met_at desc limit $6) t
  order by t."metAt" desc limit $6`

/** Visits where somebody opened, of some subtrees in a period, the latest first. */
export const listMet = (tx: Tx, county: string, { from, until, ranges, limit }: Window): Promise<VisitTold[]> =>
  hotRead(tx, 'burden_met', LIST_MET, [county, from, until, ranges.low, ranges.high, limit])

export interface Earlier {
  subjectId: string
  subjectKind: string
  act: string
  fields: string[]
  at: Date
}

export const LIST_EARLIER = `select e.* from unnest($2::uuid[]) s (id)
  cross join lateral (select subject_id as "subjectId", subject_kind as "subjectKind", act, fields, at
    from registry_change
    where county = $1 and subject_id = s.id and at < $3 and act = any($4::text[])
    order by version desc limit 30) e`

/** What was told of some records before an instant: the latest thirty times of each. */
export const listEarlier = (
  tx: Tx,
  county: string,
  ids: readonly string[],
  before: Date,
  acts: readonly string[],
): Promise<Earlier[]> => hotRead(tx, 'burden_earlier', LIST_EARLIER, [county, ids, before, acts])

export const LIST_MET_EARLIER = `select subject_id as "subjectId", max(met_at) as at from visit
  where county = $1 and subject_id = any($2::uuid[]) and met_at < $3 and result = 'visited' group by 1`

export const listMetEarlier = (
  tx: Tx,
  county: string,
  ids: readonly string[],
  before: Date,
): Promise<{ subjectId: string; at: Date }[]> =>
  hotRead(tx, 'burden_met_earlier', LIST_MET_EARLIER, [county, ids, before])

export const LIST_DOORS = `select s.id as "subjectId", d.id as "premisesId", d.address, d.area_path as "areaPath"
  from (select county, id, premises_id from person where county = $1 and id = any($2::uuid[])
    union all select county, id, premises_id from household where county = $1 and id = any($2::uuid[])
    union all select county, id, premises_id from organisation where county = $1 and id = any($2::uuid[])
    union all select county, id, id from premises where county = $1 and id = any($2::uuid[])) s
  join premises d on d.county = $1 and d.id = s.premises_id`

export interface DoorOf {
  subjectId: string
  premisesId: string
  address: string
  areaPath: string
}

/** Behind which door some records are. */
export const listDoors = (tx: Tx, county: string, ids: readonly string[]): Promise<DoorOf[]> =>
  hotRead(tx, 'burden_doors', LIST_DOORS, [county, ids])
