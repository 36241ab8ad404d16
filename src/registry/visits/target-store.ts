import type { Selectable } from 'kysely'
import { hot, type Tx } from '../../kernel/db.ts'
import type { VisitCampaignTable, VisitTargetTable } from '../../kernel/tables.ts'
import type { CampaignQuestion, Figures, Standing, Who } from './contract.ts'

export type CampaignRow = Omit<Selectable<VisitCampaignTable>, 'who' | 'questions'> & {
  who: Who
  questions: CampaignQuestion[]
}
export type TargetRow = Selectable<VisitTargetTable>

export async function insertCampaign(tx: Tx, row: CampaignRow, areaPaths: readonly string[]): Promise<boolean> {
  const values = { ...row, who: JSON.stringify(row.who), questions: JSON.stringify(row.questions) }
  const made = await tx
    .insertInto('visitCampaign')
    .values(values)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
    .returning('id')
    .execute()
  if (made.length === 0) return false
  const areas = areaPaths.map((areaPath) => ({ county: row.county, areaPath, campaignId: row.id }))
  await tx.insertInto('visitCampaignArea').values(areas).execute()
  return true
}

export async function findCampaign(tx: Tx, county: string, id: string): Promise<CampaignRow | undefined> {
  const found = tx.selectFrom('visitCampaign').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.executeTakeFirst()) as CampaignRow | undefined
}

export async function lockCampaign(tx: Tx, county: string, id: string): Promise<CampaignRow | undefined> {
  const found = tx.selectFrom('visitCampaign').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.forUpdate().executeTakeFirst()) as CampaignRow | undefined
}

type CampaignChange = Partial<
  Pick<CampaignRow, 'version' | 'state' | 'closedAt' | 'filledAt' | 'walkArea' | 'walkKey' | 'walkId' | 'followedAt'>
>

export async function saveCampaign(tx: Tx, county: string, id: string, change: CampaignChange): Promise<void> {
  await tx.updateTable('visitCampaign').set(change).where('county', '=', county).where('id', '=', id).execute()
}

/** Areas of campaigns; at most 50 of each. */
export const listCampaignAreas = (
  tx: Tx,
  county: string,
  ids: readonly string[],
): Promise<{ campaignId: string; areaPath: string }[]> =>
  hot(
    tx,
    'visits_campaign_areas',
    `select campaign_id as "campaignId", area_path as "areaPath" from visit_campaign_area
     where county = $1 and campaign_id = any($2::uuid[]) order by campaign_id, area_path`,
    [county, ids],
  )

/** Campaigns that are not closed, by id; sweeps go through them a hundred at a time. */
export async function listLive(tx: Tx, county: string, after: string, limit: number): Promise<CampaignRow[]> {
  const found = tx.selectFrom('visitCampaign').selectAll().where('county', '=', county).where('id', '>', after)
  return (await found.where('state', '<>', 'closed').orderBy('id').limit(limit).execute()) as unknown as CampaignRow[]
}

/** Campaigns over an area, above it or below it, newest first. */
export async function listCampaigns(
  tx: Tx,
  query: {
    county: string
    low: readonly string[]
    high: readonly string[]
    /** The areas themselves and all above them. */
    over: readonly string[]
    live: boolean
    after: [openedAt: Date, id: string] | null
    limit: number
  },
): Promise<CampaignRow[]> {
  return hot<CampaignRow>(
    tx,
    'visits_campaign_list',
    `select c.county, c.id, c.version, c.name, c.who, c.questions, c.from_on as "fromOn", c.until_on as "untilOn", c.state,
       c.by_account as "byAccount", c.by_label as "byLabel", c.opened_at as "openedAt", c.closed_at as "closedAt",
       c.filled_at as "filledAt", c.walk_area as "walkArea", c.walk_key as "walkKey", c.walk_id as "walkId",
       c.followed_at as "followedAt"
     from visit_campaign c
     where c.county = $1 and (not $5 or c.state <> 'closed')
       and ($6::timestamptz is null or (c.opened_at, c.id) < ($6, $7::uuid))
       and exists (select from visit_campaign_area a where a.county = $1 and a.campaign_id = c.id
         and (a.area_path = any($4::text[]) or exists (select from unnest($2::text[], $3::text[]) as place (low, high)
           where a.area_path >= place.low and a.area_path < place.high)))
     order by c.opened_at desc, c.id desc limit $8`,
    [
      query.county,
      query.low,
      query.high,
      query.over,
      query.live,
      query.after?.[0] ?? null,
      query.after?.[1] ?? null,
      query.limit,
    ],
  )
}

