import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import ExcelJS from 'exceljs'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countyOf, type SetupHouse } from '../../../test/support/empty-county.ts'
import { writeSheets } from '../../kernel/sheet-writer.ts'
import { readWholeSheets } from '../../kernel/sheets.ts'
import type { HandoverView, Invitations, SetupState, SheetChecked } from './contract.ts'

let house: SetupHouse
beforeAll(async () => {
  house = await countyOf('330411')
})
afterAll(() => house.close())

const head = ['乡镇', '村社', '网格', '微网格', '岗位', '姓名', '联系电话', 'AB角', '部门']
const csv = (rows: string[][], headings = head): Buffer =>
  Buffer.from([headings, ...rows].map((row) => row.join(',')).join('\r\n'))
const post = <Body>(what: string, file: Buffer, method: 'POST' | 'PUT' = 'POST') =>
  house.sendFile<Body>(what, file, method)
const check = (file: Buffer) => post<SheetChecked>('/grid/setup/staff/check', file)
const take = (file: Buffer) => post<SheetChecked & { code: string }>('/grid/setup/staff', file)
const problemsOf = async (file: Buffer) =>
  (await check(file)).body.problems.map(({ column, row, message }) => `${column}${row} ${message}`)

/** As a clerk keeps it: a title, merged places, blanks for “as above”, numbers for phones, an empty line. */
async function messySheet(): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('王店镇')
  sheet.addRow(['王店镇网格员花名册（2026年11月）'])
  sheet.mergeCells('A1:H1')
  sheet.addRow(['所在乡镇', '村（社区）', '网 格', '微网格', '职务', '姓 名', '手机号码（必填）', 'AB岗', '科室'])
  sheet.addRow(['王店', '红联村委会', '', '', '村书记', '陈国强', 13700000001, '', ''])
  sheet.addRow(['', '', '第一网格', '', '网格长', '李秀英', '137 0000 0002', 'A岗', ''])
  sheet.addRow(['', '', '', '', '网格长', '王建军', '13700000003', 'B岗', ''])
  sheet.addRow([])
  sheet.addRow(['', '', '一', '1', '微网格长', '赵丽', 13700000004, '', ''])
  sheet.addRow(['', '', '', '2', '微网格长', '周强', '１３７００００００５５', '', ''])
  sheet.addRow(['王店镇', '', '', '', '平台调度员', '吴敏', 13700000006, '', ''])
  sheet.addRow(['王店镇', '', '', '', '经办人', '郑洁', 13700000007, '', '综合行政执法队'])
  sheet.addRow(['王店镇', '', '', '', '核查员', '孙丽', 13700000008, '', ''])
  sheet.mergeCells('A3:A5')
  book.addWorksheet('说明').addRow(['本表由党建办维护'])
  return Buffer.from(await book.xlsx.writeBuffer())
}

describe('a sheet as clerks keep it', () => {
  test('is understood without a change, shows what it would do masked, and writes nothing', async () => {
    const { status, body } = await check(await messySheet())
    expect(body.problems).toEqual([])
    expect(status).toBe(200)
    expect(body).toMatchObject({ rows: 8, areas: 3, posts: 7, people: 8, seatings: 8, unchanged: 0 })
    expect(body.sample[0]).toEqual({
      place: '330411/330411105/330411105211',
      post: '红联村党组织书记',
      slot: 'A',
      name: '陈**',
      phone: '137****0001',
    })
    expect((await house.state()).counts).toMatchObject({ grids: 0, staff: 0 })
  })

  test('is taken in whole; a second time it does nothing twice', async () => {
    const sheet = await messySheet()
    expect((await take(sheet)).body).toMatchObject({ areas: 3, posts: 7, people: 8, seatings: 8 })
    expect((await house.state()).counts).toMatchObject({ grids: 1, microGrids: 2, posts: 7, staff: 8, vacantPosts: 0 })
    expect((await take(sheet)).body).toMatchObject({ areas: 0, posts: 0, people: 0, seatings: 0, unchanged: 8 })
    const duty = await house.holders('330411/330411105/330411105211/G001')
    expect(duty).toEqual(['红联村第一网格长 A 李秀英', '红联村第一网格长 B 王建军'])
    const entries = await house.entries('staffSheet.taken')
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ rows: 8, people: 8, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const { sha256: _hash, ...said } = entries[0] as Record<string, unknown>
    expect(JSON.stringify(said)).not.toMatch(/137|李秀英/)
  })

  test('in GB18030, of two sheets, with headings of its own for codes', async () => {
    const text = '乡镇,村社区,村代码,网格,微网格\r\n王店镇,新设社区,330411105999,第一网格,第1微网格\r\n'
    const bytes = await house.inGb18030(text)
    expect((await take(bytes)).body).toMatchObject({ areas: 3, posts: 0, people: 0 })
    expect((await take(bytes)).body).toMatchObject({ areas: 0, unchanged: 1 })
  })
})

