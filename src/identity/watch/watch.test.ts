import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityHouse, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { unmask } from '../people/index.ts'
import { dangersIn, eventsOf, type Tried } from './rules.ts'

const noon = new Date('2026-11-16T04:00:00Z')
const after = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
const tried = (rest: Partial<Tried>): Tried => ({
  at: noon,
  outcome: 'refused',
  accountId: 'a',
  subject: 's',
  address: '203.0.113.1',
  seated: false,
  ...rest,
})
const kindsIn = (list: Tried[]) => dangersIn(list).map(({ kind }) => kind)

describe('what does not look right', () => {
  test('many wrong passwords; worse when one was right afterwards, not when it was right before', () => {
    const guesses = Array.from({ length: 5 }, (_, index) => tried({ at: after(index) }))
    expect(kindsIn(guesses)).toEqual(['guessed'])
    expect(kindsIn([...guesses, tried({ at: after(9), outcome: 'accepted' })])).toEqual(['guessedThenIn'])
    expect(kindsIn([...guesses, tried({ at: after(-9), outcome: 'accepted' })])).toEqual(['guessed'])
    expect(kindsIn(guesses.slice(1))).toEqual([])
  })

  test('many names from one address, whether the names exist or not', () => {
    const names = Array.from({ length: 8 }, (_, index) => tried({ accountId: null, subject: `n${index}` }))
    expect(dangersIn(names)).toMatchObject([{ kind: 'manyNames', accountId: null, count: 8 }])
    expect(kindsIn(names.slice(1))).toEqual([])
  })

  test('an administrator at night, or in three places in a day; anybody else may', () => {
    const atNight = { at: new Date('2026-11-16T17:00:00Z'), outcome: 'accepted' }
    expect(kindsIn([tried({ ...atNight, seated: true })])).toEqual(['night'])
    expect(kindsIn([tried(atNight)])).toEqual([])
    const places = ['1', '2', '3'].map((address) => tried({ outcome: 'accepted', seated: true, address }))
    expect(kindsIn(places)).toEqual(['administratorElsewhere'])
    expect(kindsIn(places.slice(1))).toEqual([])
  })

  test('no event belongs to two kinds of acts', () => {
    const all = Object.values(eventsOf).flat()
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('over the doors', () => {
  let house: IdentityHouse
  beforeAll(async () => {
    house = await identityHouse()
  })
  afterAll(() => house.close())
  const base = '/api/v1/identity'
  const asAudit = { 'tongxin-purpose': 'audit' }

  test('security sees locked names and guesses, nobody else does, and no address', async () => {
    const { loginName, id } = await house.staff({ password: 'Yucheng-step-19' })
    for (let round = 0; round < 6; round++)
      await house.browser({ address: '198.51.100.9' }).post(`${base}/sign-in/password`, { loginName, password: 'no' })
    const security = (await house.staff({ seat: 'security' })).browser
    const seen = await security.get(`${base}/dangers`)
    expect(seen.body).toMatchObject({
      lockedNames: 1,
      refusedToday: 5,
      items: [{ kind: 'guessed', accountId: id, count: 5 }],
    })
    expect(JSON.stringify(seen.body)).not.toContain('198.51.100.9')
    for (const seat of ['system', 'audit'] as const)
      expect((await (await house.staff({ seat })).browser.get(`${base}/dangers`)).status).toBe(403)
  })

  test('audit finds looks by person, day and purpose, and taking the list along is an act itself', async () => {
    const officer = await house.staff()
    const other = await house.staff()
    for (const who of [officer, other])
      await house.system((cmd) =>
        unmask(
          {
            ...cmd,
            secondFactorAt: cmd.now,
            actor: { kind: 'staff', id: who.id, sessionId: null, label: '王店镇平台调度员' },
          },
          officer.id,
          { fields: ['phone'], reason: '核实情况' },
        ),
      )
    const audit = (await house.staff({ seat: 'audit' })).browser
    interface Acts {
      items: { by: string; byName: string; event: string; about: string; label: string }[]
    }
    const ask = async (query: string) =>
      (await audit.get(`${base}/acts?limit=50&${query}`, asAudit)).body as unknown as Acts
    expect((await ask('kind=look')).items).toHaveLength(2)
    expect((await ask(`kind=look&actorId=${other.id}`)).items).toMatchObject([
      { by: other.id, byName: '王小明', event: 'account.unmasked', about: '王小明', label: '王店镇平台调度员' },
    ])
    expect((await ask(`kind=look&label=${encodeURIComponent('王店镇')}`)).items).toHaveLength(2)
    expect((await ask(`kind=look&label=${encodeURIComponent('新城')}`)).items).toEqual([])
    expect((await ask('kind=look&purpose=audit')).items).toEqual([])
    const now = house.clock.now()
    expect((await ask(`kind=look&until=${now.toISOString()}`)).items).toEqual([])
    expect((await ask(`kind=look&from=${now.toISOString()}`)).items).toHaveLength(2)
    const taken = await audit.post(`${base}/acts/export`, { kind: 'look' }, asAudit)
    expect(taken.body).toMatchObject({ complete: true, items: [{ event: 'account.unmasked' }, {}] })
    expect((await ask('kind=export')).items).toMatchObject([{ event: 'acts.exported' }])
    for (const seat of ['system', 'security'] as const)
      expect((await (await house.staff({ seat })).browser.get(`${base}/acts`)).status).toBe(403)
  })

  test('pages of acts go through everything once', async () => {
    const audit = (await house.staff({ seat: 'audit' })).browser
    const seen: string[] = []
    let after = ''
    for (;;) {
      const page = (await audit.get(`${base}/acts?limit=2${after}`, asAudit)).body as unknown as {
        items: { id: string }[]
        next: string | null
      }
      seen.push(...page.items.map(({ id }) => id))
      if (!page.next) break
      after = `&after=${page.next}`
    }
    expect(seen.length).toBeGreaterThan(5)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('an account is found by the beginning of its name or its whole phone, and signed out everywhere', async () => {
    const system = (await house.staff({ seat: 'system' })).browser
    const sought = await house.staff({ loginName: 'shen-apo' })
    await house.staff({ loginName: 'shen-yi' })
    const find = async (q: string) =>
      (
        (await system.get(`${base}/accounts?q=${encodeURIComponent(q)}`)).body as unknown as {
          items: { id: string; version: number }[]
        }
      ).items
    expect(await find('Shen-')).toHaveLength(2)
    expect(await find('shen-a')).toMatchObject([{ id: sought.id, posts: [] }])
    expect(await find('13700000000')).toEqual([])
    const [account] = await find('shen-a')
    expect((await system.get(`${base}/accounts/${sought.id}/sessions`)).body).toMatchObject({ items: [{}] })
    const end = () => system.post(`${base}/accounts/${sought.id}/sessions/end`, { version: account?.version })
    expect((await end()).body).toEqual({ ended: 1 })
    expect((await end()).body.code).toBe('kernel.stale')
    expect((await sought.browser.get(`${base}/me`)).status).toBe(401)
    const keeper = await house.staff({ seat: 'security' })
    expect(
      (await system.post(`${base}/accounts/${(await house.staff({ seat: 'audit' })).id}/sessions/end`, { version: 1 }))
        .body.code,
    ).toBe('identity.other_administrator')
    expect((await keeper.browser.get(`${base}/me/data`)).body).toMatchObject({ account: { name: '王小明' }, looks: [] })
  })
})
