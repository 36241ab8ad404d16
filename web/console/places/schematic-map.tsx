import { useEffect, useRef } from 'react'
import { boundsOf, projection, ringsOf, widened, type Feature, type Point } from './ground.ts'
import { useText } from '../../shared/i18n/text.ts'
import './places.css'

const WIDTH = 640
const NAMED_MAX = 40

interface Drawing {
  features: readonly Feature[]
  label: string
  /** The area that it is about. */
  here?: string | undefined
  point?: Point | null
  /** The ground that is shown; all that is drawn where it is left out. */
  around?: readonly Feature[]
  open?: (path: string) => void
  ask?: (point: Point) => void
  /** The net of which the areas are, for the colour. */
  net?: string | undefined
  /** Those that are chosen. */
  marked?: ReadonlySet<string>
}

/**
 * Outlines of areas on plain paper. A picture for who sees it: everything in it stands beside it in words, so it is one
 * image to a screen reader, and whatever can be clicked here can be chosen by name there.
 */
export function SchematicMap({ features, label, here, point, around, open, ask, net, marked }: Drawing) {
  const t = useText()
  const svg = useRef<SVGSVGElement>(null)
  const bounds = boundsOf(around ?? features, point ? [point] : [])
  const flat = bounds && projection(widened(bounds, 0.06), WIDTH)
  useEffect(() => {
    const drawing = svg.current
    if (!drawing || !flat) return
    const clicked = (event: MouseEvent) => {
      const box = drawing.getBoundingClientRect()
      const scale = WIDTH / box.width
      const path = event.target instanceof Element ? event.target.getAttribute('data-path') : null
      if (ask) ask(flat.back((event.clientX - box.left) * scale, (event.clientY - box.top) * scale))
      else if (path) open?.(path)
    }
    drawing.addEventListener('click', clicked)
    return () => drawing.removeEventListener('click', clicked)
  })
  if (!flat) return <p className="soft">{t('map.none')}</p>
  const inner = features.filter(({ properties }) => properties.path !== here)
  const own = features.find(({ properties }) => properties.path === here)
  const partLook = net ? `ground-net net-${net}` : 'ground-part'
  const draw = (feature: Feature, name: string) => (
    <path key={feature.id} className={name} d={pathOf(feature, flat.to)} data-path={feature.properties.path}>
      <title>{feature.properties.name}</title>
    </path>
  )
  const lookOf = ({ properties: { path } }: Feature) =>
    [partLook, open && !ask && 'ground-open', marked?.has(path) && 'ground-marked'].filter(Boolean).join(' ')
  const at = point && flat.to(point)
  return (
    <figure className="ground">
      <svg
        viewBox={`0 0 ${WIDTH} ${Math.ceil(flat.height)}`}
        role="img"
        aria-label={label}
        className={ask ? 'ground-ask' : undefined}
        ref={svg}
      >
        {own && !around && draw(own, 'ground-own')}
        {inner.map((feature) => draw(feature, lookOf(feature)))}
        {inner.length <= NAMED_MAX && inner.map((feature) => <Name key={feature.id} feature={feature} to={flat.to} />)}
        {own && around && draw(own, 'ground-own')}
        {at && (
          <g className="ground-point">
            <circle cx={at[0]} cy={at[1]} r="15" />
            <circle cx={at[0]} cy={at[1]} r="6" />
          </g>
        )}
      </svg>
      {features.some(({ properties }) => properties.schematic) && (
        <figcaption className="faint small">{t('map.schematic')}</figcaption>
      )}
    </figure>
  )
}

type To = (point: Point) => [number, number]
const pathOf = (feature: Feature, to: To): string =>
  ringsOf(feature)
    .map(
      (ring) =>
        `M${ring
          .map(([lng, lat]) =>
            to({ lng, lat })
              .map((part) => part.toFixed(1))
              .join(' '),
          )
          .join('L')}Z`,
    )
    .join('')

function Name({ feature, to }: { feature: Feature; to: To }) {
  const bounds = boundsOf([feature])
  if (!bounds) return null
  const [x, y] = to({ lng: (bounds.west + bounds.east) / 2, lat: (bounds.south + bounds.north) / 2 })
  return (
    <text x={x} y={y} className="ground-name">
      {feature.properties.name.slice(-6)}
    </text>
  )
}
