import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { HandIn } from '../../../test/support/hand-in.ts'
import { messyRoster, type MessyRoster } from '../../../test/support/messy-roster.ts'
import { hotRead } from '../../kernel/db.ts'
import { deskLimits, readWholeSheets } from '../../kernel/sheets.ts'
import type { ImportView, ProblemPage } from './contract.ts'
import { workOffImports } from './index.ts'
import { merkleRoot } from '../../ledger/index.ts'
import { batchLeaf } from '../writing.ts'

let app: TestApp
let roster: MessyRoster
let hands: HandIn
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  hands = new HandIn(app)
  roster = await messyRoster(4)
})
afterAll(() => app.close())

const secretary = () => hands.secretary()
const handIn: HandIn['handIn'] = (bytes, name, kind) => hands.handIn(bytes, name, kind)
const look = (id: string) => hands.look(id)
const act = (id: string, what: string) => hands.act(id, what)
const run = (id: string) => hands.run(id)
async function map(view: ImportView, more: object = {}): Promise<ImportView> {
  const mapped = await hands.map(view, more)
  if (!mapped) throw new Error('the columns were refused')
  return mapped
}
const bytesFrom = async (url: string): Promise<Buffer> => {
  const answer = await app.http.inject({
    method: 'GET',
    url,
    headers: { authorization: `Bearer ${secretary().token}` },
  })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.rawPayload
}
const rows = <Row>(text: string): Promise<Row[]> => app.db.reading(county, (tx) => hotRead<Row>(tx, '', text, [county]))
const count = async (table: string, where = 'true'): Promise<number> =>
  (
    await app.db.reading(county, (tx) =>
      hotRead<{ n: number }>(tx, '', `select count(*)::int as n from ${table} where county = $1 and ${where}`, [
        county,
      ]),
    )
  )[0]!.n

