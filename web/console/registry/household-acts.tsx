import { useNavigate } from '@tanstack/react-router'
import type { Household } from '../../../src/registry/households/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { choicesOf } from '../../shared/registry/words.ts'
import { CheckField, ChoiceField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { ActForm, ActSheet, ReasonField, useDraft } from './act-sheet.tsx'
import { ConfirmAct } from './confirm-act.tsx'
import { JoinHousehold } from './household-members.tsx'
import { PremisesPick, type PickedPremises } from './search-pick.tsx'

interface Acting {
  of: Household
  saved: (next: Household) => void
}

/** What may be done with a household as a whole. */
export function HouseholdActs({ of, saved }: Acting) {
  const t = useText()
  const then = (close: () => void) => (next: Household) => {
    close()
    saved(next)
  }
  return (
    <>
      <ConfirmAct path="/registry/households" of={of} saved={saved} />
      <ActSheet label={t('registry.correct')} title={t('homes.correctHousehold')}>
        {(close) => <Correcting of={of} saved={then(close)} />}
      </ActSheet>
      <ActSheet label={t('homes.join')}>{(close) => <JoinHousehold of={of} saved={then(close)} />}</ActSheet>
      {of.people.length > 1 && (
        <>
          <ActSheet label={t('homes.changeHead')}>{(close) => <ChangingHead of={of} saved={then(close)} />}</ActSheet>
          <ActSheet label={t('homes.splitHousehold')}>{() => <Splitting of={of} />}</ActSheet>
        </>
      )}
      <ActSheet label={t('homes.dissolve')} kind="plain">
        {(close) => <Dissolving of={of} saved={then(close)} />}
      </ActSheet>
    </>
  )
}

function Correcting({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ kind: of.kind, number: of.number ?? '', reason: '' })
  const act = useAct((body: object, key) => send<Household>(`/registry/households/${of.id}/corrections`, { body, key }))
  const save = async () => {
    const next = await act.run({ ...draft, number: draft.number.trim() || null, version: of.version })
    if (!next) return
    say(t('registry.corrected'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('act.save')} run={save}>
      <ChoiceField
        label={t('registry.kind')}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        choices={choicesOf(t, 'household')}
      />
      <TextField
        label={t('homes.householdNumber')}
        optional
        value={draft.number}
        onChange={(number) => change({ number })}
        maxLength={40}
      />
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} />
    </ActForm>
  )
}

const peopleOf = (of: Household) => of.people.map(({ id, name }) => ({ value: id, label: name }))

function ChangingHead({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ headId: '', reason: '' })
  const act = useAct((body: object, key) => send<Household>(`/registry/households/${of.id}/head`, { body, key }))
  const save = async () => {
    const next = await act.run({ ...draft, version: of.version })
    if (!next) return
    say(t('homes.headChanged', { name: next.headName }))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('homes.changeHead')} run={save} ready={draft.headId !== ''}>
      <p className="soft">{t('homes.headNote')}</p>
      <ChoiceField
        label={t('homes.newHead')}
        value={draft.headId}
        onChange={(headId) => change({ headId })}
        choices={peopleOf(of).filter(({ value }) => value !== of.headId)}
      />
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('homes.headReason')} />
    </ActForm>
  )
}

/** Some go and are a household of their own: behind the same door, or behind another. */
function Splitting({ of }: Pick<Acting, 'of'>) {
  const t = useText()
  const navigate = useNavigate()
  const [draft, change] = useDraft<{
    chosen: readonly string[]
    headId: string
    elsewhere: boolean
    premises: PickedPremises | null
    number: string
    reason: string
  }>({ chosen: [], headId: '', elsewhere: false, premises: null, number: '', reason: '' })
  const act = useAct((body: object, key) => send<Household>(`/registry/households/${of.id}/split`, { body, key }))
  const { chosen, headId, elsewhere, premises, number, reason } = draft
  const save = async () => {
    const made = await act.run({
      personIds: chosen,
      headId: chosen.includes(headId) ? headId : null,
      ...(elsewhere && premises && { premisesId: premises.id }),
      number: number.trim() || null,
      version: of.version,
      reason,
    })
    if (!made) return
    say(t('homes.splitDone'))
    void navigate({ to: '/registry/households/$id', params: { id: made.id } })
  }
  const all = chosen.length === of.people.length
  const ready = chosen.length > 0 && !all && (!elsewhere || premises !== null)
  return (
    <ActForm act={act} submit={t('homes.splitHousehold')} run={save} ready={ready}>
      <fieldset className="field">
        <legend>{t('homes.whoLeaves')}</legend>
        {of.people.map(({ id, name }) => (
          <CheckField
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={(on) => change({ chosen: on ? [...chosen, id] : chosen.filter((one) => one !== id) })}
          />
        ))}
      </fieldset>
      {all && <p className="wrong">{t('homes.oneStays')}</p>}
      {chosen.length > 1 && (
        <SelectField
          label={t('homes.newHead')}
          value={chosen.includes(headId) ? headId : ''}
          onChange={(next) => change({ headId: next })}
          choices={peopleOf(of).filter(({ value }) => chosen.includes(value))}
          empty={t('registry.noHead')}
        />
      )}
      <ChoiceField
        label={t('homes.whereTo')}
        value={elsewhere ? 'other' : 'same'}
        onChange={(value) => change({ elsewhere: value === 'other' })}
        choices={[
          { value: 'same', label: t('homes.sameHome') },
          { value: 'other', label: t('homes.otherHome') },
        ]}
      />
      {elsewhere && (
        <PremisesPick label={t('homes.otherHome')} chosen={premises} choose={(next) => change({ premises: next })} />
      )}
      <TextField
        label={t('homes.householdNumber')}
        optional
        value={number}
        onChange={(next) => change({ number: next })}
        maxLength={40}
      />
      <ReasonField value={reason} onChange={(next) => change({ reason: next })} hint={t('homes.splitReason')} />
    </ActForm>
  )
}

function Dissolving({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ reason: '' })
  const act = useAct((body: object, key) => send<Household>(`/registry/households/${of.id}/dissolve`, { body, key }))
  const save = async () => {
    const next = await act.run({ version: of.version, reason: draft.reason })
    if (!next) return
    say(t('homes.dissolved'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('homes.dissolve')} run={save}>
      <p className="soft">{t('homes.dissolveNote', { count: of.people.length })}</p>
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('homes.dissolveReason')} />
    </ActForm>
  )
}
