import { bytesOf, type Bytes } from './sheet-bytes.ts'
import { readCsvSheet } from './sheet-csv.ts'
import { refuseLargeSheet, refuseSheet } from './sheet-faults.ts'
import { readXlsx } from './sheet-xlsx.ts'

/** What a sheet may cost; each reader of sheets says its own. */
export interface SheetLimits {
  /** Of all sheets of a file together with whatever lies packed in it. */
  readonly unpackedBytesMax: number
  readonly rowsMax: number
  readonly columnsMax: number
  readonly cellCharactersMax: number
  /** Of the texts that cells of an xlsx share, which are held in memory; as many as `unpackedBytesMax` where not said. */
  readonly sharedCharactersMax?: number
}

/** Which part of a file is wanted; the rest is passed over. */
export interface SheetChoice {
  /** Only the sheet of this name. */
  readonly sheet?: string
  /** Only about so many rows at the top of each sheet. */
  readonly firstRows?: number
}

export interface SheetRow {
  /** As the spreadsheet numbers it, from 1. */
  readonly number: number
  readonly cells: string[]
}

export interface Merge {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** Some rows of a sheet in their order, empty ones left out; the last part of a sheet also brings its merged cells. */
export interface SheetPart {
  readonly sheet: string
  rows: SheetRow[]
  merges: Merge[]
}

/** What an office fills in by hand. */
export const deskLimits: SheetLimits = {
  unpackedBytesMax: 100 * 1024 * 1024,
  rowsMax: 10_000,
  columnsMax: 100,
  cellCharactersMax: 4_000,
}

const isZip = (head: Buffer): boolean => head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))
const isCompoundFile = (head: Buffer): boolean => head.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))

/**
 * Reads an xlsx or a text file (CSV, tab-separated; UTF-8, GB18030 or UTF-16), whichever it is by its content.
 *
 * Everything is text: numbers without exponent, days as 2026-03-05, formulas as the value they had. Memory stays flat but
 * for texts that cells of an xlsx share.
 * @throws kernel.sheet_unreadable, kernel.sheet_too_large
 */
export async function* readSheets(
  bytes: Bytes,
  limits: SheetLimits,
  choice: SheetChoice = {},
): AsyncGenerator<SheetPart> {
  if (bytes.sizeBytes === 0) refuseSheet('文件是空的。', 'the file is empty.')
  const head = await bytes.read(0, 8)
  if (isCompoundFile(head))
    refuseSheet(
      '这是老格式（.xls）或加了密码的文件，请打开后另存为 .xlsx，不设密码。',
      'this is the old format (.xls) or has a password; please save it as .xlsx without one.',
    )
  yield* isZip(head) ? readXlsx(bytes, limits, choice) : readCsvSheet(bytes, limits, choice)
}

export interface WholeSheet {
  readonly name: string
  readonly rows: readonly SheetRow[]
}

/** A small file as a whole; every cell of a merged block says what the block says. */
export async function readWholeSheets(buffer: Buffer, limits: SheetLimits = deskLimits): Promise<WholeSheet[]> {
  const sheets = new Map<string, { rows: SheetRow[]; merges: Merge[] }>()
  for await (const part of readSheets(bytesOf(buffer), limits)) {
    const sheet = sheets.get(part.sheet) ?? { rows: [], merges: [] }
    sheets.set(part.sheet, sheet)
    for (const row of part.rows) {
      if (row.cells.some((cell) => cell.length > limits.cellCharactersMax))
        refuseLargeSheet(`第 ${row.number} 行有一个格子特别长。`, `a cell of row ${row.number} is enormous.`)
      sheet.rows.push(row)
    }
    sheet.merges.push(...part.merges)
  }
  return [...sheets].map(([name, sheet]) => ({ name, rows: spread(sheet.rows, sheet.merges) }))
}

const MERGED_ROWS_MAX = 2_000

/** Fills merged blocks. Rows that were empty but for a merged cell stay away: they hold nobody. */
function spread(rows: SheetRow[], merges: readonly Merge[]): SheetRow[] {
  if (merges.length === 0) return rows
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  for (const { top, bottom, left, right } of merges) {
    const text = byNumber.get(top)?.cells[left] ?? ''
    if (text === '' || right - left > deskLimits.columnsMax) continue
    for (let number = top; number <= Math.min(bottom, top + MERGED_ROWS_MAX); number++) {
      const row = byNumber.get(number)
      if (!row) continue
      for (let column = left; column <= right; column++) {
        while (row.cells.length < column) row.cells.push('')
        row.cells[column] ||= text
      }
    }
  }
  return rows
}
