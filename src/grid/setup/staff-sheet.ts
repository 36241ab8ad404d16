import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { numberedLoginNames, staffOfPhones } from '../../identity/index.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { tableOf, type Table } from '../../kernel/sheet-columns.ts'
import { coveredDigits, markedSheets, shownProblem } from '../../kernel/sheet-problems.ts'
import { writeSheets } from '../../kernel/sheet-writer.ts'
import { readWholeSheets, type WholeSheet } from '../../kernel/sheets.ts'
import { rolesOver } from '../posts/rules.ts'
import { shippedUnits } from '../posts/index.ts'
import { listChangedRoles } from '../store.ts'
import { staffColumns, type StaffColumn } from './columns.ts'
import type { SheetChecked, SheetTaken } from './contract.ts'
import { phonesIn, planStaff, type Plan } from './plan.ts'
import { listChairs, listPlaces } from './store.ts'

const PROBLEMS_SHOWN = 200
const SAMPLE_SHOWN = 8

/** Who takes in a sheet makes areas, posts and accounts: both rights, over the whole county. */
export function requireSetup(cmd: Command): void {
  requireGrant(cmd, 'grid.manage', cmd.county)
  requireGrant(cmd, 'identity.manage_accounts', cmd.county)
}

export interface ReadSheet {
  readonly sheets: readonly WholeSheet[]
  readonly tables: readonly Table<StaffColumn>[]
  readonly plan: Plan
  readonly sha256: string
}

/**
 * Reads a staff sheet and holds it against the county as it is now. Nothing is written.
 *
 * @throws kernel.sheet_unreadable, kernel.sheet_too_large, grid.sheet_without_headings
 */
export async function readStaffSheet(cmd: Command, file: Buffer): Promise<ReadSheet> {
  requireSetup(cmd)
  const sheets = await readWholeSheets(file)
  const tables = sheets.map((sheet) => tableOf(sheet, staffColumns)).filter((table) => table && isStaffTable(table))
  if (tables.length === 0)
    throw new Fault('grid.sheet_without_headings', { columns: '乡镇、村（社区）、岗位、姓名、手机号' })
  const known = tables as Table<StaffColumn>[]
  const people = await staffOfPhones(cmd, phonesIn(known))
  const plan = planStaff(
    known,
    {
      county: cmd.county,
      areas: await listPlaces(cmd.tx, cmd.county, cmd.now),
      posts: await listChairs(cmd.tx, cmd.county, cmd.now),
      roles: rolesOver(await listChangedRoles(cmd.tx, cmd.county)),
      people,
      loginNames: await numberedLoginNames(cmd, 'w'),
      units: shippedUnits,
    },
    cmd.now,
  )
  return { sheets, tables: known, plan, sha256: createHash('sha256').update(file).digest('hex') }
}

/** A sheet that names places, or people with their posts; others in the file are notes. */
const isStaffTable = ({ columns }: Table<StaffColumn>): boolean =>
  ['town', 'village', 'grid', 'microGrid'].some((column) => columns.has(column as StaffColumn)) ||
  (columns.has('role') && columns.has('name'))

/** What taking a sheet in would do, and every problem with its cell. Nothing is written. */
export async function checkStaffSheet(cmd: Command, file: Buffer): Promise<SheetChecked> {
  const { plan, tables, sha256 } = await readStaffSheet(cmd, file)
  const people = new Map(plan.people.map((person) => [person.id, person]))
  return {
    ...countsOf(plan, sha256),
    columns: tables.map(({ sheet, columns, headings }) => ({
      sheet,
      headings: [...columns.values()].toSorted((one, other) => one - other).map((at) => headings[at] ?? ''),
    })),
    problemCount: plan.problems.length,
    problems: plan.problems.slice(0, PROBLEMS_SHOWN).map((problem) => shownProblem(problem, cmd.locale)),
    sample: plan.seatings.slice(0, SAMPLE_SHOWN).map(({ chair, accountId, slot }) => {
      const person = people.get(accountId)
      return {
        place: chair.path,
        post: chair.name,
        slot,
        name: person ? maskedName(person.name) : '',
        phone: person ? coveredDigits(person.phone) : '',
      }
    }),
  }
}

export const countsOf = (plan: Plan, sha256: string): SheetTaken => ({
  rows: plan.rows,
  areas: plan.areas.length,
  posts: plan.chairs.length,
  people: plan.people.length,
  seatings: plan.seatings.length,
  unchanged: plan.unchanged,
  sha256,
})

const maskedName = (name: string): string => [...name][0] + '*'.repeat(Math.min(2, Math.max(1, [...name].length - 1)))

/** The same sheet with a column that says what is wrong in each row, to be corrected and handed in again. */
export async function markedStaffSheet(cmd: Command, file: Buffer): Promise<Readable> {
  const { sheets, tables, plan } = await readStaffSheet(cmd, file)
  return markedSheets(sheets, tables, plan.problems, cmd.locale)
}

/** An empty sheet with our headings, some rows that show how, and what may be filled in. */
export function staffTemplate(roles: Iterable<{ zh: string }>): Readable {
  const shownColumns = staffColumns.filter(({ code }) => !code.endsWith('Code') && code !== 'loginName')
  const head = shownColumns.map(({ names }) => names[0]!)
  const sample = [
    ['（示例，请删）王店镇', '红联村', '', '', '党组织书记', '', '张三', '13800000001', ''],
    ['', '', '第一网格', '', '网格长', '', '李四', '13800000002', 'A'],
    ['', '', '第一网格', '', '网格长', '', '王五', '13800000003', 'B'],
    ['', '', '第一网格', '第1微网格', '微网格长', '', '赵六', '13800000004', ''],
  ]
  const notes = [
    ['怎么填', ''],
    ['一行一人一岗', '同一个人有两个岗位就写两行，姓名和手机号写一样。'],
    ['区域', '乡镇、村（社区）用现有名称；网格、微网格写名称就行，没有的会新建。左边的格子空着，表示和上一行一样。'],
    ['只建区域', '只写到网格、微网格，岗位和人空着。'],
    ['岗位', `可以填：${[...roles].map(({ zh }) => zh).join('、')}`],
    ['AB岗', 'A 或 B；空着就是 A。B 岗写在它的 A 岗下面。'],
    ['部门', `只有部门经办人要填：${shippedUnits.map(({ zh }) => zh).join('、')}`],
    ['新设的乡镇、村', '加一列“乡镇代码”（9 位）、“村代码”（12 位）。'],
    ['自己编号', '可以加“网格编码”“微网格编码”“登录名”三列；不加就自动编。'],
    ['重复导入', '已有的不会重复建。改好问题后，把整张表再导一次就行。'],
  ]
  return writeSheets([
    { name: '人员花名册', rows: [head, ...sample], widths: head.map(() => 18) },
    { name: '填表说明', rows: notes, widths: [18, 90] },
  ])
}
