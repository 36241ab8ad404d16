import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

const serious = async ({ page }: Walker): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)
}

const cardOf = ({ page }: Walker, title: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) })

test('a resident reads what is kept about them and has it corrected', async () => {
  const [phone, desk] = [await onPhone(browser, house.url), await atDesk(browser, house.url)]
  const [resident, secretary] = [new Walker(await phone.newPage()), new Walker(await desk.newPage())]

  // Somebody looks behind the mask, and has to say why.
  await secretary.open('/console')
  await secretary.press(/红联村书记/)
  await secretary.sees('办件')
  await secretary.page.waitForLoadState('networkidle')
  await secretary.press('登记册')
  await secretary.sees('打印花名册')
  await secretary.page.getByRole('main').getByRole('searchbox').fill('方小妹')
  await secretary.press(/^方小妹/)
  await secretary.sees('199****0001')
  await secretary.press('查看电话')
  await secretary.type('原因', '约上门走访的时间')
  await secretary.press('查看', secretary.page.getByRole('dialog'))
  await secretary.sees('19911000001')

  // The phone alone opens nothing.
  await resident.open('/h5')
  await resident.press(/^居民/)
  await resident.sees('我的上报')
  await resident.page.waitForLoadState('networkidle')
  await resident.press(/^我的$/)
  await resident.press('我的信息')
  await resident.sees('先核实是您本人')
  const hint = await resident.page.getByText(/后\s6\s位是\s[\dX]{6}/).textContent()
  const tail = /[\dX]{6}/.exec(hint ?? '')![0]
  expect(await serious(resident)).toEqual([])
  await resident.type('身份证号后 6 位', tail === '000000' ? '111111' : '000000')
  await resident.press('查看我的信息')
  await resident.sees('今天还可以试 4 次')
  expect(await resident.page.getByText('高中').count()).toBe(0)
  await resident.type('身份证号后 6 位', tail)
  await resident.press('查看我的信息')

  // What is kept, why, until when, and who looked.
  const education = cardOf(resident, '教育')
  await education.getByText('高中').waitFor()
  await education.getByText('为什么保存、保存多久').focus()
  await resident.page.keyboard.press('Enter')
  for (const said of ['用途', '依据', '一般来自', '保存期限']) await education.getByText(said).waitFor()
  expect(await education.innerText()).toContain('个人信息保护法')
  const looks = await cardOf(resident, '谁看过我的号码和资料').innerText()
  expect(looks).toContain('红联村书记')
  expect(looks).toContain('约上门走访的时间')
  expect(await serious(resident)).toEqual([])

  await resident.press(/学历/)
  const sheet = resident.page.getByRole('dialog')
  await resident.press('提交', sheet)
  await sheet.getByRole('alert').first().waitFor()
  await resident.type('应当是', '大专')
  await resident.type('补充说明', '成人教育毕业了')
  await resident.press('提交', sheet)
  await resident.sees('申请改为：大专')

  // The village answers, and with that it is carried out.
  await secretary.press('本人信息申请')
  await secretary.sees('申请改为：大专')
  expect(await serious(secretary)).toEqual([])
  await secretary.press(/^答复$/, secretary.page.getByRole('main'))
  await secretary.sees('系统按本人所述直接改好登记')
  await secretary.type('答复内容（居民会看到）', '核对了毕业证，已改为大专')
  await secretary.press('采纳')
  await secretary.sees('没有申请')

  await resident.page.reload()
  await resident.sees('答复：核对了毕业证，已改为大专')
  await resident.sees('已采纳')
  const line = cardOf(resident, '教育').getByRole('button', { name: /学历/ })
  expect(await line.innerText()).toContain('大专')
  await resident.page.getByText('登记变动记录').click()
  await resident.sees(/更正 · 本人/)
  await Promise.all([phone.close(), desk.close()])
})
