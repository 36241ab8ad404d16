import { afterAll, beforeAll, expect, test } from 'vitest'
import { hotRead } from '../../src/kernel/db.ts'
import { county, testApp, type TestApp } from '../support/app.ts'
import { layGround } from '../support/ground.ts'
import { HandIn } from '../support/hand-in.ts'
import { randomSheet } from '../support/strange-sheets.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const SHEETS = Number(process.env['FUZZ_SHEETS'] ?? 1_000)

test('a thousand random sheets: none crashes, hangs or is half taken in', async () => {
  const hands = new HandIn(app)
  const people = async (): Promise<number> =>
    (
      await app.db.reading(county, (tx) => hotRead<{ n: number }>(tx, '', 'select count(*)::int as n from person', []))
    )[0]!.n
  for (let seed = 1_000; seed < 1_000 + SHEETS; seed++) {
    const { name, bytes } = await randomSheet(seed)
    const before = await people()
    const begun = performance.now()
    const end = await hands.through(bytes, name)
    expect(performance.now() - begun, name).toBeLessThan(20_000)
    expect((await people()) - before, name).toBe(end.taken?.fresh ?? 0)
    if (end.state === 'failed') expect(end.trouble, name).not.toMatch(/系统出错/)
  }
})
