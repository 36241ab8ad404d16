import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layHome } from '../../../test/support/doors.ts'
import { runSystem } from '../../kernel/command.ts'
import { DEMO_VILLAGE, demoPeople, seedDemoGround, seedDemoPeople } from '../../grid/index.ts'
import { seedVisits } from './stories.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp({ now: '2026-10-19T01:30:00Z' })
  const areaPath = demoPeople().chairs.find(({ role }) => role === 'microGridLead')!.areaPath
  await runSystem(app.app, county, async (cmd) => {
    await seedDemoGround(cmd)
    await seedDemoPeople(cmd)
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8])
      await layHome(cmd, {
        door: `8-10${number}`,
        path: areaPath,
        use: 'ownerOccupied',
        kind: 'registered',
        people: [{ name: `演示住户${number}`, born: '1980-01-01' }],
      })
  })
  app.clock.set('2026-11-16T01:30:00Z')
}, 60_000)
afterAll(() => app.close())

it('tells a campaign over the demo’s village with its first visits, once however often', async () => {
  expect(await seedVisits(app.app)).toBe(8)
  await seedVisits(app.app)
  const rows = await runSystem(app.app, county, (cmd) =>
    cmd.tx.selectFrom('visit').select(['areaPath', 'result']).where('county', '=', county).execute(),
  )
  expect(rows).toHaveLength(8)
  expect(rows.every(({ areaPath }) => areaPath.startsWith(DEMO_VILLAGE))).toBe(true)
  expect(new Set(rows.map(({ result }) => result))).toEqual(new Set(['visited', 'nobodyHome', 'refused']))
})
