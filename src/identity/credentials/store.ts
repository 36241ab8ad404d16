import type { Selectable } from 'kysely'
import { hot, type Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'

export type TotpRow = Selectable<DB['totpSecret']>

export async function findPasswordHash(tx: Tx, county: string, accountId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('password')
    .select('hash')
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .executeTakeFirst()
  return row?.hash
}

export async function savePasswordHash(
  tx: Tx,
  row: { county: string; accountId: string; hash: string; changedAt: Date },
): Promise<void> {
  await tx
    .insertInto('password')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['county', 'accountId']).doUpdateSet({ hash: row.hash, changedAt: row.changedAt }),
    )
    .execute()
}

export async function findTotp(tx: Tx, county: string, accountId: string): Promise<TotpRow | undefined> {
  return tx
    .selectFrom('totpSecret')
    .selectAll()
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .executeTakeFirst()
}

/** Keeps a new unconfirmed secret; a confirmed one stays. @returns false when one is confirmed already. */
export async function offerTotp(
  tx: Tx,
  row: { county: string; accountId: string; secretSealed: Buffer; algorithm: string; createdAt: Date },
): Promise<boolean> {
  const rows = await hot<{ accountId: string }>(
    tx,
    'identity_totp_offer',
    `insert into totp_secret (county, account_id, secret_sealed, algorithm, confirmed_at, last_step, created_at)
     values ($1, $2, $3, $4, null, 0, $5)
     on conflict (county, account_id) do update set secret_sealed = excluded.secret_sealed,
       algorithm = excluded.algorithm, created_at = excluded.created_at, last_step = 0
     where totp_secret.confirmed_at is null
     returning account_id as "accountId"`,
    [row.county, row.accountId, row.secretSealed, row.algorithm, row.createdAt],
  )
  return rows.length === 1
}

/** Takes a step for ever: of two that show the same code at once, one gets true. */
export async function takeStep(tx: Tx, which: { county: string; accountId: string }, step: number): Promise<boolean> {
  const rows = await tx
    .updateTable('totpSecret')
    .set({ lastStep: step })
    .where('county', '=', which.county)
    .where('accountId', '=', which.accountId)
    .where('lastStep', '<', step)
    .returning('accountId')
    .execute()
  return rows.length === 1
}

export async function confirmTotp(tx: Tx, which: { county: string; accountId: string }, at: Date): Promise<void> {
  await tx
    .updateTable('totpSecret')
    .set({ confirmedAt: at })
    .where('county', '=', which.county)
    .where('accountId', '=', which.accountId)
    .execute()
}

/** @returns whether there was one. */
export async function deleteTotp(tx: Tx, county: string, accountId: string): Promise<boolean> {
  await tx.deleteFrom('recoveryCode').where('county', '=', county).where('accountId', '=', accountId).execute()
  const gone = await tx
    .deleteFrom('totpSecret')
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .returning('accountId')
    .execute()
  return gone.length > 0
}

export async function replaceRecoveryCodes(
  tx: Tx,
  which: { county: string; accountId: string },
  codes: { blinds: Buffer[]; at: Date },
): Promise<void> {
  await tx
    .deleteFrom('recoveryCode')
    .where('county', '=', which.county)
    .where('accountId', '=', which.accountId)
    .execute()
  await tx
    .insertInto('recoveryCode')
    .values(codes.blinds.map((codeBlind) => ({ ...which, codeBlind, createdAt: codes.at })))
    .execute()
}

/** Uses a code up: of two that show it at once, one gets true. */
export async function takeRecoveryCode(
  tx: Tx,
  which: { county: string; accountId: string; codeBlind: Buffer },
  at: Date,
): Promise<boolean> {
  const rows = await tx
    .updateTable('recoveryCode')
    .set({ usedAt: at })
    .where('county', '=', which.county)
    .where('accountId', '=', which.accountId)
    .where('codeBlind', '=', which.codeBlind)
    .where('usedAt', 'is', null)
    .returning('accountId')
    .execute()
  return rows.length === 1
}

export async function countRecoveryCodes(tx: Tx, county: string, accountId: string): Promise<number> {
  const row = await tx
    .selectFrom('recoveryCode')
    .select((row) => row.fn.countAll<number>().as('left'))
    .where('county', '=', county)
    .where('accountId', '=', accountId)
    .where('usedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return row.left
}
