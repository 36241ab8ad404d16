import { expect, test } from 'vitest'
import { askedFields, emptyValues, filledValues, numberOf, readForm, saidAnswers, wrongFields } from './form.ts'

const laid = (field: string, widget: string, required = false) => ({
  field,
  widget,
  label: field,
  hint: '',
  required,
  options: [],
})
const form = readForm({
  schema: {
    type: 'object',
    properties: { result: { type: 'string', maxLength: 300 }, days: { type: 'integer' }, parts: { type: 'array' } },
  },
  layout: [
    laid('result', 'textarea', true),
    laid('days', 'number'),
    laid('parts', 'checks', true),
    laid('constructor', 'text', true),
  ],
})

test('a field that the schema does not know is not asked', () => {
  expect(form.fields.map((field) => field.field)).toEqual(['result', 'days', 'parts'])
  expect(form.fields[0]?.maxLength).toBe(300)
  expect(form.fields[1]?.whole).toBe(true)
  expect(readForm(null).fields).toEqual([])
})

test('required and empty is said for each field, blanks count as empty', () => {
  expect(wrongFields(form, { ...emptyValues(form), result: '  ' }, '要填')).toEqual({ result: '要填', parts: '要填' })
  expect(wrongFields(form, { result: '修好了', parts: ['灯'] }, '要填')).toEqual({})
})

test('a field that hangs on another is asked, and wanted, only with the right answer there', () => {
  const proof = { ...laid('proof', 'text', true), when: { field: 'reason', is: ['special'] } }
  const hanging = readForm({
    schema: { type: 'object', properties: { reason: { type: 'string' }, proof: { type: 'string' } } },
    layout: [laid('reason', 'radio', true), proof],
  })
  expect(askedFields(hanging, { reason: 'repair' }).map(({ field }) => field)).toEqual(['reason'])
  expect(wrongFields(hanging, { reason: 'repair' }, '要填')).toEqual({})
  expect(wrongFields(hanging, { reason: 'special' }, '要填')).toEqual({ proof: '要填' })
})

test('empty answers are not sent and texts are trimmed', () => {
  expect(filledValues({ result: ' 修好了 ', days: 0, parts: [], note: '' })).toEqual({ result: '修好了', days: 0 })
})

test('answers are said by the labels of fields and choices', () => {
  const field = {
    ...laid('parts', 'checks'),
    label: '部位',
    options: [
      { value: 'lamp', label: '灯' },
      { value: 'pole', label: '灯杆' },
    ],
  }
  const said = readForm({ schema: { properties: { parts: {}, days: {} } }, layout: [field, laid('days', 'number')] })
  expect(saidAnswers(said, { parts: ['lamp', 'pole'], days: 0 })).toEqual([
    { label: '部位', value: '灯、灯杆' },
    { label: 'days', value: '0' },
  ])
  expect(saidAnswers(said, { parts: [] })).toEqual([])
})

test('numbers are read as typed, full-width too', () => {
  expect(numberOf('３')).toBe(3)
  expect(numberOf(' 2.5 ')).toBe(2.5)
  expect(numberOf('三')).toBe('三')
  expect(numberOf('')).toBe('')
})