/** Campaigns that a visit at a place fills: live ones, and closed ones that it was made before. */
export async function listWanting(
  tx: Tx,
  county: string,
  paths: readonly string[],
  met: { on: string; at: Date },
): Promise<CampaignRow[]> {
  const wanting = tx
    .selectFrom('visitCampaign')
    .selectAll('visitCampaign')
    .innerJoin('visitCampaignArea as area', (join) =>
      join.onRef('area.county', '=', 'visitCampaign.county').onRef('area.campaignId', '=', 'visitCampaign.id'),
    )
    .where('visitCampaign.county', '=', county)
    .where('area.county', '=', county)
    .where('area.areaPath', 'in', [...paths])
    .where('visitCampaign.fromOn', '<=', met.on)
    .where((row) => row.or([row('visitCampaign.state', '<>', 'closed'), row('visitCampaign.closedAt', '>=', met.at)]))
  return (await wanting.orderBy('visitCampaign.id').limit(100).execute()) as unknown as CampaignRow[]
}

/** What `who` and the campaign's areas mean as parameters; $1 county, $2 doors. */
export interface Choice {
  uses: readonly string[] | null
  kinds: readonly string[] | null
  tags: readonly string[] | null
  bornFrom: string | null
  bornUntil: string | null
  choosesPeople: boolean
  today: string
  low: readonly string[]
  high: readonly string[]
}

const choiceOf = (choice: Choice): unknown[] => [
  choice.uses,
  choice.kinds,
  choice.tags,
  choice.bornFrom,
  choice.bornUntil,
  choice.choosesPeople,
  choice.today,
  choice.low,
  choice.high,
]

/**
 * The doors of some premises and who should be found there, as the registry has it now. Somebody who lives at premises
 * without belonging to a household makes the premises a door of its own beside the households. Materialized: in tables that
 * were just filled nothing is known of their size, and a part folded into another would be worked out once a row.
 */
const doorsOf = (which: string): string => `
  door as materialized (
    select p.id, p.building_id, p.area_path, p.sort_key from premises p
    where p.county = $1 and ${which} and p.closed_at is null and ($3::text[] is null or p.use = any($3))
      and exists (select from unnest($10::text[], $11::text[]) as place (low, high)
        where p.area_path >= place.low and p.area_path < place.high)
  ),
  home as materialized (
    select h.id, h.premises_id from household h join door d on d.id = h.premises_id
    where h.county = $1 and h.closed_at is null and ($4::text[] is null or h.kind = any($4))
  ),
  dweller as materialized (
    select distinct r.premises_id, h.id as household_id, r.person_id,
      case when h.id is null then exists (select from household x
        where x.county = $1 and x.id = r.household_id and x.closed_at is null and x.premises_id = r.premises_id)
      else false end as elsewhere
    from residence r join door d on d.id = r.premises_id
    join person n on n.county = $1 and n.id = r.person_id and n.state in ('present', 'away')
    left join home h on h.id = r.household_id and h.premises_id = r.premises_id
    where r.county = $1 and r.lives_here and (r.until_on is null or r.until_on >= $9::date)
      and ($6::date is null or n.born_on >= $6) and ($7::date is null or n.born_on <= $7)
      and ($5::text[] is null or exists (select from person_tag t where t.county = $1 and t.person_id = n.id
        and t.tag = any($5) and (t.until_on is null or t.until_on >= $9)))
  ),
  subject as materialized (
    select coalesce(s.household_id, s.premises_id) as subject_id, s.premises_id, s.household_id,
      d.building_id, d.area_path, d.sort_key
    from (
      select premises_id, id as household_id from home
      union
      select d.id, null from door d
      where $4::text[] is null and (not exists (select from home h where h.premises_id = d.id)
        or exists (select from dweller w where w.premises_id = d.id and w.household_id is null and not w.elsewhere))
    ) s join door d on d.id = s.premises_id
    where not $8::boolean or exists (select from dweller w where w.premises_id = s.premises_id
      and w.household_id is not distinct from s.household_id and not w.elsewhere)
  ),
  expected as materialized (
    select s.subject_id, w.person_id from subject s join dweller w on w.premises_id = s.premises_id
      and w.household_id is not distinct from s.household_id and not w.elsewhere
  )`

