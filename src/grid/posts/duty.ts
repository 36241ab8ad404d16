import type { Command } from '../../kernel/command.ts'
import { ancestorsOf } from '../areas/rules.ts'
import { acting, chainOf, ladderOf, pickResponsible, rolesOver, type OnDuty } from './rules.ts'
import type { Role } from './roles.ts'
import { listChangedRoles, listDuty, listDutyOfRole } from './store.ts'

type Reader = Pick<Command, 'tx' | 'county' | 'now'>

/** The county's roles: shipped ones with its own decisions laid over, by code. */
export async function rolesOf(cmd: Pick<Command, 'tx' | 'county'>): Promise<ReadonlyMap<string, Role>> {
  return rolesOver(await listChangedRoles(cmd.tx, cmd.county))
}

/**
 * Who answers for a place in a role: the holder of the nearest post at or above it, B while A is away; when all posts of
 * the role are vacant, whoever stands next on the ladder.
 *
 * @param at Another instant than now: who answered then.
 * @returns undefined only when nobody at all is in office from the place up to the county.
 */
export async function responsibleFor(cmd: Reader, areaPath: string, role: string, at: Date = cmd.now): Promise<OnDuty | undefined> {
  const roles = await rolesOf(cmd)
  return pickResponsible(await listDuty(cmd.tx, cmd.county, ancestorsOf(areaPath), at), role, ladderOf(roles))
}

/** Who answered for a place in a role on a past day; the same question with its instant. */
export const whoWas = (cmd: Reader, areaPath: string, role: string, at: Date): Promise<OnDuty | undefined> =>
  responsibleFor(cmd, areaPath, role, at)

/** Everybody who answers for a place, lowest step of the ladder first, one per post, vacant posts left out. */
export async function escalationChain(cmd: Reader, areaPath: string, at: Date = cmd.now): Promise<OnDuty[]> {
  const roles = await rolesOf(cmd)
  return chainOf(await listDuty(cmd.tx, cmd.county, ancestorsOf(areaPath), at), ladderOf(roles))
}

/**
 * Account ids of everybody who acts in a role at a place: at the place itself, or where it has no such post in office, at
 * the nearest area above.
 *
 * @param unit Only posts of this department.
 */
export async function holdersOf(cmd: Reader, role: string, areaPath: string, at: Date = cmd.now, unit?: string): Promise<string[]> {
  const rows = await listDuty(cmd.tx, cmd.county, ancestorsOf(areaPath), at)
  for (const path of ancestorsOf(areaPath)) {
    const here = rows.filter((row) => row.areaPath === path && row.role === role && (unit === undefined || row.unit === unit))
    const people = here.map(acting).filter((person) => person !== undefined)
    if (people.length > 0) return [...new Set(people.map(({ accountId }) => accountId))]
  }
  return []
}

export interface Unit {
  role: string
  /** Department code; empty where the role has none. */
  unit: string
  areaPath: string
  areaName: string
  /** The post's name as people say it. */
  label: string
}

/** The departments (or other posts of a role) to which something at this place can be given: those at the place and above, nearest first. */
export async function unitsOf(cmd: Reader, areaPath: string, role = 'departmentHandler'): Promise<Unit[]> {
  const rows = await listDuty(cmd.tx, cmd.county, ancestorsOf(areaPath), cmd.now)
  return toUnits(rows.filter((row) => row.role === role))
}

/** The posts of a role inside a subtree, for handing something down; at most 200. */
export async function unitsBelow(cmd: Reader, root: string, role: string): Promise<Unit[]> {
  return toUnits(await listDutyOfRole(cmd.tx, cmd.county, { root, role, at: cmd.now, limit: 200 }))
}

function toUnits(rows: { role: string; unit: string | null; areaPath: string; areaName: string; postName: string; place: number }[]): Unit[] {
  const found = new Map<string, Unit>()
  const sorted = rows.toSorted((one, other) => other.areaPath.length - one.areaPath.length || (one.unit ?? '').localeCompare(other.unit ?? '') || one.place - other.place)
  for (const { role, unit, areaPath, areaName, postName } of sorted) {
    const key = `${areaPath}|${role}|${unit ?? ''}`
    if (!found.has(key)) found.set(key, { role, unit: unit ?? '', areaPath, areaName, label: postName })
  }
  return [...found.values()]
}
