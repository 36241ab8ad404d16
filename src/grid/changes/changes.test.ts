import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../../test/support/ground.ts'
import { createStaffAccount } from '../../identity/index.ts'
import { runSystem } from '../../kernel/command.ts'
import { hot } from '../../kernel/db.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { settleLedger, verifyLedger } from '../../ledger/index.ts'
import type { Matter, MatterPage, Receipt } from '../../loop/contract.ts'
import { findMatter } from '../../loop/store.ts'
import type { Area } from '../areas/contract.ts'
import type { PlaceDuty } from '../posts/contract.ts'
import type { AreasChanged, ChangePreview } from './contract.ts'
import { rehomeLate } from './jobs.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const base = '/api/v1/grid'
const administration = { 'tongxin-purpose': 'administration' }
const office = () => app.as({ id: holderId('gridOffice', paths.county) })
const areaAt = async (path: string): Promise<Area> =>
  (await office().get<Area>(`${base}/area?path=${encodeURIComponent(path)}`)).body
const middle = middleOf(paths.right)
/** South-west corner and side of the micro-grid that is split. */
const [west, south, side] = [middle.longitude - 0.001, middle.latitude - 0.001, 0.002]
const eastHalf = {
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
const part = { code: 'M012', name: '十二组微网格' }

async function report(text: string, at?: { longitude: number; latitude: number }): Promise<string> {
  const place = at ? { position: { ...at, accuracyMetres: 5 } } : { areaPath: paths.right }
  const body = { kind: 'event', category: '0101', text, ...place }
  const answer = await app.as({ kind: 'resident', label: '居民' }).post<Receipt>('/api/v1/matters', body)
  expect(answer.status, answer.text).toBe(201)
  return answer.body.id
}
const rowOf = (id: string) => runSystem(app.app, county, ({ tx }) => findMatter(tx, county, id))
const newStaff = (name: string) =>
  runSystem(app.app, county, async (cmd) => {
    const id = uuidv7(cmd.now)
    await createStaffAccount(cmd, { id, loginName: `s${id.slice(-12)}`, name, active: true })
    return id
  })
const versions = () =>
  app.db.reading(county, (tx) =>
    hot<{ count: number }>(tx, 'test_areas', 'select count(*)::int as count from area where county = $1', [county]),
  )
const split = (area: Area, body: object, who = office()) =>
  who.post<AreasChanged>(`${base}/areas/${area.id}/split`, { version: area.version, ...body }, administration)

describe('splitting a micro-grid with open work', () => {
  it('refuses what does not fit, and changes nothing', async () => {
    const area = await areaAt(paths.right)
    const before = await versions()
    const whole = {
      type: 'Polygon',
      coordinates: [
        [
          [west, south],
          [west + side, south],
          [west + side, south + side],
          [west, south + side],
          [west, south],
        ],
      ],
    }
    const beside = { type: 'Polygon', coordinates: [eastHalf.coordinates[0]!.map(([lng, lat]) => [lng! + 0.002, lat])] }
    const tries: [object, number, string][] = [
      [{ parts: [part] }, 400, 'grid.bad_boundary'],
      [{ parts: [{ ...part, shape: whole }] }, 400, 'grid.nothing_stays'],
      [{ parts: [{ ...part, shape: beside }] }, 400, 'grid.part_outside'],
      [{ parts: [{ ...part, code: 'M002', shape: eastHalf }] }, 409, 'grid.code_taken'],
      [
        {
          parts: [
            { ...part, shape: eastHalf },
            { code: 'M013', name: '又一块', shape: eastHalf },
          ],
        },
        400,
        'grid.part_outside',
      ],
      [{ parts: [{ ...part, shape: eastHalf }], chosen: [{ id: area.id, to: 5 }] }, 400, 'kernel.invalid_input'],
      [{ parts: [{ ...part, shape: eastHalf }], version: area.version + 1 }, 409, 'kernel.stale'],
    ]
    for (const [body, status, code] of tries) {
      const answer = await split(area, body)
      expect([answer.status, (answer.body as { code?: string }).code], answer.text).toEqual([status, code])
    }
    const village = await areaAt(paths.village)
    expect((await split(village, { parts: [{ ...part, code: 'X9' }] })).body).toMatchObject({
      code: 'grid.split_has_below',
    })
    const own = ['grid.manage', 'grid.read'].map((action) => ({
      action,
      path: paths.right,
      purpose: 'administration' as const,
    }))
    expect((await split(area, { parts: [{ ...part, shape: eastHalf }] }, app.as({ grants: own }))).status).toBe(403)
    const lead = app.as({ id: holderId('microGridLead', paths.right) })
    expect((await split(area, { parts: [{ ...part, shape: eastHalf }] }, lead)).status).toBe(403)
    expect(await versions()).toEqual(before)
  })

  it('says beforehand what moves, moves it, and yesterday stays as it was', async () => {
    const inEast = await report('楼道里堆了杂物', { longitude: west + 0.0015, latitude: south + 0.001 })
    const inWest = await report('路灯不亮', { longitude: west + 0.0005, latitude: south + 0.001 })
    const nowhere = await report('门口积水')
    const stays = await report('垃圾没有清')
    const head = await newStaff('新格长')
    const area = await areaAt(paths.right)
    const yesterday = app.clock.now()
    app.clock.advance(60_000)
    const body = {
      parts: [{ ...part, shape: eastHalf, posts: [{ role: 'microGridLead', unit: null, a: head, b: null }] }],
    }
    const preview = await office().post<ChangePreview>(
      `${base}/areas/${area.id}/split/preview`,
      { version: area.version, ...body },
      administration,
    )
    expect(preview.status, preview.text).toBe(200)
    const matters = preview.body.lines.find(({ label }) => label === '在办事项')
    expect(matters).toMatchObject({
      items: [
        { to: 0, count: 3 },
        { to: 1, count: 1 },
      ],
      undecided: 2,
    })
    expect(preview.body.undecided.map(({ id }) => id)).toEqual(expect.arrayContaining([nowhere, stays]))
    expect(preview.body.posts).toMatchObject([{ role: 'microGridLead', becomes: 'copied' }])
    expect(preview.body.shapes.map((shape) => shape && Math.round(shape.squareMetres / 1_000))).toEqual([21, 21])

    const done = await split(area, { ...body, chosen: [{ id: nowhere, to: 1 }] })
    expect(done.status, done.text).toBe(200)
    const to = `${paths.grid}/M012`
    expect(done.body.items.map(({ path }) => path)).toEqual([paths.right, to])
    for (const [id, path] of [
      [inEast, to],
      [nowhere, to],
      [inWest, paths.right],
      [stays, paths.right],
    ] as const)
      expect(await rowOf(id)).toMatchObject({ areaPath: path, holderPath: path })

    const mine = async (id: string) =>
      (await app.as({ id }).get<MatterPage>('/api/v1/matters?scope=mine')).body.items.map((item) => item.id).toSorted()
    expect(await mine(head)).toEqual([inEast, nowhere].toSorted())
    expect((await app.as({ id: head }).get<Matter>(`/api/v1/matters/${inEast}`)).status).toBe(200)
    expect((await app.as({ id: holderId('microGridLead', paths.right) }).get(`/api/v1/matters/${inEast}`)).status).toBe(
      403,
    )

    const point = `lng=${west + 0.0015}&lat=${south + 0.001}`
    const headsOf = async (query: string) =>
      (await office().get<PlaceDuty>(`${base}/duty?${query}`)).body.items
        .at(-1)
        ?.posts[0]?.holders.map(({ accountId }) => accountId)
    expect(await headsOf(point)).toEqual([head])
    const then = `&at=${encodeURIComponent(yesterday.toISOString())}`
    const before = [holderId('microGridLead', paths.right)]
    expect(await headsOf(point + then)).toEqual(before)
    expect(await headsOf(`path=${encodeURIComponent(to)}${then}`)).toEqual(before)
    expect((await office().get(`${base}/duty?${point}&at=2999-01-01T00:00:00Z`)).status).toBe(400)
    await settleLedger(app.app, county)
    expect((await verifyLedger(app.db, county)).findings).toEqual([])
  })

  it('finds what was on its way when the area was split', async () => {
    const late = await report('又来一件', { longitude: west + 0.0015, latitude: south + 0.0012 })
    // As a process would have written it that still knew the old ground.
    await runSystem(app.app, county, ({ tx }) =>
      tx
        .updateTable('matter')
        .set({ areaPath: paths.right, holderPath: paths.right, reportedAt: app.clock.now() })
        .where('county', '=', county)
        .where('id', '=', late)
        .execute(),
    )
    expect(await runSystem(app.app, county, rehomeLate)).toBe(1)
    expect(await rowOf(late)).toMatchObject({ areaPath: `${paths.grid}/M012`, holderPath: `${paths.grid}/M012` })
    expect(await runSystem(app.app, county, rehomeLate)).toBe(0)
  })
})

describe('merging', () => {
  it('takes another one in with its work; its posts end, its code is free', async () => {
    const [stay, end] = [await areaAt(paths.right), await areaAt(`${paths.grid}/M012`)]
    const open = await report('墙上小广告', { longitude: west + 0.0015, latitude: south + 0.001 })
    expect(await rowOf(open)).toMatchObject({ areaPath: end.path })
    const body = { version: stay.version, others: [{ id: end.id, version: end.version }] }
    const preview = await office().post<ChangePreview>(`${base}/areas/${stay.id}/merge/preview`, body, administration)
    expect(preview.body.posts.map(({ becomes }) => becomes)).toEqual(['stays', 'ends'])
    expect(preview.body.lines.find(({ label }) => label === '在办事项')?.items).toEqual([{ to: 0, count: 4 }])
    const stale = { ...body, others: [{ id: end.id, version: end.version + 3 }] }
    expect((await office().post(`${base}/areas/${stay.id}/merge`, stale, administration)).status).toBe(409)
    const far = await areaAt(paths.wrong)
    const apart = { ...body, others: [{ id: far.id, version: far.version }] }
    expect((await office().post(`${base}/areas/${stay.id}/merge`, apart, administration)).body).toMatchObject({
      code: 'grid.merge_apart',
    })
    app.clock.advance(60_000)
    const [one, other] = await Promise.all(
      [1, 2].map(() => office().post<AreasChanged>(`${base}/areas/${stay.id}/merge`, body, administration)),
    )
    // Whoever comes second finds another version, or an area that is no more.
    expect([one!.status, other!.status].filter((status) => status === 200)).toHaveLength(1)
    expect([404, 409]).toContain(Math.max(one!.status, other!.status))
    expect(await rowOf(open)).toMatchObject({ areaPath: stay.path, holderPath: stay.path })
    expect((await office().get(`${base}/area?path=${encodeURIComponent(end.path)}`)).status).toBe(404)
    const point = `lng=${west + 0.0015}&lat=${south + 0.001}`
    const now = await office().get<PlaceDuty>(`${base}/duty?${point}`)
    expect(now.body.path).toBe(stay.path)
    await settleLedger(app.app, county)
    expect((await verifyLedger(app.db, county)).findings).toEqual([])
  })
})
