import { dueAfter, type Calendar } from '../kernel/calendar.ts'
import { compileExpression, evaluate, type CelSchema, type Expression } from '../kernel/cel.ts'
import { Fault, type Locale } from '../kernel/faults.ts'
import type { Assign, Kind, List, ListItem, PackContent, State, Step, TimeAmount } from './contract.ts'

/** A kind in the version that a matter keeps: everything needed to decide and to say, without the database. */
export interface PackKind {
  readonly pack: string
  readonly version: number
  readonly sha256: string
  /** The county's own copy. */
  readonly own: boolean
  readonly publishedAt: Date
  readonly content: PackContent
  readonly kind: Kind
}

/** What a guard may ask, besides `form`, the fields of the step's own form. */
export interface GuardFacts {
  readonly category: string
  readonly urgent: boolean
  readonly channel: string
  readonly state: string
  /** How often more time was approved in the present state. */
  readonly extensions: number
  readonly reopened: number
  readonly sentBack: number
  /** Whole calendar days; 0 while it is open. */
  readonly daysSinceClosed: number
  /** Photos that come with this step. */
  readonly photos: number
  /** How many other matters were tied to it. */
  readonly linked: number
}

/** What was filled in so far, the latest of each field, and the instant of asking. */
export interface Around {
  readonly known?: Readonly<Record<string, unknown>>
  readonly now?: Date
}

export const guardVariables: CelSchema = {
  matter: {
    category: 'string',
    urgent: 'bool',
    channel: 'string',
    state: 'string',
    extensions: 'int',
    reopened: 'int',
    sentBack: 'int',
    daysSinceClosed: 'int',
    photos: 'int',
    linked: 'int',
  },
  form: 'map',
  known: 'map',
  now: 'timestamp',
}

/** Somebody before they report: what they are, which posts they hold, whether they may file for others somewhere. */
export interface Beginner {
  readonly kind: string
  readonly roles: readonly string[]
  readonly mayFile: boolean
}

/** Whether somebody may begin a matter of this kind. Other systems hold no posts: they need the grant to file. */
export function mayBegin(kind: Kind, who: Beginner): boolean {
  if (who.kind === 'system') return true
  if (who.kind === 'token') return who.mayFile
  if (who.kind === 'staff')
    return kind.entry?.roles?.some((role) => who.roles.includes(role)) ?? (kind.public || who.mayFile)
  return kind.public && (who.kind === 'resident' || kind.entry?.accountNeeded !== true)
}

/** In which order kinds are offered: as their entries say, then by name. */
export const byEntry = (one: Kind, other: Kind): number =>
  (one.entry?.order ?? ENTRY_LAST) - (other.entry?.order ?? ENTRY_LAST) || (one.name < other.name ? -1 : 1)
const ENTRY_LAST = 1_000

/** The steps that lead on from a state; who may take them is decided by holder, grant and guard. */
export const movesFrom = (kind: Kind, state: string): Step[] => kind.steps.filter((step) => step.from === state)

export const findStep = (kind: Kind, state: string, move: string): Step | undefined =>
  kind.steps.find((step) => step.from === state && step.move === move)

/** @throws packs.no_such_move when the move does not lead on from that state. */
export function stepFor(kind: Kind, state: string, move: string): Step {
  const step = findStep(kind, state, move)
  if (!step) throw new Fault('packs.no_such_move', { state, move })
  return step
}

/** The report itself: the one step that begins nowhere. check-pack proves that there is exactly one. */
export function firstStep(kind: Kind): Step {
  const step = kind.steps.find((candidate) => candidate.from === null)
  if (!step) throw new Error(`kind ${kind.name} has no first step`)
  return step
}

export function stateOf(kind: Kind, name: string): State {
  const state = kind.states.find((candidate) => candidate.name === name)
  if (!state) throw new Error(`kind ${kind.name} has no state ${name}`)
  return state
}

export const isEnd = (kind: Kind, state: string): boolean => stateOf(kind, state).end === true

export const findList = (content: PackContent, name: string): List | undefined =>
  content.definition.lists.find((list) => list.name === name)

export const findItem = (content: PackContent, list: string, code: string): ListItem | undefined =>
  findList(content, list)?.items.find((item) => item.code === code)

export const categoriesOf = ({ content, kind }: Pick<PackKind, 'content' | 'kind'>): readonly ListItem[] =>
  findList(content, kind.categories)?.items ?? []

export const findCategory = (pack: Pick<PackKind, 'content' | 'kind'>, code: string): ListItem | undefined =>
  categoriesOf(pack).find((item) => item.code === code)

/** Who gets a fresh report of this category: the category's own post, else the first step's. */
export function firstAssign(pack: Pick<PackKind, 'content' | 'kind'>, category: string): Assign {
  const own = findCategory(pack, category)?.first
  return own ? { to: 'post', ...own } : firstStep(pack.kind).assign
}

/** Whether a matter of this category is urgent by itself. */
export const isUrgentCategory = (pack: Pick<PackKind, 'content' | 'kind'>, code: string): boolean =>
  findCategory(pack, code)?.urgent === true

/**
 * How long the state that the step leads to may last; null where the step starts no clock.
 *
 * The category's own limit for that state comes before the step's; the urgent one before the usual, where there is one.
 */
export function dueFor(
  pack: Pick<PackKind, 'content' | 'kind'>,
  step: Step,
  matter: { category: string; urgent: boolean },
): TimeAmount | null {
  if (step.clock !== 'start' || !step.due) return null
  const limits = findCategory(pack, matter.category)?.limits
  const own = limits && Object.hasOwn(limits, step.to) ? limits[step.to] : undefined
  const due = own ?? step.due
  const urgent = matter.urgent ? (due.urgent ?? step.due.urgent) : undefined
  return urgent ? { amount: urgent.amount, unit: urgent.unit } : { amount: due.amount, unit: due.unit }
}

