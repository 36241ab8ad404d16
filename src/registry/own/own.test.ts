import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { runSystem } from '../../kernel/command.ts'
import { findOrCreateResident } from '../../identity/index.ts'
import { settleLedger, verifyLedger } from '../../ledger/index.ts'
import { citizenIdOf, desks } from '../fixtures.ts'
import type { Person } from '../people/contract.ts'
import type { Confirmed, OwnCopy, OwnRecord, OwnRequest, OwnRequestPage, OwnRequestToAnswer } from './contract.ts'
import { forgetRequests, remindAnswers } from './jobs.ts'
import { isTailOf, valueOf } from './rules.ts'

const url = '/api/v1/registry/own'
let app: TestApp
let desk: ReturnType<typeof desks>
let serial = 100
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  desk = desks(app)
})
afterAll(() => app.close())

interface Resident {
  asker: ReturnType<TestApp['as']>
  person: Person
  tail: string
  phone: string
}

/** Somebody registered, signed in with the phone that is registered for them. */
async function resident(more: object = {}): Promise<Resident> {
  serial += 1
  const phone = `1380000${serial}0`
  const citizenId = citizenIdOf('1980-02-03', serial)
  const person = await desk.person({ name: '王小芳', citizenId, phone, areaPath: paths.right, ...more })
  return { asker: await signedIn(phone), person, tail: citizenId.slice(-6), phone }
}

async function signedIn(phone: string): Promise<ReturnType<TestApp['as']>> {
  const { id } = await runSystem(app.app, county, (cmd) => findOrCreateResident(cmd, { phone }))
  return app.as({ kind: 'resident', id, label: '居民' })
}

const confirm = (asker: Resident['asker'], tail: string) => asker.post<Confirmed>(`${url}/confirmation`, { tail })
async function opened(more: object = {}): Promise<Resident> {
  const one = await resident(more)
  expect((await confirm(one.asker, one.tail)).body).toMatchObject({ confirmed: true })
  return one
}
const show = async (asker: Resident['asker']) => (await asker.get<OwnRecord>(url)).body

describe('showing that it is oneself', () => {
  it('opens the record to the right tail alone, in this session alone', async () => {
    const { asker, tail, phone } = await resident()
    expect(await show(asker)).toMatchObject({ confirmed: false, record: null })
    const wrong = await confirm(asker, tail === '000000' ? '111111' : '000000')
    expect(wrong.body).toEqual({ confirmed: false, triesLeft: 4 })
    expect((await confirm(asker, tail.toLowerCase())).body).toMatchObject({ confirmed: true })
    expect((await show(asker)).record).not.toBeNull()
    // The number goes to somebody else, who signs in with it: another session, nothing to see.
    const next = await signedIn(phone)
    expect(await show(next)).toMatchObject({ confirmed: false, record: null })
  })

  it('answers a wrong tail and an unknown number alike, and stops after five', async () => {
    const known = await resident()
    const stranger = await signedIn('13911112222')
    const [one, other] = [await confirm(known.asker, '000001'), await confirm(stranger, '000001')]
    expect(one.body).toEqual(other.body)
    for (let again = 0; again < 4; again++) await confirm(known.asker, '000002')
    const locked = await confirm(known.asker, known.tail)
    expect([locked.status, locked.body]).toMatchObject([429, { code: 'registry.own_too_many' }])
    app.clock.advance(24 * 3_600_000)
    expect((await confirm(known.asker, known.tail)).body).toMatchObject({ confirmed: true })
  })

  it('tells family members on one phone apart', async () => {
    const phone = '13822223333'
    const [mother, child] = [citizenIdOf('1985-01-01', 21), citizenIdOf('2015-01-01', 22)]
    await desk.person({ name: '母亲', citizenId: mother, phone, areaPath: paths.right })
    await desk.person({ name: '孩子', citizenId: child, phone, areaPath: paths.right })
    const asker = await signedIn(phone)
    await confirm(asker, child.slice(-6))
    expect(JSON.stringify(await show(asker))).toContain('孩子')
    expect(JSON.stringify(await show(asker))).not.toContain('母亲')
  })

  it('is nothing for staff, and nothing without it', async () => {
    expect((await desk.lead().get(url)).status).toBe(403)
    const { asker } = await resident()
    expect((await asker.post(`${url}/copy`)).body).toMatchObject({ code: 'registry.own_not_confirmed' })
    const asked = await asker.post(`${url}/requests`, { kind: 'correct', field: 'phone', wish: '13900000000' })
    expect(asked.body).toMatchObject({ code: 'registry.own_not_confirmed' })
    expect(isTailOf(null, '??????')).toBe(false)
  })

  it('is done by the village where the registry does not know the number', async () => {
    const person = await desk.person({ name: '沈阿婆', areaPath: paths.right })
    const asker = await signedIn('13733334444')
    const claim = await asker.post<OwnRequest>(`${url}/claims`, {
      name: '沈阿婆',
      areaPath: paths.village,
      words: '住在一组',
    })
    expect(claim.status, claim.text).toBe(201)
    const answering = '/api/v1/registry/own-requests'
    const secretary = desk.secretary()
    const found = await secretary.get<{ items: { personId: string }[] }>(`${answering}/${claim.body.id}/people`)
    expect(found.body.items.map(({ personId }) => personId)).toEqual([person.id])
    const none = await secretary.post(`${answering}/${claim.body.id}/answer`, {
      version: 1,
      accept: true,
      words: '已当面核实',
    })
    expect(none.body).toMatchObject({ code: 'registry.own_person_needed' })
    const body = { version: 1, accept: true, words: '已当面核实', personId: person.id }
    expect((await secretary.post(`${answering}/${claim.body.id}/answer`, body)).status).toBe(200)
    expect(await show(asker)).toMatchObject({ confirmed: true })
  })
})

