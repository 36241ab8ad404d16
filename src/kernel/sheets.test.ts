import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import ExcelJS from 'exceljs'
import { describe, expect, test } from 'vitest'
import { bytesOf, bytesOfFile } from './sheet-bytes.ts'
import { tableOf } from './sheet-columns.ts'
import { writeSheets } from './sheet-writer.ts'
import { attribute, XmlScanner } from './sheet-xml.ts'
import { writeZip } from './sheet-zip.ts'
import { deskLimits, readSheets, readWholeSheets, type SheetLimits } from './sheets.ts'

const cellsOf = async (file: Buffer, limits?: SheetLimits) =>
  (await readWholeSheets(file, limits)).flatMap((sheet) => sheet.rows.map((row) => [row.number, ...row.cells]))

/** A workbook as another program writes it: a witness that is not ours. */
async function byExcelJs(fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  fill(book.addWorksheet('花名册'), book)
  return Buffer.from(await book.xlsx.writeBuffer())
}

async function zipOf(parts: Record<string, string>): Promise<Buffer> {
  const blocks: Buffer[] = []
  const list = Object.entries(parts).map(([name, content]) => ({ name, content: [content] }))
  for await (const block of writeZip(list)) blocks.push(block)
  return Buffer.concat(blocks)
}

const book = `<x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="一" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>`
const rels = `<Relationships><Relationship Id="rId1" Type="t" Target="/xl/worksheets/a.xml"/></Relationships>`
const withSheet = (sheet: string) =>
  zipOf({ 'xl/workbook.xml': book, 'xl/_rels/workbook.xml.rels': rels, 'xl/worksheets/a.xml': sheet })
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing was refused',
    (error: { code: string }) => error.code,
  )

describe('an xlsx that another program wrote', () => {
  test('gives numbers without exponent, days as people write them, formulas by their value, rich text as text', async () => {
    const file = await byExcelJs((sheet) => {
      sheet.addRow(['手机号', '到岗', '合计', '备注', '对'])
      sheet.addRow([
        13812345678,
        new Date(Date.UTC(2026, 2, 5)),
        { formula: '1+2', result: 3 },
        { richText: [{ text: '红联' }, { text: '村', font: { bold: true } }] },
        true,
      ])
      sheet.addRow([0.1 + 0.2, new Date(Date.UTC(2026, 2, 5, 14, 30)), '', ' <&> "引号" ', false])
      sheet.getColumn(2).numFmt = 'yyyy-mm-dd hh:mm'
    })
    expect(await cellsOf(file)).toEqual([
      [1, '手机号', '到岗', '合计', '备注', '对'],
      [2, '13812345678', '2026-03-05', '3', '红联村', 'TRUE'],
      [3, '0.3', '2026-03-05 14:30', '', '<&> "引号"', 'FALSE'],
    ])
  })

  test('fills merged blocks, keeps row numbers over empty rows, and leaves hidden sheets out', async () => {
    const file = await byExcelJs((sheet, workbook) => {
      sheet.addRow(['王店镇', '红联村', '甲'])
      sheet.addRow(['', '', '乙'])
      sheet.addRow([])
      sheet.addRow(['', '', '丙'])
      sheet.mergeCells('A1:A4')
      sheet.mergeCells('B1:B2')
      workbook.addWorksheet('字典', { state: 'hidden' }).addRow(['不要读'])
    })
    expect(await cellsOf(file)).toEqual([
      [1, '王店镇', '红联村', '甲'],
      [2, '王店镇', '红联村', '乙'],
      [4, '王店镇', '', '丙'],
    ])
  })
})