const BY_ID = 'p.id = any($2::uuid[])'

/** Locks premises until the transaction ends: whoever records a visit there and the sweep take turns. */
export const lockPremises = (
  tx: Tx,
  county: string,
  ids: readonly string[],
): Promise<{ id: string; version: number; areaPath: string; address: string; use: string; closed: boolean }[]> =>
  hot(
    tx,
    'visits_lock_premises',
    `select id, version, area_path as "areaPath", address, use, closed_at is not null as closed from premises
     where county = $1 and id = any($2::uuid[]) order by id for no key update`,
    [county, ids],
  )

const ADD_PERSONS = `with ${doorsOf(BY_ID)}
  insert into visit_target_person (county, campaign_id, subject_id, person_id)
  select $1, $12, subject_id, person_id from expected
  on conflict (county, campaign_id, subject_id, person_id) do nothing`
const DROP_PERSONS = `with ${doorsOf(BY_ID)}
  delete from visit_target_person p using visit_target t
  where t.county = $1 and t.campaign_id = $12 and t.premises_id = any($2::uuid[])
    and p.county = $1 and p.campaign_id = $12 and p.subject_id = t.subject_id
    and not exists (select from expected e where e.subject_id = p.subject_id and e.person_id = p.person_id)`
const SAVE_TARGETS = `with ${doorsOf(BY_ID)},
  counted as (
    select s.*, count(p.person_id)::integer as persons, count(p.person_id) filter (where p.fate is null)::integer as missing
    from subject s left join visit_target_person p
      on p.county = $1 and p.campaign_id = $12 and p.subject_id = s.subject_id
    group by s.subject_id, s.premises_id, s.household_id, s.building_id, s.area_path, s.sort_key
  ),
  saved as (
    insert into visit_target (county, campaign_id, subject_id, premises_id, household_id, building_id, area_path, sort_key,
      wanted, result, answered, persons, missing, tries, added_at)
    select $1, $12, subject_id, premises_id, household_id, building_id, area_path, sort_key, true, null, $13, persons,
      missing, 0, $14 from counted
    on conflict (county, campaign_id, subject_id) do update set premises_id = excluded.premises_id,
      building_id = excluded.building_id, area_path = excluded.area_path, sort_key = excluded.sort_key, wanted = true,
      persons = excluded.persons, missing = excluded.missing
    where (visit_target.premises_id, visit_target.building_id, visit_target.area_path, visit_target.sort_key,
        visit_target.wanted, visit_target.persons, visit_target.missing)
      is distinct from (excluded.premises_id, excluded.building_id, excluded.area_path, excluded.sort_key, true,
        excluded.persons, excluded.missing)
    returning subject_id
  )
  update visit_target t set wanted = false
  where t.county = $1 and t.campaign_id = $12 and t.premises_id = any($2::uuid[]) and t.wanted
    and not exists (select from subject s where s.subject_id = t.subject_id)`

/**
 * Brings a campaign's doors at some premises up to the registry: new households join, those who have gone leave, what was
 * found stays. The premises are locked by `lockPremises` before.
 */
export async function bringUp(
  tx: Tx,
  county: string,
  premisesIds: readonly string[],
  campaign: { id: string; choice: Choice; answered: boolean; now: Date },
): Promise<void> {
  const shared = [county, premisesIds, ...choiceOf(campaign.choice), campaign.id]
  await hot(tx, 'visits_add_persons', ADD_PERSONS, shared)
  await hot(tx, 'visits_drop_persons', DROP_PERSONS, shared)
  await hot(tx, 'visits_save_targets', SAVE_TARGETS, [...shared, campaign.answered, campaign.now])
}

