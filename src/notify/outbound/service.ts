import { createHash } from 'node:crypto'
import { constraintOf } from '../../kernel/db.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf, type PageOf, type PageQuery } from '../../kernel/pages.ts'
import type { Rehome } from '../../kernel/ports.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import { dropKept } from '../kept.ts'
import { wake } from '../pump.ts'
import { textFor } from '../wording/index.ts'
import { addressProblem } from './addresses.ts'
import * as contract from './contract.ts'
import { publishedEvents } from './events.ts'
import { makeWebhookSecret } from './standard-webhooks.ts'
import * as store from './store.ts'

const HOUR_MS = 3_600_000
/** Both secrets sign this long after a change, so that a receiver can follow without missing anything. */
const OLD_SECRET_HOURS = 24

/** A group robot speaks for a place and goes where the place goes; a split leaves it with the old area. */
export const robotRehome: Rehome = {
  name: 'notify.robots',
  async preview(cmd, change) {
    const counts = await Promise.all(change.from.map((path) => store.countRobotsUnder(cmd.tx, cmd.county, path)))
    const label = cmd.locale === 'en' ? 'Group robots' : '群机器人'
    const count = counts.reduce((sum, one) => sum + one, 0)
    return [{ label, count, ...(change.sharing && { to: change.from[0]! }) }]
  },
  async apply(cmd, change) {
    const to = change.to[0]
    if (change.sharing || to === undefined) return 0
    let moved = 0
    for (const from of change.from) moved += await store.moveRobots(cmd.tx, cmd.county, from, to)
    return moved
  },
}

const presentWebhook = (row: store.WebhookRow): contract.Webhook => ({
  id: row.id,
  url: row.url,
  description: row.description,
  events: row.events,
  active: row.active,
  disabledReason: row.disabledReason,
  failures: row.failures,
  failingSince: row.failingSince?.toISOString() ?? null,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
})

function requireEvents(events: string[]): void {
  const allowed = publishedEvents()
  const unknown = events.find((event) => !allowed.includes(event))
  if (unknown) throw new Fault('notify.unknown_event', { event: unknown, allowed: allowed.join('、') })
}

const cleanLine = (text: string, path: string) => cleanText(text, { maxLength: 100, path })

export async function listWebhooks(cmd: Command): Promise<{ items: contract.Webhook[]; events: string[] }> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  return { items: (await store.listWebhooks(cmd.tx, cmd.county)).map(presentWebhook), events: publishedEvents() }
}

/**
 * Registers another system.
 *
 * @returns the endpoint and its secret, which is never shown again.
 * @throws notify.bad_address, notify.address_taken, notify.unknown_event.
 */
export async function addWebhook(
  cmd: Command,
  input: contract.AddWebhook,
  allowPrivate: boolean,
): Promise<contract.WebhookWithSecret> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const reason = addressProblem(input.url, allowPrivate)
  if (reason) throw new Fault('notify.bad_address', { reason })
  requireEvents(input.events)
  const secret = makeWebhookSecret()
  const row: store.WebhookRow = {
    county: cmd.county,
    id: uuidv7(cmd.now),
    url: new URL(input.url).href,
    description: cleanLine(input.description, 'description'),
    events: input.events,
    secretSealed: cmd.vault.seal(cmd.county, secret),
    oldSecretSealed: null,
    oldSecretUntil: null,
    active: true,
    disabledReason: null,
    failures: 0,
    failingSince: null,
    createdBy: cmd.actor.id,
    version: 1,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
  await store.insertWebhook(cmd.tx, row).catch((error: unknown) => {
    throw constraintOf(error) === 'webhook_endpoint_url_key' ? new Fault('notify.address_taken') : error
  })
  dropKept(cmd, 'webhooks')
  await record(cmd, contract.WebhookAdded, { id: row.id, version: 1 }, { events: row.events, active: true })
  return { webhook: presentWebhook(row), secret }
}

