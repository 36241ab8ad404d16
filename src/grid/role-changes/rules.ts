import type { RoleGrant } from '../posts/roles.ts'
import type { RoleChangeMove } from './contract.ts'

/** As long as a change of an administrator's seat waits. */
export const ROLE_CHANGE_DAYS = 7

/**
 * What nobody who keeps posts may give to a role alone: looking behind the mask of a person, supervising (and with it
 * seeing what others hold), and deciding about areas, posts and roles.
 */
export const sensitiveActions: ReadonlySet<string> = new Set([
  'loop.unmask',
  'grid.unmask',
  'duty.unmask',
  'loop.supervise',
  'grid.manage',
])

export const grantWord = ({ action, purpose }: RoleGrant): string => `${action}:${purpose}`

/** Of what a role would have, what it has not now and security answers for. */
export function newlySensitive(before: readonly RoleGrant[], after: readonly RoleGrant[]): RoleGrant[] {
  const held = new Set(before.map(grantWord))
  return after.filter((grant) => sensitiveActions.has(grant.action) && !held.has(grantWord(grant)))
}

/** What the reader may do with a change now: approve what others wish, take back one's own. */
export function movesOf(
  change: { state: string; proposedBy: string; expiresAt: Date },
  reader: { id: string | null; approves: boolean },
  now: Date,
): RoleChangeMove[] {
  if (change.state !== 'pending' || change.expiresAt <= now || !reader.id) return []
  if (change.proposedBy === reader.id) return ['withdraw']
  return reader.approves ? ['approve', 'refuse'] : []
}
