import type { Command } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Details, Relation } from '../people/contract.ts'
import { openPerson, type PersonState, type PersonStep } from '../people/saving.ts'
import type { PersonRow, ResidenceRow } from '../people/store.ts'
import type { TagRow } from '../tags/store.ts'
import type { Blinds } from './blinds.ts'
import type { Home } from './places.ts'
import type { SheetPerson } from './rows.ts'
import type { HouseholdRow } from '../households/store.ts'

/** A person as the sheet will leave them, gathered over all rows that are about them. */
export interface Draft {
  readonly id: string
  readonly before: PersonState | null
  readonly person: SheetPerson
  /** Facts of the row that fill in or replace what is known; null where nothing changes. */
  facts: { readonly from: SheetPerson; readonly overwrite: boolean } | null
  readonly ties: ResidenceRow[]
  ended: Set<string>
}

export interface DraftTerms {
  readonly asOf: string
  readonly seenAt: Date
}

const PREGNANT_DAYS_MAX = 322
const tagOf: Readonly<Record<string, string>> = { livesAlone: 'livingAlone' }
const headRelationOf: Readonly<Record<string, string>> = { relative: 'other', nonRelative: 'other' }

const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Details by field group, as the registry keeps them. */
export function detailsOf(words: Readonly<Record<string, string>>): Details {
  const cut = (text: string | undefined, most = 60): string | undefined => text && [...text].slice(0, most).join('')
  const only = (fields: Record<string, string | undefined>): Record<string, string> | undefined => {
    const kept = Object.entries(fields).filter((entry): entry is [string, string] => !!entry[1])
    return kept.length > 0 ? Object.fromEntries(kept) : undefined
  }
  const remark = [words['remark'], words['otherPhones'] && `其他电话 ${words['otherPhones']}`]
    .filter(Boolean)
    .join('；')
  const groups = {
    identity: only({ ethnicity: cut(words['ethnicity']) }),
    work: only({ employer: cut(words['employer']) }),
    education: only({ degree: cut(words['education']) }),
    family: only({ marriage: cut(words['marriage']), cameFrom: cut(words['origin']) }),
    remark: only({ text: cut(remark, 500) }),
  }
  return Object.fromEntries(Object.entries(groups).filter(([, group]) => group !== undefined)) as Details
}

/** Gathers people and households of a batch. */
export class Drafts {
  /** Households that are new, by their id. */
  readonly households = new Map<string, HouseholdRow>()
  readonly #cmd: Command
  readonly #terms: DraftTerms
  readonly #known: ReadonlyMap<string, HouseholdRow[]>
  readonly #blinds: Blinds
  /** Ids of the new households, whose members are counted while they are gathered. */
  readonly #counted = new Set<string>()
  readonly #people = new Map<string, Draft>()
  /** The household that rows of a home join at present. */
  readonly #open = new Map<string, HouseholdRow>()

  constructor(
    cmd: Command,
    terms: DraftTerms,
    { known, blinds }: { known: ReadonlyMap<string, HouseholdRow[]>; blinds: Blinds },
  ) {
    this.#cmd = cmd
    this.#terms = terms
    this.#known = known
    this.#blinds = blinds
  }

  isChanged(id: string): boolean {
    const draft = this.#people.get(id)
    return draft !== undefined && (draft.ties.length > 0 || draft.facts !== null || draft.ended.size > 0)
  }

