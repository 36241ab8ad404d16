import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { App } from '../../kernel/app.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault, faultSentence } from '../../kernel/faults.ts'
import { grantedPaths, isWithin, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { columnLetters } from '../../kernel/sheet-columns.ts'
import { coveredDigits } from '../../kernel/sheet-problems.ts'
import { writeSheets } from '../../kernel/sheet-writer.ts'
import { cleanText } from '../../kernel/text.ts'
import { areaNames, findArea } from '../../grid/index.ts'
import { namesOf } from '../../identity/index.ts'
import { record } from '../../ledger/index.ts'
import { rangesOf } from '../access.ts'
import { addressFields, columnsOf, fieldName, saidField, type SheetField, type SheetKind } from './columns.ts'
import {
  noCounts,
  SheetHandedIn,
  SheetTaken,
  type ActOnImport,
  type BeginImport,
  type Import,
  type ImportPage,
  type ImportState,
  type ImportView,
  type KeptProblem,
  type LookedSheet,
  type MapSheet,
  type ProblemPage,
} from './contract.ts'
import { fingerprintOf } from './headings.ts'
import { bodyOf } from './jobs.ts'
import { storeSealed } from './sealed-file.ts'
import * as store from './store.ts'
import { wakeSheets } from './wake.ts'

type Doors = Pick<FastifyRequest, 'read' | 'command' | 'county'>

/** Where a sheet is taken in: the place asked for, or the caller's own. @throws kernel.forbidden, kernel.wrong_purpose */
function placeOf(cmd: Command, area: string | undefined): string {
  const roots = grantedPaths(cmd, 'registry.import')
  if (area === undefined) return roots[0]!
  requireGrant(cmd, 'registry.import', area)
  return area
}

/**
 * Takes a sheet into the store, sealed, and has it looked at.
 *
 * @throws registry.sheet_too_large, registry.sheet_empty, registry.unknown_area, kernel.storage_full
 */
export async function beginImport(app: App, doors: Doors, input: BeginImport, body: Readable): Promise<ImportView> {
  const areaPath = await doors.read(async (cmd) => {
    const path = placeOf(cmd, input.area)
    if (!(await findArea(cmd, path))) throw new Fault('registry.unknown_area')
    return path
  })
  const id = uuidv7(app.clock.now())
  const objectKey = `${doors.county}/import/${id}`
  const pieces = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  const stored = await storeSealed(app.ports.storage, objectKey, pieces)
  return doors.command(async (cmd) => {
    requireGrant(cmd, 'registry.import', areaPath)
    const { sizeBytes, sha256 } = stored
    await store.insertImport(cmd.tx, cmd.county, {
      id,
      kind: input.kind,
      areaPath,
      fileName: cleanText(input.name, { maxLength: 200, minLength: 1, path: 'name' }),
      sizeBytes,
      sha256,
      objectKey,
      keySealed: cmd.vault.seal(cmd.county, stored.key),
      byAccount: cmd.actor.id,
      byLabel: cmd.actor.label,
      createdAt: cmd.now,
    })
    await record(cmd, SheetHandedIn, { id, version: 1 }, { kind: input.kind, areaPath, sha256, sizeBytes })
    cmd.afterCommit(wakeSheets)
    return viewOf(cmd, (await store.findImport(cmd.tx, cmd.county, id))!)
  })
}

/** An import of the caller's places. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function importOf(cmd: Command, id: string): Promise<store.ImportRow> {
  grantedPaths(cmd, 'registry.import')
  const row = await store.findImport(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'registry.import', row.areaPath)
  return row
}

/** What ended an import, in the reader's language. */
function saidTrouble(cmd: Command, trouble: string | null): string | null {
  if (trouble === null) return null
  const told = trouble.startsWith('{')
    ? (JSON.parse(trouble) as { code: string; detail: Record<string, unknown> })
    : undefined
  if (told) return faultSentence(told.code, told.detail, cmd.locale)
  return cmd.locale === 'en' ? 'An error of ours; please try again.' : '系统出错了，请稍后再试。'
}

async function present(cmd: Command, rows: readonly store.ImportRow[]): Promise<Import[]> {
  const areas = await areaNames(cmd, [...new Set(rows.map(({ areaPath }) => areaPath))])
  const accounts = [...new Set(rows.map(({ byAccount }) => byAccount))].filter((id) => id !== null)
  const names = await namesOf(cmd, accounts)
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    state: row.state,
    areaPath: row.areaPath,
    areaName: areas.get(row.areaPath)?.name ?? '',
    fileName: row.fileName,
    sizeBytes: row.sizeBytes,
    sha256: row.sha256,
    settings: row.settings,
    rowsTotal: row.rowsTotal,
    rowsDone: row.rowsDone,
    checked: row.checked,
    taken: row.taken,
    trouble: saidTrouble(cmd, row.trouble),
    byName: (row.byAccount && names.get(row.byAccount)) || row.byLabel,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    fileKept: row.objectKey !== null,
  }))
}

