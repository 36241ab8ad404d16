import { useState } from 'react'
import type { RosterPage } from '../../../src/registry/addresses/contract.ts'
import type { Household } from '../../../src/registry/households/contract.ts'
import type { Person } from '../../../src/registry/people/contract.ts'
import { read, send } from '../../shared/api.ts'
import { today } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { headChoices } from '../../shared/registry/words.ts'
import { CheckField, ChoiceField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ActForm, ActSheet, ReasonField, useDraft } from './act-sheet.tsx'
import { PersonPick, type PickedPerson } from './search-pick.tsx'

interface Acting {
  of: Household
  saved: (next: Household) => void
}

const ELSEWHERE = 'elsewhere'

/** Somebody comes into the household: who lives behind the same door, or who is registered elsewhere and moves in. */
export function JoinHousehold({ of, saved }: Acting) {
  const door = useRead<RosterPage>(`/registry/roster?premises=${of.premisesId}`)
  return (
    <Shown of={door} waiting={<Skeleton lines={3} />}>
      {({ items }) => {
        const here = (items[0]?.people ?? []).filter(({ livesHere, householdId }) => livesHere && householdId !== of.id)
        return <Joining of={of} saved={saved} here={here.map(({ id, name }) => ({ value: id, label: name }))} />
      }}
    </Shown>
  )
}

function Joining({ of, saved, here }: Acting & { here: { value: string; label: string }[] }) {
  const t = useText()
  const [draft, change] = useDraft<{ who: string; other: PickedPerson | null; headRelation: string; fromOn: string }>({
    who: here[0]?.value ?? ELSEWHERE,
    other: null,
    headRelation: '',
    fromOn: today(),
  })
  const personId = draft.who === ELSEWHERE ? draft.other?.id : draft.who
  const act = useAct(async (member: { personId: string; headRelation: string | null; fromOn?: string }, key) => {
    const { version } = await read<Person>(`/registry/people/${member.personId}`)
    const body = { members: [{ ...member, version }], version: of.version, source: 'counter' }
    return send<Household>(`/registry/households/${of.id}/members`, { body, key })
  })
  const save = async () => {
    if (!personId) return
    const next = await act.run({
      personId,
      headRelation: draft.headRelation || null,
      ...(draft.who === ELSEWHERE && { fromOn: draft.fromOn }),
    })
    if (!next) return
    say(t('homes.joined'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('homes.join')} run={save} ready={personId !== undefined}>
      <ChoiceField
        label={t('homes.whoJoins')}
        list
        value={draft.who}
        onChange={(who) => change({ who })}
        choices={[...here, { value: ELSEWHERE, label: t('homes.somebodyElse') }]}
      />
      {draft.who === ELSEWHERE && (
        <>
          <PersonPick label={t('homes.findPerson')} chosen={draft.other} choose={(other) => change({ other })} />
          <p className="soft small">{t('homes.joinMoves')}</p>
          <TextField
            label={t('registry.fromOn')}
            type="date"
            value={draft.fromOn}
            onChange={(fromOn) => change({ fromOn })}
            max={today()}
            required
          />
        </>
      )}
      <SelectField
        label={t('registry.headRelationName')}
        optional
        value={draft.headRelation}
        onChange={(headRelation) => change({ headRelation })}
        choices={headChoices(t).filter(({ value }) => value !== 'head')}
        empty={t('registry.unsaid')}
      />
    </ActForm>
  )
}

/** One member leaves: moved away on a day, or stays behind the door as somebody apart. */
export function LeaveHousehold({ of, person, saved }: Acting & { person: { id: string; name: string } }) {
  const t = useText()
  return (
    <ActSheet label={t('homes.leave')} title={t('homes.leaveOf', { name: person.name })} kind="plain">
      {(close) => (
        <Leaving
          of={of}
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

function Leaving({ of, person, saved }: Acting & { person: { id: string; name: string } }) {
  const t = useText()
  const [draft, change] = useDraft({ staysHere: false, untilOn: today(), reason: '' })
  const [asked] = useState(() => today())
  const act = useAct((body: object, key) => send<Household>(`/registry/households/${of.id}/leave`, { body, key }))
  const save = async () => {
    const { staysHere, untilOn, reason } = draft
    const next = await act.run({
      personId: person.id,
      ...(staysHere ? { staysHere } : { untilOn }),
      version: of.version,
      reason,
    })
    if (!next) return
    say(t('homes.left', { name: person.name }))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('homes.leave')} run={save}>
      <CheckField
        label={t('homes.staysHere')}
        checked={draft.staysHere}
        onChange={(staysHere) => change({ staysHere })}
      />
      {!draft.staysHere && (
        <TextField
          label={t('registry.untilOn')}
          type="date"
          value={draft.untilOn}
          onChange={(untilOn) => change({ untilOn })}
          max={asked}
          required
        />
      )}
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('registry.moveOutHint')} />
    </ActForm>
  )
}
