import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { PremisesView, RosterPage } from '../../../src/registry/addresses/contract.ts'
import type { HouseholdPage } from '../../../src/registry/households/contract.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import type { DoorPerson } from '../../shared/registry/at-door.ts'
import { RegisterPerson } from '../../shared/registry/register-person.tsx'
import { wordFor } from '../../shared/registry/words.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { BackToList } from './back.tsx'
import { History } from './history.tsx'
import { PlanCard } from './plan.tsx'
import { PremisesActs } from './premises-acts.tsx'
import { PersonLink } from './rows.tsx'
import './registry.css'

/** A door: who lives behind it and who owns it, its plan, what changed; and where somebody new is written down. */
export function PremisesPage() {
  const { id } = useParams({ from: '/registry/premises/$id' })
  // Another record is another page: nothing that was opened or shown of one stays with the next.
  return <OneHome id={id} key={id} />
}

function OneHome({ id }: { id: string }) {
  const t = useText()
  const premises = useRead<PremisesView>(`/registry/premises/${id}`)
  const door = useRead<RosterPage>(`/registry/roster?premises=${id}`)
  const [open, setOpen] = useState(false)
  const [round, setRound] = useState(0)
  return (
    <ConsolePage
      title={premises.data?.address ?? t('registry.door')}
      side={
        premises.data?.mayWrite &&
        !premises.data.closed && (
          <>
            <Button small kind="primary" icon="plus" onClick={() => setOpen(true)}>
              {t('registry.registerHere')}
            </Button>
            <PremisesActs
              of={premises.data}
              saved={(next) => {
                premises.replace(next)
                setRound((count) => count + 1)
              }}
            />
          </>
        )
      }
    >
      <BackToList tab="premises" area={premises.data?.areaPath} />
      <Shown of={premises} waiting={<Skeleton lines={4} cards={2} />}>
        {(one) => (
          <div className="two">
            <div className="page">
              {one.closed && <p className="banner banner-warn">{t('homes.isClosed')}</p>}
              <Facts of={one} />
              <Households at={one} key={round} />
              <Shown of={door} waiting={<Skeleton lines={4} />}>
                {({ items }) => <People people={items[0]?.people ?? []} />}
              </Shown>
            </div>
            <div className="side">
              <PlanCard
                key={one.version}
                premisesId={one.id}
                mayWrite={one.mayWrite && !one.closed}
                saved={() => {
                  premises.reload()
                  setRound((count) => count + 1)
                }}
              />
              <History subject={one.id} kind="premises" round={round} />
            </div>
          </div>
        )}
      </Shown>
      <Sheet title={t('registry.registerHere')} open={open} close={() => setOpen(false)}>
        <RegisterPerson
          premisesId={id}
          source="counter"
          known={(person) => `/console/registry/people/${person}`}
          done={() => {
            setOpen(false)
            premises.reload()
            door.reload()
            setRound((count) => count + 1)
          }}
        />
      </Sheet>
    </ConsolePage>
  )
}

function Facts({ of }: { of: PremisesView }) {
  const t = useText()
  return (
    <section className="card">
      <dl className="facts">
        <dt>{t('registry.building')}</dt>
        <dd>
          <Link to="/registry/buildings/$id" params={{ id: of.buildingId }}>
            {of.buildingAddress}
          </Link>{' '}
          <span className="faint">{of.areaName}</span>
        </dd>
        <dt>{t('registry.use')}</dt>
        <dd>{wordFor(t, 'use', of.use)}</dd>
        <dt>{t('registry.members')}</dt>
        <dd>{t('registry.inside', { households: of.households, people: of.residents })}</dd>
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

/** The households of the home, each with its own page: where one splits, dissolves and writes the file. */
function Households({ at }: { at: PremisesView }) {
  const t = useText()
  const households = useRead<HouseholdPage>(`/registry/households?premises=${at.id}`)
  const items = households.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section className="card stack">
      <h2>{t('registry.households')}</h2>
      <ul className="stack-s">
        {items.map((one) => (
          <li key={one.id} className="row">
            <Link className="strong" to="/registry/households/$id" params={{ id: one.id }}>
              {t('registry.householdOf', { name: one.headName || t('registry.noHead') })}
            </Link>
            <span className="word-tag">{wordFor(t, 'household', one.kind)}</span>
            <span className="faint">{t('registry.persons', { count: one.members })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function People({ people }: { people: readonly DoorPerson[] }) {
  const t = useText()
  const groups = [
    { name: t('registry.livingHere'), people: people.filter(({ livesHere }) => livesHere) },
    { name: t('registry.owningHere'), people: people.filter(({ livesHere }) => !livesHere) },
  ]
  if (people.length === 0)
    return (
      <section className="card stack">
        <h2>{t('registry.livingHere')}</h2>
        <p className="soft">{t('registry.nobodyHere')}</p>
      </section>
    )
  return (
    <>
      {groups.map(
        (group) =>
          group.people.length > 0 && (
            <section key={group.name} className="card stack">
              <h2>{group.name}</h2>
              <ul className="stack">
                {group.people.map((person) => (
                  <PersonLine key={`${person.id}${person.relation}`} of={person} />
                ))}
              </ul>
            </section>
          ),
      )}
    </>
  )
}

function PersonLine({ of }: { of: DoorPerson }) {
  const t = useText()
  return (
    <li className="spread home-line">
      <span>
        <PersonLink id={of.id} name={of.name} />{' '}
        <span className="soft">
          {wordFor(t, 'head', of.headRelation)} {wordFor(t, 'sex', of.sex)}{' '}
          {of.age !== null && t('registry.years', { age: of.age })}
        </span>
        <br />
        <span className="row small">
          <span className="word-tag">{wordFor(t, 'relation', of.relation)}</span>
          <span>{wordFor(t, 'registration', of.registration)}</span>
          <span className="faint">{t('registry.since', { day: saidDay(of.fromOn) })}</span>
        </span>
      </span>
      <span className="mono">{of.phone ?? '—'}</span>
    </li>
  )
}
