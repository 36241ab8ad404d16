import { Compile } from 'typebox/compile'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import { readCsv, writeCsv } from '../csv.ts'
import { requireCode } from './code-pattern.ts'
import {
  AreaCreated,
  AreaRenamed,
  AreaRow,
  type ExportAreas,
  type ImportAreas,
  type ImportedAreas,
} from './contract.ts'
import { exportAreas, getArea } from './queries.ts'
import { gramsOf, joinPath } from './rules.ts'
import { groundChanged, newArea, nextVersion } from './service.ts'
import { findAreaByPath, insertArea, replaceGrams, type AreaRecord } from './store.ts'

const columns = ['parentPath', 'code', 'name', 'kind'] as const
const ROWS_MAX = 2_000
const SHEET_ROWS_MAX = 50_000
const isRow = Compile(AreaRow)

/** The areas of a subtree as CSV, parents before children. @throws grid.change_too_large, kernel.forbidden, kernel.wrong_purpose */
export async function areasSheet(cmd: Command, query: Pick<ExportAreas, 'under'>): Promise<string> {
  const rows: AreaRow[] = []
  let after: string | undefined
  do {
    const page = await exportAreas(cmd, { under: query.under, after })
    rows.push(...page.items)
    if (rows.length > SHEET_ROWS_MAX)
      throw new Fault('grid.change_too_large', { count: rows.length, most: SHEET_ROWS_MAX })
    after = page.next ?? undefined
  } while (after !== undefined)
  return writeCsv(columns, rows)
}

interface NumberedRow {
  line: number
  row: AreaRow
}

/** The first row of a sheet stands on line 2, below its header. */
const numbered = (rows: readonly AreaRow[]): NumberedRow[] => rows.map((row, at) => ({ line: at + 2, row }))

function rowsOf(csv: string): NumberedRow[] {
  return readCsv(csv, columns).map(({ line, ...row }) => {
    if (!isRow.Check(row)) {
      throw new Fault('grid.import_refused', {
        line,
        reasonZh: '编码、名称或类别不对',
        reasonEn: 'its code, name or kind is not right',
      })
    }
    return { line, row }
  })
}

/**
 * Takes areas in from a sheet, parents before children; a row that is there already changes nothing but its name.
 *
 * @throws grid.import_refused with the line and the reason; then nothing of the sheet is taken.
 */
export async function importAreas(cmd: Command, input: ImportAreas): Promise<ImportedAreas> {
  const done: ImportedAreas = { created: 0, unchanged: 0, renamed: 0 }
  const known = new Map<string, AreaRecord>()
  const rows = input.csv === undefined ? numbered(input.rows ?? []) : rowsOf(input.csv)
  if (rows.length === 0) throw new Fault('kernel.bad_request', { field: 'rows' })
  if (rows.length > ROWS_MAX) throw new Fault('grid.change_too_large', { count: rows.length, most: ROWS_MAX })
  for (const { line, row } of rows) {
    const outcome = await importRow(cmd, row, known).catch((error: unknown) => {
      throw asImportFault(error, line)
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
