import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround } from '../../../test/support/ground.ts'
import { killTheImport, plainRoster } from '../../../test/support/import-kill.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
})
afterAll(() => house.close())

test('killed in the middle of batches, an import goes on: every row once, one entry a batch, errors whole', async () => {
  const roster = plainRoster(600)
  const taken = await killTheImport(house, roster, { batchRows: 150, kills: [900] })
  const { people, wrong } = roster
  expect(taken).toMatchObject({ rows: 600, fresh: people.length, refused: wrong.length })
}, 60_000)
