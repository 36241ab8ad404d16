import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityHouse, type Browser, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { createStaffAccount } from '../accounts/index.ts'
import { totpCode } from '../credentials/index.ts'

let house: IdentityHouse
beforeAll(async () => {
  house = await identityHouse()
})
afterAll(() => house.close())
// Each test has its own quarter of an hour, so that none is locked by another.
beforeEach(() => house.clock.advance(16 * 60_000))

const password = 'Wangdian#2026-net'
const signIn = '/api/v1/identity/sign-in'
let count = 0

async function member(seat?: 'system' | 'security' | 'audit'): Promise<string> {
  return (await house.staff({ loginName: `officer-${++count}`, password, ...(seat ? { seat } : {}) })).loginName
}
const enter = (browser: Browser, loginName: string, typed = password) =>
  browser.post(`${signIn}/password`, { loginName, password: typed })

async function enrolled(): Promise<{ loginName: string; secret: string; recoveryCodes: string[] }> {
  const loginName = await member('audit')
  const browser = house.browser()
  const first = await enter(browser, loginName)
  const ticket = first.body['ticket']
  const offer = (await browser.post(`${signIn}/totp-offer`, { ticket })).body as unknown as { secret: string }
  const done = await browser.post(`${signIn}/totp-confirm`, { ticket, code: totpCode(offer.secret, house.clock.now()) })
  expect(done.status).toBe(200)
  house.clock.advance(60_000)
  return { loginName, secret: offer.secret, recoveryCodes: done.body['recoveryCodes'] as unknown as string[] }
}

describe('password', () => {
  test('the right one opens a session with a rotated, httpOnly, same-site cookie', async () => {
    const browser = house.browser()
    const answer = await enter(browser, await member())
    expect(answer.body).toMatchObject({ next: 'done', kind: 'staff' })
    const cookies = [answer.headers['set-cookie']].flat().join('\n')
    expect(cookies).toMatch(/tongxin_session=330411\.s[^;]+;.*HttpOnly; SameSite=Lax/)
    const first = browser.cookies.get('tongxin_session')
    await enter(browser, await member())
    expect(browser.cookies.get('tongxin_session')).not.toBe(first)
    const old = house.browser()
    old.cookies.set('tongxin_session', first ?? '')
    expect((await old.get('/api/v1/identity/me')).status).toBe(401)
  })

  test('login names are compared without case, width and blanks', async () => {
    const loginName = await member()
    expect((await enter(house.browser(), ` ${loginName.toUpperCase()} `)).status).toBe(200)
  })

  test('an unknown name and a wrong password get the same answer, and are kept with the same outcome', async () => {
    const loginName = await member()
    const known = await enter(house.browser(), loginName, 'wrong password 1')
    const unknown = await enter(house.browser(), 'nobody-here', 'wrong password 1')
    const bare = (reply: typeof known) => ({ ...reply.body, requestId: null, status: reply.status })
    expect(bare(known)).toEqual(bare(unknown))
    expect(known.body.code).toBe('identity.sign_in_refused')
  })

  test('an unknown name costs about the time of a wrong password', async () => {
    const loginName = await member()
    const spent = async (name: string): Promise<number> => {
      const from = performance.now()
      await enter(house.browser({ address: '198.51.100.1' }), name, 'wrong password 1')
      return performance.now() - from
    }
    await spent('warm-up')
    // The fastest of four: what else the machine does only ever adds time.
    const known = Math.min(
      await spent(loginName),
      await spent(loginName),
      await spent(loginName),
      await spent(loginName),
    )
    const unknown = Math.min(
      await spent('ghost-1'),
      await spent('ghost-2'),
      await spent('ghost-3'),
      await spent('ghost-4'),
    )
    // Without the decoy hash an unknown name answers ten times as fast.
    expect(unknown / known).toBeGreaterThan(0.4)
    expect(unknown / known).toBeLessThan(2.5)
  })

  test('five wrong tries lock the name for everybody unknown, alike for a name that does not exist', async () => {
    const loginName = await member()
    for (const name of [loginName, 'ghost-of-five']) {
      const browser = house.browser()
      for (let tries = 0; tries < 5; tries++) expect((await enter(browser, name, 'wrong password 1')).status).toBe(401)
      const locked = await enter(house.browser({ address: '198.51.100.2' }), name)
      expect(locked.body.code).toBe('identity.locked')
      expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0)
    }
    house.clock.advance(16 * 60_000)
    expect((await enter(house.browser(), loginName)).status).toBe(200)
  })

  test('a stranger cannot lock the owner out of the browser that is known', async () => {
    const loginName = await member()
    const own = house.browser()
    await enter(own, loginName)
    const stranger = house.browser({ address: '198.51.100.3' })
    for (let tries = 0; tries < 6; tries++) await enter(stranger, loginName, 'wrong password 1')
    expect((await enter(stranger, loginName)).body.code).toBe('identity.locked')
    expect((await enter(own, loginName)).status).toBe(200)
  })

  test('thirty guesses at once are five guesses', async () => {
    const loginName = await member()
    const answers = await Promise.all(
      Array.from({ length: 30 }, () =>
        enter(house.browser({ address: '198.51.100.4' }), loginName, 'wrong password 1'),
      ),
    )
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5)
    expect(answers.filter((answer) => answer.body.code === 'identity.locked')).toHaveLength(25)
  })

  test('one address that tries many names is slowed down', async () => {
    const browser = house.browser({ address: '198.51.100.5' })
    const answers = []
    for (let tries = 0; tries < 42; tries++) answers.push(await enter(browser, `spray-${tries}`, 'wrong password 1'))
    expect(answers.slice(0, 40).every((answer) => answer.status === 401)).toBe(true)
    expect(answers[41]?.body.code).toBe('identity.locked')
  })

  test('a disabled account says so only to who knows its password', async () => {
    const loginName = await member()
    await house.db.transaction('330411', (tx) =>
      tx
        .updateTable('account')
        .set({ status: 'disabled' })
        .where('county', '=', '330411')
        .where('loginName', '=', loginName)
        .execute(),
    )
    expect((await enter(house.browser(), loginName, 'wrong password 1')).body.code).toBe('identity.sign_in_refused')
    expect((await enter(house.browser(), loginName)).body.code).toBe('identity.account_disabled')
  })

  test('a refusal leaves its record and no session', async () => {
    const before = await house.db.transaction('330411', (tx) => tx.selectFrom('session').select('id').execute())
    const loginName = await member()
    await house.db.transaction('330411', (tx) =>
      tx
        .deleteFrom('session')
        .where('county', '=', '330411')
        .where(
          'id',
          'not in',
          before.map((row) => row.id),
        )
        .execute(),
    )
    await enter(house.browser(), loginName, 'wrong password 1')
    const after = await house.db.transaction('330411', (tx) => tx.selectFrom('session').select('id').execute())
    expect(after).toHaveLength(before.length)
    const records = await house.db.transaction('330411', (tx) =>
      tx.selectFrom('signInAttempt').selectAll().orderBy('id', 'desc').limit(1).execute(),
    )
    expect(records[0]).toMatchObject({ method: 'password', outcome: 'refused' })
    expect(JSON.stringify(records)).not.toContain('203.0.113.7')
  })

  test('another county does not know the name', async () => {
    await house.db.reference(
      "insert into county (code, name, demo, created_at) values ('330402', '南湖区', true, now()) on conflict do nothing",
    )
    expect((await enter(house.browser({ county: '330402' }), await member())).body.code).toBe(
      'identity.sign_in_refused',
    )
  })
})

