import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityHouse, type Browser, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { createStaffAccount } from '../accounts/index.ts'
import type { Seat } from '../contract.ts'
import { changersOf, movesOf } from './rules.ts'
import { expireChanges } from './service.ts'

let house: IdentityHouse
const holders = new Set<string>()
let system: Browser
let security: Browser
let audit: Browser
let systemId: string
let auditId: string
beforeAll(async () => {
  house = await identityHouse({
    ports: { duty: { holdsPost: async (_cmd, id) => holders.has(id), postsOf: async () => new Map() } },
  })
})
beforeEach(async () => {
  const first = await house.staff({ seat: 'system' })
  const third = await house.staff({ seat: 'audit' })
  security = (await house.staff({ seat: 'security' })).browser
  ;[system, systemId, audit, auditId] = [first.browser, first.id, third.browser, third.id]
})
afterAll(() => house.close())

const base = '/api/v1/identity'
const appoint = (by: Browser, accountId: string, seat: string) => by.post(`${base}/administrators`, { accountId, seat })
const asAudit = { 'tongxin-purpose': 'audit' }
const act = (by: Browser, id: unknown, what: string) =>
  by.post(`${base}/seat-changes/${String(id)}/${what}`, {}, by === audit ? asAudit : {})
const seatOf = async (accountId: string) => {
  const list = (await system.get(`${base}/administrators?limit=100`)).body as unknown as {
    items: { id: string; accountId: string; heldUntil: string | null; appointedBy: string }[]
  }
  return list.items.find((item) => item.accountId === accountId && !item.heldUntil)
}
const eventsOf = (subjectId: string) =>
  house.db.reading('330411', (tx) =>
    tx
      .selectFrom('ledgerEntry')
      .select('event')
      .where('county', '=', '330411')
      .where('subjectId', '=', subjectId)
      .orderBy('subjectVersion')
      .execute(),
  )

const seats: readonly Seat[] = ['system', 'security', 'audit']
const of = (seat: Seat) => ({ system, security, audit })[seat]

describe('rules', () => {
  test('a seat is changed by the two others, never by its own kind', () => {
    for (const seat of seats) {
      const { proposes, confirms } = changersOf(seat)
      expect(new Set([seat, proposes, confirms]).size).toBe(3)
    }
  })

  test('moves: the proposer withdraws, the confirming seat decides, the person concerned neither', () => {
    const now = new Date('2026-11-16T00:00:00Z')
    const change = {
      state: 'pending',
      proposedBy: 'p',
      accountId: 'x',
      seat: 'audit',
      expiresAt: new Date('2026-11-17'),
    }
    expect(movesOf(change, { id: 'p', seats: ['system'] }, now)).toEqual(['withdraw'])
    expect(movesOf(change, { id: 's', seats: ['security'] }, now)).toEqual(['confirm', 'refuse'])
    expect(movesOf(change, { id: 'x', seats: ['security'] }, now)).toEqual([])
    expect(movesOf(change, { id: 'a', seats: ['audit'] }, now)).toEqual([])
    expect(movesOf(change, { id: 's', seats: ['security'] }, change.expiresAt)).toEqual([])
    expect(movesOf({ ...change, state: 'confirmed' }, { id: 's', seats: ['security'] }, now)).toEqual([])
  })
})

