import type { Question, QuestionForms } from '../kernel/ports.ts'
import type { FormField, FormItem, PackContent } from './contract.ts'
import { describeForm, presentForm, validateForm } from './forms.ts'

const FORM = 'own'
const TEXT_MAX = 200
const LONG_TEXT_MAX = 1_000
const NUMBER_MAX = 1_000_000_000

/** What a form's schema says of a question. */
function fieldOf({ widget, options }: Question): FormField {
  const values = options.map(({ value }) => value)
  switch (widget) {
    case 'radio':
    case 'select':
      return { type: 'string', enum: values }
    case 'checks':
      return { type: 'array', items: { type: 'string', enum: values }, maxItems: Math.max(1, values.length) }
    case 'number':
      return { type: 'number', minimum: -NUMBER_MAX, maximum: NUMBER_MAX }
    case 'switch':
      return { type: 'boolean' }
    case 'date':
      return { type: 'string', maxLength: 10, format: 'date' }
    case 'text':
      return { type: 'string', maxLength: TEXT_MAX }
    case 'textarea':
      return { type: 'string', maxLength: LONG_TEXT_MAX }
  }
}

/** Questions as the one form of a pack that has nothing else: so they are asked and checked like every other form. */
function contentOf(questions: readonly Question[]): PackContent {
  const texts = Object.fromEntries(
    questions.flatMap(({ code, label, options }) => [
      [`form.${FORM}.${code}`, label],
      ...options.map((option) => [`form.${FORM}.${code}.${option.value}`, option.label]),
    ]),
  ) as Record<string, string>
  const layout: FormItem[] = questions.map(({ code, widget }) => ({ field: code, widget }))
  const form = {
    schema: {
      type: 'object' as const,
      additionalProperties: false as const,
      required: questions.filter(({ required }) => required).map(({ code }) => code),
      properties: Object.fromEntries(questions.map((question) => [question.code, fieldOf(question)])),
    },
    layout,
  }
  const definition = { lists: [] } as unknown as PackContent['definition']
  return { definition, forms: { [FORM]: form }, texts: { 'zh-CN': texts, en: texts } }
}

/** Questions that people put together themselves, in the form format of packs. */
export const questionForms: QuestionForms = {
  draw: (questions) => presentForm(contentOf(questions), FORM, 'zh-CN') ?? { schema: {}, layout: [] },
  check: (questions, answers) => validateForm(contentOf(questions), questions.length > 0 ? FORM : undefined, answers),
  describe: (questions, answers, locale) => describeForm(contentOf(questions), FORM, answers, locale),
}
