import type { Command } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { PersonState } from '../people/saving.ts'
import type { ResidenceRow } from '../people/store.ts'
import { dayOf } from '../rules.ts'
import * as store from './store.ts'

const homeless = { livesHere: false, householdId: null, headRelation: null }

/** What the other record knows of a tie that both have: that one lives there, and as whom. One person lives at one place. */
function lifted(own: ResidenceRow, theirs: readonly ResidenceRow[], hasHome: boolean): ResidenceRow {
  const lives = theirs.find(({ premisesId, livesHere }) => livesHere && premisesId === own.premisesId)
  if (!lives) return own
  const { householdId, headRelation } = lives
  if (!own.livesHere)
    return hasHome || lives.relation !== own.relation ? own : { ...own, livesHere: true, householdId, headRelation }
  if (own.householdId === null) return { ...own, householdId, headRelation }
  const isHead = own.householdId === householdId && headRelation === 'head'
  return isHead || (own.householdId === householdId && own.headRelation === null) ? { ...own, headRelation } : own
}

/** Whether a tie of the other record says something that one's own do not: another place, or owning where one only lives. */
function isNews(theirs: ResidenceRow, own: readonly ResidenceRow[]): boolean {
  const here = own.filter(({ premisesId }) => premisesId === theirs.premisesId)
  if (here.some(({ relation }) => relation === theirs.relation)) return false
  return theirs.relation === 'owner' || !theirs.livesHere || !here.some(({ livesHere }) => livesHere)
}

/**
 * The ties of two records as one person has them. Where both say a home, the kept record's stands.
 *
 * @returns the kept record's own, which may have learnt something, and those that come as copies.
 */
export function joinedTies(
  cmd: Command,
  kept: PersonState,
  dropped: PersonState,
): { own: ResidenceRow[]; copies: ResidenceRow[] } {
  const hasHome = kept.ties.some(({ livesHere }) => livesHere)
  const own = kept.ties.map((tie) => lifted(tie, dropped.ties, hasHome))
  const lives = own.some(({ livesHere }) => livesHere)
  const copies = dropped.ties
    .filter((tie) => isNews(tie, kept.ties))
    .map((tie): ResidenceRow => ({ ...tie, id: uuidv7(cmd.now), personId: kept.row.id }))
    .map((tie) => (lives && tie.livesHere ? { ...tie, ...homeless } : tie))
  return { own, copies }
}

/** The kept record's ties without what the merge brought: copies go, and a home that came from the other record. */
export function partedTies(now: PersonState, was: PersonState, copied: ReadonlySet<string>): ResidenceRow[] {
  const before = new Map(was.ties.map((tie) => [tie.id, tie]))
  return now.ties
    .filter(({ id }) => !copied.has(id))
    .map((tie) => {
      const known = before.get(tie.id)
      if (!known) return tie
      if (tie.livesHere && !known.livesHere) return { ...tie, ...homeless }
      return tie.headRelation !== known.headRelation && tie.householdId === known.householdId
        ? { ...tie, headRelation: known.headRelation }
        : tie
    })
}

/**
 * Ties as they were, where their premises lie now. What was closed meanwhile does not come back: no household that was
 * dissolved has a member again, nobody lives at premises that are gone.
 */
export async function tiesAsTheyWere(cmd: Command, ties: readonly ResidenceRow[]): Promise<ResidenceRow[]> {
  const ids = ties.map(({ premisesId }) => premisesId)
  const homes = ties.flatMap(({ householdId }) => (householdId === null ? [] : [householdId]))
  const [places, dissolved] = await Promise.all([
    store.listPlaces(cmd.tx, cmd.county, ids),
    store.listDissolved(cmd.tx, cmd.county, homes),
  ])
  return ties.map((tie) => {
    const place = places.get(tie.premisesId)
    const outside = tie.householdId !== null && dissolved.has(tie.householdId)
    return {
      ...tie,
      ...(outside ? { householdId: null, headRelation: null } : {}),
      areaPath: place?.areaPath ?? tie.areaPath,
      untilOn: place?.closed === true ? (tie.untilOn ?? dayOf(cmd.now)) : tie.untilOn,
    }
  })
}
