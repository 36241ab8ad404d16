import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grantActions, shippedRoles } from './roles.ts'
import {
  acting,
  calledAt,
  chainOf,
  grantsOfPosts,
  ladderOf,
  pickResponsible,
  rolesOver,
  type DutyRow,
} from './rules.ts'

const ladder = ladderOf(rolesOver([]))
const leaf = '330411/330411105/330411105211/G001/M001'

const post = (role: string, areaPath: string, rest: Partial<DutyRow> = {}): DutyRow => ({
  postId: `${role}@${areaPath}`,
  postName: role,
  role,
  unit: null,
  place: 1,
  areaPath,
  areaName: '',
  holderA: null,
  awayA: false,
  holderB: null,
  awayB: false,
  ...rest,
})

describe('acting: who acts in a post', () => {
  const people = [null, 'somebody'] as const
  const away = [false, true] as const
  const grid = people.flatMap((a) =>
    people.flatMap((b) => away.flatMap((awayA) => away.map((awayB) => ({ a, b, awayA, awayB })))),
  )

  it.each(grid)('A %o', ({ a, b, awayA, awayB }) => {
    const found = acting({ holderA: a && 'anna', awayA, holderB: b && 'bao', awayB })
    if (a && !awayA) expect(found).toEqual({ accountId: 'anna', slot: 'A', deputyFor: null })
    else if (b && !awayB) expect(found).toEqual({ accountId: 'bao', slot: 'B', deputyFor: a ? 'anna' : null })
    else expect(found).toBeUndefined()
  })
})

describe('pickResponsible', () => {
  const rows = [
    post('microGridLead', leaf, { holderA: 'lead', holderB: 'deputy' }),
    post('gridChief', '330411/330411105/330411105211/G001', { holderA: 'chief' }),
    post('villageSecretary', '330411/330411105/330411105211', { holderA: 'secretary' }),
    post('townDispatcher', '330411/330411105', { holderA: 'dispatcher' }),
    post('verifier', '330411/330411105', { holderA: 'verifier' }),
    post('countyDispatcher', '330411', { holderA: 'county' }),
  ]

  it('takes the nearest holder', () => {
    expect(pickResponsible(rows, 'microGridLead', ladder)).toMatchObject({
      accountId: 'lead',
      slot: 'A',
      standsIn: false,
    })
  })

  it('takes B while A is away, and says for whom', () => {
    const away = rows.map((row) => (row.role === 'microGridLead' ? { ...row, awayA: true } : row))
    expect(pickResponsible(away, 'microGridLead', ladder)).toMatchObject({
      accountId: 'deputy',
      slot: 'B',
      deputyFor: 'lead',
      standsIn: false,
    })
  })

  it('goes up the ladder, one step at a time, when a post is vacant', () => {
    const order = ['microGridLead', 'gridChief', 'villageSecretary', 'townDispatcher', 'countyDispatcher']
    order.forEach((_, at) => {
      const left = rows.filter(({ role }) => !order.slice(0, at).includes(role))
      const found = pickResponsible(left, 'microGridLead', ladder)
      expect(found?.role).toBe(order[at])
      expect(found?.standsIn).toBe(at > 0)
    })
  })

  it('lets the dispatcher answer for a verifier who is missing, never the village', () => {
    const without = rows.filter(({ role }) => role !== 'verifier')
    expect(pickResponsible(without, 'verifier', ladder)).toMatchObject({ accountId: 'dispatcher', standsIn: true })
  })

  it('knows nobody only when nobody at all is in office', () => {
    expect(
      pickResponsible(
        rows.map((row) => ({ ...row, holderA: null, holderB: null })),
        'microGridLead',
        ladder,
      ),
    ).toBeUndefined()
    fc.assert(
      fc.property(
        fc.subarray(rows, { minLength: 1 }),
        fc.constantFrom(...shippedRoles.map(({ code }) => code)),
        (some, role) => {
          const anybody = some.some((row) => ladder.has(row.role) || row.role === role)
          expect(pickResponsible(some, role, ladder) !== undefined).toBe(anybody)
        },
      ),
    )
  })

  it('lists the chain from the ground to the county', () => {
    expect(chainOf(rows, ladder).map(({ accountId }) => accountId)).toEqual([
      'lead',
      'chief',
      'secretary',
      'dispatcher',
      'county',
    ])
  })
})

describe('grantsOfPosts', () => {
  const roles = rolesOver([])
  const held = { postId: 'p', path: leaf, role: 'microGridLead', slot: 'A' as const, holderA: 'me', awayA: false }

  it('gives A its role’s grants at the post’s place', () => {
    const grants = grantsOfPosts([held], roles)
    expect(grants.length).toBe(roles.get('microGridLead')!.grants.length)
    expect(grants.every(({ path, deputyFor }) => path === leaf && deputyFor === null)).toBe(true)
  })

  it('gives B nothing while A is there, and everything in A’s name while A is away or missing', () => {
    expect(grantsOfPosts([{ ...held, slot: 'B', holderA: 'other' }], roles)).toEqual([])
    expect(grantsOfPosts([{ ...held, slot: 'B', holderA: 'other', awayA: true }], roles)[0]).toMatchObject({
      deputyFor: 'other',
    })
    expect(grantsOfPosts([{ ...held, slot: 'B', holderA: null }], roles)[0]).toMatchObject({ deputyFor: null })
  })

  it('gives an unknown role nothing', () => {
    expect(grantsOfPosts([{ ...held, role: 'constructor' }], roles)).toEqual([])
  })
})

describe('shipped roles', () => {
  it('name only known actions and each role once', () => {
    const known: readonly string[] = grantActions
    for (const { code, grants } of shippedRoles) for (const { action } of grants) expect(known, code).toContain(action)
    expect(new Set(shippedRoles.map(({ code }) => code)).size).toBe(shippedRoles.length)
  })

  it('give every action to somebody', () => {
    const given = new Set(shippedRoles.flatMap(({ grants }) => grants.map(({ action }) => action)))
    expect(grantActions.filter((action) => !given.has(action))).toEqual([])
  })

  it('let nobody who handles verify alone: a department cannot verify, a verifier cannot handle', () => {
    const may = (role: string, action: string) =>
      shippedRoles.find(({ code }) => code === role)!.grants.some((grant) => grant.action === action)
    expect(may('departmentHandler', 'loop.verify')).toBe(false)
    expect(may('verifier', 'loop.handle')).toBe(false)
  })

  it('stand on different steps of the ladder', () => {
    expect(new Set(ladder.values()).size).toBe(ladder.size)
  })
})

it.each([
  ['红联村第一网格第1微网格', '微网格长', '红联村第一网格第1微网格长'],
  ['王店镇', '镇平台调度员', '王店镇平台调度员'],
  ['红联村', '党组织书记', '红联村党组织书记'],
])('calls %s + %s %s', (place, role, name) => {
  expect(calledAt(place, role)).toBe(name)
})
