import { freshMonths } from '../field-groups.ts'
import { monthsBefore } from '../history/rules.ts'

/** Acts for which somebody told something; merging, moving and closing of records ask nobody. */
export const askingActs = [
  'registered',
  'confirmed',
  'corrected',
  'phoneFixed',
  'residenceAdded',
  'residenceEnded',
  'movedHere',
  'joinedHousehold',
  'leftHousehold',
  'memberLeft',
  'headChanged',
  'tagged',
  'dossierWritten',
  'planned',
  'officerNamed',
  'officerEnded',
] as const

/** A change of a record, as far as it tells what was asked. */
export interface Told {
  subjectId: string
  subjectKind: string
  act: string
  fields: readonly string[]
}

const personGroups: Readonly<Record<string, string>> = {
  name: 'name',
  sex: 'name',
  bornOn: 'name',
  citizenId: 'citizenId',
  phone: 'phone',
  registration: 'registration',
  state: 'residence',
  areaPath: 'residence',
  premisesId: 'residence',
  householdId: 'residence',
  headRelation: 'residence',
  residence: 'residence',
  tag: 'tags',
}

function groupOfField(kind: string, field: string): string | undefined {
  if (field === 'closed') return undefined
  if (kind === 'person') return field.startsWith('details:') ? field.slice('details:'.length) : personGroups[field]
  if (kind === 'household') return field === 'dossier' ? 'dossier' : 'residence'
  return kind === 'organisation' ? 'organisation' : 'premises'
}

/** What “still so?” asks of each kind of record. */
const confirmedGroups: Readonly<Record<string, readonly string[]>> = {
  person: ['name', 'registration', 'residence'],
  household: ['residence'],
  organisation: ['organisation'],
}

/** The groups of fields that a change asked for, each once. */
export function groupsAsked({ subjectKind, act, fields }: Told): string[] {
  if (act === 'confirmed') return [...(confirmedGroups[subjectKind] ?? ['premises'])]
  const groups = fields.map((field) => groupOfField(subjectKind, field)).filter((group) => group !== undefined)
  return [...new Set(groups)]
}

/** One question put to one household, person, premises or organisation. */
export interface Ask {
  subjectId: string
  group: string
  at: Date
  /** Of the record; tells which of two of one instant came first. */
  version: number
  source: string
  account: string | null
  /** As what they acted, where nobody knows the account’s post. */
  label: string
  /** Only confirmed, nothing typed. */
  confirmed: boolean
  /** Known without asking anybody, as what a demo is filled with. */
  silent: boolean
}

/** What was known before the period, by record and group: since when. */
export type KnownSince = Map<string, Date>
export const keyOf = (subjectId: string, group: string): string => `${subjectId} ${group}`

export interface Measured extends Ask {
  /** Asked although the answer was there, and younger than its group stays fresh. */
  known: boolean
}

/** Goes through the questions in their order and says of each whether it was needless. */
export function measure(asks: readonly Ask[], before: KnownSince): Measured[] {
  const since = new Map(before)
  const measured: Measured[] = []
  const inOrder = (one: Ask, other: Ask): number => one.at.getTime() - other.at.getTime() || one.version - other.version
  for (const ask of asks.toSorted(inOrder)) {
    const key = keyOf(ask.subjectId, ask.group)
    const last = since.get(key)
    const known = last !== undefined && last > monthsBefore(ask.at, freshMonths(ask.group))
    if (!ask.silent) measured.push({ ...ask, known })
    since.set(key, ask.at)
  }
  return measured
}

export interface Tally {
  asked: number
  known: number
}

/** Counted by something of each question, what was needless most often first. */
export function tallyBy<T extends { known: boolean }>(asks: readonly T[], of: (ask: T) => string): [string, Tally][] {
  const counts = new Map<string, Tally>()
  for (const ask of asks) {
    const { asked, known } = counts.get(of(ask)) ?? { asked: 0, known: 0 }
    counts.set(of(ask), { asked: asked + 1, known: known + (ask.known ? 1 : 0) })
  }
  return [...counts].toSorted(([, one], [, other]) => other.known - one.known || other.asked - one.asked)
}
