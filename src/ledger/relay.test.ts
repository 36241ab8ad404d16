import { afterEach, describe, expect, test, vi } from 'vitest'
import { runSystem } from '../kernel/command.ts'
import { hot } from '../kernel/db.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { withClient } from '../kernel/postgres-logins.ts'
import { county, type TestApp } from '../../test/support/app.ts'
import { startEngine } from './engine.ts'
import { book, bookIn, CourtBooked, CourtFreed, ledgerHouse } from './fixtures.ts'
import { listenForSeals, on, openLog, record, settleLedger, type Entry } from './index.ts'
import { claim, Handlers, relayAsJobs, runJobs } from './relay.ts'
import { BATCH_JOBS } from './runner.ts'
import { JOB_ATTEMPTS_MAX, retryDelaySeconds } from './rules.ts'
import { sealBatch } from './sealer.ts'
import { jobIdOf } from './service.ts'

/** Generous: a busy machine is slow, and waiting ends when the thing has happened. */
const patience = { timeout: 20_000 }
vi.setConfig({ testTimeout: 60_000 })

let house: TestApp
let stop: (() => Promise<void>) | undefined
afterEach(async () => {
  await stop?.()
  stop = undefined
  await house.close()
})

const rows = <Row extends object>(text: string) =>
  house.db.transaction(county, (tx) => hot<Row>(tx, text.slice(0, 60), text, []))

