import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { boundsOf, type AreaShape } from '../../kernel/positions.ts'
import type { AreaChange, RehomeLine } from '../../kernel/ports.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import {
  AreaClosed,
  countBelow,
  endArea,
  endCovers,
  findShape,
  getAreaById,
  gramsOf,
  groundChanged,
  insertCovers,
  listAreasById,
  lockForChange,
  nextVersion,
  present,
  rehomeAll,
  replaceBoundary,
  replaceGrams,
  type AreaRecord,
  type DrawnShape,
} from '../areas/index.ts'
import { assignPost, closePost, layPost, listPostsOf, type PostThere } from '../posts/index.ts'
import { squareMetres, unionOf } from '../shapes/index.ts'
import { AreaMerged, type AreasChanged, type ChangePreview, type MergeAreas } from './contract.ts'
import { linesOf } from './rules.ts'
import { listCoversOf, listCoversOver } from './store.ts'

interface MergePlan {
  shape: AreaShape | null
  drawn: DrawnShape | undefined
  /** Posts of the areas that end, and whether the area that goes on has one like it. */
  posts: { post: PostThere; moves: boolean }[]
  /** Over the area that goes on from now on, as other nets stood over those that end and none of that net over it. */
  over: string[]
  /** What the area that goes on stands over from now on, where it is one of another net. */
  covers: string[]
  change: AreaChange
}

async function planMerge(cmd: Command, row: AreaRecord, others: readonly AreaRecord[]): Promise<MergePlan> {
  const alike = others.every(
    ({ id, parentPath, kind }) => id !== row.id && parentPath === row.parentPath && kind === row.kind,
  )
  if (!alike || new Set(others.map(({ id }) => id)).size < others.length) throw new Fault('grid.merge_apart')
  for (const one of [row, ...others]) {
    const below = await countBelow(cmd.tx, cmd.county, one, cmd.now)
    if (below.areas > 0) throw new Fault('grid.split_has_below', { areas: below.areas })
  }
  const shapes: AreaShape[] = []
  let drawn: DrawnShape | undefined
  for (const { id } of [row, ...others]) {
    const found = await findShape(cmd.tx, cmd.county, id, cmd.now)
    drawn ??= found
    if (found) shapes.push(found.shape)
  }
  const own = await listPostsOf(cmd, [row.id])
  const posts = (
    await listPostsOf(
      cmd,
      others.map(({ id }) => id),
    )
  ).map((post) => ({
    post,
    moves: !own.some(({ role, unit }) => role === post.role && unit === post.unit),
  }))
  const ids = others.map(({ id }) => id)
  const stands = await listCoversOver(cmd.tx, cmd.county, [row.id, ...ids])
  const nets = await listAreasById(cmd.tx, cmd.county, [...new Set(stands.map(({ areaId }) => areaId))], cmd.now)
  const netOf = new Map(nets.map(({ id, overlay, kind }) => [id, `${overlay}|${kind === 'largeArea'}`]))
  const there = new Set(stands.filter(({ coveredId }) => coveredId === row.id).map(({ areaId }) => netOf.get(areaId)))
  const over = stands.flatMap(({ areaId, coveredId }) =>
    coveredId === row.id || there.has(netOf.get(areaId)) ? [] : [areaId],
  )
  const covered = await listCoversOf(cmd.tx, cmd.county, [row.id, ...ids])
  const has = new Set(covered.filter(({ areaId }) => areaId === row.id).map(({ coveredId }) => coveredId))
  const covers = covered.map(({ coveredId }) => coveredId).filter((id) => !has.has(id))
  return {
    shape: shapes.length > 0 ? unionOf(shapes) : null,
    drawn,
    posts,
    over: [...new Set(over)],
    covers: [...new Set(covers)],
    change: { kind: 'merge', from: others.map(({ path }) => path), to: [row.path] },
  }
}

