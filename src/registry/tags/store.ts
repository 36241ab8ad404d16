import { hot, hotRead, type Tx } from '../../kernel/db.ts'
import { insertRows, type Sheet } from '../store.ts'

export interface TagRow {
  tag: string
  areaPath: string
  personId: string
  derived: boolean
  sinceOn: string
  untilOn: string | null
  source: string
  byAccount: string | null
  at: Date
}

const TAGS: Sheet<TagRow> = {
  table: 'person_tag',
  types: {
    tag: 'text',
    areaPath: 'text',
    personId: 'uuid',
    derived: 'boolean',
    sinceOn: 'date',
    untilOn: 'date',
    source: 'text',
    byAccount: 'uuid',
    at: 'timestamptz',
  },
}

export const insertTags = (tx: Tx, county: string, rows: readonly TagRow[]): Promise<void> =>
  insertRows(tx, TAGS, county, rows)

const COLUMNS = `tag, area_path as "areaPath", person_id as "personId", derived, since_on as "sinceOn", until_on as "untilOn",
  source, by_account as "byAccount", at`

/** Tags of some people; at most 1,000 people at once. */
export const listTagsOf = (tx: Tx, county: string, people: readonly string[]): Promise<TagRow[]> =>
  hotRead(
    tx,
    'registry_tags_of',
    `select ${COLUMNS} from person_tag where county = $1 and person_id = any($2::uuid[]) order by person_id, tag, area_path`,
    [county, people],
  )

/** Takes single tags away. */
export async function deleteTags(
  tx: Tx,
  county: string,
  rows: readonly Pick<TagRow, 'tag' | 'areaPath' | 'personId'>[],
): Promise<void> {
  if (rows.length === 0) return
  const text = `delete from person_tag t using unnest($2::text[], $3::text[], $4::uuid[]) d (tag, area_path, person_id)
    where t.county = $1 and t.tag = d.tag and t.area_path = d.area_path and t.person_id = d.person_id`
  const arrays = [
    rows.map(({ tag }) => tag),
    rows.map(({ areaPath }) => areaPath),
    rows.map(({ personId }) => personId),
  ]
  await hot(tx, 'registry_delete_tags', text, [county, ...arrays])
}

/** Tags whose last day is over, oldest first. */
export const lockEnded = (
  tx: Tx,
  county: string,
  today: string,
  limit: number,
): Promise<Pick<TagRow, 'tag' | 'areaPath' | 'personId'>[]> =>
  hot(
    tx,
    'registry_ended_tags',
    `select tag, area_path as "areaPath", person_id as "personId" from person_tag
     where county = $1 and until_on is not null and until_on < $2::date order by until_on, tag, person_id limit $3
     for update skip locked`,
    [county, today, limit],
  )

/** People born on a day, whose birthday gives or ends a tag. */
export const listBornOn = (
  tx: Tx,
  county: string,
  born: { on: string; after: string; limit: number },
): Promise<{ id: string; areaPath: string }[]> =>
  hot(
    tx,
    'registry_born_on',
    `select id, area_path as "areaPath" from person
     where county = $1 and born_on = $2::date and id > $3::uuid and state in ('present', 'away') and born_on is not null
     order by id limit $4`,
    [county, born.on, born.after, born.limit],
  )

/** Gives a tag to some people; who has it keeps it. @returns how many got it. */
export async function giveTag(
  tx: Tx,
  county: string,
  given: { tag: string; on: string; at: Date; people: readonly { id: string; areaPath: string }[] },
): Promise<number> {
  const text = `insert into person_tag (county, tag, area_path, person_id, derived, since_on, source, at)
    select $1, $2, r.area_path, r.id, true, $3::date, 'rule', $4 from unnest($5::text[], $6::uuid[]) r (area_path, id)
    on conflict do nothing returning person_id`
  const { people } = given
  const rows = await hot(tx, 'registry_give_tag', text, [
    county,
    given.tag,
    given.on,
    given.at,
    people.map(({ areaPath }) => areaPath),
    people.map(({ id }) => id),
  ])
  return rows.length
}

/** The last day up to which a daily work is done; undefined before the first. */
export async function findProgress(tx: Tx, county: string, work: string): Promise<string | undefined> {
  const text = `select done_on as "doneOn" from registry_progress where county = $1 and work = $2`
  return (await hotRead<{ doneOn: string }>(tx, 'registry_find_progress', text, [county, work]))[0]?.doneOn
}

export async function saveProgress(tx: Tx, county: string, work: string, doneOn: string): Promise<void> {
  const text = `insert into registry_progress (county, work, done_on) values ($1, $2, $3::date)
    on conflict (county, work) do update set done_on = excluded.done_on`
  await hot(tx, 'registry_save_progress', text, [county, work, doneOn])
}
