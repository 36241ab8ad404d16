import type { Command } from '../../kernel/command.ts'
import { dayOf, differences } from '../rules.ts'
import { saveAllTokens } from '../search/token-store.ts'
import type { Findable } from '../search/store.ts'
import { tokensOfPerson } from '../search/tokens.ts'
import { derivedTags } from '../tags/rules.ts'
import { deleteTags, insertTags, listTagsOf, type TagRow } from '../tags/store.ts'
import { noteChanges, type RecordChange, type Recording, type Why } from '../writing.ts'
import type { Details } from './contract.ts'
import { homeOf, ownedElsewhere, pathsOf } from './rules.ts'
import * as store from './store.ts'

/** A person with the lasting ties to premises and the tags: what is saved together. */
export interface PersonState {
  readonly row: store.PersonRow
  readonly ties: readonly store.ResidenceRow[]
  readonly tags: readonly TagRow[]
}

export interface PersonStep {
  act: string
  before: PersonState | null
  after: PersonState
  /** What is sealed in `after`, where the caller has just sealed it. */
  opened?: OpenedPerson
  /** Households that were made with everybody counted who joins them new; they are not counted once more. */
  counted?: ReadonlySet<string>
}

export interface OpenedPerson {
  readonly citizenId: string | null
  readonly phone: string | null
  readonly details: Details
}

/** A person as they stand. Ties and tags are read together with the row's. */
export async function loadPeople(cmd: Command, ids: readonly string[]): Promise<Map<string, PersonState>> {
  const [rows, ties, tags] = await Promise.all([
    store.listPeopleByIds(cmd.tx, cmd.county, ids),
    store.listLasting(cmd.tx, cmd.county, ids),
    listTagsOf(cmd.tx, cmd.county, ids),
  ])
  return new Map(
    rows.map((row) => [
      row.id,
      {
        row,
        ties: ties.filter(({ personId }) => personId === row.id),
        tags: tags.filter(({ personId }) => personId === row.id),
      },
    ]),
  )
}

const lives = (state: string): boolean => state === 'present' || state === 'away'

/** Sealed words of a person, opened. */
export function openPerson(
  cmd: Pick<Command, 'vault' | 'county'>,
  row: Pick<store.PersonRow, 'citizenIdSealed' | 'phoneSealed' | 'detailsSealed'>,
): OpenedPerson {
  const open = (sealed: Buffer | null): string | null => (sealed === null ? null : cmd.vault.open(cmd.county, sealed))
  const details = open(row.detailsSealed)
  return {
    citizenId: open(row.citizenIdSealed),
    phone: open(row.phoneSealed),
    details: details === null ? {} : (JSON.parse(details) as Details),
  }
}

/**
 * What follows from the ties: place, premises, household by the one rule, and the tags that a rule gives. Every writer of
 * people calls this on what it is about to save.
 */
export function settled(cmd: Command, state: PersonState): PersonState {
  const today = dayOf(cmd.now)
  const ties = lives(state.row.state)
    ? state.ties
    : state.ties.map((tie) => ({ ...tie, untilOn: tie.untilOn ?? today }))
  const row = { ...state.row, ...homeOf(ties, state.row) }
  const facts = { bornOn: row.bornOn, registration: row.registration, state: row.state, areaPath: row.areaPath }
  const derived = derivedTags({ ...facts, ownedElsewhere: ownedElsewhere(ties) }, today)
  const keyOf = ({ tag, areaPath }: { tag: string; areaPath: string }): string => `${tag} ${areaPath}`
  const known = new Map(state.tags.map((tag) => [keyOf(tag), tag]))
  const byRule = derived.map(
    (tag): TagRow =>
      known.get(keyOf(tag)) ?? {
        ...tag,
        personId: row.id,
        derived: true,
        sinceOn: today,
        untilOn: null,
        source: 'rule',
        byAccount: null,
        at: cmd.now,
      },
  )
  const byHand = lives(row.state) ? state.tags.filter((tag) => !tag.derived) : []
  return { row, ties, tags: [...byRule, ...byHand.map((tag) => ({ ...tag, areaPath: row.areaPath }))] }
}

/** What the history compares. */
export function personFields(
  cmd: Command,
  { row, ties, tags }: PersonState,
  opened: OpenedPerson = openPerson(cmd, row),
): Record<string, unknown> {
  const { citizenId, phone, details } = opened
  const fields: Record<string, unknown> = {
    name: row.name,
    sex: row.sex,
    bornOn: row.bornOn,
    citizenId,
    phone,
    registration: row.registration,
    state: row.state,
    mergedInto: row.mergedInto,
    areaPath: row.areaPath,
    premisesId: row.premisesId,
    householdId: row.householdId,
    headRelation: row.headRelation,
  }
  for (const [group, words] of Object.entries(details)) fields[`details:${group}`] = words
  for (const { id, premisesId, householdId, relation, livesHere, headRelation, fromOn, untilOn } of ties) {
    fields[`residence:${id}`] = { premisesId, householdId, relation, livesHere, headRelation, fromOn, untilOn }
  }
  for (const { tag, areaPath, derived, untilOn } of tags) {
    if (!derived) fields[`tag:${tag}`] = { areaPath, untilOn }
  }
  return fields
}

