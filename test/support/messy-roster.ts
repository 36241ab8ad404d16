import ExcelJS from 'exceljs'
import { gaoqiaoFamilies } from '../../src/registry/seed-estates.ts'
import { randomFrom } from '../../src/grid/index.ts'
import type { PersonPlan, TiePlan } from '../../src/registry/seed-families.ts'

/** What somebody has to look at, and what stands there in truth: for filling in the sheet of errors. */
export interface RosterFault {
  /** Row of the sheet, from 1. */
  row: number
  /** 证件号码 or 联系电话. */
  column: 'citizenId' | 'phone'
  kind: 'trailingZeros' | 'scientific' | 'checkDigit' | 'tooShort'
  /** As it stands in the cell. */
  written: string
  truth: string
}

export interface MessyRoster {
  bytes: Buffer
  /** Rows that are a person at a door, those said twice not counted. */
  people: number
  /** People who live there; the rest are landlords who live elsewhere. */
  residents: number
  newResidents: number
  flats: number
  faults: RosterFault[]
  /** Rows that say again what an earlier row said. */
  repeated: number
  /** Rows that are no record: titles, a heading said again, blanks, totals. */
  noise: number
}

const columns = [
  '序号',
  '楼幢',
  '单元号',
  '室号',
  '房屋现状',
  '姓  名',
  '与户主（房东）关系',
  '性别',
  '证件号码（身份证）',
  '出生年月日',
  '联系电话/手机',
  '户籍性质',
  '户籍地（来源地）',
  '入住时间',
  '工作单位或学校',
  '备注',
] as const

const relations: Record<string, string> = {
  head: '户主',
  spouse: '配偶',
  child: '子女',
  grandchild: '孙子女',
  parent: '父母',
  other: '合租',
}
const registrations = { registered: '本地户籍', elsewhere: '人户分离', floating: '新居民' } as const
const uses = { ownerOccupied: '自住', let: '出租', vacant: '空关' } as const

type Cell = string | number | Date | null
type Random = () => number

/**
 * A roster of Gaoqiao Garden as an estate's office keeps it: a title, two header rows, a block's number said once over all
 * its rows, days as text in five ways, ID numbers that a spreadsheet rounded, phones that lost a digit, people said twice.
 * The same at every call. @param blocks Only the first so many of the 72 blocks.
 */
export async function messyRoster(blocks = 72): Promise<MessyRoster> {
  const random = randomFrom(12_560)
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('住户花名册', { views: [{ state: 'frozen', ySplit: 3 }] })
  const homes = gaoqiaoFamilies('2026-11-21').slice(0, blocks)
  const made: MessyRoster = {
    bytes: Buffer.alloc(0),
    people: 0,
    residents: 0,
    newResidents: 0,
    flats: homes.reduce((sum, { building }) => sum + building.doors.length, 0),
    faults: [],
    repeated: 0,
    noise: 0,
  }
  const add = (cells: Cell[]): number => sheet.addRow(cells).number
  head(sheet, made)
  const again: Cell[][] = []
  homes.forEach(({ building, people }, at) => {
    if (at > 0 && at % 24 === 0) {
      add([...columns])
      made.noise++
    }
    let first = 0
    for (const door of building.doors) {
      const here = people.flatMap((person) =>
        person.ties.filter(({ doorKey }) => doorKey === door.key).map((tie) => ({ person, tie })),
      )
      // Whoever lives there first, the landlord last.
      here.sort((one, other) => Number(other.tie.livesHere) - Number(one.tie.livesHere))
      here.forEach(({ person, tie }, nth) => {
        const cells = rowOf(random, { person, tie, building: building.name, unit: door.unit, room: door.room })
        cells[0] = made.people + 1
        cells[4] = nth === 0 ? uses[door.use] : null
        const row = add(cells)
        first ||= row
        spoil(random, sheet.getRow(row), person, made)
        made.people++
        if (tie.livesHere) made.residents++
        if (person.registration === 'floating') made.newResidents++
        if (random() < 0.0036 && !made.faults.some((fault) => fault.row === row)) again.push(cells)
      })
    }
    const last = sheet.rowCount
    if (last > first) sheet.mergeCells(first, 2, last, 2)
    if (at % 9 === 8) {
      add([])
      made.noise++
    }
  })
  for (const cells of again) add(['', ...cells.slice(1)])
  made.repeated = again.length
  add(['合计', `${made.flats}户`, null, null, null, `${made.people}人`])
  add(['填表人：', null, null, '审核人：', null, null, null, null, null, null, '填表日期：2026.11.20'])
  made.noise += 2
  made.bytes = Buffer.from(await book.xlsx.writeBuffer())
  return made
}

