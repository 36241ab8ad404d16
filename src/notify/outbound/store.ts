import { hot, type Tx } from '../../kernel/db.ts'
import type { Locale } from '../../kernel/faults.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import type { DeliveryState } from './contract.ts'
import type { DeliveryChange, Health, OutboundChannel } from './rules.ts'

export interface WebhookRow extends Health {
  county: string
  id: string
  url: string
  description: string
  events: string[]
  secretSealed: Buffer
  oldSecretSealed: Buffer | null
  oldSecretUntil: Date | null
  active: boolean
  disabledReason: string | null
  createdBy: string | null
  version: number
  createdAt: Date
  updatedAt: Date
}

export interface RobotRow {
  county: string
  id: string
  kind: 'dingTalk' | 'weCom'
  name: string
  areaPath: string
  urlSealed: Buffer
  secretSealed: Buffer | null
  active: boolean
  version: number
  createdAt: Date
  updatedAt: Date
}

export interface SubscriptionRow {
  county: string
  id: string
  accountId: string
  endpointSealed: Buffer
  endpointHash: Buffer
  p256dh: string
  authSealed: Buffer
  locale: Locale
  createdAt: Date
}

export interface DeliveryRow {
  county: string
  id: string
  channel: OutboundChannel
  targetId: string
  topic: string
  payload: unknown
  state: DeliveryState
  attempts: number
  nextAt: Date | null
  lastCode: string | null
  createdAt: Date
  settledAt: Date | null
}

export async function insertWebhook(tx: Tx, row: WebhookRow): Promise<void> {
  await tx.insertInto('webhookEndpoint').values(row).execute()
}

export async function listWebhooks(tx: Tx, county: string): Promise<WebhookRow[]> {
  const found = tx.selectFrom('webhookEndpoint').selectAll().where('county', '=', county)
  return (await found.orderBy('createdAt').orderBy('id').limit(100).execute()) as WebhookRow[]
}

export async function findWebhook(tx: Tx, county: string, id: string): Promise<WebhookRow | undefined> {
  const found = tx.selectFrom('webhookEndpoint').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.executeTakeFirst()) as WebhookRow | undefined
}

/** Locks the row until the transaction ends, so that two administrators cannot both change it. */
export async function lockWebhook(tx: Tx, county: string, id: string): Promise<WebhookRow | undefined> {
  const found = tx.selectFrom('webhookEndpoint').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.forUpdate().executeTakeFirst()) as WebhookRow | undefined
}

export async function saveWebhook(tx: Tx, row: WebhookRow): Promise<void> {
  const { county, id, ...change } = row
  await tx.updateTable('webhookEndpoint').set(change).where('county', '=', county).where('id', '=', id).execute()
}

export async function deleteWebhook(tx: Tx, county: string, id: string): Promise<void> {
  await tx.deleteFrom('delivery').where('county', '=', county).where('targetId', '=', id).execute()
  await tx.deleteFrom('webhookEndpoint').where('county', '=', county).where('id', '=', id).execute()
}

export async function insertRobot(tx: Tx, row: RobotRow): Promise<void> {
  await tx.insertInto('robot').values(row).execute()
}

export async function listRobots(tx: Tx, county: string, root: string): Promise<RobotRow[]> {
  const [from, to] = subtreeRange(root)
  const found = tx
    .selectFrom('robot')
    .selectAll()
    .where('county', '=', county)
    .where('areaPath', '>=', from)
    .where('areaPath', '<', to)
  return (await found.orderBy('areaPath').orderBy('id').limit(200).execute()) as RobotRow[]
}

/** Active robots of any of these areas. */
export async function listRobotsAt(tx: Tx, county: string, paths: string[]): Promise<RobotRow[]> {
  const found = tx.selectFrom('robot').selectAll().where('county', '=', county).where('active', '=', true)
  return (await found.where('areaPath', 'in', paths).limit(200).execute()) as RobotRow[]
}

export async function findRobot(tx: Tx, county: string, id: string): Promise<RobotRow | undefined> {
  const found = tx.selectFrom('robot').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.executeTakeFirst()) as RobotRow | undefined
}

export async function lockRobot(tx: Tx, county: string, id: string): Promise<RobotRow | undefined> {
  const found = tx.selectFrom('robot').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.forUpdate().executeTakeFirst()) as RobotRow | undefined
}

export async function saveRobot(tx: Tx, row: RobotRow): Promise<void> {
  const { county, id, ...change } = row
  await tx.updateTable('robot').set(change).where('county', '=', county).where('id', '=', id).execute()
}

const inPlace = (tx: Tx, county: string, path: string) => {
  const [from, to] = subtreeRange(path)
  return tx
    .selectFrom('robot')
    .select('id')
    .where('county', '=', county)
    .where('areaPath', '>=', from)
    .where('areaPath', '<', to)
}

export async function countRobotsUnder(tx: Tx, county: string, path: string): Promise<number> {
  return (await inPlace(tx, county, path).limit(1_000).execute()).length
}

/** Robots of a place go where the place went. */
export async function moveRobots(tx: Tx, county: string, from: string, to: string): Promise<number> {
  const text = `update robot set area_path = $4 || substr(area_path, length($5) + 1)
    where county = $1 and area_path >= $2 and area_path < $3 returning id`
  return (await hot(tx, 'notify_robots_move', text, [county, ...subtreeRange(from), to, from])).length
}

export async function deleteRobot(tx: Tx, county: string, id: string): Promise<void> {
  await tx.deleteFrom('delivery').where('county', '=', county).where('targetId', '=', id).execute()
  await tx.deleteFrom('robot').where('county', '=', county).where('id', '=', id).execute()
}

