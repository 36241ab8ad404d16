import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { createStaffAccount, findOrCreateResident, seatAdministrator } from '../../identity/index.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { hot } from '../../kernel/db.ts'
import type {
  Absence,
  FoundResponsible,
  FoundStaff,
  HolderHistory,
  MyPosts,
  PlaceDuty,
  Post,
  Posts,
  Role,
  Roles,
  Unmasked,
} from './contract.ts'
import {
  escalationChain,
  holdersOf,
  postChoices,
  postLabel,
  postsHeld,
  responsibleFor,
  responsiblePost,
  roleName,
  whoWas,
} from './index.ts'

let house: TestApp
const base = '/api/v1/grid'

beforeAll(async () => {
  house = await testApp()
  await layGround(house)
})
afterAll(() => house.close())

const office = (path: string = county) =>
  house.as({
    secondFactorAt: house.clock.now(),
    grants: ['grid.read', 'grid.manage', 'grid.unmask'].flatMap((action) =>
      (['administration', 'handling'] as const).map((purpose) => ({ action, path, purpose })),
    ),
  })
const system = <T>(work: (cmd: Command) => Promise<T>): Promise<T> => runSystem(house.app, county, work)

let serial = 0
const newPerson = (): Promise<string> =>
  system(async (cmd) => {
    const number = String(++serial).padStart(4, '0')
    const account = { loginName: `posts-${number}`, name: `试岗${number}`, phone: `1360000${number}`, active: true }
    return (await createStaffAccount(cmd, account)).id
  })

