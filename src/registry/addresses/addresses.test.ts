import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { desks } from '../fixtures.ts'
import type { BuildingPage, BuildingView, Doors, PremisesPage, PremisesPlan, PremisesView } from './contract.ts'

const url = '/api/v1/registry'
let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

describe('buildings', () => {
  it('are written once, however they are spelt', async () => {
    const desk = desks(app)
    const made = await desk.building({ name: '１２栋' })
    expect(made).toMatchObject({ address: '高桥花园12栋', areaName: expect.stringContaining('一组微网格'), version: 1 })
    const again = await desk.lead().post(`${url}/buildings`, {
      areaPath: paths.right,
      kind: 'estateBlock',
      estate: '高桥 花园',
      name: '十二号楼',
      source: 'counter',
    })
    expect([again.status, again.body['code']]).toEqual([409, 'registry.address_taken'])
  })

  it('stand in the order of their numbers, page by page', async () => {
    const desk = desks(app)
    for (const name of ['10幢', '2幢', '1幢']) await desk.building({ estate: '顺序苑', name })
    const area = encodeURIComponent(paths.right)
    const first = await desk.lead().get<BuildingPage>(`${url}/buildings?area=${area}&limit=2`)
    const rest = await desk.lead().get<BuildingPage>(`${url}/buildings?area=${area}&after=${first.body.next}`)
    const names = [...first.body.items, ...rest.body.items].filter(({ estate }) => estate === '顺序苑')
    expect(names.map(({ name }) => name)).toEqual(['1幢', '2幢', '10幢'])
  })

  it('cannot lie in a town, nor where one does not write', async () => {
    const desk = desks(app)
    const body = { kind: 'other', street: '某路', source: 'counter' }
    const town = await app.as({ grants: [{ action: 'registry.write', path: paths.town }] }).post(`${url}/buildings`, {
      ...body,
      areaPath: paths.town,
    })
    expect([town.status, town.body['code']]).toEqual([400, 'registry.unknown_area'])
    const beside = await desk.lead().post(`${url}/buildings`, { ...body, areaPath: paths.beside })
    expect([beside.status, beside.body['code']]).toEqual([403, 'kernel.forbidden'])
  })

  it('say what is missing', async () => {
    const answer = await desks(app)
      .lead()
      .post(`${url}/buildings`, { areaPath: paths.right, kind: 'other', source: 'counter' })
    expect([answer.status, answer.body['code']]).toEqual([400, 'registry.address_needed'])
  })

  it('close only when empty, and of two who correct at once one wins', async () => {
    const desk = desks(app)
    const made = await desk.building({ estate: '空楼里' })
    const flat = await desk.premises(made.id)
    const close = await desk.lead().post(`${url}/buildings/${made.id}/close`, { version: 1, reason: '拆除' })
    expect([close.status, close.body['code']]).toEqual([409, 'registry.building_in_use'])
    const correct = (name: string) =>
      desk.lead().post(`${url}/buildings/${made.id}/corrections`, { name, version: 1, reason: '门牌更正' })
    const both = await Promise.all([correct('4幢'), correct('5幢')])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const now = await desk.lead().get<PremisesView>(`${url}/premises/${flat.id}`)
    expect(now.body.address).toMatch(/^空楼里[45]幢1单元502室$/)
    await desk.lead().post(`${url}/premises/${flat.id}/close`, { version: now.body.version, reason: '拆除' })
    const done = await desk
      .lead()
      .post<BuildingView>(`${url}/buildings/${made.id}/close`, { version: 2, reason: '拆除' })
    expect([done.status, done.body.closed]).toEqual([200, true])
  })
})

describe('premises', () => {
  it('stand by unit, floor and room', async () => {
    const desk = desks(app)
    const made = await desk.building({ estate: '房号苑' })
    for (const [unit, room] of [
      ['2单元', '101室'],
      ['1', '1001'],
      ['1', '502'],
      ['1', '901'],
    ]) {
      await desk.premises(made.id, { unit, room })
    }
    const page = await desk.lead().get<PremisesPage>(`${url}/premises?building=${made.id}`)
    expect(page.body.items.map(({ unit, room, floor }) => [unit, room, floor])).toEqual([
      ['1', '502', 5],
      ['1', '901', 9],
      ['1', '1001', 10],
      ['2', '101', 1],
    ])
  })

  it('have a plan with a day on which it is looked at again', async () => {
    const desk = desks(app)
    const flat = await desk.premises((await desk.building({ estate: '一策苑' })).id)
    const written = await desk.lead().post<PremisesPlan>(`${url}/premises/${flat.id}/plan`, {
      class: 'attention',
      risks: ['群租'],
      measures: ['每月上门一次'],
      caretaker: '一组微网格长',
      reviewOn: '2026-12-01',
      version: 1,
    })
    expect(written.body).toMatchObject({ version: 2, reviewOn: '2026-12-01', plan: { class: 'attention' } })
    const due = await desk.lead().get<PremisesPage>(`${url}/premises/reviews?until=2026-12-31`)
    expect(due.body.items.map(({ id }) => id)).toContain(flat.id)
    const none = await desk.neighbour().get<PremisesPage>(`${url}/premises/reviews?until=2026-12-31`)
    expect(none.body.items).toEqual([])
  })
})

describe('a building that lies in another area', () => {
  it('takes its doors and its people along', async () => {
    const desk = desks(app)
    const made = await desk.building({ estate: '迁移苑' })
    const flat = await desk.premises(made.id)
    const person = await desk.person({ premisesId: flat.id, name: '李迁移' })
    const refused = await desk
      .lead()
      .post(`${url}/buildings/${made.id}/move`, { areaPath: paths.beside, version: 1, reason: '网格调整' })
    expect(refused.status).toBe(403)
    const moved = await desk.secretary().post<BuildingView>(`${url}/buildings/${made.id}/move`, {
      areaPath: paths.beside,
      version: 1,
      reason: '网格调整',
    })
    expect(moved.body.areaPath, moved.text).toBe(paths.beside)
    expect((await desk.lead().get(`${url}/people/${person.id}`)).status).toBe(403)
    const doors = await desk.neighbour().get<Doors>(`${url}/buildings/${made.id}/doors`)
    expect(doors.body.doors[0]?.people.map(({ name }) => name)).toEqual(['李迁移'])
  })
})
