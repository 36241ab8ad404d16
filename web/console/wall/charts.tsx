import { useState, type ReactNode } from 'react'
import type { Wall } from '../../../src/insight/contract.ts'
import { useText, type TextKey } from '../../shared/i18n/text.ts'

const WIDTH = 520
const HEIGHT = 290
const LEFT = 34
const BOTTOM = 20
const TOP = 8
const PLOT = WIDTH - LEFT - 6
const DEEP = HEIGHT - TOP - BOTTOM
const LABEL_EVERY = 7

/** A round number at or above the largest value, in three steps. */
function ceilingOf(most: number): number {
  if (most <= 3) return 3
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [1.5, 3, 6, 9, 12].find((each) => each * power >= most) ?? 15
  return Math.ceil(step * power)
}

const shortDay = (day: string): string => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`
const dash = '–'

interface Column {
  label: string
  of: (day: Wall['trend'][number]) => number | null
}

/** A picture with its numbers: who cannot see it, prints it or wants them exactly turns to the table. */
function Figure({ title, legend, picture, columns, days }: FigureParts) {
  const t = useText()
  const [asTable, setAsTable] = useState(false)
  return (
    <section className="wall-card wall-chart" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="wall-quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'wall.asPicture' : 'wall.asTable')}
        </button>
      </header>
      {!asTable && (
        <>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
            {picture}
          </svg>
          <p className="wall-legend">{legend}</p>
        </>
      )}
      <div className={asTable ? undefined : 'only-read-aloud'}>
        <table className="wall-table">
          <thead>
            <tr>
              <th scope="col">{t('wall.day')}</th>
              {columns.map(({ label }) => (
                <th scope="col" key={label}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map((day) => (
              <tr key={day.day}>
                <th scope="row">{shortDay(day.day)}</th>
                {columns.map(({ label, of }) => (
                  <td key={label}>{of(day) ?? dash}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
interface FigureParts {
  title: string
  legend: ReactNode
  picture: ReactNode
  columns: readonly Column[]
  days: Wall['trend']
}

const xOf = (at: number, count: number): number => LEFT + ((at + 0.5) * PLOT) / count
const yOf = (value: number, top: number): number => TOP + DEEP - (value / top) * DEEP

function Axes({ top, days }: { top: number; days: Wall['trend'] }) {
  return (
    <g className="wall-axes">
      {[0, 1, 2, 3].map((step) => {
        const value = (top * step) / 3
        const y = yOf(value, top)
        return (
          <g key={step}>
            <line x1={LEFT} x2={WIDTH - 6} y1={y} y2={y} />
            <text x={LEFT - 6} y={y + 4} textAnchor="end">
              {Number.isInteger(value) ? value : value.toFixed(1)}
            </text>
          </g>
        )
      })}
      {days.map(({ day }, at) =>
        (days.length - 1 - at) % LABEL_EVERY === 0 ? (
          <text key={day} x={xOf(at, days.length)} y={HEIGHT - 4} textAnchor="middle">
            {shortDay(day)}
          </text>
        ) : null,
      )}
    </g>
  )
}

/** Reported beside closed, day by day: hollow beside filled, so that print and every eye tell them apart. */
export function FlowChart({ days }: { days: Wall['trend'] }) {
  const t = useText()
  const top = ceilingOf(Math.max(...days.flatMap(({ opened, closed }) => [opened, closed])))
  const wide = Math.max(2, PLOT / days.length / 2 - 2)
  return (
    <Figure
      title={t('wall.flow')}
      days={days}
      columns={[
        { label: t('wall.opened'), of: (day) => day.opened },
        { label: t('wall.closed'), of: (day) => day.closed },
        { label: t('wall.openThen'), of: (day) => day.open },
      ]}
      legend={
        <>
          <i className="key key-opened" /> {t('wall.opened')} <i className="key key-closed" /> {t('wall.closed')}
        </>
      }
      picture={
        <>
          <Axes top={top} days={days} />
          {days.map(({ day, opened, closed }, at) => (
            <g key={day}>
              <rect
                className="bar-opened"
                x={xOf(at, days.length) - wide - 0.5}
                y={yOf(opened, top)}
                width={wide}
                height={(opened / top) * DEEP}
              />
              <rect
                className="bar-closed"
                x={xOf(at, days.length) + 0.5}
                y={yOf(closed, top)}
                width={wide}
                height={(closed / top) * DEEP}
              />
            </g>
          ))}
        </>
      }
    />
  )
}

function lineOf(values: readonly (number | null)[], top: number): string {
  let pen = 'M'
  let path = ''
  for (const [at, value] of values.entries()) {
    if (value === null) continue
    path += `${pen}${xOf(at, values.length).toFixed(1)} ${yOf(value, top).toFixed(1)}`
    pen = 'L'
  }
  return path
}

/** How long it took from report to closure: half were done within the one line, nine of ten within the other. */
export function HoursChart({ days }: { days: Wall['trend'] }) {
  const t = useText()
  const top = ceilingOf(Math.max(...days.flatMap(({ p50Hours, p90Hours }) => [p50Hours ?? 0, p90Hours ?? 0])))
  const p50 = days.map((day) => day.p50Hours)
  const p90 = days.map((day) => day.p90Hours)
  return (
    <Figure
      title={t('wall.hours')}
      days={days}
      columns={[
        { label: t('wall.p50'), of: (day) => day.p50Hours },
        { label: t('wall.p90'), of: (day) => day.p90Hours },
      ]}
      legend={
        <>
          <i className="key key-p50" /> {t('wall.p50')} <i className="key key-p90" /> {t('wall.p90')}
        </>
      }
      picture={
        <>
          <Axes top={top} days={days} />
          <path className="line-p90" d={lineOf(p90, top)} />
          <path className="line-p50" d={lineOf(p50, top)} />
          {p90.map((value, at) =>
            value === null ? null : (
              <rect
                className="dot-p90"
                key={days[at]!.day}
                x={xOf(at, days.length) - 3}
                y={yOf(value, top) - 3}
                width="6"
                height="6"
              />
            ),
          )}
          {p50.map((value, at) =>
            value === null ? null : (
              <circle
                className="dot-p50"
                key={days[at]!.day}
                cx={xOf(at, days.length)}
                cy={yOf(value, top)}
                r="3.200"
              />
            ),
          )}
        </>
      }
    />
  )
}

interface Bar {
  name: string
  value: number
}

/** Bars with their words and numbers: a table that is also a picture. */
export function Bars({ title, bars, empty }: { title: string; bars: readonly Bar[]; empty: TextKey }) {
  const t = useText()
  const most = Math.max(1, ...bars.map(({ value }) => value))
  return (
    <section className="wall-card wall-bars" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {bars.length === 0 && <p className="wall-soft">{t(empty)}</p>}
      <ul>
        {bars.map(({ name, value }) => (
          <li key={name}>
            <span className="wall-bar-name">{name}</span>
            <span className="wall-bar-track" aria-hidden="true">
              <span style={{ width: `${(value / most) * 100}%` }} />
            </span>
            <span className="wall-num">{value}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
