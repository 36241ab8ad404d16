import { Fault } from '../../kernel/faults.ts'
import type { AreaChange, RehomeLine } from '../../kernel/ports.ts'
import type { AreaShape } from '../../kernel/positions.ts'
import { partAt } from '../../kernel/sharing.ts'
import { sharedBy, without } from '../shapes/index.ts'
import type { ChangePreview, SplitArea } from './contract.ts'
import type { KeptSharing } from '../areas/index.ts'

/** How long another process may still go by the ground before the change. */
export const BEGUN_SECONDS = 10

/**
 * What stays of an area and the shapes of its parts, none reaching beyond it and none over another.
 *
 * @param shape The area's own; null where nothing is drawn, then the parts must have none either.
 * @throws grid.part_outside, grid.nothing_stays, grid.bad_boundary when a drawn area gets a part without a shape
 */
export function shapesOfParts(
  shape: AreaShape | null,
  parts: readonly { name: string; shape: AreaShape | null }[],
): { stays: AreaShape | null; parts: (AreaShape | null)[] } {
  if (!shape) {
    const drawn = parts.find((part) => part.shape !== null)
    if (drawn) throw new Fault('grid.part_outside', { name: drawn.name })
    return { stays: null, parts: parts.map(() => null) }
  }
  const taken: AreaShape[] = []
  const shapes = parts.map((part) => {
    if (!part.shape)
      throw new Fault('grid.bad_boundary', {
        reasonZh: `“${part.name}”还没有画。`,
        reasonEn: `“${part.name}” is not drawn yet.`,
      })
    const outside = without(part.shape, [shape])
    const own = sharedBy(part.shape, shape)
    if (outside || !own || taken.some((other) => sharedBy(own, other)))
      throw new Fault('grid.part_outside', { name: part.name })
    taken.push(own)
    return own
  })
  const stays = without(shape, shapes)
  if (!stays) throw new Fault('grid.nothing_stays')
  return { stays, parts: shapes }
}

/** A split as the rooms above are told of it. */
export function changeOfSplit(from: string, kept: KeptSharing, begunUntil?: Date): AreaChange {
  const drawn = kept.parts.flatMap(({ path, shape }) => (shape ? [{ path, shape }] : []))
  return {
    kind: 'split',
    from: [from],
    to: kept.parts.map(({ path }) => path).filter((path) => path !== from),
    sharing: { at: partAt(drawn), chosen: new Map(Object.entries(kept.chosen)) },
    ...(begunUntil && { begunUntil }),
  }
}

/** Where single things go, as paths. @throws kernel.invalid_input for a part that does not exist */
export function chosenPaths(chosen: SplitArea['chosen'], paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    (chosen ?? []).map(({ id, to }) => {
      const path = paths[to]
      if (path === undefined) {
        const [zh, en] = ['没有这一块', 'There is no such part']
        throw new Fault('kernel.invalid_input', { fields: [{ path: 'chosen', message: zh, zh, en }] })
      }
      return [id, path]
    }),
  )
}

/** Lines of the rooms, put together by what they are about; what there is none of is left out. */
export function linesOf(found: readonly RehomeLine[], paths: readonly string[]): ChangePreview['lines'] {
  const lines = new Map<string, ChangePreview['lines'][number]>()
  for (const { label, count, to, undecided } of found) {
    if (count === 0) continue
    const line = lines.get(label) ?? { label, items: [], undecided: 0 }
    lines.set(label, line)
    const part = to === undefined ? 0 : Math.max(0, paths.indexOf(to))
    const item = line.items.find((one) => one.to === part)
    if (item) item.count += count
    else line.items.push({ to: part, count })
    line.undecided += undecided ?? 0
  }
  for (const line of lines.values()) line.items.sort((one, other) => one.to - other.to)
  return [...lines.values()]
}
