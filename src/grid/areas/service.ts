import { createHash } from 'node:crypto'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { isWithin, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { AreaChange } from '../../kernel/ports.ts'
import { boundsOf, type AreaShape } from '../../kernel/positions.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import { forgetDirectory } from '../directory.ts'
import { raise } from '../kept.ts'
import {
  AreaBounded,
  AreaClosed,
  AreaCovers,
  AreaCreated,
  AreaMoved,
  AreaRenamed,
  type Area,
  type AreaRow,
  type CloseArea,
  type CreateArea,
  type MoveArea,
  type RenameArea,
  type SetBoundary,
  type SetCovers,
} from './contract.ts'
import { requireCode } from './code-pattern.ts'
import { forgetGround } from './ground.ts'
import { getArea, present } from './queries.ts'
import { gramsOf, joinPath, numberOf, overlayOfKind, requirePlace, requireShape } from './rules.ts'
import {
  countBelow,
  endArea,
  endCovers,
  insertArea,
  insertChange,
  insertCovers,
  keepCovers,
  listAreasByPath,
  listCovered,
  listSubtree,
  lockArea,
  replaceBoundary,
  replaceGrams,
  type AreaRecord,
  type KeptSharing,
} from './store.ts'

const AREAS_AT_ONCE_MAX = 5_000

/** Tells this process after the commit, others by the version, that the ground is another one. */
export async function groundChanged(cmd: Command): Promise<void> {
  await raise(cmd, 'ground')
  cmd.afterCommit(() => {
    forgetGround(cmd.ports, cmd.county)
    forgetDirectory(cmd.ports, cmd.county)
  })
}

/** How long what was begun before a change is still looked for: longer than any command lives. */
const AGAIN_MINUTES = 10

/**
 * Lets every room re-home what lies in areas that changed, and keeps the change for what comes late.
 *
 * @returns how many things moved.
 */
export async function rehomeAll(cmd: Command, change: AreaChange, sharing: KeptSharing | null = null): Promise<number> {
  let moved = 0
  for (const room of cmd.ports.rehome) moved += await room.apply(cmd, change)
  const againUntil = new Date(cmd.now.getTime() + AGAIN_MINUTES * 60_000)
  const { kind, from: fromPaths, to: toPaths } = change
  await insertChange(cmd.tx, cmd.county, {
    id: uuidv7(cmd.now),
    kind,
    at: cmd.now,
    fromPaths,
    toPaths,
    sharing,
    againUntil,
  })
  return moved
}

/** Closes the present version and opens the next; other fields stay. */
export async function nextVersion(cmd: Command, row: AreaRecord, change: Partial<AreaRecord>): Promise<AreaRecord> {
  const next = { ...row, ...change, version: row.version + 1, validFrom: cmd.now, validUntil: null }
  await endArea(cmd.tx, cmd.county, row, cmd.now)
  await insertArea(cmd.tx, cmd.county, next)
  return next
}

function requireVersion(row: AreaRecord, version: number): void {
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
}

/** Locks an area for whoever may change it. @throws grid.unknown_area, kernel.stale, kernel.forbidden, kernel.wrong_purpose */
export async function lockForChange(cmd: Command, id: string, version: number): Promise<AreaRecord> {
  const row = await lockArea(cmd.tx, cmd.county, id, cmd.now)
  requireGrant(cmd, 'grid.manage', row.path)
  requireVersion(row, version)
  return row
}

/**
 * Adds an area under another one.
 *
 * @throws grid.unknown_area, grid.kind_misplaced, grid.code_taken, kernel.conflict (the proposed id exists).
 */
export async function createArea(cmd: Command, input: CreateArea): Promise<Area> {
  requireGrant(cmd, 'grid.manage', input.under)
  const parent = await getArea(cmd, input.under)
  await requireCode(cmd, input.kind, input.code)
  const row = newArea(cmd, parent, input, input.id)
  await insertArea(cmd.tx, cmd.county, row)
  await replaceGrams(cmd.tx, cmd.county, row.id, gramsOf(row.name))
  await coverBase(cmd, row, input.covers ?? [])
  await groundChanged(cmd)
  await record(cmd, AreaCreated, row, { path: row.path, kind: row.kind, overlay: row.overlay })
  return present(row)
}

/** A new area under its parent, not yet stored. @throws grid.kind_misplaced, kernel.invalid_input */
export function newArea(cmd: Command, parent: AreaRecord, input: Omit<AreaRow, 'parentPath'>, id?: string): AreaRecord {
  requirePlace(input.kind, parent.kind)
  return {
    id: id ?? uuidv7(cmd.now),
    version: 1,
    code: input.code,
    number: numberOf(input.code, parent.number),
    name: cleanText(input.name, { minLength: 1, maxLength: 60, path: 'name' }),
    kind: input.kind,
    overlay: overlayOfKind(input.kind),
    path: joinPath(parent.path, input.code),
    parentPath: parent.path,
    depth: parent.depth + 1,
    schematic: false,
    validFrom: cmd.now,
    validUntil: null,
  }
}

async function coverBase(cmd: Command, row: AreaRecord, paths: string[]): Promise<void> {
  if (paths.length === 0) return
  const wanted = [...new Set(paths)]
  for (const path of wanted) requireGrant(cmd, 'grid.manage', path)
  const covered = await listAreasByPath(cmd.tx, cmd.county, wanted, cmd.now)
  if (covered.length < wanted.length) throw new Fault('grid.unknown_area')
  const covers = covered.map(({ id }) => ({ id: uuidv7(cmd.now), coveredId: id }))
  await insertCovers(cmd.tx, cmd.county, row.id, covers, cmd.now)
}

/** Gives an area another name; earlier names stay in its history. @throws grid.unknown_area, kernel.stale */
export async function renameArea(cmd: Command, id: string, input: RenameArea): Promise<Area> {
  const row = await lockForChange(cmd, id, input.version)
  const next = await nextVersion(cmd, row, {
    name: cleanText(input.name, { minLength: 1, maxLength: 60, path: 'name' }),
  })
  await replaceGrams(cmd.tx, cmd.county, id, gramsOf(next.name))
  await groundChanged(cmd)
  await record(cmd, AreaRenamed, next, { path: next.path })
  return present(next)
}

/**
 * Moves an area with everything below it under another parent; rooms above re-home what lies in it within the same
 * transaction.
 *
 * @throws grid.unknown_area, grid.kind_misplaced, grid.moves_into_itself, grid.code_taken, grid.change_too_large, kernel.stale
 */
export async function moveArea(cmd: Command, id: string, input: MoveArea): Promise<Area> {
  const row = await lockForChange(cmd, id, input.version)
  requireGrant(cmd, 'grid.manage', input.under)
  if (isWithin(input.under, row.path)) throw new Fault('grid.moves_into_itself')
  const parent = await getArea(cmd, input.under)
  requirePlace(row.kind, parent.kind)
  const page = { at: cmd.now, afterPath: '', limit: AREAS_AT_ONCE_MAX + 1 }
  const below = (await listSubtree(cmd.tx, cmd.county, row.path, page)).filter((area) => area.id !== id)
  if (below.length >= AREAS_AT_ONCE_MAX)
    throw new Fault('grid.change_too_large', { count: below.length, most: AREAS_AT_ONCE_MAX })
  for (const area of [row, ...below]) await endArea(cmd.tx, cmd.county, area, cmd.now)
  const code = input.code ?? row.code
  await requireCode(cmd, row.kind, code)
  const moved = reopened(cmd, row, {
    code,
    parentPath: parent.path,
    number: numberOf(code, parent.number),
    depth: parent.depth + 1,
  })
  await insertArea(cmd.tx, cmd.county, moved)
  const numbers = new Map([[moved.path, moved.number]])
  for (const area of below) {
    const parentPath = moved.path + area.parentPath.slice(row.path.length)
    const number = numberOf(area.code, numbers.get(parentPath) ?? moved.number)
    const next = reopened(cmd, area, { parentPath, number, depth: area.depth - row.depth + moved.depth })
    numbers.set(next.path, number)
    await insertArea(cmd.tx, cmd.county, next)
  }
  await groundChanged(cmd)
  await rehomeAll(cmd, { kind: 'move', from: [row.path], to: [moved.path] })
  await record(cmd, AreaMoved, moved, { from: row.path, to: moved.path, areas: below.length })
  return present(moved)
}

function reopened(
  cmd: Command,
  row: AreaRecord,
  change: Pick<AreaRecord, 'parentPath' | 'number' | 'depth'> & { code?: string },
): AreaRecord {
  const code = change.code ?? row.code
  const path = joinPath(change.parentPath, code)
  return { ...row, ...change, code, path, version: row.version + 1, validFrom: cmd.now, validUntil: null }
}

/**
 * Closes an area for good; its history stays.
 *
 * @throws grid.area_in_use while areas or posts are below, grid.unknown_area, kernel.stale
 */
export async function closeArea(cmd: Command, id: string, input: CloseArea): Promise<Area> {
  const row = await lockForChange(cmd, id, input.version)
  if (row.kind === 'county') throw new Fault('grid.kind_misplaced', { kind: row.kind, under: '-' })
  const below = await countBelow(cmd.tx, cmd.county, row, cmd.now)
  if (below.areas + below.posts > 0) throw new Fault('grid.area_in_use', below)
  await endArea(cmd.tx, cmd.county, row, cmd.now)
  await replaceBoundary(cmd.tx, cmd.county, { areaId: id, id: null }, cmd.now)
  await replaceGrams(cmd.tx, cmd.county, id, [])
  await endCovers(cmd.tx, cmd.county, id, cmd.now)
  await groundChanged(cmd)
  await rehomeAll(cmd, { kind: 'close', from: [row.path], to: [row.parentPath] })
  await record(cmd, AreaClosed, { id, version: row.version + 1 }, { path: row.path })
  return present(row)
}

/** Says where an area lies; the boundary before stays in its history. @throws grid.bad_boundary, grid.unknown_area, kernel.stale */
export async function setBoundary(cmd: Command, id: string, input: SetBoundary): Promise<Area> {
  const row = await lockForChange(cmd, id, input.version)
  const shape = requireShape(input.shape)
  return present(await drawArea(cmd, row, { shape, schematic: input.schematic ?? false, source: input.source ?? '' }))
}

/** Gives an area a boundary that is known to be one; whoever calls has checked the grant. @throws kernel.stale */
export async function drawArea(
  cmd: Command,
  row: AreaRecord,
  drawing: { shape: AreaShape; schematic: boolean; source: string },
): Promise<AreaRecord> {
  const { shape, schematic } = drawing
  const source = cleanText(drawing.source, { maxLength: 200, path: 'source' })
  const boundary = { id: uuidv7(cmd.now), areaId: row.id, shape, schematic, source, ...boundsOf(shape) }
  await replaceBoundary(cmd.tx, cmd.county, boundary, cmd.now)
  const next = await nextVersion(cmd, row, { schematic })
  await groundChanged(cmd)
  const sha256 = createHash('sha256').update(JSON.stringify(shape)).digest('hex')
  await record(cmd, AreaBounded, next, { path: row.path, boundary: boundary.id, sha256, schematic })
  return next
}

/**
 * Says over which base areas an area of another net stands; what it stood over before stays in its history.
 *
 * @throws grid.unknown_area, grid.kind_misplaced for a base grid, kernel.stale, kernel.forbidden, kernel.wrong_purpose
 */
export async function setCovers(cmd: Command, id: string, input: SetCovers): Promise<Area> {
  const row = await lockForChange(cmd, id, input.version)
  if (row.overlay === 'base' && row.kind !== 'largeArea')
    throw new Fault('grid.kind_misplaced', { kind: row.kind, under: row.kind })
  const wanted = [...new Set(input.covers)]
  for (const path of wanted) requireGrant(cmd, 'grid.manage', path)
  const covered = await listAreasByPath(cmd.tx, cmd.county, wanted, cmd.now)
  if (covered.length < wanted.length || covered.some(({ overlay }) => overlay !== 'base'))
    throw new Fault('grid.unknown_area')
  await keepCovers(
    cmd.tx,
    cmd.county,
    id,
    covered.map((area) => area.id),
    cmd.now,
  )
  const there = new Set(await listCovered(cmd.tx, cmd.county, id))
  const fresh = covered.filter((area) => !there.has(area.id))
  const covers = fresh.map((area) => ({ id: uuidv7(cmd.now), coveredId: area.id }))
  await insertCovers(cmd.tx, cmd.county, id, covers, cmd.now)
  const next = await nextVersion(cmd, row, {})
  await groundChanged(cmd)
  await record(cmd, AreaCovers, next, { path: row.path, covers: wanted.toSorted() })
  return present(next)
}
