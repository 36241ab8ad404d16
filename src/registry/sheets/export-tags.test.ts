import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { readWholeSheets } from '../../kernel/sheets.ts'
import { desks } from '../fixtures.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

test('a roster by tag lists whoever has it here, not an owner of a flat who has it at home in another village', async () => {
  const desk = desks(app)
  const flat = await desk.premises((await desk.building()).id)
  const tags = [{ tag: 'lowIncome' }]
  const here = { name: '本村低保', premisesId: flat.id, relation: 'tenant', tags }
  await desk.person(here)
  const owner = await desk.person({ name: '外村低保', areaPath: paths.wrong, tags }, desk.faraway())
  const both = app.as({ grants: [paths.wrong, paths.right].map((path) => ({ action: 'registry.write', path })) })
  const owns = await both.post(`/api/v1/registry/people/${owner.id}/residences`, {
    premisesId: flat.id,
    relation: 'owner',
    livesHere: false,
    version: 1,
    source: 'counter',
  })
  expect(owns.status, owns.text).toBe(200)
  const take = async (tag: string): Promise<string> => {
    const answer = await app.http.inject({
      method: 'POST',
      url: '/api/v1/registry/exports',
      headers: { authorization: `Bearer ${desk.secretary().token}` },
      payload: { list: 'people', tag, reason: '核对低保名单' },
    })
    expect(answer.statusCode, answer.body).toBe(200)
    return JSON.stringify((await readWholeSheets(answer.rawPayload))[0]!.rows)
  }
  const listed = await take('lowIncome')
  expect(listed).toContain('本村低保')
  expect(listed).not.toContain('外村低保')
  expect(await take('landlordElsewhere')).toContain('外村低保')
})
