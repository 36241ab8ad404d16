import type { LocatedPlace, Places } from '../../../src/grid/areas/contract.ts'
import { isUnanswered, read } from '../api.ts'
import type { KnownPlace } from '../offline/take-along.ts'
import { knownPlaces } from '../offline/take-along.ts'
import type { Place } from './draft.ts'

export type PlaceCandidate = LocatedPlace['candidates'][number]

/** Below this certainty the person is asked which micro-grid it is. */
export const certainMetres = 50

export type Located =
  | { kind: 'found'; place: Place }
  | { kind: 'ask'; position: NonNullable<Place['position']>; candidates: PlaceCandidate[] }
  | { kind: 'offline'; position: Place['position']; places: KnownPlace[] }
  | { kind: 'outside'; position: NonNullable<Place['position']> }

/** Which micro-grid a position lies in, or which it may be. */
export async function locate(position: NonNullable<Place['position']>): Promise<Located> {
  const query = new URLSearchParams({
    lng: String(position.longitude),
    lat: String(position.latitude),
    accuracyMetres: String(position.accuracyMetres ?? 0),
    system: position.system ?? 'wgs84',
  })
  let located: LocatedPlace
  try {
    located = await read<LocatedPlace>(`/grid/locate?${query}`)
  } catch (error) {
    if (!isUnanswered(error)) throw error
    // Without a network nobody but the person knows which micro-grid it is.
    return { kind: 'offline', position, places: await knownPlaces() }
  }
  const { area, candidates, certain, outside } = located
  if (certain && area) return { kind: 'found', place: { position, names: [area.fullName] } }
  const all = [...(area ? [area] : []), ...candidates.filter((one) => one.path !== area?.path)]
  return outside && all.length === 0 ? { kind: 'outside', position } : { kind: 'ask', position, candidates: all }
}

/** The places right below one, or the county's towns. */
export const placesUnder = (parent: string | null) =>
  read<Places>(`/grid/places${parent ? `?under=${encodeURIComponent(parent)}` : ''}`)
