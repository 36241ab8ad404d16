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

async function atAreas(who: RegExp, address: string): Promise<Walker> {
  const context = await atDesk(browser, house.url)
  const walker = new Walker(await context.newPage())
  await walker.open('/console')
  await walker.press(who)
  await walker.sees('办件')
  await walker.open(address)
  return walker
}

const town = '330411/330411105'
const micro = `${town}/330411105211/G001/M001`

test('Wangdian’s four nets are counted and shown, and a day’s answer names all of them', async () => {
  const walker = await atAreas(/秀洲区网格管理员/, `/console/areas?area=${town}`)
  for (const words of [/网格 118/, /微网格 759/, /党小组 142/, /片 3/, /警格 /, /业格 /])
    await walker.page.getByText(words).first().waitFor()
  await walker.press(/^警格/)
  await walker.page.locator('.ground-net.net-police').first().waitFor()
  await walker.open(`/console/areas?area=${micro}`)
  const nets = ['微网格长', '社区民警', '党小组组长', '片长']
  for (const words of nets) await walker.page.getByText(words).first().waitFor()
  const shown = await Promise.all(nets.map((words) => walker.page.getByText(words).count()))
  expect(Math.min(...shown)).toBeGreaterThan(0)
})

test('a micro-grid with open work is split; yesterday is still answered with who it was', async () => {
  const walker = await atAreas(/秀洲区网格管理员/, `/console/areas/split?area=${micro}`)
  const { page } = walker
  await walker.press('输入坐标')
  // A line from north to south through the middle, as somebody types it who uses no mouse.
  const outline = await page.evaluate(async (path) => {
    const answer = await fetch(`/api/v1/grid/outline?path=${path}`)
    const { features } = (await answer.json()) as {
      features: { properties: { path: string }; geometry: { coordinates: number[][][] } }[]
    }
    return features.find(({ properties }) => properties.path === path)!.geometry.coordinates[0]!
  }, micro)
  const [lngs, lats] = [0, 1].map((axis) => outline.map((corner) => corner[axis]!))
  const middle = (Math.min(...lngs!) + Math.max(...lngs!)) / 2
  await page.getByLabel('分界线的点').fill(`${middle}, ${Math.min(...lats!)}\n${middle}, ${Math.max(...lats!)}`)
  await walker.press('照这些点画')
  await walker.press('按线切开')
  await page.getByLabel('名称').fill('第8微网格')
  await walker.press('看看会移动什么')
  await walker.sees('会移动什么')
  await page.getByRole('rowheader', { name: '在办事项' }).waitFor()
  await page.getByText('每个新区域设一个同样的').waitFor()
  const [thing] = await page.getByLabel(/^事项 330411-/).all()
  await thing?.selectOption({ label: '第8微网格' })
  await walker.press('确认拆分')
  await walker.sees('办好了')
  await walker.press('第8微网格')
  await walker.sees('区域与人员')
  const yesterday = new Date(Date.now() - 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
  await page.getByLabel('哪一天').fill(yesterday)
  await page.getByText(/当时属于：.*第1微网格/).waitFor()
  expect(await page.getByText('当时履职').count()).toBeGreaterThan(0)
})