describe('what one sees', () => {
  it('is every group with why, until when and from where; and who looked', async () => {
    const { asker, person, phone } = await opened({
      details: { work: { employer: '高桥纺织厂' }, health: { illness: '高血压' } },
    })
    const unmasked = await desk
      .secretary()
      .post(`/api/v1/registry/people/${person.id}/unmask`, { fields: ['phone'], reason: '要联系本人核实' })
    expect(unmasked.status, unmasked.text).toBe(200)
    const { record } = await show(asker)
    const codes = record!.groups.map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(['name', 'citizenId', 'phone', 'registration', 'work', 'health']))
    for (const group of record!.groups) {
      for (const said of [group.name, group.purpose, group.basis, group.source, group.keptUntil])
        expect(said).toMatch(/[\u4e00-\u9fff]/)
    }
    expect(JSON.stringify(record)).toContain(phone)
    expect(JSON.stringify(record)).toContain('高血压')
    expect(record!.looks).toMatchObject([
      { by: '红联村 villageSecretary', fields: ['手机号'], reason: '要联系本人核实' },
    ])
    expect(record!.changes.length).toBeGreaterThan(0)
  })

  it('is also which roster went over where one lives, by whom and what for; not one of elsewhere, nor one that leaves them out', async () => {
    const { asker } = await opened()
    const take = async (body: object): Promise<void> => {
      const answer = await desk
        .secretary()
        .post('/api/v1/registry/exports', { list: 'people', reason: '打印门牌核对表', ...body })
      expect(answer.status, answer.text.slice(0, 200)).toBe(200)
    }
    const before = (await show(asker)).record!.exports.length
    await take({})
    await take({ registration: 'foreign', reason: '境外人员核对' })
    await take({ area: paths.beside, reason: '隔壁微网格核对' })
    await take({ list: 'premises', reason: '只有房屋的名册' })
    const { record } = await show(asker)
    expect(record!.exports).toHaveLength(before + 1)
    expect(record!.exports[0]).toMatchObject({
      by: '红联村 villageSecretary',
      what: '人员名册',
      reason: '打印门牌核对表',
    })
    expect(record!.changes[0]!.by).toMatch(/微网格|红联村/)
  })

  it('can be taken away as one file, which the ledger knows of', async () => {
    const { asker, person } = await opened()
    const copy = await asker.post<OwnCopy>(`${url}/copy`)
    expect(copy.body).toMatchObject({
      format: 'tongxin-own-record/1',
      person: { name: '王小芳', registration: expect.any(String) },
    })
    expect(copy.body.person).toHaveProperty('citizenId')
    const entries = await runSystem(app.app, county, ({ tx }) =>
      tx
        .selectFrom('ledgerEntry')
        .select('bytes')
        .where('county', '=', county)
        .where('event', '=', 'ownRecord.copied')
        .execute(),
    )
    expect(entries.some(({ bytes }) => bytes.toString('utf8').includes(person.id))).toBe(true)
  })
})

