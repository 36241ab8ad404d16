import type { Readable } from 'node:stream'
import type { App } from '../../kernel/app.ts'
import type { Command } from '../../kernel/command.ts'
import { writeSheets, type WrittenRow } from '../../kernel/sheet-writer.ts'
import { readSheets, type SheetRow } from '../../kernel/sheets.ts'
import { dayOf } from '../rules.ts'
import { addressFields, fieldName, type SheetField } from './columns.ts'
import type { KeptProblem } from './contract.ts'
import { PROBLEM_HEADING } from './headings.ts'
import { openImport, sheetOf } from './jobs.ts'
import { headingFrom, rosterLimits } from './reading.ts'
import { RowReader, type ReadRow } from './rows.ts'
import { importOf, openProblems } from './service.ts'
import { listProblems, type ImportRow } from './store.ts'

const PAGE = 500
type Reading = <T>(work: (cmd: Command) => Promise<T>) => Promise<T>

const useWords = { ownerOccupied: '自住', let: '出租', vacant: '空置' } as const

/** Cells of a row as it must stand alone: what it took from the row above is written into it. */
function standingAlone(
  row: SheetRow,
  read: ReadRow | undefined,
  columns: Partial<Record<SheetField, number>>,
): string[] {
  const cells = [...row.cells]
  if (!read || read.noise) return cells
  const fill = (field: SheetField, text: string): void => {
    const at = columns[field]
    if (at === undefined || text === '') return
    while (cells.length <= at) cells.push('')
    cells[at] ||= text
  }
  const { door, area } = read
  const own: Partial<Record<SheetField, string>> = { ...door, ...area }
  if (columns.address === undefined || cells[columns.address] === '')
    for (const field of addressFields) fill(field, own[field] ?? '')
  if (read.use) fill('tenure', useWords[read.use])
  return cells
}

/** Rows of the sheet that were not taken in, in their order, with what is wrong. */
async function* problemRows(
  reading: Reading,
  at: { app: App; county: string; row: ImportRow },
): AsyncGenerator<{ heading: SheetRow } | { row: SheetRow; read: ReadRow | undefined; problems: KeptProblem[] }> {
  const { app, county, row } = at
  const sheet = sheetOf(app, county, row, dayOf(app.clock.now()))
  const heading = headingFrom(sheet.settings, sheet.headings)
  const reader = new RowReader(row.kind, heading, sheet.today, sheet.settings.estate ?? '')
  let waiting: { row: number; problems: KeptProblem[] }[] = []
  let after = 0
  let over = false
  const next = async (): Promise<void> => {
    const page = await reading((cmd) => listProblems(cmd.tx, county, { importId: row.id, after, limit: PAGE }))
    waiting = page.map((one) => ({
      row: one.rowNumber,
      problems: openProblems({ vault: app.vault, county }, one.problemsSealed),
    }))
    after = waiting.at(-1)?.row ?? after
    over = page.length < PAGE
  }
  await next()
  for await (const part of readSheets(openImport(app, county, row), rosterLimits, { sheet: sheet.settings.sheet })) {
    for (const one of part.rows) {
      if (one.number >= heading.row && one.number < heading.row + heading.rows) yield { heading: one }
      const read = reader.read(one)
      if (waiting[0]?.row !== one.number) continue
      yield { row: one, read, problems: waiting.shift()!.problems }
      if (waiting.length === 0 && !over) await next()
    }
    if (waiting.length === 0 && over) return
  }
}

/**
 * The rows that were not taken in, as they stood, with their cells marked and a column that says what is wrong: to be
 * corrected and handed in again.
 *
 * @throws kernel.not_found, kernel.forbidden, registry.sheet_gone
 */
export async function markedSheet(app: App, reading: Reading, county: string, id: string): Promise<Readable> {
  const row = await reading((cmd) => importOf(cmd, id))
  const sheet = sheetOf(app, county, row, dayOf(app.clock.now()))
  openImport(app, county, row)
  const there = sheet.headings.indexOf(PROBLEM_HEADING)
  const width = there === -1 ? sheet.headings.length : there
  const { columns, headingRow, headingRows } = sheet.settings
  async function* rows(): AsyncGenerator<WrittenRow> {
    for await (const one of problemRows(reading, { app, county, row })) {
      if ('heading' in one) {
        const isLast = one.heading.number === headingRow + headingRows - 1
        yield [...padded(one.heading.cells, width), isLast ? PROBLEM_HEADING : '']
        continue
      }
      const marked = new Set([width])
      for (const { field } of one.problems)
        if (field !== null && columns[field] !== undefined) marked.add(columns[field])
      const called = (field: SheetField | null): string =>
        field === null ? '' : `【${sheet.headings[columns[field] ?? -1] ?? fieldName(row.kind, field)}】`
      const said = one.problems.map(({ field, zh }) => `${called(field)}${zh}`)
      yield { cells: [...padded(standingAlone(one.row, one.read, columns), width), said.join('\n')], marked }
    }
  }
  const widths = Array.from({ length: width + 1 }, (_, at) => (at === width ? 60 : 16))
  return writeSheets([{ name: sheet.settings.sheet || '有问题的行', headings: headingRows, widths, rows: rows() }])
}

const padded = (cells: readonly string[], width: number): string[] =>
  Array.from({ length: width }, (_, at) => cells[at] ?? '')
