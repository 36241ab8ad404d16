import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serversIn } from '../../src/kernel/postgres-folder.ts'
import { dataFolder, freePort, RunningHouse, signInAs } from '../support/running-house.ts'
import { ReportLoad } from './load.ts'
import { keepResult } from './reckoning.ts'

const folder = dataFolder()
let house: RunningHouse
let firstStart: number

beforeAll(async () => {
  house = new RunningHouse(folder.path, await freePort())
  firstStart = await house.start()
})
afterAll(async () => {
  await house.end('SIGTERM')
  folder.remove()
})

describe('tongxin start', () => {
  test('says where it is and how to sign in', async () => {
    await expect.poll(() => house.output).toContain(`${house.url}/console`)
  })

  test('stops in order under load, leaves nothing running, and starts again soon', async () => {
    const load = new ReportLoad({
      url: house.url,
      cookie: await signInAs(house.url, 'clerk'),
      areaPath: '330411/330411105',
      clients: 8,
    })
    load.start()
    await load.more(40)
    const { code, milliseconds: stopMilliseconds } = await house.end('SIGTERM')
    expect(code).toBe(0)
    expect(stopMilliseconds).toBeLessThan(25_000)
    expect(serversIn(`${folder.path}/postgres`)).toEqual([])
    const laterStart = await house.start()
    await load.stop()
    expect(load.strange).toEqual([])
    keepResult('start-and-stop', {
      firstStartMilliseconds: Math.round(firstStart),
      laterStartMilliseconds: Math.round(laterStart),
      stopUnderLoadMilliseconds: Math.round(stopMilliseconds),
    })
    expect(laterStart).toBeLessThan(5000)
  })

  test('a second start on the same folder is refused in words and disturbs nothing', async () => {
    const second = new RunningHouse(folder.path, await freePort())
    expect(await second.startAndFail()).toMatch(/already runs on .* \(process \d+\)/)
    expect(await house.isReady()).toBe(true)
  })

  test('a port that is taken is said in words, and nothing is left running', async () => {
    const other = dataFolder()
    const second = new RunningHouse(other.path, house.port)
    expect(await second.startAndFail()).toMatch(/端口被占用.*The port is in use/)
    expect(serversIn(`${other.path}/postgres`)).toEqual([])
    other.remove()
  })
})
