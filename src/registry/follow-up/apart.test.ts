import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../../test/support/ground.ts'
import { citizenIdOf, desks } from '../fixtures.ts'
import { deskLimits, readWholeSheets } from '../../kernel/sheets.ts'
import type { FollowUpDone } from './contract.ts'

/**
 * Whatever follow-ups there are: everybody who is not named gets the same bytes from every reading route of the registry, the
 * areas and the figures. Routes come from the table, so a new one is tried from the day it is there.
 */
let app: TestApp
let desk: ReturnType<typeof desks>
const known: Record<string, string[]> = {}
let serial = 300

beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  desk = desks(app)
  const house = await desk.building()
  const flat = await desk.premises(house.id, { room: '101', use: 'let' })
  known['building'] = [house.id]
  known['premises'] = [flat.id]
  known['person'] = []
}, 60_000)
afterAll(() => app.close())

interface Somebody {
  name: string
  phone: string
  citizenId: string
}
const surnames = '王李张刘陈方沈欧阳'
const somebody = fc
  .record({
    surname: fc.constantFrom(...surnames),
    given: fc.constantFrom('志强', '小明', '建国', '秀英', '伟'),
    phone: fc.integer({ min: 0, max: 999_999_99 }),
  })
  .map(({ surname, given, phone }) => ({ name: surname + given, phone: `138${String(phone).padStart(8, '0')}` }))

async function registered(people: readonly { name: string; phone: string }[]): Promise<Somebody[]> {
  const made: Somebody[] = []
  for (const { name, phone } of people) {
    serial += 1
    const citizenId = citizenIdOf('1975-06-07', serial)
    const [premisesId] = known['premises']!
    const { id } = await desk.person({ name, phone, citizenId, premisesId, relation: 'tenant' })
    known['person']!.push(id)
    made.push({ name, phone, citizenId })
  }
  return made
}

/** People who may read much and are named in nothing. */
const readers = () => [
  app.as({ id: holderId('gridChief', paths.grid), secondFactorAt: app.clock.now() }),
  app.as({ id: holderId('townDispatcher', paths.town), secondFactorAt: app.clock.now() }),
  app.as({ id: holderId('gridOffice', paths.county), secondFactorAt: app.clock.now() }),
  app.as({ id: holderId('microGridLead', paths.beside), secondFactorAt: app.clock.now() }),
]

/** Addresses of every reading route, with each way of filling it in. */
function addresses(about: readonly Somebody[]): string[] {
  const rooms = /^\/api\/v1\/(registry|grid|insight|visits)\//
  const routes = app.http.routeTable.filter(
    ({ method, url }) => method === 'GET' && rooms.test(url) && !/follow-ups|events$|map-files|terms$/.test(url),
  )
  const place = middleOf(paths.right)
  const month = 'month=2026-11&from=2026-11-01&to=2026-11-30&until=2026-11-30&on=2026-11-16'
  const common = `limit=100&area=${encodeURIComponent(paths.right)}&path=${encodeURIComponent(paths.right)}&under=${encodeURIComponent(paths.village)}&lng=${place.longitude}&lat=${place.latitude}&${month}`
  const asked = about.flatMap(({ name, phone, citizenId }) => [name, name.slice(0, 2), phone.slice(-4), citizenId])
  return routes.flatMap(({ url }) => {
    const ids = url.includes(':') ? Object.values(known).flat().slice(0, 6) : ['']
    return ids.flatMap((id) => {
      const filled = url.replaceAll(/:[a-zA-Z]+/g, id)
      const words = /search|find/.test(url) ? asked : ['']
      return words.map((q) => `${filled}?${common}&q=${encodeURIComponent(q)}`)
    })
  })
}

/** What everybody gets, without what no two answers share. */
async function everything(about: readonly Somebody[]): Promise<Map<string, string>> {
  const seen = new Map<string, string>()
  const urls = addresses(about)
  for (const [at, reader] of readers().entries()) {
    for (const url of urls) {
      const { status, text } = await reader.get(url)
      const plain = text.replaceAll(/"requestId":"[^"]*"/g, '').replaceAll(/"(madeAt|countedAt|asOf)":"[^"]*"/g, '')
      seen.set(`${at} ${url}`, `${status} ${plain}`)
    }
    const question = { question: { subject: 'person', all: [] } }
    for (const act of ['count', 'sample']) {
      const { status, text } = await reader.post(`/api/v1/registry/segments/${act}`, question)
      seen.set(`${at} segments/${act}`, `${status} ${text.replaceAll(/"requestId":"[^"]*"/g, '')}`)
    }
  }
  return seen
}

