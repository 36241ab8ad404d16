import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityHouse, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { totpCode } from '../credentials/index.ts'
import { requireSecondFactor } from '../people/index.ts'
import { openSession } from '../sessions/index.ts'

let house: IdentityHouse
beforeAll(async () => {
  house = await identityHouse()
})
afterAll(() => house.close())
beforeEach(() => house.clock.advance(16 * 60_000))

const me = '/api/v1/identity/me'
const password = 'Honglian#118-wg'
const next = 'Gaoqiao#759-wg'
const member = () => house.staff({ password })

async function withTotp() {
  const person = await member()
  const { secret } = (await person.browser.post(`${me}/totp`)).body as unknown as { secret: string }
  const code = totpCode(secret, house.clock.now())
  const confirmed = await person.browser.post(`${me}/totp/confirm`, { code })
  expect(confirmed.body['recoveryCodes']).toHaveLength(10)
  house.clock.advance(60_000)
  return { ...person, secret, now: () => totpCode(secret, house.clock.now()) }
}

describe('own password', () => {
  test('a change ends the other sessions, gives this one a new secret, and the old password is dead', async () => {
    const { id, loginName, browser } = await member()
    const other = house.browser()
    other.cookies.set(
      'tongxin_session',
      (await house.system((cmd) => openSession(cmd, { accountId: id, method: 'password' }))).token,
    )
    const before = browser.cookies.get('tongxin_session')
    expect((await browser.post(`${me}/password`, { current: password, next })).body).toEqual({ done: true })
    expect(browser.cookies.get('tongxin_session')).not.toBe(before)
    expect((await browser.get(me)).status).toBe(200)
    expect((await other.get(me)).status).toBe(401)
    const stolen = house.browser()
    stolen.cookies.set('tongxin_session', before ?? '')
    expect((await stolen.get(me)).status).toBe(401)
    const signIn = (typed: string) =>
      house.browser().post('/api/v1/identity/sign-in/password', { loginName, password: typed })
    expect((await signIn(password)).status).toBe(401)
    expect((await signIn(next)).status).toBe(200)
  })

  test('wrong, same, weak: refused, and after five wrong ones locked', async () => {
    const { browser } = await member()
    const change = (current: string, wanted: string) => browser.post(`${me}/password`, { current, next: wanted })
    expect((await change(password, password)).body.code).toBe('identity.password_same')
    expect((await change(password, 'abc')).body.code).toBe('identity.password_too_short')
    for (let tries = 0; tries < 5; tries++) await change('not it at all 1', next)
    expect((await change(password, next)).body.code).toBe('identity.locked')
    house.clock.advance(16 * 60_000)
    expect((await change('not it at all 1', next)).body.code).toBe('identity.password_refused')
    expect((await change(password, next)).status).toBe(200)
  })
})

describe('own second factor', () => {
  test('is on once its first code was shown, renews recovery codes, and comes off with a code', async () => {
    const { browser, now } = await withTotp()
    expect((await browser.get(me)).body).toMatchObject({ totp: true, recoveryCodesLeft: 10 })
    expect((await browser.post(`${me}/totp`)).body.code).toBe('identity.totp_enrolled')
    expect((await browser.post(`${me}/recovery-codes`, { code: '000000' })).body.code).toBe('identity.totp_refused')
    expect((await browser.post(`${me}/recovery-codes`, { code: now() })).body['recoveryCodes']).toHaveLength(10)
    house.clock.advance(60_000)
    expect((await browser.post(`${me}/totp/remove`, { code: now() })).body).toEqual({ done: true })
    expect((await browser.get(me)).body).toMatchObject({ totp: false, recoveryCodesLeft: 0 })
    expect((await browser.post(`${me}/second-factor`, { code: '123456' })).body.code).toBe('identity.totp_not_enrolled')
  })

  test('a wrong first code leaves it off', async () => {
    const { browser } = await member()
    expect((await browser.post(`${me}/totp/confirm`, { code: '000000' })).body.code).toBe('identity.totp_not_enrolled')
    await browser.post(`${me}/totp`)
    expect((await browser.post(`${me}/totp/confirm`, { code: '000000' })).body.code).toBe('identity.totp_refused')
    expect((await browser.get(me)).body).toMatchObject({ totp: false })
  })

  test('stepping up gives the session a new secret and opens what is shown in the clear', async () => {
    const { id, loginName, now } = await withTotp()
    const fresh = house.browser()
    fresh.cookies.set(
      'tongxin_session',
      (await house.system((cmd) => openSession(cmd, { accountId: id, method: 'password' }))).token,
    )
    const session = async () =>
      house.app.ports.sessions.resolve(fresh.cookies.get('tongxin_session') ?? '', house.clock.now())
    const asked = async () => {
      const found = await session()
      return house.system((cmd) =>
        requireSecondFactor({ ...cmd, actor: found!.actor, secondFactorAt: found!.secondFactorAt }),
      )
    }
    await expect(asked()).rejects.toMatchObject({ code: 'identity.second_factor_needed' })
    const before = fresh.cookies.get('tongxin_session')
    expect((await fresh.post(`${me}/second-factor`, { code: now() })).body).toEqual({ done: true })
    expect(fresh.cookies.get('tongxin_session')).not.toBe(before)
    await expect(asked()).resolves.toBeUndefined()
    expect(loginName).toBeTruthy()
  })

  test('an administrator cannot switch it off', async () => {
    const { browser } = await house.staff({ seat: 'audit' })
    expect((await browser.post(`${me}/totp/remove`, { code: '123456' })).body.code).toBe('identity.totp_required')
  })

  test('guests and residents have none to switch on', async () => {
    const browser = house.browser()
    const { request } = (await browser.post('/api/v1/identity/phone-codes', { phone: '13911112222' })).body
    await browser.post('/api/v1/identity/sign-in/phone-code', { request, code: house.sent.at(-1)?.params['code'] })
    expect((await browser.post(`${me}/totp`)).body.code).toBe('kernel.forbidden')
    expect((await house.browser().post(`${me}/totp`)).status).toBe(401)
  })
})

test('language and large type are kept with the account, and a change that changes nothing leaves no entry', async () => {
  const { browser } = await member()
  const before = Number((await browser.get(me)).body['version'])
  expect((await browser.ask('PATCH', me, { locale: 'en', elderMode: true })).body).toMatchObject({
    locale: 'en',
    elderMode: true,
    version: before + 1,
  })
  expect((await browser.ask('PATCH', me, { locale: 'en' })).body).toMatchObject({ version: before + 1 })
  expect((await browser.ask('PATCH', me, { locale: 'fr' })).status).toBe(400)
})
