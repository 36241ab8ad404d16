import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atDesk, launchBrowser, onPhone } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { dataFolder, type RunningHouse } from '../support/running-house.ts'
import { Walker } from '../support/walking.ts'

const site = '安置房二期今晚连续浇筑地下室底板'
const loud = '对面工地一直在响，孩子睡不着'

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
  const context = await (at === '/h5' ? onPhone : atDesk)(browser, house.url)
  const walker = new Walker(await context.newPage())
  await walker.open(at)
  await walker.press(who)
  await walker.sees(begins)
  return walker
}

const photo = async (name: string) => ({
  name,
  bytes: await sharp({ create: { width: 320, height: 240, channels: 3, background: '#543' } })
    .jpeg()
    .toBuffer(),
})

/** Day and minute in China as the field takes them, so many minutes from now. */
const inChina = (minutes: number): string =>
  new Date(Date.now() + (8 * 60 + minutes) * 60_000).toISOString().slice(0, 16)

async function atMicroGrid(walker: Walker): Promise<void> {
  await walker.press('按村、社区选择')
  await walker.pick('镇（街道）', '王店镇')
  await walker.pick('村（社区）', '红联村')
  await walker.pick('网格、微网格', '第一网格')
  await walker.pick('网格、微网格', '第1微网格')
}

/** Opens a matter from the work list of somebody and makes one move of it. */
async function move(
  who: RegExp,
  at: '/console' | '/h5',
  what: string,
  name: string,
  fill: (walker: Walker) => Promise<void>,
): Promise<void> {
  const walker = await signedIn(who, at, at === '/h5' ? '待办' : '办件')
  await walker.press(new RegExp(what.slice(0, 8)))
  await walker.press(name)
  await fill(walker)
  await walker.press('确认提交')
  await walker.sees(`已提交：${name}`)
  await walker.page.context().close()
}

/** The work begins by itself at its time, and the sweep that sees to it comes every 20 seconds; who waits looks again. */
async function begun(lead: Walker): Promise<void> {
  const state = lead.page.getByText('施工监管中').first()
  for (let look = 0; look < 40 && !(await state.isVisible()); look++) {
    await lead.page.waitForTimeout(2_000)
    await lead.page.reload()
    await lead.page.getByText('关联事项').first().waitFor()
  }
  await lead.sees('施工监管中')
}

test('night work is notified, agreed to, begins by itself, is complained of, ordered to stop, verified and closed', async () => {
  const clerk = await signedIn(/^王店镇窗口受理员/, '/console', '办件')
  await clerk.open('/console/report')
  await clerk.choose('夜间施工报备')
  await clerk.choose('其他特殊需要，必须连续施工')
  await clerk.type('为什么夜里要施工', site)
  await atMicroGrid(clerk)
  await clerk.type('工地名称', '王店镇安置房二期')
  await clerk.type('施工单位', '某建设有限公司')
  await clerk.type('统一社会信用代码', '91330411MA2B8T0X70')
  await clerk.pick('夜里做什么', '混凝土连续浇筑')
  await clerk.page.getByLabel('从什么时候').fill(inChina(-1))
  await clerk.page.getByLabel('到什么时候').fill(inChina(-30))
  await clerk.choose('夜里不做打桩、破碎')
  await clerk.choose('请本次一并出具')
  await clerk.choose('来访')
  await clerk.type('称呼', '项目经理老周')
  await clerk.press('提交报备')
  await clerk.sees('结束时间要在开始时间之后。')
  await clerk.page.getByLabel('到什么时候').fill(inChina(180))
  await clerk.press('提交报备')
  await clerk.sees('收到了，谢谢您')
  await clerk.page.context().close()

  await move(/综合行政执法队经办人/, '/console', site, '同意并公示', async (walker) => {
    await walker.type('同意文号或记录号', '秀环夜〔2026〕12号')
    await walker.choose('按同意的时间施工')
  })

  const resident = await signedIn(/方小妹/, '/h5', '我的上报')
  await resident.open('/h5/report?kind=nightNoise')
  await resident.choose('建筑工地')
  await resident.type('说说哪里在吵、怎么吵', loud)
  await resident.choose('浇混凝土')
  await atMicroGrid(resident)
  await resident.press('提交上报')
  await resident.sees('收到了，谢谢您')
  await resident.page.context().close()

  const lead = await signedIn(/第1微网格长/, '/h5', '待办')
  await lead.press(new RegExp(loud.slice(0, 6)))
  await lead.sees('关联事项')
  await lead.press('其他特殊需要，必须连续施工')
  await begun(lead)
  await lead.press('发现违规，转执法')
  await lead.choose('做了没有报备的工序')
  await lead.type('现场情况', '报备浇筑，实际在打桩')
  await lead.attach('拍照', await photo('breach.jpg'))
  await lead.press('确认提交')
  await lead.sees('已提交：发现违规，转执法')
  await lead.page.context().close()

  await move(/综合行政执法队经办人/, '/console', site, '责令改正', async (walker) => {
    await walker.pick('违法行为', '未按规定取得证明')
    await walker.type('改正要求', '立即停止打桩')
    await walker.page.getByLabel('改正期限').fill(inChina(60))
  })
  await move(/综合行政执法队经办人/, '/console', site, '已改正，送核查', async (walker) => {
    await walker.type('改正结果', '打桩已停，设备撤场')
    await walker.attach('拍照', await photo('after.jpg'))
  })
  await move(/^红联村第一网格长/, '/console', site, '核查通过', (walker) => walker.choose('到现场看过'))
  await move(/^王店镇平台调度员/, '/console', site, '回访并结案', async (walker) => {
    await walker.type('回访了几户', '3')
    await walker.choose('不吵了')
  })

  const desk = await signedIn(/^王店镇平台调度员/, '/console', '办件')
  await desk.open('/console/matters?scope=closed')
  expect(await desk.page.getByText(site).first().textContent()).toContain(site)
})
