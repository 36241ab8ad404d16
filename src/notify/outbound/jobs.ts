import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { secretOf } from '../../kernel/config.ts'
import { uuidv5 } from '../../kernel/ids.ts'
import type { Entry, Sweep } from '../../kernel/jobs.ts'
import { record } from '../../ledger/index.ts'
import { dropKept, kept } from '../kept.ts'
import { wake } from '../pump.ts'
import { ClosedAddress } from './addresses.ts'
import { WebhookDisabled } from './contract.ts'
import { postOutside } from './post.ts'
import { makeVapidKeys, readVapidKeys, sendPush, type VapidKeys } from './push.ts'
import { readRobotAnswer, robotRequest, type RobotMessage } from './robots.ts'
import {
  afterAttempt,
  healthAfter,
  LEASE_SECONDS,
  readPushStatus,
  readWebhookStatus,
  type OutboundChannel,
  type Outcome,
} from './rules.ts'
import { webhookHeaders } from './standard-webhooks.ts'
import * as store from './store.ts'

const BATCH = 20
const DAY_MS = 86_400_000
/** Deliveries may be looked at and replayed this long. */
const KEEP_DAYS = 30

/** What a push or a robot carries; a webhook's payload is the entry itself. */
export interface NoticePayload extends Omit<RobotMessage, 'link'> {
  id: string
  subjectKind: string | null
  subjectId: string | null
  urgent: boolean
}

export interface NewDelivery {
  channel: OutboundChannel
  targetId: string
  topic: string
  payload: unknown
  /** Makes the id together with the target, so that a repeated handler sends nothing twice. */
  entryId: string
  nextAt: Date
}

export async function queueDelivery(cmd: Command, delivery: NewDelivery): Promise<void> {
  const { entryId, ...rest } = delivery
  await store.insertDelivery(cmd.tx, {
    county: cmd.county,
    id: uuidv5(entryId, `${delivery.targetId}|${delivery.topic}`),
    ...rest,
    state: 'queued',
    attempts: 0,
    lastCode: null,
    createdAt: cmd.now,
    settledAt: null,
  })
  cmd.afterCommit(() => wake('outbound', cmd.county))
}

/** Hands an entry to every endpoint that subscribed to its event. */
export async function publishEntry(cmd: Command, entry: Entry): Promise<void> {
  const endpoints = await kept(cmd, 'webhooks', () => store.listWebhooks(cmd.tx, cmd.county))
  const payload = {
    type: entry.event,
    timestamp: entry.at.toISOString(),
    data: {
      county: entry.county,
      id: entry.id,
      subjectId: entry.subjectId,
      subjectVersion: entry.subjectVersion,
      body: entry.body,
    },
  }
  for (const endpoint of endpoints) {
    if (!endpoint.active || !endpoint.events.includes(entry.event)) continue
    const delivery = {
      channel: 'webhook' as const,
      targetId: endpoint.id,
      topic: entry.event,
      payload,
      entryId: entry.id,
      nextAt: cmd.now,
    }
    await queueDelivery(cmd, delivery)
  }
}

type Attempt = (now: Date) => Promise<Outcome>

interface Task {
  row: store.DeliveryRow
  attempt: Attempt
}

/**
 * Works off what is due in one county; see `sendDue` of the SMS room for why the steps never share a transaction.
 *
 * @returns how many deliveries were handled.
 */
export async function deliverDue(app: App, county: string): Promise<number> {
  const idle = !(await app.db.reading(county, (tx) => store.hasDueDelivery(tx, county, app.clock.now())))
  if (idle) return 0
  const { tasks, handled } = await runSystem(app, county, (cmd) => takeDue(app, cmd))
  await Promise.all(tasks.map((task) => deliverOne(app, county, task)))
  return handled
}

async function takeDue(app: App, cmd: Command): Promise<{ tasks: Task[]; handled: number }> {
  const tasks: Task[] = []
  const rows = await store.lockDueDeliveries(cmd.tx, cmd.county, { now: cmd.now, limit: BATCH })
  const lease = new Date(cmd.now.getTime() + LEASE_SECONDS * 1000)
  for (const row of rows) {
    if (row.state === 'sending') {
      const change = afterAttempt(row.channel, row.attempts, undefined, cmd.now)
      await store.saveDelivery(cmd.tx, row, { ...change, settledAt: change.nextAt ? null : cmd.now })
      continue
    }
    const attempt = await attemptFor(app, cmd, row)
    if (!attempt) {
      await store.saveDelivery(cmd.tx, row, {
        state: 'failed',
        nextAt: null,
        lastCode: 'target_off',
        settledAt: cmd.now,
      })
      continue
    }
    const attempts = row.attempts + 1
    await store.saveDelivery(cmd.tx, row, { state: 'sending', nextAt: lease, attempts })
    tasks.push({ row: { ...row, state: 'sending', attempts }, attempt })
  }
  return { tasks, handled: rows.length }
}

/** Everything the attempt needs, opened while the transaction is there; undefined when the target is off or gone. */
async function attemptFor(app: App, cmd: Command, row: store.DeliveryRow): Promise<Attempt | undefined> {
  if (row.channel === 'webhook') return webhookAttempt(app, cmd, row)
  if (row.channel === 'robot') return robotAttempt(app, cmd, row)
  return pushAttempt(app, cmd, row)
}

const allowPrivate = (app: App) => app.config.get('WEBHOOK_ALLOW_PRIVATE') === 'yes'

