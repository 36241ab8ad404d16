import { useState } from 'react'
import type { HouseholdBrief, HouseholdPage } from '../../../src/registry/households/contract.ts'
import type { Person } from '../../../src/registry/people/contract.ts'
import { send, type Refusal } from '../api.ts'
import { today } from '../dates.ts'
import { useText } from '../i18n/text.ts'
import { newId } from '../ids.ts'
import { useAct, useRead } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CheckField, ChoiceField, PhoneField, SelectField, TextField } from '../ui/field.tsx'
import { say } from '../ui/notice.tsx'
import { Refused } from '../ui/states.tsx'
import { choicesOf, headChoices } from './words.ts'

interface Draft {
  /** An id of a household that lives here, `new`, or empty for none. */
  joins: string | null
  name: string
  citizenId: string
  phone: string
  relation: string
  headRelation: string
  registration: string
  fromOn: string
  livesHere: boolean
}

const begun: Draft = {
  joins: null,
  name: '',
  citizenId: '',
  phone: '',
  relation: 'tenant',
  headRelation: '',
  registration: '',
  fromOn: '',
  livesHere: true,
}

/** Who rents came from elsewhere, as a rule; it can be said otherwise. */
const usualRegistration = (relation: string): string =>
  relation === 'tenant' || relation === 'lodger' ? 'floating' : 'registered'

/** Somebody who is new at a door: name and what they are here are enough, the rest can follow. */
export function RegisterPerson({
  premisesId,
  source,
  done,
  known,
}: {
  premisesId: string
  source: 'counter' | 'visit'
  done: (person: Person) => void
  /** Where the record of somebody already known is looked at. */
  known: (personId: string) => string
}) {
  const t = useText()
  const [draft, setDraft] = useState<Draft>(() => ({ ...begun, fromOn: today() }))
  const [id] = useState(newId)
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
  const registration = draft.registration || usualRegistration(draft.relation)
  const livesHere = draft.livesHere
  const homes = useRead<HouseholdPage>(`/registry/households?premises=${premisesId}&limit=20`).data?.items ?? []
  const joins = livesHere ? (draft.joins ?? usualHousehold(draft.relation, homes)) : ''
  const act = useAct((body: RegisterBody, key) => registerWithHousehold(body, key))
  const save = async () => {
    const person = await act.run({
      id,
      name: draft.name,
      citizenId: draft.citizenId.trim() || null,
      phone: draft.phone.trim() || null,
      relation: draft.relation,
      ...(draft.headRelation !== '' && { headRelation: draft.headRelation }),
      ...(joins !== '' && joins !== NEW && { householdId: joins }),
      registration,
      livesHere,
      premisesId,
      fromOn: draft.fromOn,
      source,
      alone: joins === NEW,
    })
    if (!person) return
    say(t('registry.registeredNow', { name: person.name }))
    done(person)
  }
  const knownAs = knownPerson(act.error)
  const elsewhere = act.error?.code === 'registry.known_elsewhere'
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <ChoiceField
        label={t('registry.relationName')}
        value={draft.relation}
        onChange={(relation) => change({ relation, livesHere: relation !== 'owner' && relation !== 'employee' })}
        choices={choicesOf(t, 'relation', ['registeredOnly'])}
      />
      <TextField
        label={t('registry.name')}
        value={draft.name}
        onChange={(name) => change({ name })}
        required
        maxLength={60}
        autoComplete="off"
      />
      <TextField
        label={t('registry.citizenId')}
        optional
        hint={t('registry.citizenIdHint')}
        value={draft.citizenId}
        onChange={(citizenId) => change({ citizenId })}
        maxLength={30}
        autoComplete="off"
        autoCapitalize="characters"
        wrong={act.error?.code === 'registry.citizen_id_invalid' ? act.error.message : undefined}
      />
      <PhoneField
        label={t('registry.phone')}
        optional
        value={draft.phone}
        onChange={(phone) => change({ phone })}
        wrong={act.error?.code === 'registry.phone_invalid' ? act.error.message : undefined}
      />
      <SelectField
        label={t('registry.registrationName')}
        value={registration}
        onChange={(next) => change({ registration: next })}
        choices={choicesOf(t, 'registration')}
      />
      <CheckField
        label={t('registry.livesHereAsk')}
        checked={livesHere}
        onChange={(next) => change({ livesHere: next })}
      />
      {livesHere && (
        <SelectField
          label={t('registry.joins')}
          value={joins}
          onChange={(next) => change({ joins: next })}
          choices={[
            ...homes.map(({ id: home, headName }) => ({
              value: home,
              label: t('registry.joinsHousehold', { name: headName || t('registry.noHead') }),
            })),
            { value: NEW, label: t('registry.newHousehold') },
          ]}
        />
      )}
      <SelectField
        label={t('registry.headRelationName')}
        optional
        value={draft.headRelation}
        onChange={(headRelation) => change({ headRelation })}
        choices={headChoices(t)}
        empty={t('registry.unsaid')}
      />
      <TextField
        label={t('registry.fromOn')}
        type="date"
        value={draft.fromOn}
        onChange={(fromOn) => change({ fromOn })}
        max={today()}
        required
      />
      {!isFieldError(act.error) && <Refused error={act.error} />}
      {knownAs && (
        <a className="button button-quiet" href={known(knownAs)}>
          {t('registry.showKnown')}
        </a>
      )}
      {elsewhere && (
        <MoveHere
          draft={draft}
          home={{ premisesId, relation: draft.relation, livesHere, fromOn: draft.fromOn, source }}
          done={done}
        />
      )}
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('registry.register')}
      </Button>
    </form>
  )
}

