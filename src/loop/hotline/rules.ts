import { normaliseMobile } from '../../kernel/codes.ts'
import type { Table } from '../../kernel/sheet-columns.ts'
import { problemAt, type CellProblem } from '../../kernel/sheet-problems.ts'
import type { TicketColumn } from './columns.ts'
import { meaningOf, plain, type KnownMeanings, type Meant } from './meaning.ts'

export interface KnownArea {
  path: string
  name: string
  kind: string
}

export interface KnownCounty extends KnownMeanings {
  areas: readonly KnownArea[]
  /** Where whoever takes the sheet in may report. */
  roots: readonly string[]
  taken: ReadonlySet<string>
}

export interface PlannedTicket extends Meant {
  ticket: string
  text: string
  address: string
  areaPath: string
  isLocated: boolean
  name: string
  /** Eleven digits or empty; other numbers stand with the name. */
  phone: string
}

export interface HotlinePlan {
  rows: number
  known: number
  tickets: readonly PlannedTicket[]
  problems: readonly CellProblem[]
}

type Cells = Record<TicketColumn, string>
interface Words {
  zh: string
  en: string
}
const isWords = (found: object): found is Words => 'zh' in found

const TICKET_MAX = 40
/** What stays of a matter's 2,000 characters when the ticket's own facts stand below. */
const TEXT_MAX = 1_800
const NAME_MAX = 30
const ADDRESS_MAX = 200

/** A ticket's number as it is compared and kept. */
export const plainTicket = (text: string): string => plain(text).toUpperCase()

