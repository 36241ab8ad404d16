import type { FollowUpCounts } from '../../../src/registry/follow-up/contract.ts'
import { FollowUps } from '../../shared/follow-up/follow-ups.tsx'
import { today } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { usePurpose } from '../../shared/purpose.ts'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'

/** For named staff their own; for whoever oversees, how often somebody looked. */
export function FollowUpPage() {
  const t = useText()
  const oversees = usePurpose() === 'supervision'
  return <ConsolePage title={t('followUp.title')}>{oversees ? <Counts /> : <FollowUps />}</ConsolePage>
}

const purposes = {
  visit: 'followUp.forVisit',
  urgent: 'followUp.forUrgent',
  review: 'followUp.forReview',
  askedByPerson: 'followUp.forPerson',
} as const

function Counts() {
  const t = useText()
  const counts = useRead<FollowUpCounts>(`/registry/follow-ups/counts?month=${today().slice(0, 7)}`)
  const said = (count: number | null) => (count === null ? t('followUp.few') : String(count))
  return (
    <Shown of={counts} waiting={<Skeleton lines={4} />}>
      {(of) => (
        <section className="card stack-s">
          <p className="soft">{t('followUp.countsLead')}</p>
          <dl className="stack-s">
            <dt className="soft">{t('followUp.openCount')}</dt>
            <dd className="strong">{said(of.open)}</dd>
            <dt className="soft">{t('followUp.lookCount')}</dt>
            <dd className="strong">{said(of.looks)}</dd>
            {of.purposes.map((one) => (
              <div key={one.purpose}>
                <dt className="soft small">{t(purposes[one.purpose])}</dt>
                <dd>{said(one.looks)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </Shown>
  )
}