/** What a merge would move and which posts end. @throws as `mergeAreas`; nothing is written */
export async function previewMerge(cmd: Command, id: string, input: MergeAreas): Promise<ChangePreview> {
  const row = await getAreaById(cmd, id)
  requireGrant(cmd, 'grid.manage', row.path)
  const others: AreaRecord[] = []
  for (const other of input.others) others.push(await getAreaById(cmd, other.id))
  for (const { path } of others) requireGrant(cmd, 'grid.manage', path)
  const { change, posts, shape, over } = await planMerge(cmd, row, others)
  const lines: RehomeLine[] = []
  for (const room of cmd.ports.rehome) lines.push(...(await room.preview(cmd, change)))
  const stays = await listPostsOf(cmd, [id])
  const nets = await listAreasById(cmd.tx, cmd.county, over, cmd.now)
  return {
    lines: linesOf(lines, [row.path]),
    undecided: [],
    undecidedMore: false,
    posts: [
      ...stays.map((post) => ({ ...post, becomes: 'stays' as const })),
      ...posts.map(({ post, moves }) => ({ ...post, becomes: moves ? ('moves' as const) : ('ends' as const) })),
    ],
    nets: nets.map(({ path, name, kind, overlay }) => ({ path, name, kind, overlay })),
    shapes: [shape && { shape: shape as never, squareMetres: Math.round(squareMetres(shape)) }],
  }
}

/**
 * Takes other areas of the same kind and parent into this one, which keeps its code and its posts; they end. What lies in
 * them lies in this one from now on; a post that this one has no like of comes along with whoever sits in it, others end.
 *
 * @throws grid.unknown_area, grid.merge_apart, grid.split_has_below, kernel.stale; then nothing has changed
 */
export async function mergeAreas(cmd: Command, id: string, input: MergeAreas): Promise<AreasChanged> {
  // Always in the same order, so that two merges of the same areas wait for each other and not for ever.
  const wanted = [{ id, version: input.version }, ...input.others].toSorted((one, other) =>
    one.id < other.id ? -1 : 1,
  )
  const locked = new Map<string, AreaRecord>()
  for (const one of wanted) locked.set(one.id, await lockForChange(cmd, one.id, one.version))
  const row = locked.get(id)!
  const others = input.others.map((other) => locked.get(other.id)!)
  const plan = await planMerge(cmd, row, others)
  const name =
    input.name === undefined ? row.name : cleanText(input.name, { minLength: 1, maxLength: 60, path: 'name' })
  for (const { post } of plan.posts) await closePost(cmd, post.postId, { version: post.version })
  for (const other of others) await endMerged(cmd, other)
  const next = await nextVersion(cmd, row, { name })
  if (name !== row.name) await replaceGrams(cmd.tx, cmd.county, id, gramsOf(name))
  if (plan.shape) {
    const { schematic, source } = plan.drawn!
    const boundary = { id: uuidv7(cmd.now), areaId: id, shape: plan.shape, schematic, source, ...boundsOf(plan.shape) }
    await replaceBoundary(cmd.tx, cmd.county, boundary, cmd.now)
  }
  for (const areaId of plan.over)
    await insertCovers(cmd.tx, cmd.county, areaId, [{ id: uuidv7(cmd.now), coveredId: id }], cmd.now)
  await insertCovers(
    cmd.tx,
    cmd.county,
    id,
    plan.covers.map((coveredId) => ({ id: uuidv7(cmd.now), coveredId })),
    cmd.now,
  )
  await groundChanged(cmd)
  for (const { post, moves } of plan.posts) if (moves) await movePost(cmd, row.path, post)
  const moved = await rehomeAll(cmd, plan.change)
  await record(cmd, AreaMerged, next, { path: row.path, from: plan.change.from, moved })
  return { items: [present(next)], moved }
}

async function endMerged(cmd: Command, other: AreaRecord): Promise<void> {
  await endArea(cmd.tx, cmd.county, other, cmd.now)
  await replaceBoundary(cmd.tx, cmd.county, { areaId: other.id, id: null }, cmd.now)
  await replaceGrams(cmd.tx, cmd.county, other.id, [])
  await endCovers(cmd.tx, cmd.county, other.id, cmd.now)
  await record(cmd, AreaClosed, { id: other.id, version: other.version + 1 }, { path: other.path })
}

async function movePost(cmd: Command, areaPath: string, post: PostThere): Promise<void> {
  const postId = await layPost(cmd, { areaPath, role: post.role, unit: post.unit })
  let version = 1
  for (const { accountId, slot } of post.holders)
    version = (await assignPost(cmd, postId, { accountId, slot, version })).version
}
