import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import ExcelJS from 'exceljs'
import sharp from 'sharp'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, middleOf, onBorder, outside, paths } from '../../../test/support/ground.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { settleLedger, verifyLedger } from '../../ledger/index.ts'
import type { Matter } from '../../loop/contract.ts'
import type { DiaryFiledAs, DiaryHistory, DiaryMonth, DiaryPage, DiaryView, DiaryWords } from './contract.ts'
import { forgetDiaries, sweepFollowUps } from './jobs.ts'
import { maskWords } from './rules.ts'

const url = '/api/v1/diary'
let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const holder = (role: string, path: string, unit = '') => app.as({ id: holderId(role, path, unit), label: role })
const lead = () => holder('microGridLead', paths.right)
const neighbour = () => holder('microGridLead', paths.beside)
const secretary = () => holder('villageSecretary', paths.village)
const entry = { kind: 'care', text: '陈阿婆腿脚不便，想请人帮忙买菜。', areaPath: paths.right }

async function written(body: object = {}, who = lead()): Promise<DiaryView> {
  const answer = await who.post<DiaryView>(url, { ...entry, ...body })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

async function photo(who = lead()): Promise<string> {
  const id = uuidv7()
  const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#385' } })
    .jpeg()
    .toBuffer()
  const answer = await app.http.inject({
    method: 'POST',
    url: `/api/v1/files?id=${id}&name=door.jpg&role=before`,
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'image/jpeg' },
    payload: bytes,
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return id
}

describe('writing', () => {
  it('keeps what a head saw at a door, where the phone stood, in the head’s post', async () => {
    const mine = await written({ areaPath: undefined, position: middleOf(paths.right), visited: '陈阿婆', done: true })
    expect(mine).toMatchObject({ areaPath: paths.right, kindName: '关爱', done: true, mine: true, visited: '陈阿婆' })
    expect(mine.authorPost).toBe('一组微网格 microGridLead')
    expect(mine.metOn).toBe('2026-11-16')
    expect(mine.keptUntil).toBe('2029-11-15')
  })

  it.each([
    ['a kind that the county does not have', { kind: 'constructor' }, 400, 'duty.unknown_kind'],
    ['no words', { text: ' \u200b' }, 400, 'kernel.invalid_input'],
    ['a visit tomorrow', { metAt: '2026-11-17T09:00:00Z' }, 400, 'duty.met_later'],
    ['a follow-up before the visit', { followUpOn: '2026-11-15' }, 400, 'duty.follow_up_past'],
    ['no place', { areaPath: undefined }, 422, 'loop.place_needed'],
    ['a place beyond the county', { areaPath: undefined, position: outside }, 422, 'loop.outside_area'],
    ['a place that is not certain', { areaPath: undefined, position: onBorder }, 422, 'loop.place_needed'],
    ['somebody else’s micro-grid', { areaPath: paths.beside }, 403, 'kernel.forbidden'],
    ['a field nobody knows', { admin: true }, 400, 'kernel.invalid_input'],
    ['a file that is not there', { fileIds: [uuidv7()] }, 404, 'kernel.not_found'],
    ['an entry to follow that is not there', { followsId: uuidv7() }, 404, 'kernel.not_found'],
  ])('is refused with %s in clear words, and nothing is left behind', async (_name, body, status, code) => {
    const before = await lead().get<DiaryMonth>(`${url}/mine/month?month=2026-11`)
    const answer = await lead().post(url, { ...entry, ...body })
    expect(answer.status, answer.text).toBe(status)
    expect(answer.body).toMatchObject({ code })
    expect(String(answer.body['title'])).toMatch(/[\u4e00-\u9fff]/)
    const after = await lead().get<DiaryMonth>(`${url}/mine/month?month=2026-11`)
    expect(after.body.total).toBe(before.body.total)
  })

  it('is one entry, however often and however late the phone hands it in', async () => {
    const id = uuidv7()
    const body = { ...entry, id, text: '离线写的一篇' }
    const [one, two] = await Promise.all([lead().post<DiaryView>(url, body), lead().post<DiaryView>(url, body)])
    const later = await lead().post<DiaryView>(url, body)
    expect([one.status, two.status, later.status]).toEqual([201, 201, 201])
    expect([one.body.id, two.body.id, later.body.id]).toEqual([id, id, id])
    const page = await lead().get<DiaryPage>(`${url}/mine?limit=100`)
    expect(page.body.items.filter((item) => item.text === '离线写的一篇')).toHaveLength(1)
    const stranger = await neighbour().post(url, { ...body, areaPath: paths.beside })
    expect(stranger.body).toMatchObject({ code: 'kernel.conflict' })
  })

  it('cannot be done by a resident or by somebody without such a post', async () => {
    expect((await app.as({ kind: 'resident' }).post(url, entry)).status).toBe(403)
    expect((await holder('verifier', paths.town).post(url, entry)).status).toBe(403)
  })
})

describe('reading', () => {
  it('is for the author and for those above, masked; not for neighbours', async () => {
    const text = '王小明说要找工作，电话 13812345678，身份证 330411199001011234。'
    const { id } = await written({ text, visited: '王小明' })
    const own = await lead().get<DiaryView>(`${url}/${id}`)
    expect(own.body).toMatchObject({ text, visited: '王小明', mayCorrect: true, mayFile: true, mayUnmask: false })
    const above = await secretary().get<DiaryView>(`${url}/${id}`)
    expect(above.body).toMatchObject({ visited: '王某某', mayCorrect: false, mayFile: false, mayUnmask: true })
    expect(above.body.text).toBe('王某某说要找工作，电话 138****5678，身份证 3304****4。')
    const history = await secretary().get(`${url}/${id}/history`)
    expect(history.text).not.toContain('13812345678')
    expect((await neighbour().get(`${url}/${id}`)).status).toBe(403)
    expect((await holder('verifier', paths.town).get(`${url}/${id}`)).status).toBe(403)
    expect((await holder('microGridLead', paths.wrong).get(`${url}/${id}`)).status).toBe(403)
    expect((await neighbour().get<DiaryPage>(`${url}/mine`)).text).not.toContain(id)
    expect((await neighbour().get(url)).status).toBe(403)
    const other = await holder('townDispatcher', paths.otherTown).get<DiaryPage>(url)
    expect(other.body.items).toEqual([])
  })

  it('behind the mask asks why and stands in the ledger', async () => {
    const { id } = await written({ visited: '李大爷', text: '李大爷的药快吃完了' })
    expect((await secretary().post(`${url}/${id}/unmask`, { reason: '短' })).status).toBe(400)
    const asked = await secretary().post(`${url}/${id}/unmask`, { reason: '要联系家属送药' })
    expect(asked.body).toMatchObject({ code: 'identity.second_factor_needed' })
    const proven = app.as({ id: holderId('villageSecretary', paths.village), secondFactorAt: app.clock.now() })
    const seen = await proven.post<DiaryWords>(`${url}/${id}/unmask`, { reason: '要联系家属送药' })
    expect(seen.body).toMatchObject({ visited: '李大爷', text: '李大爷的药快吃完了' })
    const opened = await runSystem(app.app, county, (cmd) =>
      cmd.tx.selectFrom('diaryUnmasking').selectAll().where('county', '=', county).where('diaryId', '=', id).execute(),
    )
    expect(opened).toHaveLength(1)
  })

  it('behind the mask is asked anew each time, whatever key the request carries', async () => {
    const { id } = await written({ visited: '王大爷', text: '王大爷住院了' })
    const proven = app.as({ id: holderId('villageSecretary', paths.village), secondFactorAt: app.clock.now() })
    const key = { 'idempotency-key': 'unmask-once-0001' }
    const ask = (who: typeof proven) => who.post(`${url}/${id}/unmask`, { reason: '要联系家属' }, key)
    expect((await ask(proven)).status).toBe(200)
    expect((await ask(secretary())).body).toMatchObject({ code: 'identity.second_factor_needed' })
    expect((await ask(proven)).status).toBe(200)
    const opened = await runSystem(app.app, county, ({ tx }) =>
      tx.selectFrom('diaryUnmasking').select('id').where('county', '=', county).where('diaryId', '=', id).execute(),
    )
    expect(opened).toHaveLength(2)
  })

  it.each([
    ['电话 +8613812345678', '电话 +8613****8'],
    ['电话 ０５７３-83110000，手机１３８１２３４５６７８', '电话 0573-****，手机138****5678'],
    ['卡号 6222021234567890123', '卡号 6222****3'],
    ['2026-11-20 09:12 来过，3 幢 1203 室', '2026-11-20 09:12 来过，3 幢 1203 室'],
  ])('shows others no number by which somebody is reached: %s', (text, shown) => {
    expect(maskWords({ text, visited: '', address: '' }).text).toBe(shown)
  })

  it('narrows by day, month, kind, place and author, page by page', async () => {
    for (const hour of ['01', '02', '03'])
      await written({ kind: 'water', metAt: `2026-10-08T${hour}:00:00Z`, text: `河道 ${hour}` })
    const first = await lead().get<DiaryPage>(`${url}/mine?month=2026-10&limit=2`)
    expect(first.body.items.map(({ text }) => text)).toEqual(['河道 03', '河道 02'])
    const rest = await lead().get<DiaryPage>(`${url}/mine?month=2026-10&limit=2&after=${first.body.next}`)
    expect(rest.body.items.map(({ text }) => text)).toEqual(['河道 01'])
    const day = await secretary().get<DiaryPage>(`${url}?day=2026-10-08&kind=water&area=${paths.right}`)
    expect(day.body.items).toHaveLength(3)
    expect((await secretary().get<DiaryPage>(`${url}?day=2026-10-09`)).body.items).toEqual([])
    expect((await secretary().get(`${url}?area=${paths.wrong}`)).status).toBe(403)
    expect((await secretary().get(`${url}?after=xyz`)).status).toBe(400)
    const month = await secretary().get<DiaryMonth>(`${url}/month?month=2026-10`)
    expect(month.body).toMatchObject({ total: 3, days: [{ on: '2026-10-08', count: 3 }] })
    expect(month.body.kinds).toEqual([{ kind: 'water', kindName: '治水', count: 3 }])
  })

  it('of the whole month as a workbook is for its holder alone', async () => {
    await written({ metAt: '2026-09-03T01:00:00Z', text: '=HYPERLINK("x")' })
    const answer = await app.http.inject({
      url: `${url}/mine/sheet?month=2026-09`,
      headers: { authorization: `Bearer ${lead().token}` },
    })
    expect(answer.statusCode).toBe(200)
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(new Uint8Array(answer.rawPayload).buffer)
    const sheet = book.worksheets[0]
    expect(sheet?.rowCount).toBe(2)
    expect(sheet?.getCell('A2').value).toBe('2026-09-03')
    // As text, never as a formula.
    expect(sheet?.getCell('F2').value).toBe('=HYPERLINK("x")')
  })
})

describe('correcting', () => {
  it('makes a new version; the one before stays', async () => {
    const { id } = await written({ text: '水管漏了' })
    const body = { kind: 'safety', text: '燃气管漏了', version: 1, reason: '记错了' }
    const corrected = await lead().post<DiaryView>(`${url}/${id}/corrections`, body)
    expect(corrected.body).toMatchObject({ text: '燃气管漏了', kindName: '平安', version: 2, corrections: 1 })
    const stale = await lead().post(`${url}/${id}/corrections`, body)
    expect(stale.body).toMatchObject({ code: 'kernel.stale' })
    const history = await lead().get<DiaryHistory>(`${url}/${id}/history`)
    expect(history.body.items.map(({ text, reason }) => [text, reason])).toEqual([
      ['燃气管漏了', '记错了'],
      ['水管漏了', ''],
    ])
    const why = { ...body, version: 2, visited: '王小明', reason: '王小明的电话是 13812345678，先前记错' }
    expect((await lead().post(`${url}/${id}/corrections`, why)).status).toBe(200)
    const above = await secretary().get<DiaryHistory>(`${url}/${id}/history`)
    expect(above.body.items[0]?.reason).toBe('王某某的电话是 138****5678，先前记错')
    const foreign = await secretary().post(`${url}/${id}/corrections`, { ...body, version: 3 })
    expect(foreign.body).toMatchObject({ code: 'duty.not_yours' })
  })
})

describe('becoming a case', () => {
  it('takes words, place, photos and whom one visited along, once, however often it is tapped', async () => {
    const fileId = await photo()
    const { id } = await written({
      text: '楼道灯不亮，老人摔过',
      visited: '周阿姨',
      address: '3 幢',
      fileIds: [fileId],
    })
    const taps = await Promise.all([1, 2, 3].map(() => lead().post<DiaryFiledAs>(`${url}/${id}/matter`)))
    expect(taps.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(taps.map(({ body }) => body.id)).size).toBe(1)
    const [{ number, id: matterId } = { number: '', id: '' }] = taps.map(({ body }) => body)
    expect(taps.filter(({ body }) => body.progressCode !== null)).toHaveLength(1)
    const matter = await lead().get<Matter>(`/api/v1/matters/${matterId}`)
    expect(matter.body).toMatchObject({
      text: '楼道灯不亮，老人摔过',
      address: '3 幢',
      areaPath: paths.right,
      category: '0602',
    })
    expect(matter.body.reporter.name).toBe('周**')
    expect(matter.body.files.map((file) => file.id)).toEqual([fileId])
    const shown = await lead().get<DiaryView>(`${url}/${id}`)
    expect(shown.body).toMatchObject({
      matter: { id: matterId, number, stateName: '待受理' },
      mayFile: false,
      fileIds: [fileId],
    })
    const named = await secretary().get<DiaryPage>(`${url}?matter=${matterId}`)
    expect(named.body.items.map((item) => item.id)).toEqual([id])
    const origin = (who: ReturnType<typeof lead>) => who.get<{ id: string | null }>(`${url}/origin?matter=${matterId}`)
    expect((await origin(lead())).body.id).toBe(id)
    expect((await origin(holder('departmentHandler', paths.town, 'cityCare'))).body.id).toBeNull()
    const late = await lead().post(`${url}/${id}/corrections`, { kind: 'care', text: '改', version: 2 })
    expect(late.body).toMatchObject({ code: 'duty.is_case' })
  })

  it('answers a repeat with the same key alike, code and all', async () => {
    const { id } = await written({ visited: '赵师傅' })
    const key = { 'idempotency-key': 'one-tap-0001' }
    const one = await lead().post<DiaryFiledAs>(`${url}/${id}/matter`, {}, key)
    const two = await lead().post<DiaryFiledAs>(`${url}/${id}/matter`, {}, key)
    expect(one.body.progressCode).toMatch(/^330411\./)
    expect(two.text).toBe(one.text)
  })

  it('is found on the round where nobody is named, under the category that one chooses', async () => {
    const { id } = await written()
    const filed = await lead().post<DiaryFiledAs>(`${url}/${id}/matter`, { category: '0201' })
    expect(filed.body.progressCode).toBeNull()
    const matter = await lead().get<Matter>(`/api/v1/matters/${filed.body.id}`)
    expect(matter.body).toMatchObject({ category: '0201', reporter: { label: '工作人员巡查发现', name: null } })
    const wrong = await lead().post(`${url}/${(await written()).id}/matter`, { category: 'none' })
    expect(wrong.body).toMatchObject({ code: 'loop.unknown_category' })
  })

  it('is for the author alone', async () => {
    const { id } = await written()
    expect((await secretary().post(`${url}/${id}/matter`)).body).toMatchObject({ code: 'duty.not_yours' })
    expect((await lead().post(`${url}/${uuidv7()}/matter`)).status).toBe(404)
  })

  it('shares its photos with those who handle the case, and no file goes anywhere else', async () => {
    const fileId = await photo()
    const { id } = await written({ fileIds: [fileId] })
    expect((await neighbour().get(`/api/v1/files/${fileId}`)).status).toBe(403)
    await lead().post(`${url}/${id}/matter`)
    const handler = holder('departmentHandler', paths.town, 'cityCare')
    expect((await handler.get(`/api/v1/files/${fileId}`)).status).toBe(200)
    const again = await lead().post('/api/v1/matters', {
      kind: 'event',
      category: '0201',
      text: '再用一次',
      areaPath: paths.right,
      fileIds: [fileId],
    })
    expect(again.body).toMatchObject({ code: 'files.already_attached' })
  })
})

describe('time', () => {
  it('reminds the author on the day of the follow-up, once, unless somebody was there already', async () => {
    const due = await written({ followUpOn: '2026-11-18', text: '回访药送到没有' })
    const gone = await written({ followUpOn: '2026-11-18' })
    await written({ followsId: gone.id, text: '已经去过' })
    expect((await lead().get<DiaryPage>(`${url}/mine?open=true`)).body.items.map(({ id }) => id)).toContain(due.id)
    expect(await sweepFollowUps(app.app, county)).toBe(0)
    app.clock.set('2026-11-18T01:00:00Z')
    expect(await sweepFollowUps(app.app, county)).toBe(1)
    expect(await sweepFollowUps(app.app, county)).toBe(0)
    await settleLedger(app.app, county)
    const inbox = await lead().get<{ items: { title: string; subject: object }[] }>('/api/v1/notify/inbox')
    expect(inbox.body.items).toContainEqual(
      expect.objectContaining({ title: '该回访了', subject: { kind: 'diary', id: due.id } }),
    )
  })

  it('deletes words and photos when their time is over, and the ledger still holds', async () => {
    const fileId = await photo()
    const { id } = await written({ visited: '不再记得的人', fileIds: [fileId], position: middleOf(paths.right) })
    app.clock.set('2029-11-25T01:00:00Z')
    expect(await forgetDiaries(app.app, county)).toBeGreaterThan(5)
    const left = await lead().get<DiaryView>(`${url}/${id}`)
    expect(left.body).toMatchObject({
      forgotten: true,
      text: '',
      visited: '',
      position: null,
      fileIds: [],
      kind: 'care',
    })
    expect((await lead().get(`/api/v1/files/${fileId}`)).status).toBe(404)
    expect((await lead().post(`${url}/${id}/matter`)).body).toMatchObject({ code: 'duty.forgotten' })
    const kept = await runSystem(app.app, county, (cmd) =>
      cmd.tx.selectFrom('diaryVersion').select('wordsSealed').where('county', '=', county).execute(),
    )
    expect(kept.every(({ wordsSealed }) => wordsSealed === null)).toBe(true)
    await settleLedger(app.app, county)
    expect((await verifyLedger(app.db, county)).findings).toEqual([])
  })
})

it('a county sorts its diaries by kinds of its own', async () => {
  const office = holder('gridOffice', paths.county)
  const kinds = [{ code: 'tea', zh: '茶话', en: 'Tea', category: '9999' }]
  const set = (value: unknown) =>
    office.ask(
      'PUT',
      '/api/v1/grid/settings/duty.diary',
      { value, version: 0 },
      { 'tongxin-purpose': 'administration' },
    )
  expect((await set({ kinds: [...kinds, ...kinds], keepDays: 365 })).status).toBe(400)
  expect((await set({ kinds, keepDays: 3 })).status).toBe(400)
  expect((await set({ kinds, keepDays: 365 })).status).toBe(200)
  const terms = await lead().get<{ kinds: { name: string }[] }>(`${url}/terms`)
  expect(terms.body.kinds.map(({ name }) => name)).toEqual(['茶话'])
  expect((await lead().post(url, entry)).body).toMatchObject({ code: 'duty.unknown_kind' })
})

it('nothing is ever deleted or rewritten by the application', async () => {
  await expect(
    runSystem(app.app, county, (cmd) => cmd.tx.deleteFrom('diaryEntry').where('county', '=', county).execute()),
  ).rejects.toMatchObject({ code: '42501' })
  await expect(
    runSystem(app.app, county, (cmd) => cmd.tx.deleteFrom('diaryVersion').where('county', '=', county).execute()),
  ).rejects.toMatchObject({ code: '42501' })
})
