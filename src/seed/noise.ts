import { randomFrom } from '../grid/index.ts'
import type { PostRef, Spot, Story, StoryStep } from './plan.ts'

/** Kinds of the pack that S13's night construction is told in. */
export const noiseKinds = ['nightWork', 'nightNoise'] as const

const HOUR = 3_600_000
const DAY = 24 * HOUR
const BEIJING = 8 * HOUR

const builders = ['嘉禾建设', '南湖城建', '运河市政', '烟雨楼建工', '长水路桥'] as const
const sites = ['安置房二期', '小学扩建', '管网改造', '地下车库', '农贸市场改建', '河道泵站'] as const

interface Place extends Spot {
  town: string
}

interface Plan {
  from: number
  until: number
  places: readonly Place[]
  /** Sites that notified beforehand, and complaints of people. */
  works: number
  complaints: number
}

/** The wall clock of Beijing without a zone, as a form takes it. */
const clockOf = (at: number): string => new Date(at + BEIJING).toISOString().slice(0, 16)

/** S13's night construction as one loop: notified in advance, supervised at night, complained about, enforced. */
export function noiseStories(plan: Plan): Story[] {
  const random = randomFrom(1313)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const dayIn = (): number => Math.floor((plan.from + random() * (plan.until - plan.from - 6 * DAY)) / DAY) * DAY
  const works = Array.from({ length: plan.works }, (_, index) => workOf(index, pick, dayIn(), pick(plan.places)))
  const complaints = Array.from({ length: plan.complaints }, (_, index) =>
    complaintOf(index, { pick, random, day: dayIn(), place: pick(plan.places) }),
  )
  return [...works, ...complaints].sort((one, other) => one.at - other.at)
}

const endings = (asked: number, calmer: 'yes' | 'partly'): StoryStep[] => [
  { move: 'verify', after: 8, form: { seen: 'phone', note: '打电话问过附近住户，当晚安静了。' } },
  { move: 'close', after: 6, form: { asked, calmer, note: '已回访。' } },
]

/** A site that asks beforehand: permitted, announced, patrolled in its night. */
function workOf(index: number, pick: <T>(list: readonly T[]) => T, day: number, place: Place): Story {
  const site = `${place.village}${pick(sites)}工地`
  const begins = day + 2 * DAY + 22 * HOUR - BEIJING
  const ends = begins + 6 * HOUR
  const refused = index % 9 === 8
  const steps: StoryStep[] = refused
    ? [{ move: 'refuse', after: 4, form: { cause: 'noProof', note: '缺少必须连续施工的证明，补齐后重新报备。' } }]
    : [
        {
          move: 'permit',
          after: 5,
          form: {
            certificate: `南夜施〔2026〕${100 + index} 号`,
            conditions: ['keepTime', 'notice', 'limit', 'onDuty'],
            note: '按同意的时间施工。',
          },
        },
        {
          move: 'announce',
          after: 3,
          by: 'reporter',
          form: { where: '工地大门、小区公告栏', told: ['board', 'doors'] },
        },
        // The system begins the night by itself; the village looks in while it lasts.
        {
          move: 'patrol',
          after: (begins - (day + 10 * HOUR - BEIJING)) / HOUR - 8 + 2,
          form: { decibel: 52, at: 'border', noticeSeen: true, note: '按同意的工序施工。' },
        },
        {
          move: 'allQuiet',
          after: 5,
          form: { maxDecibel: 54, finishedAt: clockOf(ends), note: '按时收工，没有投诉。' },
        },
      ]
  return {
    key: `S13 work ${index}`,
    kind: 'nightWork',
    category: pick(['special', 'process']),
    text: `${site}夜间混凝土连续浇筑，提前报备。`,
    form: {
      site,
      builder: `${pick(builders)}有限公司（虚构）`,
      builderCode: '91350100M000100Y43',
      work: 'concrete',
      workFrom: clockOf(begins),
      workUntil: clockOf(ends),
      measures: ['quietMachines', 'barrier', 'noHorn'],
      proof: refused ? 'none' : 'have',
      ...(!refused && { proofNumber: `JH2026-${1000 + index}` }),
    },
    areaPath: place.areaPath,
    address: site,
    reporter: { resident: index },
    at: day + 10 * HOUR - BEIJING,
    urgent: true,
    steps,
  }
}

interface Complaint {
  pick<T>(list: readonly T[]): T
  random(): number
  day: number
  place: Place
}

/** Somebody cannot sleep: visited the same night, ordered to stop or taken up as a case. */
function complaintOf(index: number, { pick, random, day, place }: Complaint): Story {
  const at = day + (21 + random() * 3) * HOUR - BEIJING
  const officer: PostRef = { role: 'departmentHandler', unit: 'enforcement', areaPath: place.town }
  const visit: StoryStep = {
    move: 'visit',
    after: 0.6,
    form: { decibel: 58 + Math.floor(random() * 12), at: 'border', permit: 'none', note: '现场正在浇筑，没有证明。' },
  }
  const breach: StoryStep = {
    move: 'breach',
    after: 0.2,
    photo: 'site',
    form: { breaches: ['notNotified', 'overLimit'], decibel: 66, units: ['enforcement'], note: '没有报备，场界超标。' },
  }
  const order: StoryStep = {
    move: 'order',
    after: 0.5,
    by: officer,
    form: { act: 'noCertificate', demand: '立即停止产生噪声的作业。', correctBy: clockOf(at + 3 * HOUR) },
  }
  const corrected: StoryStep = {
    move: 'corrected',
    after: 0.8,
    by: officer,
    photo: 'site',
    form: { result: '当晚已停工，人员机械撤离。' },
  }
  const inCase: StoryStep[] = [
    {
      move: 'openCase',
      after: 10,
      by: officer,
      form: {
        act: 'noCertificate',
        caseNumber: `南综执立〔2026〕${200 + index} 号`,
        grounds: '责令后仍在施工，立案查处。',
      },
    },
    {
      move: 'decide',
      after: 24 * 12,
      by: officer,
      form: {
        act: 'noCertificate',
        outcome: 'fine',
        fineYuan: 20000,
        documentNumber: `南综执罚〔2026〕${300 + index} 号`,
        stopped: true,
        note: '依法处罚，当事人已整改。',
      },
    },
  ]
  return {
    key: `S13 complaint ${index}`,
    kind: 'nightNoise',
    category: pick(['building', 'building', 'road', 'demolition']),
    text: pick([
      '工地半夜还在浇混凝土，窗户都在震，孩子睡不着。',
      '楼下夜里挖路面，切割机响了两个小时。',
      '拆房子的机器十一点了还没停，老人心慌。',
      '渣土车整夜进出，倒车声、喇叭声不断。',
    ]),
    form: { source: pick(['concrete', 'cutting', 'trucks']), ongoing: true },
    areaPath: place.areaPath,
    address: place.village,
    reporter: { resident: index + 7 },
    at,
    urgent: true,
    steps: [
      visit,
      breach,
      order,
      ...(index % 5 === 4 ? inCase : [corrected]),
      ...endings(3, index % 4 === 0 ? 'partly' : 'yes'),
    ],
  }
}
