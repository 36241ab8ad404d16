import type { Command } from '../../kernel/command.ts'
import { hasGrant, isWithin } from '../../kernel/grants.ts'
import { requireAt, scopeOf, type Ranges } from '../access.ts'

/** Who goes to doors, who plans it, and who reads what is registered. */
const doorActions = ['registry.visit', 'registry.campaign', 'registry.read'] as const

/**
 * Where the caller may see doors, by whichever of the actions reaches there.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export function scopeOfDoors(cmd: Command, area: string | undefined, actions: readonly string[] = doorActions): Ranges {
  const reaches = (action: string): boolean =>
    cmd.grants.some(
      (grant) =>
        grant.action === action &&
        grant.purpose === cmd.purpose &&
        (area === undefined || isWithin(area, grant.path) || isWithin(grant.path, area)),
    )
  return scopeOf(cmd, actions.find(reaches) ?? actions[0]!, area)
}

/**
 * Refuses unless the caller may see one door: from its own place or above, not from a smaller place beside it.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export function requireDoor(cmd: Command, path: string, actions: readonly string[] = doorActions): void {
  requireAt(cmd, actions.find((action) => hasGrant(cmd, action, path)) ?? actions[0]!, [path])
}

/** Whoever goes to doors or plans it; names and gaps are theirs. */
export const plannerActions = ['registry.campaign', 'registry.visit'] as const
