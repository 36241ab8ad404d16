import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atDesk, launchBrowser, onPhone } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { firstThings } from '../support/first-things.ts'
import { dataFolder, type RunningHouse } from '../support/running-house.ts'
import { Walker } from '../support/walking.ts'

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

const matter = 'a[href*="/matters/"], tr[data-row-key]'
/** The roles of the sign-in page, in their order, where they work and what is there for them to do or see. */
const roles = [
  { name: '居民', page: '/h5/mine', finds: 'a[href^="/h5/mine/"]' },
  { name: '红联村第一网格第1微网格长', page: '/h5/tasks', finds: 'a[href^="/h5/tasks/"]' },
  { name: '红联村第一网格员', page: '/h5/tasks', finds: 'a[href^="/h5/tasks/"]' },
  { name: '红联村书记', page: '/console/', finds: matter },
  { name: '王店镇平台调度员', page: '/console/', finds: matter },
  { name: '综合行政执法队经办人', page: '/console/', finds: matter },
  { name: '王店镇核查员', page: '/console/', finds: matter },
  { name: '王店镇纪检监察干部', page: '/console/', finds: matter },
  { name: '秀洲区领导', page: '/console/', finds: matter },
  { name: '系统管理员', page: '/console/', finds: 'main .admin-row, main tbody tr[data-row-key]' },
  { name: '安全管理员', page: '/console/', finds: 'main .admin-row, main tbody tr[data-row-key]' },
  { name: '审计管理员', page: '/console/', finds: 'main .admin-row, main tbody tr[data-row-key]' },
] as const

test('the sign-in page lists twelve roles in order, each with what to try first', async () => {
  const page = await (await atDesk(browser, house.url)).newPage()
  await page.goto('/console')
  const cards = page.locator('.demo-cards button')
  await cards.first().waitFor()
  expect(await cards.locator('.strong').allTextContents()).toEqual(roles.map(({ name }) => name))
  for (const text of await cards.allTextContents()) expect(text.length).toBeGreaterThan(12)
  await page.context().close()
})

test.each(roles)('$name signs in with one click and finds work', async ({ name, page: where, finds }) => {
  const phone = where.startsWith('/h5')
  const context = await (phone ? onPhone : atDesk)(browser, house.url)
  const page = await context.newPage()
  // From the other face, too, a role lands where it works.
  await page.goto('/console')
  await page.locator('.demo-cards button', { hasText: name }).first().click()
  await page.waitForURL((url) => url.pathname.startsWith(where))
  await page.locator(finds).first().waitFor({ state: 'visible' })
  expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0)
  await context.close()
})

test.each(firstThings)('$role does the first thing of the day', async ({ role, face, do: act }) => {
  const context = await (face === 'phone' ? onPhone : atDesk)(browser, house.url)
  const page = await context.newPage()
  await page.goto(face === 'phone' ? '/h5' : '/console')
  await page.locator('.demo-cards button', { hasText: role }).first().click()
  await page.locator('.demo-cards').waitFor({ state: 'detached' })
  await act(new Walker(page))
  expect(await page.getByRole('alert').count()).toBe(0)
  await context.close()
})

test('every role of the sign-in page has its first thing', () => {
  expect(firstThings.map(({ role }) => role)).toEqual(roles.map(({ name }) => name))
})
