import type { Actor, Command } from './command.ts'
import { Fault } from './faults.ts'

export const purposes = ['handling', 'supervision', 'audit', 'administration', 'statistics', 'own'] as const
export type Purpose = (typeof purposes)[number]

/** One thing a post may do, in one subtree, for one purpose. */
export interface Grant {
  readonly action: string
  /** Root of the subtree, codes joined by '/'. */
  readonly path: string
  readonly purpose: string
  readonly postId: string
  /** Account id of the A holder for whom a B holder acts. */
  readonly deputyFor?: string | null
}

/** Whether `path` lies in the subtree of `root`, itself included. */
export const isWithin = (path: string, root: string): boolean =>
  path === root || (path.startsWith(root) && path.charCodeAt(root.length) === 47)

/**
 * The half-open text range of a subtree for `path >= from AND path < to` under COLLATE "C".
 *
 * '0' follows '/' in ASCII, so the range holds the root itself and all below; codes never contain characters under '/'.
 */
export const subtreeRange = (path: string): [from: string, to: string] => [path, `${path}0`]

const systemGrant = (action: string, path: string): Grant => ({ action, path, purpose: 'handling', postId: 'system' })

/**
 * Refuses unless one of the actor's grants allows `action` at `path` for the command's purpose.
 *
 * @returns the grant that allowed it, so that the entry can say for whom a deputy acted.
 * @throws kernel.forbidden when no grant covers the action at that place.
 * @throws kernel.wrong_purpose when one would, but for another purpose.
 */
export function requireGrant(cmd: Command, action: string, path: string): Grant {
  if (cmd.actor.kind === 'system') return systemGrant(action, path)
  let elsewhere = false
  for (const grant of cmd.grants) {
    if (grant.action !== action || !isWithin(path, grant.path)) continue
    if (grant.purpose === cmd.purpose) return grant
    elsewhere = true
  }
  if (cmd.actor.kind === 'nobody') throw new Fault('kernel.unauthenticated')
  throw new Fault(elsewhere ? 'kernel.wrong_purpose' : 'kernel.forbidden', { action })
}

export const hasGrant = (cmd: Command, action: string, path: string): boolean =>
  cmd.actor.kind === 'system' ||
  cmd.grants.some((grant) => grant.action === action && grant.purpose === cmd.purpose && isWithin(path, grant.path))

/**
 * The subtree roots where the actor may do `action` for the command's purpose, none inside another.
 *
 * @throws kernel.forbidden or kernel.wrong_purpose when there is none, so a list never answers "empty" for "not allowed".
 */
export function grantedPaths(cmd: Command, action: string): string[] {
  if (cmd.actor.kind === 'system') return [cmd.county]
  const held = cmd.grants.filter((grant) => grant.action === action)
  const paths = [...new Set(held.filter((grant) => grant.purpose === cmd.purpose).map((grant) => grant.path))].sort()
  if (paths.length === 0) {
    if (cmd.actor.kind === 'nobody') throw new Fault('kernel.unauthenticated')
    throw new Fault(held.length > 0 ? 'kernel.wrong_purpose' : 'kernel.forbidden', { action })
  }
  return paths.filter((path) => !paths.some((root) => root !== path && isWithin(path, root)))
}

/**
 * Refuses unless the actor is of one of the kinds.
 *
 * @throws kernel.unauthenticated for nobody, kernel.forbidden for another kind.
 */
export function requireActor(cmd: Command, ...kinds: Actor['kind'][]): void {
  if (kinds.includes(cmd.actor.kind)) return
  throw new Fault(cmd.actor.kind === 'nobody' ? 'kernel.unauthenticated' : 'kernel.forbidden')
}
