import type { WorkFilter } from '../../../src/loop/contract.ts'

export const scopes = ['mine', 'unit', 'overdue', 'dueSoon', 'open', 'closed', 'all'] as const
export type Scope = (typeof scopes)[number]

/** The filters of the work list: they are the address, so a list can be kept, sent and come back to. */
export interface WorkSearch extends WorkFilter {
  scope: Scope
  /** The saved view that the list was opened as. */
  view?: string | undefined
}

const words = {
  tone: ['waiting', 'running', 'parked', 'done', 'void'],
  due: ['overdue', 'soon', 'later', 'none'],
  sort: ['newest', 'oldest', 'due'],
} as const
const texts = [
  'area',
  'state',
  'kind',
  'category',
  'channel',
  'holder',
  'from',
  'to',
  'number',
  'text',
  'view',
] as const
export const filterNames = [...texts.filter((name) => name !== 'view'), 'tone', 'due'] as const

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

/** The filters as an address says them; what is none falls away. */
export function workSearch(search: Record<string, unknown>): WorkSearch {
  const found: WorkSearch = { scope: scopes.find((one) => one === search['scope']) ?? 'mine' }
  for (const name of texts) {
    const text = textIn(search[name])
    if (text !== undefined) found[name] = text
  }
  found.tone = words.tone.find((one) => one === search['tone'])
  found.due = words.due.find((one) => one === search['due'])
  found.sort = words.sort.find((one) => one === search['sort'])
  return found
}

/** What of an address is the filter: all but the view's name, and nothing that is not set. */
export function filterOf(search: WorkSearch): WorkFilter {
  const { view: _view, ...filter } = search
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''))
}

const print = (filter: WorkFilter): string =>
  JSON.stringify(Object.entries(filter).toSorted(([one], [other]) => (one < other ? -1 : 1)))
export const sameFilter = (one: WorkFilter, other: WorkFilter): boolean => print(one) === print(other)

export const isFiltered = (search: WorkSearch): boolean => filterNames.some((name) => search[name] !== undefined)

export function listPath(search: WorkSearch): string {
  const query = new URLSearchParams({ limit: '50' })
  for (const [name, value] of Object.entries(filterOf(search))) query.set(name, String(value))
  return `/matters?${query}`
}
