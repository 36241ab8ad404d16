import { DAY, dateOf, dayNumberOf } from '../../kernel/calendar-days.ts'
import { Fault } from '../../kernel/faults.ts'
import type { DiaryKind, DiarySetting } from './contract.ts'

/** What was written, as it is sealed. */
export interface Words {
  text: string
  visited: string
  address: string
}

/**
 * Where a county has set nothing: the five stewards of a micro-grid, and three years of keeping.
 *
 * @source docs/decisions/0060-diary-of-people-on-duty.md
 */
export const shippedSetting: DiarySetting = {
  kinds: [
    { code: 'mood', zh: '民情', en: 'People’s mood', category: '0603' },
    { code: 'water', zh: '治水', en: 'Water', category: '0103' },
    { code: 'care', zh: '关爱', en: 'Care', category: '0602' },
    { code: 'safety', zh: '平安', en: 'Safety', category: '0402' },
    { code: 'hygiene', zh: '卫生', en: 'Hygiene', category: '0101' },
  ],
  keepDays: 1095,
}

/** A kind by its code; the code itself for one that the county has dropped since. */
export function kindName(kinds: readonly DiaryKind[], code: string, locale: string): string {
  const found = kinds.find((kind) => kind.code === code)
  return (locale === 'en' ? found?.en : found?.zh) ?? code
}

/** @throws duty.unknown_kind */
export function requireKind(kinds: readonly DiaryKind[], code: string): DiaryKind {
  const found = kinds.find((kind) => kind.code === code && !kind.gone)
  if (!found) throw new Fault('duty.unknown_kind')
  return found
}

/** The day of an instant in Beijing, as `YYYY-MM-DD`. */
export const dayOf = (at: Date): string => dateOf(dayNumberOf(at))

/** First day of a month and first day of the next, as `YYYY-MM-DD`. */
export function spanOf(month: string): [from: string, to: string] {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return [`${month}-01`, new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10)]
}

/** Clocks of phones run a few minutes ahead. */
const AHEAD_MS = 5 * 60_000

/**
 * When it was, and the day of a further visit.
 *
 * @throws duty.met_later, duty.follow_up_past
 */
export function requireDates(now: Date, metAt: Date, followUpOn: string | null): void {
  if (metAt.getTime() > now.getTime() + AHEAD_MS) throw new Fault('duty.met_later')
  if (followUpOn !== null && followUpOn < dayOf(metAt)) throw new Fault('duty.follow_up_past')
}

/** The day after which words and photos are deleted. */
export const keptUntil = (writtenAt: Date, keepDays: number): string =>
  dayOf(new Date(writtenAt.getTime() + keepDays * DAY))

const wideDigit = /[\uFF10-\uFF19]/g
const mobile = /(?<!\d)(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d)/g
const landline = /(?<!\d)(0\d{2,3})[ -]\d{7,8}(?!\d)/g
/** Identity and bank cards, passbooks, a phone with its country or area before it: eleven digits and more. */
const longNumber = /(?<!\d)(\d{4})\d{6,}([\dXx])(?!\d)/g

const maskNumbers = (words: string): string =>
  words
    .replace(wideDigit, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(mobile, '$1****$3')
    .replace(landline, '$1-****')
    .replace(longNumber, '$1****$2')

const personName = /^\p{Script=Han}{2,4}$/u

/** 王小明 → 王某某, as one reads it in a notice; what is no name of a person keeps its first character alone. */
const maskName = (name: string): string => {
  const [first = '', ...rest] = [...name]
  return first + (personName.test(name) ? '某' : '*').repeat(Math.min(2, rest.length))
}

/**
 * The words as others than the author read them: whom one met by the first character, here and in the text, and no number
 * by which somebody can be reached or looked up.
 */
export function maskWords<Part extends Words>(words: Part): Part {
  const { visited } = words
  const hidden = maskName(visited)
  const masked = (part: string): string =>
    maskNumbers([...visited].length > 1 ? part.replaceAll(visited, hidden) : part)
  const parts = Object.entries(words).map(([name, part]) => [name, masked(String(part))])
  return Object.fromEntries(parts) as Part
}
