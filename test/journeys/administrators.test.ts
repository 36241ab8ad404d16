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

async function newDesk(): Promise<Walker> {
  const context = await atDesk(browser, house.url)
  return new Walker(await context.newPage())
}

/** One of the three administrators of the demo, at the section named. */
async function administrator(who: RegExp, section: string): Promise<Walker> {
  const walker = await newDesk()
  await walker.open('/console')
  await walker.press(who)
  await walker.sees('账号与安全')
  await walker.press('账号与安全')
  await walker.press(section)
  await walker.page.getByRole('heading', { level: 1, name: section }).waitFor()
  return walker
}

/** Types into the field of this name, also where what is typed is hidden. */
async function fill(walker: Walker, label: string | RegExp, text: string): Promise<void> {
  await walker.page.getByLabel(label).last().focus()
  await walker.page.keyboard.insertText(text)
}

const system = /系统管理员/
const security = /安全管理员/
const audit = /审计管理员/
const password = 'Honglian#330411-an'

test('an administrator is made by two, a sensitive right by two, and each is refused the others’ pages', async () => {
  // The system administrator makes an account and hands its link over.
  const keeper = await administrator(system, '账号')
  await keeper.press('新建账号')
  await keeper.type('姓名', '沈安')
  await keeper.type('登录名', 'shen-an')
  await keeper.type(/手机号/, '13656780001')
  await keeper.press('新建账号', keeper.page.getByRole('dialog'))
  await keeper.press('开一个设密码链接')
  const link = await keeper.page.getByText(/\/link\/330411\./).textContent()
  await keeper.press('关闭')

  // Nobody has used it yet: who made it cannot put it into a seat.
  const propose = async () => {
    await keeper.press('三员任免')
    await keeper.press('提出任命')
    await fill(keeper, /登录名开头/, 'shen-an')
    await keeper.press('查找')
    await keeper.pick('任命谁', '沈安')
    await keeper.pick('担任', '安全管理员')
    await keeper.press('提出任命', keeper.page.getByRole('dialog'))
  }

  // Its person sets a password and signs in at a desk of their own.
  const person = await newDesk()
  await person.open(new URL(link ?? '').pathname)
  await fill(person, '新密码', password)
  await person.press('设置密码')
  await person.sees('密码设好了')
  await propose()
  await keeper.sees(/本人还没有在自己的设备上登录过/)
  await keeper.press('关闭')
  await person.open('/console')
  await person.page.locator('summary', { hasText: '用账号密码登录' }).press('Enter')
  await fill(person, '登录名', 'shen-an')
  await fill(person, '密码', password)
  await person.press(/^登录$/)
  await person.sees('沈安')

  await propose()
  await keeper.sees('等审计管理员确认')

  // The audit administrator is told, sees who proposed whom, and confirms.
  const auditor = await administrator(audit, '三员任免')
  await auditor.sees(/任命.沈安.为安全管理员/)
  await auditor.sees(/提出人自己开的账号/)
  await auditor.press('确认')
  await auditor.sees('已办理')
  await auditor.sees('已确认')
  await auditor.press('消息')
  await auditor.sees('有一项管理员任免等您确认')

  // A sensitive right in a role waits for security, and holds from then on.
  await keeper.press('角色与权限')
  await keeper.press('修改权限 窗口受理员')
  await keeper.choose('看反映人的完整信息')
  await keeper.press('保存')
  await keeper.sees('待批准')
  const guard = await administrator(security, '角色与权限')
  await guard.sees(/新增：看反映人的完整信息/)
  await guard.press('批准')
  await guard.sees('已办理')
  await guard.sees('已批准')

  // Each finds the others' pages closed, by the page and by the house.
  for (const [walker, section, address, stated] of [
    [keeper, 'dangers', '/api/v1/identity/dangers', 'administration'],
    [guard, 'acts', '/api/v1/identity/acts', 'audit'],
    [auditor, 'webhooks', '/api/v1/notify/webhooks', 'administration'],
  ] as const) {
    await walker.open(`/console/admin/${section}`)
    await walker.sees('这一页不归您管')
    const answer = await walker.page.request.get(address, { headers: { 'tongxin-purpose': stated } })
    expect(answer.status(), address).toBe(403)
  }

  // What was done stands in the audit administrator's list.
  await auditor.open('/console/admin/acts')
  await auditor.choose('管理员做过的事')
  await auditor.sees('任命管理员')
  await auditor.press('账本核对')
  await auditor.press('现在核对')
  await auditor.sees('没有被改动')
}, 120_000)
