import { createHash } from 'node:crypto'

/** The county of the measurements and how it is cut: 10 towns × 10 villages × 5 grids × 10 micro-grids. */
export const county = '330411'
export const towns = 10
export const leafAreas = 5000
/** BENCH_MATTERS makes a smaller world for trying a scene out; figures are quoted of the whole one only. */
export const matters = Number(process.env['BENCH_MATTERS'] ?? 1_000_000)
export const clients = 16

/** A square of about 27 × 30 km, cut into 100 × 50 cells. */
export const west = 120.55
export const south = 30.55
export const columns = 100
export const rows = 50
export const cellWidth = 0.28 / columns
export const cellHeight = 0.27 / rows

export interface Leaf {
  town: string
  village: string
  path: string
  /** Middle of the cell. */
  longitude: number
  latitude: number
}

/** The micro-grid with a number from 0 to 4999. */
export function leafOf(index: number): Leaf {
  const town = Math.floor(index / 500)
  const village = Math.floor((index % 500) / 50)
  const grid = Math.floor((index % 50) / 10)
  const micro = index % 10
  const townCode = `${county}${101 + town}`
  const villageCode = `${townCode}${201 + village}`
  const column = (town % 5) * 20 + (village % 2) * 10 + micro
  const row = Math.floor(town / 5) * 25 + Math.floor(village / 2) * 5 + grid
  return {
    town: `${county}/${townCode}`,
    village: `${county}/${townCode}/${villageCode}`,
    path: `${county}/${townCode}/${villageCode}/G00${grid + 1}/M${String(micro + 1).padStart(3, '0')}`,
    longitude: west + (column + 0.5) * cellWidth,
    latitude: south + (row + 0.5) * cellHeight,
  }
}

/** The same words give the same uuid, in each run and on each machine. */
export function fixedUuid(words: string): string {
  const hex = createHash('md5').update(words).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** A generator of numbers below `most` that starts alike each time (mulberry32). */
export function seeded(seed: number): (most: number) => number {
  let state = seed >>> 0
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most
  }
}

export const staffToken = (index: number): string => `${county}.s_benchstaff${String(index).padStart(20, '0')}`
export const residentToken = (index: number): string => `${county}.s_benchresident${String(index).padStart(17, '0')}`
/** Leaders of the county, who watch its wall. */
export const leaderToken = (index: number): string => `${county}.s_benchleader${String(index).padStart(19, '0')}`