describe('what is wrong is named by its cell, with what to do', () => {
  test('places, posts, phones, people', async () => {
    const rows = [
      ['王店镇', '', '第一网格', '', '网格长', '甲三', '13700000013', '', ''],
      ['王店真', '红联村', '', '', '村书记', '甲一', '13700000011', '', ''],
      ['王店镇', '红连村', '', '', '村书记', '甲二', '13700000012', '', ''],
      ['王店镇', '红联村', '第一网格', '', '微网格长', '甲四', '13700000014', '', ''],
      ['王店镇', '红联村', '第一网格', '', '网格大使', '甲五', '13700000015', '', ''],
      ['王店镇', '红联村', '第九网格', '', '网格长', '甲六', '1370000001', '', ''],
      ['王店镇', '红联村', '第九网格', '', '网格长', '甲七', '', '', ''],
      ['王店镇', '红联村', '第九网格', '', '', '甲八', '13700000018', '', ''],
      ['王店镇', '红联村', '第九网格', '', '网格长', '', '13700000019', '', ''],
      ['王店镇', '红联村', '第九网格', '', '网格长', '冒名', '13700000001', '', ''],
      ['王店镇', '红联村', '第一网格', '', '网格长', '甲十', '13700000020', '', ''],
      ['王店镇', '红联村', '第九网格', '', '网格长', '甲甲', '13700000021', 'C', ''],
      ['王店镇', '', '', '', '经办人', '甲乙', '13700000022', '', '旅游局'],
      ['王店镇', '红联村', '第九网格', '', '网格长', '甲丙', '13700000023', 'B', ''],
    ]
    const problems = await problemsOf(csv(rows))
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'C2',
      'A3',
      'B4',
      'D5',
      'E6',
      'G7',
      'G8',
      'E9',
      'F10',
      'G11',
      'E12',
      'H13',
      'I14',
      'H15',
    ])
    expect(problems[1]).toContain('是不是“王店镇”')
    expect(problems[2]).toContain('是不是“红联村”')
    expect(problems[5]).toContain('现有 10 位')
    const refused = await take(csv(rows))
    expect(refused.body.code).toBe('grid.sheet_has_problems')
    expect((await house.state()).counts.staff).toBe(8)
  })

  test('comes back as the same sheet with a column that is not read the next time', async () => {
    const wrong = csv([['王店镇', '红联村', '第二网格', '', '网格长', '新人', '137000000', '', '']])
    const marked = await house.fileFrom('/grid/setup/staff/marked', wrong)
    const [sheet] = await readWholeSheets(marked)
    expect(sheet!.rows[0]!.cells.at(-1)).toBe('问题')
    expect(sheet!.rows[1]!.cells.at(-1)).toMatch(/^【联系电话】手机号应为 11 位/)
    const mended = sheet!.rows.map(({ cells }) => cells.map((cell) => (cell === '137000000' ? '13700000031' : cell)))
    const again = await buffer(writeSheets([{ name: '改好', rows: mended }]))
    expect((await check(again)).body).toMatchObject({ problemCount: 0, people: 1, areas: 1 })
    const twice = await house.fileFrom('/grid/setup/staff/marked', marked)
    expect((await readWholeSheets(twice))[0]!.rows[0]!.cells.filter((cell) => cell === '问题')).toHaveLength(1)
  })

  test('a file that is no such sheet, and one that is no sheet at all', async () => {
    expect((await check(csv([['1', '2']], ['甲', '乙']))).body).toMatchObject({ code: 'grid.sheet_without_headings' })
    expect((await check(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3, 4]))).body).toMatchObject({
      code: 'kernel.sheet_unreadable',
    })
    const asJson = await house.system.post('/api/v1/grid/setup/staff/check', { rows: [] })
    expect(asJson.body['code']).toBe('kernel.unsupported_media')
  })

  test('an administrator’s phone is refused: who decides about rights does not use them', async () => {
    const rows = [['王店镇', '', '', '', '核查员', '系统管理员', house.adminPhone, '', '']]
    expect((await problemsOf(csv(rows)))[0]).toMatch(/^G2 这是管理员的手机号/)
  })
})

