import { DAY, dateOf, dayNumberOf } from '../../kernel/calendar-days.ts'
import { Fault, type Locale } from '../../kernel/faults.ts'
import { isSensitive, requireTag, tagName } from '../tags/rules.ts'
import type { CampaignQuestion, Force, MoveCampaign, PersonFate, VisitResult, Who } from './contract.ts'
import './contract.ts'

/**
 * What is done at a door jointly (八联). The eighth, following up people under a lawful measure, is left out on purpose: ticked
 * at a household it would tell everybody who reads the visit that somebody there is followed up.
 *
 * @source docs/decisions/0066-one-visit-for-three-forces.md
 */
export const duties: readonly { code: string; zh: string; en: string; category?: string }[] = [
  { code: 'baseData', zh: '基础信息联采', en: 'Base data collected' },
  { code: 'mediation', zh: '矛盾纠纷联调', en: 'Dispute mediated', category: '0603' },
  { code: 'hazard', zh: '安全隐患联治', en: 'Hazard handled', category: '0402' },
  { code: 'help', zh: '群众求助联帮', en: 'Call for help answered', category: '0602' },
  { code: 'prevention', zh: '防范宣传联做', en: 'Prevention taught' },
  { code: 'safety', zh: '社会治安联管', en: 'Public safety managed', category: '0402' },
  { code: 'skills', zh: '技能培训联抓', en: 'Skills trained' },
]

/** As which category a visit becomes a case: by the first thing that was done there, else as something other. */
export function caseCategory(done: readonly string[]): string {
  const found = duties.find((duty) => done.includes(duty.code) && duty.category !== undefined)
  return found?.category ?? '9999'
}

export function dutyName(code: string, locale: string): string {
  const found = duties.find((duty) => duty.code === code)
  return (locale === 'en' ? found?.en : found?.zh) ?? code
}

/** Codes of the list, each once, in its order; what is none of it is left out. */
export const knownDuties = (codes: readonly string[]): string[] =>
  duties.map(({ code }) => code).filter((code) => codes.includes(code))

/** Which of the three forces a post belongs to: police, home branch, else micro-grid. */
export function forceOf(role: string | undefined): Force {
  if (role === 'policeOfficer') return 'police'
  return role === 'partyLead' ? 'party' : 'grid'
}

/** A steward looks after three to five households. @source S10 of the county's practice: docs/decisions/0066-one-visit-for-three-forces.md */
export const STEWARD_HOUSEHOLDS_MAX = 5

/** Words and photos of a visit are kept three years where a county has set nothing. */
export const shippedKeepDays = 1095

/** The day of an instant in Beijing, as `YYYY-MM-DD`. */
export const dayOf = (at: Date): string => dateOf(dayNumberOf(at))

export const keptUntil = (writtenAt: Date, keepDays: number): string =>
  dayOf(new Date(writtenAt.getTime() + keepDays * DAY))

/** Clocks of phones run a few minutes ahead. */
const AHEAD_MS = 5 * 60_000

/** @throws registry.met_later, registry.next_past */
export function requireDates(now: Date, metAt: Date, nextOn: string | null): void {
  if (metAt.getTime() > now.getTime() + AHEAD_MS) throw new Fault('registry.met_later')
  if (nextOn !== null && nextOn < dayOf(metAt)) throw new Fault('registry.next_past')
}

/** The best that came of several visits: once visited, a door stays visited. */
export const bestResult = (before: VisitResult | null, now: VisitResult): VisitResult =>
  before === 'visited' ? before : now

/** Whose fate is known by a visit, by person; nobody is met where nobody opened. */
export function fatesOf(
  result: VisitResult,
  people: readonly { personId: string; fate: PersonFate }[],
): Map<string, PersonFate> {
  const known = result === 'visited' ? people : people.filter(({ fate }) => fate === 'left')
  return new Map(known.map(({ personId, fate }) => [personId, fate]))
}

/** Whether only some of the people behind a door are concerned; then doors without one of them are not. */
export const choosesPeople = (who: Who): boolean => who.tags.length > 0 || who.ageFrom !== null || who.ageUntil !== null

/** Full years; null where the birthday is not known. */
export function ageOn(now: Date, bornOn: string | null): number | null {
  if (bornOn === null) return null
  const today = dayOf(now)
  const years = Number(today.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return today.slice(5) < bornOn.slice(5) ? years - 1 : years
}

/** What may be done with a campaign in each state. */
const campaignMoves: readonly { from: string; move: MoveCampaign['move']; to: 'open' | 'paused' | 'closed' }[] = [
  { from: 'open', move: 'pause', to: 'paused' },
  { from: 'paused', move: 'resume', to: 'open' },
  { from: 'open', move: 'close', to: 'closed' },
  { from: 'paused', move: 'close', to: 'closed' },
]

export const movesOf = (state: string): MoveCampaign['move'][] =>
  campaignMoves.filter(({ from }) => from === state).map(({ move }) => move)

/** @throws registry.campaign_closed, registry.campaign_move */
export function requireMove(state: string, move: MoveCampaign['move']): 'open' | 'paused' | 'closed' {
  if (state === 'closed') throw new Fault('registry.campaign_closed')
  const found = campaignMoves.find((one) => one.from === state && one.move === move)
  if (!found) throw new Fault('registry.campaign_move')
  return found.to
}

/** A list of doors chosen by a sensitive tag would tell everybody who goes there. @throws registry.sensitive_tag, registry.unknown_tag */
export function requirePlainTags(codes: readonly string[], locale: Locale): void {
  for (const code of codes) {
    requireTag(code)
    if (isSensitive(code)) throw new Fault('registry.sensitive_tag', { tag: tagName(code, locale) })
  }
}

const chosen = new Set<CampaignQuestion['widget']>(['radio', 'select', 'checks'])

/** @throws registry.question_twice, registry.choices_needed */
export function requireQuestions(questions: readonly CampaignQuestion[]): void {
  const twice = (codes: string[]): boolean => new Set(codes).size !== codes.length
  if (twice(questions.map(({ code }) => code))) throw new Fault('registry.question_twice')
  for (const { widget, options } of questions) {
    if (twice(options.map(({ value }) => value))) throw new Fault('registry.question_twice')
    if (chosen.has(widget) && options.length === 0) throw new Fault('registry.choices_needed')
  }
}

const wideDigit = /[\uFF10-\uFF19]/g
const mobile = /(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)/g
const longNumber = /(?<!\d)(\d{4})\d{6,}([\dXx])(?!\d)/g

/** Words as others than their author read them: without numbers by which somebody can be reached or looked up. */
export const maskNumbers = (words: string): string =>
  words
    .replace(wideDigit, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(mobile, '$1****$2')
    .replace(longNumber, '$1****$2')

/** 13857312345 → 138****2345. */
export const maskPhone = (phone: string): string =>
  phone.length < 7 ? '*'.repeat(phone.length) : `${phone.slice(0, 3)}****${phone.slice(-4)}`

/** Whether a change of these fields is one of what a correction at the door is about. */
export function touches(kind: 'phone' | 'left' | 'joined' | 'use', fields: readonly string[]): boolean {
  const about = { phone: ['phone'], left: ['state', 'residence'], joined: [], use: ['use'] }[kind]
  return fields.some((field) => about.some((one) => field === one || field.startsWith(`${one}:`)))
}
