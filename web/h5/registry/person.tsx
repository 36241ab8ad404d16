import { useState } from 'react'
import type { Person } from '../../../src/registry/people/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { FixPhone } from '../../shared/registry/fix-phone.tsx'
import { MoveOut } from '../../shared/registry/move-out.tsx'
import { TagLine } from '../../shared/registry/tags.tsx'
import { Unmask } from '../../shared/registry/unmask.tsx'
import { wordFor } from '../../shared/registry/words.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { Page } from '../shell.tsx'
import './doors.css'

/** Somebody behind a door: call, mend the number, still so, moved out. */
export function DoorPersonPage({ id }: { id: string }) {
  const t = useText()
  const loaded = useRead<Person>(`/registry/people/${id}`)
  const [phone, setPhone] = useState<string | null>(null)
  const home = loaded.data?.premisesId
  const saved = (next: Person) => {
    setPhone(null)
    loaded.replace(next)
  }
  return (
    <Page title={loaded.data?.name ?? t('registry.person')} back={home ? `/h5/doors/at/${home}` : '/h5/doors'}>
      <Shown of={loaded} waiting={<Skeleton lines={4} cards={2} />}>
        {(person) => (
          <>
            <section className="card stack">
              <p className="row">
                <span>
                  {wordFor(t, 'sex', person.sex)} {person.age !== null && t('registry.years', { age: person.age })}
                </span>
                {person.registration !== 'floating' && (
                  <span className="word-tag">{wordFor(t, 'registration', person.registration)}</span>
                )}
                <TagLine tags={person.tags} />
              </p>
              <Phone person={person} phone={phone} show={setPhone} />
              {person.mayWrite && (
                <div className="row">
                  <FixPhone of={person} source="visit" fixed={saved} />
                  <StillSo person={person} saved={saved} />
                </div>
              )}
              <p className="faint small row">
                {t('registry.checked')} <Time at={person.checkedAt} />
                {person.stale && <span className="tag tag-dueSoon">{t('registry.askAgain')}</span>}
              </p>
            </section>
            <section className="stack-s">
              <h2>{t('registry.homes')}</h2>
              <ul className="door-list">
                {person.residences.map((one) => (
                  <li key={one.id} className="door-row">
                    <span className="grow">
                      <a href={`/h5/doors/at/${one.premisesId}`}>{one.address}</a>
                      <br />
                      <span className="faint small">
                        {wordFor(t, 'relation', one.relation)}
                        {!one.livesHere && ` · ${t('registry.livesElsewhere')}`} ·{' '}
                        {t('registry.since', { day: saidDay(one.fromOn) })}
                        {one.untilOn !== null && t('registry.until', { day: saidDay(one.untilOn) })}
                      </span>
                    </span>
                    {person.mayWrite && one.untilOn === null && (
                      <MoveOut of={person} residenceId={one.id} source="visit" moved={loaded.reload} />
                    )}
                  </li>
                ))}
              </ul>
            </section>
          </>
        )}
      </Shown>
    </Page>
  )
}

function Phone({
  person,
  phone,
  show,
}: {
  person: Person
  phone: string | null
  show: (phone: string | null) => void
}) {
  const t = useText()
  if (person.phone === null) return <p className="soft">{t('doors.noPhone')}</p>
  if (phone !== null)
    return (
      <ButtonLink kind="primary" icon="phone" wide href={`tel:${phone}`}>
        {t('doors.call', { phone })}
      </ButtonLink>
    )
  return (
    <p className="row">
      <span className="strong">{person.phone}</span>
      {person.mayUnmask && (
        <Unmask
          id={person.id}
          fields={['phone']}
          label={t('matter.showPhone')}
          shown={(found) => show(found.phone ?? null)}
        />
      )}
    </p>
  )
}

function StillSo({ person, saved }: { person: Person; saved: (next: Person) => void }) {
  const t = useText()
  const act = useAct((body: object, key) => send<Person>(`/registry/people/${person.id}/confirm`, { body, key }))
  const confirm = async () => {
    const next = await act.run({ version: person.version, source: 'visit' })
    if (!next) return
    say(t('registry.confirmed'))
    saved(next)
  }
  return (
    <>
      <Button icon="check" busy={act.busy} onClick={() => void confirm()}>
        {t('registry.stillSo')}
      </Button>
      <Refused error={act.error} />
    </>
  )
}
