import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { runSystem } from '../../kernel/command.ts'
import { settleLedger, verifyLedger } from '../../ledger/index.ts'
import type {
  Candidates,
  FollowUpCounts,
  FollowUpDone,
  FollowUpPage,
  FollowUpView,
  FollowUpsWaiting,
} from './contract.ts'
import { dropLeavers, endAndDelete, remindFollowUps } from './jobs.ts'
import { labelOf, roughly } from './rules.ts'

const url = '/api/v1/registry/follow-ups'
let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const holder = (role: string, path: string) =>
  app.as({ id: holderId(role, path), label: role, secondFactorAt: app.clock.now() })
const secretary = () => holder('villageSecretary', paths.village)
const lead = () => holder('microGridLead', paths.right)
const candidatesAt = async (area: string) =>
  (await secretary().get<Candidates>(`${url}/candidates?area=${encodeURIComponent(area)}`)).body.items

const person = { name: '方志强', citizenId: '11010519491231002X', phone: '13800001234', background: '刚回村' }
const body = (more: object = {}) => ({
  areaPath: paths.right,
  basis: 'releaseSupport',
  basisWords: '释放证明书（2026）第 31 号',
  endsOn: '2027-05-01',
  person,
  staff: [],
  ...more,
})

async function opened(more: object = {}): Promise<FollowUpDone> {
  const answer = await secretary().post<FollowUpDone>(url, body(more))
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
async function openedWithLead(more: object = {}): Promise<FollowUpDone> {
  const found = (await candidatesAt(paths.right)).find(({ accountId }) => accountId === lead().id)!
  return opened({ staff: [{ accountId: found.accountId, postId: found.postId }], ...more })
}
const look = (who: ReturnType<typeof holder>, id: string) =>
  who.post<FollowUpView>(`${url}/${id}/look`, { purpose: 'visit', reason: '上门之前看一眼' })
const entries = (event: string) =>
  runSystem(app.app, county, ({ tx }) =>
    tx.selectFrom('ledgerEntry').selectAll().where('county', '=', county).where('event', '=', event).execute(),
  )

describe('opening', () => {
  it.each([
    ['a basis that the county does not have', { basis: 'constructor' }, 400, 'registry.follow_up_basis'],
    ['an end today', { endsOn: '2026-11-16' }, 400, 'registry.follow_up_days'],
    ['an end beyond what the law allows', { endsOn: '2028-11-16' }, 400, 'registry.follow_up_days'],
    ['an end that is left open', { endsOn: undefined }, 400, 'kernel.invalid_input'],
    ['no words of the basis', { basisWords: ' ' }, 400, 'kernel.invalid_input'],
    [
      'an ID number that cannot be one',
      { person: { ...person, citizenId: '110105194912310021' } },
      400,
      'kernel.invalid_input',
    ],
    [
      'somebody who holds no post here',
      { staff: [{ accountId: holderId('microGridLead', paths.wrong), postId: holderId('x', paths.wrong) }] },
      400,
      'registry.follow_up_staff',
    ],
    ['a place where one may not', { areaPath: paths.wrong }, 403, 'kernel.forbidden'],
    ['a next contact in the past', { nextOn: '2026-11-01' }, 400, 'registry.follow_up_future'],
  ])('is refused with %s, in clear words', async (_name, more, status, code) => {
    const answer = await secretary().post(url, body(more))
    expect(answer.status, answer.text).toBe(status)
    expect(answer.body).toMatchObject({ code })
    expect(String(answer.body['title'])).toMatch(/[\u4e00-\u9fff]/)
  })

  it('is not for a micro-grid head, a resident or whoever only oversees', async () => {
    expect((await lead().post(url, body())).status).toBe(403)
    expect((await app.as({ kind: 'resident' }).post(url, body())).status).toBe(403)
    expect((await holder('disciplineOfficer', paths.town).post(url, body())).status).toBe(403)
  })

  it('keeps nothing of the person in clear, in no table and no entry', async () => {
    const { id } = await opened()
    const everywhere = await runSystem(app.app, county, async ({ tx }) => {
      const rows = await tx
        .selectFrom('followUp')
        .selectAll()
        .where('county', '=', county)
        .where('id', '=', id)
        .execute()
      const said = await tx.selectFrom('ledgerEntry').selectAll().where('county', '=', county).execute()
      return (
        JSON.stringify(rows.map(({ sealed, ...row }) => ({ ...row, sealed: sealed.toString('latin1') }))) +
        said.map(({ bytes }) => bytes.toString('utf8')).join('')
      )
    })
    for (const secret of ['方志强', '志强', '13800001234', '002X', '刚回村', '31 号'])
      expect(everywhere).not.toContain(secret)
  })
})

describe('seeing', () => {
  it('is for named staff only, and everybody else is told that there is nothing', async () => {
    const { id } = await openedWithLead()
    const seen = await look(lead(), id)
    expect(seen.status, seen.text).toBe(200)
    expect(seen.body.person).toMatchObject({ name: '方志强', phone: '13800001234', citizenId: '11010519491231002X' })
    expect(seen.body.staff).toHaveLength(2)
    const others = [
      holder('gridChief', paths.grid),
      holder('townDispatcher', paths.town),
      holder('disciplineOfficer', paths.town),
      holder('microGridLead', paths.beside),
      holder('countyLeader', paths.county),
    ]
    for (const other of others) {
      const answer = await look(other, id)
      expect([answer.status, answer.body]).toMatchObject([404, { code: 'kernel.not_found' }])
      expect((await other.get<FollowUpPage>(url)).body.items).toEqual([])
    }
    const missing = await look(lead(), '019a0000-0000-7000-8000-000000000000')
    const hidden = await look(holder('gridChief', paths.grid), id)
    expect({ ...hidden.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' })
  })

  it('asks what for each time, wants the second factor, and leaves look, reason and entry', async () => {
    const { id } = await openedWithLead()
    expect((await lead().post(`${url}/${id}/look`, { purpose: 'visit', reason: '看' })).status).toBe(400)
    expect((await lead().post(`${url}/${id}/look`, { reason: '没有说目的' })).status).toBe(400)
    const bare = app.as({ id: holderId('microGridLead', paths.right) })
    expect((await look(bare, id)).body).toMatchObject({ code: 'identity.second_factor_needed' })
    const before = (await entries('followUp.looked')).length
    const key = { 'idempotency-key': 'look-once-00001' }
    const ask = () => lead().post(`${url}/${id}/look`, { purpose: 'urgent', reason: '接到求助电话' }, key)
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
    const after = await entries('followUp.looked')
    expect(after.length - before).toBe(2)
    expect(after.at(-1)!.bytes.toString('utf8')).not.toContain(id)
    expect((await look(lead(), id)).body.notes.map(({ words }) => words)).toContain('接到求助电话')
  })

  it('shows a list of one’s own with nothing but the first character of a name', async () => {
    const { id } = await openedWithLead()
    const mine = await lead().get<FollowUpPage>(`${url}?limit=100`)
    expect(mine.body.items.find((item) => item.id === id)).toMatchObject({
      label: '方＊＊',
      state: 'open',
      mayManage: false,
    })
    expect(mine.text).not.toContain('志强')
  })

  it('cannot be cancelled out of the books: looks are neither changed nor removed', async () => {
    for (const change of ['update follow_up_look set purpose = $1', 'delete from follow_up_look where purpose <> $1']) {
      const tried = app.db.transaction(county, (tx) =>
        tx.executeQuery({ sql: change, parameters: ['x'], query: {} as never, queryId: {} as never }),
      )
      await expect(tried).rejects.toThrow(/permission denied/)
    }
  })

  it('is counted for whoever oversees, roughly when few, without a name', async () => {
    const { id } = await openedWithLead()
    for (let time = 0; time < 6; time++) expect((await look(lead(), id)).status).toBe(200)
    const purpose = { 'tongxin-purpose': 'supervision' }
    const counted = await holder('disciplineOfficer', paths.town).get<FollowUpCounts>(
      `${url}/counts?month=2026-11`,
      purpose,
    )
    expect(counted.status, counted.text).toBe(200)
    expect(counted.body.looks).toBeGreaterThan(5)
    expect(counted.body.purposes.find((one) => one.purpose === 'review')?.looks).toBe(0)
    expect(counted.text).not.toMatch(/microGridLead|方|name/)
    const elsewhere = app.as({ grants: [{ action: 'registry.followUp', path: paths.wrong, purpose: 'supervision' }] })
    expect((await elsewhere.get<FollowUpCounts>(`${url}/counts?month=2026-11`, purpose)).body.looks).toBe(0)
    expect([0, 1, 4, 5].map(roughly)).toEqual([0, null, null, 5])
    expect(['方', '方强', '欧阳志强'].map(labelOf)).toEqual(['方＊', '方＊', '欧＊＊'])
  })
})

describe('working with it', () => {
  it('writes a contact once, however often the phone hands it in, and reminds on the day', async () => {
    const { id } = await openedWithLead()
    const contact = {
      id: '019a1111-1111-7111-8111-111111111111',
      metOn: '2026-11-16',
      way: 'door',
      text: '在家',
      nextOn: '2026-11-20',
    }
    const [one, two] = [
      await lead().post(`${url}/${id}/contacts`, contact),
      await lead().post(`${url}/${id}/contacts`, contact),
    ]
    expect([one.status, two.status]).toEqual([200, 200])
    expect((await look(lead(), id)).body.notes.filter(({ words }) => words === '在家')).toHaveLength(1)
    const before = (await entries('followUp.due')).length
    await remindFollowUps(app.app, county)
    expect((await entries('followUp.due')).length).toBe(before)
    app.clock.set('2026-11-20T01:00:00Z')
    await remindFollowUps(app.app, county)
    await remindFollowUps(app.app, county)
    const due = (await entries('followUp.due')).slice(before)
    expect(due).toHaveLength(1)
    expect(due[0]!.bytes.toString('utf8')).not.toContain(id)
    app.clock.set('2026-11-16T01:30:00Z')
    const wrong = await lead().post(`${url}/${id}/contacts`, { ...contact, id: undefined, metOn: '2026-11-17' })
    expect(wrong.body).toMatchObject({ code: 'registry.follow_up_future' })
  })

  it('is extended only on a new basis by somebody else, who sees no name', async () => {
    const grants = [{ action: 'registry.followUp', path: paths.grid }]
    const chief = app.as({ id: holderId('gridChief', paths.grid), grants, secondFactorAt: app.clock.now() })
    const made = await chief.post<FollowUpDone>(url, body())
    expect(made.status, made.text).toBe(201)
    const { id, version } = made.body
    const boss = secretary()
    const basisWords = '续期审批表 第 77 号'
    const asked = { version, basis: 'releaseSupport', basisWords, endsOn: '2027-10-01', approver: boss.id }
    const ask = (more: object) => chief.post<FollowUpDone>(`${url}/${id}/extensions`, { ...asked, ...more })
    for (const approver of [chief.id, holderId('townDispatcher', paths.town)])
      expect((await ask({ approver })).body).toMatchObject({ code: 'registry.follow_up_other_person' })
    const same = await ask({ basisWords: '释放证明书（2026）第 31 号' })
    expect(same.body).toMatchObject({ code: 'registry.follow_up_new_basis' })
    const sent = await ask({})
    expect(sent.status, sent.text).toBe(200)
    expect((await ask({ version: sent.body.version })).body).toMatchObject({ code: 'registry.follow_up_asked' })
    const waiting = await boss.get<FollowUpsWaiting>(`${url}/waiting`)
    const item = waiting.body.items.find((one) => one.id === id)!
    expect(item).toMatchObject({ kind: 'extension', basisWords, newEndsOn: '2027-10-01' })
    expect(waiting.text).not.toMatch(/志强|13800001234/)
    expect((await look(boss, id)).status).toBe(404)
    const decision = { extensionId: item.extensionId, approve: true }
    expect((await chief.post(`${url}/${id}/extensions/decision`, decision)).status).toBe(404)
    expect((await boss.post(`${url}/${id}/extensions/decision`, decision)).status).toBe(200)
    expect((await boss.post(`${url}/${id}/extensions/decision`, decision)).status).toBe(404)
    const seen = await look(chief, id)
    expect(seen.body).toMatchObject({ endsOn: '2027-10-01', basisWords, person: { name: '方志强' } })
  })

  it('is over for whoever leaves the post, at once, and the name goes', async () => {
    const found = (await candidatesAt(paths.right)).find(
      ({ accountId }) => accountId === holderId('gridChief', paths.grid),
    )!
    const { id } = await opened({ staff: [{ accountId: found.accountId, postId: found.postId }] })
    const chief = holder('gridChief', paths.grid)
    expect((await look(chief, id)).status).toBe(200)
    const office = app.as({ grants: [{ action: 'grid.manage', path: county, purpose: 'administration' }] })
    const version = await runSystem(
      app.app,
      county,
      async ({ tx }) =>
        (
          await tx
            .selectFrom('post')
            .select('version')
            .where('county', '=', county)
            .where('id', '=', found.postId)
            .executeTakeFirstOrThrow()
        ).version,
    )
    const relieved = await office.post(`/api/v1/grid/posts/${found.postId}/relieve`, { slot: 'A', version })
    expect(relieved.status, relieved.text).toBe(200)
    app.clock.advance(5_000)
    expect((await look(chief, id)).status).toBe(404)
    expect((await chief.get<FollowUpPage>(url)).body.items).toEqual([])
    expect(await dropLeavers(app.app, county)).toBeGreaterThanOrEqual(1)
    const mine = await look(secretary(), id)
    expect(mine.body.staff).toHaveLength(1)
  })
})

describe('its end', () => {
  it('comes by itself: nobody looks any more, then everything is deleted and the ledger proves it', async () => {
    const { id } = await openedWithLead({ endsOn: '2026-12-01' })
    await look(lead(), id)
    await lead().post(`${url}/${id}/contacts`, { metOn: '2026-11-16', way: 'phone', text: '电话联系' })
    app.clock.set('2026-12-02T02:00:00Z')
    expect((await look(lead(), id)).body).toMatchObject({ code: 'registry.follow_up_ended' })
    expect((await endAndDelete(app.app, county)).ended).toBeGreaterThanOrEqual(1)
    const before = (await entries('followUp.deleted')).length
    expect((await endAndDelete(app.app, county)).deleted).toBe(0)
    app.clock.set('2027-01-05T02:00:00Z')
    expect((await endAndDelete(app.app, county)).deleted).toBeGreaterThanOrEqual(1)
    const proof = (await entries('followUp.deleted')).slice(before).find(({ subjectId }) => subjectId === id)!
    expect(JSON.parse(proof.bytes.toString('utf8'))).toMatchObject({ body: { notes: 2, staff: 2, extensions: 0 } })
    const left = await runSystem(app.app, county, ({ tx }) =>
      tx.selectFrom('followUpNote').select('id').where('county', '=', county).where('followUpId', '=', id).execute(),
    )
    expect(left).toEqual([])
    expect((await look(lead(), id)).status).toBe(404)
    await settleLedger(app.app, county)
    expect((await verifyLedger(app.db, county)).findings).toEqual([])
  })

  it('comes early with a reason, and one who comes too late with a stale page is told', async () => {
    app.clock.set('2026-11-16T01:30:00Z')
    const { id, version } = await opened()
    const stale = await secretary().post(`${url}/${id}/end`, { version: version + 5, reason: '期满，情况稳定' })
    expect(stale.body).toMatchObject({ code: 'kernel.stale' })
    const ended = await secretary().post(`${url}/${id}/end`, { version, reason: '期满，情况稳定' })
    expect(ended.status, ended.text).toBe(200)
    expect((await look(secretary(), id)).body).toMatchObject({ code: 'registry.follow_up_ended' })
  })
})
