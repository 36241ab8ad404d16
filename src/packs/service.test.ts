import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { makeCalendar } from '../kernel/calendar.ts'
import { type Command, runRead, runSystem, systemActor } from '../kernel/command.ts'
import { hot } from '../kernel/db.ts'
import type { PackContent } from './contract.ts'
import { currentKind, currentKinds, packOf, packs, publishPack, publishShipped } from './index.ts'
import { shippedPacks } from './load.ts'

const otherCounty = '330402'
const shipped = shippedPacks().find((pack) => pack.definition.name === 'event') as PackContent
const ports = { calendars: { calendarOf: async () => makeCalendar() } }
let house: TestApp

/** The county's own copy, told apart by a name. */
function ownCopy(name: string): PackContent {
  const copy = structuredClone(shipped)
  copy.texts['zh-CN']['event.name'] = name
  return copy
}
const asSystem = <T>(work: (cmd: Command) => Promise<T>, where = county): Promise<T> =>
  runSystem(house.app, where, work)
const reading = <T>(work: (cmd: Command) => Promise<T>, where = county): Promise<T> =>
  runRead(
    house.app,
    { county: where, actor: systemActor, grants: [], purpose: 'handling', requestId: 'test', locale: 'zh-CN' },
    work,
  )
const versions = (where = county) =>
  house.db.reading(where, (tx) =>
    hot<{ version: number; own: boolean }>(
      tx,
      'test_versions',
      'select version, own from pack_version where county = $1 and pack = $2 order by version',
      [where, 'event'],
    ),
  )
const entries = () =>
  house.db.reading(county, (tx) =>
    hot<{ body: unknown }>(
      tx,
      'test_entries',
      "select event from ledger_entry where county = $1 and event = 'pack.published'",
      [county],
    ),
  )

beforeAll(async () => {
  house = await testApp({ rooms: [packs], ports })
  await house.db.reference("insert into county (code, name, demo, created_at) values ($1, '南湖区', true, $2)", [
    otherCounty,
    house.clock.now(),
  ])
})
afterAll(() => house.close())

describe('before anything was published', () => {
  it('the report page offers what the release brings', async () => {
    const { status, body } = await house.nobody.get<{
      items: { kind: string; version: number; categories: unknown[]; form: unknown }[]
    }>(`/api/v1/kinds?county=${county}`)
    expect(status).toBe(200)
    expect(body.items[0]).toMatchObject({ kind: 'event', name: '随手报事', version: 1, public: true, icon: 'camera' })
    expect(body.items[0]?.categories).toContainEqual({
      code: '0201',
      name: '路灯不亮',
      group: '02',
      groupName: '公共设施',
      urgent: false,
      complaint: false,
      dutyBasis: expect.stringContaining('公共设施维护') as string,
    })
    expect(await versions()).toEqual([])
  })
  it('speaks English when asked', async () => {
    const { body } = await house.nobody.get<{ items: { name: string; form: { layout: { label: string }[] } }[] }>(
      `/api/v1/kinds?county=${county}`,
      { 'accept-language': 'en' },
    )
    expect([body.items[0]?.name, body.items[0]?.form.layout[0]?.label]).toEqual(['Report a matter', 'Since when'])
  })
  it('needs to know which county', async () => {
    expect((await house.http.inject('/api/v1/kinds')).statusCode).toBe(400)
  })
  it('the first matter publishes it, once, however many come at once', async () => {
    const begun = await Promise.all(Array.from({ length: 4 }, () => asSystem((cmd) => currentKind(cmd, 'event'))))
    expect(new Set(begun.map((pack) => pack.version))).toEqual(new Set([1]))
    expect(await versions()).toEqual([{ version: 1, own: false }])
    expect(await entries()).toHaveLength(shippedPacks().length)
  })
})

