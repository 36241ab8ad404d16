import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityHouse, type Browser, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { createStaffAccount } from './index.ts'

let house: IdentityHouse
let system: Browser
let security: Browser
let audit: Browser
let officer: Browser
beforeAll(async () => {
  house = await identityHouse()
  system = (await house.staff({ seat: 'system' })).browser
  security = (await house.staff({ seat: 'security' })).browser
  audit = (await house.staff({ seat: 'audit' })).browser
  officer = (await house.staff()).browser
})
afterAll(() => house.close())

const accounts = '/api/v1/identity/accounts'
let count = 0
const invitation = () => ({ loginName: `invited-${++count}`, name: '赵六', phone: `136${String(40_000_000 + count)}` })
const entriesOf = (subjectId: string) =>
  house.db.transaction('330411', (tx) =>
    tx
      .selectFrom('ledgerEntry')
      .select(['event', 'bytes'])
      .where('county', '=', '330411')
      .where('subjectId', '=', subjectId)
      .orderBy('subjectVersion')
      .execute(),
  )

describe('staff accounts', () => {
  test('invited by the system administrator, seen by all three, by nobody else', async () => {
    const input = invitation()
    const made = await system.post(accounts, input)
    expect(made.body).toMatchObject({ status: 'invited', loginName: input.loginName, name: '赵六', seats: [] })
    const one = `${accounts}/${String(made.body['id'])}`
    expect((await system.get(one)).status).toBe(200)
    expect((await security.get(one)).status).toBe(200)
    expect((await audit.get(one)).body.code).toBe('kernel.wrong_purpose')
    expect((await audit.get(one, { 'tongxin-purpose': 'audit' })).status).toBe(200)
    expect((await officer.get(one)).body.code).toBe('kernel.forbidden')
    expect((await house.browser().get(one)).status).toBe(401)
  })

  test('nobody else invites, and the same bytes work for the system administrator', async () => {
    const input = invitation()
    expect((await house.browser().post(accounts, input)).status).toBe(401)
    expect((await officer.post(accounts, input)).status).toBe(403)
    expect((await audit.post(accounts, input)).status).toBe(403)
    expect((await security.post(accounts, input)).body.code).toBe('identity.other_administrator')
    expect((await system.post(accounts, input, { 'tongxin-purpose': 'handling' })).body.code).toBe(
      'kernel.wrong_purpose',
    )
    expect((await system.post(accounts, input)).status).toBe(200)
  })

  test('login name, phone and ID number belong to one account; of two at once one is made, and nothing is left of the other', async () => {
    const input = invitation()
    const answers = await Promise.all([
      system.post(accounts, input),
      system.post(accounts, { ...input, phone: undefined }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect((await system.post(accounts, { ...invitation(), loginName: input.loginName.toUpperCase() })).body.code).toBe(
      'identity.login_name_taken',
    )
    const withPhone = invitation()
    await system.post(accounts, withPhone)
    expect((await system.post(accounts, { ...invitation(), phone: `+86${withPhone.phone}` })).body.code).toBe(
      'identity.phone_taken',
    )
    const citizenId = '11010519491231002X'
    await system.post(accounts, { ...invitation(), citizenId })
    expect((await system.post(accounts, { ...invitation(), citizenId: '11010519491231002x' })).body.code).toBe(
      'identity.citizen_id_taken',
    )
    const refused = invitation()
    expect((await system.post(accounts, { ...refused, citizenId: '110105194912310021' })).body.code).toBe(
      'kernel.invalid_input',
    )
    const left = await house.db.transaction('330411', (tx) =>
      tx
        .selectFrom('account')
        .select('id')
        .where('county', '=', '330411')
        .where('loginName', '=', refused.loginName)
        .execute(),
    )
    expect(left).toHaveLength(0)
  })

  test.each([
    { loginName: 'a b', name: '赵六' },
    { loginName: 'x', name: '赵六' },
    { loginName: 'fine-name', name: '' },
    { loginName: 'fine-name', name: '\u202E\u200B' },
    { loginName: 'fine-name', name: '赵'.repeat(61) },
  ])('refuses %o', async (input) => {
    expect((await system.post(accounts, input)).status).toBe(400)
  })

  test('disabled: every session ends at once; enabled again: signs in anew; a stale page is refused', async () => {
    const { id, browser } = await house.staff()
    const version = Number((await system.get(`${accounts}/${id}`)).body['version'])
    expect((await browser.get('/api/v1/identity/me')).status).toBe(200)
    expect((await system.post(`${accounts}/${id}/disable`, { version: version + 5 })).body.code).toBe('kernel.stale')
    const answers = await Promise.all([1, 2].map(() => system.post(`${accounts}/${id}/disable`, { version })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect((await browser.get('/api/v1/identity/me')).status).toBe(401)
    expect((await system.post(`${accounts}/${id}/enable`, { version: version + 1 })).body).toMatchObject({
      status: 'active',
    })
    expect((await browser.get('/api/v1/identity/me')).status).toBe(401)
    const events = (await entriesOf(id)).map((entry) => entry.event)
    expect(events).toEqual(['account.created', 'account.disabled', 'account.enabled'])
  })

  test('name and phone are corrected by the keeper, one of two at once', async () => {
    const { id } = await house.staff()
    const version = Number((await system.get(`${accounts}/${id}`)).body['version'])
    const change = { version, name: '王晓明', phone: '13650009999' }
    expect((await security.ask('PATCH', `${accounts}/${id}`, change)).body.code).toBe('identity.other_administrator')
    expect((await officer.ask('PATCH', `${accounts}/${id}`, change)).body.code).toBe('kernel.forbidden')
    expect((await house.browser().ask('PATCH', `${accounts}/${id}`, change)).status).toBe(401)
    const answers = await Promise.all([1, 2].map(() => system.ask('PATCH', `${accounts}/${id}`, change)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect((await system.get(`${accounts}/${id}`)).body).toMatchObject({ name: '王晓明', phone: '136****9999' })
    const other = await house.staff()
    const taken = await system.ask('PATCH', `${accounts}/${other.id}`, { version: 1, phone: '13650009999' })
    expect(taken.body.code).toBe('identity.phone_taken')
  })

  test('a repeated invitation gets the first answer, and what is kept for it holds no name', async () => {
    const input = { ...invitation(), name: '重复的人' }
    const key = { 'idempotency-key': 'invite-twice-1' }
    const [first, second] = [await system.post(accounts, input, key), await system.post(accounts, input, key)]
    expect(second.body).toEqual(first.body)
    expect(first.body['name']).toBe('重复的人')
    const kept = await house.db.transaction('330411', (tx) => tx.selectFrom('idempotency').selectAll().execute())
    expect(kept).toHaveLength(1)
    expect(JSON.stringify(kept)).not.toContain('重复的人')
  })

  test('nobody disables themselves, and administrators are first dismissed', async () => {
    const own = (await system.get('/api/v1/identity/me')).body
    expect(
      (await system.post(`${accounts}/${String(own['accountId'])}/disable`, { version: own['version'] })).body.code,
    ).toBe('identity.not_oneself')
    const watched = (await audit.get('/api/v1/identity/me')).body
    const path = `${accounts}/${String(watched['accountId'])}/disable`
    expect((await system.post(path, { version: watched['version'] })).body.code).toBe('identity.other_administrator')
    expect((await security.post(path, { version: watched['version'] })).body.code).toBe('identity.still_seated')
  })

  test('the ledger holds no name, phone, login name or ID number', async () => {
    const input = { ...invitation(), citizenId: '110105195001010017' }
    const made = await system.post(accounts, { ...input, citizenId: undefined })
    const text = (await entriesOf(String(made.body['id']))).map((entry) => entry.bytes.toString('utf8')).join()
    expect(text).toContain('account.created')
    for (const secret of [input.name, input.phone, input.loginName]) expect(text).not.toContain(secret)
  })

  test('the list is in pages, each account once', async () => {
    for (let more = 0; more < 5; more++) await house.system((cmd) => createStaffAccount(cmd, invitation()))
    const seen: string[] = []
    let after = ''
    do {
      const page = (await system.get(`${accounts}?limit=3${after}`)).body as unknown as {
        items: { id: string }[]
        next: string | null
      }
      seen.push(...page.items.map((item) => item.id))
      after = page.next ? `&after=${page.next}` : ''
    } while (after)
    expect(seen.length).toBeGreaterThan(8)
    expect(new Set(seen).size).toBe(seen.length)
    const invited = (await system.get(`${accounts}?status=invited&limit=100`)).body as unknown as {
      items: { status: string }[]
    }
    expect(invited.items.every((item) => item.status === 'invited')).toBe(true)
    expect((await system.get(`${accounts}?limit=101`)).status).toBe(400)
    expect((await system.get(`${accounts}?after=rubbish`)).status).toBe(400)
  })
})
