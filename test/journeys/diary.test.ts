import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atDesk, launchBrowser, onPhone } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { dataFolder, type RunningHouse } from '../support/running-house.ts'
import { Walker } from '../support/walking.ts'

const words = '三单元的孙奶奶说楼道灯坏了一个星期，晚上不敢出门。'
const lead = /第1微网格长/
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

async function signedIn(context: BrowserContext, who: RegExp, at: '/h5' | '/console', begins: string): Promise<Walker> {
  const walker = new Walker(await context.newPage())
  await walker.open(at)
  await walker.press(who)
  await walker.sees(begins)
  // A page takes the focus to its heading once it is there; a key pressed before that would be lost.
  await walker.page.waitForLoadState('networkidle')
  return walker
}

test('what a head hears at a door is kept with a photo, becomes one case with one tap, and the secretary reads it', async () => {
  const phone = await onPhone(browser, house.url)
  const head = await signedIn(phone, lead, '/h5', '待办')
  await head.press('日记')
  await head.press('写日记')
  await head.choose('关爱')
  await head.type('看到、听到了什么', words)
  const bytes = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#234' } })
    .jpeg()
    .toBuffer()
  await head.attach('拍照', { name: 'door.jpg', bytes })
  await head.type('走访对象', '孙奶奶')
  await head.press('保存')
  await head.sees('已记下')
  await head.sees(words)

  const file = head.page.getByRole('button', { name: '转为办件' })
  await file.dblclick()
  await head.sees('已转为办件')
  await head.sees('把查询码告诉住户')
  await head.press(/已转为办件/)
  await head.sees('来自民情日记')
  await head.sees('接下来怎么办')
  await head.open('/h5/tasks?scope=open')
  await head.sees(words.slice(0, 12))
  expect(await head.page.getByText(words.slice(0, 12)).count()).toBe(1)
  await phone.close()

  const desk = await atDesk(browser, house.url)
  const secretary = await signedIn(desk, /红联村书记/, '/console', '办件')
  await secretary.press('民情日记')
  await secretary.press(/楼道灯坏了一个星期/)
  await secretary.sees('孙某某')
  await secretary.sees('已转为办件')
  expect(await secretary.page.getByText('孙奶奶').count()).toBe(0)
  await desk.close()
})

test('an entry written without a network waits on the phone and arrives once', async () => {
  const phone = await onPhone(browser, house.url)
  const head = await signedIn(phone, lead, '/h5', '待办')
  await head.press('日记')
  await head.press('写日记')
  await head.choose('治水')
  await head.type('看到、听到了什么', '地下车库里没有信号，集水井水位有点高。')
  await phone.setOffline(true)
  await head.press('保存')
  await head.sees('等网络')
  await phone.setOffline(false)
  await head.sees('看这篇日记')
  await head.open('/h5/diary')
  await head.sees('地下车库里没有信号')
  expect(await head.page.getByText('地下车库里没有信号').count()).toBe(1)
  await phone.close()
})

const pages = [
  '/h5/tasks?scope=open',
  '/h5/diary',
  '/h5/diary?view=month',
  '/h5/diary/new',
  '/h5/inbox',
  '/h5/me',
  '/h5/report',
]
const openPages = ['/', '/r', '/p', '/verify', '/complain', '/h5']

test('in large type nothing is smaller than 20 px, cut off or wider than the narrowest phone', async () => {
  const context = await onPhone(browser, house.url)
  const page = await context.newPage()
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto('/')
  await page.getByRole('button', { name: '用大字' }).click()
  for (const address of openPages) await expectLarge(page, address)
  await context.close()
  const phone = await onPhone(browser, house.url)
  await phone.addInitScript(() => localStorage.setItem('tongxin.elder', '1'))
  const head = await signedIn(phone, lead, '/h5', '待办')
  await head.page.setViewportSize({ width: 320, height: 640 })
  for (const address of pages) await expectLarge(head.page, address)
  await phone.close()
})

/** What is drawn smaller, and what is cut off, of all texts in sight. */
async function expectLarge(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: 'networkidle' })
  await page.locator('h1').first().waitFor()
  const seen = await page.evaluate(() => {
    const small: string[] = []
    const cut: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>('main *, nav *, header *')) {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
      const box = element.getBoundingClientRect()
      if (
        !own ||
        box.width < 2 ||
        !element.checkVisibility() ||
        element.closest('.only-read-aloud, .month, .dot, .chips-line')
      )
        continue
      const text = element.textContent?.trim().slice(0, 20) ?? ''
      if (Number.parseFloat(getComputedStyle(element).fontSize) < 19.5) small.push(text)
      if (box.right > innerWidth + 1 || box.left < -1) cut.push(text)
    }
    return { overflow: document.documentElement.scrollWidth - innerWidth, small, cut }
  })
  expect(seen, address).toEqual({ overflow: 0, small: [], cut: [] })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${address} ${id} ${nodes[0]?.html ?? ''}`)).toEqual([])
}
