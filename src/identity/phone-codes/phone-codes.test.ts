import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityHouse, type Browser, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { createStaffAccount } from '../accounts/index.ts'
import { findOrCreateResident } from '../people/index.ts'

let house: IdentityHouse
beforeAll(async () => {
  house = await identityHouse()
})
afterAll(() => house.close())
beforeEach(() => {
  house.clock.advance(3_600_000)
  house.sent.length = 0
})

let count = 0
const newPhone = (): string => `139${String(20_000_000 + ++count)}`
const ask = (browser: Browser, phone: string) => browser.post('/api/v1/identity/phone-codes', { phone })
const show = (browser: Browser, request: unknown, code: string | undefined) =>
  browser.post('/api/v1/identity/sign-in/phone-code', { request, code })
const sentCode = (): string => house.sent.at(-1)?.params['code'] ?? ''
const wrongOf = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

async function enter(phone: string, browser = house.browser()): Promise<Browser> {
  const { request } = (await ask(browser, phone)).body
  expect((await show(browser, request, sentCode())).status).toBe(200)
  return browser
}

describe('phone code', () => {
  test('makes a guest, who sees the own account and nothing of staff', async () => {
    const browser = house.browser()
    const asked = await ask(browser, '+86 139 1234 5678')
    expect(asked.body).toMatchObject({ resendAfterSeconds: 60 })
    expect(house.sent).toMatchObject([{ template: 'identity.sign_in_code', phone: '13912345678', urgent: true }])
    expect((await show(browser, asked.body['request'], sentCode())).body).toMatchObject({ next: 'done', kind: 'guest' })
    expect((await browser.get('/api/v1/identity/me')).body).toMatchObject({
      kind: 'guest',
      phone: '139****5678',
      name: '',
    })
    expect((await browser.get('/api/v1/identity/accounts')).status).toBe(403)
    house.clock.advance(25 * 3_600_000)
    expect((await browser.get('/api/v1/identity/me')).status).toBe(401)
  })

  test('the phone and the code are nowhere in the clear', async () => {
    const phone = newPhone()
    await enter(phone)
    const rows = await house.db.transaction('330411', async (tx) => [
      await tx.selectFrom('phoneCode').selectAll().execute(),
      await tx.selectFrom('account').selectAll().execute(),
      await tx.selectFrom('phoneClaim').selectAll().execute(),
      await tx.selectFrom('throttle').selectAll().execute(),
      await tx.selectFrom('signInAttempt').selectAll().execute(),
      await tx.selectFrom('ledgerEntry').selectAll().execute(),
    ])
    const text = JSON.stringify(rows, (_key, value: unknown) =>
      (value as { type?: string })?.type === 'Buffer'
        ? Buffer.from((value as { data: number[] }).data).toString('latin1')
        : value,
    )
    expect(text).toContain('330411')
    expect(text).not.toContain(phone)
    expect(rows[0]).not.toMatchObject([{ code: expect.anything() }])
  })

  test('known and unknown numbers get the same answer', async () => {
    const known = newPhone()
    await house.system((cmd) => findOrCreateResident(cmd, { phone: known, name: '李阿姨' }))
    const answers = [await ask(house.browser(), known), await ask(house.browser(), newPhone())]
    const bare = answers.map((answer) => ({ ...answer.body, request: null, status: answer.status }))
    expect(bare[0]).toEqual(bare[1])
  })

  test('a registered phone signs in as its resident; a staff phone does not open the staff account', async () => {
    const phone = newPhone()
    const { id } = await house.system((cmd) => findOrCreateResident(cmd, { phone, name: '李阿姨' }))
    expect((await (await enter(phone)).get('/api/v1/identity/me')).body).toMatchObject({
      accountId: id,
      kind: 'resident',
      name: '李阿姨',
    })
    const staffPhone = newPhone()
    await house.system((cmd) =>
      createStaffAccount(cmd, { loginName: 'with-phone', name: '王工', phone: staffPhone, active: true }),
    )
    expect((await (await enter(staffPhone)).get('/api/v1/identity/me')).body).toMatchObject({ kind: 'guest' })
  })

  test.each(['123', '12345678901', '１３９', '021-57541234', '139123456789'])(
    '%s is no mobile number',
    async (phone) => {
      expect((await ask(house.browser(), phone)).body.code).toBe('identity.phone_invalid')
      expect(house.sent).toHaveLength(0)
    },
  )

  test('five wrong codes lock it, and the right one comes too late', async () => {
    const browser = house.browser()
    const { request } = (await ask(browser, newPhone())).body
    const left: unknown[] = []
    for (let tries = 0; tries < 4; tries++)
      left.push((await show(browser, request, wrongOf(sentCode()))).body.params?.['left'])
    expect(left).toEqual([4, 3, 2, 1])
    expect((await show(browser, request, wrongOf(sentCode()))).body.code).toBe('identity.code_locked')
    expect((await show(browser, request, sentCode())).body.code).toBe('identity.code_locked')
  })

  test('forty guesses at once are five guesses', async () => {
    const browser = house.browser({ address: '198.51.100.40' })
    const { request } = (await ask(browser, newPhone())).body
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => show(house.browser({ address: '198.51.100.40' }), request, wrongOf(sentCode()))),
    )
    expect(answers.filter((answer) => answer.body.code === 'identity.code_refused')).toHaveLength(4)
    expect(answers.every((answer) => answer.status !== 200)).toBe(true)
  })

  test('it lives five minutes and opens one door', async () => {
    const browser = house.browser()
    const late = (await ask(browser, newPhone())).body['request']
    const code = sentCode()
    house.clock.advance(300_000)
    expect((await show(browser, late, code)).body.code).toBe('identity.code_expired')
    const { request } = (await ask(browser, newPhone())).body
    const answers = await Promise.all([show(browser, request, sentCode()), show(browser, request, sentCode())])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 410])
  })

  test('a code of one request opens no other, and one of another county none', async () => {
    const browser = house.browser()
    const first = (await ask(browser, newPhone())).body['request']
    const second = (await ask(browser, newPhone())).body['request']
    const codeOfSecond = sentCode()
    if (house.sent[0]?.params['code'] !== codeOfSecond)
      expect((await show(browser, first, codeOfSecond)).status).toBe(401)
    await house.db.reference(
      "insert into county (code, name, demo, created_at) values ('330402', '南湖区', true, now()) on conflict do nothing",
    )
    expect((await show(house.browser({ county: '330402' }), second, codeOfSecond)).body.code).toBe(
      'identity.code_expired',
    )
    expect((await show(browser, '00000000-0000-7000-8000-000000000000', codeOfSecond)).body.code).toBe(
      'identity.code_expired',
    )
  })

  test('blanks and full-width digits are understood', async () => {
    const browser = house.browser()
    const { request } = (await ask(browser, newPhone())).body
    const typed = [...sentCode()].map((digit) => String.fromCodePoint((digit.codePointAt(0) ?? 48) + 0xfee0)).join('')
    expect((await show(browser, request, ` ${typed.slice(0, 3)} ${typed.slice(3)}`)).status).toBe(200)
  })

  test('two at once with one new phone make one guest', async () => {
    const phone = newPhone()
    const results = await Promise.all([1, 2, 3].map(() => house.system((cmd) => findOrCreateResident(cmd, { phone }))))
    expect(new Set(results.map((result) => result.id)).size).toBe(1)
    expect(results.filter((result) => result.created)).toHaveLength(1)
  })
})

