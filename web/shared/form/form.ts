import type { ShownForm } from '../../../src/packs/contract.ts'

/** A form as a pack gives it: the layout says how it is asked, the schema what is right. */
export interface Form {
  fields: readonly FormField[]
}

type Laid = ShownForm['layout'][number]

export interface FormField extends Laid {
  maxLength: number | undefined
  whole: boolean
}

export type FormValue = string | number | boolean | string[] | undefined
export type FormValues = Record<string, FormValue>

interface FieldSchema {
  type?: string
  maxLength?: number
}

/** Reads the form of a move or a report; where there is none, it has no fields. */
export function readForm(form: { schema: unknown; layout: unknown } | null): Form {
  if (!form) return { fields: [] }
  const { properties = {} } = form.schema as { properties?: Record<string, FieldSchema> }
  const layout = form.layout as ShownForm['layout']
  return {
    fields: layout
      .filter((item) => Object.hasOwn(properties, item.field))
      .map((item) => ({
        ...item,
        maxLength: properties[item.field]?.maxLength,
        whole: properties[item.field]?.type === 'integer',
      })),
  }
}

/** The fields that are asked, given the answers so far: some hang on another field. */
export const askedFields = (form: Form, values: FormValues): FormField[] =>
  form.fields.filter(({ when }) => {
    if (!when) return true
    const value = values[when.field]
    return (Array.isArray(value) ? value : [value]).some((one) => when.is.includes(String(one)))
  })

export function emptyValues(form: Form): FormValues {
  return Object.fromEntries(form.fields.filter((field) => field.widget === 'checks').map((field) => [field.field, []]))
}

const isEmpty = (value: FormValue) =>
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)

/** The required fields that are still empty, with the sentence to show; the server checks the rest. */
export function wrongFields(form: Form, values: FormValues, sentence: string): Record<string, string> {
  const missing = askedFields(form, values).filter((field) => field.required && isEmpty(values[field.field]))
  return Object.fromEntries(missing.map((field) => [field.field, sentence]))
}

/** What is sent: empty answers are left out, texts trimmed. */
export function filledValues(values: FormValues): FormValues {
  const filled = Object.entries(values).filter(([, value]) => !isEmpty(value))
  return Object.fromEntries(filled.map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]))
}

/** A number as it was typed, full-width digits too; what is none stays text, for the server to refuse in words. */
export function numberOf(text: string): FormValue {
  const plain = text.normalize('NFKC').trim()
  return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : plain
}

/** What was filled in, as it is read: the labels of fields and choices. */
export function saidAnswers(form: Form, values: FormValues): { label: string; value: string }[] {
  return form.fields.flatMap((field) => {
    const value = values[field.field]
    if (isEmpty(value)) return []
    const said = [value].flat().map((one) => field.options.find((option) => option.value === one)?.label ?? String(one))
    return [{ label: field.label, value: said.join('、') }]
  })
}
