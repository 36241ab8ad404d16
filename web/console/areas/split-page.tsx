import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Area, AreaBrief, Boundaries } from '../../../src/grid/areas/contract.ts'
import type { AreasChanged, ChangePreview } from '../../../src/grid/changes/contract.ts'
import type { Posts } from '../../../src/grid/posts/contract.ts'
import type { Pieces } from '../../../src/grid/shapes/contract.ts'
import { read, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { asRefusal, useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Refused, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import type { Feature, Point } from '../places/ground.ts'
import { ChangeDone, ChangeShown } from './change-shown.tsx'
import { CutGround } from './cut-ground.tsx'
import { nextCode, together } from './drawing.ts'
import { PartFields, type PartPlan } from './part-fields.tsx'
import './areas.css'

/** Splits an area in three looks: where, who, and what it will move; nothing happens before the last button. */
export function SplitPage() {
  const t = useText()
  const { area: path = '' } = useSearch({ from: '/areas/split' })
  const area = useQuery({
    queryKey: ['area', path],
    queryFn: () => read<Area>(`/grid/area?path=${encodeURIComponent(path)}`),
  })
  const parent = area.data?.parentPath ?? ''
  const ground = useQuery({
    queryKey: ['outline', parent, 'around'],
    enabled: area.isSuccess,
    queryFn: () => read<Boundaries>(`/grid/outline?path=${encodeURIComponent(parent)}`),
  })
  const beside = useQuery({
    queryKey: ['areas', parent, 'codes'],
    enabled: area.isSuccess,
    queryFn: () => read<{ items: AreaBrief[] }>(`/grid/areas?limit=100&under=${encodeURIComponent(parent)}`),
  })
  const posts = useQuery({
    queryKey: ['posts-of', path],
    queryFn: () => read<Posts>(`/grid/posts?path=${encodeURIComponent(path)}`),
  })
  const error = area.error ?? ground.error ?? beside.error ?? posts.error
  const ready = area.data && ground.data && beside.data && posts.data
  return (
    <ConsolePage
      title={t('split.title', { name: area.data?.name ?? '' })}
      side={
        <Link to="/areas" search={{ area: path }} className="button button-quiet button-small">
          {t('boundary.back')}
        </Link>
      }
    >
      {error ? (
        <Refused error={asRefusal(error)} />
      ) : ready ? (
        <Wizard
          area={area.data}
          around={ground.data.features}
          codes={beside.data.items.map(({ code }) => code)}
          posts={posts.data.items}
        />
      ) : (
        <Skeleton lines={8} />
      )}
    </ConsolePage>
  )
}

function Wizard({
  area,
  around,
  codes,
  posts,
}: {
  area: Area
  around: readonly Feature[]
  codes: readonly string[]
  posts: Posts['items']
}) {
  const t = useText()
  const own = around.find(({ properties }) => properties.path === area.path)
  const [lines, setLines] = useState<Point[][]>([[]])
  const [pieces, setPieces] = useState<Pieces['items']>([])
  /** For each piece: 0 stays, 1 is the first new part. */
  const [owner, setOwner] = useState<number[]>([])
  const newPart = (known: readonly PartPlan[]): PartPlan => ({
    code: nextCode([...codes, ...known.map(({ code }) => code)], area.code),
    name: '',
    seats: posts.map(({ role, unit, roleName }) => ({ role, unit, roleName, a: null, b: null })),
  })
  const [parts, setParts] = useState<PartPlan[]>(own ? [] : [newPart([])])
  const [chosen, setChosen] = useState<Record<string, number>>({})
  const [preview, setPreview] = useState<ChangePreview | null>(null)
  const [done, setDone] = useState<AreasChanged | null>(null)
  const cut = useAct((body: object, key: string) => send<Pieces>(`/grid/areas/${area.id}/cut`, { body, key }))
  const look = useAct((body: object, key: string) =>
    send<ChangePreview>(`/grid/areas/${area.id}/split/preview`, { body, key }),
  )
  const act = useAct((body: object, key: string) => send<AreasChanged>(`/grid/areas/${area.id}/split`, { body, key }))
  const divide = async () => {
    const found = await cut.run({
      lines: lines.filter((line) => line.length > 1).map((line) => line.map(({ lng, lat }) => [lng, lat])),
    })
    if (!found) return
    const largest = found.items.reduce(
      (best, piece, at) => (piece.squareMetres > found.items[best]!.squareMetres ? at : best),
      0,
    )
    let next = 0
    setPieces(found.items)
    setOwner(found.items.map((_, at) => (at === largest ? 0 : ++next)))
    const made: PartPlan[] = []
    for (let at = 0; at < next; at++) made.push(newPart(made))
    setParts(made)
    setPreview(null)
  }
  const shapeOfPart = (part: number) => {
    const own = pieces.filter((_, at) => owner[at] === part)
    return own.length > 0 ? { shape: together(own.map(({ shape }) => shape)) } : {}
  }
  const body = (decided: Record<string, number>) => ({
    version: area.version,
    parts: parts.map(({ code, name, seats }, at) => ({
      code,
      name,
      ...shapeOfPart(at + 1),
      posts: seats.map(({ role, unit, a, b }) => ({ role, unit, a: a?.accountId ?? null, b: b?.accountId ?? null })),
    })),
    chosen: Object.entries(decided).map(([id, to]) => ({ id, to })),
  })
  const ask = async (decided: Record<string, number>) => setPreview((await look.run(body(decided))) ?? null)
  const names = [t('split.stays', { name: area.name }), ...parts.map(({ name, code }) => name || code)]
  const filled = parts.length > 0 && parts.every(({ name, code }) => name.trim() !== '' && code !== '')
  if (done) return <ChangeDone done={done} />
  return (
    <div className="stack">
      <section className="card stack">
        <h2>{t('split.where')}</h2>
        {own ? (
          <CutGround
            own={own}
            around={around}
            lines={lines}
            setLines={setLines}
            pieces={pieces}
            owner={owner}
            setOwner={setOwner}
            names={names}
            busy={cut.busy}
            cut={() => void divide()}
          />
        ) : (
          <p className="soft">{t('split.notDrawn')}</p>
        )}
        <Refused error={cut.error} />
      </section>
      {parts.length > 0 && (
        <section className="card stack">
          <h2>{t('split.who')}</h2>
          {parts.map((part, at) => (
            <PartFields
              key={at}
              at={at + 1}
              part={part}
              change={(changed) => {
                setParts(parts.map((one, index) => (index === at ? changed : one)))
                setPreview(null)
              }}
            />
          ))}
          {!own && parts.length < 8 && (
            <Button small onClick={() => setParts([...parts, newPart(parts)])}>
              {t('split.onePart')}
            </Button>
          )}
          <Refused error={look.error} />
          <Button
            kind={preview ? 'quiet' : 'primary'}
            busy={look.busy}
            disabled={!filled}
            onClick={() => void ask(chosen)}
          >
            {t('split.preview')}
          </Button>
        </section>
      )}
      {preview && (
        <ChangeShown
          preview={preview}
          names={names}
          chosen={chosen}
          choose={(id, to) => {
            const next = { ...chosen, [id]: to }
            setChosen(next)
            void ask(next)
          }}
        >
          <Refused error={act.error} />
          <Button kind="primary" busy={act.busy} onClick={async () => setDone((await act.run(body(chosen))) ?? null)}>
            {t('split.do')}
          </Button>
        </ChangeShown>
      )}
    </div>
  )
}
