import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../../test/support/ground.ts'
import { silentLog } from '../../kernel/log.ts'
import { settleLedger } from '../../ledger/index.ts'
import type { Matter, MatterPage, Moved, Progress, Receipt, WorkCounts } from '../contract.ts'
import type { CommonMoves, Desk, Holders, Related, SavedView } from './contract.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp(process.env['SHOW_ERRORS'] ? { log: { ...silentLog, error: console.error } } : {})
  await layGround(app)
})
afterAll(() => app.close())

const holder = (role: string, path: string, unit = '') => app.as({ id: holderId(role, path, unit), label: role })
const lead = () => holder('microGridLead', paths.right)
const chief = () => holder('gridChief', paths.grid)
const dispatcher = () => holder('townDispatcher', paths.town)
const elsewhere = () => holder('townDispatcher', paths.otherTown)

async function reported(text: string, over: object = {}): Promise<Receipt> {
  const body = { kind: 'event', category: '0101', text, position: middleOf(paths.right), ...over }
  const answer = await app.as({ kind: 'resident', label: '居民' }).post<Receipt>('/api/v1/matters', body)
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const list = async (who: { get: TestApp['nobody']['get'] }, query: Record<string, string>) => {
  const answer = await who.get<MatterPage>(`/api/v1/matters?${new URLSearchParams({ limit: '100', ...query })}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body.items
}
const day = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

describe('the work list', () => {
  it('finds words of the report, of the address and parts of the number, for whoever may see the matter', async () => {
    const one = await reported('幸福桥头的栏杆断了一截', { address: '幸福桥北堍' })
    for (const text of ['栏杆', '北堍', one.number.slice(-5)]) {
      expect((await list(dispatcher(), { scope: 'all', text })).map(({ id }) => id)).toContain(one.id)
    }
    expect(await list(elsewhere(), { scope: 'all', text: '栏杆' })).toEqual([])
    // What would be a pattern elsewhere is a plain character here.
    expect(await list(dispatcher(), { scope: 'all', text: '栏%断' })).toEqual([])
  })

  it('narrows by day, phase, channel, deadline and hands, and sorts the other way round', async () => {
    const first = await reported('旧沙发堆在楼道里')
    app.clock.advance(86_400_000 * 2)
    const later = await reported('楼道里的沙发还在')
    const today = day(app.clock.now())
    const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)
    expect(ids(await list(dispatcher(), { text: '沙发', from: today, to: today }))).toEqual([later.id])
    expect(ids(await list(dispatcher(), { text: '沙发', sort: 'oldest' }))).toEqual([first.id, later.id])
    expect(ids(await list(dispatcher(), { text: '沙发', sort: 'due' }))).toEqual([first.id, later.id])
    expect(ids(await list(dispatcher(), { text: '沙发', due: 'overdue' }))).toEqual([first.id])
    expect(await list(dispatcher(), { text: '沙发', channel: 'phone' })).toEqual([])
    expect(await list(dispatcher(), { text: '沙发', tone: 'running' })).toEqual([])
    const own = `microGridLead.@${paths.right}`
    expect(ids(await list(dispatcher(), { text: '沙发', holder: own }))).toEqual([later.id, first.id])
    expect(await list(dispatcher(), { text: '沙发', holder: `gridChief.@${paths.grid}` })).toEqual([])
    const holders = await dispatcher().get<Holders>('/api/v1/matters/holders')
    expect(holders.body.items.find((item) => item.holder === own)?.count).toBeGreaterThanOrEqual(2)
    expect((await elsewhere().get<Holders>('/api/v1/matters/holders')).body.items).toEqual([])
  })

  it('goes on page after page without leaving one out or showing one twice, in every order', async () => {
    for (let at = 0; at < 7; at++) await reported(`第${at}处井盖松动`)
    for (const sort of ['newest', 'oldest', 'due']) {
      for (const who of [dispatcher(), lead()]) {
        const seen: string[] = []
        let after: string | null = null
        do {
          const query = new URLSearchParams({ text: '井盖', sort, limit: '3', ...(after ? { after } : {}) })
          const page = (await who.get<MatterPage>(`/api/v1/matters?${query}`)).body
          seen.push(...page.items.map(({ id }) => id))
          after = page.next
        } while (after)
        expect(seen).toHaveLength(7)
        expect(new Set(seen).size).toBe(7)
      }
    }
  })

  it('counts what its tabs show', async () => {
    const counts = (await lead().get<WorkCounts>('/api/v1/matters/counts')).body
    for (const scope of ['mine', 'unit', 'overdue', 'dueSoon', 'open'] as const) {
      expect(await list(lead(), { scope }), scope).toHaveLength(counts[scope])
    }
    expect(counts.mine).toBeGreaterThan(0)
    expect((await app.as({ grants: [] }).get('/api/v1/matters/counts')).status).toBe(403)
  })

  it.each([
    ['a day that is none', { from: '2026-13-01' }],
    ['a scope that is none', { scope: 'constructor' }],
    ['a post that is none', { holder: "x' or 1=1" }],
    ['a cursor of somebody’s own making', { text: '灯', after: Buffer.from('[1,"x"]').toString('base64url') }],
  ])('refuses %s', async (_name, query) => {
    const answer = await dispatcher().get(`/api/v1/matters?${new URLSearchParams(query as Record<string, string>)}`)
    expect(answer.status).toBe(400)
  })
})

describe('saved views', () => {
  const filter = { scope: 'open', category: '0101' }
  const save = (who: { post: TestApp['nobody']['post'] }, body: object) =>
    who.post<SavedView>('/api/v1/matters/views', { name: '市容', filter, shared: null, ...body })
  const desk = async (who: { get: TestApp['nobody']['get'] }) => (await who.get<Desk>('/api/v1/matters/desk')).body

  it('belong to whoever made them, count what is in them, and are changed and taken away by nobody else', async () => {
    const made = await save(dispatcher(), {})
    expect(made.status, made.text).toBe(200)
    expect(made.body).toMatchObject({ mine: true, shared: null, version: 1 })
    expect(made.body.count).toBe((await list(dispatcher(), { ...filter })).length)
    expect((await desk(chief())).views).toEqual([])
    const change = { name: '改名', filter, shared: null, version: 1 }
    const foreign = await chief().ask('PUT', `/api/v1/matters/views/${made.body.id}`, change)
    expect(foreign.body).toMatchObject({ code: 'loop.view_not_yours' })
    const changed = await dispatcher().ask<SavedView>('PUT', `/api/v1/matters/views/${made.body.id}`, change)
    expect(changed.body).toMatchObject({ name: '改名', version: 2 })
    const stale = await dispatcher().ask('PUT', `/api/v1/matters/views/${made.body.id}`, change)
    expect(stale.body).toMatchObject({ code: 'kernel.stale' })
    expect((await dispatcher().ask('DELETE', `/api/v1/matters/views/${made.body.id}?version=2`)).status).toBe(200)
    expect((await desk(dispatcher())).views).toEqual([])
  })

  it('are offered to posts below by those who hand out work, and show each reader only their own matters', async () => {
    const shared = { path: paths.town, role: 'gridChief' }
    const refused = await save(lead(), { shared: { path: paths.right, role: '' } })
    expect(refused.status).toBe(403)
    const outside = await save(dispatcher(), { shared: { path: paths.otherTown, role: '' } })
    expect(outside.status).toBe(403)
    const made = (await save(dispatcher(), { name: '网格长看', shared })).body
    expect((await desk(chief())).views.map(({ id, mine }) => [id, mine])).toEqual([[made.id, false]])
    expect((await desk(lead())).views).toEqual([])
    await settleLedger(app.app, '330411')
    const entries = await app
      .as({ grants: [{ action: 'ledger.read', path: '330411', purpose: 'handling' }] })
      .get(`/api/v1/ledger/subjects/${made.id}/entries`)
    expect(entries.text).toContain('view.shared')
  })

  it('stop at twenty', async () => {
    const who = holder('verifier', paths.town)
    for (let at = 0; at < 20; at++) expect((await save(who, { name: `视图${at}` })).status).toBe(200)
    expect((await save(who, {})).body).toMatchObject({ code: 'loop.too_many_views' })
    const look = { defaultView: null, columns: ['state', 'what'], density: 'dense' }
    expect((await who.ask('PUT', '/api/v1/matters/desk', look)).status).toBe(200)
    expect(await desk(who)).toMatchObject(look)
  })
})

describe('several at once', () => {
  it('names the moves that are legal for how many, and each is moved by its own command', async () => {
    const [one, two, three] = [await reported('灯箱坏了甲'), await reported('灯箱坏了乙'), await reported('灯箱坏了丙')]
    await lead().post(`/api/v1/matters/${three.id}/moves`, { move: 'accept', version: 1 })
    const ids = [one.id, two.id, three.id]
    const found = (await lead().post<CommonMoves>('/api/v1/matters/common-moves', { ids })).body
    expect(found.items.map(({ id, version }) => [id, version])).toEqual([
      [one.id, 1],
      [two.id, 1],
      [three.id, 2],
    ])
    expect(found.offers.find(({ move }) => move === 'accept')?.ids).toEqual([one.id, two.id])
    const all = found.offers.filter(({ move }) => move === 'handOver').flatMap((offer) => offer.ids)
    expect(all.toSorted()).toEqual(ids.toSorted())
    const foreign = await elsewhere().post('/api/v1/matters/common-moves', { ids })
    expect(foreign.status).toBe(403)
  })

  it('takes fifty and no more', async () => {
    const ids = Array.from({ length: 51 }, () => crypto.randomUUID())
    expect((await lead().post('/api/v1/matters/common-moves', { ids })).status).toBe(400)
  })
})

describe('related matters', () => {
  it('are those alike, near, joined or of the same reporter, each with why, and only for who may see them', async () => {
    const person = app.as({ kind: 'resident', label: '居民' })
    const report = { kind: 'event', category: '0101', position: middleOf(paths.right) }
    const one = (await person.post<Receipt>('/api/v1/matters', { ...report, text: '公厕门口积水很深' })).body
    const same = (await person.post<Receipt>('/api/v1/matters', { ...report, text: '公厕门口积水很深没人管' })).body
    const found = (await chief().get<Related>(`/api/v1/matters/${one.id}/related`)).body.items
    const seen = found.find(({ id }) => id === same.id)
    expect(seen?.why).toEqual(expect.arrayContaining(['alike', 'near', 'reporter']))
    expect((await elsewhere().get(`/api/v1/matters/${one.id}/related`)).status).toBe(403)
    // A leader who may not know the reporter is not told by this door either.
    const leader = holder('countyLeader', paths.county)
    const told = (await leader.get<Related>(`/api/v1/matters/${one.id}/related`)).body.items
    expect(told.flatMap(({ why }) => why)).not.toContain('reporter')
  })
})

describe('a sheet', () => {
  const ask = (who: { post: TestApp['nobody']['post'] }, body: object = {}) =>
    who.post('/api/v1/matters/exports', {
      format: 'csv',
      filter: { scope: 'all', text: '井盖' },
      columns: ['number', 'state', 'what'],
      said: '全部，含“井盖”',
      ...body,
    })

  it('has every row of the filter, says who took it and for what, and is noted before the first row', async () => {
    await reported('=cmd 井盖公式')
    const sheet = await ask(dispatcher())
    expect(sheet.status).toBe(200)
    const lines = sheet.text.trim().split('\r\n')
    expect(lines).toHaveLength(1 + 1 + 8 + 1)
    expect(lines[0]).toMatch(/导出.*含“井盖”/)
    expect(sheet.text).toContain(`"'=cmd`)
    expect(lines.at(-1)).toContain('共 8 件')
    const noted = await app.db.reading('330411', (tx) =>
      tx
        .selectFrom('ledgerEntry')
        .select(['bytes'])
        .where('county', '=', '330411')
        .where('event', '=', 'matter.exported')
        .execute(),
    )
    expect(noted).toHaveLength(1)
    expect(String(noted[0]?.bytes)).not.toContain('井盖')
  })

  it('is empty for another town and refused without a right to look', async () => {
    expect((await ask(elsewhere())).text).toContain('共 0 件')
    expect((await ask(app.as({ grants: [] }))).status).toBe(403)
    expect((await ask(dispatcher(), { filter: { area: paths.otherTown } })).status).toBe(403)
  })

  it('opens as a workbook', async () => {
    const answer = await app.http.inject({
      method: 'POST',
      url: '/api/v1/matters/exports',
      headers: { authorization: `Bearer ${dispatcher().token}` },
      payload: { format: 'xlsx', filter: { scope: 'all', text: '井盖' }, columns: ['number', 'what'], said: '' },
    })
    const { default: excel } = await import('exceljs')
    const book = new excel.Workbook()
    await book.xlsx.load(answer.rawPayload as unknown as ArrayBuffer)
    expect(book.worksheets[0]?.rowCount).toBe(1 + 1 + 8 + 1)
  })
})

