import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround } from '../../../test/support/ground.ts'
import { HandIn } from '../../../test/support/hand-in.ts'
import { randomSheet, strangeSheets } from '../../../test/support/strange-sheets.ts'
import { hotRead } from '../../kernel/db.ts'

let app: TestApp
let hands: HandIn
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  hands = new HandIn(app)
})
afterAll(() => app.close())

const people = async (): Promise<number> =>
  (
    await app.db.reading(county, (tx) => hotRead<{ n: number }>(tx, '', 'select count(*)::int as n from person', []))
  )[0]!.n

describe('files as nobody should hand them in', async () => {
  test.each(await strangeSheets())('$name', async ({ name, bytes, people: most }) => {
    const before = await people()
    const end = await hands.through(bytes, name)
    const gained = (await people()) - before
    expect(gained).toBe(end.taken?.fresh ?? 0)
    if (most === null) expect(gained).toBe(0)
    else expect(end.state, end.trouble ?? '').toBe('done')
    if (end.state === 'failed') expect(end.trouble).not.toMatch(/系统出错/)
  })
})

test('random sheets end somewhere, and what they end with is what is there', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const { name, bytes } = await randomSheet(seed)
    const before = await people()
    const end = await hands.through(bytes, name)
    expect((await people()) - before, name).toBe(end.taken?.fresh ?? 0)
    if (end.state === 'failed') expect(end.trouble, name).not.toMatch(/系统出错/)
  }
}, 60_000)