async function newPost(role: string, areaPath: string, unit?: string): Promise<Post> {
  const answer = await office().post<Post>(`${base}/posts`, { role, areaPath, ...(unit && { unit }) })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const assign = (post: Post, accountId: string, slot: 'A' | 'B', rest: object = {}) =>
  office().post<Post>(`${base}/posts/${post.id}/assign`, { accountId, slot, version: post.version, ...rest })

/** A post with an A and a B in it. */
async function staffed(role: string, areaPath: string, unit?: string) {
  const [a, b] = [await newPerson(), await newPerson()]
  const post = await newPost(role, areaPath, unit)
  const withA = (await assign(post, a, 'A')).body
  const answer = await assign(withA, b, 'B')
  expect(answer.status, answer.text).toBe(200)
  return { a, b, post: answer.body }
}

const entriesOf = (id: string) =>
  house.db.reading(county, (tx) =>
    hot<{ event: string }>(
      tx,
      'test_post_entries',
      'select event from ledger_entry where county = $1 and subject_id = $2 order by subject_version',
      [county, id],
    ),
  )

describe('a post', () => {
  it('is set up, filled as A and B, shown with masked phones, and every step is in the ledger', async () => {
    const { a, b, post } = await staffed('gridWorker', paths.grid)
    expect(post.name).toBe('红联村红联村第一网格员')
    const shown = await office().get<Posts>(`${base}/posts?path=${encodeURIComponent(paths.grid)}`)
    const found = shown.body.items.find(({ id }) => id === post.id)!
    expect(found.holders.map(({ accountId, slot, onDuty }) => [accountId, slot, onDuty])).toEqual([
      [a, 'A', true],
      [b, 'B', false],
    ])
    for (const { phone } of found.holders) expect(phone).toMatch(/^136\*{4}\d{4}$/)
    expect((await entriesOf(post.id)).map(({ event }) => event)).toEqual([
      'post.created',
      'post.assigned',
      'post.assigned',
    ])
  })

  it('has one A at a time, whoever is first', async () => {
    const post = await newPost('gridWorker', paths.grid)
    const people = [await newPerson(), await newPerson()]
    const answers = await Promise.all(people.map((person) => assign(post, person, 'A')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const winner = answers.find(({ status }) => status === 200)!.body
    const late = await assign(winner, await newPerson(), 'A')
    expect(late.body).toMatchObject({ code: 'grid.post_taken', params: { slot: 'A' } })
  })

  it('is never held as A and B by one person', async () => {
    const post = await newPost('gridWorker', paths.grid)
    const person = await newPerson()
    const first = (await assign(post, person, 'A')).body
    expect((await assign(first, person, 'B')).body).toMatchObject({ code: 'grid.holds_other_slot' })
  })

  it('is not for residents, nor for accounts that do not exist', async () => {
    const post = await newPost('gridWorker', paths.grid)
    const resident = await system((cmd) => findOrCreateResident(cmd, { phone: '13500009999' }))
    expect((await assign(post, resident.id, 'A')).body).toMatchObject({ code: 'grid.not_staff' })
    expect((await assign(post, '01a1f000-0000-7000-8000-000000000000', 'A')).body).toMatchObject({
      code: 'grid.not_staff',
    })
  })

  it('takes neither whoever assigns nor an administrator, so that nobody gives themselves rights', async () => {
    const self = office()
    const post = await newPost('countyDispatcher', county)
    const body = { accountId: self.id, slot: 'A', version: post.version }
    expect((await self.post(`${base}/posts/${post.id}/assign`, body)).body).toMatchObject({
      code: 'identity.not_oneself',
    })
    const seated = await newPerson()
    await system((cmd) => seatAdministrator(cmd, { accountId: seated, seat: 'audit' }))
    expect((await assign(post, seated, 'A')).body).toMatchObject({ code: 'grid.holds_seat' })
  })

  it('does not let somebody change what their own role may do', async () => {
    const person = await newPerson()
    expect((await assign(await newPost('gridOffice', county), person, 'A')).status).toBe(200)
    const clerk = house.as({ id: person, label: 'gridOffice' })
    const grants = [{ action: 'loop.unmask', purpose: 'handling' }]
    const change = { zh: '网格管理员', en: 'Grid office', grants, rung: null, version: 0 }
    const purpose = { 'tongxin-purpose': 'administration' }
    const answer = await clerk.ask('PUT', `${base}/roles/gridOffice`, change, purpose)
    expect(answer.body).toMatchObject({ code: 'identity.not_oneself' })
  })

  it.each([
    ['a day that is past', { from: '2020-01-01T00:00:00Z' }],
    ['an end before its beginning', { from: '2027-01-02T00:00:00Z', until: '2027-01-01T00:00:00Z' }],
  ])('refuses %s', async (_what, rest) => {
    const post = await newPost('gridWorker', paths.grid)
    expect((await assign(post, await newPerson(), 'A', rest)).body).toMatchObject({ code: 'grid.bad_interval' })
  })

  it('refuses a role that is none, a stale page and the wrong place', async () => {
    const unknown = await office().post(`${base}/posts`, { role: 'emperor', areaPath: paths.grid })
    expect(unknown.body).toMatchObject({ code: 'grid.unknown_role' })
    const post = await newPost('gridWorker', paths.grid)
    await assign(post, await newPerson(), 'A')
    expect((await assign(post, await newPerson(), 'B')).body).toMatchObject({ code: 'kernel.stale' })
    const elsewhere = await office(paths.otherTown).post(`${base}/posts/${post.id}/close`, { version: 2 })
    expect(elsewhere.body).toMatchObject({ code: 'kernel.forbidden' })
  })

  it('ends its holdings when it is closed, and cannot be filled again', async () => {
    const { a, post } = await staffed('clerk', paths.village)
    const mine = (await house.as({ id: a }).get<MyPosts>(`${base}/posts/mine`)).body
    expect([mine.items.length, mine.purposes]).toEqual([1, ['handling']])
    expect((await office().post(`${base}/posts/${post.id}/close`, { version: post.version })).status).toBe(200)
    expect((await house.as({ id: a }).get<MyPosts>(`${base}/posts/mine`)).body.items).toEqual([])
    expect((await assign(post, await newPerson(), 'A')).body).toMatchObject({ code: 'grid.post_closed' })
  })

  it('keeps everybody who ever held it', async () => {
    const { a, b, post } = await staffed('verifier', paths.village)
    house.clock.advance(86_400_000)
    const relieved = await office().post<Post>(`${base}/posts/${post.id}/relieve`, { slot: 'A', version: post.version })
    expect(relieved.body.holders.map(({ accountId, onDuty }) => [accountId, onDuty])).toEqual([[b, true]])
    expect(
      (await office().post(`${base}/posts/${post.id}/relieve`, { slot: 'A', version: post.version + 1 })).body,
    ).toMatchObject({ code: 'grid.slot_vacant' })
    const history = await office().get<HolderHistory>(`${base}/posts/${post.id}/holders`)
    expect(history.body.items.map(({ accountId, until }) => [accountId, until !== null]).toSorted()).toEqual(
      [
        [a, true],
        [b, false],
      ].toSorted(),
    )
  })
})

describe('grants', () => {
  it('follow from the post at once, and end with it', async () => {
    const person = await newPerson()
    const ask = () => house.as({ id: person }).get(`${base}/posts?path=${encodeURIComponent(paths.right)}`)
    expect((await ask()).status).toBe(403)
    const post = await newPost('gridWorker', paths.grid)
    const held = (await assign(post, person, 'A')).body
    expect((await ask()).status).toBe(200)
    const outsideGrid = await house.as({ id: person }).get(`${base}/posts?path=${encodeURIComponent(paths.village)}`)
    expect(outsideGrid.body['code']).toBe('kernel.forbidden')
    await office().post(`${base}/posts/${post.id}/relieve`, { slot: 'A', version: held.version })
    expect((await ask()).status).toBe(403)
  })

  it('begin on the day that was said, not before', async () => {
    const person = await newPerson()
    const post = await newPost('gridWorker', paths.grid)
    const from = new Date(house.clock.now().getTime() + 7_200_000).toISOString()
    await assign(post, person, 'A', { from })
    const ask = () => house.as({ id: person }).get(`${base}/posts?path=${encodeURIComponent(paths.right)}`)
    expect((await ask()).status).toBe(403)
    house.clock.advance(7_200_000)
    expect((await ask()).status).toBe(200)
  })

  it('are B’s only while A is away, in A’s name', async () => {
    const { a, b } = await staffed('gridWorker', paths.grid)
    const asB = house.as({ id: b })
    const ask = () => asB.get(`${base}/posts?path=${encodeURIComponent(paths.right)}`)
    expect((await ask()).status).toBe(403)
    const absence = await house.as({ id: a }).post<Absence>(`${base}/absences`, { reason: 'leave' })
    expect(absence.status, absence.text).toBe(200)
    expect((await ask()).status).toBe(200)
    expect((await asB.get<MyPosts>(`${base}/posts/mine`)).body.items).toMatchObject([{ slot: 'B', deputyFor: a }])
    const back = await house.as({ id: a }).post<Absence>(`${base}/absences/${absence.body.id}/end`, { version: 1 })
    expect(back.body).toMatchObject({ version: 2 })
    expect((await ask()).status).toBe(403)
  })

  it('change with what the county decides a role may do, recorded and versioned', async () => {
    const clerkNow = (await office().get<Roles>(`${base}/roles`)).body.items.find(({ code }) => code === 'clerk')!
    expect(clerkNow).toMatchObject({ changed: false, version: 0 })
    const { a } = await staffed('clerk', paths.otherTown)
    const ask = () => house.as({ id: a }).get(`${base}/posts?path=${encodeURIComponent(paths.otherTown)}`)
    expect((await ask()).status).toBe(200)
    const body = {
      zh: '窗口',
      en: 'Window',
      grants: [{ action: 'loop.report', purpose: 'handling' }],
      rung: null,
      version: 0,
    }
    const changed = await office().ask<Role>('PUT', `${base}/roles/clerk`, body)
    expect(changed.body).toMatchObject({ version: 1, changed: true })
    expect((await ask()).status).toBe(403)
    expect((await office().ask('PUT', `${base}/roles/clerk`, body)).body).toMatchObject({ code: 'kernel.stale' })
    const unknown = { ...body, version: 1, grants: [{ action: 'loop.destroy', purpose: 'handling' }] }
    expect((await office().ask('PUT', `${base}/roles/clerk`, unknown)).body).toMatchObject({
      code: 'kernel.invalid_input',
    })
  })
})

describe('absences', () => {
  it('do not overlap, and end after they begin', async () => {
    const { a } = await staffed('gridWorker', paths.grid)
    const me = house.as({ id: a })
    expect((await me.post(`${base}/absences`, { reason: 'trip', until: '2027-01-05T00:00:00Z' })).status).toBe(200)
    const overlap = { reason: 'leave', from: '2027-01-04T00:00:00Z' }
    expect((await me.post(`${base}/absences`, overlap)).body['code']).toBe('grid.already_away')
    const backwards = { reason: 'leave', from: '2027-02-02T00:00:00Z', until: '2027-02-01T00:00:00Z' }
    expect((await me.post(`${base}/absences`, backwards)).body['code']).toBe('grid.bad_interval')
    expect((await me.get<{ items: Absence[] }>(`${base}/absences`)).body.items.length).toBe(1)
  })

  it('can be noted for somebody by whoever manages their grid, by nobody else', async () => {
    const { a } = await staffed('gridWorker', paths.grid)
    const body = { accountId: a, reason: 'sick' }
    expect((await house.as({ id: await newPerson() }).post(`${base}/absences`, body)).body['code']).toBe(
      'kernel.forbidden',
    )
    expect((await office(paths.otherTown).post(`${base}/absences`, body)).body['code']).toBe('kernel.forbidden')
    expect((await office(paths.town).post(`${base}/absences`, body)).status).toBe(200)
    const list = await office(paths.town).get<{ items: Absence[] }>(
      `${base}/absences?under=${encodeURIComponent(paths.town)}`,
    )
    expect(list.body.items.map(({ accountId }) => accountId)).toContain(a)
  })
})

describe('who answers for a place', () => {
  it('is somebody for every place, and who it was can be asked for any past day', async () => {
    const lead = holderId('microGridLead', paths.right)
    const before = house.clock.now()
    expect(await system((cmd) => responsibleFor(cmd, paths.right, 'microGridLead'))).toMatchObject({
      accountId: lead,
      standsIn: false,
    })
    const post = (await office().get<Posts>(`${base}/posts?path=${encodeURIComponent(paths.right)}`)).body.items.find(
      ({ role }) => role === 'microGridLead',
    )!
    house.clock.advance(3_600_000)
    await office().post(`${base}/posts/${post.id}/relieve`, { slot: 'A', version: post.version })
    const now = await system((cmd) => responsibleFor(cmd, paths.right, 'microGridLead'))
    expect(now).toMatchObject({ standsIn: true })
    expect(now!.accountId).not.toBe(lead)
    expect(await system((cmd) => whoWas(cmd, paths.right, 'microGridLead', before))).toMatchObject({
      accountId: lead,
      standsIn: false,
    })
    const asked = await office().get<FoundResponsible>(
      `${base}/responsible?path=${encodeURIComponent(paths.right)}&role=microGridLead&at=${before.toISOString()}`,
    )
    expect(asked.body.responsible).toMatchObject({ accountId: lead, roleName: '微网格长' })
    const back = { accountId: lead, slot: 'A', version: post.version + 1 }
    expect((await office().post(`${base}/posts/${post.id}/assign`, back)).status).toBe(200)
  })

  it('falls to the county where nobody nearer is in office', async () => {
    const found = await system((cmd) => responsibleFor(cmd, `${county}/330411002/330411002001`, 'microGridLead'))
    expect(found).toMatchObject({ accountId: holderId('countyLeader', county), standsIn: true })
  })

  it('stands in order from the micro-grid up', async () => {
    const chain = await system((cmd) => escalationChain(cmd, paths.right))
    const roles = chain.map(({ role }) => role).filter((role) => role !== 'gridWorker')
    expect(roles).toEqual([
      'microGridLead',
      'gridChief',
      'villageSecretary',
      'townDispatcher',
      'townLeader',
      'countyLeader',
    ])
  })

  it('is told for messages: the nearest holders of a role', async () => {
    const ask = (role: string, unit?: string) => system((cmd) => holdersOf(cmd, role, paths.right, undefined, unit))
    expect(await ask('townDispatcher')).toEqual([holderId('townDispatcher', paths.town)])
    expect((await ask('departmentHandler')).toSorted()).toEqual(
      [
        holderId('departmentHandler', paths.town, 'cityCare'),
        holderId('departmentHandler', paths.town, 'safety'),
      ].toSorted(),
    )
    expect(await ask('departmentHandler', 'safety')).toEqual([holderId('departmentHandler', paths.town, 'safety')])
    expect(await ask('emperor')).toEqual([])
  })
})

describe('what the loop asks', () => {
  it('gives a matter to the first role that has somebody, at the level asked for', async () => {
    const pick = (roles: string[], level?: 'town') =>
      system((cmd) => responsiblePost(cmd, paths.right, { roles, level }))
    expect(await pick(['areaLead', 'gridChief'])).toMatchObject({ role: 'gridChief', areaPath: paths.grid })
    expect(await pick(['gridChief', 'townDispatcher'], 'town')).toMatchObject({
      role: 'townDispatcher',
      areaPath: paths.town,
      unit: '',
    })
    expect((await pick(['areaLead'], 'town')).role).toBe('townDispatcher')
  })

  it('offers posts around the place, departments of the town, and no empty chairs', async () => {
    const choose = (roles: string[]) => system((cmd) => postChoices(cmd, paths.right, { roles }))
    const departments = await choose(['departmentHandler'])
    expect(departments.map(({ unit, areaPath }) => [unit, areaPath]).toSorted()).toEqual([
      ['cityCare', paths.town],
      ['safety', paths.town],
    ])
    const leads = await choose(['microGridLead'])
    expect(leads.map(({ areaPath }) => areaPath)).toEqual([paths.right, paths.beside])
    await newPost('departmentHandler', paths.town, 'market')
    expect((await choose(['departmentHandler'])).length).toBe(2)
  })

  it('knows the actor’s posts, and words for posts and roles in both languages', async () => {
    const dispatcher = {
      id: holderId('townDispatcher', paths.town),
      kind: 'staff' as const,
      sessionId: null,
      label: '',
    }
    const held = await system((cmd) => postsHeld({ ...cmd, actor: dispatcher }))
    expect(held).toMatchObject([{ role: 'townDispatcher', unit: '', areaPath: paths.town, slot: 'A', deputyFor: null }])
    const post = { role: 'areaLead', unit: '', areaPath: paths.town }
    expect(await system((cmd) => postLabel(cmd, post))).toBe('王店镇片长')
    expect(await system((cmd) => postLabel(cmd, post, 'en'))).toBe('王店镇 Head of a large area')
    expect(await system((cmd) => roleName(cmd, 'verifier', 'en'))).toBe('Verifier')
  })
})

describe('a place in all nets', () => {
  it('shows who answers in each', async () => {
    const found = await office().get<PlaceDuty>(`${base}/duty?path=${encodeURIComponent(paths.right)}`)
    const lead = found.body.items
      .find(({ path }) => path === paths.right)!
      .posts.find(({ role }) => role === 'microGridLead')!
    expect(lead.holders).toMatchObject([{ accountId: holderId('microGridLead', paths.right), onDuty: true }])
    expect((await office().get(`${base}/duty`)).body['code']).toBe('kernel.bad_request')
  })
})

describe('the full phone', () => {
  it('asks why, shows it once and leaves an entry', async () => {
    const { a, post } = await staffed('gridChief', paths.village)
    const url = `${base}/posts/${post.id}/unmask`
    expect((await office().post(url, { accountId: a, reason: '急' })).body['code']).toBe('kernel.invalid_input')
    const shown = await office().post<Unmasked>(url, { accountId: a, reason: '现场联系核实' })
    expect(shown.body.phone).toMatch(/^1360000\d{4}$/)
    const stranger = { accountId: await newPerson(), reason: '不在此岗' }
    expect((await office().post(url, stranger)).status).toBe(404)
    const entries = await house.db.reading(county, (tx) =>
      hot<{ bytes: Buffer }>(
        tx,
        'test_unmasked',
        "select bytes from ledger_entry where county = $1 and event = 'account.unmasked'",
        [county],
      ),
    )
    expect(entries.length).toBe(1)
    expect(entries[0]!.bytes.toString()).not.toContain('现场联系')
  })
})

describe('the sheet of posts', () => {
  const send = (body: unknown) => office().post(`${base}/posts/import`, body)
  const row = (rest: object) => ({ areaPath: paths.otherTown, role: 'clerk', unit: '', name: '', ...rest })

  it('sets up what is not there, goes out as CSV and comes in again unchanged', async () => {
    const rows = [row({ role: 'verifier', name: '王江泾核查' }), row({ role: 'departmentHandler', unit: 'safety' })]
    expect((await send({ rows, dryRun: true })).body).toEqual({ created: 2, unchanged: 0 })
    expect((await send({ rows })).body).toEqual({ created: 2, unchanged: 0 })
    const sheet = await office().get(`${base}/posts/sheet?under=${encodeURIComponent(paths.otherTown)}`)
    expect(sheet.text).toContain(`${paths.otherTown},verifier,,王江泾核查`)
    const again = await send({ csv: sheet.text })
    expect(again.body).toMatchObject({ created: 0 })
  })

  it('names the line that is not right and takes nothing', async () => {
    const answer = await send({ rows: [row({ name: '不该留下' }), row({ role: 'emperor' })] })
    expect(answer.body).toMatchObject({ code: 'grid.import_refused', params: { line: 3 } })
    const sheet = await office().get(`${base}/posts/sheet?under=${encodeURIComponent(paths.otherTown)}`)
    expect(sheet.text).not.toContain('不该留下')
    expect((await send({ csv: 'areaPath,role,unit,name\n330411,,,' })).body).toMatchObject({ params: { line: 2 } })
    const elsewhere = await office(paths.town).post(`${base}/posts/import`, { rows: [row({})] })
    expect(elsewhere.body).toMatchObject({ code: 'kernel.forbidden' })
  })
})

describe('colleagues by name', () => {
  const find = (path: string, q: string) => office(path).get<FoundStaff>(`${base}/staff?q=${encodeURIComponent(q)}`)

  it('are found by a part of the name where one manages, elsewhere only by the whole of it', async () => {
    const { a } = await staffed('clerk', paths.right)
    const name = `试岗${String(serial - 1).padStart(4, '0')}`
    const here = (await find(paths.town, name.slice(1))).body.items.find(({ accountId }) => accountId === a)
    expect(here).toMatchObject({ name, elsewhere: false, away: false })
    expect(here?.posts).toHaveLength(1)
    const away = async (q: string) =>
      (await find(paths.otherTown, q)).body.items.filter(({ accountId }) => accountId === a)
    expect(await away(name.slice(1))).toEqual([])
    expect(await away(name)).toMatchObject([{ posts: [], elsewhere: true }])
  })

  it('include those who have no post yet, and are for nobody who fills none', async () => {
    const fresh = await newPerson()
    const found = await find(paths.otherTown, 'posts-')
    expect(found.body.items.map(({ accountId }) => accountId)).toContain(fresh)
    const reader = house.as({ grants: [{ action: 'grid.read', path: county, purpose: 'administration' }] })
    expect((await reader.get(`${base}/staff?q=a`)).status).toBe(403)
  })
})
