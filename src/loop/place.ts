import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { gcj02ToWgs84 } from '../kernel/positions.ts'
import { findArea, locate } from '../grid/index.ts'
import type { Position } from './contract.ts'

export interface Place {
  areaPath: string
  /** A person said which area, because the position was not certain, or there was none. */
  chosen: boolean
  longitude: number | null
  latitude: number | null
  accuracyMetres: number | null
  source: string | null
}

/** The position in WGS-84; what shells send as GCJ-02 is converted here, and the source says so. */
export function atTheDoor(position: Position | undefined): Omit<Place, 'areaPath' | 'chosen'> {
  if (!position) return { longitude: null, latitude: null, accuracyMetres: null, source: null }
  const sent = { lng: position.longitude, lat: position.latitude }
  const { lng: longitude, lat: latitude } = position.system === 'gcj02' ? gcj02ToWgs84(sent) : sent
  const source = `${position.source ?? 'gps'}${position.system === 'gcj02' ? '/gcj02' : ''}`
  return { longitude, latitude, accuracyMetres: position.accuracyMetres ?? null, source }
}

/**
 * The area that a report belongs to: what the person chose, else the micro-grid under the position if it is certain.
 *
 * @throws loop.outside_area when the position lies in no area and none was chosen; loop.place_needed with candidates when
 *   it is uncertain or there is none; grid.unknown_area for a chosen area that is not there.
 */
export async function placeOf(
  cmd: Command,
  input: { position?: Position | undefined; areaPath?: string | undefined },
): Promise<Place> {
  const at = atTheDoor(input.position)
  if (input.areaPath !== undefined) {
    const area = await findArea(cmd, input.areaPath)
    if (!area || area.overlay !== 'base') throw new Fault('grid.unknown_area')
    return { ...at, areaPath: area.path, chosen: true }
  }
  if (at.longitude === null || at.latitude === null) throw new Fault('loop.place_needed', { candidates: [] })
  const found = await locate(cmd, { lng: at.longitude, lat: at.latitude, accuracyMetres: at.accuracyMetres })
  if (found.certain && found.area) return { ...at, areaPath: found.area.path, chosen: false }
  const candidates = found.candidates.map(({ path, name, distanceMetres }) => ({ path, name, distanceMetres }))
  throw new Fault(found.outside ? 'loop.outside_area' : 'loop.place_needed', { candidates })
}
