import { normaliseMobile } from '../../kernel/codes.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Table } from '../../kernel/sheet-columns.ts'
import { problemAt, type CellProblem } from '../../kernel/sheet-problems.ts'
import { calledAt } from '../posts/rules.ts'
import { countyRoles, levelOfRole, roleCalled, singleRoles, slotCalled, type StaffColumn } from './columns.ts'
import type { KnownChair, KnownCounty } from './known.ts'
import { Places, type Place, type PlaceColumn, type PlaceTrouble } from './places.ts'

export interface PlannedPerson {
  id: string
  name: string
  phone: string
  loginName: string
  isNew: boolean
}

export interface Chair extends Omit<KnownChair, 'holderA' | 'holderB'> {
  path: string
  isNew: boolean
  holderA: string | null
  holderB: string | null
}

export interface Seating {
  chair: Chair
  accountId: string
  slot: 'A' | 'B'
}

export interface Plan {
  /** Rows that hold something. */
  rows: number
  areas: readonly Place[]
  chairs: readonly Chair[]
  people: readonly PlannedPerson[]
  seatings: readonly Seating[]
  /** Rows that say what is so already. */
  unchanged: number
  problems: readonly CellProblem[]
}

type Cells = Record<StaffColumn, string>
const placeColumns = ['town', 'village', 'grid', 'microGrid'] as const
const LOGIN_NAME = /^[a-z0-9][a-z0-9._-]{1,39}$/

/** Carries a row's problem to where the row is known. */
class Wrong extends Error {
  readonly column: StaffColumn | null
  readonly zh: string
  readonly en: string

  constructor(column: StaffColumn | null, words: PlaceTrouble) {
    super(words.en)
    this.column = column
    this.zh = words.zh
    this.en = words.en
  }
}

const isTrouble = (found: Place | PlaceTrouble): found is PlaceTrouble => 'zh' in found

/** Phones of a sheet that can be phones, so that their owners can be asked for at once. */
export function phonesIn(tables: readonly Table<StaffColumn>[]): string[] {
  const phones = tables.flatMap((table) =>
    table.rows.map((row) => normaliseMobile(row.cells[table.columns.get('phone') ?? -1] ?? '')),
  )
  return [...new Set(phones.filter((phone) => phone !== undefined))]
}

/**
 * Holds a sheet of areas, posts and staff against what the county has, and says what would be new and what is wrong.
 *
 * Decides only; a second time the same sheet plans nothing. A row is one person in one post at the finest place it names;
 * what stands blank before the first place repeats the row above, as clerks leave it.
 */
export function planStaff(tables: readonly Table<StaffColumn>[], known: KnownCounty, now: Date): Plan {
  const planner = new Planner(known, now)
  for (const table of tables) planner.take(table)
  return planner.plan()
}

class Planner {
  readonly #known: KnownCounty
  readonly #now: Date
  readonly #places: Places
  readonly #chairs = new Map<string, Chair[]>()
  readonly #people = new Map<string, PlannedPerson>()
  readonly #seatings: Seating[] = []
  readonly #problems: CellProblem[] = []
  readonly #loginNames: Set<string>
  #rows = 0
  #unchanged = 0
  #nextLogin = 1

  constructor(known: KnownCounty, now: Date) {
    this.#known = known
    this.#now = now
    this.#places = new Places(known, now)
    this.#loginNames = new Set(known.loginNames)
    const paths = new Map(known.areas.map(({ id, path }) => [id, path]))
    for (const post of known.posts) {
      const path = paths.get(post.areaId)
      if (path) this.#put({ ...post, path, isNew: false })
    }
  }

