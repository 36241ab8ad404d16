import { useQuery } from '@tanstack/react-query'
import type { Boundaries } from '../../../src/grid/areas/contract.ts'
import type { Matter } from '../../../src/loop/contract.ts'
import { read } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { boundsOf, widened } from '../places/ground.ts'
import { SchematicMap } from '../places/schematic-map.tsx'

const microGridZoom = 16
/** The column beside the timeline. */
const NARROW = 320

/** Where it is: the micro-grid among its neighbours, and the point where there is one. */
async function askGround(path: string): Promise<Boundaries> {
  const own = await read<Boundaries>(`/grid/outline?path=${encodeURIComponent(path)}`)
  const bounds = boundsOf(own.features)
  if (!bounds) return own
  const { west, south, east, north } = widened(bounds, 0.8)
  const around = await read<Boundaries>(`/grid/boundaries?zoom=${microGridZoom}&bbox=${west},${south},${east},${north}`)
  const known = new Set(own.features.map(({ id }) => id))
  return { ...own, features: [...around.features.filter(({ id }) => !known.has(id)), ...own.features] }
}

export function PlaceMap({ matter }: { matter: Matter }) {
  const t = useText()
  const path = matter.areaPath
  const ground = useQuery({ queryKey: ['ground', path], queryFn: () => askGround(path) })
  const position = matter.position
  // Without a right to the ground, or before anything is drawn, there is simply no picture: the place stands in words.
  if (!ground.data || ground.data.features.length === 0) return null
  const own = ground.data.features.filter(({ properties }) => properties.path === path)
  return (
    <section className="card no-print">
      <h2>{t('map.where')}</h2>
      <SchematicMap
        features={ground.data.features}
        around={own}
        here={path}
        width={NARROW}
        point={position ? { lng: position.longitude, lat: position.latitude } : null}
        label={t('map.of', { area: matter.areaNames.at(-1) ?? '' })}
      />
    </section>
  )
}