async function webhookAttempt(app: App, cmd: Command, row: store.DeliveryRow): Promise<Attempt | undefined> {
  const endpoint = await store.findWebhook(cmd.tx, cmd.county, row.targetId)
  if (!endpoint?.active) return undefined
  const secrets = [cmd.vault.open(cmd.county, endpoint.secretSealed)]
  if (endpoint.oldSecretSealed && endpoint.oldSecretUntil && endpoint.oldSecretUntil > cmd.now) {
    secrets.push(cmd.vault.open(cmd.county, endpoint.oldSecretSealed))
  }
  const body = JSON.stringify(row.payload)
  return async (now) => {
    const signed = webhookHeaders(secrets, { id: row.id, timestamp: Math.floor(now.getTime() / 1000), body })
    const headers = { 'content-type': 'application/json', ...signed }
    const answer = await postOutside(endpoint.url, { headers, body }, { allowPrivate: allowPrivate(app) })
    return readWebhookStatus(answer.status, answer.retryAfterSeconds)
  }
}

async function robotAttempt(app: App, cmd: Command, row: store.DeliveryRow): Promise<Attempt | undefined> {
  const robot = await store.findRobot(cmd.tx, cmd.county, row.targetId)
  if (!robot?.active) return undefined
  const url = cmd.vault.open(cmd.county, robot.urlSealed)
  const secret = robot.secretSealed ? cmd.vault.open(cmd.county, robot.secretSealed) : null
  const notice = row.payload as NoticePayload
  const message = { ...notice, link: linkTo(app, notice) }
  return async (now) => {
    const request = robotRequest({ kind: robot.kind, url, secret }, message, now)
    const headers = { 'content-type': 'application/json' }
    const answer = await postOutside(request.url, { headers, body: request.body }, { allowPrivate: allowPrivate(app) })
    const read = readRobotAnswer(answer.status, answer.body)
    return read.outcome === 'delivered' ? { ...read, code: 'ok' } : read
  }
}

/** The desk's page of the subject, where people reach the house by an address. */
function linkTo(app: Pick<App, 'config'>, { subjectKind, subjectId }: NoticePayload): string | null {
  const { publicUrl } = app.config
  return publicUrl && subjectKind === 'matter' && subjectId
    ? new URL(`/console/matters/${subjectId}`, publicUrl).href
    : null
}

async function pushAttempt(app: App, cmd: Command, row: store.DeliveryRow): Promise<Attempt | undefined> {
  const subscription = await store.findSubscription(cmd.tx, cmd.county, row.targetId)
  if (!subscription) return undefined
  const endpoint = cmd.vault.open(cmd.county, subscription.endpointSealed)
  const auth = cmd.vault.open(cmd.county, subscription.authSealed)
  const { urgent, ...shown } = row.payload as NoticePayload
  const message = { payload: JSON.stringify(shown), topic: row.id.replaceAll('-', ''), urgent }
  return async () => {
    const options = { vapid: vapidKeys(app), subject: vapidSubject(app), allowPrivate: allowPrivate(app) }
    const answer = await sendPush({ endpoint, p256dh: subscription.p256dh, auth }, message, options)
    return readPushStatus(answer.status, answer.retryAfterSeconds)
  }
}

export const vapidKeys = (app: Pick<App, 'config'>): VapidKeys =>
  readVapidKeys(secretOf(app.config.dataDir, 'vapid.json', makeVapidKeys))

/** Whom a push service may turn to: the installation's own address, where it has one. */
const vapidSubject = (app: Pick<App, 'config'>) =>
  app.config.publicUrl.startsWith('https:') ? app.config.publicUrl : 'mailto:webmaster@localhost.localdomain'

async function deliverOne(app: App, county: string, task: Task): Promise<void> {
  const { row } = task
  let outcome: Outcome | undefined
  try {
    outcome = await task.attempt(app.clock.now())
  } catch (error) {
    if (error instanceof ClosedAddress) outcome = { outcome: 'refused', code: 'closed_address', retriable: false }
    app.log.warn({ delivery: row.id, channel: row.channel, error: (error as Error).name }, 'a delivery got no answer')
  }
  await runSystem(app, county, async (cmd) => {
    const change = afterAttempt(row.channel, row.attempts, outcome, cmd.now)
    const mine = await store.saveDelivery(cmd.tx, row, { ...change, settledAt: change.nextAt ? null : cmd.now })
    if (!mine) return
    if (row.channel === 'webhook') await noteHealth(cmd, row.targetId, outcome)
    if (row.channel === 'push' && outcome?.outcome === 'gone')
      await store.deleteSubscription(cmd.tx, county, row.targetId)
  })
}

/** Keeps count of an endpoint's failures and switches it off, in the ledger, when it has failed for days. */
async function noteHealth(cmd: Command, id: string, outcome: Outcome | undefined): Promise<void> {
  const row = await store.lockWebhook(cmd.tx, cmd.county, id)
  if (!row?.active) return
  const { disable, ...health } = healthAfter(row, outcome, cmd.now)
  if (!disable) {
    if (health.failures !== row.failures) await store.saveWebhook(cmd.tx, { ...row, ...health })
    return
  }
  const saved = {
    ...row,
    ...health,
    active: false,
    disabledReason: disable,
    version: row.version + 1,
    updatedAt: cmd.now,
  }
  await store.saveWebhook(cmd.tx, saved)
  dropKept(cmd, 'webhooks')
  await record(cmd, WebhookDisabled, { id, version: saved.version }, { reason: disable, failures: saved.failures })
}

export const outboundSweeps: Sweep[] = [
  {
    name: 'notify.forget_deliveries',
    everySeconds: 3600,
    async run(app) {
      for (const { code } of await countiesOf(app)) {
        await runSystem(app, code, (cmd) =>
          store.deleteOldDeliveries(cmd.tx, cmd.county, new Date(cmd.now.getTime() - KEEP_DAYS * DAY_MS)),
        )
      }
    },
  },
]
