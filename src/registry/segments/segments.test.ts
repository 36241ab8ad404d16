import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { runRead } from '../../kernel/command.ts'
import { citizenIdOf, desks } from '../fixtures.ts'
import { nextStep, roundTo2 } from './asking.ts'
import type {
  Condition,
  Question,
  Segment,
  SegmentCount,
  SegmentPage,
  SegmentSample,
  SegmentTerms,
} from './contract.ts'
import { segmentIds } from './service.ts'
import { windowText, type Asked } from './store.ts'

const url = '/api/v1/registry/segments'
let app: TestApp
let desk: ReturnType<typeof desks>
const ids: Record<string, string> = {}

beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  desk = desks(app)
  const here = await desk.building()
  const flat = await desk.premises(here.id, { room: '101', use: 'let' })
  const other = await desk.premises(here.id, { room: '102', use: 'ownerOccupied' })
  const far = await desk.building({ areaPath: paths.wrong, name: '9幢' }, desk.faraway())
  const farFlat = await desk.premises(far.id, { room: '901' }, desk.faraway())
  const old = { citizenId: citizenIdOf('1950-03-01', 12), phone: '13800000001' }
  ids.old = (await desk.person({ name: '陈老伯', ...old, premisesId: other.id, relation: 'owner' })).id
  ids.tenant = (
    await desk.person({
      name: '李租客',
      bornOn: '1995-05-05',
      registration: 'floating',
      premisesId: flat.id,
      relation: 'tenant',
    })
  ).id
  // Lives in another town and owns the let flat here: found only by what is owned.
  const landlord = await desk.person({ name: '周房东', premisesId: farFlat.id, relation: 'owner' }, desk.faraway())
  ids.landlord = landlord.id
  const both = app.as({
    id: desk.lead().id,
    grants: [
      { action: 'registry.write', path: county },
      { action: 'registry.read', path: county },
    ],
  })
  const tied = await both.post(`/api/v1/registry/people/${landlord.id}/residences`, {
    premisesId: flat.id,
    relation: 'owner',
    livesHere: false,
    version: landlord.version,
    source: 'counter',
  })
  expect(tied.status, tied.text).toBeLessThan(300)
}, 60_000)
afterAll(() => app.close())

