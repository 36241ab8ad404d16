import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type Asker, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../test/support/ground.ts'
import { pushService, type PushService } from '../../test/support/push-service.ts'
import { standIn, type StandIn } from '../../test/support/stand-in.ts'
import { createStaffAccount, findOrCreateResident } from '../identity/index.ts'
import { runSystem } from '../kernel/command.ts'
import { settleLedger } from '../ledger/index.ts'
import { sweepCounty, type MatterMoved } from '../loop/index.ts'
import type { InboxMessage, SmsItem } from './contract.ts'
import { deliverDue } from './outbound/index.ts'
import { tell } from './service.ts'
import { sendDue } from './sms/index.ts'

const manage = ['notify.manage', 'notify.read'].map((action) => ({
  action,
  path: county,
  purpose: 'administration' as const,
}))

let house: TestApp
let clerk: Asker
let robotGateway: StandIn
let receiver: StandIn
let push: PushService
let reporterId: string

beforeAll(async () => {
  robotGateway = await standIn(() => ({ json: { errcode: 0, errmsg: 'ok' } }))
  receiver = await standIn(() => ({ status: 204, text: '' }))
  push = await pushService()
  house = await testApp({ settings: { WEBHOOK_ALLOW_PRIVATE: 'yes', PUBLIC_URL: 'https://tongxin.example' } })
  await layGround(house)
  clerk = house.as({ grants: manage })
  reporterId = (
    await runSystem(house.app, county, (cmd) => findOrCreateResident(cmd, { phone: '13812345678', name: '沈阿婆' }))
  ).id
})
afterAll(async () => {
  await house.close()
  await robotGateway.close()
  await receiver.close()
  await push.close()
})

const resident = () => house.as({ kind: 'resident', id: reporterId })
const holder = (role: string, path: string, unit = '') => house.as({ id: holderId(role, path, unit) })
const lead = () => holder('microGridLead', paths.right)
const settle = () => settleLedger(house.app, county)
const inbox = async (who: Asker) =>
  (await who.get<{ items: InboxMessage[] }>('/api/v1/notify/inbox?limit=100')).body.items
const topicsOf = async (who: Asker, subject: string) =>
  (await inbox(who)).filter((message) => message.subject?.id === subject).map(({ topic }) => topic)

async function report(): Promise<{ id: string; number: string }> {
  const body = { kind: 'event', category: '0101', text: '路口有垃圾没人清', position: middleOf(paths.right) }
  const answer = await resident().post<{ id: string; number: string }>('/api/v1/matters', body)
  expect(answer.status, answer.text).toBe(201)
  await settle()
  return answer.body
}
async function move(who: Asker, id: string, name: string, form: object = {}): Promise<void> {
  const matter = await who.get<{ version: number }>(`/api/v1/matters/${id}`)
  const body = { move: name, version: matter.body.version, form }
  const answer = await who.post<typeof MatterMoved>(`/api/v1/matters/${id}/moves`, body)
  expect(answer.status, answer.text).toBe(200)
  await settle()
}

