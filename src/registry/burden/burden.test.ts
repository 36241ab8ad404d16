import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { hot } from '../../kernel/db.ts'
import { desks } from '../fixtures.ts'
import type { Person } from '../people/contract.ts'
import type { Burden } from './contract.ts'
import { groupsAsked, keyOf, measure, type Ask } from './rules.ts'

const url = '/api/v1/registry/burden'

describe('what was asked', () => {
  it('is told by the fields that changed, and by a confirmation of what stands in the open', () => {
    const person = { subjectId: 'p', subjectKind: 'person' }
    const fields = ['name', 'bornOn', 'residence', 'premisesId', 'tag', 'details:health', 'mergedInto']
    expect(groupsAsked({ ...person, act: 'corrected', fields })).toEqual(['name', 'residence', 'tags', 'health'])
    expect(groupsAsked({ ...person, act: 'confirmed', fields: [] })).toEqual(['name', 'registration', 'residence'])
    expect(groupsAsked({ subjectId: 'd', subjectKind: 'premises', act: 'closed', fields: ['closed'] })).toEqual([])
  })

  it('is needless while the last answer is fresh, by the months of its own group', () => {
    const ask = (group: string, at: string, more: Partial<Ask> = {}): Ask => ({
      subjectId: 'p',
      group,
      at: new Date(at),
      version: 1,
      source: 'visit',
      account: null,
      label: '网格长',
      confirmed: false,
      silent: false,
      ...more,
    })
    const before = new Map([
      [keyOf('p', 'phone'), new Date('2026-01-10')],
      [keyOf('p', 'residence'), new Date('2026-01-10')],
    ])
    const asked = [
      ask('residence', '2026-09-02'),
      ask('phone', '2026-09-01'),
      ask('residence', '2026-09-01'),
      ask('work', '2026-09-01', { silent: true }),
      ask('work', '2026-09-03'),
      ask('phone', '2026-09-01', { subjectId: 'other' }),
    ]
    const known = measure(asked, before).map(({ subjectId, group, at, known: was }) => [
      subjectId,
      group,
      at.getUTCDate(),
      was,
    ])
    expect(known).toEqual([
      ['p', 'phone', 1, true],
      ['p', 'residence', 1, false],
      ['other', 'phone', 1, false],
      ['p', 'residence', 2, true],
      ['p', 'work', 3, true],
    ])
  })
})

describe('the burden of a place', () => {
  let app: TestApp
  let desk: ReturnType<typeof desks>
  let person: Person
  const home = { id: '' }
  const shown = async (query = '', who = desk.lead()): Promise<Burden> => {
    const answer = await who.get<Burden>(`${url}${query}`)
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }
  const group = (burden: Burden, code: string) => burden.groups.find((one) => one.code === code)

  beforeAll(async () => {
    app = await testApp()
    await layGround(app)
    desk = desks(app)
    home.id = (await desk.premises((await desk.building()).id)).id
    person = await desk.person({ name: '沈阿姨', phone: '13800000003', premisesId: home.id, relation: 'owner' })
    const far = await desk.building({ areaPath: paths.wrong, name: '9幢' }, desk.faraway())
    await desk.premises(far.id, { room: '901' }, desk.faraway())
  }, 60_000)
  afterAll(() => app.close())

  it('names the fields of a change without their values', async () => {
    const rows = await app.db.reading(county, (tx) =>
      hot<{ fields: string[] }>(tx, 'test_fields', 'select fields from registry_change where subject_id = $1', [
        person.id,
      ]),
    )
    expect(rows[0]!.fields).toEqual(expect.arrayContaining(['name', 'phone', 'residence', 'premisesId']))
    expect(rows[0]!.fields.join()).not.toMatch(/沈阿姨|1380|:/)
  })

  it('counts a first answer as asked, and the same again as needless', async () => {
    const first = await shown()
    expect(group(first, 'phone')).toMatchObject({ asked: 1, known: 0, typed: 1, records: 1 })
    expect(first).toMatchObject({ known: 0, complete: true, doors: [] })

    const people = `/api/v1/registry/people/${person.id}`
    const confirmed = await desk
      .lead()
      .post<Person>(`${people}/confirm`, { version: person.version, source: 'department' })
    expect(confirmed.status, confirmed.text).toBe(200)
    const fixed = await desk.lead().post<Person>(`${people}/phone`, {
      phone: '13800000004',
      version: confirmed.body.version,
      source: 'visit',
      reason: '再问一次',
    })
    expect(fixed.status, fixed.text).toBe(200)

    const again = await shown('?days=7')
    expect(group(again, 'name')).toMatchObject({ asked: 2, known: 1, confirmed: 1, typed: 1, records: 1 })
    expect(group(again, 'phone')).toMatchObject({ asked: 2, known: 1, confirmed: 0, typed: 2 })
    expect(again.sources.find(({ source }) => source === 'department')).toEqual({
      source: 'department',
      asked: 3,
      known: again.known - 1,
    })
    expect(again.posts).toEqual([{ label: '一组微网格 microGridLead', asked: again.asked, known: again.known }])
    expect(again.doors).toMatchObject([{ premisesId: home.id, known: again.known }])
  })

  it('counts a visit that was let in as asking who lives there', async () => {
    const before = await shown()
    for (const result of ['visited', 'nobodyHome', 'visited']) {
      const answer = await desk.lead().post('/api/v1/visits', { premisesId: home.id, result })
      expect(answer.status, answer.text).toBeLessThan(300)
    }
    const after = await shown()
    expect(after.visits).toBe(2)
    expect(group(after, 'residence')!.asked).toBe(group(before, 'residence')!.asked + 2)
    expect(group(after, 'residence')!.known).toBe(group(before, 'residence')!.known + 1)
    expect(after.doors[0]!.visits).toBe(2)
  })

  it('counts only where one may read, and shows no door to whoever only counts', async () => {
    const beside = await shown('', desk.neighbour())
    expect(beside).toMatchObject({ asked: 0, groups: [], doors: [] })
    const wrong = await desk.lead().get(`${url}?area=${encodeURIComponent(paths.wrong)}`)
    expect(wrong.status).toBe(403)
    const counter = app.as({ grants: [{ action: 'registry.read', path: paths.village, purpose: 'statistics' }] })
    const answer = await counter.get<Burden>(url, { 'tongxin-purpose': 'statistics' })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.known).toBeGreaterThan(0)
    expect(answer.body.doors).toEqual([])
    expect((await desk.lead().get(`${url}?days=93`)).status).toBe(400)
  })
})
