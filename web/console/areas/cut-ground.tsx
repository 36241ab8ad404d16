import { useState } from 'react'
import type { Pieces } from '../../../src/grid/shapes/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextArea } from '../../shared/ui/field.tsx'
import { boundsOf, type Feature, type Point } from '../places/ground.ts'
import { DrawMap } from './draw-map.tsx'
import { cornersOf, cornersText, drawnOf } from './drawing.ts'

interface Cutting {
  own: Feature
  around: readonly Feature[]
  lines: Point[][]
  setLines: (lines: Point[][]) => void
  pieces: Pieces['items']
  owner: number[]
  setOwner: (owner: number[]) => void
  names: readonly string[]
  busy: boolean
  cut: () => void
}

/** Draws the lines that cut an area, by tapping or as a list of corners, and says whose each piece will be. */
export function CutGround({ own, around, lines, setLines, pieces, owner, setOwner, names, busy, cut }: Cutting) {
  const t = useText()
  const [typing, setTyping] = useState(false)
  const last = lines.at(-1) ?? []
  const [text, setText] = useState('')
  const typed = cornersOf(text)
  const others = around.filter(({ properties }) => properties.path !== own.properties.path)
  const bounds = boundsOf([own])
  return (
    <>
      <p className="soft small">{t('split.cutHint')}</p>
      <DrawMap
        label={t('split.map')}
        around={others}
        drawn={drawnOf(own.geometry)}
        lines={lines}
        tap={(point) => setLines([...lines.slice(0, -1), [...last, point]])}
        view={bounds}
        snap={false}
      />
      <div className="row">
        <Button kind="primary" busy={busy} disabled={!lines.some((line) => line.length > 1)} onClick={cut}>
          {t('split.cut')}
        </Button>
        <Button small disabled={last.length < 2} onClick={() => setLines([...lines, []])}>
          {t('split.nextLine')}
        </Button>
        <Button small disabled={lines.flat().length === 0} onClick={() => setLines([[]])}>
          {t('split.clear')}
        </Button>
        <Button
          small
          kind="plain"
          onClick={() => {
            setText(cornersText(last))
            setTyping(!typing)
          }}
        >
          {t('split.type')}
        </Button>
      </div>
      {typing && (
        <div className="stack-s">
          <TextArea
            label={t('split.line')}
            hint={t('boundary.listHint')}
            wrong={Array.isArray(typed) ? undefined : t('boundary.badLine', { line: typed.line })}
            value={text}
            onChange={setText}
            rows={4}
          />
          <Button
            small
            disabled={!Array.isArray(typed) || typed.length < 2}
            onClick={() => Array.isArray(typed) && setLines([...lines.slice(0, -1), typed])}
          >
            {t('boundary.take')}
          </Button>
        </div>
      )}
      {pieces.length > 0 && (
        <div className="split-pieces">
          {pieces.map((piece, at) => (
            <SelectField
              key={at}
              label={t('split.piece', {
                at: at + 1,
                hectares: (piece.squareMetres / 10_000).toFixed(2),
                side: sideOf(piece, own, t),
              })}
              value={String(owner[at] ?? 0)}
              onChange={(value) => setOwner(owner.map((one, index) => (index === at ? Number(value) : one)))}
              choices={names.map((label, value) => ({ value: String(value), label }))}
            />
          ))}
        </div>
      )}
    </>
  )
}

/** In which direction of the whole a piece lies, in a word. */
function sideOf(piece: Pieces['items'][number], own: Feature, t: ReturnType<typeof useText>): string {
  const middle = (feature: Feature): [number, number] => {
    const bounds = boundsOf([feature])
    return bounds ? [(bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2] : [0, 0]
  }
  const [x, y] = middle({ ...own, geometry: piece.shape })
  const [wholeX, wholeY] = middle(own)
  if (Math.abs(x - wholeX) >= Math.abs(y - wholeY)) return t(x > wholeX ? 'side.east' : 'side.west')
  return t(y > wholeY ? 'side.north' : 'side.south')
}