const ask = (groups: Condition[][], more: Partial<Question> = {}): { question: Question } => ({
  question: { subject: 'person', all: groups.map((group) => ({ any: group })), ...more },
})
const counted = async (body: object, who = desk.lead()) => {
  const answer = await who.post<SegmentCount>(`${url}/count`, body)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const named = async (body: object, who = desk.lead()) => {
  const answer = await who.post<SegmentSample>(`${url}/sample`, body)
  expect(answer.status, answer.text).toBe(200)
  return answer.body.items.map(({ title }) => title).toSorted()
}
const landlords: Condition[][] = [[{ field: 'relation', in: ['owner'], livesHere: false }]]

describe('a question', () => {
  it('finds landlords who live elsewhere, by what they own here', async () => {
    expect(await counted(ask(landlords))).toEqual({ count: 1, exact: true, looked: 5 })
    expect(await named(ask(landlords))).toEqual(['周房东'])
  })

  it.each<[string, Condition[][], string[]]>([
    ['no condition', [], ['周房东', '李租客', '陈老伯']],
    ['an age', [[{ field: 'age', from: 60 }]], ['陈老伯']],
    ['an age the other way', [[{ field: 'age', to: 59 }]], ['李租客']],
    ['a registration', [[{ field: 'registration', in: ['floating'] }]], ['李租客']],
    ['a registration turned round', [[{ field: 'registration', in: ['floating'], not: true }]], ['周房东', '陈老伯']],
    ['a tag by rule', [[{ field: 'tag', in: ['over60'] }]], ['陈老伯']],
    ['a tag where it counts', [[{ field: 'tag', in: ['landlordElsewhere'] }]], ['周房东']],
    ['a use of premises', [[{ field: 'premisesUse', in: ['let'] }]], ['周房东', '李租客']],
    [
      'one of two',
      [
        [
          { field: 'tag', in: ['over60'] },
          { field: 'registration', in: ['floating'] },
        ],
      ],
      ['李租客', '陈老伯'],
    ],
    [
      'two at once',
      [[{ field: 'premisesUse', in: ['let'] }], [{ field: 'registration', in: ['floating'] }]],
      ['李租客'],
    ],
    ['whoever has a phone', [[{ field: 'hasPhone' }]], ['陈老伯']],
    ['a sex that nobody has', [[{ field: 'sex', in: ['male'] }]], []],
    [
      'not visited in a campaign',
      [
        [{ field: 'visited', campaign: '019a4444-4444-7444-8444-444444444444', not: true }],
        [{ field: 'age', from: 60 }],
      ],
      ['陈老伯'],
    ],
    ['nobody asked for a year', [[{ field: 'notCheckedForDays', from: 365 }]], []],
  ])('with %s gives who fits', async (_name, all, names) => {
    expect(await named(ask(all))).toEqual(names)
    expect((await counted(ask(all))).count).toBe(names.length)
  })

  it('asks of premises, households and organisations too', async () => {
    const flats = ask([[{ field: 'premisesUse', in: ['let'] }]], { subject: 'premises' })
    expect(await counted(flats)).toMatchObject({ count: 1, exact: true })
    const lived = ask([[{ field: 'tag', in: ['over60'] }]], { subject: 'premises' })
    expect(await counted(lived)).toMatchObject({ count: 1 })
    expect(await counted(ask([], { subject: 'household' }))).toMatchObject({ exact: true })
    expect(await counted(ask([], { subject: 'organisation' }))).toMatchObject({ count: 0 })
  })

  it('sees nothing beyond what the asker may see, and says so when asked for another place', async () => {
    expect(await named(ask([]), desk.neighbour())).toEqual([])
    expect(await named(ask(landlords), desk.faraway())).toEqual([])
    expect(await named(ask([]), desk.faraway())).toEqual(['周房东'])
    const elsewhere = await desk.lead().post(`${url}/count`, ask([], { area: paths.wrong }))
    expect(elsewhere.status).toBe(403)
    const nobody = await app.as({ kind: 'resident' }).post(`${url}/count`, ask([]))
    expect(nobody.status).toBe(403)
  })

  it('on a sensitive tag is for those who may unmask', async () => {
    const asked = ask([[{ field: 'tag', in: ['pregnant'] }]])
    expect(await counted(asked)).toMatchObject({ count: 0 })
    const clerk = app.as({ grants: [{ action: 'registry.read', path: paths.village }] })
    expect((await clerk.post(`${url}/count`, asked)).body).toMatchObject({ code: 'registry.segment_sensitive' })
  })

  it('is counted, not shown, for whoever only makes figures', async () => {
    const figures = { 'tongxin-purpose': 'statistics' }
    const leader = desk.leader()
    const answer = await leader.post<SegmentCount>(`${url}/count`, ask(landlords), figures)
    expect(answer.body, answer.text).toMatchObject({ count: 1 })
    expect((await leader.post(`${url}/sample`, ask(landlords), figures)).status).toBe(403)
  })

  it.each([
    ['a condition of another kind', ask([[{ field: 'members', from: 2 }]]), 'registry.segment_condition'],
    ['words that are no code', ask([[{ field: 'tag', in: ["x'); drop table person; --"] }]]), 'kernel.invalid_input'],
    [
      'a field that there is not',
      { question: { subject: 'person', all: [{ any: [{ field: 'phone', in: ['a'] }] }] } },
      'kernel.invalid_input',
    ],
    ['an empty group', { question: { subject: 'person', all: [{ any: [] }] } }, 'kernel.invalid_input'],
  ])('with %s is refused in clear words', async (_name, body, code) => {
    const answer = await desk.lead().post(`${url}/count`, body)
    expect(answer.status, answer.text).toBe(400)
    expect(answer.body).toMatchObject({ code })
    expect(String(answer.body['title'])).toMatch(/[\u4e00-\u9fff]/)
  })
})

describe('a saved question', () => {
  const saved = async (shared: boolean, who = desk.lead()): Promise<Segment> => {
    const body = { name: '住在别处的房东', shared, ...ask(landlords) }
    const answer = await who.post<Segment>(url, body)
    expect(answer.status, answer.text).toBe(201)
    return answer.body
  }

  it('is one’s own until it is shared, and then asked anew in everybody’s own scope', async () => {
    const own = await saved(false)
    const shared = await saved(true)
    const seen = await desk.secretary().get<SegmentPage>(url)
    const listed = seen.body.items.map(({ id }) => id)
    expect(listed).toContain(shared.id)
    expect(listed).not.toContain(own.id)
    expect((await desk.secretary().get(`${url}/${own.id}`)).status).toBe(404)
    expect((await desk.faraway().get(`${url}/${shared.id}`)).status).toBe(404)
    expect((await desk.secretary().get<Segment>(`${url}/${shared.id}`)).body).toMatchObject({ mine: false })
  })

  it('gives ids in pages for whatever addresses people', async () => {
    const { id } = await saved(true)
    const grants = [{ action: 'registry.read', path: paths.village, purpose: 'handling' as const, postId: 'p' }]
    const actor = { kind: 'staff' as const, id: desk.secretary().id, sessionId: null, label: 'x' }
    const request = { county, actor, grants, purpose: 'handling' as const, requestId: 'r', locale: 'zh-CN' as const }
    const found = await runRead(app.app, request, (cmd) => segmentIds(cmd, id, { after: null, limit: 100 }))
    expect(found).toEqual({ subject: 'person', ids: [ids.landlord], next: null })
  })

  it('is changed by its author alone, and never over somebody else’s change', async () => {
    const { id, version } = await saved(true)
    const body = { name: '房东', shared: false, version, ...ask(landlords) }
    expect((await desk.secretary().post(`${url}/${id}`, body)).body).toMatchObject({
      code: 'registry.segment_not_yours',
    })
    expect((await desk.lead().post(`${url}/${id}`, body)).body).toMatchObject({ version: 2, name: '房东' })
    expect((await desk.lead().post(`${url}/${id}`, body)).body).toMatchObject({ code: 'kernel.stale' })
    expect((await desk.lead().post(`${url}/${id}/close`, { version: 2 })).status).toBe(200)
    expect((await desk.lead().get(`${url}/${id}`)).status).toBe(404)
  })

  it('is made from what the form offers', async () => {
    const terms = await desk.lead().get<SegmentTerms>(`${url}/terms`)
    expect(terms.body.fields.find(({ field }) => field === 'tag')?.words.length).toBeGreaterThan(10)
    expect(terms.body).toMatchObject({ maySample: true, areaPath: paths.right })
  })
})

describe('walking', () => {
  const question: Question = { subject: 'person', all: [{ any: [{ field: 'tag', in: ['over60'] }] }] }
  const asked: Asked = {
    question,
    ranges: { low: ['a', 'c'], high: ['a0', 'c0'] },
    today: '2026-11-16',
    now: new Date(),
  }

  it('goes through both walks of every range, window by window, and ends', () => {
    const full = { ids: [], looked: 10, last: { path: 'a/1', id: 'x' } }
    const short = { ids: [], looked: 3, last: { path: 'a/2', id: 'y' } }
    const step = { range: 0, walk: 'home' as const, path: 'a', id: '0' }
    expect(nextStep(asked, step, full, 10)).toEqual({ ...step, path: 'a/1', id: 'x' })
    expect(nextStep(asked, step, short, 10)).toMatchObject({ range: 0, walk: 'tied', path: 'a' })
    expect(nextStep(asked, { ...step, walk: 'tied' }, short, 10)).toMatchObject({ range: 1, walk: 'home', path: 'c' })
    expect(nextStep(asked, { ...step, range: 1, walk: 'tied' }, short, 10)).toBeNull()
    expect([99, 101, 1_234, 987_654].map(roundTo2)).toEqual([99, 100, 1_200, 990_000])
  })

  it('puts no word of a question into the text, and asks by indexes under row-level security', async () => {
    const hostile: Question = {
      ...question,
      all: [
        {
          any: [
            { field: 'tag', in: ['zzHostile'] },
            { field: 'area', path: '330411/x-hostile' },
          ],
        },
      ],
    }
    for (const walk of ['home', 'tied'] as const) {
      const step = { range: 0, walk, path: paths.village, id: '00000000-0000-0000-0000-000000000000' }
      const here = { ...asked, question: hostile, ranges: { low: [paths.village], high: [`${paths.village}0`] } }
      const [text, values] = windowText(county, here, step, 3_000)
      expect(text).not.toMatch(/hostile/i)
      const plan = await app.db.reading(county, async (tx) => {
        const query = { sql: `explain ${text}`, parameters: values, query: {} as never, queryId: {} as never }
        await tx.executeQuery({ ...query, sql: 'set local enable_seqscan = off', parameters: [] })
        return tx.executeQuery<Record<string, string>>(query)
      })
      const lines = plan.rows.map((row) => Object.values(row)[0]).join('\n')
      expect(lines).toMatch(walk === 'home' ? /person_area/ : /residence_area/)
      expect(lines).toMatch(/person_tag_(person|pkey)/)
    }
  })
})

it('lists every segment of a kind, however many of another were saved after it', async () => {
  const who = desk.neighbour()
  const save = (name: string, subject: Question['subject']) =>
    who.post(url, { name, question: { subject, all: [] }, shared: false })
  const saved = [await save('所有房屋', 'premises'), await save('人一', 'person'), await save('人二', 'person')]
  expect(saved.map(({ status }) => status < 300)).toEqual([true, true, true])
  const list = (await who.get<SegmentPage>(`${url}?subject=premises&limit=1`)).body
  expect(list.items.map(({ name }) => name)).toEqual(['所有房屋'])
  expect(list.next).toBeNull()
})
