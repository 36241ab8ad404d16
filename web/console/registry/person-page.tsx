import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Person, Residence, UnmaskedPerson } from '../../../src/registry/people/contract.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { FixPhone } from '../../shared/registry/fix-phone.tsx'
import { MoveOut } from '../../shared/registry/move-out.tsx'
import { TagLine } from '../../shared/registry/tags.tsx'
import { Unmask } from '../../shared/registry/unmask.tsx'
import { wordFor } from '../../shared/registry/words.ts'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { BackToList } from './back.tsx'
import { ConfirmAct } from './confirm-act.tsx'
import { CorrectPerson, SetTags } from './person-acts.tsx'
import { FieldGroupCards } from './field-groups.tsx'
import { History } from './history.tsx'
import { AddHome, ChangeState } from './person-life.tsx'
import { SplitPerson } from './person-splitting.tsx'
import { useRegistryTerms } from './use-terms.ts'
import './registry.css'

/** What is kept about a person: the groups with their purpose and age, where they live, what they are marked with, what changed. */
export function PersonPage() {
  const { id } = useParams({ from: '/registry/people/$id' })
  // Another record is another page: nothing that was opened or shown of one stays with the next.
  return <OnePerson id={id} key={id} />
}

function OnePerson({ id }: { id: string }) {
  const t = useText()
  const loaded = useRead<Person>(`/registry/people/${id}`)
  const [open, setOpen] = useState<UnmaskedPerson>({})
  const [round, setRound] = useState(0)
  const saved = (person: Person) => {
    loaded.replace(person)
    setOpen({})
    setRound((count) => count + 1)
  }
  return (
    <ConsolePage
      title={loaded.data?.name ?? t('registry.person')}
      side={loaded.data?.mayWrite && <PersonButtons person={loaded.data} saved={saved} />}
    >
      <BackToList tab="people" area={loaded.data?.areaPath} />
      <Shown of={loaded} waiting={<Skeleton lines={5} cards={3} />}>
        {(person) => (
          <div className="two">
            <div className="page">
              {person.mergedInto && (
                <p className="banner banner-warn">
                  <Link to="/registry/people/$id" params={{ id: person.mergedInto }}>
                    {t('registry.mergedInto')}
                  </Link>
                </p>
              )}
              <Facts
                person={person}
                open={open}
                shown={(more) => setOpen((now) => ({ ...now, ...more }))}
                saved={saved}
              />
              <Homes
                person={person}
                changed={() => {
                  loaded.reload()
                  setRound((count) => count + 1)
                }}
                saved={saved}
              />
              <FieldGroupCards
                person={person}
                open={open}
                shown={(more) => setOpen((now) => ({ ...now, ...more }))}
                saved={saved}
              />
            </div>
            <div className="side">
              <section className="card stack-s">
                <h2>{t('registry.tags')}</h2>
                {person.tags.length === 0 ? (
                  <p className="soft">{t('registry.noTags')}</p>
                ) : (
                  <TagLine tags={person.tags} />
                )}
                {person.mayWrite && <SetTags person={person} saved={saved} />}
              </section>
              <History subject={person.id} kind="person" round={round} />
            </div>
          </div>
        )}
      </Shown>
    </ConsolePage>
  )
}

function PersonButtons({ person, saved }: { person: Person; saved: (next: Person) => void }) {
  const mayMerge = useRegistryTerms().data?.mayMerge
  return (
    <>
      <ConfirmAct path="/registry/people" of={person} saved={saved} />
      <CorrectPerson person={person} saved={saved} />
      {mayMerge && person.state !== 'merged' && <SplitPerson person={person} />}
    </>
  )
}

interface Opening {
  person: Person
  open: UnmaskedPerson
  shown: (found: UnmaskedPerson) => void
}

function Facts({ person, open, shown, saved }: Opening & { saved: (next: Person) => void }) {
  const t = useText()
  const phone = open.phone ?? person.phone
  return (
    <section className="card">
      <dl className="facts">
        <dt>{t('registry.sexAge')}</dt>
        <dd>
          {wordFor(t, 'sex', person.sex)} {person.age !== null && t('registry.years', { age: person.age })}
          {person.bornOn !== null && <span className="faint"> {person.bornOn}</span>}
        </dd>
        <dt>{t('registry.phone')}</dt>
        <dd className="row">
          {open.phone ? (
            <a className="mono" href={`tel:${open.phone}`}>
              {open.phone}
            </a>
          ) : (
            <span className="mono">{phone ?? t('registry.none')}</span>
          )}
          {person.phone !== null && !open.phone && person.mayUnmask && (
            <Unmask id={person.id} fields={['phone']} label={t('matter.showPhone')} shown={shown} />
          )}
          {person.mayWrite && <FixPhone of={person} source="counter" fixed={saved} small />}
        </dd>
        <dt>{t('registry.citizenId')}</dt>
        <dd className="row">
          <span className="mono">{open.citizenId ?? person.citizenId ?? t('registry.none')}</span>
          {person.citizenId !== null && !open.citizenId && person.mayUnmask && (
            <Unmask id={person.id} fields={['citizenId']} label={t('registry.showId')} shown={shown} />
          )}
        </dd>
        <dt>{t('registry.registrationName')}</dt>
        <dd>{wordFor(t, 'registration', person.registration)}</dd>
        <dt>{t('registry.stateName')}</dt>
        <dd className="row">
          {wordFor(t, 'state', person.state)}
          {person.mayWrite && person.state !== 'merged' && <ChangeState person={person} saved={saved} />}
        </dd>
        <dt>{t('registry.checked')}</dt>
        <dd className="row">
          <Time at={person.checkedAt} />
          <span className="faint">{wordFor(t, 'source', person.source)}</span>
          {person.stale && <span className="tag tag-dueSoon">{t('registry.askAgain')}</span>}
        </dd>
      </dl>
    </section>
  )
}

function Homes({ person, changed, saved }: { person: Person; changed: () => void; saved: (next: Person) => void }) {
  const t = useText()
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('registry.homes')}</h2>
        {person.mayWrite && <AddHome person={person} saved={saved} />}
      </div>
      {person.residences.length === 0 && <p className="soft">{t('registry.noHome')}</p>}
      <ul className="stack">
        {person.residences.map((home) => (
          <Home key={home.id} of={home} person={person} changed={changed} />
        ))}
      </ul>
    </section>
  )
}

function Home({ of, person, changed }: { of: Residence; person: Person; changed: () => void }) {
  const t = useText()
  return (
    <li className="spread home-line">
      <span>
        <Link className="strong" to="/registry/premises/$id" params={{ id: of.premisesId }}>
          {of.address}
        </Link>
        <br />
        <span className="row small">
          <span className="word-tag">{wordFor(t, 'relation', of.relation)}</span>
          {!of.livesHere && <span className="tag tag-parked">{t('registry.livesElsewhere')}</span>}
          {of.headRelation !== null && <span className="soft">{wordFor(t, 'head', of.headRelation)}</span>}
          <span className="faint">
            {t('registry.since', { day: saidDay(of.fromOn) })}
            {of.untilOn !== null && t('registry.until', { day: saidDay(of.untilOn) })}
          </span>
          {of.householdId !== null && (
            <Link to="/registry/households/$id" params={{ id: of.householdId }}>
              {t('registry.householdPage')}
            </Link>
          )}
        </span>
      </span>
      {person.mayWrite && of.untilOn === null && (
        <MoveOut of={person} residenceId={of.id} source="counter" moved={changed} />
      )}
    </li>
  )
}