describe('what happens to a matter is told', () => {
  test('to whoever answers for the place, once, with the subject to open', async () => {
    const { id, number } = await report()
    await settle()
    const messages = (await inbox(lead())).filter((message) => message.subject?.id === id)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ topic: 'loop.matter_arrived', subject: { kind: 'matter', id }, readAt: null })
    expect(messages[0]?.body).toContain(number)
    expect(await topicsOf(holder('microGridLead', paths.beside), id)).toEqual([])
    expect(await topicsOf(holder('microGridLead', paths.wrong), id)).toEqual([])
  })

  test('to the reporter where the pack says so, by inbox and SMS in office hours; not to who did it', async () => {
    const { id, number } = await report()
    await move(lead(), id, 'accept')
    const message = (await inbox(resident())).find(({ subject }) => subject?.id === id)
    expect(message).toMatchObject({ topic: 'loop.report_moved', body: `您反映的事项（${number}）已受理。` })
    expect(await topicsOf(lead(), id)).toEqual(['loop.matter_arrived'])
    const sms = await clerk.get<{ items: SmsItem[] }>('/api/v1/notify/sms')
    expect(sms.body.items[0]).toMatchObject({ template: 'loop.report_moved', state: 'queued', phone: '13812345678' })
    await sendDue(house.app, county)
    house.clock.advance(31_000)
    await sendDue(house.app, county)
    expect((await clerk.get<{ items: SmsItem[] }>('/api/v1/notify/sms')).body.items[0]).toMatchObject({
      state: 'delivered',
    })
  })

  test('to whom staff reported for, by text message alone, with the way to follow it', async () => {
    const contact = { name: '老李', phone: '13987654321', channel: 'visit' }
    const body = { kind: 'event', category: '0101', text: '路灯不亮', position: middleOf(paths.right), contact }
    const answer = await lead().post<{ id: string; number: string }>('/api/v1/matters', body)
    expect(answer.status, answer.text).toBe(201)
    await settle()
    await move(lead(), answer.body.id, 'accept')
    const sent = (await clerk.get<{ items: SmsItem[] }>('/api/v1/notify/sms')).body.items.filter(
      ({ phone }) => phone === contact.phone,
    )
    expect(sent.map(({ template }) => template)).toEqual(['loop.report_moved', 'loop.report_received'])
    for (const { text } of sent) {
      expect(text).toContain('https://tongxin.example/p')
      // Two parts of 67 letters each.
      expect([...`【秀洲治理】${text}`].length, text).toBeLessThanOrEqual(134)
    }
    expect(sent[0]?.text).toContain('受理短信里的查询码')
  })

  test('to those above and to the place’s robots when it is overdue', async () => {
    const robot = {
      kind: 'weCom',
      name: '王店群',
      areaPath: paths.town,
      url: `${robotGateway.url}/cgi-bin/webhook/send?key=k`,
    }
    expect((await clerk.post('/api/v1/notify/robots', robot)).status).toBe(200)
    const { id, number } = await report()
    for (let day = 0; day < 3; day += 1) {
      house.clock.advance(86_400_000)
      await sweepCounty(house.app, county)
      await settle()
    }
    expect(await topicsOf(lead(), id)).toContain('loop.matter_overdue')
    expect(await topicsOf(holder('gridChief', paths.grid), id)).toContain('loop.matter_escalated')
    house.clock.advance(86_400_000)
    await deliverDue(house.app, county)
    const texts = robotGateway.seen.map(({ body }) => body.toString())
    expect(texts.some((text) => text.includes(number) && text.includes('超期'))).toBe(true)
    expect(texts.some((text) => text.includes(`[查看](https://tongxin.example/console/matters/${id})`))).toBe(true)
    expect(texts.join('')).not.toContain('路口')
    expect(texts.filter((text) => text.includes(number))).toHaveLength(1)
  })

  test('to the departments that are called by whistle, and to no other', async () => {
    const { id } = await report()
    const dispatcher = holder('townDispatcher', paths.town)
    await move(dispatcher, id, 'takeUp')
    await move(dispatcher, id, 'whistle', { units: ['cityCare'], question: '谁来清、怎么清' })
    expect(await topicsOf(holder('departmentHandler', paths.town, 'cityCare'), id)).toEqual(['loop.units_called'])
    expect(await topicsOf(holder('departmentHandler', paths.town, 'safety'), id)).toEqual([])
  })

  test('to another system, without anything that somebody typed', async () => {
    const webhook = { url: `${receiver.url}/in`, description: '', events: ['matter.reported'] }
    expect((await clerk.post('/api/v1/notify/webhooks', webhook)).status).toBe(200)
    const { id, number } = await report()
    await deliverDue(house.app, county)
    const bodies = receiver.seen.map(
      ({ body }) =>
        JSON.parse(body.toString()) as { type: string; data: { subjectId: string; body: { number: string } } },
    )
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toMatchObject({ type: 'matter.reported', data: { subjectId: id, body: { number } } })
    expect(JSON.stringify(bodies)).not.toMatch(/路口|13812345678|沈阿婆/)
  })
})

