import type { Insertable, Selectable } from 'kysely'
import { Fault } from '../../kernel/faults.ts'
import type { Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'
import type { TokenGrant } from './contract.ts'

export type ApiTokenRow = Selectable<DB['apiToken']>

export async function insertApiToken(
  tx: Tx,
  row: Insertable<DB['apiToken']>,
  grants: TokenGrant[],
): Promise<ApiTokenRow> {
  const saved = await tx.insertInto('apiToken').values(row).returningAll().executeTakeFirstOrThrow()
  const lines = grants.map((grant) => ({ county: row.county, tokenId: row.id, ...grant }))
  await tx
    .insertInto('apiTokenGrant')
    .values(lines)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return saved
}

export async function findApiTokenByHash(tx: Tx, county: string, tokenHash: Buffer): Promise<ApiTokenRow | undefined> {
  return tx
    .selectFrom('apiToken')
    .selectAll()
    .where('county', '=', county)
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst()
}

/** Locks the token until the transaction ends. @throws kernel.not_found */
export async function lockApiToken(tx: Tx, county: string, id: string): Promise<ApiTokenRow> {
  return tx
    .selectFrom('apiToken')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow(() => new Fault('kernel.not_found'))
}

export async function saveApiToken(
  tx: Tx,
  row: ApiTokenRow,
  change: { approvedBy?: string; approvedAt?: Date; revokedAt?: Date },
): Promise<ApiTokenRow> {
  return tx
    .updateTable('apiToken')
    .set({ ...change, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function touchApiToken(tx: Tx, county: string, id: string, at: Date): Promise<void> {
  await tx.updateTable('apiToken').set({ lastUsedAt: at }).where('county', '=', county).where('id', '=', id).execute()
}

/** Newest first; ids are made in order of time. */
export async function listApiTokens(
  tx: Tx,
  county: string,
  page: { limit: number; before: string | null },
): Promise<ApiTokenRow[]> {
  let rows = tx.selectFrom('apiToken').selectAll().where('county', '=', county)
  if (page.before) rows = rows.where('id', '<', page.before)
  return rows
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export async function listTokenGrants(tx: Tx, county: string, tokenIds: string[]): Promise<Map<string, TokenGrant[]>> {
  const found = new Map<string, TokenGrant[]>()
  if (tokenIds.length === 0) return found
  const rows = await tx
    .selectFrom('apiTokenGrant')
    .select(['tokenId', 'action', 'path', 'purpose'])
    .where('county', '=', county)
    .where('tokenId', 'in', tokenIds)
    .orderBy('action')
    .orderBy('path')
    .execute()
  for (const { tokenId, ...grant } of rows) found.set(tokenId, [...(found.get(tokenId) ?? []), grant])
  return found
}