describe('second factor', () => {
  test('an administrator without one must enrol before a session opens', async () => {
    const loginName = await member('system')
    const browser = house.browser()
    const first = await enter(browser, loginName)
    expect(first.body['next']).toBe('enrolTotp')
    expect(browser.cookies.has('tongxin_session')).toBe(false)
    const ticket = first.body['ticket']
    const offer = (await browser.post(`${signIn}/totp-offer`, { ticket })).body as unknown as Record<string, string>
    expect(offer['qrSvg']).toMatch(/^<svg/)
    expect(offer['uri']).toContain(offer['secret'])
    const wrong = await browser.post(`${signIn}/totp-confirm`, { ticket, code: '000000' })
    expect(wrong.body.code).toBe('identity.totp_refused')
    const done = await browser.post(`${signIn}/totp-confirm`, {
      ticket,
      code: totpCode(offer['secret'] ?? '', house.clock.now()),
    })
    expect(done.body['recoveryCodes']).toHaveLength(10)
    expect((await browser.get('/api/v1/identity/me')).body).toMatchObject({
      totp: true,
      recoveryCodesLeft: 10,
      seats: ['system'],
    })
  })

  test('password, then six digits; the same digits never work again, also not in another window', async () => {
    const { loginName, secret } = await enrolled()
    const code = totpCode(secret, house.clock.now())
    const browser = house.browser()
    const { ticket } = (await enter(browser, loginName)).body
    expect((await browser.post(`${signIn}/totp`, { ticket, code })).body).toMatchObject({ next: 'done' })
    expect((await browser.get('/api/v1/identity/me')).body['secondFactorAt']).not.toBeNull()
    const again = (await enter(browser, loginName)).body['ticket']
    expect((await browser.post(`${signIn}/totp`, { ticket: again, code })).body.code).toBe('identity.totp_refused')
    house.clock.advance(20_000)
    expect((await browser.post(`${signIn}/totp`, { ticket: again, code })).body.code).toBe('identity.totp_refused')
  })

  test('two who show the same code at once: one gets in', async () => {
    const { loginName, secret } = await enrolled()
    const code = totpCode(secret, house.clock.now())
    const tickets = [await enter(house.browser(), loginName), await enter(house.browser(), loginName)]
    const answers = await Promise.all(
      tickets.map((ticket) => house.browser().post(`${signIn}/totp`, { ticket: ticket.body['ticket'], code })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401])
  })

  test('a ticket dies after five minutes, after one use, and after five wrong codes', async () => {
    const { loginName, secret } = await enrolled()
    const browser = house.browser()
    const late = (await enter(browser, loginName)).body['ticket']
    house.clock.advance(301_000)
    const good = () => totpCode(secret, house.clock.now())
    expect((await browser.post(`${signIn}/totp`, { ticket: late, code: good() })).body.code).toBe(
      'identity.ticket_expired',
    )
    const used = (await enter(browser, loginName)).body['ticket']
    expect((await browser.post(`${signIn}/totp`, { ticket: used, code: good() })).status).toBe(200)
    house.clock.advance(60_000)
    expect((await browser.post(`${signIn}/totp`, { ticket: used, code: good() })).body.code).toBe(
      'identity.ticket_expired',
    )
    const guessed = (await enter(browser, loginName)).body['ticket']
    for (let tries = 0; tries < 5; tries++) await browser.post(`${signIn}/totp`, { ticket: guessed, code: '000000' })
    expect((await browser.post(`${signIn}/totp`, { ticket: guessed, code: good() })).body.code).toBe(
      'identity.ticket_expired',
    )
  })

  test('new tickets give no new guesses', async () => {
    const { loginName, secret } = await enrolled()
    const browser = house.browser()
    for (let tries = 0; tries < 5; tries++) {
      const { ticket } = (await enter(browser, loginName)).body
      await browser.post(`${signIn}/totp`, { ticket, code: '000000' })
    }
    const { ticket } = (await enter(browser, loginName)).body
    const answer = await browser.post(`${signIn}/totp`, { ticket, code: totpCode(secret, house.clock.now()) })
    expect(answer.body.code).toBe('identity.locked')
  })

  test('a ticket for enrolling opens no second-factor door, and another county none at all', async () => {
    const { loginName, secret } = await enrolled()
    const { ticket } = (await enter(house.browser(), loginName)).body
    expect((await house.browser().post(`${signIn}/totp-offer`, { ticket })).body.code).toBe('identity.ticket_expired')
    const elsewhere = house.browser({ county: '330402' })
    const answer = await elsewhere.post(`${signIn}/totp`, { ticket, code: totpCode(secret, house.clock.now()) })
    expect(answer.body.code).toBe('identity.ticket_expired')
  })

  test('a recovery code opens once; typed with blanks and in small letters too', async () => {
    const { loginName, recoveryCodes } = await enrolled()
    const browser = house.browser()
    const typed = (recoveryCodes[0] ?? '').toLowerCase().replace('-', ' ')
    const { ticket } = (await enter(browser, loginName)).body
    expect((await browser.post(`${signIn}/recovery-code`, { ticket, recoveryCode: typed })).status).toBe(200)
    expect((await browser.get('/api/v1/identity/me')).body['recoveryCodesLeft']).toBe(9)
    const again = (await enter(browser, loginName)).body['ticket']
    const answer = await browser.post(`${signIn}/recovery-code`, { ticket: again, recoveryCode: recoveryCodes[0] })
    expect(answer.body.code).toBe('identity.recovery_code_refused')
  })

  test('where the county asks everybody, an officer without one must enrol; where nobody, not even an administrator', async () => {
    const officer = await member()
    const administrator = await member('security')
    const set = (of: string) =>
      house.database &&
      house.db.transaction('330411', (tx) =>
        tx
          .insertInto('identitySetting')
          .values({
            county: '330411',
            totpRequiredOf: of,
            totpForUnmasking: true,
            staffIdleMinutes: 60,
            staffHours: 12,
            residentDays: 30,
            codesPerHour: 2000,
            version: 1,
          })
          .onConflict((conflict) => conflict.column('county').doUpdateSet({ totpRequiredOf: of }))
          .execute(),
      )
    await set('everyone')
    expect((await enter(house.browser(), officer)).body['next']).toBe('enrolTotp')
    await set('nobody')
    expect((await enter(house.browser(), administrator)).body['next']).toBe('done')
    await set('administrators')
    expect((await enter(house.browser(), officer)).body['next']).toBe('done')
  })
})

test('what strangers send is refused before it costs anything', async () => {
  const browser = house.browser()
  expect((await browser.post(`${signIn}/password`, { loginName: 'a' })).body.code).toBe('kernel.invalid_input')
  expect((await browser.post(`${signIn}/password`, { loginName: 'a', password: 'x'.repeat(20_000) })).body.code).toBe(
    'kernel.too_large',
  )
  expect((await browser.post(`${signIn}/totp`, { ticket: "330411.' or 1=1 --", code: '123456' })).status).toBe(400)
  const weak = house.system((cmd) => createStaffAccount(cmd, { loginName: 'weak', name: '弱', password: '1234567890' }))
  await expect(weak).rejects.toMatchObject({ code: 'identity.password_too_plain' })
})
