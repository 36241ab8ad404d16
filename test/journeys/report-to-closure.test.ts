import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atDesk, launchBrowser, onPhone } from '../support/browser.ts'
import { demoHouse } from '../support/demo-folder.ts'
import { dataFolder, type RunningHouse } from '../support/running-house.ts'
import { Walker } from '../support/walking.ts'

const run = promisify(execFile)
const verifier = fileURLToPath(new URL('../../web/dist/tongxin-verify.mjs', import.meta.url))
const words = '菜场东门两盏路灯不亮，晚上老人走路不安全'
const phone = '19911000002'

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

const photo = async (name: string, colour: string) => ({
  name,
  bytes: await sharp({ create: { width: 640, height: 480, channels: 3, background: colour } })
    .jpeg()
    .toBuffer(),
})

/** Somebody of the demo at a desk or with a phone in hand. */
async function signedIn(who: RegExp, at: '/console' | '/h5', begins = at === '/h5' ? '待办' : '办件'): Promise<Walker> {
  const context = await (at === '/h5' ? onPhone : atDesk)(browser, house.url)
  const walker = new Walker(await context.newPage())
  await walker.open(at)
  await walker.press(who)
  await walker.sees(begins)
  return walker
}

/** The newest code that the outbox page shows. */
async function codeInOutbox(): Promise<string> {
  const walker = await signedIn(/系统管理员/, '/console', '账号与安全')
  await walker.press('短信发件箱')
  const row = walker.page.locator('tr[data-row-key]').first()
  await row.waitFor().catch(async (error: unknown) => {
    throw new Error(`the outbox shows: ${await walker.page.locator('body').innerText()}`, { cause: error })
  })
  // The demo still loads and sends messages of its own, which may have come in above.
  const found = walker.page.getByText(/验证码.*\d{6}/).first()
  while (!(await found.isVisible()) && (await walker.page.getByRole('button', { name: '再看一些' }).isVisible()))
    await walker.press('再看一些')
  const text = await found.textContent()
  await walker.page.context().close()
  const code = /\d{6}/.exec(text ?? '')?.[0]
  if (!code) throw new Error(`no code in: ${text}`)
  return code
}

/** Opens the matter from the work list and makes one move. */
async function move(
  who: RegExp,
  at: '/console' | '/h5',
  name: string,
  fill?: (walker: Walker) => Promise<void>,
): Promise<void> {
  const walker = await signedIn(who, at)
  await walker.press(new RegExp(words.slice(0, 8)))
  await walker.press(name)
  await fill?.(walker)
  await walker.press('确认提交')
  await walker.sees(`已提交：${name}`)
  await walker.page.context().close()
}

test('a street lamp goes from a resident’s phone to closure, rating and a proof that anybody can check', async () => {
  const context = await onPhone(browser, house.url)
  const resident = new Walker(await context.newPage())
  await resident.open('/')
  await resident.press(/我要上报/)
  await resident.choose('公共设施')
  await resident.choose('路灯不亮')
  await resident.type('说说是什么情况', words)
  await resident.attach('拍照', await photo('before.jpg', '#333'))
  await resident.press('按村、社区选择')
  await resident.pick('镇（街道）', '王店镇')
  await resident.pick('村（社区）', '红联村')
  await resident.pick('网格、微网格', '第一网格')
  await resident.pick('网格、微网格', '第1微网格')
  await resident.type('手机号', phone)
  await resident.press('获取验证码')
  await resident.sees(/已发送/)
  await resident.type('短信验证码', await codeInOutbox())
  await resident.press('提交上报')
  await resident.sees('收到了，谢谢您')
  await resident.press('看进度')
  await resident.sees('待受理')
  const progress = resident.page.url()

  await move(/第1微网格长/, '/h5', '受理')
  await move(/第1微网格长/, '/h5', '提请立案')
  await move(/^王店镇平台调度员/, '/console', '派遣', (walker) => walker.choose(/综合行政执法队/))
  await move(/综合行政执法队经办人/, '/console', '反馈结果', async (walker) => {
    await walker.type('处置结果', '两盏灯都换了新灯泡，当晚已亮。')
    await walker.attach('拍照', await photo('after.jpg', '#eec'))
  })
  await move(/^王店镇核查员/, '/console', '核查通过', (walker) => walker.choose('到现场看过'))
  await move(/^王店镇平台调度员/, '/console', '结案')

  await resident.open(progress)
  await resident.sees('已办结')
  await resident.choose('满意')
  await resident.press('提交评价')
  await resident.sees('您的评价')

  const downloaded = resident.page.waitForEvent('download')
  await resident.press('下载证明')
  const file = join(folder.path, 'proof.json')
  await (await downloaded).saveAs(file)
  await expectProof(file)
  await context.close()
})

/** The stand-alone verifier accepts the file, and refuses it when a single byte of a leaf is another. */
async function expectProof(file: string): Promise<void> {
  const proofs = JSON.parse(await readFile(file, 'utf8')) as { items: { leaf: string }[] }
  // Report, accept, file, dispatch, feedback, verify, close; the rating may still be on its way into the log.
  expect(proofs.items.length).toBeGreaterThanOrEqual(7)
  await run(process.execPath, [verifier, file])
  const last = proofs.items.at(-1)
  if (!last) throw new Error('no proof in the file')
  const bytes = Buffer.from(last.leaf, 'base64')
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40)
  last.leaf = bytes.toString('base64')
  await writeFile(file, JSON.stringify(proofs))
  await expect(run(process.execPath, [verifier, file])).rejects.toMatchObject({ code: 1 })
}

test('a lost connection, a wrong file, a wrong code and an unsure place lose nothing and double nothing', async () => {
  const context = await onPhone(browser, house.url)
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation({ longitude: 120.7, latitude: 30.63, accuracy: 120 })
  const resident = new Walker(await context.newPage())
  await resident.open('/r')
  await resident.press('提交上报')
  await resident.sees('请写几句是什么情况')
  await resident.choose('市容环境')
  await resident.choose('暴露垃圾')
  await resident.type('说说是什么情况', '小区垃圾桶满了 😀 三天没人清')
  await resident.press('用我现在的位置')
  await resident.sees(/定位误差约.120.米/)
  await resident.choose(/微网格/)
  await resident.attach('拍照', { name: 'x.jpg', bytes: Buffer.from('PK\x03\x04 a zip by another name') })
  await resident.type('手机号', '12345')
  await resident.press('获取验证码')
  await resident.sees(/手机号不对/)
  await resident.type('手机号', '13812345678')
  await resident.press('获取验证码')
  await resident.sees(/已发送/)
  await resident.type('短信验证码', '000000')
  await resident.press('提交上报')
  await resident.sees(/验证码不对/)
  await resident.type('短信验证码', await codeInOutbox())
  await resident.press('提交上报')
  await resident.sees(/其实是压缩包或/)
  await resident.press(/删掉第/)

  await context.setOffline(true)
  await resident.press('提交上报')
  await resident.sees(/网络不通，内容没有丢/)
  await context.setOffline(false)
  await resident.page.reload()
  await resident.sees('上次没提交的内容还在，接着填就行。')
  await resident.press('提交上报')
  await resident.sees('收到了，谢谢您')
  await resident.open('/h5/mine')
  await resident.sees('小区垃圾桶满了')
  expect(await resident.page.getByText('小区垃圾桶满了').count()).toBe(1)
  await context.close()
})
