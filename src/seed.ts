import type { App } from './kernel/app.ts'
import { FixedClock } from './kernel/clock.ts'
import { runSystem } from './kernel/command.ts'
import { seedDiary } from './duty/index.ts'
import {
  DEMO_COUNTY,
  demoPeople,
  demoResidents,
  makeTenant,
  seedCounty,
  seedDemoGround,
  seedDemoPeople,
  seedDivisions,
} from './grid/index.ts'
import { createStaffAccount, issueLink, relaxForDemo, seatAdministrator, type Seat } from './identity/index.ts'
import { publishShipped } from './packs/index.ts'
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
  await seedDivisions(app)
  const name = await makeTenant(app, { ...county, demo: false })
  const made = await runSystem(app, county.code, async (cmd) => {
    const { areas } = await seedCounty(cmd, name)
    const links: string[] = []
    if (areas === 0) return { areas, links }
    for (const { seat, zh, en } of seats) {
      const account = await createStaffAccount(cmd, { loginName: seat, name: zh })
      await seatAdministrator(cmd, { accountId: account.id, seat })
      const link = await issueLink(cmd, account.id, {})
      links.push(`  ${zh} ${en} (${seat}): ${link.path}`)
    }
    return { areas, links }
  })
  await runSystem(app, county.code, publishShipped)
  if (made.areas === 0)
    return { lines: [`${name} 已经建好，没有改动。 ${name} is there already; nothing was changed.`] }
  return {
    lines: [
      `${name}（${county.code}）已建立：${made.areas} 个区域。 ${name} is made, with ${made.areas} areas.`,
      '三位管理员各自打开自己的链接设置密码，链接只显示这一次： The three administrators each open their own link; the links are shown this once:',
      ...made.links,
    ],
  }
}

/** How to sign in to the demo, for the terminal. */
export function signInLines(url: string): string[] {
  const shown = demoPeople().people.filter((person) => person.shown)
  return [
    `工作台 Console   ${url}/console   手机端 Phone   ${url}/h5   居民上报 Report   ${url}/r`,
    '在登录页点一个角色即可进入，不用密码（只限本机）： Choose a role on the sign-in page, no password (this machine only):',
    `  ${shown.map((person) => person.title.zh).join('、')}`,
    `居民用手机号 ${demoResidents[0]!.phone} 登录，验证码由系统管理员在工作台“短信发件箱”看到。 A resident signs in with that phone; the system administrator sees the code on the console’s “Text messages” page.`,
  ]
}
