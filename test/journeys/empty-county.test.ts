import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as otpauth from 'otpauth'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atDesk, launchBrowser, onPhone } from '../support/browser.ts'
import { dataFolder, freePort, RunningHouse } from '../support/running-house.ts'
import { Walker } from '../support/walking.ts'

const run = promisify(execFile)
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const password = 'Xincheng.Grid-77'

const folder = dataFolder()
let house: RunningHouse
let browser: Browser
let links: Record<string, string>

beforeAll(async () => {
  const port = await freePort()
  const env = { ...process.env, DATA_DIR: folder.path, PORT: String(port), HOST: '127.0.0.1' }
  const { stdout } = await run(process.execPath, [cli, 'init', '--county', '330411'], { env })
  links = Object.fromEntries(
    [...stdout.matchAll(/\((system|security|audit)\): (\S+)/g)].map(([, seat, url]) => [seat, url]),
  )
  house = new RunningHouse(folder.path, port)
  await house.start()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await house?.end('SIGTERM')
  folder.remove()
})

const head = '乡镇,村社区,网格,微网格,岗位,姓名,联系电话,AB岗'
const staff = [
  '王店镇,红联村,,,村书记,陈国强,13700000001,',
  ',,第一网格,,网格长,李秀英,13700000002,A',
  ',,,,网格长,王建军,13700000003,B',
  ',,第一网格,第1微网格,微网格长,赵丽,13700000004,',
  '王店镇,,,,平台调度员,吴敏,13700000006,',
  '王店镇,,,,核查员,孙丽,13700000008,',
]
const sheet = (rows: string[]) => ({
  name: '花名册.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from([head, ...rows].join('\r\n')),
})

/** The cookie of somebody who signs in by password. */
async function signIn(loginName: string): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json', 'tongxin-county': '330411' }
  const body = JSON.stringify({ loginName, password })
  const answer = await fetch(`${house.url}/api/v1/identity/sign-in/password`, { method: 'POST', headers, body })
  expect(answer.status, await answer.clone().text()).toBe(200)
  const cookie = answer.headers
    .getSetCookie()
    .map((part) => part.split(';')[0])
    .join('; ')
  return { ...headers, cookie }
}

async function call<Body>(who: Record<string, string>, path: string, body?: object): Promise<Body> {
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  const answer = await fetch(`${house.url}/api/v1${path}`, { headers: who, ...sent })
  const text = await answer.text()
  expect(answer.ok, `${path}: ${answer.status} ${text}`).toBe(true)
  return JSON.parse(text) as Body
}

test('a clerk fills an empty county from the sheet that the office keeps, and the first matter runs to its end', async () => {
  expect(Object.keys(links)).toEqual(['system', 'security', 'audit'])
  const desk = await atDesk(browser, house.url)
  const clerk = new Walker(await desk.newPage())
  await clerk.open(links['system']!)
  await clerk.page.getByLabel('新密码').fill(password)
  await clerk.press('设置密码')
  await clerk.sees('密码设好了')
  await clerk.open('/console')
  await clerk.page.getByLabel('登录名').fill('system')
  await clerk.page.getByLabel('密码', { exact: true }).fill(password)
  await clerk.press('登录')
  await clerk.press('开始')
  await clerk.sees('扫不了就手工输入：')
  const shown = (await clerk.page.locator('form').first().innerText()).replace(/\s/g, '')
  const secret = /[A-Z2-7]{26,}/.exec(shown)?.[0]
  const code = new otpauth.TOTP({ secret: otpauth.Secret.fromBase32(secret!) }).generate()
  await clerk.type('动态码', code)
  await clerk.press('开通')
  await clerk.press('我已抄好')
  // An empty county begins on the wizard.
  await clerk.sees(/秀洲区还有/)

  await clerk.press(/岗位和人员/)
  const file = clerk.page.locator('input[type=file]').first()
  await file.setInputFiles(sheet([...staff.slice(0, 3), ',,第一网格,第1微网格,微网格长,赵丽,1370000000,']))
  await clerk.sees(/手机号应为.11.位，现有.10.位数字/)
  await clerk.sees(/还没有导入任何一行/)
  const downloading = clerk.page.waitForEvent('download')
  await clerk.press('下载标了问题的表')
  expect((await downloading).suggestedFilename()).toBe('人员花名册-有问题.xlsx')
  await file.setInputFiles(sheet(staff))
  await clerk.sees(/会新建.2.个区域、5.个岗位、6.个账号/)
  await clerk.press('确认导入')
  await clerk.sees(/已导入：新建.2.个区域/)
  await file.setInputFiles(sheet(staff))
  await clerk.sees(/6.行已有，不会重复建/)

  await clerk.press(/邀请同事/)
  await clerk.press('生成邀请卡')
  await clerk.sees('邀请卡只显示这一次，请现在打印，剪开后交到本人手里。')
  const cards = clerk.page.locator('.setup-card')
  expect(await cards.count()).toBe(6)
  const invited = await cards.evaluateAll((all) =>
    all.map((card) => ({
      name: card.querySelector('.strong')?.textContent ?? '',
      login: card.querySelector('.mono')?.textContent ?? '',
      link: card.querySelector('a')?.getAttribute('href') ?? '',
    })),
  )

  const phone = await onPhone(browser, house.url)
  const lead = new Walker(await phone.newPage())
  await lead.open(invited.find(({ name }) => name === '赵丽')!.link)
  await lead.page.getByLabel('新密码').fill(password)
  await lead.press('设置密码')
  await lead.sees('密码设好了')
  for (const { name, link } of invited.filter(({ name: other }) => other !== '赵丽')) {
    const token = link.split('/').at(-1)!
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${house.url}/api/v1/identity/links/${token}/redeem`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ password }),
    })
    expect(answer.status, name).toBe(200)
  }
  await runFirstMatter((name) => signIn(invited.find((person) => person.name === name)!.login))
  await clerk.open('/console/setup')
  await clerk.press(/邀请同事/)
  await clerk.sees(/还有.0.位没有设置密码/)
  await phone.close()
  await desk.close()
})

interface Seen {
  state: string
  stateName: string
  version: number
  closedAt: string | null
  moves: { move: string }[]
}

/** Reported, accepted and solved by the micro-grid head, verified by somebody else, closed by the dispatcher. */
async function runFirstMatter(as: (name: string) => Promise<Record<string, string>>): Promise<void> {
  const lead = await as('赵丽')
  const place = '330411/330411105/330411105211/G001/M001'
  const report = { kind: 'event', category: '0301', text: '试办：楼道里堆了杂物，挡住了消防栓。', areaPath: place }
  const { id } = await call<{ id: string }>(lead, '/matters', report)
  const move = async (who: Record<string, string>, name: string, form: object = {}) => {
    const seen = await call<Seen>(who, `/matters/${id}`)
    expect(
      seen.moves.map((offer) => offer.move),
      `${seen.stateName}: ${name}`,
    ).toContain(name)
    await call(who, `/matters/${id}/moves`, { move: name, version: seen.version, form })
  }
  await move(lead, 'accept')
  await move(lead, 'solve', { result: '当场清走，已告知住户。', method: 'mediation' })
  await move(await as('李秀英'), 'verify', { seen: 'phone' })
  const dispatcher = await as('吴敏')
  await move(dispatcher, 'close')
  expect((await call<Seen>(dispatcher, `/matters/${id}`)).closedAt).not.toBeNull()
}