const COUNT = `with ${doorsOf('($2::uuid[] is null or p.id = any($2))')}
  select (select count(*) from subject) as doors, (select count(household_id) from subject) as households,
    (select count(*) from expected) as persons`

/** How many doors, households and persons a campaign would concern. */
export async function countConcerned(
  tx: Tx,
  county: string,
  choice: Choice,
  chosen: readonly string[] | null,
): Promise<{ doors: number; households: number; persons: number }> {
  const [row] = await hot<{ doors: number; households: number; persons: number }>(tx, '', COUNT, [
    county,
    chosen,
    ...choiceOf(choice),
  ])
  return row ?? { doors: 0, households: 0, persons: 0 }
}

/** The next premises of some subtrees in the order of areas and doors, closed ones too. */
export const listWalk = (
  tx: Tx,
  county: string,
  low: readonly string[],
  high: readonly string[],
  after: { area: string; key: string; id: string | null },
  limit: number,
): Promise<{ id: string; areaPath: string; sortKey: string }[]> =>
  hot(
    tx,
    'visits_walk',
    `select p.id, p.area_path as "areaPath", p.sort_key as "sortKey" from unnest($2::text[], $3::text[]) as place (low, high)
     cross join lateral (select id, area_path, sort_key from premises
       where county = $1 and area_path >= greatest(place.low, $4) and area_path < place.high
         and ($6::uuid is null or (area_path, sort_key, id) > ($4, $5, $6))
       order by area_path, sort_key, id limit $7) p
     order by p.area_path, p.sort_key, p.id limit $7`,
    [county, low, high, after.area, after.key, after.id, limit],
  )

/** Premises of which something changed in the registry from an instant on, in some subtrees. */
export const listChanged = (
  tx: Tx,
  county: string,
  from: Date,
  until: Date,
  limit: number,
): Promise<{ at: Date; premisesId: string }[]> =>
  hot(
    tx,
    'visits_changed',
    `with changed as (
       select at, subject_id, subject_kind from registry_change
       where county = $1 and at >= $2 and at < $3 and changes_sealed is not null and subject_kind in ('premises', 'household', 'person')
       order by at, subject_id limit $4
     )
     select c.at, c.subject_id as "premisesId" from changed c where c.subject_kind = 'premises'
     union all
     select c.at, h.premises_id from changed c join household h on h.county = $1 and h.id = c.subject_id
     where c.subject_kind = 'household'
     union all
     select c.at, r.premises_id from changed c join residence r on r.county = $1 and r.person_id = c.subject_id
     where c.subject_kind = 'person'`,
    [county, from, until, limit],
  )

/** A door's targets in the campaigns named, locked. */
export async function lockTargets(
  tx: Tx,
  county: string,
  subjectIds: readonly string[],
  campaignIds: readonly string[],
): Promise<TargetRow[]> {
  if (campaignIds.length === 0 || subjectIds.length === 0) return []
  const found = tx.selectFrom('visitTarget').selectAll().where('county', '=', county)
  return found
    .where('campaignId', 'in', [...campaignIds])
    .where('subjectId', 'in', [...subjectIds])
    .where('wanted', '=', true)
    .orderBy('campaignId')
    .orderBy('subjectId')
    .forUpdate()
    .execute()
}

/**
 * The doors at some premises behind which campaigns now look for some people; behind all of them where nobody is named. For a
 * visit to a household that was dissolved before the phone came home.
 */
