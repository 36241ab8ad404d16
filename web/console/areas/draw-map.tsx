import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useText } from '../../shared/i18n/text.ts'
import { boundsOf, projection, ringsOf, widened, type Bounds, type Feature, type Point } from '../places/ground.ts'
import { snapped, type Drawn } from './drawing.ts'
import '../places/places.css'

const WIDTH = 900
const HEIGHT_MAX = 1_400
/** A corner snaps to a neighbour's within this many units of the drawing. */
const SNAP = 9
/** More corners than this are drawn as a line only; they are changed in the list. */
const HANDLES_MAX = 400

interface Drawing {
  label: string
  /** Neighbours and what lies around, to draw along. */
  around: readonly Feature[]
  drawn: Drawn
  /** Undefined: it is looked at only. */
  change?: ((drawn: Drawn) => void) | undefined
  /** A line that is being drawn, or lines that cut. */
  lines?: readonly (readonly Point[])[]
  /** What a click on the ground does: the next corner of a ring or a line. */
  tap?: ((point: Point) => void) | undefined
  /** Marked in red: a gap, an overlap. */
  marked?: readonly Feature[]
  view?: Bounds | null | undefined
  snap?: boolean
}

const noLines: readonly (readonly Point[])[] = []
const noFeatures: readonly Feature[] = []

/** A map on plain paper on which corners are moved by mouse, finger or arrow keys. The list of corners beside it says and takes the same. */
export function DrawMap({
  label,
  around,
  drawn,
  change,
  lines = noLines,
  tap,
  marked = noFeatures,
  view,
  snap = true,
}: Drawing) {
  const t = useText()
  const svg = useRef<SVGSVGElement>(null)
  const [held, setHeld] = useState<[number, number, number] | null>(null)
  const put = ([polygon, ring, corner]: [number, number, number], to: Point | null) =>
    change?.(
      drawn.map((rings, p) =>
        p !== polygon
          ? rings
          : rings.map((all, r) =>
              r !== ring ? all : all.flatMap((point, c) => (c !== corner ? [point] : to === null ? [] : [to])),
            ),
      ),
    )
  const own = drawn.flat(2)
  const bounds = view ?? boundsOf(own.length === 0 ? around : [], [...own, ...lines.flat()])
  const flat = bounds && projection(widened(bounds, 0.12), WIDTH)
  const corners = around.flatMap((feature) =>
    ringsOf(feature)
      .flat()
      .map(([lng, lat]) => ({ lng, lat })),
  )
  useEffect(() => {
    const drawing = svg.current
    if (!drawing || !flat) return
    const reach = snap ? Math.abs(flat.back(0, SNAP).lat - flat.back(0, 0).lat) : 0
    const at = (event: MouseEvent): Point => {
      const box = drawing.getBoundingClientRect()
      const scale = WIDTH / box.width
      const point = flat.back((event.clientX - box.left) * scale, (event.clientY - box.top) * scale)
      return snapped(point, corners, reach)
    }
    const clicked = (event: MouseEvent) => {
      if (tap && !(event.target instanceof SVGCircleElement)) tap(at(event))
    }
    const moved = (event: PointerEvent) => {
      if (held) put(held, at(event))
    }
    const released = () => setHeld(null)
    drawing.addEventListener('click', clicked)
    drawing.addEventListener('pointermove', moved)
    drawing.addEventListener('pointerup', released)
    return () => {
      drawing.removeEventListener('click', clicked)
      drawing.removeEventListener('pointermove', moved)
      drawing.removeEventListener('pointerup', released)
    }
  })
  if (!flat) return <p className="soft">{t('map.none')}</p>
  const height = Math.min(Math.ceil(flat.height), HEIGHT_MAX)
  const insert = ([polygon, ring, corner]: [number, number, number], point: Point) =>
    change?.(
      drawn.map((rings, p) =>
        p !== polygon ? rings : rings.map((all, r) => (r !== ring ? all : all.toSpliced(corner + 1, 0, point))),
      ),
    )
  const keyed = (event: KeyboardEvent, at: [number, number, number], point: Point) => {
    const step = Math.abs(flat.back(0, event.shiftKey ? 10 : 2).lat - flat.back(0, 0).lat)
    const by: Record<string, [number, number]> = {
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
    }
    const [dx, dy] = by[event.key] ?? [0, 0]
    if (dx !== 0 || dy !== 0) put(at, { lng: point.lng + dx, lat: point.lat + dy })
    else if (event.key === 'Delete' || event.key === 'Backspace') put(at, null)
    else if (event.key === 'Insert') insert(at, { lng: point.lng + step, lat: point.lat })
    else return
    event.preventDefault()
  }
  const pathOf = (rings: readonly (readonly Point[])[], closed = true): string =>
    rings
      .filter((ring) => ring.length > 1)
      .map(
        (ring) =>
          `M${ring
            .map((point) =>
              flat
                .to(point)
                .map((part) => part.toFixed(1))
                .join(' '),
            )
            .join('L')}${closed ? 'Z' : ''}`,
      )
      .join('')
  const featurePath = (feature: Feature) =>
    pathOf(ringsOf(feature).map((ring) => ring.map(([lng, lat]) => ({ lng, lat }))))
  const handles = change && own.length <= HANDLES_MAX
  return (
    <figure className="ground draw">
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="group"
        aria-label={label}
        ref={svg}
        className={tap ? 'ground-ask' : undefined}
      >
        {around.map((feature) => (
          <path key={feature.id} className="ground-part" d={featurePath(feature)}>
            <title>{feature.properties.name}</title>
          </path>
        ))}
        <path className="ground-own" d={pathOf(drawn.flat())} />
        {marked.map((feature) => (
          <path key={feature.id} className="draw-marked" d={featurePath(feature)} />
        ))}
        <path className="draw-line" d={pathOf(lines, false)} />
        {lines.flat().map((point, at) => {
          const [x, y] = flat.to(point)
          return <circle key={at} className="draw-dot" cx={x} cy={y} r="5" />
        })}
        {handles &&
          drawn.flatMap((rings, polygon) =>
            rings.flatMap((ring, r) =>
              ring.map((point, corner) => {
                const [x, y] = flat.to(point)
                const next = ring[(corner + 1) % ring.length]!
                const [nextX, nextY] = flat.to(next)
                const at: [number, number, number] = [polygon, r, corner]
                return (
                  <g key={`${polygon}.${r}.${corner}`}>
                    {Math.hypot(nextX - x, nextY - y) > 40 && (
                      <circle
                        className="draw-between"
                        cx={(x + nextX) / 2}
                        cy={(y + nextY) / 2}
                        r="5"
                        onClick={() => insert(at, { lng: (point.lng + next.lng) / 2, lat: (point.lat + next.lat) / 2 })}
                      />
                    )}
                    <circle
                      className="draw-corner"
                      cx={x}
                      cy={y}
                      r="8"
                      tabIndex={0}
                      role="button"
                      aria-label={t('draw.corner', { at: corner + 1 })}
                      onPointerDown={(event) => {
                        event.currentTarget.ownerSVGElement?.setPointerCapture(event.pointerId)
                        setHeld(at)
                      }}
                      onDoubleClick={() => put(at, null)}
                      onKeyDown={(event) => keyed(event, at, point)}
                    />
                  </g>
                )
              }),
            ),
          )}
      </svg>
    </figure>
  )
}
