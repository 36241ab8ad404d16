import { dueAfter, type Calendar } from '../kernel/calendar.ts'
import type { Corner } from '../grid/index.ts'
import { randomFrom } from '../grid/index.ts'
import {
  blame,
  closeNotes,
  dispatchNotes,
  fileNotes,
  praise,
  seenNotes,
  soso,
  spots,
  tails,
  words,
  type CategoryWords,
  type Scene,
} from './words.ts'

/** Who acts: whoever holds the matter then, the reporter, or a post. */
export type Who = 'holder' | 'reporter' | PostRef
export interface PostRef {
  role: string
  areaPath: string
  unit?: string
}

export interface StoryStep {
  /** A move of the pack, `rate`, or `look`: opens the reporter's number, with a reason. */
  move: string
  /** Working hours after the step before; hours by the clock for reporters and what is urgent. */
  after: number
  by?: Who
  form?: Record<string, unknown>
  target?: PostRef
  photo?: Scene
}

/** One matter of the demo, from its report to wherever the present finds it. */
export interface Story {
  /** Makes the matter's id: the same story is told once, however often the seed runs. */
  key: string
  kind: string
  category: string
  text: string
  /** What the report's own form asks. */
  form?: Record<string, unknown>
  areaPath: string
  position?: Corner
  address: string
  /** A resident by number, or a post that patrols or files for somebody who came along. */
  reporter: { resident: number } | { post: PostRef; contact?: { name: string; channel: 'visit' | 'phone' | 'hotline' } }
  at: number
  urgent: boolean
  photo?: Scene
  steps: readonly StoryStep[]
}

/** A place where something can happen. */
export interface Spot {
  areaPath: string
  /** 红联村, as people say where it is. */
  village: string
  /** Inside the place, away from its border. */
  points: readonly Corner[]
}

const BREATH_MS = 40_000
const HOUR = 3_600_000

/** When a step is made: people of the office act in office hours, others and the urgent at any time. */
export function momentAfter(calendar: Calendar, at: number, { after, by }: StoryStep, urgent: boolean): number {
  if (by === 'reporter' || urgent) return at + after * HOUR + BREATH_MS
  return dueAfter(calendar, new Date(at), { amount: after, unit: 'workHour' }).dueAt.getTime() + BREATH_MS
}

interface Dice {
  (): number
  pick<T>(list: readonly T[]): T
  between(low: number, high: number): number
  chance(share: number): boolean
}

function diceOf(seed: number): Dice {
  const random = randomFrom(seed)
  return Object.assign(() => random(), {
    pick: <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!,
    between: (low: number, high: number): number => low + random() * (high - low),
    chance: (share: number): boolean => random() < share,
  })
}

/** When things go wrong: this share of steps takes longer than allowed. */
const LATE = 0.06
const DAY = 24 * HOUR
/** How many invented residents report. */
export const RESIDENTS = 60
/** The first of them are visitors' own: they have only what was told for them. */
const OWN_RESIDENTS = 2
/** What nobody has looked at yet is not older than this. */
const NEGLECTED_DAYS_MAX = 6
const visitors = ['陈阿婆', '沈大伯', '顾阿姨', '徐师傅', '周老师', '俞奶奶', '金大叔', '许大姐'] as const
const urgentCodes = new Set(['0202', '0401', '0403', '0404', '0405'])

/** Which of the town's posts the moves need; the same paths for every story of a town. */
interface TownPosts {
  town: string
  /** Villages without grids: nobody there could verify what the secretary solved, so all goes through the town. */
  throughTown?: boolean
  /** Reported in the last days: it may still lie where it arrived. */
  fresh?: boolean
}

const late = (dice: Dice, low: number, high: number, limit: number): number =>
  dice.chance(LATE) ? dice.between(limit * 1.1, limit * 2.2) : dice.between(low, high)

function fill(text: string, dice: Dice, spot: string): string {
  return text
    .replace('{spot}', spot)
    .replaceAll('{n}', () => String(2 + Math.floor(dice() * 17)))
    .replaceAll('{days}', () => dice.pick(['三', '四', '五', '好几', '十来']))
    .replaceAll('{time}', () => dice.pick(['十点半', '十一点', '十二点', '一点']))
}

