import { deflateRawSync } from 'node:zlib'
import ExcelJS from 'exceljs'
import { randomFrom } from '../../src/grid/index.ts'

/** Files as nobody should hand them in, and as somebody will. */

const head = ['姓名', '身份证号', '手机号', '与户主关系', '小区', '幢', '单元', '室', '出生日期', '微网格']
const good = ['王小明', '11010519491231002X', '13800000011', '户主', '银杏苑', '2', '1', '301', '1949-12-31', '']
const line = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
const csv = (...lines: (readonly string[])[]): Buffer => Buffer.from(lines.map(line).join('\r\n'))

/** A zip with one entry that says what it likes about itself. */
function zipOf(name: string, content: Buffer, claimed = content.length): Buffer {
  const packed = deflateRawSync(content)
  const called = Buffer.from(name)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(claimed, 22)
  local.writeUInt16LE(called.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(8, 10)
  central.writeUInt32LE(packed.length, 20)
  central.writeUInt32LE(claimed, 24)
  central.writeUInt16LE(called.length, 28)
  const end = Buffer.alloc(22)
  const offset = local.length + called.length + packed.length
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length + called.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([local, called, packed, central, called, end])
}

async function book(fill: (sheet: ExcelJS.Worksheet) => void): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook()
  fill(workbook.addWorksheet('名册'))
  return Buffer.from(await workbook.xlsx.writeBuffer())
}

/** GB18030 of the few characters that the sheet needs, as Chinese Windows writes them. */
const gb = (text: string): Buffer => {
  const codes = new Map<string, number[]>()
  const decoder = new TextDecoder('gb18030')
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) {
      const letter = decoder.decode(Uint8Array.of(high, low))
      if (letter.length === 1) codes.set(letter, [high, low])
    }
  return Buffer.from(
    [...text].flatMap((letter) => (letter < '\u0080' ? [letter.codePointAt(0)!] : (codes.get(letter) ?? [63]))),
  )
}

/** Hostile and broken files by name. `people` is how many of them can be taken in; null where the file is refused. */
export async function strangeSheets(): Promise<{ name: string; bytes: Buffer; people: number | null }[]> {
  const whole = await book((sheet) => [head, good].forEach((row) => sheet.addRow(row)))
  const utf16 = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from([head, good].map((row) => row.join('\t')).join('\r\n'), 'utf16le'),
  ])
  return [
    { name: 'nothing but blanks', bytes: Buffer.from(' \n \n'), people: null },
    {
      name: 'random bytes',
      bytes: Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7919 + 13) % 256)),
      people: null,
    },
    { name: 'GB18030', bytes: gb([head, good].map((row) => row.join(',')).join('\r\n')), people: 1 },
    {
      name: 'GB18030 cut in the middle of a character',
      bytes: gb([head, good, ['王']].map((row) => row.join(',')).join('\r\n')).subarray(0, -1),
      people: 1,
    },
    { name: 'UTF-16', bytes: utf16, people: 1 },
    {
      name: 'UTF-8 with broken characters',
      bytes: Buffer.concat([csv(head, good), Buffer.from([10, 0xc3, 0x28, 0xff, 44, 49])]),
      people: null,
    },
    { name: 'half an xlsx', bytes: whole.subarray(0, Math.floor(whole.length / 2)), people: null },
    { name: 'an xlsx without its end', bytes: whole.subarray(0, whole.length - 30), people: null },
    {
      name: 'an xlsx with changed bytes',
      bytes: Buffer.from(whole.map((byte, at) => (at % 97 === 50 ? byte ^ 0x5a : byte))),
      people: null,
    },
    { name: 'a zip that is no workbook', bytes: zipOf('readme.txt', Buffer.from('hello')), people: null },
    { name: 'a bomb', bytes: zipOf('xl/workbook.xml', Buffer.alloc(30_000_000, ' '), 10), people: null },
    {
      name: 'a document type',
      bytes: zipOf('xl/workbook.xml', Buffer.from('<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>')),
      people: null,
    },
    { name: 'a cell of 10 MB', bytes: csv(head, good, ['甲'.repeat(3_500_000)]), people: null },
    {
      name: 'a cell of 10 MB in an xlsx',
      bytes: zipOf('xl/workbook.xml', Buffer.from(`<workbook><sheet name="${'a'.repeat(10_000_000)}"/></workbook>`)),
      people: null,
    },
    { name: 'a quotation that never ends', bytes: Buffer.from(`${head.join(',')}\n"王小明,1,2\n3,4`), people: null },
    {
      name: 'a thousand columns',
      bytes: csv(
        head,
        Array.from({ length: 1_000 }, () => '1'),
      ),
      people: null,
    },
    {
      name: 'formulas',
      bytes: await book((sheet) => {
        sheet.addRow(head)
        sheet.addRow(
          good.map((cell, at) => (at === 0 ? { formula: 'HYPERLINK("http://x")', result: '=cmd|calc' } : cell)),
        )
        sheet.addRow(good.map((cell, at) => (at === 7 ? { formula: 'A1', result: 302 } : at === 1 ? '' : cell)))
      }),
      people: 2,
    },
    {
      name: 'a password',
      bytes: Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(600)]),
      people: null,
    },
    { name: 'zeros', bytes: Buffer.alloc(4_096), people: null },
  ]
}

const words = [
  '',
  ' ',
  '户主',
  '空置',
  '无',
  '1',
  '0',
  '3.30411E+17',
  '330411199001010000',
  '11010519491231002X',
  '１３８００００００１１',
  '2026.3.5',
  '二〇二六年三月',
  '46086',
  '3-2-501',
  '3幢2单元501室',
  '合计',
  '=1+1',
  '\u0000',
  '\ud800',
  '👨‍👩‍👧',
  '<script>',
  "'; drop table person; --",
  '999999999999999999999',
  '-1',
  'NaN',
  '__proto__',
  'constructor',
  '是',
  '×',
  '\r\n',
  '"',
  ',',
  '\t',
  '幢',
  '微网格',
]

/** Sheets of random rows under headings that are sometimes right; the same number gives the same sheet. */
export async function randomSheet(seed: number): Promise<{ name: string; bytes: Buffer }> {
  const random = randomFrom(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const width = 1 + Math.floor(random() * 14)
  const headings = Array.from({ length: width }, () => (random() < 0.7 ? pick(head) : pick(words)))
  const rows = Array.from({ length: Math.floor(random() * 60) }, () =>
    Array.from({ length: Math.floor(random() * (width + 3)) }, (_, at) =>
      random() < 0.4 ? (good[at] ?? '') : pick(words),
    ),
  )
  const above = random() < 0.3 ? [['某某村花名册']] : []
  const all = [...above, headings, ...rows]
  if (random() < 0.5) return { name: `random-${seed}.csv`, bytes: csv(...all) }
  const bytes = await book((sheet) => {
    for (const row of all) sheet.addRow(row.map((cell) => cell.replaceAll('\u0000', '').toWellFormed()))
    if (random() < 0.5 && all.length > 3) sheet.mergeCells(2, 1, 3, 1)
  })
  return {
    name: `random-${seed}.xlsx`,
    bytes: random() < 0.1 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes,
  }
}
