import { afterAll, beforeAll, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../test/support/ground.ts'
import { warnOfMissingYears } from './calendar-warning.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp({ now: '2026-12-31T06:00:00Z' })
  await layGround(app)
})
afterAll(() => app.close())

it('a report whose deadline falls into an unknown year is taken, its deadline marked provisional', async () => {
  const body = { kind: 'event', category: '9999', text: '年底最后一天的上报', position: middleOf(paths.right) }
  app.clock.set('2026-12-31T09:00:00Z')
  const answer = await app
    .as({ kind: 'resident' })
    .post<{ due: { provisional: boolean; sentence: string } }>('/api/v1/matters', body)
  expect(answer.status, answer.text).toBe(201)
  expect(answer.body.due.provisional).toBe(true)
  expect(answer.body.due.sentence).toContain('2027')
})

it('the grid office hears of it once a day, and not in a year that is known', async () => {
  const office = app.as({ id: holderId('gridOffice', paths.county) })
  const inbox = async () => (await office.get<{ items: unknown[] }>('/api/v1/notify/inbox')).body.items.length
  expect(await warnOfMissingYears(app.app, '330411')).toEqual([2027])
  await warnOfMissingYears(app.app, '330411')
  expect(await inbox()).toBe(1)
  app.clock.advance(86_400_000)
  await warnOfMissingYears(app.app, '330411')
  expect(await inbox()).toBe(2)
  app.clock.set('2026-03-02T02:00:00Z')
  expect(await warnOfMissingYears(app.app, '330411')).toEqual([])
})
