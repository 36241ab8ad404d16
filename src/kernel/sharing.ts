import type { Sharing } from './ports.ts'
import { isPosition, pointInPolygon, type AreaShape } from './positions.ts'

/** Something that lies in an area, with its position where it has one. */
export interface Placed {
  readonly id: string
  readonly longitude: number | null
  readonly latitude: number | null
}

/**
 * Shares things out: first as somebody decided, then by position.
 *
 * @param from The area that is split.
 * @returns ids by the part they go to, the area itself included, and the ids that nobody and nothing decides about.
 */
export function sharedOut(
  things: readonly Placed[],
  from: string,
  sharing: Sharing,
): { byPart: Map<string, string[]>; undecided: string[] } {
  const byPart = new Map<string, string[]>()
  const undecided: string[] = []
  for (const { id, longitude, latitude } of things) {
    const position = longitude !== null && latitude !== null ? { lng: longitude, lat: latitude } : null
    const to = sharing.chosen.get(id) ?? (position ? sharing.at(position) : null)
    if (to === null) undecided.push(id)
    const part = to ?? from
    const list = byPart.get(part)
    if (list) list.push(id)
    else byPart.set(part, [id])
  }
  return { byPart, undecided }
}

/** Where a position lies among drawn parts; null outside all of them. */
export function partAt(parts: readonly { path: string; shape: AreaShape }[]): Sharing['at'] {
  return (position) =>
    isPosition(position) ? (parts.find(({ shape }) => pointInPolygon(position, shape))?.path ?? null) : null
}
