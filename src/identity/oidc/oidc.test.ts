import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityHouse, type Browser, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { oidcClient, oidcServer, type OidcServer } from '../../../test/support/oidc-server.ts'
import { totpCode } from '../credentials/index.ts'

const origin = 'http://tongxin.test:8080'
const callback = `${origin}/api/v1/identity/oidc/callback`
let server: OidcServer
let house: IdentityHouse
beforeAll(async () => {
  server = await oidcServer(callback)
  const settings = {
    PUBLIC_URL: origin,
    OIDC_ISSUER: server.issuer,
    OIDC_CLIENT_ID: oidcClient.id,
    OIDC_CLIENT_SECRET: oidcClient.secret,
  }
  // The provider's ID tokens live by the machine's clock.
  house = await identityHouse({ settings, now: new Date().toISOString() })
})
afterAll(async () => {
  await house.close()
  await server.close()
})

const pathOf = (url: string): string => url.slice(origin.length)
const begin = async (browser: Browser, body = {}) =>
  (await browser.post('/api/v1/identity/oidc/start', body)).body['url'] as unknown as string
const finish = async (browser: Browser, url: string) => {
  const answer = await browser.get(pathOf(url))
  expect(answer.status).toBe(302)
  return String(answer.headers['location'])
}
const signIn = async (browser: Browser, body = {}) => finish(browser, await server.visit(await begin(browser, body)))

async function link(browser: Browser): Promise<string> {
  const { url } = (await browser.post('/api/v1/identity/me/oidc/link', { returnTo: '/settings' })).body as unknown as {
    url: string
  }
  return finish(browser, await server.visit(url))
}

describe('single sign-on', () => {
  test('an identity that is not linked is told what to do, and opens nothing', async () => {
    server.person = { subject: 'stranger', methods: ['pwd'] }
    const browser = house.browser()
    expect(await signIn(browser)).toBe('/sign-in#fault=identity.oidc_not_linked')
    expect((await browser.get('/api/v1/identity/me')).status).toBe(401)
  })

  test('linked from inside the own session, it signs in from then on, to the page that was wanted', async () => {
    server.person = { subject: 'officer-1', methods: ['pwd'] }
    const { id, browser } = await house.staff()
    expect(await link(browser)).toBe('/settings')
    const fresh = house.browser()
    expect(await signIn(fresh, { returnTo: '/matters?mine=1' })).toBe('/matters?mine=1')
    expect((await fresh.get('/api/v1/identity/me')).body).toMatchObject({ accountId: id, secondFactorAt: null })
    expect((await browser.post('/api/v1/identity/me/oidc/unlink')).body).toEqual({ done: true })
    expect(await signIn(house.browser())).toBe('/sign-in#fault=identity.oidc_not_linked')
  })

  test('one identity belongs to one account', async () => {
    server.person = { subject: 'officer-2', methods: ['pwd'] }
    const first = await house.staff()
    const second = await house.staff()
    expect(await link(first.browser)).toBe('/settings')
    expect(await link(second.browser)).toBe('/sign-in#fault=identity.oidc_taken')
  })

  test('our second factor is asked unless the provider has asked for one', async () => {
    server.person = { subject: 'admin-1', methods: ['pwd'] }
    const { browser } = await house.staff({ seat: 'audit' })
    await link(browser)
    const weak = await signIn(house.browser())
    expect(weak).toMatch(/^\/sign-in#next=enrolTotp&ticket=330411\.t/)
    const ticket = new URLSearchParams(weak.slice(weak.indexOf('#') + 1)).get('ticket')
    const enrolling = house.browser()
    const { secret } = (await enrolling.post('/api/v1/identity/sign-in/totp-offer', { ticket })).body as unknown as {
      secret: string
    }
    const code = totpCode(secret, house.clock.now())
    expect((await enrolling.post('/api/v1/identity/sign-in/totp-confirm', { ticket, code })).status).toBe(200)
    server.person = { subject: 'admin-1', methods: ['pwd', 'otp', 'mfa'] }
    const strong = house.browser()
    expect(await signIn(strong)).toBe('/')
    expect((await strong.get('/api/v1/identity/me')).body['secondFactorAt']).not.toBeNull()
  })

  test('an answer works once, in the browser that asked, within ten minutes, with its own state', async () => {
    server.person = { subject: 'officer-3', methods: ['pwd'] }
    const { browser } = await house.staff()
    await link(browser)
    const mine = house.browser()
    const answer = await server.visit(await begin(mine))
    expect(await finish(house.browser(), answer)).toBe('/sign-in#fault=identity.oidc_refused')
    expect(await finish(mine, answer)).toBe('/')
    expect(await finish(mine, answer)).toBe('/sign-in#fault=identity.oidc_refused')
    const forged = new URL(await server.visit(await begin(mine)))
    forged.searchParams.set('code', 'made-up')
    expect(await finish(mine, forged.href)).toBe('/sign-in#fault=identity.oidc_refused')
    expect(await finish(mine, `${callback}?code=x&state=330411.o${'A'.repeat(32)}`)).toBe(
      '/sign-in#fault=identity.oidc_refused',
    )
    const late = await server.visit(await begin(mine))
    house.clock.advance(601_000)
    expect(await finish(mine, late)).toBe('/sign-in#fault=identity.oidc_refused')
  })

  test('two that come back with one answer at once: one gets in', async () => {
    const browser = house.browser()
    server.person = { subject: 'officer-3', methods: ['pwd'] }
    const answer = await server.visit(await begin(browser))
    const twin = house.browser()
    for (const [name, value] of browser.cookies) twin.cookies.set(name, value)
    const pages = await Promise.all([finish(browser, answer), finish(twin, answer)])
    expect(pages.sort()).toEqual(['/', '/sign-in#fault=identity.oidc_refused'])
  })

  test('a disabled account stays out', async () => {
    server.person = { subject: 'officer-4', methods: ['pwd'] }
    const { id, browser } = await house.staff()
    await link(browser)
    await house.db.transaction('330411', (tx) =>
      tx
        .updateTable('account')
        .set({ status: 'disabled' })
        .where('county', '=', '330411')
        .where('id', '=', id)
        .execute(),
    )
    expect(await signIn(house.browser())).toBe('/sign-in#fault=identity.account_disabled')
  })

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/a b', 'javascript:alert(1)'])(
    'never returns to %s',
    async (returnTo) => {
      expect((await house.browser().post('/api/v1/identity/oidc/start', { returnTo })).status).toBe(400)
    },
  )

  test('residents and nobody link nothing', async () => {
    expect((await house.browser().post('/api/v1/identity/me/oidc/link', {})).status).toBe(401)
  })
})

test('without a provider it is off; with one that is away it says so', async () => {
  const plain = await identityHouse()
  expect((await plain.browser().get('/api/v1/identity/ways')).body).toMatchObject({ oidc: false, password: true })
  expect((await plain.browser().post('/api/v1/identity/oidc/start', {})).body.code).toBe('identity.oidc_off')
  await plain.close()
  const away = await identityHouse({ settings: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'x' } })
  const answer = await away.browser().post('/api/v1/identity/oidc/start', {})
  expect(answer.body.code).toBe('kernel.unavailable')
  await away.close()
})
