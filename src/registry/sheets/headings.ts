import { createHash } from 'node:crypto'
import { plainHeading } from '../../kernel/sheet-columns.ts'
import type { SheetRow } from '../../kernel/sheets.ts'
import { columnsOf, type SheetField, type SheetKind } from './columns.ts'

/** Where the headings of a sheet stand, and what its columns hold. */
export interface Heading {
  /** As the spreadsheet numbers it; of two heading rows the first. */
  readonly row: number
  readonly rows: 1 | 2
  /** One for each column; of two rows joined: 住址 幢. */
  readonly headings: readonly string[]
  /** Column of each field that was recognised, from 0. */
  readonly columns: Readonly<Partial<Record<SheetField, number>>>
}

/** Titles, dates and remarks stand above the headings at most so far down. */
export const HEADING_ROWS_MAX = 15

interface Label {
  readonly text: string
  /** All the ways in which the column may be meant, finest first. */
  readonly ways: readonly string[]
}

const filled = (cell: string | undefined): string => (cell ?? '').replace(/\s+/g, ' ').trim()

/** 联系电话/手机, 工作单位或学校: each of what is named. */
const waysOf = (...texts: string[]): string[] => [
  ...texts,
  ...texts.flatMap((text) => text.split(/[/／、或]/u)).filter((piece) => !texts.includes(piece)),
]
const WAYS_MAX = 6

const ofOneRow = (row: SheetRow): Label[] =>
  row.cells.map((cell) => ({ text: filled(cell), ways: filled(cell) === '' ? [] : waysOf(filled(cell)) }))

/** Two heading rows, the upper one merged over several columns: 住址 over 幢, 单元, 室. */
function ofTwoRows(upper: SheetRow, lower: SheetRow): Label[] {
  let group = ''
  return Array.from({ length: Math.max(upper.cells.length, lower.cells.length) }, (_, at) => {
    const [above, below] = [filled(upper.cells[at]), filled(lower.cells[at])]
    if (above !== '') group = above
    if (below === '') return { text: above, ways: above === '' ? [] : waysOf(above) }
    const whole = above === below ? above : `${group} ${below}`.trim()
    return { text: whole, ways: waysOf(`${group}${below}`, below) }
  })
}

function columnsIn(labels: readonly Label[], kind: SheetKind): Partial<Record<SheetField, number>> {
  const found: Partial<Record<SheetField, number>> = {}
  const taken = new Set<number>()
  const ways = labels.map((label) => label.ways.map(plainHeading))
  const take = (field: SheetField, at: number): void => {
    found[field] = at
    taken.add(at)
  }
  // The finest reading of every column first: 户主 电话 is no 电话 of its own while another column is just that.
  for (let nth = 0; nth < WAYS_MAX; nth++) {
    for (const { code, names } of columnsOf(kind)) {
      if (found[code] !== undefined) continue
      for (const name of names.map(plainHeading)) {
        const at = ways.findIndex((one, column) => !taken.has(column) && one[nth] === name)
        if (at === -1) continue
        take(code, at)
        break
      }
    }
  }
  return found
}

const isUseful = (kind: SheetKind, columns: Partial<Record<SheetField, number>>): boolean =>
  kind === 'organisations'
    ? columns.organisationName !== undefined
    : columns.name !== undefined || columns.headName !== undefined || columns.room !== undefined

/**
 * Finds the headings of a sheet: one or two rows near its top in which most of the known columns stand, wherever they stand
 * and in whatever order.
 *
 * @returns undefined where no row has what a sheet of the kind cannot do without.
 */
export function headingOf(rows: readonly SheetRow[], kind: SheetKind): Heading | undefined {
  let best: { heading: Heading; score: number } | undefined
  const top = rows.slice(0, HEADING_ROWS_MAX)
  for (const [at, row] of top.entries()) {
    const next = top[at + 1]
    const candidates: [Label[], 1 | 2][] = [[ofOneRow(row), 1]]
    if (next && next.number === row.number + 1) candidates.push([ofTwoRows(row, next), 2])
    for (const [labels, count] of candidates) {
      const columns = columnsIn(labels, kind)
      const score = Object.keys(columns).length
      // Of two that recognise the same, one row is meant: the other was joined with a title.
      const better = score > (best?.score ?? 0) || (score === best?.score && count < best.heading.rows)
      if (!isUseful(kind, columns) || !better) continue
      best = { score, heading: { row: row.number, rows: count, headings: labels.map(({ text }) => text), columns } }
    }
  }
  return best?.heading
}

/** Headings as somebody points them out: the row said, and the columns recognised in it. */
export function headingAt(rows: readonly SheetRow[], kind: SheetKind, row: number, count: 1 | 2): Heading {
  const first = rows.find(({ number }) => number === row) ?? { number: row, cells: [] }
  const second = rows.find(({ number }) => number === row + 1) ?? { number: row + 1, cells: [] }
  const labels = count === 1 ? ofOneRow(first) : ofTwoRows(first, second)
  return { row, rows: count, headings: labels.map(({ text }) => text), columns: columnsIn(labels, kind) }
}

/** A column of ours in a sheet that comes back corrected: never read, always written anew. */
export const PROBLEM_HEADING = '问题'

/** By what a sheet of the same make is recognised next time: its headings in their order. */
export const fingerprintOf = (kind: SheetKind, headings: readonly string[]): string =>
  createHash('sha256')
    .update(
      `${kind}\n${headings
        .filter((text) => text !== PROBLEM_HEADING)
        .map(plainHeading)
        .join('\n')}`,
    )
    .digest('hex')
    .slice(0, 32)