/** What a person is found by, and where; who has left, died or was merged is found by nothing. */
export function personFindable(cmd: Command, { row, ties }: PersonState, opened?: OpenedPerson): Findable | null {
  if (!lives(row.state)) return null
  const phone = opened ? opened.phone : row.phoneSealed === null ? null : cmd.vault.open(cmd.county, row.phoneSealed)
  return {
    tokens: tokensOfPerson(cmd.vault, cmd.county, { name: row.name, phone }),
    paths: pathsOf(row.areaPath, ties),
  }
}

const tagKey = (tag: TagRow): string => `${tag.tag} ${tag.areaPath} ${tag.personId} ${tag.untilOn ?? ''}`

async function saveTags(cmd: Command, steps: readonly PersonStep[]): Promise<void> {
  const was = new Map(steps.flatMap(({ before }) => (before?.tags ?? []).map((tag) => [tagKey(tag), tag] as const)))
  const is = new Map(steps.flatMap(({ after }) => after.tags.map((tag) => [tagKey(tag), tag] as const)))
  await deleteTags(
    cmd.tx,
    cmd.county,
    [...was].filter(([key]) => !is.has(key)).map(([, tag]) => tag),
  )
  await insertTags(
    cmd.tx,
    cmd.county,
    [...is].filter(([key]) => !was.has(key)).map(([, tag]) => tag),
  )
}

async function saveTies(cmd: Command, steps: readonly PersonStep[]): Promise<void> {
  const was = new Map(steps.flatMap(({ before }) => (before?.ties ?? []).map((tie) => [tie.id, tie] as const)))
  const ties = steps.flatMap(({ after }) => after.ties)
  const changed = ties.filter((tie) => was.has(tie.id) && JSON.stringify(was.get(tie.id)) !== JSON.stringify(tie))
  await store.updateResidences(cmd.tx, cmd.county, changed)
  await store.insertResidences(
    cmd.tx,
    cmd.county,
    ties.filter((tie) => !was.has(tie.id)),
  )
  const counts = new Map<string, number>()
  const gone: store.Seat[] = []
  const heads: store.Seat[] = []
  const count = (tie: store.ResidenceRow, by: number): void => {
    if (tie.householdId === null || !tie.livesHere || tie.untilOn !== null) return
    counts.set(tie.householdId, (counts.get(tie.householdId) ?? 0) + by)
  }
  for (const { before, after, counted } of steps) {
    for (const tie of before?.ties ?? []) count(tie, -1)
    for (const tie of after.ties) {
      if (before === null && tie.householdId !== null && counted?.has(tie.householdId)) continue
      count(tie, 1)
      if (tie.householdId === null || tie.headRelation !== 'head' || tie.untilOn !== null) continue
      heads.push({ household: tie.householdId, person: after.row.id })
    }
    const now = after.ties.filter(({ untilOn }) => untilOn === null)
    for (const { householdId, headRelation } of before?.ties ?? []) {
      if (householdId === null) continue
      const here = now.filter((tie) => tie.householdId === householdId)
      const staysHead = headRelation !== 'head' || here.some((tie) => tie.headRelation === 'head')
      if (here.length === 0 || !staysHead) gone.push({ household: householdId, person: after.row.id })
    }
  }
  await store.keepHouseholds(cmd.tx, cmd.county, { counts, gone, heads, at: cmd.now })
}

/**
 * Writes people with their ties to premises, tags, what they are found by, history and ledger: one entry each, or one for
 * 5,000 where `recording` is true. What follows from the ties is settled here, so no writer can forget it.
 *
 * @returns the people as they now stand.
 * @throws kernel.stale, kernel.conflict
 */
export async function savePeople(
  cmd: Command,
  given: readonly PersonStep[],
  why: Why,
  recording: Recording = false,
): Promise<PersonState[]> {
  const steps = given.map((step) => ({ ...step, after: settled(cmd, step.after) }))
  await store.insertPeople(
    cmd.tx,
    cmd.county,
    steps.filter(({ before }) => before === null).map(({ after }) => after.row),
  )
  await store.updatePeople(
    cmd.tx,
    cmd.county,
    steps.filter(({ before }) => before !== null).map(({ after }) => after.row),
  )
  await saveTies(cmd, steps)
  await saveTags(cmd, steps)
  const changes: RecordChange[] = steps.map(({ act, before, after, opened }) => ({
    kind: 'person',
    id: after.row.id,
    version: after.row.version,
    areaPath: after.row.areaPath,
    act,
    changes: differences(before && personFields(cmd, before), personFields(cmd, after, opened)),
  }))
  await saveAllTokens(
    cmd.tx,
    cmd.county,
    steps.map(({ before, after, opened }) => ({
      subjectId: after.row.id,
      before: before && personFindable(cmd, before),
      after: personFindable(cmd, after, opened),
      isNew: before === null && after.row.version === 1,
    })),
  )
  await noteChanges(cmd, changes, why, recording)
  return steps.map(({ after }) => after)
}
