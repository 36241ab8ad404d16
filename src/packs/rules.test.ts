import { describe, expect, it } from 'vitest'
import { Fault } from '../kernel/faults.ts'
import type { PackContent, TimeAmount } from './contract.ts'
import { shippedPacks } from './load.ts'
import {
  byEntry,
  categoriesOf,
  categoryName,
  dueFor,
  dutyBasis,
  findStep,
  findText,
  firstStep,
  guardAllows,
  type GuardFacts,
  guardSentence,
  isEnd,
  isUrgentCategory,
  kindName,
  mayBegin,
  moveDone,
  moveHint,
  moveName,
  movesFrom,
  nextSentence,
  type PackKind,
  photoRule,
  reporterSentence,
  say,
  stateName,
  stateOf,
  stepFor,
} from './rules.ts'

const content = shippedPacks().find((pack) => pack.definition.name === 'event') as PackContent
const kind = content.definition.kinds[0]!
const pack: PackKind = { pack: 'event', version: 1, sha256: '', own: false, publishedAt: new Date(0), content, kind }
const facts: GuardFacts = {
  category: '0201',
  urgent: false,
  channel: 'resident',
  state: 'handling',
  extensions: 0,
  reopened: 0,
  sentBack: 0,
  daysSinceClosed: 0,
  photos: 0,
  linked: 0,
}

describe('who may begin a kind', () => {
  const open = { ...kind, public: true }
  const closed = { ...kind, public: false }
  const entry = { order: 1, icon: 'camera' }
  const who = (beginner: string, roles: string[] = [], mayFile = false) => ({ kind: beginner, roles, mayFile })
  it.each([
    ['anybody, a public one', open, who('nobody'), true],
    ['a guest, a public one', open, who('guest'), true],
    ['a guest, where an account is needed', { ...open, entry: { ...entry, accountNeeded: true } }, who('guest'), false],
    [
      'a resident, where an account is needed',
      { ...open, entry: { ...entry, accountNeeded: true } },
      who('resident'),
      true,
    ],
    ['a resident, one for staff', closed, who('resident'), false],
    ['staff, a public one', open, who('staff'), true],
    ['staff without the grant to file, one for staff', closed, who('staff'), false],
    ['staff with the grant to file, one for staff', closed, who('staff', [], true), true],
    [
      'staff, one for clerks',
      { ...open, entry: { ...entry, roles: ['clerk'] } },
      who('staff', ['verifier'], true),
      false,
    ],
    ['a clerk, one for clerks', { ...closed, entry: { ...entry, roles: ['clerk'] } }, who('staff', ['clerk']), true],
    [
      'a resident, a public one for clerks among staff',
      { ...open, entry: { ...entry, roles: ['clerk'] } },
      who('resident'),
      true,
    ],
    ['another system without the grant', open, who('token'), false],
    ['another system with the grant', closed, who('token', [], true), true],
  ])('%s', (_what, begun, beginner, may) => {
    expect(mayBegin(begun, beginner)).toBe(may)
  })
  it('kinds stand as their entries say, those without one last, by name', () => {
    const named = (name: string, order?: number) => ({
      ...kind,
      name,
      entry: order === undefined ? undefined : { ...entry, order },
    })
    const sorted = [named('b'), named('c', 20), named('a'), named('d', 5)].toSorted(byEntry)
    expect(sorted.map(({ name }) => name)).toEqual(['d', 'c', 'a', 'b'])
  })
})

describe('the whole state × move grid of an event', () => {
  const moves = [...new Set(kind.steps.map((step) => step.move)), 'constructor', '__proto__', 'toString', '']
  const states = [...kind.states.map((state) => state.name), 'constructor', '__proto__']
  it.each(states.flatMap((state) => moves.map((move) => [state, move] as const)))('%s × %s', (state, move) => {
    const listed = kind.steps.filter((step) => step.from === state && step.move === move)
    if (listed.length === 0) {
      expect(findStep(kind, state, move)).toBeUndefined()
      expect(() => stepFor(kind, state, move)).toThrow(Fault)
    } else {
      expect(stepFor(kind, state, move)).toBe(listed[0])
      expect(movesFrom(kind, state)).toContain(listed[0])
    }
  })
  it('begins with the report and ends only in its ends', () => {
    expect(firstStep(kind)).toMatchObject({ move: 'report', to: 'reported' })
    expect(kind.states.filter((state) => isEnd(kind, state.name)).map((state) => state.name)).toEqual([
      'closed',
      'void',
    ])
    expect(() => stateOf(kind, 'constructor')).toThrow()
  })
})