const NEW = 'new'

/** Family joins who lives here; whoever rents or lodges begins a household of their own. */
const usualHousehold = (relation: string, homes: readonly HouseholdBrief[]): string =>
  relation === 'family' ? (homes[0]?.id ?? NEW) : NEW

type RegisterBody = Record<string, unknown> & {
  alone: boolean
  registration: string
  premisesId: string
  source: string
}

/** A person, and where they begin a household, that with them as its head; sent again, neither comes twice. */
async function registerWithHousehold({ alone, ...body }: RegisterBody, key: string): Promise<Person> {
  const head = alone ? { headRelation: 'head' } : {}
  const person = await send<Person>('/registry/people', { body: { ...body, ...head }, key })
  if (!alone) return person
  await send('/registry/households', {
    body: {
      premisesId: body.premisesId,
      kind: body.registration === 'floating' ? 'floating' : 'registered',
      headId: person.id,
      members: [{ personId: person.id, version: person.version, headRelation: 'head' }],
      source: body.source,
    },
    key: `${key}-household`,
  })
  return person
}

const isFieldError = (error: Refusal | undefined): boolean =>
  error?.code === 'registry.citizen_id_invalid' || error?.code === 'registry.phone_invalid'

/** The record that the server found instead of making another. */
function knownPerson(error: Refusal | undefined): string | undefined {
  if (error?.code !== 'registry.already_known') return undefined
  const found = error.detail['person'] ?? error.detail['personId']
  return typeof found === 'string' ? found : undefined
}

/** Somebody registered elsewhere in the county has moved: the record comes along, nobody is written down twice. */
function MoveHere({
  draft,
  home,
  done,
}: {
  draft: Draft
  home: { premisesId: string; relation: string; livesHere: boolean; fromOn: string; source: string }
  done: (person: Person) => void
}) {
  const t = useText()
  const act = useAct((body: object, key) => send<Person>('/registry/people/move-here', { body, key }))
  const move = async () => {
    const { name, citizenId, phone } = draft
    const person = await act.run({
      ...home,
      name,
      citizenId,
      ...(phone.trim() !== '' && { phone }),
      reason: t('registry.movedHereReason'),
    })
    if (!person) return
    say(t('registry.registeredNow', { name: person.name }))
    done(person)
  }
  return (
    <div className="card stack-s">
      <p>{t('registry.moveHereNote')}</p>
      <Refused error={act.error} />
      <Button busy={act.busy} onClick={() => void move()}>
        {t('registry.moveHere')}
      </Button>
    </div>
  )
}