describe('handlers', () => {
  test('run once per entry, as the system, with the entry and a lasting request id', async () => {
    const seen: { requestId: string; actor: string; entry: Entry }[] = []
    const tell = on(CourtBooked, 'tennis.tell_member', async (cmd, entry) => {
      seen.push({ requestId: cmd.requestId, actor: cmd.actor.kind, entry })
    })
    house = await ledgerHouse([tell])
    const { id, entry } = await book(house, 9)
    await runSystem(house.app, county, (cmd) => record(cmd, CourtFreed, { id, version: 2 }, { court: 9 }))
    expect(await settleLedger(house.app, county)).toMatchObject({ ran: 1 })
    expect(await settleLedger(house.app, county)).toEqual({ sealed: 0, ran: 0 })
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({ actor: 'system', requestId: jobIdOf(entry, 'tennis.tell_member') })
    expect(seen[0]?.entry).toMatchObject({
      id: entry,
      event: 'court.booked',
      subjectId: id,
      body: { court: 9, by: 'member' },
    })
  })

  test('the effect happens once even when the job runs twice at the same time', async () => {
    const tell = on(CourtBooked, 'tennis.tell_member', async (cmd, entry) => {
      await record(cmd, CourtFreed, { id: uuidv7(), version: 1 }, { court: entry.body.court })
      await new Promise((resolve) => setTimeout(resolve, 50))
    })
    house = await ledgerHouse([tell])
    await book(house)
    const handlers = new Handlers([tell])
    await sealAndRelay(handlers)
    const [job] = await claim(house.app, county, handlers, 10)
    if (!job) throw new Error('no job')
    expect(await Promise.all([1, 2, 3].map(() => runJobs(house.app, county, handlers, [job])))).toEqual([[], [], []])
    expect(await rows(`select from ledger_entry where event = 'court.freed'`)).toHaveLength(1)
    expect(await rows('select from ledger_effect')).toHaveLength(1)
    expect(await rows('select from ledger_job')).toHaveLength(0)
  })

  test('a cursor set back makes jobs again, and no effect again', async () => {
    let ran = 0
    const tell = on(CourtBooked, 'tennis.tell_member', async () => void (ran += 1))
    house = await ledgerHouse([tell])
    await book(house)
    await settleLedger(house.app, county)
    await rows('update ledger_cursor set next_index = 0')
    expect(await settleLedger(house.app, county)).toMatchObject({ ran: 1 })
    expect(ran).toBe(1)
  })

  test('entries of a subject come in order, a failing one holds its successors, not others', async () => {
    const seen: string[] = []
    let raining = true
    const tell = on(CourtBooked, 'tennis.tell_member', async (cmd, entry) => {
      if (raining && entry.body.court === 1 && entry.subjectVersion === 1) throw new Error('rain')
      cmd.afterCommit(() => seen.push(`${entry.body.court}.${entry.subjectVersion}`))
    })
    house = await ledgerHouse([tell])
    const [first, second] = [uuidv7(), uuidv7()]
    for (const version of [1, 2, 3]) {
      await book(house, 1, { id: first, version })
      await book(house, 2, { id: second, version })
    }
    await expect(settleLedger(house.app, county)).rejects.toThrow('1 handlers failed')
    expect(seen).toEqual(['2.1', '2.2', '2.3'])
    raining = false
    expect(await settleLedger(house.app, county)).toMatchObject({ ran: 0 })
    house.clock.advance(1000)
    await settleLedger(house.app, county)
    expect(seen.slice(3)).toEqual(['1.1', '1.2', '1.3'])
  })

  test('after the last attempt a job is given up, shown to administrators, and lets its successors pass', async () => {
    const seen: number[] = []
    let mended = false
    const tell = on(CourtBooked, 'tennis.tell_member', async (_cmd, entry) => {
      if (!mended && entry.subjectVersion === 1)
        throw Object.assign(new Error('phone 13857312345 is off'), { code: 'E_OFF' })
      seen.push(entry.subjectVersion)
    })
    house = await ledgerHouse([tell])
    const { id, entry } = await book(house)
    await book(house, 1, { id, version: 2 })
    for (let attempt = 1; attempt <= JOB_ATTEMPTS_MAX; attempt += 1) {
      expect(seen).toEqual([])
      await expect(settleLedger(house.app, county)).rejects.toThrow('1 handlers failed')
      house.clock.advance(retryDelaySeconds(attempt) * 1000)
    }
    expect(seen).toEqual([2])
    const repairer = house.as({ grants: [{ action: 'ledger.repair', path: county, purpose: 'administration' }] })
    const list = await repairer.get<{ items: object[] }>('/api/v1/ledger/failed-jobs')
    expect(list.body.items).toMatchObject([
      { entry, handler: 'tennis.tell_member', event: 'court.booked', attempts: 12, error: 'Error E_OFF' },
    ])
    expect(list.text).not.toContain('13857312345')
    mended = true
    const body = { entry, handler: 'tennis.tell_member' }
    expect((await repairer.post('/api/v1/ledger/failed-jobs/retries', body)).status).toBe(200)
    expect((await repairer.post('/api/v1/ledger/failed-jobs/retries', body)).body['code']).toBe('ledger.job_not_failed')
    await settleLedger(house.app, county)
    expect(seen).toEqual([2, 1])
    expect(await rows(`select from ledger_entry where event = 'ledger.job_retried'`)).toHaveLength(1)
  })

  test('one name may answer several events, and a subject still comes in one order', async () => {
    const seen: string[] = []
    const note = async (_cmd: unknown, entry: Entry) => void seen.push(`${entry.event} ${entry.subjectVersion}`)
    house = await ledgerHouse([on(CourtBooked, 'tennis.keep_list', note), on(CourtFreed, 'tennis.keep_list', note)])
    const { id } = await book(house)
    await runSystem(house.app, county, (cmd) => record(cmd, CourtFreed, { id, version: 2 }, { court: 1 }))
    await book(house, 1, { id, version: 3 })
    await settleLedger(house.app, county)
    expect(seen).toEqual(['court.booked 1', 'court.freed 2', 'court.booked 3'])
  })

  test('a job whose process died is taken up by another', async () => {
    let ran = 0
    const tell = on(CourtBooked, 'tennis.tell_member', async () => void (ran += 1))
    house = await ledgerHouse([tell])
    await book(house)
    const handlers = new Handlers([tell])
    await sealAndRelay(handlers)
    expect(await claim(house.app, county, handlers, 10)).toHaveLength(1)
    expect(await settleLedger(house.app, county)).toMatchObject({ ran: 0 })
    house.clock.advance(60_000)
    expect(await settleLedger(house.app, county)).toMatchObject({ ran: 1 })
    expect(ran).toBe(1)
  })

  test('jobs of a handler that this version does not know wait for one that does', async () => {
    const tell = on(CourtBooked, 'tennis.tell_member', async () => {})
    house = await ledgerHouse([])
    await book(house)
    await sealAndRelay(new Handlers([tell]))
    expect(await settleLedger(house.app, county)).toMatchObject({ ran: 0 })
    expect(await claim(house.app, county, new Handlers([tell]), 10)).toHaveLength(1)
  })
})

