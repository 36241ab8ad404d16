import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Household } from '../../../src/registry/households/contract.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { TagLine } from '../../shared/registry/tags.tsx'
import { wordFor } from '../../shared/registry/words.ts'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { BackToList } from './back.tsx'
import { DossierCard } from './dossier.tsx'
import { History } from './history.tsx'
import { HouseholdActs } from './household-acts.tsx'
import { LeaveHousehold } from './household-members.tsx'
import { PlanCard } from './plan.tsx'
import { PersonLink } from './rows.tsx'
import './registry.css'

/** A household: who belongs to it, its two files, the plan of the house, what was done for it, what changed. */
export function HouseholdPage() {
  const { id } = useParams({ from: '/registry/households/$id' })
  // Another record is another page: nothing that was opened or shown of one stays with the next.
  return <OneHousehold id={id} key={id} />
}

function OneHousehold({ id }: { id: string }) {
  const t = useText()
  const loaded = useRead<Household>(`/registry/households/${id}`)
  const [round, setRound] = useState(0)
  const one = loaded.data
  const saved = (next: Household) => {
    loaded.replace(next)
    setRound((count) => count + 1)
  }
  return (
    <ConsolePage
      title={one ? t('registry.householdOf', { name: one.headName || one.address }) : t('registry.household')}
      side={one?.mayWrite && !one.closed && <HouseholdActs of={one} saved={saved} />}
    >
      <BackToList tab="households" area={one?.areaPath} />
      <Shown of={loaded} waiting={<Skeleton lines={5} cards={3} />}>
        {(household) => (
          <div className="two">
            <div className="page">
              {household.closed && <p className="banner banner-warn">{t('homes.isDissolved')}</p>}
              <Facts of={household} />
              <Members of={household} saved={saved} />
              <DossierCard of={household} saved={saved} />
              <Services of={household} />
            </div>
            <div className="side">
              <PlanCard premisesId={household.premisesId} mayWrite={household.mayWrite} />
              <History subject={household.id} kind="household" round={round} />
            </div>
          </div>
        )}
      </Shown>
    </ConsolePage>
  )
}

function Facts({ of }: { of: Household }) {
  const t = useText()
  return (
    <section className="card">
      <dl className="facts">
        <dt>{t('registry.home')}</dt>
        <dd>
          <Link to="/registry/premises/$id" params={{ id: of.premisesId }}>
            {of.address}
          </Link>{' '}
          <span className="word-tag">{wordFor(t, 'use', of.use)}</span>
          {of.others > 0 && <span className="faint small"> {t('registry.otherHouseholds', { count: of.others })}</span>}
        </dd>
        <dt>{t('registry.kind')}</dt>
        <dd>
          {wordFor(t, 'household', of.kind)}
          {of.number !== null && <span className="faint"> {t('registry.number', { number: of.number })}</span>}
        </dd>
        {of.owners.length > 0 && (
          <>
            <dt>{t('registry.relation.owner')}</dt>
            <dd>
              {of.owners.map((owner) => (
                <span key={owner.id} className="row">
                  <PersonLink id={owner.id} name={owner.name} />
                  <span className="mono">{owner.phone}</span>
                  {!owner.livesHere && <span className="tag tag-parked">{t('registry.livesElsewhere')}</span>}
                </span>
              ))}
            </dd>
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

function Members({ of, saved }: { of: Household; saved: (next: Household) => void }) {
  const t = useText()
  return (
    <section className="card stack">
      <h2>{t('registry.membersOf', { count: of.people.length })}</h2>
      {of.people.length === 0 && <Empty title={t('registry.nobodyHere')} />}
      <ul className="stack">
        {of.people.map((person) => (
          <li key={person.id} className="spread home-line">
            <span>
              <PersonLink id={person.id} name={person.name} />{' '}
              <span className="soft">
                {wordFor(t, 'head', person.headRelation)} {wordFor(t, 'sex', person.sex)}{' '}
                {person.age !== null && t('registry.years', { age: person.age })}
              </span>
              <br />
              <span className="row small">
                <span className="word-tag">{wordFor(t, 'relation', person.relation)}</span>
                <TagLine tags={person.tags} />
                <span className="faint">{t('registry.since', { day: saidDay(person.fromOn) })}</span>
              </span>
            </span>
            <span className="row">
              <span className="mono">{person.phone ?? '—'}</span>
              {of.mayWrite && !of.closed && of.people.length > 1 && (
                <LeaveHousehold of={of} person={person} saved={saved} />
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The other of the two files: what was done for them. */
function Services({ of }: { of: Household }) {
  const t = useText()
  return (
    <section className="card stack">
      <h2>{t('registry.serviceFile')}</h2>
      {of.services.length === 0 && <p className="soft">{t('registry.noService')}</p>}
      <ol className="stack">
        {of.services.map((line) => (
          <li key={`${line.at}${line.refId}`}>
            <Time at={line.at} /> <span className="faint small">{line.byPost}</span>
            <br />
            {line.summary}
          </li>
        ))}
      </ol>
    </section>
  )
}