describe('limits', () => {
  it.each<[move: string, from: string, category: string, urgent: boolean, due: TimeAmount | null, why: string]>([
    ['dispatch', 'filed', '0201', false, { amount: 3, unit: 'workday' }, 'the category’s own'],
    ['dispatch', 'filed', '0104', false, { amount: 5, unit: 'workday' }, 'the step’s where the category has none'],
    ['dispatch', 'filed', '0404', true, { amount: 2, unit: 'urgentHour' }, 'the category’s urgent one'],
    [
      'dispatch',
      'filed',
      '0201',
      true,
      { amount: 24, unit: 'urgentHour' },
      'the step’s urgent one where the category’s has none',
    ],
    [
      'accept',
      'reported',
      '0404',
      true,
      { amount: 2, unit: 'urgentHour' },
      'other states are not touched by the category',
    ],
    ['handOver', 'handling', '0201', false, null, 'a hand-over keeps the running clock'],
    ['close', 'verified', '0201', false, null, 'an end has none'],
    ['dispatch', 'filed', 'constructor', false, { amount: 5, unit: 'workday' }, 'an unknown category'],
  ])('%s from %s, %s, urgent %s: %j (%s)', (move, from, category, urgent, due) => {
    expect(dueFor(pack, stepFor(kind, from, move), { category, urgent })).toEqual(due)
  })
  it('knows what is urgent by itself and where a photo is evidence', () => {
    expect([isUrgentCategory(pack, '0404'), isUrgentCategory(pack, '0201'), isUrgentCategory(pack, 'none')]).toEqual([
      true,
      false,
      false,
    ])
    const feedback = stepFor(kind, 'handling', 'feedback')
    expect([
      photoRule(pack, feedback, '0201'),
      photoRule(pack, feedback, '0301'),
      photoRule(pack, stepFor(kind, 'verified', 'close'), '0201'),
    ]).toEqual(['needed', 'wanted', 'none'])
  })
})

describe('guards', () => {
  const ask = stepFor(kind, 'handling', 'askExtension')
  const reopen = stepFor(kind, 'closed', 'reopen')
  it('allow, refuse, and explain', () => {
    expect(guardAllows(stepFor(kind, 'reported', 'accept'), facts)).toBe(true)
    expect(guardAllows(ask, facts)).toBe(true)
    expect(guardAllows(ask, { ...facts, extensions: 2 })).toBe(false)
    expect(guardAllows(reopen, { ...facts, state: 'closed', daysSinceClosed: 30 })).toBe(true)
    expect(guardAllows(reopen, { ...facts, state: 'closed', daysSinceClosed: 31 })).toBe(false)
    expect(guardAllows(reopen, { ...facts, state: 'closed', reopened: 3 })).toBe(false)
    expect(guardSentence(pack, 'reopen', 'zh-CN')).toContain('30 天')
    expect(guardSentence(pack, 'accept', 'en')).toBe('')
  })
})

describe('words', () => {
  it('are Chinese first and English second, never a code', () => {
    expect([
      kindName(pack, 'zh-CN'),
      stateName(pack, 'parked', 'zh-CN'),
      moveName(pack, 'whistle', 'zh-CN'),
      moveDone(pack, 'file', 'zh-CN'),
    ]).toEqual(['随手报事', '挂账', '吹哨报到', '提请镇级立案'])
    expect([stateName(pack, 'handling', 'en'), moveName(pack, 'void', 'en'), categoryName(pack, '0201', 'en')]).toEqual(
      ['Being handled', 'Void', 'Street light out'],
    )
    expect(nextSentence(pack, 'closed', 'zh-CN')).toContain('请您评价')
    expect(moveHint(pack, 'supplement', 'zh-CN')).toBe('')
    expect(dutyBasis(pack, '0301', 'zh-CN')).toContain('矛盾纠纷')
    expect(dutyBasis(pack, 'none', 'zh-CN')).toBe('')
    expect(reporterSentence(pack, 'accept', 'zh-CN', { number: '330411-261116-00001' })).toBe(
      '您反映的事项（330411-261116-00001）已受理。',
    )
    expect(reporterSentence(pack, 'dispatch', 'zh-CN', { number: '1' })).toBeUndefined()
    expect(findText(content, 'constructor', 'zh-CN')).toBeUndefined()
    expect(say({ ...content, texts: { 'zh-CN': { a: '只有中文 {x}' }, en: {} } }, 'a', 'en', { x: '一' })).toBe(
      '只有中文 一',
    )
    expect(categoriesOf(pack).length).toBeGreaterThan(20)
  })
})
