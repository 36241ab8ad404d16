import { createHash, randomBytes } from 'node:crypto'
import type { FindDuplicates } from './contract.ts'

/** Crockford's alphabet: nothing that a 70-year-old could mistake for something else on the phone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LETTERS = 12

/**
 * A progress code: county, then 12 letters of 60 random bits in groups of four (`330411.7K3M-9QXT-2HVD`).
 *
 * Too long to guess behind the throttle of its route, short enough to read out.
 */
export function newProgressCode(county: string): string {
  const bytes = randomBytes(CODE_LETTERS)
  let letters = ''
  for (const byte of bytes) letters += ALPHABET[byte & 31]
  return `${county}.${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`
}

/** The code as it is looked up: capitals, no separators, O read as 0, I and L as 1. Undefined when it cannot be one. */
export function normaliseProgressCode(typed: string): string | undefined {
  const match = /^(\d{6})\.?([0-9A-Za-z-]{12,16})$/.exec(typed.trim().replace(/\s+/g, ''))
  const letters = match?.[2]?.toUpperCase().replaceAll('-', '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return match && letters?.length === CODE_LETTERS ? `${match[1]}.${letters}` : undefined
}

export const hashProgressCode = (normalised: string): Buffer => createHash('sha256').update(normalised).digest()

/** The county's calendar day of an instant, in China (UTC+8, no summer time). */
export const dayOf = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

/** 办件编号: county, day, running number: `330411-261121-00042`. */
export const formatNumber = (county: string, day: string, running: number): string =>
  `${county}-${day.slice(2).replaceAll('-', '')}-${String(running).padStart(5, '0')}`

const SUMMARY_LETTERS = 42

/** The first words, on one line, never cutting a letter in two. */
export function summaryOf(text: string): string {
  const line = text
    .slice(0, SUMMARY_LETTERS * 4)
    .replace(/\s+/g, ' ')
    .trim()
  if (line.length <= SUMMARY_LETTERS) return line
  let summary = ''
  let count = 0
  for (const letter of line) {
    if (count++ === SUMMARY_LETTERS) return `${summary}…`
    summary += letter
  }
  return summary
}

/** 张三 → 张*；欧阳明月 → 欧***. */
export const maskName = (name: string): string => {
  const [first = '', ...rest] = [...name]
  return first + '*'.repeat(Math.min(rest.length, 3))
}

/** 13812345678 → 138****5678. */
export const maskPhone = (phone: string): string =>
  phone.length >= 7 ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : '****'

function gramsOf(text: string): Set<string> {
  const letters = [
    ...text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s\p{P}\p{S}]+/gu, ''),
  ].slice(0, 400)
  const grams = new Set<string>()
  for (let at = 0; at + 1 < letters.length; at++) grams.add(letters[at]! + letters[at + 1]!)
  return grams
}

/** Share of common two-character grams, 0 to 1 (Dice), which suits Chinese without cutting words. */
export function wordLikeness(one: string, other: string): number {
  const left = gramsOf(one)
  const right = gramsOf(other)
  if (left.size === 0 || right.size === 0) return 0
  let common = 0
  for (const gram of left) if (right.has(gram)) common++
  return (2 * common) / (left.size + right.size)
}

/** How far and how long ago a report may be and still be the same matter. */
export const DUPLICATE_METRES_MAX = 300
export const DUPLICATE_DAYS_MAX = 30
/** Below this likeness a candidate is not shown. */
export const DUPLICATE_PERCENT_MIN = 45

export interface Candidate {
  sameCategory: boolean
  /** Null when one of the two has no position; then both lie in the same micro-grid. */
  distanceMetres: number | null
  hoursApart: number
  text: string
}

/**
 * How likely a candidate is the same matter, 0 to 100: place 40, words 35, category 15, time 10.
 *
 * A suggestion for a person, never a decision: nothing is merged by itself.
 */
export function likeness(report: Pick<FindDuplicates, 'text'>, candidate: Candidate): number {
  const near =
    candidate.distanceMetres === null ? 0.5 : Math.max(0, 1 - candidate.distanceMetres / DUPLICATE_METRES_MAX)
  const fresh = Math.max(0, 1 - candidate.hoursApart / (24 * DUPLICATE_DAYS_MAX))
  const words = wordLikeness(report.text, candidate.text)
  return Math.round(40 * near + 35 * Math.min(1, words * 1.4) + (candidate.sameCategory ? 15 : 0) + 10 * fresh)
}
