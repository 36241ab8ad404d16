import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Area, AreaBrief, Boundaries, LocatedPlace } from '../../../src/grid/areas/contract.ts'
import { fileFrom, read } from '../../shared/api.ts'
import { countyName, currentCounty } from '../../shared/county.ts'
import { useText } from '../../shared/i18n/text.ts'
import { asRefusal, useAct } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { useMe } from '../me-context.ts'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import type { Point } from '../places/ground.ts'
import { SchematicMap } from '../places/schematic-map.tsx'
import { AreaSelect } from '../work-list/filters.tsx'
import { AreaPosts } from './area-posts.tsx'
import { ChangeLinks } from './change-links.tsx'
import { NetTree } from './net-tree.tsx'
import { NetSwitch, type Net } from './nets.tsx'
import { WhoWas } from './who-was.tsx'
import './areas.css'

/** The grid from the county down: what lies where, who holds which post, and who answers for any point. */
export function AreasPage() {
  const t = useText()
  const me = useMe()
  const search = useSearch({ from: '/areas' })
  const navigate = useNavigate({ from: '/areas' })
  const top = currentCounty() ?? me.county
  // Whoever answers for one town begins there, not at the county above it.
  const roots = useQuery({ queryKey: ['roots'], queryFn: () => read<{ items: AreaBrief[] }>('/grid/areas') })
  const own = roots.data?.items.length === 1 ? roots.data.items[0]?.path : undefined
  const path = search.area ?? own ?? top
  const [asking, setAsking] = useState(false)
  const [net, setNet] = useState<Net>('base')
  const [point, setPoint] = useState<Point | null>(null)
  const go = (area: string | undefined) => {
    setPoint(null)
    void navigate({ search: { area } })
  }
  const under = encodeURIComponent(path)
  return (
    <ConsolePage
      title={t('nav.areas')}
      side={
        <>
          <AreaSelect search={{ area: undefined }} change={({ area }) => area && go(area)} label={t('areas.find')} />
          <Take path={`/grid/areas/sheet?under=${under}`} name="areas.csv" label={t('areas.sheet')} />
          <Take path={`/grid/outline?whole=true&path=${under}`} name="areas.geojson" label={t('areas.outlines')} />
        </>
      }
    >
      <Trail path={path} go={go} />
      <ChangeLinks path={path} />
      <div className="two areas-two">
        <div className="page">
          <section className="card">
            <div className="spread">
              <h2>{t('areas.map')}</h2>
              <CheckField label={t('areas.ask')} checked={asking} onChange={setAsking} />
            </div>
            <NetSwitch path={path} net={net} choose={setNet} />
            <AreaMap path={path} net={net} open={go} ask={asking ? setPoint : undefined} point={point} />
          </section>
          <section className="card">
            <h2>{t('areas.below')}</h2>
            {net === 'base' ? (
              <Children path={path} open={go} />
            ) : (
              <NetTree path={path} net={net} open={go} key={path} />
            )}
          </section>
        </div>
        <div className="side">
          {point && <PointDuty point={point} close={() => setPoint(null)} />}
          <section className="card">
            <h2>{t('areas.people')}</h2>
            <AreaPosts path={path} key={path} />
          </section>
          {!point && (
            <section className="card stack">
              <h2>{t('whoWas.title')}</h2>
              <WhoWas query={`path=${under}`} key={path} />
            </section>
          )}
        </div>
      </div>
    </ConsolePage>
  )
}

/** Fetched by the page, which says for what purpose; a bare link could not. */
function Take({ path, name, label }: { path: string; name: string; label: string }) {
  const act = useAct((from: string) => fileFrom(from))
  const take = async () => {
    const file = await act.run(path)
    if (file) saveFile(name, file, file.type)
  }
  return (
    <>
      <Button small icon="download" busy={act.busy} onClick={() => void take()}>
        {label}
      </Button>
      <Refused error={act.error} />
    </>
  )
}

