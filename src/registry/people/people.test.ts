import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { hot } from '../../kernel/db.ts'
import { settleLedger, verifyLedger } from '../../ledger/index.ts'
import { citizenIdOf, desks } from '../fixtures.ts'
import type { Looks, Person, PersonPage } from './contract.ts'

const url = '/api/v1/registry/people'
let app: TestApp
let home: string
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  const desk = desks(app)
  home = (await desk.premises((await desk.building()).id)).id
})
afterAll(() => app.close())

const tokensOf = (id: string): Promise<{ token: string; path: string }[]> =>
  app.db.reading(county, (tx) =>
    hot(tx, 'test_tokens', 'select token, area_path as path from search_token where county = $1 and subject_id = $2', [
      county,
      id,
    ]),
  )

describe('registering', () => {
  it('takes sex and birth from the ID number and shows numbers masked', async () => {
    const id = citizenIdOf('1950-03-08', 122)
    const person = await desks(app).person({
      citizenId: ` ${id.toLowerCase()} `,
      phone: '+86 138 0013 8000',
      premisesId: home,
      relation: 'owner',
    })
    expect(person).toMatchObject({
      sex: 'female',
      bornOn: '1950-03-08',
      age: 76,
      phone: '138****8000',
      areaPath: paths.right,
    })
    expect(person.citizenId).toBe(`**************${id.slice(-4)}`)
    expect(person.tags.map(({ tag }) => tag)).toEqual(['over60'])
    expect(person.address).toBe('高桥花园3幢1单元502室')
    expect(JSON.stringify(person)).not.toContain('13800138000')
  })

  it.each([
    ['an ID number of a wrong digit', { citizenId: '330411195003081229' }, 'registry.citizen_id_invalid'],
    ['a phone of ten digits', { phone: '1380013800' }, 'registry.phone_invalid'],
    ['nobody’s name', { name: ' \u200b' }, 'registry.name_needed'],
    ['no place at all', { premisesId: undefined }, 'registry.home_needed'],
    ['a birth tomorrow', { bornOn: '2026-11-17' }, 'registry.born_in_future'],
    ['a tag that follows from a rule', { tags: [{ tag: 'over60' }] }, 'registry.tag_derived'],
    ['a tag nobody knows', { tags: [{ tag: 'constructor' }] }, 'registry.unknown_tag'],
    ['pregnancy without an end', { tags: [{ tag: 'pregnant' }] }, 'registry.tag_until_needed'],
  ])('refuses %s and leaves nothing behind', async (_what, body, code) => {
    const count = () =>
      app.db.reading(county, (tx) =>
        hot<{ n: number }>(
          tx,
          'test_count',
          `select (select count(*) from person where county = $1) + (select count(*) from search_token where county = $1)
          + (select count(*) from registry_change where county = $1) as n`,
          [county],
        ),
      )
    const before = await count()
    const answer = await desks(app)
      .lead()
      .post(url, { name: '张三', source: 'counter', premisesId: home, ...body })
    expect([answer.status, answer.body['code']]).toEqual([code === 'registry.tag_derived' ? 409 : 400, code])
    expect(await count()).toEqual(before)
  })

  it('answers the second asker with the record, and of two at once makes one', async () => {
    const desk = desks(app)
    const body = { name: '赵同时', citizenId: citizenIdOf('1980-01-01', 201), premisesId: home, source: 'visit' }
    const both = await Promise.all([desk.lead().post(url, body), desk.secretary().post(url, body)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409])
    const refused = both.find(({ status }) => status === 409)!
    expect(refused.body['code']).toBe('registry.already_known')
    const { person, version } = refused.body['params'] as { person: string; version: number }
    app.clock.advance(3_600_000)
    const confirmed = await desk.lead().post<Person>(`${url}/${person}/confirm`, { version, source: 'visit' })
    expect(confirmed.body.version).toBe(version + 1)
    expect(new Date(confirmed.body.checkedAt)).toEqual(app.clock.now())
  })

  it('says nothing of a record elsewhere but that it is there, and moves it here for who knows name and number', async () => {
    const desk = desks(app)
    const citizenId = citizenIdOf('1990-05-05', 333)
    const far = await desk
      .faraway()
      .post<Person>(url, { name: '钱远方', citizenId, areaPath: paths.wrong, source: 'counter' })
    const asked = await desk.lead().post(url, { name: '钱远方', citizenId, premisesId: home, source: 'visit' })
    expect([asked.status, asked.body['code'], asked.body['params']]).toEqual([409, 'registry.known_elsewhere', {}])
    expect(asked.text).not.toContain(far.body.id)
    const move = { citizenId, premisesId: home, relation: 'tenant', source: 'visit', reason: '已租住本处' }
    const wrong = await desk.lead().post(`${url}/move-here`, { ...move, name: '钱远' })
    expect([wrong.status, wrong.body['code']]).toEqual([404, 'registry.not_the_same'])
    const moved = await desk.lead().post<Person>(`${url}/move-here`, { ...move, name: '钱远方' })
    expect(moved.body).toMatchObject({ id: far.body.id, areaPath: paths.right, premisesId: home })
    expect((await desk.faraway().get(`${url}/${far.body.id}`)).status).toBe(403)
    expect(new Set((await tokensOf(far.body.id)).map(({ path }) => path))).toEqual(new Set([paths.right]))
  })
})

