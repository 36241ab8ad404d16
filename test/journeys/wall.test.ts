import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atDesk, launchBrowser, onPhone } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { dataFolder, type RunningHouse, signInAs } from '../support/running-house.ts'
import { Walker } from '../support/walking.ts'

const words = '楼上独居的阿婆两天没下楼了，请来看看要不要照护'

const folder = dataFolder()
let house: RunningHouse
let browser: Browser

beforeAll(async () => {
  house = await demoHouse(folder.path)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await house?.end('SIGTERM')
  folder.remove()
})

async function signedIn(who: RegExp, begins: string | RegExp): Promise<Walker> {
  const context = await atDesk(browser, house.url)
  const walker = new Walker(await context.newPage())
  await walker.open('/console')
  await walker.press(who)
  await walker.sees(begins)
  return walker
}

/** A resident of the demo, signed in, files with the phone in hand. */
async function reportAsResident(): Promise<void> {
  const context = await onPhone(browser, house.url)
  const headers = { 'tongxin-county': '330411', origin: house.url }
  const people = (await (await context.request.get('/api/v1/demo/people', { headers })).json()) as {
    items: { accountId: string; kind: string }[]
  }
  const { accountId } = people.items.find(({ kind }) => kind === 'resident')!
  await context.request.post('/api/v1/demo/sign-in', { headers, data: { accountId } })
  const resident = new Walker(await context.newPage())
  await resident.open('/h5')
  await resident.press(/^上报$/)
  await resident.choose('民生服务')
  await resident.choose('老人、儿童照护')
  await resident.type('说说是什么情况', words)
  await resident.press('按村、社区选择')
  await resident.pick('镇（街道）', '王店镇')
  await resident.pick('村（社区）', '红联村')
  await resident.pick('网格、微网格', '第一网格')
  await resident.pick('网格、微网格', '第1微网格')
  await resident.press('提交上报')
  await resident.sees('收到了，谢谢您')
  await context.close()
}

/** A step by the post whose step it is, through the same API that its page uses. */
async function move(login: string, id: string, name: string, form: Record<string, unknown>): Promise<void> {
  const cookie = await signInAs(house.url, login)
  const headers = { cookie, 'tongxin-county': '330411', 'content-type': 'application/json', origin: house.url }
  const url = `${house.url}/api/v1/matters/${id}`
  const { version } = (await (await fetch(url, { headers })).json()) as { version: number }
  const body = JSON.stringify({ move: name, version, form })
  const answer = await fetch(`${url}/moves`, { method: 'POST', headers, body })
  expect(answer.status, await answer.text()).toBe(200)
}

const figure = async (wall: Walker, word: string): Promise<number> =>
  Number(
    await wall.page
      .locator('.wall-number', { hasText: word })
      .locator('strong')
      .textContent()
      .then((text) => text?.replace(/\D/g, '')),
  )

test('a leader sees a report appear on the wall, drills down to it, and sees it closed, without a reload', async () => {
  const wall = await signedIn(/^秀洲区领导/, '办件')
  await wall.press('态势')
  await wall.page.getByText('实时', { exact: true }).waitFor({ timeout: 60_000 })
  let loads = 0
  wall.page.on('load', () => loads++)
  const before = await figure(wall, '今日新增')

  await reportAsResident()
  const ticker = wall.page.getByRole('region', { name: '刚刚发生' })
  await ticker.getByText('新上报').first().waitFor({ timeout: 5_000 })
  await expect.poll(() => figure(wall, '今日新增'), { timeout: 5_000 }).toBe(before + 1)
  expect(await wall.page.getByText(words).count()).toBe(0)

  for (const place of ['王店镇', '红联村', '第一网格', '第1微网格']) {
    await wall.press(place, wall.page.getByRole('region', { name: '下级区域' }))
    await wall.page.locator('.wall-trail [aria-current]', { hasText: place }).waitFor()
  }
  await wall.sees('办件清单')
  const deepest = wall.page.url()
  expect(decodeURIComponent(deepest)).toMatch(/330411\/330411105\/330411105211\/\w+\/\w+/)
  const findings = await new AxeBuilder({ page: wall.page }).analyze()
  expect(findings.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])

  await wall.press(/老人、儿童照护/, wall.page.getByRole('region', { name: '办件清单' }))
  await wall.sees(words)
  const id = /matters\/([0-9a-f-]{36})/.exec(wall.page.url())![1]!
  await wall.page.goBack()
  await wall.sees('办件清单')
  await wall.sees('实时')

  await move('lead.1', id, 'accept', {})
  await wall.page
    .getByRole('region', { name: '刚刚发生' })
    .getByText(/转入“已受理”/)
    .first()
    .waitFor({ timeout: 5_000 })
  await move('lead.1', id, 'solve', { result: '上门看过，送了药，女儿当晚接走照看', method: 'onSite' })
  await move('chief.1', id, 'verify', { seen: 'onSite' })
  const closed = await figure(wall, '今日办结')
  await move('dispatcher', id, 'close', {})
  await wall.page
    .getByRole('region', { name: '刚刚发生' })
    .getByText(/已结束/)
    .first()
    .waitFor({ timeout: 5_000 })
  await expect.poll(() => figure(wall, '今日办结'), { timeout: 5_000 }).toBe(closed + 1)
  expect(loads).toBe(0)
  await wall.page.context().close()
})

test('the wall works at 390 and 320 px, and says so when the connection is lost', async () => {
  const context = await onPhone(browser, house.url)
  const phoneWall = new Walker(await context.newPage())
  await phoneWall.open('/console')
  await phoneWall.press(/^红联村书记/)
  await phoneWall.page.getByRole('heading', { name: '办件' }).waitFor()
  await phoneWall.open('/console/wall')
  await phoneWall.sees('实时')
  for (const width of [390, 320]) {
    await phoneWall.page.setViewportSize({ width, height: 800 })
    const wide = await phoneWall.page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(width)
  }
  await house.end('SIGTERM')
  await phoneWall.sees(/连接断开/)
  await house.start()
  await phoneWall.page.getByText('实时', { exact: true }).first().waitFor({ timeout: 30_000 })
  await context.close()
})
