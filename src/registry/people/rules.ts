import { citizenIdFacts, normaliseCode, normaliseMobile } from '../../kernel/codes.ts'
import { Fault } from '../../kernel/faults.ts'
import { detailGroups, groupOf } from '../field-groups.ts'
import { type Details, relations, type Relation } from './contract.ts'

export interface CitizenFacts {
  citizenId: string
  bornOn: string
  sex: 'male' | 'female'
}

/** What an ID number says by itself. @throws registry.citizen_id_invalid */
export function requireCitizenId(text: string, today: string): CitizenFacts {
  const citizenId = normaliseCode(text)
  const facts = citizenIdFacts(citizenId, today)
  if (!facts) throw new Fault('registry.citizen_id_invalid')
  return { citizenId, bornOn: facts.bornOn, sex: facts.sex }
}

/** The 11 digits of a mobile number; null for an empty one. @throws registry.phone_invalid */
export function requireMobile(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const phone = normaliseMobile(text)
  if (!phone) throw new Fault('registry.phone_invalid')
  return phone
}

/** One's tie to premises, as far as the rules look at it. */
export interface Tie {
  premisesId: string
  householdId: string | null
  areaPath: string
  relation: string
  livesHere: boolean
  headRelation: string | null
  fromOn: string
  untilOn: string | null
}

const order = (relation: string): number => {
  const at = relations.indexOf(relation as Relation)
  return at < 0 ? relations.length : at
}

/** Which of two ties says more about where somebody is: living there, then what the tie is, then the older one. */
function before(one: Tie, other: Tie): number {
  if (one.livesHere !== other.livesHere) return one.livesHere ? -1 : 1
  if (one.relation !== other.relation) return order(one.relation) - order(other.relation)
  if (one.fromOn !== other.fromOn) return one.fromOn < other.fromOn ? -1 : 1
  return one.premisesId < other.premisesId ? -1 : 1
}

/** The tie by which a person lies in an area: the lasting one where they live, else the first that they have. */
export const mainTie = <T extends Tie>(ties: readonly T[]): T | undefined =>
  ties.filter(({ untilOn }) => untilOn === null).toSorted(before)[0]

export interface Home {
  areaPath: string
  premisesId: string | null
  householdId: string | null
  headRelation: string | null
}

/**
 * Where a person is, by the one rule: the tie where they live; else, where the last home ended, what they own or rent; who was
 * registered in an area without premises stays there, whatever else they own. Without any tie the place stays as it was.
 */
export function homeOf(ties: readonly Tie[], last: Pick<Home, 'areaPath' | 'premisesId'>): Home {
  const nowhere = { areaPath: last.areaPath, premisesId: null, householdId: null, headRelation: null }
  const main = mainTie(ties)
  if (!main) return nowhere
  if (main.livesHere) {
    const { areaPath, premisesId, householdId, headRelation } = main
    return { areaPath, premisesId, householdId, headRelation }
  }
  const near = mainTie(ties.filter(({ areaPath }) => areaPath === last.areaPath))
  const stays = near ?? (last.premisesId === null ? undefined : main)
  return stays ? { ...nowhere, areaPath: stays.areaPath, premisesId: stays.premisesId } : nowhere
}

/** Every place by which a person may be seen: of the main tie, and of each lasting one. */
export const pathsOf = (areaPath: string, ties: readonly Tie[]): string[] => [
  ...new Set([areaPath, ...ties.filter(({ untilOn }) => untilOn === null).map((tie) => tie.areaPath)]),
]

/** Places where somebody owns premises in which they do not live. */
export const ownedElsewhere = (ties: readonly Tie[]): string[] => {
  const lasting = ties.filter(({ untilOn }) => untilOn === null)
  const homes = new Set(lasting.filter(({ livesHere }) => livesHere).map(({ premisesId }) => premisesId))
  const owned = lasting.filter(
    ({ relation, livesHere, premisesId }) => relation === 'owner' && !livesHere && !homes.has(premisesId),
  )
  return [...new Set(owned.map(({ areaPath }) => areaPath))]
}

/** A last day: not before the first, not in the future. @throws registry.until_not_possible */
export function requireUntil(fromOn: string, untilOn: string, today: string): void {
  if (untilOn < fromOn || untilOn > today) throw new Fault('registry.until_not_possible')
}

/** Details without empty fields and empty groups. */
export function tidyDetails(details: Details): Details {
  const kept: Record<string, Record<string, string>> = {}
  for (const group of detailGroups) {
    const fields = Object.entries(details[group] ?? {}).filter(([, value]) => String(value).trim() !== '')
    if (fields.length > 0)
      kept[group] = Object.fromEntries(fields.map(([field, value]) => [field, String(value).trim()]))
  }
  return kept
}

/** The groups that are shown without asking, and the names of those that are not. */
export function shownDetails(details: Details): { details: Details; hiddenGroups: string[] } {
  const filled = detailGroups.filter((group) => details[group] !== undefined)
  const shown = filled.filter((group) => !groupOf(group).sensitive)
  return {
    details: Object.fromEntries(shown.map((group) => [group, details[group]])),
    hiddenGroups: filled.filter((group) => groupOf(group).sensitive),
  }
}
