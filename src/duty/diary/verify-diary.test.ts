import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import type { Tx } from '../../kernel/db.ts'
import { withClient } from '../../kernel/postgres-logins.ts'
import { settleLedger } from '../../ledger/index.ts'
import type { DiaryView } from './contract.ts'
import { forgetDiaries } from './jobs.ts'
import { verifyDiary } from './verify-diary.ts'

const url = '/api/v1/diary'
let app: TestApp
const ids: string[] = []
const check = () => verifyDiary(app.db, app.app.vault, county)
const behindOurBack = (work: (tx: Tx) => Promise<unknown>) => app.db.transaction(county, work)

beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  const lead = app.as({ id: holderId('microGridLead', paths.right), label: 'microGridLead' })
  const write = async (text: string, more: object = {}): Promise<string> => {
    const body = { kind: 'care', text, areaPath: paths.right, visited: '陈阿婆', ...more }
    const answer = await lead.post<DiaryView>(url, body)
    expect(answer.status, answer.text).toBe(201)
    return answer.body.id
  }
  ids.push(await write('很久以前写的一篇'))
  app.clock.advance(1_200 * 86_400_000)
  await forgetDiaries(app.app, county)
  for (const text of ['要人买菜', '楼道灯坏了', '门口积水', '药快吃完了', '要修水管']) ids.push(await write(text))
  const corrected = { kind: 'care', text: '要人帮忙买米', version: 1, reason: '听错了', followUpOn: null }
  const answer = await lead.post(`${url}/${ids[1]}/corrections`, corrected)
  expect(answer.status, answer.text).toBe(200)
  const filed = await lead.post(`${url}/${ids[2]}/matter`, {})
  expect(filed.status, filed.text).toBeLessThan(300)
  const secretary = app.as({ id: holderId('villageSecretary', paths.village), secondFactorAt: app.clock.now() })
  expect((await secretary.post(`${url}/${ids[3]}/unmask`, { reason: '要联系家属' })).status).toBe(200)
  await settleLedger(app.app, county)
})
afterAll(() => app.close())

it('finds nothing where nobody touched the tables, and counts what was forgotten in time', async () => {
  expect(await check()).toEqual({ entries: 9, forgotten: 1, findings: [], more: 0 })
})

it('names each wording, tick, case and reason that differs from what the ledger committed to', async () => {
  const [, one, two, three, four, five] = ids as [string, string, string, string, string, string]
  const seal = (words: object) => app.app.vault.seal(county, JSON.stringify(words))
  const forged = seal({ text: '一切都好', visited: '陈阿婆', address: '' })
  await behindOurBack(async (tx) => {
    const entry = (id: string) => tx.updateTable('diaryEntry').where('county', '=', county).where('id', '=', id)
    const version = (id: string) =>
      tx.updateTable('diaryVersion').where('county', '=', county).where('diaryId', '=', id).where('version', '=', 1)
    await version(one).set({ wordsSealed: forged }).execute()
    await entry(two).set({ matterId: null }).execute()
    await entry(three).set({ wordsSealed: forged }).execute()
    await version(four).set({ done: true }).execute()
    await version(five).set({ wordsSealed: null, salt: null }).execute()
    const copied = await tx
      .selectFrom('diaryVersion')
      .selectAll()
      .where('county', '=', county)
      .where('diaryId', '=', four)
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('diaryVersion')
      .values({ ...copied, version: 7 })
      .execute()
  })
  await withClient(app.database.superuserUrl, (client) =>
    client.query(`update diary_unmasking set reason = '例行检查'`),
  )
  const report = await check()
  const words = report.findings.map(({ row, en }) => `${row}: ${en}`)
  expect(words).toHaveLength(7)
  const about = (id: string, version: number) => words.find((line) => line.includes(`${id} v${version}`))
  expect(about(one, 1)).toMatch(/not what the ledger committed to/)
  expect(about(two, 2)).toMatch(/another case/)
  expect(about(three, 1)).toMatch(/other words than its newest wording/)
  expect(about(four, 1)).toMatch(/kind, day or mark/)
  expect(about(four, 7)).toMatch(/knows no such wording/)
  expect(about(five, 1)).toMatch(/before their time was over/)
  expect(words.some((line) => line.startsWith('diary_unmasking') && line.includes('reason given'))).toBe(true)
})
