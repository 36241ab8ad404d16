import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { doorId, layDoors, layHome, moveIn } from '../../../test/support/doors.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { settleLedger, verifyLedger } from '../../ledger/index.ts'
import type { Matter } from '../../loop/contract.ts'
import type { Household } from '../households/contract.ts'
import type {
  Campaign,
  ConflictPage,
  Coverage,
  DoorPage,
  Figures,
  GapPage,
  RecordVisit,
  Round,
  StewardPeople,
  VisitPage,
  VisitView,
} from './contract.ts'
import { forgetVisits } from './jobs.ts'
import { followRegistry, walkCampaigns } from './targets.ts'

const url = '/api/v1/visits'
let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  await layDoors(app)
})
afterAll(() => app.close())

const holder = (role: string, path: string, unit = '') => app.as({ id: holderId(role, path, unit), label: role })
const lead = () => holder('microGridLead', paths.right)
const neighbour = () => holder('microGridLead', paths.beside)
const secretary = () => holder('villageSecretary', paths.village)
const force = (label: string, actions: string[]) =>
  app.as({ label, grants: actions.map((action) => ({ action, path: paths.village })) })

const everybody = { uses: [], kinds: [], tags: [], ageFrom: null, ageUntil: null }
const days = { fromOn: '2026-11-01', untilOn: '2026-12-31' }
const campaign = { name: '秋季敲门行动', areaPaths: [paths.village], who: everybody, questions: [], ...days }
const smoke = {
  code: 'alarm',
  label: '家里装了烟感吗',
  widget: 'radio',
  options: [
    { value: 'yes', label: '装了' },
    { value: 'no', label: '没装' },
  ],
  required: true,
}

