import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { facesOf } from '../../tools/faces.ts'
import { atDesk, launchBrowser, onPhone } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { dataFolder, type RunningHouse, cookiesOf, signInAs } from '../support/running-house.ts'

const county = '330411'
const nowhere = '00000000-0000-7000-8000-000000000000'

const folder = dataFolder()
let house: RunningHouse
let browser: Browser
let matter = nowhere

beforeAll(async () => {
  house = await demoHouse(folder.path)
  browser = await launchBrowser()
  const cookie = await signInAs(house.url, 'dispatcher')
  const headers = { cookie, 'tongxin-county': county }
  const answer = await fetch(`${house.url}/api/v1/matters?scope=open&limit=1`, { headers })
  const { items } = (await answer.json()) as { items: { id: string }[] }
  matter = items[0]?.id ?? nowhere
})

afterAll(async () => {
  await browser?.close()
  await house?.end('SIGTERM')
  folder.remove()
})

/** The page with something to show: a matter that is there, and for the rest something that is not, which is a page too. */
const shown = (address: string): string =>
  address.replace('/matters/$id', `/matters/${matter}`).replaceAll(/\$\w+/g, nowhere)

async function as(context: BrowserContext, login: string | null): Promise<Page> {
  if (login) await context.addCookies(await cookiesOf(house.url, login, county))
  const page = await context.newPage()
  await page.setViewportSize(
    login === null || login === 'lead.1' ? { width: 320, height: 700 } : { width: 1440, height: 900 },
  )
  return page
}

const faces = facesOf()
/** Who looks at which pages; whoever may not see one looks at how it is refused, which must be readable as well. */
const looks: [string, string | null, 'desk' | 'phone', readonly string[]][] = [
  ['nobody on a small phone', null, 'phone', [...faces.open, '/h5', '/console']],
  ['a micro-grid head on a small phone', 'lead.1', 'phone', faces.h5],
  ['a dispatcher at a desk', 'dispatcher', 'desk', faces.console.slice(0, 20)],
  ['a dispatcher at a desk, the further pages', 'dispatcher', 'desk', faces.console.slice(20)],
  ['the system administrator at a desk', 'system', 'desk', ['/console/admin', '/console/sms', '/console/settings']],
]

test.each(looks)('every page fits, can be read aloud and speaks one language: %s', async (_who, login, at, pages) => {
  expect(pages.length).toBeGreaterThan(2)
  const context = await (at === 'phone' ? onPhone : atDesk)(browser, house.url)
  const page = await as(context, login)
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(`${page.url()} threw ${error.message}`))
  for (const address of pages) wrong.push(...(await problemsOf(page, address)))
  await context.close()
  expect(wrong).toEqual([])
})

/** Latin words that people here read in Chinese texts too, and names of things that have no other. */
const usual =
  /^(English|Enter|Esc|Ctrl|Chrome|Chromium|HeadlessChrome|Headless|Linux|json|xlsx|Excel|JSON|CSV|PDF|SHA|SMS|URL|PMTiles|dispatcher|lead|system|aliyun|tencent|outbox)$/

/** Login names are Latin letters that the county chose itself. */
const namesPeople = new Set(['/console/admin'])

async function problemsOf(page: Page, address: string): Promise<string[]> {
  await page.goto(shown(address))
  const stands = page
    .locator('h1')
    .first()
    .waitFor({ state: 'attached', timeout: 15_000 })
    .then(() => page.locator('.bone').first().waitFor({ state: 'detached', timeout: 15_000 }))
  if (!(await stands.then(() => true).catch(() => false))) return [`${address} never stands`]
  const { overflow, text } = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - innerWidth,
    text: document.body.innerText,
  }))
  const problems: string[] = []
  if (text.length <= 20) problems.push(`${address} is empty`)
  if (overflow > 0) problems.push(`${address} is ${overflow} px wider than the screen`)
  const { violations } = await new AxeBuilder({ page }).analyze()
  for (const { id, impact, nodes } of violations)
    if (impact === 'serious' || impact === 'critical') problems.push(`${address} ${id} ${nodes[0]?.html ?? ''}`)
  if (namesPeople.has(address)) return problems
  // The number of a request that went wrong is hexadecimal and may hold a group of letters.
  const words = text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')
  const english = (words.match(/\b[A-Za-z]{3,}\b/g) ?? []).filter((word) => !usual.test(word))
  if (english.length > 0) problems.push(`${address} has English left: ${[...new Set(english)].slice(0, 5).join(' ')}`)
  return problems
}
