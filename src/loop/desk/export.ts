import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Locale } from '../../kernel/faults.ts'
import { writeSheets, XLSX_TYPE } from '../../kernel/sheet-writer.ts'
import { nameOf } from '../../identity/index.ts'
import { postsHeld, postLabel } from '../../grid/index.ts'
import type { MatterBrief } from '../contract.ts'
import { presentBriefs } from '../labels.ts'
import { EXPORT_MAX, type columns, type ExportMatters } from './contract.ts'
import { cursorOf, searchFor, searchRows } from './queries.ts'
import { beginExport } from './service.ts'

type Column = (typeof columns)[number]
/** Rows of one round: a transaction of its own, so that a slow reader holds none open. */
const ROUND = 500

const words: Record<Locale, Record<Column | 'by' | 'all' | 'cut' | 'sheet' | 'file', string>> = {
  'zh-CN': {
    state: '状态',
    what: '事项',
    where: '位置',
    holder: '在谁手上',
    due: '时限',
    reported: '上报时间',
    number: '办件编号',
    category: '类别',
    closed: '办结时间',
    by: '{who} 于 {at} 导出，仅限工作使用，已记入账本（{id}）。筛选：{said}',
    all: '共 {count} 件，全部列出。',
    cut: '只列出前 {count} 件：一次最多导出 {count} 件，请缩小筛选范围分次导出。',
    sheet: '办件',
    file: '办件',
  },
  en: {
    state: 'State',
    what: 'Matter',
    where: 'Place',
    holder: 'In whose hands',
    due: 'Due',
    reported: 'Reported',
    number: 'Number',
    category: 'Category',
    closed: 'Closed',
    by: 'Exported by {who} at {at} for work only; noted in the ledger ({id}). Filter: {said}',
    all: 'All {count} matters are listed.',
    cut: 'Only the first {count} are listed: one sheet holds {count} at most. Please narrow the filter.',
    sheet: 'Matters',
    file: 'matters',
  },
}
const filled = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

/** An instant as a county's clerks write it: 2026-11-21 15:30, Beijing time. */
const written = (at: string | null | undefined): string =>
  at ? new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ') : ''

const cells: Record<Column, (row: MatterBrief) => string> = {
  state: (row) => row.stateName,
  what: (row) => row.summary,
  where: (row) => row.areaName,
  holder: (row) => row.holder,
  due: (row) => written(row.due?.dueAt),
  reported: (row) => written(row.reportedAt),
  number: (row) => row.number,
  category: (row) => row.categoryName,
  closed: (row) => written(row.closedAt),
}

/** A cell that a spreadsheet would run as a formula is shown as the text it is. */
const safeCell = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value)
const csvLine = (row: string[]): string =>
  `${row.map((value) => `"${safeCell(value).replaceAll('"', '""')}"`).join(',')}\r\n`

interface Sheet {
  head: string[]
  rows: AsyncIterable<string[]>
  last: () => string[]
  title: string
}

/** All rows that match, page by page, under the reader's grants as they are at each page. */
async function* rowsOf(req: FastifyRequest, input: ExportMatters, told: { count: number; cut: boolean }) {
  let after: string | undefined
  do {
    const page = await req.read(async (cmd) => {
      const found = await searchRows(cmd, await searchFor(cmd, input.filter), { after, limit: ROUND })
      return { items: await presentBriefs(cmd, found.rows), next: cursorOf(found.after) }
    })
    for (const item of page.items) {
      if (told.count === EXPORT_MAX) {
        told.cut = true
        return
      }
      told.count++
      yield input.columns.map((column) => cells[column](item))
    }
    after = page.next ?? undefined
  } while (after !== undefined)
}

/**
 * The list as a sheet, every row that matches and not only those on the screen: at most 20,000, with a line that says who
 * took it, when and for which filter. The ledger knows before the first row leaves.
 */
export async function exportMatters(
  req: FastifyRequest,
  reply: FastifyReply,
  input: ExportMatters,
): Promise<FastifyReply> {
  const id = await req.command((cmd) => beginExport(cmd, input))
  const t = words[req.locale]
  const by = await req.read(async (cmd) => {
    const post = (await postsHeld(cmd))[0]
    const name = await nameOf(cmd, cmd.actor.id ?? '')
    const who = [post ? await postLabel(cmd, post, cmd.locale) : cmd.actor.label, name].filter(Boolean).join(' ')
    return filled(t.by, { who, at: written(cmd.now.toISOString()), id, said: input.said || '—' })
  })
  const told = { count: 0, cut: false }
  const sheet: Sheet = {
    head: input.columns.map((column) => t[column]),
    rows: rowsOf(req, input, told),
    last: () => [filled(told.cut ? t.cut : t.all, { count: told.count })],
    title: t.sheet,
  }
  const type = input.format === 'csv' ? 'text/csv; charset=utf-8' : XLSX_TYPE
  const name = encodeURIComponent(`${t.file}-${id.slice(0, 8)}.${input.format}`)
  reply.type(type).header('content-disposition', `attachment; filename*=UTF-8''${name}`)
  return reply.send(input.format === 'csv' ? Readable.from(csvOf(sheet, by)) : xlsxOf(sheet, by))
}

async function* csvOf(sheet: Sheet, by: string): AsyncGenerator<string> {
  yield `\uFEFF${csvLine([by])}${csvLine(sheet.head)}`
  for await (const row of sheet.rows) yield csvLine(row)
  yield csvLine(sheet.last())
}

async function* pagesOf(sheet: Sheet, by: string): AsyncGenerator<string[]> {
  yield [by]
  yield sheet.head
  for await (const row of sheet.rows) yield row
  yield sheet.last()
}

/** Rows go out as they come; the writer keeps none, and writes text only. */
const xlsxOf = (sheet: Sheet, by: string): Readable =>
  writeSheets([{ name: sheet.title, headings: 2, widths: sheet.head.map(() => 22), rows: pagesOf(sheet, by) }])
