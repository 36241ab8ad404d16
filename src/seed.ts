import type { App } from './kernel/app.ts'
import { FixedClock } from './kernel/clock.ts'
import { runSystem } from './kernel/command.ts'
import { seedDiary } from './duty/index.ts'
import {
  DEMO_COUNTY,
  demoResidents,
  demoRoles,
  knowsDivision,
  makeTenant,
  seedCounty,
  seedDemoGround,
  seedDemoPeople,
  seedDivisions,
} from './grid/index.ts'
import { createStaffAccount, issueLink, relaxForDemo, seatAdministrator, type Seat } from './identity/index.ts'
import { publishShipped } from './packs/index.ts'
import { seedVisits } from './registry/index.ts'
import { longAgo, openingPieces, runPhases, type Stage } from './seed/index.ts'

/** Stories told at once while nobody is served yet: the database answers one while the next is thought out. */
const LANES = 3

/** Makes the demo county's ground, posts and first people, or what of them is missing: a second run changes nothing. */
export async function seedDemoCounty(app: App): Promise<void> {
  await seedDivisions(app)
  await makeTenant(app, { code: DEMO_COUNTY, demo: true })
  await runSystem(longAgo(app), DEMO_COUNTY, async (cmd) => {
    await relaxForDemo(cmd)
    await seedDemoGround(cmd)
    await seedDemoPeople(cmd)
  })
  await runSystem(app, DEMO_COUNTY, publishShipped)
}

/**
 * What a first start makes before it answers: the county, and the matters of one village, with work for every role of the
 * sign-in page. The rest of the town is scenario S06's.
 */
export async function seedDemo(stage: Stage): Promise<void> {
  await seedDemoCounty(stage.app)
  const failed = await runPhases(stage, [await openingPieces(stage)], { lanes: LANES, progress: () => {} })
  if (failed > 0) throw new Error(`${failed} of the demo's opening stories could not be told; see the log`)
  await seedDiary({ ...stage.past, clock: new FixedClock(stage.anchor) })
  await seedVisits({ ...stage.past, clock: new FixedClock(stage.anchor) })
}

const seats: readonly { seat: Seat; zh: string; en: string }[] = [
  { seat: 'system', zh: '系统管理员', en: 'System administrator' },
  { seat: 'security', zh: '安全管理员', en: 'Security administrator' },
  { seat: 'audit', zh: '审计管理员', en: 'Audit administrator' },
]

/**
 * Makes an empty county: its towns and villages where the shipped divisions know them, and the three administrators, each
 * with a one-time link for the first password. They must be three people.
 *
 * @returns what the terminal shows; the links are shown this once.
 */
export async function makeCounty(app: App, county: { code: string; name?: string }): Promise<{ lines: string[] }> {
  if (county.name === undefined && !knowsDivision(county.code))
    throw new Error(
      `内置区划里没有 ${county.code}，请加 --name 写明名称；乡镇、村以后从人员表建。 The shipped divisions do not know ${county.code}: give its name with --name.`,
    )
  await seedDivisions(app)
  const name = await makeTenant(app, { ...county, demo: false })
  const { host, port, publicUrl } = app.config
  const shownHost = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  const address = publicUrl || `http://${shownHost}:${port}`
  const made = await runSystem(app, county.code, async (cmd) => {
    const { areas } = await seedCounty(cmd, name)
    const links: string[] = []
    let until = ''
    if (areas === 0) return { areas, links, until }
    for (const { seat, zh, en } of seats) {
      const account = await createStaffAccount(cmd, { loginName: seat, name: zh })
      await seatAdministrator(cmd, { accountId: account.id, seat })
      const link = await issueLink(cmd, account.id, {})
      until = link.expiresAt
      links.push(`  ${zh} ${en} (${seat}): ${address}${link.path}`)
    }
    return { areas, links, until }
  })
  await runSystem(app, county.code, publishShipped)
  if (made.areas === 0)
    return {
      lines: [
        `${name} 已经建好，没有改动；管理员的链接过期或丢了，用 tongxin reset-link --county ${county.code} --login system（或 security、audit）。`,
        `${name} is there already and nothing was changed; for a lost link use tongxin reset-link.`,
      ],
    }
  return {
    lines: [
      `${name}（${county.code}）已建立：${made.areas} 个区域。 ${name} is made, with ${made.areas} areas.`,
      '三位管理员各自打开自己的链接设置密码，链接只显示这一次： The three administrators each open their own link; the links are shown this once:',
      ...made.links,
      `链接 ${made.until} 前有效，每个只能用一次。三种管理员要由三个人担任。 Each link works once, until then; the three seats need three people.`,
      '然后运行 tongxin start，系统管理员登录后按“开通向导”往下做。 Then run tongxin start; the system administrator goes on with the set-up page.',
    ],
  }
}

/** How to sign in to the demo, for the terminal. */
export function signInLines(url: string): string[] {
  const tried = demoRoles().filter(({ first }) => first)
  return [
    `点这里，选一个角色就进去，不用密码（只限本机）： Click here and choose a role, no password (this machine only):`,
    `  ${url}/console`,
    ...tried.map(
      ({ title, first, face }) => `    ${title.zh}（${face === 'phone' ? '手机端' : '电脑端'}）：${first?.zh ?? ''}`,
    ),
    `手机端 Phone   ${url}/h5   居民上报 Report   ${url}/r`,
    `居民也可以用手机号 ${demoResidents[0]!.phone} 登录，验证码由系统管理员在工作台“短信发件箱”看到。 A resident may also sign in with that phone; the system administrator sees the code on the console’s “Text messages” page.`,
  ]
}
