import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityHouse, type Browser, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { CachedSessions } from '../sessions/index.ts'

let house: IdentityHouse
let system: Browser
let security: Browser
let officer: Browser
beforeAll(async () => {
  house = await identityHouse()
  system = (await house.staff({ seat: 'system' })).browser
  security = (await house.staff({ seat: 'security' })).browser
  officer = (await house.staff()).browser
})
afterAll(() => house.close())

const tokens = '/api/v1/identity/tokens'
const grant = { action: 'loop.read', path: '330411/330411105', purpose: 'handling' }
const input = { label: '四平台', grants: [grant], expiresInDays: 30 }
const create = async () =>
  (await system.post(tokens, input)).body as unknown as { apiToken: { id: string }; token: string }
const resolve = (token: string) => house.app.ports.sessions.resolve(token, house.clock.now())

describe('API tokens', () => {
  test('made by system, dead until approved by security, then a token with these grants alone', async () => {
    const { apiToken, token } = await create()
    expect(token).toMatch(/^330411\.k/)
    expect(apiToken).toMatchObject({ state: 'waiting', approvedBy: null })
    expect(await resolve(token)).toBeNull()
    const approved = await security.post(`${tokens}/${apiToken.id}/approve`)
    expect(approved.body).toMatchObject({ state: 'live', version: 2 })
    const session = await resolve(token)
    expect(session).toMatchObject({ actor: { kind: 'token', id: apiToken.id }, extraGrants: [grant] })
    const machine = await house.http.inject({
      url: '/api/v1/identity/accounts',
      headers: { authorization: `Bearer ${token}` },
    })
    expect(machine.statusCode).toBe(403)
  })

  test('shown once: neither the list nor the table holds it', async () => {
    const { apiToken, token } = await create()
    const list = await security.get(tokens)
    expect(JSON.stringify(list.body)).toContain(apiToken.id)
    expect(JSON.stringify(list.body)).not.toContain(token.slice(8))
    const rows = await house.db.transaction('330411', (tx) => tx.selectFrom('apiToken').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(token.slice(8))
    const kept = await house.db.transaction('330411', (tx) => tx.selectFrom('idempotency').selectAll().execute())
    await system.post(tokens, input, { 'idempotency-key': 'token-key-1' })
    expect(await house.db.transaction('330411', (tx) => tx.selectFrom('idempotency').selectAll().execute())).toEqual(
      kept,
    )
  })

  test('two approvals at once are one; the maker cannot approve, not even behind the door', async () => {
    const { apiToken } = await create()
    const answers = await Promise.all([1, 2].map(() => security.post(`${tokens}/${apiToken.id}/approve`)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    const other = await create()
    expect((await system.post(`${tokens}/${other.apiToken.id}/approve`)).body.code).toBe('kernel.forbidden')
    const behindTheDoor = house.system((cmd) =>
      cmd.tx
        .updateTable('apiToken')
        .set((row) => ({ approvedBy: row.ref('createdBy'), approvedAt: cmd.now }))
        .where('county', '=', '330411')
        .where('id', '=', other.apiToken.id)
        .execute(),
    )
    await expect(behindTheDoor).rejects.toMatchObject({ constraint: 'api_token_two_people_check' })
  })

  test('revoked: dead here at once, elsewhere within five seconds', async () => {
    const { apiToken, token } = await create()
    await security.post(`${tokens}/${apiToken.id}/approve`)
    const elsewhere = new CachedSessions(house.db)
    expect(await resolve(token)).not.toBeNull()
    expect(await elsewhere.resolve(token, house.clock.now())).not.toBeNull()
    expect((await system.post(`${tokens}/${apiToken.id}/revoke`)).body).toMatchObject({ state: 'revoked' })
    expect(await resolve(token)).toBeNull()
    house.clock.advance(5000)
    expect(await elsewhere.resolve(token, house.clock.now())).toBeNull()
    expect((await security.post(`${tokens}/${apiToken.id}/revoke`)).body.code).toBe('kernel.conflict')
  })

  test('expires by itself; its last use is noted', async () => {
    const { apiToken, token } = await create()
    await security.post(`${tokens}/${apiToken.id}/approve`)
    await resolve(token)
    const list = (await (await house.staff({ seat: 'security' })).browser.get(tokens)).body as unknown as {
      items: { id: string; lastUsedAt: string }[]
    }
    expect(list.items.find((item) => item.id === apiToken.id)?.lastUsedAt).toBe(house.clock.now().toISOString())
    house.clock.advance(30 * 86_400_000)
    expect(await resolve(token)).toBeNull()
    system = (await house.staff({ seat: 'system' })).browser
    security = (await house.staff({ seat: 'security' })).browser
    officer = (await house.staff()).browser
  })

  test.each([
    [{ ...grant, path: '330402' }],
    [{ ...grant, path: '3304110' }],
    [{ ...grant, action: 'identity.manage_accounts' }],
    [{ ...grant, action: 'grid.manage' }],
    [{ ...grant, purpose: 'own' }],
    [{ ...grant, path: "330411' or" }],
  ])('a token may not carry %o', async (wrong) => {
    expect((await system.post(tokens, { ...input, grants: [wrong] })).body.code).toBe('kernel.invalid_input')
  })

  test('officers make, see and approve none', async () => {
    const { apiToken } = await create()
    for (const browser of [officer, house.browser()]) {
      const status = browser === officer ? 403 : 401
      expect((await browser.post(tokens, input)).status).toBe(status)
      expect((await browser.get(tokens)).status).toBe(status)
      expect((await browser.post(`${tokens}/${apiToken.id}/approve`)).status).toBe(status)
      expect((await browser.post(`${tokens}/${apiToken.id}/revoke`)).status).toBe(status)
    }
    expect((await security.post(tokens, input)).body.code).toBe('kernel.forbidden')
  })
})