/** Weighted by season: what summer brings, winter does not. */
function categoryFor(dice: Dice, month: number): CategoryWords {
  const weights = words.map(({ weight, months }) => weight * (months?.[month] ?? 1))
  let left = dice() * weights.reduce((sum, weight) => sum + weight, 0)
  return words.find((_, at) => (left -= weights[at]!) < 0) ?? words[0]!
}

/** Reports come by day, most in the morning and after supper; fewer at weekends. */
function momentOf(dice: Dice, from: number, until: number): number {
  for (;;) {
    const day = Math.floor(dice.between(from, until) / DAY) * DAY
    const weekend = [0, 6].includes(new Date(day).getUTCDay())
    if (weekend && dice.chance(0.4)) continue
    const hour = dice.pick([7, 8, 8, 9, 9, 10, 10, 11, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21])
    const at = day + (hour - 8) * HOUR + dice.between(0, HOUR)
    if (at > from && at < until) return at
  }
}

const result = (dice: Dice, of: CategoryWords): StoryStep['form'] => ({
  result: fill(dice.pick(of.does), dice, ''),
  method: of.method ?? 'onSite',
})

/** Verified by another person, closed, and perhaps rated. */
function ending(dice: Dice, isResident: boolean): StoryStep[] {
  const steps: StoryStep[] = [
    {
      move: 'verify',
      after: late(dice, 1, 9, 16),
      form: { seen: dice.pick(['onSite', 'onSite', 'phone', 'papers']), note: dice.pick(seenNotes) },
    },
    { move: 'close', after: late(dice, 0.5, 5, 8), form: { note: dice.pick(closeNotes) } },
  ]
  if (!isResident || dice.chance(0.35)) return steps
  const mood = dice()
  const [score, comment] =
    mood < 0.82
      ? ['satisfied', dice.pick(praise)]
      : mood < 0.93
        ? ['fair', dice.pick(soso)]
        : ['unsatisfied', dice.pick(blame)]
  const again = score === 'unsatisfied' && dice.chance(0.6)
  steps.push({ move: 'rate', after: dice.between(1, 60), by: 'reporter', form: { score, comment, reopen: again } })
  return steps
}

/** What a department does once it has the matter. */
function handling(dice: Dice, of: CategoryWords, days: number): StoryStep[] {
  const done: StoryStep = {
    move: 'feedback',
    after: late(dice, days * 8 * 0.15, days * 8 * 0.85, days * 8),
    form: result(dice, of),
    ...(of.scene && { photo: of.scene }),
  }
  const kind = dice()
  if (kind < 0.05)
    return [
      {
        move: 'askExtension',
        after: dice.between(4, days * 6),
        form: { days: 3, reason: '需要的配件要从外地调货，预计下周到。' },
      },
      dice.chance(0.8)
        ? { move: 'approveExtension', after: dice.between(1, 6), form: { days: 3, reason: '情况属实，同意延期。' } }
        : { move: 'refuseExtension', after: dice.between(1, 6), form: { reason: '本地有备件可调，请按期办理。' } },
      { ...done, after: dice.between(4, 16) },
    ]
  if (kind < 0.1)
    return [
      {
        move: 'suspend',
        after: dice.between(2, 8),
        form: {
          cause: dice.pick(['awaitingWeather', 'awaitingMaterial', 'awaitingExpert']),
          reason: dice.pick(['连续下雨，路面不能施工', '等厂家寄配件', '检测单位已取样，等报告']),
        },
      },
      { move: 'resume', after: dice.between(10, 40), form: { note: '条件具备，继续办理。' } },
      done,
    ]
  return [done]
}

