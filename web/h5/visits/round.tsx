import { useEffect } from 'react'
import type { Round } from '../../../src/registry/visits/contract.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Icon } from '../../shared/ui/icon.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Bar } from '../../shared/visits/bar.tsx'
import { takeDoors } from '../../shared/visits/doors.ts'
import { KeptLine } from '../bars.tsx'
import { Page } from '../shell.tsx'

/** Where one goes and for what; the doors of one's micro-grids are taken along. */
export function RoundPage() {
  const t = useText()
  const loaded = useRead<Round>('/visits/round')
  const round = loaded.data
  useEffect(() => {
    if (round) void takeDoors(round)
  }, [round])
  return (
    <Page title={t('visit.title')}>
      <KeptLine of={round} />
      <Shown of={loaded} waiting={<Skeleton lines={3} cards={3} />}>
        {(known) => (
          <>
            {known.conflicts > 0 && (
              <a className="banner banner-warn" href="/h5/visits/conflicts">
                <Icon name="warning" />
                <span className="grow">{t('visit.conflictsOpen', { count: known.conflicts })}</span>
                <Icon name="forward" />
              </a>
            )}
            <Campaigns of={known} />
            <Areas of={known} />
          </>
        )}
      </Shown>
    </Page>
  )
}

function Campaigns({ of }: { of: Round }) {
  const t = useText()
  if (of.campaigns.length === 0) return <Empty title={t('visit.noCampaign')}>{t('visit.noCampaignNext')}</Empty>
  return (
    <ul className="stack">
      {of.campaigns.map((campaign) => {
        const sum = (part: 'doors' | 'done' | 'missing') => campaign.areas.reduce((all, one) => all + one[part], 0)
        const days = { from: saidDay(campaign.fromOn), day: saidDay(campaign.untilOn) }
        return (
          <li key={campaign.id} className="card stack-s">
            <div className="spread">
              <h2>{campaign.name}</h2>
              {campaign.state === 'paused' && <span className="tag tag-parked">{t('visit.paused')}</span>}
            </div>
            <p className="soft small">{t('visit.until', days)}</p>
            <Bar done={sum('done')} all={sum('doors')} />
            <p>{t('visit.progress', { done: sum('done'), all: sum('doors') })}</p>
            {sum('missing') > 0 && <p className="soft small">{t('visit.personsMissing', { count: sum('missing') })}</p>}
          </li>
        )
      })}
    </ul>
  )
}

function Areas({ of }: { of: Round }) {
  const t = useText()
  if (of.areas.length === 0) return <p className="soft">{t('visit.noArea')}</p>
  return (
    <section className="stack-s">
      <h2>{t('visit.myAreas')}</h2>
      <ul className="rows">
        {of.areas.map((area) => (
          <li key={area.path}>
            <a className="line" href={`/h5/visits?area=${encodeURIComponent(area.path)}`}>
              <span className="grow">
                {area.name}
                <span className="soft small visit-under">{t('visit.doorsHere', { count: area.doors })}</span>
              </span>
              <span className={area.gaps > 0 ? 'tag tag-dueSoon' : 'tag tag-verified'}>
                {area.gaps > 0 ? t('visit.gapsLeft', { count: area.gaps }) : t('visit.noGaps')}
              </span>
              <Icon name="forward" />
            </a>
          </li>
        ))}
      </ul>
      <p className="faint small">{t('visit.takenAlong', { days: of.keepDays })}</p>
    </section>
  )
}
