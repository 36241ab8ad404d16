import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { postChoices, postsHeld, responsiblePost } from '../grid/index.ts'
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

/** The first of the roles that somebody holds at the place; when nobody holds any, whoever stands in. */
async function postFor(cmd: Command, areaPath: string, assign: Extract<Assign, { to: 'post' }>): Promise<Holder> {
  const wish = { roles: [assign.role, ...(assign.orElse ?? [])], level: assign.level, units: assign.units }
  const post = await responsiblePost(cmd, areaPath, wish)
  return { role: post.role, unit: post.unit, path: post.areaPath, account: null }
}

/** The posts among which whoever makes the move may choose. */
export async function choicesFor(cmd: Command, areaPath: string, assign: Assign): Promise<Target[]> {
  return assign.to === 'chosen' ? postChoices(cmd, areaPath, { roles: assign.roles, level: assign.level }) : []
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