describe('xlsx as the format allows it', () => {
  test('reads prefixed names, absolute targets, inline text, cells without reference, and leaves furigana out', async () => {
    const file = await withSheet(
      `<?xml version="1.0"?><!-- a > b --><x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>甲_x000A_乙</x:t><x:rPh><x:t>jia</x:t></x:rPh></x:is></x:c><x:c><x:v>1.5E3</x:v></x:c></x:row><x:row r="9"><x:c r="AB9" t="str"><x:v><![CDATA[<丙>]]></x:v></x:c></x:row></x:sheetData></x:worksheet>`,
    )
    const rows = await cellsOf(file)
    expect(rows[0]).toEqual([1, '甲\n乙', '1500'])
    expect(rows[1]).toEqual([9, ...Array.from({ length: 27 }, () => ''), '<丙>'])
  })

  test('a scanner fed one character at a time reads the same', () => {
    const told: string[] = []
    const scanner = new XmlScanner({
      open: (name, tag) => told.push(`<${name} ${attribute(tag, 'a') ?? ''}`),
      close: (name) => told.push(`/${name}`),
      text: (text) => told.push(text),
    })
    for (const letter of `<n:r aa="0" a="1>&quot;"><!-- <x> --><c/>t&#x4E2D;&amp;<![CDATA[]]]]></n:r>`)
      scanner.write(letter)
    expect(told).toEqual(['<r 1>"', '<c ', '/c', 't中&', ']]', '/r'])
  })
})

describe('what somebody sends to do harm', () => {
  test('a bomb is cut off by what comes out, whatever it claims', async () => {
    const bomb = await withSheet(
      `<worksheet><sheetData><row><c><v>${'0'.repeat(900_000)}</v></c></row>${'<row/>'.repeat(500_000)}</sheetData></worksheet>`,
    )
    expect(bomb.length).toBeLessThan(20_000)
    expect(await refusal(cellsOf(bomb, { ...deskLimits, unpackedBytesMax: 1_000_000 }))).toBe('kernel.sheet_too_large')
  })

  test('a giant cell, too many rows, too many columns', async () => {
    const one = (cell: string) => `<worksheet><sheetData><row r="1">${cell}</row></sheetData></worksheet>`
    expect(await refusal(cellsOf(await withSheet(one(`<c><v>${'9'.repeat(2_000_000)}</v></c>`))))).toBe(
      'kernel.sheet_too_large',
    )
    expect(await refusal(cellsOf(await withSheet(one(`<c t="str"><v>${'九'.repeat(5_000)}</v></c>`))))).toBe(
      'kernel.sheet_too_large',
    )
    expect(await refusal(cellsOf(await withSheet(one('<c r="XFD1"><v>1</v></c>'))))).toBe('kernel.sheet_too_large')
    const rows = '<row><c><v>1</v></c></row>'.repeat(11)
    const long = await withSheet(`<worksheet><sheetData>${rows}</sheetData></worksheet>`)
    expect(await refusal(cellsOf(long, { ...deskLimits, rowsMax: 10 }))).toBe('kernel.sheet_too_large')
    expect(await refusal(cellsOf(Buffer.from(`a,${'x'.repeat(5_000)}\n`)))).toBe('kernel.sheet_too_large')
  })

  test('a document type, a cut file, an old file, a picture by another name, nothing at all', async () => {
    const entity =
      '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>'
    expect(await refusal(cellsOf(await withSheet(entity)))).toBe('kernel.sheet_unreadable')
    const whole = await withSheet('<worksheet><sheetData/></worksheet>')
    expect(await refusal(cellsOf(whole.subarray(0, whole.length - 30)))).toBe('kernel.sheet_unreadable')
    const damaged = Buffer.from(whole)
    damaged.fill(0xff, 40, 60)
    expect(await refusal(cellsOf(damaged))).toBe('kernel.sheet_unreadable')
    expect(await refusal(cellsOf(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])))).toBe(
      'kernel.sheet_unreadable',
    )
    expect(await refusal(cellsOf(await zipOf({ 'word/document.xml': '<a/>' })))).toBe('kernel.sheet_unreadable')
    expect(await refusal(cellsOf(Buffer.alloc(0)))).toBe('kernel.sheet_unreadable')
  })
})