async function webhookToChange(cmd: Command, id: string, version: number): Promise<store.WebhookRow> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const row = await store.lockWebhook(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/** Changes what an endpoint hears, or switches it on and off; switching on forgets its failures. */
export async function changeWebhook(
  cmd: Command,
  id: string,
  input: contract.ChangeWebhook,
): Promise<contract.Webhook> {
  const row = await webhookToChange(cmd, id, input.version)
  requireEvents(input.events)
  const revived = input.active && !row.active ? { failures: 0, failingSince: null, disabledReason: null } : {}
  const description = cleanLine(input.description, 'description')
  const saved = {
    ...row,
    ...revived,
    description,
    events: input.events,
    active: input.active,
    version: row.version + 1,
    updatedAt: cmd.now,
  }
  await store.saveWebhook(cmd.tx, saved)
  dropKept(cmd, 'webhooks')
  await record(
    cmd,
    contract.WebhookChanged,
    { id, version: saved.version },
    { events: saved.events, active: saved.active },
  )
  return presentWebhook(saved)
}

/** Gives an endpoint a new secret; the old one signs beside it for a day. */
export async function changeSecret(
  cmd: Command,
  id: string,
  input: contract.VersionOnly,
): Promise<contract.WebhookWithSecret> {
  const row = await webhookToChange(cmd, id, input.version)
  const secret = makeWebhookSecret()
  const saved: store.WebhookRow = {
    ...row,
    secretSealed: cmd.vault.seal(cmd.county, secret),
    oldSecretSealed: row.secretSealed,
    oldSecretUntil: new Date(cmd.now.getTime() + OLD_SECRET_HOURS * HOUR_MS),
    version: row.version + 1,
    updatedAt: cmd.now,
  }
  await store.saveWebhook(cmd.tx, saved)
  await record(cmd, contract.WebhookKeyChanged, { id, version: saved.version }, {})
  return { webhook: presentWebhook(saved), secret }
}

export async function removeWebhook(cmd: Command, id: string, input: contract.VersionOnly): Promise<contract.Webhook> {
  const row = await webhookToChange(cmd, id, input.version)
  await store.deleteWebhook(cmd.tx, cmd.county, id)
  dropKept(cmd, 'webhooks')
  await record(cmd, contract.WebhookRemoved, { id, version: row.version + 1 }, {})
  return presentWebhook({ ...row, active: false })
}

const presentDelivery = (row: store.DeliveryRow): contract.Delivery => ({
  id: row.id,
  topic: row.topic,
  state: row.state,
  attempts: row.attempts,
  lastCode: row.lastCode,
  nextAt: row.nextAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  settledAt: row.settledAt?.toISOString() ?? null,
})

export async function listDeliveries(cmd: Command, id: string, query: PageQuery): Promise<PageOf<contract.Delivery>> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  if (!(await store.findWebhook(cmd.tx, cmd.county, id))) throw new Fault('kernel.not_found')
  const limit = query.limit ?? 20
  const [at, last] = query.after ? decodeCursor(query.after, 2) : []
  const before =
    typeof at === 'string' && typeof last === 'string' && !Number.isNaN(Date.parse(at))
      ? { at: new Date(at), id: last }
      : undefined
  const rows = await store.listDeliveries(cmd.tx, cmd.county, { targetId: id, limit: limit + 1, before })
  const page = pageOf(rows, limit, (row) => [row.createdAt.toISOString(), row.id])
  return { items: page.items.map(presentDelivery), next: page.next }
}

async function requireActiveWebhook(cmd: Command, id: string): Promise<void> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const webhook = await store.findWebhook(cmd.tx, cmd.county, id)
  if (!webhook) throw new Fault('kernel.not_found')
  if (!webhook.active) throw new Fault('notify.endpoint_off')
}

/** Sends one delivery again under its old id: a receiver that has it already drops the copy. */
export async function replayDelivery(cmd: Command, id: string, deliveryId: string): Promise<contract.Delivery> {
  await requireActiveWebhook(cmd, id)
  const row = await store.lockDelivery(cmd.tx, cmd.county, { targetId: id, id: deliveryId })
  if (!row) throw new Fault('kernel.not_found')
  if (row.nextAt !== null) throw new Fault('notify.not_replayable')
  const change = { state: 'queued' as const, nextAt: cmd.now, attempts: 0, settledAt: null }
  await store.saveDelivery(cmd.tx, row, change)
  cmd.afterCommit(() => wake('outbound', cmd.county))
  return presentDelivery({ ...row, ...change })
}

export async function replayFailed(cmd: Command, id: string): Promise<{ replayed: number }> {
  await requireActiveWebhook(cmd, id)
  const replayed = await store.requeueFailed(cmd.tx, cmd.county, id, cmd.now)
  cmd.afterCommit(() => wake('outbound', cmd.county))
  return { replayed }
}

/** Sends an endpoint the event `notify.test`, so that its owner sees signature and shape. @throws notify.endpoint_off */
export async function testWebhook(cmd: Command, id: string): Promise<contract.TestQueued> {
  await requireActiveWebhook(cmd, id)
  const payload = { type: 'notify.test', timestamp: cmd.now.toISOString(), data: { county: cmd.county } }
  return queueTest(cmd, { channel: 'webhook', targetId: id, payload })
}

/** Says “this is a test” in a group. @throws notify.endpoint_off */
export async function testRobot(cmd: Command, id: string): Promise<contract.TestQueued> {
  const row = await store.findRobot(cmd.tx, cmd.county, id)
  requireGrant(cmd, 'notify.manage', row?.areaPath ?? cmd.county)
  if (!row) throw new Fault('kernel.not_found')
  if (!row.active) throw new Fault('notify.endpoint_off')
  const text = await textFor(cmd, 'notify.test_message')
  const wording = text?.zh ?? { title: '', body: '' }
  const payload = { id: uuidv7(cmd.now), ...wording, subjectKind: null, subjectId: null, urgent: true }
  return queueTest(cmd, { channel: 'robot', targetId: id, payload })
}

async function queueTest(
  cmd: Command,
  test: { channel: 'webhook' | 'robot'; targetId: string; payload: unknown },
): Promise<contract.TestQueued> {
  const deliveryId = uuidv7(cmd.now)
  await store.insertDelivery(cmd.tx, {
    county: cmd.county,
    id: deliveryId,
    ...test,
    topic: 'notify.test',
    state: 'queued',
    attempts: 0,
    lastCode: null,
    nextAt: cmd.now,
    createdAt: cmd.now,
    settledAt: null,
  })
  cmd.afterCommit(() => wake('outbound', cmd.county))
  return { deliveryId }
}

