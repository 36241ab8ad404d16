import { useNavigate } from '@tanstack/react-router'
import type { Organisation } from '../../../src/registry/organisations/contract.ts'
import type { RegistryTerms } from '../../../src/registry/terms/contract.ts'
import { send } from '../../shared/api.ts'
import { today } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { choicesOf } from '../../shared/registry/words.ts'
import { ChoiceField, PhoneField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { ActForm, ActSheet, ReasonField, useDraft } from './act-sheet.tsx'
import { ConfirmAct } from './confirm-act.tsx'
import { OrganisationFields, changedOf, draftOf, noOrganisation, sentOf } from './organisation-fields.tsx'
import { PlacePicker } from './place-picker.tsx'
import { PremisesPick, type PickedPremises } from './search-pick.tsx'

interface Acting {
  of: Organisation
  saved: (next: Organisation) => void
}

/** A new enterprise, shop, partner …: what it is, and the home or the micro-grid where it stands. */
export function RegisterOrganisation({ terms, area }: { terms: RegistryTerms; area: string | undefined }) {
  const t = useText()
  return (
    <ActSheet label={t('offices.register')} icon="plus">
      {() => <Registering terms={terms} begin={area} />}
    </ActSheet>
  )
}

function Registering({ terms, begin }: { terms: RegistryTerms; begin: string | undefined }) {
  const t = useText()
  const navigate = useNavigate()
  const [draft, change] = useDraft({ ...noOrganisation, atHome: true })
  const [place, setPlace] = useDraft<{ premises: PickedPremises | null; area: string | undefined }>({
    premises: null,
    area: begin,
  })
  const act = useAct((body: object, key) => send<Organisation>('/registry/organisations', { body, key }))
  const save = async () => {
    const { atHome, ...fields } = draft
    const made = await act.run({
      ...sentOf(fields),
      ...(atHome ? { premisesId: place.premises?.id } : { areaPath: place.area }),
      source: 'counter',
    })
    if (!made) return
    say(t('registry.registeredNow', { name: made.name }))
    void navigate({ to: '/registry/organisations/$id', params: { id: made.id } })
  }
  const ready = draft.atHome ? place.premises !== null : place.area !== undefined
  return (
    <ActForm act={act} submit={t('registry.register')} run={save} ready={ready}>
      <ChoiceField
        label={t('offices.where')}
        value={draft.atHome ? 'home' : 'area'}
        onChange={(value) => change({ atHome: value === 'home' })}
        choices={[
          { value: 'home', label: t('offices.atPremises') },
          { value: 'area', label: t('offices.inArea') },
        ]}
      />
      {draft.atHome ? (
        <PremisesPick
          label={t('registry.address')}
          chosen={place.premises}
          choose={(premises) => setPlace({ premises })}
        />
      ) : (
        <PlacePicker terms={terms} area={place.area} choose={(area) => setPlace({ area })} />
      )}
      <OrganisationFields draft={draft} change={change} />
    </ActForm>
  )
}

/** What may be done with an organisation as a whole. */
export function OrganisationActs({ of, saved }: Acting) {
  const t = useText()
  const then = (close: () => void) => (next: Organisation) => {
    close()
    saved(next)
  }
  return (
    <>
      <ConfirmAct path="/registry/organisations" of={of} saved={saved} />
      <ActSheet label={t('registry.correct')} title={t('registry.correctOf', { name: of.name })}>
        {(close) => <Correcting of={of} saved={then(close)} />}
      </ActSheet>
      <ActSheet label={t('homes.close')} title={t('offices.close')} kind="plain">
        {(close) => <Closing of={of} saved={then(close)} />}
      </ActSheet>
    </>
  )
}

function Correcting({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft(draftOf(of))
  const [more, setMore] = useDraft<{ premises: PickedPremises | null; reason: string }>({ premises: null, reason: '' })
  const act = useAct((body: object, key) =>
    send<Organisation>(`/registry/organisations/${of.id}/corrections`, { body, key }),
  )
  const save = async () => {
    const next = await act.run({
      ...changedOf(of, draft),
      ...(more.premises && { premisesId: more.premises.id }),
      version: of.version,
      reason: more.reason,
    })
    if (!next) return
    say(t('registry.corrected'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('act.save')} run={save}>
      <OrganisationFields draft={draft} change={change} phoneNow={of.phone} />
      <details className="stack-s">
        <summary>{t('offices.moved')}</summary>
        <PremisesPick
          label={t('offices.newPlace')}
          chosen={more.premises}
          choose={(premises) => setMore({ premises })}
        />
      </details>
      <ReasonField value={more.reason} onChange={(reason) => setMore({ reason })} hint={t('offices.reasonHint')} />
    </ActForm>
  )
}

function Closing({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ reason: '' })
  const act = useAct((body: object, key) => send<Organisation>(`/registry/organisations/${of.id}/close`, { body, key }))
  const save = async () => {
    const next = await act.run({ version: of.version, reason: draft.reason })
    if (!next) return
    say(t('homes.closed'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('homes.close')} run={save}>
      <p className="soft">{t('offices.closeNote')}</p>
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('offices.closeReason')} />
    </ActForm>
  )
}

/** Who stands for it from a day on, in one duty. */
export function NameOfficer({ of, saved }: Acting) {
  const t = useText()
  return (
    <ActSheet label={t('offices.nameOfficer')} icon="plus">
      {(close) => (
        <Naming
          of={of}
          saved={(next) => {
            close()
            saved(next)
          }}
        />
      )}
    </ActSheet>
  )
}

function Naming({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ duty: 'contact', name: '', phone: '', fromOn: today() })
  const act = useAct((body: object, key) =>
    send<Organisation>(`/registry/organisations/${of.id}/officers`, { body, key }),
  )
  const save = async () => {
    const next = await act.run({ ...draft, phone: draft.phone.trim() || null, version: of.version })
    if (!next) return
    say(t('offices.named', { name: draft.name }))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('offices.nameOfficer')} run={save}>
      <SelectField
        label={t('offices.duty')}
        value={draft.duty}
        onChange={(duty) => change({ duty })}
        choices={choicesOf(t, 'duty')}
      />
      <TextField
        label={t('registry.name')}
        value={draft.name}
        onChange={(name) => change({ name })}
        required
        maxLength={60}
        autoComplete="off"
      />
      <PhoneField label={t('registry.phone')} optional value={draft.phone} onChange={(phone) => change({ phone })} />
      <TextField
        label={t('offices.fromOn')}
        type="date"
        value={draft.fromOn}
        onChange={(fromOn) => change({ fromOn })}
        required
      />
    </ActForm>
  )
}

