import { buffer } from 'node:stream/consumers'
import type { Command } from '../../kernel/command.ts'
import { writeSheets } from '../../kernel/sheet-writer.ts'
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
  const rows = entries
    .toReversed()
    .map((entry) => [
      entry.metOn,
      clock.format(new Date(entry.metAt)),
      entry.kindName,
      [entry.areaName, entry.address].filter(Boolean).join(' '),
      entry.visited,
      entry.text,
      entry.done ? said.yes : '',
      entry.photos === 0 ? '' : String(entry.photos),
      entry.followUpOn ?? '',
      entry.matter?.number ?? '',
      entry.matter?.stateName ?? '',
    ])
  return buffer(writeSheets([{ name: said.sheet, widths, rows: [[...said.heads], ...rows] }]))
}
