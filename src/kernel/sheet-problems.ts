import type { Readable } from 'node:stream'
import { Type, type Static } from 'typebox'
import type { Locale } from './faults.ts'
import { columnLetters, type Table } from './sheet-columns.ts'
import { writeSheets } from './sheet-writer.ts'
import type { WholeSheet } from './sheets.ts'

/** What is wrong in one cell of a sheet that somebody handed in. */
export interface CellProblem {
  readonly sheet: string
  readonly row: number
  /** The letter of the column; empty where the whole row is meant. */
  readonly column: string
  readonly heading: string
  readonly cell: string
  readonly zh: string
  readonly en: string
}

export const SheetProblem = Type.Object({
  sheet: Type.String(),
  row: Type.Integer({ description: 'As the spreadsheet numbers it.' }),
  column: Type.String({ description: 'Its letter; empty where the whole row is meant.' }),
  heading: Type.String(),
  cell: Type.String({ description: 'What stands there; phones masked.' }),
  message: Type.String({ description: 'What is wrong and what to do, in the reader’s language.' }),
})
export type SheetProblem = Static<typeof SheetProblem>

/** A problem at a column of a table; null means the whole row. */
export function problemAt<Code extends string>(
  table: Table<Code>,
  row: { number: number; cells: readonly string[] },
  words: { column: Code | null; zh: string; en: string },
): CellProblem {
  const at = words.column === null ? undefined : table.columns.get(words.column)
  return {
    sheet: table.sheet,
    row: row.number,
    column: at === undefined ? '' : columnLetters(at),
    heading: at === undefined ? '' : (table.headings[at] ?? ''),
    cell: at === undefined ? '' : (row.cells[at] ?? ''),
    zh: words.zh,
    en: words.en,
  }
}

/** Digits that may be somebody's number are covered in their middle. */
export const coveredDigits = (text: string): string =>
  text.replace(/\d{7,}/g, (digits) => `${digits.slice(0, 3)}${'*'.repeat(digits.length - 7)}${digits.slice(-4)}`)

const CELL_SHOWN = 60

/** A problem as a page shows it. */
export const shownProblem = (problem: CellProblem, locale: Locale): SheetProblem => ({
  sheet: problem.sheet,
  row: problem.row,
  column: problem.column,
  heading: problem.heading,
  cell: coveredDigits(problem.cell).slice(0, CELL_SHOWN),
  message: locale === 'en' ? problem.en : problem.zh,
})

/** A column of ours in a sheet that comes back corrected: never read, always written anew. */
const PROBLEM_HEADING = '问题'

/** Sheets as they were, each with its problems in a column behind the last. */
export function markedSheets(
  sheets: readonly WholeSheet[],
  tables: readonly Table<string>[],
  problems: readonly CellProblem[],
  locale: Locale,
): Readable {
  return writeSheets(
    sheets.map((sheet) => {
      const table = tables.find((candidate) => candidate.sheet === sheet.name)
      if (!table) return { name: sheet.name, headings: 0, rows: sheet.rows.map(({ cells }) => cells) }
      const there = table.headings.indexOf(PROBLEM_HEADING)
      const width = there === -1 ? Math.max(...sheet.rows.map(({ cells }) => cells.length)) : there
      const byRow = new Map<number, string[]>()
      for (const problem of problems.filter((candidate) => candidate.sheet === sheet.name)) {
        const where = problem.heading === '' ? '' : `【${problem.heading}】`
        byRow.set(problem.row, [
          ...(byRow.get(problem.row) ?? []),
          `${where}${locale === 'en' ? problem.en : problem.zh}`,
        ])
      }
      const rows = sheet.rows.map((row) => {
        const cells = Array.from({ length: width }, (_, at) => row.cells[at] ?? '')
        const last = row.number === table.headingRow ? PROBLEM_HEADING : (byRow.get(row.number) ?? []).join('\n')
        return [...cells, last]
      })
      const headings = sheet.rows.findIndex(({ number }) => number === table.headingRow) + 1
      const widths = Array.from({ length: width + 1 }, (_, at) => (at === width ? 56 : 16))
      return { name: sheet.name, rows, widths, headings, marked: [width] }
    }),
  )
}
