import { dueAfter, makeCalendar, type Pause, type TimeUnit } from '../kernel/calendar.ts'
import { Fault } from '../kernel/faults.ts'
import type { KnownNames } from './check-machine.ts'
import type { Assign, Case, Kind, PackContent, Step } from './contract.ts'
import { reasonIn, validateForm } from './forms.ts'
import {
  clockBegins,
  dueFor,
  findStep,
  firstAssign,
  firstStep,
  guardAllows,
  isUrgentCategory,
  opensAt,
  photoRule,
  stateOf,
} from './rules.ts'

interface Failure {
  readonly zh: string
  readonly en: string
}

interface Story {
  state: string
  holders: string[]
  handledBy: string | null
  clock: { from: Date; amount: number; unit: TimeUnit } | null
  pauses: Pause[]
  extensions: { amount: number; unit: TimeUnit; reason: string }[]
  reopened: number
  sentBack: number
  closedAt: Date | null
  reporter: string
  known: Record<string, unknown>
}

type CaseStep = Case['steps'][number]
const calendar = makeCalendar()

/**
 * Plays a story through the steps of a pack, with the shipped calendar and no database.
 *
 * @param known What each role may do; without it every role may do everything.
 * @returns what came out otherwise than the story expects.
 */
export function replay(content: PackContent, story: Case, known?: KnownNames): Failure[] {
  const kind = content.definition.kinds.find((candidate) => candidate.name === story.kind)
  if (!kind) return [{ zh: `没有“${story.kind}”这类事项。`, en: `There is no kind ${story.kind}.` }]
  const matter: Story = {
    state: '',
    holders: [],
    handledBy: null,
    clock: null,
    pauses: [],
    extensions: [],
    reopened: 0,
    sentBack: 0,
    closedAt: null,
    reporter: '',
    known: {},
  }
  const game: Game = {
    content,
    kind,
    matter,
    category: story.category,
    urgent: isUrgentCategory({ content, kind }, story.category),
    known,
  }
  return story.steps.flatMap((step, at) =>
    play(game, step).map((failure) => ({
      zh: `第 ${at + 1} 步（${step.move}）：${failure.zh}`,
      en: `step ${at + 1} (${step.move}): ${failure.en}`,
    })),
  )
}

interface Game {
  readonly content: PackContent
  readonly kind: Kind
  readonly matter: Story
  readonly category: string
  readonly urgent: boolean
  readonly known: KnownNames | undefined
}

function play(game: Game, told: CaseStep): Failure[] {
  const refused = told.move === 'wait' ? undefined : refusalOf(game, told)
  const failures = differences(told.expect.refused ?? null, refused ?? null, 'refused')
  const { matter } = game
  const { state, holder, dueAt, escalatedTo } = told.expect
  if (state !== undefined) failures.push(...differences(state, matter.state, 'state'))
  if (holder !== undefined) failures.push(...differences(holder, matter.holders.at(-1) ?? 'nobody', 'holder'))
  if (dueAt !== undefined)
    failures.push(
      ...differences(
        dueAt === null ? null : new Date(dueAt).toISOString(),
        deadlineOf(matter)?.toISOString() ?? null,
        'dueAt',
      ),
    )
  if (escalatedTo !== undefined)
    failures.push(
      ...differences(escalatedTo.join(','), escalationsBy(game, new Date(told.at)).join(','), 'escalatedTo'),
    )
  return failures
}

const differences = (expected: string | null, actual: string | null, what: string): Failure[] =>
  expected === actual
    ? []
    : [{ zh: `${what} 应为 ${expected}，实际 ${actual}`, en: `${what} should be ${expected}, is ${actual}` }]

