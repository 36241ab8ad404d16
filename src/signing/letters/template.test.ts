import { describe, expect, test } from 'vitest'
import { shippedLetters } from './shipped.ts'
import { faultsOfValues, fillTemplate, requireTemplate, templateHash, type LetterTemplate } from './template.ts'

const template: LetterTemplate = {
  code: 'lease',
  title: '租赁承诺书',
  variables: [
    { name: 'name', label: '姓名', kind: 'text', from: 'registry', maxLength: 30 },
    { name: 'citizenId', label: '身份证号', kind: 'citizenId', from: 'registry' },
    { name: 'elsewhere', label: '不住本地', kind: 'yesNo', from: 'registry' },
    { name: 'day', label: '日期', kind: 'day', from: 'sender', optional: true },
  ],
  blocks: [
    { kind: 'paragraph', text: '本人{{name}}（{{ citizenId }}），{{day}}。' },
    { kind: 'paragraph', text: '委托他人代管。', when: 'elsewhere' },
  ],
  signers: [{ role: '承诺人', name: 'name' }],
  seal: null,
}
const values = { name: '欧阳明月', citizenId: '11010519491231002X', elsewhere: false, day: '2026-03-05' }
const codesOf = (changed: object) => faultsOfValues(template, { ...values, ...changed }).map(({ code }) => code)

describe('a template', () => {
  test('is filled in, IDs hidden in the middle, days as people write them, conditions decided', () => {
    expect(fillTemplate(template, values)).toEqual([
      { kind: 'paragraph', text: '本人欧阳明月（110105********002X），2026年3月5日。' },
    ])
    expect(fillTemplate(template, { ...values, elsewhere: true })).toHaveLength(2)
  })

  test('takes a value as text, whatever it looks like', () => {
    const [block] = fillTemplate(template, { ...values, name: '{{citizenId}}#read' })
    expect(block).toMatchObject({ text: expect.stringContaining('本人{{citizenId}}#read') })
  })

  test('has another hash when a word changes, the same when only its order of keys does', () => {
    const turned = Object.fromEntries(Object.entries(template).toReversed()) as LetterTemplate
    expect(templateHash(turned)).toBe(templateHash(template))
    expect(templateHash({ ...template, title: '租赁承诺' })).not.toBe(templateHash(template))
  })

  test('is refused with an unknown variable, an unknown signer or a condition that is no yes or no', () => {
    expect(() => requireTemplate({ ...template, blocks: [{ kind: 'paragraph', text: '{{who}}' }] })).toThrow(
      'bad_template',
    )
    expect(() => requireTemplate({ ...template, signers: [{ role: '承诺人', name: 'who' }] })).toThrow('bad_template')
    expect(() => requireTemplate({ ...template, blocks: [{ kind: 'paragraph', text: '好', when: 'name' }] })).toThrow(
      'bad_expression',
    )
  })
})

describe('before anything is sent', () => {
  test('each value that cannot be printed is named', () => {
    expect(codesOf({})).toEqual([])
    expect(codesOf({ name: '' })).toEqual(['signing.missing_value'])
    expect(codesOf({ day: undefined })).toEqual([])
    expect(codesOf({ citizenId: '110105194912310020' })).toEqual(['signing.bad_value'])
    expect(codesOf({ day: '2026-13-01' })).toEqual(['signing.bad_value'])
    expect(codesOf({ name: '张\u202E伟' })).toEqual(['signing.hidden_characters'])
    expect(codesOf({ name: '张\u0000' })).toEqual(['signing.hidden_characters'])
    expect(faultsOfValues(template, { ...values, name: '李\u{2A6D7}' })[0]?.detail).toMatchObject({
      code: 'U+2A6D7',
      name: '姓名',
    })
    expect(codesOf({ name: '𠀀', citizenId: '1' })).toHaveLength(2)
  })
})

test('the ten letters that come with the house are right', () => {
  expect(shippedLetters().map(({ code }) => code)).toEqual([
    'cleanBanquet',
    'cleanPractice',
    'coBuilding',
    'epidemicCommitment',
    'foodQuality',
    'houseLease',
    'lodgingFireSafety',
    'migrantRegistration',
    'supplierAgreement',
    'workSafety',
  ])
})
