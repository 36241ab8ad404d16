import { Fault } from '../../kernel/faults.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import { yearsBefore } from '../rules.ts'
import type { Condition, Question, SegmentSubject } from './contract.ts'

/** Which conditions can be asked of what. */
export const fieldsOf: Readonly<Record<SegmentSubject, readonly Condition['field'][]>> = {
  person: [
    'age',
    'sex',
    'registration',
    'tag',
    'relation',
    'premisesUse',
    'householdKind',
    'organisationKind',
    'hasPhone',
    'visited',
    'notCheckedForDays',
    'area',
  ],
  household: ['householdKind', 'members', 'tag', 'premisesUse', 'visited', 'notCheckedForDays', 'area'],
  premises: ['premisesUse', 'relation', 'tag', 'visited', 'notCheckedForDays', 'area'],
  organisation: ['organisationKind', 'headcount', 'premisesUse', 'notCheckedForDays', 'area'],
}

/** @throws registry.segment_condition for a condition that this kind of record does not have */
export function requireFitting({ subject, all }: Question): void {
  for (const { any } of all) {
    const wrong = any.find(({ field }) => !fieldsOf[subject].includes(field))
    if (wrong) throw new Fault('registry.segment_condition', { field: wrong.field, subject })
  }
}

/** The tags that a question asks for. */
export const tagsAsked = ({ all }: Question): string[] =>
  all.flatMap(({ any }) => any.flatMap((one) => (one.field === 'tag' ? one.in : [])))

/** Collects parameters and gives each its place in the text: no word of a question ever stands in the text itself. */
export class Parameters {
  readonly values: unknown[] = []
  add(value: unknown, type: string): string {
    this.values.push(value)
    return `$${this.values.length}::${type}`
  }
}

interface Terms {
  subject: SegmentSubject
  parameters: Parameters
  county: string
  /** Text that is true where a path lies in what the asker may see. */
  inScope(column: string): string
  today: string
  now: Date
}

/** The condition as SQL over the row `p`. */
function conditionText(terms: Terms, condition: Condition): string {
  const text = plainText(terms, condition)
  return condition.not ? `not coalesce(${text}, false)` : `coalesce(${text}, false)`
}

function plainText(terms: Terms, condition: Condition): string {
  const { parameters, county, now } = terms
  switch (condition.field) {
    case 'age':
      return ageText(terms, condition)
    case 'members':
    case 'headcount':
      return between(terms, `p.${condition.field}`, condition)
    case 'notCheckedForDays': {
      const days = condition.from ?? condition.to ?? 0
      return `p.checked_at < ${parameters.add(new Date(now.getTime() - days * 86_400_000), 'timestamptz')}`
    }
    case 'sex':
    case 'registration':
      return `p.${condition.field} = any(${parameters.add(condition.in, 'text[]')})`
    case 'hasPhone':
      return 'p.phone_blind is not null'
    case 'area': {
      const [low, high] = subtreeRange(condition.path)
      return `p.area_path >= ${parameters.add(low, 'text')} and p.area_path < ${parameters.add(high, 'text')}`
    }
    case 'organisationKind':
      return organisationText(terms, condition.in)
    case 'tag':
      return tagText(terms, condition.in)
    case 'relation':
      return relationText(terms, condition)
    case 'premisesUse':
      return useText(terms, condition.in)
    case 'householdKind':
      return terms.subject === 'household'
        ? `p.kind = any(${parameters.add(condition.in, 'text[]')})`
        : `exists (select from household h where h.county = ${county} and h.id = p.household_id and h.kind = any(${parameters.add(condition.in, 'text[]')}))`
    case 'visited':
      return visitedText(terms, condition.campaign)
  }
}

function between(terms: Terms, column: string, bounds: { from?: number; to?: number }): string {
  const { from, to } = bounds
  const low = from === undefined ? [] : [`${column} >= ${terms.parameters.add(from, 'integer')}`]
  const high = to === undefined ? [] : [`${column} <= ${terms.parameters.add(to, 'integer')}`]
  return [`${column} is not null`, ...low, ...high].join(' and ')
}