describe('versions', () => {
  it('are not published again when nothing changed', async () => {
    await asSystem(publishShipped)
    await asSystem(publishShipped)
    expect(await versions()).toHaveLength(1)
  })
  it('cannot be changed or removed by the application', async () => {
    for (const text of [
      'update pack_version set own = true where county = $1',
      'delete from pack_version where county = $1',
      'delete from kind_current where county = $1',
    ]) {
      await expect(
        house.db.transaction(county, (tx) => hot(tx, `test_${text.slice(0, 20)}`, text, [county])),
      ).rejects.toMatchObject({ code: '42501' })
    }
  })
  it('a county’s own copy is the next version; a matter keeps the one it began with', async () => {
    const version = await asSystem((cmd) => publishPack(cmd, ownCopy('秀洲随手拍'), { own: true }))
    expect(version).toBe(2)
    const now = await reading((cmd) => currentKind(cmd, 'event'))
    expect([now.version, now.own, now.content.texts['zh-CN']['event.name']]).toEqual([2, true, '秀洲随手拍'])
    const kept = await reading((cmd) => packOf(cmd, 'event', 1))
    expect([kept.version, kept.own, kept.content.texts['zh-CN']['event.name']]).toEqual([1, false, '随手报事'])
    expect(await reading((cmd) => packOf(cmd, 'event', 1))).toBe(kept)
  })
  it('a release does not replace the county’s own copy', async () => {
    await asSystem(publishShipped)
    expect((await reading((cmd) => currentKind(cmd, 'event'))).version).toBe(2)
  })
  it('content that was there before becomes current under its old number', async () => {
    expect(await asSystem((cmd) => publishPack(cmd, shipped, { own: false }))).toBe(1)
    expect((await reading((cmd) => currentKind(cmd, 'event'))).version).toBe(1)
    expect(await versions()).toHaveLength(2)
  })
  it('of two published at once both stand, one of them current', async () => {
    const published = await Promise.all(
      ['甲', '乙'].map((name) => asSystem((cmd) => publishPack(cmd, ownCopy(name), { own: true }))),
    )
    expect(published.toSorted()).toEqual([3, 4])
    expect(published).toContain((await reading((cmd) => currentKind(cmd, 'event'))).version)
  })
  it('a broken pack is refused and leaves nothing behind', async () => {
    const before = await Promise.all([versions(), entries()])
    const broken = ownCopy('坏')
    broken.definition.kinds[0]!.steps.pop()
    delete broken.texts.en['event.name']
    await expect(asSystem((cmd) => publishPack(cmd, broken, { own: true }))).rejects.toMatchObject({
      code: 'packs.broken',
      detail: { count: expect.any(Number) as number },
    })
    expect(await Promise.all([versions(), entries()])).toEqual(before)
  })
  it('what was published and rolled back is not remembered', async () => {
    const before = await reading((cmd) => currentKind(cmd, 'event'))
    const failing = asSystem(async (cmd) => {
      const version = await publishPack(cmd, ownCopy('反悔'), { own: true })
      expect((await currentKind(cmd, 'event')).version).toBe(version)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect((await reading((cmd) => currentKind(cmd, 'event'))).version).toBe(before.version)
    await expect(reading((cmd) => packOf(cmd, 'event', 5))).rejects.toMatchObject({ code: 'packs.unknown_version' })
  })
  it('a kind belongs to one pack of the county', async () => {
    const thief = ownCopy('别的包')
    thief.definition.name = 'thief'
    const before = await entries()
    await expect(asSystem((cmd) => publishPack(cmd, thief, { own: true }))).rejects.toMatchObject({
      code: 'kernel.conflict',
    })
    expect(await entries()).toEqual(before)
  })
  it('unknown kinds and versions are refused', async () => {
    await expect(reading((cmd) => currentKind(cmd, 'constructor'))).rejects.toMatchObject({
      code: 'packs.unknown_kind',
    })
    await expect(reading((cmd) => packOf(cmd, 'event', 99))).rejects.toMatchObject({ code: 'packs.unknown_version' })
  })
  it('one county sees nothing of another', async () => {
    expect((await reading((cmd) => currentKinds(cmd), otherCounty)).size).toBe(0)
    await expect(reading((cmd) => packOf(cmd, 'event', 2), otherCounty)).rejects.toMatchObject({
      code: 'packs.unknown_version',
    })
  })
})

describe('a kind for staff', () => {
  const reader = (purpose: 'handling' | 'statistics' = 'handling') =>
    house.as({ grants: [{ action: 'packs.read', path: `${county}/330411105`, purpose }] })
  it.each(['/api/v1/packs', '/api/v1/packs/kinds/event', '/api/v1/packs/kinds/event?version=1'])(
    '%s: nobody, without grant, wrong purpose, right',
    async (url) => {
      expect((await house.nobody.get(url)).status).toBe(401)
      expect((await house.as({ grants: [] }).get(url)).status).toBe(403)
      const wrong = await reader('statistics').get<{ code: string }>(url)
      expect([wrong.status, wrong.body.code]).toEqual([403, 'kernel.wrong_purpose'])
      expect((await reader().get(url)).status).toBe(200)
    },
  )
  it('shows states, steps, limits and the drawing', async () => {
    const { body } = await reader().get<{ states: object[]; steps: object[]; mermaid: string; svg: string }>(
      '/api/v1/packs/kinds/event?version=1',
    )
    expect(body).toMatchObject({ pack: 'event', version: 1, own: false, name: '随手报事' })
    expect(body.states).toContainEqual({ name: 'parked', label: '挂账', tone: 'parked', end: false })
    expect(body.steps).toContainEqual({
      move: 'dispatch',
      label: '派遣',
      from: 'filed',
      to: 'handling',
      by: 'holder',
      due: '5 个工作日（紧急 24 小时）',
    })
    expect(body.mermaid).toContain('stateDiagram-v2')
    expect(body.svg).toContain('</svg>')
  })
  it('lists versions, newest first', async () => {
    const { body } = await reader().get<{ items: { pack: string; version: number; current: boolean }[] }>(
      '/api/v1/packs',
    )
    const own = body.items.filter((item) => item.pack === 'event')
    expect(own.map((item) => item.version)).toEqual([4, 3, 2, 1])
    expect(own.filter((item) => item.current)).toHaveLength(1)
  })
  it('answers 404 for what is not there', async () => {
    expect((await reader().get('/api/v1/packs/kinds/constructor')).status).toBe(404)
    expect((await reader().get('/api/v1/packs/kinds/event?version=99')).status).toBe(404)
  })
})