describe('a messy roster', () => {
  let first: ImportView

  test('is understood as it is and tried dry: counts, every problem with its cell, and nothing written', async () => {
    const handed = await handIn(roster.bytes)
    expect(handed.state, handed.trouble ?? '').toBe('mapping')
    expect(handed.sheets[0]).toMatchObject({ headingRow: 3, headingRows: 1, recognised: true, remembered: false })
    expect(JSON.stringify(handed.sheets)).not.toMatch(/\d{17}/)
    first = await map(handed, { estate: '高桥花园' })
    expect(first.state, first.trouble ?? '').toBe('checked')
    expect(first.checked).toMatchObject({
      rows: roster.people + roster.repeated,
      refused: roster.faults.length,
      repeated: roster.repeated,
      homes: roster.flats,
      buildings: 4,
      changed: 0,
      conflict: 0,
    })
    for (const table of ['person', 'building', 'premises', 'registry_change']) expect(await count(table)).toBe(0)
    const problems = await secretary().get<ProblemPage>(`/api/v1/registry/imports/${first.id}/problems`)
    expect(problems.body.items.map(({ row }) => row)).toEqual(roster.faults.map(({ row }) => row))
    expect(problems.body.items[0]!.problems[0]).toMatchObject({
      column: 'I',
      heading: '证件号码（身份证）',
      cell: '3.30411E+17',
    })
    expect(problems.text).not.toMatch(/\d{17}/)
  })

  test('is taken in batch by batch; a batch that fails leaves nothing, and going on does nothing twice', async () => {
    await act(first.id, 'run')
    const { seal } = app.app.vault
    let seals = 0
    Object.assign(app.app.vault, {
      seal: (one: string, text: string) => {
        if (++seals === 1_500) throw new Error('the machine is switched off')
        return seal(one, text)
      },
    })
    await workOffImports(app.app, county, { batchRows: 150 })
    Object.assign(app.app.vault, { seal })
    const failed = await look(first.id)
    expect(failed.state).toBe('failed')
    expect(failed.trouble).toMatch(/系统出错/)
    expect(failed.rowsDone).toBeGreaterThan(0)
    expect(failed.rowsDone).toBeLessThan(684)
    const midway = failed.taken!
    expect(await count('person')).toBe(midway.fresh)
    expect(await count('registry_import_batch')).toBeGreaterThan(0)

    await act(first.id, 'resume')
    const stopAtOnce = { stopped: () => true }
    expect(await workOffImports(app.app, county, stopAtOnce)).toBe(0)
    await act(first.id, 'pause')
    expect(await workOffImports(app.app, county)).toBe(0)
    await act(first.id, 'resume')
    await workOffImports(app.app, county, { batchRows: 150 })
    const done = await look(first.id)
    expect(done.state, done.trouble ?? '').toBe('done')
    expect(done.taken).toMatchObject({
      rows: 684,
      refused: roster.faults.length,
      repeated: roster.repeated,
      homes: roster.flats,
    })
    expect(await count('person')).toBe(done.taken!.fresh)
    expect(await count('premises')).toBe(roster.flats)
    expect(await count('premises', "use = 'unknown'")).toBe(0)
  })

  test('comes back as a sheet of its errors, is mended and taken in, and is whole', async () => {
    const bytes = await bytesFrom(`/api/v1/registry/imports/${first.id}/marked`)
    const [marked] = await readWholeSheets(bytes)
    expect(marked!.rows).toHaveLength(roster.faults.length + 1)
    const mended = marked!.rows.map(({ cells }, at) => {
      const fault = roster.faults[at - 1]
      return fault
        ? cells.map((cell, column) => (column === (fault.column === 'citizenId' ? 8 : 10) ? fault.truth : cell))
        : cells
    })
    const csv = Buffer.from(
      mended.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n'),
    )
    const handed = await handIn(csv, '改好的.csv')
    expect(handed.sheets[0]).toMatchObject({ headingRow: 1, remembered: true })
    const checked = await map(handed, { estate: '高桥花园' })
    expect(checked.checked).toMatchObject({ rows: roster.faults.length, refused: 0, homes: 0 })
    expect((await run(handed.id)).taken).toMatchObject({
      rows: roster.faults.length,
      fresh: roster.faults.length,
      households: 0,
    })
    expect(await count('residence', 'lives_here and until_on is null')).toBe(roster.residents)
    expect(await count('person', "registration = 'floating'")).toBe(roster.newResidents)
    expect(
      await count('household', `members <> (select count(*) from residence r where r.household_id = household.id)`),
    ).toBe(0)
    expect(await count('person_tag', "tag = 'newResident'")).toBe(roster.newResidents)
    expect(await count('search_token', "token like 'pn%'")).toBeGreaterThan(600)
  })

  test('handed in once more, it finds everybody and writes nobody', async () => {
    const people = await count('person')
    const handed = await handIn(roster.bytes, '又一遍.xlsx')
    const checked = await map(handed, { estate: '高桥花园' })
    expect(checked.checked).toMatchObject({ fresh: 0, changed: 0, conflict: 0, homes: 0, households: 0 })
    const changes = await count('registry_change')
    expect((await run(handed.id)).taken).toMatchObject({ fresh: 0, changed: 0 })
    expect(await count('person')).toBe(people)
    expect(await count('registry_change')).toBe(changes)
  })

  test('each batch is one entry whose root binds every record of it', async () => {
    const batches = await rows<{ batch: string; n: number }>(
      `select batch_id as batch, count(*)::int as n from registry_change where county = $1 group by 1`,
    )
    expect(await count('registry_import_batch', "record_batches <> '{}'")).toBe(batches.length)
    const entries = await rows<{ id: string; body: string }>(
      `select subject_id as id, convert_from(bytes, 'UTF8') as body from ledger_entry where county = $1 and event = 'registry.batch_saved'`,
    )
    expect(entries).toHaveLength(batches.length)
    const { batch } = batches[0]!
    const changes = await rows<{ kind: string; id: string; version: number; salt: Buffer; sealed: Buffer }>(
      `select subject_kind as kind, subject_id as id, version, salt, changes_sealed as sealed from registry_change
       where county = $1 and batch_id = '${batch}' order by batch_position`,
    )
    const { vault } = app.app
    const leaves = changes.map(({ kind, id, version, salt, sealed }) =>
      batchLeaf({ kind, id, version, commitment: vault.commitment(salt, vault.open(county, sealed)).toString('hex') }),
    )
    expect(entries.find(({ id }) => id === batch)!.body).toContain(merkleRoot(leaves).toString('hex'))
  })
})

