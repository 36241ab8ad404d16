import type { Calendar } from '../kernel/calendar.ts'
import { DEMO_TOWN, DEMO_VILLAGE } from '../grid/index.ts'
import { momentAfter, type PostRef, type Story, type StoryStep } from './plan.ts'
import type { Scene } from './words.ts'

interface Told {
  category: string
  text: string
  /** Which micro-grid of the staffed village. */
  place: string
  /** Reported so long ago; left out: as late as the steps allow, so that the last one is just made. */
  hoursAgo?: number
  /** A resident by number; 0 is the one with one click. */
  resident?: number
  photo?: Scene
  steps: readonly StoryStep[]
}

const own = 'G001/M001'
const dispatcher: PostRef = { role: 'townDispatcher', areaPath: DEMO_TOWN }
const unit = (code: string): PostRef => ({ role: 'departmentHandler', unit: code, areaPath: DEMO_TOWN })
const secretary: PostRef = { role: 'villageSecretary', areaPath: DEMO_VILLAGE }
const worker: PostRef = { role: 'gridWorker', areaPath: `${DEMO_VILLAGE}/G001` }

const accept: StoryStep = { move: 'accept', after: 0.6 }
const file: StoryStep = { move: 'file', after: 1.2, form: { note: '网格解决不了，需要部门处理。' } }
const toUnit = (code: string): StoryStep => ({
  move: 'dispatch',
  after: 0.8,
  form: { note: '请按时限办理，办好拍照反馈。' },
  target: unit(code),
})
const done = (result: string, photo?: Scene): StoryStep => ({
  move: 'feedback',
  after: 5,
  form: { result, method: 'onSite' },
  ...(photo && { photo }),
})
const solved = (result: string, photo?: Scene): StoryStep => ({
  move: 'solve',
  after: 3,
  form: { result, method: photo ? 'onSite' : 'mediation' },
  ...(photo && { photo }),
})
const verified: StoryStep = { move: 'verify', after: 3, form: { seen: 'onSite', note: '现场看过，问题已经解决。' } }
const closed: StoryStep = { move: 'close', after: 1, form: { note: '材料齐全，同意结案。' } }
/** Whoever handles it opens the reporter's number and says why; the audit administrator sees that. */
const look = (reason: string): StoryStep => ({ move: 'look', after: 0.4, form: { reason } })
const handOver = (target: PostRef, reason: string): StoryStep => ({
  move: 'handOver',
  after: 0.5,
  form: { reason },
  target,
})

