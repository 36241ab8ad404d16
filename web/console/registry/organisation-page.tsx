import { Link, useParams } from '@tanstack/react-router'
import type { Organisation } from '../../../src/registry/organisations/contract.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { BackToList } from './back.tsx'
import { History } from './history.tsx'
import './registry.css'

/** An organisation: what it is, where, and who stands for it. */
export function OrganisationPage() {
  const t = useText()
  const { id } = useParams({ from: '/registry/organisations/$id' })
  const loaded = useRead<Organisation>(`/registry/organisations/${id}`)
  return (
    <ConsolePage title={loaded.data?.name ?? t('registry.organisations')}>
      <BackToList tab="organisations" area={loaded.data?.areaPath} />
      <Shown of={loaded} waiting={<Skeleton lines={5} cards={2} />}>
        {(one) => (
          <div className="two">
            <div className="page">
              <Facts of={one} />
              <Officers of={one} />
            </div>
            <div className="side">
              <History subject={one.id} kind="organisation" round={one.version} />
            </div>
          </div>
        )}
      </Shown>
    </ConsolePage>
  )
}

function Facts({ of }: { of: Organisation }) {
  const t = useText()
  return (
    <section className="card">
      <dl className="facts">
        <dt>{t('registry.kind')}</dt>
        <dd>
          {wordFor(t, 'organisation', of.kind)} {of.trade && <span className="soft">{of.trade}</span>}
        </dd>
        <dt>{t('registry.code')}</dt>
        <dd className="mono">{of.code ?? t('registry.none')}</dd>
        <dt>{t('registry.address')}</dt>
        <dd>
          {of.premisesId === null ? (
            of.address
          ) : (
            <Link to="/registry/premises/$id" params={{ id: of.premisesId }}>
              {of.address}
            </Link>
          )}{' '}
          <span className="faint">{of.areaName}</span>
        </dd>
        <dt>{t('registry.phone')}</dt>
        <dd className="mono">{of.phone ?? t('registry.none')}</dd>
        {of.headcount !== null && (
          <>
            <dt>{t('registry.headcount')}</dt>
            <dd>{t('registry.persons', { count: of.headcount })}</dd>
          </>
        )}
        <dt>{t('registry.checked')}</dt>
        <dd className="row">
          <Time at={of.checkedAt} />
          <span className="faint">{wordFor(t, 'source', of.source)}</span>
          {of.stale && <span className="tag tag-dueSoon">{t('registry.askAgain')}</span>}
        </dd>
      </dl>
    </section>
  )
}

function Officers({ of }: { of: Organisation }) {
  const t = useText()
  return (
    <section className="card stack">
      <h2>{t('registry.officers')}</h2>
      {of.officers.length === 0 && <p className="soft">{t('registry.noOfficer')}</p>}
      <ul className="stack">
        {of.officers.map((officer) => (
          <li key={officer.id} className="spread home-line">
            <span>
              <span className="strong">{officer.name}</span>{' '}
              <span className="word-tag">{wordFor(t, 'duty', officer.duty)}</span>
              <br />
              <span className="faint small">
                {t('registry.since', { day: saidDay(officer.fromOn) })}
                {officer.untilOn !== null && t('registry.until', { day: saidDay(officer.untilOn) })}
              </span>
            </span>
            <span className="mono">{officer.phone ?? '—'}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
