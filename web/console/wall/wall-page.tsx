import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { Wall } from '../../../src/insight/contract.ts'
import { exactTime } from '../../shared/dates.ts'
import { spaced, useText, type TextKey } from '../../shared/i18n/text.ts'
import { Skeleton, Trouble } from '../../shared/ui/states.tsx'
import { Title } from '../../shared/ui/title.tsx'
import { Bars, FlowChart, HoursChart } from './charts.tsx'
import { Below, Matters, Ticker, Worst } from './lists.tsx'
import { MapLegend, WallMap } from './map.tsx'
import type { WallScope, WallSearch } from './search.ts'
import type { StreamState } from './stream.ts'
import { useWall, type Watched } from './use-wall.ts'
import './wall.css'

const storageKey = 'tongxin.wall.dark'

/** What a leader sees: where things are, how they stand, what just happened; down to the one matter. */
export function WallPage() {
  const t = useText()
  const search = useSearch({ from: '/wall' })
  const navigate = useNavigate({ from: '/wall' })
  const watched = useWall(search.area)
  const [dark, setDark] = useState(() => localStorage.getItem(storageKey) !== 'no')
  const frame = useRef<HTMLDivElement>(null)
  const full = useFullScreen()
  const go = (next: WallSearch) => void navigate({ search: next })
  const { wall, error } = watched
  return (
    <div ref={frame} className={`wall${dark || full ? ' wall-dark' : ''}${full ? ' wall-full' : ''}`}>
      <header className="wall-head">
        <Title text={t('nav.wall')} />
        {wall && <Trail wall={wall} go={go} />}
        <span className="grow" />
        {wall && <Stands asOf={wall.figures.asOf} stream={watched.stream} />}
        {!full && (
          <button
            type="button"
            className="wall-quiet"
            onClick={() => {
              localStorage.setItem(storageKey, dark ? 'no' : 'yes')
              setDark(!dark)
            }}
          >
            {t(dark ? 'wall.light' : 'wall.dark')}
          </button>
        )}
        <button
          type="button"
          className="wall-quiet"
          onClick={() => void (full ? document.exitFullscreen() : frame.current?.requestFullscreen())}
        >
          {t(full ? 'wall.small' : 'wall.full')}
        </button>
      </header>
      {!wall && error && <Trouble error={error} retry={watched.retry} />}
      {!wall && !error && <Skeleton lines={4} cards={3} />}
      {wall && <Body wall={wall} watched={watched} search={search} go={go} />}
    </div>
  )
}

