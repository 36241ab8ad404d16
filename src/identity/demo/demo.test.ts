import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityHouse, type IdentityHouse } from '../../../test/support/identity-house.ts'
import { titleDemoPeople } from './index.ts'
import { isDemoHouse, isLocal } from './rules.ts'

let house: IdentityHouse
beforeAll(async () => {
  house = await identityHouse()
})
afterAll(() => house.close())

const signIn = '/api/v1/demo/sign-in'
const local = () => house.browser({ address: '127.0.0.1' })

describe('one-click roles', () => {
  test('on this machine, in a demo folder: choose a person, be that person', async () => {
    const { id } = await house.staff({ seat: 'audit' })
    const browser = local()
    const people = (await browser.get('/api/v1/demo/people')).body as unknown as { items: { accountId: string }[] }
    expect(people.items.map((person) => person.accountId)).toContain(id)
    expect((await browser.post(signIn, { accountId: id })).body).toMatchObject({ next: 'done' })
    expect((await browser.get('/api/v1/identity/me')).body).toMatchObject({ accountId: id, seats: ['audit'] })
  })

  test('those worth trying first carry their title in the reader’s language', async () => {
    const { id } = await house.staff()
    const hidden = await house.staff()
    const title = { zh: '王店镇平台调度员', en: 'Dispatcher of Wangdian' }
    titleDemoPeople(() => [
      { id, title, shown: true },
      { id: hidden.id, title },
    ])
    const titleIn = async (language: string) => {
      const { items } = (await local().get('/api/v1/demo/people', { 'accept-language': language })).body as unknown as {
        items: { accountId: string; title: string | null }[]
      }
      return [id, hidden.id].map((accountId) => items.find((item) => item.accountId === accountId)?.title)
    }
    expect(await titleIn('zh-CN')).toEqual([title.zh, null])
    expect(await titleIn('en')).toEqual([title.en, null])
    titleDemoPeople(() => [])
  })

  test('who needs the last six of an invented ID number is told them here, and nobody else', async () => {
    const [one, other] = [await house.staff(), await house.staff()]
    const title = { zh: '居民', en: 'Resident' }
    titleDemoPeople(() => [
      { id: one.id, title, shown: true, idTail: '269984' },
      { id: other.id, title, shown: true },
    ])
    const { items } = (await local().get('/api/v1/demo/people?titled=true')).body as unknown as {
      items: { accountId: string; idTail: string | null }[]
    }
    expect(items.map(({ accountId, idTail }) => [accountId, idTail])).toEqual([
      [one.id, '269984'],
      [other.id, null],
    ])
    titleDemoPeople(() => [])
  })

  test('from another machine, or through a proxy on this one, they do not exist', async () => {
    const { id } = await house.staff()
    const far = house.browser({ address: '203.0.113.7' })
    expect((await far.post(signIn, { accountId: id })).body.code).toBe('kernel.not_found')
    expect((await far.get('/api/v1/demo/people')).status).toBe(404)
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-host'])
      expect((await local().post(signIn, { accountId: id }, { [header]: '127.0.0.1' })).body.code).toBe(
        'kernel.not_found',
      )
    expect((await local().post(signIn, { accountId: id })).status).toBe(200)
  })

  test('on a database of one’s own they do not exist', async () => {
    const own = await identityHouse({ settings: { DATABASE_URL: 'postgres://somewhere/tongxin' } })
    const { id } = await own.staff()
    expect((await own.browser({ address: '127.0.0.1' }).post(signIn, { accountId: id })).status).toBe(404)
    expect(own.http.routeTable.some((route) => route.url.includes('/demo/'))).toBe(false)
    expect((await own.browser().get('/api/v1/identity/ways')).body).toMatchObject({ demo: false })
    await own.close()
  })

  test('in a folder that is no demo they do not exist', () => {
    expect(isDemoHouse({ demo: false, databaseUrl: '' })).toBe(false)
    expect(isDemoHouse({ demo: true, databaseUrl: 'postgres://x' })).toBe(false)
    expect(isDemoHouse({ demo: true, databaseUrl: '' })).toBe(true)
  })

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['127.0.0.1.evil.example', false],
    [undefined, false],
  ])('%s is this machine: %s', (peer, expected) => {
    expect(isLocal(peer, {})).toBe(expected)
  })

  test('a disabled person cannot be chosen', async () => {
    const { id } = await house.staff()
    await house.db.transaction('330411', (tx) =>
      tx
        .updateTable('account')
        .set({ status: 'disabled' })
        .where('county', '=', '330411')
        .where('id', '=', id)
        .execute(),
    )
    expect((await local().post(signIn, { accountId: id })).body.code).toBe('identity.account_disabled')
  })
})
