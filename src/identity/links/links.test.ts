import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityHouse, type Browser, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { issueLinkByName } from './index.ts'
import { openSession } from '../sessions/index.ts'

let house: IdentityHouse
let system: Browser
let security: Browser
let systemId: string
beforeAll(async () => {
  house = await identityHouse()
})
beforeEach(async () => {
  house.clock.advance(3_600_000)
  const first = await house.staff({ seat: 'system' })
  const second = await house.staff({ seat: 'security' })
  ;[system, systemId, security] = [first.browser, first.id, second.browser]
})
afterAll(() => house.close())

const password = 'Xincheng.Grid-77'
let count = 0
const invite = () =>
  system.post('/api/v1/identity/accounts', {
    loginName: `colleague${++count}`,
    name: '陈书记',
    phone: `137${30_000_000 + count}`,
  })
const issue = (browser: Browser, id: unknown, body = {}) =>
  browser.post(`/api/v1/identity/accounts/${String(id)}/links`, body)
const redeem = (token: unknown, typed = password) =>
  house.browser().post(`/api/v1/identity/links/${String(token)}/redeem`, { password: typed })
const enter = (loginName: unknown, typed = password) =>
  house.browser().post('/api/v1/identity/sign-in/password', { loginName, password: typed })

const giveTotp = (accountId: string) =>
  house.system((cmd) =>
    cmd.tx
      .insertInto('totpSecret')
      .values({
        county: '330411',
        accountId,
        secretSealed: cmd.vault.seal('330411', 'JBSWY3DPEHPK3PXP'),
        algorithm: 'SHA1',
        confirmedAt: cmd.now,
        lastStep: 0,
        createdAt: cmd.now,
      })
      .execute(),
  )

describe('invitation', () => {
  test('from the invitation to the first sign-in; looking at the link changes nothing', async () => {
    const account = (await invite()).body
    expect(account).toMatchObject({ status: 'invited', name: '陈书记', phone: '137****000' + count })
    expect((await enter(account['loginName'])).body.code).toBe('identity.sign_in_refused')
    const link = (await issue(system, account['id'])).body
    expect(link).toMatchObject({ kind: 'invite', token: expect.stringMatching(/^330411\.l/) })
    const anybody = house.browser({ county: '000000' })
    for (let look = 0; look < 3; look++)
      expect((await anybody.get(`/api/v1/identity/links/${String(link['token'])}`)).body).toMatchObject({
        loginName: account['loginName'],
      })
    expect((await redeem(link['token'])).status).toBe(200)
    expect((await enter(account['loginName'])).body).toMatchObject({ next: 'done' })
    expect((await redeem(link['token'])).body.code).toBe('identity.link_invalid')
  })

  test('two who use it at once: one sets the password', async () => {
    const account = (await invite()).body
    const { token } = (await issue(system, account['id'])).body
    const answers = await Promise.all([redeem(token, 'Harvest-moon-41'), redeem(token, 'Silk-and-rice-52')])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 410])
  })

  test('a weak password is refused and the link stays good', async () => {
    const account = (await invite()).body
    const { token } = (await issue(system, account['id'])).body
    expect((await redeem(token, 'short1')).body.code).toBe('identity.password_too_short')
    expect((await redeem(token, `my-${String(account['loginName'])}-1`)).body.code).toBe('identity.password_too_plain')
    expect((await redeem(token)).status).toBe(200)
  })

  test('it expires, a newer one replaces it, and a forged one opens nothing', async () => {
    const account = (await invite()).body
    const first = (await issue(system, account['id'])).body['token']
    const second = (await issue(system, account['id'])).body['token']
    expect((await redeem(first)).body.code).toBe('identity.link_invalid')
    house.clock.advance(72 * 3_600_000)
    expect((await redeem(second)).body.code).toBe('identity.link_invalid')
    expect((await redeem(`330411.l${'A'.repeat(32)}`)).body.code).toBe('identity.link_invalid')
    expect((await redeem("330411.' or 1=1")).status).toBe(400)
  })
})

