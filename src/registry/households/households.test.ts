import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { runCommand } from '../../kernel/command.ts'
import { county } from '../../../test/support/app.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { desks } from '../fixtures.ts'
import type { Person } from '../people/contract.ts'
import type { Household, HouseholdPage } from './contract.ts'
import { addToServiceFile } from './service.ts'

const url = '/api/v1/registry'
let app: TestApp
let serial = 0
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

async function family(size = 3) {
  const desk = desks(app)
  const home = await desk.premises((await desk.building({ estate: `家庭苑${++serial}期` })).id)
  const people: Person[] = []
  for (let at = 0; at < size; at++)
    people.push(await desk.person({ name: `家人${at}`, premisesId: home.id, relation: at === 0 ? 'owner' : 'family' }))
  const made = await desk.lead().post<Household>(`${url}/households`, {
    premisesId: home.id,
    kind: 'registered',
    number: '330411-001',
    headId: people[0]!.id,
    members: people.map(({ id, version }, at) => ({
      personId: id,
      version,
      headRelation: at === 0 ? 'head' : 'child',
    })),
    source: 'counter',
  })
  expect(made.status, made.text).toBe(201)
  return { desk, home, people, household: made.body }
}

describe('a household', () => {
  it('is made of who lives there, its head first, and counts them', async () => {
    const { household, people, desk } = await family()
    expect(household).toMatchObject({ members: 3, headName: '家人0', areaPath: paths.right, others: 0 })
    expect(household.people.map(({ name, headRelation }) => [name, headRelation]).toSorted()).toEqual([
      ['家人0', 'head'],
      ['家人1', 'child'],
      ['家人2', 'child'],
    ])
    expect(household.owners.map(({ name, livesHere }) => [name, livesHere])).toEqual([['家人0', true]])
    const person = await desk.lead().get<Person>(`${url}/people/${people[1]!.id}`)
    expect(person.body.householdId).toBe(household.id)
  })

  it('lets somebody go, and the head’s place stands empty when the head does', async () => {
    const { household, people, desk } = await family()
    const left = await desk.lead().post<Household>(`${url}/households/${household.id}/leave`, {
      personId: people[0]!.id,
      version: 1,
      reason: '外出务工',
    })
    expect(left.body).toMatchObject({ members: 2, headId: null, version: 2 })
    const gone = await desk.lead().get<Person>(`${url}/people/${people[0]!.id}`)
    expect(gone.body).toMatchObject({ householdId: null, premisesId: null })
    expect(gone.body.residences[0]!.untilOn).toBe('2026-11-16')
    const head = await desk.lead().post<Household>(`${url}/households/${household.id}/head`, {
      headId: people[1]!.id,
      version: 2,
      reason: '户主变更',
    })
    expect(head.body.people.map(({ name, headRelation }) => [name, headRelation])).toEqual([
      ['家人1', 'head'],
      ['家人2', 'child'],
    ])
  })

  it('splits, at the same premises or at others', async () => {
    const { household, people, desk, home } = await family(4)
    const here = await desk.lead().post<Household>(`${url}/households/${household.id}/split`, {
      personIds: [people[1]!.id],
      version: 1,
      reason: '分户',
    })
    expect([here.status, here.body.members, here.body.headName, here.body.others]).toEqual([201, 1, '家人1', 1])
    const other = await desk.premises(home.buildingId, { room: '601' })
    const there = await desk.lead().post<Household>(`${url}/households/${household.id}/split`, {
      personIds: [people[2]!.id, people[3]!.id],
      headId: people[2]!.id,
      premisesId: other.id,
      version: 2,
      reason: '分户',
    })
    expect(there.body, there.text).toMatchObject({ members: 2, headName: '家人2', premisesId: other.id })
    const rest = await desk.lead().get<Household>(`${url}/households/${household.id}`)
    expect(rest.body).toMatchObject({ members: 1, headName: '家人0' })
    const all = await desk
      .lead()
      .post(`${url}/households/${household.id}/split`, { personIds: [people[0]!.id], version: 3, reason: '分户' })
    expect([all.status, all.body['code']]).toEqual([409, 'registry.all_leave'])
  })

  it('dissolves without moving anybody', async () => {
    const { household, people, desk } = await family(2)
    const done = await desk
      .lead()
      .post<Household>(`${url}/households/${household.id}/dissolve`, { version: 1, reason: '整户注销' })
    expect(done.body).toMatchObject({ closed: true, members: 0, people: [] })
    const person = await desk.lead().get<Person>(`${url}/people/${people[0]!.id}`)
    expect(person.body).toMatchObject({ householdId: null, premisesId: household.premisesId })
    const again = await desk
      .lead()
      .post(`${url}/households/${household.id}/dissolve`, { version: 2, reason: '整户注销' })
    expect([again.status, again.body['code']]).toEqual([409, 'registry.closed'])
  })

  it('of two changes at once one wins', async () => {
    const { household, people, desk } = await family()
    const leave = (at: number) =>
      desk
        .lead()
        .post(`${url}/households/${household.id}/leave`, { personId: people[at]!.id, version: 1, reason: '搬走' })
    const both = await Promise.all([leave(1), leave(2)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const now = await desk.lead().get<Household>(`${url}/households/${household.id}`)
    expect([now.body.members, now.body.people.length]).toEqual([2, 2])
  })

  it('keeps two files: the situation for those who keep it, what was done for everybody who may read', async () => {
    const { household, people, desk } = await family()
    const dossier = { situation: '三口之家，老人需照看', needs: '帮忙申请长护险' }
    const written = await desk
      .lead()
      .post<Household>(`${url}/households/${household.id}/dossier`, { ...dossier, version: 1 })
    expect(written.body.dossier).toMatchObject(dossier)
    const line = {
      householdId: household.id,
      personId: people[0]!.id,
      kind: 'visit',
      refId: uuidv7(),
      at: app.clock.now(),
      byLabel: '一组微网格长',
      summary: '上门看望',
    }
    const request = {
      county,
      actor: { kind: 'staff', id: uuidv7(), sessionId: null, label: '一组微网格长' },
      grants: [],
      purpose: 'handling',
      requestId: 'test',
      locale: 'zh-CN',
    } as const
    for (let at = 0; at < 2; at++) await runCommand(app.app, request, (cmd) => addToServiceFile(cmd, line))
    const reader = app.as({ grants: [{ action: 'registry.read', path: paths.village }] })
    const seen = await reader.get<Household>(`${url}/households/${household.id}`)
    expect(seen.body).toMatchObject({ dossier: null, hasDossier: true, mayWrite: false })
    expect(seen.body.services).toMatchObject([{ kind: 'visit', byPost: '一组微网格长', summary: '上门看望' }])
  })

  it('is listed where one reads', async () => {
    const { household, desk } = await family(1)
    const page = await desk.lead().get<HouseholdPage>(`${url}/households?limit=100`)
    expect(page.body.items.map(({ id }) => id)).toContain(household.id)
    const next = await desk.lead().get<HouseholdPage>(`${url}/households?limit=1`)
    expect(next.body.next).not.toBeNull()
    const at = await desk.lead().get<HouseholdPage>(`${url}/households?premises=${household.premisesId}`)
    expect(at.body.items).toHaveLength(1)
    expect((await desk.neighbour().get<HouseholdPage>(`${url}/households`)).body.items).toEqual([])
  })
})
