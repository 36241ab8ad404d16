import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workshopOf } from '../../src/signing/workshop.ts'
import { sealNext } from '../../src/signing/envelopes/index.ts'
import type { QueuedSms } from '../../src/kernel/ports.ts'
import { county, testApp, type TestApp } from '../support/app.ts'
import { launchBrowser, onPhone } from '../support/browser.ts'
import { cameraFlags, filmFor, type Film } from '../support/camera.ts'
import { layGround } from '../support/ground.ts'
import { dataFolder } from '../support/running-house.ts'
import { layEnvelope, somebody, type Wanted } from '../support/signing.ts'

const folder = dataFolder()
let house: TestApp
let url: string
let ticking: NodeJS.Timeout
const sent: QueuedSms[] = []

beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  house.app.ports.smsQueue = {
    queue: async (_cmd, message) => {
      sent.push(message)
      return { id: 'sms' }
    },
  }
  // The house's clock stands still in tests; people and their cameras do not.
  ticking = setInterval(() => house.clock.advance(100), 100)
  await house.http.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(house.http.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  clearInterval(ticking)
  await workshopOf(house.app.ports).stop()
  await house.close()
  folder.remove()
})

async function atLink(browser: Browser, wanted: Wanted = {}): Promise<{ page: Page; token: string; id: string }> {
  const { tokens, id } = await layEnvelope(house, wanted)
  const context = await onPhone(browser, url)
  const page = await context.newPage()
  await page.goto(`/sign?county=${county}#${tokens[0]!}`)
  return { page, token: tokens[0]!, id }
}
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

async function byCode(page: Page): Promise<void> {
  await press(page, '我已阅读并同意')
  await press(page, '发送验证码')
  await page.getByLabel('短信验证码').fill(await lastCode())
  await press(page, '核对验证码')
}
async function lastCode(): Promise<string> {
  await expect.poll(() => sent.length).toBeGreaterThan(0)
  return sent.pop()!.params['code']!
}
async function draw(page: Page): Promise<void> {
  const pad = page.getByRole('img', { name: /签名框/ })
  await pad.scrollIntoViewIfNeeded()
  const box = (await pad.boundingBox())!
  for (const [from, to] of [
    [0.15, 0.45],
    [0.55, 0.85],
  ] as const) {
    await page.mouse.move(box.x + box.width * from, box.y + box.height * 0.3)
    await page.mouse.down()
    for (let i = 1; i <= 8; i++)
      await page.mouse.move(box.x + box.width * (from + ((to - from) * i) / 8), box.y + box.height * (0.3 + i * 0.05))
    await page.mouse.up()
  }
}
const serious = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)
}

describe('a returning resident', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  test('signs on the phone, over a lost line and a locked screen, and shows the code', async () => {
    const { page } = await atLink(browser)
    await page.getByText('红联村请您签署').waitFor()
    expect(await serious(page)).toEqual([])
    await byCode(page)
    await page.getByRole('heading', { name: '返乡承诺书' }).waitFor()
    await page.getByLabel('返乡天数').fill('3')
    await press(page, '读完了，下一步')
    await draw(page)
    await press(page, '撤一笔')
    await press(page, '恢复')
    // The screen was locked and the browser put the page away: the name is still there.
    await page.reload()
    await page.getByRole('img', { name: /签名框/ }).waitFor()
    await expect.poll(() => page.locator('.sign-pad path').count()).toBe(2)
    expect(await serious(page)).toEqual([])
    // Without a line nothing is lost.
    await page.context().setOffline(true)
    await press(page, '看文书')
    await page.getByRole('alert').waitFor()
    await page.context().setOffline(false)
    await press(page, '看文书')
    await page.getByRole('img', { name: /第\s?1\s?页/ }).waitFor({ timeout: 60_000 })
    expect(await serious(page)).toEqual([])
    await press(page, '确认签署')
    await page.getByRole('heading', { name: '签好了' }).waitFor()
    expect(await sealNext(house.app, county)).toBe(true)
    await page.getByText('已加盖公章和时间戳').waitFor()
    await page.getByRole('button', { name: '打开 PDF 文件' }).waitFor()
    const code = (await page.locator('.sign-number').textContent())!
    await page.goto(`/c/${code}?county=${county}`)
    await page.getByText('有效', { exact: true }).waitFor()
    const said = await page.getByRole('main').textContent()
    expect(said).toContain('张**')
    expect(said).not.toContain('返乡')
  })

  test('fits 320 points with large type', async () => {
    const { page } = await atLink(browser, { identity: 'face' })
    await page.setViewportSize({ width: 320, height: 640 })
    await page.evaluate(() => localStorage.setItem('tongxin.elder', 'on'))
    await page.getByText('我已阅读并同意').waitFor()
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await wide()).toBeLessThanOrEqual(320)
    await press(page, '我已阅读并同意')
    await page.getByText('不方便用手机核实？').click()
    await press(page, '请工作人员来帮我')
    await page.getByText('已经通知').waitFor()
    expect(await wide()).toBeLessThanOrEqual(320)
  })
})

/** What a camera shows, and what becomes of it. */
describe.each<[Film, boolean]>([
  ['live', true],
  ['still', false],
  ['tilt', false],
])('a camera that shows a %s face', (film, isPassed) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser(cameraFlags(filmFor(film, folder.path)))
  })
  afterAll(() => browser?.close())

  test('passes only where somebody alive is there, and no request passes twice', async () => {
    const { page, token } = await atLink(browser, { identity: 'face' })
    await page.context().grantPermissions(['camera'])
    await byCode(page)
    await page.getByLabel('姓名').fill(somebody.name)
    await page.getByLabel('身份证号').fill(somebody.citizenId)
    await press(page, '核对')
    const checked = page.waitForRequest(/face\/check$/, { timeout: 120_000 }).catch(() => undefined)
    await press(page, '同意并打开摄像头')
    await page.locator('.face-check[data-stage=looking]').waitFor({ timeout: 90_000 })
    if (isPassed) {
      await page.getByRole('heading', { name: '返乡承诺书' }).waitFor({ timeout: 120_000 })
      const request = await checked
      // No picture is in it: numbers alone.
      expect(Object.keys(JSON.parse(request!.postData()!)).sort()).toEqual(['document', 'frames', 'nonce'])
      const again = await page.request.post(`/api/v1/signing/links/${token}/face/check`, {
        data: JSON.parse(request!.postData()!),
      })
      expect(await again.json()).toMatchObject({ code: 'signing.face_refused' })
    } else {
      await page.locator('.face-check[data-stage=again]').waitFor({ timeout: 120_000 })
      const { identifiedBy } = await (await page.request.get(`/api/v1/signing/links/${token}`)).json()
      expect(identifiedBy).toBeNull()
    }
  })
})
