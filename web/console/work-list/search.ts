export const scopes = ['mine', 'overdue', 'open', 'closed', 'all'] as const
export type Scope = (typeof scopes)[number]

/** The filters of the work list: they are the address, so a list can be kept, sent and come back to. */
export interface WorkSearch {
  scope: Scope
  area?: string
  state?: string
  category?: string
  number?: string
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** The filters as an address says them; what is none falls away. */
export function workSearch(search: Record<string, unknown>): WorkSearch {
  const asked = scopes.find((one) => one === search['scope'])
  const filters = {
    area: text(search['area']),
    state: text(search['state']),
    category: text(search['category']),
    number: text(search['number']),
  }
  return { scope: asked ?? 'mine', ...filters }
}
