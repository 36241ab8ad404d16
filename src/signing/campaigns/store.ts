import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Tx } from '../../kernel/db.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type { DB } from '../../kernel/tables.ts'
import type { CampaignRow, EnvelopeRow } from '../envelopes/store.ts'
import type { Figures } from './contract.ts'

export type { CampaignRow, EnvelopeRow }
export type SealRow = Selectable<DB['signingSeal']>

export async function insertCampaign(tx: Tx, row: Insertable<DB['signingCampaign']>): Promise<void> {
  await tx.insertInto('signingCampaign').values(row).execute()
}

export const findCampaign = (tx: Tx, county: string, id: string): Promise<CampaignRow | undefined> =>
  tx.selectFrom('signingCampaign').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()

/** @returns undefined when another writer was quicker. */
export const saveCampaign = (
  tx: Tx,
  row: Pick<CampaignRow, 'county' | 'id' | 'version'>,
  change: Updateable<DB['signingCampaign']>,
): Promise<CampaignRow | undefined> =>
  tx
    .updateTable('signingCampaign')
    .set({ ...change, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst()

/** Campaigns below some places, over them, or shared with somebody; newest first. */
export function listCampaigns(
  tx: Tx,
  county: string,
  asked: {
    paths: readonly string[]
    above: readonly string[]
    account: string | null
    state: string | null
    before: string | null
    limit: number
  },
): Promise<CampaignRow[]> {
  let found = tx.selectFrom('signingCampaign').selectAll().where('county', '=', county)
  found = found.where((where) =>
    where.or([
      ...asked.paths.map((path) => {
        const [from, to] = subtreeRange(path)
        return where.and([where('areaPath', '>=', from), where('areaPath', '<', to)])
      }),
      ...(asked.above.length > 0 ? [where('areaPath', 'in', asked.above)] : []),
      where(
        'id',
        'in',
        where
          .selectFrom('signingCollaborator')
          .select('campaignId')
          .where('county', '=', county)
          .where('accountId', '=', asked.account),
      ),
    ]),
  )
  if (asked.state !== null) found = found.where('state', '=', asked.state)
  if (asked.before !== null) found = found.where('id', '<', asked.before)
  return found.orderBy('id', 'desc').limit(asked.limit).execute()
}

/** Running campaigns; a county has some dozen at once. */
export const listRunning = (tx: Tx, county: string): Promise<CampaignRow[]> =>
  tx
    .selectFrom('signingCampaign')
    .selectAll()
    .where('county', '=', county)
    .where('state', '=', 'running')
    .orderBy('id')
    .limit(500)
    .execute()

const none: Figures = { faulty: 0, waiting: 0, sent: 0, opened: 0, signed: 0, sealed: 0, declined: 0, ended: 0 }

/** What is kept by micro-grid, of one campaign within a place: some hundred rows, never the envelopes. */
export async function listTallies(
  tx: Tx,
  county: string,
  campaignId: string,
  places: readonly string[],
): Promise<(Figures & { areaPath: string })[]> {
  if (places.length === 0) return []
  return tx
    .selectFrom('signingTally')
    .select(['areaPath', 'faulty', 'waiting', 'sent', 'opened', 'signed', 'sealed', 'declined', 'ended'])
    .where('county', '=', county)
    .where('campaignId', '=', campaignId)
    .where((where) =>
      where.or(
        places.map((path) => {
          const [from, to] = subtreeRange(path)
          return where.and([where('areaPath', '>=', from), where('areaPath', '<', to)])
        }),
      ),
    )
    .orderBy('areaPath')
    .execute()
}

export async function sumTallies(
  tx: Tx,
  county: string,
  campaignIds: readonly string[],
): Promise<Map<string, Figures>> {
  if (campaignIds.length === 0) return new Map()
  const total = (name: keyof Figures) => sql<number>`sum(${sql.ref(name)})::int`.as(name)
  const rows = await tx
    .selectFrom('signingTally')
    .select(['campaignId', ...(Object.keys(none) as (keyof Figures)[]).map(total)])
    .where('county', '=', county)
    .where('campaignId', 'in', campaignIds)
    .groupBy('campaignId')
    .execute()
  return new Map(rows.map(({ campaignId, ...figures }) => [campaignId, figures]))
}

export const noFigures = (): Figures => ({ ...none })

/** How many signed in each hour within a place. */
export async function listHours(
  tx: Tx,
  county: string,
  campaignId: string,
  place: string,
): Promise<{ hour: Date; signed: number }[]> {
  const [from, to] = subtreeRange(place)
  return tx
    .selectFrom('signingHour')
    .select(['hour', sql<number>`sum(signed)::int`.as('signed')])
    .where('county', '=', county)
    .where('campaignId', '=', campaignId)
    .where('areaPath', '>=', from)
    .where('areaPath', '<', to)
    .groupBy('hour')
    .orderBy('hour')
    .limit(5000)
    .execute()
}

const AT_ONCE = 400

/** A list taken in: envelopes, signers and the figures that follow. */
export async function insertRecipients(
  tx: Tx,
  envelopes: Insertable<DB['signingEnvelope']>[],
  signers: Insertable<DB['signingSigner']>[],
  tallies: Insertable<DB['signingTally']>[],
): Promise<void> {
  for (let from = 0; from < envelopes.length; from += AT_ONCE)
    await tx
      .insertInto('signingEnvelope')
      .values(envelopes.slice(from, from + AT_ONCE))
      .execute()
  for (let from = 0; from < signers.length; from += AT_ONCE)
    await tx
      .insertInto('signingSigner')
      .values(signers.slice(from, from + AT_ONCE))
      .execute()
  for (let from = 0; from < tallies.length; from += AT_ONCE)
    await tx
      .insertInto('signingTally')
      .values(tallies.slice(from, from + AT_ONCE))
      .execute()
}

/** Forgets a list that was never sent, for the mended one. */
export async function dropDrafts(tx: Tx, county: string, campaignId: string): Promise<void> {
  const drafts = tx
    .selectFrom('signingEnvelope')
    .select('id')
    .where('county', '=', county)
    .where('campaignId', '=', campaignId)
  await tx.deleteFrom('signingSigner').where('county', '=', county).where('envelopeId', 'in', drafts).execute()
  await tx.deleteFrom('signingEnvelope').where('county', '=', county).where('campaignId', '=', campaignId).execute()
  await tx.deleteFrom('signingTally').where('county', '=', county).where('campaignId', '=', campaignId).execute()
}

/** Everything without a problem goes out. @returns how many. */
export async function releaseDrafts(tx: Tx, county: string, campaignId: string): Promise<number> {
  const released = await tx
    .updateTable('signingEnvelope')
    .set((set) => ({ state: 'waiting', version: set('version', '+', 1) }))
    .where('county', '=', county)
    .where('campaignId', '=', campaignId)
    .where('state', '=', 'draft')
    .where(sql<boolean>`problems = '[]'::jsonb`)
    .executeTakeFirst()
  return Number(released.numUpdatedRows)
}

/** What is still open when a campaign is closed expires at once; the sweep does it one by one. */
export async function expireOpen(tx: Tx, county: string, campaignId: string, at: Date): Promise<void> {
  await tx
    .updateTable('signingEnvelope')
    .set({ expiresAt: at })
    .where('county', '=', county)
    .where('campaignId', '=', campaignId)
    .where('state', 'in', ['waiting', 'sent', 'opened', 'consented', 'identified', 'signed'])
    .execute()
}

/** Ids that wait to be sent, held until the command ends; others are passed over. */
export const lockWaiting = (tx: Tx, county: string, campaignId: string, limit: number): Promise<{ id: string }[]> =>
  tx
    .selectFrom('signingEnvelope')
    .select('id')
    .where('county', '=', county)
    .where('campaignId', '=', campaignId)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()

export const lockDueReminders = (tx: Tx, county: string, now: Date, limit: number): Promise<{ id: string }[]> =>
  tx
    .selectFrom('signingEnvelope')
    .select('id')
    .where('county', '=', county)
    .where('remindAt', '<=', now)
    .orderBy('remindAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()

export const lockExpired = (tx: Tx, county: string, now: Date, limit: number): Promise<{ id: string }[]> =>
  tx
    .selectFrom('signingEnvelope')
    .select('id')
    .where('county', '=', county)
    .where('state', 'in', ['waiting', 'sent', 'opened', 'consented', 'identified', 'signed'])
    .where('expiresAt', '<=', now)
    .orderBy('expiresAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()

/** @returns false where this step was told already. */
export async function noteMessage(tx: Tx, row: Insertable<DB['signingMessage']>): Promise<boolean> {
  const made = tx
    .insertInto('signingMessage')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
  return (await made.returning('step').execute()).length === 1
}

export const hasMessage = async (
  tx: Tx,
  at: { county: string; envelopeId: string; position: number; step: string },
): Promise<boolean> =>
  (await tx
    .selectFrom('signingMessage')
    .select('step')
    .where('county', '=', at.county)
    .where('envelopeId', '=', at.envelopeId)
    .where('position', '=', at.position)
    .where('step', '=', at.step)
    .executeTakeFirst()) !== undefined

export async function setReminder(tx: Tx, row: Pick<EnvelopeRow, 'county' | 'id'>, at: Date | null): Promise<void> {
  const set = tx.updateTable('signingEnvelope').set({ remindAt: at }).where('county', '=', row.county)
  await set.where('id', '=', row.id).execute()
}

export function listEnvelopes(
  tx: Tx,
  county: string,
  campaignId: string,
  asked: {
    places: readonly string[]
    state: string | null
    faulty: boolean
    after: [row: number, id: string] | null
    limit: number
  },
): Promise<EnvelopeRow[]> {
  let found = tx
    .selectFrom('signingEnvelope')
    .selectAll()
    .where('county', '=', county)
    .where('campaignId', '=', campaignId)
    .where((where) =>
      where.or(
        asked.places.map((path) => {
          const [from, to] = subtreeRange(path)
          return where.and([where('areaPath', '>=', from), where('areaPath', '<', to)])
        }),
      ),
    )
  if (asked.state !== null) found = found.where('state', '=', asked.state)
  if (asked.faulty) found = found.where('state', '=', 'draft').where(sql<boolean>`problems <> '[]'::jsonb`)
  const { after } = asked
  if (after) found = found.where(sql<boolean>`(row_number, id) > (${after[0]}::int, ${after[1]}::uuid)`)
  return found.orderBy('rowNumber').orderBy('id').limit(asked.limit).execute()
}

/** What waits for a signer in some places, whichever campaign asks. */
export const listOpen = (
  tx: Tx,
  county: string,
  asked: { places: readonly string[]; after: [path: string, id: string] | null; limit: number },
): Promise<(EnvelopeRow & { title: string })[]> => {
  let found = tx
    .selectFrom('signingEnvelope as e')
    .innerJoin('signingCampaign as c', (join) =>
      join.onRef('c.county', '=', 'e.county').onRef('c.id', '=', 'e.campaignId'),
    )
    .selectAll('e')
    .select('c.title')
    .where('e.county', '=', county)
    .where('c.county', '=', county)
    .where('c.state', '=', 'running')
    .where('e.state', 'in', ['sent', 'opened', 'consented', 'identified', 'signed'])
    .where((where) =>
      where.or(
        asked.places.map((path) => {
          const [from, to] = subtreeRange(path)
          return where.and([where('e.areaPath', '>=', from), where('e.areaPath', '<', to)])
        }),
      ),
    )
  const { after } = asked
  if (after) found = found.where(sql<boolean>`(e.area_path, e.id) > (${after[0]}, ${after[1]}::uuid)`)
  return found.orderBy('e.areaPath').orderBy('e.id').limit(asked.limit).execute()
}

export async function insertEnvelope(
  tx: Tx,
  envelope: Insertable<DB['signingEnvelope']>,
  signers: Insertable<DB['signingSigner']>[],
): Promise<void> {
  await tx.insertInto('signingEnvelope').values(envelope).execute()
  await tx.insertInto('signingSigner').values(signers).execute()
}

export const listCollaborators = (
  tx: Tx,
  county: string,
  campaignId: string,
): Promise<{ accountId: string; part: string }[]> =>
  tx
    .selectFrom('signingCollaborator')
    .select(['accountId', 'part'])
    .where('county', '=', county)
    .where('campaignId', '=', campaignId)
    .orderBy('at')
    .limit(50)
    .execute()

export async function putCollaborator(tx: Tx, row: Insertable<DB['signingCollaborator']>): Promise<void> {
  const { part, at } = row
  await tx
    .insertInto('signingCollaborator')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['county', 'campaignId', 'accountId']).doUpdateSet({ part, at: at as Date }),
    )
    .execute()
}

export async function dropCollaborator(tx: Tx, county: string, campaignId: string, accountId: string): Promise<void> {
  const gone = tx.deleteFrom('signingCollaborator').where('county', '=', county).where('campaignId', '=', campaignId)
  await gone.where('accountId', '=', accountId).execute()
}

export async function insertSeal(tx: Tx, row: Insertable<DB['signingSeal']>): Promise<void> {
  await tx.insertInto('signingSeal').values(row).execute()
}

export const findSeal = (tx: Tx, county: string, id: string): Promise<SealRow | undefined> =>
  tx.selectFrom('signingSeal').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()

export function listSeals(tx: Tx, county: string, asked: { before: string | null; limit: number }): Promise<SealRow[]> {
  let found = tx.selectFrom('signingSeal').selectAll().where('county', '=', county)
  if (asked.before !== null) found = found.where('id', '<', asked.before)
  return found.orderBy('id', 'desc').limit(asked.limit).execute()
}

export const saveSeal = (
  tx: Tx,
  row: Pick<SealRow, 'county' | 'id' | 'version'>,
  change: Updateable<DB['signingSeal']>,
): Promise<SealRow | undefined> =>
  tx
    .updateTable('signingSeal')
    .set({ ...change, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst()

export async function retrySealing(tx: Tx, row: Pick<EnvelopeRow, 'county' | 'id'>, at: Date): Promise<void> {
  const set = tx.updateTable('signingEnvelope').set({ tryAt: at }).where('county', '=', row.county)
  await set.where('id', '=', row.id).where('state', '=', 'sealing').execute()
}

export async function retryTroubled(tx: Tx, county: string, campaignId: string, at: Date): Promise<number> {
  const set = tx.updateTable('signingEnvelope').set({ tryAt: at }).where('county', '=', county)
  const done = await set
    .where('campaignId', '=', campaignId)
    .where('state', '=', 'sealing')
    .where('trouble', 'is not', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}
