import type { Place } from './draft.ts'
import { placesUnder } from './places.ts'

const areaPath = /^\d{6}(\/[A-Za-z0-9_-]{1,24}){1,10}$/
/** A form does not wait longer for the name of a place. */
const waitMs = 4_000

/**
 * The place of the poster by which somebody came (`/r?at=…`), to be filled in; it can be changed like any other. A place
 * that is not there any more, or a network that does not answer, gives none.
 */
export async function scannedPlace(): Promise<Place | undefined> {
  const at = new URLSearchParams(location.search).get('at') ?? ''
  if (!areaPath.test(at)) return undefined
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), waitMs))
  const asked = placesUnder(at.slice(0, at.lastIndexOf('/'))).catch(() => undefined)
  const place = (await Promise.race([asked, late]))?.items.find(({ path }) => path === at)
  return place && { areaPath: place.path, names: [place.fullName] }
}
