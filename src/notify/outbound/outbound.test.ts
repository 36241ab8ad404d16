import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { county, testApp, type Asker, type TestApp } from '../../../test/support/app.ts'
import { pushService, type PushService } from '../../../test/support/push-service.ts'
import { standIn, type Reply, type SeenRequest, type StandIn } from '../../../test/support/stand-in.ts'
import { makeCalendar } from '../../kernel/calendar.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Entry } from '../../kernel/jobs.ts'
import { ledger } from '../../ledger/index.ts'
import type { Delivery, Webhook, WebhookWithSecret } from './contract.ts'
import { deliverDue, publishEntry, queueDelivery, type NoticePayload } from './jobs.ts'
import { outboundRoutes } from './routes.ts'

const manage = { action: 'notify.manage', path: county, purpose: 'administration' as const }
const base = '/api/v1/notify'

let house: TestApp
let clerk: Asker
let receiver: StandIn
let reply: (request: SeenRequest) => Reply
let push: PushService

beforeAll(async () => {
  receiver = await standIn((request) => reply(request))
  push = await pushService()
  house = await testApp({
    rooms: [ledger, { name: 'outbound', routes: outboundRoutes }],
    ports: { calendars: { calendarOf: async () => makeCalendar() } },
    settings: { WEBHOOK_ALLOW_PRIVATE: 'yes' },
  })
  clerk = house.as({ grants: [manage] })
})
afterAll(async () => {
  await house.close()
  await receiver.close()
  await push.close()
})
beforeEach(() => {
  reply = () => ({ status: 204, text: '' })
  receiver.seen.length = 0
})

const pump = () => deliverDue(house.app, county)
const entry = (event = 'matter.reported'): Entry => ({
  id: uuidv7(),
  county,
  event,
  subjectId: uuidv7(),
  subjectVersion: 1,
  at: house.clock.now(),
  actor: { kind: 'staff', id: null, label: 'x' },
  purpose: 'handling',
  body: { number: 'WD1', areaPath: county },
  leafIndex: 0,
})
const publish = (one: Entry) => runSystem(house.app, county, (cmd) => publishEntry(cmd, one))

let count = 0
async function addWebhook(events = ['matter.reported']): Promise<WebhookWithSecret> {
  count += 1
  const answer = await clerk.post<WebhookWithSecret>(`${base}/webhooks`, {
    url: `${receiver.url}/${count}`,
    description: '',
    events,
  })
  expect(answer.status).toBe(200)
  return answer.body
}
async function findWebhook(id: string): Promise<Webhook> {
  const { body } = await clerk.get<{ items: Webhook[] }>(`${base}/webhooks`)
  const found = body.items.find((item) => item.id === id)
  if (!found) throw new Error('no such webhook')
  return found
}
async function deliveriesOf(id: string): Promise<Delivery[]> {
  return (await clerk.get<{ items: Delivery[] }>(`${base}/webhooks/${id}/deliveries`)).body.items
}
const remove = async (id: string) => {
  const { version } = await findWebhook(id)
  expect((await clerk.post(`${base}/webhooks/${id}/removal`, { version })).status).toBe(200)
}
/** The receiver's side of Standard Webhooks, by its own code. */
const signatureFor = (secret: string, { headers, body }: SeenRequest) =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body.toString('utf8')}`)
    .digest('base64')}`

