import { constraintOf, hot, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type { DutyRow } from './rules.ts'
import type { RoleGrant } from './roles.ts'

const validAt = (table: string, parameter: string, word = 'valid'): string =>
  `${table}.${word}_from <= ${parameter} and (${table}.${word}_until is null or ${table}.${word}_until > ${parameter})`

const awayAt = (account: string, parameter: string): string =>
  `exists (select from absence w where w.county = $1 and w.account_id = ${account} and ${validAt('w', parameter, 'away')})`

/** Posts at these areas with who holds them and whether they are away; `parameter` is the instant. */
const dutyText = (where: string, at: string): string => `
  select p.id as "postId", p.name as "postName", p.role, p.unit, p.place, a.path as "areaPath", a.name as "areaName",
    ha.account_id as "holderA", ${awayAt('ha.account_id', at)} as "awayA",
    hb.account_id as "holderB", ${awayAt('hb.account_id', at)} as "awayB"
  from area a
  join post p on p.county = $1 and p.area_id = a.id and ${validAt('p', at)}
  left join holding ha on ha.county = $1 and ha.post_id = p.id and ha.slot = 'A' and ${validAt('ha', at, 'held')}
  left join holding hb on hb.county = $1 and hb.post_id = p.id and hb.slot = 'B' and ${validAt('hb', at, 'held')}
  where a.county = $1 and ${where} and ${validAt('a', at)}`

/** Posts at exactly these paths at that instant. */
export function listDuty(tx: Tx, county: string, paths: string[], at: Date): Promise<DutyRow[]> {
  return hot(tx, 'grid_duty_at', dutyText('a.path = any($2::text[])', '$3'), [county, paths, at])
}

export async function saveRole(
  tx: Tx,
  county: string,
  role: { code: string; zh: string; en: string; grants: readonly RoleGrant[]; rung: number | null; version: number },
  at: Date,
): Promise<void> {
  const text = `insert into post_role (county, code, name_zh, name_en, grants, rung, version, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (county, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en, grants = excluded.grants,
      rung = excluded.rung, version = excluded.version, changed_at = excluded.changed_at
    where post_role.version = excluded.version - 1
    returning version`
  const values = [county, role.code, role.zh, role.en, JSON.stringify(role.grants), role.rung, role.version, at]
  const rows = await hot(tx, 'grid_role_save', text, values)
  if (rows.length === 0) throw new Fault('kernel.stale', { version: role.version })
}

/** Roles for which a change waits, with its id; at most as many as there are roles. */
export async function listPendingRoles(tx: Tx, county: string): Promise<Map<string, string>> {
  const text = `select role, id from role_change where county = $1 and state = 'pending'`
  const rows = await hot<{ role: string; id: string }>(tx, 'grid_roles_pending', text, [county])
  return new Map(rows.map(({ role, id }) => [role, id]))
}

export interface PostRecord {
  id: string
  areaId: string
  areaPath: string
  role: string
  unit: string | null
  name: string
  place: number
  duties: string[]
  version: number
  validUntil: Date | null
}

const postColumns = `p.id, p.area_id as "areaId", a.path as "areaPath", p.role, p.unit, p.name, p.place, p.duties, p.version, p.valid_until as "validUntil"`

/** Locks a post until the transaction ends. @throws kernel.not_found, grid.post_closed */
export async function lockPost(tx: Tx, county: string, id: string, at: Date): Promise<PostRecord> {
  const text = `select ${postColumns} from post p join area a on a.county = $1 and a.id = p.area_id and ${validAt('a', '$3')}
    where p.county = $1 and p.id = $2 for update of p`
  const [row] = await hot<PostRecord>(tx, 'grid_post_lock', text, [county, id, at])
  if (!row) throw new Fault('kernel.not_found')
  if (row.validUntil && row.validUntil <= at) throw new Fault('grid.post_closed')
  return row
}

export async function findPost(tx: Tx, county: string, id: string, at: Date): Promise<PostRecord | undefined> {
  const text = `select ${postColumns} from post p join area a on a.county = $1 and a.id = p.area_id and ${validAt('a', '$3')}
    where p.county = $1 and p.id = $2`
  const [row] = await hot<PostRecord>(tx, 'grid_post_find', text, [county, id, at])
  return row
}

/** Open posts at one area. */
export function listPosts(tx: Tx, county: string, areaIds: string[], at: Date): Promise<PostRecord[]> {
  const text = `select ${postColumns} from post p join area a on a.county = $1 and a.id = p.area_id and ${validAt('a', '$3')}
    where p.county = $1 and p.area_id = any($2::uuid[]) and ${validAt('p', '$3')} order by a.path, p.role, p.unit, p.place limit 500`
  return hot(tx, 'grid_posts_at', text, [county, areaIds, at])
}

/** Open posts of a subtree in path order, from after `afterPath` and `afterId`. */
export function listPostsBelow(
  tx: Tx,
  county: string,
  root: string,
  page: { at: Date; afterPath: string; afterId: string; limit: number },
): Promise<PostRecord[]> {
  const [from, to] = subtreeRange(root)
  const text = `select ${postColumns} from area a join post p on p.county = $1 and p.area_id = a.id and ${validAt('p', '$6')}
    where a.county = $1 and a.path >= $2 and a.path < $3 and (a.path, p.id) > ($4, $5::uuid) and ${validAt('a', '$6')}
    order by a.path, p.id limit $7`
  const values = [county, from, to, page.afterPath, page.afterId, page.at, page.limit]
  return hot(tx, 'grid_posts_below', text, values)
}

export async function insertPost(
  tx: Tx,
  county: string,
  row: { id: string; areaId: string; role: string; unit: string | null; name: string; place: number },
  at: Date,
): Promise<void> {
  const text = `insert into post (county, id, area_id, role, unit, name, place, valid_from, version) values ($1, $2, $3, $4, $5, $6, $7, $8, 1)`
  const values = [county, row.id, row.areaId, row.role, row.unit, row.name, row.place, at]
  await hot(tx, 'grid_post_insert', text, values).catch((error: unknown) => {
    if (constraintOf(error) === 'post_place_excl' || constraintOf(error) === 'post_pkey')
      throw new Fault('kernel.conflict')
    throw error
  })
}

export async function endPost(tx: Tx, county: string, id: string, version: number, at: Date): Promise<void> {
  await hot(tx, 'grid_post_end', 'update post set valid_until = $3, version = $4 where county = $1 and id = $2', [
    county,
    id,
    at,
    version,
  ])
  const text = `update holding set held_until = $3 where county = $1 and post_id = $2 and (held_until is null or held_until > $3) and held_from <= $3`
  await hot(tx, 'grid_post_end_holdings', text, [county, id, at])
  const future = 'update holding set held_until = held_from where county = $1 and post_id = $2 and held_from > $3'
  await hot(tx, 'grid_post_end_future', future, [county, id, at])
}

export async function saveDuties(
  tx: Tx,
  county: string,
  row: { id: string; duties: string[]; version: number },
): Promise<void> {
  const text = 'update post set duties = $3, version = $4 where county = $1 and id = $2'
  await hot(tx, 'grid_post_duties', text, [county, row.id, row.duties, row.version])
}

export async function savePostVersion(tx: Tx, county: string, id: string, version: number): Promise<void> {
  await hot(tx, 'grid_post_version', 'update post set version = $3 where county = $1 and id = $2', [
    county,
    id,
    version,
  ])
}

/** Whether the account holds any post at that instant or later. */
export async function hasHolding(tx: Tx, county: string, accountId: string, at: Date): Promise<boolean> {
  const text = `select 1 as one from holding where county = $1 and account_id = $2 and (held_until is null or held_until > $3) limit 1`
  return (await hot(tx, 'grid_holding_any', text, [county, accountId, at])).length > 0
}

export interface HoldingRecord {
  id: string
  postId: string
  accountId: string
  slot: 'A' | 'B'
  heldFrom: Date
  heldUntil: Date | null
  away: boolean
}

/** Who holds these posts at that instant. */
export function listHolders(tx: Tx, county: string, postIds: string[], at: Date): Promise<HoldingRecord[]> {
  const text = `select h.id, h.post_id as "postId", h.account_id as "accountId", h.slot, h.held_from as "heldFrom",
      h.held_until as "heldUntil", ${awayAt('h.account_id', '$3')} as away
    from holding h where h.county = $1 and h.post_id = any($2::uuid[]) and ${validAt('h', '$3', 'held')} order by h.slot`
  return hot(tx, 'grid_holders', text, [county, postIds, at])
}

/** Everybody who ever held the post, newest first. */
export function listHoldings(tx: Tx, county: string, postId: string): Promise<HoldingRecord[]> {
  const text = `select h.id, h.post_id as "postId", h.account_id as "accountId", h.slot, h.held_from as "heldFrom",
      h.held_until as "heldUntil", false as away
    from holding h where h.county = $1 and h.post_id = $2 and (h.held_until is null or h.held_until > h.held_from)
    order by h.held_from desc, h.slot limit 200`
  return hot(tx, 'grid_holdings', text, [county, postId])
}

export async function insertHolding(
  tx: Tx,
  county: string,
  row: { id: string; postId: string; accountId: string; slot: 'A' | 'B'; heldFrom: Date; heldUntil: Date | null },
): Promise<void> {
  const text =
    'insert into holding (county, id, post_id, account_id, slot, held_from, held_until) values ($1, $2, $3, $4, $5, $6, $7)'
  const values = [county, row.id, row.postId, row.accountId, row.slot, row.heldFrom, row.heldUntil]
  await hot(tx, 'grid_holding_insert', text, values).catch((error: unknown) => {
    const constraint = constraintOf(error)
    if (constraint === 'holding_one_holder_excl') throw new Fault('grid.post_taken', { slot: row.slot })
    if (constraint === 'holding_one_slot_excl') throw new Fault('grid.holds_other_slot')
    throw error
  })
}

/** Ends the holding of a slot; undefined when nobody holds it. */
export async function endHolding(
  tx: Tx,
  county: string,
  postId: string,
  slot: 'A' | 'B',
  at: Date,
): Promise<HoldingRecord | undefined> {
  const text = `update holding h set held_until = $4 where h.county = $1 and h.post_id = $2 and h.slot = $3 and ${validAt('h', '$4', 'held')}
    returning h.id, h.post_id as "postId", h.account_id as "accountId", h.slot, h.held_from as "heldFrom", h.held_until as "heldUntil", false as away`
  const [row] = await hot<HoldingRecord>(tx, 'grid_holding_end', text, [county, postId, slot, at])
  return row
}

export interface AbsenceRecord {
  id: string
  accountId: string
  reason: 'leave' | 'trip' | 'sick' | 'training' | 'rest' | 'other'
  awayFrom: Date
  awayUntil: Date | null
  version: number
}

const absenceColumns = `w.id, w.account_id as "accountId", w.reason, w.away_from as "awayFrom", w.away_until as "awayUntil", w.version`

export async function insertAbsence(
  tx: Tx,
  county: string,
  row: AbsenceRecord,
  declaredBy: string | null,
): Promise<void> {
  const text = `insert into absence (county, id, account_id, reason, away_from, away_until, declared_by, version) values ($1, $2, $3, $4, $5, $6, $7, $8)`
  const values = [county, row.id, row.accountId, row.reason, row.awayFrom, row.awayUntil, declaredBy, row.version]
  await hot(tx, 'grid_absence_insert', text, values).catch((error: unknown) => {
    const constraint = constraintOf(error)
    if (constraint === 'absence_one_excl') throw new Fault('grid.already_away')
    if (constraint === 'absence_pkey') throw new Fault('kernel.conflict')
    throw error
  })
}

export async function lockAbsence(tx: Tx, county: string, id: string): Promise<AbsenceRecord> {
  const text = `select ${absenceColumns} from absence w where w.county = $1 and w.id = $2 for update`
  const [row] = await hot<AbsenceRecord>(tx, 'grid_absence_lock', text, [county, id])
  if (!row) throw new Fault('kernel.not_found')
  return row
}

/** Ends an absence now; one that has not begun never was. */
export async function endAbsence(tx: Tx, county: string, id: string, version: number, at: Date): Promise<void> {
  const text = 'update absence set away_until = greatest(away_from, $3), version = $4 where county = $1 and id = $2'
  await hot(tx, 'grid_absence_end', text, [county, id, at, version])
}

/** Absences that last or are to come, of one account. */
export function listAbsencesOf(tx: Tx, county: string, accountId: string, at: Date): Promise<AbsenceRecord[]> {
  const text = `select ${absenceColumns} from absence w where w.county = $1 and w.account_id = $2
    and (w.away_until is null or w.away_until > $3) order by w.away_from limit 50`
  return hot(tx, 'grid_absences_of', text, [county, accountId, at])
}

/** Absences that last or are to come, of everybody with a post in these subtrees. */
export function listAbsencesIn(tx: Tx, county: string, root: string, at: Date): Promise<AbsenceRecord[]> {
  const [from, to] = subtreeRange(root)
  const text = `select distinct ${absenceColumns} from area a
    join post p on p.county = $1 and p.area_id = a.id and ${validAt('p', '$4')}
    join holding h on h.county = $1 and h.post_id = p.id and ${validAt('h', '$4', 'held')}
    join absence w on w.county = $1 and w.account_id = h.account_id and (w.away_until is null or w.away_until > $4)
    where a.county = $1 and a.path >= $2 and a.path < $3 and ${validAt('a', '$4')} order by w.away_from limit 500`
  return hot(tx, 'grid_absences_in', text, [county, from, to, at])
}
