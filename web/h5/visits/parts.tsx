import type { Round } from '../../../src/registry/visits/contract.ts'
import { dayIn, saidDay, today } from '../../shared/dates.ts'
import type { Form, FormValues } from '../../shared/form/form.ts'
import { FormFields } from '../../shared/form/form-fields.tsx'
import { useText } from '../../shared/i18n/text.ts'
import { PhotoField, type Photos } from '../../shared/photos.tsx'
import { CheckField, ChoiceField, TextArea, TextField } from '../../shared/ui/field.tsx'
import type { VisitDraft } from './draft.ts'

interface Filling {
  draft: VisitDraft
  change: (part: Partial<VisitDraft>) => void
}

/** What a campaign asks at this door. */
export function Questions({
  title,
  form,
  values,
  wrong,
  onChange,
}: {
  title: string
  form: Form
  values: FormValues
  wrong: Record<string, string>
  onChange: (values: FormValues) => void
}) {
  return (
    <section className="stack-s">
      <h2>{title}</h2>
      <FormFields form={form} values={values} onChange={onChange} wrong={wrong} />
    </section>
  )
}

const dayMs = 86_400_000
const inDays = (days: number) => dayIn(new Date(Date.now() + days * dayMs))

/** When to come again: usually within the week. */
export function NextTry({ draft, change }: Filling) {
  const t = useText()
  const days = [1, 2, 3, 7].map(inDays)
  return (
    <>
      <ChoiceField
        label={t('visit.nextTry')}
        optional
        value={days.includes(draft.nextOn) ? draft.nextOn : ''}
        onChange={(nextOn) => change({ nextOn })}
        choices={days.map((day) => ({ value: day, label: saidDay(day) }))}
      />
      <TextField
        label={t('visit.otherDay')}
        optional
        type="date"
        min={today()}
        value={draft.nextOn}
        onChange={(nextOn) => change({ nextOn })}
      />
    </>
  )
}

/** What was done there, in words and pictures; all of it may be left out. */
export function MoreOf({ draft, change, round, photos }: Filling & { round: Round | undefined; photos: Photos }) {
  const t = useText()
  const toggle = (code: string, on: boolean) =>
    change({ duties: on ? [...draft.duties, code] : draft.duties.filter((one) => one !== code) })
  return (
    <section className="stack-s">
      <h2>{t('visit.whatDone')}</h2>
      <div className="visit-duties">
        {(round?.duties ?? []).map(({ code, name }) => (
          <CheckField
            key={code}
            label={name}
            checked={draft.duties.includes(code)}
            onChange={(on) => toggle(code, on)}
          />
        ))}
      </div>
      <TextArea
        label={t('visit.text')}
        hint={t('visit.textHint')}
        optional
        value={draft.text}
        onChange={(text) => change({ text })}
        maxLength={2000}
        rows={3}
      />
      <PhotoField photos={photos} label={t('report.photos')} />
      {round && <p className="faint small">{t('visit.privacy', { days: round.keepDays })}</p>}
    </section>
  )
}
