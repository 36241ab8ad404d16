import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { readWholeSheets } from '../../kernel/sheets.ts'
import { settleLedger } from '../../ledger/index.ts'
import type { Matter, MatterPage } from '../contract.ts'
import type { HotlineChecked, HotlineMapping, HotlineTaken } from './contract.ts'
import { categoryCalled } from './meaning.ts'
import { callerOf, placeOfTicket, type KnownCounty } from './rules.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const tokenOf = (role: string, path: string) => app.as({ id: holderId(role, path), label: role })
const dispatcher = () => tokenOf('townDispatcher', paths.town)
const elsewhere = () => tokenOf('townDispatcher', paths.otherTown)
const lead = () => tokenOf('microGridLead', paths.right)

async function send<Body>(who: { token: string }, what: string, file: Buffer) {
  const answer = await app.http.inject({
    method: 'POST',
    url: `/api/v1/hotline${what}`,
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/octet-stream' },
    payload: file,
  })
  return { status: answer.statusCode, bytes: answer.rawPayload, text: answer.body, body: parsed<Body>(answer.body) }
}
function parsed<Body>(text: string): Body {
  try {
    return JSON.parse(text) as Body
  } catch {
    return {} as Body
  }
}
const head = ['工单号', '受理时间', '诉求人', '联系电话', '工单内容', '事发地址', '所属村社', '诉求类型', '办结时限']
const csv = (rows: string[][], headings = head): Buffer =>
  Buffer.from([headings, ...rows].map((row) => row.join(',')).join('\r\n'))
const row = (ticket: string, over: Partial<Record<(typeof head)[number], string>> = {}): string[] =>
  head.map(
    (name) => over[name] ?? { 工单号: ticket, 工单内容: `第 ${ticket} 件的内容`, 所属村社: '红联村' }[name] ?? '',
  )
const check = (who: { token: string }, file: Buffer) => send<HotlineChecked>(who, '/check', file)
const take = (who: { token: string }, file: Buffer) => send<HotlineTaken & { code: string }>(who, '', file)

