import ExcelJS from 'exceljs'
import type { Command } from '../../kernel/command.ts'
import type { DiaryEntry } from './contract.ts'
import { listMyDiary } from './views.ts'

/** More than somebody writes in a month. */
const ROWS_MAX = 1_000
const PAGE = 100

const words = {
  'zh-CN': {
    sheet: '民情日记',
    heads: ['日期', '时间', '类别', '地点', '走访对象', '情况', '当场办结', '照片', '回访日期', '办件编号', '办件状态'],
    yes: '是',
  },
  en: {
    sheet: 'Diary',
    heads: ['Day', 'Time', 'Kind', 'Place', 'Visited', 'What', 'Settled', 'Photos', 'Follow-up', 'Case', 'State'],
    yes: 'yes',
  },
} as const
const widths = [12, 8, 8, 30, 12, 60, 10, 6, 12, 20, 10]

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' })

/** A cell that begins like a formula is text to whoever opens it. */
const plain = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** One's own month as a workbook, oldest first; nobody else's words are ever exported. */
export async function mySheet(cmd: Command, month: string): Promise<Buffer> {
  const entries: DiaryEntry[] = []
  let after: string | undefined
  do {
    const page = await listMyDiary(cmd, { month, limit: PAGE, ...(after === undefined ? {} : { after }) })
    entries.push(...page.items)
    after = page.next ?? undefined
  } while (after !== undefined && entries.length < ROWS_MAX)
  const said = words[cmd.locale]
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet(said.sheet, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = said.heads.map((header, index) => ({ header, width: widths[index] ?? 12 }))
  sheet.getRow(1).font = { bold: true }
  for (const entry of entries.toReversed()) {
    const where = [entry.areaName, entry.address].filter(Boolean).join(' ')
    const row = sheet.addRow([
      entry.metOn,
      clock.format(new Date(entry.metAt)),
      entry.kindName,
      plain(where),
      plain(entry.visited),
      plain(entry.text),
      entry.done ? said.yes : '',
      entry.photos || '',
      entry.followUpOn ?? '',
      entry.matter?.number ?? '',
      entry.matter?.stateName ?? '',
    ])
    row.alignment = { vertical: 'top', wrapText: true }
  }
  return Buffer.from(await book.xlsx.writeBuffer())
}
