import type { TextKey, Translate } from '../../shared/i18n/text.ts'
import { wordFor, type WordKind } from '../../shared/registry/words.ts'

/** What was done, in words; an act that a later version brought is a change. */
export const actNames: Readonly<Record<string, TextKey>> = {
  registered: 'registry.act.registered',
  corrected: 'registry.act.corrected',
  confirmed: 'registry.act.confirmed',
  phoneFixed: 'registry.act.phoneFixed',
  stateChanged: 'registry.act.stateChanged',
  movedHere: 'registry.act.movedIn',
  residenceAdded: 'registry.act.movedIn',
  joinedHousehold: 'registry.act.joined',
  leftHousehold: 'registry.act.leftHousehold',
  residenceEnded: 'registry.act.movedOut',
  dossierWritten: 'registry.act.dossier',
  officerNamed: 'registry.act.officers',
  officerEnded: 'registry.act.officers',
  moved: 'registry.act.moved',
  tagged: 'registry.act.tagged',
  closed: 'registry.act.closed',
  planned: 'registry.act.planned',
  readdressed: 'history.readdressed',
  headChanged: 'history.headChanged',
  membersAdded: 'history.membersAdded',
  memberLeft: 'registry.act.leftHousehold',
  split: 'history.split',
  splitOff: 'history.splitOff',
  splitFrom: 'history.splitFrom',
  dissolved: 'history.dissolved',
  merged: 'history.merged',
  mergedAway: 'history.mergedAway',
  mergeUndone: 'history.mergeUndone',
}
export const fieldNames: Readonly<Record<string, TextKey>> = {
  name: 'registry.name',
  sex: 'registry.sexName',
  bornOn: 'registry.bornOn',
  citizenId: 'registry.citizenId',
  phone: 'registry.phone',
  registration: 'registry.registrationName',
  state: 'registry.stateName',
  headRelation: 'registry.headRelationName',
  use: 'registry.use',
  address: 'registry.address',
  unit: 'homes.unit',
  room: 'homes.room',
  floor: 'homes.floor',
  estate: 'homes.estate',
  street: 'homes.street',
  houseNumber: 'homes.houseNumber',
  floors: 'registry.floors',
  number: 'homes.householdNumber',
  kind: 'registry.kind',
  trade: 'registry.trade',
  code: 'registry.code',
  headcount: 'registry.headcount',
  plan: 'registry.plan',
  planReviewOn: 'registry.plan.review',
  dossier: 'registry.situationFile',
}
/** What can be read as it stands: the rest says only that it changed. */
const wordsOf: Readonly<Record<string, WordKind>> = {
  sex: 'sex',
  registration: 'registration',
  state: 'state',
  headRelation: 'head',
  use: 'use',
}
const plain = new Set([
  'name',
  'bornOn',
  'citizenId',
  'phone',
  'address',
  'trade',
  'code',
  'headcount',
  'planReviewOn',
  'unit',
  'room',
  'floor',
  'estate',
  'street',
  'houseNumber',
  'floors',
  'number',
])
const kindWords: Readonly<Record<string, WordKind>> = {
  building: 'building',
  household: 'household',
  organisation: 'organisation',
}

/** What a field of a record of some kind says in words; undefined where it is only named: a tie, a file or a plan. */
export function valueOf(t: Translate, kind: string, field: string, value: string): string | undefined {
  const words = field === 'kind' ? kindWords[kind] : wordsOf[field]
  if (words) return wordFor(t, words, value)
  return plain.has(field) ? value : undefined
}
