import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { tableOf, type Table } from '../../kernel/sheet-columns.ts'
import { coveredDigits, markedSheets, shownProblem } from '../../kernel/sheet-problems.ts'
import { writeSheets } from '../../kernel/sheet-writer.ts'
import { readWholeSheets, type WholeSheet } from '../../kernel/sheets.ts'
import { areaNames, baseAreas } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { categoriesOf, categoryName, currentKind, kindName, type PackKind } from '../../packs/index.ts'
import { maskName, maskPhone } from '../rules.ts'
import { reportMatter } from '../service.ts'
import { ticketColumns, type TicketColumn } from './columns.ts'
import { EVERYDAY, meaningsOf, offeredKinds } from './mapping.ts'
import { HotlineSheetTaken, TICKETS_MAX, type HotlineChecked, type HotlineTaken } from './contract.ts'
import { wordsOf } from './meaning.ts'
import { NAMELESS, planTickets, plainTicket, ticketRows, type HotlinePlan } from './rules.ts'
import { insertTickets, listTaken } from './store.ts'

/** Whoever takes a sheet in answers for a town or the county: deeper down nobody gets one. */
const DEPTH_MAX = 2
const PROBLEMS_SHOWN = 200
const SAMPLE_SHOWN = 8
const ITEMS_SHOWN = 200
const WORDS_SHOWN = 100
const SUMMARY_CHARACTERS = 40

/** Towns and counties for which the actor takes reports in. @throws kernel.forbidden, kernel.wrong_purpose */
export function hotlineRoots(cmd: Command): string[] {
  const roots = grantedPaths(cmd, 'loop.report').filter((path) => path.split('/').length <= DEPTH_MAX)
  if (roots.length === 0) throw new Fault('kernel.forbidden')
  return roots
}

interface ReadTickets {
  sheets: readonly WholeSheet[]
  table: Table<TicketColumn>
  plan: HotlinePlan
  sha256: string
  /** What tickets may become. */
  kinds: ReadonlyMap<string, PackKind>
}

/**
 * Reads a sheet of tickets and holds it against the county as it is now. Nothing is written.
 *
 * @throws kernel.sheet_unreadable, kernel.sheet_too_large, loop.sheet_without_headings, loop.too_many_tickets
 */
async function readTickets(cmd: Command, file: Buffer): Promise<ReadTickets> {
  const roots = hotlineRoots(cmd)
  const sheets = await readWholeSheets(file)
  const table = sheets.map((sheet) => tableOf(sheet, ticketColumns)).find((found) => found !== undefined)
  if (!table) throw new Fault('loop.sheet_without_headings', { columns: '工单编号、诉求内容' })
  const rows = ticketRows(table)
  if (rows.length > TICKETS_MAX) throw new Fault('loop.too_many_tickets', { most: TICKETS_MAX, count: rows.length })
  const pack = await currentKind(cmd, EVERYDAY)
  const kinds = await offeredKinds(cmd)
  const categories = categoriesOf(pack).filter(({ complaint }) => !complaint)
  const other = categories.find(({ name }) => name.zh.startsWith('其他')) ?? categories.at(-1)
  if (!other) throw new Fault('loop.unknown_category')
  const plan = planTickets(table, {
    areas: await baseAreas(cmd),
    roots,
    categories: categories.map(({ code, name }) => ({ code, name: name.zh })),
    meanings: await meaningsOf(cmd, kinds),
    kind: EVERYDAY,
    other: other.code,
    taken: await listTaken(
      cmd.tx,
      cmd.county,
      rows.map(({ ticket }) => plainTicket(ticket.ticket)),
    ),
  })
  return { sheets, table, plan, kinds, sha256: createHash('sha256').update(file).digest('hex') }
}

const countsOf = ({ rows, known, tickets }: HotlinePlan, sha256: string) => ({
  rows,
  fresh: tickets.length,
  known,
  located: tickets.filter(({ isLocated }) => isLocated).length,
  named: tickets.filter(({ isNamed }) => isNamed).length,
  sha256,
})

