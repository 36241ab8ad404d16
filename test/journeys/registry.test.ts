import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayOf, honglianFamilies } from '../../src/registry/index.ts'
import { atDesk, launchBrowser, onPhone } from '../support/browser.ts'
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

/** The first block of the estate, where the micro-grid head of the sign-in page is. */
const block = honglianFamilies(dayOf(new Date()))[0]!
const tenant = block.people.find(({ ties, phone }) => phone !== null && ties[0]?.relation === 'tenant')!
const letDoor = block.building.doors.find(({ key }) => key === tenant.ties[0]!.doorKey)!

async function signedIn(context: BrowserContext, who: RegExp, at: '/h5' | '/console', begins: string): Promise<Walker> {
  const walker = new Walker(await context.newPage())
  await walker.open(at)
  await walker.press(who)
  await walker.sees(begins)
  await walker.page.waitForLoadState('networkidle')
  return walker
}

const serious = async (walker: Walker): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page: walker.page }).analyze()
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)
}

test('a new village secretary finds a tenant, mends the phone and has the estate’s roster on paper', async () => {
  const desk = await atDesk(browser, house.url)
  const secretary = await signedIn(desk, /红联村书记/, '/console', '办件')
  await secretary.press('登记册')
  await secretary.sees('打印花名册')
  await secretary.page.getByRole('main').getByRole('searchbox').fill(tenant.name)
  await secretary.press(new RegExp(`^${tenant.name}`))
  await secretary.sees('新居民')
  expect(await secretary.page.getByText(tenant.phone!).count()).toBe(0)
  expect(await serious(secretary)).toEqual([])

  await secretary.press('改手机号')
  await secretary.type('正确的手机号', '1992100')
  await secretary.press('保存')
  await secretary.sees('手机号不对')
  await secretary.type('正确的手机号', '19921098765')
  await secretary.press('保存')
  await secretary.sees('199****8765')
  await secretary.sees('变更记录')

  await secretary.press('回到登记册')
  await secretary.press(/^房/, secretary.page.getByRole('main'))
  await secretary.press('打印红联新苑花名册')
  await secretary.sees('红联新苑住户花名册')
  const paper = secretary.page.getByRole('article')
  await paper.getByText(tenant.name).first().waitFor()
  expect(await paper.getByText('199****8765').count()).toBe(1)
  expect(await paper.getByRole('rowgroup').count()).toBeGreaterThan(240)
  expect(await serious(secretary)).toEqual([])
  await desk.close()
})

test('a micro-grid head writes a new tenant down at the door, and lets one go', async () => {
  const phone = await onPhone(browser, house.url)
  const head = await signedIn(phone, /第1微网格长/, '/h5', '待办')
  await head.press('住户')
  await head.sees('红联新苑')
  await head.press(/66号.?1.?幢/)
  await head.sees(/1.?单元/)
  await head.press(new RegExp(`^${letDoor.room}`))
  await head.sees(tenant.name)
  await head.press('登记新住户')
  await head.choose('租客')
  await head.type('姓名', '艾小新')
  await head.type(/身份证号/, '330411199001019990')
  await head.press(/^登记$/, head.page.getByRole('dialog'))
  await head.sees('身份证号不对')
  await head.type(/身份证号/, '')
  await head.type(/手机号/, '19921012345')
  await head.press(/^登记$/, head.page.getByRole('dialog'))
  await head.sees('艾小新')
  await head.press(/^艾小新/)
  await head.sees('199****2345')
  expect(await serious(head)).toEqual([])

  await head.press('迁出')
  await head.type('原因', '退租回老家')
  await head.press('迁出', head.page.getByRole('dialog'))
  await head.sees('艾小新已迁出')
  await phone.close()
})

test('a village secretary writes a house down, puts it right, splits a household and a record of two, and names who stands for a shop', async () => {
  const desk = await atDesk(browser, house.url)
  const secretary = await signedIn(desk, /红联村书记/, '/console', '办件')
  const dialog = secretary.page.getByRole('dialog')
  await secretary.press('登记册')
  await secretary.press('登记楼房')
  expect(await serious(secretary)).toEqual([])
  await secretary.sees('请一直选到微网格')
  await dialog.getByLabel('下一级').first().selectOption({ label: '第一网格' })
  await dialog.getByLabel('下一级').nth(1).selectOption({ label: '第2微网格' })
  await secretary.press(/^登记$/, dialog)
  await secretary.sees('请填写小区、道路（村组）或门牌号')
  await secretary.type('道路、弄、村组', '新造埭')
  await secretary.type('门牌号', '8号')
  await secretary.press(/^登记$/, dialog)
  await secretary.sees('没有人住')
  await secretary.sees('新造埭8号')

  await secretary.press('更正')
  await secretary.pick('用途', '出租')
  await secretary.type('原因', '房东来电：租出去了')
  await secretary.press('保存', dialog)
  await secretary.sees('房东来电')
  await secretary.press('填写')
  await secretary.type('隐患', '隔断间多人合租')
  await secretary.press('保存', dialog)
  await secretary.sees('隔断间多人合租')

  await secretary.press('登记新住户')
  await secretary.choose('租客')
  await secretary.type('姓名', '艾分户')
  await secretary.press(/^登记$/, dialog)
  await secretary.press('登记新住户')
  await secretary.choose('家人')
  await secretary.type('姓名', '艾立户')
  await secretary.press(/^登记$/, dialog)
  await secretary.sees('艾立户')
  await secretary.press('艾分户一户')
  await secretary.press('分户')
  await secretary.choose('艾立户')
  await secretary.type('原因', '各自成家')
  await secretary.press('分户', dialog)
  await secretary.sees('艾立户一户')
  expect(await serious(secretary)).toEqual([])
  await secretary.press('整户注销')
  await secretary.type('原因', '试立的户')
  await secretary.press('整户注销', dialog)
  await secretary.sees('这一户已注销')

  await secretary.press('登记册')
  await secretary.page.getByRole('main').getByRole('searchbox').fill('艾分户')
  await secretary.press(/^艾分户/)
  await secretary.press('拆成两个人')
  await secretary.type('另一个人的姓名', '艾另人')
  await secretary.type(/^手机号/, '19921077777')
  await secretary.type('原因', '同名同姓合在了一起')
  await secretary.press('拆成两个人', dialog)
  await secretary.sees('199****7777')
  await secretary.sees('拆分、分户得来')
  await secretary.press('看某一天的')
  await secretary.sees('艾另人')
  expect(await serious(secretary)).toEqual([])
  await secretary.page.keyboard.press('Escape')

  await secretary.press('登记册')
  await secretary.press(/^单位/, secretary.page.getByRole('main'))
  await secretary.press('老沈小吃店')
  await secretary.press('登记负责人')
  await secretary.type('姓名', '艾经理')
  await secretary.press('登记负责人', dialog)
  await secretary.sees('艾经理')
  await secretary.press('卸任', secretary.page.getByRole('listitem').filter({ hasText: '艾经理' }))
  await secretary.type('原因', '已离职')
  await secretary.press('卸任', dialog)
  await secretary.sees('艾经理已卸任')
  await desk.close()
})