/** What became of a test; robots have no list of their own deliveries. */
export async function readDelivery(cmd: Command, deliveryId: string): Promise<contract.Delivery> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const row = await store.findDelivery(cmd.tx, cmd.county, deliveryId)
  if (!row) throw new Fault('kernel.not_found')
  return presentDelivery(row)
}

const presentRobot = ({ id, kind, name, areaPath, active, version }: store.RobotRow): contract.Robot => ({
  id,
  kind,
  name,
  areaPath,
  active,
  version,
})

const ROBOT_ADDRESSES = {
  dingTalk: /^https:\/\/oapi\.dingtalk\.com\/robot\/send\?access_token=\w{20,200}$/,
  weCom: /^https:\/\/qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=[\w-]{20,100}$/,
}

export async function listRobots(cmd: Command): Promise<{ items: contract.Robot[] }> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  return { items: (await store.listRobots(cmd.tx, cmd.county, cmd.county)).map(presentRobot) }
}

/**
 * Registers a group robot for an area.
 *
 * @param allowPrivate Takes other addresses too: a private cloud's gateway.
 * @throws notify.robot_address, notify.secret_needed.
 */
export async function addRobot(cmd: Command, input: contract.AddRobot, allowPrivate: boolean): Promise<contract.Robot> {
  requireGrant(cmd, 'notify.manage', input.areaPath)
  const known = allowPrivate
    ? addressProblem(input.url, true) === undefined
    : ROBOT_ADDRESSES[input.kind].test(input.url)
  if (!known) throw new Fault('notify.robot_address')
  if (input.kind === 'dingTalk' && !input.secret) throw new Fault('notify.secret_needed')
  const { county, now, vault } = cmd
  const row: store.RobotRow = {
    county,
    id: uuidv7(now),
    kind: input.kind,
    name: cleanLine(input.name, 'name'),
    areaPath: input.areaPath,
    urlSealed: vault.seal(county, input.url),
    secretSealed: input.secret ? vault.seal(county, input.secret) : null,
    active: true,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
  await store.insertRobot(cmd.tx, row)
  await record(
    cmd,
    contract.RobotAdded,
    { id: row.id, version: 1 },
    { kind: row.kind, areaPath: row.areaPath, active: true },
  )
  return presentRobot(row)
}

async function robotToChange(cmd: Command, id: string, version: number): Promise<store.RobotRow> {
  const row = await store.lockRobot(cmd.tx, cmd.county, id)
  requireGrant(cmd, 'notify.manage', row?.areaPath ?? cmd.county)
  if (!row) throw new Fault('kernel.not_found')
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

export async function changeRobot(cmd: Command, id: string, input: contract.ChangeRobot): Promise<contract.Robot> {
  const row = await robotToChange(cmd, id, input.version)
  const saved = { ...row, active: input.active, version: row.version + 1, updatedAt: cmd.now }
  await store.saveRobot(cmd.tx, saved)
  const { kind, areaPath, active, version } = saved
  await record(cmd, contract.RobotChanged, { id, version }, { kind, areaPath, active })
  return presentRobot(saved)
}

export async function removeRobot(cmd: Command, id: string, input: contract.VersionOnly): Promise<contract.Robot> {
  const row = await robotToChange(cmd, id, input.version)
  await store.deleteRobot(cmd.tx, cmd.county, id)
  const { kind, areaPath } = row
  await record(cmd, contract.RobotRemoved, { id, version: row.version + 1 }, { kind, areaPath, active: false })
  return presentRobot({ ...row, active: false })
}

const endpointHash = (endpoint: string) => createHash('sha256').update(endpoint).digest()

/** Lets this browser be woken for the signed-in account. */
export async function subscribe(
  cmd: Command,
  input: contract.Subscribe,
  allowPrivate: boolean,
): Promise<{ id: string }> {
  requireActor(cmd, 'staff', 'resident')
  const reason = addressProblem(input.endpoint, allowPrivate)
  if (reason) throw new Fault('notify.bad_address', { reason })
  const { county, now, vault } = cmd
  dropKept(cmd, 'browsers')
  const id = await store.saveSubscription(cmd.tx, {
    county,
    id: uuidv7(now),
    accountId: cmd.actor.id ?? '',
    endpointSealed: vault.seal(county, input.endpoint),
    endpointHash: endpointHash(input.endpoint),
    p256dh: input.keys.p256dh,
    authSealed: vault.seal(county, input.keys.auth),
    locale: cmd.locale,
    createdAt: now,
  })
  return { id }
}

export async function unsubscribe(cmd: Command, input: contract.Unsubscribe): Promise<null> {
  requireActor(cmd, 'staff', 'resident')
  const own = { accountId: cmd.actor.id ?? '', endpointHash: endpointHash(input.endpoint) }
  await store.deleteOwnSubscription(cmd.tx, cmd.county, own)
  return null
}
