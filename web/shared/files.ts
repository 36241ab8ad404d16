import { currentCounty } from './county.ts'
import type { ShownPhoto } from './ui/photo-grid.tsx'

/** Addresses of a file's small and large picture. A reporter without an account shows the progress code instead of a session. */
export function pictureOf(id: string, code?: string): ShownPhoto {
  const query = new URLSearchParams({ ...(code ? { code } : {}), ...(currentCounty() ? { county: currentCounty() ?? '' } : {}) })
  const tail = query.size > 0 ? `?${query}` : ''
  return { id, url: `/api/v1/files/${id}/thumbnail${tail}`, full: `/api/v1/files/${id}/content${tail}` }
}
