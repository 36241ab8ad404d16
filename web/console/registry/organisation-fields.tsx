import type { Organisation } from '../../../src/registry/organisations/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { choicesOf } from '../../shared/registry/words.ts'
import { PhoneField, SelectField, TextArea, TextField } from '../../shared/ui/field.tsx'

type Details = Organisation['details']

export interface OrganisationDraft {
  kind: string
  name: string
  code: string
  trade: string
  phone: string
  headcount: string
  details: Details
}

export const noOrganisation: OrganisationDraft = {
  kind: 'merchant',
  name: '',
  code: '',
  trade: '',
  phone: '',
  headcount: '',
  details: {},
}

export const draftOf = ({ kind, name, code, trade, headcount, details }: Organisation): OrganisationDraft => ({
  kind,
  name,
  code: code ?? '',
  trade,
  phone: '',
  headcount: headcount === null ? '' : String(headcount),
  details,
})

/** A new one as it is sent: what is empty is none. */
export const sentOf = ({ code, phone, headcount, ...rest }: OrganisationDraft) => ({
  ...rest,
  code: code.trim() || null,
  phone: phone.trim() || null,
  headcount: headcount === '' ? null : Number(headcount),
})

/** Only what became different; a phone that was not typed stays, since its digits are not shown here. */
export function changedOf(of: Organisation, draft: OrganisationDraft) {
  const { code, headcount } = sentOf(draft)
  const detailsDiffer = detailNames.some(([name]) => (draft.details[name] ?? '') !== (of.details[name] ?? ''))
  return {
    ...(draft.kind !== of.kind && { kind: draft.kind }),
    ...(draft.name !== of.name && { name: draft.name }),
    ...(code !== of.code && { code }),
    ...(draft.trade !== of.trade && { trade: draft.trade }),
    ...(draft.phone.trim() !== '' && { phone: draft.phone }),
    ...(headcount !== of.headcount && { headcount }),
    ...(detailsDiffer && { details: draft.details }),
  }
}

export const detailNames: readonly [name: keyof Details, label: TextKey, max: number][] = [
  ['products', 'offices.products', 200],
  ['hazards', 'offices.hazards', 200],
  ['dormitory', 'offices.dormitory', 100],
  ['remark', 'registry.field.text', 500],
]

/** What an organisation is. */
export function OrganisationFields({
  draft,
  change,
  phoneNow,
}: {
  draft: OrganisationDraft
  change: (part: Partial<OrganisationDraft>) => void
  phoneNow?: string | null
}) {
  const t = useText()
  return (
    <>
      <TextField
        label={t('registry.organisationName')}
        value={draft.name}
        onChange={(name) => change({ name })}
        required
        maxLength={100}
      />
      <SelectField
        label={t('registry.kind')}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        choices={choicesOf(t, 'organisation')}
      />
      <TextField
        label={t('registry.code')}
        hint={t('offices.codeHint')}
        optional
        value={draft.code}
        onChange={(code) => change({ code })}
        maxLength={30}
        autoComplete="off"
        autoCapitalize="characters"
      />
      <div className="field-pair">
        <TextField
          label={t('registry.trade')}
          optional
          value={draft.trade}
          onChange={(trade) => change({ trade })}
          maxLength={60}
        />
        <TextField
          label={t('registry.headcount')}
          optional
          type="number"
          min={0}
          inputMode="numeric"
          value={draft.headcount}
          onChange={(headcount) => change({ headcount })}
        />
      </div>
      <PhoneField
        label={t('offices.phone')}
        optional
        hint={phoneNow ? t('offices.phoneNow', { phone: phoneNow }) : t('offices.phoneHint')}
        value={draft.phone}
        onChange={(phone) => change({ phone })}
      />
      {detailNames.map(([name, label, max]) => (
        <TextArea
          key={name}
          label={t(label)}
          optional
          value={draft.details[name] ?? ''}
          onChange={(text) => change({ details: { ...draft.details, [name]: text } })}
          maxLength={max}
          rows={2}
        />
      ))}
    </>
  )
}