export async function listSubjectsOf(
  tx: Tx,
  county: string,
  asked: { premisesId: string; campaignIds: readonly string[]; people: readonly string[] },
): Promise<string[]> {
  const rows = await hot<{ id: string }>(
    tx,
    'visits_subjects_of',
    `select distinct t.subject_id as id from visit_target t
     where t.county = $1 and t.premises_id = $2 and t.campaign_id = any($3::uuid[]) and t.wanted
       and (cardinality($4::uuid[]) = 0 or exists (select from visit_target_person p where p.county = $1
         and p.campaign_id = t.campaign_id and p.subject_id = t.subject_id and p.person_id = any($4::uuid[])))`,
    [county, asked.premisesId, asked.campaignIds, asked.people],
  )
  return rows.map(({ id }) => id)
}

/** What a visit says of the people behind a door; somebody met before stays met. */
export async function saveFates(
  tx: Tx,
  county: string,
  subjectId: string,
  told: { campaignIds: readonly string[]; visitId: string; at: Date; fates: ReadonlyMap<string, string> },
): Promise<void> {
  if (told.fates.size === 0 || told.campaignIds.length === 0) return
  await hot(
    tx,
    'visits_save_fates',
    `update visit_target_person p set fate = told.fate, visit_id = $6, at = $7
     from unnest($4::uuid[], $5::text[]) as told (person_id, fate)
     where p.county = $1 and p.campaign_id = any($2::uuid[]) and p.subject_id = $3 and p.person_id = told.person_id
       and (p.at is null or p.at <= $7)`,
    [county, told.campaignIds, subjectId, [...told.fates.keys()], [...told.fates.values()], told.visitId, told.at],
  )
}

/** Counts a target's people anew and writes what the visit changed. */
export async function saveTarget(
  tx: Tx,
  target: Pick<TargetRow, 'county' | 'campaignId' | 'subjectId'>,
  change: Pick<TargetRow, 'result' | 'answered' | 'tries' | 'visitId' | 'visitedAt' | 'nextOn'>,
): Promise<void> {
  await hot(
    tx,
    'visits_save_target',
    `update visit_target t set result = $4, answered = $5, tries = $6, visit_id = $7, visited_at = $8, next_on = $9,
       persons = c.persons, missing = c.missing
     from (select count(*)::integer as persons, count(*) filter (where fate is null)::integer as missing
       from visit_target_person where county = $1 and campaign_id = $2 and subject_id = $3) c
     where t.county = $1 and t.campaign_id = $2 and t.subject_id = $3`,
    [
      target.county,
      target.campaignId,
      target.subjectId,
      change.result,
      change.answered,
      change.tries,
      change.visitId,
      change.visitedAt,
      change.nextOn,
    ],
  )
}

/** Why a door is still a gap; `done` where nothing is left to do. */
export const STANDING = `case
  when result is null then 'open'
  when result <> 'visited' then result
  when missing > 0 then 'person'
  when not answered then 'questions'
  else 'done' end`

const FIGURES = `count(*)::integer as doors,
  count(*) filter (where standing = 'done')::integer as done,
  count(*) filter (where standing = 'open')::integer as open,
  count(*) filter (where standing = 'nobodyHome')::integer as "nobodyHome",
  count(*) filter (where standing = 'refused')::integer as refused,
  count(*) filter (where standing = 'person')::integer as person,
  count(*) filter (where standing = 'questions')::integer as questions,
  coalesce(sum(persons), 0)::integer as persons, coalesce(sum(missing), 0)::integer as missing`

const targetsIn = (columns: string): string => `from (select ${columns}, persons, missing, ${STANDING} as standing
  from visit_target where county = $1 and campaign_id = any($2::uuid[]) and wanted and exists (
    select from unnest($3::text[], $4::text[]) as place (low, high) where area_path >= place.low and area_path < place.high)
  ) t`

type Of<Key extends string, Value = string> = Record<Key, Value> & Figures

/** Figures of campaigns over some subtrees, by campaign. */
export const countByCampaign = (
  tx: Tx,
  county: string,
  ids: readonly string[],
  low: readonly string[],
  high: readonly string[],
): Promise<Of<'campaignId'>[]> =>
  hot(
    tx,
    'visits_by_campaign',
    `select "campaignId", ${FIGURES} ${targetsIn('campaign_id as "campaignId"')} group by "campaignId"`,
    [county, ids, low, high],
  )

