import { CompiledQuery, sql, type Selectable } from 'kysely'
import { hotRead, type Tx } from '../../kernel/db.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type { ConsentTable, OwnConfirmationTable, OwnRequestTable } from '../../kernel/tables.ts'
import type { Ranges } from '../access.ts'

export type RequestRow = Selectable<OwnRequestTable>
export type ConsentRow = Selectable<ConsentTable>
type ConfirmationRow = Selectable<OwnConfirmationTable>

/** People who are here and have this phone, and what their number is sealed in; at most 10. */
export function listByPhone(
  tx: Tx,
  county: string,
  blind: Buffer,
): Promise<{ id: string; citizenIdSealed: Buffer | null }[]> {
  const found = tx.selectFrom('person').select(['id', 'citizenIdSealed']).where('county', '=', county)
  const alive = found.where('phoneBlind', '=', blind).where('state', 'in', ['present', 'away', 'left'])
  return alive.orderBy('id').limit(10).execute()
}

/** People of a name in a place: for whoever answers a claim; at most 10. */
export function listByName(
  tx: Tx,
  county: string,
  asked: { name: string; areaPath: string },
): Promise<{ id: string; address: string | null }[]> {
  const [low, high] = subtreeRange(asked.areaPath)
  const found = tx
    .selectFrom('person')
    .leftJoin('premises', (join) =>
      join.onRef('premises.county', '=', 'person.county').onRef('premises.id', '=', 'person.premisesId'),
    )
    .select(['person.id', 'premises.address'])
    .where('person.county', '=', county)
    .where('person.areaPath', '>=', low)
    .where('person.areaPath', '<', high)
    .where('person.name', '=', asked.name)
    .where('person.state', 'in', ['present', 'away'])
  return found.orderBy('person.id').limit(10).execute()
}

export function findConfirmation(tx: Tx, county: string, sessionId: string): Promise<ConfirmationRow | undefined> {
  const found = tx.selectFrom('ownConfirmation').selectAll().where('county', '=', county)
  return found.where('sessionId', '=', sessionId).executeTakeFirst()
}

export async function insertConfirmation(tx: Tx, row: ConfirmationRow): Promise<void> {
  const { personId, how, byAccount, at: confirmedAt } = row
  const made = tx.insertInto('ownConfirmation').values(row)
  const next = { personId, how, byAccount, at: confirmedAt }
  await made.onConflict((at) => at.columns(['county', 'sessionId']).doUpdateSet(next)).execute()
}

/** Counts one more try. @returns how many it are today, this one included. */
export async function countTry(tx: Tx, county: string, accountId: string, onDay: string): Promise<number> {
  const row = await tx
    .insertInto('ownAttempt')
    .values({ county, accountId, onDay, tries: 1 })
    .onConflict((at) =>
      at.columns(['county', 'accountId', 'onDay']).doUpdateSet({ tries: sql<number>`own_attempt.tries + 1` }),
    )
    .returning('tries')
    .executeTakeFirstOrThrow()
  return row.tries
}

export async function triesOn(tx: Tx, county: string, accountId: string, onDay: string): Promise<number> {
  const found = tx.selectFrom('ownAttempt').select('tries').where('county', '=', county)
  const row = await found.where('accountId', '=', accountId).where('onDay', '=', onDay).executeTakeFirst()
  return row?.tries ?? 0
}

/** @returns false when one of this id is there already. */
export async function insertRequest(tx: Tx, row: RequestRow): Promise<boolean> {
  const made = tx
    .insertInto('ownRequest')
    .values(row)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
  return (await made.returning('id').execute()).length === 1
}

export function findRequest(tx: Tx, county: string, id: string): Promise<RequestRow | undefined> {
  const found = tx.selectFrom('ownRequest').selectAll().where('county', '=', county).where('id', '=', id)
  return found.executeTakeFirst()
}

export function lockRequest(tx: Tx, county: string, id: string): Promise<RequestRow | undefined> {
  const found = tx.selectFrom('ownRequest').selectAll().where('county', '=', county).where('id', '=', id)
  return found.forUpdate().executeTakeFirst()
}

export async function saveRequest(
  tx: Tx,
  row: Pick<RequestRow, 'county' | 'id'>,
  change: Partial<Omit<RequestRow, 'county' | 'id'>>,
): Promise<void> {
  const saved = tx.updateTable('ownRequest').set(change).where('county', '=', row.county).where('id', '=', row.id)
  await saved.execute()
}

/** The latest 50 requests of an account. */
export function listOfAccount(tx: Tx, county: string, accountId: string): Promise<RequestRow[]> {
  const found = tx.selectFrom('ownRequest').selectAll().where('county', '=', county)
  return found.where('accountId', '=', accountId).orderBy('id', 'desc').limit(50).execute()
}

/** Requests in some places: open ones by their day, or answered ones newest first. */
export function listWithin(
  tx: Tx,
  county: string,
  query: { ranges: Ranges; state: 'open' | 'answered'; after: readonly [Date, string] | null; limit: number },
): Promise<RequestRow[]> {
  const { ranges, after } = query
  let found = tx.selectFrom('ownRequest').selectAll().where('county', '=', county)
  found = found.where((row) =>
    row.or(ranges.low.map((low, at) => row.and([row('areaPath', '>=', low), row('areaPath', '<', ranges.high[at]!)]))),
  )
  if (query.state === 'open') {
    found = found.where('state', '=', 'open')
    if (after) found = found.where(sql<boolean>`(due_at, id) > (${after[0]}, ${after[1]}::uuid)`)
    return found.orderBy('dueAt').orderBy('id').limit(query.limit).execute()
  }
  found = found.where('state', 'in', ['accepted', 'refused'])
  if (after) found = found.where(sql<boolean>`(answered_at, id) < (${after[0]}, ${after[1]}::uuid)`)
  return found.orderBy('answeredAt', 'desc').orderBy('id', 'desc').limit(query.limit).execute()
}

