import { afterAll, beforeAll, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { seedDemoCounty } from '../../seed.ts'
import { seedDiary } from './stories.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await seedDemoCounty(app.app)
  await seedDiary(app.app)
}, 120_000)
afterAll(() => app.close())

test('the demo’s heads have a month of entries, some of them cases; a second telling adds nothing', async () => {
  const count = () =>
    app.db.reading(county, (tx) =>
      tx
        .selectFrom('diaryEntry')
        .select((row) => [row.fn.countAll<number>().as('entries'), row.fn.count<number>('matterId').as('cases')])
        .where('county', '=', county)
        .executeTakeFirstOrThrow(),
    )
  const first = await count()
  expect(first.entries).toBeGreaterThan(20)
  expect(first.cases).toBeGreaterThan(2)
  await seedDiary(app.app)
  expect(await count()).toEqual(first)
})