describe('what keeps the SMS bill small', () => {
  test('one message a minute for a number, five an hour, ten a day, from wherever it is asked', async () => {
    const phone = newPhone()
    const from = () => house.browser({ address: `198.51.100.${100 + (count++ % 100)}` })
    // The start of an hour, so that forty minutes lie in one window.
    house.clock.set(new Date(Math.ceil(house.clock.now().getTime() / 3_600_000) * 3_600_000))
    expect((await ask(from(), phone)).status).toBe(200)
    const soon = await ask(from(), phone)
    expect(soon.body.code).toBe('identity.code_too_soon')
    expect(Number(soon.headers['retry-after'])).toBeLessThanOrEqual(60)
    let given = 1
    for (let minute = 0; minute < 40; minute++) {
      house.clock.advance(61_000)
      if ((await ask(from(), phone)).status === 200) given++
    }
    expect(given).toBeLessThanOrEqual(5)
    for (let hour = 0; hour < 30; hour++) {
      house.clock.advance(1_200_000)
      if ((await ask(from(), phone)).status === 200) given++
    }
    expect(given).toBeLessThanOrEqual(20)
    expect(house.sent).toHaveLength(given)
  })

  test('one browser asks for ten numbers an hour, one address for forty; a refusal sends nothing and counts nothing', async () => {
    const browser = house.browser({ address: '198.51.100.51' })
    for (let number = 0; number < 10; number++) expect((await ask(browser, newPhone())).status).toBe(200)
    expect((await ask(browser, newPhone())).body.code).toBe('identity.code_too_soon')
    for (let number = 0; number < 30; number++)
      expect((await ask(house.browser({ address: '198.51.100.51' }), newPhone())).status).toBe(200)
    const phone = newPhone()
    expect((await ask(house.browser({ address: '198.51.100.51' }), phone)).body.code).toBe('identity.code_too_soon')
    expect(house.sent).toHaveLength(40)
    expect((await ask(house.browser({ address: '198.51.100.52' }), phone)).status).toBe(200)
  })

  test('a made-up county has no throttles of its own: it is refused', async () => {
    const answer = await ask(house.browser({ county: '999999' }), newPhone())
    expect(answer.body.code).toBe('kernel.unknown_county')
    expect(house.sent).toHaveLength(0)
  })

  test('when the outbox refuses, no code and no count is left', async () => {
    const queue = house.app.ports.smsQueue
    const phone = newPhone()
    house.app.ports.smsQueue = { queue: () => Promise.reject(new Error('outbox away')) }
    expect((await ask(house.browser(), phone)).status).toBe(500)
    house.app.ports.smsQueue = queue
    expect((await ask(house.browser(), phone)).status).toBe(200)
  })
})

describe('a guest registers', () => {
  test('keeps the id, gets a name, and does so once', async () => {
    const browser = await enter(newPhone())
    const before = (await browser.get('/api/v1/identity/me')).body
    const registered = await browser.post('/api/v1/identity/me/register', { name: '张‮三' })
    expect(registered.body).toMatchObject({ accountId: before['accountId'], kind: 'resident', name: '张三' })
    expect((await browser.post('/api/v1/identity/me/register', { name: '张三' })).body.code).toBe(
      'identity.already_registered',
    )
    expect((await house.browser().post('/api/v1/identity/me/register', { name: '张三' })).status).toBe(401)
  })

  test('sees the counties in which the own phone is known', async () => {
    const browser = await enter(newPhone())
    expect((await browser.get('/api/v1/identity/me/counties')).body).toEqual({ items: ['330411'] })
  })
})
