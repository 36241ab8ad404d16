import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aliyunStandIn, type SmsProvider } from '../../../test/support/sms-providers.ts'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { makeCalendar } from '../../kernel/calendar.ts'
import { runCommand, runSystem } from '../../kernel/command.ts'
import type { SmsSender } from '../../kernel/ports.ts'
import { ledger } from '../../ledger/index.ts'
import { wordingRoutes } from '../wording/index.ts'
import { aliyunSms } from './aliyun.ts'
import type { SmsItem } from './contract.ts'
import { forgetSms, sendDue } from './jobs.ts'
import { queueSms, type OutgoingSms } from './service.ts'
import { smsRoutes } from './routes.ts'

const rooms = [ledger, { name: 'sms', routes: smsRoutes }, { name: 'wording', routes: wordingRoutes }]
const monday = '2026-11-16T01:30:00Z'
const read = { action: 'notify.read', path: county, purpose: 'administration' as const }
const manage = { ...read, action: 'notify.manage' }

let provider: SmsProvider
let house: TestApp
/** The provider that the house talks to; a test may put another one in its place. */
let sender: SmsSender

beforeAll(async () => {
  provider = await aliyunStandIn('secret', () => house.clock.now())
  const real = aliyunSms({ endpoint: provider.url, accessKeyId: 'id', accessKeySecret: 'secret', signName: '同心' })
  sender = real
  const sms: SmsSender = {
    name: 'aliyun',
    send: (message) => sender.send(message),
    receipt: (message) => sender.receipt(message),
  }
  house = await testApp({ rooms, ports: { sms, calendars: { calendarOf: async () => makeCalendar() } } })
  const clerk = house.as({ grants: [manage] })
  const wordings = await house.as({ grants: [read] }).get<{ items: { name: string }[] }>('/api/v1/notify/wordings')
  for (const wording of wordings.body.items) {
    const { params, urgent, own, name, shipped, followZh, followEn, code, ...rest } = wording as Record<
      string,
      unknown
    > & { name: string }
    const body = { ...rest, aliyunCode: `SMS_${name.length}` }
    expect((await clerk.ask('PUT', `/api/v1/notify/wordings/${name}`, body)).status).toBe(200)
    expect([params, urgent, own, shipped, followZh, followEn, code]).toHaveLength(7)
  }
})
afterAll(async () => {
  await house.close()
  await provider.close()
})

let phoneCount = 0
let phone = ''
beforeEach(() => {
  phoneCount += 1
  phone = `139${String(phoneCount).padStart(8, '0')}`
  house.clock.set(new Date(Date.parse(monday) + phoneCount * 86_400_000 * 14))
})
const rest: SmsSender[] = []
afterEach(() => {
  const first = rest.pop()
  if (first) sender = first
})

const code = (more: Partial<OutgoingSms> = {}): OutgoingSms => ({
  template: 'identity.sign_in_code',
  phone,
  params: { code: '482913' },
  ...more,
})
const queue = (message: OutgoingSms) => runSystem(house.app, county, (cmd) => queueSms(cmd, message))
const pump = () => sendDue(house.app, county)
async function itemOf(id: string): Promise<SmsItem> {
  const page = await house.as({ grants: [read] }).get<{ items: SmsItem[] }>('/api/v1/notify/sms?limit=100')
  const found = page.body.items.find((item) => item.id === id)
  if (!found) throw new Error(`${id} is not in the outbox`)
  return found
}

