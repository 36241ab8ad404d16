import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Area, AreaBrief, Boundaries, Covered } from '../../../src/grid/areas/contract.ts'
import { read, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { asRefusal, useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Empty, Refused, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { SchematicMap } from '../places/schematic-map.tsx'
import { netOfKind } from './nets.tsx'
import './areas.css'

type Ground = Covered['items'][number]
const at = (path: string) => encodeURIComponent(path)

/** Over which ground an area of another net stands: Party branch, police grid, business grid, large area. */
export function CoversPage() {
  const t = useText()
  const { area: path = '' } = useSearch({ from: '/areas/covers' })
  const area = useQuery({ queryKey: ['area', path], queryFn: () => read<Area>(`/grid/area?path=${at(path)}`) })
  const covered = useQuery({
    queryKey: ['covers', area.data?.id],
    enabled: area.isSuccess,
    queryFn: () => read<Covered>(`/grid/areas/${area.data?.id}/covers`),
  })
  const error = area.error ?? covered.error
  return (
    <ConsolePage
      title={t('covers.title', { name: area.data?.name ?? '' })}
      side={
        <Link to="/areas" search={{ area: path }} className="button button-quiet button-small">
          {t('boundary.back')}
        </Link>
      }
    >
      {error ? (
        <Refused error={asRefusal(error)} />
      ) : area.data && covered.data ? (
        netOfKind(area.data.kind) === 'base' ? (
          <Empty title={t('covers.base')}>{t('covers.baseNext')}</Empty>
        ) : (
          <Choosing area={area.data} known={covered.data.items} />
        )
      ) : (
        <Skeleton lines={8} />
      )}
    </ConsolePage>
  )
}

function Choosing({ area, known }: { area: Area; known: readonly Ground[] }) {
  const t = useText()
  const cache = useQueryClient()
  const [version, setVersion] = useState(area.version)
  const [saved, setSaved] = useState(known)
  const [chosen, setChosen] = useState(known)
  const [under, setUnder] = useState(() => known[0]?.path.split('/').slice(0, -1).join('/') || area.parentPath)
  const act = useAct((body: object, key) => send<Area>(`/grid/areas/${area.id}/covers`, { method: 'PUT', body, key }))
  const toggle = (ground: Ground, on: boolean) =>
    setChosen(on ? [...chosen, ground] : chosen.filter(({ path }) => path !== ground.path))
  const paths = (grounds: readonly Ground[]) => grounds.map(({ path }) => path).toSorted()
  const changed = paths(saved).join() !== paths(chosen).join()
  const save = async () => {
    const next = await act.run({ covers: paths(chosen), version })
    if (!next) return
    setVersion(next.version)
    setSaved(chosen)
    // Whoever comes back begins with what was saved.
    cache.setQueryData(['covers', area.id], { items: chosen })
    cache.setQueryData(['area', area.path], next)
    say(t('covers.saved', { name: area.name }))
  }
  return (
    <div className="two">
      <section className="card stack">
        <h2>{t('covers.choose')}</h2>
        <p className="soft">{t('covers.hint')}</p>
        <Below under={under} chosen={chosen} toggle={toggle} go={setUnder} />
      </section>
      <section className="card stack">
        <h2>{t('covers.now', { count: chosen.length })}</h2>
        {chosen.length === 0 && <p className="soft">{t('covers.none')}</p>}
        <ul className="stack-s">
          {chosen.map((ground) => (
            <li key={ground.path} className="spread">
              <span>{ground.name}</span>
              <Button small kind="plain" onClick={() => toggle(ground, false)}>
                {t('covers.remove')}
              </Button>
            </li>
          ))}
        </ul>
        <p className="faint small">{t('covers.kept')}</p>
        <Refused error={act.error} />
        <Button kind="primary" busy={act.busy} disabled={!changed} onClick={() => void save()}>
          {t('act.save')}
        </Button>
      </section>
    </div>
  )
}

/** The base areas of one level: on the map by a tap, in the list by a tick, and a way further down and up. */
function Below({
  under,
  chosen,
  toggle,
  go,
}: {
  under: string
  chosen: readonly Ground[]
  toggle: (ground: Ground, on: boolean) => void
  go: (path: string) => void
}) {
  const t = useText()
  const has = new Set(chosen.map(({ path }) => path))
  const areas = useQuery({
    queryKey: ['base', under],
    queryFn: () => read<{ items: AreaBrief[] }>(`/grid/areas?limit=100&overlay=base&under=${at(under)}`),
  })
  const ground = useQuery({
    queryKey: ['outline', under],
    queryFn: () => read<Boundaries>(`/grid/outline?path=${at(under)}`),
  })
  const here = useQuery({ queryKey: ['area', under], queryFn: () => read<Area>(`/grid/area?path=${at(under)}`) })
  if (areas.error) return <Refused error={asRefusal(areas.error)} />
  if (!areas.data) return <Skeleton lines={5} />
  const items = areas.data.items.filter(({ kind }) => netOfKind(kind) === 'base')
  const up = under.split('/').slice(0, -1).join('/')
  return (
    <>
      {ground.data && ground.data.features.length > 0 && (
        <SchematicMap
          features={ground.data.features}
          here={under}
          label={t('covers.map')}
          marked={has}
          open={(path) => {
            const one = items.find((area) => area.path === path)
            if (one) toggle(one, !has.has(path))
          }}
        />
      )}
      <div className="row">
        {up !== '' && (
          <Button small onClick={() => go(up)}>
            {t('covers.up')}
          </Button>
        )}
        {here.data && here.data.overlay === 'base' && (
          <CheckField
            label={t('covers.whole', { name: here.data.name })}
            checked={has.has(under)}
            onChange={(on) => toggle({ path: under, name: here.data.name }, on)}
          />
        )}
      </div>
      {items.length === 0 && <p className="soft">{t('covers.leaf')}</p>}
      <ul className="stack-s">
        {items.map(({ path, name, hasChildren }) => (
          <li key={path} className="spread">
            <CheckField label={name} checked={has.has(path)} onChange={(on) => toggle({ path, name }, on)} />
            {hasChildren && (
              <Button small kind="plain" onClick={() => go(path)}>
                {t('covers.down')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
