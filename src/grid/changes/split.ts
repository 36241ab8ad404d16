import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { RehomeLine, Undecided } from '../../kernel/ports.ts'
import { boundsOf, type AreaShape } from '../../kernel/positions.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import {
  AreaCreated,
  countBelow,
  findShape,
  getAreaById,
  getArea,
  gramsOf,
  groundChanged,
  insertArea,
  insertCovers,
  listAreasById,
  lockForChange,
  newArea,
  nextVersion,
  present,
  rehomeAll,
  replaceBoundary,
  replaceGrams,
  requireCode,
  requireShape,
  type AreaRecord,
  type DrawnShape,
  type KeptSharing,
} from '../areas/index.ts'
import { assignPost, layPost, listPostsOf } from '../posts/index.ts'
import { squareMetres } from '../shapes/index.ts'
import { AreaSplit, UNDECIDED_MAX, type AreasChanged, type ChangePreview, type SplitArea } from './contract.ts'
import { changeOfSplit, chosenPaths, linesOf, shapesOfParts } from './rules.ts'
import { insertOrigins, listCoversOver } from './store.ts'

interface SplitPlan {
  parent: AreaRecord
  drawn: DrawnShape | undefined
  areas: AreaRecord[]
  stays: AreaShape | null
  shapes: (AreaShape | null)[]
  /** The old area's path, then each part's. */
  paths: string[]
  kept: KeptSharing
}

/** What a split would be; nothing is written. @throws as `splitArea` */
async function planSplit(cmd: Command, row: AreaRecord, input: SplitArea): Promise<SplitPlan> {
  if (row.overlay !== 'base' || row.kind === 'largeArea' || row.kind === 'county')
    throw new Fault('grid.kind_misplaced', { kind: row.kind, under: row.kind })
  const below = await countBelow(cmd.tx, cmd.county, row, cmd.now)
  if (below.areas > 0) throw new Fault('grid.split_has_below', { areas: below.areas })
  const parent = await getArea(cmd, row.parentPath)
  // The parts lie beside the old area, not inside it.
  requireGrant(cmd, 'grid.manage', parent.path)
  const drawn = await findShape(cmd.tx, cmd.county, row.id, cmd.now)
  const areas: AreaRecord[] = []
  for (const { code, name } of input.parts) {
    await requireCode(cmd, row.kind, code)
    areas.push({ ...newArea(cmd, parent, { code, name, kind: row.kind }), schematic: row.schematic })
  }
  const given = input.parts.map(({ name, shape }) => ({ name, shape: shape ? requireShape(shape) : null }))
  const { stays, parts: shapes } = shapesOfParts(drawn?.shape ?? null, given)
  const paths = [row.path, ...areas.map(({ path }) => path)]
  const parts = [stays, ...shapes].map((shape, at) => ({ path: paths[at]!, shape }))
  return { parent, drawn, areas, stays, shapes, paths, kept: { parts, chosen: chosenPaths(input.chosen, paths) } }
}

/**
 * What a split would move, to which part, and what somebody has to decide about.
 *
 * @throws as `splitArea`; nothing is written
 */
export async function previewSplit(cmd: Command, id: string, input: SplitArea): Promise<ChangePreview> {
  const row = await getAreaById(cmd, id)
  requireGrant(cmd, 'grid.manage', row.path)
  const plan = await planSplit(cmd, row, input)
  const change = changeOfSplit(row.path, plan.kept)
  const lines: RehomeLine[] = []
  const undecided: Undecided[] = []
  for (const room of cmd.ports.rehome) {
    lines.push(...(await room.preview(cmd, change)))
    const left = UNDECIDED_MAX + 1 - undecided.length
    if (left > 0) undecided.push(...((await room.undecided?.(cmd, change, left)) ?? []))
  }
  const over = await listCoversOver(cmd.tx, cmd.county, [id])
  const nets = await listAreasById(
    cmd.tx,
    cmd.county,
    over.map(({ areaId }) => areaId),
    cmd.now,
  )
  const posts = await listPostsOf(cmd, [id])
  return {
    lines: linesOf(lines, plan.paths),
    undecided: undecided.slice(0, UNDECIDED_MAX),
    undecidedMore: undecided.length > UNDECIDED_MAX,
    posts: posts.map((post) => ({ ...post, becomes: 'copied' })),
    nets: nets.map(({ path, name, kind, overlay }) => ({ path, name, kind, overlay })),
    shapes: [plan.stays, ...plan.shapes].map(
      (shape) => shape && { shape: shape as never, squareMetres: Math.round(squareMetres(shape)) },
    ),
  }
}

