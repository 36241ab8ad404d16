import type { GuardFacts, PackKind } from '../packs/index.ts'
import { findStep, isEnd } from '../packs/index.ts'
import { MatterLinked } from './contract.ts'
import type { MatterRow, StepRow } from './store.ts'

/** What was filled in at the report and at every step since: of each field the latest. */
export const knownIn = (steps: readonly Pick<StepRow, 'move' | 'form'>[]): Record<string, unknown> =>
  Object.assign({}, ...steps.filter(({ move }) => move !== null).map(({ form }) => form)) as Record<string, unknown>

const DAY_MS = 86_400_000

/** What a pack's guard may ask about a matter, counted from its steps. */
export function guardFacts(
  pack: PackKind,
  row: MatterRow,
  steps: readonly StepRow[],
  now: { now: Date; photos: number },
): GuardFacts {
  const reopened = steps.filter(
    (step) => step.fromState !== null && isEnd(pack.kind, step.fromState) && !isEnd(pack.kind, step.toState),
  )
  const sentBack = steps.filter((made) => findStep(pack.kind, made.fromState ?? '', made.move ?? '')?.returns === true)
  return {
    category: row.category,
    urgent: row.urgent,
    channel: row.channel,
    state: row.state,
    extensions: row.clock.extensions.length,
    reopened: reopened.length,
    sentBack: sentBack.length,
    daysSinceClosed: row.closedAt ? Math.floor((now.now.getTime() - row.closedAt.getTime()) / DAY_MS) : 0,
    photos: now.photos,
    linked: steps.filter((step) => step.event === MatterLinked.name).length,
  }
}
