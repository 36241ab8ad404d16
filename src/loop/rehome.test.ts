import { afterAll, beforeAll, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, paths } from '../../test/support/ground.ts'
import { runSystem } from '../kernel/command.ts'
import { entryOf, settleLedger, verifyLedger } from '../ledger/index.ts'
import { moveMatter } from './service.ts'
import { findMatter, listSteps, moveMatters, saveMove } from './store.ts'
import { MatterRated, type Matter, type MatterPage, type Moved, type Receipt } from './contract.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

test('what lies in an area that moves to another town goes with it, and whoever had it in hand still has', async () => {
  const body = { kind: 'event', category: '0101', text: '楼道里堆了杂物', areaPath: paths.right }
  const report = await app.as({ kind: 'resident', label: '居民' }).post<Receipt>('/api/v1/matters', body)
  const { id } = report.body
  const lead = app.as({ id: holderId('microGridLead', paths.right) })
  const mine = async () => (await lead.get<MatterPage>('/api/v1/matters?scope=mine')).body.items.map((item) => item.id)
  expect(await mine()).toEqual([id])
  const office = app.as({ id: holderId('gridOffice', paths.county) })
  const area = await runSystem(app.app, county, ({ tx }) =>
    tx
      .selectFrom('area')
      .select(['id', 'version'])
      .where('county', '=', county)
      .where('path', '=', paths.village)
      .executeTakeFirstOrThrow(),
  )
  const move = { under: paths.otherTown, version: area.version }
  const went = await office.post<{ path: string }>(`/api/v1/grid/areas/${area.id}/move`, move, {
    'tongxin-purpose': 'administration',
  })
  expect(went.status, went.text).toBe(200)
  expect(await mine()).toEqual([id])
  const seen = await lead.get<Matter>(`/api/v1/matters/${id}`)
  expect(seen.body.areaPath).toBe(paths.right.replace(paths.village, went.body.path))
  const accepted = await lead.post<Moved>(`/api/v1/matters/${id}/moves`, { move: 'accept', version: 1, form: {} })
  expect(accepted.status, accepted.text).toBe(200)
  const before = app.as({ id: holderId('townDispatcher', paths.town) })
  const now = app.as({ id: holderId('townDispatcher', paths.otherTown) })
  expect((await before.get(`/api/v1/matters/${id}`)).status).toBe(403)
  expect((await now.get(`/api/v1/matters/${id}`)).status).toBe(200)
  await settleLedger(app.app, county)
  expect((await verifyLedger(app.db, county)).findings).toEqual([])
})

test('a step that was begun before the area moved leaves the matter where the area is now', async () => {
  const body = { kind: 'event', category: '0101', text: '路面有坑', areaPath: paths.wrong }
  const { id } = (await app.as({ kind: 'resident', label: '居民' }).post<Receipt>('/api/v1/matters', body)).body
  const to = `${paths.county}/moved`
  await runSystem(app.app, county, async (cmd) => {
    const row = (await findMatter(cmd.tx, county, id))!
    await runSystem(app.app, county, (other) => moveMatters(other.tx, county, paths.wrong, to))
    await moveMatter(cmd, row, { move: 'accept', version: 1, form: {} })
  })
  const row = await runSystem(app.app, county, ({ tx }) => findMatter(tx, county, id))
  expect(row).toMatchObject({ areaPath: to, version: 2 })
})

test('a step of a matter that has gone on leaves nothing behind, also without a transaction around it', async () => {
  const body = { kind: 'event', category: '0101', text: '楼道里又堆了杂物', areaPath: paths.wrong }
  const report = await app.as({ kind: 'resident', label: '居民' }).post<Receipt>('/api/v1/matters', body)
  const { id } = report.body
  const entriesOf = () =>
    app.db.reading(county, (tx) =>
      tx.selectFrom('ledgerEntry').select('id').where('county', '=', county).where('subjectId', '=', id).execute(),
    )
  const saved = await runSystem(app.app, county, async (cmd) => {
    const row = (await findMatter(cmd.tx, county, id))!
    const [first] = await listSteps(cmd.tx, county, id)
    const ahead = { ...row, version: row.version + 5 }
    const entry = entryOf(cmd, MatterRated, ahead, {
      score: 'fair',
      areaPath: row.areaPath,
      commitment: 'a'.repeat(64),
    })
    const step = { ...first!, version: ahead.version, entryId: entry.id }
    return saveMove(cmd.tx, ahead, step, { entry, kept: null, whole: true })
  })
  expect(saved).toBe(false)
  expect(await entriesOf()).toHaveLength(1)
  expect(await app.db.reading(county, (tx) => listSteps(tx, county, id))).toHaveLength(1)
})
