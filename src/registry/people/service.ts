import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { mayAt, requireAt, requireHomeArea } from '../access.ts'
import type { Source } from '../contract.ts'
import { dayOf, requireName } from '../rules.ts'
import { writablePremises } from '../addresses/service.ts'
import type { ConfirmRecord } from '../addresses/contract.ts'
import type { GivenTag, SetTags } from '../tags/contract.ts'
import { requireGiven, requireTag, tagName } from '../tags/rules.ts'
import type { TagRow } from '../tags/store.ts'
import { noteLook, reasonOf, requireReason } from '../writing.ts'
import type {
  AddResidence,
  ChangeState,
  CorrectPerson,
  Details,
  EndResidence,
  FixPhone,
  MovePersonHere,
  Person,
  RegisterPerson,
  UnmaskedPerson,
  UnmaskPerson,
} from './contract.ts'
import { pathsOf, requireCitizenId, requireMobile, requireUntil, tidyDetails } from './rules.ts'
import { loadPeople, openPerson, savePeople, type PersonState } from './saving.ts'
import * as store from './store.ts'
import { personView } from './views.ts'

const cleanName = (name: string): string => requireName(cleanText(name, { maxLength: 60, path: 'name' }))

/** The sealed form of what is kept of a phone. */
export const sealedPhone = (cmd: Command, phone: string | null) => ({
  phoneSealed: phone === null ? null : cmd.vault.seal(cmd.county, phone),
  phoneBlind: phone === null ? null : cmd.vault.blind(cmd.county, 'phone', phone),
})

export const sealedCitizenId = (cmd: Command, citizenId: string | null) => ({
  citizenIdSealed: citizenId === null ? null : cmd.vault.seal(cmd.county, citizenId),
  citizenIdBlind: citizenId === null ? null : cmd.vault.blind(cmd.county, 'citizenId', citizenId),
})

const sealedDetails = (cmd: Command, details: Details): Buffer | null => {
  const kept = tidyDetails(details)
  return Object.keys(kept).length === 0 ? null : cmd.vault.seal(cmd.county, JSON.stringify(kept))
}

/** Sex and date of birth: what the ID number says goes before what was typed. @throws registry.born_in_future */
function birthOf(
  facts: { bornOn: string; sex: string } | null,
  given: { bornOn?: string | null | undefined; sex?: string | null | undefined },
  today: string,
): { bornOn: string | null; sex: string | null } {
  if (facts) return { bornOn: facts.bornOn, sex: facts.sex }
  const bornOn = given.bornOn ?? null
  if (bornOn !== null && bornOn > today) throw new Fault('registry.born_in_future')
  return { bornOn, sex: given.sex ?? null }
}

interface NewTie {
  premisesId: string
  relation?: string | undefined
  livesHere?: boolean | undefined
  householdId?: string | undefined
  headRelation?: string | null | undefined
  fromOn?: string | undefined
}

/** A tie to open premises in the caller's scope; a household must live there. @throws registry.closed, kernel.not_found */
export async function newTie(
  cmd: Command,
  personId: string,
  home: NewTie,
  source: Source,
): Promise<store.ResidenceRow> {
  const premises = await writablePremises(cmd, home.premisesId)
  if (home.householdId !== undefined) {
    const household = await store.premisesOfHousehold(cmd.tx, cmd.county, home.householdId)
    if (!household || household.premisesId !== premises.id) throw new Fault('kernel.not_found')
  }
  const isOpen = await store.holdOpen(cmd.tx, cmd.county, premises.id, home.householdId ?? null)
  if (!isOpen) throw new Fault('registry.closed')
  const today = dayOf(cmd.now)
  const fromOn = home.fromOn ?? today
  requireUntil(fromOn, today, today)
  const livesHere = home.livesHere ?? true
  return {
    id: uuidv7(cmd.now),
    personId,
    premisesId: premises.id,
    householdId: livesHere ? (home.householdId ?? null) : null,
    areaPath: premises.areaPath,
    relation: home.relation ?? 'family',
    livesHere,
    headRelation: livesHere ? (home.headRelation ?? null) : null,
    fromOn,
    untilOn: null,
    source,
    byAccount: cmd.actor.id,
    at: cmd.now,
  }
}

const newTag = (cmd: Command, personId: string, areaPath: string, source: Source, given: GivenTag): TagRow => ({
  ...requireGiven(given, dayOf(cmd.now), cmd.locale),
  areaPath,
  personId,
  derived: false,
  sinceOn: dayOf(cmd.now),
  source,
  byAccount: cmd.actor.id,
  at: cmd.now,
})