describe('a sheet as the hotline gives it out', () => {
  async function messy(): Promise<Buffer> {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('工单')
    sheet.addRow(['12345 交办单（2026 年 11 月 20 日）'])
    sheet.mergeCells('A1:I1')
    sheet.addRow(head)
    sheet.addRow(
      row('JX001', {
        受理时间: '2026-11-20 09:12',
        诉求人: '张三丰',
        联系电话: '138 1234 5678',
        工单内容: '小区路灯三天不亮，请打 13812345678',
        所属村社: '王店镇红联村第一网格一组微网格',
        诉求类型: '城乡建设/公共设施/路灯不亮',
        办结时限: '2026-11-25',
      }),
    )
    sheet.addRow([])
    sheet.addRow(row('JX002', { 联系电话: '0573-83110000', 诉求人: '李四', 所属村社: '', 事发地址: '王店某处河边' }))
    sheet.addRow(row('jx003', { 诉求人: '匿名', 联系电话: '138****1234', 诉求类型: '看不懂的类别' }))
    return Buffer.from(await book.xlsx.writeBuffer())
  }

  test('is understood as it is, shows people masked, and writes nothing', async () => {
    const { status, body, text } = await check(dispatcher(), await messy())
    expect(status, text).toBe(200)
    expect(body).toMatchObject({ rows: 3, fresh: 3, known: 0, located: 2, named: 1, problemCount: 0 })
    expect(body.headings).toEqual(head)
    expect(body.sample[0]).toMatchObject({ ticket: 'JX001', caller: '张**', phone: '138****5678', isLocated: true })
    expect(body.sample[1]).toMatchObject({ isLocated: false })
    expect(text).not.toMatch(/13812345678|张三丰|83110000/)
    const list = await dispatcher().get<MatterPage>('/api/v1/matters?scope=all&channel=hotline')
    expect(list.body.items).toEqual([])
  })

  test('becomes matters in the right hands; a second time nothing happens, and the ledger keeps no name', async () => {
    const file = await messy()
    const first = await take(dispatcher(), file)
    expect(first.status, first.text).toBe(200)
    expect(first.body).toMatchObject({ fresh: 3, known: 0 })
    const [lamp, river, other] = first.body.items
    const shown = (await dispatcher().get<Matter>(`/api/v1/matters/${lamp!.matterId}`)).body
    expect(shown).toMatchObject({ category: '0201', areaPath: paths.right })
    expect(shown.reporter).toMatchObject({ name: '张**', phone: '138****5678' })
    expect(shown.text).toContain(
      '12345 工单 JX001；来电 2026-11-20 09:12；工单类别 城乡建设/公共设施/路灯不亮；工单时限 2026-11-25',
    )
    expect((await dispatcher().get<Matter>(`/api/v1/matters/${river!.matterId}`)).body.areaPath).toBe(paths.town)
    const third = (await dispatcher().get<Matter>(`/api/v1/matters/${other!.matterId}`)).body
    expect(third).toMatchObject({ category: '9999', areaPath: paths.village })
    const again = await take(dispatcher(), file)
    expect(again.body).toMatchObject({ rows: 3, fresh: 0, known: 3, items: [] })
    const list = await dispatcher().get<MatterPage>('/api/v1/matters?scope=all&channel=hotline')
    expect(list.body.items).toHaveLength(3)
    const sms = await app.db.reading('330411', (tx) => tx.selectFrom('smsMessage').select('id').execute())
    expect(sms).toEqual([])
    await settleLedger(app.app, '330411')
    const entries = await app.db.reading('330411', (tx) =>
      tx.selectFrom('ledgerEntry').select('bytes').where('event', '=', 'hotlineSheet.taken').execute(),
    )
    expect(entries).toHaveLength(1)
    expect(entries.map(({ bytes }) => bytes.toString('utf8')).join()).not.toMatch(/JX001|张三|1381/)
  })

  test('with a thousand tickets is taken in within the time that a page waits', async () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => row(`LOAD${at}`, { 诉求人: '王某', 联系电话: '13900000000' }))
    const began = performance.now()
    const { status, body, text } = await take(dispatcher(), csv(rows))
    expect(status, text).toBe(200)
    expect(body.fresh).toBe(1_000)
    expect(body.items).toHaveLength(200)
    expect(performance.now() - began).toBeLessThan(30_000)
  }, 60_000)
})

