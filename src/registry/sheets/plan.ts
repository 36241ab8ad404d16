import type { Command } from '../../kernel/command.ts'
import { pathsOf } from '../people/rules.ts'
import { openPerson, type PersonState } from '../people/saving.ts'
import { Blinds } from './blinds.ts'
import { knownOf, type BatchRows, type Known } from './known.ts'
import { noCounts, type Counts } from './contract.ts'
import { Drafts, type Draft } from './drafts.ts'
import { Homes, type Home, type PlaceTerms } from './places.ts'
import type { Problem, ReadRow, SheetPerson } from './rows.ts'
import { keyOfText, type SeenKeys } from './seen.ts'

export type Outcome = 'fresh' | 'known' | 'changed' | 'conflict' | 'refused' | 'repeated' | 'home'

export interface RowOutcome {
  readonly row: ReadRow
  readonly outcome: Outcome
  readonly problems: readonly Problem[]
}

/** What holds for a whole sheet while it is taken in. */
export interface SheetTerms extends PlaceTerms {
  /** `YYYY-MM-DD`: what the sheet says was so on that day. */
  readonly asOf: string
  /** Homes and buildings that earlier rows made, for counting them once in a dry run. */
  readonly made: SeenKeys
}

export interface BatchPlan {
  readonly outcomes: readonly RowOutcome[]
  readonly homes: Homes
  readonly drafts: Drafts
  /** Known people who are as the sheet says. */
  readonly confirmed: readonly string[]
  readonly counts: Counts
}

/**
 * Decides what becomes of some rows, given what the county knows. Reads, and writes nothing.
 */
export async function planBatch(cmd: Command, terms: SheetTerms, rows: BatchRows): Promise<BatchPlan> {
  const good = rows.filter(({ problems, repeated }) => problems.length === 0 && !repeated)
  const homes = new Homes(cmd, terms)
  await homes.load(good)
  const blinds = new Blinds(cmd)
  const known = await knownOf(cmd, good, { premises: homes.knownPremises(), blinds })
  const planner = new Planner(cmd, terms, { homes, known, blinds })
  const outcomes = rows.map((row) => planner.take(row))
  return { outcomes, homes, drafts: planner.drafts, confirmed: planner.confirmed(), counts: planner.count(outcomes) }
}

class Planner {
  readonly drafts: Drafts
  readonly #cmd: Command
  readonly #terms: SheetTerms
  readonly #homes: Homes
  readonly #known: Known
  readonly #confirmed = new Set<string>()
  #coarse = 0
  #newHomes = 0
  #newBuildings = 0

  constructor(cmd: Command, terms: SheetTerms, with_: { homes: Homes; known: Known; blinds: Blinds }) {
    this.#cmd = cmd
    this.#terms = terms
    this.#homes = with_.homes
    this.#known = with_.known
    this.drafts = new Drafts(cmd, terms, { known: with_.known.households, blinds: with_.blinds })
  }

  confirmed(): string[] {
    return [...this.#confirmed].filter((id) => !this.drafts.isChanged(id))
  }

  count(outcomes: readonly RowOutcome[]): Counts {
    const counts = noCounts()
    counts.rows = outcomes.length
    for (const { outcome } of outcomes) if (outcome !== 'home') counts[outcome]++
    counts.homes = this.#newHomes
    counts.buildings = this.#newBuildings
    counts.households = this.drafts.households.size
    counts.coarse = this.#coarse
    return counts
  }

  take(row: ReadRow): RowOutcome {
    const ends = (outcome: Outcome, ...problems: Problem[]): RowOutcome => ({ row, outcome, problems })
    if (row.problems.length > 0) return ends('refused', ...row.problems)
    if (row.repeated) return ends('repeated')
    const { person } = row
    if (!person) {
      const home = this.#homes.of(row)
      if (!('premises' in home)) return ends('refused', home)
      this.#note(home, row)
      this.#homes.use(home, row.use ?? 'vacant', true)
      return ends('home')
    }
    const home = this.#homes.of(row)
    if (!('premises' in home)) return ends('refused', home)
    this.#note(home, row)
    if (row.use) this.#homes.use(home, row.use, true)
    else if (person.livesHere && person.relation === 'owner') this.#homes.use(home, 'ownerOccupied', false)
    else if (person.livesHere && person.relation === 'tenant') this.#homes.use(home, 'let', false)
    return this.#person(row, person, home)
  }

  /** Counts what is new once a sheet, and those who lie no finer than the import itself. */
  #note(home: Home, row: ReadRow): void {
    if (home.coarse) this.#coarse++
    const { made } = this.#terms
    if (home.known) return
    if (made.add(keyOfText(home.premises.addressKey), row.number)) this.#newHomes++
    const fresh = this.#homes.buildings.some(({ after }) => after.id === home.building.id)
    if (fresh && made.add(keyOfText(`b|${home.building.addressKey}`), row.number)) this.#newBuildings++
  }

