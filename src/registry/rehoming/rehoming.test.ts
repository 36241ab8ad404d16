import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../../test/support/ground.ts'
import { hot } from '../../kernel/db.ts'
import { settleLedger, verifyLedger } from '../../ledger/index.ts'
import type { Area } from '../../grid/areas/contract.ts'
import type { AreasChanged, ChangePreview } from '../../grid/changes/contract.ts'
import type { PlaceDuty } from '../../grid/posts/contract.ts'
import type { BuildingView } from '../addresses/contract.ts'
import { desks } from '../fixtures.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const administration = { 'tongxin-purpose': 'administration' }
const office = () => app.as({ id: holderId('gridOffice', paths.county) })
const areaAt = async (path: string) =>
  (await office().get<Area>(`/api/v1/grid/area?path=${encodeURIComponent(path)}`)).body
const middle = middleOf(paths.right)
const [west, south, side] = [middle.longitude - 0.001, middle.latitude - 0.001, 0.002]
const east = {
  type: 'Polygon',
  coordinates: [
    [
      [west + side / 2, south],
      [west + side, south],
      [west + side, south + side],
      [west + side / 2, south + side],
      [west + side / 2, south],
    ],
  ],
}
const to = `${paths.grid}/M012`
const pathsOf = (table: 'building' | 'premises' | 'person' | 'residence', id: string) =>
  app.db.reading(county, (tx) =>
    hot<{ path: string }>(tx, `test_${table}`, `select area_path as path from ${table} where county = $1 and id = $2`, [
      county,
      id,
    ]),
  )
const tokensOf = (id: string) =>
  app.db.reading(county, (tx) =>
    hot<{ path: string }>(
      tx,
      'test_tokens',
      'select distinct area_path as path from search_token where county = $1 and subject_id = $2',
      [county, id],
    ),
  )

it('takes doors along when a micro-grid is split, and says who was responsible for one on any day', async () => {
  const desk = desks(app)
  const there = await desk.building({ name: '1幢', position: { longitude: west + 0.0015, latitude: south + 0.001 } })
  const here = await desk.building({ name: '2幢', position: { longitude: west + 0.0005, latitude: south + 0.001 } })
  const unknown = await desk.building({ name: '3幢' })
  const flat = await desk.premises(there.id)
  const person = await desk.person({ name: '沈小梅', premisesId: flat.id, relation: 'owner' })
  const area = await areaAt(paths.right)
  const before = app.clock.now()
  app.clock.advance(3_600_000)
  const body = { version: area.version, parts: [{ code: 'M012', name: '十二组微网格', shape: east }] }
  const url = `/api/v1/grid/areas/${area.id}/split`
  const preview = await office().post<ChangePreview>(`${url}/preview`, body, administration)
  expect(preview.body.lines.find(({ label }) => label === '楼栋')).toEqual({
    label: '楼栋',
    items: [
      { to: 0, count: 2 },
      { to: 1, count: 1 },
    ],
    undecided: 1,
  })
  expect(preview.body.undecided).toEqual([{ id: unknown.id, label: '楼栋', detail: '高桥花园3幢' }])
  const done = await office().post<AreasChanged>(url, { ...body, chosen: [{ id: unknown.id, to: 1 }] }, administration)
  expect(done.status, done.text).toBe(200)
  expect(await pathsOf('building', there.id)).toEqual([{ path: to }])
  expect(await pathsOf('building', unknown.id)).toEqual([{ path: to }])
  expect(await pathsOf('building', here.id)).toEqual([{ path: paths.right }])
  expect(await pathsOf('premises', flat.id)).toEqual([{ path: to }])
  expect(await pathsOf('person', person.id)).toEqual([{ path: to }])
  expect(await tokensOf(person.id)).toEqual([{ path: to }])
  expect((await desk.lead().get(`/api/v1/registry/people/${person.id}`)).status).toBe(403)

  const duty = async (id: string, at?: Date) =>
    (
      await desk
        .secretary()
        .get<PlaceDuty>(
          `/api/v1/registry/buildings/${id}/responsible${at ? `?at=${encodeURIComponent(at.toISOString())}` : ''}`,
        )
    ).body.path
  expect([await duty(there.id), await duty(unknown.id), await duty(here.id)]).toEqual([to, to, paths.right])
  for (const id of [there.id, unknown.id, here.id]) expect(await duty(id, before)).toBe(paths.right)
  const future = await desk.secretary().get(`/api/v1/registry/buildings/${here.id}/responsible?at=2999-01-01T00:00:00Z`)
  expect(future.status).toBe(400)
})

it('takes them back when the two are merged, with whoever has no premises, and the history stays right', async () => {
  const [stay, end] = [await areaAt(paths.right), await areaAt(to)]
  const house = app.as({
    grants: ['registry.write', 'registry.read', 'grid.read'].map((action) => ({ action, path: to })),
  })
  const shop = await house.post<{ id: string }>('/api/v1/registry/organisations', {
    kind: 'merchant',
    name: '小梅面馆',
    trade: '餐饮',
    areaPath: to,
    source: 'counter',
  })
  expect(shop.status, shop.text).toBe(201)
  const flat = await desks(app).premises((await desks(app).building({ name: '8幢' })).id)
  const loose = await desks(app).person({ name: '寄住的人', areaPath: to }, house)
  const wide = app.as({ grants: [{ action: 'registry.write', path: paths.grid }] })
  const owns = await wide.post(`/api/v1/registry/people/${loose.id}/residences`, {
    premisesId: flat.id,
    relation: 'owner',
    livesHere: false,
    version: 1,
    source: 'counter',
  })
  expect(owns.status, owns.text).toBe(200)
  expect(await pathsOf('person', loose.id)).toEqual([{ path: to }])
  const buildings = await house.get<{ items: BuildingView[] }>(
    `/api/v1/registry/buildings?area=${encodeURIComponent(to)}`,
  )
  expect(buildings.body.items).toHaveLength(2)
  const between = app.clock.now()
  app.clock.advance(3_600_000)
  const body = { version: stay.version, others: [{ id: end.id, version: end.version }] }
  const done = await office().post<AreasChanged>(`/api/v1/grid/areas/${stay.id}/merge`, body, administration)
  expect(done.status, done.text).toBe(200)
  const [one] = buildings.body.items
  expect(await pathsOf('building', one!.id)).toEqual([{ path: paths.right }])
  expect(await tokensOf(shop.body.id)).toEqual([{ path: paths.right }])
  expect(await pathsOf('person', loose.id)).toEqual([{ path: paths.right }])
  const then = await desks(app)
    .secretary()
    .get<PlaceDuty>(`/api/v1/registry/buildings/${one!.id}/responsible?at=${encodeURIComponent(between.toISOString())}`)
  expect(then.body.path).toBe(to)
  await settleLedger(app.app, county)
  expect((await verifyLedger(app.db, county)).findings).toEqual([])
})
