import { plainHeading } from '../../kernel/sheet-columns.ts'
import type { SheetRow } from '../../kernel/sheets.ts'
import { addressFields, type SheetField, type SheetKind } from './columns.ts'
import { doorOf, type Door } from './doors.ts'
import type { Heading } from './headings.ts'
import {
  isNothing,
  plainCell,
  readCitizenId,
  readDay,
  readOrganisationCode,
  readOrganisationKind,
  readPhone,
  readRegistration,
  readRelation,
  readSex,
  readState,
  readTenure,
  readYes,
  type OrganisationKind,
  type PersonState,
  type Read,
  type Registration,
  type Tie,
} from './values.ts'

/** What is wrong with a row; null for the row as a whole. */
export interface Problem {
  readonly field: SheetField | null
  readonly zh: string
  readonly en: string
}

export interface SheetPerson {
  readonly name: string
  readonly citizenId: string | null
  readonly phone: string | null
  readonly sex: 'male' | 'female' | null
  readonly bornOn: string | null
  readonly registration: Registration
  readonly headRelation: string | null
  readonly householdNumber: string | null
  readonly relation: Tie | 'registeredOnly'
  readonly livesHere: boolean
  readonly state: PersonState
  readonly fromOn: string | null
  /** Words of field groups: ethnicity, origin, education, employer, marriage, remark, otherPhones. */
  readonly details: Readonly<Record<string, string>>
  readonly tags: readonly string[]
}

export interface SheetOrganisation {
  readonly name: string
  readonly code: string | null
  readonly kind: OrganisationKind
  readonly trade: string
  readonly headcount: number | null
  readonly phone: string | null
  readonly officers: readonly { duty: 'legalRepresentative' | 'safetyOfficer'; name: string; phone: string | null }[]
  readonly remark: string
}

/** What a row says about where it is, beside the address. */
export interface AreaWords {
  readonly village: string
  readonly grid: string
  readonly microGrid: string
}

export interface ReadRow {
  readonly number: number
  readonly cells: readonly string[]
  /** Titles said again, totals, signatures: no record. */
  readonly noise: boolean
  /** An earlier row said the same. */
  readonly repeated: boolean
  readonly problems: readonly Problem[]
  readonly door: Door
  readonly area: AreaWords
  readonly use: 'ownerOccupied' | 'let' | 'vacant' | null
  /** Nobody in a row that says that a home is empty. */
  readonly person: SheetPerson | null
  readonly organisation: SheetOrganisation | null
}

const HEADING_SHARE = 0.7
const NAME_MAX = 40
const CELL_MAX = 500
const noiseWords =
  /^(?:合计|总计|小计|共计|总数|填表|制表|审核|填报|经办|单位(?:\(盖章\)|负责人)|盖章|日期[:：]|注[:：]|备注[:：]|说明[:：]|第\d+页)/u
const emptyHome = /^(?:空|空置|空关|空房|无人|无人居住|未入住|未住人|空户)$/u

/** How far an address is inherited: what stands before it in this order must be the same or left out. */
const ladder = ['estate', 'street', 'houseNumber', 'building', 'unit', 'room'] as const
type Ladder = Record<(typeof ladder)[number], string>

const tagFields: readonly (readonly [SheetField, string, RegExp])[] = [
  ['partyMember', 'partyMember', /中共|党员|预备/],
  ['disabled', 'disabled', /残/],
  ['pregnant', 'pregnant', /孕/],
  ['veteran', 'veteran', /退役|退伍|军人/],
  ['lowIncome', 'lowIncome', /低保|低边|困难|特困/],
  ['livesAlone', 'livesAlone', /独居|空巢/],
]
const detailFields: readonly SheetField[] = ['ethnicity', 'origin', 'education', 'employer', 'marriage', 'remark']

/**
 * Understands a sheet row by row, in their order: addresses left out are those of the row above, as merged cells and tired
 * clerks write them.
 */
