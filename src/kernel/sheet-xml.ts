import { refuseLargeSheet, refuseSheet } from './sheet-faults.ts'

export interface XmlReader {
  /** @param tag What stands between the brackets; ask `attribute` for what it says. */
  open(name: string, tag: string): void
  close(name: string): void
  text(text: string): void
}

/** One tag or one text may be so long; a cell of a spreadsheet holds 32,767 characters. */
const PIECE_CHARACTERS_MAX = 1_000_000

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decode(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{2,4}));/g, (whole, decimal, hex, name) => {
    if (name) return named[name as string] ?? whole
    const code = decimal ? Number(decimal) : Number.parseInt(hex as string, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}

/** The value of an attribute of a tag, by its local name; undefined when it has none. */
export function attribute(tag: string, name: string): string | undefined {
  let at = 0
  for (;;) {
    at = tag.indexOf(`${name}=`, at)
    if (at === -1) return undefined
    const before = tag.charCodeAt(at - 1)
    const quote = tag[at + name.length + 1]
    // A blank or a namespace's colon stands before it; otherwise it is the end of a longer name.
    if ((before <= 32 || before === 58) && (quote === '"' || quote === "'")) {
      const begin = at + name.length + 2
      const end = tag.indexOf(quote, begin)
      return end === -1 ? undefined : decode(tag.slice(begin, end))
    }
    at += name.length
  }
}

/** Where the tag ends: at the first bracket outside quotes; -1 while it is not there yet. */
function endOfTag(text: string, from: number): number {
  let quote = 0
  for (let at = from; at < text.length; at++) {
    const letter = text.charCodeAt(at)
    if (quote !== 0) {
      if (letter === quote) quote = 0
    } else if (letter === 34 || letter === 39) quote = letter
    else if (letter === 62) return at
  }
  return -1
}

/**
 * Reads XML as spreadsheets write it, piece by piece: tags by local name, text with its entities resolved.
 *
 * A document type is refused: it is where entities that grow and files that are fetched come from.
 */
export class XmlScanner {
  #rest = ''
  readonly #reader: XmlReader

  constructor(reader: XmlReader) {
    this.#reader = reader
  }

  /** @throws kernel.sheet_unreadable, kernel.sheet_too_large */
  write(chunk: string): void {
    const text = this.#rest === '' ? chunk : this.#rest + chunk
    let at = 0
    for (;;) {
      const open = text.indexOf('<', at)
      if (open === -1) break
      const end = this.#piece(text, open)
      if (end === -1) break
      if (open > at) this.#reader.text(decode(text.slice(at, open)))
      this.#tell(text, open, end)
      at = end + 1
    }
    this.#rest = text.slice(at)
    if (this.#rest.length > PIECE_CHARACTERS_MAX)
      refuseLargeSheet('有一个格子特别长。', 'one of its cells is enormous.')
  }

  #piece(text: string, open: number): number {
    if (text.startsWith('<!--', open)) return after(text, '-->', open + 4)
    if (text.startsWith('<![CDATA[', open)) return after(text, ']]>', open + 9)
    return endOfTag(text, open + 1)
  }

  #tell(text: string, open: number, end: number): void {
    const mark = text.charCodeAt(open + 1)
    if (mark === 33) {
      if (text.startsWith('<![CDATA[', open)) this.#reader.text(text.slice(open + 9, end - 2))
      else if (!text.startsWith('<!--', open)) refuseSheet('格式不对。', 'its format is not right.')
    } else if (mark === 47) this.#reader.close(localName(text, open + 2, end))
    else if (mark !== 63) {
      const empty = text.charCodeAt(end - 1) === 47
      const name = localName(text, open + 1, empty ? end - 1 : end)
      this.#reader.open(name, text.slice(open + 1, end))
      if (empty) this.#reader.close(name)
    }
  }
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? -1 : at + mark.length - 1
}

function localName(text: string, from: number, end: number): string {
  let begin = from
  let at = from
  for (; at < end; at++) {
    const letter = text.charCodeAt(at)
    if (letter === 58) begin = at + 1
    else if (letter <= 32 || letter === 47) break
  }
  return text.slice(begin, at)
}
