import { Link } from '@tanstack/react-router'
import type { SeenMatter, WallChild, WallHappening } from '../../../src/insight/contract.ts'
import { useText, language, type TextKey } from '../../shared/i18n/text.ts'
import { Time } from '../../shared/ui/time.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { wallScopes, type WallScope } from './search.ts'

const looks: Record<SeenMatter['stands'], string> = {
  overdue: 'overdue',
  dueSoon: 'dueSoon',
  inTime: 'running',
  closed: 'verified',
}

/** One matter in a list: what, where and how it stands; the link leads to its own page. */
function Row({ of, since }: { of: SeenMatter; since: 'dueAt' | 'reportedAt' }) {
  const t = useText()
  const at = of[since]
  return (
    <li>
      <Link to="/matters/$id" params={{ id: of.id }} className="wall-row">
        <span className="wall-row-what">
          {of.categoryName}
          {of.urgent && <span className="tag tag-overdue">{t('matter.urgent')}</span>}
        </span>
        <span className="wall-row-when">
          {since === 'dueAt' ? t('wall.dueWas') : ''} {at && <Time at={at} />}
        </span>
        <span className="wall-row-where">
          {of.areaName} · {of.stateName}
        </span>
      </Link>
    </li>
  )
}

export function Worst({ of }: { of: readonly SeenMatter[] }) {
  const t = useText()
  return (
    <section className="wall-card wall-worst" aria-label={t('wall.worst')}>
      <header>
        <h2>{t('wall.worst')}</h2>
      </header>
      {of.length === 0 ? (
        <p className="wall-soft wall-good">{t('wall.noneOverdue')}</p>
      ) : (
        <ul className="wall-list">
          {of.map((matter) => (
            <Row key={matter.id} of={matter} since="dueAt" />
          ))}
        </ul>
      )}
    </section>
  )
}

const whatWords: Record<WallHappening['what'], TextKey> = {
  reported: 'wall.did.reported',
  moved: 'wall.did.moved',
  closed: 'wall.did.closed',
  overdue: 'wall.did.overdue',
  reminded: 'wall.did.reminded',
  rated: 'wall.did.rated',
}

/** What has just happened; until something has, the newest reports. */
export function Ticker({ happened, latest }: { happened: readonly WallHappening[]; latest: readonly SeenMatter[] }) {
  const t = useText()
  const words = language() === 'en' ? 'en' : 'zh'
  return (
    <section className="wall-card wall-ticker" aria-label={t('wall.ticker')}>
      <header>
        <h2>{t('wall.ticker')}</h2>
      </header>
      <ul className="wall-list" aria-live="polite" aria-relevant="additions">
        {happened.map((item) => (
          <li key={item.leaf} className="wall-fresh">
            <Link to="/matters/$id" params={{ id: item.matterId }} className="wall-row">
              <span className="wall-row-what">
                {item.category[words]}
                <span className={`tag tag-${item.what === 'overdue' ? 'overdue' : looks[item.stands]}`}>
                  {t(whatWords[item.what], { state: item.state[words] })}
                </span>
              </span>
              <span className="wall-row-when">
                <Time at={item.at} />
              </span>
              <span className="wall-row-where">{item.areaName}</span>
            </Link>
          </li>
        ))}
        {latest
          .filter(({ id }) => !happened.some((item) => item.matterId === id))
          .map((matter) => (
            <Row key={matter.id} of={matter} since="reportedAt" />
          ))}
      </ul>
      {happened.length === 0 && latest.length === 0 && <p className="wall-soft">{t('wall.quiet')}</p>}
    </section>
  )
}

/** The areas directly below, most overdue first: the map's words. */
export function Below({ of, open }: { of: readonly WallChild[]; open: (path: string) => void }) {
  const t = useText()
  const sorted = of.toSorted((one, other) => other.overdue - one.overdue || other.open - one.open)
  return (
    <section className="wall-card wall-below" aria-label={t('wall.below')}>
      <header>
        <h2>{t('wall.below')}</h2>
      </header>
      <div className="wall-table-scroll">
        <table className="wall-table">
          <thead>
            <tr>
              <th scope="col">{t('wall.area')}</th>
              <th scope="col">{t('wall.open')}</th>
              <th scope="col">{t('wall.overdue')}</th>
              <th scope="col">{t('wall.openedToday')}</th>
              <th scope="col">{t('wall.closedToday')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((child) => (
              <tr key={child.path}>
                <th scope="row">
                  <button type="button" className="wall-link" onClick={() => open(child.path)}>
                    {child.name}
                  </button>
                </th>
                <td>{child.open}</td>
                <td className={child.overdue > 0 ? 'wall-late' : ''}>{child.overdue > 0 ? `▲ ${child.overdue}` : 0}</td>
                <td>{child.openedToday}</td>
                <td>{child.closedToday}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

const scopeWords: Record<WallScope, TextKey> = {
  open: 'wall.open',
  overdue: 'wall.overdue',
  closed: 'wall.closed',
}

/** The matters of an area, page by page: the last step before the one matter. */
export function Matters({
  area,
  scope,
  choose,
  close,
}: {
  area: string
  scope: WallScope
  choose: (scope: WallScope) => void
  close: (() => void) | undefined
}) {
  const t = useText()
  const list = usePagedQuery<SeenMatter>(`/wall/matters?limit=20&scope=${scope}&area=${encodeURIComponent(area)}`)
  return (
    <section className="wall-card wall-matters" aria-label={t('wall.matters')}>
      <header>
        <h2>{t('wall.matters')}</h2>
        <div className="wall-scopes" role="group" aria-label={t('wall.matters')}>
          {wallScopes.map((one) => (
            <button key={one} type="button" aria-pressed={one === scope} onClick={() => choose(one)}>
              {t(scopeWords[one])}
            </button>
          ))}
        </div>
        {close && (
          <button type="button" className="wall-quiet" onClick={close}>
            {t('act.close')}
          </button>
        )}
      </header>
      <Shown of={list} waiting={<Skeleton lines={4} />}>
        {(items) =>
          items.length === 0 ? (
            <p className="wall-soft">{t('wall.noMatters')}</p>
          ) : (
            <ul className="wall-list wall-list-wide">
              {items.map((matter) => (
                <Row key={matter.id} of={matter} since={scope === 'overdue' ? 'dueAt' : 'reportedAt'} />
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </section>
  )
}
