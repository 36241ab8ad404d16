import type { DuplicateReason } from './contract.ts'
import { waysToRead } from '../search/readings.ts'
import { lettersOf } from '../search/tokens.ts'

/** A person as far as two are compared; numbers in the clear. */
export interface Compared {
  readonly id: string
  readonly name: string
  readonly bornOn: string | null
  readonly citizenId: string | null
  readonly phone: string | null
  readonly premisesId: string | null
}

/** Whether two numbers of the same length differ in one digit, or in two neighbours that changed places. */
export function isSlip(one: string, other: string): boolean {
  if (one.length !== other.length || one === other) return false
  const wrong = [...one].flatMap((digit, at) => (digit === other[at] ? [] : [at]))
  if (wrong.length === 1) return true
  const [first = 0, second = 0] = wrong
  return wrong.length === 2 && second === first + 1 && one[first] === other[second] && one[second] === other[first]
}

const plain = (name: string): string => lettersOf(name).join('')
const readingsOf = (name: string): string[] => waysToRead(lettersOf(name), true).map((way) => way.join(' '))
/** Whether two names that are written differently may sound alike. */
export function soundAlike(one: string, other: string): boolean {
  const heard = new Set(readingsOf(one))
  return readingsOf(other).some((reading) => heard.has(reading))
}

/** An ID number with a slip has the wrong check digit as often as not: its first 17 digits are compared. */
const bodyOf = (citizenId: string): string => citizenId.slice(0, 17)

/**
 * Why two records may be the same person; empty when nothing says so. Two different ID numbers that no slip explains are two
 * people, whatever else is alike (twins).
 */
export function reasonsOf(one: Compared, other: Compared): DuplicateReason[] {
  if (one.citizenId && other.citizenId) {
    if (one.citizenId === other.citizenId) return ['citizenId']
    const slip = isSlip(bodyOf(one.citizenId), bodyOf(other.citizenId))
    return slip && plain(one.name) === plain(other.name) ? ['swappedDigits'] : []
  }
  const reasons: DuplicateReason[] = []
  const sameName = plain(one.name) === plain(other.name)
  const sameBirth = one.bornOn !== null && one.bornOn === other.bornOn
  const sameHome = one.premisesId !== null && one.premisesId === other.premisesId
  const clash = one.bornOn !== null && other.bornOn !== null && one.bornOn !== other.bornOn
  if (sameName && one.phone && one.phone === other.phone) reasons.push('phoneName')
  if (sameName && sameBirth) reasons.push('nameBirth')
  if (sameName && sameHome && !clash) reasons.push('nameHome')
  if (sameName && one.phone && other.phone && isSlip(one.phone, other.phone)) reasons.push('swappedDigits')
  if (!sameName && sameHome && !clash && soundAlike(one.name, other.name)) reasons.push('soundHome')
  return reasons
}

/** 1 sure, 2 likely, 3 possible. */
export function gradeOf(reasons: readonly DuplicateReason[]): number {
  if (reasons.includes('citizenId')) return 1
  return reasons.every((reason) => reason === 'soundHome') ? 3 : 2
}

/** The smallest area that holds both. */
export function sharedPath(one: string, other: string): string {
  const [left, right] = [one.split('/'), other.split('/')]
  const apart = left.findIndex((code, at) => code !== right[at])
  return (apart < 0 ? left : left.slice(0, apart)).join('/')
}

/** The village of a path, or what is smaller: how far around somebody of the same name is looked for. */
export const aroundOf = (path: string): string => path.split('/').slice(0, 3).join('/')

/** Two ids in the order in which a pair is kept. */
export const ordered = (one: string, other: string): [string, string] => (one < other ? [one, other] : [other, one])