async function followed(people: readonly Somebody[], endsInDays: readonly number[]): Promise<string[]> {
  const ids: string[] = []
  const secretary = app.as({ id: holderId('villageSecretary', paths.village), secondFactorAt: app.clock.now() })
  for (const [at, person] of people.entries()) {
    const endsOn = new Date(app.clock.now().getTime() + endsInDays[at]! * 86_400_000).toISOString().slice(0, 10)
    const base = '/api/v1/registry/follow-ups'
    const personId = known['person']!.at(-1 - at)
    const made = await secretary.post<FollowUpDone>(base, {
      areaPath: [paths.right, paths.beside, paths.grid, paths.village][at % 4],
      basis: 'releaseSupport',
      basisWords: `决定书第 ${at} 号`,
      endsOn,
      nextOn: '2026-11-16',
      person: { ...person, ...(personId ? { personId } : {}) },
      staff: [],
    })
    expect(made.status, made.text).toBe(201)
    ids.push(made.body.id)
    const looked = await secretary.post(`${base}/${made.body.id}/look`, { purpose: 'visit', reason: '上门之前' })
    expect(looked.status, looked.text).toBe(200)
    await secretary.post(`${base}/${made.body.id}/contacts`, { metOn: '2026-11-16', way: 'door', text: '在家' })
  }
  return ids
}

/** What is asked of the registry by writing to it, as its pages do: search, count, sample, rosters. */
const asked = fc.oneof(
  fc.record({
    way: fc.constant('search' as const),
    with: fc.constantFrom('name', 'part', 'pinyin', 'tail', 'citizenId'),
  }),
  fc.record({ way: fc.constant('segment' as const), with: fc.constantFrom('count', 'sample') }),
  fc.record({ way: fc.constant('export' as const), with: fc.constantFrom('people', 'households', 'premises') }),
  fc.record({ way: fc.constant('read' as const), with: fc.nat(10_000).map(String) }),
)
type Asked = typeof asked extends fc.Arbitrary<infer Of> ? Of : never

/** A roster's rows, without who took it and when. */
async function exported(reader: ReturnType<typeof readers>[number], list: string): Promise<string> {
  const answer = await app.http.inject({
    method: 'POST',
    url: '/api/v1/registry/exports',
    headers: { authorization: `Bearer ${reader.token}` },
    payload: { list, reason: '核对门牌名册' },
  })
  if (answer.statusCode !== 200) return String(answer.statusCode)
  const [sheet] = await readWholeSheets(answer.rawPayload, { ...deskLimits, rowsMax: 20_000 })
  return `200 ${JSON.stringify(sheet!.rows.slice(1).map(({ cells }) => cells.slice(0, -1)))}`
}

async function answered(
  question: Asked,
  of: { reader: number; about: Somebody; urls: readonly string[] },
): Promise<string> {
  const reader = readers()[of.reader]!
  const { name, phone, citizenId } = of.about
  if (question.way === 'export') return exported(reader, question.with)
  const plain = (answer: { status: number; text: string }): string =>
    `${answer.status} ${answer.text.replaceAll(/"(requestId|madeAt|countedAt|asOf)":"[^"]*"/g, '')}`
  if (question.way === 'read') return plain(await reader.get(of.urls[Number(question.with) % of.urls.length]!))
  if (question.way === 'segment') {
    const any = [{ field: 'hasPhone' }]
    const body = { question: { subject: 'person', all: [{ any }] } }
    return plain(await reader.post(`/api/v1/registry/segments/${question.with}`, body))
  }
  const words: Record<string, string> = {
    name,
    part: name.slice(0, 2),
    pinyin: 'wangxm',
    tail: phone.slice(-4),
    citizenId,
  }
  return plain(await reader.post('/api/v1/registry/search', { q: words[question.with] }))
}

