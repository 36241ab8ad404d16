import { sql, type Selectable, type Updateable } from 'kysely'
import type { Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'

export type SessionRow = Selectable<DB['signingSession']>
export type SessionChange = Updateable<DB['signingSession']>
type SignerKey = Pick<SessionRow, 'county' | 'envelopeId' | 'position'>
type SessionKey = SignerKey & Pick<SessionRow, 'deviceHash'>

/** Nothing shown yet. */
export const fresh = {
  codeBlind: null,
  codeUntil: null,
  codeWrong: 0,
  phoneAt: null,
  registryAt: null,
  faceAt: null,
  identifiedAt: null,
  challenge: null,
  challengeMoves: null,
  challengeDocument: null,
  challengeUntil: null,
  transactionSealed: null,
  drafted: null,
  endedAt: null,
}

/** What a browser has done with a letter. */
export const findSession = (tx: Tx, key: SessionKey): Promise<SessionRow | undefined> =>
  tx
    .selectFrom('signingSession')
    .selectAll()
    .where('county', '=', key.county)
    .where('envelopeId', '=', key.envelopeId)
    .where('position', '=', key.position)
    .where('deviceHash', '=', key.deviceHash)
    .executeTakeFirst()

/** The same, held until the transaction ends: two taps come one after the other. */
export const lockSession = (tx: Tx, key: SessionKey): Promise<SessionRow | undefined> =>
  tx
    .selectFrom('signingSession')
    .selectAll()
    .where('county', '=', key.county)
    .where('envelopeId', '=', key.envelopeId)
    .where('position', '=', key.position)
    .where('deviceHash', '=', key.deviceHash)
    .forUpdate()
    .executeTakeFirst()

/** Begins, or begins anew: what was proved under other words counts no more. */
export async function putSession(tx: Tx, row: SessionRow): Promise<SessionRow> {
  const { county: _county, envelopeId: _envelope, position: _position, deviceHash: _device, ...fresh } = row
  return tx
    .insertInto('signingSession')
    .values(row)
    .onConflict((conflict) => conflict.columns(['county', 'envelopeId', 'position', 'deviceHash']).doUpdateSet(fresh))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export const saveSession = (tx: Tx, key: SessionKey, change: SessionChange): Promise<SessionRow> =>
  tx
    .updateTable('signingSession')
    .set(change)
    .where('county', '=', key.county)
    .where('envelopeId', '=', key.envelopeId)
    .where('position', '=', key.position)
    .where('deviceHash', '=', key.deviceHash)
    .returningAll()
    .executeTakeFirstOrThrow()

/** Whoever is identified now is so on one phone: what others had proved ends. */
export async function endOtherSessions(tx: Tx, key: SessionKey, at: Date): Promise<void> {
  await tx
    .updateTable('signingSession')
    .set({ endedAt: at })
    .where('county', '=', key.county)
    .where('envelopeId', '=', key.envelopeId)
    .where('position', '=', key.position)
    .where('deviceHash', '!=', key.deviceHash)
    .where('endedAt', 'is', null)
    .execute()
}

/** Counts one try of this day. @returns how many there were with it. */
export async function countTry(tx: Tx, key: SignerKey, kind: string, day: string): Promise<number> {
  const { county, envelopeId, position } = key
  const row = await tx
    .insertInto('signingTry')
    .values({ county, envelopeId, position, kind, day, count: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['county', 'envelopeId', 'position', 'kind', 'day'])
        .doUpdateSet({ count: sql<number>`signing_try.count + 1` }),
    )
    .returning('count')
    .executeTakeFirstOrThrow()
  return row.count
}

/** When help was asked for last; null where it never was. */
export const findTry = (tx: Tx, key: SignerKey, kind: string, day: string): Promise<{ count: number } | undefined> =>
  tx
    .selectFrom('signingTry')
    .select('count')
    .where('county', '=', key.county)
    .where('envelopeId', '=', key.envelopeId)
    .where('position', '=', key.position)
    .where('kind', '=', kind)
    .where('day', '=', day)
    .executeTakeFirst()