/** What taking a sheet in would do, and every problem with its cell. Nothing is written. */
export async function checkTickets(cmd: Command, file: Buffer): Promise<HotlineChecked> {
  const { plan, table, sha256, kinds } = await readTickets(cmd, file)
  const shown = plan.tickets.slice(0, SAMPLE_SHOWN)
  const areas = await areaNames(
    cmd,
    shown.map(({ areaPath }) => areaPath),
  )
  const everyday = await currentKind(cmd, EVERYDAY)
  return {
    ...countsOf(plan, sha256),
    headings: [...table.columns.values()].toSorted((one, other) => one - other).map((at) => table.headings[at] ?? ''),
    problemCount: plan.problems.length,
    problems: plan.problems.slice(0, PROBLEMS_SHOWN).map((problem) => shownProblem(problem, cmd.locale)),
    words: wordsOf(plan.tickets).slice(0, WORDS_SHOWN),
    sample: shown.map(({ ticket, name, phone, text, areaPath, isLocated, kind, category }) => ({
      ticket,
      caller: name === NAMELESS ? name : maskName(name),
      phone: phone && maskPhone(phone),
      summary: coveredDigits(text.slice(0, text.lastIndexOf('\n'))).slice(0, SUMMARY_CHARACTERS),
      place: areas.get(areaPath)?.names.slice(1).join('') || (areas.get(areaPath)?.name ?? ''),
      isLocated,
      category: shownCategory(kinds.get(kind) ?? everyday, category, cmd),
    })),
  }
}

const shownCategory = (pack: PackKind, category: string, { locale }: Command): string =>
  pack.kind.name === EVERYDAY
    ? categoryName(pack, category, locale)
    : `${kindName(pack, locale)} · ${categoryName(pack, category, locale)}`

/** The same sheet with a column that says what is wrong in each row, to be corrected and handed in again. */
export async function markedTickets(cmd: Command, file: Buffer): Promise<Readable> {
  const { sheets, table, plan } = await readTickets(cmd, file)
  return markedSheets(sheets, [table], plan.problems, cmd.locale)
}

/**
 * Takes a sheet of tickets in, all of it or nothing; a ticket that is known is passed over, so a second time nothing
 * happens. Callers are not messaged: the hotline has answered them.
 *
 * @throws loop.sheet_has_problems, kernel.conflict when somebody takes the same tickets in at the same time, and
 *   whatever reading the sheet throws.
 */
export async function takeTickets(cmd: Command, file: Buffer): Promise<HotlineTaken> {
  const { plan, sha256 } = await readTickets(cmd, file)
  if (plan.problems.length > 0) throw new Fault('loop.sheet_has_problems', { count: plan.problems.length })
  const counts = countsOf(plan, sha256)
  if (plan.tickets.length === 0) return { ...counts, items: [] }
  const items: HotlineTaken['items'] = []
  const taken: { ticket: string; matterId: string }[] = []
  for (const { ticket, text, address, areaPath, kind, category, form, name, phone } of plan.tickets) {
    const contact = { name, channel: 'hotline' as const, ...(phone ? { phone } : {}) }
    const filled = Object.keys(form).length > 0 ? { form } : {}
    const input = { kind, category, text, areaPath, contact, ...filled, ...(address ? { address } : {}) }
    const { id, number, areaName } = await reportMatter(cmd, input, { quiet: true })
    taken.push({ ticket, matterId: id })
    if (items.length < ITEMS_SHOWN) items.push({ ticket, matterId: id, number, areaName })
  }
  if ((await insertTickets(cmd.tx, cmd.county, taken, cmd.now)) < taken.length) throw new Fault('kernel.conflict')
  await record(cmd, HotlineSheetTaken, { id: uuidv7(cmd.now), version: 1 }, counts)
  return { ...counts, items }
}

/** An empty sheet with our headings and two rows that show how. */
export function ticketTemplate(): Readable {
  const head = ticketColumns.map(({ names }) => names[0]!)
  const sample = [
    [
      '（示例，请删）330411202611200001',
      '2026-11-20 09:12',
      '张三',
      '13800000001',
      '小区东门口路灯三天不亮，晚上看不清路。',
      '幸福路 12 号东门',
      '王店镇',
      '红联村',
      '路灯不亮',
      '2026-11-25',
    ],
    ['330411202611200002', '2026-11-20 10:03', '匿名', '', '河里漂着很多垃圾。', '', '王店镇', '', '', ''],
  ]
  const notes = [
    ['怎么填', ''],
    ['可以直接导', '12345 平台导出的表可以直接用，列名相近就认得出；认不出的列会跳过。'],
    ['必填', '工单编号、诉求内容。'],
    ['工单编号', '同一个编号只会生成一件，重复导入不会重复建。'],
    ['所属区域', '写村（社区）名称；写不清的留在乡镇，由调度员定位。'],
    ['诉求类别', '按类别名称对应，对不上的归“其他”。'],
    ['办理时限', '写进事项内容，供经办人看；平台按自己的时限规定计时。'],
  ]
  return writeSheets([
    { name: '12345工单', rows: [head, ...sample], widths: head.map(() => 20) },
    { name: '填表说明', rows: notes, widths: [18, 90] },
  ])
}
