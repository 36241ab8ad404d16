import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { makeCalendar } from '../kernel/calendar.ts'
import { startPump, wake } from './pump.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp({ rooms: [], ports: { calendars: { calendarOf: async () => makeCalendar() } } })
})
afterAll(() => house.close())

test('looks at every county at once, and again right after a hint', async () => {
  const seen: string[] = []
  const stop = startPump(house.app, 'sms', async (_app, code) => {
    seen.push(code)
    return 0
  })
  await vi.waitFor(() => expect(seen).toEqual([county]))
  wake('sms', county)
  await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 1000 })
  wake('outbound', county)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(seen).toHaveLength(2)
  await stop()
  wake('sms', county)
  expect(seen).toHaveLength(2)
})

test('goes on while there is something, and misses no hint that comes meanwhile', async () => {
  const left = [3, 2, 1, 0]
  let rounds = 0
  const stop = startPump(house.app, 'outbound', async () => {
    rounds += 1
    if (rounds === 4) wake('outbound', county)
    return left.shift() ?? 0
  })
  await vi.waitFor(() => expect(rounds).toBe(5), { timeout: 1000 })
  await stop()
})

test('one that stumbled is not lost', async () => {
  let rounds = 0
  const stop = startPump(house.app, 'sms', async () => {
    rounds += 1
    if (rounds === 1) throw new Error('the database was away')
    return 0
  })
  await vi.waitFor(() => expect(rounds).toBe(1))
  wake('sms', county)
  await vi.waitFor(() => expect(rounds).toBe(2), { timeout: 1000 })
  await stop()
})

test('stopping waits for what is under way', async () => {
  let done = false
  const stop = startPump(house.app, 'sms', async () => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    done = true
    return 0
  })
  await new Promise((resolve) => setTimeout(resolve, 50))
  await stop()
  expect(done).toBe(true)
})
