import { expect, test } from 'vitest'
import type { Bounds } from './ground.ts'
import { geographicTiles, mercatorTiles, tiandituAddress, type Tile } from './tiles.ts'

const wangdian: Bounds = { west: 120.68, east: 120.74, south: 30.6, north: 30.64 }
const covers = (tiles: readonly Tile[], { west, east, south, north }: Bounds): boolean =>
  Math.min(...tiles.map(({ bounds }) => bounds.west)) <= west &&
  Math.max(...tiles.map(({ bounds }) => bounds.east)) >= east &&
  Math.min(...tiles.map(({ bounds }) => bounds.south)) <= south &&
  Math.max(...tiles.map(({ bounds }) => bounds.north)) >= north

test('tiles cover the ground that is shown, and are never so many that a page waits for them', () => {
  for (const bounds of [wangdian, { west: 73, east: 135, south: 18, north: 53 }]) {
    for (const tiles of [geographicTiles(bounds, 900), mercatorTiles(bounds, 900, { least: 0, most: 15 })]) {
      expect(tiles.length).toBeGreaterThan(1)
      expect(tiles.length).toBeLessThanOrEqual(48)
      expect(covers(tiles, bounds)).toBe(true)
    }
  }
})

test('a tile lies where its server says: Jiaxing at a known column and row', () => {
  const point = { west: 120.75, east: 120.7501, south: 30.78, north: 30.7801 }
  const [flat] = mercatorTiles(point, 640, { least: 10, most: 10 })
  expect(flat).toMatchObject({ z: 10, x: 855, y: 419 })
  const [straight] = geographicTiles({ west: 120, east: 120.3, south: 30.4, north: 30.7 }, 256)
  expect(straight!.bounds.west).toBeLessThanOrEqual(120)
  expect(straight!.bounds.east - straight!.bounds.west).toBeCloseTo(360 / 2 ** straight!.z, 9)
})

test('a map file without the zoom that is wanted gives the nearest that it has', () => {
  expect(mercatorTiles(wangdian, 900, { least: 0, most: 12 })[0]?.z).toBe(12)
})

test('names and ground of Tianditu are asked with the county’s own key', () => {
  const address = new URL(tiandituAddress({ z: 14, x: 13_684, y: 2_700, bounds: wangdian }, 'cva', 'ab12'))
  expect(address.host).toMatch(/^t[0-7]\.tianditu\.gov\.cn$/)
  expect(address.pathname).toBe('/cva_c/wmts')
  expect(address.searchParams.get('TILEROW')).toBe('2700')
  expect(address.searchParams.get('tk')).toBe('ab12')
})
