import { Fault } from '../kernel/faults.ts'

/** Spreadsheets take a field that begins like this for a formula: a leading apostrophe keeps it text. */
const formula = /^[=+\-@\t\r]/

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

/** Rows as CSV (RFC 4180) with a header, begun with a byte-order mark so that spreadsheets read the Chinese. */
export function writeCsv<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, string | null>>[],
): string {
  const safe = (field: string | null): string => (field && formula.test(field) ? `'${field}` : (field ?? ''))
  const lines = rows.map((row) => columns.map((column) => quoted(safe(row[column]))).join(','))
  return `\uFEFF${[columns.join(','), ...lines].join('\r\n')}\r\n`
}

function refuse(line: number, reasonZh: string, reasonEn: string): never {
  throw new Fault('grid.import_refused', { line, reasonZh, reasonEn })
}

/** Fields of a CSV text, line by line, each with the number of the line on which it began. */
function* readLines(text: string): Generator<{ line: number; fields: string[] }> {
  let fields: string[] = []
  let field = ''
  let inQuotes = false
  let line = 1
  let begun = 1
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!
    if (letter === '\n') line++
    if (inQuotes) {
      if (letter !== '"') field += letter
      else if (text[at + 1] === '"') field += text[++at]!
      else inQuotes = false
    } else if (letter === '"' && field === '') inQuotes = true
    else if (letter === ',') {
      fields.push(field)
      field = ''
    } else if (letter === '\n') {
      yield { line: begun, fields: [...fields, field.replace(/\r$/, '')] }
      fields = []
      field = ''
      begun = line
    } else field += letter
  }
  if (inQuotes) refuse(begun, '引号没有结束', 'a quotation mark is not closed')
  if (field !== '' || fields.length > 0) yield { line: begun, fields: [...fields, field.replace(/\r$/, '')] }
}

/**
 * The rows of a CSV text under the header's names; empty lines are left out.
 *
 * @throws grid.import_refused when the header lacks a column, or a line has too many fields or an open quotation mark.
 */
export function readCsv<Column extends string>(
  text: string,
  columns: readonly Column[],
): ({ line: number } & Record<Column, string>)[] {
  const [header, ...lines] = readLines(text.replace(/^\uFEFF/, ''))
  const names = header?.fields.map((name) => name.trim()) ?? []
  const missing = columns.find((column) => !names.includes(column))
  if (missing) refuse(1, `缺少“${missing}”这一列`, `the column ${missing} is missing`)
  return lines
    .filter(({ fields }) => fields.some((field) => field.trim() !== ''))
    .map(({ line, fields }) => {
      if (fields.length > names.length) refuse(line, '字段多于表头', 'it has more fields than the header')
      const values = columns.map((column) => {
        const field = (fields[names.indexOf(column)] ?? '').trim()
        return [column, field.startsWith("'") && formula.test(field.slice(1)) ? field.slice(1) : field] as const
      })
      return { line, ...(Object.fromEntries(values) as Record<Column, string>) }
    })
}