/** From filing to feedback, with the detours that a town knows. */
function throughTown(dice: Dice, of: CategoryWords, posts: TownPosts): StoryStep[] {
  const handler = (unit: string): PostRef => ({ role: 'departmentHandler', unit, areaPath: posts.town })
  const dispatcher: PostRef = { role: 'townDispatcher', areaPath: posts.town }
  const file: StoryStep = { move: 'file', after: late(dice, 0.5, 6, 8), form: { note: dice.pick(fileNotes) } }
  const dispatch = (unit: string): StoryStep => ({
    move: 'dispatch',
    after: late(dice, 0.3, 3.5, 4),
    form: { note: dice.pick(dispatchNotes) },
    target: handler(unit),
  })
  const days = of.code.startsWith('03') ? 7 : 3
  const conclude: StoryStep = {
    move: 'conclude',
    after: dice.between(3, 9),
    form: { conclusion: '现场会商：由牵头部门先行处置，其余部门配合，三个工作日内回头看。' },
    target: handler(of.unit),
  }
  const kind = dice()
  if (kind < 0.07) {
    const helper = of.unit === 'enforcement' ? 'police' : 'enforcement'
    const respond = (unit: string, ours: 'lead' | 'assist', opinion: string): StoryStep => ({
      move: 'respond',
      after: dice.between(0.5, 3),
      by: handler(unit),
      form: { ours, opinion },
    })
    return [
      file,
      {
        move: 'whistle',
        after: dice.between(0.3, 3),
        form: { units: [of.unit, helper], question: '职责有交叉，请到现场一起定谁牵头、怎么办。' },
      },
      respond(of.unit, 'lead', '可以牵头，需要配合维持现场秩序。'),
      respond(helper, 'assist', '派两名队员配合。'),
      conclude,
      ...handling(dice, of, days),
    ]
  }
  if (kind < 0.12)
    return [
      file,
      dispatch(of.unit === 'cityCare' ? 'agriculture' : 'cityCare'),
      {
        move: 'sendBack',
        after: dice.between(1, 6),
        form: { reason: 'wrongUnit', note: '不是我们管的设施，请改派。' },
      },
      dispatch(of.unit),
      ...handling(dice, of, days),
    ]
  if (kind < 0.15)
    return [
      file,
      dispatch(of.unit),
      {
        move: 'refuseDuty',
        after: dice.between(1, 8),
        form: { reason: '对照履职事项清单，应由产权单位负责，本部门只能配合。' },
      },
      { ...conclude, after: dice.between(4, 14) },
      ...handling(dice, of, days),
    ]
  if (kind < 0.18 && !posts.throughTown)
    return [
      file,
      {
        move: 'sendBack',
        after: dice.between(0.5, 3),
        form: { reason: 'inGridFirst', note: '请网格先上门了解情况，能就地解决的先解决。' },
      },
      { move: 'solve', after: late(dice, 2, 7, 8), form: result(dice, of), ...(of.scene && { photo: of.scene }) },
    ]
  if (kind < 0.2)
    return [
      file,
      dispatch(of.unit),
      {
        move: 'park',
        after: dice.between(4, 20),
        by: dispatcher,
        form: { cause: 'awaitingFunds', reason: '需要列入明年的改造计划，资金到位后实施。' },
      },
    ]
  return [file, dispatch(of.unit), ...handling(dice, of, days)]
}

function courseOf(dice: Dice, of: CategoryWords, posts: TownPosts, isResident: boolean): StoryStep[] {
  const urgent = urgentCodes.has(of.code)
  const dispatcher: PostRef = { role: 'townDispatcher', areaPath: posts.town }
  const kind = dice()
  if (kind < 0.04)
    return [
      {
        move: 'void',
        after: dice.between(1, 6),
        by: dispatcher,
        form: dice.pick([
          { reason: 'duplicate', note: '和前一天上报的是同一件事，已并入办理。' },
          { reason: 'notFound', note: '两次到现场都没有发现，已电话告知。' },
          { reason: 'withdrawn', note: '反映人说已经自己解决了，撤回。' },
        ]),
      },
    ]
  if (kind < 0.06 && posts.fresh) return []
  const accept: StoryStep = { move: 'accept', after: kind < 0.06 ? dice.between(10, 26) : late(dice, 0.2, 3, 4) }
  const solve: StoryStep = {
    move: 'solve',
    after: late(dice, 1, 7, 8),
    form: result(dice, of),
    ...(of.scene && { photo: of.scene }),
  }
  const handler: PostRef = { role: 'departmentHandler', unit: of.unit, areaPath: posts.town }
  if (urgent && kind < 0.4)
    return [
      { move: 'takeUp', after: dice.between(0.1, 0.8), by: dispatcher },
      { move: 'dispatch', after: dice.between(0.1, 0.7), form: { note: '情况紧急，请立即到现场。' }, target: handler },
      { move: 'feedback', after: dice.between(0.5, 6), form: result(dice, of), ...(of.scene && { photo: of.scene }) },
      ...ending(dice, isResident),
    ]
  const asked: StoryStep[] =
    isResident && kind > 0.94
      ? [
          {
            move: 'askReporter',
            after: dice.between(0.5, 3),
            form: { reason: '请补充具体是几幢几单元，大概什么时间。' },
          },
          {
            move: 'supplement',
            after: dice.between(1, 20),
            by: 'reporter',
            form: { note: '在西边单元一楼，一般是晚饭以后。' },
          },
        ]
      : []
  if (!posts.throughTown && !dice.chance(of.toTown)) return [accept, ...asked, solve, ...ending(dice, isResident)]
  const failed: StoryStep[] =
    kind > 0.9 && kind < 0.94
      ? [
          { move: 'failVerify', after: dice.between(2, 10), form: { reason: '现场看只处理了一部分，请继续。' } },
          {
            move: 'feedback',
            after: dice.between(4, 16),
            form: result(dice, of),
            ...(of.scene && { photo: of.scene }),
          },
        ]
      : []
  const middle = throughTown(dice, of, posts)
  const isOver = middle.at(-1)?.move === 'park'
  const retried = middle.at(-1)?.move === 'feedback' ? failed : []
  return [accept, ...asked, ...middle, ...(isOver ? [] : [...retried, ...ending(dice, isResident)])]
}

