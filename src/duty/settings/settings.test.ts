import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import type { DiaryTerms, DiaryView } from '../diary/contract.ts'
import type { Kit } from '../kit/contract.ts'
import type { DutySettings } from './contract.ts'
import { codedKinds, firstTwice } from './rules.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const url = '/api/v1/duty/settings'
const purpose = { 'tongxin-purpose': 'administration' }
const office = () => app.as({ id: holderId('gridOffice', paths.county) })
const lead = () => app.as({ id: holderId('microGridLead', paths.right), label: 'microGridLead' })
const shown = async () => (await office().ask('GET', url, undefined, purpose)).body as unknown as DutySettings
const put = (what: string, body: object) => office().ask('PUT', `${url}/${what}`, body, purpose)

test('a kind that is taken out can no longer be chosen, and old entries keep its name', async () => {
  const before = await shown()
  expect(before.diary).toMatchObject({ version: 0, keepDays: 1095 })
  expect(before.categories.length).toBeGreaterThan(5)
  const old = await lead().post<DiaryView>('/api/v1/diary', {
    kind: 'water',
    text: '河边有垃圾',
    areaPath: paths.right,
  })
  expect(old.status, old.text).toBe(201)
  const kinds = [
    ...before.diary.kinds.filter(({ code }) => code !== 'water'),
    { code: null, zh: '反诈', en: 'Fraud', category: '0402' },
  ]
  const set = await put('diary', { kinds, keepDays: 1095, version: 0 })
  expect(set.status, set.text).toBe(200)
  const terms = (await lead().get<DiaryTerms>('/api/v1/diary/terms')).body.kinds
  expect(terms.map(({ name }) => name)).toEqual(['民情', '关爱', '平安', '卫生', '反诈'])
  const fraud = terms.at(-1)!
  const body = { kind: fraud.code, text: '讲了反诈', areaPath: paths.right }
  expect((await lead().post<DiaryView>('/api/v1/diary', body)).body.kindName).toBe('反诈')
  expect((await lead().post('/api/v1/diary', { ...body, kind: 'water' })).body).toMatchObject({
    code: 'duty.unknown_kind',
  })
  expect((await lead().get<DiaryView>(`/api/v1/diary/${old.body.id}`)).body.kindName).toBe('治水')
})

test.each([
  [
    'two of one name',
    (kinds: object[]) => [...kinds, { code: null, zh: '民情', en: 'Other', category: '0402' }],
    'duty.kind_twice',
  ],
  [
    'a category that there is none',
    (kinds: object[]) => [...kinds, { code: null, zh: '甲', en: 'A', category: 'x' }],
    'loop.unknown_category',
  ],
  ['no kind at all', () => [], 'kernel.invalid_input'],
])('kinds are refused with %s', async (_name, change, code) => {
  const { diary } = await shown()
  const answer = await put('diary', { kinds: change(diary.kinds), keepDays: diary.keepDays, version: diary.version })
  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ code })
  expect((await shown()).diary).toEqual(diary)
})

test('of two who set at once one is told; who does not manage the county is refused', async () => {
  const { diary, phones } = await shown()
  const stale = { kinds: diary.kinds, keepDays: 400, version: diary.version - 1 }
  expect((await put('diary', stale)).body).toMatchObject({ code: 'kernel.stale' })
  const answer = await lead().ask('PUT', `${url}/phones`, { phones: [], version: phones.version }, purpose)
  expect(answer.status).toBe(403)
})

test('a duty phone is set for a place that there is, once, and answers for all below', async () => {
  const one = { areaPath: paths.town, phone: '0573-83240110' }
  const twice = await put('phones', { phones: [one, { ...one, phone: '110' }], version: 0 })
  expect(twice.body).toMatchObject({ code: 'duty.phone_twice' })
  const nowhere = await put('phones', { phones: [{ ...one, areaPath: `${paths.town}/NONE` }], version: 0 })
  expect(nowhere.body).toMatchObject({ code: 'grid.unknown_area' })
  expect((await put('phones', { phones: [one], version: 0 })).status).toBe(200)
  expect((await shown()).phones.items).toMatchObject([{ ...one, areaName: expect.stringMatching(/./) }])
  expect((await lead().get<Kit>('/api/v1/duty/kit')).body.items[0]?.dutyPhone).toBe(one.phone)
})

test('a code is never given twice, and what comes back under its old code is the old kind', () => {
  const kind = { code: 'kind1', zh: '甲', en: 'A', category: '0101' }
  const fresh = { ...kind, code: null, zh: '乙', en: 'B' }
  const once = codedKinds([kind], [fresh])
  expect(once).toMatchObject([
    { code: 'kind2', zh: '乙' },
    { code: 'kind1', gone: true },
  ])
  expect(codedKinds(once, [fresh]).map(({ code }) => code)).toEqual(['kind3', 'kind2', 'kind1'])
  expect(codedKinds(once, [{ ...kind }])[0]).toEqual(kind)
  expect(firstTwice(['一', '二', '一'])).toBe('一')
  expect(firstTwice([])).toBeUndefined()
})
