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

const head = '工单号,受理时间,诉求人,联系电话,工单内容,事发地址,所属村社,诉求类型,办结时限'
const sheet = (rows: string[]) => ({
  name: '交办单.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['12345 交办单', head, ...rows].join('\r\n')),
})
const good = [
  'JX26112001,2026-11-20 09:12,张三丰,138 1234 5678,桥头栏杆松动已三天,幸福路12号,王店镇红联村,暴露垃圾,2026-11-25',
  'JX26112002,2026-11-20 10:00,李四,0573-83110000,河里漂着垃圾,王店大桥下,,河道漂浮物,2026-11-27',
]
const messy = [good[0]!, good[1]!, 'JX26112003,,王五,1381234,,,红联村,,']

test('a dispatcher hands in a messy sheet of the hotline, mends it, takes it in once, and finds its matters in the list', async () => {
  const walker = new Walker(await (await atDesk(browser, house.url)).newPage())
  await walker.open('/console')
  await walker.press(/^王店镇平台调度员/)
  await walker.sees('办件')
  await walker.open('/console/hotline')
  const file = walker.page.locator('input[type=file]')
  await file.setInputFiles(sheet(messy))
  await walker.sees(/还没有导入任何一行/)
  await walker.sees('请填诉求内容。')
  await walker.sees(/电话要写.11.位手机号或座机号/)
  const downloading = walker.page.waitForEvent('download')
  await walker.press('下载标了问题的表')
  expect((await downloading).suggestedFilename()).toBe('热线工单-有问题.xlsx')

  await file.setInputFiles(sheet(good))
  await walker.sees(/1.件认出了村（社区），1.件留在乡镇等调度员定位/)
  await walker.sees('138****5678')
  expect(await walker.page.locator('main').innerText()).not.toContain('张三丰')
  await walker.press(/确认导入/)
  await walker.sees(/已导入：新建.2.件事项/)
  await file.setInputFiles(sheet(good))
  await walker.sees('这张表里的工单都导过了，没有新的。')

  await walker.open('/console/matters?scope=all&channel=hotline&text=JX2611200')
  await walker.sees(/河里漂着垃圾/)
  await walker.sees(/桥头栏杆松动已三天/)
})

test('what the hotline calls otherwise is said once, becomes the kind that was meant, and is known in the next sheet', async () => {
  const walker = new Walker(await (await atDesk(browser, house.url)).newPage())
  await walker.open('/console')
  await walker.press(/^王店镇平台调度员/)
  await walker.sees('办件')
  await walker.open('/console/hotline')
  const file = walker.page.locator('input[type=file]')
  const noise = (ticket: string) => sheet([`${ticket},,,,工地半夜还在打桩,,王店镇红联村,住建/夜间施工扰民,`])
  await file.setInputFiles(noise('JX26112101'))
  await walker.sees(/有.1.种工单类别对不上/)
  await walker.pick('“住建/夜间施工扰民”在这里是', '建筑工地')
  await walker.pick('是什么声音', '打桩、破碎')
  await walker.press('记住这些对应')
  await walker.sees('已记住，表已按新的对应重新检查。')
  const becomes = walker.page.getByRole('cell', { name: '夜间施工噪声 · 建筑工地', exact: true })
  await becomes.waitFor()
  await walker.press(/确认导入/)
  await walker.sees(/已导入：新建.1.件事项/)
  await file.setInputFiles(noise('JX26112102'))
  await walker.sees('看看工单类别各对应什么，可以改')
  await walker.sees(/1.件对上了类别，0.件归/)
  expect(await becomes.count()).toBe(1)
})