const shortened = (name: string): string => name.replace(/(镇|乡|街道|村|社区|居委会|村委会)$/, '')
const isUnder = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`)

/** Every place that a text names: by its whole name, or what is left of it without 镇, 村 … if that is two letters or more. */
function namedIn(text: string, areas: readonly KnownArea[]): KnownArea[] {
  const whole = areas.filter(({ name }) => text.includes(plain(name)))
  if (whole.length > 0) return longest(whole)
  return longest(
    areas.filter(({ name }) => shortened(plain(name)).length >= 2 && text.includes(shortened(plain(name)))),
  )
}
/** 新红联村 is not also 红联村. */
const longest = (found: readonly KnownArea[]): KnownArea[] =>
  found.filter(({ name }) => !found.some((other) => other.name !== name && other.name.includes(name)))

const towns = new Set(['town'])
const villages = new Set(['village', 'community'])

const outsideWords: Words = {
  zh: '这个地方不在您的范围内，请交给当地平台导入。',
  en: 'This place is outside your area. Please leave it to the office there.',
}

export interface FoundPlace {
  areaPath: string
  isLocated: boolean
}

/**
 * The place of a ticket: the one village, grid or micro-grid that its cells name. Where none or several are named, the
 * town: whoever dispatches there finds the place. Nothing is guessed between two.
 */
export function placeOfTicket(cells: Pick<Cells, 'town' | 'area' | 'address'>, known: KnownCounty): FoundPlace | Words {
  const texts = [plain(cells.town), plain(cells.area), plain(cells.address)]
  const allTowns = known.areas.filter(({ kind }) => towns.has(kind))
  const town = firstOnly(texts.map((text) => namedIn(text, allTowns)))
  const inTown = town ? known.areas.filter(({ path }) => isUnder(path, town.path)) : known.areas
  const allVillages = inTown.filter(({ kind }) => villages.has(kind))
  const here = (path: string): boolean => known.roots.some((root) => isUnder(path, root))
  for (const text of texts.slice(1)) {
    const found = namedIn(text, allVillages)
    const own = found.length > 1 ? found.filter(({ path }) => here(path)) : found
    if (own.length !== 1) continue
    const village = own[0]!
    if (!here(village.path)) return outsideWords
    const finer = known.areas.filter(({ path }) => path.startsWith(`${village.path}/`))
    const named = finest(namedWhole(text, village.name, finer))
    return { areaPath: named?.path ?? village.path, isLocated: true }
  }
  if (town) return here(town.path) ? { areaPath: town.path, isLocated: false } : outsideWords
  const [root, second] = known.roots
  if (root !== undefined && second === undefined) return { areaPath: root, isLocated: false }
  return {
    zh: '看不出是哪个乡镇（街道），请在“所属区域”里写上。',
    en: 'The town cannot be told. Please write it into the column of the area.',
  }
}

function firstOnly(found: readonly KnownArea[][]): KnownArea | undefined {
  return found.find((areas) => areas.length === 1)?.[0]
}
/** Grids are named by their whole name only, with or without the village's before it. */
const namedWhole = (text: string, village: string, areas: readonly KnownArea[]): KnownArea[] =>
  areas.filter(({ name }) => {
    const own = plain(name)
    const short = own.startsWith(plain(village)) ? own.slice(plain(village).length) : own
    return short.length >= 3 && text.includes(short)
  })
/** The one finest place, or none when two are as fine. */
function finest(areas: readonly KnownArea[]): KnownArea | undefined {
  const depth = Math.max(0, ...areas.map(({ path }) => path.split('/').length))
  const deep = areas.filter(({ path }) => path.split('/').length === depth)
  return deep.length === 1 ? deep[0] : undefined
}

/** Whoever did not say who they are. */
export const NAMELESS = '匿名'
const withheld = /^(无|没有|匿名|保密|不详|不愿透露|未提供|未留|[-—/*]+)$/

/** A caller as the matter keeps them, sealed: a mobile number by itself, any other beside the name. */
export function callerOf(cells: Pick<Cells, 'caller' | 'phone'>): { name: string; phone: string } | Words {
  const named = plain(cells.caller)
  const name = named === '' || withheld.test(named) ? NAMELESS : [...cells.caller.trim()].slice(0, NAME_MAX).join('')
  const typed = plain(cells.phone)
  if (typed === '' || withheld.test(typed)) return { name, phone: '' }
  const phone = normaliseMobile(typed)
  if (phone) return { name, phone }
  // A landline, or a number of which the hotline shows only a part: nobody can be sent a message there.
  if (/^\d[\d*-]{5,17}$/.test(typed) && !/^1\d{5,}$/.test(typed)) return { name: `${name} ${typed}`, phone: '' }
  return {
    zh: '电话要写 11 位手机号或座机号；没有就空着。',
    en: 'The phone is a mobile number of 11 digits or a landline; leave it blank if there is none.',
  }
}

const factsOf = (cells: Cells, ticket: string): string => {
  const facts = [
    `12345 工单 ${ticket}`,
    ...(cells.calledAt ? [`来电 ${cells.calledAt.slice(0, 40)}`] : []),
    ...(cells.category ? [`工单类别 ${cells.category.slice(0, 40)}`] : []),
    ...(cells.limit ? [`工单时限 ${cells.limit.slice(0, 40)}`] : []),
  ]
  return `\n（${facts.join('；')}）`
}

interface Wrong extends Words {
  column: TicketColumn
}

function ticketProblem(ticket: string, seen: Map<string, number>): Wrong | undefined {
  if (ticket === '') return { column: 'ticket', zh: '请填工单编号。', en: 'Please give the ticket’s number.' }
  if (ticket.length > TICKET_MAX)
    return { column: 'ticket', zh: '工单编号最多 40 位。', en: 'The number has at most 40 characters.' }
  const above = seen.get(ticket)
  if (above === undefined) return undefined
  return {
    column: 'ticket',
    zh: `和第 ${above} 行是同一个工单编号，请删掉一行。`,
    en: `Row ${above} has the same number. Please remove one of them.`,
  }
}

function textProblem(words: string): Wrong | undefined {
  if (words === '') return { column: 'text', zh: '请填诉求内容。', en: 'Please say what it is about.' }
  if ([...words].length <= TEXT_MAX) return undefined
  return { column: 'text', zh: `诉求内容最多 ${TEXT_MAX} 字。`, en: `At most ${TEXT_MAX} characters.` }
}

/** A ticket as it would be taken in, or everything that is wrong with its row at once. */
function takeRow(cells: Cells, known: KnownCounty, number: Wrong | undefined): PlannedTicket | Wrong[] {
  const words = cells.text.trim()
  const caller = callerOf(cells)
  const place = placeOfTicket(cells, known)
  const wrong = [number, textProblem(words)].filter((problem) => problem !== undefined)
  if (isWords(caller)) wrong.push({ column: 'phone', ...caller })
  if (isWords(place)) wrong.push({ column: 'area', ...place })
  if (wrong.length > 0 || isWords(caller) || isWords(place)) return wrong
  const ticket = plainTicket(cells.ticket)
  return {
    ticket,
    text: words + factsOf(cells, ticket),
    address: [...cells.address.trim()].slice(0, ADDRESS_MAX).join(''),
    ...place,
    ...meaningOf(cells.category, known),
    ...caller,
  }
}

export function cellsOf(table: Table<TicketColumn>, row: readonly string[]): Cells {
  const at = (code: TicketColumn): string => (row[table.columns.get(code) ?? -1] ?? '').trim()
  return {
    ticket: at('ticket'),
    calledAt: at('calledAt'),
    caller: at('caller'),
    phone: at('phone'),
    text: at('text'),
    address: at('address'),
    town: at('town'),
    area: at('area'),
    category: at('category'),
    limit: at('limit'),
  }
}

/** Rows of a table that hold a ticket, with their cells. */
export const ticketRows = (table: Table<TicketColumn>): { number: number; cells: string[]; ticket: Cells }[] =>
  table.rows
    .map(({ number, cells }) => ({ number, cells, ticket: cellsOf(table, cells) }))
    .filter(({ ticket }) => Object.values(ticket).some((cell) => cell !== ''))

/** Holds a sheet of tickets against the county: which become matters where, which are known, and what is wrong. */
export function planTickets(table: Table<TicketColumn>, known: KnownCounty): HotlinePlan {
  const tickets: PlannedTicket[] = []
  const problems: CellProblem[] = []
  const seen = new Map<string, number>()
  let taken = 0
  const rows = ticketRows(table)
  for (const row of rows) {
    const ticket = plainTicket(row.ticket.ticket)
    const wrongNumber = ticketProblem(ticket, seen)
    if (!wrongNumber) seen.set(ticket, row.number)
    // What was taken in before is not looked at again, whatever stands there now.
    if (!wrongNumber && known.taken.has(ticket)) taken++
    else {
      const found = takeRow(row.ticket, known, wrongNumber)
      if (Array.isArray(found)) problems.push(...found.map((wrong) => problemAt(table, row, wrong)))
      else tickets.push(found)
    }
  }
  return { rows: rows.length, known: taken, tickets, problems }
}