/** The stories that a visitor meets first: something to do for every role of the sign-in page. */
const told: readonly Told[] = [
  // The resident's own: one in each stage that a reporter sees.
  {
    category: '0201',
    text: '家门口到公交站的两盏路灯不亮，晚上接孙女放学看不清路。',
    place: own,
    resident: 0,
    photo: 'lamp',
    steps: [
      accept,
      file,
      toUnit('cityCare'),
      look('联系反映人，约定上门时间'),
      done('更换灯泡两只，当晚已亮灯。', 'lamp'),
      verified,
      closed,
    ],
  },
  {
    category: '0101',
    text: '楼下垃圾桶满了三天没人清，天热味道很大。',
    place: own,
    resident: 0,
    hoursAgo: 500,
    photo: 'rubbish',
    steps: [
      accept,
      solved('当天清运干净，冲洗了地面，以后每天傍晚多看一次。', 'rubbish'),
      verified,
      closed,
      { move: 'rate', after: 20, by: 'reporter', form: { score: 'satisfied', comment: '第二天就干净了，谢谢。' } },
    ],
  },
  {
    category: '0503',
    text: '棋牌室晚上十二点还在吵，孩子明天要上学。',
    place: own,
    resident: 0,
    steps: [accept, { move: 'askReporter', after: 0.6, form: { reason: '请说一下是哪一幢、大概几点最吵。' } }],
  },
  {
    category: '0204',
    text: '小公园的健身器材螺丝松了，老人扶着摇晃。',
    place: own,
    resident: 0,
    photo: 'bench',
    steps: [accept, file, toUnit('cityCare')],
  },
  { category: '9999', text: '小区门口想装一张给老人歇脚的长椅。', place: own, resident: 0, steps: [] },
  // In the micro-grid head's hands.
  { category: '0301', text: '隔壁在公共走道养鸡，味道大，小孩过敏。', place: own, resident: 1, steps: [] },
  {
    category: '0602',
    text: '邻居老伯记性不好，昨天又走失了一次，能不能配个定位手环？',
    place: own,
    resident: 7,
    steps: [],
  },
  {
    category: '0402',
    text: '有人从三楼窗口拉线给电动车充电，电线晒得发硬。',
    place: own,
    resident: 8,
    photo: 'bike',
    steps: [],
  },
  {
    category: '0603',
    text: '外地户口的孩子要上小学，不知道要准备哪些材料。',
    place: own,
    resident: 9,
    steps: [accept],
  },
  // Handed to the grid worker.
  {
    category: '0105',
    text: '楼道里被喷了开锁、通下水道的号码，很难看。',
    place: own,
    resident: 10,
    photo: 'wall',
    steps: [handOver(worker, '需要带工具清除，请网格员一起来。')],
  },
  {
    category: '0305',
    text: '物业一个月没来打扫楼道，垃圾堆在门口。',
    place: own,
    resident: 11,
    steps: [accept, handOver(worker, '请网格员约物业当面谈。')],
  },
  // The village secretary's.
  {
    category: '0303',
    text: '两家自留地的界石被人挪了，老地契对不上。',
    place: 'G002/M001',
    resident: 12,
    steps: [accept, handOver(secretary, '涉及土地，请村里出面调解。')],
  },
  {
    category: '0302',
    text: '兄妹三人为了轮流照顾老母亲吵得厉害。',
    place: 'G002/M002',
    resident: 13,
    steps: [
      accept,
      file,
      { move: 'dispatch', after: 0.8, form: { note: '请村里请老娘舅一起谈。' }, target: secretary },
    ],
  },
  // In the grid chief's hands, to be verified.
  {
    category: '0601',
    text: '独居的陈阿婆腿摔伤了，买菜做饭都成问题。',
    place: own,
    resident: 14,
    steps: [accept, solved('志愿者每天送两餐，已联系社区医生上门换药。')],
  },
  // The town's platform: filed, in joint review, asking for more time, verified.
  {
    category: '0102',
    text: '村口水泥路塌了一块，昨天有人骑车摔了。',
    place: 'G001/M002',
    resident: 15,
    photo: 'road',
    steps: [accept, file],
  },
  {
    category: '0103',
    text: '河面漂着水葫芦和泡沫箱，五天了没人捞。',
    place: 'G002/M003',
    resident: 16,
    photo: 'river',
    steps: [accept, file],
  },
  {
    category: '0403',
    text: '老围墙往外斜，墙根裂缝能伸进手指，旁边就是上学路。',
    place: 'G002/M001',
    resident: 17,
    photo: 'wall',
    steps: [{ move: 'takeUp', after: 0.4, by: dispatcher }],
  },
  {
    category: '0406',
    text: '小作坊把原料堆在配电箱前，灭火器压力也没了。',
    place: 'G003/M001',
    resident: 18,
    photo: 'fire',
    steps: [
      accept,
      file,
      {
        move: 'whistle',
        after: 0.8,
        form: {
          units: ['safety', 'enforcement', 'market'],
          question: '一处作坊牵涉消防、用地和证照，请一起到现场定谁牵头。',
        },
      },
      {
        move: 'respond',
        after: 1,
        by: unit('safety'),
        form: { ours: 'lead', opinion: '消防隐患由我们牵头，需要执法配合。' },
      },
    ],
  },
  {
    category: '0504',
    text: '屋后用彩钢板搭了一大间，挡住了隔壁的采光。',
    place: 'G003/M002',
    resident: 19,
    photo: 'shed',
    steps: [
      accept,
      file,
      toUnit('enforcement'),
      { move: 'askExtension', after: 6, form: { days: 5, reason: '当事人外出，约定下周回来当面谈。' } },
    ],
  },
  {
    category: '0501',
    text: '烧烤摊每天晚上占了人行道，油烟往楼上飘。',
    place: 'G001/M003',
    resident: 20,
    photo: 'stall',
    steps: [
      accept,
      file,
      toUnit('enforcement'),
      done('已劝导进入疏导点经营，连续三天复查没有回潮。', 'stall'),
      verified,
    ],
  },
  {
    category: '0104',
    text: '大风把香樟刮断了一根大枝，挂在半空很危险。',
    place: 'G002/M002',
    resident: 21,
    photo: 'tree',
    steps: [accept, solved('断枝已清理，检查了周边的树，补做了支撑。', 'tree'), verified],
  },
  // The department handler's.
  {
    category: '0503',
    text: '工地夜里十一点还在浇混凝土，窗户都在震。',
    place: 'G001/M004',
    resident: 22,
    steps: [accept, file, toUnit('enforcement')],
  },
  {
    category: '0502',
    text: '放学时路两边停满了车，孩子只能走在路中间。',
    place: 'G002/M003',
    resident: 23,
    photo: 'car',
    steps: [accept, file, toUnit('enforcement')],
  },
  {
    category: '0404',
    text: '一楼出租房用的是老式煤气罐，和灶台放在一起，没有报警器。',
    place: own,
    resident: 24,
    steps: [
      { move: 'takeUp', after: 0.3, by: dispatcher },
      { ...toUnit('safety'), after: 0.2 },
    ],
  },
  {
    category: '0503',
    text: '喷塑车间的风机整天嗡嗡响，窗户不敢开。',
    place: 'G003/M003',
    resident: 25,
    hoursAgo: 90,
    steps: [
      accept,
      file,
      toUnit('enforcement'),
      { move: 'suspend', after: 3, form: { cause: 'awaitingExpert', reason: '噪声检测单位已到现场取样，等报告。' } },
    ],
  },
  // The verifier's, with photos before and after.
  {
    category: '0201',
    text: '新修的路一直没亮灯，晚饭后散步的人很多，怕出事。',
    place: 'G001/M002',
    resident: 26,
    photo: 'lamp',
    steps: [
      accept,
      file,
      toUnit('cityCare'),
      look('联系反映人，约定上门时间'),
      done('线路接通，六盏灯当晚全亮。', 'lamp'),
    ],
  },
  {
    category: '0202',
    text: '井盖翘起来一边，车一压就弹起来。',
    place: 'G002/M004',
    resident: 27,
    photo: 'manhole',
    steps: [
      accept,
      file,
      toUnit('cityCare'),
      look('联系反映人，约定上门时间'),
      done('已更换球墨井盖，现场试压不松动。', 'manhole'),
    ],
  },
  {
    category: '0203',
    text: '污水井往外冒水，流到路上，臭得很。',
    place: 'G003/M001',
    resident: 28,
    photo: 'pipe',
    steps: [
      accept,
      file,
      toUnit('cityCare'),
      look('联系反映人，约定上门时间'),
      done('疏通主管二十米，清出油块和抹布，排水正常。', 'pipe'),
    ],
  },
  // Too long in somebody's hands: what leaders and the discipline officer look for.
  {
    category: '0304',
    text: '饭店关门了，七个工人两个月工资没拿到。',
    place: 'G002/M005',
    resident: 29,
    hoursAgo: 700,
    steps: [accept, file, toUnit('socialAffairs')],
  },
  {
    category: '0101',
    text: '有人把装修垃圾倒在晒谷场，堆了一大堆。',
    place: 'G003/M004',
    resident: 30,
    hoursAgo: 330,
    photo: 'rubbish',
    steps: [accept],
  },
  {
    category: '0102',
    text: '一下雨桥头就积水，老人要蹚水出门。',
    place: 'G001/M005',
    resident: 31,
    hoursAgo: 460,
    photo: 'road',
    steps: [
      accept,
      file,
      toUnit('cityCare'),
      look('联系反映人，约定上门时间'),
      done('清掏了三处雨水口，换了破损的箅子。', 'road'),
      { move: 'failVerify', after: 4, form: { reason: '昨天下雨又积水了，没有真正解决。' } },
    ],
  },
  {
    category: '0303',
    text: '隔壁翻建房子，滴水线超到我家院子里。',
    place: 'G002/M001',
    resident: 32,
    hoursAgo: 800,
    steps: [
      accept,
      file,
      toUnit('justice'),
      { move: 'park', after: 20, by: dispatcher, form: { cause: 'awaitingLaw', reason: '双方已经起诉，等法院判决。' } },
    ],
  },
]

const STEP_MS = 3_600_000
const HOURS_MAX = 24 * 14

/** The latest report that leaves time for all the steps. */
function startOf(calendar: Calendar, { hoursAgo, steps }: Told, until: number): number {
  if (hoursAgo !== undefined) return until - hoursAgo * STEP_MS
  for (let hours = 0.4; hours < HOURS_MAX; hours++) {
    const at = until - hours * STEP_MS
    const end = steps.reduce((moment, step) => momentAfter(calendar, moment, step, false), at)
    if (end <= until) return at
  }
  return until - HOURS_MAX * STEP_MS
}

/** The opening stories, ending at `until`. */
export const openingStories = (calendar: Calendar, until: Date): Story[] =>
  told.map((one, index): Story => ({
    key: `opening ${index}`,
    kind: 'event',
    category: one.category,
    text: one.text,
    areaPath: `${DEMO_VILLAGE}/${one.place}`,
    address: '红联村',
    reporter: { resident: one.resident ?? 1 },
    at: startOf(calendar, one, until.getTime()) - index * 61_000,
    urgent: false,
    ...(one.photo && { photo: one.photo }),
    steps: one.steps,
  }))