test('two thousand rows are checked and taken in a few seconds, and at once by two people only once', async () => {
  const rows = Array.from({ length: 2_000 }, (_, at) => [
    '王店镇',
    '镇中村',
    `第${1 + (at % 40)}网格`,
    `第${1 + Math.floor(at / 40)}微网格`,
    '微网格长',
    `网格员${at}`,
    `1390${String(at).padStart(7, '0')}`,
    '',
    '',
  ])
  const sheet = csv(rows)
  const startedAt = performance.now()
  const checked = await check(sheet)
  const checkedAt = performance.now()
  expect(checked.body).toMatchObject({ rows: 2_000, problemCount: 0, people: 2_000 })
  const both = await Promise.all([take(sheet), take(sheet)])
  const seconds = (performance.now() - checkedAt) / 1000
  expect(both.map(({ body }) => body.people).toSorted((one, other) => one - other)).toEqual([0, 2_000])
  process.stdout.write(
    `2,000 rows: checked in ${Math.round(checkedAt - startedAt)} ms, taken in ${seconds.toFixed(1)} s\n`,
  )
  expect(seconds).toBeLessThan(20)
}, 60_000)

describe('the other steps', () => {
  test('show what is done by the figures and keep what is ticked', async () => {
    const before = await house.state()
    expect(before.steps.find(({ step }) => step === 'staff')).toEqual({ step: 'staff', mark: 'done', byItself: true })
    expect(before.steps.find(({ step }) => step === 'sms')).toMatchObject({ mark: 'open' })
    const marked = await house.system.ask<SetupState>('PUT', '/api/v1/grid/setup/steps/sms', { mark: 'skipped' })
    expect(marked.body.steps.find(({ step }) => step === 'sms')).toMatchObject({ mark: 'skipped' })
  })

  test('a logo is drawn anew, a file that is no picture refused, and both name and logo are there for everybody', async () => {
    const photo = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#0F766E' } })
      .withExif({ IFD0: { Artist: 'somebody' } })
      .jpeg()
      .toBuffer()
    const set = await post<{ logo: string }>('/grid/setup/logo', photo, 'PUT')
    const logo = await house.bytes(set.body.logo)
    const facts = await sharp(logo).metadata()
    expect([facts.format, facts.width, facts.exif]).toEqual(['png', 256, undefined])
    expect((await post<{ code: string }>('/grid/setup/logo', Buffer.from('<svg onload="x"/>'), 'PUT')).body.code).toBe(
      'grid.logo_unfit',
    )
    const named = await house.system.ask('PUT', '/api/v1/grid/setup/organisation', {
      name: '王店镇综合信息指挥室',
      version: 0,
    })
    expect(named.status).toBe(200)
    expect((await house.nobody.get('/api/v1/settings/face')).body).toMatchObject({
      name: '王店镇综合信息指挥室',
      version: 1,
    })
  })

  test('a base map is schematic until chosen; only Tianditu opens the pages’ policy, only the chosen file is served', async () => {
    const csp = async () => String((await house.page()).headers['content-security-policy'])
    expect((await house.nobody.get('/api/v1/settings/base-map')).body).toMatchObject({
      kind: 'schematic',
      pmtiles: null,
    })
    expect(await csp()).not.toContain('tianditu')
    const choose = (body: object) =>
      house.system.ask<{ version: number; pmtiles: string; code: string }>('PUT', '/api/v1/grid/setup/base-map', body)
    expect((await choose({ kind: 'tianditu', version: 0 })).status).toBe(400)
    const key = 'ab'.repeat(16)
    expect((await choose({ kind: 'tianditu', tiandituKey: key, version: 0 })).body).toMatchObject({
      tiandituKey: key,
      version: 1,
    })
    expect(await csp()).toContain('https://t0.tianditu.gov.cn')
    expect((await choose({ kind: 'pmtiles', file: 'town.pmtiles', version: 1 })).body.code).toBe('grid.no_map_file')
    mkdirSync(join(house.dataDir, 'maps'))
    writeFileSync(join(house.dataDir, 'maps', 'town.pmtiles'), 'PMTiles-0123456789')
    writeFileSync(join(house.dataDir, 'maps', 'other.pmtiles'), 'secret')
    writeFileSync(join(house.dataDir, 'maps', '330400.pmtiles'), 'Jiaxing')
    const whole = (await choose({ kind: 'pmtiles', file: '330400.pmtiles', version: 1 })).body
    expect((await house.nobody.get(whole.pmtiles)).text).toBe('Jiaxing')
    const { pmtiles } = (await choose({ kind: 'pmtiles', file: 'town.pmtiles', version: 2 })).body
    expect(await csp()).not.toContain('tianditu')
    const part = await house.nobody.get(pmtiles, { range: 'bytes=8-11' })
    expect([part.status, part.text, part.headers['content-range']]).toEqual([206, '0123', 'bytes 8-11/18'])
    expect((await house.nobody.get(pmtiles)).text).toBe('PMTiles-0123456789')
    expect((await house.nobody.get(pmtiles, { range: 'bytes=99-' })).status).toBe(416)
    expect((await house.nobody.get(pmtiles, { range: 'bytes=-4' })).text).toBe('6789')
    expect((await house.nobody.get('/api/v1/settings/maps/other.pmtiles?county=330411')).status).toBe(404)
    expect((await house.nobody.get('/api/v1/settings/maps/..%2F..%2Fsecrets%2Fmaster-key?county=330411')).status).toBe(
      404,
    )
  })

  test('invitations go out in portions, as messages or on paper, and the link opens the account', async () => {
    const ask = (body: object) => house.system.post<Invitations>('/api/v1/grid/setup/invitations', body)
    const paper = (await ask({ way: 'print', after: 'w0000' })).body
    expect(paper.items).toHaveLength(40)
    expect(paper.next).toBe(paper.items.at(-1)!.loginName)
    const first = paper.items[0]!
    expect(first).toMatchObject({ name: '陈国强', post: '红联村党组织书记', sent: false })
    const token = new URL(first.address!).pathname.split('/').at(-1)
    expect(
      (await house.nobody.post(`/api/v1/identity/links/${token}/redeem`, { password: 'Xincheng.Grid-77' })).status,
    ).toBe(200)
    const sms = (await ask({ way: 'sms', after: paper.next! })).body
    expect(sms.items.every(({ sent, address }) => sent && address === null)).toBe(true)
    const outbox = await house.system.get<{ items: { text: string; phone: string }[] }>('/api/v1/notify/sms?limit=5')
    expect(outbox.body.items[0]!.text).toContain('登录名')
    expect((await house.entries('invitations.issued')).map((body) => body['count'])).toEqual([40, 40])
  })

  test('the template is read by its own reader and names every column', async () => {
    const template = await house.fileFrom('/grid/setup/staff/template')
    const [sheet, notes] = await readWholeSheets(template)
    expect(sheet!.rows[0]!.cells).toEqual([
      '乡镇（街道）',
      '村（社区）',
      '网格',
      '微网格',
      '岗位',
      '部门',
      '姓名',
      '手机号',
      'AB岗',
    ])
    expect(notes!.name).toBe('填表说明')
  })
})