  /** The draft of a person: the same for each row about them. */
  of(person: SheetPerson, state: PersonState | null): Draft {
    const key = state ? state.row.id : (person.citizenId ?? `${uuidv7(this.#cmd.now)}`)
    const known = this.#people.get(key)
    if (known) return known
    const draft: Draft = {
      id: state?.row.id ?? uuidv7(this.#cmd.now),
      before: state,
      person,
      facts: null,
      ties: [],
      ended: new Set(),
    }
    this.#people.set(key, draft)
    return draft
  }

  /** Ties a person to a home as the row says. @returns false where they are tied so already. */
  join(draft: Draft, person: SheetPerson, home: Home): boolean {
    const { now, actor } = this.#cmd
    const premisesId = home.premises.id
    const before = draft.before?.ties ?? []
    const same = [...before, ...draft.ties].some(
      (tie) => tie.premisesId === premisesId && (tie.livesHere === person.livesHere || !person.livesHere),
    )
    if (same) return false
    if (person.livesHere)
      for (const tie of before) if (tie.livesHere && tie.premisesId !== premisesId) draft.ended.add(tie.id)
    const household = person.livesHere ? this.#household(draft, person, home) : null
    // Who is new and lives: everybody else's ties are counted by what was before.
    if (household && draft.before === null && (draft.person.state === 'present' || draft.person.state === 'away'))
      if (this.#counted.has(household.id)) household.members++
    draft.ties.push({
      id: uuidv7(now),
      personId: draft.id,
      premisesId,
      householdId: household?.id ?? null,
      areaPath: home.premises.areaPath,
      relation: person.relation as Relation,
      livesHere: person.livesHere,
      headRelation: household ? headOf(person) : null,
      fromOn: person.fromOn ?? this.#terms.asOf,
      untilOn: null,
      source: 'sheet',
      byAccount: actor.id,
      at: now,
    })
    return true
  }

  /** The household that a row belongs to: by number, else with those before it, until another head begins a new one. */
  #household(draft: Draft, person: SheetPerson, home: Home): HouseholdRow {
    const premisesId = home.premises.id
    const kind =
      person.relation === 'tenant' || person.relation === 'lodger' || person.registration === 'floating'
        ? 'floating'
        : 'registered'
    const isHead = person.headRelation === 'head'
    const key = `${premisesId}|${person.householdNumber ?? ''}`
    const open = this.#open.get(key) ?? this.#knownAt(premisesId, person.householdNumber, kind)
    if (open && !(isHead && open.headId !== null && open.headId !== draft.id)) {
      if (isHead && open.headId === null && this.households.has(open.id)) open.headId = draft.id
      this.#open.set(key, open)
      return open
    }
    const { now, actor } = this.#cmd
    const household: HouseholdRow = {
      id: uuidv7(now),
      version: 1,
      premisesId,
      areaPath: home.premises.areaPath,
      kind,
      number: person.householdNumber,
      headId: isHead ? draft.id : null,
      members: 0,
      dossierSealed: null,
      source: 'sheet',
      checkedAt: this.#terms.seenAt,
      checkedBy: actor.id,
      closedAt: null,
      createdAt: now,
      updatedAt: now,
    }
    this.households.set(household.id, household)
    this.#counted.add(household.id)
    this.#open.set(key, household)
    return household
  }

  #knownAt(premisesId: string, number: string | null, kind: string): HouseholdRow | undefined {
    const known = this.#known.get(premisesId) ?? []
    if (number !== null) return known.find((one) => one.number === number)
    const alike = known.filter((one) => one.kind === kind)
    return alike.length === 1 ? alike[0] : undefined
  }

  /** Notes what the row knows beside the record. @returns whether anything would change. */
  fill(draft: Draft, person: SheetPerson, { overwrite }: { overwrite: boolean }): boolean {
    if (!draft.before) return false
    const after = this.#facts(draft.before, { from: person, overwrite })
    if (!after.changed) return false
    draft.facts = { from: person, overwrite }
    return true
  }

  /** A known person's row with the facts of the sheet in it. */
  #facts(before: PersonState, facts: NonNullable<Draft['facts']>): { row: PersonRow; changed: boolean } {
    const { vault, county } = this.#cmd
    const { from: person, overwrite } = facts
    const { row } = before
    const opened = openPerson(this.#cmd, row)
    const next: PersonRow = { ...row }
    let changed = false
    const set = <Field extends keyof PersonRow>(field: Field, value: PersonRow[Field]): void => {
      next[field] = value
      changed = true
    }
    const wins = (was: unknown, is: unknown): boolean => is !== null && was !== is && (was === null || overwrite)
    if (row.citizenIdBlind === null && person.citizenId !== null) {
      set('citizenIdSealed', vault.seal(county, person.citizenId))
      set('citizenIdBlind', vault.blind(county, 'citizenId', person.citizenId))
    }
    if (wins(opened.phone, person.phone)) {
      set('phoneSealed', vault.seal(county, person.phone!))
      set('phoneBlind', vault.blind(county, 'phone', person.phone!))
    }
    if (row.sex === null && person.sex !== null) set('sex', person.sex)
    if (row.bornOn === null && person.bornOn !== null) set('bornOn', person.bornOn)
    const said = person.registration === 'unknown' ? null : person.registration
    if (said !== null && wins(row.registration === 'unknown' ? null : row.registration, said)) set('registration', said)
    if (overwrite && person.state !== 'present' && person.state !== row.state) set('state', person.state)
    const details = mergedDetails(opened.details, detailsOf(person.details), overwrite)
    if (details) set('detailsSealed', vault.seal(county, JSON.stringify(details)))
    return { row: next, changed }
  }

