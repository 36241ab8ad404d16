import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Room } from '../../src/kernel/app.ts'
import { requireGrant } from '../../src/kernel/grants.ts'
import { testApp, type TestApp } from './app.ts'

let house: TestApp

/** A room as small as can be, so that the test support itself is tested. */
const gate: Room = {
  name: 'gate',
  async routes(app) {
    const params = Type.Object({ path: Type.String() })
    app.get<{ Params: { path: string } }>(
      '/gates/:path',
      { schema: { params }, config: { access: 'gate.open' } },
      (req) =>
        req.read(async (cmd) => ({
          at: cmd.now.toISOString(),
          purpose: requireGrant(cmd, 'gate.open', req.params.path).purpose,
        })),
    )
  },
}

beforeAll(async () => {
  house = await testApp({
    rooms: [gate],
    ports: { calendars: { calendarOf: async () => ({}) as never } },
    now: '2026-11-16T01:30:00Z',
  })
})
afterAll(() => house.close())

describe('testApp', () => {
  test('refuses nobody, and lets in who holds the grant at that place', async () => {
    expect((await house.nobody.get('/api/v1/gates/330411')).status).toBe(401)
    const elsewhere = house.as({ grants: [{ action: 'gate.open', path: '330402' }] })
    expect((await elsewhere.get('/api/v1/gates/330411')).body['code']).toBe('kernel.forbidden')
    const here = house.as({ grants: [{ action: 'gate.open', path: '330411' }] })
    expect((await here.get('/api/v1/gates/330411')).body).toEqual({
      at: '2026-11-16T01:30:00.000Z',
      purpose: 'handling',
    })
  })

  test('the clock moves only when told', async () => {
    const here = house.as({ grants: [{ action: 'gate.open', path: '330411', purpose: 'audit' }] })
    house.clock.advance(60_000)
    const answer = await here.get('/api/v1/gates/330411', { 'tongxin-purpose': 'audit' })
    expect(answer.body).toEqual({ at: '2026-11-16T01:31:00.000Z', purpose: 'audit' })
    expect((await here.get('/api/v1/gates/330411')).body['code']).toBe('kernel.wrong_purpose')
  })

  test('each test file has a database of its own, with the county in it', async () => {
    const rows = await house.db.reference<{ name: string }>('select current_database() as name')
    expect(rows[0]?.name).toBe(house.database.name)
    expect((await house.nobody.get<{ items: { code: string }[] }>('/api/v1/counties')).body.items[0]?.code).toBe(
      '330411',
    )
  })
})
