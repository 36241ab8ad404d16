import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { messyRoster, type MessyRoster } from '../../../test/support/messy-roster.ts'
import { readWholeSheets } from '../../kernel/sheets.ts'
import type { ImportView, ProblemPage } from './contract.ts'
import { workOffImports } from './index.ts'

let app: TestApp
let roster: MessyRoster
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  roster = await messyRoster(4)
})
afterAll(() => app.close())

const secretary = () => app.as({ id: holderId('villageSecretary', paths.village), label: 'villageSecretary' })

async function handIn(bytes: Buffer, name = '花名册.xlsx', kind = 'people'): Promise<ImportView> {
  const answer = await app.http.inject({
    method: 'POST',
    url: `/api/v1/registry/imports?kind=${kind}&name=${encodeURIComponent(name)}&area=${encodeURIComponent(paths.village)}`,
    headers: { authorization: `Bearer ${secretary().token}`, 'content-type': 'application/octet-stream' },
    payload: bytes,
  })
  expect(answer.statusCode, answer.body).toBe(201)
  await workOffImports(app.app, county)
  return look(answer.json<ImportView>().id)
}
const look = async (id: string): Promise<ImportView> =>
  (await secretary().get<ImportView>(`/api/v1/registry/imports/${id}`)).body
async function map(view: ImportView, more: object = {}): Promise<ImportView> {
  const sheet = view.sheets.find(({ recognised }) => recognised)!
  const { name, headingRow, headingRows, columns } = sheet
  const body = { sheet: name, headingRow, headingRows, columns, ...more }
  const answer = await secretary().put<ImportView>(`/api/v1/registry/imports/${view.id}/mapping`, body)
  expect(answer.status, answer.text).toBe(200)
  await workOffImports(app.app, county)
  return look(view.id)
}
async function act(id: string, what: string): Promise<ImportView> {
  const answer = await secretary().post<ImportView>(`/api/v1/registry/imports/${id}/acts`, { act: what })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
async function run(id: string): Promise<ImportView> {
  await act(id, 'run')
  await workOffImports(app.app, county)
  return look(id)
}
const bytesFrom = async (url: string): Promise<Buffer> => {
  const answer = await app.http.inject({ method: 'GET', url, headers: { authorization: `Bearer ${secretary().token}` } })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.rawPayload
}
const count = async (table: string, where = 'true'): Promise<number> =>
  Number((await app.database.admin(`select count(*) from ${table} where ${where}`))[0]!['count'])

describe('a messy roster', () => {
  test('is looked at, tried dry, taken in, mended and taken in again, and nobody twice', async () => {
    const handed = await handIn(roster.bytes)
    console.log(handed.state, handed.trouble, handed.sheets[0]?.columns)
    const checked = await map(handed, { estate: '高桥花园' })
    console.log(checked.state, checked.trouble, checked.checked, roster.people, roster.flats, roster.repeated, roster.faults.length)
    expect(await count('person')).toBe(0)
    const problems = (await secretary().get<ProblemPage>(`/api/v1/registry/imports/${handed.id}/problems`)).body
    console.log(JSON.stringify(problems.items.slice(0, 2)))
    const done = await run(handed.id)
    console.log(done.state, done.trouble, done.taken)
    const marked = await readWholeSheets(await bytesFrom(`/api/v1/registry/imports/${handed.id}/marked`))
    console.log(marked[0]!.rows.slice(0, 3))
  })
})