/**
 * Splits areas off one. It goes on existing with its code, its posts and what is left of its ground; each part gets posts
 * like its own and stands under the same areas of other nets. What lies in the old area goes to the part in which it
 * lies, what has no position where somebody said, the rest stays.
 *
 * @throws grid.unknown_area, grid.split_has_below, grid.code_taken, grid.code_unfit, grid.part_outside,
 *   grid.nothing_stays, grid.bad_boundary, kernel.stale; then nothing has changed
 */
export async function splitArea(cmd: Command, id: string, input: SplitArea): Promise<AreasChanged> {
  const row = await lockForChange(cmd, id, input.version)
  const plan = await planSplit(cmd, row, input)
  const name =
    input.name === undefined ? row.name : cleanText(input.name, { minLength: 1, maxLength: 60, path: 'name' })
  const next = await nextVersion(cmd, row, { name })
  if (name !== row.name) await replaceGrams(cmd.tx, cmd.county, id, gramsOf(name))
  if (plan.stays) await drawPart(cmd, id, plan.stays, plan.drawn!)
  for (const [at, area] of plan.areas.entries()) {
    await insertArea(cmd.tx, cmd.county, area)
    await replaceGrams(cmd.tx, cmd.county, area.id, gramsOf(area.name))
    const shape = plan.shapes[at]
    if (shape) await drawPart(cmd, area.id, shape, plan.drawn!)
    await record(cmd, AreaCreated, area, { path: area.path, kind: area.kind, overlay: area.overlay })
  }
  const ids = plan.areas.map((area) => area.id)
  await insertOrigins(cmd.tx, cmd.county, ids, id, cmd.now)
  for (const { areaId } of await listCoversOver(cmd.tx, cmd.county, [id])) {
    const covers = ids.map((coveredId) => ({ id: uuidv7(cmd.now), coveredId }))
    await insertCovers(cmd.tx, cmd.county, areaId, covers, cmd.now)
  }
  await groundChanged(cmd)
  await seatParts(cmd, id, plan.areas, input)
  const change = changeOfSplit(row.path, plan.kept)
  const moved = await rehomeAll(cmd, change, plan.kept)
  const decided = Object.keys(plan.kept.chosen).length
  await record(cmd, AreaSplit, next, { path: row.path, into: change.to, moved, decided })
  return { items: [next, ...plan.areas].map(present), moved }
}

async function drawPart(cmd: Command, areaId: string, shape: AreaShape, of: DrawnShape): Promise<void> {
  const { schematic, source } = of
  const boundary = { id: uuidv7(cmd.now), areaId, shape, schematic, source, ...boundsOf(shape) }
  await replaceBoundary(cmd.tx, cmd.county, boundary, cmd.now)
}

/** Each part gets posts like the old area's, and in them whoever was named. */
async function seatParts(cmd: Command, oldId: string, areas: readonly AreaRecord[], input: SplitArea): Promise<void> {
  const posts = await listPostsOf(cmd, [oldId])
  for (const [at, area] of areas.entries()) {
    const wished = [...(input.parts[at]!.posts ?? [])]
    for (const { role, unit } of posts) {
      const postId = await layPost(cmd, { areaPath: area.path, role, unit })
      const found = wished.findIndex((one) => one.role === role && (one.unit ?? null) === unit)
      const [people] = found === -1 ? [] : wished.splice(found, 1)
      let version = 1
      for (const slot of ['A', 'B'] as const) {
        const accountId = slot === 'A' ? people?.a : people?.b
        if (accountId) version = (await assignPost(cmd, postId, { accountId, slot, version })).version
      }
    }
  }
}
