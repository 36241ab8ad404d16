import { countiesOf, type App } from '../../kernel/app.ts'
import { DAY } from '../../kernel/calendar-days.ts'
import { FixedClock } from '../../kernel/clock.ts'
import { runCommand, systemActor, type Actor, type Command } from '../../kernel/command.ts'
import { uuidv5 } from '../../kernel/ids.ts'
import { DEMO_COUNTY, DEMO_VILLAGE, demoPeople, holdersOf } from '../../grid/index.ts'
import { openCampaign } from './campaigns.ts'
import type { Door, DoorSubject, OpenCampaign, RecordVisit } from './contract.ts'
import { listDoors } from './doors.ts'
import { dayOf } from './rules.ts'
import { recordVisit } from './service.ts'

const SPACE = '0b7f2c14-55d1-5a0e-9f3b-71c2d86e4a90'
const idOf = (what: string): string => uuidv5(SPACE, what)

/** Days since the campaign began, and how long it lasts. */
const BEGUN_DAYS = 6
const LASTS_DAYS = 30

const plan: Omit<OpenCampaign, 'id' | 'areaPaths' | 'fromOn' | 'untilOn'> = {
  name: '秋冬消防敲门行动',
  who: { uses: [], kinds: [], tags: [], ageFrom: null, ageUntil: null },
  questions: [
    {
      code: 'q1',
      label: '家里装了烟感报警器吗',
      widget: 'radio',
      options: [
        { value: 'a1', label: '装了' },
        { value: 'a2', label: '没装' },
      ],
      required: true,
    },
    {
      code: 'q2',
      label: '电瓶车在哪里充电',
      widget: 'checks',
      options: [
        { value: 'a1', label: '充电棚' },
        { value: 'a2', label: '自家院子' },
        { value: 'a3', label: '楼道或屋里' },
      ],
      required: false,
    },
  ],
}

/** What came of the first doors, in walking order; then it begins anew. */
const stories: readonly Pick<RecordVisit, 'result' | 'text' | 'duties'>[] = [
  { result: 'visited', text: '烟感装好了，教老人按了测试键。', duties: ['baseData', 'prevention'] },
  { result: 'visited', duties: ['baseData'] },
  { result: 'nobodyHome', text: '敲了三次没人应，门口贴了便条。' },
  { result: 'visited', text: '厨房煤气软管发硬，答应这周换。', duties: ['hazard', 'prevention'] },
  { result: 'visited', duties: ['baseData', 'safety'] },
  { result: 'refused', text: '说刚下夜班，约好改天再来。' },
  { result: 'visited', text: '问了新农合缴费，当场帮着办好。', duties: ['help'] },
]
const VISITED_DOORS = 14

async function as<T>(app: App, at: Date, actor: Actor, work: (cmd: Command) => Promise<T>): Promise<T> {
  const grants = actor.id ? await app.ports.grants.grantsOf(DEMO_COUNTY, actor.id, at) : []
  const request = { county: DEMO_COUNTY, actor, grants, purpose: 'handling' as const, requestId: 'seed' }
  return runCommand({ ...app, clock: new FixedClock(at) }, { ...request, locale: 'zh-CN' as const }, work)
}

async function staffOf(app: App, at: Date, role: string, path: string, label: string): Promise<Actor | undefined> {
  const [id] = await as(app, at, systemActor, (cmd) => holdersOf(cmd, role, path))
  return id === undefined ? undefined : { kind: 'staff', id, sessionId: null, label }
}

/**
 * An open campaign over the demo's village with its first visits, told through the product's own commands; what is there
 * already is left as it is.
 *
 * @returns how many visits were told.
 */
export async function seedVisits(app: App): Promise<number> {
  const county = (await countiesOf(app)).find(({ code }) => code === DEMO_COUNTY)
  if (!county?.demo) return 0
  const now = app.clock.now()
  const begun = new Date(now.getTime() - BEGUN_DAYS * DAY)
  const secretary = await staffOf(app, now, 'villageSecretary', DEMO_VILLAGE, '红联村书记')
  if (!secretary) return 0
  const days = { fromOn: dayOf(begun), untilOn: dayOf(new Date(begun.getTime() + LASTS_DAYS * DAY)) }
  const campaignId = idOf('campaign')
  await as(app, begun, secretary, (cmd) =>
    openCampaign(cmd, { ...plan, id: campaignId, areaPaths: [DEMO_VILLAGE], ...days }),
  )
  const chairs = demoPeople().chairs.filter(({ role }) => role === 'microGridLead')
  let visits = 0
  for (const areaPath of new Set(chairs.map((chair) => chair.areaPath))) {
    const head = await staffOf(app, now, 'microGridLead', areaPath, '微网格长')
    if (!head) continue
    const page = await as(app, begun, head, (cmd) => listDoors(cmd, { area: areaPath, limit: VISITED_DOORS }))
    const stops = page.items.flatMap((door) => door.subjects.map((subject) => ({ door, subject })))
    for (const [index, stop] of stops.slice(0, VISITED_DOORS).entries()) {
      const at = new Date(begun.getTime() + (index + 1) * (DAY / 3) - DAY / 8)
      const body = visitOf(stop, { index, campaignId, at })
      await as(app, at, head, (cmd) => recordVisit(cmd, body))
      visits++
    }
  }
  return visits
}

function visitOf(
  { door, subject }: { door: Door; subject: DoorSubject },
  told: { index: number; campaignId: string; at: Date },
): RecordVisit {
  const story = stories[told.index % stories.length]!
  const met = story.result === 'visited'
  const nextOn = dayOf(new Date(told.at.getTime() + 3 * DAY))
  // Somebody of a large family is not at home now and then.
  const people = subject.people.slice(0, told.index % 5 === 4 ? -1 : undefined)
  return {
    ...story,
    id: idOf(`visit ${subject.id}`),
    premisesId: door.premisesId,
    ...(subject.householdId ? { householdId: subject.householdId } : {}),
    metAt: told.at.toISOString(),
    ...(met ? { people: people.map(({ id }) => ({ personId: id, fate: 'met' as const })) } : { nextOn }),
    ...(met
      ? { answers: [{ campaignId: told.campaignId, values: { q1: told.index % 3 === 0 ? 'a2' : 'a1', q2: ['a1'] } }] }
      : {}),
  }
}
