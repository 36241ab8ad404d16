import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hot } from '../kernel/db.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { county, type TestApp } from '../../test/support/app.ts'
import type { Consistency, SignedHead } from './contract.ts'
import { CourtBooked, CourtFreed, ledgerHouse } from './fixtures.ts'
import { on, record, settleLedger, verifyLedger } from './index.ts'
import { verifyProof } from './verify-proof.ts'

let house: TestApp
beforeAll(async () => {
  house = await ledgerHouse([
    on(CourtBooked, 'tennis.free_court', async (cmd, entry) => {
      await record(cmd, CourtFreed, { id: uuidv7(), version: 1 }, { court: entry.body.court })
    }),
  ])
})
afterAll(() => house.close())

/** Lets the child work for a while, kills it without warning, and gives back all it had said. */
async function workAndKill(milliseconds: number): Promise<string[]> {
  const file = fileURLToPath(new URL('./kill.child.ts', import.meta.url))
  const child = spawn(process.execPath, [file, house.database.appUrl, house.app.config.dataDir, county], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  const ended = new Promise((resolve) => child.once('close', resolve))
  const startedAt = performance.now()
  while (!said.includes('head ') && performance.now() - startedAt < 10_000) await sleep(10)
  await sleep(milliseconds)
  child.kill('SIGKILL')
  await ended
  return said.split('\n').slice(0, -1)
}

test('killed in the middle again and again: each acknowledged entry is sealed once, each effect made once, each head holds', async () => {
  const said: string[] = []
  for (const milliseconds of [100, 40, 200]) said.push(...(await workAndKill(milliseconds)))
  house.clock.set(new Date(Date.now() + 120_000))
  await settleLedger(house.app, county)

  const acknowledged = said.filter((line) => line.startsWith('entry ')).map((line) => line.slice(6))
  const rows = await house.db.reading(county, (tx) =>
    hot<{ event: string; entry: string }>(
      tx,
      'kill_leaves',
      `select e.event, l.entry from ledger_leaf l join ledger_entry e on e.county = l.county and e.id = l.entry where l.county = $1`,
      [county],
    ),
  )
  const booked = rows.filter((row) => row.event === 'court.booked').map((row) => row.entry)
  expect(acknowledged.length).toBeGreaterThan(10)
  expect(acknowledged.filter((entry) => !booked.includes(entry))).toEqual([])
  expect(new Set(booked).size).toBe(booked.length)
  expect(rows.filter((row) => row.event === 'court.freed')).toHaveLength(booked.length)

  const heads = said.filter((line) => line.startsWith('head ')).map((line) => JSON.parse(line.slice(5)) as SignedHead)
  expect(heads.length).toBeGreaterThanOrEqual(3)
  for (const head of heads) {
    const { body } = await house.nobody.get<Consistency>(`/api/v1/ledger/consistency?old_size=${head.tree_size}`)
    expect(body.old_root).toBe(head.root_hash)
    expect((await verifyProof(body)).holds).toBe(true)
  }
  const report = await verifyLedger(house.db, county, { dataDir: house.app.config.dataDir })
  expect(report.findings).toEqual([])
}, 60_000)
