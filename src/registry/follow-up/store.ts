import type { Selectable } from 'kysely'
import { hot, type Tx } from '../../kernel/db.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type {
  FollowUpExtensionTable,
  FollowUpLookTable,
  FollowUpNoteTable,
  FollowUpStaffTable,
  FollowUpTable,
} from '../../kernel/tables.ts'

export type FollowUpRow = Selectable<FollowUpTable>
export type StaffRow = Selectable<FollowUpStaffTable>
export type NoteRow = Selectable<FollowUpNoteTable>
export type ExtensionRow = Selectable<FollowUpExtensionTable>

/** @returns false when one of this id is there already. */
export async function insertFollowUp(tx: Tx, row: FollowUpRow): Promise<boolean> {
  const made = tx
    .insertInto('followUp')
    .values(row)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
  return (await made.returning('id').execute()).length === 1
}

export async function insertStaff(tx: Tx, rows: readonly StaffRow[]): Promise<void> {
  if (rows.length === 0) return
  const made = tx.insertInto('followUpStaff').values([...rows])
  await made.onConflict((at) => at.columns(['county', 'followUpId', 'accountId']).doNothing()).execute()
}

export async function deleteStaff(
  tx: Tx,
  county: string,
  followUpId: string,
  accounts: readonly string[],
): Promise<void> {
  if (accounts.length === 0) return
  const gone = tx.deleteFrom('followUpStaff').where('county', '=', county).where('followUpId', '=', followUpId)
  await gone.where('accountId', 'in', [...accounts]).execute()
}

export async function insertNote(tx: Tx, row: NoteRow): Promise<boolean> {
  const made = tx
    .insertInto('followUpNote')
    .values(row)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
  return (await made.returning('id').execute()).length === 1
}

export async function insertLook(tx: Tx, row: Selectable<FollowUpLookTable>): Promise<void> {
  await tx.insertInto('followUpLook').values(row).execute()
}

export async function insertExtension(tx: Tx, row: ExtensionRow): Promise<void> {
  await tx.insertInto('followUpExtension').values(row).execute()
}

export function findFollowUp(tx: Tx, county: string, id: string): Promise<FollowUpRow | undefined> {
  const found = tx.selectFrom('followUp').selectAll().where('county', '=', county).where('id', '=', id)
  return found.executeTakeFirst()
}

/** Locks the row until the transaction ends. */
export function lockFollowUp(tx: Tx, county: string, id: string): Promise<FollowUpRow | undefined> {
  const found = tx.selectFrom('followUp').selectAll().where('county', '=', county).where('id', '=', id)
  return found.forUpdate().executeTakeFirst()
}

export async function saveFollowUp(
  tx: Tx,
  row: Pick<FollowUpRow, 'county' | 'id'>,
  change: Partial<Omit<FollowUpRow, 'county' | 'id'>>,
): Promise<void> {
  const saved = tx.updateTable('followUp').set(change).where('county', '=', row.county).where('id', '=', row.id)
  await saved.execute()
}

/** Those named for several follow-ups; a follow-up has at most 20. */
export function listStaff(tx: Tx, county: string, ids: readonly string[]): Promise<StaffRow[]> {
  if (ids.length === 0) return Promise.resolve([])
  const found = tx.selectFrom('followUpStaff').selectAll().where('county', '=', county)
  return found
    .where('followUpId', 'in', [...ids])
    .orderBy('namedAt')
    .orderBy('accountId')
    .execute()
}

/** Follow-ups in which an account is named, in the order of their ids. */
export function listNamed(
  tx: Tx,
  county: string,
  accountId: string,
  page: { after: string | null; limit: number },
): Promise<(FollowUpRow & { postId: string })[]> {
  let found = tx
    .selectFrom('followUpStaff')
    .innerJoin('followUp', (join) =>
      join.onRef('followUp.county', '=', 'followUpStaff.county').onRef('followUp.id', '=', 'followUpStaff.followUpId'),
    )
    .selectAll('followUp')
    .select('followUpStaff.postId')
    .where('followUpStaff.county', '=', county)
    .where('followUpStaff.accountId', '=', accountId)
  if (page.after !== null) found = found.where('followUpStaff.followUpId', '>', page.after)
  return found.orderBy('followUpStaff.followUpId').limit(page.limit).execute()
}

/** The latest contacts and looks of one follow-up. */
export function listNotes(tx: Tx, county: string, followUpId: string): Promise<NoteRow[]> {
  const found = tx.selectFrom('followUpNote').selectAll().where('county', '=', county)
  return found.where('followUpId', '=', followUpId).orderBy('at', 'desc').orderBy('id', 'desc').limit(100).execute()
}

export function findOpenExtension(tx: Tx, county: string, followUpId: string): Promise<ExtensionRow | undefined> {
  const found = tx.selectFrom('followUpExtension').selectAll().where('county', '=', county)
  return found.where('followUpId', '=', followUpId).where('decision', 'is', null).executeTakeFirst()
}

/** Which of them wait for an extension. */
export async function listWithExtension(tx: Tx, county: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const found = tx.selectFrom('followUpExtension').select('followUpId').where('county', '=', county)
  const rows = await found
    .where('followUpId', 'in', [...ids])
    .where('decision', 'is', null)
    .execute()
  return new Set(rows.map(({ followUpId }) => followUpId))
}

/** Extensions that wait for this account's word; at most 50. */
export function listToApprove(tx: Tx, county: string, approver: string): Promise<ExtensionRow[]> {
  const found = tx.selectFrom('followUpExtension').selectAll().where('county', '=', county)
  return found.where('approver', '=', approver).where('decision', 'is', null).orderBy('id').limit(50).execute()
}

