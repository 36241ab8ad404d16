import type { ShownPhoto } from './ui/photo-grid.tsx'

/** Addresses of a file's small and large picture. A reporter without an account shows the progress code instead of a session. */
export function pictureOf(id: string, code?: string): ShownPhoto {
  const base = code ? `/api/v1/progress/${encodeURIComponent(code)}/files/${id}` : `/api/v1/files/${id}`
  return { id, url: `${base}/thumbnail`, full: `${base}/content` }
}