describe('handing over when somebody leaves', () => {
  const grid = '330411/330411105/330411105211/G001'

  test('B is proposed; posts and account move in one go; who leaves cannot sign in and holds nothing', async () => {
    const leaving = await house.accountAt(grid, 'A')
    const view = (await house.system.get<HandoverView>(`/api/v1/grid/setup/handover/${leaving}`)).body
    expect(view).toMatchObject({
      name: '李秀英',
      posts: [{ name: '红联村第一网格长', slot: 'A', proposed: { name: '王建军' } }],
    })
    const posts = view.posts.map(({ postId, slot, version, proposed }) => ({
      postId,
      slot,
      version,
      successorId: proposed!.accountId,
    }))
    const url = `/api/v1/grid/setup/handover/${leaving}`
    const stale = await house.system.post(url, { version: view.version + 7, posts, closesAccount: true })
    expect(stale.body['code']).toBe('kernel.stale')
    expect(await house.holders(grid)).toHaveLength(2)
    const missing = await house.system.post(url, { version: view.version, posts: [], closesAccount: true })
    expect(missing.body['code']).toBe('kernel.stale')
    const done = await house.system.post(url, { version: view.version, posts, closesAccount: true })
    expect(done.body).toEqual({ posts: 1, vacant: 0, closed: true })
    expect(await house.holders(grid)).toEqual(['红联村第一网格长 A 王建军'])
    expect((await house.system.get(`/api/v1/identity/accounts/${leaving}`)).body['status']).toBe('disabled')
    expect(await house.entries('duty.handed_over')).toEqual([{ account: leaving, posts: 1, vacant: 0, closed: true }])
  })
})