describe('people who are known', () => {
  const head = ['姓名', '身份证号', '手机号', '与户主关系', '小区', '幢', '单元', '室', '微网格']
  const sheet = (...lines: string[][]): Buffer => Buffer.from([head, ...lines].map((line) => line.join(',')).join('\n'))
  const taken = async (bytes: Buffer, more: object = {}) => {
    const handed = await handIn(bytes, '补充.csv')
    await map(handed, more)
    return run(handed.id)
  }
  const wang = (over: Partial<Record<string, string>> = {}): string[] =>
    head.map(
      (name) =>
        over[name] ??
        {
          姓名: '王小明',
          身份证号: '11010519491231002X',
          手机号: '13800000011',
          与户主关系: '户主',
          小区: '银杏苑',
          幢: '2',
          单元: '1',
          室: '301',
          微网格: '一组',
        }[name] ??
        '',
    )

  test('are refreshed by a newer sheet, contradict an older one, and move with it', async () => {
    expect((await taken(sheet(wang()))).taken).toMatchObject({ fresh: 1, homes: 1, households: 1, coarse: 0 })
    expect(await count('person', `name = '王小明' and area_path = '${paths.right}'`)).toBe(1)
    const older = await taken(sheet(wang({ 手机号: '13900000012' })), { asOf: '2025-01-01' })
    expect(older.taken).toMatchObject({ conflict: 1, changed: 0 })
    app.clock.advance(86_400_000)
    expect((await taken(sheet(wang({ 手机号: '13900000012' })))).taken).toMatchObject({ changed: 1 })
    expect((await taken(sheet(wang({ 姓名: '王大明' })))).taken).toMatchObject({ conflict: 1 })
    app.clock.advance(86_400_000)
    expect((await taken(sheet(wang({ 室: '402', 手机号: '' })))).taken).toMatchObject({ changed: 1, homes: 1 })
    expect(
      await count(
        'residence',
        `until_on is not null and exists (select from person p where p.id = person_id and p.name = '王小明')`,
      ),
    ).toBe(1)
    expect(await count('person', "name = '王小明'")).toBe(1)
  })

  test('the same person at two doors of one sheet is asked about, an unknown area is named', async () => {
    const id = '130503670401001'
    const two = sheet(
      wang({ 姓名: '赵一', 身份证号: '110101199003070038', 室: '501' }),
      wang({ 姓名: '赵一', 身份证号: '110101199003070038', 室: '601' }),
      wang({ 姓名: '钱二', 身份证号: id, 室: '602' }),
      wang({ 姓名: '孙三', 身份证号: '', 手机号: '', 室: '603', 微网格: '九十九组' }),
    )
    const handed = await handIn(two, '两处.csv')
    const checked = await map(handed)
    expect(checked.checked).toMatchObject({ rows: 4, fresh: 1, refused: 3 })
    const { body } = await secretary().get<ProblemPage>(`/api/v1/registry/imports/${handed.id}/problems`)
    expect(body.items.map(({ problems }) => problems[0]!.message)).toEqual([
      expect.stringMatching(/第 2 行/),
      expect.stringMatching(/15 位的老号码/),
      expect.stringMatching(/九十九组/),
    ])
    const cancelled = await act(handed.id, 'cancel')
    expect(cancelled.state).toBe('cancelled')
    const again = await secretary().post(`/api/v1/registry/imports/${handed.id}/acts`, { act: 'run' })
    expect(again.status).toBe(409)
  })
})