/** Makes the step, or says by which fault it is refused. */
function refusalOf(game: Game, told: CaseStep): string | undefined {
  const { content, kind, matter } = game
  const step = matter.state === '' ? firstStep(kind) : findStep(kind, matter.state, told.move)
  if (!step || step.move !== told.move) return 'packs.no_such_move'
  const refused = personRefused(game, step, told)
  if (refused) return refused
  try {
    const now = new Date(told.at)
    const opens = opensAt(calendar, step, matter.known)
    if (opens && now < opens) return 'loop.too_early'
    const { known } = matter
    const form = validateForm(content, step.form, told.form, { known, now })
    if (!guardAllows(step, factsOf(game, told), { form, known, now })) return 'loop.guard_refused'
    if (photoRule(game, step, game.category) === 'needed' && !told.photos) return 'loop.photo_needed'
    if (step.assign.to === 'chosen' && !(told.target !== undefined && step.assign.roles.includes(told.target)))
      return 'loop.bad_target'
    take(game, step, told, form)
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
}

function personRefused({ matter, known }: Game, step: Step, told: CaseStep): string | undefined {
  if (step.from === null) return undefined
  if (step.by === 'reporter') return told.by === matter.reporter ? undefined : 'kernel.forbidden'
  if (step.by === 'system') return told.by === 'system' ? undefined : 'kernel.forbidden'
  if (told.role === undefined) return 'kernel.forbidden'
  if (step.grant !== null && known && !known.roles.get(told.role)?.includes(step.grant)) return 'kernel.forbidden'
  if (step.by === 'holder' && told.role !== matter.holders.at(-1)) return 'loop.not_holder'
  if (step.differentPersonFrom === 'handler' && told.by === matter.handledBy) return 'loop.same_person'
  return undefined
}

function factsOf({ matter, category, urgent }: Game, told: CaseStep) {
  const daysSinceClosed = matter.closedAt
    ? Math.floor((Date.parse(told.at) - matter.closedAt.getTime()) / 86_400_000)
    : 0
  const { state, reopened, sentBack } = matter
  return {
    category,
    urgent,
    channel: 'resident',
    state,
    extensions: matter.extensions.length,
    reopened,
    sentBack,
    daysSinceClosed,
    photos: told.photos ?? 0,
    linked: told.linked ?? 0,
  }
}

function take(game: Game, step: Step, told: CaseStep, form: Record<string, unknown>): void {
  const { matter, kind, content } = game
  const at = new Date(told.at)
  if (step.from === null) matter.reporter = told.by
  Object.assign(matter.known, form)
  if (step.handles) matter.handledBy = told.by
  if (step.from !== null && stateOf(kind, step.from).end) matter.reopened++
  if (step.returns) matter.sentBack++
  assign(matter, step.from === null ? firstAssign(game, game.category) : step.assign, told)
  const reason = reasonIn(content, step.form, form)
  if (step.clock === 'start') {
    const due = dueFor(game, step, game)
    matter.clock = due ? { from: clockBegins(step, matter.known, at), ...due } : null
    matter.pauses = []
    matter.extensions = []
  } else if (step.clock === 'stop') matter.clock = null
  else if (step.clock === 'pause') matter.pauses.push({ from: at, to: null, reason })
  else if (step.clock === 'resume')
    matter.pauses = matter.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause))
  else if (step.clock === 'extend') matter.extensions.push({ amount: Number(form['days']), unit: 'workday', reason })
  matter.state = step.to
  matter.closedAt = stateOf(kind, step.to).end ? at : null
}

function assign(matter: Story, to: Assign, told: CaseStep): void {
  switch (to.to) {
    case 'post':
      matter.holders.push(to.role)
      break
    case 'chosen':
      matter.holders.push(told.target ?? '')
      break
    case 'sender':
      matter.holders.push(matter.holders.at(-2) ?? '')
      break
    case 'nobody':
      matter.holders.push('nobody')
      break
    case 'keep':
      break
  }
}

/** Null while the clock stands or there is no limit. */
function deadlineOf(matter: Story): Date | null {
  if (!matter.clock) return null
  const { from, amount, unit } = matter.clock
  const deadline = dueAfter(calendar, from, { amount, unit, extensions: matter.extensions }, matter.pauses)
  return deadline.paused ? null : deadline.dueAt
}

function escalationsBy({ kind, matter }: Game, now: Date): string[] {
  const due = deadlineOf(matter)
  if (!due) return []
  const levels = stateOf(kind, matter.state).escalation ?? []
  return levels
    .filter((level) => dueAfter(calendar, due, level.after).dueAt <= now && due < now)
    .map((level) => level.role)
}