/** Figures of one campaign by the area so many steps below the county; a leaf that lies higher stands for itself. */
export const countByArea = (
  tx: Tx,
  county: string,
  query: { ids: readonly string[]; low: readonly string[]; high: readonly string[]; depth: number },
): Promise<(Of<'path'> & { campaignId: string })[]> =>
  hot(
    tx,
    'visits_by_area',
    `select "campaignId", path, ${FIGURES}
     ${targetsIn(`campaign_id as "campaignId", array_to_string((string_to_array(area_path, '/'))[1:$5::integer], '/') as path`)}
     group by "campaignId", path order by path limit 5000`,
    [county, query.ids, query.low, query.high, query.depth],
  )

/** Figures of one campaign by building, of one leaf area. */
export const countByBuilding = (
  tx: Tx,
  county: string,
  id: string,
  low: readonly string[],
  high: readonly string[],
): Promise<Of<'id' | 'name'>[]> =>
  hot(
    tx,
    'visits_by_building',
    `select f.*, b.name from (select id, min(sort_key) as sort_key, ${FIGURES}
       ${targetsIn('building_id as id, sort_key')} group by id) f
     join building b on b.county = $1 and b.id = f.id order by b.sort_key limit 300`,
    [county, [id], low, high],
  )

export interface GapRow {
  subjectId: string
  premisesId: string
  address: string
  head: string
  areaPath: string
  sortKey: string
  standing: Standing
  persons: number
  missing: number
  tries: number
  visitedAt: Date | null
  nextOn: string | null
}

/** Doors of a campaign that are not done, in the order in which one walks past them; of one reason, or of all. */
export const listGaps = (
  tx: Tx,
  county: string,
  query: {
    id: string
    low: readonly string[]
    high: readonly string[]
    standing: string | null
    after: readonly [area: string, key: string, subject: string] | null
    limit: number
  },
): Promise<GapRow[]> =>
  hot<GapRow>(
    tx,
    'visits_gaps',
    `select g.*, p.address, coalesce(n.name, '') as head from (
       select t.subject_id as "subjectId", t.premises_id as "premisesId", t.household_id, t.area_path as "areaPath",
         t.sort_key as "sortKey", ${STANDING} as standing, t.persons, t.missing, t.tries, t.visited_at as "visitedAt",
         t.next_on as "nextOn"
       from visit_target t where t.county = $1 and t.campaign_id = $2 and t.wanted
         and exists (select from unnest($3::text[], $4::text[]) as place (low, high)
           where t.area_path >= place.low and t.area_path < place.high)
         and ($5::text is null and ${STANDING} <> 'done' or ${STANDING} = $5)
         and ($6::text is null or (t.area_path, t.sort_key, t.subject_id) > ($6, $7, $8::uuid))
       order by t.area_path, t.sort_key, t.subject_id limit $9) g
     join premises p on p.county = $1 and p.id = g."premisesId"
     left join household h on h.county = $1 and h.id = g.household_id
     left join person n on n.county = $1 and n.id = h.head_id
     order by g."areaPath", g."sortKey", g."subjectId"`,
    [
      county,
      query.id,
      query.low,
      query.high,
      query.standing,
      query.after?.[0] ?? null,
      query.after?.[1] ?? null,
      query.after?.[2] ?? null,
      query.limit,
    ],
  )

/** What lies at doors goes where the doors went; the premises have been moved before. @returns how many visits went. */
export async function followPremises(tx: Tx, county: string, from: readonly string[]): Promise<number> {
  let visits = 0
  for (const path of from) {
    const range = [county, path, `${path}0`]
    for (const table of ['visit_target', 'visit', 'visit_conflict'] as const) {
      const [moved] = await hot<{ count: number }>(
        tx,
        `visits_follow_${table}`,
        `with moved as (
           update ${table} t set area_path = p.area_path from premises p
           where t.county = $1 and t.area_path >= $2 and t.area_path < $3
             and p.county = $1 and p.id = t.premises_id and p.area_path <> t.area_path returning t.county)
         select count(*) as count from moved`,
        range,
      )
      if (table === 'visit') visits += moved?.count ?? 0
    }
    await hot(
      tx,
      'visits_follow_stewards',
      `update steward_household t set area_path = h.area_path from household h
       where t.county = $1 and t.area_path >= $2 and t.area_path < $3
         and h.county = $1 and h.id = t.household_id and h.area_path <> t.area_path`,
      range,
    )
  }
  return visits
}

