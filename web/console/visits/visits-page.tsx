import { Link, useSearch } from '@tanstack/react-router'
import type { CampaignBrief, VisitBrief } from '../../../src/registry/visits/contract.ts'
import { saidDay } from '../../shared/dates.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { statedPurpose } from '../../shared/purpose.ts'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { Bar } from '../../shared/visits/bar.tsx'
import { ConflictList } from '../../shared/visits/conflict-list.tsx'
import { forceName, resultNames } from '../../shared/visits/words.ts'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { Stewards } from './stewards.tsx'
import { views, type VisitsView } from './search.ts'
import '../../shared/visits/visits.css'
import './visits.css'

const names: Record<VisitsView, TextKey> = {
  campaigns: 'visit.campaigns',
  latest: 'visit.latest',
  conflicts: 'visit.conflicts',
  stewards: 'visit.stewards',
}

/** Door to door from the desk: campaigns, the latest visits, what waits for a decision, stewards. */
export function VisitsPage() {
  const t = useText()
  const { view = 'campaigns' } = useSearch({ from: '/visits' })
  const counting = statedPurpose('/visits')['tongxin-purpose'] === 'statistics'
  return (
    <ConsolePage
      title={t('visit.title')}
      side={
        !counting && (
          <Link className="button button-primary button-small" to="/visits/plan">
            {t('visit.plan')}
          </Link>
        )
      }
    >
      {!counting && (
        <nav className="visits-tabs" aria-label={t('visit.which')}>
          {views.map((one) => (
            <Link
              key={one}
              to="/visits"
              search={{ view: one }}
              aria-current={one === view ? 'page' : undefined}
              activeProps={{}}
            >
              {t(names[one])}
            </Link>
          ))}
        </nav>
      )}
      {(view === 'campaigns' || counting) && <Campaigns />}
      {view === 'latest' && !counting && <Latest />}
      {view === 'conflicts' && !counting && <ConflictList />}
      {view === 'stewards' && !counting && <Stewards />}
    </ConsolePage>
  )
}

const stateLooks = { open: 'running', paused: 'parked', closed: 'verified' } as const
const stateNames = { open: 'visit.stateOpen', paused: 'visit.paused', closed: 'visit.stateClosed' } as const

export function CampaignState({ of }: { of: Pick<CampaignBrief, 'state'> }) {
  const t = useText()
  return <span className={`tag tag-${stateLooks[of.state]}`}>{t(stateNames[of.state])}</span>
}

function Campaigns() {
  const t = useText()
  const list = usePagedQuery<CampaignBrief>('/visits/campaigns?limit=20')
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={3} cards={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('visit.noCampaign')}>{t('visit.noCampaignDesk')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id}>
                  <Link className="card visits-card" to="/visits/$id" params={{ id: item.id }}>
                    <span className="spread">
                      <span className="strong">{item.name}</span>
                      <CampaignState of={item} />
                    </span>
                    <span className="soft small">
                      {item.areas.map(({ name }) => name).join('、')} ·{' '}
                      {t('visit.until', { from: saidDay(item.fromOn), day: saidDay(item.untilOn) })} · {item.byLabel}
                    </span>
                    <Bar done={item.figures.done} all={item.figures.doors} />
                    <span className="small">
                      {t('visit.progress', { done: item.figures.done, all: item.figures.doors })}
                      {item.figures.missing > 0 && ` · ${t('visit.personsMissing', { count: item.figures.missing })}`}
                    </span>
                  </Link>
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

function Latest() {
  const t = useText()
  const list = usePagedQuery<VisitBrief>('/visits?limit=30')
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={3} cards={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('visit.noVisit')}>{t('visit.noVisitNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id} className="card stack-s">
                  <div className="spread">
                    <span className="strong">{item.address}</span>
                    <span className={`tag tag-${item.result === 'visited' ? 'verified' : 'dueSoon'}`}>
                      {t(resultNames[item.result])}
                    </span>
                  </div>
                  <p className="soft small">
                    <Time at={item.metAt} /> · {item.byName} · {item.byLabel} · {t(forceName(item.force))}
                    {item.duties.length > 0 && ` · ${item.duties.map(({ name }) => name).join('、')}`}
                  </p>
                  {item.text && <p style={{ whiteSpace: 'pre-line' }}>{item.text}</p>}
                  {item.matter && (
                    <Link to="/matters/$id" params={{ id: item.matter.id }}>
                      {t('visit.case', { number: item.matter.number })}
                    </Link>
                  )}
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
