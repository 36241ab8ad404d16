import { useState } from 'react'
import type { DoorPerson, PersonFate } from '../../../src/registry/visits/contract.ts'
import { newId } from '../../shared/ids.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, PhoneField, SelectField, TextField } from '../../shared/ui/field.tsx'
import type { Stop } from '../../shared/visits/doors.ts'
import { fateNames, premisesUseNames, relationNames } from '../../shared/visits/words.ts'
import type { Newcomer, VisitDraft } from './draft.ts'

interface Filling {
  draft: VisitDraft
  change: (part: Partial<VisitDraft>) => void
}

/** Who should live here, each with one tap; whoever is new; whether it is still used as registered. */
export function People({ stop: { subject }, draft, change }: Filling & { stop: Stop }) {
  const t = useText()
  const everybody = () =>
    change({ fates: Object.fromEntries(subject.people.map(({ id }) => [id, draft.fates[id] ?? ('met' as const)])) })
  const add = () => {
    const fresh: Newcomer = { id: newId(), name: '', phone: '', citizenId: '', relation: 'family' }
    change({ newcomers: [...draft.newcomers, fresh] })
  }
  const left = subject.people.filter(({ id }) => draft.fates[id] === undefined).length
  return (
    <section className="stack-s">
      <h2>{t('visit.people', { count: subject.people.length })}</h2>
      {left > 1 && (
        <Button kind="quiet" icon="check" wide onClick={everybody}>
          {t('visit.allMet')}
        </Button>
      )}
      {subject.people.length === 0 && <p className="soft">{t('visit.nobodyRegistered')}</p>}
      {subject.people.map((person) => (
        <OnePerson key={person.id} of={person} draft={draft} change={change} />
      ))}
      {draft.newcomers.map((one, at) => (
        <OneNewcomer
          key={one.id}
          of={one}
          change={(next) => {
            const newcomers = [...draft.newcomers]
            if (next) newcomers[at] = next
            else newcomers.splice(at, 1)
            change({ newcomers })
          }}
        />
      ))}
      <Button kind="quiet" icon="plus" wide onClick={add}>
        {t('visit.addPerson')}
      </Button>
      <SelectField
        label={t('visit.use')}
        value={draft.use}
        onChange={(use) => change({ use: use as VisitDraft['use'] })}
        choices={premisesUseNames.map(([value, label]) => ({ value, label: t(label) }))}
      />
    </section>
  )
}

function OnePerson({ of, draft, change }: Filling & { of: DoorPerson }) {
  const t = useText()
  const [fixing, setFixing] = useState(false)
  const relation = relationNames.get(of.relation)
  const facts = [
    of.age === null ? '' : t('visit.age', { years: of.age }),
    relation ? t(relation) : '',
    of.phone || t('visit.noPhone'),
    ...of.tags,
  ]
  const fate = (value: string) => change({ fates: { ...draft.fates, [of.id]: value as PersonFate } })
  return (
    <div className="card stack-s">
      <ChoiceField
        label={
          <>
            <span className="strong">{of.name}</span>{' '}
            <span className="soft small">{facts.filter(Boolean).join(' · ')}</span>
          </>
        }
        value={draft.fates[of.id] ?? ''}
        onChange={fate}
        choices={(['met', 'vouched', 'away', 'left'] as const).map((one) => ({ value: one, label: t(fateNames[one]) }))}
      />
      {fixing || draft.phones[of.id] ? (
        <PhoneField
          label={t('visit.newPhone')}
          value={draft.phones[of.id] ?? ''}
          onChange={(phone) => change({ phones: { ...draft.phones, [of.id]: phone } })}
        />
      ) : (
        <div>
          <Button kind="plain" small icon="phone" onClick={() => setFixing(true)}>
            {t('visit.phoneChanged')}
          </Button>
        </div>
      )}
    </div>
  )
}

function OneNewcomer({ of, change }: { of: Newcomer; change: (next: Newcomer | null) => void }) {
  const t = useText()
  return (
    <div className="card stack-s">
      <TextField
        label={t('visit.newName')}
        value={of.name}
        maxLength={60}
        onChange={(name) => change({ ...of, name })}
        required
      />
      <SelectField
        label={t('visit.relation')}
        value={of.relation}
        onChange={(relation) => change({ ...of, relation: relation as Newcomer['relation'] })}
        choices={[...relationNames].map(([value, label]) => ({ value, label: t(label) }))}
      />
      <PhoneField
        label={t('visit.newPhone')}
        optional
        value={of.phone}
        onChange={(phone) => change({ ...of, phone })}
      />
      <TextField
        label={t('visit.citizenId')}
        optional
        value={of.citizenId}
        maxLength={20}
        onChange={(citizenId) => change({ ...of, citizenId })}
      />
      <div>
        <Button kind="plain" small onClick={() => change(null)}>
          {t('visit.notNew')}
        </Button>
      </div>
    </div>
  )
}