describe('having it put right', () => {
  const answering = '/api/v1/registry/own-requests'
  const answer = (id: string, body: object, who = desk.secretary()) =>
    who.post<OwnRequestToAnswer>(`${answering}/${id}/answer`, {
      version: 1,
      accept: true,
      words: '已改好，谢谢。',
      ...body,
    })

  it.each([
    ['phone', '13911119999', (person: Person) => person.phone === '139****9999'],
    ['name', '王晓芳', (person: Person) => person.name === '王晓芳'],
    ['registration', '流动人口', (person: Person) => person.registration === 'floating'],
    ['employer', '秀洲纺织', (person: Person) => person.details.work?.employer === '秀洲纺织'],
  ])('carries an accepted %s out as told by the person', async (field, wish, isDone) => {
    const { asker, person } = await opened({ details: { work: { employer: '旧单位', occupation: '挡车工' } } })
    const asked = await asker.post<OwnRequest>(`${url}/requests`, { kind: 'correct', field, wish })
    expect(asked.status, asked.text).toBe(201)
    const listed = await desk.secretary().get<OwnRequestPage>(answering)
    expect(listed.body.items.find(({ id }) => id === asked.body.id)).toMatchObject({
      personName: '王小芳',
      carriedOut: true,
      overdue: false,
    })
    const done = await answer(asked.body.id, {})
    expect(done.status, done.text).toBe(200)
    const now = await desk.lead().get<Person>(`/api/v1/registry/people/${person.id}`)
    expect(isDone(now.body), now.text).toBe(true)
    expect(now.body).toMatchObject({ source: 'self', details: { work: { occupation: '挡车工' } } })
    const mine = await show(asker)
    expect(mine.requests.find(({ id }) => id === asked.body.id)).toMatchObject({
      state: 'accepted',
      answer: '已改好，谢谢。',
    })
    expect(mine.record!.changes[0]).toMatchObject({ source: '本人' })
  })

  it('is due in fifteen working days, not in fifteen days', async () => {
    app.clock.set('2026-11-17T01:30:00Z')
    const { asker } = await opened()
    const asked = await asker.post<OwnRequest>(`${url}/requests`, {
      kind: 'object',
      field: 'phone',
      words: '不要再打电话',
    })
    expect(asked.body.dueAt.slice(0, 10)).toBe('2026-12-08')
    const before = await runSystem(app.app, county, ({ now }) => Promise.resolve(now))
    expect(await remindAnswers(app.app, county)).toBe(0)
    app.clock.set('2026-12-06T01:30:00Z')
    expect(await remindAnswers(app.app, county)).toBeGreaterThanOrEqual(1)
    expect(await remindAnswers(app.app, county)).toBe(0)
    app.clock.set(before.toISOString())
  })

  it('is refused in words, withdrawn, and never answered twice', async () => {
    const { asker } = await opened()
    const ask = (body: object) => asker.post<OwnRequest>(`${url}/requests`, body)
    const one = await ask({ kind: 'erase', field: 'other', words: '请删掉备注' })
    expect((await ask({ kind: 'erase', field: 'other', words: '再说一遍' })).body).toMatchObject({
      code: 'registry.own_asked_already',
    })
    expect((await answer(one.body.id, { accept: false, words: '依法须保存' })).status).toBe(200)
    expect((await answer(one.body.id, {})).body).toMatchObject({ code: 'registry.own_answered' })
    expect((await show(asker)).requests[0]).toMatchObject({ state: 'refused', answer: '依法须保存' })
    const two = await ask({ kind: 'correct', field: 'home', words: '我搬到二组了' })
    expect((await asker.post(`${url}/requests/${two.body.id}/withdraw`, { version: 1 })).body).toMatchObject({
      state: 'withdrawn',
    })
    expect((await answer(two.body.id, {})).body).toMatchObject({ code: 'registry.own_answered' })
    const stranger = await signedIn('13755556666')
    expect((await stranger.post(`${url}/requests/${two.body.id}/withdraw`, { version: 2 })).status).toBe(404)
  })

  it.each([
    ['no value', { kind: 'correct', field: 'phone' }],
    ['a day that is none', { kind: 'correct', field: 'bornOn', wish: '去年' }],
    ['an unknown registration', { kind: 'correct', field: 'registration', wish: 'constructor' }],
    ['an objection without a word', { kind: 'object', field: 'phone' }],
  ])('is refused at the door with %s', async (_name, body) => {
    const { asker } = await opened()
    expect((await asker.post(`${url}/requests`, body)).body).toMatchObject({ code: 'registry.own_value_needed' })
    expect(valueOf('sex', '女')).toBe('female')
  })

  it('is answered only where one answers, and one’s answer cannot break the record', async () => {
    const { asker } = await opened()
    const asked = await asker.post<OwnRequest>(`${url}/requests`, {
      kind: 'correct',
      field: 'citizenId',
      wish: '110105194912310021',
    })
    for (const who of [desk.lead(), desk.faraway(), desk.leader()])
      expect((await answer(asked.body.id, {}, who)).status).toBe(403)
    expect((await answer(asked.body.id, {})).body).toMatchObject({ code: 'registry.citizen_id_invalid' })
    expect((await show(asker)).requests[0]).toMatchObject({ state: 'open' })
  })
})