function head(sheet: ExcelJS.Worksheet, made: MessyRoster): void {
  sheet.addRow(['高照街道高桥社区高桥花园住户花名册（截至2026年11月）'])
  sheet.mergeCells(1, 1, 1, columns.length)
  const groups: Cell[] = Array.from({ length: columns.length }, () => null)
  groups[0] = '序号'
  groups[1] = '房屋情况'
  groups[5] = '人员基本情况'
  groups[11] = '流动人口登记'
  groups[14] = '其他'
  sheet.addRow(groups)
  sheet.addRow([...columns])
  sheet.mergeCells(2, 1, 3, 1)
  sheet.mergeCells(2, 2, 2, 5)
  sheet.mergeCells(2, 6, 2, 11)
  sheet.mergeCells(2, 12, 2, 14)
  sheet.mergeCells(2, 15, 2, 16)
  made.noise += 3
}

const fullWidth = (text: string): string =>
  text.replace(/[0-9]/g, (digit) => String.fromCodePoint(digit.codePointAt(0)! + 0xfee0))

/** A day as five clerks write it. */
function dayOf(random: Random, day: string): Cell {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const way = random()
  if (way < 0.3) return `${year}.${month}.${date}`
  if (way < 0.5) return `${year}年${month}月${date}日`
  if (way < 0.7) return day
  if (way < 0.85) return day.replaceAll('-', '')
  return new Date(`${day}T00:00:00Z`)
}

function phoneOf(random: Random, phone: string | null): Cell {
  if (phone === null) return random() < 0.5 ? '无' : null
  const way = random()
  if (way < 0.55) return phone
  if (way < 0.8) return Number(phone)
  if (way < 0.87) return `${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`
  if (way < 0.93) return `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`
  return way < 0.97 ? `+86${phone}` : fullWidth(phone)
}

function citizenIdOf(random: Random, id: string): string {
  const way = random()
  if (way < 0.01) return `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}`
  if (way < 0.015) return fullWidth(id)
  return way < 0.5 ? id.toLowerCase() : id
}

function rowOf(
  random: Random,
  at: { person: PersonPlan; tie: TiePlan; building: string; unit: string; room: string },
): Cell[] {
  const { person, tie } = at
  const room = random() < 0.02 ? fullWidth(at.room) : random() < 0.1 ? Number(at.room) : `${at.room}室`
  const name = person.name.length === 2 && random() < 0.4 ? `${person.name[0]} ${person.name[1]}` : person.name
  return [
    null,
    at.building,
    random() < 0.1 ? Number(at.unit) : `${at.unit}单元`,
    room,
    null,
    name,
    tie.livesHere ? (relations[tie.headRelation ?? ''] ?? '其他') : '房东（不住）',
    person.sex === 'male' ? '男' : '女',
    citizenIdOf(random, person.citizenId),
    dayOf(random, person.bornOn),
    phoneOf(random, person.phone),
    registrations[person.registration],
    person.origin ?? person.livesAt,
    dayOf(random, tie.fromOn),
    person.employer,
    person.tags.includes('partyMember') ? '党员' : null,
  ]
}

/** What a spreadsheet or a tired hand does to a number. */
function spoil(random: Random, row: ExcelJS.Row, person: PersonPlan, made: MessyRoster): void {
  const id = person.citizenId
  const note = (
    column: RosterFault['column'],
    kind: RosterFault['kind'],
    cell: string | number,
    truth: string,
  ): void => {
    row.getCell(column === 'citizenId' ? 9 : 11).value = cell
    made.faults.push({ row: row.number, column, kind, written: String(cell), truth })
  }
  const chance = random()
  if (chance < 0.003) note('citizenId', 'trailingZeros', Number(`${id.slice(0, 15)}000`), id)
  else if (chance < 0.0045) note('citizenId', 'trailingZeros', `${id.slice(0, 15)}000`, id)
  else if (chance < 0.0065) note('citizenId', 'scientific', `${id[0]}.${id.slice(1, 6)}E+17`, id)
  else if (chance < 0.009) {
    const wrong = id.slice(0, 17) + (id.endsWith('1') ? '2' : '1')
    note('citizenId', 'checkDigit', wrong, id)
  } else if (chance < 0.0118 && person.phone) note('phone', 'tooShort', person.phone.slice(0, 10), person.phone)
}
