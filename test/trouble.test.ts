import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Fault } from '../src/kernel/faults.ts'
import { testApp, type TestApp } from './support/app.ts'

let house: TestApp
let trouble: Fault | undefined

beforeAll(async () => {
  house = await testApp({
    requireWritable: () => {
      if (trouble) throw trouble
    },
  })
})
afterAll(() => house.close())
beforeEach(() => {
  trouble = undefined
})

const write = { kind: 'event', category: '0101', text: '路灯不亮', areaPath: '330411' }

describe('while nothing may be written', () => {
  test('a full disk refuses with 507 in the reader’s language, and reading goes on', async () => {
    const clerk = house.as()
    trouble = new Fault('kernel.storage_full')
    const zh = await clerk.post('/api/v1/matters', write)
    expect(zh).toMatchObject({
      status: 507,
      body: { code: 'kernel.storage_full', title: expect.stringContaining('存储空间不足') },
    })
    const en = await clerk.post('/api/v1/matters', write, { 'accept-language': 'en' })
    expect(en.body['title']).toContain('out of space')
    expect((await house.nobody.get('/api/v1/counties')).status).toBe(200)
    expect((await house.nobody.get('/healthz')).status).toBe(200)
    expect(await house.nobody.get('/readyz')).toMatchObject({ status: 503, body: { code: 'kernel.storage_full' } })
  })

  test('a database that is away refuses with 503 and says when to come again', async () => {
    trouble = new Fault('kernel.unavailable', {}, { retryAfterSeconds: 2 })
    const answer = await house.as().post('/api/v1/matters', write)
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '2' } })
    expect(answer.body['title']).toContain('已提交成功的内容不会丢失')
    expect((await house.nobody.get('/readyz')).headers['retry-after']).toBe('2')
  })

  test('once the trouble is over, it is ready again', async () => {
    expect((await house.nobody.get('/readyz')).status).toBe(200)
  })
})