/** Open requests whose day is near and of which nobody was reminded. */
export function lockDue(tx: Tx, county: string, before: Date, limit: number): Promise<RequestRow[]> {
  const found = tx.selectFrom('ownRequest').selectAll().where('county', '=', county).where('state', '=', 'open')
  const due = found.where('dueAt', '<=', before).where('toldAt', 'is', null)
  return due.orderBy('dueAt').limit(limit).forUpdate().skipLocked().execute()
}

const FORGET = `update own_request set sealed = null, salt = null, answer_sealed = null
  where county = $1 and id in (select id from own_request
    where county = $1 and sealed is not null and answered_at is not null and answered_at < $2 order by answered_at limit $3)`

/** Forgets the words of requests answered before an instant, and tries of days gone by. @returns how many requests. */
export async function forgetBefore(tx: Tx, county: string, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(FORGET, [county, before, limit]))
  return Number(numAffectedRows ?? 0)
}

export async function forgetTries(tx: Tx, county: string, beforeDay: string): Promise<void> {
  await tx.deleteFrom('ownAttempt').where('county', '=', county).where('onDay', '<', beforeDay).execute()
}

/** What a person agrees to now. */
export function listConsents(tx: Tx, county: string, personId: string): Promise<ConsentRow[]> {
  const found = tx.selectFrom('consent').selectAll().where('county', '=', county).where('personId', '=', personId)
  return found.where('withdrawnAt', 'is', null).execute()
}

/** @returns false when the person agrees to this already. */
export async function insertConsent(tx: Tx, row: ConsentRow): Promise<boolean> {
  const made = tx
    .insertInto('consent')
    .values(row)
    .onConflict((at) => at.columns(['county', 'personId', 'purpose']).where('withdrawnAt', 'is', null).doNothing())
  return (await made.returning('id').execute()).length === 1
}

export async function endConsent(tx: Tx, county: string, id: string, at: Date): Promise<void> {
  await tx.updateTable('consent').set({ withdrawnAt: at }).where('county', '=', county).where('id', '=', id).execute()
}

/** The latest 50 changes of a record: what was done, not what it held. */
export function listChanges(
  tx: Tx,
  county: string,
  personId: string,
): Promise<{ at: Date; act: string; source: string; byLabel: string }[]> {
  const found = tx.selectFrom('registryChange').select(['at', 'act', 'source', 'byLabel']).where('county', '=', county)
  return found.where('subjectId', '=', personId).orderBy('version', 'desc').limit(50).execute()
}

const FOLLOW = `update own_request r set area_path = p.area_path from person p
  where r.county = $1 and r.area_path >= $2 and r.area_path < $3 and p.county = $1 and p.id = r.person_id and p.area_path <> r.area_path`
const MOVE = `update own_request set area_path = $4 || substr(area_path, length($5) + 1)
  where county = $1 and area_path >= $2 and area_path < $3`

/** Requests in a place lie where the records now lie that they are about. @returns how many moved. */
export async function followPeople(tx: Tx, county: string, from: string): Promise<number> {
  const { numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(FOLLOW, [county, ...subtreeRange(from)]))
  return Number(numAffectedRows ?? 0)
}

/** What is left of a place goes where the place went. @returns how many moved. */
export async function moveRequests(tx: Tx, county: string, from: string, to: string): Promise<number> {
  const { numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(MOVE, [county, ...subtreeRange(from), to, from]))
  return Number(numAffectedRows ?? 0)
}

/** Open requests in a place. */
export async function countOpen(tx: Tx, county: string, path: string): Promise<number> {
  const [low, high] = subtreeRange(path)
  const found = tx.selectFrom('ownRequest').select((row) => row.fn.countAll<number>().as('count'))
  const row = await found
    .where('county', '=', county)
    .where('state', '=', 'open')
    .where('areaPath', '>=', low)
    .where('areaPath', '<', high)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export interface ExportTold {
  at: Date
  byLabel: string
  list: 'people' | 'households'
  filters: string[]
  reason: string
}

export const LIST_EXPORTS = `select e.at, e.by_label as "byLabel", e.list, e.filters, e.reason from (
    select at, id, by_label, list, filters, reason, area_paths from registry_export
    where county = $1 and at >= $2 order by at desc, id desc limit 5000) e
  where e.list in ('people', 'households') and exists (select from unnest(e.area_paths) as root (path), unnest($3::text[]) as mine (path)
    where mine.path = root.path or starts_with(mine.path, root.path || '/'))
  order by e.at desc, e.id desc limit 50`

/** Rosters that name people and went over one of these places, the latest 50 among the county's latest 5,000. */
export const listExports = (
  tx: Tx,
  county: string,
  asked: { since: Date; paths: readonly string[] },
): Promise<ExportTold[]> => hotRead(tx, 'own_exports', LIST_EXPORTS, [county, asked.since, asked.paths])
