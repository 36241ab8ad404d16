/**
 * Schematic ground for demonstrations: pieces of a real county outline, cut with straight lines, always the same ones.
 * Nobody should take them for a survey; whoever stores them marks them schematic.
 */
export type Corner = readonly [lng: number, lat: number]
/** Open ring: the last corner is not the first. */
export type Outline = readonly Corner[]

/** Longitude degrees are shorter than latitude degrees by this at 30.7° north. */
const SQUEEZE = Math.cos((30.7 * Math.PI) / 180)

/** A stream of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const sideOf = ([lng, lat]: Corner, line: Line): number => line.x * lng * SQUEEZE + line.y * lat - line.at

interface Line {
  x: number
  y: number
  at: number
}

/** Cuts along a line; the corners on the cut are the very same on both sides. */
function cut(outline: Outline, line: Line): [below: Outline, above: Outline] {
  const below: Corner[] = []
  const above: Corner[] = []
  outline.forEach((corner, index) => {
    const next = outline[(index + 1) % outline.length]!
    const [here, there] = [sideOf(corner, line), sideOf(next, line)]
    ;(here <= 0 ? below : above).push(corner)
    if (here <= 0 === there <= 0) return
    const share = here / (here - there)
    const crossing: Corner = [corner[0] + (next[0] - corner[0]) * share, corner[1] + (next[1] - corner[1]) * share]
    below.push(crossing)
    above.push(crossing)
  })
  return [below, above]
}

/** Ground of an outline in square degrees, longitude squeezed. */
export function groundOfOutline(outline: Outline): number {
  let doubled = 0
  outline.forEach(([lng, lat], index) => {
    const [nextLng, nextLat] = outline[(index + 1) % outline.length]!
    doubled += (lng * nextLat - nextLng * lat) * SQUEEZE
  })
  return Math.abs(doubled) / 2
}

/** The part of an outline that is nearer to its own seed than to any other. */
export function nearestTo(outline: Outline, own: Corner, others: readonly Corner[]): Outline {
  return others.reduce<Outline>((left, other) => {
    const [x, y] = [(other[0] - own[0]) * SQUEEZE, other[1] - own[1]]
    const middle: Corner = [(own[0] + other[0]) / 2, (own[1] + other[1]) / 2]
    return cut(left, { x, y, at: x * middle[0] * SQUEEZE + y * middle[1] })[0]
  }, outline)
}

/** Cuts an outline into `count` pieces of about the same size, across its longer side each time. */
export function splitInto(outline: Outline, count: number, random: () => number): Outline[] {
  if (count <= 1) return [outline]
  const first = Math.floor(count / 2)
  const [below, above] = cutShare(outline, first / count, random)
  return [...splitInto(below, first, random), ...splitInto(above, count - first, random)]
}

function cutShare(outline: Outline, share: number, random: () => number): [Outline, Outline] {
  const xs = outline.map(([lng]) => lng * SQUEEZE)
  const ys = outline.map(([, lat]) => lat)
  const wide = Math.max(...xs) - Math.min(...xs) > Math.max(...ys) - Math.min(...ys)
  const tilt = (random() - 0.5) * 0.5
  const [x, y] = wide ? [Math.cos(tilt), Math.sin(tilt)] : [Math.sin(tilt), Math.cos(tilt)]
  const along = outline.map(([lng, lat]) => x * lng * SQUEEZE + y * lat)
  let [low, high] = [Math.min(...along), Math.max(...along)]
  const wanted = groundOfOutline(outline) * share
  let pieces = cut(outline, { x, y, at: (low + high) / 2 })
  for (let round = 0; round < 30; round++) {
    const at = (low + high) / 2
    pieces = cut(outline, { x, y, at })
    if (groundOfOutline(pieces[0]) < wanted) low = at
    else high = at
  }
  return pieces
}

const round7 = (degrees: number): number => Math.round(degrees * 1e7) / 1e7

/** The outline as a GeoJSON polygon: closed, to a centimetre, without corners said twice. */
export function polygonOf(outline: Outline): { type: 'Polygon'; coordinates: number[][][] } {
  const ring: number[][] = []
  for (const [lng, lat] of outline) {
    const corner = [round7(lng), round7(lat)]
    const before = ring.at(-1)
    if (!before || before[0] !== corner[0] || before[1] !== corner[1]) ring.push(corner)
  }
  const [first, last] = [ring[0]!, ring.at(-1)!]
  if (first[0] !== last[0] || first[1] !== last[1]) ring.push(first)
  return { type: 'Polygon', coordinates: [ring] }
}

/** How many of `total` fall to the piece at `index` of `pieces`, so that all together are exactly `total`. */
export const shareOf = (total: number, pieces: number, index: number): number =>
  Math.floor((total * (index + 1)) / pieces) - Math.floor((total * index) / pieces)
