import { useMemo } from 'react'
import type { SeenMatter, WallChild, WallHappening, WallOutline } from '../../../src/insight/contract.ts'
import { useText, type Translate } from '../../shared/i18n/text.ts'
import { drawingOf, labelOf, pathOf, shadeOf, type Drawing } from './geometry.ts'

type Stands = SeenMatter['stands']

/** The same shapes as everywhere in the house: triangle overdue, diamond due soon, circle in time, tick done. */
const shapes: Record<Stands, string> = {
  overdue: 'M0 -8L8 6.500L-8 6.500Z',
  dueSoon: 'M0 -7.500L7.500 0L0 7.500L-7.500 0Z',
  inTime: 'M-5.500 0A5.500 5.500 0 1 1 5.500 0A5.500 5.500 0 1 1 -5.500 0Z',
  closed: 'M-6 0L-1.500 5L6.500 -6',
}
const order: readonly Stands[] = ['closed', 'inTime', 'dueSoon', 'overdue']

/** A line of text is about this wide for each character, in units of the drawing. */
const LETTER = 25

interface MapParts {
  path: string
  outline: WallOutline
  /** What lies directly below, with its counts. */
  areas: readonly WallChild[]
  points: readonly SeenMatter[]
  happened: readonly WallHappening[]
  open: (path: string) => void
}

/** The area with what lies directly below it, drawn from its own boundaries; no other map lies under it. */
export function WallMap({ path, outline, areas, points, happened, open }: MapParts) {
  const t = useText()
  const drawing = useMemo(() => drawingOf(outline), [outline])
  const drawn = useMemo(
    () =>
      drawing
        ? outline.areas.map((area) => ({
            ...area,
            line: pathOf(area.polygons, drawing),
            label: labelOf(area.polygons, drawing),
          }))
        : [],
    [outline, drawing],
  )
  if (!drawing) return <Tiles of={areas} open={open} />
  const most = Math.max(0, ...areas.map((child) => child.open))
  const byPath = new Map(areas.map((child) => [child.path, child]))
  const own = drawn.find((area) => area.path === path)
  const below = drawn.flatMap((area) => {
    const child = byPath.get(area.path)
    return child ? [{ ...area, child }] : []
  })
  // Where nothing below is drawn, its areas are shown beside the outline, so that one can still go down.
  const undrawn = areas.filter((child) => !below.some((area) => area.path === child.path))
  return (
    <>
      <svg
        className="wall-map"
        viewBox={`0 0 ${drawing.width.toFixed(0)} ${drawing.height.toFixed(0)}`}
        role="group"
        aria-label={t('wall.map')}
      >
        {own && <path className="map-own" d={own.line} />}
        {below.map(({ child, line }) => (
          <a
            key={child.path}
            href={`?area=${encodeURIComponent(child.path)}`}
            aria-label={sentenceOf(child, t)}
            onClick={(event) => {
              event.preventDefault()
              open(child.path)
            }}
          >
            <path className={`map-area map-shade-${shadeOf(child.open, most)}`} d={line} />
            <title>{sentenceOf(child, t)}</title>
          </a>
        ))}
        <Points points={points} happened={happened} drawing={drawing} />
        {below.map(
          ({ child, label }) =>
            label && (
              <g
                key={child.path}
                className="map-label"
                transform={`translate(${label.x} ${label.y})`}
                aria-hidden="true"
              >
                {label.room > child.name.length * LETTER * 0.8 && <text y="-4">{child.name}</text>}
                {label.room > 50 && child.open > 0 && (
                  <text y="20" className="map-count">
                    {child.open}
                    {child.overdue > 0 && <tspan className="map-late"> ▲{child.overdue}</tspan>}
                  </text>
                )}
              </g>
            ),
        )}
      </svg>
      {undrawn.length > 0 && below.length === 0 && <Tiles of={undrawn} open={open} />}
    </>
  )
}

const sentenceOf = ({ name, open, overdue }: WallChild, t: Translate): string =>
  t('wall.areaSentence', { name, open, overdue })

function Points({
  points,
  happened,
  drawing,
}: {
  points: readonly SeenMatter[]
  happened: readonly WallHappening[]
  drawing: Drawing
}) {
  const latest = new Map<string, WallHappening>()
  for (const item of happened) if (!latest.has(item.matterId)) latest.set(item.matterId, item)
  const marks = points
    .filter(({ id }) => !latest.has(id))
    .map(({ id, point, stands }) => ({ id, point, stands, fresh: false }))
  // A ring and the tick of what is over fade by themselves.
  for (const { matterId, point, stands } of latest.values()) marks.push({ id: matterId, point, stands, fresh: true })
  marks.sort((one, other) => order.indexOf(one.stands) - order.indexOf(other.stands))
  return (
    <g aria-hidden="true" className="map-points">
      {marks.map(({ id, point, stands, fresh }) => {
        if (!point) return null
        const [x, y] = drawing.at(point)
        return (
          <g
            key={id}
            className={stands === 'closed' ? 'map-leaving' : undefined}
            transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
          >
            {fresh && <circle className="map-pulse" r="16" />}
            <path className={`mark mark-${stands}`} d={shapes[stands]} />
          </g>
        )
      })}
    </g>
  )
}

/** Areas without boundaries, as tiles. */
function Tiles({ of, open }: { of: readonly WallChild[]; open: (path: string) => void }) {
  const t = useText()
  const most = Math.max(0, ...of.map((child) => child.open))
  return (
    <ul className="wall-tiles" aria-label={t('wall.map')}>
      {of.map((child) => (
        <li key={child.path}>
          <button
            type="button"
            className={`map-shade-${shadeOf(child.open, most)}`}
            aria-label={sentenceOf(child, t)}
            onClick={() => open(child.path)}
          >
            <span>{child.name}</span>
            <strong>
              {child.open}
              {child.overdue > 0 && <em> ▲{child.overdue}</em>}
            </strong>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What the shapes and shades mean. */
export function MapLegend({ schematic, complete }: { schematic: boolean; complete: boolean }) {
  const t = useText()
  const words: readonly [Stands, string][] = [
    ['overdue', t('wall.overdue')],
    ['dueSoon', t('wall.dueSoon')],
    ['inTime', t('wall.inTime')],
  ]
  return (
    <p className="wall-legend">
      {words.map(([stands, word]) => (
        <span key={stands}>
          <svg viewBox="-10 -10 20 20" width="14" height="14" aria-hidden="true">
            <path className={`mark mark-${stands}`} d={shapes[stands]} />
          </svg>{' '}
          {word}
        </span>
      ))}
      <span>
        <i className="key map-key-few" />
        <i className="key map-key-many" /> {t('wall.shades')}
      </span>
      {schematic && <span>{t('wall.schematic')}</span>}
      {!complete && <span>{t('wall.somePoints')}</span>}
    </p>
  )
}
