import Schema from 'typebox/schema'
import { isCitizenId, isOrganisationCode, normaliseCode, normaliseMobile } from '../kernel/codes.ts'
import { Fault, type Locale } from '../kernel/faults.ts'
import { isUuid } from '../kernel/ids.ts'
import { cleanText } from '../kernel/text.ts'
import { validationSentence } from '../kernel/validation.ts'
import type { Form, FormField, FormItem, PackContent, ShownForm } from './contract.ts'
import { findItem, findList, itemName, say } from './rules.ts'

interface FieldError {
  path: string
  message: string
  zh: string
  en: string
}

interface Checker {
  Errors(value: unknown): [boolean, { keyword: string; instancePath: string; params: object }[]]
}
const checkers = new WeakMap<Form, Checker>()

/** The schema without formats, which we check ourselves after bringing the value into its stored form. */
function checkerOf(form: Form): Checker {
  let checker = checkers.get(form)
  if (!checker) {
    const properties = Object.fromEntries(
      Object.entries(form.schema.properties).map(([name, field]) => {
        const { format: _format, ...plain } = field as FormField & { format?: string }
        return [name, plain]
      }),
    )
    checker = Schema.Compile({ ...form.schema, properties })
    checkers.set(form, checker)
  }
  return checker
}

/**
 * Checks what a person filled in and returns it as it is stored: texts cleaned, codes and numbers in one form, empty
 * fields left out.
 *
 * @throws kernel.invalid_input with one message a field in both languages; `path` is `form.<field>`.
 */
export function validateForm(
  content: PackContent,
  name: string | undefined,
  data: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const form = name !== undefined && Object.hasOwn(content.forms, name) ? content.forms[name] : undefined
  if (!form) {
    if (Object.keys(data).length === 0) return {}
    throw refusal(Object.keys(data).map((field) => wrong(field, 'additionalProperties', {})))
  }
  const errors: FieldError[] = []
  const given: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(data)) {
    const rule = Object.hasOwn(form.schema.properties, field) ? form.schema.properties[field] : undefined
    if (!rule) errors.push(wrong(field, 'additionalProperties', {}))
    else if (value !== null && value !== undefined && value !== '') {
      const kept = prepare(form, field, rule, value, errors)
      if (kept !== undefined && kept !== '') given[field] = kept
    }
  }
  const refused = new Set(errors.map((error) => error.path))
  const [fits, problems] = checkerOf(form).Errors(given)
  if (!fits) errors.push(...problems.flatMap(fieldErrors).filter((error) => !refused.has(error.path)))
  errors.push(
    ...form.layout
      .filter((item) => !refused.has(`form.${item.field}`))
      .flatMap((item) => listErrors(content, item, given[item.field])),
  )
  if (errors.length > 0) throw refusal(errors)
  return given
}

const refusal = (fields: FieldError[]): Fault => new Fault('kernel.invalid_input', { fields })

const wrong = (field: string, keyword: string, params: Record<string, unknown>): FieldError => ({
  path: `form.${field}`,
  ...validationSentence(keyword, params),
})

function prepare(form: Form, field: string, rule: FormField, value: unknown, errors: FieldError[]): unknown {
  if (rule.type !== 'string' || typeof value !== 'string') return value
  if ('enum' in rule) return value
  const multiline = form.layout.some((item) => item.field === field && item.widget === 'textarea')
  try {
    const text = cleanText(value, { maxLength: rule.maxLength, multiline, path: `form.${field}` })
    const kept = text === '' ? '' : inFormat(text, rule.format)
    if (kept === undefined) errors.push(wrong(field, 'format', {}))
    return kept
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    errors.push(...(error.detail['fields'] as FieldError[]))
    return undefined
  }
}

function inFormat(text: string, format: string | undefined): string | undefined {
  switch (format) {
    case 'mobile':
      return normaliseMobile(text)
    case 'citizenId':
      return isCitizenId(normaliseCode(text)) ? normaliseCode(text) : undefined
    case 'organisationCode':
      return isOrganisationCode(normaliseCode(text)) ? normaliseCode(text) : undefined
    case 'uuid':
      return isUuid(text) ? text : undefined
    case 'date': {
      const day = new Date(`${text}T00:00:00Z`)
      return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
        ? text
        : undefined
    }
    default:
      return text
  }
}

function fieldErrors(problem: { keyword: string; instancePath: string; params: object }): FieldError[] {
  const params = problem.params as Record<string, unknown>
  const missing = params['requiredProperties']
  if (problem.keyword === 'required' && Array.isArray(missing))
    return missing.map((field) => wrong(String(field), 'required', {}))
  const field = problem.instancePath.split('/')[1]
  return field ? [wrong(field, problem.keyword, params)] : []
}

