import { citizenIdFacts, isCitizenId, normaliseCode, normaliseMobile } from '../../kernel/codes.ts'
import { Fault } from '../../kernel/faults.ts'
import { plainHeading } from '../../kernel/sheet-columns.ts'
import type { WholeSheet } from '../../kernel/sheets.ts'
import type { KnownPerson } from '../../registry/index.ts'
import { faultsOfValues, type LetterTemplate, type Values } from '../letters/template.ts'
import type { Who } from '../envelopes/index.ts'

/** One recipient as somebody gave them, before anything is looked at. */
export interface GivenRow {
  /** As the sheet numbers it, from 1. */
  number: number
  /** Signers in their order. */
  people: Who[]
  values: Record<string, string>
}

export interface Problem {
  code: string
  detail: Record<string, unknown>
}

export interface CheckedRow {
  number: number
  people: Who[]
  values: Values
  known: KnownPerson | null
  problems: Problem[]
}

export const ROWS_MAX = 20_000
const HEADING_ROWS_MAX = 15
const HALF = {
  name: ['姓名', '名字'],
  phone: ['手机号', '手机', '联系电话', '电话'],
  citizenId: ['身份证号', '身份证', '公民身份号码'],
}

type Place = { signer: number; part: keyof Who } | { variable: string }

/** Which column says what: the first signer by the usual headings, further ones with their role before, the rest by label. */
function placesOf(template: LetterTemplate): Map<string, Place> {
  const places = new Map<string, Place>()
  const put = (heading: string, place: Place): void => {
    const plain = plainHeading(heading)
    if (!places.has(plain)) places.set(plain, place)
  }
  template.signers.forEach(({ role, name }, signer) => {
    for (const part of ['name', 'phone', 'citizenId'] as const)
      for (const heading of HALF[part]) put(signer === 0 ? heading : role + heading, { signer, part })
    const variable = template.variables.find((one) => one.name === name)
    if (variable) put(variable.label, { signer, part: 'name' })
  })
  for (const { name, label } of template.variables) {
    put(label, { variable: name })
    put(name, { variable: name })
  }
  return places
}

/** Headings of a sheet that can be filled in for this letter. */
export const headingsOf = (template: LetterTemplate, fixed: Values): string[] => {
  const names = new Set(template.signers.map(({ name }) => name))
  const people = template.signers.flatMap(({ role }, at) =>
    ['姓名', '手机号', '身份证号'].map((one) => (at ? role + one : one)),
  )
  const rest = template.variables.filter(({ name, label, from }) => {
    const person = ['citizenId', 'mobile'].includes(name) || names.has(name)
    return !person && from !== 'signer' && !(name in fixed) && !people.includes(label)
  })
  return [...people, ...rest.map(({ label }) => label)]
}

/** Reads the first sheet that has the headings. @throws signing.sheet_without_headings, signing.too_many_rows */
export function rowsOf(template: LetterTemplate, sheets: readonly WholeSheet[]): GivenRow[] {
  const places = placesOf(template)
  for (const { rows } of sheets) {
    const at = rows.slice(0, HEADING_ROWS_MAX).findIndex(({ cells }) => {
      const found = cells.flatMap((cell) => places.get(plainHeading(cell)) ?? [])
      const has = (part: keyof Who): boolean =>
        found.some((one) => 'part' in one && one.signer === 0 && one.part === part)
      return has('name') && has('phone')
    })
    if (at < 0) continue
    const columns = rows[at]!.cells.map((cell) => places.get(plainHeading(cell)))
    const body = rows.slice(at + 1).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    if (body.length > ROWS_MAX) throw new Fault('signing.too_many_rows', { most: ROWS_MAX, count: body.length })
    return body.map(({ number, cells }) => {
      const people = template.signers.map((): Who => ({ name: '', phone: '', citizenId: '' }))
      const values: Record<string, string> = {}
      cells.forEach((cell, column) => {
        const place = columns[column]
        const text = cell.trim()
        if (!place || text === '') return
        if ('variable' in place) values[place.variable] ??= text
        else people[place.signer]![place.part] ||= text
      })
      return { number, people, values }
    })
  }
  throw new Fault('signing.sheet_without_headings')
}

const yes = new Set(['是', '有', 'yes', 'true', '1', '√', '对'])

