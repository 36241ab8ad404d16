import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Area, Boundaries } from '../../../src/grid/areas/contract.ts'
import { read, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { asRefusal, useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { boundsOf, type Bounds, type Feature } from '../places/ground.ts'
import { DrawMap } from './draw-map.tsx'
import { cornersOf, cornersText, drawnOf, shapeOf, type Drawn } from './drawing.ts'
import { FlawList } from './flaw-list.tsx'
import { ImportBoundaries } from './import-boundaries.tsx'
import './areas.css'

/** The boundary of one area: drawn, corners moved, checked against its neighbours, or taken from a file. */
export function BoundaryPage() {
  const t = useText()
  const { area: path = '' } = useSearch({ from: '/areas/boundary' })
  const area = useQuery({
    queryKey: ['area', path],
    queryFn: () => read<Area>(`/grid/area?path=${encodeURIComponent(path)}`),
  })
  const parent = area.data?.parentPath ?? ''
  const ground = useQuery({
    queryKey: ['outline', parent, 'around'],
    enabled: area.isSuccess,
    queryFn: () => read<Boundaries>(`/grid/outline?path=${encodeURIComponent(parent || path)}`),
  })
  const error = area.error ?? ground.error
  return (
    <ConsolePage
      title={t('boundary.title', { name: area.data?.name ?? '' })}
      side={
        <Link to="/areas" search={{ area: path }} className="button button-quiet button-small">
          {t('boundary.back')}
        </Link>
      }
    >
      {error ? (
        <Refused error={asRefusal(error)} />
      ) : area.data && ground.data ? (
        <Editor
          key={`${path}${area.data.version}`}
          area={area.data}
          around={ground.data.features}
          saved={() => {
            void area.refetch()
            void ground.refetch()
          }}
        />
      ) : (
        <Skeleton lines={8} />
      )}
    </ConsolePage>
  )
}

function Editor({ area, around, saved }: { area: Area; around: readonly Feature[]; saved: () => void }) {
  const t = useText()
  const own = around.find(({ properties }) => properties.path === area.path)
  const [drawn, setDrawn] = useState<Drawn>(own ? drawnOf(own.geometry) : [[[]]])
  const [drawing, setDrawing] = useState(!own)
  const [snap, setSnap] = useState(true)
  const [source, setSource] = useState('')
  const [schematic, setSchematic] = useState(area.schematic)
  const [view, setView] = useState<Bounds | null>(null)
  const [marked, setMarked] = useState<Feature[]>([])
  const act = useAct((body: object, key: string) =>
    send<Area>(`/grid/areas/${area.id}/boundary`, { method: 'PUT', body, key }),
  )
  const others = around.filter(({ properties }) => properties.path !== area.path)
  const shape = shapeOf(drawn)
  const save = async () => {
    if (!shape || !(await act.run({ shape, schematic, source, version: area.version }))) return
    say(t('boundary.saved'))
    saved()
  }
  return (
    <div className="two areas-two">
      <div className="page">
        <section className="card stack">
          <p className="soft small">{t(drawing ? 'boundary.drawHint' : 'boundary.moveHint')}</p>
          <div className="row">
            <Button
              small
              onClick={() => {
                setDrawn([[[]]])
                setDrawing(true)
              }}
            >
              {t('boundary.anew')}
            </Button>
            {drawing && shape && (
              <Button small kind="primary" onClick={() => setDrawing(false)}>
                {t('boundary.close')}
              </Button>
            )}
            <Button
              small
              onClick={() => {
                setDrawn(own ? drawnOf(own.geometry) : [[[]]])
                setDrawing(!own)
              }}
            >
              {t('boundary.undo')}
            </Button>
            <Button small onClick={() => setView(view ? null : boundsOf(around))}>
              {t(view ? 'boundary.fit' : 'boundary.wide')}
            </Button>
            <CheckField label={t('boundary.snap')} checked={snap} onChange={setSnap} />
          </div>
          <DrawMap
            label={t('boundary.map')}
            around={others}
            drawn={drawn}
            change={setDrawn}
            tap={drawing ? (point) => setDrawn([[[...(drawn[0]?.[0] ?? []), point]]]) : undefined}
            view={view ?? (drawing ? boundsOf(around) : null)}
            marked={marked}
            snap={snap}
          />
        </section>
        <FlawList
          path={area.parentPath || area.path}
          show={(feature) => {
            setMarked(feature ? [feature] : [])
            setView(feature ? boundsOf([feature]) : null)
          }}
        />
      </div>
      <div className="side">
        <section className="card stack">
          <TextField
            label={t('boundary.source')}
            hint={t('boundary.sourceHint')}
            optional
            value={source}
            onChange={setSource}
            maxLength={200}
          />
          <CheckField label={t('boundary.schematic')} checked={schematic} onChange={setSchematic} />
          <Refused error={act.error} />
          <Button kind="primary" wide busy={act.busy} disabled={!shape} onClick={() => void save()}>
            {t('boundary.save')}
          </Button>
        </section>
        <Corners key={cornersText(drawn.flat(2))} drawn={drawn} change={setDrawn} />
        <ImportBoundaries under={area.path} done={saved} />
      </div>
    </div>
  )
}

/** The corners as a list: what the map shows, for the keyboard and for a surveyor's list. */
function Corners({ drawn, change }: { drawn: Drawn; change: (drawn: Drawn) => void }) {
  const t = useText()
  const [at, setAt] = useState(0)
  const rings = drawn.flat()
  const [text, setText] = useState(cornersText(rings[at] ?? []))
  const read = cornersOf(text)
  const wrong = Array.isArray(read) ? undefined : t('boundary.badLine', { line: read.line })
  const choose = (next: number) => {
    setAt(next)
    setText(cornersText(rings[next] ?? []))
  }
  const take = () => {
    if (!Array.isArray(read)) return
    let ring = -1
    change(drawn.map((polygon) => polygon.map((one) => (++ring === at ? read : one))))
  }
  return (
    <section className="card stack">
      <h2>{t('boundary.corners')}</h2>
      {rings.length > 1 && (
        <div className="row">
          {rings.map((ring, index) => (
            <Button key={index} small kind={index === at ? 'primary' : 'quiet'} onClick={() => choose(index)}>
              {t('boundary.ring', { at: index + 1, corners: ring.length })}
            </Button>
          ))}
        </div>
      )}
      <TextArea
        label={t('boundary.list')}
        hint={t('boundary.listHint')}
        wrong={wrong}
        value={text}
        onChange={setText}
        rows={10}
      />
      <Button small onClick={take} disabled={!Array.isArray(read) || read.length < 3}>
        {t('boundary.take')}
      </Button>
    </section>
  )
}
