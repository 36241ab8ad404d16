import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { hot } from '../../kernel/db.ts'
import { citizenIdOf, desks } from '../fixtures.ts'
import type { Person } from '../people/contract.ts'
import { keepTags } from '../tags/jobs.ts'
import type { ChangePage, RecordOnDay } from './contract.ts'
import { forgetWords } from './jobs.ts'

const base = '/api/v1/registry'
let app: TestApp
let home: string
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  const desk = desks(app)
  home = (await desk.premises((await desk.building()).id)).id
})
afterAll(() => app.close())

const oneDay = 86_400_000

describe('the history of a record', () => {
  it('says who, why and what, numbers masked, and how it was on a day', async () => {
    const desk = desks(app)
    const person = await desk.person({ name: '陈历史', phone: '13600000001', premisesId: home, relation: 'tenant' })
    app.clock.advance(oneDay)
    await desk.lead().post(`${base}/people/${person.id}/phone`, { phone: '13600000002', version: 1, reason: '换号' })
    app.clock.advance(oneDay)
    await desk
      .lead()
      .post(`${base}/people/${person.id}/corrections`, { name: '陈历时', version: 2, reason: '姓名写错' })
    await desk
      .lead()
      .post(`${base}/people/${person.id}/tags`, { add: [{ tag: 'disabled' }], remove: [], version: 3, source: 'visit' })
    const url = `${base}/history/person/${person.id}`
    const page = await desk.lead().get<ChangePage>(url)
    expect(page.body.items.map(({ version, act, reason, byPost }) => [version, act, reason, byPost])).toEqual([
      [4, 'tagged', '', '一组微网格 microGridLead'],
      [3, 'corrected', '姓名写错', '一组微网格 microGridLead'],
      [2, 'phoneFixed', '换号', '一组微网格 microGridLead'],
      [1, 'registered', '', '一组微网格 microGridLead'],
    ])
    expect(page.body.items[2]!.changes).toEqual([{ field: 'phone', before: '136****0001', after: '136****0002' }])
    expect(page.body.items[1]!.changes).toEqual([{ field: 'name', before: '陈历史', after: '陈历时' }])
    expect(page.text).not.toContain('13600000001')
    const on = (day: string) => desk.lead().get<RecordOnDay>(`${url}/on/${day}`)
    const then = (await on('2026-11-16')).body
    expect(then.version).toBe(1)
    expect(then.fields).toEqual(
      expect.arrayContaining([
        { field: 'phone', value: '136****0001' },
        { field: 'name', value: '陈历史' },
      ]),
    )
    expect((await on('2026-11-17')).body.fields).toContainEqual({ field: 'phone', value: '136****0002' })
    expect((await on('2026-11-15')).body).toMatchObject({ code: 'registry.before_history' })
    expect((await desk.neighbour().get(url)).status).toBe(403)
    const reader = app.as({ grants: [{ action: 'registry.read', path: paths.village }] })
    const seen = await reader.get<ChangePage>(url)
    expect(seen.text).not.toContain('disabled')
    expect(seen.body.items[0]!.changes).toEqual([{ field: 'tag', before: null, after: '＊＊' }])
  })

  it('knows the home that somebody has left', async () => {
    const desk = desks(app)
    const person = await desk.person({ name: '林旧居', premisesId: home, relation: 'lodger' })
    app.clock.advance(oneDay)
    await desk.lead().post(`${base}/people/${person.id}/state`, { state: 'left', version: 1, reason: '离开' })
    const day = new Date(app.clock.now().getTime() - oneDay).toISOString().slice(0, 10)
    const then = await desk.lead().get<RecordOnDay>(`${base}/history/person/${person.id}/on/${day}`)
    expect(then.body.fields).toContainEqual({ field: 'premisesId', value: home })
    expect(
      then.body.fields.some(({ field, value }) => field.startsWith('residence:') && value?.includes('"untilOn":null')),
    ).toBe(true)
  })
})

describe('the daily work', () => {
  it('gives and ends tags on birthdays, also of days that were missed, and ends what has a last day', async () => {
    const desk = desks(app)
    const today = app.clock.now().toISOString().slice(0, 10)
    await keepTags(app.app, county)
    const in3days = new Date(app.clock.now().getTime() + 3 * oneDay).toISOString().slice(5, 10)
    const old = await desk.person({
      name: '将满六十',
      citizenId: citizenIdOf(`1966-${in3days}`, 501),
      premisesId: home,
      relation: 'lodger',
    })
    const child = await desk.person({
      name: '将满六岁',
      citizenId: citizenIdOf(`2020-${in3days}`, 502),
      premisesId: home,
      relation: 'lodger',
    })
    const mother = await desk.person({
      name: '将为人母',
      premisesId: home,
      relation: 'lodger',
      tags: [{ tag: 'pregnant', untilOn: today }],
    })
    const tagsOf = async ({ id }: Person) =>
      (await desk.lead().get<Person>(`${base}/people/${id}`)).body.tags.map(({ tag }) => tag)
    expect([await tagsOf(old), await tagsOf(child), await tagsOf(mother)]).toEqual([[], ['smallChild'], ['pregnant']])
    app.clock.advance(5 * oneDay)
    expect(await keepTags(app.app, county)).toBe(3)
    expect([await tagsOf(old), await tagsOf(child), await tagsOf(mother)]).toEqual([['over60'], [], []])
    expect(await keepTags(app.app, county)).toBe(0)
  })

  it('deletes words whose time is over, and the ledger says how many', async () => {
    const desk = desks(app)
    const person = await desk.person({
      name: '黄期满',
      premisesId: home,
      relation: 'family',
      details: { work: { employer: '毛衫厂' } },
    })
    const day = app.clock.now().toISOString().slice(0, 10)
    app.clock.advance(oneDay)
    await desk.lead().post(`${base}/people/${person.id}/state`, { state: 'left', version: 1, reason: '离开' })
    expect(await forgetWords(app.app, county)).toBe(0)
    app.clock.advance(200 * oneDay)
    expect(await forgetWords(app.app, county)).toBe(1)
    const now = (await desk.lead().get<Person>(`${base}/people/${person.id}`)).body
    expect(now.details).toEqual({})
    app.clock.advance(1000 * oneDay)
    expect(await forgetWords(app.app, county)).toBeGreaterThan(5)
    const gone = await app.db.reading(county, (tx) =>
      hot(
        tx,
        'test_gone',
        'select name, sex, born_on, citizen_id_blind, phone_sealed from person where county = $1 and id = $2',
        [county, person.id],
      ),
    )
    expect(gone).toEqual([{ name: '', sex: null, born_on: null, citizen_id_blind: null, phone_sealed: null }])
    const page = await desk.lead().get<ChangePage>(`${base}/history/person/${person.id}`)
    expect(page.body.items.map(({ act, forgotten, changes }) => [act, forgotten, changes.length])).toEqual([
      ['left', true, 0],
      ['registered', true, 0],
    ])
    const entries = await app.db.reading(county, (tx) =>
      hot<{ n: number }>(
        tx,
        'test_forgotten',
        "select count(*) as n from ledger_entry where county = $1 and event = 'registry.forgotten'",
        [county],
      ),
    )
    expect(entries[0]!.n).toBeGreaterThanOrEqual(2)
    const then = await desk.lead().get(`${base}/history/person/${person.id}/on/${day}`)
    expect([then.status, then.body['code']]).toEqual([410, 'registry.history_forgotten'])
  })
})