function listErrors(content: PackContent, item: FormItem, value: unknown): FieldError[] {
  const list = item.list
  if (list === undefined || value === undefined) return []
  const codes = Array.isArray(value) ? value : [value]
  const known = codes.every((code) => typeof code === 'string' && findItem(content, list, code))
  return known ? [] : [wrong(item.field, 'enum', {})]
}

/** The form as a page draws it in the reader's language; null when the step has none. */
export function presentForm(content: PackContent, name: string | undefined, locale: Locale): ShownForm | null {
  const form = name === undefined ? undefined : content.forms[name]
  if (!form || name === undefined) return null
  const kept = shown.get(form) ?? new Map<Locale, ShownForm>()
  shown.set(form, kept)
  const made = kept.get(locale) ?? drawForm(content, form, { name, locale })
  kept.set(locale, made)
  return made
}

/** A published form never changes, so it is drawn once in each language. */
const shown = new WeakMap<Form, Map<Locale, ShownForm>>()

function drawForm(content: PackContent, form: Form, { name, locale }: { name: string; locale: Locale }): ShownForm {
  const layout = form.layout.map(({ field, widget, list }) => {
    const rule = form.schema.properties[field]
    const values = rule && 'enum' in rule ? rule.enum : rule?.type === 'array' ? (rule.items.enum ?? []) : []
    const groups = list === undefined ? [] : (findList(content, list)?.groups ?? [])
    const options = list
      ? (findList(content, list)?.items ?? []).map((item) => ({
          value: item.code,
          label: itemName(item, locale),
          ...(item.group === undefined
            ? {}
            : {
                group:
                  groups.find((group) => group.code === item.group)?.name[locale === 'en' ? 'en' : 'zh'] ?? item.group,
              }),
        }))
      : values.map((value) => ({ value, label: say(content, `form.${name}.${field}.${value}`, locale) }))
    const hint = say(content, `form.${name}.${field}.hint`, locale)
    return {
      field,
      widget,
      label: say(content, `form.${name}.${field}`, locale),
      hint: hint === `form.${name}.${field}.hint` ? '' : hint,
      required: form.schema.required.includes(field),
      options,
    }
  })
  return { schema: form.schema, layout }
}

function sayValue(content: PackContent, name: string, item: FormItem, value: unknown, locale: Locale): string {
  if (Array.isArray(value))
    return value.map((part) => sayValue(content, name, item, part, locale)).join(locale === 'en' ? ', ' : '、')
  if (typeof value === 'boolean') return locale === 'en' ? (value ? 'Yes' : 'No') : value ? '是' : '否'
  const text = String(value)
  const found = item.list === undefined ? undefined : findItem(content, item.list, text)
  if (found) return itemName(found, locale)
  const rule = content.forms[name]?.schema.properties[item.field]
  return rule && 'enum' in rule ? say(content, `form.${name}.${item.field}.${text}`, locale) : text
}

/** What was filled in, as the timeline shows it: label and value, in the order of the form. */
export function describeForm(
  content: PackContent,
  name: string | undefined,
  data: Readonly<Record<string, unknown>>,
  locale: Locale,
): { label: string; value: string }[] {
  const form = name === undefined ? undefined : content.forms[name]
  if (!form || name === undefined) return []
  return form.layout
    .filter((item) => Object.hasOwn(data, item.field))
    .map((item) => ({
      label: say(content, `form.${name}.${item.field}`, locale),
      value: sayValue(content, name, item, data[item.field], locale),
    }))
}

/** The reason that a form gives, for a pause or an extension; empty when it has none. */
export function reasonIn(
  content: PackContent,
  name: string | undefined,
  data: Readonly<Record<string, unknown>>,
): string {
  const item =
    name === undefined ? undefined : content.forms[name]?.layout.find((candidate) => candidate.reason === true)
  const value = item === undefined ? undefined : data[item.field]
  return typeof value === 'string' ? value : ''
}

/** The number of the matter that this one is said to duplicate. */
export function duplicateNumberIn(
  content: PackContent,
  name: string | undefined,
  data: Readonly<Record<string, unknown>>,
): string | undefined {
  const item =
    name === undefined ? undefined : content.forms[name]?.layout.find((candidate) => candidate.matter === true)
  const value = item === undefined ? undefined : data[item.field]
  return typeof value === 'string' && value !== '' ? value : undefined
}
