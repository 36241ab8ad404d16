import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { addressKey, normaliseAddress, premisesSortKey, sortKey } from './addresses/rules.ts'
import { homeOf, mainTie, ownedElsewhere, pathsOf, type Tie } from './people/rules.ts'
import { ageOn, differences, maskCitizenId, requireName, undone, yearsBefore } from './rules.ts'
import { birthdayTags, derivedTags, listTags } from './tags/rules.ts'

test('a name is kept without the blanks around it', () => {
  expect(requireName(' 一 ')).toBe('一')
})

test('nothing but blanks is refused', () => {
  expect(() => requireName('  ')).toThrow('registry.name_needed')
})

test('of an ID number the last four are shown', () => {
  expect(maskCitizenId('11010519491231002X')).toBe('**************002X')
})

describe('years', () => {
  it('turn on the birthday; who was born on 29 February has it on the 28th in other years', () => {
    expect(ageOn('1966-11-16', '2026-11-15')).toBe(59)
    expect(ageOn('1966-11-16', '2026-11-16')).toBe(60)
    expect(yearsBefore('2028-02-29', 1)).toBe('2027-02-28')
  })

  const day = fc.integer({ min: 0, max: 40_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))
  it('back and forth agree', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 100 }), (on, years) => {
        expect(ageOn(yearsBefore(on, years), on)).toBe(years)
      }),
    )
  })
})

describe('addresses', () => {
  it.each([
    ['高桥花园 ３栋', '高桥花园3幢'],
    ['高桥花园十二号楼', '高桥花园12幢'],
    ['高桥花园3#', '高桥花园3幢'],
    ['红联村二十一组5号', '红联村21组5号'],
    ['一心路8号', '一心路8号'],
    ['三元里二〇一室', '三元里201室'],
  ])('%s is compared as %s', (written, compared) => {
    expect(normaliseAddress(written)).toBe(compared)
  })

  it('are told apart by village', () => {
    expect(addressKey('330411/T/V1/G/M', '一组1号')).toBe('V1|1组1号')
    expect(addressKey('330411/T/V2/G/M', '一组1号')).not.toBe(addressKey('330411/T/V1/G/M', '一组1号'))
  })

  it('normalising twice changes nothing, and order follows the numbers', () => {
    const text = fc.string({ unit: fc.constantFrom(...'高桥花园1２#号楼栋幢单元室一二十 -,（'), maxLength: 20 })
    fc.assert(
      fc.property(text, (written) => {
        expect(normaliseAddress(normaliseAddress(written))).toBe(normaliseAddress(written))
      }),
    )
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(99_999), (one, other) => {
        const [first, second] = [sortKey(`苑${one}幢`), sortKey(`苑${other}幢`)]
        expect(first < second).toBe(one < other)
      }),
    )
  })

  it('of premises go by unit, floor, room; a cellar lies below', () => {
    const key = (unit: string, floor: number | null, room: string) => premisesSortKey('b', { unit, floor, room })
    const order = [
      key('1', -1, '车库2'),
      key('1', 5, '502'),
      key('1', 10, '1001'),
      key('2', 1, '101'),
      key('10', 1, '101'),
    ]
    expect(order.toSorted()).toEqual(order)
  })
})

const tie = (change: Partial<Tie>): Tie => ({
  premisesId: 'a',
  householdId: null,
  areaPath: 'A',
  relation: 'tenant',
  livesHere: true,
  headRelation: null,
  fromOn: '2026-01-01',
  untilOn: null,
  ...change,
})

describe('where somebody is', () => {
  it('living there goes before owning, owning before renting, the older tie before the newer', () => {
    const owned = tie({ premisesId: 'o', relation: 'owner', livesHere: false, areaPath: 'O' })
    const rented = tie({ premisesId: 'r', areaPath: 'R' })
    expect(mainTie([owned, rented])).toBe(rented)
    expect(mainTie([owned, tie({ ...rented, untilOn: '2026-02-01' })])).toBe(owned)
    const older = tie({ premisesId: 'x', fromOn: '2020-01-01' })
    expect(mainTie([tie({ fromOn: '2021-01-01' }), older])).toBe(older)
  })

  it('stays where it was registered without premises, whatever else is owned', () => {
    const owned = tie({ premisesId: 'o', relation: 'owner', livesHere: false, areaPath: 'O' })
    expect(homeOf([owned], { areaPath: 'A', premisesId: null })).toMatchObject({ areaPath: 'A', premisesId: null })
    expect(homeOf([owned], { areaPath: 'A', premisesId: 'a' })).toMatchObject({ areaPath: 'O', premisesId: 'o' })
    expect(homeOf([], { areaPath: 'A', premisesId: 'a' })).toMatchObject({ areaPath: 'A', premisesId: null })
  })

  const ties = fc
    .array(
      fc.record({
        premisesId: fc.constantFrom('a', 'b', 'c'),
        householdId: fc.constantFrom(null, 'h'),
        relation: fc.constantFrom('owner', 'tenant', 'family', 'lodger'),
        livesHere: fc.boolean(),
        headRelation: fc.constant(null),
        fromOn: fc.constantFrom('2020-01-01', '2021-01-01'),
        untilOn: fc.constantFrom(null, '2022-01-01'),
      }),
      { maxLength: 6 },
    )
    .map((held) => held.map((one) => ({ ...one, areaPath: one.premisesId.toUpperCase() })))
  it('does not depend on the order of the ties, and is a place from which the person is seen', () => {
    fc.assert(
      fc.property(ties, (held) => {
        const home = homeOf(held, { areaPath: 'A', premisesId: null })
        expect(homeOf(held.toReversed(), { areaPath: 'A', premisesId: null }).areaPath).toBe(home.areaPath)
        expect(pathsOf(home.areaPath, held)).toContain(home.areaPath)
        for (const path of ownedElsewhere(held)) expect(pathsOf(home.areaPath, held)).toContain(path)
      }),
    )
  })
})

describe('tags', () => {
  it('by rule: age, registration, premises owned elsewhere; none for who has left', () => {
    const facts = {
      bornOn: '1940-01-01',
      registration: 'floating',
      state: 'present',
      areaPath: 'A',
      ownedElsewhere: ['B', 'B'],
    }
    expect(derivedTags(facts, '2026-11-16')).toEqual([
      { tag: 'over60', areaPath: 'A' },
      { tag: 'over80', areaPath: 'A' },
      { tag: 'newResident', areaPath: 'A' },
      { tag: 'landlordElsewhere', areaPath: 'B' },
    ])
    expect(derivedTags({ ...facts, state: 'left' }, '2026-11-16')).toEqual([])
  })

  it('every birthday tag is one that a rule gives, and all are said in both languages', () => {
    const derived = listTags('zh-CN')
      .items.filter((tag) => tag.derived)
      .map(({ code }) => code)
    for (const { tag } of birthdayTags) expect(derived).toContain(tag)
    for (const { name, meaning } of listTags('en').items) expect(name + meaning).not.toMatch(/\p{Script=Han}/u)
  })
})

test('what changed, undone, is what was', () => {
  const record = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
  )
  fc.assert(
    fc.property(record, record, record, (first, second, third) => {
      const was = undone(third, [differences(second, third), differences(first, second)])
      expect(differences(first, was)).toEqual({})
    }),
  )
})
