import Schema from 'typebox/schema'
import { compileExpression, evaluate, type CelSchema, type Expression } from '../kernel/cel.ts'
import { isCitizenId, isOrganisationCode, normaliseCode, normaliseMobile } from '../kernel/codes.ts'
import { Fault, type Locale } from '../kernel/faults.ts'
import { isUuid } from '../kernel/ids.ts'
import { cleanText } from '../kernel/text.ts'
import { validationSentence } from '../kernel/validation.ts'
import type { Form, FormCheck, FormField, FormItem, PackContent, ShownForm } from './contract.ts'
import { findItem, findList, itemName, say, type Around } from './rules.ts'

interface FieldError {
  path: string
  message: string
  zh: string
  en: string
}

interface Checker {
  Check(value: unknown): boolean
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
 * @param around What the checks of the form may look at besides it.
 * @throws kernel.invalid_input with one message a field in both languages; `path` is `form.<field>`.
 */
export function validateForm(
  content: PackContent,
  name: string | undefined,
  data: Readonly<Record<string, unknown>> = {},
  around: Around = {},
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
  for (const item of form.layout) if (!isAsked(item, given)) delete given[item.field]
  const refused = new Set(errors.map((error) => error.path))
  const checker = checkerOf(form)
  if (!checker.Check(given))
    errors.push(
      ...checker
        .Errors(given)[1]
        .flatMap(fieldErrors)
        .filter((error) => !refused.has(error.path)),
    )
  for (const item of form.layout)
    if (!refused.has(`form.${item.field}`)) errors.push(...itemErrors(content, item, given))
  if (errors.length === 0) errors.push(...checkErrors(content, name ?? '', form, { ...around, form: given }))
  if (errors.length > 0) throw refusal(errors)
  return given
}

/** A field that hangs on another is asked only with the right answer there; what was left in it otherwise is dropped. */
function isAsked({ when }: FormItem, given: Readonly<Record<string, unknown>>): boolean {
  if (!when) return true
  const value = given[when.field]
  return (Array.isArray(value) ? value : [value]).some((one) => when.is.includes(String(one)))
}

/** A code that its list does not have, or an answer missing that is wanted because of another one. */
function itemErrors(content: PackContent, item: FormItem, given: Readonly<Record<string, unknown>>): FieldError[] {
  const value = given[item.field]
  if (item.needed && value === undefined && isAsked(item, given)) return [wrong(item.field, 'required', {})]
  return listErrors(content, item, value)
}

/** What a check of a form may ask: the fields, what was filled in at earlier steps, the instant. */
export const checkVariables: CelSchema = { form: 'map', known: 'map', now: 'timestamp' }
const compiledChecks = new WeakMap<FormCheck, Expression>()

/** The condition, compiled once. @throws kernel.bad_expression: only for what check-pack has not seen. */
export function conditionOf(check: FormCheck): Expression {
  const compiled = compiledChecks.get(check) ?? compileExpression(check.must, checkVariables, 'bool')
  compiledChecks.set(check, compiled)
  return compiled
}

function checkErrors(
  content: PackContent,
  name: string,
  form: Form,
  values: Around & { form: Record<string, unknown> },
): FieldError[] {
  const given = { known: {}, ...values }
  return (form.checks ?? [])
    .filter((check) => evaluate(conditionOf(check), given) !== true)
    .map((check) => {
      const [zh, en] = [say(content, checkKey(name, check), 'zh-CN'), say(content, checkKey(name, check), 'en')]
      return { path: `form.${check.field}`, message: zh, zh, en }
    })
}

/** Where the sentence of a check stands among the texts. */
export const checkKey = (form: string, check: FormCheck): string => `form.${form}.check.${check.name}`

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
    case 'datetime':
      return inChina(text)
    default:
      return text
  }
}

/** Day and minute as a page or another system sends them; without an offset they are meant in China. */
function inChina(text: string): string | undefined {
  const [, day, time, offset] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const at = new Date(`${day}T${time}${offset ?? '+08:00'}`)
  if (day === undefined || Number.isNaN(at.getTime())) return undefined
  const kept = `${new Date(at.getTime() + CHINA_MS).toISOString().slice(0, 16)}+08:00`
  // 30 February is a Date to some, but not the one that was written.
  return offset !== undefined || kept.startsWith(`${day}T${time}`) ? kept : undefined
}
const CHINA_MS = 8 * 3_600_000

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
  const layout = form.layout.map(({ field, widget, list, when, needed }) => {
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
      required: form.schema.required.includes(field) || needed === true,
      ...(when && { when }),
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
  if (rule && 'format' in rule && rule.format === 'datetime') return text.slice(0, 16).replace('T', ' ')
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
