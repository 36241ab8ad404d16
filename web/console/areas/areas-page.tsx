import { useState } from 'react'
import type { AreaBrief } from '../../../src/grid/areas/contract.ts'
import type { Posts } from '../../../src/grid/posts/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Icon } from '../../shared/ui/icon.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { currentCounty } from '../../shared/county.ts'
import { useMe } from '../me-context.ts'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import './areas.css'

interface Crumb {
  path: string
  name: string
}

/** The grid from the county down, and who holds which post where. */
export function AreasPage() {
  const t = useText()
  const me = useMe()
  const [trail, setTrail] = useState<readonly Crumb[]>([])
  const at = trail.at(-1)
  const path = at?.path ?? currentCounty() ?? me.county
  return (
    <ConsolePage title={t('nav.areas')}>
      <nav className="trail" aria-label={t('areas.trail')}>
        <button type="button" onClick={() => setTrail([])}>
          {t('areas.top')}
        </button>
        {trail.map((crumb, index) => (
          <button
            type="button"
            key={crumb.path}
            onClick={() => setTrail(trail.slice(0, index + 1))}
            aria-current={index === trail.length - 1 ? 'true' : undefined}
          >
            {crumb.name}
          </button>
        ))}
      </nav>
      <div className="two">
        <section className="card">
          <h2>{t('areas.below')}</h2>
          <Children path={path} open={(crumb) => setTrail([...trail, crumb])} />
        </section>
        <section className="card side">
          <h2>{t('areas.people')}</h2>
          {at && (
            <a className="small" href={`/console/poster?path=${encodeURIComponent(at.path)}`}>
              {t('poster.title')}
            </a>
          )}
          <OnDuty path={path} />
        </section>
      </div>
    </ConsolePage>
  )
}

function Children({ path, open }: { path: string; open: (crumb: Crumb) => void }) {
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
                  <button type="button" onClick={() => open({ path: area.path, name: area.name })}>
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

function OnDuty({ path }: { path: string }) {
  const t = useText()
  const posts = useRead<Posts>(`/grid/posts?path=${encodeURIComponent(path)}`)
  // Above one's own area the people are not shown; that is no trouble, one goes further down.
  if (posts.error?.status === 403) return <p className="soft">{t('areas.goDown')}</p>
  return (
    <Shown of={posts} waiting={<Skeleton lines={5} />}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="soft">{t('areas.noPosts')}</p>
        ) : (
          <ul className="stack">
            {items.map((post) => (
              <li key={post.id}>
                <h3>{post.name}</h3>
                {post.holders.length === 0 && <p className="tag tag-dueSoon">{t('areas.vacant')}</p>}
                {post.holders.map((holder) => (
                  <p className="spread" key={`${holder.accountId}${holder.slot}`}>
                    <span>
                      {holder.name}{' '}
                      <span className="faint small">{t(holder.slot === 'A' ? 'areas.slotA' : 'areas.slotB')}</span>
                    </span>
                    {holder.onDuty ? (
                      <span className="tag tag-verified">{t('areas.onDuty')}</span>
                    ) : (
                      holder.away && <span className="tag tag-parked">{t('areas.away')}</span>
                    )}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        )
      }
    </Shown>
  )
}
