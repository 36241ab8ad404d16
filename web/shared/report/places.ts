import { read } from '../api.ts'
import type { Place } from './draft.ts'

export interface PlaceCandidate {
  path: string
  names: string[]
  distanceMetres: number
}

export interface NamedArea {
  path: string
  name: string
}

/** Below this certainty the person is asked which micro-grid it is. */
export const certainMetres = 50

export type Located =
  | { kind: 'found'; place: Place }
  | { kind: 'ask'; position: NonNullable<Place['position']>; candidates: PlaceCandidate[] }
  | { kind: 'outside'; position: NonNullable<Place['position']> }

/** Asks the phone where it is. Gives undefined when the person or the browser refuses. */
export function phonePosition(): Promise<NonNullable<Place['position']> | undefined> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(undefined)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ longitude: coords.longitude, latitude: coords.latitude, accuracyMetres: Math.round(coords.accuracy), system: 'wgs84', source: 'gps' }),
      () => resolve(undefined),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    )
  })
}

/** Which micro-grid a position lies in, or which it may be. */
export async function locate(position: NonNullable<Place['position']>): Promise<Located> {
  const query = new URLSearchParams({ longitude: String(position.longitude), latitude: String(position.latitude), accuracyMetres: String(position.accuracyMetres ?? 0) })
  const { candidates, certain } = await read<{ certain: boolean; candidates: PlaceCandidate[] }>(`/grid/places?${query}`)
  const best = candidates[0]
  if (!best) return { kind: 'outside', position }
  if (certain) return { kind: 'found', place: { position, names: best.names } }
  return { kind: 'ask', position, candidates }
}

export const childAreas = (parent: string | null) => read<{ items: NamedArea[] }>(`/grid/areas/children${parent ? `?parent=${encodeURIComponent(parent)}` : ''}`)