describe('webhooks', () => {
  test('an entry reaches the receiver once, signed, under an id that stays', async () => {
    const { webhook, secret } = await addWebhook()
    const one = entry()
    await publish(one)
    await publish(one)
    await publish(entry('matter.moved'))
    expect(await pump()).toBe(1)
    expect(receiver.seen).toHaveLength(1)
    const [seen] = receiver.seen
    if (!seen) throw new Error('nothing arrived')
    expect(seen.headers['webhook-signature']).toBe(signatureFor(secret, seen))
    expect(JSON.parse(seen.body.toString())).toEqual({
      type: 'matter.reported',
      timestamp: one.at.toISOString(),
      data: { county, id: one.id, subjectId: one.subjectId, subjectVersion: 1, body: one.body },
    })
    const [delivery] = await deliveriesOf(webhook.id)
    expect(delivery).toMatchObject({
      state: 'delivered',
      attempts: 1,
      lastCode: 'http_204',
      id: seen.headers['webhook-id'],
    })
    await remove(webhook.id)
  })

  test('a failing receiver gets it again later, under the same id with a fresh timestamp', async () => {
    const { webhook, secret } = await addWebhook()
    const answers: Reply[] = [{ status: 500 }, 'drop', { status: 200 }]
    reply = () => answers.shift() ?? { status: 200 }
    await publish(entry())
    await pump()
    expect(await findWebhook(webhook.id)).toMatchObject({ failures: 1, active: true })
    expect(await pump()).toBe(0)
    for (const seconds of [6, 301]) {
      house.clock.advance(seconds * 1000)
      await pump()
    }
    expect(receiver.seen.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array(3).fill(receiver.seen[0]?.headers['webhook-id']),
    )
    expect(new Set(receiver.seen.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3)
    for (const seen of receiver.seen) expect(seen.headers['webhook-signature']).toBe(signatureFor(secret, seen))
    expect(await findWebhook(webhook.id)).toMatchObject({ failures: 0, failingSince: null })
    await remove(webhook.id)
  })

  test('after days of failure it is switched off, in the ledger, and what waits is not sent', async () => {
    const { webhook } = await addWebhook()
    reply = () => ({ status: 503 })
    for (let day = 0; day < 4; day += 1) {
      for (let time = 0; time < 5; time += 1) await publish(entry())
      await pump()
      house.clock.advance(86_400_000)
    }
    await pump()
    const row = await findWebhook(webhook.id)
    expect(row).toMatchObject({ active: false, disabledReason: 'failing' })
    const entries = await house.db.transaction(county, (tx) =>
      tx
        .selectFrom('ledgerEntry')
        .selectAll()
        .where('county', '=', county)
        .where('subjectId', '=', webhook.id)
        .orderBy('subjectVersion')
        .execute(),
    )
    expect(entries.map((one) => one.event)).toEqual(['webhook.added', 'webhook.disabled'])
    const seen = receiver.seen.length
    await pump()
    expect(receiver.seen).toHaveLength(seen)
    expect((await clerk.post(`${base}/webhooks/${webhook.id}/replays`)).body).toMatchObject({
      code: 'notify.endpoint_off',
    })

    const change = { description: '修好了', events: ['matter.reported'], active: true, version: row.version }
    const revived = await clerk.ask<Webhook>('PUT', `${base}/webhooks/${webhook.id}`, change)
    expect(revived.body).toMatchObject({ active: true, failures: 0, disabledReason: null, description: '修好了' })
    reply = () => ({ status: 200 })
    const replayed = await clerk.post<{ replayed: number }>(`${base}/webhooks/${webhook.id}/replays`)
    expect(replayed.body.replayed).toBeGreaterThan(0)
    receiver.seen.length = 0
    while ((await pump()) > 0);
    expect(receiver.seen.length).toBeGreaterThanOrEqual(replayed.body.replayed)
    await remove(webhook.id)
  })

  test('410 switches it off at once', async () => {
    const { webhook } = await addWebhook()
    reply = () => ({ status: 410 })
    await publish(entry())
    await pump()
    expect(await findWebhook(webhook.id)).toMatchObject({ active: false, disabledReason: 'gone' })
    await remove(webhook.id)
  })

  test('one delivery is replayed under its old id, but not while it is under way', async () => {
    const { webhook } = await addWebhook()
    await publish(entry())
    const [waiting] = await deliveriesOf(webhook.id)
    const replays = `${base}/webhooks/${webhook.id}/deliveries/${waiting?.id}/replays`
    expect((await clerk.post(replays)).body).toMatchObject({ code: 'notify.not_replayable' })
    await pump()
    expect((await clerk.post(replays)).body).toMatchObject({ state: 'queued' })
    await pump()
    expect(receiver.seen.map(({ headers }) => headers['webhook-id'])).toEqual([waiting?.id, waiting?.id])
    await remove(webhook.id)
  })

  test('a secret is shown once; the old one signs beside the new for a day', async () => {
    const { webhook, secret } = await addWebhook()
    expect((await clerk.get(`${base}/webhooks`)).text).not.toContain(secret)
    const changed = await clerk.post<WebhookWithSecret>(`${base}/webhooks/${webhook.id}/secret`, { version: 1 })
    const signatures = async () => {
      await publish(entry())
      await pump()
      const seen = receiver.seen.at(-1)
      if (!seen) throw new Error('nothing arrived')
      const sent = String(seen.headers['webhook-signature']).split(' ')
      return [secret, changed.body.secret].map((one) => sent.includes(signatureFor(one, seen)))
    }
    expect(await signatures()).toEqual([true, true])
    house.clock.advance(25 * 3_600_000)
    expect(await signatures()).toEqual([false, true])
    await remove(webhook.id)
  })

  test('the rules refuse: address taken, unknown event, stale, private address', async () => {
    const { webhook } = await addWebhook()
    const again = { url: webhook.url, description: '', events: ['matter.reported'] }
    expect((await clerk.post(`${base}/webhooks`, again)).body).toMatchObject({ code: 'notify.address_taken' })
    const odd = { ...again, url: `${receiver.url}/odd`, events: ['ledger.key_added'] }
    expect((await clerk.post(`${base}/webhooks`, odd)).body).toMatchObject({ code: 'notify.unknown_event' })
    const change = { description: '', events: ['matter.reported'], active: true, version: 9 }
    expect((await clerk.ask('PUT', `${base}/webhooks/${webhook.id}`, change)).body).toMatchObject({
      code: 'kernel.stale',
    })
    expect((await clerk.post(`${base}/webhooks`, { ...again, url: 'gopher://example.com' })).body).toMatchObject({
      code: 'notify.bad_address',
    })
    await remove(webhook.id)
  })

  test('of two changes at once one wins', async () => {
    const { webhook } = await addWebhook()
    const change = { description: 'x', events: ['matter.reported'], active: true, version: 1 }
    const both = await Promise.all([1, 2].map(() => clerk.ask('PUT', `${base}/webhooks/${webhook.id}`, change)))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    await remove(webhook.id)
  })

  test('the grant refuses', async () => {
    const { webhook } = await addWebhook()
    const elsewhere = house.as({ grants: [{ ...manage, path: '330411/330411105' }] })
    const otherPurpose = house.as({ grants: [{ ...manage, purpose: 'handling' }] })
    for (const url of ['/webhooks', '/robots', `/webhooks/${webhook.id}/deliveries`]) {
      expect((await house.nobody.get(`${base}${url}`)).status).toBe(401)
      expect((await elsewhere.get(`${base}${url}`)).body).toMatchObject({ code: 'kernel.forbidden' })
      expect((await otherPurpose.get(`${base}${url}`)).body).toMatchObject({ code: 'kernel.wrong_purpose' })
    }
    await remove(webhook.id)
  })
})

const notice: NoticePayload = {
  id: uuidv7(),
  title: '事项已超期',
  body: '事件 WD1',
  subjectKind: null,
  subjectId: null,
  urgent: false,
}
async function queueNotice(channel: 'push' | 'robot', targetId: string): Promise<void> {
  house.clock.advance(1)
  await runSystem(house.app, county, (cmd) =>
    queueDelivery(cmd, { channel, targetId, topic: 't', payload: notice, entryId: uuidv7(), nextAt: cmd.now }),
  )
}
async function deliveryTo(
  targetId: string,
): Promise<{ state: string; lastCode: string | null; attempts: number } | undefined> {
  return house.db.transaction(county, async (tx) => {
    const rows = await tx
      .selectFrom('delivery')
      .selectAll()
      .where('county', '=', county)
      .where('targetId', '=', targetId)
      .orderBy('createdAt')
      .execute()
    return rows.at(-1) as { state: string; lastCode: string | null; attempts: number } | undefined
  })
}

describe('browsers', () => {
  test('a subscribed browser is woken with what only it can read', async () => {
    const resident = house.as({ kind: 'resident' })
    const browser = push.browser()
    const { body } = await resident.post<{ id: string }>(`${base}/push/subscriptions`, browser.subscription)
    await queueNotice('push', body.id)
    await pump()
    expect(browser.received.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
      { id: notice.id, title: notice.title, body: notice.body, subjectKind: null, subjectId: null },
    ])
    expect((await resident.get<{ publicKey: string }>(`${base}/push/key`)).body.publicKey).toMatch(/^[\w-]{87}$/)
  })

  test('the same browser stays one subscription, and belongs to whoever came last', async () => {
    const browser = push.browser()
    const [first, second] = [house.as({ kind: 'resident' }), house.as({ kind: 'resident' })]
    const one = await first.post<{ id: string }>(`${base}/push/subscriptions`, browser.subscription)
    const two = await second.post<{ id: string }>(`${base}/push/subscriptions`, browser.subscription)
    expect(two.body.id).toBe(one.body.id)
    await first.post(`${base}/push/subscriptions/removal`, { endpoint: browser.subscription.endpoint })
    await queueNotice('push', one.body.id)
    await pump()
    expect(browser.received).toHaveLength(1)
    await second.post(`${base}/push/subscriptions/removal`, { endpoint: browser.subscription.endpoint })
    await queueNotice('push', one.body.id)
    await pump()
    expect(await deliveryTo(one.body.id)).toMatchObject({ state: 'failed', lastCode: 'target_off' })
  })

  test('a subscription that the service has forgotten is forgotten here', async () => {
    const resident = house.as({ kind: 'resident' })
    const { body } = await resident.post<{ id: string }>(`${base}/push/subscriptions`, push.browser().subscription)
    push.next = 410
    await queueNotice('push', body.id)
    await pump()
    expect(await deliveryTo(body.id)).toMatchObject({ state: 'failed', lastCode: 'http_410' })
    await queueNotice('push', body.id)
    await pump()
    expect(await deliveryTo(body.id)).toMatchObject({ lastCode: 'target_off' })
  })

  test('nobody subscribes', async () => {
    expect((await house.nobody.post(`${base}/push/subscriptions`, push.browser().subscription)).status).toBe(401)
  })
})

