import type { App } from '../../kernel/app.ts'
import { countiesOf } from '../../kernel/app.ts'
import { FixedClock } from '../../kernel/clock.ts'
import { runCommand, systemActor, type Actor, type Command } from '../../kernel/command.ts'
import { uuidv5 } from '../../kernel/ids.ts'
import { DEMO_COUNTY, demoPeople, holdersOf } from '../../grid/index.ts'
import { fileDiary, writeDiary } from './service.ts'
import { dayOf } from './rules.ts'

interface Story {
  /** Days ago, and the hour in Beijing; in the evening people are at home. */
  ago: number
  hour: number
  kind: string
  text: string
  visited?: string
  address?: string
  done?: true
  /** Days after the visit on which to go back. */
  back?: number
  /** The visit that this one follows up, by its place in the list. */
  follows?: number
  /** Becomes a case, by the kind's category or this one. */
  filed?: true | string
}

/** An invented month of a village's doors. */
const stories: readonly Story[] = [
  {
    ago: 29,
    hour: 9,
    kind: 'care',
    visited: '陈阿婆',
    address: '3 幢 201',
    text: '一个人住，腿脚不方便，冰箱里菜不多。帮她在群里订了两天的菜，邻居小周答应顺路带上楼。',
    done: true,
    back: 7,
  },
  {
    ago: 28,
    hour: 18,
    kind: 'mood',
    visited: '沈师傅',
    text: '问今年的养老补贴什么时候发。当场打电话问了社保窗口，下月十号前到账。',
    done: true,
  },
  {
    ago: 27,
    hour: 8,
    kind: 'hygiene',
    address: '北门垃圾房',
    text: '垃圾房门口堆了两袋装修垃圾，找到业主，当天运走。',
    done: true,
  },
  {
    ago: 26,
    hour: 19,
    kind: 'safety',
    visited: '出租房东老钱',
    address: '5 幢 102',
    text: '三个租客的电瓶车推进楼道充电，劝到楼下充电棚，房东签了承诺。',
    done: true,
  },
  {
    ago: 25,
    hour: 15,
    kind: 'water',
    address: '南浜桥下',
    text: '河面漂着几片菜叶和塑料袋，自己捞干净了，没有异味。',
    done: true,
  },
  {
    ago: 24,
    hour: 10,
    kind: 'care',
    visited: '徐家小孩',
    text: '父母在外地打工，爷爷带着。作业没人辅导，联系了周末假日学堂，这周六开始去。',
    back: 14,
  },
  {
    ago: 23,
    hour: 19,
    kind: 'mood',
    visited: '王阿姨',
    text: '楼上晚上拖地声音大，已经睡不好好几天。约了两家周末一起坐下来说。',
    back: 3,
  },
  {
    ago: 21,
    hour: 9,
    kind: 'hygiene',
    address: '菜场后弄',
    text: '下水道返味，围着一圈苍蝇，摊主说通了两次还是堵。自己解决不了。',
    filed: '0203',
  },
  {
    ago: 20,
    hour: 18,
    kind: 'mood',
    visited: '王阿姨',
    text: '楼上给椅脚贴了毛毡，十点以后不拖东西，两家都说行。',
    done: true,
    follows: 6,
  },
  {
    ago: 19,
    hour: 8,
    kind: 'safety',
    address: '1 幢 2 单元',
    text: '消防栓前停了一辆三轮车，找到车主挪开，提醒不要再停。',
    done: true,
  },
  {
    ago: 18,
    hour: 16,
    kind: 'care',
    visited: '李大爷',
    address: '2 幢 502',
    text: '降压药快吃完了，子女下周才回。代他到卫生院配了两盒，说明书用大字写了一份。',
    done: true,
  },
  {
    ago: 17,
    hour: 19,
    kind: 'mood',
    visited: '新搬来的小赵',
    text: '外地来的，不知道孩子上学要什么材料。加进新居民群，把清单发给她了。',
    done: true,
  },
  {
    ago: 15,
    hour: 9,
    kind: 'water',
    address: '东港',
    text: '水色发白，靠近洗涤店的排口。拍了照，请生态环境所来看。',
    filed: true,
  },
  {
    ago: 14,
    hour: 18,
    kind: 'safety',
    visited: '饭店老板',
    address: '沿街 12 号',
    text: '后厨煤气瓶放在灶台边，软管发硬。要他当天换管、把瓶移出去，明天再来看。',
    back: 1,
  },
  {
    ago: 13,
    hour: 17,
    kind: 'safety',
    visited: '饭店老板',
    address: '沿街 12 号',
    text: '软管换好了，煤气瓶移到屋外隔间，贴了检查记录。',
    done: true,
    follows: 13,
  },
  {
    ago: 12,
    hour: 10,
    kind: 'hygiene',
    address: '3 幢楼下',
    text: '旧沙发丢在绿化带里两天，叫了大件清运，下午拉走。',
    done: true,
  },
  {
    ago: 10,
    hour: 19,
    kind: 'care',
    visited: '独居的吴奶奶',
    text: '手机字太小看不清，教她开了大字，把我和村医的电话设成快捷键。',
    done: true,
    back: 12,
  },
  {
    ago: 9,
    hour: 9,
    kind: 'mood',
    visited: '几位老人',
    address: '村口凉亭',
    text: '都说公交站没有坐的地方，等车累。想在站台装一条长椅。',
    filed: '9999',
  },
  {
    ago: 8,
    hour: 18,
    kind: 'safety',
    visited: '租客小马',
    address: '7 幢 303',
    text: '房里拉了飞线给电瓶车充电，当面拆了，带他看了充电棚在哪里。',
    done: true,
    back: 8,
  },
  {
    ago: 6,
    hour: 8,
    kind: 'water',
    address: '南浜桥下',
    text: '巡河一圈，水面干净，有人钓鱼，提醒不要撒饵料。',
    done: true,
  },
  {
    ago: 5,
    hour: 19,
    kind: 'mood',
    visited: '周师傅',
    text: '厂里两个月加班费没结清，十一个人都没拿到。想请人帮着去问。',
    filed: '0304',
  },
  {
    ago: 4,
    hour: 9,
    kind: 'care',
    visited: '陈阿婆',
    address: '3 幢 201',
    text: '药和菜都够，说孙女周末来看她。精神不错。',
    done: true,
    follows: 0,
  },
  {
    ago: 3,
    hour: 18,
    kind: 'hygiene',
    address: '6 幢架空层',
    text: '有人养了四只鸡，味道大。说好月底前处理掉。',
    back: 3,
  },
  {
    ago: 2,
    hour: 16,
    kind: 'safety',
    address: '4 幢配电间',
    text: '门锁坏了，里面堆着纸箱。纸箱清掉了，锁要物业来换。',
    back: 2,
  },
  {
    ago: 1,
    hour: 19,
    kind: 'mood',
    visited: '李阿姨',
    text: '说广场舞音量小多了，谢谢大家。顺便问了老年食堂几点开，告诉她十点半。',
    done: true,
  },
  {
    ago: 0,
    hour: 8,
    kind: 'care',
    visited: '徐家爷爷',
    text: '孩子去假日学堂两次了，作业能按时交。',
    done: true,
    follows: 5,
  },
]