/** Ages are days of birth: from 60 means born on or before the day 60 years ago; to 64, after the day 65 years ago. */
function ageText({ parameters, today }: Terms, { from, to }: { from?: number; to?: number }): string {
  const parts = ['p.born_on is not null']
  if (from !== undefined) parts.push(`p.born_on <= ${parameters.add(yearsBefore(today, from), 'date')}`)
  if (to !== undefined) parts.push(`p.born_on > ${parameters.add(yearsBefore(today, to + 1), 'date')}`)
  return parts.join(' and ')
}

function organisationText({ subject, parameters, county }: Terms, kinds: string[]): string {
  const listed = parameters.add(kinds, 'text[]')
  if (subject === 'organisation') return `p.kind = any(${listed})`
  return `exists (select from organisation_officer o join organisation u on u.county = o.county and u.id = o.organisation_id
    where o.county = ${county} and o.person_id = p.id and o.until_on is null and u.closed_at is null and u.kind = any(${listed}))`
}

/** A tag counts where it was given: at the person's home, or at the place that they own. */
function tagText({ subject, parameters, county, inScope, today }: Terms, tags: string[]): string {
  const listed = parameters.add(tags, 'text[]')
  const on = parameters.add(today, 'date')
  const lasting = `t.county = ${county} and t.tag = any(${listed}) and (t.until_on is null or t.until_on >= ${on}) and ${inScope('t.area_path')}`
  if (subject === 'person') return `exists (select from person_tag t where ${lasting} and t.person_id = p.id)`
  const tied = subject === 'household' ? 'r.household_id = p.id and r.lives_here' : 'r.lives_here'
  const premises = subject === 'household' ? 'p.premises_id' : 'p.id'
  return `exists (select from residence r join person_tag t on t.county = r.county and t.person_id = r.person_id
    where r.county = ${county} and r.premises_id = ${premises} and r.until_on is null and ${tied} and ${lasting})`
}

function relationText(terms: Terms, condition: Extract<Condition, { field: 'relation' }>): string {
  const { subject, parameters, county, inScope } = terms
  const listed = parameters.add(condition.in, 'text[]')
  const key = subject === 'premises' ? 'r.premises_id = p.id' : 'r.person_id = p.id'
  const lives =
    condition.livesHere === undefined ? '' : ` and r.lives_here = ${parameters.add(condition.livesHere, 'boolean')}`
  return `exists (select from residence r where r.county = ${county} and ${key} and r.until_on is null
    and r.relation = any(${listed})${lives} and ${inScope('r.area_path')})`
}

function useText({ subject, parameters, county, inScope }: Terms, uses: string[]): string {
  const listed = parameters.add(uses, 'text[]')
  if (subject === 'premises') return `p.use = any(${listed})`
  if (subject !== 'person')
    return `exists (select from premises q where q.county = ${county} and q.id = p.premises_id and q.use = any(${listed}))`
  return `exists (select from residence r join premises q on q.county = r.county and q.id = r.premises_id
    where r.county = ${county} and r.person_id = p.id and r.until_on is null and q.use = any(${listed}) and ${inScope('r.area_path')})`
}

/** Met, or vouched for, in a campaign; of doors: visited. */
function visitedText({ subject, parameters, county }: Terms, campaign: string): string {
  const id = parameters.add(campaign, 'uuid')
  if (subject === 'person')
    return `exists (select from visit_target_person v where v.county = ${county} and v.campaign_id = ${id}
      and v.subject_id = p.household_id and v.person_id = p.id and v.fate is not null)`
  const column = subject === 'household' ? 'household_id' : 'premises_id'
  return `exists (select from visit_target v where v.county = ${county} and v.campaign_id = ${id} and v.${column} = p.id
    and v.result = 'visited')`
}

/** Every group of a question, as one SQL condition over the row `p`. */
export const questionText = (terms: Terms, { all }: Question): string =>
  all.length === 0
    ? 'true'
    : all.map(({ any }) => `(${any.map((one) => conditionText(terms, one)).join(' or ')})`).join(' and ')
