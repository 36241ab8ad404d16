import { type App, countiesOf } from './kernel/app.ts'
import { nextOfficeTime } from './kernel/calendar.ts'
import { FixedClock } from './kernel/clock.ts'
import { runCommand, type Actor, type Command } from './kernel/command.ts'
import { uuidv5 } from './kernel/ids.ts'
import { DEMO_COUNTY, demoPeople, demoResidents, holdersOf } from './grid/index.ts'
import { findOrCreateResident } from './identity/index.ts'
import { findHolder, makeMove, reportMatter } from './loop/index.ts'

interface Story {
  category: string
  text: string
  /** Which of the staffed micro-grids, and how many hours ago it was reported. */
  microGrid: number
  hoursAgo: number
  moves: readonly (readonly [move: string, form?: Record<string, unknown>, unit?: string])[]
}

const handled = (result: string): readonly [string, Record<string, unknown>] => [
  'feedback',
  { result, method: 'onSite' },
]
const settled = (result: string): readonly [string, Record<string, unknown>] => [
  'solve',
  { result, method: 'mediation' },
]
const verified = ['verify', { seen: 'phone' }] as const
const closed = ['close', {}] as const
const filed = ['file', { note: '网格解决不了，需要部门处理' }] as const

/** Invented stories in every state that a visitor should meet. */
const stories: readonly Story[] = [
  {
    category: '0301',
    text: '楼上半夜拖椅子，楼下老人睡不着，两家已经吵了两次。',
    microGrid: 0,
    hoursAgo: 190,
    moves: [['accept'], settled('上门调解，楼上给椅脚贴了毛毡，两家都同意晚上十点后不搬动家具。'), verified, closed],
  },
  {
    category: '0503',
    text: '菜场门口的喇叭早上五点就开始叫卖，整栋楼都听得到。',
    microGrid: 1,
    hoursAgo: 170,
    moves: [
      ['accept'],
      filed,
      ['dispatch', {}, 'enforcement'],
      handled('已约谈摊主，改为七点后、六十分贝以下，连续三天复查达标。'),
      verified,
      closed,
    ],
  },
  {
    category: '0601',
    text: '独居的陈阿婆腿摔伤了，买菜做饭都成问题。',
    microGrid: 2,
    hoursAgo: 120,
    moves: [['accept'], settled('志愿者每天送两餐，已联系社区医生上门换药。'), verified],
  },
  {
    category: '0305',
    text: '物业说好的电梯维修拖了一个月，爬六楼的老人下不来。',
    microGrid: 3,
    hoursAgo: 96,
    moves: [
      ['accept'],
      filed,
      ['dispatch', {}, 'cityCare'],
      handled('维保单位已换门机，电梯恢复运行，物业公示了维修记录。'),
    ],
  },
  {
    category: '0404',
    text: '一楼出租房用的是老式煤气罐，和灶台放在一起，没有报警器。',
    microGrid: 0,
    hoursAgo: 80,
    moves: [['accept'], filed, ['dispatch', {}, 'safety']],
  },
  {
    category: '0503',
    text: '工地夜里十一点还在浇混凝土，窗户都在震。',
    microGrid: 4,
    hoursAgo: 74,
    moves: [
      ['accept'],
      filed,
      ['dispatch', {}, 'enforcement'],
      ['suspend', { cause: 'awaitingExpert', reason: '噪声检测单位明天到现场取样' }],
    ],
  },
  {
    category: '0303',
    text: '两家自留地的界石被人挪了，老地契对不上。',
    microGrid: 5,
    hoursAgo: 60,
    moves: [['accept'], filed],
  },
  {
    category: '0603',
    text: '外地户口的孩子要上小学，不知道要准备哪些材料。',
    microGrid: 1,
    hoursAgo: 50,
    moves: [['accept']],
  },
  {
    category: '0302',
    text: '父母外出打工，奶奶一个人带三个孩子，最近常听到哭声。',
    microGrid: 2,
    hoursAgo: 30,
    moves: [['accept']],
  },
  { category: '0301', text: '隔壁在公共走道养鸡，味道大，小孩过敏。', microGrid: 0, hoursAgo: 26, moves: [] },
  {
    category: '0602',
    text: '邻居老伯记性不好，昨天又走失了一次，能不能配个定位手环？',
    microGrid: 0,
    hoursAgo: 5,
    moves: [],
  },
  { category: '0304', text: '饭店关门了，七个工人两个月工资没拿到。', microGrid: 3, hoursAgo: 3, moves: [] },
  { category: '9999', text: '小区门口想装一张给老人歇脚的长椅。', microGrid: 0, hoursAgo: 1, moves: [] },
]

