import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serversIn } from '../../src/kernel/postgres-folder.ts'
import { findRunning } from '../../src/kernel/postgres-urls.ts'
import { dataFolder, freePort, RunningHouse, signInAs } from '../support/running-house.ts'
import { ReportLoad } from './load.ts'
import { countMatters, keepResult, reckon, type Reckoning } from './reckoning.ts'

/** Rounds of each kind of kill; KILL_ROUNDS asks for more. */
const rounds = Number(process.env['KILL_ROUNDS'] ?? 2)
const clients = 8
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

const folder = dataFolder()
let house: RunningHouse

beforeAll(async () => {
  house = new RunningHouse(folder.path, await freePort())
  await house.start()
})
afterAll(async () => {
  await house.end('SIGTERM')
  folder.remove()
})

/** `stopped`: somebody stops the database in order, behind our back. */
type Victim = 'node' | 'postgres' | 'backend' | 'stopped'
const victims: readonly Victim[] = ['node', 'postgres', 'backend', 'stopped']

/** Kills without warning; answers with the milliseconds until each client had another report acknowledged, on average. */
async function kill(victim: Victim, load: ReportLoad): Promise<number> {
  const startedAt = performance.now()
  if (victim === 'node') {
    await house.end('SIGKILL')
    await house.start()
  } else {
    const pid = victim === 'backend' ? aBackend() : house.postgresPid
    process.kill(pid, victim === 'stopped' ? 'SIGINT' : 'SIGKILL')
  }
  await load.more(2 * clients)
  return performance.now() - startedAt
}

/** A server process that serves a connection of the application. */
function aBackend(): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = all.find((pid) => {
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('tongxin_app tongxin') &&
        serversIn(`${folder.path}/postgres`).includes(Number(pid))
      )
    } catch {
      return false
    }
  })
  if (!found) throw new Error('no connection of the application to kill')
  return Number(found)
}

test('whatever is killed under load, every acknowledged report is there once, and sealed', async () => {
  const urls = await findRunning(folder.path)
  const before = await countMatters(urls!.superuserUrl)
  const load = new ReportLoad({
    url: house.url,
    cookie: await signInAs(house.url, 'clerk'),
    areaPath: '330411/330411105',
    clients,
  })
  load.start()
  const back: Record<Victim, number[]> = { node: [], postgres: [], backend: [], stopped: [] }
  for (let round = 0; round < rounds; round++) {
    for (const victim of victims) {
      await load.more(40)
      await sleep(Math.random() * 300)
      back[victim].push(Math.round(await kill(victim, load)))
    }
  }
  await load.more(40)
  await load.stop()
  expect(load.strange).toEqual([])
  const found = await settled(urls!.superuserUrl, load, before)
  keepResult('kill-rounds', {
    rounds,
    clients,
    acknowledged: found.acknowledged,
    sentMoreThanOnce: load.acknowledged.filter(({ sends }) => sends > 1).length,
    lost: found.lost.length,
    twice: found.twice.length,
    unsealed: found.unsealed.length,
    surplus: found.surplus,
    longestGapMilliseconds: Math.round(load.gapMilliseconds),
    backAfterMilliseconds: back,
  })
  expect(found).toEqual({ acknowledged: load.acknowledged.length, lost: [], twice: [], unsealed: [], surplus: 0 })
  expect(load.acknowledged.some(({ sends }) => sends > 1)).toBe(true)
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'verify'], {
    env: { ...process.env, DATA_DIR: folder.path },
  })
  expect(stdout).toMatch(/^ok +330411: \d+ leaves/m)
})

/** Waits until the sealer has caught up, at most 30 s. */
async function settled(superuserUrl: string, load: ReportLoad, before: number): Promise<Reckoning> {
  const until = Date.now() + 30_000
  for (;;) {
    const found = await reckon(superuserUrl, load.acknowledged, before)
    if (found.unsealed.length === 0 || Date.now() > until) return found
    await sleep(250)
  }
}
