import { StringDecoder } from 'node:string_decoder'
import type { Bytes } from './sheet-bytes.ts'
import { refuseLargeSheet, refuseSheet } from './sheet-faults.ts'
import { attribute, XmlScanner, type XmlReader } from './sheet-xml.ts'
import { listZip, readZipEntry, type ZipEntry } from './sheet-zip.ts'
import type { SheetChoice, SheetLimits, SheetPart } from './sheets.ts'

type Entries = ReadonlyMap<string, ZipEntry>

interface Book {
  readonly bytes: Bytes
  readonly entries: Entries
  readonly limits: SheetLimits
}

async function scan(book: Book, entry: ZipEntry, reader: XmlReader): Promise<void> {
  for await (const _ of scanning(book, entry, reader)) void _
}

/** Feeds an entry to a reader and stops after each piece, so that what was read can be handed on. */
async function* scanning(book: Book, entry: ZipEntry, reader: XmlReader): AsyncGenerator<void> {
  const scanner = new XmlScanner(reader)
  const decoder = new StringDecoder('utf8')
  for await (const chunk of readZipEntry(book.bytes, entry, book.limits.unpackedBytesMax)) {
    scanner.write(decoder.write(chunk))
    yield
  }
}

const nothing = (): void => {}

/** What a part of the book points to, by relation id. */
async function relations(book: Book, name: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const entry = book.entries.get(name)
  if (!entry) return found
  await scan(book, entry, {
    open(tagName, tag) {
      const id = attribute(tag, 'Id')
      const target = attribute(tag, 'Target')
      if (tagName === 'Relationship' && id && target)
        found.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`)
    },
    close: nothing,
    text: nothing,
  })
  return found
}

interface Workbook {
  sheets: { name: string; entry: ZipEntry }[]
  /** Days are counted from 1904, as old Macs did. */
  from1904: boolean
}

async function workbookOf(book: Book): Promise<Workbook> {
  const entry = book.entries.get('xl/workbook.xml')
  if (!entry) return refuseSheet('里面没有工作表。', 'there is no worksheet in it.')
  const targets = await relations(book, 'xl/_rels/workbook.xml.rels')
  const sheets: Workbook['sheets'] = []
  let from1904 = false
  await scan(book, entry, {
    open(name, tag) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute(tag, 'date1904') ?? '')
      const part = name === 'sheet' ? book.entries.get(targets.get(attribute(tag, 'id') ?? '') ?? '') : undefined
      // Hidden sheets hold lists to choose from, never what a clerk wants taken in.
      if (part && !['hidden', 'veryHidden'].includes(attribute(tag, 'state') ?? ''))
        sheets.push({ name: attribute(tag, 'name') ?? '', entry: part })
    },
    close: nothing,
    text: nothing,
  })
  return { sheets, from1904 }
}

/** Texts that cells name by number; what is only read aloud (furigana) is left out. */
async function sharedTexts(book: Book): Promise<string[]> {
  const texts: string[] = []
  const entry = book.entries.get('xl/sharedStrings.xml')
  if (!entry) return texts
  let text = ''
  let reading = false
  let phonetic = false
  let characters = 0
  await scan(book, entry, {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 't') reading = !phonetic
      else if (name === 'rPh') phonetic = true
    },
    close(name) {
      if (name === 't') reading = false
      else if (name === 'rPh') phonetic = false
      else if (name === 'si') {
        texts.push(unescaped(text))
        characters += text.length
        if (characters > (book.limits.sharedCharactersMax ?? book.limits.unpackedBytesMax))
          refuseLargeSheet('文字太多，请另存为 CSV 再传。', 'it holds too much text; please save it as CSV.')
      }
    },
    text(piece) {
      if (reading) text += piece
    },
  })
  return texts
}

/** Characters that XML cannot hold are written _x000D_. */
const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text

const isDateFormat = (id: number, code: string | undefined): boolean => {
  if (code === undefined) return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 58)
  return /[ymdhs]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|general/gi, ''))
}

/** Which cell styles show a number as a day or an hour. */
async function dateStyles(book: Book): Promise<Set<number>> {
  const dates = new Set<number>()
  const entry = book.entries.get('xl/styles.xml')
  if (!entry) return dates
  const codes = new Map<number, string>()
  let inCells = false
  let style = 0
  await scan(book, entry, {
    open(name, tag) {
      if (name === 'numFmt') codes.set(Number(attribute(tag, 'numFmtId')), attribute(tag, 'formatCode') ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attribute(tag, 'numFmtId') ?? 0)
        if (isDateFormat(id, codes.get(id))) dates.add(style)
        style++
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
    text: nothing,
  })
  return dates
}

const DAY_SECONDS = 86_400
const EPOCH_DAYS = 25_569
const EPOCH_DAYS_1904 = 24_107

/** A day number as a clerk reads it: 2026-03-05, with the time where there is one. */
function dateText(serial: number, from1904: boolean): string {
  const seconds = Math.round((serial - (from1904 ? EPOCH_DAYS_1904 : EPOCH_DAYS)) * DAY_SECONDS)
  const at = new Date(seconds * 1000)
  if (Number.isNaN(at.getTime())) return String(serial)
  const iso = at.toISOString()
  const time = iso.slice(11, 19).replace(/:00$/, '')
  if (serial >= 0 && serial < 1) return time
  return time === '00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`
}

/**
 * A number as it was typed: no exponent, none of the noise of binary fractions. Beyond 15 digits a spreadsheet has nothing
 * but zeros, and so have we.
 */
function numberText(raw: string): string {
  if (/^-?\d{1,40}$/.test(raw)) return raw
  const value = Number(raw)
  if (raw === '' || !Number.isFinite(value)) return raw
  if (Number.isSafeInteger(value)) return String(value)
  if (Number.isInteger(value) && Math.abs(value) < 1e40) {
    const [digits = '', power = '0'] = value.toExponential(14).split('e')
    return digits.replace('.', '') + '0'.repeat(Number(power) - 14)
  }
  return String(Number(value.toPrecision(15)))
}

function columnOf(reference: string): number {
  let column = 0
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at)
    if (letter < 65 || letter > 90) break
    column = column * 26 + (letter - 64)
  }
  return column - 1
}

const rowOf = (reference: string): number => Number(reference.replace(/^[A-Z]+/, ''))

interface Words {
  readonly texts: readonly string[]
  readonly dates: ReadonlySet<number>
  readonly from1904: boolean
}

/** Reads the rows of one worksheet; finished ones wait in `rows` to be taken. */
class SheetReader implements XmlReader {
  rows: SheetPart['rows'] = []
  merges: SheetPart['merges'] = []
  readonly #words: Words
  readonly #limits: SheetLimits
  #number = 0
  #count = 0
  #cells: string[] = []
  #filled = false
  #column = -1
  #type = ''
  #style = 0
  #value = ''
  #reading = false
  #phonetic = false

  constructor(words: Words, limits: SheetLimits) {
    this.#words = words
    this.#limits = limits
  }

  open(name: string, tag: string): void {
    if (name === 'c') this.#openCell(tag)
    else if (name === 'v' || name === 't') this.#reading = !this.#phonetic
    else if (name === 'row') this.#openRow(tag)
    else if (name === 'rPh') this.#phonetic = true
    else if (name === 'mergeCell') this.#merge(attribute(tag, 'ref') ?? '')
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#reading = false
    else if (name === 'c') this.#closeCell()
    else if (name === 'row') this.#closeRow()
    else if (name === 'rPh') this.#phonetic = false
  }

  text(text: string): void {
    if (this.#reading) this.#value += text
  }

  #openRow(tag: string): void {
    this.#number = Number(attribute(tag, 'r') ?? this.#number + 1)
    this.#cells = []
    this.#filled = false
    this.#column = -1
  }

  #openCell(tag: string): void {
    const reference = attribute(tag, 'r')
    this.#column = reference ? columnOf(reference) : this.#column + 1
    this.#type = attribute(tag, 't') ?? ''
    this.#style = Number(attribute(tag, 's') ?? 0)
    this.#value = ''
  }

  #closeCell(): void {
    const text = this.#valueText()
    if (text === '') return
    if (this.#column >= this.#limits.columnsMax)
      refuseLargeSheet(`超过 ${this.#limits.columnsMax} 列。`, `it has more than ${this.#limits.columnsMax} columns.`)
    while (this.#cells.length < this.#column) this.#cells.push('')
    this.#cells[this.#column] = text
    this.#filled = true
  }

  #valueText(): string {
    const value = this.#value
    if (this.#type === 's') return (this.#words.texts[Number(value)] ?? '').trim()
    if (this.#type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
    if (this.#type !== '' && this.#type !== 'n') return unescaped(value).trim()
    if (value === '') return ''
    if (this.#words.dates.has(this.#style)) return dateText(Number(value), this.#words.from1904)
    return numberText(value)
  }

  #closeRow(): void {
    if (!this.#filled) return
    if (++this.#count > this.#limits.rowsMax)
      refuseLargeSheet(
        `超过 ${this.#limits.rowsMax} 行，请分几次导入。`,
        `it has more than ${this.#limits.rowsMax} rows.`,
      )
    this.rows.push({ number: this.#number, cells: this.#cells })
  }

  #merge(reference: string): void {
    const [from = '', to = ''] = reference.split(':')
    if (to === '' || this.merges.length >= this.#limits.rowsMax) return
    this.merges.push({ top: rowOf(from), bottom: rowOf(to), left: columnOf(from), right: columnOf(to) })
  }
}

/**
 * The visible worksheets of an xlsx file, piece by piece; texts that cells share are held in memory, rows are not.
 *
 * @throws kernel.sheet_unreadable, kernel.sheet_too_large
 */
export async function* readXlsx(
  bytes: Bytes,
  limits: SheetLimits,
  choice: SheetChoice = {},
): AsyncGenerator<SheetPart> {
  const book: Book = { bytes, entries: await listZip(bytes), limits }
  const { sheets, from1904 } = await workbookOf(book)
  const words: Words = { texts: await sharedTexts(book), dates: await dateStyles(book), from1904 }
  for (const { name, entry } of sheets) {
    if (choice.sheet !== undefined && choice.sheet !== name) continue
    const reader = new SheetReader(words, limits)
    let told = 0
    for await (const _ of scanning(book, entry, reader)) {
      void _
      told += reader.rows.length
      if (reader.rows.length > 0) yield { sheet: name, rows: reader.rows.splice(0), merges: [] }
      if (choice.firstRows !== undefined && told >= choice.firstRows) break
    }
    yield { sheet: name, rows: reader.rows, merges: reader.merges }
  }
}
