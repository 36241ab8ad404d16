import type { WorkFilter } from '../contract.ts'
import type { Hands } from '../store.ts'
import type { HeldBy, Search } from './store.ts'

const DAY_MS = 86_400_000

/** The first instant of a calendar day in China (UTC+8, no summer time); undefined for a day that is none, 2026-02-30 say. */
export function dayBegin(day: string): Date | undefined {
  const at = new Date(`${day}T00:00:00+08:00`)
  const back = new Date(at.getTime() + 8 * 3_600_000)
  return !Number.isNaN(at.getTime()) && back.toISOString().slice(0, 10) === day ? at : undefined
}

/** `departmentHandler.cityCare@330411/330411105` as the post that it names. */
export function holderIn(text: string): HeldBy {
  const [post = '', path = ''] = text.split('@')
  const [role = '', unit = ''] = post.split('.')
  return { role, unit, path }
}
export const holderText = ({ role, unit, path }: HeldBy): string => `${role}.${unit}@${path}`

export interface Asking {
  county: string
  paths: string[]
  hands: Hands
  now: Date
  /** Due before this is due soon. */
  soon: Date
}

/** Which matters are open is part of most scopes; `all` takes both, and so does a search for words. */
const openIn: Record<NonNullable<WorkFilter['scope']>, boolean | undefined> = {
  open: true,
  mine: true,
  unit: true,
  overdue: true,
  dueSoon: true,
  closed: false,
  all: undefined,
}

/** What a filter asks of the database. A day that is none asks for nothing. */
export function searchOf(filter: WorkFilter, asking: Asking): Search {
  const scope = filter.scope ?? 'open'
  const { now, soon, hands } = asking
  const due = filter.due ?? (scope === 'overdue' ? 'overdue' : scope === 'dueSoon' ? 'soon' : undefined)
  const until = filter.to === undefined ? undefined : dayBegin(filter.to)
  return {
    county: asking.county,
    paths: asking.paths,
    hands: scope === 'mine' ? hands : null,
    unit: scope === 'unit' ? { units: hands.units, paths: hands.paths } : null,
    holder: filter.holder === undefined ? null : holderIn(filter.holder),
    open: openIn[scope] ?? (due === undefined ? undefined : true),
    state: filter.state,
    kind: filter.kind,
    category: filter.category,
    tone: filter.tone,
    channel: filter.channel,
    words: filter.text?.normalize('NFKC').trim() || undefined,
    reportedFrom: (filter.from !== undefined && dayBegin(filter.from)) || null,
    reportedUntil: until ? new Date(until.getTime() + DAY_MS) : null,
    dueFrom: due === 'soon' ? now : due === 'later' ? soon : null,
    dueUntil: due === 'overdue' ? now : due === 'soon' ? soon : null,
    withoutDue: due === 'none',
    sort: filter.sort ?? (['mine', 'unit', 'overdue', 'dueSoon'].includes(scope) ? 'due' : 'newest'),
  }
}

/** Whether a filter asks more than the plain lists answer, which have statements of their own. */
export function asksMore(filter: WorkFilter): boolean {
  const { scope, sort, tone, channel, due, holder, from, to, text, state, kind, category, area } = filter
  if ([sort, tone, kind, channel, due, holder, from, to, text].some((part) => part !== undefined)) return true
  if (scope === 'unit' || scope === 'dueSoon') return true
  return scope === 'mine' && [state, category, area].some((part) => part !== undefined)
}

/** The filters that were set, as a leaf may hold them: codes by value, words that somebody typed by name only. */
export function filterCodes(filter: WorkFilter): string[] {
  const coded = ['state', 'tone', 'kind', 'category', 'channel', 'due', 'from', 'to', 'sort'] as const
  const named = ['text', 'number', 'holder', 'area'] as const
  return [
    ...coded.flatMap((name) => (filter[name] === undefined ? [] : [`${name}=${filter[name]}`])),
    ...named.flatMap((name) => (filter[name] === undefined ? [] : [name])),
  ]
}