describe('robots', () => {
  const addRobot = (more: object = {}) =>
    clerk.post<{ id: string; version: number }>(`${base}/robots`, {
      kind: 'dingTalk',
      name: '王店群',
      areaPath: '330411/330411105',
      url: `${receiver.url}/robot/send?access_token=${'a'.repeat(64)}`,
      secret: 'SECabc',
      ...more,
    })

  test('a DingTalk robot gets a signed message; address and secret are never shown', async () => {
    const { body } = await addRobot()
    reply = (request) => {
      const query = new URLSearchParams(request.query)
      const sign = createHmac('sha256', 'SECabc')
        .update(`${query.get('timestamp')}\nSECabc`)
        .digest('base64')
      return {
        json: query.get('sign') === sign ? { errcode: 0, errmsg: 'ok' } : { errcode: 310000, errmsg: 'sign not match' },
      }
    }
    await queueNotice('robot', body.id)
    await pump()
    expect(await deliveryTo(body.id)).toMatchObject({ state: 'delivered' })
    const list = await clerk.get(`${base}/robots`)
    expect(list.text).not.toContain('SECabc')
    expect(list.text).not.toContain('access_token')
  })

  test('«too fast» is tried again; a lost answer is not', async () => {
    const { body } = await addRobot({ kind: 'weCom', secret: undefined })
    reply = () => ({ json: { errcode: 45009, errmsg: 'api freq out of limit' } })
    await queueNotice('robot', body.id)
    await pump()
    expect(await deliveryTo(body.id)).toMatchObject({ state: 'queued', lastCode: '45009' })
    reply = () => 'drop'
    house.clock.advance(61_000)
    await pump()
    expect(await deliveryTo(body.id)).toMatchObject({ state: 'unknown', lastCode: 'no_answer', attempts: 2 })
    house.clock.advance(86_400_000)
    const seen = receiver.seen.length
    await pump()
    expect(receiver.seen).toHaveLength(seen)
  })

  test('switched off it stays silent; removed it is gone', async () => {
    const { body } = await addRobot()
    const off = await clerk.ask<{ version: number }>('PUT', `${base}/robots/${body.id}`, { active: false, version: 1 })
    expect(off.body).toMatchObject({ active: false, version: 2 })
    await queueNotice('robot', body.id)
    await pump()
    expect(await deliveryTo(body.id)).toMatchObject({ state: 'failed', lastCode: 'target_off' })
    expect((await clerk.post(`${base}/robots/${body.id}/removal`, { version: 2 })).status).toBe(200)
    expect((await clerk.post(`${base}/robots/${body.id}/removal`, { version: 3 })).status).toBe(404)
  })

  test('a DingTalk robot needs its secret', async () => {
    expect((await addRobot({ secret: undefined })).body).toMatchObject({ code: 'notify.secret_needed' })
  })

  test('an administrator of another town cannot add one here', async () => {
    const other = house.as({ grants: [{ ...manage, path: '330411/330411106' }] })
    const body = { kind: 'weCom', name: 'x', areaPath: '330411/330411105', url: `${receiver.url}/x` }
    expect((await other.post(`${base}/robots`, body)).body).toMatchObject({ code: 'kernel.forbidden' })
  })
})

