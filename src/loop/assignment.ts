import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { postsHeld, responsibleFor, unitsBelow, unitsOf } from '../grid/index.ts'
import type { Assign } from '../packs/index.ts'
import type { MakeMove, Target } from './contract.ts'
import type { MatterRow, StepRow } from './store.ts'

/** In whose hands a matter is: a post, not a person, so that B can act while A is away. */
export interface Holder {
  role: string
  unit: string
  path: string
  /** Set when it is in one person's hands only. */
  account: string | null
}

export const holderOf = (
  row: Pick<MatterRow, 'holderRole' | 'holderUnit' | 'holderPath' | 'holderAccount'>,
): Holder => ({
  role: row.holderRole,
  unit: row.holderUnit,
  path: row.holderPath,
  account: row.holderAccount,
})

const nobodyHolds: Holder = { role: '', unit: '', path: '', account: null }

/** Whether the matter is in the actor's hands: one of the posts that they hold now, as A or for A. */
export async function isInHands(cmd: Command, row: MatterRow): Promise<boolean> {
  if (cmd.actor.kind === 'system') return true
  if (row.holderAccount !== null && row.holderAccount !== cmd.actor.id) return false
  const held = await postsHeld(cmd)
  return held.some(
    (post) => post.role === row.holderRole && post.unit === row.holderUnit && post.areaPath === row.holderPath,
  )
}

const depthOfLevel = { county: 1, town: 2, village: 3, grid: 4, microGrid: 5 } as const

/** The part of a path down to a level; the whole path where it does not reach so far. */
const atLevel = (path: string, level: keyof typeof depthOfLevel | undefined): string =>
  level === undefined ? path : path.split('/').slice(0, depthOfLevel[level]).join('/')

/** The first of the roles that somebody holds at the place; when nobody holds any, whoever stands in for the last. */
async function postFor(cmd: Command, areaPath: string, assign: Extract<Assign, { to: 'post' }>): Promise<Holder> {
  const path = atLevel(areaPath, assign.level)
  let standIn: Holder | undefined
  for (const role of [assign.role, ...(assign.orElse ?? [])]) {
    const post = await responsibleFor(cmd, path, role)
    if (!post) continue
    const holder = { role: post.role, unit: post.unit ?? '', path: post.areaPath, account: null }
    if (!post.standsIn) return holder
    standIn = holder
  }
  return standIn ?? { role: assign.role, unit: '', path, account: null }
}

/** Where something may be handed down or sideways: the area around the micro-grid. */
const aroundOf = (path: string): string =>
  path
    .split('/')
    .slice(0, Math.max(1, path.split('/').length - 1))
    .join('/')

/** The posts among which whoever makes the move may choose: at the place, above it, and beside it in the same grid. */
export async function choicesFor(cmd: Command, areaPath: string, assign: Assign): Promise<Target[]> {
  if (assign.to !== 'chosen') return []
  const path = atLevel(areaPath, assign.level)
  const found = await Promise.all(
    assign.roles.map(async (role) => [
      ...(await unitsOf(cmd, path, role)),
      ...(await unitsBelow(cmd, aroundOf(path), role)),
    ]),
  )
  const targets = new Map<string, Target>()
  for (const { role, unit, areaPath: at, label } of found.flat())
    targets.set(`${role}|${unit}|${at}`, { role, unit, areaPath: at, label })
  return [...targets.values()]
}

async function chosen(
  cmd: Command,
  areaPath: string,
  assign: Extract<Assign, { to: 'chosen' }>,
  target: MakeMove['target'],
): Promise<Holder> {
  if (!target) throw new Fault('loop.bad_target')
  const choices = await choicesFor(cmd, areaPath, assign)
  const found = choices.find(
    (choice) =>
      choice.role === target.role && choice.unit === (target.unit ?? '') && choice.areaPath === target.areaPath,
  )
  if (!found) throw new Fault('loop.bad_target')
  return { role: found.role, unit: found.unit, path: found.areaPath, account: null }
}

const sameHolder = (one: Holder, other: Holder): boolean =>
  one.role === other.role && one.unit === other.unit && one.path === other.path
const holderIn = (step: StepRow): Holder => ({
  role: step.holderRole,
  unit: step.holderUnit,
  path: step.holderPath,
  account: null,
})

/** Whoever had it before the present holder. */
function senderOf(row: MatterRow, steps: readonly StepRow[]): Holder {
  const present = holderOf(row)
  return (
    steps
      .toReversed()
      .map(holderIn)
      .find((holder) => holder.role !== '' && !sameHolder(holder, present)) ?? present
  )
}

export interface AssignInput {
  assign: Assign
  target: MakeMove['target']
  /** Read only when the pack looks back. */
  steps: () => Promise<readonly StepRow[]>
}

/**
 * Who has the matter after the step.
 *
 * @throws loop.bad_target when the choice is missing or not offered.
 */
export async function assignTo(cmd: Command, row: MatterRow, input: AssignInput): Promise<Holder> {
  const { assign } = input
  switch (assign.to) {
    case 'keep':
      return holderOf(row)
    case 'nobody':
      return nobodyHolds
    case 'post':
      return postFor(cmd, row.areaPath, assign)
    case 'chosen':
      return chosen(cmd, row.areaPath, assign, input.target)
    case 'sender':
      return senderOf(row, await input.steps())
  }
}

/** The holder of a fresh report. */
export async function firstHolder(cmd: Command, areaPath: string, assign: Assign): Promise<Holder> {
  if (assign.to !== 'post') throw new Error('the first step must assign a post')
  return postFor(cmd, areaPath, assign)
}