  #person(row: ReadRow, person: SheetPerson, home: Home): RowOutcome {
    const state = this.#known.personOf(person, home)
    if (state === 'conflict')
      return {
        row,
        outcome: 'conflict',
        problems: [
          {
            field: 'name',
            zh: '登记册里这个证件号是另一个姓名，请核对证件号和姓名。',
            en: 'In the registry this ID number has another name; please compare number and name.',
          },
        ],
      }
    const draft = this.drafts.of(person, state)
    if (!state) {
      const isNew = draft.ties.length === 0
      this.drafts.join(draft, person, home)
      return { row, outcome: isNew ? 'fresh' : 'known', problems: [] }
    }
    const paths = pathsOf(state.row.areaPath, state.ties)
    if (!paths.some((path) => this.#terms.inScope(path))) {
      // Kept by somebody else: here they get a tie, and nothing else of theirs is touched.
      const joined = this.drafts.join(draft, person, home)
      return { row, outcome: joined ? 'changed' : 'known', problems: [] }
    }
    return this.#knownHere({ row, person, home, draft, state })
  }

  #knownHere(at: { row: ReadRow; person: SheetPerson; home: Home; draft: Draft; state: PersonState }): RowOutcome {
    const { row, person, home, draft, state } = at
    const newer = state.row.checkedAt > this.#terms.seenAt
    const differences = differencesOf(this.#cmd, state, person)
    const moves = person.livesHere && movesFrom(state, home.premises.id)
    if (newer && (differences.length > 0 || moves)) {
      const problems = differences.map(({ problem }) => problem)
      if (moves)
        problems.push({
          field: 'address',
          zh: '登记册里住在另一处，而且核对得比这张表晚。要改请直接在登记册里办。',
          en: 'The registry has another home, checked later than this sheet. Change it in the registry itself.',
        })
      return { row, outcome: 'conflict', problems }
    }
    const fills = this.drafts.fill(draft, person, { overwrite: !newer })
    const joined = this.drafts.join(draft, person, home)
    if (fills || joined) return { row, outcome: 'changed', problems: [] }
    this.#confirmed.add(state.row.id)
    return { row, outcome: 'known', problems: [] }
  }
}

const movesFrom = (state: PersonState, premisesId: string): boolean => {
  const homes = state.ties.filter(({ livesHere }) => livesHere)
  return homes.length > 0 && homes.every((tie) => tie.premisesId !== premisesId)
}

/** What a person's record says otherwise than the sheet: only what the sheet knows. */
function differencesOf(cmd: Command, state: PersonState, person: SheetPerson): { problem: Problem }[] {
  const { phone } = openPerson(cmd, { ...state.row, detailsSealed: null, citizenIdSealed: null })
  const found: { problem: Problem }[] = []
  if (person.phone !== null && phone !== null && phone !== person.phone)
    found.push({
      problem: {
        field: 'phone',
        zh: `登记册里的手机号尾号是 ${phone.slice(-4)}，核对得比这张表晚。`,
        en: `The registry has a phone ending in ${phone.slice(-4)}, checked later than this sheet.`,
      },
    })
  return found
}
