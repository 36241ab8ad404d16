import { Compile } from 'typebox/compile'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { getArea } from '../areas/index.ts'
import { readCsv, writeCsv } from '../csv.ts'
import { PostRow, type ImportedPosts, type ImportPosts } from './contract.ts'
import { layPost } from './service.ts'
import * as store from './store.ts'

const columns = ['areaPath', 'role', 'unit', 'name'] as const
const ROWS_MAX = 2_000
const SHEET_ROWS_MAX = 50_000
const PAGE = 2_000
const NIL = '00000000-0000-0000-0000-000000000000'
const isRow = Compile(PostRow)

/** The posts of a subtree as CSV. @throws grid.change_too_large, kernel.forbidden, kernel.wrong_purpose */
export async function postsSheet(cmd: Command, query: { under?: string }): Promise<string> {
  const root = query.under ?? cmd.county
  requireGrant(cmd, 'grid.read', root)
  const rows: PostRow[] = []
  let [afterPath, afterId] = ['', NIL]
  for (;;) {
    const page = await store.listPostsBelow(cmd.tx, cmd.county, root, { at: cmd.now, afterPath, afterId, limit: PAGE })
    rows.push(...page.map(({ areaPath, role, unit, name }) => ({ areaPath, role, unit: unit ?? '', name })))
    if (rows.length > SHEET_ROWS_MAX)
      throw new Fault('grid.change_too_large', { count: rows.length, most: SHEET_ROWS_MAX })
    const last = page.at(-1)
    if (!last || page.length < PAGE) return writeCsv(columns, rows)
    ;[afterPath, afterId] = [last.areaPath, last.id]
  }
}

const reasons: Record<string, [zh: string, en: string]> = {
  'grid.unknown_area': ['没有这个区域', 'there is no such area'],
  'grid.unknown_role': ['没有这个岗位类别', 'there is no such role'],
  'kernel.invalid_input': ['名称不对', 'its name is not right'],
}

function refused(line: number, [reasonZh, reasonEn]: [zh: string, en: string], cause?: unknown): Fault {
  return new Fault('grid.import_refused', { line, reasonZh, reasonEn }, { cause })
}

/**
 * Sets up posts from a sheet; one that is there (same area, role, department and name) is left alone.
 *
 * @throws grid.import_refused with the line and the reason; then nothing of the sheet is taken.
 */
export async function importPosts(cmd: Command, input: ImportPosts): Promise<ImportedPosts> {
  const rows =
    input.csv === undefined ? (input.rows ?? []).map((row, at) => ({ line: at + 2, ...row })) : rowsOf(input.csv)
  if (rows.length === 0) throw new Fault('kernel.bad_request', { field: 'rows' })
  if (rows.length > ROWS_MAX) throw new Fault('grid.change_too_large', { count: rows.length, most: ROWS_MAX })
  const done: ImportedPosts = { created: 0, unchanged: 0 }
  for (const { line, ...row } of rows) {
    const outcome = await importRow(cmd, row).catch((error: unknown) => {
      const reason = error instanceof Fault ? reasons[error.code] : undefined
      throw reason ? refused(line, reason, error) : error
    })
    done[outcome]++
  }
  if (input.dryRun) throw new PostsDryRun(done)
  return done
}

/** Carries a dry run's count out of the transaction, which is rolled back. */
export class PostsDryRun extends Error {
  readonly counts: ImportedPosts

  constructor(counts: ImportedPosts) {
    super('dry run')
    this.counts = counts
  }
}

function rowsOf(csv: string): ({ line: number } & PostRow)[] {
  return readCsv(csv, columns).map(({ line, ...row }) => {
    if (!isRow.Check(row))
      throw refused(line, ['区域、岗位类别、部门或名称不对', 'its area, role, department or name is not right'])
    return { line, ...row }
  })
}

async function importRow(cmd: Command, row: PostRow): Promise<keyof ImportedPosts> {
  requireGrant(cmd, 'grid.manage', row.areaPath)
  const area = await getArea(cmd, row.areaPath)
  const unit = row.unit === '' ? null : row.unit
  const there = await store.listPosts(cmd.tx, cmd.county, [area.id], cmd.now)
  const same = there.some(
    (post) => post.role === row.role && post.unit === unit && (row.name === '' || post.name === row.name),
  )
  if (same) return 'unchanged'
  await layPost(cmd, {
    areaPath: row.areaPath,
    role: row.role,
    unit,
    ...(row.name === '' ? {} : { name: row.name }),
  })
  return 'created'
}
