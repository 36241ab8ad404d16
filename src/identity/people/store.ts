import type { Insertable } from 'kysely'
import { hot, type Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'
import type { AccountRow } from '../store.ts'

/** The row, or undefined when the phone has one already: of two at once, one inserts. */
export async function insertUnlessPhoneKnown(tx: Tx, row: Insertable<DB['account']>): Promise<AccountRow | undefined> {
  return tx
    .insertInto('account')
    .values(row)
    .onConflict((conflict) => conflict.columns(['county', 'phoneBlind']).where('kind', '<>', 'staff').doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** The resident or guest of a phone. */
export async function findByPhone(tx: Tx, county: string, phoneBlind: Buffer): Promise<AccountRow | undefined> {
  return tx
    .selectFrom('account')
    .selectAll()
    .where('county', '=', county)
    .where('phoneBlind', '=', phoneBlind)
    .where('kind', '<>', 'staff')
    .executeTakeFirst()
}

export type NamedRow = Pick<AccountRow, 'id' | 'kind' | 'nameSealed'>

export async function listNames(tx: Tx, county: string, ids: string[]): Promise<NamedRow[]> {
  if (ids.length === 0) return []
  return hot<NamedRow>(
    tx,
    'identity_list_names',
    'select id, kind, name_sealed as "nameSealed" from account where county = $1 and id = any($2::uuid[])',
    [county, ids],
  )
}

/** Accounts of staff that may act, by login name. */
export const listStaff = (tx: Tx, county: string, limit: number): Promise<(NamedRow & { loginName: string })[]> =>
  hot(
    tx,
    'identity_list_staff',
    `select id, kind, name_sealed as "nameSealed", login_name as "loginName" from account
     where county = $1 and login_name is not null and status <> 'disabled' order by login_name limit $2`,
    [county, limit],
  )

export async function insertUnmasking(tx: Tx, row: Insertable<DB['unmasking']>): Promise<void> {
  await tx.insertInto('unmasking').values(row).execute()
}

/** Notes that the phone has an account in this county; made before the account, and harmless when it is there. */
export async function claimPhone(tx: Tx, claim: { phoneHash: Buffer; county: string; claimedAt: Date }): Promise<void> {
  await tx
    .insertInto('phoneClaim')
    .values(claim)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function listClaims(tx: Tx, phoneHash: Buffer): Promise<string[]> {
  const rows = await tx
    .selectFrom('phoneClaim')
    .select('county')
    .where('phoneHash', '=', phoneHash)
    .orderBy('county')
    .limit(200)
    .execute()
  return rows.map((row: { county: string }) => row.county)
}

export async function listPhones(
  tx: Tx,
  county: string,
  ids: string[],
): Promise<{ id: string; phoneSealed: Buffer }[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('account')
    .select(['id', 'phoneSealed'])
    .where('county', '=', county)
    .where('id', 'in', ids)
    .execute()
  return rows.flatMap(({ id, phoneSealed }) => (phoneSealed ? [{ id, phoneSealed }] : []))
}

/** Keeps the row as it is until the transaction ends. */
export async function lockShared(
  tx: Tx,
  county: string,
  id: string,
): Promise<Pick<AccountRow, 'kind' | 'status'> | undefined> {
  return tx
    .selectFrom('account')
    .select(['kind', 'status'])
    .where('county', '=', county)
    .where('id', '=', id)
    .forShare()
    .executeTakeFirst()
}

export interface RosterRow {
  id: string
  blind: string
  status: string
  nameSealed: Buffer | null
  seated: boolean
}

/** @param blinds Blind indexes as hex. */
export function listStaffByPhones(tx: Tx, county: string, blinds: readonly string[]): Promise<RosterRow[]> {
  if (blinds.length === 0) return Promise.resolve([])
  const text = `select a.id, encode(a.phone_blind, 'hex') as blind, a.status, a.name_sealed as "nameSealed",
      exists (select from administrator_seat s where s.county = $1 and s.account_id = a.id and s.held_until is null) as seated
    from account a where a.county = $1 and a.kind = 'staff'
      and a.phone_blind = any(select decode(b, 'hex') from unnest($2::text[]) b)`
  return hot<RosterRow>(tx, 'identity_staff_by_phones', text, [county, blinds])
}

/** @param range From, up to but not including. */
export async function listLoginNamesFrom(tx: Tx, county: string, range: [string, string]): Promise<string[]> {
  const text = `select login_name as "loginName" from account
    where county = $1 and login_name >= $2 and login_name < $3`
  const rows = await hot<{ loginName: string }>(tx, 'identity_login_names_from', text, [county, ...range])
  return rows.map(({ loginName }) => loginName)
}

const unseated = `not exists (select from administrator_seat s
  where s.county = $1 and s.account_id = a.id and s.held_until is null)`

export async function countStaffRows(
  tx: Tx,
  county: string,
): Promise<{ staff: number; invited: number; active: number }> {
  const text = `select count(*)::int as staff, count(*) filter (where status = 'invited')::int as invited,
      count(*) filter (where status = 'active')::int as active
    from account a where a.county = $1 and a.kind = 'staff' and a.status <> 'disabled' and ${unseated}`
  const [row] = await hot<{ staff: number; invited: number; active: number }>(tx, 'identity_count_staff', text, [
    county,
  ])
  return row!
}

export function listInvitedRows(
  tx: Tx,
  county: string,
  page: { after: string; limit: number },
): Promise<{ id: string; loginName: string }[]> {
  const text = `select a.id, a.login_name as "loginName" from account a
    where a.county = $1 and a.kind = 'staff' and a.status = 'invited' and a.login_name > $2 and ${unseated}
    order by a.login_name limit $3`
  return hot(tx, 'identity_list_invited', text, [county, page.after, page.limit])
}