describe('a test', () => {
  const settled = async (deliveryId: string) => {
    await deliverDue(house.app, county)
    return (await clerk.get<{ state: string; topic: string }>(`/api/v1/notify/deliveries/${deliveryId}`)).body
  }

  test('of a webhook arrives signed and says nothing about anybody; one that is off is refused', async () => {
    const added = await clerk.post<{ webhook: { id: string; version: number; events: string[] } }>(
      '/api/v1/notify/webhooks',
      { url: `${receiver.url}/tried`, description: '', events: ['matter.rated'] },
    )
    const { id, version, events } = added.body.webhook
    const tried = await clerk.post<{ deliveryId: string }>(`/api/v1/notify/webhooks/${id}/tests`)
    expect(await settled(tried.body.deliveryId)).toMatchObject({ state: 'delivered', topic: 'notify.test' })
    const seen = receiver.seen.at(-1)
    expect(JSON.parse(seen?.body.toString() ?? '')).toMatchObject({ type: 'notify.test', data: { county } })
    const off = { description: '', events, active: false, version }
    expect((await clerk.ask('PUT', `/api/v1/notify/webhooks/${id}`, off)).status).toBe(200)
    expect((await clerk.post(`/api/v1/notify/webhooks/${id}/tests`)).body).toMatchObject({
      code: 'notify.endpoint_off',
    })
  })

  test('of text messages goes to one’s own phone, and to nobody without one', async () => {
    expect((await clerk.post('/api/v1/notify/sms/tests')).body).toMatchObject({ code: 'notify.no_phone' })
    const account = { loginName: 'tries-sms', name: '试短信', phone: '13600009998', active: true }
    const { id } = await runSystem(house.app, county, (cmd) => createStaffAccount(cmd, account))
    const keeper = house.as({ id, grants: manage })
    const setting = await keeper.get<{ phone: string | null; provider: string }>('/api/v1/notify/sms/setting')
    expect(setting.body).toMatchObject({ provider: 'outbox', phone: '136****9998' })
    expect((await keeper.post('/api/v1/notify/sms/tests')).status).toBe(200)
  })
})

describe('telling', () => {
  const telling = { topic: 'loop.matter_overdue', params: { number: 'WD1', kind: { zh: '事件', en: 'Event' } } }

  test('is done once for the same entry, however often the handler runs', async () => {
    const entryId = randomUUID()
    const accountId = holderId('verifier', paths.town)
    for (let time = 0; time < 3; time += 1) {
      await runSystem(house.app, county, (cmd) =>
        tell(cmd, { ...telling, entryId, accountIds: [accountId, accountId] }),
      )
    }
    const messages = (await inbox(holder('verifier', paths.town))).filter(({ topic }) => topic === telling.topic)
    expect(messages).toHaveLength(1)
    expect(messages[0]?.body).toBe('事件 WD1 已超过办理期限，请尽快办理或申请延期。')
  })

  test('wakes browsers in office hours only, in their own language', async () => {
    const person = holder('clerk', paths.town)
    const browser = push.browser()
    await person.post('/api/v1/notify/push/subscriptions', browser.subscription, { 'accept-language': 'en' })
    house.clock.set('2026-11-20T14:00:00Z')
    const about = { ...telling, entryId: randomUUID(), accountIds: [holderId('clerk', paths.town)] }
    await runSystem(house.app, county, (cmd) => tell(cmd, about))
    await deliverDue(house.app, county)
    expect(browser.received).toEqual([])
    house.clock.set('2026-11-23T00:31:00Z')
    await deliverDue(house.app, county)
    expect(browser.received.map(({ text }) => (JSON.parse(text) as { body: string }).body)).toEqual([
      'Event WD1 is past its deadline. Please handle it or ask for more time.',
    ])
  })

  test('of a message that nobody defined is a mistake', async () => {
    const about = { ...telling, topic: 'loop.nothing', entryId: randomUUID(), accountIds: [] }
    await expect(runSystem(house.app, county, (cmd) => tell(cmd, about))).rejects.toThrow('loop.nothing')
  })
})
