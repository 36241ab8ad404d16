import { expect, test } from 'vitest'
import type { ReportKind } from '../../../src/packs/contract.ts'
import { chosenKind, complaintsOf, mattersOf } from './categories.ts'

const category = (code: string, complaint = false) => ({
  code,
  name: code,
  group: '',
  groupName: '',
  urgent: false,
  complaint,
  dutyBasis: '',
})
const kind = (name: string, categories: ReturnType<typeof category>[]): ReportKind => ({
  kind: name,
  name,
  hint: '',
  version: 1,
  public: true,
  icon: '',
  words: { text: '', textHint: '', photos: '', send: '' },
  categories,
  form: null,
})
const street = kind('street', [category('lamp'), category('staff', true)])
const site = kind('site', [category('night')])

test('the address chooses, else the first; an unknown kind leads nowhere else', () => {
  expect(chosenKind([street, site], 'site')).toBe(site)
  expect(chosenKind([street, site], null)).toBe(street)
  expect(chosenKind([street, site], 'gone')).toBe(street)
  expect(chosenKind([], 'site')).toBeUndefined()
})

test('complaints have their own entry, and one without categories of its own offers all', () => {
  expect(mattersOf(street).map(({ code }) => code)).toEqual(['lamp'])
  expect(complaintsOf(street).map(({ code }) => code)).toEqual(['staff'])
  expect(complaintsOf(site).map(({ code }) => code)).toEqual(['night'])
})
