import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
let house: TestApp
beforeAll(async () => {
  house = await testApp()
})
afterAll(() => house.close())
test('boots', () => expect(house.app.rooms.length).toBe(7))
