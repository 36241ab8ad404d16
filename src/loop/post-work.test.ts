import { afterAll, beforeAll, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, paths } from '../../test/support/ground.ts'
import type { HandoverView } from '../grid/setup/contract.ts'
import type { Moved, Receipt } from './contract.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

test('before somebody leaves it is known how many open matters lie with their posts, and only with theirs', async () => {
  const lead = holderId('microGridLead', paths.right)
  const administrator = app.as({
    grants: ['grid.manage', 'identity.manage_accounts'].map((action) => ({
      action,
      path: county,
      purpose: 'administration' as const,
    })),
  })
  const work = async () => (await administrator.get<HandoverView>(`/api/v1/grid/setup/handover/${lead}`)).body.work
  expect(await work()).toEqual([])
  const report = async (areaPath: string) => {
    const body = { kind: 'event', category: '0101', text: '楼道里堆了杂物', areaPath }
    const answer = await app.as({ kind: 'resident', label: '居民' }).post<Receipt>('/api/v1/matters', body)
    expect(answer.status, answer.text).toBe(201)
    return answer.body.id
  }
  const first = await report(paths.right)
  await report(paths.right)
  await report(paths.beside)
  expect(await work()).toEqual([{ label: expect.stringContaining('一组微网格'), count: 2 }])
  const dispatcher = app.as({ id: holderId('townDispatcher', paths.town) })
  const gone = { move: 'void', version: 1, form: { reason: 'test', note: '测试作废' } }
  const moved = await dispatcher.post<Moved>(`/api/v1/matters/${first}/moves`, gone)
  expect(moved.status, moved.text).toBe(200)
  expect((await work()).map(({ count }) => count)).toEqual([1])
})