/** Taken up again by the reporter: the town sends it once more, and this time it holds. */
function afterReopening(dice: Dice, of: CategoryWords, posts: TownPosts): StoryStep[] {
  return [
    {
      move: 'dispatch',
      after: dice.between(0.5, 3),
      form: { note: '反映人不满意，请重新到现场。' },
      target: { role: 'departmentHandler', unit: of.unit, areaPath: posts.town },
    },
    { move: 'feedback', after: dice.between(4, 16), form: result(dice, of), ...(of.scene && { photo: of.scene }) },
    { move: 'verify', after: dice.between(1, 9), form: { seen: 'onSite', note: '和反映人一起看过，认可。' } },
    { move: 'close', after: dice.between(0.5, 5), form: {} },
  ]
}

export interface Plan {
  /** Names the set: stories of two sets never meet. */
  name: string
  seed: number
  count: number
  /** Where the stories end, and the span in which they are reported, as instants. */
  present: number
  from: number
  until: number
  posts: TownPosts
  places: readonly Spot[]
}

/** Stories of a town over some months, always the same for the same plan; in the order in which they were reported. */
export function planStories(plan: Plan): Story[] {
  return Array.from({ length: plan.count }, (_, index) => storyOf(plan, index)).sort((one, other) => one.at - other.at)
}

function storyOf(plan: Plan, index: number): Story {
  const dice = diceOf(plan.seed * 100_003 + index)
  const at = momentOf(dice, plan.from, plan.until)
  const of = categoryFor(dice, new Date(at).getUTCMonth() + 1)
  const place = dice.pick(plan.places)
  const spot = fill(dice.pick(spots), dice, '')
  const text = `${fill(dice.pick(of.says), dice, spot)}${dice.pick(tails)}`
  const voice = dice()
  const role = plan.posts.throughTown ? 'villageSecretary' : 'microGridLead'
  const lead: PostRef = { role, areaPath: place.areaPath }
  const reporter: Story['reporter'] =
    voice < 0.56
      ? { resident: OWN_RESIDENTS + Math.floor(dice() * (RESIDENTS - OWN_RESIDENTS)) }
      : voice < 0.8
        ? { post: lead }
        : voice < 0.93
          ? { post: lead, contact: { name: dice.pick(visitors), channel: dice.pick(['visit', 'phone'] as const) } }
          : {
              post: { role: 'clerk', areaPath: plan.posts.town },
              contact: { name: dice.pick(visitors), channel: 'hotline' },
            }
  const isResident = 'resident' in reporter
  const steps = courseOf(dice, of, { ...plan.posts, fresh: plan.present - at < NEGLECTED_DAYS_MAX * DAY }, isResident)
  const last = steps.at(-1)
  if (last?.move === 'rate' && last.form?.['reopen'] === true) steps.push(...afterReopening(dice, of, plan.posts))
  return {
    key: `${plan.name} ${index}`,
    kind: 'event',
    category: of.code,
    text,
    areaPath: place.areaPath,
    ...(place.points.length > 0 && dice.chance(0.7) && { position: dice.pick(place.points) }),
    address: `${place.village}${spot}`,
    reporter,
    at,
    urgent: urgentCodes.has(of.code),
    ...(of.scene && dice.chance(0.5) && { photo: of.scene }),
    steps,
  }
}
