import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { runSweep } from '../kernel/jobs.ts'
import { hot } from '../kernel/db.ts'
import { county, type TestApp } from '../../test/support/app.ts'
import type { SignedHead } from './contract.ts'
import { bookMany, ledgerHouse } from './fixtures.ts'
import { sweeps } from './jobs.ts'

let house: TestApp
afterEach(() => house.close())

const [keepHeads, stampHeads] = sweeps as [(typeof sweeps)[0], (typeof sweeps)[0]]
const count = async (table: 'ledger_head' | 'ledger_stamp') => {
  const rows = await house.db.reading(county, (tx) =>
    hot<{ tree_size: number }>(tx, `list ${table}`, `select tree_size from ${table}`, []),
  )
  return rows.map((row) => row.tree_size).sort((a, b) => a - b)
}

test('each minute the head is kept, if the log grew', async () => {
  house = await ledgerHouse()
  await bookMany(house, 3)
  for (const kept of [[4], [4], [4, 6]]) {
    if (kept.length === 2) await bookMany(house, 2)
    expect(await runSweep(house.app, keepHeads)).toBe(true)
    expect(await count('ledger_head')).toEqual(kept)
    expect(await runSweep(house.app, keepHeads)).toBe(false)
    house.clock.advance(60_000)
  }
})

test('without a time-stamping authority heads carry no stamp, and nothing stands in for one', async () => {
  house = await ledgerHouse()
  await bookMany(house, 1)
  await runSweep(house.app, keepHeads)
  expect(await runSweep(house.app, stampHeads)).toBe(true)
  expect(await count('ledger_stamp')).toEqual([])
})

test('with one, each hour the newest kept head is stamped over its text and signature; a refusal is tried again', async () => {
  const asked: string[] = []
  const timeStamper = {
    stamp: async (digest: Buffer) => {
      asked.push(digest.toString('hex'))
      if (asked.length === 1) throw new Error('authority is away')
      return { token: Buffer.from('token'), at: house.clock.now() }
    },
  }
  house = await ledgerHouse([], { ports: { timeStamper } })
  await bookMany(house, 1)
  await runSweep(house.app, keepHeads)
  for (let hour = 0; hour < 3; hour += 1) {
    await runSweep(house.app, stampHeads)
    house.clock.advance(3_600_000)
  }
  expect(await count('ledger_stamp')).toEqual([2])
  const { items } = (await house.nobody.get<{ items: SignedHead[] }>('/api/v1/ledger/heads')).body
  const head = items[0] as SignedHead
  const text = `tongxin-ledger/${head.log_id}\n${head.tree_size}\n${head.root_hash}\n${head.at}\n`
  const imprint = createHash('sha256').update(text).update(Buffer.from(head.signature, 'base64')).digest('hex')
  expect(asked).toEqual([imprint, imprint])
})
