import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { runSystem } from '../../kernel/command.ts'
import { hot } from '../../kernel/db.ts'
import type { Purpose } from '../../kernel/grants.ts'
import type { Role, Roles } from '../posts/contract.ts'
import { shippedRoles } from '../posts/roles.ts'
import type { RoleChange } from './contract.ts'
import { grantWord, movesOf, newlySensitive, sensitiveActions } from './rules.ts'
import { expireChanges } from './service.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
})
afterAll(() => house.close())

const base = '/api/v1/grid'
const administration = { 'tongxin-purpose': 'administration' }
const holding = (...actions: string[]) =>
  house.as({ grants: actions.map((action) => ({ action, path: county, purpose: 'administration' as Purpose })) })
const office = () => holding('grid.read', 'grid.manage')
const security = () => holding('grid.read', 'grid.approve_roles')

let serial = 0
const wished = (action = 'loop.unmask', rest: object = {}) => ({
  code: `watcher${++serial}`,
  body: { zh: '值守员', en: 'Watcher', grants: [{ action, purpose: 'handling' }], rung: null, version: 0, ...rest },
})
const put = (who: ReturnType<typeof office>, code: string, body: object) =>
  who.ask<Role>('PUT', `${base}/roles/${code}`, body, administration)
const waiting = async (code: string) =>
  (
    await office().get<{ items: RoleChange[] }>(`${base}/role-changes?state=pending&limit=100`, administration)
  ).body.items.find(({ role }) => role === code)!
const act = (who: ReturnType<typeof office>, id: string, what: string) =>
  who.post<RoleChange>(`${base}/role-changes/${id}/${what}`, {}, administration)
const roleNow = async (code: string) =>
  (await office().get<Roles>(`${base}/roles`, administration)).body.items.find((role) => role.code === code)

describe('what is sensitive', () => {
  it('is what a role has not yet, whatever else changes', () => {
    const before = [{ action: 'loop.unmask', purpose: 'handling' }] as const
    const after = [
      ...before,
      { action: 'loop.unmask', purpose: 'supervision' },
      { action: 'loop.report', purpose: 'handling' },
    ] as const
    expect(newlySensitive([...before], [...after]).map(grantWord)).toEqual(['loop.unmask:supervision'])
    expect(newlySensitive([...after], [...before])).toEqual([])
  })

  it('stands in shipped roles, so the list names grants that exist', () => {
    const shipped = new Set(shippedRoles.flatMap((role) => role.grants.map(({ action }) => action as string)))
    expect([...sensitiveActions].filter((action) => !shipped.has(action))).toEqual([])
  })

  it('nobody decides what they wished, nor what is over', () => {
    const now = new Date('2026-11-16T00:00:00Z')
    const change = { state: 'pending', proposedBy: 'a', expiresAt: new Date(now.getTime() + 1) }
    expect(movesOf(change, { id: 'a', approves: true }, now)).toEqual(['withdraw'])
    expect(movesOf(change, { id: 'b', approves: true }, now)).toEqual(['approve', 'refuse'])
    expect(movesOf(change, { id: 'b', approves: false }, now)).toEqual([])
    expect(movesOf(change, { id: 'b', approves: true }, change.expiresAt)).toEqual([])
    expect(movesOf({ ...change, state: 'refused' }, { id: 'b', approves: true }, now)).toEqual([])
  })
})

