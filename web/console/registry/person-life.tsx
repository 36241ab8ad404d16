import { useState } from 'react'
import type { Person } from '../../../src/registry/people/contract.ts'
import { send } from '../../shared/api.ts'
import { today } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { choicesOf } from '../../shared/registry/words.ts'
import { CheckField, ChoiceField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { ActForm, ActSheet, ReasonField, useDraft } from './act-sheet.tsx'
import { PremisesPick, type PickedPremises } from './search-pick.tsx'

interface Acting {
  person: Person
  saved: (next: Person) => void
}

/** Away for work, gone for good, dead, or back. */
export function ChangeState({ person, saved }: Acting) {
  const t = useText()
  return (
    <ActSheet label={t('person.state')} title={t('person.stateOf', { name: person.name })} kind="plain">
      {(close) => (
        <Changing
          person={person}
          saved={(next) => {
            close()
            saved(next)
          }}
        />
      )}
    </ActSheet>
  )
}

function Changing({ person, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ state: '', on: today(), reason: '' })
  const [asked] = useState(() => today())
  const act = useAct((body: object, key) => send<Person>(`/registry/people/${person.id}/state`, { body, key }))
  const save = async () => {
    const next = await act.run({ ...draft, version: person.version, source: 'counter' })
    if (!next) return
    say(t('registry.corrected'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('act.save')} run={save} ready={draft.state !== ''}>
      <ChoiceField
        label={t('registry.stateName')}
        value={draft.state}
        onChange={(state) => change({ state })}
        choices={choicesOf(t, 'state', ['merged', person.state])}
      />
      {(draft.state === 'left' || draft.state === 'deceased') && <p className="soft">{t('person.endsHomes')}</p>}
      <TextField
        label={t('person.sinceDay')}
        type="date"
        value={draft.on}
        onChange={(on) => change({ on })}
        max={asked}
        required
      />
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('person.stateReason')} />
    </ActForm>
  )
}

/** One more home that somebody has to do with: bought, rented, moved into. */
export function AddHome({ person, saved }: Acting) {
  const t = useText()
  return (
    <ActSheet label={t('person.addHome')} icon="plus">
      {(close) => (
        <Adding
          person={person}
          saved={(next) => {
            close()
            saved(next)
          }}
        />
      )}
    </ActSheet>
  )
}

function Adding({ person, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft<{
    premises: PickedPremises | null
    relation: string
    livesHere: boolean
    fromOn: string
  }>({ premises: null, relation: 'owner', livesHere: false, fromOn: today() })
  const act = useAct((body: object, key) => send<Person>(`/registry/people/${person.id}/residences`, { body, key }))
  const save = async () => {
    const { premises, ...rest } = draft
    if (!premises) return
    const next = await act.run({ premisesId: premises.id, ...rest, version: person.version, source: 'counter' })
    if (!next) return
    say(t('person.homeAdded'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('act.save')} run={save} ready={draft.premises !== null}>
      <PremisesPick label={t('registry.address')} chosen={draft.premises} choose={(premises) => change({ premises })} />
      <SelectField
        label={t('registry.relationName')}
        value={draft.relation}
        onChange={(relation) => change({ relation, livesHere: relation !== 'owner' && relation !== 'employee' })}
        choices={choicesOf(t, 'relation')}
      />
      <CheckField
        label={t('registry.livesHereAsk')}
        checked={draft.livesHere}
        onChange={(livesHere) => change({ livesHere })}
      />
      {draft.livesHere && <p className="soft small">{t('person.movesHere')}</p>}
      <TextField
        label={t('registry.fromOn')}
        type="date"
        value={draft.fromOn}
        onChange={(fromOn) => change({ fromOn })}
        required
      />
    </ActForm>
  )
}
