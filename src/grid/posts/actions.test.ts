import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { grantsOfSeats } from '../../identity/rules.ts'
import { grantActions, shippedRoles } from './roles.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
})
afterAll(() => house.close())

it('every route’s grant is one that some post or administrator’s seat gives', () => {
  const given = new Set([
    ...shippedRoles.flatMap(({ grants }) => grants.map(({ action }): string => action)),
    ...grantsOfSeats(county, ['system', 'security', 'audit']).map(({ action }) => action),
  ])
  const asked = [...new Set(house.http.routeTable.map(({ access }) => access).filter((word) => word.includes('.')))]
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.filter((action) => !given.has(action))).toEqual([])
})

it('no post gives what only an administrator’s seat may', () => {
  const own: readonly string[] = grantActions
  expect(own.filter((action) => action.startsWith('identity.'))).toEqual([])
})
