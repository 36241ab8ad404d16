import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'
import type { TallyColumn } from './rules.ts'

export type EnvelopeRow = Selectable<DB['signingEnvelope']>
export type SignerRow = Selectable<DB['signingSigner']>
export type CampaignRow = Selectable<DB['signingCampaign']>
export type LetterRow = Selectable<DB['signingLetter']>
export type DocumentRow = Selectable<DB['signingDocument']>
export type EvidenceRow = Selectable<DB['signingEvidence']>
export type EnvelopeChange = Updateable<DB['signingEnvelope']>
export type SignerChange = Updateable<DB['signingSigner']>

export async function findLink(
  tx: Tx,
  county: string,
  tokenHash: Buffer,
): Promise<{ envelopeId: string; position: number } | undefined> {
  const found = tx.selectFrom('signingLink').select(['envelopeId', 'position'])
  return found.where('county', '=', county).where('tokenHash', '=', tokenHash).executeTakeFirst()
}

export async function insertLinks(tx: Tx, rows: Insertable<DB['signingLink']>[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('signingLink').values(rows).execute()
}

export const findEnvelope = (tx: Tx, county: string, id: string): Promise<EnvelopeRow | undefined> =>
  tx.selectFrom('signingEnvelope').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()

export const lockEnvelope = (tx: Tx, county: string, id: string): Promise<EnvelopeRow | undefined> =>
  tx
    .selectFrom('signingEnvelope')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

/** An envelope by the code on its paper. */
export const findByCode = (tx: Tx, county: string, code: string): Promise<EnvelopeRow | undefined> =>
  tx
    .selectFrom('signingEnvelope')
    .selectAll()
    .where('county', '=', county)
    .where('verifyCode', '=', code)
    .executeTakeFirst()

/** Signers in their order; a letter has six at most. */
export const listSigners = (tx: Tx, county: string, envelopeId: string): Promise<SignerRow[]> =>
  tx
    .selectFrom('signingSigner')
    .selectAll()
    .where('county', '=', county)
    .where('envelopeId', '=', envelopeId)
    .orderBy('position')
    .execute()

export const getCampaign = (tx: Tx, county: string, id: string): Promise<CampaignRow> =>
  tx
    .selectFrom('signingCampaign')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

export const getLetter = (tx: Tx, county: string, id: string): Promise<LetterRow> =>
  tx.selectFrom('signingLetter').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirstOrThrow()

export const findSealName = async (tx: Tx, county: string, id: string): Promise<string | undefined> =>
  (
    await tx
      .selectFrom('signingSeal')
      .select('name')
      .where('county', '=', county)
      .where('id', '=', id)
      .executeTakeFirst()
  )?.name

/** @returns undefined when another writer was quicker. */
export const saveEnvelope = (
  tx: Tx,
  row: Pick<EnvelopeRow, 'county' | 'id' | 'version'>,
  change: EnvelopeChange,
): Promise<EnvelopeRow | undefined> =>
  tx
    .updateTable('signingEnvelope')
    .set({ ...change, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst()

export async function saveSigner(
  tx: Tx,
  row: Pick<SignerRow, 'county' | 'envelopeId' | 'position'>,
  change: SignerChange,
): Promise<SignerRow> {
  const saved = tx.updateTable('signingSigner').set(change).where('county', '=', row.county)
  return saved
    .where('envelopeId', '=', row.envelopeId)
    .where('position', '=', row.position)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function insertEvidence(tx: Tx, rows: Insertable<DB['signingEvidence']>[]): Promise<void> {
  await tx.insertInto('signingEvidence').values(rows).execute()
}

/** The chain of one envelope, first event first: some dozen. */
export const listEvidence = (tx: Tx, county: string, envelopeId: string): Promise<EvidenceRow[]> =>
  tx
    .selectFrom('signingEvidence')
    .selectAll()
    .where('county', '=', county)
    .where('envelopeId', '=', envelopeId)
    .orderBy('seq')
    .limit(500)
    .execute()

const emptyTally = { faulty: 0, waiting: 0, sent: 0, opened: 0, signed: 0, sealed: 0, declined: 0, ended: 0 }

/** Adds to the figures of one micro-grid. */
export async function addTally(
  tx: Tx,
  at: { county: string; campaignId: string; areaPath: string },
  add: Partial<Record<TallyColumn, number>>,
): Promise<void> {
  const columns = Object.entries(add).filter(([, count]) => count !== 0) as [TallyColumn, number][]
  if (columns.length === 0) return
  const raised = Object.fromEntries(
    columns.map(([name, count]) => [name, sql<number>`${sql.ref(`signingTally.${name}`)} + ${count}`]),
  )
  await tx
    .insertInto('signingTally')
    .values({ ...at, ...emptyTally, ...add })
    .onConflict((conflict) => conflict.columns(['county', 'campaignId', 'areaPath']).doUpdateSet(raised))
    .execute()
}

export async function addHour(
  tx: Tx,
  at: { county: string; campaignId: string; areaPath: string; hour: Date },
): Promise<void> {
  await tx
    .insertInto('signingHour')
    .values({ ...at, signed: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['county', 'campaignId', 'areaPath', 'hour'])
        .doUpdateSet({ signed: sql<number>`signing_hour.signed + 1` }),
    )
    .execute()
}

export const findDocument = (
  tx: Tx,
  county: string,
  envelopeId: string,
  position: number,
): Promise<DocumentRow | undefined> =>
  tx
    .selectFrom('signingDocument')
    .selectAll()
    .where('county', '=', county)
    .where('envelopeId', '=', envelopeId)
    .where('position', '=', position)
    .executeTakeFirst()

/** Puts a document in place of the one that stood there. */
export async function putDocument(tx: Tx, row: Insertable<DB['signingDocument']> & { at: Date }): Promise<void> {
  const { pdf, attributes = null, certificate = null, keySpki = null, basedOn, at } = row
  await tx
    .insertInto('signingDocument')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['county', 'envelopeId', 'position'])
        .doUpdateSet({ pdf, attributes, certificate, keySpki, basedOn, at }),
    )
    .execute()
}

/** What the letter looked like on its way; the same bytes again are the same revision. */
export async function keepRevision(
  tx: Tx,
  {
    county,
    envelopeId,
    sha256,
    basedOn,
    at,
  }: { county: string; envelopeId: string; sha256: string; basedOn: number; at: Date },
): Promise<void> {
  await tx
    .insertInto('signingRevision')
    .values({ county, envelopeId, sha256, signatures: basedOn, at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function dropDocuments(tx: Tx, county: string, envelopeId: string): Promise<void> {
  await tx.deleteFrom('signingDocument').where('county', '=', county).where('envelopeId', '=', envelopeId).execute()
}

/** Takes one envelope that waits for its seal; nobody else gets it until the claim runs out. */
export async function claimSealing(tx: Tx, county: string, now: Date, until: Date): Promise<EnvelopeRow | undefined> {
  const due = tx
    .selectFrom('signingEnvelope')
    .select('id')
    .where('county', '=', county)
    .where('state', '=', 'sealing')
    .where('tryAt', '<=', now)
    .where((where) => where.or([where('claimedUntil', 'is', null), where('claimedUntil', '<', now)]))
    .orderBy('tryAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
  const [next] = await due.execute()
  if (!next) return undefined
  return tx
    .updateTable('signingEnvelope')
    .set((set) => ({ claimedUntil: until, tries: set('tries', '+', 1) }))
    .where('county', '=', county)
    .where('id', '=', next.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Gives a claim back with what stood in the way. */
export async function postponeSealing(
  tx: Tx,
  row: Pick<EnvelopeRow, 'county' | 'id' | 'version'>,
  trouble: string,
  tryAt: Date,
): Promise<void> {
  await tx
    .updateTable('signingEnvelope')
    .set({ trouble, tryAt, claimedUntil: null })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .where('state', '=', 'sealing')
    .execute()
}
