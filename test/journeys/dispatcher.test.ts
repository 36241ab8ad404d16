import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
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

async function signedIn(who: RegExp, at: '/console' | '/h5', begins: string): Promise<Walker> {
  const walker = new Walker(await (await atDesk(browser, house.url)).newPage())
  await walker.open(at)
  await walker.press(who)
  await walker.sees(begins)
  return walker
}

const word = '桥栏松动'

/** What somebody who is signed in sends, as the page would. */
async function send<Answer>(page: Page, path: string, body?: object): Promise<Answer> {
  const options = { headers: { origin: house.url }, ...(body ? { data: body } : {}) }
  const answer = await (body
    ? page.request.post(`/api/v1${path}`, options)
    : page.request.get(`/api/v1${path}`, options))
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.json() as Promise<Answer>
}

test('a dispatcher keeps a view, moves five at once by keys alone, mends the one that a colleague moved, and takes the list out', async () => {
  const dispatcher = await signedIn(/^王店镇平台调度员/, '/console', '办件')
  const { page } = dispatcher
  const lead = await signedIn(/第1微网格长/, '/h5', '待办')
  const held = await send<{ items: { areaPath: string }[] }>(lead.page, '/grid/posts/mine')
  const micro = held.items[0]!.areaPath
  const ids: string[] = []
  for (let at = 1; at <= 5; at++) {
    const report = { kind: 'event', category: '0101', text: `${word}，第${at}处`, areaPath: micro }
    ids.push((await send<{ id: string }>(page, '/matters', report)).id)
  }

  await dispatcher.press('全部')
  await page.locator('h1').focus()
  await page.keyboard.press('/')
  await page.keyboard.insertText(word)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: word }).nth(4).waitFor()
  await dispatcher.press('存为视图')
  await dispatcher.type('名称', '松动的桥栏')
  await dispatcher.press('保存')
  await dispatcher.sees('视图“松动的桥栏”已保存')

  await page.locator('h1').focus()
  for (let at = 0; at < 5; at++) {
    await page.keyboard.press('j')
    await page.keyboard.press('x')
  }
  await dispatcher.sees(/已选.5.件/)
  await dispatcher.press('批量办理')
  await dispatcher.press(/^直接立案/, page.getByRole('dialog'))
  await page.getByRole('button', { name: /5\s?件$/ }).waitFor()

  // A colleague hands one of them over before the dispatcher confirms.
  const seen = await send<{ version: number; moves: { move: string; targets: object[] }[] }>(
    lead.page,
    `/matters/${ids[2]}`,
  )
  const { role, unit, areaPath } = seen.moves.find(({ move }) => move === 'handOver')!.targets[0] as Record<
    string,
    string
  >
  const form = { reason: '请网格长先看看' }
  const target = { role, areaPath, ...(unit ? { unit } : {}) }
  await send(lead.page, `/matters/${ids[2]}/moves`, { move: 'handOver', version: seen.version, target, form })
  await lead.page.context().close()

  await dispatcher.press(/5\s?件$/, page.getByRole('dialog'))
  await dispatcher.sees(/办成.4.件，共.5.件/)
  await dispatcher.sees('别人刚动过')
  await dispatcher.press('没成的再试一次')
  await dispatcher.sees(/办成.5.件，共.5.件/)
  await dispatcher.press('完成')
  for (const id of ids) {
    const { timeline } = await send<{ timeline: { event: string; title: string }[] }>(page, `/matters/${id}`)
    const titles = timeline.map(({ title }) => title)
    expect(new Set(titles).size, titles.join()).toBe(titles.length)
  }

  await dispatcher.press('导出')
  await dispatcher.choose('纯文本表格')
  const downloaded = page.waitForEvent('download')
  await dispatcher.press('导出', page.getByRole('dialog'))
  const file = join(folder.path, 'matters.csv')
  await (await downloaded).saveAs(file)
  const lines = (await readFile(file, 'utf8')).trim().split('\r\n')
  expect(lines[0]).toMatch(new RegExp(`王店镇平台调度员.*导出.*${word}`))
  expect(lines.filter((line) => line.includes('，第'))).toHaveLength(5)
  expect(lines.at(-1)).toContain('共 5 件')

  await dispatcher.open('/console/matters?scope=mine')
  await dispatcher.press('松动的桥栏')
  await page.getByRole('link', { name: word }).nth(4).waitFor()
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  await page.getByRole('link', { name: word }).first().focus()
  await page.keyboard.press('Enter')
  await dispatcher.sees('办理经过')
  await dispatcher.press('回到办件')
  await page.getByRole('link', { name: word }).nth(4).waitFor()
  await page.context().close()
})
