import type { PremisesView } from '../../../src/registry/addresses/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { choicesOf } from '../../shared/registry/words.ts'
import { SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { ActForm, ActSheet, ReasonField, useDraft } from './act-sheet.tsx'
import { ConfirmAct } from './confirm-act.tsx'

interface Acting {
  of: PremisesView
  saved: (next: PremisesView) => void
}

/** What may be done with a home: still so, put right, taken off the list. */
export function PremisesActs({ of, saved }: Acting) {
  const t = useText()
  const then = (close: () => void) => (next: PremisesView) => {
    close()
    saved(next)
  }
  return (
    <>
      <ConfirmAct path="/registry/premises" of={of} saved={saved} />
      <ActSheet label={t('registry.correct')} title={t('homes.correctPremises')}>
        {(close) => <Correcting of={of} saved={then(close)} />}
      </ActSheet>
      <ActSheet label={t('homes.close')} title={t('homes.closePremises')} kind="plain">
        {(close) => <Closing of={of} saved={then(close)} />}
      </ActSheet>
    </>
  )
}

function Correcting({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({
    unit: of.unit,
    room: of.room,
    floor: of.floor === null ? '' : String(of.floor),
    use: of.use,
    reason: '',
  })
  const act = useAct((body: object, key) =>
    send<PremisesView>(`/registry/premises/${of.id}/corrections`, { body, key }),
  )
  const save = async () => {
    const floor = draft.floor === '' ? null : Number(draft.floor)
    const next = await act.run({
      ...(draft.unit !== of.unit && { unit: draft.unit }),
      ...(draft.room !== of.room && { room: draft.room }),
      ...(floor !== of.floor && { floor }),
      ...(draft.use !== of.use && { use: draft.use }),
      version: of.version,
      reason: draft.reason,
    })
    if (!next) return
    say(t('registry.corrected'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('act.save')} run={save}>
      <SelectField
        label={t('registry.use')}
        value={draft.use}
        onChange={(use) => change({ use })}
        choices={choicesOf(t, 'use')}
      />
      <div className="field-pair">
        <TextField
          label={t('homes.unit')}
          optional
          value={draft.unit}
          onChange={(unit) => change({ unit })}
          maxLength={20}
        />
        <TextField
          label={t('homes.room')}
          optional
          value={draft.room}
          onChange={(room) => change({ room })}
          maxLength={20}
        />
        <TextField
          label={t('homes.floor')}
          optional
          type="number"
          min={-5}
          max={200}
          inputMode="numeric"
          value={draft.floor}
          onChange={(floor) => change({ floor })}
        />
      </div>
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('homes.premisesReason')} />
    </ActForm>
  )
}

function Closing({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ reason: '' })
  const act = useAct((body: object, key) => send<PremisesView>(`/registry/premises/${of.id}/close`, { body, key }))
  const save = async () => {
    const next = await act.run({ version: of.version, reason: draft.reason })
    if (!next) return
    say(t('homes.closed'))
    saved(next)
  }
  const used = of.households + of.residents
  return (
    <ActForm act={act} submit={t('homes.close')} run={save} ready={used === 0}>
      <p className="soft">
        {used === 0
          ? t('homes.closeNote')
          : t('homes.premisesFull', { households: of.households, people: of.residents })}
      </p>
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('homes.closeReason')} />
    </ActForm>
  )
}
