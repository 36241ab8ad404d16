import type { Grant, Purpose } from '../../kernel/grants.ts'
import { shippedRoles, type GrantAction, type Role } from './roles.ts'

/** One slot of a post as the store finds it; accountId null: nobody holds it. */
export interface DutyRow {
  postId: string
  postName: string
  role: string
  unit: string | null
  place: number
  areaPath: string
  areaName: string
  holderA: string | null
  awayA: boolean
  holderB: string | null
  awayB: boolean
}

/** Who answers for a place. */
export interface OnDuty {
  postId: string
  postName: string
  role: string
  unit: string | null
  areaPath: string
  areaName: string
  accountId: string
  slot: 'A' | 'B'
  /** Account of the A holder for whom B acts; null when A acts, or when there is no A. */
  deputyFor: string | null
  /** The post asked for is vacant (or everybody in it is away): this is the next one up. */
  standsIn: boolean
}

/** Who acts in a post: A; while A is away or missing B; nobody when both are. */
export function acting(
  row: Pick<DutyRow, 'holderA' | 'awayA' | 'holderB' | 'awayB'>,
): { accountId: string; slot: 'A' | 'B'; deputyFor: string | null } | undefined {
  if (row.holderA && !row.awayA) return { accountId: row.holderA, slot: 'A', deputyFor: null }
  if (row.holderB && !row.awayB) return { accountId: row.holderB, slot: 'B', deputyFor: row.holderA }
  return undefined
}

function onDuty(row: DutyRow, standsIn: boolean): OnDuty | undefined {
  const person = acting(row)
  if (!person) return undefined
  const { postId, postName, role, unit, areaPath, areaName } = row
  return { postId, postName, role, unit, areaPath, areaName, ...person, standsIn }
}

const depth = (path: string): number => path.split('/').length
export const nearestFirst = (one: DutyRow, other: DutyRow): number =>
  depth(other.areaPath) - depth(one.areaPath) || one.place - other.place || (one.postId < other.postId ? -1 : 1)

/** The steps of the ladder: role to rung. */
export type Ladder = ReadonlyMap<string, number>

/** Everybody who answers for a place, from its own micro-grid up to the county, one post a step, vacant posts left out. */
export function chainOf(rows: DutyRow[], ladder: Ladder): OnDuty[] {
  return rows
    .filter((row) => ladder.has(row.role))
    .toSorted((one, other) => ladder.get(one.role)! - ladder.get(other.role)! || nearestFirst(one, other))
    .map((row) => onDuty(row, false))
    .filter((found) => found !== undefined)
}

/**
 * Who answers for a place in a role: the post nearest above the place; B while A is away; when all posts of the role
 * are vacant, the next rung of the ladder. Every place has somebody, unless nobody at all is in office up to the county.
 *
 * @param rows Posts at the place and at every area above it.
 */
export function pickResponsible(rows: DutyRow[], role: string, ladder: Ladder): OnDuty | undefined {
  const exact = rows.filter((row) => row.role === role).toSorted(nearestFirst)
  for (const [at, row] of exact.entries()) {
    const found = onDuty(row, at > 0 && depth(row.areaPath) < depth(exact[0]!.areaPath))
    if (found) return found
  }
  const rung = ladder.get(role) ?? townRung
  const above = chainOf(
    rows.filter((row) => row.role !== role && (ladder.get(row.role) ?? -1) > rung),
    ladder,
  )
  const next = above[0] ?? chainOf(rows, ladder).at(-1)
  return next && { ...next, standsIn: true }
}

/** A duty outside the ladder (handler, verifier) falls back to the town's dispatcher and whoever stands above. */
const townRung = 40

export interface HeldPost {
  postId: string
  path: string
  role: string
  slot: 'A' | 'B'
  holderA: string | null
  awayA: boolean
}

export interface GrantsOfRole {
  grants: readonly { action: GrantAction | string; purpose: Purpose | string }[]
}

/**
 * What the posts that an account holds allow now: as A always, as B only while A is away or missing.
 *
 * @param groundOf The base areas over which an area of another net stands: there its posts may do the same.
 */
export function grantsOfPosts(
  posts: HeldPost[],
  roles: ReadonlyMap<string, GrantsOfRole>,
  groundOf: (areaPath: string) => readonly string[] = () => [],
): Grant[] {
  return posts.flatMap((post) => {
    if (post.slot === 'B' && post.holderA && !post.awayA) return []
    const deputyFor = post.slot === 'B' ? post.holderA : null
    const granted = roles.get(post.role)?.grants ?? []
    return [post.path, ...groundOf(post.path)].flatMap((path) =>
      granted.map(({ action, purpose }) => ({ action, purpose, path, postId: post.postId, deputyFor })),
    )
  })
}

/** The shipped roles with the county's own decisions laid over. */
export function rolesOver(changed: readonly Role[]): Map<string, Role> {
  return new Map([...shippedRoles, ...changed].map((role) => [role.code, role]))
}

export const ladderOf = (roles: ReadonlyMap<string, Role>): Ladder =>
  new Map([...roles.values()].filter(({ rung }) => rung !== null).map(({ code, rung }) => [code, rung!]))

/** What a role is called at a place, without saying a word twice: 第1微网格 + 微网格长 is 第1微网格长. */
export function calledAt(place: string, role: string): string {
  for (let length = Math.min(place.length, role.length); length > 0; length--) {
    if (place.endsWith(role.slice(0, length))) return place + role.slice(length)
  }
  return place + role
}