/** Ends a term on a day; who it was on any past day stays to be read. */
export function EndOfficer({ of, officer, saved }: Acting & { officer: Organisation['officers'][number] }) {
  const t = useText()
  return (
    <ActSheet label={t('offices.end')} title={t('offices.endOf', { name: officer.name })} kind="plain">
      {(close) => (
        <Ending
          of={of}
          officer={officer}
          saved={(next) => {
            close()
            saved(next)
          }}
        />
      )}
    </ActSheet>
  )
}

function Ending({ of, officer, saved }: Acting & { officer: Organisation['officers'][number] }) {
  const t = useText()
  const [draft, change] = useDraft({ untilOn: today(), reason: '' })
  const act = useAct((body: object, key) =>
    send<Organisation>(`/registry/organisations/${of.id}/officers/${officer.id}/end`, { body, key }),
  )
  const save = async () => {
    const next = await act.run({ ...draft, version: of.version })
    if (!next) return
    say(t('offices.ended', { name: officer.name }))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('offices.end')} run={save}>
      <TextField
        label={t('registry.untilOn')}
        type="date"
        value={draft.untilOn}
        onChange={(untilOn) => change({ untilOn })}
        min={officer.fromOn}
        max={today()}
        required
      />
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('offices.endReason')} />
    </ActForm>
  )
}
