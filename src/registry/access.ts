import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { grantedPaths, hasGrant, isWithin, requireGrant, subtreeRange, type Grant } from '../kernel/grants.ts'
import { findArea } from '../grid/index.ts'

/** Half-open ranges of paths, in their order and none inside another, for `area_path >= low AND area_path < high`. */
export interface Ranges {
  readonly low: readonly string[]
  readonly high: readonly string[]
}

export const rangesOf = (paths: readonly string[]): Ranges => {
  const ranges = paths.toSorted().map(subtreeRange)
  return { low: ranges.map(([low]) => low), high: ranges.map(([, high]) => high) }
}

/** Figures are for counting: a purpose that sees no single person. @throws kernel.wrong_purpose */
function requirePersons(cmd: Command, action: string): void {
  if (cmd.purpose === 'statistics') throw new Fault('kernel.wrong_purpose', { action })
}

/**
 * Where the caller may do something with single records; an area asked for must lie inside.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose: never an empty list for "not allowed".
 */
export function scopeOf(cmd: Command, action: string, area?: string): Ranges {
  grantedPaths(cmd, action)
  requirePersons(cmd, action)
  return figureScopeOf(cmd, action, area)
}

/** The same for figures, which the purpose of statistics may have too. @throws kernel.forbidden, kernel.wrong_purpose */
export function figureScopeOf(cmd: Command, action: string, area?: string): Ranges {
  const granted = grantedPaths(cmd, action)
  if (area === undefined) return rangesOf(granted)
  const inside = granted.filter((root) => isWithin(root, area))
  if (!granted.some((root) => isWithin(area, root)) && inside.length > 0) return rangesOf(inside)
  requireGrant(cmd, action, area)
  return rangesOf([area])
}

/**
 * Refuses unless the caller may do something at one of the places of a record: where a person lives, or owns or rents.
 *
 * @returns the grant that allows it.
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export function requireAt(cmd: Command, action: string, paths: readonly string[]): Grant {
  requirePersons(cmd, action)
  const path = paths.find((one) => hasGrant(cmd, action, one)) ?? paths[0] ?? cmd.county
  return requireGrant(cmd, action, path)
}

export const mayAt = (cmd: Command, action: string, paths: readonly string[]): boolean =>
  cmd.purpose !== 'statistics' && paths.some((path) => hasGrant(cmd, action, path))

const tooWide = new Set(['county', 'town', 'largeArea'])

/** The area where a record may lie: in the base net, a village or below. @throws registry.unknown_area */
export async function requireHomeArea(cmd: Command, path: string): Promise<void> {
  const area = await findArea(cmd, path)
  if (!area || area.overlay !== 'base' || tooWide.has(area.kind)) throw new Fault('registry.unknown_area')
}
