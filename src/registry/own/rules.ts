import { timingSafeEqual } from 'node:crypto'
import type { CorrectPerson, Details } from '../people/contract.ts'
import type { OwnField } from './contract.ts'
import { fields } from './fields.ts'

/** Wrong tails on one day, then tomorrow: of a million tails nobody guesses one, and a typing mistake costs nothing. */
export const TRIES_A_DAY = 5
/** Working days for an answer. @source 个人信息保护法第五十条 asks for a prompt one; fifteen as GB/T 35273-2020 8.7 allows thirty (check) */
export const ANSWER_WORKDAYS = 15
/** Those who answer are reminded so many days before. */
export const REMIND_DAYS = 3
export const KEEP_YEARS = 3

/** Whether a typed tail is that of the number; takes as long for a wrong one as for the right one. */
export function isTailOf(citizenId: string | null, tail: string): boolean {
  const kept = Buffer.from((citizenId ?? '??????').slice(-6).toUpperCase())
  const typed = Buffer.from(tail.toUpperCase())
  return kept.length === typed.length && timingSafeEqual(kept, typed) && citizenId !== null
}

const codesOf: Partial<Record<OwnField, Readonly<Record<string, string>>>> = {
  sex: { 男: 'male', 女: 'female', male: 'male', female: 'female' },
  registration: {
    本地户籍: 'registered',
    人户分离: 'elsewhere',
    流动人口: 'floating',
    境外人员: 'foreign',
    registered: 'registered',
    elsewhere: 'elsewhere',
    floating: 'floating',
    foreign: 'foreign',
  },
}

/** A wish as it is written into the record; null where it cannot be read as a value of the field. */
export function valueOf(field: OwnField, wish: string): string | null {
  const value = wish.normalize('NFKC').trim()
  if (value === '') return null
  const codes = codesOf[field]
  if (codes) return Object.hasOwn(codes, value) ? codes[value]! : null
  if (field === 'bornOn') return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : null
  return value
}

/** The correction as the registry takes it; phones have a command of their own. */
export function correctionOf(
  field: OwnField,
  value: string,
  known: Details,
): Pick<CorrectPerson, 'name' | 'citizenId' | 'sex' | 'bornOn' | 'registration' | 'details'> {
  const { at } = fields[field]
  if (at) {
    const [group, name] = at
    return { details: { [group]: { ...known[group], [name]: value } } }
  }
  return { [field]: value }
}