describe('what is wrong', () => {
  const wrong = csv([
    row(''),
    row('W1', { 工单内容: '', 联系电话: '123' }),
    row('W2', { 联系电话: '1381234567' }),
    row('W3'),
    row('w3'),
    row('W4', { 所属村社: '王江泾镇古塘村' }),
  ])

  test('is named by its cell, stands in the sheet that comes back, and nothing is taken in', async () => {
    const { body } = await check(dispatcher(), wrong)
    expect(body.problems.map(({ column, row: at, message }) => `${column}${at} ${message}`)).toEqual([
      'A2 请填工单编号。',
      'E3 请填诉求内容。',
      'D3 电话要写 11 位手机号或座机号；没有就空着。',
      'D4 电话要写 11 位手机号或座机号；没有就空着。',
      'A6 和第 5 行是同一个工单编号，请删掉一行。',
      'G7 这个地方不在您的范围内，请交给当地平台导入。',
    ])
    const refused = await take(dispatcher(), wrong)
    expect(refused).toMatchObject({ status: 409, body: { code: 'loop.sheet_has_problems' } })
    expect((await check(dispatcher(), csv([row('W3')]))).body).toMatchObject({ fresh: 1, known: 0 })
    const marked = await send(dispatcher(), '/marked', wrong)
    const [sheet] = await readWholeSheets(marked.bytes)
    expect(sheet!.rows[0]!.cells.at(-1)).toBe('问题')
    expect(sheet!.rows[2]!.cells.at(-1)).toBe(
      '【工单内容】请填诉求内容。\n【联系电话】电话要写 11 位手机号或座机号；没有就空着。',
    )
  })

  test('no headings, too many tickets, and a post below the town are refused in words', async () => {
    const without = await check(dispatcher(), csv([['a', 'b']], ['甲', '乙']))
    expect(without).toMatchObject({ status: 400, body: { code: 'loop.sheet_without_headings' } })
    const many = csv(Array.from({ length: 2_001 }, (_, at) => row(`M${at}`)))
    expect(await check(dispatcher(), many)).toMatchObject({ status: 413, body: { code: 'loop.too_many_tickets' } })
    expect((await check(lead(), wrong)).status).toBe(403)
    expect((await check(tokenOf('departmentHandler', paths.town), wrong)).status).toBe(403)
  })

  test('of two who take the same sheet in at once, one wins and the other is told', async () => {
    const file = csv([row('RACE1'), row('RACE2')])
    const both = await Promise.all([take(dispatcher(), file), take(dispatcher(), file)])
    const fresh = both.filter(({ status, body }) => status === 200 && body.fresh === 2)
    expect(fresh).toHaveLength(1)
    const list = await dispatcher().get<MatterPage>('/api/v1/matters?scope=all&text=RACE1')
    expect(list.body.items).toHaveLength(1)
    expect((await elsewhere().get<MatterPage>('/api/v1/matters?scope=all&text=RACE1')).body.items).toEqual([])
  })

  test('a text file with a title above its headings is read as well', async () => {
    const titled = Buffer.concat([Buffer.from('12345 交办单，2026 年 11 月\r\n'), csv([row('TITLE1')])])
    expect((await check(dispatcher(), titled)).body).toMatchObject({ rows: 1, fresh: 1, problemCount: 0 })
  })

  test('the template can be read by what it is a template for', async () => {
    const answer = await app.http.inject({
      url: '/api/v1/hotline/template',
      headers: { authorization: `Bearer ${dispatcher().token}` },
    })
    const { body } = await check(dispatcher(), answer.rawPayload)
    expect(body).toMatchObject({ rows: 2, problemCount: 0 })
  })
})

describe('what the hotline calls things', () => {
  const shown = async () => (await dispatcher().get<HotlineMapping>('/api/v1/hotline/mapping')).body
  const keep = (who: ReturnType<typeof dispatcher>, items: object[], version: number) =>
    who.ask('PUT', '/api/v1/hotline/mapping', { items, version })
  const noisy = { said: '住建/夜间施工扰民', kind: 'nightNoise', category: 'building', form: { source: 'other' } }

  test('may become any kind whose form can be answered by choosing; a notice with dates is not offered', async () => {
    const { offers } = await shown()
    expect(offers.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['event', 'nightNoise']))
    expect(offers.map(({ kind }) => kind)).not.toContain('nightWork')
    expect(offers.find(({ kind }) => kind === 'nightNoise')?.fields.map(({ field }) => field)).toEqual(['source'])
    expect(offers.flatMap(({ categories }) => categories.map(({ code }) => code))).toContain('0101')
  })

  test('is refused where pack or form do not know it, and where somebody else was faster', async () => {
    const wrong = [
      { ...noisy, kind: 'constructor' },
      { ...noisy, category: '0101' },
      { ...noisy, form: {} },
      { ...noisy, form: { source: 'party' } },
    ]
    for (const item of wrong) expect((await keep(dispatcher(), [item], 0)).status).toBe(400)
    expect((await keep(lead(), [noisy], 0)).status).toBe(403)
    expect((await shown()).version).toBe(0)
  })

  test('is said once and holds for this sheet and the next, of every town', async () => {
    const file = csv([
      row('ZJ001', { 诉求类型: '住建/夜间施工扰民', 所属村社: '红联村' }),
      row('ZJ002', { 诉求类型: '住建／夜间施工扰民', 所属村社: '红联村' }),
      row('ZJ003', { 诉求类型: '路灯不亮' }),
    ])
    const before = (await check(dispatcher(), file)).body
    expect(before.words).toMatchObject([
      { said: '住建/夜间施工扰民', count: 2, kind: 'event', isNamed: false },
      { said: '路灯不亮', count: 1, category: '0201', isNamed: true },
    ])
    const kept = await keep(dispatcher(), [noisy], 0)
    expect(kept.status, kept.text).toBe(200)
    expect((await keep(elsewhere(), [], 0)).body).toMatchObject({ code: 'kernel.stale' })
    const after = (await check(dispatcher(), file)).body
    expect(after.words[0]).toMatchObject({ kind: 'nightNoise', category: 'building', isNamed: true })
    expect(after.sample[0]?.category).toBe('夜间施工噪声 · 建筑工地')
    const taken = await take(dispatcher(), file)
    expect(taken.status, taken.text).toBe(200)
    const first = (await dispatcher().get<Matter>(`/api/v1/matters/${taken.body.items[0]!.matterId}`)).body
    expect(first).toMatchObject({ kind: 'nightNoise', category: 'building' })
  })
})

