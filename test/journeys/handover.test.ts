import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atDesk, launchBrowser } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
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

async function signedIn(role: RegExp): Promise<Walker> {
  const page = await (await atDesk(browser, house.url)).newPage()
  const walker = new Walker(page)
  await walker.open('/console')
  await walker.press(role)
  await page.locator('.demo-cards').waitFor({ state: 'detached' })
  return walker
}

/** The number beside a tab of the work list. */
const countOf = async (walker: Walker, tab: string): Promise<number> => {
  const found = walker.page.getByRole('link', { name: new RegExp(`^${tab}\\s*\\d+`) }).first()
  await found.waitFor()
  return Number(/\d+/.exec(await found.innerText())?.[0])
}

test('a verifier leaves: post and work go to the one who follows, who sees and finishes it, and the account is closed', async () => {
  const verifier = await signedIn(/^王店镇核查员/)
  const waiting = await countOf(verifier, '我的')
  expect(waiting).toBeGreaterThan(0)
  const open = verifier.page.getByRole('row').filter({ hasText: '待核查' }).getByRole('link').first()
  const matter = await open.getAttribute('href')

  const keeper = await signedIn(/^系统管理员/)
  await keeper.press('人员交接')
  await keeper.page.getByRole('searchbox', { name: '登录名开头或完整手机号' }).fill('verifier')
  await keeper.press('查找')
  await keeper.press('选择 胡家豪')
  await keeper.sees('这些岗位手上还没办结的事项')
  await keeper.sees(/王店镇核查员.*\d+.件/)
  // The one in the other chair is who follows unless somebody else is chosen.
  await keeper.press('办理交接')
  await keeper.sees(/交接好了/)
  await keeper.sees('账号已停用。')

  await verifier.page.reload()
  await verifier.sees(/登录/)
  expect(await verifier.page.getByRole('row').filter({ hasText: '待核查' }).count()).toBe(0)

  const answer = await fetch(`${house.url}/api/v1/demo/people`, { headers: { 'tongxin-county': '330411' } })
  const people = ((await answer.json()) as { items: { accountId: string; loginName: string | null }[] }).items
  const next = people.find(({ loginName }) => loginName === 'verifier.b')
  const follower = new Walker(await (await atDesk(browser, house.url)).newPage())
  await follower.page.request.post(`${house.url}/api/v1/demo/sign-in`, {
    headers: { 'tongxin-county': '330411', origin: house.url },
    data: { accountId: next?.accountId },
  })
  await follower.page.addInitScript(() => localStorage.setItem('tongxin.county', '330411'))
  await follower.open('/console')
  expect(await countOf(follower, '我的')).toBe(waiting)
  await follower.open(matter ?? '')
  await follower.press('核查通过')
  await follower.choose('到现场看过')
  await follower.press('确认提交')
  await follower.sees('已提交：核查通过')
})