  plan(): Plan {
    return {
      rows: this.#rows,
      areas: this.#places.added,
      chairs: [...this.#chairs.values()].flat().filter(({ isNew }) => isNew),
      people: [...this.#people.values()].filter(({ isNew }) => isNew),
      seatings: this.#seatings,
      unchanged: this.#unchanged,
      problems: this.#problems,
    }
  }

  take(table: Table<StaffColumn>): void {
    let above: Record<PlaceColumn, string> = { town: '', village: '', grid: '', microGrid: '' }
    for (const row of table.rows) {
      const cells = cellsOf(table, row.cells)
      if (Object.values(cells).every((cell) => cell === '')) continue
      this.#rows++
      const role = roleCalled(cells.role, this.#known.roles.values())
      const named = countyRoles.has(role ?? '')
        ? { town: cells.town, village: cells.village, grid: cells.grid, microGrid: cells.microGrid }
        : placesNamed(cells, above, levelOfRole[role ?? ''])
      if (!countyRoles.has(role ?? '')) above = deeperKept(named, above)
      try {
        this.#takeRow(cells, named)
      } catch (error) {
        if (!(error instanceof Wrong)) throw error
        this.#problems.push(problemAt(table, row, error))
      }
    }
  }

  #takeRow(cells: Cells, named: Record<PlaceColumn, string>): void {
    const before = this.#places.added.length + this.#seatings.length + this.#newChairs
    const person = cells.name !== '' || cells.phone !== ''
    const role = this.#roleOf(cells, person)
    const place = this.#placeOf(cells, named, role)
    if (role !== undefined) {
      const unit = this.#unitOf(cells, role)
      const slot = slotCalled(cells.slot)
      if (slot === undefined) throw new Wrong('slot', { zh: '请填 A 岗或 B 岗。', en: 'Write A or B.' })
      if (person) this.#seat({ place, role, unit, slot }, this.#personOf(cells))
      else if (this.#chairsOf(place, role, unit).length === 0) this.#newChair(place, role, unit)
    }
    if (this.#places.added.length + this.#seatings.length + this.#newChairs === before) this.#unchanged++
  }

  #newChairs = 0

  #roleOf(cells: Cells, person: boolean): string | undefined {
    if (cells.role === '') {
      if (person)
        throw new Wrong('role', {
          zh: '写了人，没写岗位。请填岗位，如“网格员”。',
          en: 'A person without a post. Name the post.',
        })
      return undefined
    }
    const code = roleCalled(cells.role, this.#known.roles.values())
    if (code) return code
    const names = [...this.#known.roles.values()].map(({ zh }) => zh).join('、')
    throw new Wrong('role', { zh: `没有这种岗位。可以填：${names}。`, en: 'There is no such kind of post.' })
  }

  #placeOf(cells: Cells, named: Record<PlaceColumn, string>, role: string | undefined): Place {
    const level = role === undefined ? undefined : levelOfRole[role]
    let place = this.#places.root
    let reached: PlaceColumn | 'county' = 'county'
    for (const column of placeColumns) {
      const name = named[column]
      if (name === '') continue
      const expected = placeColumns[placeColumns.indexOf(column) - 1] ?? 'county'
      if (reached !== expected)
        throw new Wrong(column, {
          zh: `上一级没有写：请填“${words[expected as PlaceColumn]}”。`,
          en: 'The level above is missing.',
        })
      const code = cells[`${column}Code`]
      const found =
        column === 'town' || column === 'village'
          ? this.#places.division(place, column, { name, code })
          : this.#places.grid(place, column, { name, code })
      if (isTrouble(found)) throw new Wrong(code && cells[column] === '' ? `${column}Code` : column, found)
      place = found
      reached = column
    }
    if (level !== undefined && reached !== level) {
      const roleZh = this.#known.roles.get(role ?? '')?.zh ?? ''
      const tooDeep = placeColumns.indexOf(reached as PlaceColumn) > placeColumns.indexOf(level)
      throw new Wrong(
        tooDeep ? (reached as PlaceColumn) : level,
        tooDeep
          ? {
              zh: `“${roleZh}”属于${words[level]}一级，这一格请空着。`,
              en: 'This post belongs to a level above; leave the cell empty.',
            }
          : { zh: `“${roleZh}”要写明是哪个${words[level]}。`, en: 'This post needs its place named.' },
      )
    }
    return place
  }

  #unitOf(cells: Cells, role: string): string | null {
    if (cells.unit === '') {
      if (role === 'departmentHandler')
        throw new Wrong('unit', { zh: `经办人要写部门：${this.#unitNames()}。`, en: 'A handler needs a department.' })
      return null
    }
    if (role !== 'departmentHandler') return null
    const unit = this.#known.units.find(({ code, zh }) => zh === cells.unit || code === cells.unit)
    if (!unit)
      throw new Wrong('unit', {
        zh: `没有这个部门。可以填：${this.#unitNames()}。`,
        en: 'There is no such department.',
      })
    return unit.code
  }

  #unitNames(): string {
    return this.#known.units.map(({ zh }) => zh).join('、')
  }

  #personOf(cells: Cells): PlannedPerson {
    if (cells.name === '') throw new Wrong('name', { zh: '没有姓名。', en: 'The name is missing.' })
    if ([...cells.name].length > 60)
      throw new Wrong('name', { zh: '姓名最多 60 个字。', en: 'A name has at most 60 characters.' })
    if (cells.phone === '')
      throw new Wrong('phone', {
        zh: '没有手机号。邀请和找回密码都要用。',
        en: 'The phone is missing; invitations need it.',
      })
    const phone = normaliseMobile(cells.phone)
    if (!phone)
      throw new Wrong('phone', {
        zh: `手机号应为 11 位，现有 ${cells.phone.replace(/\D/g, '').length} 位数字，请核对。`,
        en: 'A mobile number has 11 digits.',
      })
    const known = this.#people.get(phone) ?? this.#knownPerson(phone)
    if (known) {
      this.#people.set(phone, known)
      if (known.name.replace(/\s/g, '') === cells.name.replace(/\s/g, '')) return known
      throw new Wrong('phone', {
        zh: '这个手机号已登记给另一个姓名的人，请核对姓名和号码。',
        en: 'This phone belongs to somebody of another name.',
      })
    }
    const loginName = this.#loginOf(cells)
    const person = { id: uuidv7(this.#now), name: cells.name, phone, loginName, isNew: true }
    this.#people.set(phone, person)
    return person
  }

  #knownPerson(phone: string): PlannedPerson | undefined {
    const known = this.#known.people.get(phone)
    if (!known) return undefined
    if (known.seated)
      throw new Wrong('phone', {
        zh: '这是管理员的手机号。管理员不能同时任岗位。',
        en: 'An administrator cannot hold a post as well.',
      })
    if (known.disabled)
      throw new Wrong('phone', {
        zh: '这位同事的账号已停用，请先在“账号与安全”启用。',
        en: 'This account is disabled. Enable it first.',
      })
    return { id: known.id, name: known.name, phone, loginName: '', isNew: false }
  }

  #loginOf(cells: Cells): string {
    if (cells.loginName !== '') {
      const wanted = cells.loginName.normalize('NFKC').toLowerCase()
      if (!LOGIN_NAME.test(wanted))
        throw new Wrong('loginName', {
          zh: '登录名用小写字母和数字，2 到 40 位。',
          en: 'A login name has letters and digits, 2 to 40.',
        })
      if (this.#loginNames.has(wanted))
        throw new Wrong('loginName', { zh: '这个登录名已经有人用了。', en: 'This login name is taken.' })
      this.#loginNames.add(wanted)
      return wanted
    }
    for (;;) {
      const name = `w${String(this.#nextLogin++).padStart(4, '0')}`
      if (this.#loginNames.has(name)) continue
      this.#loginNames.add(name)
      return name
    }
  }

  #chairsOf(place: Place, role: string, unit: string | null): Chair[] {
    return (this.#chairs.get(place.path) ?? []).filter((chair) => chair.role === role && chair.unit === unit)
  }

  #put(chair: Chair): Chair {
    const there = this.#chairs.get(chair.path) ?? []
    there.push(chair)
    this.#chairs.set(chair.path, there)
    return chair
  }

  #newChair(place: Place, role: string, unit: string | null): Chair {
    const number = 1 + Math.max(0, ...this.#chairsOf(place, role, unit).map((chair) => chair.place))
    const unitZh = this.#known.units.find(({ code }) => code === unit)?.zh ?? ''
    const called = calledAt(this.#places.calledInFull(place) + unitZh, this.#known.roles.get(role)?.zh ?? role)
    this.#newChairs++
    return this.#put({
      id: uuidv7(this.#now),
      areaId: place.id,
      path: place.path,
      role,
      unit,
      name: called.slice(0, 60),
      place: number,
      version: 1,
      holderA: null,
      holderB: null,
      isNew: true,
    })
  }

  #seat(
    post: { place: Place; role: string; unit: string | null; slot: 'A' | 'B' | null },
    person: PlannedPerson,
  ): void {
    const chairs = this.#chairsOf(post.place, post.role, post.unit)
    if (chairs.some(({ holderA, holderB }) => holderA === person.id || holderB === person.id)) return
    const slot = post.slot ?? 'A'
    const vacant = chairs.findLast((chair) => (slot === 'A' ? chair.holderA : chair.holderB) === null)
    if (slot === 'B' && !vacant)
      throw new Wrong('slot', {
        zh: '前面没有这个岗位的 A 岗，或 B 岗已有人。请把 A 岗写在上面。',
        en: 'There is no A of this post before, or its B is taken.',
      })
    if (!vacant && singleRoles.has(post.role) && chairs.length > 0)
      throw new Wrong('role', {
        zh: '这个岗位的 A 岗已有人。替班的请在“AB岗”填 B；换人请用“人员交接”。',
        en: 'A of this post is taken. Write B for a deputy, or hand the post over.',
      })
    const chair = vacant ?? this.#newChair(post.place, post.role, post.unit)
    if (slot === 'A') chair.holderA = person.id
    else chair.holderB = person.id
    this.#seatings.push({ chair, accountId: person.id, slot })
  }
}

const words: Record<PlaceColumn | 'county', string> = {
  county: '县（市、区）',
  town: '乡镇（街道）',
  village: '村（社区）',
  grid: '网格',
  microGrid: '微网格',
}

/** Where a row stops above the finest place of the one before, the finer ones are still there for the next to repeat. */
function deeperKept(
  named: Record<PlaceColumn, string>,
  above: Record<PlaceColumn, string>,
): Record<PlaceColumn, string> {
  const changed = placeColumns.findIndex((column) => named[column] !== '' && named[column] !== above[column])
  if (changed === -1) return above
  return named
}

function cellsOf(table: Table<StaffColumn>, row: readonly string[]): Cells {
  const cell = (column: StaffColumn): string => {
    const at = table.columns.get(column)
    return at === undefined ? '' : (row[at] ?? '').trim()
  }
  const columns: StaffColumn[] = [
    ...placeColumns,
    'townCode',
    'villageCode',
    'gridCode',
    'microGridCode',
    'role',
    'unit',
    'name',
    'phone',
    'slot',
    'loginName',
  ]
  return Object.fromEntries(columns.map((column) => [column, cell(column)])) as Cells
}

/**
 * The places that a row means: a blank repeats the row above as long as everything to its left is as above, down to the
 * level at which the row's post sits, or else to the finest place that the row names.
 */
function placesNamed(
  cells: Cells,
  above: Record<PlaceColumn, string>,
  level: PlaceColumn | undefined,
): Record<PlaceColumn, string> {
  const finest = placeColumns.findLastIndex((column) => cells[column] !== '')
  const named = finest === -1 ? placeColumns.length : finest
  const reach = level === undefined ? named : placeColumns.indexOf(level)
  let asAbove = true
  const pairs = placeColumns.map((column, at) => {
    const name = cells[column] === '' && asAbove && at <= reach ? above[column] : cells[column]
    if (name !== above[column]) asAbove = false
    return [column, name]
  })
  return Object.fromEntries(pairs) as Record<PlaceColumn, string>
}