describe('the way of a message', () => {
  test('queued, accepted, delivered; the provider gets its own template and our id', async () => {
    const { id } = await queue(code())
    expect(await itemOf(id)).toMatchObject({ state: 'queued', attempts: 0, phone: `139****${phone.slice(-4)}` })
    expect(await pump()).toBe(1)
    expect(provider.accepted.at(-1)).toMatchObject({ id, phone, template: 'SMS_21', params: '{"code":"482913"}' })
    expect(await itemOf(id)).toMatchObject({ state: 'accepted', attempts: 1 })
    expect(await pump()).toBe(0)
    provider.reports.set(id, 'delivered')
    house.clock.advance(31_000)
    expect(await pump()).toBe(1)
    expect(await itemOf(id)).toMatchObject({ state: 'delivered' })
    house.clock.advance(86_400_000)
    expect(await pump()).toBe(0)
  })

  test('an answer that was lost is asked about and not sent twice', async () => {
    provider.next = 'acceptThenDrop'
    const { id } = await queue(code())
    const before = provider.accepted.length
    await pump()
    expect(await itemOf(id)).toMatchObject({ state: 'unknown' })
    house.clock.advance(31_000)
    await pump()
    expect(await itemOf(id)).toMatchObject({ state: 'accepted' })
    provider.reports.set(id, 'delivered')
    house.clock.advance(3_600_000)
    await pump()
    expect(await itemOf(id)).toMatchObject({ state: 'delivered', attempts: 1 })
    expect(provider.accepted).toHaveLength(before + 1)
  })

  test('one that the provider never got goes out again once it has said so, while it is worth something', async () => {
    provider.next = 'dropUnread'
    const { id } = await queue({ template: 'loop.report_received', phone, params: { number: 'WD1', code: 'K7' } })
    const before = provider.accepted.length
    await pump()
    for (const seconds of [31, 121]) {
      house.clock.advance(seconds * 1000)
      await pump()
      expect(await itemOf(id)).toMatchObject({ state: 'unknown', attempts: 1 })
    }
    expect(provider.accepted).toHaveLength(before)
    house.clock.advance(601_000)
    await pump()
    await pump()
    expect(await itemOf(id)).toMatchObject({ state: 'accepted', attempts: 2 })
    expect(provider.accepted.slice(before).map((one) => one.id)).toEqual([id])
  })

  test('a sender that died in the middle leaves an unknown outcome, not a second message', async () => {
    const { id } = await queue(code())
    const working = sender
    rest.push(working)
    let died = (): void => {}
    const dying = new Promise<void>((resolve) => (died = resolve))
    sender = {
      ...working,
      async send(message) {
        await working.send(message)
        died()
        return new Promise(() => {})
      },
    }
    const before = provider.accepted.length
    void pump()
    await dying
    sender = working
    expect(await itemOf(id)).toMatchObject({ state: 'sending' })
    expect(await pump()).toBe(0)
    house.clock.advance(61_000)
    await pump()
    expect(await itemOf(id)).toMatchObject({ state: 'unknown' })
    await pump()
    expect(await itemOf(id)).toMatchObject({ state: 'accepted', attempts: 1 })
    expect(provider.accepted).toHaveLength(before + 1)
  })

  test('two senders at once send it once', async () => {
    const { id } = await queue(code())
    const before = provider.accepted.length
    await Promise.all([pump(), pump(), pump()])
    expect(provider.accepted.slice(before).map((one) => one.id)).toEqual([id])
  })

  test('a passing refusal is tried again, a lasting one is told in words', async () => {
    provider.next = { refuse: 'isv.BUSINESS_LIMIT_CONTROL' }
    const { id } = await queue(code())
    await pump()
    expect(await itemOf(id)).toMatchObject({ state: 'queued', refusal: 'isv.BUSINESS_LIMIT_CONTROL' })
    house.clock.advance(11_000)
    provider.next = { refuse: 'isv.AMOUNT_NOT_ENOUGH' }
    await pump()
    expect(await itemOf(id)).toMatchObject({
      state: 'failed',
      refusalText: '短信平台拒绝（isv.AMOUNT_NOT_ENOUGH）',
      attempts: 2,
    })
  })

  test('a code out of date is not sent', async () => {
    const { id } = await queue(code())
    const before = provider.accepted.length
    house.clock.advance(6 * 60_000)
    await pump()
    expect(await itemOf(id)).toMatchObject({ state: 'failed', refusal: 'expired', attempts: 0 })
    expect(provider.accepted).toHaveLength(before)
  })
})