async function opened(body: object = {}): Promise<Campaign> {
  const answer = await secretary().post<Campaign>(`${url}/campaigns`, { ...campaign, ...body })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

const at = (door: string) => ({ premisesId: doorId(`premises ${door}`), householdId: doorId(`household ${door}`) })
const met = (...names: string[]) => names.map((name) => ({ personId: doorId(name), fate: 'met' }))

async function recorded(body: object, who = lead()): Promise<VisitView> {
  const answer = await who.post<VisitView>(url, { result: 'visited', ...body })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

const coverage = async (id: string, area: string = paths.village, who = secretary()): Promise<Coverage> =>
  (await who.get<Coverage>(`${url}/campaigns/${id}/coverage?area=${area}`)).body

/** The same figures, counted the long way from the rows themselves. */
async function countedRows(id: string): Promise<Figures> {
  const [targets, people] = await runSystem(app.app, county, (cmd) =>
    Promise.all([
      cmd.tx.selectFrom('visitTarget').selectAll().where('county', '=', county).where('campaignId', '=', id).execute(),
      cmd.tx
        .selectFrom('visitTargetPerson')
        .selectAll()
        .where('county', '=', county)
        .where('campaignId', '=', id)
        .execute(),
    ]),
  )
  const wanted = targets.filter(({ wanted: is }) => is)
  const missingAt = (subject: string) => people.filter((row) => row.subjectId === subject && row.fate === null).length
  const standing = (row: (typeof wanted)[number]): keyof Figures =>
    row.result === null
      ? 'open'
      : row.result !== 'visited'
        ? (row.result as 'refused')
        : missingAt(row.subjectId) > 0
          ? 'person'
          : row.answered
            ? 'done'
            : 'questions'
  const of = (name: keyof Figures) => wanted.filter((row) => standing(row) === name).length
  const inside = new Set(wanted.map(({ subjectId }) => subjectId))
  const expected = people.filter(({ subjectId }) => inside.has(subjectId))
  return {
    doors: wanted.length,
    done: of('done'),
    open: of('open'),
    nobodyHome: of('nobodyHome'),
    refused: of('refused'),
    person: of('person'),
    questions: of('questions'),
    persons: expected.length,
    missing: expected.filter(({ fate }) => fate === null).length,
  }
}

describe('a campaign', () => {
  it('concerns every household, everybody who lives outside one, and premises without anybody', async () => {
    const made = await opened()
    expect(made.figures).toMatchObject({ doors: 7, open: 7, done: 0, persons: 7, missing: 7 })
    expect(made).toMatchObject({ filled: true, moves: ['pause', 'close'], state: 'open' })
    expect(await countedRows(made.id)).toEqual(made.figures)
    const preview = await secretary().post(`${url}/campaigns/preview`, { areaPaths: [paths.village], who: everybody })
    expect(preview.body).toEqual({ doors: 7, households: 4, persons: 7 })
  })

  it.each([
    ['let flats', { uses: ['let'] }, { doors: 2, persons: 3 }],
    ['shops', { uses: ['merchant'] }, { doors: 1, persons: 0 }],
    ['those over sixty by tag', { tags: ['over60'] }, { doors: 2, persons: 2 }],
    ['those over seventy by age', { ageFrom: 70 }, { doors: 2, persons: 3 }],
    ['new residents’ households', { kinds: ['floating'] }, { doors: 1, persons: 2 }],
  ])('over %s concerns those and no others', async (_name, who, figures) => {
    const made = await opened({ who: { ...everybody, ...who } })
    expect(made.figures).toMatchObject(figures)
    expect(await countedRows(made.id)).toEqual(made.figures)
  })

  it.each([
    ['days the wrong way round', { fromOn: '2026-12-01', untilOn: '2026-11-01' }, 400, 'registry.campaign_days'],
    ['a place of somebody else', { areaPaths: [paths.otherTown] }, 403, 'kernel.forbidden'],
    ['a place that is not there', { areaPaths: [`${paths.village}/G009`] }, 404, 'grid.unknown_area'],
    ['two questions of one code', { questions: [smoke, smoke] }, 400, 'registry.question_twice'],
    ['a choice without choices', { questions: [{ ...smoke, options: [] }] }, 400, 'registry.choices_needed'],
    ['a field nobody knows', { admin: true }, 400, 'kernel.invalid_input'],
  ])('is refused with %s in clear words', async (_name, body, status, code) => {
    const answer = await secretary().post(`${url}/campaigns`, { ...campaign, ...body })
    expect(answer.body).toMatchObject({ code })
    expect(answer.status, answer.text).toBe(status)
    expect(String(answer.body['title'])).toMatch(/[\u4e00-\u9fff]/)
  })

  it('is one, however often it is opened, and is paused and closed by versions', async () => {
    const id = uuidv7()
    const [one, two] = [await opened({ id }), await opened({ id })]
    expect(one.id).toBe(two.id)
    const move = (name: string, version: number) =>
      secretary().post<Campaign>(`${url}/campaigns/${id}/moves`, { move: name, version })
    expect((await move('pause', 1)).body).toMatchObject({ state: 'paused', version: 2 })
    expect((await move('close', 1)).body).toMatchObject({ code: 'kernel.stale' })
    expect((await move('pause', 2)).body).toMatchObject({ code: 'registry.campaign_move' })
    expect((await move('close', 2)).body).toMatchObject({ state: 'closed', moves: [] })
    expect((await move('resume', 3)).body).toMatchObject({ code: 'registry.campaign_closed' })
    expect((await lead().post(`${url}/campaigns/${id}/moves`, { move: 'close', version: 3 })).status).toBe(403)
  })

  it('takes in new households, newcomers and those who leave as the registry changes', async () => {
    const made = await opened({ name: '跟着登记走' })
    await runSystem(app.app, county, (cmd) =>
      layHome(cmd, {
        door: '3-101',
        path: paths.right,
        use: 'ownerOccupied',
        kind: 'registered',
        people: [{ name: '新来一户', born: '1970-01-01' }],
      }),
    )
    await walkCampaigns(app.app, county)
    expect((await coverage(made.id)).total).toMatchObject({ doors: 8, persons: 8, missing: 8 })
    await recorded({ ...at('3-101'), people: met('新来一户') })
    await runSystem(app.app, county, (cmd) =>
      moveIn(cmd, { door: '3-101', path: paths.right, person: { name: '后来的人', born: '1999-01-01' } }),
    )
    await walkCampaigns(app.app, county)
    expect((await coverage(made.id)).total).toMatchObject({ doors: 8, persons: 9, missing: 8, person: 1, done: 0 })
    await runSystem(app.app, county, async (cmd) => {
      const left = cmd.tx.updateTable('residence').set({ untilOn: '2026-11-01' }).where('county', '=', county)
      await left.where('personId', 'in', [doorId('后来的人'), doorId('新来一户')]).execute()
      const gone = cmd.tx.updateTable('household').set({ closedAt: cmd.now }).where('county', '=', county)
      await gone.where('id', '=', doorId('household 3-101')).execute()
      const closed = cmd.tx.updateTable('premises').set({ closedAt: cmd.now }).where('county', '=', county)
      await closed.where('id', '=', doorId('premises 3-101')).execute()
    })
    await walkCampaigns(app.app, county)
    const { total } = await coverage(made.id)
    expect(total).toMatchObject({ doors: 7, persons: 7 })
    expect(await countedRows(made.id)).toEqual(total)
  })
})

describe('a visit', () => {
  it('fills every campaign that wants the door, whoever of the three forces went', async () => {
    const [one, two] = [await opened({ name: '第一项' }), await opened({ name: '第二项', questions: [smoke] })]
    const police = force('社区民警', ['registry.visit', 'registry.read'])
    const visit = await recorded(
      {
        ...at('1-101'),
        people: met('沈建国', '王秀英'),
        duties: ['safety', 'baseData', 'followUp'],
        text: '电话 13857312345',
      },
      police,
    )
    expect(visit.campaigns).toBeGreaterThanOrEqual(2)
    expect(visit.duties.map(({ code }) => code)).toEqual(['baseData', 'safety'])
    const seen = await lead().get<VisitPage>(`${url}?premises=${doorId('premises 1-101')}`)
    expect(seen.body.items[0]).toMatchObject({ id: visit.id, text: '电话 138****2345', mine: false })
    expect((await coverage(one.id)).total).toMatchObject({ done: 1, open: 6, missing: 5 })
    expect((await coverage(two.id)).total).toMatchObject({ done: 0, questions: 1, missing: 5 })
    await recorded({ ...at('1-101'), answers: [{ campaignId: two.id, values: { alarm: 'yes' } }] })
    const after = (await coverage(two.id)).total
    expect(after).toMatchObject({ done: 1, questions: 0 })
    expect(await countedRows(two.id)).toEqual(after)
  })

  it('is one visit, however often and however late the phone hands it in', async () => {
    const made = await opened({ name: '只算一次' })
    const id = uuidv7()
    const body = { id, ...at('1-201'), result: 'nobodyHome', nextOn: '2026-11-20' }
    const answers = await Promise.all([1, 2, 3].map(() => lead().post<VisitView>(url, body)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    const gaps = await lead().get<GapPage>(`${url}/campaigns/${made.id}/gaps?standing=nobodyHome`)
    expect(gaps.body.items).toMatchObject([
      { tries: 1, nextOn: '2026-11-20', address: '红联新苑1幢201', head: '陈阿婆' },
    ])
    const stranger = await neighbour().post(url, { id, ...at('9-101'), result: 'visited' })
    expect(stranger.body).toMatchObject({ code: 'kernel.conflict' })
  })

  it('is not undone by an older one that comes in later, nor by nobody being home later on', async () => {
    const made = await opened({ name: '先后', fromOn: '2026-01-01' })
    await recorded({ ...at('1-201'), people: met('陈阿婆'), metAt: '2026-11-15T02:00:00Z' })
    await recorded({ ...at('1-201'), result: 'nobodyHome', metAt: '2026-11-14T02:00:00Z', nextOn: '2026-11-16' })
    await recorded({ ...at('1-201'), result: 'refused' })
    expect((await coverage(made.id)).total).toMatchObject({ done: 1, refused: 0, nobodyHome: 0 })
    await expectDone(made.id)
  })

  const expectDone = async (id: string) => expect(await countedRows(id)).toEqual((await coverage(id)).total)

  it('counts into a campaign that was closed after it was made, and not into one closed before', async () => {
    const made = await opened({ name: '已结束' })
    const moved = await secretary().post<Campaign>(`${url}/campaigns/${made.id}/moves`, { move: 'close', version: 1 })
    expect(moved.body.state).toBe('closed')
    await recorded({ ...at('1-201'), people: met('陈阿婆'), metAt: '2026-11-15T02:00:00Z' })
    expect((await coverage(made.id)).total).toMatchObject({ done: 1 })
    app.clock.advance(60_000)
    await recorded({ ...at('1-101'), people: met('沈建国', '王秀英') })
    expect((await coverage(made.id)).total).toMatchObject({ done: 1 })
  })

  it.each([
    ['tomorrow', { metAt: '2026-11-30T02:00:00Z' }, 400, 'registry.met_later'],
    ['a next attempt before it', { result: 'refused', nextOn: '2026-11-01' }, 400, 'registry.next_past'],
    ['premises that never were', { premisesId: uuidv7() }, 404, 'kernel.not_found'],
    ['somebody else’s micro-grid', at('9-101'), 403, 'kernel.forbidden'],
    ['a file that is not there', { fileIds: [uuidv7()] }, 404, 'kernel.not_found'],
    [
      'a phone that is none',
      { corrections: [{ kind: 'phone', personId: doorId('沈建国'), basedOn: 1, phone: '123' }] },
      400,
      'registry.phone_invalid',
    ],
  ])('is refused with %s, and nothing is left behind', async (_name, body, status, code) => {
    const before = await lead().get<VisitPage>(`${url}?limit=100`)
    const answer = await lead().post(url, { ...at('1-101'), result: 'visited', ...body })
    expect(answer.body).toMatchObject({ code })
    expect(answer.status).toBe(status)
    const after = await lead().get<VisitPage>(`${url}?limit=100`)
    expect(after.body.items.length).toBe(before.body.items.length)
  })

  it('asks the questions of the campaign and names the field that is wrong', async () => {
    const made = await opened({ name: '问答', questions: [smoke] })
    const answer = await lead().post(url, {
      ...at('1-101'),
      result: 'visited',
      answers: [{ campaignId: made.id, values: { alarm: 'maybe' } }],
    })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('form.alarm')
  })

  it('becomes a case with one tap, once, and only its own maker can do that', async () => {
    const visit = await recorded({ ...at('1-102'), text: '楼道里飞线充电' })
    const body = { category: '0402', text: '楼道里飞线充电，请来看看' }
    const filed = await lead().post<{ id: string; number: string }>(`${url}/${visit.id}/matter`, body)
    const again = await lead().post<{ id: string }>(`${url}/${visit.id}/matter`, body)
    expect(filed.status, filed.text).toBe(200)
    expect(again.body.id).toBe(filed.body.id)
    expect((await secretary().post(`${url}/${visit.id}/matter`, body)).body).toMatchObject({
      code: 'registry.not_your_visit',
    })
    const matter = await lead().get<Matter>(`/api/v1/matters/${filed.body.id}`)
    expect(matter.body).toMatchObject({ address: '红联新苑1幢102', areaPath: paths.right })
    const shown = await lead().get<VisitView>(`${url}/${visit.id}`)
    expect(shown.body).toMatchObject({ matter: { number: filed.body.number }, mayFile: false })
  })

  it('is seen by nobody without a post there', async () => {
    const visit = await recorded(at('1-101'))
    expect((await neighbour().get(`${url}/${visit.id}`)).status).toBe(403)
    expect((await app.as({ kind: 'resident' }).get(`${url}/${visit.id}`)).status).toBe(403)
    expect((await app.nobody.get(`${url}/${visit.id}`)).status).toBe(401)
    const theirs = await neighbour().get<VisitPage>(url)
    expect(theirs.text).not.toContain(visit.id)
    expect((await neighbour().get(`${url}/doors?area=${paths.right}`)).status).toBe(403)
    expect((await neighbour().get<GapPage>(`${url}/campaigns/${(await opened()).id}/gaps`)).body.items).toHaveLength(1)
  })
})

describe('what is found at the door', () => {
  const phone = (personId: string, basedOn: number, number: string) => ({
    kind: 'phone',
    personId,
    basedOn,
    phone: number,
  })
  const versionOf = async (name: string): Promise<number> => {
    const doors = await lead().get<DoorPage>(`${url}/doors?area=${paths.right}`)
    const people = doors.body.items.flatMap(({ subjects }) => subjects.flatMap((subject) => subject.people))
    return people.find((person) => person.name === name)!.version
  }
  const phoneOf = async (name: string) => {
    const doors = await lead().get<DoorPage>(`${url}/doors?area=${paths.right}`)
    return doors.body.items
      .flatMap(({ subjects }) => subjects.flatMap(({ people }) => people))
      .find((p) => p.name === name)?.phone
  }

  it('goes into the registry: a phone, somebody who left, somebody new, another use', async () => {
    const made = await opened({ name: '当场更正' })
    const newcomer = uuidv7()
    const visit = await recorded({
      ...at('1-102'),
      people: met('李强'),
      corrections: [
        phone(doorId('李强'), 1, '139 5730 0009'),
        { kind: 'left', personId: doorId('赵敏'), basedOn: 1, on: '2026-11-10' },
        { kind: 'joined', id: newcomer, name: '孙倩', relation: 'tenant' },
        { kind: 'use', basedOn: 1, use: 'ownerOccupied' },
      ],
    })
    expect(visit).toMatchObject({ corrections: 4, conflicts: 0 })
    const doors = await lead().get<DoorPage>(`${url}/doors?area=${paths.right}`)
    const door = doors.body.items.find(({ premisesId }) => premisesId === doorId('premises 1-102'))!
    expect(door).toMatchObject({ use: 'ownerOccupied', version: 2 })
    const family = door.subjects.find(({ householdId }) => householdId !== null)!
    expect(family.people.map(({ name, phone: number }) => [name, number]).toSorted()).toEqual([
      ['孙倩', ''],
      ['李强', '139****0009'],
    ])
    const total = (await coverage(made.id)).total
    expect(total).toMatchObject({ done: 1, persons: 7, missing: 5 })
    expect(await countedRows(made.id)).toEqual(total)
  })

  it('keeps what two phones say of the same person, until somebody decides; nothing is written over', async () => {
    const id = doorId('沈建国')
    const version = await versionOf('沈建国')
    const [one, two] = await Promise.all([
      lead().post<VisitView>(url, {
        ...at('1-101'),
        result: 'visited',
        corrections: [phone(id, version, '13900000001')],
      }),
      secretary().post<VisitView>(url, {
        ...at('1-101'),
        result: 'visited',
        corrections: [phone(id, version, '13900000002')],
      }),
    ])
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.body.conflicts + two.body.conflicts).toBe(1)
    const first = await phoneOf('沈建国')
    const open = await secretary().get<ConflictPage>(`${url}/conflicts`)
    expect(open.body.items).toHaveLength(1)
    const [conflict] = open.body.items
    expect(conflict).toMatchObject({
      kind: 'phone',
      reason: 'changed',
      subjectName: '沈建国',
      standing: first,
      mayTake: true,
    })
    expect(conflict!.proposed).not.toBe(first)
    const decide = (body: object, who = secretary()) => who.post(`${url}/conflicts/${conflict!.id}/decision`, body)
    expect((await decide({ take: true, recordVersion: conflict!.recordVersion }, neighbour())).status).toBe(403)
    expect((await decide({ take: true, recordVersion: 1 })).body).toMatchObject({ code: 'registry.conflict_stale' })
    const race = await Promise.all([1, 2].map(() => decide({ take: true, recordVersion: conflict!.recordVersion })))
    expect(race.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(await phoneOf('沈建国')).toBe(conflict!.proposed)
    expect((await secretary().get<ConflictPage>(`${url}/conflicts`)).body.items).toEqual([])
  })

  it('is no conflict where two phones saw the same, or something else of the person was changed', async () => {
    const id = doorId('陈阿婆')
    const version = await versionOf('陈阿婆')
    const same = { ...at('1-201'), corrections: [phone(id, version, '13900000003')] }
    expect((await recorded(same)).conflicts).toBe(0)
    expect((await recorded(same, secretary())).conflicts).toBe(0)
    await runSystem(app.app, county, async (cmd) => {
      const older = cmd.tx
        .updateTable('person')
        .set({ version: version + 2 })
        .where('county', '=', county)
      await older.where('id', '=', id).execute()
    })
    expect((await recorded({ ...at('1-201'), corrections: [phone(id, version + 1, '13900000004')] })).conflicts).toBe(0)
  })

  it('waits for somebody who may write where the visitor may only look', async () => {
    const branch = force('党小组组长', ['registry.visit', 'registry.read'])
    const version = await versionOf('王秀英')
    const visit = await recorded(
      { ...at('1-101'), corrections: [phone(doorId('王秀英'), version, '13900000005')] },
      branch,
    )
    expect(visit.conflicts).toBe(1)
    const listed = await lead().get<ConflictPage>(`${url}/conflicts`)
    expect(listed.body.items[0]).toMatchObject({ reason: 'noRight', proposed: '139****0005', standing: 'present' })
    const { id, recordVersion } = listed.body.items[0]!
    expect((await lead().post(`${url}/conflicts/${id}/decision`, { take: false, recordVersion })).body).toMatchObject({
      state: 'dropped',
    })
    expect(await phoneOf('王秀英')).toBe('')
  })
})

describe('figures', () => {
  it('hold under many visits at once: rows, door by door, and counts by area and building agree', async () => {
    const made = await opened({ name: '同时上门' })
    const doors: RecordVisit[] = ['1-101', '1-102', '1-201'].map((door) => ({ ...at(door), result: 'visited' }))
    const all = [0, 1, 2, 3].flatMap(() => doors.map((door) => lead().post(url, door)))
    const walking = walkCampaigns(app.app, county)
    const answers = await Promise.all(all)
    await Promise.all([walking, followRegistry(app.app, county)])
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    const { total, below } = await coverage(made.id)
    expect(await countedRows(made.id)).toEqual(total)
    expect(below.reduce((sum, one) => sum + one.doors, 0)).toBe(total.doors)
    const leaf = await coverage(made.id, paths.right, lead())
    expect(leaf.buildings.reduce((sum, one) => sum + one.doors, 0)).toBe(leaf.total.doors)
    expect(leaf.total.doors).toBe(6)
  })

  it('may be counted for statistics, without a single name or gap', async () => {
    const made = await opened({ name: '只看数' })
    const counts = app.as({
      label: '镇领导',
      grants: [{ action: 'registry.read', path: paths.town, purpose: 'statistics' }],
    })
    const purpose = { 'tongxin-purpose': 'statistics' }
    expect((await counts.get<Coverage>(`${url}/campaigns/${made.id}/coverage`, purpose)).body.total.doors).toBe(7)
    expect((await counts.get(`${url}/campaigns/${made.id}/gaps`, purpose)).status).toBe(403)
    expect((await counts.get(url, purpose)).status).toBe(403)
  })

  it('tell the phone where to go, and give the gaps out as a workbook that the ledger knows of', async () => {
    const made = await opened({ name: '带走' })
    const round = await lead().get<Round>(`${url}/round`)
    expect(round.body.areas).toMatchObject([{ path: paths.right, doors: 5 }])
    expect(round.body.campaigns.map(({ id }) => id)).toContain(made.id)
    const sheet = await secretary().post(`${url}/campaigns/${made.id}/gaps/sheet`, {})
    expect(sheet.status).toBe(200)
    expect((await lead().post(`${url}/campaigns/${made.id}/gaps/sheet`, {})).status).toBe(403)
    const paper = await secretary().get(`${url}/campaigns/${made.id}/buildings/${doorId('building 1')}`)
    expect(paper.text).toContain('沈建国')
    expect(paper.text).not.toContain('13857300001')
  })
})

describe('a steward', () => {
  it('looks after five households at most, and holds a post that visits there', async () => {
    const home = (door: string) => `${url}/stewards/${doorId(`household ${door}`)}`
    const give = (door: string, accountId: string | null) =>
      secretary().ask<StewardPeople>('PUT', home(door), { accountId })
    const head = holderId('microGridLead', paths.right)
    expect((await give('1-101', head)).status).toBe(200)
    const doors = await lead().get<DoorPage>(`${url}/doors?area=${paths.right}`)
    const family = doors.body.items
      .flatMap(({ subjects }) => subjects)
      .find(({ id }) => id === doorId('household 1-101'))
    expect(family).toMatchObject({ steward: true })
    expect((await give('1-101', holderId('microGridLead', paths.beside))).body).toMatchObject({
      code: 'registry.not_steward',
    })
    expect((await give('1-101', null)).status).toBe(200)
    await runSystem(app.app, county, async (cmd) => {
      for (const number of [1, 2, 3, 4, 5])
        await layHome(cmd, {
          door: `4-10${number}`,
          path: paths.right,
          use: 'ownerOccupied',
          kind: 'registered',
          people: [],
        })
    })
    for (const number of [1, 2, 3, 4, 5]) expect((await give(`4-10${number}`, head)).status).toBe(200)
    expect((await give('1-101', head)).body).toMatchObject({ code: 'registry.steward_full' })
  })
})

it('takes its doors from a segment: what the saved question finds on that day, no more when the registry grows', async () => {
  const question = { subject: 'premises', all: [{ any: [{ field: 'premisesUse', in: ['merchant', 'vacant'] }] }] }
  const saved = await secretary().post<{ id: string }>('/api/v1/registry/segments', {
    name: '商铺和空房',
    question,
    shared: false,
  })
  expect(saved.status, saved.text).toBe(201)
  const who = { ...everybody, segmentId: saved.body.id }
  const preview = await secretary().post<{ doors: number }>(`${url}/campaigns/preview`, {
    areaPaths: [paths.village],
    who,
  })
  const all = await opened({ who: { ...everybody, uses: ['merchant', 'vacant'] } })
  const made = await opened({ who })
  expect(preview.body.doors).toBe(made.figures.doors)
  expect(made.figures).toEqual(all.figures)
  expect(made.figures.doors).toBeGreaterThan(0)
  expect(made.figures.doors).toBeLessThan((await opened()).figures.doors)
  await walkCampaigns(app.app, county)
  expect((await coverage(made.id)).total).toEqual(made.figures)
  const unknown = await secretary().post(`${url}/campaigns`, {
    ...campaign,
    who: { ...everybody, segmentId: uuidv7() },
  })
  expect(unknown.status).toBe(404)
})

it('stands in the service file of the household it was paid to, once, without what was said; nobody at home is no service', async () => {
  const door = at('1-101')
  const before = await serviceFile(door.householdId)
  const id = uuidv7()
  const visit = { ...door, id, duties: ['safety', 'help'], text: '老两口身体都好' }
  for (let twice = 0; twice < 2; twice++)
    expect((await lead().post(url, { result: 'visited', ...visit })).status).toBe(201)
  await recorded({ ...door, result: 'nobodyHome' })
  const file = await serviceFile(door.householdId)
  expect(file).toHaveLength(before.length + 1)
  const line = file.find(({ refId }) => refId === id)
  expect(line).toMatchObject({ kind: 'visit', byPost: expect.stringMatching(/微网格/) })
  expect(line!.summary).toMatch(/^上门走访：/)
  expect(JSON.stringify(file)).not.toContain('老两口')
})

const serviceFile = async (household: string): Promise<Household['services']> =>
  (await secretary().get<Household>(`/api/v1/registry/households/${household}`)).body.services

it('forgets words, answers and photos when their time is over, and keeps that somebody was there', async () => {
  const visit = await recorded({ ...at('1-101'), text: '到期要删的话' })
  app.clock.advance(1200 * 86_400_000)
  expect(await forgetVisits(app.app, county)).toBeGreaterThan(5)
  const left = await lead().get<VisitView>(`${url}/${visit.id}`)
  expect(left.body).toMatchObject({ forgotten: true, text: '', people: [], answers: [], result: 'visited' })
  expect((await serviceFile(at('1-101').householdId)).map(({ summary }) => summary)).not.toContainEqual(
    expect.stringMatching(/./),
  )
  await settleLedger(app.app, county)
  expect((await verifyLedger(app.db, county)).findings).toEqual([])
})