export async function saveDecision(
  tx: Tx,
  row: Pick<ExtensionRow, 'county' | 'id'>,
  change: Pick<ExtensionRow, 'decision' | 'decidedAt'>,
): Promise<void> {
  const saved = tx.updateTable('followUpExtension').set(change).where('county', '=', row.county)
  await saved.where('id', '=', row.id).execute()
}

/** Open ones in which nobody is named any more, in places none of which lies in another; at most 50. */
export function listUnattended(tx: Tx, county: string, paths: readonly string[]): Promise<FollowUpRow[]> {
  const found = tx
    .selectFrom('followUp')
    .selectAll()
    .where('county', '=', county)
    .where('state', '=', 'open')
    .where((row) =>
      row.or(
        paths.map((path) => {
          const [low, high] = subtreeRange(path)
          return row.and([row('areaPath', '>=', low), row('areaPath', '<', high)])
        }),
      ),
    )
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('followUpStaff')
            .select('accountId')
            .whereRef('followUpStaff.county', '=', 'followUp.county')
            .whereRef('followUpStaff.followUpId', '=', 'followUp.id'),
        ),
      ),
    )
  return found.orderBy('id').limit(50).execute()
}

const COUNT_OPEN = `select count(*) as count from follow_up
  where county = $1 and state = 'open'
    and exists (select from unnest($2::text[], $3::text[]) as place (low, high) where area_path >= low and area_path < high)`
const COUNT_LOOKS = `select purpose, count(*) as count from follow_up_look
  where county = $1 and at >= $4 and at < $5
    and exists (select from unnest($2::text[], $3::text[]) as place (low, high) where area_path >= low and area_path < high)
  group by purpose`

/** How many are open, and how often somebody looked between two instants, by purpose. */
export async function countFollowUps(
  tx: Tx,
  county: string,
  paths: readonly string[],
  span: readonly [Date, Date],
): Promise<{ open: number; looks: { purpose: string; count: number }[] }> {
  const ranges = paths.map(subtreeRange)
  const places = [ranges.map(([low]) => low), ranges.map(([, high]) => high)]
  const [open] = await hot<{ count: number }>(tx, 'follow_up_count', COUNT_OPEN, [county, ...places])
  const looks = await hot<{ purpose: string; count: number }>(tx, 'follow_up_looks', COUNT_LOOKS, [
    county,
    ...places,
    ...span,
  ])
  return { open: open?.count ?? 0, looks }
}

/** Contacts whose day has come and of which nobody was told. */
export function lockDue(tx: Tx, county: string, today: string, limit: number): Promise<FollowUpRow[]> {
  const found = tx.selectFrom('followUp').selectAll().where('county', '=', county).where('state', '=', 'open')
  const due = found.where('nextOn', '<=', today).where('nextToldAt', 'is', null)
  return due.orderBy('nextOn').limit(limit).forUpdate().skipLocked().execute()
}

/** Open ones that end by a day and of which nobody was told, or only the ended ones among them. */
export function lockEnding(
  tx: Tx,
  county: string,
  by: { day: string; told: boolean },
  limit: number,
): Promise<FollowUpRow[]> {
  let found = tx.selectFrom('followUp').selectAll().where('county', '=', county).where('state', '=', 'open')
  found = found.where('endsOn', '<=', by.day)
  if (!by.told) found = found.where('endToldAt', 'is', null)
  return found.orderBy('endsOn').limit(limit).forUpdate().skipLocked().execute()
}

/** Ended ones whose time is over. */
export function lockDeletable(tx: Tx, county: string, now: Date, limit: number): Promise<FollowUpRow[]> {
  const found = tx.selectFrom('followUp').selectAll().where('county', '=', county).where('deleteAt', '<=', now)
  return found.orderBy('deleteAt').limit(limit).forUpdate().skipLocked().execute()
}

/** Everything of one follow-up; that somebody looked stays, at whom does not. */
export async function deleteFollowUp(
  tx: Tx,
  county: string,
  id: string,
): Promise<{ notes: number; staff: number; extensions: number }> {
  const of = async (table: 'followUpNote' | 'followUpStaff' | 'followUpExtension'): Promise<number> => {
    const gone = await tx.deleteFrom(table).where('county', '=', county).where('followUpId', '=', id).executeTakeFirst()
    return Number(gone.numDeletedRows)
  }
  const [notes, staff, extensions] = [
    await of('followUpNote'),
    await of('followUpStaff'),
    await of('followUpExtension'),
  ]
  await tx.deleteFrom('followUp').where('county', '=', county).where('id', '=', id).execute()
  return { notes, staff, extensions }
}

/** Everybody named anywhere, with their post: the sweep looks whether they still sit there; in the order of accounts. */
export function listAllStaff(
  tx: Tx,
  county: string,
  after: readonly [string, string] | null,
  limit: number,
): Promise<StaffRow[]> {
  let found = tx.selectFrom('followUpStaff').selectAll().where('county', '=', county)
  if (after) {
    const [accountId, followUpId] = after
    found = found.where((row) =>
      row.or([
        row('accountId', '>', accountId),
        row.and([row('accountId', '=', accountId), row('followUpId', '>', followUpId)]),
      ]),
    )
  }
  return found.orderBy('accountId').orderBy('followUpId').limit(limit).execute()
}

const REHOME = `update follow_up set area_path = $4 || substr(area_path, length($5) + 1)
  where county = $1 and area_path >= $2 and area_path < $3`

/** Follow-ups of a place go where the place went. */
export async function moveFollowUps(tx: Tx, county: string, from: string, to: string): Promise<void> {
  await hot(tx, 'follow_up_rehome', REHOME, [county, ...subtreeRange(from), to, from])
}
