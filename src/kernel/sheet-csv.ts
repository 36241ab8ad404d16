import type { Bytes } from './sheet-bytes.ts'
import { refuseLargeSheet, refuseSheet } from './sheet-faults.ts'
import type { SheetChoice, SheetLimits, SheetPart } from './sheets.ts'

const LOOK_BYTES = 262_144
const TITLE_LINES_MAX = 15

/**
 * In which of the ways a text was written that people here use: UTF-8, what Chinese Windows calls ANSI (GB18030), and
 * what Excel calls Unicode text (UTF-16).
 */
export function encodingOf(head: Buffer): 'utf-8' | 'utf-16le' | 'gb18030' {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  try {
    // The last character may be cut in two, which a stream leaves for later.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

/**
 * The mark between fields, by the first line in which one stands: titles may lie above the headings. A single full-width comma
 * is punctuation and not such a mark.
 */
function separatorOf(text: string): string {
  const lines = text.split('\n', TITLE_LINES_MAX)
  const line = lines.find((candidate) => /[\t,;]|，.*，/.test(candidate)) ?? lines[0] ?? ''
  const counts = ['\t', ',', ';', '，'].map((mark) => [mark, line.split(mark).length] as const)
  return counts.toSorted((one, other) => other[1] - one[1])[0]![0]
}

/** Spreadsheets are kept from taking a text for a formula by an apostrophe, which is not part of it. */
const plain = (field: string): string => (/^'[=+\-@\t\r]/.test(field) ? field.slice(1) : field).trim()

class CsvReader {
  rows: SheetPart['rows'] = []
  readonly #limits: SheetLimits
  #separator = ''
  #cells: string[] = []
  #field = ''
  #quoted = false
  #closing = false
  #line = 1
  #begun = 1
  #count = 0
  #rest = ''

  constructor(limits: SheetLimits) {
    this.#limits = limits
  }

  write(chunk: string): void {
    let text = this.#rest + chunk
    this.#rest = ''
    if (this.#separator === '') {
      const end = text.search(/\n/)
      if (end === -1 && text.length < LOOK_BYTES) {
        this.#rest = text
        return
      }
      text = text.replace(/^\uFEFF/, '')
      const [, told] = /^sep=(.)\r?\n/.exec(text) ?? []
      if (told) text = text.slice(text.indexOf('\n') + 1)
      this.#separator = told ?? separatorOf(text)
    }
    for (let at = 0; at < text.length; at++) this.#take(text[at]!)
  }

  end(): void {
    const rest = this.#rest
    this.#rest = ''
    if (rest !== '') this.write(`${rest}\n`)
    if (this.#quoted && !this.#closing)
      refuseSheet(`第 ${this.#begun} 行的引号没有结束。`, `a quotation mark on line ${this.#begun} is not closed.`)
    if (this.#field !== '' || this.#cells.length > 0) this.#endRow()
  }

  #take(letter: string): void {
    if (letter === '\n') this.#line++
    if (this.#closing) {
      this.#closing = false
      if (letter === '"') {
        this.#field += letter
        return
      }
      this.#quoted = false
    } else if (this.#quoted) {
      if (letter === '"') this.#closing = true
      else this.#grow(letter)
      return
    }
    if (letter === '"' && this.#field === '') this.#quoted = true
    else if (letter === this.#separator) this.#endField()
    else if (letter === '\n') this.#endRow()
    else if (letter !== '\r') this.#grow(letter)
  }

  #grow(letter: string): void {
    this.#field += letter
    if (this.#field.length > this.#limits.cellCharactersMax)
      refuseLargeSheet(`第 ${this.#begun} 行有一个格子特别长。`, `a cell on line ${this.#begun} is enormous.`)
  }

  #endField(): void {
    this.#cells.push(plain(this.#field))
    this.#field = ''
    if (this.#cells.length > this.#limits.columnsMax)
      refuseLargeSheet(`超过 ${this.#limits.columnsMax} 列。`, `it has more than ${this.#limits.columnsMax} columns.`)
  }

  #endRow(): void {
    this.#endField()
    if (this.#cells.some((cell) => cell !== '')) {
      if (++this.#count > this.#limits.rowsMax)
        refuseLargeSheet(
          `超过 ${this.#limits.rowsMax} 行，请分几次导入。`,
          `it has more than ${this.#limits.rowsMax} rows.`,
        )
      this.rows.push({ number: this.#begun, cells: this.#cells })
    }
    this.#cells = []
    this.#begun = this.#line
  }
}

/** A text file with separated fields as one sheet without a name. @throws kernel.sheet_unreadable, kernel.sheet_too_large */
export async function* readCsvSheet(
  bytes: Bytes,
  limits: SheetLimits,
  choice: SheetChoice = {},
): AsyncGenerator<SheetPart> {
  if (bytes.sizeBytes > limits.unpackedBytesMax) refuseLargeSheet('文件太大。', 'the file is too large.')
  const decoder = new TextDecoder(encodingOf(await bytes.read(0, Math.min(LOOK_BYTES, bytes.sizeBytes))))
  const reader = new CsvReader(limits)
  let told = 0
  for await (const chunk of bytes.stream(0, bytes.sizeBytes) as AsyncIterable<Buffer>) {
    reader.write(decoder.decode(chunk, { stream: true }))
    told += reader.rows.length
    if (reader.rows.length > 0) yield { sheet: '', rows: reader.rows.splice(0), merges: [] }
    if (choice.firstRows !== undefined && told >= choice.firstRows) return
  }
  reader.write(decoder.decode())
  reader.end()
  yield { sheet: '', rows: reader.rows, merges: [] }
}
