import { useSyncExternalStore } from 'react'
import type { Purpose } from '../../src/kernel/grants.ts'
import type { Seat } from '../../src/identity/contract.ts'

export type StatedPurpose = Exclude<Purpose, 'own'>

const storageKey = 'tongxin.purpose'
const listeners = new Set<() => void>()
const known: readonly StatedPurpose[] = ['handling', 'supervision', 'audit', 'administration', 'statistics']

let current: StatedPurpose = known.find((word) => word === sessionStorage.getItem(storageKey)) ?? 'handling'

/** What somebody looks at things for; it is stated with every request and stands in the ledger where it counts. */
export const purpose = () => current

export function choosePurpose(next: StatedPurpose): void {
  if (next === current) return
  current = next
  sessionStorage.setItem(storageKey, next)
  for (const tell of listeners) tell()
}

export const usePurpose = () =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, purpose)

/** An administrator's seat has one purpose; for the others it is what they chose, and at first their work. */
export function purposeFor(seats: readonly Seat[], stated: StatedPurpose): StatedPurpose {
  if (seats.includes('audit')) return 'audit'
  if (seats.length > 0) return 'administration'
  return stated === 'audit' || stated === 'administration' ? 'handling' : stated
}

/** What somebody without a seat may choose from: of what their posts give, what the desk has pages for. */
export const heldPurposes = (given: readonly string[]): StatedPurpose[] =>
  known.filter((word) => given.includes(word) && purposeFor([], word) === word)

/** One's own things are one's own, whatever one has come for; the year's calendar is anybody's. */
const own =
  /^\/(?:identity\/(?:me|who|sign-)|my\/|notify\/(?:inbox|push)|demo\/|grid\/(?:posts\/mine|calendar\?)|registry\/(?:own(?:\/|$)|follow-ups\/terms))/

export const statedPurpose = (path: string): Record<string, string> =>
  current === 'handling' || own.test(path) ? {} : { 'tongxin-purpose': current }
