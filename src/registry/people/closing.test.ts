import { afterAll, beforeAll, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround } from '../../../test/support/ground.ts'
import { desks } from '../fixtures.ts'
import type { Household } from '../households/contract.ts'

const base = '/api/v1/registry'
let house: TestApp
let desk: ReturnType<typeof desks>
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  desk = desks(house)
})
afterAll(() => house.close())

it('nobody moves into a door or a household in the moment in which it is closed', async () => {
  const building = await desk.building({ estate: '抢门园' })
  for (let round = 0; round < 12; round++) {
    const premises = await desk.premises(building.id, { room: `${100 + round}` })
    const move = () =>
      desk.lead().post(`${base}/people`, { name: `来人${round}`, premisesId: premises.id, source: 'counter' })
    const close = () => desk.lead().post(`${base}/premises/${premises.id}/close`, { version: 1, reason: '房屋已拆' })
    const [moved, closed] = await Promise.all(round % 2 ? [move(), close()] : [close(), move()].toReversed())
    expect(
      [moved!.status, closed!.status].filter((status) => status < 300),
      `${moved!.text} ${closed!.text}`,
    ).toHaveLength(1)
  }
  for (let round = 0; round < 12; round++) {
    const premises = await desk.premises(building.id, { room: `${200 + round}` })
    const made = await desk.lead().post<Household>(`${base}/households`, {
      premisesId: premises.id,
      kind: 'registered',
      members: [],
      source: 'counter',
    })
    expect(made.status, made.text).toBe(201)
    const { id } = made.body
    const join = { name: `家人${round}`, premisesId: premises.id, householdId: id, source: 'counter' }
    await Promise.all([
      desk.lead().post(`${base}/households/${id}/dissolve`, { version: 1, reason: '并户' }),
      desk.lead().post(`${base}/people`, join),
    ])
    const now = (await desk.lead().get<Household>(`${base}/households/${id}`)).body
    if (now.closed) expect(now).toMatchObject({ members: 0, people: [] })
  }
})