async function viewOf(cmd: Command, row: store.ImportRow): Promise<ImportView> {
  const sheets = row.lookSealed ? (JSON.parse(cmd.vault.open(cmd.county, row.lookSealed)) as LookedSheet[]) : []
  const fields = columnsOf(row.kind).map(({ code }) => ({
    code,
    name: saidField(row.kind, code, cmd.locale),
    group: groupOf(code),
  }))
  return { ...(await present(cmd, [row]))[0]!, sheets, fields }
}

const groupOf = (field: SheetField): string =>
  (addressFields as readonly string[]).includes(field) ? 'address' : 'record'

export const readImport = async (cmd: Command, id: string): Promise<ImportView> => viewOf(cmd, await importOf(cmd, id))

/** Imports of the caller's places, newest first. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listImports(cmd: Command, page: { limit?: number; after?: string }): Promise<ImportPage> {
  const ranges = rangesOf(grantedPaths(cmd, 'registry.import'))
  const limit = page.limit ?? 20
  const before = page.after && /^[0-9a-f-]{36}$/.test(page.after) ? page.after : null
  const rows = await store.listImports(cmd.tx, cmd.county, { ...ranges, before, limit: limit + 1 })
  const items = await present(cmd, rows.slice(0, limit))
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

const needed: Record<SheetKind, readonly (readonly SheetField[])[]> = {
  people: [
    ['name', 'headName', 'room'],
    ['room', 'houseNumber', 'building', 'address', 'estate'],
  ],
  organisations: [['organisationName'], ['address', 'houseNumber', 'street', 'estate']],
}

/** @throws registry.columns_missing, registry.column_unknown */
function requireColumns(kind: SheetKind, columns: MapSheet['columns'], width: number): void {
  const known = new Set<string>(columnsOf(kind).map(({ code }) => code))
  for (const [field, column] of Object.entries(columns)) {
    if (!known.has(field)) throw new Fault('kernel.bad_request', { field: 'columns' })
    if (column >= width) throw new Fault('registry.column_unknown', { column: columnLetters(column) })
  }
  const missing = needed[kind].filter((ways) => !ways.some((field) => columns[field] !== undefined))
  if (missing.length > 0) {
    const said = missing.map((ways) => ways.map((field) => fieldName(kind, field)).join('/')).join('、')
    throw new Fault('registry.columns_missing', { columns: said })
  }
}

/**
 * Says which sheet is meant and what its columns hold, remembers it for sheets of the same make, and has it tried dry.
 *
 * @throws registry.columns_missing, registry.column_unknown, registry.import_not_now, registry.unknown_area
 */
export async function mapSheet(cmd: Command, id: string, input: MapSheet): Promise<ImportView> {
  const row = await importOf(cmd, id)
  const looked = row.lookSealed ? (JSON.parse(cmd.vault.open(cmd.county, row.lookSealed)) as LookedSheet[]) : []
  const sheet = looked.find(({ name }) => name === input.sheet)
  if (!sheet) throw new Fault('kernel.bad_request', { field: 'sheet' })
  requireColumns(row.kind, input.columns, sheet.headings.length)
  if (input.area !== undefined && (!isWithin(input.area, row.areaPath) || !(await findArea(cmd, input.area))))
    throw new Fault('registry.unknown_area')
  const settings: MapSheet = {
    ...input,
    headingRow: sheet.headingRow,
    headingRows: sheet.headingRows,
    estate: cleanText(input.estate ?? '', { maxLength: 60, path: 'estate' }),
  }
  const turn = {
    id,
    from: ['mapping', 'checked', 'failed'] as const,
    to: 'checking' as const,
    now: cmd.now,
    settings,
    restart: true,
  }
  await requireTurn(cmd, row, turn)
  const fingerprint = fingerprintOf(row.kind, sheet.headings)
  const { columns } = input
  await store.saveMapping(cmd.tx, cmd.county, { kind: row.kind, fingerprint, columns, by: cmd.actor.id, at: cmd.now })
  return changed(cmd, id)
}

async function requireTurn(
  cmd: Command,
  row: store.ImportRow,
  turn: Parameters<typeof store.turnImport>[2],
): Promise<void> {
  // What has taken rows in is not tried dry again: it would find its own people.
  const begun = row.batches > 0 && turn.to === 'checking'
  if (begun || row.objectKey === null || !(await store.turnImport(cmd.tx, cmd.county, turn)))
    throw new Fault('registry.import_not_now', { state: row.state })
}

async function changed(cmd: Command, id: string): Promise<ImportView> {
  cmd.afterCommit(wakeSheets)
  return viewOf(cmd, (await store.findImport(cmd.tx, cmd.county, id))!)
}