/** A browser belongs to whoever subscribed on it last. */
export async function saveSubscription(tx: Tx, row: SubscriptionRow): Promise<string> {
  const { county, endpointHash, id, createdAt, ...change } = row
  const saved = await tx
    .insertInto('pushSubscription')
    .values({ county, endpointHash, id, createdAt, ...change })
    .onConflict((at) => at.columns(['county', 'endpointHash']).doUpdateSet(change))
    .returning('id')
    .executeTakeFirstOrThrow()
  return saved.id
}

export async function listSubscriptions(tx: Tx, county: string, accountIds: string[]): Promise<SubscriptionRow[]> {
  if (accountIds.length === 0) return []
  const found = tx
    .selectFrom('pushSubscription')
    .selectAll()
    .where('county', '=', county)
    .where('accountId', 'in', accountIds)
  return (await found.limit(2000).execute()) as SubscriptionRow[]
}

/** Whether anybody in the county has subscribed: hardly ever changes, and most counties have nobody. */
export async function hasSubscriptions(tx: Tx, county: string): Promise<boolean> {
  const found = await tx.selectFrom('pushSubscription').select('id').where('county', '=', county).limit(1).execute()
  return found.length > 0
}

export async function findSubscription(tx: Tx, county: string, id: string): Promise<SubscriptionRow | undefined> {
  const found = tx.selectFrom('pushSubscription').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.executeTakeFirst()) as SubscriptionRow | undefined
}

export async function deleteSubscription(tx: Tx, county: string, id: string): Promise<void> {
  await tx.deleteFrom('pushSubscription').where('county', '=', county).where('id', '=', id).execute()
}

export async function deleteOwnSubscription(
  tx: Tx,
  county: string,
  own: { accountId: string; endpointHash: Buffer },
): Promise<void> {
  const { accountId, endpointHash } = own
  const gone = tx.deleteFrom('pushSubscription').where('county', '=', county).where('accountId', '=', accountId)
  await gone.where('endpointHash', '=', endpointHash).execute()
}

/** @returns false when this entry was already queued for this target. */
export async function insertDelivery(tx: Tx, row: DeliveryRow): Promise<boolean> {
  const values = { ...row, payload: JSON.stringify(row.payload) }
  const inserted = tx
    .insertInto('delivery')
    .values(values)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
  return (await inserted.executeTakeFirstOrThrow()).numInsertedOrUpdatedRows === 1n
}

export async function hasDueDelivery(tx: Tx, county: string, now: Date): Promise<boolean> {
  const found = tx.selectFrom('delivery').select('id').where('county', '=', county).where('nextAt', '<=', now).limit(1)
  return (await found.executeTakeFirst()) !== undefined
}

/** Due deliveries, locked until the transaction ends; another sender's are passed over. */
export async function lockDueDeliveries(
  tx: Tx,
  county: string,
  due: { now: Date; limit: number },
): Promise<DeliveryRow[]> {
  const found = tx.selectFrom('delivery').selectAll().where('county', '=', county).where('nextAt', '<=', due.now)
  const rows = await found.orderBy('nextAt').limit(due.limit).forUpdate().skipLocked().execute()
  return rows as DeliveryRow[]
}

/** Writes what became of a delivery, if nobody has taken it over meanwhile. */
export async function saveDelivery(
  tx: Tx,
  row: DeliveryRow,
  change: Partial<DeliveryChange> & {
    state: DeliveryState
    nextAt: Date | null
    attempts?: number
    settledAt?: Date | null
  },
): Promise<boolean> {
  const updated = tx.updateTable('delivery').set(change).where('county', '=', row.county).where('id', '=', row.id)
  const { numUpdatedRows } = await updated
    .where('state', '=', row.state)
    .where('attempts', '=', row.attempts)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function findDelivery(tx: Tx, county: string, id: string): Promise<DeliveryRow | undefined> {
  const found = tx.selectFrom('delivery').selectAll().where('county', '=', county).where('id', '=', id)
  return (await found.executeTakeFirst()) as DeliveryRow | undefined
}

export async function lockDelivery(
  tx: Tx,
  county: string,
  of: { targetId: string; id: string },
): Promise<DeliveryRow | undefined> {
  const found = tx.selectFrom('delivery').selectAll().where('county', '=', county).where('targetId', '=', of.targetId)
  return (await found.where('id', '=', of.id).forUpdate().executeTakeFirst()) as DeliveryRow | undefined
}

export async function listDeliveries(
  tx: Tx,
  county: string,
  query: { targetId: string; limit: number; before?: { at: Date; id: string } },
): Promise<DeliveryRow[]> {
  let found = tx.selectFrom('delivery').selectAll().where('county', '=', county).where('targetId', '=', query.targetId)
  const { before } = query
  if (before) {
    found = found.where((row) =>
      row.or([
        row('createdAt', '<', before.at),
        row.and([row('createdAt', '=', before.at), row('id', '<', before.id)]),
      ]),
    )
  }
  return (await found.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(query.limit).execute()) as DeliveryRow[]
}

/** Puts every failed delivery of a target back into the queue. */
export async function requeueFailed(tx: Tx, county: string, targetId: string, now: Date): Promise<number> {
  const back = tx.updateTable('delivery').set({ state: 'queued', attempts: 0, nextAt: now, settledAt: null })
  const of = back.where('county', '=', county).where('targetId', '=', targetId).where('state', '=', 'failed')
  return Number((await of.executeTakeFirstOrThrow()).numUpdatedRows)
}

export async function deleteOldDeliveries(tx: Tx, county: string, before: Date): Promise<void> {
  await tx.deleteFrom('delivery').where('county', '=', county).where('createdAt', '<', before).execute()
}
