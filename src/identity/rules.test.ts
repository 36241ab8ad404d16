import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Seat } from './contract.ts'
import {
  countyOfToken,
  defaultSettings,
  deviceLabel,
  grantsOfSeats,
  hashToken,
  isTotpRequired,
  keeperOf,
  labelOf,
  limits,
  newToken,
  normaliseLoginName,
  offerToSeat,
  windowOf,
} from './rules.ts'

const seats: Seat[] = ['system', 'security', 'audit']

describe('opaque tokens', () => {
  test('say their county, never repeat, and are kept as 32 bytes', () => {
    const made = Array.from({ length: 500 }, () => newToken('330411', 's'))
    expect(new Set(made).size).toBe(500)
    expect(made.every((token) => countyOfToken(token) === '330411' && /^330411\.s[\w-]{32}$/.test(token))).toBe(true)
    expect(hashToken(made[0]!)).toHaveLength(32)
  })

  test('nothing else is one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const county = countyOfToken(text)
        expect(county === undefined || /^\d{6}\./.test(text)).toBe(true)
      }),
    )
    for (const text of [
      '',
      '330411',
      '330411.',
      '330411.short',
      `33041a.${'a'.repeat(32)}`,
      `330411.${'a'.repeat(300)}`,
    ])
      expect(countyOfToken(text)).toBeUndefined()
  })
})

describe('windows', () => {
  test('every instant lies in exactly one, and the next begins where it ends', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.constantFrom(...Object.values(limits)),
        (now, limit) => {
          const { windowAt, endsAt } = windowOf(limit, now)
          expect(windowAt.getTime()).toBeLessThanOrEqual(now.getTime())
          expect(endsAt.getTime()).toBeGreaterThan(now.getTime())
          expect(endsAt.getTime() - windowAt.getTime()).toBe(limit.windowSeconds * 1000)
          expect(windowOf(limit, endsAt).windowAt).toEqual(endsAt)
        },
      ),
    )
  })

  test('no two limits share a name', () => {
    const kinds = Object.values(limits).map((limit) => limit.kind)
    expect(new Set(kinds).size).toBe(kinds.length)
  })
})

describe('seats', () => {
  test('no seat keeps itself, and every account has one keeper', () => {
    for (const seat of seats) expect(keeperOf([seat])).not.toBe(seat)
    expect(keeperOf([])).toBe('system')
  })

  test('an offer reaches its seat alone, over the whole county, for the seat’s purpose', () => {
    offerToSeat('audit', 'test.look')
    expect(grantsOfSeats('330411', ['audit'])).toContainEqual({
      action: 'test.look',
      purpose: 'audit',
      path: '330411',
      postId: 'seat:audit',
    })
    for (const seat of ['system', 'security'] as const)
      expect(grantsOfSeats('330411', [seat]).map((grant) => grant.action)).not.toContain('test.look')
    expect(grantsOfSeats('330411', [])).toEqual([])
  })

  test('system makes tokens and security approves them; neither does both', () => {
    const actions = (seat: Seat) => new Set(grantsOfSeats('330411', [seat]).map((grant) => grant.action))
    expect([actions('system').has('identity.create_tokens'), actions('system').has('identity.approve_tokens')]).toEqual(
      [true, false],
    )
    expect([
      actions('security').has('identity.create_tokens'),
      actions('security').has('identity.approve_tokens'),
    ]).toEqual([false, true])
    expect([...actions('audit')].filter((action) => /manage|create|approve|appoint/.test(action))).toEqual([])
  })

  test.each([
    ['nobody', false, false],
    ['administrators', false, true],
    ['everyone', true, true],
  ] as const)(
    'second factor required of %s: officers %s, administrators %s',
    (totpRequiredOf, officers, administrators) => {
      const settings = { ...defaultSettings, totpRequiredOf }
      expect(isTotpRequired(settings, [])).toBe(officers)
      expect(isTotpRequired(settings, ['audit'])).toBe(administrators)
    },
  )
})

test.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0', '微信 · iOS'],
  ['Mozilla/5.0 (Linux; Android 14) DingTalk/7', '钉钉 · Android'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130', 'Edge · Windows'],
  ['Mozilla/5.0 (Linux; HarmonyOS; ALN-AL00) Chrome/114', 'Chrome · HarmonyOS'],
  ['curl/8', '其他设备'],
  ['', '其他设备'],
])('%s is shown as %s', (userAgent, label) => expect(deviceLabel(userAgent)).toBe(label))

test('labels are roles, never names', () => {
  expect(labelOf('staff', ['audit'])).toBe('审计管理员')
  expect([labelOf('staff'), labelOf('resident'), labelOf('guest')]).toEqual(['工作人员', '居民', '访客'])
})

test('login names: full width, capitals and blanks are one', () => {
  expect(normaliseLoginName(' ＷａｎｇＸＭ ')).toBe('wangxm')
})