  /** What is to be saved of people, some at a time: sealing thousands at once would hold everybody else up. */
  *steps(): Generator<PersonStep> {
    for (const draft of this.#people.values()) {
      const step = draft.before ? this.#changed(draft, draft.before) : this.#fresh(draft)
      if (step) yield step
    }
  }

  #changed(draft: Draft, before: PersonState): PersonStep | null {
    if (draft.ties.length === 0 && draft.ended.size === 0 && !draft.facts) return null
    const { now, actor } = this.#cmd
    const base = draft.facts ? this.#facts(before, draft.facts).row : before.row
    const until = daysAfter(this.#terms.asOf, -1)
    const ties = before.ties.map((tie) =>
      draft.ended.has(tie.id) ? { ...tie, untilOn: until < tie.fromOn ? tie.fromOn : until } : tie,
    )
    const row: PersonRow = {
      ...base,
      version: before.row.version + 1,
      ...(draft.facts ? { source: 'sheet', checkedAt: this.#terms.seenAt, checkedBy: actor.id } : {}),
      updatedAt: now,
    }
    const act = draft.ended.size > 0 ? 'moved' : draft.facts ? 'corrected' : 'tied'
    return { act, before, after: { row, ties: [...ties, ...draft.ties], tags: before.tags } }
  }

  #fresh(draft: Draft): PersonStep | null {
    const { vault, county, now, actor } = this.#cmd
    const { person } = draft
    const details = detailsOf(person.details)
    const seal = (text: string | null): Buffer | null => (text === null ? null : vault.seal(county, text))
    const blind = (kind: 'citizenId' | 'phone', text: string | null): Buffer | null =>
      text === null ? null : this.#blinds.of(kind, text)
    const main = draft.ties.find(({ livesHere }) => livesHere) ?? draft.ties[0]
    if (!main) return null
    const row: PersonRow = {
      id: draft.id,
      version: 1,
      name: person.name,
      sex: person.sex,
      bornOn: person.bornOn,
      citizenIdSealed: seal(person.citizenId),
      citizenIdBlind: blind('citizenId', person.citizenId),
      phoneSealed: seal(person.phone),
      phoneBlind: blind('phone', person.phone),
      detailsSealed: Object.keys(details).length === 0 ? null : seal(JSON.stringify(details)),
      registration: person.registration,
      areaPath: main.areaPath,
      premisesId: main.premisesId,
      householdId: main.householdId,
      headRelation: main.headRelation,
      state: person.state,
      mergedInto: null,
      source: 'sheet',
      checkedAt: this.#terms.seenAt,
      checkedBy: actor.id,
      createdAt: now,
      updatedAt: now,
    }
    const tags = person.tags.map((tag) => this.#tag(row, tagOf[tag] ?? tag))
    const opened = { citizenId: person.citizenId, phone: person.phone, details }
    return { act: 'registered', before: null, after: { row, ties: draft.ties, tags }, opened, counted: this.#counted }
  }

  #tag(row: PersonRow, tag: string): TagRow {
    return {
      tag,
      areaPath: row.areaPath,
      personId: row.id,
      derived: false,
      sinceOn: this.#terms.asOf,
      untilOn: tag === 'pregnant' ? daysAfter(this.#terms.asOf, PREGNANT_DAYS_MAX) : null,
      source: 'sheet',
      byAccount: this.#cmd.actor.id,
      at: this.#cmd.now,
    }
  }
}

const headOf = (person: SheetPerson): string | null =>
  person.headRelation === null ? null : (headRelationOf[person.headRelation] ?? person.headRelation)

/** Details with what the sheet adds; null where nothing is new. */
function mergedDetails(known: Details, told: Details, overwrite: boolean): Details | null {
  const next: Record<string, Record<string, string>> = structuredClone(known) as Record<string, Record<string, string>>
  let changed = false
  for (const [group, fields] of Object.entries(told) as [string, Record<string, string>][]) {
    for (const [field, text] of Object.entries(fields)) {
      const was = next[group]?.[field]
      if (was === text || (was !== undefined && !overwrite)) continue
      next[group] = { ...next[group], [field]: text }
      changed = true
    }
  }
  return changed ? next : null
}