/** Half of them are the first head's, who is the one that visitors try; who goes back is who was there. */
function headOf(index: number): number {
  const before = stories[index]?.follows
  if (before !== undefined) return headOf(before)
  return index % 2 === 0 ? 0 : index >> 1
}

const SPACE = '7d4b3f1e-6a1c-5e0f-9d53-2a9b64c0e8f2'
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

async function as<T>(app: App, at: Date, actor: Actor, work: (cmd: Command) => Promise<T>): Promise<T> {
  const grants = actor.id ? await app.ports.grants.grantsOf(DEMO_COUNTY, actor.id, at) : []
  const request = {
    county: DEMO_COUNTY,
    actor,
    grants,
    purpose: 'handling' as const,
    requestId: 'seed',
    locale: 'zh-CN' as const,
  }
  return runCommand({ ...app, clock: new FixedClock(at) }, request, work)
}

/** The instant of an hour of a day in Beijing; never later than a minute ago. */
function instantOf(now: Date, ago: number, hour: number): Date {
  const midnight = Date.parse(`${dayOf(new Date(now.getTime() - ago * DAY_MS))}T00:00:00+08:00`)
  return new Date(Math.min(midnight + hour * HOUR_MS, now.getTime() - 60_000))
}

/**
 * Tells a month of diary entries by the heads of the demo's staffed micro-grids, through the product's own commands; what
 * is there already is left as it is.
 *
 * @returns how many commands it took.
 */
export async function seedDiary(app: App): Promise<number> {
  const county = (await countiesOf(app)).find(({ code }) => code === DEMO_COUNTY)
  if (!county?.demo) return 0
  const places = [
    ...new Set(
      demoPeople()
        .chairs.filter(({ role }) => role === 'microGridLead')
        .map(({ areaPath }) => areaPath),
    ),
  ]
  const now = app.clock.now()
  let commands = 0
  for (const [index, story] of stories.entries()) {
    const areaPath = places[headOf(index) % places.length]
    if (areaPath !== undefined) commands += await tell(app, { index, story, areaPath, now })
  }
  return commands
}

async function tell(
  app: App,
  { index, story, areaPath, now }: { index: number; story: Story; areaPath: string; now: Date },
): Promise<number> {
  const { ago, hour, back, filed, follows, ...words } = story
  const metAt = instantOf(now, ago, hour)
  const [head] = await as(app, metAt, systemActor, (cmd) => holdersOf(cmd, 'microGridLead', areaPath))
  if (!head) return 0
  const actor: Actor = { kind: 'staff', id: head, sessionId: null, label: '微网格长' }
  const id = uuidv5(SPACE, `entry ${index}`)
  const writtenAt = new Date(Math.min(metAt.getTime() + 20 * 60_000, now.getTime()))
  const followUpOn = back === undefined ? null : dayOf(new Date(metAt.getTime() + back * DAY_MS))
  const before = follows === undefined ? {} : { followsId: uuidv5(SPACE, `entry ${follows}`) }
  const body = { id, areaPath, metAt: metAt.toISOString(), followUpOn, ...words, ...before }
  await as(app, writtenAt, actor, (cmd) => writeDiary(cmd, body))
  if (!filed) return 1
  await as(app, writtenAt, actor, (cmd) => fileDiary(cmd, id, filed === true ? {} : { category: filed }))
  return 2
}
