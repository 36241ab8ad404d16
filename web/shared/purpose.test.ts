import { expect, test, vi } from 'vitest'

vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => undefined })
const { choosePurpose, heldPurposes, purposeFor, statedPurpose } = await import('./purpose.ts')

test('an administrator reads for the seat, staff for what they chose, and nobody keeps another’s purpose', () => {
  expect(purposeFor(['audit'], 'handling')).toBe('audit')
  expect(purposeFor(['system'], 'audit')).toBe('administration')
  expect(purposeFor([], 'supervision')).toBe('supervision')
  expect(purposeFor([], 'audit')).toBe('handling')
})

test('one’s own things carry no purpose, the rest says the one that was chosen', () => {
  expect(statedPurpose('/matters')).toEqual({})
  choosePurpose('supervision')
  expect(statedPurpose('/matters')).toEqual({ 'tongxin-purpose': 'supervision' })
  expect(statedPurpose('/identity/me')).toEqual({})
  expect(statedPurpose('/identity/who')).toEqual({})
  expect(statedPurpose('/notify/inbox/unread')).toEqual({})
  expect(statedPurpose('/grid/calendar?year=2026')).toEqual({})
  expect(statedPurpose('/grid/calendar/hours')).toEqual({ 'tongxin-purpose': 'supervision' })
  choosePurpose('handling')
})

test('of the purposes that posts give, only those are offered that the desk has pages for', () => {
  expect(heldPurposes(['own', 'administration', 'statistics', 'handling'])).toEqual(['handling', 'statistics'])
  expect(heldPurposes(['supervision'])).toEqual(['supervision'])
})
