import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../test/support/ground.ts'
import type { Tx } from '../kernel/db.ts'
import { settleLedger } from '../ledger/index.ts'
import type { Receipt } from './contract.ts'
import { verifyWritten } from './index.ts'

let app: TestApp
const ids: string[] = []
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  const lead = app.as({ id: holderId('microGridLead', paths.right), label: 'microGridLead' })
  const position = middleOf(paths.right)
  for (const text of ['井盖松动 👨‍👩‍👧', '路灯不亮', '垃圾没人清', '树枝挡路']) {
    const report = { kind: 'event', category: '0101', text, position, address: '一组 3 号' }
    const filed = await app.as({ kind: 'resident' }).post<Receipt>('/api/v1/matters', report)
    ids.push(filed.body.id)
    const moved = await lead.post(`/api/v1/matters/${filed.body.id}/moves`, { move: 'accept', version: 1 })
    expect(moved.status, moved.text).toBe(200)
    // A clock that was set back must not make what is true look forged.
    app.clock.advance(-3_600_000)
  }
  await settleLedger(app.app, county)
})
afterAll(() => app.close())

const behindOurBack = (work: (tx: Tx) => Promise<unknown>) => app.db.transaction(county, work)

it('finds nothing where nobody touched the tables', async () => {
  expect(await verifyWritten(app.db, county)).toEqual({ steps: 8, forgotten: 0, findings: [], more: 0 })
})

it('names each step whose words, state or being differ from what the ledger committed to, and counts what was forgotten', async () => {
  const [one, two, three, four] = ids as [string, string, string, string]
  await behindOurBack(async (tx) => {
    const matter = (id: string) => tx.updateTable('matter').where('county', '=', county).where('id', '=', id)
    const step = (id: string, version: number) =>
      tx
        .updateTable('matterStep')
        .where('county', '=', county)
        .where('matterId', '=', id)
        .where('version', '=', version)
    await matter(one).set({ text: '井盖完好' }).execute()
    await step(two, 2)
      .set({ form: JSON.stringify({ note: '已经修好' }) })
      .execute()
    await matter(three).set({ state: 'closed' }).execute()
    await step(four, 2)
      .set({ form: JSON.stringify({}), salt: Buffer.alloc(0) })
      .execute()
    const copied = await tx
      .selectFrom('matterStep')
      .selectAll()
      .where('county', '=', county)
      .where('matterId', '=', four)
      .where('version', '=', 2)
      .executeTakeFirstOrThrow()
    const form = JSON.stringify(copied.form)
    await tx
      .insertInto('matterStep')
      .values({ ...copied, form, version: 3, toState: 'closed' })
      .execute()
  })
  const report = await verifyWritten(app.db, county)
  expect(report.forgotten).toBe(1)
  expect(report.findings.map(({ row }) => row).toSorted()).toEqual(
    [`${one} v1`, `${two} v2`, `${three} v2`, `${four} v3`].map((row) => `matter_step ${row}`).toSorted(),
  )
})
