import { useNavigate } from '@tanstack/react-router'
import type { SplitOff } from '../../../src/registry/duplicates/contract.ts'
import type { Person } from '../../../src/registry/people/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { CheckField, PhoneField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { isGroup } from './field-names.ts'
import { useFieldGroups } from './use-terms.ts'
import { ActForm, ActSheet, ReasonField, useDraft } from './act-sheet.tsx'

/** One record that holds two people: the other one's homes, numbers and marks become a record of their own. */
export function SplitPerson({ person }: { person: Person }) {
  const t = useText()
  return (
    <ActSheet label={t('apart.do')} title={t('apart.title', { name: person.name })} kind="plain">
      {() => <Splitting person={person} />}
    </ActSheet>
  )
}

function Splitting({ person }: { person: Person }) {
  const t = useText()
  const navigate = useNavigate()
  const [draft, change] = useDraft<{
    name: string
    citizenId: string
    phone: string
    homes: readonly string[]
    tags: readonly string[]
    groups: readonly string[]
    reason: string
  }>({ name: '', citizenId: '', phone: '', homes: [], tags: [], groups: [], reason: '' })
  const act = useAct((body: object, key) => send<SplitOff>(`/registry/people/${person.id}/split`, { body, key }))
  const { name, citizenId, phone, homes, tags, groups, reason } = draft
  const save = async () => {
    const made = await act.run({
      name,
      ...(citizenId.trim() !== '' && { citizenId }),
      ...(phone.trim() !== '' && { phone }),
      residenceIds: homes,
      ...(tags.length > 0 && { tags }),
      ...(groups.length > 0 && { groups }),
      version: person.version,
      reason,
    })
    if (!made) return
    say(t('apart.done', { name }))
    void navigate({ to: '/registry/people/$id', params: { id: made.id } })
  }
  const lasting = person.residences.filter(({ untilOn }) => untilOn === null)
  const own = person.tags.filter(({ derived }) => !derived)
  const kept = useFieldGroups().filter(
    ({ code }) => isGroup(code) && (person.details[code] !== undefined || person.hiddenGroups.includes(code)),
  )
  const ready = homes.length > 0 || citizenId.trim() !== '' || phone.trim() !== ''
  return (
    <ActForm act={act} submit={t('apart.do')} run={save} ready={ready}>
      <p className="soft">{t('apart.note')}</p>
      <TextField
        label={t('apart.name')}
        value={name}
        onChange={(next) => change({ name: next })}
        required
        maxLength={60}
        autoComplete="off"
      />
      <Choosing
        label={t('apart.homes')}
        choices={lasting.map(({ id, address, relation }) => ({
          id,
          said: `${address} · ${wordFor(t, 'relation', relation)}`,
        }))}
        chosen={homes}
        choose={(next) => change({ homes: next })}
      />
      <Choosing
        label={t('apart.tags')}
        choices={own.map(({ tag, name: said }) => ({ id: tag, said }))}
        chosen={tags}
        choose={(next) => change({ tags: next })}
      />
      <Choosing
        label={t('apart.groups')}
        choices={kept.map(({ code, name: said }) => ({ id: code, said }))}
        chosen={groups}
        choose={(next) => change({ groups: next })}
      />
      <TextField
        label={t('registry.citizenId')}
        hint={t('apart.citizenIdHint')}
        optional
        value={citizenId}
        onChange={(next) => change({ citizenId: next })}
        maxLength={30}
        autoComplete="off"
      />
      <PhoneField
        label={t('registry.phone')}
        hint={t('apart.phoneHint')}
        optional
        value={phone}
        onChange={(next) => change({ phone: next })}
      />
      <ReasonField value={reason} onChange={(next) => change({ reason: next })} hint={t('apart.reasonHint')} />
    </ActForm>
  )
}

function Choosing({
  label,
  choices,
  chosen,
  choose,
}: {
  label: string
  choices: readonly { id: string; said: string }[]
  chosen: readonly string[]
  choose: (chosen: readonly string[]) => void
}) {
  if (choices.length === 0) return null
  return (
    <fieldset className="field">
      <legend>{label}</legend>
      {choices.map(({ id, said }) => (
        <CheckField
          key={id}
          label={said}
          checked={chosen.includes(id)}
          onChange={(on) => choose(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
        />
      ))}
    </fieldset>
  )
}
