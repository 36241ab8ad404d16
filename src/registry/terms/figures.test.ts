import { afterAll, beforeAll, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { enterPerson } from '../../../test/support/registry.ts'
import { hot } from '../../kernel/db.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { desks } from '../fixtures.ts'
import type { PlaceFigures } from './contract.ts'
import { keepFigures } from './jobs.ts'
import { countPlace, keptFigures } from './store.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const everywhere = { low: [county], high: [`${county}0`] }
const figures = async (): Promise<PlaceFigures> => {
  const secretary = app.as({ id: holderId('villageSecretary', paths.village) })
  return (await secretary.get<PlaceFigures>('/api/v1/registry/figures')).body
}
/** Kept and counted, without when. */
const both = () =>
  app.db.reading(county, async (tx) => {
    const { places, countedAt, ...kept } = await keptFigures(tx, county, everywhere)
    return { kept, counted: await countPlace(tx, county, everywhere), places, countedAt }
  })

test('kept figures equal the live count after changes, moves between places and closings; large places are given as of then', async () => {
  const desk = desks(app)
  const house = await desk.building()
  const flat = await desk.premises(house.id, { room: '101', use: 'let' })
  const person = await desk.person({ name: '王小明', premisesId: flat.id, relation: 'tenant' })
  expect((await both()).places).toBe(0)
  // A tenant of no household is one of the people too, as the list has it.
  expect(await figures()).toMatchObject({ premises: 1, let: 1, residents: 1, countedAt: null })
  await keepFigures(app.app, county)
  const first = await both()
  expect(first.kept).toEqual(first.counted)
  expect(first.places).toBe(1)

  // Forty more places: now the village is not counted while one waits.
  await app.db.transaction(county, async (tx) => {
    for (let at = 100; at < 140; at++)
      await enterPerson(tx, app.app.vault, {
        name: '张三',
        phone: '13800000001',
        areaPath: `${paths.grid}/M${at}`,
        id: uuidv7(),
      })
  })
  app.clock.advance(120_000)
  await keepFigures(app.app, county)
  const second = await both()
  expect(second.kept).toEqual(second.counted)
  expect(second.places).toBe(41)
  expect(await figures()).toMatchObject({ premises: 1, let: 1, countedAt: second.countedAt!.toISOString() })

  const left = { state: 'left', on: '2026-11-16', version: person.version, reason: '搬走了' }
  const gone = await desk.lead().post(`/api/v1/registry/people/${person.id}/state`, left)
  expect(gone.status, gone.text).toBe(200)
  await app.db.transaction(county, (tx) =>
    hot(tx, '', `update person set area_path = $2 where county = $1 and area_path = $3 returning id`, [
      county,
      paths.beside,
      `${paths.grid}/M139`,
    ]),
  )
  app.clock.advance(120_000)
  await keepFigures(app.app, county)
  const third = await both()
  expect(third.kept).toEqual(third.counted)
  // M139 is empty now and kept no longer.
  expect(third.places).toBe(41)
})