/** Whether the step asks for a photo: only where one is evidence is it needed. */
export function photoRule(
  pack: Pick<PackKind, 'content' | 'kind'>,
  step: Step,
  category: string,
): 'needed' | 'wanted' | 'none' {
  if (step.photo === 'byCategory') return findCategory(pack, category)?.photo ? 'needed' : 'wanted'
  return step.photo ?? 'none'
}

const guards = new WeakMap<Step, Expression>()

/** The step's condition, compiled once. @throws kernel.bad_expression: only for what check-pack has not seen. */
export function guardOf(step: Step): Expression | undefined {
  if (step.guard === undefined) return undefined
  let compiled = guards.get(step)
  if (!compiled) {
    compiled = compileExpression(step.guard, guardVariables, 'bool')
    guards.set(step, compiled)
  }
  return compiled
}

/**
 * Whether the step's condition holds; a step without one is always allowed.
 *
 * @param around `form`: the step's checked form, left out when the question is only whether to offer the move.
 * @throws kernel.expression_failed when the condition asks for a field that was not filled in.
 */
export function guardAllows(
  step: Step,
  facts: GuardFacts,
  around: Around & { form?: Readonly<Record<string, unknown>> } = {},
): boolean {
  const guard = guardOf(step)
  const { form = {}, known = {}, now } = around
  return guard === undefined || evaluate(guard, { matter: facts, form, known, now }) === true
}

/** The instant that a date or datetime field says: a day begins at midnight in China. Undefined for anything else. */
export function instantIn(fields: Readonly<Record<string, unknown>>, name: string): Date | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (typeof value !== 'string') return undefined
  const at = new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00+08:00` : value)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** From when a step is possible; undefined: at once, as when the field was never filled in. */
export function opensAt(calendar: Calendar, step: Step, known: Readonly<Record<string, unknown>>): Date | undefined {
  const at = step.opens && instantIn(known, step.opens.at)
  return at && step.opens?.after ? dueAfter(calendar, at, step.opens.after, []).dueAt : at
}

/** Where the clock of a step that starts one begins: now, or at the planned instant that lies ahead. */
export function clockBegins(step: Step, known: Readonly<Record<string, unknown>>, now: Date): Date {
  const planned = step.clockFrom === undefined ? undefined : instantIn(known, step.clockFrom)
  return planned && planned > now ? planned : now
}

const catalogue = (locale: Locale): 'zh-CN' | 'en' => (locale === 'en' ? 'en' : 'zh-CN')

/** A text of the pack, undefined when it has none; Chinese stands in for English that is missing. */
export function findText(content: PackContent, key: string, locale: Locale): string | undefined {
  for (const texts of [content.texts[catalogue(locale)], content.texts['zh-CN']])
    if (Object.hasOwn(texts, key)) return texts[key]
  return undefined
}

/** A text of the pack with `{name}` filled; the key itself where it is missing, which check-pack refuses. */
export function say(
  content: PackContent,
  key: string,
  locale: Locale,
  values: Readonly<Record<string, string>> = {},
): string {
  const text = findText(content, key, locale) ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  )
}

type Named = Pick<PackKind, 'content' | 'kind'>
export const kindName = ({ content, kind }: Named, locale: Locale): string => say(content, `${kind.name}.name`, locale)
export const stateName = ({ content, kind }: Named, state: string, locale: Locale): string =>
  say(content, `${kind.name}.state.${state}`, locale)
/** What happens next, for the reporter, in a sentence. */
export const nextSentence = ({ content, kind }: Named, state: string, locale: Locale): string =>
  say(content, `${kind.name}.state.${state}.next`, locale)
/** The move as a button says it. */
export const moveName = ({ content, kind }: Named, move: string, locale: Locale): string =>
  say(content, `${kind.name}.move.${move}`, locale)
/** The move as the timeline says it afterwards. */
export const moveDone = ({ content, kind }: Named, move: string, locale: Locale): string =>
  say(content, `${kind.name}.move.${move}.done`, locale)
export const moveHint = ({ content, kind }: Named, move: string, locale: Locale): string =>
  findText(content, `${kind.name}.move.${move}.hint`, locale) ?? ''
/** Why the guard refuses. */
export const guardSentence = ({ content, kind }: Named, move: string, locale: Locale): string =>
  findText(content, `${kind.name}.move.${move}.refused`, locale) ?? ''
/** What the reporter is told of this move; undefined when they are not told. */
export const reporterSentence = (
  { content, kind }: Named,
  move: string,
  locale: Locale,
  values: Record<string, string>,
): string | undefined =>
  findText(content, `${kind.name}.move.${move}.reporter`, locale) === undefined
    ? undefined
    : say(content, `${kind.name}.move.${move}.reporter`, locale, values)
export const itemName = (item: Pick<ListItem, 'name'>, locale: Locale): string =>
  locale === 'en' ? item.name.en : item.name.zh
export const categoryName = (pack: Named, code: string, locale: Locale): string => {
  const item = findCategory(pack, code)
  return item ? itemName(item, locale) : code
}
/** The duty item that a category falls under; empty when the pack names none. */
export function dutyBasis(pack: Named, category: string, locale: Locale): string {
  const duty = findCategory(pack, category)?.duty
  const item = duty === undefined ? undefined : findItem(pack.content, 'duties', duty)
  return item ? itemName(item, locale) : ''
}
