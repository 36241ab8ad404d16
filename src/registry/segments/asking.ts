import type { Command } from '../../kernel/command.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, hasGrant, requireGrant } from '../../kernel/grants.ts'
import { rangesOf, scopeOf, type Ranges } from '../access.ts'
import { dayOf } from '../rules.ts'
import { isSensitive } from '../tags/rules.ts'
import { requireFitting, tagsAsked } from './conditions.ts'
import type { Question, SegmentCount } from './contract.ts'
import * as store from './store.ts'

const NO_ID = '00000000-0000-0000-0000-000000000000'

/** Where a caller may count: also for figures, which see no single person. */
function countingScope(cmd: Command, area: string | undefined): Ranges {
  if (cmd.purpose !== 'statistics') return scopeOf(cmd, 'registry.read', area)
  const granted = grantedPaths(cmd, 'registry.read')
  if (area === undefined) return rangesOf(granted)
  requireGrant(cmd, 'registry.read', area)
  return rangesOf([area])
}

/**
 * A question with what the caller may see of its answer.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose, registry.segment_condition, registry.segment_sensitive
 */
export function askedBy(cmd: Command, question: Question, use: 'count' | 'ids'): store.Asked {
  requireFitting(question)
  const ranges = use === 'count' ? countingScope(cmd, question.area) : scopeOf(cmd, 'registry.read', question.area)
  const sensitive = tagsAsked(question).some(isSensitive)
  if (sensitive && cmd.actor.kind !== 'system' && !ranges.low.every((path) => hasGrant(cmd, 'registry.unmask', path)))
    throw new Fault('registry.segment_sensitive')
  return { question, ranges, today: dayOf(cmd.now), now: cmd.now }
}

const walksOf = ({ subject }: Question): readonly store.Step['walk'][] =>
  subject === 'person' ? ['home', 'tied'] : ['home']

const firstStep = (asked: store.Asked): store.Step => ({
  range: 0,
  walk: 'home',
  path: asked.ranges.low[0]!,
  id: NO_ID,
})

/** The step after a window: further on the same walk, else the other walk, else the next range; null at the end. */
export function nextStep(asked: store.Asked, step: store.Step, seen: store.Window, window: number): store.Step | null {
  if (seen.last && seen.looked >= window) return { ...step, ...seen.last }
  const walks = walksOf(asked.question)
  const walk = walks[walks.indexOf(step.walk) + 1]
  const range = walk ? step.range : step.range + 1
  const path = asked.ranges.low[range]
  return path === undefined ? null : { range, walk: walk ?? walks[0]!, path, id: NO_ID }
}

/** Counted to the end up to here (60,000 records); beyond, the answer is reckoned. */
const WINDOWS_MAX = 20
const SAMPLES = 12
const SAMPLE_WINDOW = 1_500

/**
 * How many fit, exactly where the place is small enough to look at every record, else reckoned from parts of it: the part that
 * fits in records from a dozen places, times how many there are.
 *
 * @param leaves Areas of the scope in their order, from which the parts are chosen.
 */
export async function countQuestion(
  cmd: Command,
  asked: store.Asked,
  leaves: readonly string[],
): Promise<SegmentCount> {
  let [count, looked] = [0, 0]
  let step: store.Step | null = firstStep(asked)
  for (let windows = 0; step && windows < WINDOWS_MAX; windows++) {
    const seen: store.Window = await store.askWindow(cmd.tx, cmd.county, asked, step)
    count += seen.ids.length
    looked += seen.looked
    step = nextStep(asked, step, seen, store.WINDOW)
  }
  return step === null ? { count, exact: true, looked } : reckon(cmd, asked, { count, looked, leaves })
}

async function reckon(
  cmd: Command,
  asked: store.Asked,
  soFar: { count: number; looked: number; leaves: readonly string[] },
): Promise<SegmentCount> {
  let [total, all] = [0, soFar.looked]
  for (const walk of walksOf(asked.question)) {
    let records = 0
    for (const range of asked.ranges.low.keys())
      records += await store.reckonWalk(cmd.tx, cmd.county, asked, { range, walk })
    let [fit, looked] = [0, 0]
    for (const path of spread(soFar.leaves, SAMPLES)) {
      const range = asked.ranges.low.findLastIndex((low) => low <= path)
      if (range < 0) continue
      const step: store.Step = { range, walk, path, id: NO_ID }
      const seen = await store.askWindow(cmd.tx, cmd.county, asked, step, SAMPLE_WINDOW)
      fit += seen.ids.length
      looked += seen.looked
    }
    all += looked
    if (looked > 0) total += (fit / looked) * Math.max(records, looked)
  }
  return { count: Math.max(soFar.count, roundTo2(total)), exact: false, looked: all }
}

/** Some of a list, evenly. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list]
  return Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)]!)
}

/** Two digits: more would promise what a part cannot know. */
export function roundTo2(value: number): number {
  if (value < 100) return Math.round(value)
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Math.round(value / unit) * unit
}

/** A page of answers looks at this many records at most. */
const PAGE_WINDOWS = 4

export interface SegmentIds {
  ids: string[]
  /** Where to go on; null at the end. A page may be short, even empty, and still have a next. */
  next: string | null
}

/**
 * The ids that fit, a page at a time, in the order of places. Each page looks at 12,000 records at most and holds at most
 * `limit` and what its last window brought more.
 */
export async function pageOfIds(
  cmd: Command,
  asked: store.Asked,
  { after, limit }: { after: string | null; limit: number },
): Promise<SegmentIds> {
  const ids: string[] = []
  let step: store.Step | null = after === null ? firstStep(asked) : stepOf(asked, after)
  for (let windows = 0; step && windows < PAGE_WINDOWS && ids.length < limit; windows++) {
    const seen: store.Window = await store.askWindow(cmd.tx, cmd.county, asked, step)
    ids.push(...seen.ids)
    step = nextStep(asked, step, seen, store.WINDOW)
  }
  return { ids, next: step && encodeCursor([step.range, step.walk, step.path, step.id]) }
}

function stepOf(asked: store.Asked, after: string): store.Step {
  const [range, walk, path, id] = decodeCursor(after, 4)
  const low = asked.ranges.low[Number(range)]
  const high = asked.ranges.high[Number(range)]
  const fits = low !== undefined && high !== undefined && String(path) >= low && String(path) < high
  if (!fits || !/^[0-9a-f-]{36}$/.test(String(id))) throw new Fault('kernel.bad_request', { field: 'after' })
  return { range: Number(range), walk: walk === 'tied' ? 'tied' : 'home', path: String(path), id: String(id) }
}