/** From the county down to here; each level leads back to itself. */
function Trail({ path, go }: { path: string; go: (path: string) => void }) {
  const t = useText()
  const codes = path.split('/')
  const above = codes.map((_, at) => codes.slice(0, at + 1).join('/'))
  return (
    <nav className="trail" aria-label={t('areas.trail')}>
      {above.map((one, at) => (
        <button
          type="button"
          key={one}
          onClick={() => go(one)}
          aria-current={at === above.length - 1 ? 'true' : undefined}
        >
          {at === 0 ? countyName() : <AreaName path={one} />}
        </button>
      ))}
    </nav>
  )
}

function AreaName({ path }: { path: string }) {
  const area = useQuery({
    queryKey: ['area', path],
    retry: false,
    queryFn: () => read<Area>(`/grid/area?path=${encodeURIComponent(path)}`),
  })
  return area.data?.name ?? path.split('/').at(-1)
}

function AreaMap({
  path,
  net,
  open,
  ask,
  point,
}: {
  path: string
  net: Net
  open: (path: string) => void
  ask: ((point: Point) => void) | undefined
  point: Point | null
}) {
  const t = useText()
  const over = useQuery({
    queryKey: ['outline', path, net],
    enabled: net !== 'base',
    queryFn: () => read<Boundaries>(`/grid/outline?net=${net}&path=${encodeURIComponent(path)}`),
  })
  const ground = useQuery({
    queryKey: ['outline', path],
    queryFn: () => read<Boundaries>(`/grid/outline?path=${encodeURIComponent(path)}`),
  })
  if (ground.isError)
    return asRefusal(ground.error).status === 403 ? (
      <p className="soft">{t('areas.goDown')}</p>
    ) : (
      <Refused error={asRefusal(ground.error)} />
    )
  if (!ground.data) return <Skeleton lines={6} />
  return (
    <>
      {ask && <p className="soft small">{t('areas.askHint')}</p>}
      {net !== 'base' && over.data?.features.length === 0 && <p className="soft">{t('nets.none')}</p>}
      <SchematicMap
        features={
          net === 'base' || !over.data
            ? ground.data.features
            : [...ground.data.features.filter(({ properties }) => properties.path === path), ...over.data.features]
        }
        net={net === 'base' ? undefined : net}
        here={path}
        label={t('areas.mapOf')}
        point={point}
        open={open}
        {...(ask ? { ask } : {})}
      />
      {!(net === 'base' ? ground.data : (over.data ?? ground.data)).complete && (
        <p className="soft small">{t('areas.mapCut')}</p>
      )}
    </>
  )
}

/** Who answers for the point that was clicked: the place it lies in, then everybody over it in every net. */
function PointDuty({ point, close }: { point: Point; close: () => void }) {
  const t = useText()
  const query = `lng=${point.lng.toFixed(6)}&lat=${point.lat.toFixed(6)}`
  const place = useQuery({
    queryKey: ['locate', query],
    queryFn: () => read<LocatedPlace>(`/grid/locate?${query}&accuracyMetres=0`),
  }).data
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('areas.here')}</h2>
        <Button small kind="plain" onClick={close}>
          {t('act.close')}
        </Button>
      </div>
      <p className="soft small">
        {point.lng.toFixed(5)}, {point.lat.toFixed(5)} {place?.area && `· ${place.area.fullName}`}
      </p>
      {place?.outside ? <p className="soft">{t('place.outside')}</p> : <WhoWas query={query} key={query} />}
    </section>
  )
}

function Children({ path, open }: { path: string; open: (path: string) => void }) {
  const t = useText()
  const list = usePagedQuery<AreaBrief>(`/grid/areas?limit=100&under=${encodeURIComponent(path)}`)
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={6} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('areas.leaf')}>{t('areas.leafNext')}</Empty>
          ) : (
            <ul className="area-list">
              {items.map((area) => (
                <li key={area.id}>
                  <button type="button" onClick={() => open(area.path)}>
                    <Icon name="place" />
                    <span className="grow">{area.name}</span>
                    <span className="faint small">{area.number}</span>
                    <Icon name="forward" />
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}
