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
