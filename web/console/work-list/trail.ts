import { filterOf, workSearch, type WorkSearch } from './search.ts'

const storageKey = 'tongxin.trail'
const KEPT_MAX = 500

interface Trail {
  search: WorkSearch
  ids: readonly string[]
}

/** Remembers, for this window, the list from which a matter is opened: the way back and its neighbours. */
export function keepTrail(search: WorkSearch, ids: readonly string[]): void {
  sessionStorage.setItem(
    storageKey,
    JSON.stringify({ search: { ...filterOf(search), view: search.view }, ids: ids.slice(0, KEPT_MAX) }),
  )
}

/** The list one came from; the usual one for who came by a link. */
export function readTrail(): Trail {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? '') as {
      search: Record<string, unknown>
      ids: unknown
    }
    const ids = Array.isArray(kept.ids) ? kept.ids.filter((id) => typeof id === 'string') : []
    return { search: workSearch(kept.search), ids }
  } catch {
    return { search: workSearch({}), ids: [] }
  }
}

/** The matters before and after one in the list that it was opened from. */
export function neighboursIn(ids: readonly string[], id: string): { before?: string; after?: string; at: number } {
  const at = ids.indexOf(id)
  if (at === -1) return { at }
  const [before, after] = [ids[at - 1], ids[at + 1]]
  return { at, ...(before ? { before } : {}), ...(after ? { after } : {}) }
}
