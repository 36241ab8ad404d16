import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, middleOf, onBorder, outside, paths } from '../../test/support/ground.ts'
import { effectNames } from '../kernel/effects.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { silentLog } from '../kernel/log.ts'
import { settleLedger } from '../ledger/index.ts'
import type { Matter, Moved, Progress, Receipt } from './contract.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp(process.env['SHOW_ERRORS'] ? { log: { ...silentLog, error: console.error } } : {})
  await layGround(app)
})
afterAll(() => app.close())

const report = { kind: 'event', category: '0101', text: '红联村一组路口有垃圾没人清', position: middleOf(paths.right) }
const resident = () => app.as({ kind: 'resident', label: '居民' })
const holder = (role: string, path: string, unit = '') => app.as({ id: holderId(role, path, unit), label: role })
const lead = () => holder('microGridLead', paths.right)
const chief = () => holder('gridChief', paths.grid)
const dispatcher = () => holder('townDispatcher', paths.town)

async function reported(body: object = report): Promise<Receipt> {
  const answer = await resident().post<Receipt>('/api/v1/matters', body)
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const move = (who: { post: TestApp['nobody']['post'] }, id: string, body: object) =>
  who.post<Moved>(`/api/v1/matters/${id}/moves`, body)
const see = (who: { get: TestApp['nobody']['get'] }, id: string) => who.get<Matter>(`/api/v1/matters/${id}`)

describe('a report', () => {
  it('reaches the micro-grid head by its position, with a number, a code and a deadline that explains itself', async () => {
    const receipt = await reported()
    expect(receipt.areaPath).toBe(paths.right)
    expect(receipt.number).toMatch(/^330411-261116-\d{5}$/)
    expect(receipt.progressCode).toMatch(/^330411\./)
    expect(receipt.due?.sentence).toBeTruthy()
    const page = await see(lead(), receipt.id)
    expect(page.status, page.text).toBe(200)
    expect(page.body.moves.map((offer) => offer.move)).toContain('accept')
    expect(page.body.timeline).toHaveLength(1)
    const mine = await lead().get<{ items: { id: string }[] }>('/api/v1/matters?scope=mine&limit=100')
    expect(mine.body.items.map((item) => item.id)).toContain(receipt.id)
    const foreign = await see(holder('microGridLead', paths.wrong), receipt.id)
    expect(foreign.status).toBe(403)
  })

  it('asks for the micro-grid where the position is not certain, and takes the chosen one', async () => {
    const asked = await resident().post('/api/v1/matters', { ...report, position: onBorder })
    expect(asked.status).toBe(422)
    expect(asked.body).toMatchObject({ code: 'loop.place_needed' })
    const candidates = (asked.body['params'] as { candidates: { path: string }[] }).candidates.map(({ path }) => path)
    expect(candidates).toEqual(expect.arrayContaining([paths.right, paths.beside]))
    const chosen = await reported({ ...report, position: onBorder, areaPath: paths.beside })
    expect(chosen.areaPath).toBe(paths.beside)
  })

  it.each([
    ['outside any area', { ...report, position: outside }, 422, 'loop.outside_area'],
    ['no position', { ...report, position: undefined }, 422, 'loop.place_needed'],
    ['an area that is not there', { ...report, areaPath: `${paths.village}/G999` }, 404, 'grid.unknown_area'],
    ['a category that is not there', { ...report, category: 'constructor' }, 400, 'loop.unknown_category'],
    ['nothing but unseen marks', { ...report, text: '\u202e\u200b ' }, 400, 'kernel.invalid_input'],
    ['2,001 characters', { ...report, text: '字'.repeat(2001) }, 400, 'kernel.invalid_input'],
    ['a text of 1 MB', { ...report, text: '字'.repeat(400_000) }, 413, 'kernel.too_large'],
    ['a field nobody knows', { ...report, admin: true }, 400, 'kernel.invalid_input'],
  ])('is refused with %s in clear words', async (_name, body, status, code) => {
    const answer = await resident().post('/api/v1/matters', body)
    expect(answer.status, answer.text).toBe(status)
    expect(answer.body).toMatchObject({ code })
    expect(String(answer.body['title'])).toMatch(/[\u4e00-\u9fff]/)
  })

  it('keeps emoji and loses marks that turn the text round', async () => {
    const receipt = await reported({ ...report, text: '路灯坏了 👨‍👩‍👧 \u202e反\u202c着' })
    const page = await see(lead(), receipt.id)
    expect(page.body.text).toBe('路灯坏了 👨‍👩‍👧 反着')
  })

  it('is there once, however often it is sent', async () => {
    const who = resident()
    const body = { ...report, id: uuidv7(), text: '双击提交' }
    const key = { 'idempotency-key': 'double-tap-0001' }
    const [one, two, three] = await Promise.all([
      who.post<Receipt>('/api/v1/matters', body, key),
      who.post<Receipt>('/api/v1/matters', body, key),
      who.post<Receipt>('/api/v1/matters', body, key),
    ])
    expect([one.status, two.status, three.status]).toEqual([201, 201, 201])
    expect(new Set([one.text, two.text, three.text]).size).toBe(1)
    const other = await who.post('/api/v1/matters', { ...body, text: '换了内容' }, key)
    expect(other.status).toBe(422)
    const later = await who.post<Receipt>('/api/v1/matters', body)
    expect(later.body).toMatchObject({ id: body.id, progressCode: null })
    expect((await resident().post('/api/v1/matters', body)).body).toMatchObject({ code: 'kernel.conflict' })
  })

  it('on somebody’s behalf needs their number and the grant at the place', async () => {
    const clerk = holder('clerk', paths.town)
    const without = await clerk.post('/api/v1/matters', { ...report, contact: { channel: 'phone' } })
    expect(without.body).toMatchObject({ code: 'loop.contact_needed' })
    const nameOnly = await clerk.post('/api/v1/matters', { ...report, contact: { name: '没有手机的李阿婆' } })
    expect(nameOnly.status, nameOnly.text).toBe(201)
    expect(nameOnly.body['progressCode']).toMatch(/^330411\./)
    const wrong = await clerk.post('/api/v1/matters', { ...report, contact: { name: '王大爷', phone: '12345' } })
    expect(wrong.body).toMatchObject({ code: 'kernel.invalid_input' })
    const contact = { name: '王大爷', phone: '+86 138 1234 5678', channel: 'visit' }
    const elsewhere = await clerk.post('/api/v1/matters', { ...report, position: middleOf(paths.wrong), contact })
    expect(elsewhere.status).toBe(403)
    const taken = await clerk.post<Receipt>('/api/v1/matters', { ...report, contact })
    expect(taken.status, taken.text).toBe(201)
    expect(taken.body.progressCode).toBeNull()
    const page = await see(lead(), taken.body.id)
    expect(page.body.reporter).toMatchObject({ name: '王**', phone: '138****5678' })
    expect(page.text).not.toContain('13812345678')
  })
})

/** Walks a fresh matter to a state by the people whose steps they are. */
async function walked(to: 'accepted' | 'filed' | 'handling'): Promise<{ id: string; version: number; code: string }> {
  const receipt = await reported({ ...report, text: '两家为宅基地边界争吵' })
  let version = 1
  const step = async (who: ReturnType<typeof lead>, body: object) => {
    const answer = await move(who, receipt.id, { version, ...body })
    expect(answer.status, answer.text).toBe(200)
    version = answer.body.version
  }
  const page = await see(dispatcher(), receipt.id)
  if (page.body.state === 'reported') await step(lead(), { move: 'accept' })
  if (to === 'accepted') return { id: receipt.id, version, code: receipt.progressCode! }
  await step(lead(), { move: 'file', form: { note: '需要部门处理' } })
  if (to === 'filed') return { id: receipt.id, version, code: receipt.progressCode! }
  const offer = (await see(dispatcher(), receipt.id)).body.moves.find(({ move: name }) => name === 'dispatch')
  const target = offer!.targets.find(({ unit }) => unit === 'cityCare')!
  await step(dispatcher(), {
    move: 'dispatch',
    form: {},
    target: { role: target.role, unit: target.unit, areaPath: target.areaPath },
  })
  return { id: receipt.id, version, code: receipt.progressCode! }
}

describe('a move', () => {
  it('is refused when it is not legal, stale, not in hand, or elsewhere', async () => {
    const { id, version } = await walked('accepted')
    expect((await move(lead(), id, { move: 'accept', version })).body).toMatchObject({ code: 'packs.no_such_move' })
    expect((await move(lead(), id, { move: 'constructor', version })).body).toMatchObject({
      code: 'packs.no_such_move',
    })
    expect((await move(lead(), id, { move: 'file', version: version - 1 })).body).toMatchObject({
      code: 'kernel.stale',
    })
    expect((await move(holder('microGridLead', paths.beside), id, { move: 'file', version })).status).toBe(403)
    expect((await move(chief(), id, { move: 'file', version })).body).toMatchObject({ code: 'loop.not_holder' })
    expect((await move(lead(), uuidv7(), { move: 'file', version })).status).toBe(404)
  })

  it('has one winner when two move at once', async () => {
    const { id, version } = await walked('filed')
    const offer = (await see(dispatcher(), id)).body.moves.find(({ move: name }) => name === 'dispatch')!
    const [first, second] = offer.targets.filter(({ role }) => role === 'departmentHandler')
    const send = (target: typeof first) =>
      move(dispatcher(), id, {
        move: 'dispatch',
        version,
        form: {},
        target: { role: target!.role, unit: target!.unit, areaPath: target!.areaPath },
      })
    const answers = await Promise.all([send(first), send(second)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const page = await see(dispatcher(), id)
    expect(page.body.timeline.filter((item) => item.version === version + 1)).toHaveLength(1)
  })

  it('goes only to a post that was offered', async () => {
    const { id, version } = await walked('filed')
    const away = await move(dispatcher(), id, {
      move: 'dispatch',
      version,
      form: {},
      target: { role: 'departmentHandler', unit: 'cityCare', areaPath: paths.otherTown },
    })
    expect(away.body).toMatchObject({ code: 'loop.bad_target' })
    const nobody = await move(dispatcher(), id, { move: 'dispatch', version, form: {} })
    expect(nobody.body).toMatchObject({ code: 'loop.bad_target' })
  })
})

describe('a whistle call', () => {
  it('tells the departments named, once, and takes their opinions without moving the matter', async () => {
    const { id, version } = await walked('filed')
    const form = { units: ['cityCare', 'safety'], question: '谁来牵头' }
    const called = await move(dispatcher(), id, { move: 'whistle', version, form })
    expect(called.status, called.text).toBe(200)
    await settleLedger(app.app, '330411')
    const inbox = () =>
      holder('departmentHandler', paths.town, 'safety').get<{
        items: { subject: { id: string } | null; title: string }[]
      }>('/api/v1/notify/inbox')
    const about = (await inbox()).text.split(id).length - 1
    expect(about).toBe(1)
    await settleLedger(app.app, '330411')
    expect((await inbox()).text.split(id).length - 1).toBe(about)
    const safety = holder('departmentHandler', paths.town, 'safety')
    const opinion = { move: 'respond', version: version + 1, form: { ours: 'assist', opinion: '我们配合' } }
    const answered = await move(safety, id, opinion)
    expect(answered.status, answered.text).toBe(200)
    expect(answered.body.state).toBe('jointReview')
    expect((await move(holder('clerk', paths.town), id, { ...opinion, version: version + 2 })).status).toBe(403)
  })

  it('has a handler for every effect that a pack may name', () => {
    expect(app.app.ports.effects.map(({ name }) => name).toSorted()).toEqual([...effectNames].toSorted())
  })
})

describe('what a phone sends again', () => {
  const tenDays = 10 * 86_400_000
  const photoOf = async (who: ReturnType<typeof lead>, id: string): Promise<void> => {
    const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#222' } })
      .jpeg()
      .toBuffer()
    const answer = await app.http.inject({
      method: 'POST',
      url: `/api/v1/files?id=${id}&name=a.jpg`,
      headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/octet-stream' },
      payload: bytes,
    })
    expect(answer.statusCode, answer.body).toBe(201)
  }

  it('is one report with its files after ten days too, when no idempotency row is left', async () => {
    const before = app.clock.now()
    const who = resident()
    const fileIds = [uuidv7(before), uuidv7(before), uuidv7(before)]
    for (const id of fileIds) await photoOf(who, id)
    const body = { ...report, id: uuidv7(before), text: ' 没网时拍的三张照片 ', fileIds }
    const key = { 'idempotency-key': `phone-${body.id}` }
    const first = await who.post<Receipt>('/api/v1/matters', body, key)
    expect(first.status, first.text).toBe(201)
    const soon = await who.post<Receipt>('/api/v1/matters', body, key)
    expect(soon.body).toEqual(first.body)
    app.clock.advance(tenDays)
    await forgetKeys()
    for (const id of fileIds) await photoOf(who, id)
    const late = await who.post<Receipt>('/api/v1/matters', body, key)
    expect([late.status, late.body.number, late.body.progressCode]).toEqual([201, first.body.number, null])
    const page = await see(lead(), body.id)
    expect([page.body.timeline.length, page.body.files.length]).toEqual([1, 3])
    const another = await who.post('/api/v1/matters', { ...body, text: '换了内容' })
    expect(another.body).toMatchObject({ code: 'kernel.conflict' })
    expect((await resident().post('/api/v1/matters', { ...body, fileIds: [] })).body).toMatchObject({
      code: 'kernel.conflict',
    })
    app.clock.set(before)
  })

  it('is one move and one remark after ten days too, though others went on', async () => {
    const before = app.clock.now()
    const { id } = await reported()
    const accept = { id: uuidv7(before), move: 'accept', version: 1 }
    expect((await move(lead(), id, accept)).status).toBe(200)
    const remark = { id: uuidv7(before), text: '到楼下看过，灯杆倾斜' }
    const remarked = await lead().post(`/api/v1/matters/${id}/remarks`, remark)
    expect([remarked.status, remarked.body['version']]).toEqual([200, 3])
    const counting = await lead().post(`/api/v1/matters/${id}/remarks`, remark, { 'tongxin-purpose': 'statistics' })
    expect(counting.body).toMatchObject({ code: 'kernel.wrong_purpose' })
    // A remark makes nobody's page stale.
    expect((await move(lead(), id, { move: 'file', version: 2 })).status).toBe(200)
    app.clock.advance(tenDays)
    await forgetKeys()
    const late = await move(lead(), id, accept)
    expect([late.status, late.body.state]).toEqual([200, 'filed'])
    expect((await lead().post(`/api/v1/matters/${id}/remarks`, remark)).body).toMatchObject({ version: 3 })
    const stale = await move(lead(), id, { ...accept, id: uuidv7(before) })
    expect(stale.body).toMatchObject({ code: 'kernel.stale' })
    expect((await move(chief(), id, accept)).body).toMatchObject({ code: 'kernel.stale' })
    const page = await see(lead(), id)
    expect(page.body.timeline.map(({ event }) => event).filter((event) => event !== 'matter.reminded')).toEqual([
      'matter.reported',
      'matter.moved',
      'matter.remarked',
      'matter.moved',
    ])
    app.clock.set(before)
  })
})

/** What housekeeping does with idempotency rows of a week ago. */
const forgetKeys = () =>
  app.app.db.transaction('330411', (tx) =>
    tx.deleteFrom('idempotency').where('county', '=', '330411').where('at', '<', app.clock.now()).execute(),
  )

describe('overdue', () => {
  it('is told once a level, goes up along the posts, and makes no page stale', async () => {
    const receipt = await reported({ ...report, text: '没人受理会怎样' })
    const { sweepCounty } = await import('./index.ts')
    await sweepCounty(app.app, '330411')
    const before = app.clock.now()
    app.clock.advance(8 * 3_600_000)
    for (let round = 0; round < 3; round++) await sweepCounty(app.app, '330411')
    app.clock.advance(24 * 3_600_000)
    for (let round = 0; round < 3; round++) await sweepCounty(app.app, '330411')
    const page = await see(dispatcher(), receipt.id)
    const late = page.body.timeline.filter((item) => item.event === 'matter.overdue')
    expect(late).toHaveLength(2)
    expect(page.body.overdue).toBe(true)
    const listed = await dispatcher().get<{ items: { id: string }[] }>('/api/v1/matters?scope=overdue&limit=100')
    expect(listed.body.items.map((item) => item.id)).toContain(receipt.id)
    const accepted = await move(lead(), receipt.id, { move: 'accept', version: 1 })
    expect(accepted.status, accepted.text).toBe(200)
    app.clock.set(before)
  })
})

describe('progress', () => {
  it('is seen with the code and by nobody without it', async () => {
    const { code, id } = await walked('handling')
    const shown = await app.nobody.get<Progress>(`/api/v1/progress/${code}`)
    expect(shown.status, shown.text).toBe(200)
    expect(shown.body.steps.length).toBeGreaterThanOrEqual(3)
    expect(shown.text).not.toContain(id)
    expect((await app.nobody.get('/api/v1/progress/330411.AAAA-AAAA-AAAA')).status).toBe(404)
    expect((await app.nobody.post(`/api/v1/progress/${code}/rating`, { score: 'satisfied' })).body).toMatchObject({
      code: 'loop.rating_too_early',
    })
  })

  it('takes a matter up again in the same act as a bad rating, where the reporter asks for it', async () => {
    const { id, progressCode } = await reported({ ...report, category: '0301' })
    const steps: [ReturnType<typeof lead>, string, object][] = [
      [lead(), 'accept', {}],
      [lead(), 'solve', { result: '双方说好了' }],
      [chief(), 'verify', { seen: 'onSite' }],
      [dispatcher(), 'close', {}],
    ]
    for (const [index, [who, name, form]] of steps.entries()) {
      const answer = await move(who, id, { move: name, version: index + 1, form })
      expect(answer.status, answer.text).toBe(200)
    }
    const rating = { score: 'unsatisfied', comment: '第二天又吵了', reopen: true }
    const rated = await app.nobody.post<Progress>(`/api/v1/progress/${progressCode}/rating`, rating)
    expect(rated.status, rated.text).toBe(200)
    expect(rated.body).toMatchObject({ closedAt: null, rating: { score: 'unsatisfied' } })
    expect((await see(dispatcher(), id)).body.timeline.map(({ event }) => event).slice(-2)).toEqual([
      'matter.rated',
      'matter.moved',
    ])
  })
})
