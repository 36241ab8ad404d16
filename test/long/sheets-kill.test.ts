import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../support/app.ts'
import { layGround } from '../support/ground.ts'
import { killTheImport, plainRoster } from '../support/import-kill.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
})
afterAll(() => house.close())

test('batches of 5,000: killed six times in the middle of one, an import of 30,000 rows is whole', async () => {
  const roster = plainRoster(30_000)
  const taken = await killTheImport(house, roster, { kills: [3_000, 19_000, 100, 24_000, 16_000, 16_000] })
  const { people, wrong } = roster
  expect(taken).toMatchObject({ rows: 30_000, fresh: people.length, refused: wrong.length })
})
