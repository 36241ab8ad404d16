import { useEffect, useRef } from 'react'
import {
  boundsOf,
  middleWithin,
  projection,
  ringsOf,
  widened,
  type Bounds,
  type Feature,
  type Point,
} from './ground.ts'
import { useText } from '../../shared/i18n/text.ts'
import { BaseTiles, useBaseMap } from './ground-tiles.tsx'
import './places.css'

/** Units across a drawing; a unit is about a pixel where it is shown. */
const WIDE = 640
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
  /** Units across, where it is shown in a narrow place. */
  width?: number
  /** The net of which the areas are, for the colour. */
  net?: string | undefined
  /** Those that are chosen. */
  marked?: ReadonlySet<string>
}

/**
 * Outlines of areas on the ground that the county has chosen, or on plain paper. A picture for who sees it: everything in it stands beside it in words, so it is one
 * image to a screen reader, and whatever can be clicked here can be chosen by name there.
 */
export function SchematicMap({ features, label, here, point, around, open, ask, net, marked, width = WIDE }: Drawing) {
  const t = useText()
  const svg = useRef<SVGSVGElement>(null)
  const bounds = boundsOf(around ?? features, point ? [point] : [])
  const shown = bounds && widened(bounds, 0.06)
  const flat = shown && projection(shown, width)
  const base = useBaseMap()
  useEffect(() => {
    const drawing = svg.current
    if (!drawing || !flat) return
    const clicked = (event: MouseEvent) => {
      const box = drawing.getBoundingClientRect()
      const scale = width / box.width
      const path = event.target instanceof Element ? event.target.getAttribute('data-path') : null
      if (ask) ask(flat.back((event.clientX - box.left) * scale, (event.clientY - box.top) * scale))
      else if (path) open?.(path)
    }
    drawing.addEventListener('click', clicked)
    return () => drawing.removeEventListener('click', clicked)
  })
  if (!flat || !shown) return <p className="soft">{t('map.none')}</p>
  const inner = features.filter(({ properties }) => properties.path !== here)
  // Around one area only its like are named: what is larger or smaller lies over them.
  const own = features.find(({ properties }) => properties.path === here)
  const named = around && own ? inner.filter(({ properties }) => properties.kind === own.properties.kind) : inner
  const partLook = net ? `ground-net net-${net}` : 'ground-part'
  const draw = (feature: Feature, name: string) => (
    <path key={feature.id} className={name} d={pathOf(feature, flat.to)} data-path={feature.properties.path}>
      <title>{feature.properties.name}</title>
    </path>
  )
  const lookOf = ({ properties: { path } }: Feature) =>
    [partLook, open && !ask && 'ground-open', marked?.has(path) && 'ground-marked'].filter(Boolean).join(' ')
  const at = point && flat.to(point)
  const height = Math.ceil(flat.height)
  const isDrawnOn = base !== undefined && base.kind !== 'schematic'
  return (
    <figure className="ground">
      <div
        className={isDrawnOn ? 'ground-board ground-mapped' : 'ground-board'}
        style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(70vh * ${(width / height).toFixed(4)})` }}
      >
        {isDrawnOn && <BaseTiles map={base} bounds={shown} size={{ width, height: flat.height }} to={flat.to} />}
        <svg
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={label}
          className={ask ? 'ground-ask' : undefined}
          ref={svg}
        >
          {own && !around && draw(own, 'ground-own')}
          {inner.map((feature) => draw(feature, lookOf(feature)))}
          {own && around && draw(own, 'ground-own')}
          {named.length <= NAMED_MAX &&
            named.map((feature) => <Name key={feature.id} feature={feature} to={flat.to} shown={shown} />)}
          {own && around && <Name feature={own} to={flat.to} shown={shown} isOwn />}
          {at && (
            <g className="ground-point">
              <circle cx={at[0]} cy={at[1]} r="15" />
              <circle cx={at[0]} cy={at[1]} r="6" />
            </g>
          )}
        </svg>
      </div>
      <figcaption className="faint small row">
        {features.some(({ properties }) => properties.schematic) && <span>{t('map.schematic')}</span>}
        {isDrawnOn && <span>{base.attribution}</span>}
      </figcaption>
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

/** Letters of this many units each. */
const LETTER = 14
const LETTERS_MAX = 8

/** A name in the part of its area that is shown; left out where it would be cut off or lie over its neighbours. */
function Name({ feature, to, shown, isOwn }: { feature: Feature; to: To; shown: Bounds; isOwn?: boolean }) {
  const part = middleWithin(feature, shown)
  if (!part) return null
  const [left] = to({ lng: part.west, lat: part.north })
  const [right] = to({ lng: part.east, lat: part.south })
  const name = shortName(feature.properties.name)
  if (right - left < name.length * LETTER * 0.9) return null
  const [x, y] = to(part.middle)
  return (
    <text x={x} y={isOwn ? y + LETTER * 2 : y} className={isOwn ? 'ground-name ground-name-own' : 'ground-name'}>
      {name}
    </text>
  )
}

/** What tells an area from its neighbours: the last of its name's parts. */
const shortName = (name: string): string =>
  [...(/第[^第]{1,4}[^第]*$/.exec(name)?.[0] ?? name)].slice(-LETTERS_MAX).join('')