const STORIES = '0c1d6a52-53c3-5a64-8f0e-9b1f0f6f7c55'
/** Between the steps of one story. */
const STEP_HOURS = 3
/** Nobody acts in the very minute in which the office opens. */
const STEP_MS = 11 * 60_000

async function as<T>(app: App, at: Date, actor: Actor, work: (cmd: Command) => Promise<T>): Promise<T> {
  const then: App = { ...app, clock: new FixedClock(at) }
  const grants = actor.kind === 'staff' && actor.id ? await app.ports.grants.grantsOf(DEMO_COUNTY, actor.id, at) : []
  return runCommand(
    then,
    { county: DEMO_COUNTY, actor, grants, purpose: 'handling', requestId: 'seed', locale: 'zh-CN' },
    work,
  )
}

const staff = (id: string): Actor => ({ kind: 'staff', id, sessionId: null, label: '工作人员' })

/** Whose hands it is in at that instant: whoever acts in the post. */
async function holderNow(app: App, at: Date, matterId: string): Promise<string> {
  const system: Actor = { kind: 'system', id: null, sessionId: null, label: 'system' }
  return as(app, at, system, async (cmd) => {
    const { role, unit, path } = await findHolder(cmd, matterId)
    const [account] = await holdersOf(cmd, role, path, undefined, unit)
    if (!account) throw new Error(`nobody holds ${role} at ${path}`)
    return account
  })
}

/** Tells the stories, each step in office hours by whoever holds the matter then; a story that is there already is left as it is. */
export async function seedMatters(app: App): Promise<number> {
  const county = (await countiesOf(app)).find(({ code }) => code === DEMO_COUNTY)
  if (!county?.demo) return 0
  const places = demoPeople().chairs.filter(({ role }) => role === 'microGridLead')
  const now = app.clock.now().getTime()
  const resident = await as(app, new Date(now), { kind: 'system', id: null, sessionId: null, label: 'system' }, (cmd) =>
    findOrCreateResident(cmd, demoResidents[0]!),
  )
  const reporter: Actor = { kind: 'resident', id: resident.id, sessionId: null, label: '居民' }
  let told = 0
  for (const [index, story] of stories.entries())
    if (await tell(app, reporter, { index, story, areaPath: places[story.microGrid % places.length]!.areaPath, now }))
      told++
  return told
}

interface Telling {
  index: number
  story: Story
  areaPath: string
  now: number
}

async function tell(app: App, reporter: Actor, { index, story, areaPath, now }: Telling): Promise<boolean> {
  const id = uuidv5(STORIES, `story ${index}`)
  let at = now - story.hoursAgo * 3_600_000
  const { category, text } = story
  const system: Actor = { kind: 'system', id: null, sessionId: null, label: 'system' }
  if (await as(app, new Date(at), system, (cmd) => findHolder(cmd, id).then(Boolean, () => false))) return false
  await as(app, new Date(at), reporter, (cmd) => reportMatter(cmd, { id, kind: 'event', category, text, areaPath }))
  const calendar = await app.ports.calendars.calendarOf(DEMO_COUNTY)
  let version = 1
  for (const [move, form, unit] of story.moves) {
    at = Math.min(nextOfficeTime(calendar, new Date(at + STEP_HOURS * 3_600_000)).getTime() + STEP_MS, now - 60_000)
    const actor = staff(await holderNow(app, new Date(at), id))
    const target =
      unit === undefined
        ? undefined
        : { role: 'departmentHandler', unit, areaPath: areaPath.split('/').slice(0, 2).join('/') }
    const moved = await as(app, new Date(at), actor, (cmd) =>
      makeMove(cmd, id, { move, version, form: form ?? {}, ...(target && { target }) }),
    )
    version = moved.version
  }
  return true
}