/**
 * Whether somebody of this ID number is registered already: in the caller's scope that is said with the record, elsewhere
 * without a word about it.
 *
 * @throws registry.already_known, registry.known_elsewhere
 */
export async function requireUnknown(cmd: Command, blind: Buffer, butFor?: string): Promise<void> {
  await store.lockCitizenId(cmd.tx, blind)
  const known = (await store.listByCitizenId(cmd.tx, cmd.county, blind)).filter(({ id }) => id !== butFor)
  const states = await loadPeople(
    cmd,
    known.map(({ id }) => id),
  )
  for (const { row, ties } of states.values()) {
    if (!mayAt(cmd, 'registry.read', pathsOf(row.areaPath, ties))) continue
    throw new Fault('registry.already_known', { person: row.id, version: row.version })
  }
  if (known.length > 0) throw new Fault('registry.known_elsewhere')
}

/**
 * Registers a person, once in the county.
 *
 * @throws registry.already_known with the record in one's scope, to be confirmed instead; registry.known_elsewhere;
 *   registry.citizen_id_invalid, registry.phone_invalid, registry.home_needed, registry.unknown_area, kernel.forbidden
 */
export async function registerPerson(cmd: Command, input: RegisterPerson): Promise<Person> {
  const id = input.id ?? uuidv7(cmd.now)
  const today = dayOf(cmd.now)
  const { premisesId } = input
  const tie = premisesId === undefined ? null : await newTie(cmd, id, { ...input, premisesId }, input.source)
  const areaPath = tie?.areaPath ?? input.areaPath
  if (areaPath === undefined) throw new Fault('registry.home_needed')
  requireAt(cmd, 'registry.write', [areaPath])
  if (!tie) await requireHomeArea(cmd, areaPath)
  const facts = input.citizenId ? requireCitizenId(input.citizenId, today) : null
  const citizenId = sealedCitizenId(cmd, facts?.citizenId ?? null)
  if (citizenId.citizenIdBlind) await requireUnknown(cmd, citizenId.citizenIdBlind)
  const row: store.PersonRow = {
    id,
    version: 1,
    name: cleanName(input.name),
    ...birthOf(facts, input, today),
    ...citizenId,
    ...sealedPhone(cmd, requireMobile(input.phone ?? null)),
    detailsSealed: sealedDetails(cmd, input.details ?? {}),
    registration: input.registration ?? 'unknown',
    areaPath,
    premisesId: null,
    householdId: null,
    headRelation: null,
    state: 'present',
    mergedInto: null,
    source: input.source,
    checkedAt: cmd.now,
    checkedBy: cmd.actor.id,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
  const tags = (input.tags ?? []).map((tag) => newTag(cmd, id, areaPath, input.source, tag))
  const after: PersonState = { row, ties: tie ? [tie] : [], tags }
  const why = { source: input.source, reason: reasonOf(input.reason) }
  return saveOne(cmd, { act: 'registered', before: null, after }, why)
}

async function saveOne(
  cmd: Command,
  step: { act: string; before: PersonState | null; after: PersonState },
  why: { source: Source; reason: string },
): Promise<Person> {
  const [saved] = await savePeople(cmd, [step], why)
  return personView(cmd, saved!)
}

/** A person in the caller's scope, who may be written, of the version last seen. */
export async function writablePerson(cmd: Command, id: string, version: number): Promise<PersonState> {
  const state = (await loadPeople(cmd, [id])).get(id)
  if (!state) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.write', pathsOf(state.row.areaPath, state.ties))
  if (state.row.state === 'merged') throw new Fault('registry.merged')
  if (state.row.version !== version) throw new Fault('kernel.stale', { version: state.row.version })
  return state
}

/** The next version of a person, checked now by whoever writes. */
export const nextPerson = (
  cmd: Command,
  { row, ties, tags }: PersonState,
  change: Partial<store.PersonRow>,
): PersonState => ({
  row: { ...row, ...change, version: row.version + 1, checkedAt: cmd.now, checkedBy: cmd.actor.id, updatedAt: cmd.now },
  ties,
  tags,
})

/** The second asker says that all is still so: freshness moves on, no second record. @throws kernel.stale, registry.merged */
export async function confirmPerson(cmd: Command, id: string, input: ConfirmRecord): Promise<Person> {
  const before = await writablePerson(cmd, id, input.version)
  const { source } = input
  return saveOne(cmd, { act: 'confirmed', before, after: nextPerson(cmd, before, { source }) }, { source, reason: '' })
}

/**
 * Corrects what is known of a person.
 *
 * @throws registry.already_known or registry.known_elsewhere for an ID number that somebody else has; registry.reason_needed,
 *   kernel.stale, registry.merged, kernel.forbidden
 */
export async function correctPerson(cmd: Command, id: string, input: CorrectPerson): Promise<Person> {
  const before = await writablePerson(cmd, id, input.version)
  const today = dayOf(cmd.now)
  const why = { source: input.source ?? ('counter' as const), reason: requireReason(input.reason) }
  const known = openPerson(cmd, before.row)
  const text = input.citizenId === undefined ? known.citizenId : input.citizenId
  const facts = text ? requireCitizenId(text, today) : null
  const citizenId = sealedCitizenId(cmd, facts?.citizenId ?? null)
  if (citizenId.citizenIdBlind && facts?.citizenId !== known.citizenId) {
    await requireUnknown(cmd, citizenId.citizenIdBlind, id)
  }
  const { bornOn = before.row.bornOn, sex = before.row.sex } = input
  const change: Partial<store.PersonRow> = {
    name: input.name === undefined ? before.row.name : cleanName(input.name),
    ...citizenId,
    ...birthOf(facts, { bornOn, sex }, today),
    registration: input.registration ?? before.row.registration,
    detailsSealed:
      input.details === undefined
        ? before.row.detailsSealed
        : sealedDetails(cmd, { ...known.details, ...input.details }),
    source: why.source,
  }
  return saveOne(cmd, { act: 'corrected', before, after: nextPerson(cmd, before, change) }, why)
}

/** A number is wrong, here is the right one. @throws registry.phone_invalid, kernel.stale, registry.merged, kernel.forbidden */
export async function fixPhone(cmd: Command, id: string, input: FixPhone): Promise<Person> {
  const before = await writablePerson(cmd, id, input.version)
  const why = { source: input.source ?? ('counter' as const), reason: reasonOf(input.reason) }
  const change = { ...sealedPhone(cmd, requireMobile(input.phone)), source: why.source }
  return saveOne(cmd, { act: 'phoneFixed', before, after: nextPerson(cmd, before, change) }, why)
}

/**
 * Away for a while, left, died, or back. Who has left or died has no lasting tie any more; who comes back is given a home anew.
 *
 * @throws registry.until_not_possible, registry.reason_needed, kernel.stale, registry.merged
 */
export async function changeState(cmd: Command, id: string, input: ChangeState): Promise<Person> {
  const before = await writablePerson(cmd, id, input.version)
  const why = { source: input.source ?? ('counter' as const), reason: requireReason(input.reason) }
  const today = dayOf(cmd.now)
  const on = input.on ?? today
  const after = nextPerson(cmd, before, { state: input.state, source: why.source })
  const ends = input.state === 'left' || input.state === 'deceased'
  for (const { fromOn } of ends ? before.ties : []) requireUntil(fromOn, on, today)
  const ties = ends ? before.ties.map((tie) => ({ ...tie, untilOn: on })) : before.ties
  return saveOne(cmd, { act: input.state, before, after: { ...after, ties } }, why)
}

/** @throws registry.not_alive for who has left or died */
export const requireAlive = (cmd: Command, { row }: PersonState): void => {
  if (row.state !== 'left' && row.state !== 'deceased') return
  const zh = row.state === 'left' ? '已迁出' : '已去世'
  throw new Fault('registry.not_alive', { state: cmd.locale === 'en' ? row.state : zh })
}

/**
 * Ties a person to premises: owns, rents, belongs to the family. Who lives here now ends living elsewhere on the day.
 *
 * @throws registry.lives_already, registry.not_alive, registry.closed, registry.until_not_possible, kernel.stale
 */
export async function addResidence(cmd: Command, id: string, input: AddResidence): Promise<Person> {
  const before = await writablePerson(cmd, id, input.version)
  if (before.row.state === 'deceased') requireAlive(cmd, before)
  const tie = await newTie(cmd, id, input, input.source)
  const after = nextPerson(cmd, before, {
    source: input.source,
    state: before.row.state === 'left' ? 'present' : before.row.state,
  })
  const ties = [...withHome(before, tie), tie]
  const why = { source: input.source, reason: reasonOf(input.reason) }
  return saveOne(cmd, { act: 'residenceAdded', before, after: { ...after, ties } }, why)
}

/** The ties that a person keeps with a new one beside: one lives at one place. @throws registry.lives_already */
export function withHome(before: PersonState, tie: store.ResidenceRow): store.ResidenceRow[] {
  const same = before.ties.some(
    (known) =>
      known.premisesId === tie.premisesId && known.relation === tie.relation && known.livesHere === tie.livesHere,
  )
  if (same) throw new Fault('registry.lives_already')
  if (!tie.livesHere) return [...before.ties]
  const last = tie.fromOn
  return before.ties.map((known) => {
    if (!known.livesHere) return known
    // An owner who moves out still owns; a tenant, a lodger or a member of the family is gone.
    if (known.relation === 'owner') return { ...known, livesHere: false, householdId: null, headRelation: null }
    return { ...known, untilOn: last < known.fromOn ? known.fromOn : last }
  })
}

/** Ends a tie on a day. @throws registry.no_such_residence, registry.until_not_possible, registry.reason_needed, kernel.stale */
export async function endResidence(
  cmd: Command,
  id: string,
  residenceId: string,
  input: EndResidence,
): Promise<Person> {
  const before = await writablePerson(cmd, id, input.version)
  const today = dayOf(cmd.now)
  const ended = before.ties.find((tie) => tie.id === residenceId)
  if (!ended) throw new Fault('registry.no_such_residence')
  const untilOn = input.untilOn ?? today
  requireUntil(ended.fromOn, untilOn, today)
  const why = { source: input.source ?? ('counter' as const), reason: requireReason(input.reason) }
  const ties = before.ties.map((tie) => (tie === ended ? { ...tie, untilOn } : tie))
  const after = { ...nextPerson(cmd, before, { source: why.source }), ties }
  return saveOne(cmd, { act: 'residenceEnded', before, after }, why)
}

/**
 * Has somebody who is registered elsewhere in the county registered here: name and ID number must both fit, and who asked
 * stands in the history for the place that they came from.
 *
 * @throws registry.not_the_same, registry.citizen_id_invalid, registry.closed, registry.reason_needed, kernel.forbidden
 */
export async function movePersonHere(cmd: Command, input: MovePersonHere): Promise<Person> {
  const why = { source: input.source, reason: requireReason(input.reason) }
  const { citizenId } = requireCitizenId(input.citizenId, dayOf(cmd.now))
  const premises = await writablePremises(cmd, input.premisesId)
  requireAt(cmd, 'registry.write', [premises.areaPath])
  const blind = cmd.vault.blind(cmd.county, 'citizenId', citizenId)
  await store.lockCitizenId(cmd.tx, blind)
  const known = await store.listByCitizenId(cmd.tx, cmd.county, blind)
  const found = known.find(({ name }) => name === cleanName(input.name))
  const before = found && (await loadPeople(cmd, [found.id])).get(found.id)
  if (!before || before.row.state === 'deceased') throw new Fault('registry.not_the_same')
  const tie = await newTie(cmd, before.row.id, input, input.source)
  const phone = input.phone ? sealedPhone(cmd, requireMobile(input.phone)) : {}
  const after = nextPerson(cmd, before, { ...phone, source: input.source, state: 'present' })
  const ties = [...withHome(before, tie), tie]
  return saveOne(cmd, { act: 'movedHere', before, after: { ...after, ties } }, why)
}

/**
 * Sets and takes away tags by hand.
 *
 * @throws registry.unknown_tag, registry.tag_derived, registry.tag_until_needed, registry.tag_until_past, kernel.stale
 */
export async function setTags(cmd: Command, id: string, input: SetTags): Promise<Person> {
  const before = await writablePerson(cmd, id, input.version)
  requireAlive(cmd, before)
  for (const code of input.remove) {
    if (requireTag(code).derived) throw new Fault('registry.tag_derived', { tag: tagName(code, cmd.locale) })
  }
  const { areaPath } = before.row
  const added = input.add.map((tag) => newTag(cmd, id, areaPath, input.source, tag))
  const gone = new Set([...input.remove, ...added.map(({ tag }) => tag)])
  const after = nextPerson(cmd, before, { source: input.source })
  const tags = [...before.tags.filter(({ tag }) => !gone.has(tag)), ...added]
  const why = { source: input.source, reason: reasonOf(input.reason) }
  return saveOne(cmd, { act: 'tagged', before, after: { ...after, tags } }, why)
}

/**
 * Shows what is masked, asks why, and leaves an entry that the person can read.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose, identity.second_factor_needed, kernel.invalid_input without a reason
 */
export async function unmaskPerson(cmd: Command, id: string, input: UnmaskPerson): Promise<UnmaskedPerson> {
  const state = (await loadPeople(cmd, [id])).get(id)
  if (!state) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.unmask', pathsOf(state.row.areaPath, state.ties))
  const fields = [...new Set(input.fields)]
  await noteLook(cmd, { kind: 'person', id, areaPath: state.row.areaPath, fields, reason: input.reason })
  const open = openPerson(cmd, state.row)
  return Object.fromEntries(fields.map((field) => [field, open[field]]))
}