describe('changing', () => {
  it('fixes a phone in one step; a stale one is refused', async () => {
    const desk = desks(app)
    const person = await desk.person({ name: '孙电话', phone: '13900000001', premisesId: home, relation: 'lodger' })
    const fix = (phone: string | null) => desk.lead().post<Person>(`${url}/${person.id}/phone`, { phone, version: 1 })
    const before = await tokensOf(person.id)
    expect((await fix('13900000002')).body).toMatchObject({ phone: '139****0002', version: 2 })
    expect((await fix('13900000003')).status).toBe(409)
    const after = await tokensOf(person.id)
    expect(after.length).toBe(before.length)
    expect(after).not.toEqual(before)
  })

  it('is seen by whoever answers for a home that somebody owns elsewhere', async () => {
    const desk = desks(app)
    const person = await desk.person(
      { name: '周房东', areaPath: paths.beside, premisesId: undefined },
      desk.neighbour(),
    )
    expect((await desk.lead().get(`${url}/${person.id}`)).status).toBe(403)
    const tied = await desk.secretary().post<Person>(`${url}/${person.id}/residences`, {
      premisesId: home,
      relation: 'owner',
      livesHere: false,
      version: 1,
      source: 'counter',
    })
    expect(tied.body.tags.map(({ tag }) => tag)).toEqual(['landlordElsewhere'])
    const seen = await desk.lead().get<Person>(`${url}/${person.id}`)
    expect([seen.status, seen.body.name]).toEqual([200, '周房东'])
    const page = await desk.lead().get<PersonPage>(`${url}?tag=landlordElsewhere`)
    expect(page.body.items.map(({ id }) => id)).toEqual([person.id])
    const ended = await desk
      .secretary()
      .post<Person>(`${url}/${person.id}/residences/${tied.body.residences[0]!.id}/end`, {
        version: 2,
        reason: '房屋已出售',
      })
    expect(ended.body.tags).toEqual([])
    expect((await desk.lead().get(`${url}/${person.id}`)).status).toBe(403)
  })

  it('who has left is found no more, keeps no home, and may come back', async () => {
    const desk = desks(app)
    const person = await desk.person({ name: '吴离开', premisesId: home, relation: 'tenant', registration: 'floating' })
    expect(person.tags.map(({ tag }) => tag)).toEqual(['newResident'])
    const left = await desk
      .lead()
      .post<Person>(`${url}/${person.id}/state`, { state: 'left', version: 1, reason: '退租' })
    expect(left.body).toMatchObject({ state: 'left', premisesId: null, tags: [] })
    expect(await tokensOf(person.id)).toEqual([])
    const gone = await desk.lead().get<PersonPage>(`${url}?state=left`)
    expect(gone.body.items.map(({ id }) => id)).toContain(person.id)
    const back = await desk.lead().post<Person>(`${url}/${person.id}/residences`, {
      premisesId: home,
      relation: 'tenant',
      version: 2,
      source: 'visit',
    })
    expect(back.body).toMatchObject({ state: 'present', premisesId: home })
  })
})

