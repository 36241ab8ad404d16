import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../test/support/ground.ts'
import { uuidv5, uuidv7 } from '../kernel/ids.ts'
import type { Receipt } from './contract.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const report = { kind: 'event', category: '0101', text: '路口有垃圾没人清', position: middleOf(paths.right) }
const lead = (more: object = {}) =>
  app.as({ id: holderId('microGridLead', paths.right), label: 'microGridLead', ...more })
const messages = () =>
  app.db.reading('330411', (tx) => tx.selectFrom('smsMessage').select('id').where('county', '=', '330411').execute())

describe('somebody who means harm', () => {
  it.each(['guest', 'resident'] as const)('as %s sends no message to a number that they type', async (kind) => {
    const before = (await messages()).length
    const contact = { phone: '13800138000', name: '别人', channel: 'hotline' }
    const answer = await app.as({ kind }).post<Receipt>('/api/v1/matters', { ...report, contact })
    expect(answer.status, answer.text).toBe(201)
    expect(await messages()).toHaveLength(before)
    const row = await app.db.reading('330411', (tx) =>
      tx
        .selectFrom('matter')
        .select(['channel', 'contactBlind'])
        .where('county', '=', '330411')
        .where('id', '=', answer.body.id)
        .executeTakeFirstOrThrow(),
    )
    expect(row).toEqual({ channel: kind, contactBlind: null })
  })

  it('cannot take an id that names something of ours in the ledger', async () => {
    const named = uuidv5('c1f3a5de-6a53-5d5c-9a3c-2b1f1f0d7a10', '330411|setting')
    const guest = app.as({ kind: 'guest' })
    for (const id of [named, `urn:uuid:${uuidv7()}`])
      expect((await guest.post('/api/v1/matters', { ...report, id })).body).toMatchObject({
        code: 'kernel.invalid_input',
      })
    expect((await guest.post('/api/v1/matters', { ...report, id: uuidv7() })).status).toBe(201)
  })

  it('does not see a reporter’s number without the second factor, where the county asks for one', async () => {
    const clerk = app.as({ grants: [{ action: 'loop.report', path: paths.town }], label: 'clerk' })
    const contact = { phone: '13800138000', channel: 'visit' }
    const filed = await clerk.post<Receipt>('/api/v1/matters', { ...report, contact })
    expect(filed.status, filed.text).toBe(201)
    const look = `/api/v1/matters/${filed.body.id}/unmask`
    const reason = { reason: '需要联系反映人' }
    expect((await lead().post(look, reason)).body).toMatchObject({ code: 'identity.second_factor_needed' })
    const seen = await lead({ secondFactorAt: app.clock.now() }).post(look, reason)
    expect(seen.body).toMatchObject({ phone: '13800138000' })
  })

  it('learns from the hint at a likely duplicate roughly how far, not where', async () => {
    const { longitude, latitude } = report.position
    const beside = { ...report, position: { longitude: longitude + 0.0004, latitude } }
    expect((await app.as({ kind: 'resident' }).post('/api/v1/matters', report)).status).toBe(201)
    const asked = await app
      .as({ kind: 'guest' })
      .post<{ items: { distanceMetres: number; likeness: number }[] }>('/api/v1/matters/duplicates', beside)
    expect(asked.body.items.length, asked.text).toBeGreaterThan(0)
    for (const item of asked.body.items) {
      expect(item).toMatchObject({ id: null, number: null, summary: null })
      expect([item.distanceMetres % 50, item.likeness % 10]).toEqual([0, 0])
    }
  })

  it('cannot, as staff, give the marks that are the people’s to give', async () => {
    const self = lead()
    const found = await self.post<Receipt>('/api/v1/matters', report)
    const filed = await app.as({ kind: 'resident' }).post<Receipt>('/api/v1/matters', report)
    for (const { progressCode } of [found.body, filed.body])
      expect((await self.post(`/api/v1/progress/${progressCode}/rating`, { score: 'satisfied' })).body).toMatchObject({
        code: 'kernel.forbidden',
      })
    const later = await app.nobody.post(`/api/v1/progress/${found.body.progressCode}/rating`, { score: 'satisfied' })
    expect(later.body).toMatchObject({ code: 'kernel.forbidden' })
  })

  it('finds no number, not even a masked one, where things are only counted', async () => {
    const clerk = app.as({ grants: [{ action: 'loop.report', path: paths.town }], label: 'clerk' })
    const contact = { phone: '13800138000', name: '王小二', channel: 'visit' }
    const filed = await clerk.post<Receipt>('/api/v1/matters', { ...report, contact })
    const counts = app.as({ grants: [{ action: 'loop.read', path: paths.town, purpose: 'statistics' }] })
    const seen = await counts.get<{ reporter: object }>(`/api/v1/matters/${filed.body.id}`, {
      'tongxin-purpose': 'statistics',
    })
    expect(seen.body.reporter, seen.text).toMatchObject({ name: null, phone: null, mayUnmask: false })
  })

  it('gets our own answer to an address that cannot be read', async () => {
    expect((await app.nobody.get('/api/v1/%ff')).body).toMatchObject({ code: 'kernel.bad_request' })
  })

  it.each([
    'scope=all&after=WyJ4Il0',
    'scope=mine&after=WyJ4IiwieSJd',
    'scope=overdue&after=WyJ4IiwieSJd',
    'number=%00',
    'state=%00',
  ])('is told that the request is wrong, not that the house is: %s', async (query) => {
    expect((await lead().get(`/api/v1/matters?${query}`)).body).toMatchObject({ code: 'kernel.bad_request' })
  })
})

describe('filing without end', () => {
  it('is stopped for a resident, in words and with the time to wait, and not for staff or another person', async () => {
    const house = await testApp({ settings: { REPORTS_PER_HOUR: '3' } })
    await layGround(house)
    try {
      const body = { kind: 'event', category: '9999', text: '一直上报', areaPath: paths.right }
      const one = house.as({ kind: 'resident' })
      for (let count = 0; count < 3; count++) expect((await one.post('/api/v1/matters', body)).status).toBe(201)
      const stopped = await one.post('/api/v1/matters', body)
      expect(stopped.status).toBe(429)
      expect(stopped.body).toMatchObject({ code: 'kernel.too_many_requests' })
      expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0)
      expect((await house.as({ kind: 'resident' }).post('/api/v1/matters', body)).status).toBe(201)
      const staff = house.as({ id: holderId('clerk', paths.town) })
      for (let count = 0; count < 5; count++) expect((await staff.post('/api/v1/matters', body)).status).toBe(201)
    } finally {
      await house.close()
    }
  })
})
