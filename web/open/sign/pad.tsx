import type { PointerEvent } from 'react'
import { useRef, useState } from 'react'
import type { DrawnPoint } from '../../../src/signing/signer/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'

type Strokes = DrawnPoint[][]
const POINTS_MOST = 1500
/** The field on paper is 56 by 24 mm. */
const [WIDE, HIGH] = [560, 240]

const lineOf = (stroke: readonly DrawnPoint[]): string =>
  stroke.length === 1
    ? `M${stroke[0]![0] * WIDE} ${stroke[0]![1] * HIGH}l.1 0`
    : stroke.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${(x * WIDE).toFixed(1)} ${(y * HIGH).toFixed(1)}`).join('')

const within = (value: number): number => Math.max(0, Math.min(1, value))

/** Where a finger writes a name. Each point keeps when and how hard it was set. */
export function Pad({ strokes, onChange }: { strokes: Strokes; onChange: (strokes: Strokes) => void }) {
  const t = useText()
  const [undone, setUndone] = useState<Strokes>([])
  const [drawing, setDrawing] = useState<DrawnPoint[] | null>(null)
  const began = useRef(0)
  const pointOf = (event: PointerEvent<SVGSVGElement>): DrawnPoint => {
    const box = event.currentTarget.getBoundingClientRect()
    if (began.current === 0) began.current = event.timeStamp
    return [
      within((event.clientX - box.left) / box.width),
      within((event.clientY - box.top) / box.height),
      Math.max(0, Math.round(event.timeStamp - began.current)),
      within(event.pressure),
    ]
  }
  const end = () => {
    if (!drawing) return
    setDrawing(null)
    setUndone([])
    onChange([...strokes, drawing])
  }
  return (
    <div className="stack-s">
      <svg
        className="sign-pad"
        viewBox={`0 0 ${WIDE} ${HIGH}`}
        role="img"
        aria-label={t('sign.pad')}
        onPointerDown={(event) => {
          event.preventDefault()
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrawing([pointOf(event)])
        }}
        onPointerMove={(event) => {
          if (!drawing || drawing.length >= POINTS_MOST) return
          setDrawing([...drawing, pointOf(event)])
        }}
        onPointerUp={end}
        onPointerCancel={end}
      >
        <line x1="30" x2={WIDE - 30} y1={HIGH - 48} y2={HIGH - 48} className="sign-line" />
        {[...strokes, ...(drawing ? [drawing] : [])].map((stroke, i) => (
          // Strokes are only ever added or taken off at the end.
          // oxlint-disable-next-line react/no-array-index-key
          <path key={i} d={lineOf(stroke)} />
        ))}
      </svg>
      <div className="row">
        <Button
          small
          disabled={strokes.length === 0}
          onClick={() => {
            setUndone([...undone, strokes.at(-1)!])
            onChange(strokes.slice(0, -1))
          }}
        >
          {t('sign.undo')}
        </Button>
        <Button
          small
          disabled={undone.length === 0}
          onClick={() => {
            onChange([...strokes, undone.at(-1)!])
            setUndone(undone.slice(0, -1))
          }}
        >
          {t('sign.redo')}
        </Button>
        <Button
          small
          disabled={strokes.length === 0}
          onClick={() => {
            setUndone([])
            onChange([])
          }}
        >
          {t('sign.clear')}
        </Button>
      </div>
    </div>
  )
}
