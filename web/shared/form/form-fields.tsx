import type { Translate } from '../i18n/text.ts'
import { useText } from '../i18n/text.ts'
import { CheckField, ChoiceField, SelectField, TextArea, TextField } from '../ui/field.tsx'
import type { Form, FormField, FormValue, FormValues } from './form.ts'
import { askedFields, numberOf } from './form.ts'

interface Filling {
  form: Form
  values: FormValues
  onChange: (values: FormValues) => void
  wrong: Record<string, string>
}

/** Draws a pack's form with the same accessible fields on every face. */
export function FormFields({ form, values, onChange, wrong }: Filling) {
  return askedFields(form, values).map((field) => (
    <OneField
      key={field.field}
      field={field}
      value={values[field.field]}
      wrong={wrong[field.field]}
      onChange={(value) => onChange({ ...values, [field.field]: value })}
    />
  ))
}

interface One {
  field: FormField
  value: FormValue
  wrong: string | undefined
  onChange: (value: FormValue) => void
}

function OneField({ field, value, wrong, onChange }: One) {
  const t = useText()
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const common = {
    label: field.label,
    hint: hintOf(field, t),
    optional: !field.required,
    wrong,
    value: text,
    onChange,
  }
  switch (field.widget) {
    case 'radio':
      return <ChoiceField {...common} choices={field.options} />
    case 'select':
      return <SelectField {...common} choices={field.options} empty={t('form.choose')} />
    case 'checks':
      return <ChecksField field={field} wrong={wrong} value={Array.isArray(value) ? value : []} onChange={onChange} />
    case 'switch':
      return <CheckField label={field.label} checked={value === true} onChange={onChange} />
    case 'number':
      return (
        <TextField
          {...common}
          inputMode={field.whole ? 'numeric' : 'decimal'}
          onChange={(next) => onChange(numberOf(next))}
        />
      )
    case 'date':
      return <TextField {...common} type="date" />
    case 'datetime':
      return <TextField {...common} type="datetime-local" />
    case 'text':
      return <TextField {...common} maxLength={field.maxLength} />
    case 'textarea':
      return <TextArea {...common} maxLength={field.maxLength} rows={3} />
  }
}

/** A pack may say "optional" as its hint; the label says so already. */
const hintOf = (field: FormField, t: Translate) =>
  field.hint === '' || field.hint.toLowerCase() === t('form.optional') ? undefined : field.hint

function ChecksField({
  field,
  value,
  wrong,
  onChange,
}: {
  field: FormField
  value: string[]
  wrong: string | undefined
  onChange: (value: string[]) => void
}) {
  return (
    <fieldset className="field">
      <legend>{field.label}</legend>
      {field.hint && <p className="hint">{field.hint}</p>}
      <div className="stack-s">
        {field.options.map((option) => (
          <CheckField
            key={option.value}
            label={option.label}
            checked={value.includes(option.value)}
            onChange={(checked) =>
              onChange(checked ? [...value, option.value] : value.filter((one) => one !== option.value))
            }
          />
        ))}
      </div>
      {wrong && <p className="wrong">{wrong}</p>}
    </fieldset>
  )
}