/** A campaign over an area that moved, or over one inside it, goes where that very area went: no wider than it was. */
export async function carryCampaignAreas(tx: Tx, county: string, from: string, to: string): Promise<void> {
  const range = [county, from, `${from}0`]
  await hot(
    tx,
    'visits_carry_campaign_areas',
    `insert into visit_campaign_area (county, area_path, campaign_id)
     select $1, $4 || substr(area_path, length($2) + 1), campaign_id from visit_campaign_area
     where county = $1 and area_path >= $2 and area_path < $3 on conflict (county, area_path, campaign_id) do nothing`,
    [...range, to],
  )
  await hot(
    tx,
    'visits_left_campaign_areas',
    'delete from visit_campaign_area where county = $1 and area_path >= $2 and area_path < $3',
    range,
  )
}

/** A campaign over an area that is no more goes over those that came of it. */
export async function moveCampaignAreas(tx: Tx, county: string, from: readonly string[], to: readonly string[]) {
  const [low, high] = [from, from.map((path) => `${path}0`)]
  const inside = `exists (select from unnest($2::text[], $3::text[]) as place (low, high)
    where a.area_path >= place.low and a.area_path < place.high)`
  await hot(
    tx,
    'visits_add_campaign_areas',
    `insert into visit_campaign_area (county, area_path, campaign_id)
     select distinct $1, next.path, a.campaign_id from visit_campaign_area a cross join unnest($4::text[]) as next (path)
     where a.county = $1 and ${inside} on conflict (county, area_path, campaign_id) do nothing`,
    [county, low, high, to],
  )
  await hot(
    tx,
    'visits_drop_campaign_areas',
    `delete from visit_campaign_area a where a.county = $1 and ${inside} and a.area_path <> all($4::text[])`,
    [county, low, high, to],
  )
}

export async function countVisitsUnder(tx: Tx, county: string, path: string): Promise<number> {
  const [row] = await hot<{ count: number }>(
    tx,
    'visits_count_under',
    'select count(*) as count from visit where county = $1 and area_path >= $2 and area_path < $3',
    [county, path, `${path}0`],
  )
  return row?.count ?? 0
}

const BEHIND: Record<string, string> = {
  person: `select premises_id as id from person where county = $1 and id = any($2::uuid[]) and premises_id is not null`,
  household: `select premises_id as id from household where county = $1 and id = any($2::uuid[])`,
  organisation: `select premises_id as id from organisation where county = $1 and id = any($2::uuid[]) and premises_id is not null`,
}

/** The premises at which some people, households or organisations are. */
export async function premisesBehind(
  tx: Tx,
  county: string,
  subject: string,
  ids: readonly string[],
): Promise<string[]> {
  const text = BEHIND[subject]
  if (!text) return [...ids]
  const rows = await hot<{ id: string }>(tx, `visits_behind_${subject}`, text, [county, ids])
  return rows.map(({ id }) => id)
}

export async function insertDoors(tx: Tx, county: string, campaignId: string, ids: readonly string[]): Promise<void> {
  const text = `insert into visit_campaign_door (county, campaign_id, premises_id)
    select $1, $2, d.id from unnest($3::uuid[]) d (id) on conflict do nothing`
  await hot(tx, 'visits_insert_doors', text, [county, campaignId, ids])
}

/** Those of some premises that a campaign has chosen. */
export async function chosenOf(tx: Tx, county: string, campaignId: string, ids: readonly string[]): Promise<string[]> {
  const text = `select premises_id as id from visit_campaign_door
    where county = $1 and campaign_id = $2 and premises_id = any($3::uuid[])`
  return (await hot<{ id: string }>(tx, 'visits_chosen_doors', text, [county, campaignId, ids])).map(({ id }) => id)
}