describe('who may cause how many', () => {
  test('a second code within the minute is refused, with the seconds to wait, and leaves nothing behind', async () => {
    await queue(code())
    await expect(queue(code())).rejects.toMatchObject({ code: 'kernel.too_many_requests', retryAfterSeconds: 60 })
    const page = await house.as({ grants: [read] }).get<{ items: SmsItem[] }>('/api/v1/notify/sms?limit=100')
    expect(page.body.items.filter((item) => item.phone.endsWith(phone.slice(-4)))).toHaveLength(1)
  })

  test('of many at once one wins', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => queue(code())))
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  })

  test('a device that tries number after number is stopped', async () => {
    const device = `device-${phone}`
    for (let count = 0; count < 10; count += 1)
      await queue(code({ phone: `1370${phone.slice(-4)}${String(count).padStart(3, '0')}`, device }))
    await expect(queue(code({ phone: '13700000000', device }))).rejects.toMatchObject({
      code: 'kernel.too_many_requests',
    })
    await queue(code({ phone: '13700000000', device: `${device}-other` }))
  })

  test('an address behind which many live gets more room, and an end', async () => {
    const address = `2001:db8::${phone}`
    const ask = (count: number) =>
      queue(code({ phone: `1360${phone.slice(-4)}${String(count).padStart(3, '0')}`, address }))
    for (let count = 0; count < 20; count += 1) await ask(count)
    await expect(ask(20)).rejects.toMatchObject({ code: 'kernel.too_many_requests' })
    house.clock.advance(60_000)
    await ask(21)
  })

  test('a notice over the limit is dropped quietly, with its reason', async () => {
    const notice = (entry: number): OutgoingSms => ({
      template: 'loop.report_closed',
      phone,
      params: { number: 'WD1' },
      entryId: `0190b6c6-0000-7000-8000-${String(phoneCount * 1000 + entry).padStart(12, '0')}`,
    })
    const ids: string[] = []
    for (let entry = 0; entry < 21; entry += 1) ids.push((await queue(notice(entry))).id)
    expect(await itemOf(ids[19] ?? '')).toMatchObject({ state: 'queued' })
    expect(await itemOf(ids[20] ?? '')).toMatchObject({
      state: 'failed',
      refusal: 'throttled',
      refusalText: '今天发给这个号码的短信已到上限',
    })
    expect((await queue(notice(0))).id).toBe(ids[0])
    expect(await itemOf(ids[0] ?? '')).toMatchObject({ state: 'queued' })
  })

  test('notices do not use up the codes of a number', async () => {
    for (let entry = 0; entry < 15; entry += 1) {
      const entryId = `0190b6c6-0000-7000-9000-${String(phoneCount * 1000 + entry).padStart(12, '0')}`
      await queue({ template: 'loop.report_closed', phone, params: { number: 'WD1' }, entryId })
    }
    expect(await itemOf((await queue(code())).id)).toMatchObject({ state: 'queued' })
  })

  test('what is no number is written down and never sent', async () => {
    const { id } = await queue({ template: 'loop.report_closed', phone: '12345', params: { number: 'WD1' } })
    expect(await itemOf(id)).toMatchObject({ state: 'failed', refusal: 'bad_number' })
  })
})

test('a notice waits for office hours, a code does not', async () => {
  house.clock.set('2026-11-20T14:00:00Z')
  const notice = await queue({ template: 'loop.report_closed', phone, params: { number: 'WD1' } })
  const urgent = await queue(code())
  expect((await itemOf(notice.id)).nextAt).toBe('2026-11-23T00:30:00.000Z')
  expect((await itemOf(urgent.id)).nextAt).toBe('2026-11-20T14:00:00.000Z')
})