export class RowReader {
  readonly #kind: SheetKind
  readonly #columns: Partial<Record<SheetField, number>>
  readonly #heading: ReadonlySet<string>
  readonly #today: string
  readonly #first: number
  readonly #estate: string
  #above: Ladder = { estate: '', street: '', houseNumber: '', building: '', unit: '', room: '' }
  #areaAbove: AreaWords = { village: '', grid: '', microGrid: '' }
  #useAbove: ReadRow['use'] = null
  #doorAbove = ''

  /** @param estate Of rows that name neither estate nor street nor house number. */
  constructor(kind: SheetKind, heading: Heading, today: string, estate: string) {
    this.#estate = estate
    this.#kind = kind
    this.#columns = heading.columns
    this.#heading = new Set(heading.headings.flatMap((text) => [text, ...text.split(' ')]).map(plainHeading))
    this.#today = today
    this.#first = heading.row + heading.rows
  }

  /** Undefined for a row above the first record. */
  read(row: SheetRow): ReadRow | undefined {
    if (row.number < this.#first) return undefined
    const plain = row.cells.map(plainCell)
    if (this.#isNoise(plain)) return this.#nothing(row)
    const cell = (field: SheetField): string => plain[this.#columns[field] ?? -1] ?? ''
    const said = (field: SheetField): string => (isNothing(cell(field)) ? '' : cell(field))
    const long = row.cells.findIndex((text) => text.length > CELL_MAX)
    if (long !== -1) return this.#refused(row, long)
    const { door, area } = this.#place(said)
    const problems: Problem[] = []
    const told = <T>(field: SheetField, read: Read<T>, otherwise: T): T => {
      if ('value' in read) return read.value
      problems.push({ field, zh: read.zh, en: read.en })
      return otherwise
    }
    const tenure = readTenure(cell('tenure'))
    const sameDoor = JSON.stringify(door) === this.#doorAbove
    const use = tenure.use ?? (sameDoor ? this.#useAbove : null)
    this.#doorAbove = JSON.stringify(door)
    this.#useAbove = use
    const made = { number: row.number, cells: row.cells, noise: false, repeated: false, problems, door, area, use }
    if (this.#kind === 'organisations')
      return { ...made, person: null, organisation: this.#organisation({ cell, said, told, problems }) }
    const person = this.#person({ cell, said, told, problems, tenure: tenure.tie, use })
    return { ...made, use: person ? use : (use ?? 'vacant'), person, organisation: null }
  }

  #isNoise(plain: readonly string[]): boolean {
    const filled = plain.filter((text) => text !== '')
    if (filled.length === 0 || noiseWords.test(filled[0]!)) return true
    // Headings said again in the middle, perhaps with one that was merged away at the top.
    const needed = Math.max(3, Math.ceil(filled.length * HEADING_SHARE))
    let known = 0
    for (const [at, text] of filled.entries()) {
      if (known + filled.length - at < needed) return false
      if (this.#heading.has(plainHeading(text))) known++
    }
    return known >= needed
  }

  #nothing(row: SheetRow): ReadRow {
    return {
      number: row.number,
      cells: row.cells,
      noise: true,
      repeated: false,
      problems: [],
      door: this.#above,
      area: this.#areaAbove,
      use: null,
      person: null,
      organisation: null,
    }
  }

  #refused(row: SheetRow, column: number): ReadRow {
    const field = (Object.entries(this.#columns).find(([, at]) => at === column)?.[0] ?? null) as SheetField | null
    const zh = `有一格超过 ${CELL_MAX} 个字，多半是贴错了内容。`
    const en = `A cell has more than ${CELL_MAX} characters; it was probably pasted by mistake.`
    const cells = row.cells.map((text) => text.slice(0, CELL_MAX))
    return { ...this.#nothing(row), cells, noise: false, problems: [{ field, zh, en }] }
  }

  /** The address of the row; what it leaves out is that of the row above as long as nothing before it differs. */
  #place(said: (field: SheetField) => string): { door: Door; area: AreaWords } {
    const own = doorOf({
      estate: said('estate'),
      street: said('street'),
      houseNumber: said('houseNumber'),
      building: said('building'),
      unit: said('unit'),
      room: said('room'),
      address: said('address'),
    })
    const anything = addressFields.some((field) => said(field) !== '')
    const filled = said('address') === '' ? inherited(own, this.#above) : { ...own }
    if (filled.estate + filled.street + filled.houseNumber === '') filled.estate = this.#estate
    const areaCell = (field: keyof AreaWords): string => said(field) || this.#areaAbove[field]
    const area = anything
      ? { village: areaCell('village'), grid: areaCell('grid'), microGrid: areaCell('microGrid') }
      : this.#areaAbove
    this.#above = filled
    this.#areaAbove = area
    return { door: filled, area }
  }

  #person(from: {
    cell: (field: SheetField) => string
    said: (field: SheetField) => string
    told: <T>(field: SheetField, read: Read<T>, otherwise: T) => T
    problems: Problem[]
    tenure: Tie | null
    use: ReadRow['use']
  }): SheetPerson | null {
    const { cell, said, told, problems, use } = from
    const nameField: SheetField = this.#columns.name === undefined ? 'headName' : 'name'
    const name = said(nameField).replace(/\s+(?=[\p{Script=Han}])|(?<=[\p{Script=Han}])\s+/gu, '')
    if (name === '' || emptyHome.test(name)) {
      if (said('citizenId') !== '' || said('phone') !== '')
        problems.push({ field: nameField, zh: '请填姓名。', en: 'Please give the name.' })
      return null
    }
    if (name.length > NAME_MAX || /^\d+$|[<>{}]/.test(name))
      problems.push({ field: nameField, zh: '这不像一个姓名。', en: 'This does not look like a name.' })
    const id = told('citizenId', readCitizenId(cell('citizenId'), this.#today), null)
    const phones = told('phone', readPhone(cell('phone')), { mobile: null, others: '' })
    const sex = told('sex', readSex(cell('sex')), null)
    const born = told('bornOn', readDay(cell('bornOn')), { day: null, about: null })
    const since = told('movedInOn', readDay(cell('movedInOn')), { day: null, about: null })
    if (id && sex && sex !== id.sex)
      problems.push({
        field: 'sex',
        zh: '性别和证件号对不上，请核对哪一个写错了。',
        en: 'Sex and ID number disagree: please see which of them is wrong.',
      })
    if (id && born.day && born.day !== id.bornOn)
      problems.push({
        field: 'bornOn',
        zh: '出生日期和证件号对不上，请核对哪一个写错了。',
        en: 'Date of birth and ID number disagree: please see which of them is wrong.',
      })
    if (born.day && born.day > this.#today)
      problems.push({ field: 'bornOn', zh: '出生日期在将来。', en: 'The date of birth lies in the future.' })
    const landlord = /房东|业主|产权人/u.test(cell('headRelation'))
    const away = landlord && /不住|不在|另住|外住/u.test(cell('headRelation'))
    const related = landlord
      ? { relation: null, tie: null }
      : told('headRelation', readRelation(cell('headRelation')), { relation: null, tie: null })
    const registration = this.#registration(cell, use)
    const state = readState(cell('state')) ?? 'present'
    const livesHere = readYes(cell('livesHere')) ?? (!away && state !== 'left' && state !== 'deceased')
    return {
      name,
      citizenId: id?.id ?? null,
      phone: phones.mobile,
      sex: id?.sex ?? sex,
      bornOn: id?.bornOn ?? born.day,
      registration,
      headRelation: this.#headRelation(said, nameField, related.relation, name),
      householdNumber: said('householdNumber') || null,
      relation: tieOf({ landlord, tie: related.tie ?? from.tenure, registration, use, head: related.relation }),
      livesHere,
      state,
      fromOn: since.day !== null && since.day <= this.#today ? since.day : null,
      details: detailsOf(said, phones.others),
      tags: tagsOf(cell),
    }
  }

  #registration(cell: (field: SheetField) => string, use: ReadRow['use']): Registration {
    return readRegistration(cell('registration')) ?? (use === 'let' ? 'floating' : 'unknown')
  }

  #headRelation(
    said: (field: SheetField) => string,
    nameField: SheetField,
    relation: string | null,
    name: string,
  ): string | null {
    if (relation !== null) return relation
    if (nameField === 'headName') return 'head'
    return said('headName') !== '' && said('headName') === name ? 'head' : null
  }

  #organisation(from: {
    cell: (field: SheetField) => string
    said: (field: SheetField) => string
    told: <T>(field: SheetField, read: Read<T>, otherwise: T) => T
    problems: Problem[]
  }): SheetOrganisation | null {
    const { cell, said, told, problems } = from
    const name = said('organisationName')
    if (name === '') {
      problems.push({ field: 'organisationName', zh: '请填单位名称。', en: 'Please give the organisation’s name.' })
      return null
    }
    const none = { mobile: null, others: '' }
    const phoneOf = (field: SheetField): string | null => told(field, readPhone(cell(field)), none).mobile
    const headcount = said('headcount').replace(/[人名个约]/gu, '')
    if (headcount !== '' && !/^\d{1,6}$/.test(headcount))
      problems.push({ field: 'headcount', zh: '人数请写数字。', en: 'Please write the headcount as a number.' })
    const officers = [
      { duty: 'legalRepresentative' as const, name: said('legalName'), phone: phoneOf('legalPhone') },
      { duty: 'safetyOfficer' as const, name: said('safetyName'), phone: phoneOf('safetyPhone') },
    ].filter((officer) => officer.name !== '')
    return {
      name: name.slice(0, 120),
      code: told('organisationCode', readOrganisationCode(cell('organisationCode')), null),
      kind: readOrganisationKind(cell('organisationKind')) ?? readOrganisationKind(name) ?? 'other',
      trade: said('trade').slice(0, 60),
      headcount: /^\d{1,6}$/.test(headcount) ? Number(headcount) : null,
      phone: phoneOf('contactPhone'),
      officers,
      remark: said('organisationRemark'),
    }
  }
}

/** A part left out is inherited while no coarser part differs, and either a finer one is said or nothing is new at all. */
function inherited(own: Ladder, above: Ladder): Ladder {
  const filled: Ladder = { ...own }
  const same = ladder.every((part) => own[part] === '' || own[part] === above[part])
  let changed = false
  for (const [at, part] of ladder.entries()) {
    if (own[part] !== '') changed ||= own[part] !== above[part]
    else if (!changed && (same || ladder.slice(at + 1).some((finer) => own[finer] !== ''))) filled[part] = above[part]
  }
  return filled
}

function tieOf(said: {
  landlord: boolean
  tie: Tie | null
  registration: Registration
  use: ReadRow['use']
  head: string | null
}): SheetPerson['relation'] {
  if (said.landlord) return 'owner'
  if (said.tie !== null) return said.tie
  if (said.use === 'let' || said.registration === 'floating') return 'tenant'
  return said.head === 'head' ? 'owner' : 'family'
}

function detailsOf(said: (field: SheetField) => string, otherPhones: string): Record<string, string> {
  const details: Record<string, string> = {}
  for (const field of detailFields) if (said(field) !== '') details[field] = said(field)
  if (otherPhones !== '') details['otherPhones'] = otherPhones
  return details
}

const tagsOf = (cell: (field: SheetField) => string): string[] =>
  tagFields.filter(([field, , words]) => readYes(cell(field), words) === true).map(([, tag]) => tag)
