import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readWholeSheets } from '../../src/kernel/sheets.ts'
import { atDesk, launchBrowser } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { messyRoster } from '../support/messy-roster.ts'
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

const csvOf = (rows: readonly (readonly string[])[]): Buffer =>
  Buffer.from(rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n'))

test('the whole messy roster of an estate: tried dry, taken in, its errors mended, taken in again, nobody twice', async () => {
  const roster = await messyRoster()
  expect([roster.flats, roster.residents, roster.newResidents]).toEqual([3_723, 12_560, 6_340])
  const walker = new Walker(await (await atDesk(browser, house.url)).newPage())
  await walker.open('/console')
  await walker.press(/^红联村书记/)
  await walker.sees('办件')
  const file = walker.page.locator('input[type=file]')
  const handIn = async (name: string, buffer: Buffer): Promise<void> => {
    await walker.open('/console/import')
    await walker.sees('导入过的名册')
    await file.setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
    await walker.page.getByRole('button', { name: '试算' }).waitFor({ timeout: 60_000 })
    // The estate says where its rows are; other homes of the demo have other names.
    await walker.page.getByLabel(/^小区或村组/).fill('新高桥花园')
    await walker.page.getByRole('button', { name: '试算' }).click()
    await walker.page.getByText('试算好了').waitFor({ timeout: 120_000 })
  }
  const figure = async (name: string): Promise<number> => {
    const shown = walker.page.locator('.import-figures div', { hasText: name }).locator('dd')
    return (await shown.count()) === 0 ? 0 : Number((await shown.innerText()).replaceAll(',', ''))
  }
  const takenIn = async (): Promise<void> => {
    await walker.press(/^(先导入没问题的|导入).+行$/)
    await walker.page.getByText('导入完成').waitFor({ timeout: 400_000 })
  }

  await handIn('高桥花园住户花名册.xlsx', roster.bytes)
  expect(await figure('有问题')).toBe(roster.faults.length)
  expect(await figure('表内重复')).toBe(roster.repeated)
  await takenIn()
  const [fresh, homes] = [await figure('新登记'), await figure('新房屋')]

  const downloading = walker.page.waitForEvent('download')
  await walker.press(/^下载有问题的/)
  const path = await (await downloading).path()
  const [marked] = await readWholeSheets(await readFile(path))
  expect(marked!.rows).toHaveLength(roster.faults.length + 1)
  const mended = marked!.rows.map(({ cells }, at) => {
    const fault = roster.faults[at - 1]
    const column = fault?.column === 'citizenId' ? 8 : 10
    return fault ? cells.map((cell, nth) => (nth === column ? fault.truth : cell)) : cells
  })
  await handIn('改好的.csv', csvOf(mended))
  expect(await figure('有问题')).toBe(0)
  await takenIn()
  const more = await figure('新登记')
  expect(more).toBeGreaterThan(0)
  // A home of which nothing but a wrong row was said comes with the mended one.
  expect(homes + (await figure('新房屋'))).toBe(roster.flats)
  expect(fresh + more).toBeGreaterThanOrEqual(roster.residents)

  await handIn('高桥花园住户花名册.xlsx', roster.bytes)
  expect(await figure('新登记')).toBe(0)
  expect(await figure('已登记、有更新')).toBe(0)
  expect(await figure('新房屋')).toBe(0)
}, 900_000)