describe('what words mean', () => {
  const areas = [
    { path: '330411', name: '秀洲区', kind: 'county' },
    { path: '330411/1', name: '王店镇', kind: 'town' },
    { path: '330411/1/a', name: '红联村', kind: 'village' },
    { path: '330411/1/b', name: '新红联村', kind: 'village' },
    { path: '330411/2', name: '洪合镇', kind: 'town' },
    { path: '330411/2/c', name: '红联村', kind: 'village' },
  ]
  const known: KnownCounty = {
    areas,
    roots: ['330411'],
    categories: [],
    meanings: new Map(),
    kind: 'event',
    other: '',
    taken: new Set<string>(),
  }
  const placed = (town: string, area: string, address = '', roots = ['330411']) =>
    placeOfTicket({ town, area, address }, { ...known, roots })

  test('a place is the one that is named; between two nothing is guessed', () => {
    expect(placed('王店镇', '红联村')).toEqual({ areaPath: '330411/1/a', isLocated: true })
    expect(placed('', '洪合镇红联村')).toEqual({ areaPath: '330411/2/c', isLocated: true })
    expect(placed('', '新红联村')).toEqual({ areaPath: '330411/1/b', isLocated: true })
    expect(placed('', '红联村')).toEqual({ areaPath: '330411', isLocated: false })
    expect(placed('', '红联村', '', ['330411/2'])).toEqual({ areaPath: '330411/2/c', isLocated: true })
    expect(placed('', '', '王店街上')).toEqual({ areaPath: '330411/1', isLocated: false })
    expect(placed('王店镇', '红联村', '', ['330411/2'])).toHaveProperty('zh')
    expect(placed('', '', '', ['330411/1', '330411/2'])).toHaveProperty('zh')
  })

  test('a category is found by code, name or the finest part of it', () => {
    const categories = [
      { code: '0102', name: '道路破损、积水' },
      { code: '0201', name: '路灯不亮' },
      { code: '0301', name: '邻里纠纷' },
      { code: '0302', name: '家庭纠纷' },
    ]
    expect(categoryCalled('0201', categories)).toBe('0201')
    expect(categoryCalled('路灯不亮', categories)).toBe('0201')
    expect(categoryCalled('市政>道路破损', categories)).toBe('0102')
    expect(categoryCalled('纠纷', categories)).toBeUndefined()
    expect(categoryCalled('', categories)).toBeUndefined()
  })

  test('a number that is none is refused; a landline or a covered one stands with the name', () => {
    expect(callerOf({ caller: '张三', phone: '+86 138-0000-0001' })).toEqual({ name: '张三', phone: '13800000001' })
    expect(callerOf({ caller: '', phone: '保密' })).toEqual({ name: '匿名', phone: '' })
    expect(callerOf({ caller: '李', phone: '0573-83110000' })).toEqual({ name: '李 0573-83110000', phone: '' })
    expect(callerOf({ caller: '李', phone: '138****0001' })).toEqual({ name: '李 138****0001', phone: '' })
    expect(callerOf({ caller: '李', phone: '1380000' })).toHaveProperty('zh')
    expect(callerOf({ caller: '李', phone: '打我电话' })).toHaveProperty('zh')
  })
})