describe('a sheet of organisations', () => {
  test('is taken in once, with who answers for it', async () => {
    const lines = [
      ['单位名称', '统一社会信用代码', '单位类型', '法定代表人', '法人电话', '经营地址', '从业人数'],
      ['嘉兴某某纺织厂', '91350100M000100Y43', '企业', '周五', '13800000021', '幸福路12号', '35人'],
      ['老李面馆', '', '个体户', '李六', '', '幸福路14号', ''],
      ['', '', '企业', '', '', '幸福路16号', ''],
      ['坏代码公司', '91350100M000100Y44', '企业', '', '', '幸福路18号', ''],
    ]
    const csv = Buffer.from(lines.map((line) => line.join(',')).join('\n'))
    const handed = await handIn(csv, '单位.csv', 'organisations')
    const checked = await map(handed)
    expect(checked.checked).toMatchObject({ rows: 4, fresh: 2, refused: 2 })
    expect((await run(handed.id)).taken).toMatchObject({ fresh: 2, refused: 2 })
    expect(await count('organisation')).toBe(2)
    expect(await count('organisation_officer')).toBe(2)
    const again = await map(await handIn(csv, '单位.csv', 'organisations'))
    expect(again.checked).toMatchObject({ fresh: 0, known: 2 })
  })
})

describe('a roster that leaves the house', () => {
  const take = (list: string, more: object = {}) =>
    app.http.inject({
      method: 'POST',
      url: '/api/v1/registry/exports',
      headers: { authorization: `Bearer ${secretary().token}` },
      payload: { list, reason: '打印门牌核对表', said: '红联村', ...more },
    })

  test('is a real xlsx with who, when, what for, masked numbers, a mark on every row, and an entry', async () => {
    const answer = await take('people')
    expect(answer.statusCode, answer.body).toBe(200)
    const [sheet] = await readWholeSheets(answer.rawPayload, { ...deskLimits, rowsMax: 5_000 })
    expect(sheet!.rows[0]!.cells[0]).toMatch(/导出，仅限工作使用，用途：打印门牌核对表，已记入账本/)
    expect(sheet!.rows.length - 3).toBe(await count('residence', 'until_on is null'))
    expect(sheet!.rows.at(-1)!.cells[0]).toMatch(/^共 \d+ 行，全部列出/)
    const text = JSON.stringify(sheet!.rows)
    expect(text).not.toMatch(/\d{17}|1[3-9]\d{9}/)
    expect(text).toMatch(/199\*\*\*\*\d{4}/)
    expect(sheet!.rows[5]!.cells.at(-1)).toMatch(/\d{4}-\d\d-\d\d/)
    const floating = await readWholeSheets((await take('people', { registration: 'floating' })).rawPayload)
    expect(floating[0]!.rows.length - 3).toBe(await count('person', "registration = 'floating'"))
    expect(await count('registry_export')).toBe(2)
    expect(await count('ledger_entry', "event = 'registry.exported'")).toBe(2)
  })

  test.each(['households', 'premises', 'organisations'])('so is one of %s', async (list) => {
    const [sheet] = await readWholeSheets((await take(list)).rawPayload)
    const table = { households: 'household', premises: 'premises', organisations: 'organisation' }[list]!
    expect(sheet!.rows.length - 3).toBe(await count(table, 'closed_at is null'))
  })

  test('needs a reason, the grant and a purpose that sees persons', async () => {
    expect((await take('people', { reason: '    ' })).statusCode).toBe(400)
    const lead = app.as({ id: holderId('microGridLead', paths.right), label: 'microGridLead' })
    const body = { list: 'people', reason: '看一看名册' }
    expect((await lead.post('/api/v1/registry/exports', body)).status).toBe(403)
    const counting = await secretary().post('/api/v1/registry/exports', body, { 'tongxin-purpose': 'statistics' })
    expect(counting.status).toBe(403)
  })
})
