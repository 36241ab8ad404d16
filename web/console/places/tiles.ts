import type { Bounds } from './ground.ts'

export interface Tile {
  z: number
  x: number
  y: number
  /** The ground that it shows. */
  bounds: Bounds
}

/** Pixels of one side of a tile, as all servers draw them. */
const SIDE = 256
const TILES_MAX = 48
const GEOGRAPHIC_ZOOM_MAX = 18

/** The grid in which tiles lie: how many there are across the world, and the degrees at which each begins. */
interface Grid {
  across(z: number): number
  column(z: number, lng: number): number
  row(z: number, lat: number): number
  boundsOf(z: number, x: number, y: number): Bounds
}

/** Degrees as they are: the set `c` of Tianditu (CGCS2000). Two tiles lie across the world at zoom 1, one from pole to pole. */
const geographic: Grid = {
  across: (z) => 2 ** z,
  column: (z, lng) => Math.floor((lng + 180) / (360 / 2 ** z)),
  row: (z, lat) => Math.floor((90 - lat) / (360 / 2 ** z)),
  boundsOf(z, x, y) {
    const side = 360 / 2 ** z
    return { west: x * side - 180, east: (x + 1) * side - 180, north: 90 - y * side, south: 90 - (y + 1) * side }
  },
}

const mercatorLat = (part: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * part))) * 180) / Math.PI
const mercatorPart = (lat: number): number => (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2

/** Web Mercator, as map files have it. One tile is the whole world at zoom 0. */
const mercator: Grid = {
  across: (z) => 2 ** z,
  column: (z, lng) => Math.floor(((lng + 180) / 360) * 2 ** z),
  row: (z, lat) => Math.floor(mercatorPart(lat) * 2 ** z),
  boundsOf(z, x, y) {
    const all = 2 ** z
    const [west, east] = [(x / all) * 360 - 180, ((x + 1) / all) * 360 - 180]
    return { west, east, north: mercatorLat(y / all), south: mercatorLat((y + 1) / all) }
  },
}

function tilesOf(grid: Grid, bounds: Bounds, z: number): Tile[] {
  const tiles: Tile[] = []
  const [left, right] = [grid.column(z, bounds.west), grid.column(z, bounds.east)]
  const [top, bottom] = [grid.row(z, bounds.north), grid.row(z, bounds.south)]
  if ((right - left + 1) * (bottom - top + 1) > TILES_MAX) return tilesOf(grid, bounds, z - 1)
  for (let x = left; x <= right; x++)
    for (let y = top; y <= bottom; y++) tiles.push({ z, x, y, bounds: grid.boundsOf(z, x, y) })
  return tiles
}

/** The zoom at which a tile is drawn about as large as it is. */
const zoomFor = (bounds: Bounds, width: number): number =>
  Math.round(Math.log2((360 / (bounds.east - bounds.west)) * (width / SIDE)))

const within = (z: number, least: number, most: number): number => Math.max(least, Math.min(most, z))

/** Tiles of Tianditu under a drawing `width` pixels wide; never more than a browser fetches in a moment. */
export const geographicTiles = (bounds: Bounds, width: number): Tile[] =>
  tilesOf(geographic, bounds, within(zoomFor(bounds, width), 1, GEOGRAPHIC_ZOOM_MAX))

/** Tiles of a map file under a drawing, of the zooms that it has. */
export const mercatorTiles = (bounds: Bounds, width: number, zooms: { least: number; most: number }): Tile[] =>
  tilesOf(mercator, bounds, within(zoomFor(bounds, width), zooms.least, zooms.most))

const SERVERS = 8
type Layer = 'vec' | 'cva'

/** Where Tianditu gives out a tile: `vec` the ground, `cva` the names on it. */
export function tiandituAddress({ z, x, y }: Tile, layer: Layer, key: string): string {
  const query = new URLSearchParams({
    SERVICE: 'WMTS',
    REQUEST: 'GetTile',
    VERSION: '1.0.0',
    LAYER: layer,
    STYLE: 'default',
    TILEMATRIXSET: 'c',
    FORMAT: 'tiles',
    TILEMATRIX: String(z),
    TILEROW: String(y),
    TILECOL: String(x),
    tk: key,
  })
  return `https://t${(x + y) % SERVERS}.tianditu.gov.cn/${layer}_c/wmts?${query.toString()}`
}