describe('restricted follow-ups', () => {
  it('leak through no search, count, candidate, roster, map or history: three hundred random steps', async () => {
    const about = await registered([
      { name: '王志强', phone: '13811110001' },
      { name: '李秀英', phone: '13811110002' },
      { name: '欧阳小明', phone: '13811110003' },
    ])
    const urls = addresses(about)
    const secretary = app.as({ id: holderId('villageSecretary', paths.village), secondFactorAt: app.clock.now() })
    const open: string[] = []
    const acts = {
      open: async (person: Somebody, at: number) => void open.push(...(await followed([person], [10 + (at % 300)]))),
      look: (id: string) =>
        secretary.post(`/api/v1/registry/follow-ups/${id}/look`, { purpose: 'visit', reason: '上门之前看一看' }),
      contact: (id: string) =>
        secretary.post(`/api/v1/registry/follow-ups/${id}/contacts`, {
          metOn: '2026-11-16',
          way: 'phone',
          text: '在家',
        }),
      end: (id: string) =>
        secretary.post(`/api/v1/registry/follow-ups/${id}/end`, { version: 1, reason: '决定书撤销了' }),
    }
    const step = fc.record({
      question: asked,
      reader: fc.nat(3),
      who: fc.nat(2),
      act: fc.constantFrom('open' as const, 'look' as const, 'contact' as const, 'end' as const),
      at: fc.nat(1_000),
    })
    let [steps, good, done] = [0, 0, 0]
    await fc.assert(
      fc.asyncProperty(step, async ({ question, reader, who, act, at }) => {
        const of = { reader, about: about[who]!, urls }
        const before = await answered(question, of)
        const id = open[at % Math.max(1, open.length)]
        if (act === 'open' || id === undefined) await acts.open(about[who]!, at)
        else if ((await acts[act](id)).status < 300) done += 1
        expect(await answered(question, of), JSON.stringify({ question, reader, act })).toBe(before)
        steps += 1
        if (before.startsWith('200')) good += 1
      }),
      { numRuns: 300, endOnFailure: true },
    )
    expect(steps).toBe(300)
    // Refused everywhere, or nothing done, it would prove nothing.
    expect(good).toBeGreaterThan(110)
    expect(done).toBeGreaterThan(45)
  }, 300_000)

  it('change not one byte of what everybody else is answered', async () => {
    const tried = fc.record({
      registered: fc.array(somebody, { minLength: 1, maxLength: 3 }),
      strangers: fc.array(somebody, { maxLength: 2 }),
      endsInDays: fc.array(fc.integer({ min: 1, max: 360 }), { minLength: 5, maxLength: 5 }),
    })
    let [answers, good] = [0, 0]
    await fc.assert(
      fc.asyncProperty(tried, async ({ registered: people, strangers, endsInDays }) => {
        const here = await registered(people)
        const beyond = strangers.map((one) => ({ ...one, citizenId: citizenIdOf('1960-01-02', ++serial) }))
        const about = [...here, ...beyond]
        const before = await everything(about)
        const ids = await followed(about, endsInDays)
        const after = await everything(about)
        for (const [url, text] of before) expect(after.get(url), url).toBe(text)
        for (const id of ids) for (const text of after.values()) expect(text).not.toContain(id)
        answers += before.size
        good += [...before.values()].filter((text) => text.startsWith('200')).length
      }),
      { numRuns: 4, endOnFailure: true },
    )
    // A test that was refused everywhere would prove nothing.
    expect(answers).toBeGreaterThan(400)
    expect(good).toBeGreaterThan(150)
    const rows = await app.db.reading(county, (tx) =>
      tx.selectFrom('followUp').select('id').where('county', '=', county).execute(),
    )
    expect(rows.length).toBeGreaterThan(3)
  }, 240_000)

  it('are named by no other table and name none', async () => {
    const { rows } = await app.db.reading(county, (tx) =>
      tx.executeQuery<{ one: string; other: string }>({
        sql: `select conrelid::regclass::text as one, confrelid::regclass::text as other from pg_constraint
          where contype = 'f' and (conrelid::regclass::text like 'follow_up%' or confrelid::regclass::text like 'follow_up%')`,
        parameters: [],
        query: {} as never,
        queryId: {} as never,
      }),
    )
    expect(rows.length).toBeGreaterThan(2)
    for (const { one, other } of rows) expect([one, other].every((name) => name.startsWith('follow_up'))).toBe(true)
  })
})