function useFullScreen(): boolean {
  const [full, setFull] = useState(false)
  useEffect(() => {
    const changed = () => setFull(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', changed)
    return () => document.removeEventListener('fullscreenchange', changed)
  }, [])
  return full
}

function Trail({ wall, go }: { wall: Wall; go: (next: WallSearch) => void }) {
  const t = useText()
  const others = wall.roots.filter(({ path }) => path !== wall.trail[0]?.path)
  return (
    <nav className="wall-trail" aria-label={t('wall.trail')}>
      <ol>
        {wall.trail.map(({ path, name }, at) => (
          <li key={path}>
            {at === wall.trail.length - 1 ? (
              <span aria-current="location">{name}</span>
            ) : (
              <button type="button" className="wall-link" onClick={() => go({ area: path })}>
                {name}
              </button>
            )}
          </li>
        ))}
        {others.map(({ path, name }) => (
          <li key={path} className="wall-other-root">
            <button type="button" className="wall-link" onClick={() => go({ area: path })}>
              {name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}

const streamWords: Record<StreamState, TextKey> = {
  opening: 'wall.opening',
  live: 'wall.live',
  lost: 'wall.lost',
  refused: 'wall.notLive',
}

/** As of when the figures stand, and whether they come by themselves. */
function Stands({ asOf, stream }: { asOf: string; stream: StreamState }) {
  const t = useText()
  const time = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', timeStyle: 'medium', hourCycle: 'h23' })
  return (
    <p className={`wall-stands wall-stands-${stream}`} role="status">
      <span className="wall-dot" aria-hidden="true" />
      <span>{t(streamWords[stream])}</span>
      <time dateTime={asOf} title={exactTime(asOf)}>
        {spaced(t('wall.asOf', { time: time.format(new Date(asOf)) }))}
      </time>
    </p>
  )
}

function Body({
  wall,
  watched,
  search,
  go,
}: {
  wall: Wall
  watched: Watched
  search: WallSearch
  go: (next: WallSearch) => void
}) {
  const t = useText()
  const { outline, points, happened } = watched
  const area = wall.area.path
  const isLeaf = wall.children.length === 0
  const list = search.list ?? (isLeaf ? 'open' : undefined)
  const show = (scope: WallScope) => go({ area, list: scope })
  return (
    <>
      {wall.counting && (
        <p className="wall-banner" role="status">
          {t('wall.counting', { share: Math.floor(wall.counting.share * 100) })}
        </p>
      )}
      {watched.error && (
        <p className="wall-banner" role="alert">
          {watched.error.message}
        </p>
      )}
      <Numbers wall={wall} show={show} />
      <div className="wall-grid">
        <section className="wall-card wall-map-card" aria-label={wall.area.name}>
          <header>
            <h2>{wall.area.name}</h2>
          </header>
          {outline ? (
            <WallMap
              path={area}
              outline={outline}
              points={points}
              happened={happened}
              areas={wall.children}
              open={(path) => go({ area: path })}
            />
          ) : (
            <Skeleton lines={6} />
          )}
          <MapLegend
            schematic={outline?.areas.some(({ schematic }) => schematic) ?? false}
            complete={watched.allPoints}
          />
        </section>
        <Ticker happened={happened} latest={wall.latest} />
        <Worst of={wall.worst} />
        {list ? (
          <Matters area={area} scope={list} choose={show} close={isLeaf ? undefined : () => go({ area })} />
        ) : (
          <Below of={wall.children} open={(path) => go({ area: path })} />
        )}
        <FlowChart days={wall.trend} />
        <HoursChart days={wall.trend} />
        <Bars
          title={t('wall.phases')}
          bars={wall.phases.map(({ name, open }) => ({ name, value: open }))}
          empty="wall.noMatters"
        />
        <Bars
          title={t('wall.categories')}
          bars={[
            ...wall.categories.map(({ name, open }) => ({ name, value: open })),
            ...(wall.otherCategories > 0 ? [{ name: t('wall.others'), value: wall.otherCategories }] : []),
          ]}
          empty="wall.noMatters"
        />
      </div>
    </>
  )
}

/** Hours as people say them: minutes below one, days above two. */
function useHours(): (hours: number | null) => string {
  const t = useText()
  return (hours) => {
    if (hours === null) return '–'
    if (hours < 1) return t('wall.minutes', { count: Math.round(hours * 60) })
    if (hours < 48) return t('wall.hoursCount', { count: Number(hours.toFixed(hours < 10 ? 1 : 0)) })
    return t('wall.days', { count: Number((hours / 24).toFixed(1)) })
  }
}

function Numbers({ wall, show }: { wall: Wall; show: (scope: WallScope) => void }) {
  const t = useText()
  const said = useHours()
  const { figures, last30 } = wall
  const satisfaction = last30.rated === 0 ? '–' : `${Math.round((last30.satisfied / last30.rated) * 100)}%`
  return (
    <dl className="wall-numbers">
      <Tile of={figures.open} word="wall.open" click={() => show('open')} />
      <Tile
        of={figures.overdue}
        word="wall.overdue"
        tone={figures.overdue > 0 ? 'late' : 'good'}
        click={() => show('overdue')}
      />
      <Tile of={figures.dueSoon} word="wall.dueSoon" tone={figures.dueSoon > 0 ? 'soon' : 'plain'} />
      <Tile of={figures.openedToday} word="wall.openedToday" />
      <Tile of={figures.closedToday} word="wall.closedToday" click={() => show('closed')} />
      <Tile of={said(last30.p50Hours)} word={words.took} note={t('wall.tookNote', { p90: said(last30.p90Hours) })} />
      <Tile of={satisfaction} word={words.satisfied} note={t('wall.satisfiedNote', { count: last30.rated })} />
    </dl>
  )
}

const words = { took: 'wall.took', satisfied: 'wall.satisfied' } as const

interface TileParts {
  of: number | string
  word: TextKey
  note?: string
  tone?: 'late' | 'soon' | 'good' | 'plain'
  click?: () => void
}

function Tile({ of, word, note, tone = 'plain', click }: TileParts) {
  const t = useText()
  return (
    <div className={`wall-number wall-number-${tone}`}>
      <dt>
        {click ? (
          <button type="button" className="wall-link" onClick={click}>
            {t(word)}
          </button>
        ) : (
          t(word)
        )}
      </dt>
      <dd>
        <strong>{of}</strong>
        {note && <small>{note}</small>}
      </dd>
    </div>
  )
}