describe('lost password, lost phone', () => {
  test('a reset ends every session, lifts the lock, and drops the second factor when asked', async () => {
    const { id, loginName, browser } = await house.staff({ password: 'The-old-one-2025' })
    const stolen = house.browser()
    stolen.cookies.set(
      'tongxin_session',
      (await house.system((cmd) => openSession(cmd, { accountId: id, method: 'password' }))).token,
    )
    await giveTotp(id)
    for (let tries = 0; tries < 6; tries++) await enter(loginName, 'not this one 1')
    expect((await enter(loginName, 'The-old-one-2025')).body.code).toBe('identity.locked')
    const keeps = (await issue(system, id)).body['token']
    expect((await redeem(keeps)).status).toBe(200)
    expect((await browser.get('/api/v1/identity/me')).status).toBe(401)
    expect((await stolen.get('/api/v1/identity/me')).status).toBe(401)
    expect((await enter(loginName, 'The-old-one-2025')).body.code).toBe('identity.sign_in_refused')
    expect((await enter(loginName)).body['next']).toBe('totp')
    const drops = (await issue(system, id, { dropsTotp: true })).body['token']
    await redeem(drops)
    expect((await enter(loginName)).body['next']).toBe('done')
  })

  test('nobody issues a link for themselves, nor for the administrator who watches them', async () => {
    expect((await issue(system, systemId)).body.code).toBe('identity.not_oneself')
    const peer = await house.staff({ seat: 'system' })
    const audit = await house.staff({ seat: 'audit' })
    expect((await issue(system, peer.id)).body.code).toBe('identity.other_administrator')
    expect((await issue(system, audit.id)).body.code).toBe('identity.other_administrator')
    const officer = await house.staff()
    expect((await issue(security, officer.id)).body.code).toBe('identity.other_administrator')
    expect((await issue(officer.browser, systemId)).body.code).toBe('kernel.forbidden')
    expect((await issue(audit.browser, officer.id)).body.code).toBe('kernel.forbidden')
    expect((await issue(house.browser(), officer.id)).status).toBe(401)
  })

  test('an administrator’s link never leads its issuer into the seat: the second factor stands in between', async () => {
    const seated = await house.staff({ seat: 'security', password: 'The-old-one-2025' })
    expect((await issue(system, seated.id)).body.code).toBe('identity.link_at_machine')
    await giveTotp(seated.id)
    expect((await issue(system, seated.id, { dropsTotp: true })).body.code).toBe('identity.link_at_machine')
    const { token } = (await issue(system, seated.id)).body
    expect((await redeem(token)).status).toBe(200)
    expect((await enter(seated.loginName)).body['next']).toBe('totp')
  })

  test('the table itself refuses a link for oneself', async () => {
    const inserting = house.system((cmd) =>
      cmd.tx
        .insertInto('oneTimeLink')
        .values({
          county: '330411',
          id: '01900000-0000-7000-8000-000000000001',
          accountId: systemId,
          kind: 'reset',
          tokenHash: Buffer.alloc(32),
          dropsTotp: false,
          issuedBy: systemId,
          issuedAt: cmd.now,
          expiresAt: cmd.now,
        })
        .execute(),
    )
    await expect(inserting).rejects.toMatchObject({ constraint: 'one_time_link_self_check' })
  })

  test('when no administrator is left, the machine itself gives the way back, and nobody else', async () => {
    const { loginName } = await house.staff({ seat: 'security', password: 'Forgotten-by-all-9' })
    const asOfficer = house.system((cmd) =>
      issueLinkByName({ ...cmd, actor: { kind: 'staff', id: systemId, sessionId: null, label: '' } }, loginName, {}),
    )
    await expect(asOfficer).rejects.toMatchObject({ code: 'kernel.forbidden' })
    await expect(house.system((cmd) => issueLinkByName(cmd, 'no-such-name', {}))).rejects.toMatchObject({
      code: 'kernel.not_found',
    })
    const { token } = await house.system((cmd) =>
      issueLinkByName(cmd, ` ${loginName.toUpperCase()}`, { dropsTotp: true }),
    )
    expect((await redeem(token)).body['loginName']).toBe(loginName)
    expect((await enter(loginName)).body['next']).toBe('enrolTotp')
  })

  test('a disabled account gets no link, and its open link dies', async () => {
    const account = (await invite()).body
    const { token } = (await issue(system, account['id'])).body
    const version = (await system.get(`/api/v1/identity/accounts/${String(account['id'])}`)).body['version']
    expect((await system.post(`/api/v1/identity/accounts/${String(account['id'])}/disable`, { version })).status).toBe(
      200,
    )
    expect((await redeem(token)).body.code).toBe('identity.link_invalid')
    expect((await issue(system, account['id'])).body.code).toBe('identity.account_disabled')
  })
})