describe('a sensitive role', () => {
  it.each([...sensitiveActions])('%s waits for security, then holds', async (action) => {
    const { code, body } = wished(action)
    const answer = await put(office(), code, body)
    expect(answer.body, answer.text).toMatchObject({ code, grants: [], version: 0, pending: expect.any(String) })
    expect(await roleNow(code)).toBeUndefined()
    const change = await waiting(code)
    expect(change).toMatchObject({ state: 'pending', sensitive: body.grants, moves: [] })
    expect((await act(office(), change.id, 'approve')).status).toBe(403)
    const approved = await act(security(), change.id, 'approve')
    expect(approved.body, approved.text).toMatchObject({ state: 'approved', moves: [] })
    expect(await roleNow(code)).toMatchObject({ grants: body.grants, version: 1, pending: null })
    expect((await act(security(), change.id, 'approve')).body).toMatchObject({ code: 'grid.role_change_over' })
    const events = await house.db.reading(county, (tx) =>
      hot<{ event: string }>(
        tx,
        'test_role_events',
        'select event from ledger_entry where county = $1 and subject_id = $2 order by subject_version',
        [county, change.id],
      ),
    )
    expect(events.map(({ event }) => event)).toEqual(['roleChange.proposed', 'roleChange.decided'])
  })

  it('is not approved by whoever wished it, even holding both', async () => {
    const both = holding('grid.read', 'grid.manage', 'grid.approve_roles')
    const { code, body } = wished()
    await put(both, code, body)
    const change = await waiting(code)
    expect((await act(both, change.id, 'approve')).body).toMatchObject({ code: 'identity.not_oneself' })
    expect((await act(both, change.id, 'withdraw')).body).toMatchObject({ state: 'withdrawn' })
  })

  it('may be refused, and only its wisher withdraws it; meanwhile nothing else changes the role', async () => {
    const { code, body } = wished('loop.supervise')
    const first = office()
    await put(first, code, body)
    const harmless = { ...body, grants: [{ action: 'loop.report', purpose: 'handling' }] }
    expect((await put(office(), code, harmless)).body).toMatchObject({ code: 'grid.role_change_pending' })
    const change = await waiting(code)
    expect((await act(office(), change.id, 'withdraw')).body).toMatchObject({ code: 'kernel.forbidden' })
    expect((await act(security(), change.id, 'refuse')).body).toMatchObject({ state: 'refused' })
    expect(await roleNow(code)).toBeUndefined()
    expect((await put(office(), code, harmless)).body).toMatchObject({ version: 1, pending: null })
  })

  it('of two who decide at once one is heard', async () => {
    const { code, body } = wished()
    await put(office(), code, body)
    const { id } = await waiting(code)
    const both = await Promise.all([act(security(), id, 'approve'), act(security(), id, 'refuse')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('is void after a week, and then may be wished anew', async () => {
    const { code, body } = wished()
    await put(office(), code, body)
    const change = await waiting(code)
    house.clock.advance(8 * 86_400_000)
    expect((await act(security(), change.id, 'approve')).body).toMatchObject({ code: 'grid.role_change_over' })
    expect((await put(office(), code, body)).body).toMatchObject({ pending: expect.any(String) })
    house.clock.advance(8 * 86_400_000)
    expect(await runSystem(house.app, county, expireChanges)).toBeGreaterThan(0)
    expect(await runSystem(house.app, county, expireChanges)).toBe(0)
    expect(await waiting(code)).toBeUndefined()
  })

  it('taking away, and what is harmless, holds at once', async () => {
    const lead = shippedRoles.find(({ code }) => code === 'verifier')!
    const grants = lead.grants.filter(({ action }) => action !== 'loop.unmask')
    const answer = await put(office(), 'verifier', { zh: lead.zh, en: lead.en, grants, rung: null, version: 0 })
    expect(answer.body).toMatchObject({ version: 1, pending: null, grants })
  })
})

it('an id that a client proposes for a post, an absence or an area is random: names of others cannot be squatted', async () => {
  const squatted = '3c3ff2a8-6f4c-5d51-9a53-0f6a30f2ab10'
  const refused = { code: 'kernel.invalid_input' }
  const post = { id: squatted, role: 'clerk', areaPath: paths.town }
  expect((await office().post(`${base}/posts`, post, administration)).body).toMatchObject(refused)
  const absence = { id: squatted, reason: 'leave' }
  expect((await house.as({}).post(`${base}/absences`, absence)).body).toMatchObject(refused)
  const area = { id: squatted, under: paths.grid, code: 'M099', name: '试', kind: 'microGrid' }
  expect((await office().post(`${base}/areas`, area, administration)).body).toMatchObject(refused)
})
