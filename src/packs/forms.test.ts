import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '../kernel/faults.ts'
import type { PackContent } from './contract.ts'
import { describeForm, duplicateNumberIn, presentForm, reasonIn, validateForm } from './forms.ts'
import { shippedPacks } from './load.ts'

const shipped = shippedPacks().find((pack) => pack.definition.name === 'event') as PackContent
const content: PackContent = {
  ...shipped,
  forms: {
    ...shipped.forms,
    person: {
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['phone'],
        properties: {
          phone: { type: 'string', maxLength: 20, format: 'mobile' },
          idNumber: { type: 'string', maxLength: 30, format: 'citizenId' },
          bornOn: { type: 'string', maxLength: 10, format: 'date' },
          share: { type: 'number', minimum: 0, maximum: 1 },
          agreed: { type: 'boolean' },
          name: { type: 'string', minLength: 2, maxLength: 5 },
        },
      },
      layout: [
        { field: 'phone', widget: 'text' },
        { field: 'idNumber', widget: 'text' },
        { field: 'bornOn', widget: 'date' },
        { field: 'share', widget: 'number' },
        { field: 'agreed', widget: 'switch' },
        { field: 'name', widget: 'text' },
      ],
    },
  },
}
const refusedFields = (form: string | undefined, data: Record<string, unknown>): string[] => {
  try {
    validateForm(content, form, data)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'kernel.invalid_input') throw error
    const fields = error.detail['fields'] as { path: string; zh: string; en: string }[]
    for (const field of fields)
      expect(field).toEqual(
        expect.objectContaining({
          zh: expect.stringMatching(/\p{Script=Han}/u),
          en: expect.stringMatching(/^[A-Z][\x20-\x7e]+$/),
        }),
      )
    return fields.map((field) => field.path)
  }
  return []
}

describe('validateForm', () => {
  it('keeps what is right in its stored form', () => {
    expect(validateForm(content, 'sendBack', { reason: 'wrongUnit', note: '  这一段\u200B由供电所\r\n维护 ' })).toEqual(
      { reason: 'wrongUnit', note: '这一段由供电所\n维护' },
    )
    expect(
      validateForm(content, 'person', {
        phone: '+86 138 1234 5678',
        idNumber: '11010519491231002x',
        bornOn: '2026-02-28',
        share: 0.5,
        agreed: false,
      }),
    ).toEqual({
      phone: '13812345678',
      idNumber: '11010519491231002X',
      bornOn: '2026-02-28',
      share: 0.5,
      agreed: false,
    })
    expect(validateForm(content, undefined)).toEqual({})
    expect(validateForm(content, 'close', { note: '   ' })).toEqual({})
  })
  it.each<[string, string | undefined, Record<string, unknown>, string[]]>([
    ['nothing filled in', 'sendBack', {}, ['form.reason', 'form.note']],
    ['only blanks', 'sendBack', { reason: 'other', note: ' \u200B ' }, ['form.note']],
    ['a reason that is not in the list', 'sendBack', { reason: 'constructor', note: '说明一下' }, ['form.reason']],
    ['too short', 'sendBack', { reason: 'other', note: '啊' }, ['form.note']],
    ['too long', 'sendBack', { reason: 'other', note: '啊'.repeat(501) }, ['form.note']],
    ['an unknown field', 'close', { note: '好', admin: true }, ['form.admin']],
    [
      'a field called __proto__',
      'close',
      JSON.parse('{"__proto__": {"a": 1}}') as Record<string, unknown>,
      ['form.__proto__'],
    ],
    ['a number as text', 'askExtension', { days: '3', reason: '等待材料' }, ['form.days']],
    ['half a day', 'askExtension', { days: 1.5, reason: '等待材料' }, ['form.days']],
    ['too many days', 'askExtension', { days: 31, reason: '等待材料' }, ['form.days']],
    ['not a choice', 'feedback', { result: '修好了', method: 'magic' }, ['form.method']],
    ['a department that is none', 'whistle', { units: ['army'], question: '谁来办' }, ['form.units']],
    ['no department', 'whistle', { units: [], question: '谁来办' }, ['form.units']],
    ['text for a list', 'whistle', { units: 'police', question: '谁来办' }, ['form.units']],
    ['no phone', 'person', { phone: '12345' }, ['form.phone']],
    ['a day that never was', 'person', { phone: '13812345678', bornOn: '2026-02-30' }, ['form.bornOn']],
    ['a wrong ID number', 'person', { phone: '13812345678', idNumber: '110105194912310021' }, ['form.idNumber']],
    ['an object for a text', 'person', { phone: { a: 1 } }, ['form.phone']],
    ['data where there is no form', undefined, { note: '一' }, ['form.note']],
    ['a form called constructor', 'constructor', { note: '一' }, ['form.note']],
  ])('refuses %s', (_, form, data, paths) => {
    expect(refusedFields(form, data)).toEqual(paths)
  })
  it('never fails otherwise, whatever is sent, and what it took it takes again', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.dictionary(fc.string(), fc.integer(), { maxKeys: 2 }),
    )
    const data = fc.record(
      {
        cause: fc.oneof(value, fc.constant('awaitingFunds')),
        reason: value,
        until: fc.oneof(value, fc.constant('2026-12-01')),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(data, (given) => {
        try {
          const kept = validateForm(content, 'park', given)
          expect(validateForm(content, 'park', kept)).toEqual(kept)
        } catch (error) {
          expect((error as Fault).code).toBe('kernel.invalid_input')
        }
      }),
    )
  })
})

describe('forms on the page', () => {
  it('carry labels, hints and options in the reader’s language', () => {
    const shown = presentForm(content, 'sendBack', 'zh-CN')
    expect(shown?.layout[0]).toMatchObject({ field: 'reason', label: '退回原因', required: true, widget: 'radio' })
    expect(shown?.layout[0]?.options).toContainEqual({ value: 'wrongUnit', label: '派错部门' })
    expect(presentForm(content, 'feedback', 'en')?.layout[1]?.options).toContainEqual({
      value: 'mediation',
      label: 'By mediation',
    })
    expect(presentForm(content, 'report', 'zh-CN')?.layout[0]).toMatchObject({ hint: '选填', required: false })
    expect(presentForm(content, undefined, 'en')).toBeNull()
  })
  it('are told in the timeline as label and value', () => {
    expect(describeForm(content, 'whistle', { units: ['police', 'justice'], question: '谁来办' }, 'zh-CN')).toEqual([
      { label: '召集哪些部门', value: '派出所、司法所' },
      { label: '要商量什么', value: '谁来办' },
    ])
    expect(describeForm(content, 'verify', { seen: 'onSite' }, 'en')).toEqual([
      { label: 'How you checked', value: 'I was there' },
    ])
    expect(describeForm(content, 'report', { ongoing: true }, 'zh-CN')).toEqual([
      { label: '现在还在发生', value: '是' },
    ])
  })
  it('give the reason and the duplicate', () => {
    expect(reasonIn(content, 'park', { cause: 'awaitingFunds', reason: '等资金' })).toBe('等资金')
    expect(reasonIn(content, 'dispatch', { note: '快' })).toBe('')
    expect(duplicateNumberIn(content, 'void', { duplicateOf: '330411-261115-00007' })).toBe('330411-261115-00007')
    expect(duplicateNumberIn(content, 'void', {})).toBeUndefined()
  })
})
