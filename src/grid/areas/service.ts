import { createHash } from 'node:crypto'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { isWithin, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { boundsOf } from '../../kernel/positions.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import { forgetDirectory } from '../directory.ts'
import { raiseGround } from '../store.ts'
import {
  AreaBounded,
  AreaClosed,
  AreaCreated,
  AreaMoved,
  AreaRenamed,
  type Area,
  type AreaRow,
  type CloseArea,
  type CreateArea,
  type ImportAreas,
  type ImportedAreas,
  type MoveArea,
  type RenameArea,
  type SetBoundary,
} from './contract.ts'
import { requireCode } from './code-pattern.ts'
import { forgetGround } from './ground.ts'
import { getArea, present } from './queries.ts'
import { gramsOf, joinPath, numberOf, overlayOfKind, requirePlace, requireShape } from './rules.ts'
import {
  countBelow,
  endArea,
  endCovers,
  findAreaByPath,
  insertArea,
  insertCovers,
  listAreasByPath,
  listSubtree,
  lockArea,
  replaceBoundary,
  replaceGrams,
  type AreaRecord,
} from './store.ts'

const AREAS_AT_ONCE_MAX = 5_000

/** Tells this process after the commit, others by the version, that the ground is another one. */
async function groundChanged(cmd: Command): Promise<void> {
  await raiseGround(cmd.tx, cmd.county)
  cmd.afterCommit(() => {
    forgetGround(cmd.ports, cmd.county)
    forgetDirectory(cmd.ports, cmd.county)
  })
}

/** Closes the present version and opens the next; other fields stay. */
async function nextVersion(cmd: Command, row: AreaRecord, change: Partial<AreaRecord>): Promise<AreaRecord> {
  const next = { ...row, ...change, version: row.version + 1, validFrom: cmd.now, validUntil: null }
  await endArea(cmd.tx, cmd.county, row, cmd.now)
  await insertArea(cmd.tx, cmd.county, next)
  return next
}

function requireVersion(row: AreaRecord, version: number): void {
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
}

async function lockForChange(cmd: Command, id: string, version: number): Promise<AreaRecord> {
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

function newArea(cmd: Command, parent: AreaRecord, input: Omit<AreaRow, 'parentPath'>, id?: string): AreaRecord {
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
  for (const rehome of cmd.ports.rehome) await rehome.apply(cmd, { kind: 'move', from: [row.path], to: [moved.path] })
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
  for (const rehome of cmd.ports.rehome)
    await rehome.apply(cmd, { kind: 'close', from: [row.path], to: [row.parentPath] })
  await record(cmd, AreaClosed, { id, version: row.version + 1 }, { path: row.path })
  return present(row)
}

/** Says where an area lies; the boundary before stays in its history. @throws grid.bad_boundary, grid.unknown_area, kernel.stale */
export async function setBoundary(cmd: Command, id: string, input: SetBoundary): Promise<Area> {
  const row = await lockForChange(cmd, id, input.version)
  const shape = requireShape(input.shape)
  const schematic = input.schematic ?? false
  const source = cleanText(input.source ?? '', { maxLength: 200, path: 'source' })
  const boundary = { id: uuidv7(cmd.now), areaId: id, shape, schematic, source, ...boundsOf(shape) }
  await replaceBoundary(cmd.tx, cmd.county, boundary, cmd.now)
  const next = await nextVersion(cmd, row, { schematic })
  await groundChanged(cmd)
  const sha256 = createHash('sha256').update(JSON.stringify(shape)).digest('hex')
  await record(cmd, AreaBounded, next, { path: row.path, boundary: boundary.id, sha256, schematic })
  return present(next)
}

/**
 * Takes areas in from a sheet, parents before children; a row that is there already changes nothing but its name.
 *
 * @throws grid.import_refused with the line and the reason; then nothing of the sheet is taken.
 */
export async function importAreas(cmd: Command, input: ImportAreas): Promise<ImportedAreas> {
  const done: ImportedAreas = { created: 0, unchanged: 0, renamed: 0 }
  const known = new Map<string, AreaRecord>()
  for (const [at, row] of input.rows.entries()) {
    const outcome = await importRow(cmd, row, known).catch((error: unknown) => {
      throw asImportFault(error, at + 2)
    })
    done[outcome]++
  }
  if (input.dryRun) throw new DryRun(done)
  if (done.created + done.renamed > 0) await groundChanged(cmd)
  return done
}

/** Carries a dry run's count out of the transaction, which is rolled back. */
export class DryRun extends Error {
  readonly counts: ImportedAreas

  constructor(counts: ImportedAreas) {
    super('dry run')
    this.counts = counts
  }
}

async function importRow(cmd: Command, row: AreaRow, known: Map<string, AreaRecord>): Promise<keyof ImportedAreas> {
  requireGrant(cmd, 'grid.manage', row.parentPath || cmd.county)
  const path = joinPath(row.parentPath, row.code)
  const there = known.get(path) ?? (await findAreaByPath(cmd.tx, cmd.county, path, cmd.now))
  const name = cleanText(row.name, { minLength: 1, maxLength: 60, path: 'name' })
  if (there) {
    known.set(path, there)
    if (there.name === name) return 'unchanged'
    const next = await nextVersion(cmd, there, { name })
    known.set(path, next)
    await replaceGrams(cmd.tx, cmd.county, there.id, gramsOf(name))
    await record(cmd, AreaRenamed, next, { path })
    return 'renamed'
  }
  const parent = known.get(row.parentPath) ?? (await getArea(cmd, row.parentPath))
  known.set(parent.path, parent)
  await requireCode(cmd, row.kind, row.code)
  const area = newArea(cmd, parent, row)
  await insertArea(cmd.tx, cmd.county, area)
  await replaceGrams(cmd.tx, cmd.county, area.id, gramsOf(area.name))
  await record(cmd, AreaCreated, area, { path: area.path, kind: area.kind, overlay: area.overlay })
  known.set(path, area)
  return 'created'
}

const reasons: Record<string, [zh: string, en: string]> = {
  'grid.unknown_area': ['上级区域不存在', 'its parent does not exist'],
  'grid.code_taken': ['编码已被用', 'its code is taken'],
  'grid.code_unfit': ['编码不合本县（市、区）的规则', 'its code does not follow the county’s pattern'],
  'grid.kind_misplaced': ['这类区域不能放在这个上级下面', 'its kind cannot lie under that parent'],
  'kernel.invalid_input': ['名称为空或太长', 'its name is empty or too long'],
}

function asImportFault(error: unknown, line: number): unknown {
  const reason = error instanceof Fault ? reasons[error.code] : undefined
  if (!reason) return error
  return new Fault('grid.import_refused', { line, reasonZh: reason[0], reasonEn: reason[1] }, { cause: error })
}
