import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, middleOf, onBorder, outside, paths } from '../../../test/support/ground.ts'
import { runSystem } from '../../kernel/command.ts'
import { hot } from '../../kernel/db.ts'
import type { Rehome } from '../../kernel/ports.ts'
import { forgetDirectory } from '../directory.ts'
import { areaNames, findArea, locate, overlaysAt } from './index.ts'
import { renameArea } from './service.ts'
import type { Area, AreaPage, Boundaries, LocatedPlace, Places } from './contract.ts'
import type { Static } from 'typebox'

let house: TestApp
type Page = Static<typeof AreaPage>
const base = '/api/v1/grid'
const rehomed: unknown[] = []
const rehome: Rehome = {
  name: 'test.rehome',
  preview: async () => [],
  apply: async (_cmd, change) => {
    rehomed.push(change)
    if (change.to[0]?.includes('refuse')) throw new Error('a room above cannot')
    return 0
  },
}

beforeAll(async () => {
  house = await testApp()
  house.app.ports.rehome.push(rehome)
  await layGround(house)
})
afterAll(() => house.close())

const office = (path: string = county) =>
  house.as({
    grants: ['grid.read', 'grid.manage'].flatMap((action) =>
      (['administration', 'handling'] as const).map((purpose) => ({ action, path, purpose })),
    ),
  })
const administration = { 'tongxin-purpose': 'administration' }

let serial = 0
async function newArea(
  under: string,
  rest: Partial<{ code: string; name: string; kind: string; covers: string[] }> = {},
): Promise<Area> {
  const body = { under, code: `T${++serial}`, name: `试验小区${serial}`, kind: 'other', ...rest }
  const answer = await office().post<Area>(`${base}/areas`, body)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

const entriesOf = (id: string) =>
  house.db.reading(county, (tx) =>
    hot<{ event: string; version: number }>(
      tx,
      'test_entries',
      'select event, subject_version as version from ledger_entry where county = $1 and subject_id = $2 order by subject_version',
      [county, id],
    ),
  )

describe('creating an area', () => {
  it('makes it, records it and finds it by two characters of its name', async () => {
    const area = await newArea(paths.village, { code: 'G009', name: '桂花网格', kind: 'grid' })
    expect(area).toMatchObject({
      path: `${paths.village}/G009`,
      overlay: 'base',
      version: 1,
      number: '330411105201G009',
    })
    expect(await entriesOf(area.id)).toEqual([{ event: 'area.created', version: 1 }])
    const found = await office().get<{ items: Area[] }>(`${base}/areas/search?q=${encodeURIComponent('桂花')}`)
    expect(found.body.items.map(({ path }) => path)).toEqual([area.path])
  })

  it('is answered alike when repeated with the same key', async () => {
    const asker = office()
    const body = { under: paths.village, code: 'ONCE', name: '只建一次', kind: 'other' }
    const key = { 'idempotency-key': 'create-once-0001' }
    const first = await asker.post<Area>(`${base}/areas`, body, key)
    const again = await asker.post<Area>(`${base}/areas`, body, key)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.body).toEqual(first.body)
  })

  it.each([
    [
      'a code that a sibling has',
      { under: paths.village, code: 'G001', name: '重复', kind: 'grid' },
      409,
      'grid.code_taken',
    ],
    [
      'a kind at the wrong place',
      { under: paths.right, code: 'X1', name: '错位', kind: 'town' },
      409,
      'grid.kind_misplaced',
    ],
    [
      'a parent that is none',
      { under: `${county}/nowhere`, code: 'X1', name: '没有', kind: 'other' },
      404,
      'grid.unknown_area',
    ],
    [
      'a code with a slash',
      { under: paths.village, code: 'a/b', name: '斜杠', kind: 'other' },
      400,
      'kernel.invalid_input',
    ],
    [
      'a name of unseen characters',
      { under: paths.village, code: 'X2', name: '\u200b\u202e', kind: 'other' },
      400,
      'kernel.invalid_input',
    ],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await office().post(`${base}/areas`, body)
    expect([answer.status, answer.body['code']], answer.text).toEqual([status, code])
  })

  it('is refused from the wrong place and for the wrong purpose', async () => {
    const body = { under: paths.village, code: 'X3', name: '越界', kind: 'other' }
    expect((await office(paths.otherTown).post(`${base}/areas`, body)).body['code']).toBe('kernel.forbidden')
    const handling = house.as({ grants: [{ action: 'grid.manage', path: county }] })
    expect((await handling.post(`${base}/areas`, body)).body['code']).toBe('kernel.wrong_purpose')
  })

  it('has one winner when two take the same code at once', async () => {
    const body = (name: string) => ({ under: paths.village, code: 'RACE', name, kind: 'other' })
    const answers = await Promise.all([1, 2, 3].map((at) => office().post(`${base}/areas`, body(`抢先${at}`))))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
  })

  it('follows the county’s own numbering once it is set', async () => {
    const put = (value: string, version: number) =>
      office().ask('PUT', `${base}/settings/grid.codePattern`, { value, version })
    expect((await put('([', 0)).body['code']).toBe('kernel.invalid_input')
    expect((await put('[GM][0-9]{3}', 0)).status).toBe(200)
    const refused = await office().post(`${base}/areas`, {
      under: paths.village,
      code: 'grid-1',
      name: '不合规则',
      kind: 'grid',
    })
    expect(refused.body['code']).toBe('grid.code_unfit')
    await newArea(paths.village, { code: 'G008', name: '合规则网格', kind: 'grid' })
    expect((await office().ask('PUT', `${base}/settings/nobody.asked`, { value: 1, version: 0 })).body['code']).toBe(
      'grid.unknown_setting',
    )
  })
})