describe('consent', () => {
  it('is given in the words that were read, and what hung on it goes when it is withdrawn', async () => {
    const { asker, person } = await opened({ details: { work: { employer: '旧单位' }, health: { illness: '高血压' } } })
    const before = (await show(asker)).record!
    const health = before.consents.find(({ purpose }) => purpose === 'health')!
    expect(health).toMatchObject({ holds: true, givenAt: null, group: 'health' })
    const decide = (body: object) => asker.post<OwnRecord>(`${url}/consents/health`, body)
    expect((await decide({ agree: true, textHash: '0'.repeat(64) })).body).toMatchObject({
      code: 'registry.consent_changed',
    })
    const given = await decide({ agree: true, textHash: health.textHash })
    expect(given.body.record!.consents.find(({ purpose }) => purpose === 'health')!.givenAt).not.toBeNull()
    expect((await decide({ agree: true, textHash: health.textHash })).status).toBe(200)
    const gone = await decide({ agree: false, textHash: health.textHash })
    expect(gone.body.record!.groups.map(({ code }) => code)).not.toContain('health')
    expect(gone.body.record!.groups.map(({ code }) => code)).toContain('work')
    const kept = await desk
      .secretary()
      .post(`/api/v1/registry/people/${person.id}/unmask`, { fields: ['details'], reason: '核对是否已删除' })
    expect(kept.text).not.toContain('高血压')
    expect(
      (await asker.post(`${url}/consents/constructor`, { agree: false, textHash: health.textHash })).body,
    ).toMatchObject({ code: 'registry.unknown_consent' })
    await settleLedger(app.app, county)
    expect((await verifyLedger(app.db, county)).findings).toEqual([])
  })

  it('and requests are forgotten three years after their answer', async () => {
    app.clock.set('2029-12-30T01:30:00Z')
    expect(await forgetRequests(app.app, county)).toBeGreaterThanOrEqual(1)
    const left = await runSystem(app.app, county, ({ tx }) =>
      tx
        .selectFrom('ownRequest')
        .select('id')
        .where('county', '=', county)
        .where('answeredAt', 'is not', null)
        .where('sealed', 'is not', null)
        .execute(),
    )
    expect(left).toEqual([])
  })
})
