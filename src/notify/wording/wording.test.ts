import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type Asker, type TestApp } from '../../../test/support/app.ts'
import { makeCalendar } from '../../kernel/calendar.ts'
import { runSystem } from '../../kernel/command.ts'
import { ledger } from '../../ledger/index.ts'
import type { MessageWording, NotifySetting } from './contract.ts'
import { fill, masked, messageTexts, unknownPlaceholders } from './rules.ts'
import { wordingRoutes } from './routes.ts'
import { smsSignName, textFor } from './service.ts'

const read = { action: 'notify.read', path: county, purpose: 'administration' as const }
const manage = { ...read, action: 'notify.manage' }
const base = '/api/v1/notify'

describe('texts', () => {
  test('fill leaves out what is missing and takes nothing from the prototype', () => {
    expect(fill('{number}{gone}{constructor}', { number: 'WD1' })).toBe('WD1')
  })
  test('secrets are masked', () => {
    expect(masked({ code: '1', number: '2' }, ['code'])).toEqual({ code: '••••••', number: '2' })
  })
  test('every built-in text names only what it carries, in both languages, and fits two SMS parts', () => {
    expect(messageTexts().length).toBeGreaterThan(5)
    for (const text of messageTexts()) {
      for (const pattern of [text.zh.title, text.zh.body, text.en.title, text.en.body]) {
        expect(unknownPlaceholders(pattern, text.params)).toEqual([])
        expect(pattern.length).toBeGreaterThan(2)
      }
      expect(text.zh.body.length).toBeLessThan(120)
      expect(text.secret.every((name) => text.params.includes(name))).toBe(true)
    }
  })
})

describe('a county’s own wording', () => {
  let house: TestApp
  let clerk: Asker
  let reader: Asker
  beforeAll(async () => {
    house = await testApp({
      rooms: [ledger, { name: 'wording', routes: wordingRoutes }],
      ports: { calendars: { calendarOf: async () => makeCalendar() } },
    })
    clerk = house.as({ grants: [manage] })
    reader = house.as({ grants: [read] })
  })
  afterAll(() => house.close())

  const name = 'loop.matter_overdue'
  const own = {
    titleZh: '超期提醒',
    bodyZh: '{kind}{number}超期了',
    titleEn: 'Overdue',
    bodyEn: '{kind} {number} is overdue',
    channels: ['inbox'],
    aliyunCode: 'SMS_9',
    tencentCode: null,
    version: 0,
  }
  const save = (change: object = {}, of = name) => clerk.ask('PUT', `${base}/wordings/${of}`, { ...own, ...change })
  const shown = async () =>
    (await reader.get<{ items: MessageWording[] }>(`${base}/wordings`)).body.items.find((item) => item.name === name)

  test('holds from the next message on, and is in the ledger', async () => {
    expect(await shown()).toMatchObject({ own: false, version: 0, titleZh: '事项已超期' })
    expect((await save()).status).toBe(200)
    expect(await shown()).toMatchObject({
      own: true,
      version: 1,
      titleZh: '超期提醒',
      aliyunCode: 'SMS_9',
      tencentCode: null,
    })
    const text = await runSystem(house.app, county, (cmd) => textFor(cmd, name))
    expect(text).toMatchObject({ channels: ['inbox'], zh: { title: '超期提醒' }, providerCodes: { aliyun: 'SMS_9' } })
    const events = await house.db.transaction(county, (tx) =>
      tx.selectFrom('ledgerEntry').select('event').where('county', '=', county).execute(),
    )
    expect(events).toEqual([{ event: 'notify.wording_saved' }])
  })

  test('is refused when stale, unknown, or naming what the message does not carry', async () => {
    expect((await save()).body).toMatchObject({ code: 'kernel.stale' })
    expect((await save({}, 'loop.nothing')).body).toMatchObject({ code: 'notify.unknown_message' })
    expect((await save({ version: 1, bodyZh: '{phone}' })).body).toMatchObject({
      code: 'notify.unknown_placeholder',
      params: { placeholder: '{phone}' },
    })
    expect((await save({ version: 1, titleZh: '\u202e\u200b' })).body).toMatchObject({ code: 'kernel.invalid_input' })
    expect(await shown()).toMatchObject({ version: 1 })
  })

  test('of two who save at once one wins', async () => {
    const both = await Promise.all([save({ version: 1 }), save({ version: 1 })])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('needs the grant, here, for administration', async () => {
    const url = `${base}/wordings`
    expect((await house.nobody.get(url)).status).toBe(401)
    expect((await house.as({ grants: [{ ...read, path: `${county}/x` }] }).get(url)).body).toMatchObject({
      code: 'kernel.forbidden',
    })
    expect((await house.as({ grants: [{ ...read, purpose: 'audit' }] }).get(url)).body).toMatchObject({
      code: 'kernel.wrong_purpose',
    })
    expect((await reader.ask('PUT', `${url}/${name}`, own)).body).toMatchObject({ code: 'kernel.forbidden' })
  })

  test('the signature of its SMS', async () => {
    expect((await reader.get<NotifySetting>(`${base}/setting`)).body).toEqual({ smsSignName: null, version: 0 })
    const saved = await clerk.ask('PUT', `${base}/setting`, { smsSignName: '秀洲治理', version: 0 })
    expect(saved.body).toEqual({ smsSignName: '秀洲治理', version: 1 })
    expect(await runSystem(house.app, county, smsSignName)).toBe('秀洲治理')
    expect((await clerk.ask('PUT', `${base}/setting`, { smsSignName: null, version: 0 })).body).toMatchObject({
      code: 'kernel.stale',
    })
    expect((await clerk.ask('PUT', `${base}/setting`, { smsSignName: null, version: 1 })).body).toEqual({
      smsSignName: null,
      version: 2,
    })
  })
})
