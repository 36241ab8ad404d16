import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { requireAt } from '../access.ts'
import type { CloseRecord, ConfirmRecord } from '../addresses/contract.ts'
import { writablePremises } from '../addresses/service.ts'
import type { PremisesRow } from '../addresses/store.ts'
import type { Source } from '../contract.ts'
import { requireUntil } from '../people/rules.ts'
import { loadPeople, savePeople, type PersonState, type PersonStep } from '../people/saving.ts'
import { newTie, nextPerson, requireAlive, withHome, writablePerson } from '../people/service.ts'
import { listTiesOfPremises } from '../people/store.ts'
import { dayOf } from '../rules.ts'
import { reasonOf, requireReason, type Why } from '../writing.ts'
import type {
  AddMembers,
  ChangeHead,
  CorrectHousehold,
  Dossier,
  Household,
  LeaveHousehold,
  MakeHousehold,
  Member,
  SplitHousehold,
  WriteDossier,
} from './contract.ts'
import { householdDossier, saveHouseholds } from './saving.ts'
import * as store from './store.ts'
import { householdView } from './views.ts'

const counter: Source = 'counter'

function newHousehold(
  cmd: Command,
  premises: Pick<PremisesRow, 'id' | 'areaPath'>,
  input: {
    id?: string | undefined
    kind: string
    number?: string | null | undefined
    headId?: string | null | undefined
  },
  source: Source,
): store.HouseholdRow {
  return {
    id: input.id ?? uuidv7(cmd.now),
    version: 1,
    premisesId: premises.id,
    areaPath: premises.areaPath,
    kind: input.kind,
    number: numberOf(input.number),
    headId: input.headId ?? null,
    members: 0,
    dossierSealed: null,
    source,
    checkedAt: cmd.now,
    checkedBy: cmd.actor.id,
    closedAt: null,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
}

const numberOf = (number: string | null | undefined): string | null =>
  cleanText(number ?? '', { maxLength: 40, path: 'number' }) || null

/** An open household in the caller's scope for writing, locked, of the version last seen. */
async function writable(cmd: Command, id: string, version: number): Promise<store.HouseholdRow> {
  const row = await store.lockHousehold(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.write', [row.areaPath])
  if (row.closedAt) throw new Fault('registry.closed')
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

const nextOf = (cmd: Command, row: store.HouseholdRow, change: Partial<store.HouseholdRow>): store.HouseholdRow => ({
  ...row,
  ...change,
  version: row.version + 1,
  checkedAt: cmd.now,
  checkedBy: cmd.actor.id,
  updatedAt: cmd.now,
})

/** The members of a household as they stand. */
async function membersOf(cmd: Command, row: store.HouseholdRow): Promise<PersonState[]> {
  const ties = await listTiesOfPremises(cmd.tx, cmd.county, [row.premisesId])
  const ids = ties.filter(({ householdId }) => householdId === row.id).map(({ personId }) => personId)
  return [...(await loadPeople(cmd, [...new Set(ids)])).values()]
}

/** Somebody joins: who lives at the premises already keeps that tie, others move in on the day. */
async function joined(
  cmd: Command,
  household: store.HouseholdRow,
  member: Member,
  source: Source,
): Promise<PersonStep> {
  const before = await writablePerson(cmd, member.personId, member.version)
  if (before.row.state === 'deceased') requireAlive(cmd, before)
  const after = nextPerson(cmd, before, { source, state: before.row.state === 'left' ? 'present' : before.row.state })
  const headRelation = member.headRelation ?? (household.headId === member.personId ? 'head' : null)
  const here = before.ties.find(({ premisesId, livesHere }) => livesHere && premisesId === household.premisesId)
  if (here) {
    const ties = before.ties.map((tie) => (tie === here ? { ...tie, householdId: household.id, headRelation } : tie))
    return { act: 'joinedHousehold', before, after: { ...after, ties } }
  }
  const home = { ...member, premisesId: household.premisesId, headRelation }
  const tie = { ...(await newTie(cmd, member.personId, home, source)), householdId: household.id }
  return { act: 'joinedHousehold', before, after: { ...after, ties: [...withHome(before, tie), tie] } }
}

const savedView = async (cmd: Command, id: string): Promise<Household> => {
  const home = await store.findHome(cmd.tx, cmd.county, id)
  if (!home) throw new Fault('kernel.not_found')
  return householdView(cmd, home)
}

/**
 * Makes a household of people at one premises.
 *
 * @throws registry.closed, registry.not_a_member when the head is none of them, kernel.stale, kernel.forbidden
 */
export async function makeHousehold(cmd: Command, input: MakeHousehold): Promise<Household> {
  const premises = await writablePremises(cmd, input.premisesId)
  const row = newHousehold(cmd, premises, input, input.source)
  if (row.headId !== null && !input.members.some(({ personId }) => personId === row.headId)) {
    throw new Fault('registry.not_a_member')
  }
  const why: Why = { source: input.source, reason: reasonOf(input.reason) }
  await saveHouseholds(cmd, [{ act: 'registered', before: null, after: row }], why)
  const steps: PersonStep[] = []
  for (const member of input.members) steps.push(await joined(cmd, row, member, input.source))
  await savePeople(cmd, steps, why)
  return savedView(cmd, row.id)
}

/** Corrects kind and number. @throws registry.reason_needed, registry.closed, kernel.stale, kernel.forbidden */
export async function correctHousehold(cmd: Command, id: string, input: CorrectHousehold): Promise<Household> {
  const row = await writable(cmd, id, input.version)
  const number = input.number === undefined ? row.number : numberOf(input.number)
  const after = nextOf(cmd, row, { kind: input.kind ?? row.kind, number })
  const why = { source: counter, reason: requireReason(input.reason) }
  await saveHouseholds(cmd, [{ act: 'corrected', before: row, after }], why)
  return savedView(cmd, id)
}

/** Says that all is still so. @throws registry.closed, kernel.stale */
export async function confirmHousehold(cmd: Command, id: string, input: ConfirmRecord): Promise<Household> {
  const row = await writable(cmd, id, input.version)
  const { source } = input
  await saveHouseholds(cmd, [{ act: 'confirmed', before: row, after: nextOf(cmd, row, { source }) }], {
    source,
    reason: '',
  })
  return savedView(cmd, id)
}

/** Another member is the head; what the others are to the head is asked at the next visit. @throws registry.not_a_member */
export async function changeHead(cmd: Command, id: string, input: ChangeHead): Promise<Household> {
  const row = await writable(cmd, id, input.version)
  const why = { source: counter, reason: requireReason(input.reason) }
  const members = await membersOf(cmd, row)
  if (!members.some((member) => member.row.id === input.headId)) throw new Fault('registry.not_a_member')
  await saveHouseholds(
    cmd,
    [{ act: 'headChanged', before: row, after: nextOf(cmd, row, { headId: input.headId }) }],
    why,
  )
  const steps = members.flatMap((before): PersonStep[] => {
    const is = before.row.id === input.headId
    if (!is && before.row.id !== row.headId) return []
    const headRelation = is ? 'head' : null
    const ties = before.ties.map((tie) => (tie.householdId === id ? { ...tie, headRelation } : tie))
    return [{ act: 'headChanged', before, after: { ...nextPerson(cmd, before, {}), ties } }]
  })
  await savePeople(cmd, steps, why)
  return savedView(cmd, id)
}

/** Takes people into a household. @throws registry.closed, registry.not_alive, kernel.stale, kernel.forbidden */
export async function addMembers(cmd: Command, id: string, input: AddMembers): Promise<Household> {
  const row = await writable(cmd, id, input.version)
  const why: Why = { source: input.source, reason: reasonOf(input.reason) }
  const after = nextOf(cmd, row, { source: input.source })
  await saveHouseholds(cmd, [{ act: 'membersAdded', before: row, after }], why)
  const steps: PersonStep[] = []
  for (const member of input.members) steps.push(await joined(cmd, row, member, input.source))
  await savePeople(cmd, steps, why)
  return savedView(cmd, id)
}

/**
 * Somebody leaves: moves away on a day, or stays at the premises apart from the household.
 *
 * @throws registry.not_a_member, registry.all_leave, registry.until_not_possible, registry.reason_needed, kernel.stale
 */
export async function leaveHousehold(cmd: Command, id: string, input: LeaveHousehold): Promise<Household> {
  const row = await writable(cmd, id, input.version)
  const why = { source: counter, reason: requireReason(input.reason) }
  const members = await membersOf(cmd, row)
  const before = members.find((member) => member.row.id === input.personId)
  if (!before) throw new Fault('registry.not_a_member')
  if (members.length === 1) throw new Fault('registry.all_leave')
  const today = dayOf(cmd.now)
  const untilOn = input.untilOn ?? today
  const ties = before.ties.map((tie) => {
    if (tie.householdId !== id) return tie
    if (input.staysHere) return { ...tie, householdId: null, headRelation: null }
    requireUntil(tie.fromOn, untilOn, today)
    return { ...tie, untilOn }
  })
  const headId = row.headId === input.personId ? null : row.headId
  await saveHouseholds(cmd, [{ act: 'memberLeft', before: row, after: nextOf(cmd, row, { headId }) }], why)
  await savePeople(cmd, [{ act: 'leftHousehold', before, after: { ...nextPerson(cmd, before, {}), ties } }], why)
  return savedView(cmd, id)
}

/**
 * Splits some members off into a household of their own, at the same premises or at others.
 *
 * @returns the new household.
 * @throws registry.members_needed, registry.not_a_member, registry.all_leave, registry.reason_needed, kernel.stale
 */
export async function splitHousehold(cmd: Command, id: string, input: SplitHousehold): Promise<Household> {
  const row = await writable(cmd, id, input.version)
  const why = { source: counter, reason: requireReason(input.reason) }
  const wanted = new Set(input.personIds)
  const members = await membersOf(cmd, row)
  const leaving = members.filter((member) => wanted.has(member.row.id))
  if (wanted.size === 0) throw new Fault('registry.members_needed')
  if (leaving.length < wanted.size) throw new Fault('registry.not_a_member')
  if (leaving.length === members.length) throw new Fault('registry.all_leave')
  const headId = input.headId ?? (leaving.length === 1 ? leaving[0]!.row.id : null)
  if (headId !== null && !wanted.has(headId)) throw new Fault('registry.not_a_member')
  const premises = await writablePremises(cmd, input.premisesId ?? row.premisesId)
  const made = newHousehold(cmd, premises, { id: input.id, kind: row.kind, number: input.number, headId }, counter)
  const rest = nextOf(cmd, row, { headId: row.headId !== null && wanted.has(row.headId) ? null : row.headId })
  await saveHouseholds(
    cmd,
    [
      { act: 'splitOff', before: null, after: made },
      { act: 'split', before: row, after: rest },
    ],
    why,
  )
  const steps: PersonStep[] = []
  for (const before of leaving) steps.push(await splitOff(cmd, before, made, id))
  await savePeople(cmd, steps, why)
  return savedView(cmd, made.id)
}

async function splitOff(
  cmd: Command,
  before: PersonState,
  made: store.HouseholdRow,
  from: string,
): Promise<PersonStep> {
  const after = nextPerson(cmd, before, {})
  const headRelation = made.headId === before.row.id ? 'head' : null
  const known = before.ties.find(({ householdId }) => householdId === from)!
  if (known.premisesId === made.premisesId) {
    const ties = before.ties.map((tie) => (tie === known ? { ...tie, householdId: made.id, headRelation } : tie))
    return { act: 'splitOff', before, after: { ...after, ties } }
  }
  const home = { premisesId: made.premisesId, relation: known.relation, headRelation }
  const tie = { ...(await newTie(cmd, before.row.id, home, counter)), householdId: made.id }
  return { act: 'splitOff', before, after: { ...after, ties: [...withHome(before, tie), tie] } }
}

/** Dissolves a household; its people stay where they live until they are said to move. @throws registry.reason_needed, kernel.stale */
export async function dissolveHousehold(cmd: Command, id: string, input: CloseRecord): Promise<Household> {
  const row = await writable(cmd, id, input.version)
  const why = { source: counter, reason: requireReason(input.reason) }
  const members = await membersOf(cmd, row)
  const steps = members.map((before): PersonStep => {
    const ties = before.ties.map((tie) =>
      tie.householdId === id ? { ...tie, householdId: null, headRelation: null } : tie,
    )
    return { act: 'leftHousehold', before, after: { ...nextPerson(cmd, before, {}), ties } }
  })
  const after = nextOf(cmd, row, { headId: null, closedAt: cmd.now })
  await saveHouseholds(cmd, [{ act: 'dissolved', before: row, after }], why)
  await savePeople(cmd, steps, why)
  return savedView(cmd, id)
}

/** Writes the situation file; parts left out stay. @throws registry.closed, kernel.stale, kernel.forbidden */
export async function writeDossier(cmd: Command, id: string, input: WriteDossier): Promise<Household> {
  const row = await writable(cmd, id, input.version)
  const known = householdDossier(cmd, row.dossierSealed)
  const part = (name: keyof Dossier, maxLength: number): string =>
    cleanText(input[name] ?? known?.[name] ?? '', { maxLength, multiline: true, path: name })
  const dossier: Dossier = {
    situation: part('situation', 1000),
    hardship: part('hardship', 500),
    needs: part('needs', 500),
    risks: part('risks', 500),
  }
  const empty = Object.values(dossier).every((text) => text === '')
  const dossierSealed = empty ? null : cmd.vault.seal(cmd.county, JSON.stringify(dossier))
  const why = { source: counter, reason: reasonOf(input.reason) }
  await saveHouseholds(cmd, [{ act: 'dossierWritten', before: row, after: nextOf(cmd, row, { dossierSealed }) }], why)
  return savedView(cmd, id)
}

/** What another room did for a household, as its service file shows it. */
export interface ServiceLine {
  householdId: string
  personId: string | null
  /** visit, matter … */
  kind: string
  /** The visit or matter; told again, it stays one line. */
  refId: string
  at: Date
  /** The post by which it was done. */
  byLabel: string
  /** A short line; sealed. */
  summary: string
}

/** Adds a line to the service file of 一户两档, in the caller's own transaction; the caller has checked its own grant. */
export async function addToServiceFile(cmd: Command, line: ServiceLine): Promise<void> {
  const summary = cleanText(line.summary, { maxLength: 200, path: 'summary' })
  await store.insertService(cmd.tx, cmd.county, {
    householdId: line.householdId,
    at: line.at,
    id: uuidv7(cmd.now),
    personId: line.personId,
    kind: line.kind,
    refId: line.refId,
    byLabel: line.byLabel,
    summarySealed: summary === '' ? null : cmd.vault.seal(cmd.county, summary),
  })
}
