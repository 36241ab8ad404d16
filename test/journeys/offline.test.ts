import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Matter, MatterPage } from '../../src/loop/contract.ts'
import { ownPhone } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { dataFolder, type RunningHouse, signInAs } from '../support/running-house.ts'
import { Walker } from '../support/walking.ts'

const block = String(Date.now()).slice(-5)
const lamp = `${block} 号楼道灯坏了，三楼到四楼全黑`
const task = `${block} 号垃圾桶满溢，请尽快来看`

const folder = dataFolder()
const profile = join(folder.path, 'phone')
let house: RunningHouse
let phone: Awaited<ReturnType<typeof ownPhone>> | undefined

beforeAll(async () => {
  house = await demoHouse(join(folder.path, 'house'))
})

afterAll(async () => {
  await phone?.context.close()
  await house?.end('SIGTERM')
  folder.remove()
})

/** The same micro-grid head at another machine. */
async function ask<Answer>(cookie: string, path: string, body?: unknown): Promise<Answer> {
  const post = { method: 'POST', body: JSON.stringify(body) }
  const headers = { cookie, 'content-type': 'application/json', origin: house.url }
  const answer = await fetch(`${house.url}/api/v1${path}`, { headers, ...(body === undefined ? {} : post) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Answer
}

const photo = async (name: string, colour: string) => ({
  name,
  bytes: await sharp({ create: { width: 640, height: 480, channels: 3, background: colour } })
    .jpeg()
    .toBuffer(),
})

/** How many rows lie on the phone, by table. */
const keptRows = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(async () => {
    const found = (await indexedDB.databases()).find(({ name }) => name === 'tongxin-offline')
    if (!found) return {}
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('tongxin-offline')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const counts: Record<string, number> = {}
    for (const name of db.objectStoreNames) {
      counts[name] = await new Promise((resolve, reject) => {
        const request = db.transaction(name).objectStore(name).count()
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    }
    db.close()
    return counts
  })

/** What the phone keeps for reading, by address. */
const keptPaths = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('tongxin-offline')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const keys = await new Promise<IDBValidKey[]>((resolve, reject) => {
      const request = db.transaction('page').objectStore('page').getAllKeys()
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    db.close()
    return keys.map((key) => (Array.isArray(key) ? String(key[1]) : ''))
  })

/** A tap by a thumb, counted. */
class Thumb {
  taps = 0
  readonly walker: Walker

  constructor(page: Page) {
    this.walker = new Walker(page)
  }

  async tap(name: string | RegExp): Promise<void> {
    const { page } = this.walker
    await page.getByRole('button', { name }).or(page.getByRole('link', { name })).first().tap()
    this.taps++
  }
}

/** Signs in where there is a network and looks at the tasks; the phone takes them along by itself. */
async function takeAlong(cookie: string): Promise<{ id: string; version: number }> {
  const { purposes: _purposes, items } = await ask<{ purposes: string[]; items: { areaPath: string }[] }>(
    cookie,
    '/grid/posts/mine',
  )
  const report = { kind: 'event', category: '0101', text: task, areaPath: items[0]?.areaPath }
  const { id } = await ask<{ id: string }>(cookie, '/matters', report)
  phone = await ownPhone(profile, house.url)
  const walker = new Walker(await phone.context.newPage())
  await walker.open('/h5?county=330411')
  await walker.press(/第1微网格长/)
  await walker.sees('待办')
  await walker.sees(task)
  await walker.page.evaluate(() => navigator.serviceWorker.ready)
  const taken = async () => {
    const paths = await keptPaths(walker.page)
    return [`/matters/${id}`, '/kinds', 'phone:places-known'].filter((path) => !paths.includes(path))
  }
  await expect.poll(taken, { timeout: 30_000 }).toEqual([])
  // Closed as people do, so that the browser has written its cookies.
  await phone.context.close()
  return { id, version: 1 }
}

test('a report with three photos and a move made without a network survive a kill, go out once, and a conflict is decided', async () => {
  const cookie = await signInAs(house.url, 'lead.1')
  const seen = await takeAlong(cookie)

  phone = await ownPhone(profile, house.url)
  await phone.context.grantPermissions(['geolocation'])
  await phone.context.setGeolocation({ longitude: 120.7, latitude: 30.63, accuracy: 120 })
  await phone.context.setOffline(true)
  const page = await phone.context.newPage()
  const lead = new Walker(page)
  const thumb = new Thumb(page)
  await lead.open('/h5')
  await lead.sees('没有网络')
  // From opening the app to done: the task, the step, the confirmation.
  await thumb.tap(new RegExp(task.slice(0, 8)))
  await lead.sees(/这是.*看到的/)
  await thumb.tap('受理')
  await thumb.tap('确认提交')
  await lead.sees('“受理”已存在手机上')
  expect(thumb.taps).toBeLessThanOrEqual(4)

  await lead.open('/h5/report')
  await lead.choose('公共设施')
  await lead.choose('路灯不亮')
  await lead.type('说说是什么情况', lamp)
  for (const colour of ['#222', '#333', '#444']) await lead.attach('从相册选', await photo(`${colour}.jpg`, colour))
  await lead.press('用我现在的位置')
  await lead.sees('没有网络，请选一下在哪里')
  await lead.sees(/定位误差约.120.米/)
  await lead.choose(/第1微网格/)
  await lead.press('提交上报')
  await lead.sees('已存在手机上')
  expect(await keptRows(page)).toMatchObject({ item: 2, photo: 3 })
  await phone.kill()

  // Meanwhile the same person went on at another machine.
  const accepted = await ask<Matter>(cookie, `/matters/${seen.id}/moves`, { move: 'accept', version: seen.version })
  await ask(cookie, `/matters/${seen.id}/moves`, { move: 'file', version: accepted.version })

  phone = await ownPhone(profile, house.url)
  const tabs = await Promise.all([phone.context.newPage(), phone.context.newPage()])
  const [one, two] = tabs.map((tab) => new Walker(tab))
  if (!one || !two) throw new Error('no tabs')
  await Promise.all([one.open('/h5/outbox'), two.open('/h5/outbox')])
  await Promise.all([one.sees('已送到'), two.sees('要您来定')])
  const listed = await ask<MatterPage>(cookie, '/matters?scope=open&limit=100')
  const reported = listed.items.filter(({ summary }) => summary.includes(lamp))
  expect(reported).toHaveLength(1)
  const matter = await ask<Matter>(cookie, `/matters/${reported[0]?.id}`)
  expect([matter.files.length, matter.timeline.length]).toEqual([3, 1])
  await one.sees(matter.number)

  // What I did, what happened meanwhile; the step is not possible any more, so it is kept as a remark.
  await one.sees('您没网时做的')
  await one.sees('这期间发生的')
  await one.press('留作补记')
  await expect
    .poll(async () => (await ask<Matter>(cookie, `/matters/${seen.id}`)).timeline.at(-1)?.event)
    .toBe('matter.remarked')
  await expect.poll(async () => one.page.getByText('已送到').count()).toBe(2)
  await two.page.close()

  await one.open('/h5/me')
  expect(await keptRows(one.page)).toMatchObject({ keeping: 1, item: 2, photo: 0 })
  await one.press('退出登录')
  await one.sees('登录')
  await expect.poll(async () => Object.values(await keptRows(one.page)).reduce((sum, rows) => sum + rows, 0)).toBe(0)
})
