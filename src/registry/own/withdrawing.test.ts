import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { runSystem } from '../../kernel/command.ts'
import { hot } from '../../kernel/db.ts'
import { findOrCreateResident } from '../../identity/index.ts'
import { settleLedger, verifyLedger } from '../../ledger/index.ts'
import { citizenIdOf, desks } from '../fixtures.ts'
import { forgetWords } from '../history/jobs.ts'
import type { Person } from '../people/contract.ts'
import { dayOf } from '../rules.ts'
import type { Confirmed, OwnRecord } from './contract.ts'

const base = '/api/v1/registry'
const DAY = 86_400_000
let app: TestApp
let desk: ReturnType<typeof desks>
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  desk = desks(app)
})
afterAll(() => app.close())

async function signedIn(phone: string): Promise<ReturnType<TestApp['as']>> {
  const { id } = await runSystem(app.app, county, (cmd) => findOrCreateResident(cmd, { phone }))
  return app.as({ kind: 'resident', id, label: '居民' })
}
const confirm = async (asker: ReturnType<TestApp['as']>, citizenId: string) =>
  (await asker.post<Confirmed>(`${base}/own/confirmation`, { tail: citizenId.slice(-6) })).body.confirmed

it('what hung on a consent goes from the history and from records merged, and no undoing brings it back', async () => {
  const [phone, citizenId] = ['13800007001', citizenIdOf('1980-02-03', 701)]
  const details = { work: { employer: '毛衫厂' }, health: { illness: '高血压' } }
  const kept = await desk.person({ name: '方小兰', citizenId, phone, areaPath: paths.right, details })
  const twin = { health: { illness: '糖尿病' } }
  const dropped = await desk.person({ name: '方小兰', areaPath: paths.right, details: twin })
  const merge = await desk.secretary().post<{ id: string }>(`${base}/merges`, {
    keep: kept.id,
    keepVersion: 1,
    drop: dropped.id,
    dropVersion: 1,
    take: [],
    reason: '同一个人登记了两次',
  })
  expect(merge.status, merge.text).toBe(200)
  const day = dayOf(app.clock.now())
  app.clock.advance(DAY)
  const asker = await signedIn(phone)
  expect(await confirm(asker, citizenId)).toBe(true)
  const { record } = (await asker.get<OwnRecord>(`${base}/own`)).body
  const { textHash } = record!.consents.find(({ purpose }) => purpose === 'health')!
  const gone = await asker.post<OwnRecord>(`${base}/own/consents/health`, { agree: false, textHash })
  expect(gone.status, gone.text).toBe(200)

  const secretary = desk.secretary()
  for (const path of [`person/${kept.id}`, `person/${kept.id}/on/${day}`, `person/${dropped.id}`]) {
    const shown = await secretary.get(`${base}/history/${path}`)
    expect(shown.status, shown.text).toBe(200)
    expect(shown.text, path).not.toMatch(/高血压|糖尿病/)
  }
  expect((await secretary.get(`${base}/history/person/${kept.id}/on/${day}`)).text).toContain('毛衫厂')
  const undone = await secretary.post(`${base}/merges/${merge.body.id}/undo`, { reason: '确实是两个人' })
  expect(undone.status, undone.text).toBe(200)
  for (const { id } of [kept, dropped]) {
    const seen = await secretary.post(`${base}/people/${id}/unmask`, { fields: ['details'], reason: '核对是否已删除' })
    expect(seen.status, seen.text).toBe(200)
    expect(seen.text).not.toMatch(/高血压|糖尿病/)
  }
  await settleLedger(app.app, county)
  expect((await verifyLedger(app.db, county)).findings).toEqual([])
})

it('two who share a phone each open their own record, one after the other', async () => {
  const phone = '13800007002'
  const [his, hers] = [citizenIdOf('1970-02-03', 702), citizenIdOf('1972-02-03', 703)]
  const him = await desk.person({ name: '方大', citizenId: his, phone, areaPath: paths.right })
  const her = await desk.person({ name: '方嫂', citizenId: hers, phone, areaPath: paths.right })
  const asker = await signedIn(phone)
  for (const [person, citizenId] of [
    [him, his],
    [her, hers],
  ] as const) {
    expect(await confirm(asker, citizenId)).toBe(true)
    expect((await asker.get<OwnRecord>(`${base}/own`)).body.record!.personId).toBe(person.id)
  }
})

it('details that are forgotten are forgotten in the history too, and so is what was merged away', async () => {
  const details = { work: { employer: '丝绸厂' } }
  const left = await desk.person({ name: '方迁', areaPath: paths.right, details })
  const day = dayOf(app.clock.now())
  const [one, two] = [
    await desk.person({ name: '方并', areaPath: paths.right }),
    await desk.person({ name: '方并', areaPath: paths.right, phone: '13800007009', details }),
  ]
  app.clock.advance(DAY)
  const body = { state: 'left', version: 1, reason: '迁出' }
  expect((await desk.lead().post<Person>(`${base}/people/${left.id}/state`, body)).status).toBe(200)
  const pair = { keep: one.id, keepVersion: 1, drop: two.id, dropVersion: 1, take: [], reason: '登记了两次' }
  expect((await desk.secretary().post(`${base}/merges`, pair)).status).toBe(200)
  app.clock.advance(220 * DAY)
  await forgetWords(app.app, county)
  const then = await desk.secretary().get(`${base}/history/person/${left.id}/on/${day}`)
  expect(then.status, then.text).toBe(200)
  expect(then.text).not.toContain('丝绸厂')
  app.clock.advance(200 * DAY)
  await runSystem(app.app, county, (cmd) =>
    hot(cmd.tx, '', 'update person_merge set snapshot_sealed = null where county = $1', [county]),
  )
  await forgetWords(app.app, county)
  const [row] = await app.db.reading(county, (tx) =>
    hot(tx, '', 'select name, phone_blind, details_sealed from person where county = $1 and id = $2', [county, two.id]),
  )
  expect(row).toEqual({ name: '', phone_blind: null, details_sealed: null })
})