describe('text files', () => {
  const gb18030 = Buffer.from('cdf5b5eabcf22cbaecc1aab4e52c3133383132333435363738', 'hex')

  test('are read as UTF-8 with or without mark, as GB18030, and as UTF-16 with tabs', async () => {
    expect(await cellsOf(Buffer.from('\uFEFF乡镇,村\r\n王店镇,红联村\r\n'))).toEqual([
      [1, '乡镇', '村'],
      [2, '王店镇', '红联村'],
    ])
    const [row] = await cellsOf(gb18030)
    expect(row).toEqual([1, new TextDecoder('gb18030').decode(gb18030.subarray(0, 6)), '红联村', '13812345678'])
    expect(await cellsOf(Buffer.from('\uFEFF乡镇\t村\n王店镇\t红联村', 'utf16le'))).toEqual([
      [1, '乡镇', '村'],
      [2, '王店镇', '红联村'],
    ])
  })

  test('keep commas, quotes and breaks inside quotes, and number lines as an editor does', async () => {
    const text = '村,备注\n"红联,村","第一行\n第二行 ""好"""\n\n镇中村,\'=1+1\n'
    expect(await cellsOf(Buffer.from(text))).toEqual([
      [1, '村', '备注'],
      [2, '红联,村', '第一行\n第二行 "好"'],
      [5, '镇中村', '=1+1'],
    ])
    expect(await refusal(cellsOf(Buffer.from('a,"b\nc')))).toBe('kernel.sheet_unreadable')
  })
})

describe('what we write', () => {
  test('another program reads it: text stays text, marks and headings stand, names fit', async () => {
    const rows = [
      ['手机号', '问题'],
      ['013812345678', '=cmd|calc'],
      ['', '第二行 <&>\u0000'],
    ]
    const file = await buffer(
      writeSheets([
        { name: '人员/花名册', rows, widths: [16, 40], marked: [1] },
        { name: '人员 花名册', rows: [] },
      ]),
    )
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load(file as unknown as ArrayBuffer)
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['人员 花名册', '人员 花名册 2'])
    const sheet = workbook.worksheets[0]!
    expect(sheet.getCell('A2').value).toBe('013812345678')
    expect(sheet.getCell('A2').numFmt).toBe('@')
    expect(sheet.getCell('B2').value).toBe('=cmd|calc')
    expect(sheet.getCell('B3').value).toBe('第二行 <&>')
    expect(sheet.getCell('A1').font.bold).toBe(true)
    expect(await cellsOf(file)).toEqual([
      [1, '手机号', '问题'],
      [2, '013812345678', '=cmd|calc'],
      [3, '', '第二行 <&>'],
    ])
  })

  test('fifty thousand rows go out and come in again from disk in seconds, held by neither side', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongxin-sheet-'))
    const path = join(folder, 'large.xlsx')
    function* rows() {
      for (let at = 0; at < 50_000; at++) yield [`户${at}`, '王店镇', '红联村', `1381234${String(at).padStart(4, '0')}`]
    }
    writeFileSync(path, await buffer(writeSheets([{ name: '户', rows: rows(), headings: 0 }])))
    const file = await bytesOfFile(path)
    let count = 0
    let most = 0
    for await (const part of readSheets(file, { ...deskLimits, rowsMax: 100_000 })) {
      count += part.rows.length
      most = Math.max(most, part.rows.length)
    }
    await file.close()
    rmSync(folder, { recursive: true })
    expect(count).toBe(50_000)
    expect(most).toBeLessThan(5_000)
  })
})

test('headings are found below titles, under any of their names', async () => {
  const [sheet] = await readWholeSheets(
    Buffer.from('王店镇网格员花名册,,\n2026年11月,,\n 所在乡镇 ,联系电话（必填）*,姓 名\n王店镇,13812345678,陈国强\n'),
  )
  const table = tableOf(sheet!, [
    { code: 'town', names: ['乡镇', '所在乡镇'] },
    { code: 'phone', names: ['手机号', '联系电话'] },
    { code: 'name', names: ['姓名'], required: true },
    { code: 'slot', names: ['AB岗'] },
  ])
  expect(table).toMatchObject({ headingRow: 3, rows: [{ number: 4 }] })
  expect([...table!.columns]).toEqual([
    ['town', 0],
    ['phone', 1],
    ['name', 2],
  ])
  expect(tableOf(sheet!, [{ code: 'id', names: ['工单编号'], required: true }])).toBeUndefined()
})

test('bytes in memory and on disk are read alike', async () => {
  const bytes = bytesOf(Buffer.from('abcdef'))
  expect((await bytes.read(2, 4)).toString()).toBe('cd')
  expect(bytes.sizeBytes).toBe(6)
})
