import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Organisation, OrganisationPhones } from '../../../src/registry/organisations/contract.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { AskWhy } from '../../shared/registry/unmask.tsx'
import { wordFor } from '../../shared/registry/words.ts'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { BackToList } from './back.tsx'
import { History } from './history.tsx'
import { EndOfficer, NameOfficer, OrganisationActs } from './organisation-acts.tsx'
import { detailNames } from './organisation-fields.tsx'
import './registry.css'

/** An organisation: what it is, where, and who stands for it. */
export function OrganisationPage() {
  const { id } = useParams({ from: '/registry/organisations/$id' })
  // Another record is another page: nothing that was opened or shown of one stays with the next.
  return <OneOrganisation id={id} key={id} />
}

function OneOrganisation({ id }: { id: string }) {
  const t = useText()
  const loaded = useRead<Organisation>(`/registry/organisations/${id}`)
  const [open, setOpen] = useState<OrganisationPhones>()
  return (
    <ConsolePage
      title={loaded.data?.name ?? t('registry.organisations')}
      side={
        loaded.data?.mayWrite && !loaded.data.closed && <OrganisationActs of={loaded.data} saved={loaded.replace} />
      }
    >
      <BackToList tab="organisations" area={loaded.data?.areaPath} />
      <Shown of={loaded} waiting={<Skeleton lines={5} cards={2} />}>
        {(one) => (
          <div className="two">
            <div className="page">
              {one.closed && <p className="banner banner-warn">{t('homes.isClosed')}</p>}
              <Facts of={one} open={open} shown={setOpen} />
              <Officers of={one} open={open} saved={loaded.replace} />
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

interface Opened {
  of: Organisation
  open: OrganisationPhones | undefined
}

function Facts({ of, open, shown }: Opened & { shown: (phones: OrganisationPhones) => void }) {
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
        <dt>{t('offices.phone')}</dt>
        <dd className="row">
          <span className="mono">{open?.phone ?? of.phone ?? t('registry.none')}</span>
          {of.mayUnmask && !open && (
            <AskWhy<OrganisationPhones>
              path={`/registry/organisations/${of.id}/unmask`}
              body={{}}
              label={t('offices.showPhones')}
              shown={shown}
            />
          )}
        </dd>
        {of.headcount !== null && (
          <>
            <dt>{t('registry.headcount')}</dt>
            <dd>{t('registry.persons', { count: of.headcount })}</dd>
          </>
        )}
        {detailNames.map(([name, label]) =>
          of.details[name] ? (
            <div key={name} className="field-line">
              <dt>{t(label)}</dt>
              <dd>{of.details[name]}</dd>
            </div>
          ) : null,
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

function Officers({ of, open, saved }: Opened & { saved: (next: Organisation) => void }) {
  const t = useText()
  const mayChange = of.mayWrite && !of.closed
  const phones = new Map(open?.officers.map(({ id, phone }) => [id, phone]))
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('registry.officers')}</h2>
        {mayChange && <NameOfficer of={of} saved={saved} />}
      </div>
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
            <span className="row">
              <span className="mono">{phones.get(officer.id) ?? officer.phone ?? '—'}</span>
              {mayChange && officer.untilOn === null && <EndOfficer of={of} officer={officer} saved={saved} />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