describe('an appointment', () => {
  test.each(seats)('to %s takes effect when the second seat has confirmed it, and is in the ledger', async (seat) => {
    const officer = await house.staff()
    const { proposes, confirms } = changersOf(seat)
    const change = (await appoint(of(proposes), officer.id, seat)).body
    expect(change).toMatchObject({
      kind: 'appoint',
      seat,
      state: 'pending',
      confirms,
      name: '王小明',
      moves: ['withdraw'],
    })
    expect(await seatOf(officer.id)).toBeUndefined()
    expect((await officer.browser.get(`${base}/me`)).status).toBe(200)
    for (const wrong of seats.filter((one) => one !== confirms))
      expect((await act(of(wrong), change['id'], 'confirm')).status).toBe(403)
    expect((await act(of(confirms), change['id'], 'confirm')).body).toMatchObject({ state: 'confirmed', moves: [] })
    expect(await seatOf(officer.id)).toMatchObject({ heldUntil: null })
    expect((await officer.browser.get(`${base}/me`)).status).toBe(401)
    expect((await eventsOf(String(change['id']))).map(({ event }) => event)).toEqual([
      'seatChange.proposed',
      'seatChange.decided',
    ])
    expect((await act(of(confirms), change['id'], 'confirm')).body.code).toBe('identity.change_over')
  })

  test('by one administrator alone goes nowhere: invite, redeem, sign in, appoint', async () => {
    const invited = (await system.post(`${base}/accounts`, { loginName: 'shadow', name: '影子', phone: '13500009999' }))
      .body as unknown as { id: string }
    expect((await appoint(system, invited.id, 'security')).body.code).toBe('identity.own_invitation')
    const { token } = (await system.post(`${base}/accounts/${invited.id}/links`)).body
    const password = 'Yucheng-step-19'
    expect((await system.post(`${base}/links/${String(token)}/redeem`, { password })).status).toBe(200)
    // In the administrator's own browser: the device is known as theirs.
    const device = house.browser()
    const seen = await device.post(`${base}/sign-in/password`, { loginName: 'shadow', password })
    expect(seen.status).toBe(200)
    await house.system(async (cmd) => {
      const rows = await cmd.tx.selectFrom('device').selectAll().where('accountId', '=', invited.id).execute()
      for (const row of rows)
        await cmd.tx
          .insertInto('device')
          .values({ ...row, id: crypto.randomUUID(), accountId: systemId })
          .execute()
    })
    expect((await appoint(system, invited.id, 'security')).body.code).toBe('identity.own_invitation')
    // Somebody signs in from a browser of their own: then it may be proposed, and still needs the second seat.
    await house.browser().post(`${base}/sign-in/password`, { loginName: 'shadow', password })
    const change = (await appoint(system, invited.id, 'security')).body
    expect(change).toMatchObject({ state: 'pending', account: { invitedByProposer: true } })
    expect((await act(system, change['id'], 'confirm')).status).toBe(403)
    expect(await seatOf(invited.id)).toBeUndefined()
  })

  test('is refused to the wrong proposer, for oneself, and to who holds a post, a seat or no phone', async () => {
    const officer = await house.staff()
    expect((await appoint(house.browser(), officer.id, 'audit')).status).toBe(401)
    expect((await appoint(officer.browser, officer.id, 'audit')).body.code).toBe('kernel.forbidden')
    expect((await appoint(audit, officer.id, 'security')).body.code).toBe('kernel.forbidden')
    expect((await appoint(security, officer.id, 'audit')).body.code).toBe('identity.seat_changed_by_others')
    expect((await appoint(system, officer.id, 'system')).body.code).toBe('identity.seat_changed_by_others')
    expect((await appoint(system, auditId, 'security')).body.code).toBe('identity.seat_excluded')
    holders.add(officer.id)
    expect((await appoint(system, officer.id, 'audit')).body.code).toBe('identity.holds_post')
    const { id } = await house.system((cmd) =>
      createStaffAccount(cmd, { loginName: `no-phone-${systemId.slice(-6)}`, name: '无号', active: true }),
    )
    expect((await appoint(system, id, 'audit')).body.code).toBe('identity.seat_needs_phone')
    expect((await appoint(system, '01900000-0000-7000-8000-00000000bbbb', 'audit')).status).toBe(404)
  })

  test('is asked again at the confirmation: who took a post meanwhile gets no seat', async () => {
    const officer = await house.staff()
    const change = (await appoint(system, officer.id, 'audit')).body
    holders.add(officer.id)
    expect((await act(security, change['id'], 'confirm')).body.code).toBe('identity.holds_post')
    holders.delete(officer.id)
    expect((await act(security, change['id'], 'confirm')).status).toBe(200)
  })

  test('waits once for a person, may be refused or withdrawn, and of two who decide one is heard', async () => {
    const officer = await house.staff()
    const change = (await appoint(system, officer.id, 'audit')).body
    expect((await appoint(system, officer.id, 'security')).body.code).toBe('identity.change_pending')
    expect((await act(security, change['id'], 'withdraw')).body.code).toBe('kernel.forbidden')
    const both = await Promise.all([act(security, change['id'], 'refuse'), act(system, change['id'], 'withdraw')])
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(await seatOf(officer.id)).toBeUndefined()
    expect((await appoint(system, officer.id, 'security')).status).toBe(200)
  })

  test('is void after a week', async () => {
    const officer = await house.staff()
    const change = (await appoint(system, officer.id, 'audit')).body
    house.clock.advance(8 * 86_400_000)
    expect(await house.system(expireChanges)).toBeGreaterThan(0)
    expect(await house.system(expireChanges)).toBe(0)
    const keeper = (await house.staff({ seat: 'security' })).browser
    expect((await act(keeper, change['id'], 'confirm')).body.code).toBe('identity.change_over')
    const list = (await keeper.get(`${base}/seat-changes?limit=100`)).body as unknown as {
      items: { id: string; state: string }[]
    }
    expect(list.items.find(({ id }) => id === String(change['id']))).toMatchObject({ state: 'expired' })
  })
})

describe('a dismissal', () => {
  test('takes two as well, and frees for another seat', async () => {
    const officer = await house.staff({ seat: 'audit' })
    const seat = await seatOf(officer.id)
    expect((await security.post(`${base}/administrators/${seat?.id}/dismiss`)).body.code).toBe(
      'identity.seat_changed_by_others',
    )
    const change = (await system.post(`${base}/administrators/${seat?.id}/dismiss`)).body
    expect(change).toMatchObject({ kind: 'dismiss', state: 'pending', confirms: 'security' })
    expect((await officer.browser.get(`${base}/me`)).status).toBe(200)
    house.clock.advance(1000)
    expect((await act(security, change['id'], 'confirm')).status).toBe(200)
    expect(await seatOf(officer.id)).toBeUndefined()
    expect((await officer.browser.get(`${base}/me`)).status).toBe(401)
    expect((await system.post(`${base}/administrators/${seat?.id}/dismiss`)).body.code).toBe('kernel.conflict')
    expect((await appoint(system, officer.id, 'security')).status).toBe(200)
  })

  test('of the last two, confirmed at once, one stays', async () => {
    const lonely = await identityHouse()
    const ones = [await lonely.staff({ seat: 'audit' }), await lonely.staff({ seat: 'audit' })]
    const proposer = (await lonely.staff({ seat: 'system' })).browser
    const keeper = (await lonely.staff({ seat: 'security' })).browser
    const list = (await keeper.get(`${base}/administrators?limit=100`)).body as unknown as {
      items: { id: string; accountId: string }[]
    }
    const changes: string[] = []
    for (const one of ones) {
      const seat = list.items.find((item) => item.accountId === one.id)
      changes.push(String((await proposer.post(`${base}/administrators/${seat?.id}/dismiss`)).body['id']))
    }
    const answers = await Promise.all(changes.map((id) => keeper.post(`${base}/seat-changes/${id}/confirm`)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(answers.find((answer) => answer.status === 409)?.body.code).toBe('identity.last_administrator')
    await lonely.close()
  })
})
