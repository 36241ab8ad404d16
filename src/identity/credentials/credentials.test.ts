import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decoyHash, hashPassword, isOutdated, passwordFits } from './index.ts'
import {
  acceptedStep,
  argonCost,
  HASHES_AT_ONCE,
  HASHES_WAITING_MAX,
  newRecoveryCodes,
  newTotpSecret,
  normaliseRecoveryCode,
  passwordComplaint,
  totpCode,
  totpUri,
} from './rules.ts'

describe('passwords', () => {
  test.each([
    ['短', 'identity.password_too_short'],
    ['Ab1!Ab1!', 'identity.password_too_short'],
    ['1234567890', 'identity.password_too_plain'],
    ['9876543210a', 'identity.password_too_plain'],
    ['aaaaaaaaaaa1', 'identity.password_too_plain'],
    ['abababab1212', 'identity.password_too_plain'],
    ['justletters', 'identity.password_too_plain'],
    ['password2026', 'identity.password_too_plain'],
    ['tongxin12345', 'identity.password_too_plain'],
    ['wangxm-20-26-ab', 'identity.password_too_plain'],
    ['Wangdian#759', undefined],
    ['红联村的桂花 8 月开', undefined],
    ['correct horse 4 battery', undefined],
  ])('%s → %s', (password, complaint) => expect(passwordComplaint(password, 'wangxm')).toBe(complaint))

  test('the hash is argon2id with our cost, salted, and fits its own password only, however composed', async () => {
    const [one, two] = await Promise.all([hashPassword('Café#2026-net'), hashPassword('Café#2026-net')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=3,p=1\$/)
    expect(one).not.toBe(two)
    expect(await passwordFits(one, 'Cafe\u0301#2026-net')).toBe(true)
    expect(await passwordFits(one, 'Café#2026-Net')).toBe(false)
    expect(await passwordFits(await decoyHash(), 'Café#2026-net')).toBe(false)
  })

  test('a hash of another cost is noticed, so that it is renewed at the next sign-in', async () => {
    expect(isOutdated(await decoyHash())).toBe(false)
    expect(
      isOutdated('$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A'),
    ).toBe(true)
    expect(argonCost.memoryCost * HASHES_AT_ONCE).toBeLessThan(100 * 1024)
  })

  test('when too many wait, the next is told to come again instead of piling up', async () => {
    const crowd = Array.from({ length: HASHES_AT_ONCE + HASHES_WAITING_MAX + 1 }, () => hashPassword('Crowd#2026-net'))
    const ends = await Promise.allSettled(crowd)
    const refused = ends.filter((end) => end.status === 'rejected')
    expect(refused).toHaveLength(1)
    expect(refused[0]?.reason).toMatchObject({ code: 'identity.busy', retryAfterSeconds: 5 })
    expect(await passwordFits(await hashPassword('After#2026-net'), 'After#2026-net')).toBe(true)
  })
})

describe('TOTP', () => {
  const secret = newTotpSecret()
  const now = new Date('2026-11-16T01:30:15Z')
  const step = Math.floor(now.getTime() / 30_000)
  const codeAt = (steps: number) => totpCode(secret, new Date(now.getTime() + steps * 30_000))

  test('the published vectors of RFC 6238 (SHA-1, last six digits)', () => {
    const published = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    expect(totpCode(published, new Date(59_000))).toBe('287082')
    expect(totpCode(published, new Date(1_111_111_109_000))).toBe('081804')
    expect(totpCode(published, new Date(20_000_000_000_000))).toBe('353130')
  })

  test('one step early or late is accepted, two are not', () => {
    expect([-2, -1, 0, 1, 2].map((steps) => acceptedStep(secret, codeAt(steps), { now, lastStep: 0 }))).toEqual([
      undefined,
      step - 1,
      step,
      step + 1,
      undefined,
    ])
  })

  test('a step that was used, and every older one, is refused', () => {
    expect(acceptedStep(secret, codeAt(0), { now, lastStep: step })).toBeUndefined()
    expect(acceptedStep(secret, codeAt(-1), { now, lastStep: step })).toBeUndefined()
    expect(acceptedStep(secret, codeAt(1), { now, lastStep: step })).toBe(step + 1)
  })

  test('blanks and full-width digits are understood; anything else is no code', () => {
    const code = codeAt(0)
    expect(acceptedStep(secret, `${code.slice(0, 3)} ${code.slice(3)}`, { now, lastStep: 0 })).toBe(step)
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        fc.pre(!/^\d{6}$/.test(text.normalize('NFKC').replace(/\s/g, '')))
        expect(acceptedStep(secret, text, { now, lastStep: 0 })).toBeUndefined()
      }),
    )
  })

  test('secrets have 160 bits and the address names us', () => {
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(decodeURIComponent(totpUri(secret, 'wangxm'))).toMatch(/^otpauth:\/\/totp\/同心:wangxm\?/)
  })
})

test('recovery codes: ten, all different, readable, and read as people write them', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  expect(codes.every((code) => /^[2-9A-HJ-NP-TV-Z]{5}-[2-9A-HJ-NP-TV-Z]{5}$/.test(code))).toBe(true)
  expect(normaliseRecoveryCode(` ${codes[0]?.toLowerCase().replace('-', ' – ')} `)).toBe(codes[0]?.replace('-', ''))
})