describe('history', () => {
  it('keeps every name and says which held on a past day', async () => {
    const area = await newArea(paths.village, { name: '旧名小区' })
    const before = house.clock.now()
    house.clock.advance(86_400_000)
    const renamed = await office().post<Area>(`${base}/areas/${area.id}/rename`, { name: '新名小区', version: 1 })
    expect(renamed.body).toMatchObject({ name: '新名小区', version: 2 })
    const history = await office().get<{ items: { name: string; until: string | null }[] }>(
      `${base}/areas/${area.id}/history`,
    )
    expect(history.body.items.map(({ name, until }) => [name, until === null])).toEqual([
      ['旧名小区', false],
      ['新名小区', true],
    ])
    const then = await house.db.reading(county, (tx) =>
      hot<{ name: string }>(
        tx,
        'test_name_then',
        'select name from area where county = $1 and id = $2 and valid_from <= $3 and (valid_until is null or valid_until > $3)',
        [county, area.id, before],
      ),
    )
    expect(then.map(({ name }) => name)).toEqual(['旧名小区'])
    const old = await office().get<{ items: Area[] }>(`${base}/areas/search?q=${encodeURIComponent('旧名')}`)
    expect(old.body.items).toEqual([])
  })

  it('refuses a stale change, and lets one of two at once through', async () => {
    const area = await newArea(paths.village)
    const rename = (name: string) => office().post(`${base}/areas/${area.id}/rename`, { name, version: 1 })
    const answers = await Promise.all([rename('甲改'), rename('乙改')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect((await rename('再改')).body['code']).toBe('kernel.stale')
  })
})

describe('moving and closing', () => {
  it('takes everything below along, renumbers it and asks the rooms above to re-home', async () => {
    const grid = await newArea(paths.village, { code: 'G020', name: '要搬的网格', kind: 'grid' })
    const micro = await newArea(grid.path, { code: 'M001', name: '要搬的微网格', kind: 'microGrid' })
    const target = `${paths.otherTown}/330411101201`
    const moved = await office().post<Area>(`${base}/areas/${grid.id}/move`, { under: target, version: 1 })
    expect(moved.body, moved.text).toMatchObject({ path: `${target}/G020`, number: '330411101201G020', version: 2 })
    const below = await office().get<Area>(`${base}/area?path=${encodeURIComponent(`${target}/G020/M001`)}`)
    expect(below.body).toMatchObject({ id: micro.id, number: '330411101201G020M001' })
    expect((await office().get(`${base}/area?path=${encodeURIComponent(micro.path)}`)).status).toBe(404)
    expect(rehomed).toContainEqual({ kind: 'move', from: [grid.path], to: [`${target}/G020`] })
  })

  it('leaves nothing behind when a room above cannot re-home', async () => {
    const area = await newArea(paths.village)
    const answer = await office().post(`${base}/areas/${area.id}/move`, {
      under: paths.village,
      code: 'refuse',
      version: 1,
    })
    expect(answer.status).toBe(500)
    const still = await office().get<Area>(`${base}/area?path=${encodeURIComponent(area.path)}`)
    expect(still.body).toMatchObject({ version: 1 })
    expect((await entriesOf(area.id)).map(({ event }) => event)).toEqual(['area.created'])
  })

  it('refuses to move an area into itself', async () => {
    const grid = await newArea(paths.village, { code: 'G021', name: '自套网格', kind: 'grid' })
    const answer = await office().post(`${base}/areas/${grid.id}/move`, { under: grid.path, version: 1 })
    expect(answer.body['code']).toBe('grid.moves_into_itself')
  })

  it('closes only what is empty', async () => {
    const grid = await newArea(paths.village, { code: 'G022', name: '要撤的网格', kind: 'grid' })
    const micro = await newArea(grid.path, { code: 'M001', name: '要撤的微网格', kind: 'microGrid' })
    const refused = await office().post(`${base}/areas/${grid.id}/close`, { version: 1 })
    expect(refused.body).toMatchObject({ code: 'grid.area_in_use', params: { areas: 1, posts: 0 } })
    expect((await office().post(`${base}/areas/${micro.id}/close`, { version: 1 })).status).toBe(200)
    expect((await office().post(`${base}/areas/${grid.id}/close`, { version: 1 })).status).toBe(200)
    expect((await entriesOf(grid.id)).map(({ event }) => event)).toEqual(['area.created', 'area.closed'])
    const again = await newArea(paths.village, { code: 'G022', name: '新的网格', kind: 'grid' })
    expect(again.id).not.toBe(grid.id)
  })
})

describe('the tree', () => {
  it('opens level by level, page by page', async () => {
    const first = await office().get<Page>(`${base}/areas?under=${encodeURIComponent(paths.county)}&limit=1`)
    expect(first.body.items.map(({ name, hasChildren }) => [name, hasChildren])).toEqual([['王江泾镇', true]])
    const rest = await office().get<Page>(
      `${base}/areas?under=${encodeURIComponent(paths.county)}&after=${first.body.next}`,
    )
    expect(rest.body.items.map(({ name }) => name)).toEqual(['王店镇'])
    expect(rest.body.next).toBeNull()
  })

  it('begins at one’s own areas, and above them shows only the way down', async () => {
    const lead = house.as({ grants: [{ action: 'grid.read', path: paths.right }] })
    expect((await lead.get<Page>(`${base}/areas`)).body.items.map(({ path }) => path)).toEqual([paths.right])
    const above = await lead.get<Page>(`${base}/areas?under=${encodeURIComponent(paths.county)}`)
    expect(above.body.items.map(({ path }) => path)).toEqual([paths.town])
    expect((await lead.get(`${base}/areas?under=${encodeURIComponent(paths.beside)}`)).body['code']).toBe(
      'kernel.forbidden',
    )
  })

  it('wants two characters to search by', async () => {
    expect((await office().get(`${base}/areas/search?q=${encodeURIComponent('村')}`)).body['code']).toBe(
      'grid.search_too_short',
    )
  })

  it('gives anybody names, and nothing but names', async () => {
    const villages = await house.nobody.get<Places>(`${base}/places?under=${encodeURIComponent(paths.town)}`)
    expect(villages.body.items[0]).toEqual({
      path: paths.village,
      name: '红联村',
      kind: 'village',
      hasChildren: true,
      fullName: '王店镇 红联村',
    })
    const found = await house.nobody.get<Places>(`${base}/places?q=${encodeURIComponent('桂花')}`)
    expect(found.body.items).toEqual([
      {
        path: `${paths.village}/G009`,
        name: '桂花网格',
        kind: 'grid',
        hasChildren: false,
        fullName: '王店镇 红联村 桂花网格',
      },
    ])
  })
})

describe('where a point lies', () => {
  const ask = (at: { longitude: number; latitude: number; accuracyMetres: number }, rest = '') =>
    house.nobody.get<LocatedPlace>(
      `${base}/locate?lng=${at.longitude}&lat=${at.latitude}&accuracyMetres=${at.accuracyMetres}${rest}`,
    )

  it('finds the micro-grid, with the name that people say', async () => {
    const found = await ask(middleOf(paths.right))
    expect(found.body).toMatchObject({ certain: true, outside: false, schematic: true })
    expect(found.body.area).toMatchObject({ path: paths.right, fullName: '王店镇 红联村 红联村第一网格 一组微网格' })
  })

  it('offers candidates on a border, says outside clearly, and refuses nonsense', async () => {
    const border = await ask(onBorder)
    expect(border.body.certain).toBe(false)
    expect(border.body.candidates.map(({ path }) => path).toSorted()).toEqual([paths.right, paths.beside].toSorted())
    expect((await ask(outside)).body).toMatchObject({ area: null, outside: true, certain: false })
    expect((await house.nobody.get(`${base}/locate?lng=abc&lat=30`)).status).toBe(400)
    expect((await house.nobody.get(`${base}/locate?lng=190&lat=30`)).status).toBe(400)
  })

  it('takes a position of a Chinese map shell about 500 m off for what it is', async () => {
    const at = middleOf(paths.right)
    const shell = { longitude: at.longitude + 0.00456, latitude: at.latitude - 0.00195, accuracyMetres: 8 }
    const asWgs = await ask(shell)
    const asGcj = await ask(shell, '&system=gcj02')
    expect(asWgs.body.area?.path).not.toBe(asGcj.body.area?.path)
  })

  it('sees another boundary at once, and the one before on a past day', async () => {
    const area = await newArea(paths.grid, { code: 'M050', name: '新划微网格', kind: 'microGrid' })
    const square = (west: number) => ({
      type: 'Polygon',
      coordinates: [
        [
          [west, 30.5],
          [west + 0.01, 30.5],
          [west + 0.01, 30.51],
          [west, 30.51],
          [west, 30.5],
        ],
      ],
    })
    const put = (west: number, version: number) =>
      office().ask<Area>('PUT', `${base}/areas/${area.id}/boundary`, { shape: square(west), version })
    expect((await put(120.8, 1)).body).toMatchObject({ version: 2 })
    const before = house.clock.now()
    house.clock.advance(3_600_000)
    expect((await put(120.9, 2)).body).toMatchObject({ version: 3 })
    const at = (lng: number, then?: Date) =>
      runSystem(house.app, county, (cmd) => locate(cmd, { lng, lat: 30.505, accuracyMetres: 5 }, then))
    expect((await at(120.905)).area?.path).toBe(area.path)
    expect((await at(120.805)).area).toBeNull()
    expect((await at(120.805, before)).area?.path).toBe(area.path)
    expect((await at(120.905, before)).area).toBeNull()
  })

  it('asks which grid it is where a village is drawn but its grids are not', async () => {
    const village = await newArea(paths.otherTown, { code: '330411101299', name: '未划村', kind: 'village' })
    const west = 120.95
    const shape = {
      type: 'Polygon',
      coordinates: [
        [
          [west, 30.5],
          [west + 0.01, 30.5],
          [west + 0.01, 30.51],
          [west, 30.51],
          [west, 30.5],
        ],
      ],
    }
    expect((await office().ask('PUT', `${base}/areas/${village.id}/boundary`, { shape, version: 1 })).status).toBe(200)
    const ask = () =>
      runSystem(house.app, county, (cmd) => locate(cmd, { lng: west + 0.005, lat: 30.505, accuracyMetres: 5 }))
    expect(await ask()).toMatchObject({ area: { path: village.path }, certain: true })
    await newArea(village.path, { code: 'G001', name: '未划网格', kind: 'grid' })
    await newArea(paths.wrong, { name: '微网格里的小区' })
    const inside = middleOf(paths.wrong)
    const found = await runSystem(house.app, county, (cmd) =>
      locate(cmd, { lng: inside.longitude, lat: inside.latitude, accuracyMetres: 5 }),
    )
    expect(found).toMatchObject({ area: { path: paths.wrong }, certain: true })
    expect(await ask()).toMatchObject({ area: { path: village.path }, certain: false, outside: false })
  })

  it('refuses a boundary that is none', async () => {
    const area = await newArea(paths.village)
    const shape = {
      type: 'Polygon',
      coordinates: [
        [
          [120, 30],
          [121, 30],
          [120, 30],
        ],
      ],
    }
    const answer = await office().ask('PUT', `${base}/areas/${area.id}/boundary`, { shape, version: 1 })
    expect(answer.body['code']).toBe('grid.bad_boundary')
  })

  it('draws what lies in a map’s view, inside what one may see', async () => {
    const view = `${base}/boundaries?bbox=120.69,30.61,120.72,30.63&zoom=16`
    const all = await office().get<Boundaries>(view)
    expect(all.body.features.map(({ properties }) => properties.path)).toEqual(
      [paths.wrong, paths.right, paths.beside].toSorted(),
    )
    const own = await house.as({ grants: [{ action: 'grid.read', path: paths.town }] }).get<Boundaries>(view)
    expect(own.body.features.map(({ properties }) => properties.path)).toEqual([paths.right, paths.beside])
    expect((await office().get<Boundaries>(`${base}/boundaries?bbox=1,1,0,0&zoom=16`)).status).toBe(400)
  })

  it('give an area with its children, and what lies deeper where they are not drawn', async () => {
    const outline = (path: string, more = '') => `${base}/outline?path=${encodeURIComponent(path)}${more}`
    const pathsOf = (answer: { body: Boundaries }) => answer.body.features.map(({ properties }) => properties.path)
    expect(pathsOf(await office().get<Boundaries>(outline(paths.right)))).toEqual([paths.right])
    expect(pathsOf(await office().get<Boundaries>(outline(paths.grid)))).toEqual(
      expect.arrayContaining([paths.right, paths.beside]),
    )
    // Neither the village nor its grids are drawn here, their micro-grids are.
    const village = pathsOf(await office().get<Boundaries>(outline(paths.village)))
    expect(village).toEqual(expect.arrayContaining([paths.right, paths.beside]))
    expect(village).not.toContain(paths.wrong)
    const whole = await office().get<Boundaries>(outline(paths.county, '&whole=true'))
    expect(pathsOf(whole)).toEqual(expect.arrayContaining([...village, paths.wrong]))
    expect(whole.body.complete).toBe(true)
    const town = house.as({ grants: [{ action: 'grid.read', path: paths.otherTown }] })
    expect((await town.get(outline(paths.town))).status).toBe(403)
  })
})

describe('other nets', () => {
  it('stand over base areas, whichever way one asks', async () => {
    const police = await newArea(paths.village, {
      code: 'J01',
      name: '第一警格',
      kind: 'policeGrid',
      covers: [paths.grid],
    })
    const party = await newArea(paths.grid, {
      code: 'P01',
      name: '第一党小组',
      kind: 'partyGrid',
      covers: [paths.right],
    })
    const { longitude, latitude } = middleOf(paths.right)
    const at = { lng: longitude, lat: latitude }
    for (const place of [paths.right, at]) {
      const found = await runSystem(house.app, county, (cmd) => overlaysAt(cmd, place))
      const names = found.map(({ path }) => path)
      expect(names).toContain(police.path)
      expect(names).toContain(party.path)
      expect(names).toContain(paths.town)
    }
    const beside = await runSystem(house.app, county, (cmd) => overlaysAt(cmd, paths.beside))
    expect(beside.map(({ path }) => path)).not.toContain(party.path)
    const missing = await office().post(`${base}/areas`, {
      under: paths.village,
      code: 'J02',
      name: '错警格',
      kind: 'policeGrid',
      covers: [`${county}/none`],
    })
    expect(missing.body['code']).toBe('grid.unknown_area')
  })
})

describe('the sheet', () => {
  const rows = [
    { parentPath: paths.village, code: 'G030', name: '导入网格', kind: 'grid' },
    { parentPath: `${paths.village}/G030`, code: 'M001', name: '导入微网格', kind: 'microGrid' },
  ]
  const send = (body: unknown) => office().post(`${base}/areas/import`, body)

  it('can be tried without leaving anything', async () => {
    expect((await send({ rows, dryRun: true })).body).toEqual({ created: 2, unchanged: 0, renamed: 0 })
    expect((await office().get(`${base}/area?path=${encodeURIComponent(`${paths.village}/G030`)}`)).status).toBe(404)
  })

  it('creates, leaves alone and renames', async () => {
    expect((await send({ rows })).body).toEqual({ created: 2, unchanged: 0, renamed: 0 })
    expect((await send({ rows: [rows[0], { ...rows[1], name: '改名微网格' }] })).body).toEqual({
      created: 0,
      unchanged: 1,
      renamed: 1,
    })
    const out = await office().get<{ items: unknown[] }>(
      `${base}/areas/export?under=${encodeURIComponent(`${paths.village}/G030`)}`,
    )
    expect(out.body.items).toEqual([rows[0], { ...rows[1], name: '改名微网格' }])
  })

  it('goes out as CSV and comes in again', async () => {
    const sheet = await office().get(`${base}/areas/sheet?under=${encodeURIComponent(`${paths.village}/G030`)}`)
    expect(sheet.headers['content-type']).toContain('text/csv')
    expect(sheet.text).toContain('parentPath,code,name,kind')
    expect((await send({ csv: sheet.text })).body).toEqual({ created: 0, unchanged: 2, renamed: 0 })
    const more = `${sheet.text}${paths.village},G031,另一网格,grid\r\n`
    expect((await send({ csv: more })).body).toEqual({ created: 1, unchanged: 2, renamed: 0 })
    const bad = await send({ csv: `${sheet.text}${paths.village},G0 32,坏,grid\r\n` })
    expect(bad.body).toMatchObject({ code: 'grid.import_refused', params: { line: 4 } })
    expect((await send({ csv: 'code,name\n1,2' })).body).toMatchObject({
      code: 'grid.import_refused',
      params: { line: 1 },
    })
    expect((await send({})).body).toMatchObject({ code: 'kernel.bad_request' })
  })

  it('names the line that is not right and takes nothing of the sheet', async () => {
    const bad = [
      ...rows.map((row) => ({ ...row, code: `${row.code}X` })).slice(0, 1),
      { parentPath: paths.right, code: 'T1', name: '镇', kind: 'town' },
    ]
    const answer = await send({ rows: bad })
    expect(answer.body).toMatchObject({ code: 'grid.import_refused', params: { line: 2 } })
    expect((await send({ rows: [rows[0], bad[1]] })).body).toMatchObject({ params: { line: 3 } })
    expect((await office().get(`${base}/area?path=${encodeURIComponent(`${paths.village}/G030X`)}`)).status).toBe(404)
  })
})

it('never remembers what was rolled back', async () => {
  const area = await newArea(paths.village, { name: '真名小区' })
  forgetDirectory(house.app.ports, county)
  const broken = runSystem(house.app, county, async (cmd) => {
    await renameArea(cmd, area.id, { name: '假名小区', version: 1 })
    expect((await findArea(cmd, area.path))?.name).toBe('假名小区')
    throw new Error('something later went wrong')
  })
  await expect(broken).rejects.toThrow('something later')
  expect((await runSystem(house.app, county, (cmd) => findArea(cmd, area.path)))?.name).toBe('真名小区')
})

it('knows names and areas out of memory, and a rename of another process within seconds', async () => {
  const names = await runSystem(house.app, county, (cmd) => areaNames(cmd, [paths.right, 'nowhere']))
  expect([...names.keys()]).toEqual([paths.right])
  expect(names.get(paths.right)!.names).toEqual(['秀洲区', '王店镇', '红联村', '红联村第一网格', '一组微网格'])
  const second = await testApp({ database: house.database, now: house.clock.now().toISOString() })
  try {
    const nameThere = async () => (await runSystem(second.app, county, (cmd) => findArea(cmd, paths.beside)))?.name
    expect(await nameThere()).toBe('二组微网格')
    const area = (await office().get<Area>(`${base}/area?path=${encodeURIComponent(paths.beside)}`, administration))
      .body
    await office().post(`${base}/areas/${area.id}/rename`, { name: '二组新微网格', version: area.version })
    await expect.poll(nameThere, { timeout: 6_000 }).toBe('二组新微网格')
  } finally {
    await second.close()
  }
})
