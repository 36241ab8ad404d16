import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findRunning } from '../../src/kernel/postgres-urls.ts'
import { dataFolder, freePort, RunningHouse, signInAs } from '../support/running-house.ts'
import { ReportLoad } from './load.ts'
import { countMatters, keepResult, reckon } from './reckoning.ts'

const MiB = 1024 * 1024
const folder = dataFolder()
/** A disk of its own, small enough to be filled. */
const small = join(folder.path, 'disk')
let house: RunningHouse

/** Only root may mount; elsewhere this rehearsal cannot be held, and says so. */
function mount(): boolean {
  mkdirSync(small, { mode: 0o755 })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=900m,mode=0755', 'tmpfs', small], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const mounted = mount()

beforeAll(async () => {
  if (!mounted) return
  house = new RunningHouse(small, await freePort())
  await house.start()
})
afterAll(async () => {
  if (mounted) {
    await house.end('SIGTERM')
    execFileSync('umount', ['--lazy', small])
  }
  folder.remove()
})

const filler = join(small, 'filler')
/** Leaves so many MiB free, or what others leave while it writes. */
function fillTo(freeMiB: number): void {
  rmSync(filler, { force: true })
  const { bavail, bsize } = statfsSync(small)
  const block = Buffer.alloc(MiB)
  try {
    for (let left = Math.floor((bavail * bsize) / MiB) - freeMiB; left > 0; left--) appendFileSync(filler, block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}
const report = (cookie: string): Promise<Response> =>
  fetch(`${house.url}/api/v1/matters`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, 'tongxin-county': '330411' },
    body: JSON.stringify({ kind: 'event', category: '0101', text: '磁盘演练', areaPath: '330411/330411105' }),
  })

test.skipIf(!mounted)(
  'a nearly full disk refuses writes in words, still reads, and takes them again once there is room',
  async () => {
    const cookie = await signInAs(house.url, 'clerk')
    expect((await report(cookie)).status).toBe(201)
    fillTo(30)
    await sleep(1100)
    const refused = await report(cookie)
    expect(refused.status).toBe(507)
    expect(await refused.json()).toMatchObject({
      code: 'kernel.storage_full',
      title: expect.stringContaining('存储空间不足'),
    })
    const read = await fetch(`${house.url}/api/v1/matters`, { headers: { cookie } })
    expect(read.status).toBe(200)
    expect((await fetch(`${house.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${house.url}/readyz`)).status).toBe(503)
    rmSync(filler)
    await sleep(1100)
    expect((await report(cookie)).status).toBe(201)
  },
)

test.skipIf(!mounted)(
  'a disk that fills up behind our back loses nothing: the ballast lets the database come up again',
  async () => {
    const urls = await findRunning(small)
    const before = await countMatters(urls!.superuserUrl)
    const cookie = await signInAs(house.url, 'clerk')
    const load = new ReportLoad({ url: house.url, cookie, areaPath: '330411/330411105', clients: 4 })
    load.start()
    await load.more(40)
    fillTo(0)
    await sleep(1500)
    process.kill(house.postgresPid, 'SIGKILL')
    await sleep(4000)
    expect((await fetch(`${house.url}/healthz`)).status).toBe(200)
    rmSync(filler)
    await load.more(20)
    await load.stop()
    expect(load.strange).toEqual([])
    await sleep(2000)
    const found = await reckon(urls!.superuserUrl, load.acknowledged, before)
    keepResult('disk-full', {
      ...found,
      lost: found.lost.length,
      twice: found.twice.length,
      unsealed: found.unsealed.length,
      ballastGivenUp: !existsSync(join(small, 'ballast')),
    })
    expect(found).toEqual({ acknowledged: load.acknowledged.length, lost: [], twice: [], unsealed: [], surplus: 0 })
  },
)
