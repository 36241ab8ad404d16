import { afterAll, beforeAll, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import type { Purpose } from '../kernel/grants.ts'
import type { Verifications, Workings } from './contract.ts'
import { settleLedger } from './engine.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
})
afterAll(() => house.close())

const holding = (action: string, purpose: Purpose) => house.as({ grants: [{ action, path: county, purpose }] })
const base = '/api/v1/ledger'

test('whoever keeps the house running sees what waits and what runs from time to time', async () => {
  const keeper = holding('ledger.repair', 'administration')
  const seen = await keeper.get<Workings>(`${base}/workings`)
  expect(seen.body, seen.text).toMatchObject({ failedJobs: 0, sweeps: [] })
  expect((await holding('ledger.read', 'audit').get(`${base}/workings`)).status).toBe(403)
})

test('the ledger is checked beside the work, once at a time, and what comes out is kept', async () => {
  const auditor = holding('ledger.verify', 'audit')
  const asAudit = { 'tongxin-purpose': 'audit' }
  const read = async () => (await auditor.get<Verifications>(`${base}/verifications`, asAudit)).body
  for (const round of [1, 2]) {
    await settleLedger(house.app, county)
    const started = await Promise.all([1, 2].map(() => auditor.post(`${base}/verifications`, {}, asAudit)))
    expect(started.map(({ status }) => status).sort()).toEqual([200, 409])
    await expect.poll(async () => (await read()).items.length, { timeout: 10_000 }).toBe(round)
    await expect.poll(async () => (await read()).running).toBeNull()
    expect((await read()).items[0]).toMatchObject({ holds: true, findings: 0 })
  }
  await settleLedger(house.app, county)
  const [newest, older] = (await read()).items
  expect(newest!.leaves).toBeGreaterThan(older!.leaves)
})