test('where private addresses are not allowed, none is taken', async () => {
  const strict = await testApp({
    rooms: [ledger, { name: 'outbound', routes: outboundRoutes }],
    ports: { calendars: { calendarOf: async () => makeCalendar() } },
  })
  const admin = strict.as({ grants: [manage] })
  const answer = await admin.post(`${base}/webhooks`, {
    url: receiver.url,
    description: '',
    events: ['matter.reported'],
  })
  expect(answer.body).toMatchObject({ code: 'notify.bad_address' })
  const robot = {
    kind: 'weCom',
    name: 'x',
    areaPath: county,
    url: 'https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=x',
  }
  expect((await admin.post(`${base}/robots`, robot)).body).toMatchObject({ code: 'notify.robot_address' })
  const browser = push.browser().subscription
  expect((await strict.as({ kind: 'resident' }).post(`${base}/push/subscriptions`, browser)).body).toMatchObject({
    code: 'notify.bad_address',
  })
  await strict.close()
})

test('every event that may be subscribed is heard by a handler', async () => {
  const { publishedEvents } = await import('./events.ts')
  const { handlers } = await import('../jobs.ts')
  const heard = new Set(handlers.map(({ event }) => event))
  expect(publishedEvents().length).toBeGreaterThan(3)
  expect(publishedEvents().filter((event) => !heard.has(event))).toEqual([])
  expect(new Set(handlers.map(({ name }) => name)).size).toBe(handlers.length)
})
