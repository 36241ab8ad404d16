import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityHouse, type Browser, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { createStaffAccount } from '../accounts/index.ts'
import { seatAdministrator } from './index.ts'

let house: IdentityHouse
let system: Browser
let security: Browser
let audit: Browser
let systemId: string
let securityId: string
beforeAll(async () => {
  house = await identityHouse()
})
beforeEach(async () => {
  const first = await house.staff({ seat: 'system' })
  const second = await house.staff({ seat: 'security' })
  audit = (await house.staff({ seat: 'audit' })).browser
  ;[system, systemId, security, securityId] = [first.browser, first.id, second.browser, second.id]
})
afterAll(() => house.close())

const administrators = '/api/v1/identity/administrators'

describe('the three administrators', () => {
  test('one person never holds two seats: the table refuses', async () => {
    const officer = await house.staff({ seat: 'audit' })
    house.clock.advance(1000)
    const behindTheDoor = (heldFrom: string, heldUntil: string | null) =>
      house.system((cmd) =>
        cmd.tx
          .insertInto('administratorSeat')
          .values({
            county: '330411',
            id: `01900000-0000-7000-8000-${heldFrom.slice(0, 4)}${heldFrom.slice(5, 7)}${heldFrom.slice(8, 10)}0000`,
            accountId: officer.id,
            seat: 'system',
            heldFrom: new Date(heldFrom),
            heldUntil: heldUntil ? new Date(heldUntil) : null,
            appointedBy: securityId,
            version: 1,
          })
          .execute(),
      )
    // Now, in the future, and in a past that reaches into the present.
    const refused = { constraint: 'administrator_seat_one_excl' }
    await expect(behindTheDoor('2026-11-20', null)).rejects.toMatchObject(refused)
    await expect(behindTheDoor('2027-01-01', '2027-02-01')).rejects.toMatchObject(refused)
    await expect(behindTheDoor('2025-01-01', '2027-01-01')).rejects.toMatchObject(refused)
    // A seat that ended before does not stand in the way.
    await expect(behindTheDoor('2025-01-01', '2025-02-01')).resolves.toBeDefined()
  })

  test('nobody appoints themselves: the table refuses', async () => {
    const inserting = house.system((cmd) =>
      cmd.tx
        .insertInto('administratorSeat')
        .values({
          county: '330411',
          id: '01900000-0000-7000-8000-00000000aaaa',
          accountId: systemId,
          seat: 'audit',
          heldFrom: new Date('2020-01-01'),
          heldUntil: new Date('2020-02-01'),
          appointedBy: systemId,
          version: 1,
        })
        .execute(),
    )
    await expect(inserting).rejects.toMatchObject({ constraint: 'administrator_seat_self_check' })
  })

  test('only the system itself seats the first ones, also before their phones are known', async () => {
    const { id } = await house.system((cmd) =>
      createStaffAccount(cmd, { loginName: `first-${systemId.slice(-6)}`, name: '首位' }),
    )
    expect(await house.system((cmd) => seatAdministrator(cmd, { accountId: id, seat: 'audit' }))).toBeTruthy()
    const officer = await house.staff()
    const asOfficer = house.system((cmd) =>
      seatAdministrator(
        { ...cmd, actor: { kind: 'staff', id: officer.id, sessionId: null, label: '' } },
        { accountId: officer.id, seat: 'system' },
      ),
    )
    await expect(asOfficer).rejects.toMatchObject({ code: 'kernel.forbidden' })
  })

  test('the list shows present and past holders in pages', async () => {
    const page = (await system.get(`${administrators}?limit=2`)).body as unknown as { items: unknown[]; next: string }
    expect(page.items).toHaveLength(2)
    const rest = (await system.get(`${administrators}?limit=100&after=${page.next}`)).body as unknown as {
      items: unknown[]
    }
    expect(rest.items.length).toBeGreaterThan(3)
  })
})

describe('sign-in records', () => {
  const signIns = '/api/v1/identity/sign-ins'

  test('are read by the audit administrator only, with name and address', async () => {
    const { id, loginName } = await house.staff({ password: 'Yucheng-step-19' })
    const visitor = house.browser({ address: '198.51.100.77' })
    await visitor.post('/api/v1/identity/sign-in/password', { loginName, password: 'not this one 1' })
    await visitor.post('/api/v1/identity/sign-in/password', { loginName, password: 'Yucheng-step-19' })
    const seen = (await audit.get(`${signIns}?accountId=${id}`)).body as unknown as {
      items: Record<string, unknown>[]
      next: null
    }
    expect(seen.items.map((item) => item['outcome']).sort()).toEqual(['accepted', 'refused'])
    expect(seen.items[0]).toMatchObject({
      name: '王小明',
      address: '198.51.100.77',
      device: 'Chrome · Android',
      method: 'password',
    })
    for (const browser of [system, security, visitor])
      expect((await browser.get(signIns)).body.code).toBe('kernel.forbidden')
    expect((await house.browser().get(signIns)).status).toBe(401)
    expect((await audit.get(signIns, { 'tongxin-purpose': 'handling' })).body.code).toBe('kernel.wrong_purpose')
  })

  test('come in pages, each once', async () => {
    for (let tries = 0; tries < 5; tries++)
      await house.browser().post('/api/v1/identity/sign-in/password', { loginName: `page-${tries}`, password: 'x' })
    const seen: string[] = []
    let after = ''
    do {
      const page = (await audit.get(`${signIns}?limit=2${after}`)).body as unknown as {
        items: { id: string }[]
        next: string | null
      }
      seen.push(...page.items.map((item) => item.id))
      after = page.next ? `&after=${page.next}` : ''
    } while (after)
    expect(seen.length).toBeGreaterThanOrEqual(7)
    expect(new Set(seen).size).toBe(seen.length)
  })
})

describe('settings', () => {
  const settings = '/api/v1/identity/settings'

  test('the security administrator changes them; two at once, one wins; they hold from then on', async () => {
    const before = (await security.get(settings)).body as unknown as Record<string, unknown>
    expect(before).toMatchObject({ totpRequiredOf: 'administrators', staffIdleMinutes: 60 })
    const change = { ...before, staffIdleMinutes: 10 }
    expect((await system.ask('PUT', settings, change)).body.code).toBe('kernel.forbidden')
    const answers = await Promise.all([security.ask('PUT', settings, change), security.ask('PUT', settings, change)])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    const officer = await house.staff()
    house.clock.advance(11 * 60_000)
    expect((await officer.browser.get('/api/v1/identity/me')).status).toBe(401)
    expect((await security.ask('PUT', settings, { ...change, staffIdleMinutes: 1 })).status).toBe(400)
  })
})