describe('what others see', () => {
  const url = '/api/v1/notify/sms'
  test('nobody, somebody without the grant, with another purpose', async () => {
    expect((await house.nobody.get(url)).status).toBe(401)
    expect((await house.as().get(url)).body).toMatchObject({ code: 'kernel.forbidden' })
    expect((await house.as({ grants: [{ ...read, path: '330411/330411105' }] }).get(url)).body).toMatchObject({
      code: 'kernel.forbidden',
    })
    expect((await house.as({ grants: [{ ...read, purpose: 'handling' }] }).get(url)).body).toMatchObject({
      code: 'kernel.wrong_purpose',
    })
    expect((await house.as({ grants: [read] }).get(url)).status).toBe(200)
  })

  test('phone and code are in no column and no answer', async () => {
    const { id } = await queue(code())
    const rows = await house.db.transaction(county, (tx) =>
      tx.selectFrom('smsMessage').selectAll().where('county', '=', county).execute(),
    )
    const stored = JSON.stringify(
      rows.map((row) => Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value))),
    )
    expect(stored).not.toContain(phone)
    expect(stored).not.toContain('482913')
    const answer = await house.as({ grants: [read] }).get(`${url}?limit=100`)
    expect(answer.text).not.toContain(phone)
    expect(answer.text).not.toContain('482913')
    expect((await itemOf(id)).text).toContain('••••••')
  })

  test('the outbox is paged newest first and filtered by state', async () => {
    const asker = house.as({ grants: [read] })
    const seen: string[] = []
    let after = ''
    do {
      const page = await asker.get<{ items: SmsItem[]; next: string | null }>(`${url}?limit=7${after}`)
      seen.push(...page.body.items.map((item) => item.id))
      after = page.body.next ? `&after=${encodeURIComponent(page.body.next)}` : ''
    } while (after)
    expect(new Set(seen).size).toBe(seen.length)
    const failed = await asker.get<{ items: SmsItem[] }>(`${url}?state=failed`)
    expect(failed.body.items.length).toBeGreaterThan(0)
    expect(failed.body.items.every((item) => item.state === 'failed')).toBe(true)
    expect((await asker.get(`${url}?after=x`)).status).toBe(400)
  })
})

test('contents are forgotten after a week, rows after half a year', async () => {
  const { id } = await queue(code())
  await pump()
  house.clock.advance(8 * 86_400_000)
  await forgetSms(house.app, county)
  const row = () =>
    house.db.transaction(county, (tx) =>
      tx.selectFrom('smsMessage').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst(),
    )
  expect(await row()).toMatchObject({ phoneSealed: null, paramsSealed: null, textSealed: null, nextAt: null })
  expect((await itemOf(id)).text).toContain('••••••')
  house.clock.advance(180 * 86_400_000)
  await forgetSms(house.app, county)
  expect(await row()).toBeUndefined()
  const told = await house.db.transaction(county, (tx) =>
    tx
      .selectFrom('ledgerEntry')
      .selectAll()
      .where('county', '=', county)
      .where('event', '=', 'sms.forgotten')
      .execute(),
  )
  const bodies = told.map(
    ({ bytes }) => (JSON.parse(Buffer.from(bytes).toString('utf8')) as { body: { rows: number } }).body,
  )
  expect(bodies).toHaveLength(2)
  expect(bodies.some(({ rows }) => rows > 0)).toBe(true)
})

test('when the command fails, no message is left behind', async () => {
  const request = {
    county,
    actor: { kind: 'system', id: null, sessionId: null, label: 'system' },
    grants: [],
    purpose: 'handling',
  } as const
  const failing = runCommand(house.app, { ...request, requestId: 'r', locale: 'zh-CN' }, async (cmd) => {
    await queueSms(cmd, code())
    throw new Error('later')
  })
  await expect(failing).rejects.toThrow('later')
  expect(await pump()).toBe(0)
})
