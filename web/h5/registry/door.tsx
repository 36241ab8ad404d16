import { useState } from 'react'
import type { PremisesView, RosterPage } from '../../../src/registry/addresses/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import type { DoorPerson } from '../../shared/registry/at-door.ts'
import { RegisterPerson } from '../../shared/registry/register-person.tsx'
import { wordFor } from '../../shared/registry/words.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { Page } from '../shell.tsx'
import './doors.css'

/** Before a door: who lives here and who owns it; somebody new is written down in a few taps. */
export function DoorPage({ id }: { id: string }) {
  const t = useText()
  const premises = useRead<PremisesView>(`/registry/premises/${id}`)
  const door = useRead<RosterPage>(`/registry/roster?premises=${id}`)
  const [open, setOpen] = useState(false)
  const one = premises.data
  return (
    <Page title={one?.address ?? t('registry.door')} back={one ? `/h5/doors/buildings/${one.buildingId}` : '/h5/doors'}>
      <Shown of={premises} waiting={<Skeleton lines={2} />}>
        {(shown) => (
          <p className="row">
            <span className="word-tag">{wordFor(t, 'use', shown.use)}</span>
            <span className="faint small row">
              {t('registry.checked')} <Time at={shown.checkedAt} />
            </span>
            {shown.stale && <span className="tag tag-dueSoon">{t('registry.askAgain')}</span>}
          </p>
        )}
      </Shown>
      {one?.mayWrite && (
        <Button kind="primary" icon="plus" wide onClick={() => setOpen(true)}>
          {t('registry.registerHere')}
        </Button>
      )}
      <Shown of={door} waiting={<Skeleton lines={2} cards={3} />}>
        {({ items }) => <Behind people={items[0]?.people ?? []} />}
      </Shown>
      <Sheet title={t('registry.registerHere')} open={open} close={() => setOpen(false)}>
        <RegisterPerson
          premisesId={id}
          source="visit"
          known={(person) => `/h5/doors/people/${person}`}
          done={() => {
            setOpen(false)
            premises.reload()
            door.reload()
          }}
        />
      </Sheet>
    </Page>
  )
}

function Behind({ people }: { people: readonly DoorPerson[] }) {
  const t = useText()
  if (people.length === 0) return <Empty title={t('registry.nobodyHere')}>{t('doors.emptyNext')}</Empty>
  const groups = [
    { name: t('registry.livingHere'), people: people.filter(({ livesHere }) => livesHere) },
    { name: t('registry.owningHere'), people: people.filter(({ livesHere }) => !livesHere) },
  ]
  return groups.map(
    (group) =>
      group.people.length > 0 && (
        <section key={group.name} className="stack-s">
          <h2>{group.name}</h2>
          <ul className="door-list">
            {group.people.map((person) => (
              <li key={`${person.id}${person.relation}`}>
                <a className="door-row" href={`/h5/doors/people/${person.id}`}>
                  <Icon name="person" />
                  <span className="grow">
                    <span className="strong">{person.name}</span>{' '}
                    <span className="soft">
                      {wordFor(t, 'sex', person.sex)} {person.age !== null && t('registry.years', { age: person.age })}
                    </span>
                    <br />
                    <span className="faint small">
                      {[
                        wordFor(t, 'relation', person.relation),
                        wordFor(t, 'head', person.headRelation),
                        person.phone ?? t('doors.noPhone'),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </span>
                  <Icon name="forward" />
                </a>
              </li>
            ))}
          </ul>
        </section>
      ),
  )
}