/** A cell's text as the variable wants it; what does not fit stays text and is refused by name. */
function typed(kind: string, text: string): string | number | boolean {
  if (kind === 'number' && /^-?\d{1,12}$/.test(text)) return Number(text)
  if (kind === 'yesNo') return yes.has(text.toLowerCase())
  if (kind === 'day')
    return text
      .replace(/[./年月]/g, '-')
      .replace('日', '')
      .replace(/-(\d)(?=-|$)/g, '-0$1')
  if (kind === 'citizenId' || kind === 'organisationCode') return normaliseCode(text)
  if (kind === 'mobile') return normaliseMobile(text) ?? text
  return text
}

export interface Rules {
  template: LetterTemplate
  fixed: Values
  minorAllowed: boolean
  identityLevel: string
  /** Beijing's day. */
  today: string
}

/** Everything that the house knows of a recipient in the letter's own variables. */
function valuesFor({ template, fixed }: Rules, row: GivenRow, people: Who[], known: KnownPerson | null): Values {
  const values: Record<string, string | number | boolean> = {}
  const [first] = people
  for (const { name, kind } of template.variables) {
    const given = row.values[name]
    const signer = template.signers.findIndex((one) => one.name === name)
    if (signer >= 0 && people[signer]?.name) values[name] = people[signer].name
    else if (given !== undefined) values[name] = typed(kind, given)
    else if (name in fixed) values[name] = fixed[name]!
    else if (name === 'citizenId' && first?.citizenId) values[name] = first.citizenId
    else if (name === 'mobile' && first?.phone) values[name] = first.phone
    else if (name === 'address' && known?.address) values[name] = known.address
  }
  return values
}

const problem = (code: string, detail: Record<string, unknown> = {}): Problem => ({ code, detail })

function problemsOfPeople(rules: Rules, people: readonly Who[], known: KnownPerson | null): Problem[] {
  const found: Problem[] = []
  for (const who of people) {
    if (who.name === '') found.push(problem('signing.row_no_name'))
    if (normaliseMobile(who.phone) === undefined) found.push(problem('signing.row_bad_phone'))
    if (who.citizenId === '' ? rules.identityLevel !== 'phone' : !isCitizenId(who.citizenId))
      found.push(problem('signing.row_bad_citizen_id'))
  }
  const born = citizenIdFacts(people[0]?.citizenId ?? '')?.bornOn ?? known?.bornOn
  const adult = `${Number(rules.today.slice(0, 4)) - 18}${rules.today.slice(4)}`
  if (born && born > adult && !rules.minorAllowed) found.push(problem('signing.row_under_age'))
  if (known?.deceased) found.push(problem('signing.row_deceased'))
  return found
}

/**
 * Checks all rows before anything is sent: who, with which number, what is missing, what could not be printed, who is too young,
 * dead, or there twice.
 *
 * @param known The registry's people, by citizen ID and by `phone|name`.
 */
export function checkRows(
  rules: Rules,
  rows: readonly GivenRow[],
  known: ReadonlyMap<string, KnownPerson>,
): CheckedRow[] {
  const seen = new Map<string, number>()
  const asked = new Set(rules.template.variables.filter(({ from }) => from === 'signer').map(({ name }) => name))
  const variables = rules.template.variables.map((one) => (asked.has(one.name) ? { ...one, optional: true } : one))
  const template = { ...rules.template, variables }
  return rows.map((row) => {
    const people = row.people.map((who) => ({
      name: who.name,
      phone: normaliseMobile(who.phone) ?? who.phone,
      citizenId: normaliseCode(who.citizenId),
    }))
    const [first] = people
    const person =
      (first?.citizenId && known.get(first.citizenId)) || known.get(`${first?.phone}|${first?.name}`) || null
    const values = valuesFor(rules, row, people, person)
    const problems = problemsOfPeople(rules, people, person)
    for (const { code, detail } of faultsOfValues(template, values)) problems.push({ code, detail })
    const key = people.map(({ name, phone }) => `${name}|${phone}`).join('|') + JSON.stringify(row.values)
    const before = seen.get(key)
    if (before !== undefined) problems.push(problem('signing.row_twice', { row: before }))
    else seen.set(key, row.number)
    return { number: row.number, people, values, known: person, problems: unique(problems) }
  })
}

function unique(problems: Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems.filter((one) => {
    const key = JSON.stringify(one)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
