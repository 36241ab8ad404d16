import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import type { Kit, Poster } from './contract.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const lead = () => app.as({ id: holderId('microGridLead', paths.right) })

test('a head’s kit says which chairs one sits in, who acts there and which phone answers', async () => {
  const before = await lead().get<Kit>('/api/v1/duty/kit')
  expect(before.body.items).toMatchObject([
    { roleName: '微网格长', areaPath: paths.right, acts: true, leaf: true, dutyPhone: null },
  ])
  expect(before.body.items[0]?.sitting).toMatchObject([{ slot: 'A', acts: true, self: true, away: false }])
  const office = app.as({ id: holderId('gridOffice', paths.county) })
  const set = (value: unknown, version: number) =>
    office.ask('PUT', '/api/v1/grid/settings/duty.phones', { value, version }, { 'tongxin-purpose': 'administration' })
  expect((await set([{ areaPath: paths.town, phone: '<b>' }], 0)).status).toBe(400)
  const phones = [
    { areaPath: paths.town, phone: '0573-83240110' },
    { areaPath: paths.village, phone: '0573-83240220' },
  ]
  expect((await set(phones, 0)).status).toBe(200)
  const after = await lead().get<Kit>('/api/v1/duty/kit')
  expect(after.body.items[0]?.dutyPhone).toBe('0573-83240220')
})

test('who sits in no chair has an empty kit', async () => {
  expect((await app.as().get<Kit>('/api/v1/duty/kit')).body.items).toEqual([])
})

test('a poster leads to the report page of its place, and only those who see the place get one', async () => {
  const poster = await lead().get<Poster>(`/api/v1/duty/poster?path=${paths.right}`)
  expect(poster.body.url).toMatch(new RegExp(`/r\\?county=330411&at=${paths.right}$`))
  expect(poster.body.qrSvg).toContain('<svg')
  expect(poster.body.head).toBe('microGridLead甲')
  expect((await lead().get(`/api/v1/duty/poster?path=${paths.wrong}`)).status).toBe(403)
  expect((await lead().get(`/api/v1/duty/poster?path=${paths.right}/NONE`)).body).toMatchObject({
    code: 'grid.unknown_area',
  })
})
