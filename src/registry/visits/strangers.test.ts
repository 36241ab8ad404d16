import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { doorId, layDoors } from '../../../test/support/doors.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { runSystem } from '../../kernel/command.ts'
import { desks } from '../fixtures.ts'
import type { Household } from '../households/contract.ts'
import { ageOn, dayAfter } from '../rules.ts'
import type { Campaign, Coverage, VisitView } from './contract.ts'
import { visitRehome } from './index.ts'
import { listCampaignAreas } from './target-store.ts'
import { choiceFor } from './targets.ts'

const url = '/api/v1/visits'
let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  await layDoors(app)
})
afterAll(() => app.close())

const holder = (role: string, path: string) => app.as({ id: holderId(role, path), label: role })
const lead = () => holder('microGridLead', paths.right)
const secretary = () => holder('villageSecretary', paths.village)
const everybody = { uses: [], kinds: [], tags: [], ageFrom: null, ageUntil: null }

async function opened(body: object = {}): Promise<Campaign> {
  const days = { fromOn: '2026-11-01', untilOn: '2026-12-31' }
  const answer = await secretary().post<Campaign>(`${url}/campaigns`, {
    name: '冬季走访',
    areaPaths: [paths.village],
    who: everybody,
    questions: [],
    ...days,
    ...body,
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const coverage = async (id: string): Promise<Coverage> =>
  (await secretary().get<Coverage>(`${url}/campaigns/${id}/coverage?area=${paths.village}`)).body

describe('who visits a door', () => {
  const premisesId = doorId('premises 1-101')

  it('says nothing about a household behind another', async () => {
    const made = await opened()
    const elsewhere = { premisesId, householdId: doorId('household 9-101'), result: 'visited' }
    expect((await lead().post(url, elsewhere)).status).toBe(404)
    expect((await coverage(made.id)).total.done).toBe(0)
  })

  it('learns nothing about people who never had anything to do with it', async () => {
    const stranger = doorId('周明')
    const visit = await lead().post<VisitView>(url, {
      premisesId,
      householdId: doorId('household 1-101'),
      result: 'visited',
      people: [{ personId: stranger, fate: 'met' }],
      corrections: [{ kind: 'phone', personId: stranger, basedOn: 1, phone: '13857390909' }],
    })
    expect(visit.status, visit.text).toBe(201)
    expect(visit.text).not.toContain('周明')
    const conflicts = await lead().get(`${url}/conflicts`)
    expect(conflicts.status, conflicts.text).toBe(200)
    expect(conflicts.text).not.toContain('周明')
  })

  it('sees none that lies above their own place', async () => {
    const desk = desks(app)
    const house = await desk.building({ areaPath: paths.village, estate: '村部', name: '1幢' }, desk.secretary())
    const flat = await desk.premises(house.id, { room: '101' }, desk.secretary())
    const person = await desk.person({ name: '许书记', premisesId: flat.id }, desk.secretary())
    const made = await opened({ name: '全村走访' })
    const sheet = `${url}/campaigns/${made.id}/buildings/${house.id}`
    expect((await secretary().get(sheet)).status).toBe(200)
    expect((await lead().get(sheet)).status).toBe(403)
    const met = { premisesId: flat.id, result: 'visited', people: [{ personId: person.id, fate: 'met' }] }
    const visit = await secretary().post<VisitView>(url, met)
    expect(visit.status, visit.text).toBe(201)
    expect((await lead().get(`${url}/${visit.body.id}`)).status).toBe(403)
  })
})

it('a visit that comes home after its household was dissolved still says who was met', async () => {
  const made = await opened({ name: '迟到的走访' })
  const id = doorId('household 1-201')
  const { version } = (await lead().get<Household>(`/api/v1/registry/households/${id}`)).body
  const gone = await lead().post(`/api/v1/registry/households/${id}/dissolve`, { version, reason: '并入另一户' })
  expect(gone.status, gone.text).toBe(200)
  const before = (await coverage(made.id)).total
  const visit = await lead().post<VisitView>(url, {
    premisesId: doorId('premises 1-201'),
    householdId: id,
    result: 'visited',
    people: [{ personId: doorId('陈阿婆'), fate: 'met' }],
  })
  expect(visit.status, visit.text).toBe(201)
  const after = (await coverage(made.id)).total
  expect([after.done, after.missing, after.doors]).toEqual([before.done + 1, before.missing - 1, before.doors])
})

it('asks for the same ages on every day of a leap year as a record says them', () => {
  for (const today of ['2028-02-28', '2028-02-29', '2028-03-01', '2027-02-28', '2027-03-01']) {
    const who = { ...everybody, ageFrom: 60, ageUntil: 64 }
    const { bornFrom, bornUntil } = choiceFor(new Date(`${today}T04:00:00Z`), who, [])
    for (let born = '1962-02-20'; born < '1969-03-10'; born = dayAfter(born)) {
      const age = ageOn(born, today)
      expect(born >= bornFrom! && born <= bornUntil!, `${born} on ${today}`).toBe(age >= 60 && age <= 64)
    }
  }
})

it('a campaign over a micro-grid goes where it goes when the village above moves, and no wider', async () => {
  const made = await opened({ name: '一个微网格', areaPaths: [paths.right] })
  const to = `${paths.county}/998/999`
  const areas = await runSystem(app.app, county, async (cmd) => {
    await visitRehome.apply(cmd, { kind: 'move', from: [paths.village], to: [to] })
    return listCampaignAreas(cmd.tx, county, [made.id])
  })
  expect(areas.map(({ areaPath }) => areaPath)).toEqual([to + paths.right.slice(paths.village.length)])
})
