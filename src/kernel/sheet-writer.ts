import { Readable } from 'node:stream'
import { columnLetters } from './sheet-columns.ts'
import { writeZip } from './sheet-zip.ts'

/** The cells of a row; single ones of them may be marked. */
export type WrittenRow = readonly string[] | { readonly cells: readonly string[]; readonly marked: ReadonlySet<number> }

export interface WrittenSheet {
  readonly name: string
  /** Width of each column in characters; columns beyond have the usual width. */
  readonly widths?: readonly number[]
  /** How many rows at the top are headings: bold, and always in view. */
  readonly headings?: number
  readonly rows: Iterable<WrittenRow> | AsyncIterable<WrittenRow>
  /** Stands at the head of each printed page. */
  readonly printHead?: string
  /** Columns whose cells are marked, from 0: what somebody has to look at. */
  readonly marked?: readonly number[]
}

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const CELL_CHARACTERS_MAX = 32_767

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
// oxlint-disable-next-line no-control-regex -- these are what XML cannot hold
const unfit = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g
const escaped = (text: string): string =>
  text
    .slice(0, CELL_CHARACTERS_MAX)
    .toWellFormed()
    .replace(unfit, '')
    .replace(/[&<>"]/g, (letter) => entities[letter]!)

/** Styles: 1 text, 2 heading, 3 marked. Everything is text, so that phones keep their digits and nothing is a formula. */
const styles = `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="3"><font><sz val="11"/></font><font><b/><sz val="11"/></font><font><sz val="11"/><color rgb="FFB42318"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE6F2F0"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFEF3F2"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/><xf numFmtId="49" fontId="2" fillId="3" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf></cellXfs></styleSheet>`

async function* worksheet(sheet: WrittenSheet): AsyncGenerator<string> {
  const headings = sheet.headings ?? 1
  const marked = new Set(sheet.marked)
  const pane =
    headings > 0
      ? `<pane ySplit="${headings}" topLeftCell="A${headings + 1}" activePane="bottomLeft" state="frozen"/>`
      : ''
  const widths = (sheet.widths ?? [])
    .map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1" style="1"/>`)
    .join('')
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>${widths ? `<cols>${widths}</cols>` : ''}<sheetData>`
  let number = 0
  for await (const written of sheet.rows) {
    number++
    const cells = 'cells' in written ? written.cells : written
    const here = 'cells' in written ? written.marked : undefined
    let row = `<row r="${number}">`
    for (let column = 0; column < cells.length; column++) {
      const text = cells[column]!
      if (text === '') continue
      const style = number <= headings ? 2 : marked.has(column) || here?.has(column) ? 3 : 1
      row += `<c r="${columnLetters(column)}${number}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`
    }
    yield `${row}</row>`
  }
  const head = sheet.printHead === undefined ? '' : escaped(sheet.printHead.replaceAll('&', '&&'))
  yield `</sheetData>${head && `<headerFooter><oddHeader>&amp;C${head}</oddHeader></headerFooter>`}</worksheet>`
}

/** Names that spreadsheets accept: 31 characters, none of their marks, no two alike. */
function fittingNames(sheets: readonly WrittenSheet[]): string[] {
  const taken = new Set<string>()
  return sheets.map((sheet, at) => {
    const base =
      sheet.name
        .replace(/[\\/?*[\]:]/g, ' ')
        .trim()
        .slice(0, 28) || `Sheet${at + 1}`
    let name = base
    for (let nth = 2; taken.has(name.toLowerCase()); nth++) name = `${base} ${nth}`
    taken.add(name.toLowerCase())
    return name
  })
}

/** Sheets as an xlsx file, row by row: memory stays flat for a million rows. */
export function writeSheets(sheets: readonly WrittenSheet[]): Readable {
  const names = fittingNames(sheets)
  const numbered = sheets.map((sheet, at) => ({ sheet, id: at + 1 }))
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const packaged = 'http://schemas.openxmlformats.org/package/2006'
  const part = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const parts = [
    {
      name: '[Content_Types].xml',
      content: [
        `${HEAD}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${part}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${part}.styles+xml"/>`,
        ...numbered.map(
          ({ id }) => `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="${part}.worksheet+xml"/>`,
        ),
        '</Types>',
      ],
    },
    {
      name: '_rels/.rels',
      content: [
        `${HEAD}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ],
    },
    {
      name: 'xl/workbook.xml',
      content: [
        `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${relations}"><sheets>`,
        ...numbered.map(({ id }) => `<sheet name="${escaped(names[id - 1]!)}" sheetId="${id}" r:id="rId${id}"/>`),
        '</sheets></workbook>',
      ],
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: [
        `${HEAD}<Relationships xmlns="${packaged}/relationships">`,
        ...numbered.map(
          ({ id }) => `<Relationship Id="rId${id}" Type="${relations}/worksheet" Target="worksheets/sheet${id}.xml"/>`,
        ),
        `<Relationship Id="rIdStyles" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
      ],
    },
    { name: 'xl/styles.xml', content: [styles] },
    ...numbered.map(({ sheet, id }) => ({ name: `xl/worksheets/sheet${id}.xml`, content: worksheet(sheet) })),
  ]
  return Readable.from(writeZip(parts), { objectMode: false })
}
