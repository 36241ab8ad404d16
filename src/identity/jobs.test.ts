import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityHouse, type IdentityHouse } from '../../test/support/identity-house.ts'
import { deleteOutlived, identitySweeps } from './jobs.ts'

let house: IdentityHouse
beforeAll(async () => {
  house = await identityHouse()
})
afterAll(() => house.close())

const count = async () => {
  const counted = await house.db.transaction('330411', async (tx) => {
    const sizes: Record<string, number> = {}
    for (const table of ['throttle', 'phoneCode', 'signInAttempt', 'session', 'account'] as const)
      sizes[table] = (
        await tx
          .selectFrom(table)
          .select((row) => row.fn.countAll<number>().as('rows'))
          .executeTakeFirstOrThrow()
      ).rows
    return sizes
  })
  return counted
}

test('what has served its time is deleted: codes at once, sessions after a month, sign-in records after six months and not before', async () => {
  const browser = house.browser()
  const { request } = (await browser.post('/api/v1/identity/phone-codes', { phone: '13912341234' })).body
  await browser.post('/api/v1/identity/sign-in/phone-code', { request, code: house.sent.at(-1)?.params['code'] })
  expect(await count()).toMatchObject({ phoneCode: 1, signInAttempt: 1, session: 1, account: 1 })
  house.clock.advance(2 * 86_400_000)
  expect(await house.system(deleteOutlived)).toBeGreaterThan(5)
  expect(await count()).toEqual({ throttle: 0, phoneCode: 0, signInAttempt: 1, session: 1, account: 1 })
  house.clock.advance(30 * 86_400_000)
  await house.system(deleteOutlived)
  expect(await count()).toMatchObject({ signInAttempt: 1, session: 0 })
  house.clock.advance(150 * 86_400_000)
  await house.system(deleteOutlived)
  expect((await count())['signInAttempt']).toBe(1)
  house.clock.advance(10 * 86_400_000)
  expect(await house.system(deleteOutlived)).toBe(1)
  expect(await count()).toMatchObject({ signInAttempt: 0, account: 1 })
  expect(await house.system(deleteOutlived)).toBe(0)
})

test('the sweep visits every county', async () => {
  const browser = house.browser()
  await browser.post('/api/v1/identity/phone-codes', { phone: '13912340000' })
  house.clock.advance(2 * 86_400_000)
  await identitySweeps[0]?.run(house.app)
  expect(await count()).toMatchObject({ phoneCode: 0, throttle: 0 })
})