describe('a matter that is closed a second time', () => {
  const done = async (who: ReturnType<typeof lead>, id: string, move: string, form = {}, target?: object) => {
    const { version } = (await dispatcher().get<Matter>(`/api/v1/matters/${id}`)).body
    const answer = await who.post<Moved>(`/api/v1/matters/${id}/moves`, { move, version, form, target })
    expect(answer.status, answer.text).toBe(200)
  }
  const work = async (id: string) => {
    await done(lead(), id, 'solve', { result: '已经处理好了', method: 'onSite' })
    await done(chief(), id, 'verify', { seen: 'onSite' })
    await done(dispatcher(), id, 'close')
  }

  it('is for the reporter to judge anew', async () => {
    const receipt = await reported('污水井堵了', { category: '9999' })
    await done(lead(), receipt.id, 'accept')
    await work(receipt.id)
    const rating = `/api/v1/progress/${receipt.progressCode}/rating`
    const first = await app.nobody.post<Progress>(rating, { score: 'unsatisfied', comment: '还堵着', reopen: true })
    expect(first.status, first.text).toBe(200)
    const again = (await app.nobody.get<Progress>(`/api/v1/progress/${receipt.progressCode}`)).body
    expect(again).toMatchObject({ mayRate: false, rating: { score: 'unsatisfied' } })
    await done(
      dispatcher(),
      receipt.id,
      'dispatch',
      {},
      { role: 'departmentHandler', unit: 'cityCare', areaPath: paths.town },
    )
    await done(holder('departmentHandler', paths.town, 'cityCare'), receipt.id, 'feedback', {
      result: '通了',
      method: 'onSite',
    })
    await done(holder('verifier', paths.town), receipt.id, 'verify', { seen: 'onSite' })
    await done(dispatcher(), receipt.id, 'close')
    const judged = await app.nobody.post<Progress>(rating, { score: 'satisfied' })
    expect(judged.status, judged.text).toBe(200)
    expect(judged.body).toMatchObject({ mayRate: false, rating: { score: 'satisfied' } })
    expect(judged.body.steps.filter(({ title }) => title === '您作出了评价')).toHaveLength(2)
    expect((await app.nobody.post(rating, { score: 'fair' })).body).toMatchObject({ code: 'loop.rated_already' })
  })
})
