import { afterEach, describe, expect, test, vi } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import type { Room } from './app.ts'
import { runSweep, startSweeps, type Sweep } from './jobs.ts'

let houses: TestApp[] = []
afterEach(async () => {
  for (const house of houses.reverse()) await house.close()
  houses = []
})

/** Two processes on one database, each with the sweep. */
async function twoHouses(sweep: Sweep): Promise<[TestApp, TestApp]> {
  const room: Room = { name: 'broom', sweeps: [sweep] }
  const first = await testApp({ rooms: [room] })
  const second = await testApp({ rooms: [room], database: first.database })
  houses = [first, second]
  return [first, second]
}
const both = ([first, second]: [TestApp, TestApp], sweep: Sweep) =>
  Promise.all([runSweep(first.app, sweep), runSweep(second.app, sweep)])
const stateOf = async (house: TestApp) =>
  (
    await house.db.reference<{ error: string | null; busy_until: Date | null }>('select error, busy_until from sweep')
  )[0]

describe('a sweep', () => {
  test('runs in one of two processes, and again only when its period is over', async () => {
    let ran = 0
    const sweep: Sweep = { name: 'broom.sweep_floor', everySeconds: 60, run: async () => void (ran += 1) }
    const pair = await twoHouses(sweep)
    expect((await both(pair, sweep)).sort()).toEqual([false, true])
    for (const house of pair) house.clock.advance(59_000)
    expect(await both(pair, sweep)).toEqual([false, false])
    for (const house of pair) house.clock.advance(1000)
    expect((await both(pair, sweep)).sort()).toEqual([false, true])
    expect(ran).toBe(2)
  })

  test('is not begun a second time while it is at work, even when its period is over', async () => {
    const finish: (() => void)[] = []
    const run = () => new Promise<void>((resolve) => void finish.push(resolve))
    const sweep: Sweep = { name: 'broom.sweep_yard', everySeconds: 1, run }
    const [first, second] = await twoHouses(sweep)
    const running = runSweep(first.app, sweep)
    await vi.waitFor(() => expect(finish).toHaveLength(1))
    second.clock.advance(30_000)
    expect(await runSweep(second.app, sweep)).toBe(false)
    finish[0]?.()
    expect(await running).toBe(true)
    const again = runSweep(second.app, sweep)
    await vi.waitFor(() => expect(finish).toHaveLength(2))
    finish[1]?.()
    expect(await again).toBe(true)
  })

  test('of a process that died is taken over', async () => {
    const sweep: Sweep = { name: 'broom.sweep_attic', everySeconds: 60, run: async () => {} }
    const [first, second] = await twoHouses(sweep)
    await first.db.reference('insert into sweep (name, ran_at, busy_until) values ($1, $2, $3)', [
      sweep.name,
      first.clock.now(),
      new Date(first.clock.now().getTime() + 90_000),
    ])
    second.clock.advance(89_000)
    expect(await runSweep(second.app, sweep)).toBe(false)
    second.clock.advance(1000)
    expect(await runSweep(second.app, sweep)).toBe(true)
  })

  test('that fails says so without the words of the error, and comes again', async () => {
    let ran = 0
    const sweep: Sweep = {
      name: 'broom.sweep_cellar',
      everySeconds: 60,
      run: async () => {
        ran += 1
        if (ran === 1) throw Object.assign(new TypeError('13857312345 is wet'), { code: 'E_WET' })
      },
    }
    const [first] = await twoHouses(sweep)
    expect(await runSweep(first.app, sweep)).toBe(true)
    expect(await stateOf(first)).toEqual({ error: 'TypeError E_WET', busy_until: null })
    first.clock.advance(60_000)
    expect(await runSweep(first.app, sweep)).toBe(true)
    expect(await stateOf(first)).toEqual({ error: null, busy_until: null })
  })
})

describe('the timer', () => {
  test('runs every sweep of the house and waits for it when stopped', async () => {
    let ran = 0
    let finished = 0
    const sweep: Sweep = {
      name: 'broom.sweep_stairs',
      everySeconds: 1,
      run: async () => {
        ran += 1
        await new Promise((resolve) => setTimeout(resolve, 100))
        finished += 1
      },
    }
    const [first, second] = await twoHouses(sweep)
    const stops = [startSweeps(first.app), startSweeps(second.app)]
    await vi.waitFor(() => expect(ran).toBe(1), { timeout: 5000 })
    await Promise.all(stops.map((stop) => stop()))
    expect(finished).toBe(ran)
  })

  test('refuses two sweeps of one name', async () => {
    const sweep: Sweep = { name: 'broom.sweep_roof', everySeconds: 1, run: async () => {} }
    const house = await testApp({ rooms: [{ name: 'broom', sweeps: [sweep, sweep] }] })
    houses = [house]
    expect(() => startSweeps(house.app)).toThrow('declared twice')
  })
})
