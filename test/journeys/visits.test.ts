import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Campaign, Coverage, DoorPage, Round, VisitPage } from '../../src/registry/visits/contract.ts'
import { launchBrowser, onPhone } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { cookiesOf, dataFolder, type RunningHouse, signInAs } from '../support/running-house.ts'
import { Walker } from '../support/walking.ts'

const folder = dataFolder()
let house: RunningHouse
let browser: Browser

beforeAll(async () => {
  house = await demoHouse(join(folder.path, 'house'))
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await house?.end('SIGTERM')
  folder.remove()
})

async function ask<Answer>(cookie: string, path: string, body?: unknown): Promise<Answer> {
  const post = { method: 'POST', body: JSON.stringify(body) }
  const headers = { cookie, 'content-type': 'application/json', origin: house.url }
  const answer = await fetch(`${house.url}/api/v1${path}`, { headers, ...(body === undefined ? {} : post) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Answer
}

/** What the phone keeps for reading, by address. */
const keptPaths = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const found = (await indexedDB.databases()).find(({ name }) => name === 'tongxin-offline')
    if (!found) return []
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

interface Phone {
  context: BrowserContext
  walker: Walker
}

/** A phone of somebody who goes to these doors, its list taken along. */
async function phoneOf(loginName: string, area: string): Promise<Phone> {
  const context = await onPhone(browser, house.url)
  await context.addCookies(await cookiesOf(house.url, loginName))
  const walker = new Walker(await context.newPage())
  await walker.open('/h5/visits?county=330411')
  await walker.sees('我的微网格')
  await expect
    .poll(async () => (await keptPaths(walker.page)).filter((path) => path.startsWith('/visits/')).length, {
      timeout: 30_000,
    })
    .toBeGreaterThan(1)
  await walker.open(`/h5/visits?area=${encodeURIComponent(area)}`)
  await walker.sees('还要去')
  return { context, walker }
}

/** At a door: everybody is met, one number has changed. */
async function visitDoor({ walker }: Phone, href: string, phone: string): Promise<void> {
  await walker.page.locator(`a[href="${href}"]`).first().tap()
  await walker.choose('见到了')
  const all = walker.page.getByRole('button', { name: '都见到了' })
  if (await all.isVisible()) await all.tap()
  else await walker.page.getByRole('radio', { name: '见到了' }).nth(1).check({ force: true })
  await walker.page.getByRole('button', { name: '电话变了' }).first().tap()
  await walker.type('新的手机号', phone)
  // The demo's own campaign asks something here too.
  const alarm = walker.page.getByRole('radio', { name: '装了', exact: true })
  if (await alarm.isVisible()) await walker.choose(/^装了$/)
  await walker.press('记下，去下一户')
  await walker.sees('没有网络，已记在手机里')
}

test('two phones without a network edit the same household: nothing is lost, nothing twice, a person decides', async () => {
  const secretary = await signInAs(house.url, 'secretary')
  const head = await signInAs(house.url, 'lead.1')
  const round = await ask<Round>(head, '/visits/round')
  const area = round.areas.find(({ doors }) => doors > 3)?.path ?? ''
  const everybody = { uses: [], kinds: [], tags: [], ageFrom: null, ageUntil: null }
  const days = { fromOn: '2026-01-01', untilOn: '2030-12-31' }
  const plan = { name: '断网也要走', areaPaths: [area], who: everybody, questions: [], ...days }
  const campaign = await ask<Campaign>(secretary, '/visits/campaigns', plan)
  const doors = await ask<DoorPage>(head, `/visits/doors?area=${encodeURIComponent(area)}&limit=100`)
  const wanted = doors.items.flatMap((door) => door.subjects.map((subject) => ({ door, subject })))
  const stop = wanted.find(({ subject }) => subject.people.length > 0 && subject.householdId !== null)!
  const { id: personId } = stop.subject.people[0]!
  const href = `/h5/visits?area=${encodeURIComponent(area)}&door=${stop.subject.id}`
  const before = await ask<VisitPage>(head, `/visits?subject=${stop.subject.id}&limit=100`)

  const [one, two] = [await phoneOf('lead.1', area), await phoneOf('worker.1', area)]
  await one.context.setOffline(true)
  await two.context.setOffline(true)
  await visitDoor(one, href, '13900000001')
  await visitDoor(two, href, '13900000002')
  const unseen = await ask<VisitPage>(head, `/visits?subject=${stop.subject.id}&limit=100`)
  expect(unseen.items.length).toBe(before.items.length)

  const arrived = async () =>
    (await ask<VisitPage>(head, `/visits?subject=${stop.subject.id}&limit=100`)).items.length - before.items.length
  await one.context.setOffline(false)
  await one.walker.open('/h5/outbox')
  await expect.poll(arrived, { timeout: 90_000 }).toBe(1)
  await two.context.setOffline(false)
  await two.walker.open('/h5/outbox')
  await expect.poll(arrived, { timeout: 90_000 }).toBe(2)
  await two.walker.sees('和别人改的不一样')

  // Coverage: the door is done once, by two visits.
  const { total } = await ask<Coverage>(secretary, `/visits/campaigns/${campaign.id}/coverage`)
  expect(total).toMatchObject({ done: 1, doors: campaign.figures.doors })
  const phoneNow = async () => {
    const page = await ask<DoorPage>(head, `/visits/doors?area=${encodeURIComponent(area)}&limit=100`)
    return page.items
      .flatMap(({ subjects }) => subjects.flatMap(({ people }) => people))
      .find(({ id }) => id === personId)?.phone
  }
  expect(await phoneNow()).toBe('139****0001')

  // A person decides, on the page that shows both.
  await one.walker.open('/h5/visits/conflicts')
  await one.walker.sees('139****0002')
  await one.walker.sees('139****0001')
  await one.walker.press('按上门看到的改')
  await one.walker.sees('没有要核对的')
  expect(await phoneNow()).toBe('139****0002')
  expect(await arrived()).toBe(2)

  // Whoever signs out leaves nothing of the doors on the phone.
  await one.walker.open('/h5/me')
  await one.walker.press('退出登录')
  await expect.poll(() => keptPaths(one.walker.page), { timeout: 20_000 }).toEqual([])
  await one.context.close()
  await two.context.close()
})
