export const registryTabs = ['households', 'people', 'premises', 'organisations', 'groups'] as const
export type RegistryTab = (typeof registryTabs)[number]

/** Where one looks and for whom: the address says it, so that a list can be kept, sent and come back to. */
export interface RegistrySearch {
  tab: RegistryTab
  area?: string | undefined
  kind?: string | undefined
  use?: string | undefined
  registration?: string | undefined
  tag?: string | undefined
  /** What is typed into the one search box. */
  q?: string | undefined
}

const texts = ['area', 'kind', 'use', 'registration', 'tag', 'q'] as const

export function registrySearch(search: Record<string, unknown>): RegistrySearch {
  const found: RegistrySearch = { tab: registryTabs.find((one) => one === search['tab']) ?? 'premises' }
  for (const name of texts) {
    const value = search[name]
    const text = typeof value === 'number' ? String(value) : value
    if (typeof text === 'string' && text !== '') found[name] = text
  }
  return found
}

/** The filters of a list as its request says them. */
export function queryOf(search: Partial<RegistrySearch>, names: readonly (typeof texts)[number][], limit = 50): string {
  const query = new URLSearchParams({ limit: String(limit) })
  for (const name of names) if (search[name] !== undefined) query.set(name, search[name])
  return String(query)
}

/** Of what a roster is printed: a place, an estate (or street) in it, or one building. */
export interface RosterSearch {
  estate?: string
  area?: string
  building?: string
}

export function rosterSearch(search: Record<string, unknown>): RosterSearch {
  const { area, building, estate } = search
  return {
    ...(typeof estate === 'string' && estate !== '' && { estate }),
    ...(typeof area === 'string' && area !== '' && { area }),
    ...(typeof building === 'string' && building !== '' && { building }),
  }
}
