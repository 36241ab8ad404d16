import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { hot } from '../../kernel/db.ts'
import { settleLedger } from '../../ledger/index.ts'
import { citizenIdOf, desks } from '../fixtures.ts'
import type { Person } from '../people/contract.ts'
import type { DuplicatePage, MergePage, PairView, Undone } from './contract.ts'
import { findDuplicates } from './index.ts'

let house: TestApp
let desk: ReturnType<typeof desks>
let n = 0
let homes = 0
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  desk = desks(house)
}, 60_000)
afterAll(() => house.close())
beforeEach(() => {
  n++
})

const born = '1980-02-03'
const unique = (): string => `沈${String.fromCodePoint(0x4e10 + n * 3)}丽`
const base = '/api/v1/registry'

/** What the ledger's jobs and the sweep do, without waiting for them. */
async function settle(): Promise<void> {
  await settleLedger(house.app, county)
  await findDuplicates(house.app, county)
}
async function open(who = desk.secretary()): Promise<DuplicatePage['items']> {
  const answer = await who.get<DuplicatePage>(`${base}/duplicates?limit=100`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body.items
}
const isPair = (one: Person, other: Person) => (pair: DuplicatePage['items'][number]) =>
  [pair.one.id, pair.other.id].toSorted().join() === [one.id, other.id].toSorted().join()

/** Every row about some people, as the database holds them, but for what counts up. */
async function stored(...ids: string[]): Promise<unknown> {
  return house.db.reading(county, async (tx) => {
    const rows = await hot(
      tx,
      '',
      `select to_jsonb(p) - 'version' - 'updated_at' as row from person p where county = '${county}' and id = any($1::uuid[]) order by id`,
      [ids],
    )
    const ties = await hot(
      tx,
      '',
      `select to_jsonb(r) as row from residence r where county = '${county}' and person_id = any($1::uuid[]) order by id`,
      [ids],
    )
    const tags = await hot(
      tx,
      '',
      `select to_jsonb(t) as row from person_tag t where county = '${county}' and person_id = any($1::uuid[]) order by person_id, tag, area_path`,
      [ids],
    )
    const tokens = await hot(
      tx,
      '',
      `select to_jsonb(t) as row from search_token t where county = '${county}' and subject_id = any($1::uuid[]) order by subject_id, token, area_path`,
      [ids],
    )
    return { rows, ties, tags, tokens }
  })
}

async function home(room: string): Promise<string> {
  homes++
  const building = await desk.building({ estate: '重合花园', name: `${homes}幢` })
  return (await desk.premises(building.id, { room })).id
}

/** The same woman, registered at two desks. */
async function twice(): Promise<[Person, Person]> {
  const name = unique()
  const one = await desk.person({
    name,
    bornOn: born,
    premisesId: await home('101'),
    relation: 'owner',
    phone: `138573${String(10000 + n)}`,
  })
  const other = await desk.person({
    name,
    citizenId: citizenIdOf(born, n),
    premisesId: await home('102'),
    relation: 'tenant',
  })
  return [one, other]
}

const merge = (keep: Person, drop: Person, take: string[] = ['citizenId'], who = desk.secretary()) =>
  who.post<{ id: string }>(`${base}/merges`, {
    keep: keep.id,
    keepVersion: keep.version,
    drop: drop.id,
    dropVersion: drop.version,
    take,
    reason: '同一个人登记了两次',
  })

describe('candidates', () => {
  it('are found after a change: same name and birthday, and once more by nothing', async () => {
    const [one, other] = await twice()
    await settle()
    expect((await open()).find(isPair(one, other))).toMatchObject({ reasons: ['nameBirth'], grade: 2 })
    const before = (await open()).length
    await settle()
    expect(await open()).toHaveLength(before)
  })

  it('go when a correction parts them', async () => {
    const [one, other] = await twice()
    await settle()
    const fixed = await desk.lead().post(`${base}/people/${one.id}/corrections`, {
      bornOn: '1981-02-03',
      version: one.version,
      reason: '看过户口簿',
      source: 'counter',
    })
    expect(fixed.status, fixed.text).toBe(200)
    await settle()
    expect((await open()).find(isPair(one, other))).toBeUndefined()
  })

  it('are shown to nobody who may not see both', async () => {
    const name = unique()
    const here = await desk.person({ name, bornOn: born, premisesId: await home('201') })
    const there = await desk.person({ name, bornOn: born, areaPath: paths.wrong }, desk.faraway())
    await settle()
    expect((await open()).find(isPair(here, there))).toBeUndefined()
    const all = house.as({
      grants: [{ action: 'registry.merge', path: paths.county }],
      secondFactorAt: house.clock.now(),
    })
    expect((await open(all)).find(isPair(here, there))).toBeDefined()
    const pair = await desk.secretary().get(`${base}/duplicates/pair?one=${here.id}&other=${there.id}`)
    expect(pair.status).toBe(403)
    expect((await merge(here, there, [])).status).toBe(403)
  })

  it('once told apart are not asked again', async () => {
    const [one, other] = await twice()
    await settle()
    const said = await desk
      .secretary()
      .post(`${base}/duplicates/different`, { one: one.id, other: other.id, reason: '姑侄两人同名' })
    expect(said.status, said.text).toBe(200)
    await desk.lead().post(`${base}/people/${one.id}/confirm`, { version: one.version, source: 'visit' })
    await settle()
    expect((await open()).find(isPair(one, other))).toBeUndefined()
  })
})

describe('a merge', () => {
  it('shows both side by side, takes what was chosen, and is found once', async () => {
    const [one, other] = await twice()
    const view = await desk.secretary().get<PairView>(`${base}/duplicates/pair?one=${one.id}&other=${other.id}`)
    const field = (name: string) => view.body.fields.find((one_) => one_.field === name)
    expect(field('citizenId')).toMatchObject({ one: null, same: false, take: true })
    expect(field('bornOn')).toMatchObject({ same: true })
    expect(view.text).not.toContain(citizenIdOf(born, n))
    const merged = await merge(one, other)
    expect(merged.status, merged.text).toBe(200)
    const found = await desk
      .secretary()
      .post<{ people: { items: { id: string; citizenId: string }[] } }>(`${base}/search`, { q: one.name })
    expect(found.body.people.items.map(({ id }) => id)).toEqual([one.id])
    expect(found.body.people.items[0]!.citizenId).toMatch(/^\*+/)
    const kept = await desk.secretary().get<{ residences: unknown[] }>(`${base}/people/${one.id}`)
    expect(kept.text).toContain(`${homes}幢`)
  })

  it('is taken back exactly: rows, ties, tags and what they are found by', async () => {
    const [one, other] = await twice()
    const tagged = await desk.lead().post(`${base}/people/${other.id}/tags`, {
      add: [{ tag: 'volunteer' }],
      remove: [],
      version: other.version,
      source: 'counter',
      reason: '本人报名',
    })
    expect(tagged.status, tagged.text).toBe(200)
    const now = { ...other, version: other.version + 1 }
    const before = await stored(one.id, other.id)
    const merged = await merge(one, now)
    expect(merged.status, merged.text).toBe(200)
    expect(await stored(one.id, other.id)).not.toEqual(before)
    const undone = await desk
      .secretary()
      .post<Undone>(`${base}/merges/${merged.body.id}/undo`, { reason: '弄错了，是姐妹' })
    expect(undone.status, undone.text).toBe(200)
    expect(undone.body.how).toBe('restored')
    expect(await stored(one.id, other.id)).toEqual(before)
    const again = await desk.secretary().post(`${base}/merges/${merged.body.id}/undo`, { reason: '弄错了，是姐妹' })
    expect(again.status).toBe(409)
  })

  it('after later corrections gives the other back and keeps what was corrected', async () => {
    const [one, other] = await twice()
    const before = await stored(other.id)
    const merged = await merge(one, other)
    const phone = '13957399999'
    const fixed = await desk
      .lead()
      .post(`${base}/people/${one.id}/phone`, { phone, version: one.version + 1, reason: '换了手机', source: 'visit' })
    expect(fixed.status, fixed.text).toBe(200)
    const undone = await desk
      .secretary()
      .post<Undone>(`${base}/merges/${merged.body.id}/undo`, { reason: '确实是两个人' })
    expect(undone.body.how).toBe('split')
    expect(await stored(other.id)).toEqual(before)
    const kept = await desk.lead().get<Person>(`${base}/people/${one.id}`)
    expect(kept.body.phone).toBe('139****9999')
    expect(kept.body.citizenId).toBeNull()
    await settle()
    expect((await open()).find(isPair(one, other))).toBeUndefined()
  })

  it('has one winner', async () => {
    const [one, other] = await twice()
    const [left, right] = await Promise.all([merge(one, other), merge(other, one)])
    expect([left.status, right.status].toSorted()).toEqual([200, 409])
    const list = await desk.secretary().get<MergePage>(`${base}/merges`)
    expect(list.body.items.filter(({ keptId }) => [one.id, other.id].includes(keptId))).toHaveLength(1)
  })

  it('of a stale version, of itself and without a reason is refused', async () => {
    const [one, other] = await twice()
    expect((await merge({ ...one, version: 9 }, other)).status).toBe(409)
    expect((await merge(one, one)).status).toBe(400)
    const silent = await desk
      .secretary()
      .post(`${base}/merges`, { keep: one.id, keepVersion: 1, drop: other.id, dropVersion: 1, take: [], reason: '' })
    expect(silent.status).toBe(400)
    expect((await merge(one, other, [], desk.lead())).status).toBe(403)
  })
})

it('one record of two people is split', async () => {
  const [one, other] = await twice()
  const second = await home('301')
  const added = await desk.lead().post<Person>(`${base}/people/${one.id}/residences`, {
    premisesId: second,
    relation: 'owner',
    livesHere: false,
    version: one.version,
    source: 'counter',
  })
  expect([200, 201], added.text).toContain(added.status)
  const corrected = await desk.lead().post<Person>(`${base}/people/${one.id}/corrections`, {
    details: { work: { employer: '禾音纺织' }, education: { school: '王店中学' } },
    version: one.version + 1,
    reason: '上门补登',
  })
  const tagged = await desk.lead().post<Person>(`${base}/people/${one.id}/tags`, {
    add: [{ tag: 'partyMember' }],
    remove: [],
    version: corrected.body.version,
    source: 'visit',
  })
  expect(tagged.status, tagged.text).toBe(200)
  const view = await desk.secretary().get<PairView>(`${base}/duplicates/pair?one=${one.id}&other=${other.id}`)
  const tie = view.body.oneTies.find(({ livesHere }) => !livesHere)!
  const name = unique()
  const split = await desk.secretary().post<{ id: string }>(`${base}/people/${one.id}/split`, {
    version: tagged.body.version,
    name,
    phone: '13857377777',
    residenceIds: [tie.id],
    tags: ['partyMember'],
    groups: ['work'],
    reason: '两个同名的人合在一起了',
  })
  expect(split.status, split.text).toBe(200)
  const fresh = await desk.lead().get<Person>(`${base}/people/${split.body.id}`)
  expect(fresh.body).toMatchObject({ name, phone: '138****7777', details: { work: { employer: '禾音纺织' } } })
  expect(fresh.body.tags.map(({ tag }) => tag)).toContain('partyMember')
  const rest = await desk.lead().get<Person>(`${base}/people/${one.id}`)
  expect(rest.body.details).toEqual({ education: { school: '王店中学' } })
  expect(rest.body.tags.map(({ tag }) => tag)).not.toContain('partyMember')
})
