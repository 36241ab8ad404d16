import type { Insertable, Selectable } from 'kysely'
import { constraintOf, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import type { DB } from '../../kernel/tables.ts'

export type FlowRow = Selectable<DB['oidcFlow']>

export async function insertFlow(tx: Tx, row: Insertable<DB['oidcFlow']>): Promise<void> {
  await tx.insertInto('oidcFlow').values(row).execute()
}

/** Uses the visit up: of two that come back with the same state, one gets the row. */
export async function takeFlow(
  tx: Tx,
  which: { county: string; stateHash: Buffer; deviceHash: Buffer },
  now: Date,
): Promise<FlowRow | undefined> {
  return tx
    .updateTable('oidcFlow')
    .set({ usedAt: now })
    .where('county', '=', which.county)
    .where('stateHash', '=', which.stateHash)
    .where('deviceHash', '=', which.deviceHash)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returningAll()
    .executeTakeFirst()
}

export async function findLinked(
  tx: Tx,
  county: string,
  issuer: string,
  subjectBlind: Buffer,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('oidcIdentity')
    .select('accountId')
    .where('county', '=', county)
    .where('issuer', '=', issuer)
    .where('subjectBlind', '=', subjectBlind)
    .executeTakeFirst()
  return row?.accountId
}

/** @throws identity.oidc_taken when the identity, or the account's place for one, is taken. */
export async function insertLinked(tx: Tx, row: Insertable<DB['oidcIdentity']>): Promise<void> {
  await tx
    .insertInto('oidcIdentity')
    .values(row)
    .execute()
    .catch((error: unknown) => {
      const constraint = constraintOf(error)
      const isTaken = constraint === 'oidc_identity_pkey' || constraint === 'oidc_identity_account_key'
      throw isTaken ? new Fault('identity.oidc_taken', {}, { cause: error }) : error
    })
}

/** @returns whether there was one. */
export async function deleteLinked(tx: Tx, county: string, accountId: string): Promise<boolean> {
  const gone = await tx
    .deleteFrom('oidcIdentity')
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .returning('accountId')
    .execute()
  return gone.length > 0
}
