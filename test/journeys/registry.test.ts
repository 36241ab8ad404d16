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
