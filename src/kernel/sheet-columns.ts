import type { SheetRow, WholeSheet } from './sheets.ts'

/** A column that is looked for, by any of the headings that people give it. */
export interface WantedColumn<Code extends string> {
  readonly code: Code
  /** The heading of our own template first. */
  readonly names: readonly string[]
  readonly required?: boolean
}

export interface Table<Code extends string> {
  readonly sheet: string
  readonly headingRow: number
  readonly headings: readonly string[]
  readonly columns: ReadonlyMap<Code, number>
  readonly rows: readonly SheetRow[]
}

/** A heading as it is compared: width, blanks, stars and what stands in brackets do not count. */
export const plainHeading = (heading: string): string =>
  heading
    .normalize('NFKC')
    .replace(/[（(【[].*?[）)】\]]/g, '')
    .replace(/[\s*＊:：、/／_-]/g, '')
    .toLowerCase()

/** Titles, dates and remarks stand above the headings at most so far down. */
const HEADING_ROWS_MAX = 15

/**
 * Finds the headings of a sheet: the row near its top in which most of the wanted columns stand.
 *
 * @returns undefined where no row has all that are required.
 */
export function tableOf<Code extends string>(
  sheet: WholeSheet,
  wanted: readonly WantedColumn<Code>[],
): Table<Code> | undefined {
  let best: { at: number; columns: Map<Code, number> } | undefined
  for (const [at, row] of sheet.rows.slice(0, HEADING_ROWS_MAX).entries()) {
    const columns = columnsIn(row, wanted)
    if (
      wanted.every(({ code, required }) => !required || columns.has(code)) &&
      columns.size > (best?.columns.size ?? 0)
    )
      best = { at, columns }
  }
  if (!best) return undefined
  const heading = sheet.rows[best.at]!
  return {
    sheet: sheet.name,
    headingRow: heading.number,
    headings: heading.cells,
    columns: best.columns,
    rows: sheet.rows.slice(best.at + 1),
  }
}

function columnsIn<Code extends string>(row: SheetRow, wanted: readonly WantedColumn<Code>[]): Map<Code, number> {
  const found = new Map<Code, number>()
  const headings = row.cells.map(plainHeading)
  for (const { code, names } of wanted) {
    const known = new Set(names.map(plainHeading))
    const at = headings.findIndex((heading, column) => known.has(heading) && ![...found.values()].includes(column))
    if (at !== -1) found.set(code, at)
  }
  return found
}

/** The letters by which a spreadsheet calls a column, from 0: A, B … AA. */
export function columnLetters(column: number): string {
  const rest = Math.floor(column / 26)
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (column % 26))
}