type Turn = { from: readonly ImportState[]; to: ImportState; restart?: boolean; finished?: boolean }
const turns: Record<ActOnImport['act'], Turn> = {
  run: { from: ['checked'], to: 'running', restart: true },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused', 'failed'], to: 'running' },
  cancel: {
    from: ['reading', 'mapping', 'checking', 'checked', 'running', 'paused', 'failed'],
    to: 'cancelled',
    finished: true,
  },
  remap: { from: ['checking', 'checked', 'failed'], to: 'mapping', restart: true },
}

/**
 * Runs, pauses, resumes or ends an import; the batch under way ends first or is taken back as a whole.
 *
 * @throws registry.import_not_now
 */
export async function actOnImport(cmd: Command, id: string, { act }: ActOnImport): Promise<ImportView> {
  const row = await importOf(cmd, id)
  const isWrong =
    (act === 'resume' && row.state === 'failed' && row.batches === 0) || (act === 'remap' && row.batches > 0)
  if (isWrong) throw new Fault('registry.import_not_now', { state: row.state })
  await requireTurn(cmd, row, { id, now: cmd.now, ...turns[act] })
  if (act !== 'remap')
    await record(cmd, SheetTaken, { id: uuidv7(cmd.now), version: 1 }, bodyOf(row, act, row.taken ?? noCounts()))
  return changed(cmd, id)
}

/** What is wrong in which rows, in their order. */
export async function listProblems(
  cmd: Command,
  id: string,
  page: { limit?: number; after?: string },
): Promise<ProblemPage> {
  const row = await importOf(cmd, id)
  const limit = page.limit ?? 50
  const looked = row.lookSealed ? (JSON.parse(cmd.vault.open(cmd.county, row.lookSealed)) as LookedSheet[]) : []
  const headings = looked.find(({ name }) => name === row.settings?.sheet)?.headings ?? []
  const after = Number(page.after ?? 0)
  if (!Number.isInteger(after)) throw new Fault('kernel.bad_request', { field: 'after' })
  const found = await store.listProblems(cmd.tx, cmd.county, { importId: id, after, limit: limit + 1 })
  const items = found.slice(0, limit).map(({ rowNumber, outcome, problemsSealed }) => ({
    row: rowNumber,
    outcome,
    problems: openProblems(cmd, problemsSealed).map((problem) => {
      const column = problem.field === null ? undefined : row.settings?.columns[problem.field]
      return {
        sheet: row.settings?.sheet ?? '',
        row: rowNumber,
        column: column === undefined ? '' : columnLetters(column),
        heading: headings[column ?? -1] ?? (problem.field === null ? '' : fieldName(row.kind, problem.field)),
        cell: coveredDigits(problem.cell).slice(0, 60),
        message: cmd.locale === 'en' ? problem.en : problem.zh,
      }
    }),
  }))
  return { items, next: found.length > limit ? String(items.at(-1)!.row) : null }
}

export const openProblems = (cmd: Pick<Command, 'vault' | 'county'>, sealed: Buffer): KeptProblem[] =>
  JSON.parse(cmd.vault.open(cmd.county, sealed)) as KeptProblem[]

const samples: Record<SheetKind, readonly Partial<Record<SheetField, string>>[]> = {
  people: [
    {
      name: '（示例，请删）张三',
      citizenId: '330411198001010018',
      phone: '13800000001',
      headRelation: '户主',
      registration: '户籍',
      estate: '幸福小区',
      building: '3幢',
      unit: '2单元',
      room: '501',
    },
    { name: '李四', headRelation: '配偶', estate: '幸福小区', building: '3幢', unit: '2单元', room: '501' },
    { tenure: '空置', estate: '幸福小区', building: '3幢', unit: '2单元', room: '502' },
  ],
  organisations: [
    {
      organisationName: '（示例，请删）秀洲区某某超市',
      organisationKind: '个体工商户',
      trade: '零售',
      legalName: '王五',
      legalPhone: '13800000002',
      street: '幸福路',
      houseNumber: '12号',
    },
  ],
}

/** An empty sheet with our headings, rows that show how, and what to mind. */
export function sheetTemplate(kind: SheetKind): Readable {
  const columns = columnsOf(kind)
  const rows = samples[kind].map((sample) => columns.map(({ code }) => sample[code] ?? ''))
  const notes = [
    ['怎么填', ''],
    ['可以直接用', '手头的花名册不用改成这个样子：列名相近就认得出，认不出的可以在页面上指明，下次就记住了。'],
    ['证件号', '先把这一列设成“文本”再填，否则 Excel 会把后三位改成 0。'],
    ['地址', '小区、幢、单元、室分列写，或写在一列“地址”里；同一户的下面几行可以空着。'],
    ['没有的', '空着就行，不要写“无”以外的话。'],
    ['重复导入', '同一个人不会登记两次：已有的只核对、更新，对不上的列出来由人决定。'],
  ]
  return writeSheets([
    {
      name: kind === 'people' ? '人员花名册' : '单位名册',
      rows: [columns.map(({ names }) => names[0]!), ...rows],
      widths: columns.map(() => 16),
    },
    { name: '填表说明', rows: notes, widths: [16, 90] },
  ])
}