describe('looking', () => {
  it('behind the mask takes a reason and is recorded', async () => {
    const desk = desks(app)
    const person = await desk.person({
      name: '郑查看',
      phone: '13911112222',
      premisesId: home,
      relation: 'family',
      details: { health: { illness: '高血压' }, work: { employer: '毛衫厂' } },
    })
    expect(person.details).toEqual({ work: { employer: '毛衫厂' } })
    expect(person.hiddenGroups).toEqual(['health'])
    const shown = await desk
      .lead()
      .post(`${url}/${person.id}/unmask`, { fields: ['phone', 'details'], reason: '核对紧急联系电话' })
    expect(shown.body).toMatchObject({ phone: '13911112222', details: { health: { illness: '高血压' } } })
    expect(shown.body).not.toHaveProperty('citizenId')
    const looks = await desk.secretary().get<Looks>(`${url}/${person.id}/looks`)
    expect(looks.body.items).toMatchObject([
      { byPost: '一组微网格 microGridLead', fields: ['phone', 'details'], reason: '核对紧急联系电话' },
    ])
    expect(
      (await desk.neighbour().post(`${url}/${person.id}/unmask`, { fields: ['phone'], reason: '随便看看' })).status,
    ).toBe(403)
  })

  it('at a sensitive tag is for those who may unmask', async () => {
    const desk = desks(app)
    const person = await desk.person({
      name: '冯标签',
      premisesId: home,
      relation: 'lodger',
      tags: [{ tag: 'disabled' }, { tag: 'veteran' }],
    })
    expect(person.tags.map(({ tag }) => tag)).toEqual(['disabled', 'veteran'])
    const reader = app.as({ grants: [{ action: 'registry.read', path: paths.village }] })
    const seen = await reader.get<Person>(`${url}/${person.id}`)
    expect(seen.body.tags.map(({ tag }) => tag)).toEqual(['veteran'])
    expect((await reader.get(`${url}?tag=disabled`)).status).toBe(403)
    expect((await desk.lead().get<PersonPage>(`${url}?tag=disabled`)).body.items.map(({ id }) => id)).toEqual([
      person.id,
    ])
  })

  it('for figures shows nobody', async () => {
    const leader = desks(app).leader()
    const answer = await leader.get(url, { 'tongxin-purpose': 'statistics' })
    expect([answer.status, answer.body['code']]).toEqual([403, 'kernel.wrong_purpose'])
  })

  it('narrows by age, registration and relation, page by page', async () => {
    const desk = desks(app)
    const made = await desk.building({ estate: '名单苑' })
    const flat = await desk.premises(made.id)
    for (const [at, year] of [1930, 1950, 1970, 2022].entries()) {
      await desk.person({
        name: `名单${at}`,
        citizenId: citizenIdOf(`${year}-02-02`, 400 + at),
        premisesId: flat.id,
        relation: 'tenant',
        registration: 'elsewhere',
      })
    }
    const all = await desk.lead().get<PersonPage>(`${url}?registration=elsewhere&relation=tenant&ageFrom=40&limit=2`)
    const rest = await desk
      .lead()
      .get<PersonPage>(`${url}?registration=elsewhere&relation=tenant&ageFrom=40&limit=2&after=${all.body.next}`)
    expect([...all.body.items, ...rest.body.items].map(({ name }) => name).toSorted()).toEqual([
      '名单0',
      '名单1',
      '名单2',
    ])
    const child = await desk.lead().get<PersonPage>(`${url}?ageTo=5`)
    expect(child.body.items.map(({ name }) => name)).toEqual(['名单3'])
    expect(child.body.items[0]!.tags.map(({ tag }) => tag)).toEqual(['smallChild'])
    const here = await desk.lead().get<PersonPage>(`${url}?premises=${flat.id}`)
    expect(here.body.items).toHaveLength(4)
  })
})

it('the ledger holds ids and codes only, and is whole', async () => {
  await settleLedger(app.app, county)
  expect((await verifyLedger(app.db, county)).findings).toEqual([])
  const bodies = await app.db.reading(county, (tx) =>
    hot<{ text: string }>(
      tx,
      'test_bodies',
      `select convert_from(bytes, 'UTF8') as text from ledger_entry where county = $1 and event like 'person.%'`,
      [county],
    ),
  )
  expect(bodies.length).toBeGreaterThan(10)
  const text = bodies.map((row) => row.text).join('\n')
  for (const secret of ['王小明', '13800138000', '高血压', 'disabled', citizenIdOf('1950-03-08', 122)])
    expect(text).not.toContain(secret)
})
