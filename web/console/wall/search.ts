export const wallScopes = ['open', 'overdue', 'closed'] as const
export type WallScope = (typeof wallScopes)[number]

/** Where on the wall one is, as an address: it can be kept, sent and come back to. */
export interface WallSearch {
  area?: string
  list?: WallScope
}

export function wallSearch(search: Record<string, unknown>): WallSearch {
  const { area } = search
  const list = wallScopes.find((one) => one === search['list'])
  const path = area === undefined || area === '' ? '' : String(area)
  return { ...(/^[\w/-]{1,200}$/.test(path) ? { area: path } : {}), ...(list ? { list } : {}) }
}
