import type { PersonFate, Standing, VisitResult } from '../../../src/registry/visits/contract.ts'
import type { TextKey } from '../i18n/text.ts'

export const standingNames: Record<Standing, TextKey> = {
  done: 'visit.done',
  open: 'visit.open',
  nobodyHome: 'visit.nobodyHome',
  refused: 'visit.refused',
  person: 'visit.personMissing',
  questions: 'visit.questionsLeft',
}
export const standingLooks: Record<Standing, string> = {
  done: 'verified',
  open: 'parked',
  nobodyHome: 'dueSoon',
  refused: 'overdue',
  person: 'dueSoon',
  questions: 'dueSoon',
}
export const gapStandings = ['open', 'nobodyHome', 'refused', 'person', 'questions'] as const

export const resultNames: Record<VisitResult, TextKey> = {
  visited: 'visit.resultVisited',
  nobodyHome: 'visit.nobodyHome',
  refused: 'visit.refused',
}
export const fateNames: Record<PersonFate, TextKey> = {
  met: 'visit.fateMet',
  vouched: 'visit.fateVouched',
  away: 'visit.fateAway',
  left: 'visit.fateLeft',
}
const useNames: ReadonlyMap<string, TextKey> = new Map([
  ['ownerOccupied', 'premisesUse.ownerOccupied'],
  ['let', 'premisesUse.let'],
  ['vacant', 'premisesUse.vacant'],
  ['enterprise', 'premisesUse.enterprise'],
  ['merchant', 'premisesUse.merchant'],
  ['public', 'premisesUse.public'],
  ['unknown', 'premisesUse.unknown'],
])
export const premisesUseNames = [...useNames]
export const premisesUseName = (use: string): TextKey => useNames.get(use) ?? 'premisesUse.unknown'

const forceNames: ReadonlyMap<string, TextKey> = new Map([
  ['grid', 'visit.forceGrid'],
  ['police', 'visit.forcePolice'],
  ['party', 'visit.forceParty'],
])
export const forceName = (force: string): TextKey => forceNames.get(force) ?? 'visit.forceGrid'

export const relationNames: ReadonlyMap<string, TextKey> = new Map([
  ['owner', 'residence.owner'],
  ['tenant', 'residence.tenant'],
  ['family', 'residence.family'],
  ['lodger', 'residence.lodger'],
  ['employee', 'residence.employee'],
])
