import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityHouse, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { CachedSessions, openSession } from './index.ts'

let house: IdentityHouse
beforeAll(async () => {
  house = await identityHouse()
})
afterAll(() => house.close())

const me = '/api/v1/identity/me'

describe('sessions', () => {
  test('a session opens the door, and its token begins with the county and is kept only as a hash', async () => {
    const { id, browser } = await house.staff()
    expect(browser.cookies.get('tongxin_session')).toMatch(/^330411\.s/)
    const answer = await browser.get(me)
    expect(answer.body).toMatchObject({
      accountId: id,
      kind: 'staff',
      name: '王小明',
      phone: expect.stringMatching(/^138\*{4}/),
    })
    const kept = await house.db.transaction('330411', (tx) =>
      tx.selectFrom('session').selectAll().where('accountId', '=', id).execute(),
    )
    expect(JSON.stringify(kept)).not.toContain(browser.cookies.get('tongxin_session')?.slice(7))
  })

  test('nobody, a made-up token and a token of another county are turned away', async () => {
    const { browser } = await house.staff()
    const token = browser.cookies.get('tongxin_session') ?? ''
    const stranger = house.browser()
    expect((await stranger.get(me)).status).toBe(401)
    for (const wrong of [
      token.replace('330411', '330402'),
      `${token}x`,
      token.slice(0, -1),
      'x'.repeat(40),
      "330411.s' or 1=1",
    ]) {
      stranger.cookies.set('tongxin_session', wrong)
      expect((await stranger.get(me)).status).toBe(401)
    }
  })

  test('a page that asks who is here is told, and nobody is an answer, not a refusal', async () => {
    const who = async (browser: { get: (url: string) => Promise<{ status: number; body: unknown }> }) =>
      browser.get('/api/v1/identity/who')
    const { browser, id } = await house.staff()
    expect((await who(browser)).body).toMatchObject({ me: { accountId: id } })
    expect(await who(house.browser())).toMatchObject({ status: 200, body: { me: null } })
    await browser.post('/api/v1/identity/sign-out', {})
    expect(await who(browser)).toMatchObject({ status: 200, body: { me: null } })
    const elsewhere = (await house.staff()).browser
    const asked = await elsewhere.get('/api/v1/identity/who', { 'tongxin-county': '330402' })
    expect(asked.body, 'a link of another county is opened as nobody').toEqual({ me: null })
  })

  test('what became of a session is told to the browser that carries it: open, lapsed, ended or none', async () => {
    const fate = async (browser: { get: (url: string) => Promise<{ body: unknown }> }) =>
      (await browser.get('/api/v1/identity/session-fate')).body
    const { browser } = await house.staff()
    expect(await fate(browser)).toEqual({ fate: 'open' })
    expect(await fate(house.browser())).toEqual({ fate: 'none' })
    const token = browser.cookies.get('tongxin_session') ?? ''
    house.clock.advance(61 * 60_000)
    expect(await fate(browser)).toEqual({ fate: 'lapsed' })
    const other = (await house.staff()).browser
    const kept = other.cookies.get('tongxin_session') ?? ''
    await other.post('/api/v1/identity/sign-out', {})
    other.cookies.set('tongxin_session', kept)
    expect(await fate(other)).toEqual({ fate: 'ended' })
    other.cookies.set('tongxin_session', `${token}x`)
    expect(await fate(other)).toEqual({ fate: 'none' })
  })

  test('idles out, and ends absolutely however busy', async () => {
    const { browser } = await house.staff()
    house.clock.advance(59 * 60_000)
    expect((await browser.get(me)).status).toBe(200)
    house.clock.advance(59 * 60_000)
    expect((await browser.get(me)).status).toBe(200)
    house.clock.advance(61 * 60_000)
    expect((await browser.get(me)).status).toBe(401)
    const busy = (await house.staff()).browser
    for (let hour = 0; hour < 11.5 * 2; hour++) {
      house.clock.advance(30 * 60_000)
      expect((await busy.get(me)).status).toBe(200)
    }
    house.clock.advance(31 * 60_000)
    expect((await busy.get(me)).status).toBe(401)
  })

  test('on the own phone an officer stays a week, an administrator no longer than at a desk', async () => {
    const phone = {
      address: '203.0.113.9',
      device: 'p'.repeat(32),
      userAgent: 'Mozilla/5.0 (Linux; Android 14) DingTalk/7',
    }
    const lasts = async (id: string, userAgent = phone.userAgent): Promise<number> => {
      const opened = await house.system((cmd) =>
        openSession(cmd, { accountId: id, method: 'password', visitor: { ...phone, userAgent } }),
      )
      return (opened.expiresAt.getTime() - house.clock.now().getTime()) / 3_600_000
    }
    const { id } = await house.staff()
    expect(await lasts(id)).toBe(7 * 24)
    expect(await lasts(id, 'Mozilla/5.0 (Windows NT 10.0) Chrome/130')).toBe(12)
    expect(await lasts((await house.staff({ seat: 'audit' })).id)).toBe(12)
  })

  test('over https the cookie is bound to this very host', async () => {
    const secure = await identityHouse({ settings: { PUBLIC_URL: 'https://tongxin.example' } })
    const { id } = await secure.staff()
    const browser = secure.browser({ address: '127.0.0.1' })
    const answer = await browser.post('/api/v1/demo/sign-in', { accountId: id })
    expect([answer.headers['set-cookie']].flat().join('\n')).toMatch(
      /__Host-tongxin_session=330411\.s[^;]+;.*Path=\/;.*Secure/,
    )
    expect((await browser.get(me)).status).toBe(200)
    await browser.post('/api/v1/identity/sign-out')
    expect(browser.cookies.has('__Host-tongxin_session')).toBe(false)
    await secure.close()
  })

  test('signing out ends this session at once, and clears the cookie', async () => {
    const { browser } = await house.staff()
    const token = browser.cookies.get('tongxin_session') ?? ''
    await browser.get(me)
    expect((await browser.post('/api/v1/identity/sign-out')).body).toEqual({ done: true })
    expect(browser.cookies.has('tongxin_session')).toBe(false)
    browser.cookies.set('tongxin_session', token)
    expect((await browser.get(me)).status).toBe(401)
  })

  test('another process believes an ended session for five seconds at most', async () => {
    const { id, browser } = await house.staff()
    const token = browser.cookies.get('tongxin_session') ?? ''
    const elsewhere = new CachedSessions(house.db)
    expect((await elsewhere.resolve(token, house.clock.now()))?.actor.id).toBe(id)
    await browser.post('/api/v1/identity/sign-out')
    expect(await elsewhere.resolve(token, house.clock.now())).not.toBeNull()
    house.clock.advance(5_000)
    expect(await elsewhere.resolve(token, house.clock.now())).toBeNull()
  })

  test('a look that nobody’s hand made does not keep a session from idling out', async () => {
    const { browser } = await house.staff()
    const token = browser.cookies.get('tongxin_session') ?? ''
    const wall = new CachedSessions(house.db)
    for (let minute = 0; minute < 60; minute += 10) {
      expect(await wall.resolve(token, house.clock.now(), true)).not.toBeNull()
      house.clock.advance(10 * 60_000)
    }
    house.clock.advance(60_000)
    expect(await wall.resolve(token, house.clock.now(), true)).toBeNull()
    expect((await browser.get(me)).status).toBe(401)
  })

  test('what is asked many times at once is read once, and a session read before its end is not remembered after it', async () => {
    const { id, browser } = await house.staff()
    const token = browser.cookies.get('tongxin_session') ?? ''
    const now = house.clock.now()
    let reads = 0
    let letGo = (): void => {}
    const held = new Promise<void>((go) => (letGo = go))
    const slow = new CachedSessions({
      ...house.db,
      reading: async (county, work) => {
        reads++
        const row = await house.db.reading(county, work)
        await held
        return row
      },
    })
    const many = Promise.all(Array.from({ length: 20 }, () => slow.resolve(token, now)))
    await new Promise((tick) => setTimeout(tick, 30))
    await browser.post('/api/v1/identity/sign-out')
    slow.forget(['the session'])
    letGo()
    expect((await many).map((session) => session?.actor.id)).toEqual(Array.from({ length: 20 }, () => id))
    expect(reads).toBe(1)
    expect(await slow.resolve(token, now)).toBeNull()
  })

  test('lists devices, ends one, ends all others; nobody ends another person’s', async () => {
    const { id, browser } = await house.staff()
    const other = (await house.staff()).browser
    const visitor = {
      address: '203.0.113.9',
      device: 'd'.repeat(32),
      userAgent: 'Mozilla/5.0 (iPhone) MicroMessenger/8',
    }
    const second = await house.system((cmd) => openSession(cmd, { accountId: id, method: 'password', visitor }))
    const third = await house.system((cmd) => openSession(cmd, { accountId: id, method: 'password', visitor }))
    const list = (await browser.get(`${me}/sessions`)).body as unknown as {
      items: { id: string; device: string; isThis: boolean }[]
    }
    expect(list.items).toHaveLength(3)
    expect(list.items.filter((item) => item.isThis)).toHaveLength(1)
    expect(list.items.map((item) => item.device)).toContain('微信 · iOS')
    expect((await other.post(`${me}/sessions/${second.sessionId}/end`)).status).toBe(404)
    expect((await browser.post(`${me}/sessions/${second.sessionId}/end`)).status).toBe(200)
    expect((await browser.post(`${me}/sessions/${second.sessionId}/end`)).status).toBe(404)
    expect((await browser.post(`${me}/sessions/end-others`)).body).toEqual({ ended: 1 })
    const gone = house.browser()
    gone.cookies.set('tongxin_session', third.token)
    expect((await gone.get(me)).status).toBe(401)
    expect((await browser.get(me)).status).toBe(200)
  })

  test('the twenty-first session ends the oldest', async () => {
    const { id, browser } = await house.staff()
    for (let count = 0; count < 20; count++) {
      house.clock.advance(10)
      await house.system((cmd) => openSession(cmd, { accountId: id, method: 'password' }))
    }
    expect((await browser.get(me)).status).toBe(401)
  })

  test('an act from another site is refused although the cookie comes along', async () => {
    const { browser } = await house.staff()
    const cross = await browser.post('/api/v1/identity/sign-out', {}, { 'sec-fetch-site': 'cross-site' })
    expect(cross.body.code).toBe('kernel.cross_site')
    const foreign = await browser.post('/api/v1/identity/sign-out', {}, { origin: 'https://evil.example' })
    expect(foreign.body.code).toBe('kernel.cross_site')
    expect((await browser.get(me)).status).toBe(200)
  })
})