describe('the engine', () => {
  test('seals and runs what is committed, also by a command that commits late', async () => {
    const told = vi.fn()
    const tell = on(CourtBooked, 'tennis.tell_member', async (_cmd, entry) => told(entry.body.court))
    house = await ledgerHouse([tell])
    stop = startEngine(house.app)
    let letCommit = (): void => {}
    const late = runSystem(house.app, county, async (cmd) => {
      await bookIn(cmd, 1, { id: uuidv7(), version: 1 })
      await new Promise<void>((resolve) => (letCommit = resolve))
    })
    await book(house, 2)
    await vi.waitFor(() => expect(told.mock.calls).toEqual([[2]]), patience)
    letCommit()
    await late
    await vi.waitFor(() => expect(told.mock.calls).toEqual([[2], [1]]), patience)
    const [log] = await rows<{ size: number }>('select size from ledger_log')
    expect(log?.size).toBe(3)
  })

  test('takes up what another process wrote, and two engines share the work without doubling it', async () => {
    const told = vi.fn()
    const tell = on(CourtBooked, 'tennis.tell_member', async (_cmd, entry) => told(entry.id))
    house = await ledgerHouse([tell])
    const booked = new Set<string>()
    for (let i = 0; i < 20; i += 1) booked.add((await book(house, i)).entry)
    const stops = [startEngine(house.app), startEngine(house.app)]
    stop = async () => void (await Promise.all(stops.map((one) => one())))
    for (let i = 0; i < 20; i += 1) booked.add((await book(house, i)).entry)
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(40), patience)
    expect(new Set(told.mock.calls.map(([id]) => id))).toEqual(booked)
  })

  test('serves counties in turn: a long queue of one does not hold up another', async () => {
    const order: string[] = []
    const tell = on(CourtBooked, 'tennis.tell_member', async (cmd) => {
      order.push(cmd.county)
      await new Promise((resolve) => setTimeout(resolve, 20))
    })
    house = await ledgerHouse([tell])
    const other = '330402'
    await house.db.reference('insert into county (code, name, demo, created_at) values ($1, $1, false, $2)', [
      other,
      house.clock.now(),
    ])
    for (let i = 0; i < 60; i += 1) await book(house, i)
    for (let i = 0; i < 4; i += 1) {
      await runSystem(house.app, other, (cmd) => bookIn(cmd, i, { id: uuidv7(), version: 1 }))
    }
    stop = startEngine(house.app)
    await vi.waitFor(() => expect(order).toHaveLength(64), patience)
    expect(order.lastIndexOf(other)).toBeLessThan(50)
  })

  test('gives back what it claimed but did not begin when it stops', async () => {
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    let begun = 0
    const tell = on(CourtBooked, 'tennis.tell_member', async () => {
      begun += 1
      await held
    })
    house = await ledgerHouse([tell])
    await Promise.all(Array.from({ length: 4 * BATCH_JOBS }, (_, court) => book(house, court)))
    await sealAndRelay(new Handlers([tell]))
    const end = startEngine(house.app)
    await vi.waitFor(() => expect(begun).toBe(3), patience)
    const ending = end()
    letGo()
    await ending
    const waiting = await rows<{ attempts: number }>(
      "select attempts from ledger_job where due_at <= now() + interval '10 years'",
    )
    expect(waiting.map((job) => job.attempts)).toEqual(Array(BATCH_JOBS).fill(0))
    expect(await claim(house.app, county, new Handlers([tell]), 100)).toHaveLength(BATCH_JOBS)
  })
})

async function sealAndRelay(handlers: Handlers): Promise<void> {
  await openLog(house.app, county)
  while ((await sealBatch(house.app, county)).sealed > 0);
  while ((await relayAsJobs(house.app, county, handlers)).more);
}

test('a follower hears of every log that grows, also after its connection was lost', async () => {
  house = await ledgerHouse()
  const heard = vi.fn()
  stop = listenForSeals(house.app, heard)
  const hears = async (times: number) => {
    await book(house)
    await settleLedger(house.app, county)
    expect(heard.mock.calls.length).toBeGreaterThanOrEqual(times)
  }
  await vi.waitFor(() => hears(1), patience)
  expect(new Set(heard.mock.calls.flat())).toEqual(new Set([county]))
  await withClient(house.database.superuserUrl, (client) =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tongxin-listen' and datname = current_database()`,
    ),
  )
  const before = heard.mock.calls.length
  await vi.waitFor(() => hears(before + 1), { ...patience, interval: 200 })
})

test('a database that goes away for a moment stops nothing for good', async () => {
  const told = vi.fn()
  house = await ledgerHouse([on(CourtBooked, 'tennis.tell_member', async (_cmd, entry) => told(entry.body.court))])
  stop = startEngine(house.app)
  await book(house, 1)
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1), patience)
  await withClient(house.database.superuserUrl, (client) =>
    client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    ),
  )
  await vi.waitFor(() => book(house, 2), patience)
  await vi.waitFor(() => expect(told.mock.calls.at(-1)).toEqual([2]), patience)
})
