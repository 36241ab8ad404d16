import { useQuery } from '@tanstack/react-query'
import type { BaseMap } from '../../../src/grid/setup/contract.ts'
import { read } from '../../shared/api.ts'
import type { Bounds, Point } from './ground.ts'
import { geographicTiles, tiandituAddress, type Tile } from './tiles.ts'

const HOUR_MS = 3_600_000

/** The ground that the county has chosen to lie under its maps; undefined until it is known. */
export const useBaseMap = (): BaseMap | undefined =>
  useQuery({ queryKey: ['base map'], queryFn: () => read<BaseMap>('/settings/base-map'), staleTime: HOUR_MS }).data

interface Under {
  map: BaseMap
  bounds: Bounds
  /** Size of the drawing above, and where a point lies on it. */
  size: { width: number; height: number }
  to: (point: Point) => [number, number]
}

/** What lies under a drawing: pictures of the ground, in their places. Said in no words, for it adds nothing that is not drawn above. */
export function BaseTiles({ map, bounds, size, to }: Under) {
  const key = map.tiandituKey
  if (!key) return null
  const place = ({ bounds: { west, east, south, north } }: Tile) => {
    const [left, top] = to({ lng: west, lat: north })
    const [right, bottom] = to({ lng: east, lat: south })
    const share = (part: number, whole: number) => `${((part / whole) * 100).toFixed(3)}%`
    return {
      left: share(left, size.width),
      top: share(top, size.height),
      width: share(right - left, size.width),
      height: share(bottom - top, size.height),
    }
  }
  const tiles = geographicTiles(bounds, size.width)
  return (
    <div className="ground-tiles" aria-hidden="true">
      {(['vec', 'cva'] as const).flatMap((layer) =>
        tiles.map((tile) => (
          // The key is bound to the address of this house, which the server reads from where it is asked.
          <img
            key={`${layer}/${tile.z}/${tile.x}/${tile.y}`}
            src={tiandituAddress(tile, layer, key)}
            style={place(tile)}
            referrerPolicy="origin"
            alt=""
          />
        )),
      )}
    </div>
  )
}
