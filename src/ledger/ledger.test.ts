import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runSystem } from '../kernel/command.ts'
import { hot } from '../kernel/db.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { withClient } from '../kernel/postgres-logins.ts'
import { county, type TestApp } from '../../test/support/app.ts'
import { book, bookIn, CourtBooked, ledgerHouse } from './fixtures.ts'
import {
  asStale,
  entryCte,
  entryOf,
  entryValues,
  follow,
  ledgerEvent,
  listEvents,
  on,
  record,
  sealBatch,
  settleLedger,
} from './index.ts'
import { Handlers } from './relay.ts'
import { holdsPersonalNumber, readLeaf } from './rules.ts'

let house: TestApp
beforeAll(async () => {
  house = await ledgerHouse()
})
afterAll(() => house.close())

const inDatabase = <Row extends object>(text: string, values: unknown[] = []) =>
  withClient(house.database.superuserUrl, async (client) => (await client.query<Row>(text, values)).rows)

describe('record', () => {
  test('writes exact JCS bytes, columns that repeat them, and a to-do with the leaf hash', async () => {
    const { id, entry } = await book(house, 7)
    const [row] = await inDatabase<{ bytes: Buffer; event: string; leaf_hash: Buffer }>(
      'select e.bytes, e.event, t.leaf_hash from ledger_entry e join ledger_todo t on t.entry = e.id where e.id = $1',
      [entry],
    )
    const text = row?.bytes.toString('utf8') ?? ''
    expect(text).toBe(canonicalize(JSON.parse(text)))
    expect(
      text.startsWith('{"actor":{"id":null,"kind":"system","label":"system"},"at":"2026-11-16T01:30:00.000Z","body":{'),
    ).toBe(true)
    expect(readLeaf(row?.bytes as Buffer)).toMatchObject({ county, id: entry, subjectId: id, subjectVersion: 1 })
    const hash = createHash('sha256')
      .update(Buffer.concat([Buffer.from([0]), row?.bytes as Buffer]))
      .digest()
    expect(row?.leaf_hash).toEqual(hash)
  })

  test('leaves nothing behind when the command fails', async () => {
    const subject = { id: uuidv7(), version: 1 }
    const failing = runSystem(house.app, county, async (cmd) => {
      await bookIn(cmd, 1, subject)
      throw new Error('rain')
    })
    await expect(failing).rejects.toThrow('rain')
    expect(await inDatabase('select from ledger_entry where subject_id = $1', [subject.id])).toHaveLength(0)
    expect(await inDatabase('select from ledger_todo where subject_id = $1', [subject.id])).toHaveLength(0)
  })

  test('of two writers of one version, one is stale, sealed or not', async () => {
    const subject = { id: uuidv7(), version: 1 }
    const both = await Promise.allSettled([book(house, 1, subject), book(house, 2, subject)])
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = both.find((one) => one.status === 'rejected')
    expect(lost?.reason).toMatchObject({ code: 'kernel.stale' })
    await settleLedger(house.app, county)
    await expect(book(house, 3, subject)).rejects.toMatchObject({ code: 'kernel.stale' })
  })

  test('refuses a body that does not fit: wrong type, missing or undeclared field', async () => {
    const tryBody = (body: unknown) =>
      runSystem(house.app, county, (cmd) => record(cmd, CourtBooked, { id: uuidv7(), version: 1 }, body as never))
    await expect(tryBody({ court: 'one', by: 'x' })).rejects.toThrow('body does not fit')
    await expect(tryBody({ court: 1 })).rejects.toThrow('body does not fit')
    await expect(tryBody({ court: 1, by: 'x', weather: 'rain' })).rejects.toThrow('body does not fit')
    await expect(tryBody({ court: 1, by: '13857312345' })).rejects.toThrow('phone or citizen ID')
  })

  test('a hot path writes business row, entry and to-do in one statement, or nothing at all', async () => {
    const statement = `with counted as (insert into ledger_cursor (county, consumer, next_index) values ($1, $2, 0) returning county),
      ${entryCte(3)} select county from counted`
    const run = (consumer: string, subject: { id: string; version: number }) =>
      runSystem(house.app, county, (cmd) => {
        const row = entryOf(cmd, CourtBooked, subject, { court: 4, by: 'member' })
        return hot(cmd.tx, 'test_hot_path', statement, [county, consumer, ...entryValues(row)])
      })
    const subject = { id: uuidv7(), version: 1 }
    expect(await run('first', subject)).toHaveLength(1)
    const stale = run('second', subject).catch((error: unknown) => asStale(error, subject.version))
    expect(await stale).toMatchObject({ code: 'kernel.stale', detail: { version: 1 } })
    expect(await inDatabase(`select from ledger_cursor where consumer in ('first', 'second')`)).toHaveLength(1)
    expect(await inDatabase('select from ledger_todo where subject_id = $1', [subject.id])).toHaveLength(1)
  })
})

describe('events', () => {
  test('a name is noun.past_verb, declared once, and no field is personal data', () => {
    expect(() => ledgerEvent('booked', Type.Object({}))).toThrow('noun.past_verb')
    expect(() => ledgerEvent('court.booked', Type.Object({ other: Type.String() }))).toThrow('declared twice')
    expect(() => ledgerEvent('court.lent', Type.Object({ to: Type.Object({ phone: Type.String() }) }))).toThrow(
      'field phone',
    )
    expect(() =>
      ledgerEvent('court.lent', Type.Object({ items: Type.Array(Type.Object({ realName: Type.String() })) })),
    ).toThrow('field realName')
  })

  test('two handlers may not share a name', () => {
    const tell = on(CourtBooked, 'tennis.tell_member', async () => {})
    expect(() => new Handlers([tell, tell])).toThrow('declared twice')
    expect(() => on(CourtBooked, 'tell', async () => {})).toThrow('room.verb_noun')
    expect(listEvents().map((event) => event.name)).toContain('court.booked')
  })

  test('numbers of people are seen, numbers of matters are not', () => {
    expect(holdsPersonalNumber('{"a":"13857312345"}')).toBe(true)
    expect(holdsPersonalNumber('{"a":"11010519491231002X"}')).toBe(true)
    expect(holdsPersonalNumber('{"a":"110105194912310021"}')).toBe(false)
    expect(holdsPersonalNumber('{"a":"330411202611210001","b":13857312345}')).toBe(false)
  })
})

describe('append-only', () => {
  const tables = [
    'ledger_entry',
    'ledger_leaf',
    'ledger_node',
    'ledger_head',
    'ledger_key',
    'ledger_stamp',
    'ledger_effect',
  ]

  test.each(tables)('the application can neither change, remove nor empty %s', async (table) => {
    await settleLedger(house.app, county)
    for (const text of [`update ${table} set county = county`, `delete from ${table}`, `truncate ${table}`]) {
      const trying = house.db.transaction(county, (tx) => hot(tx, `try ${text}`, text, []))
      await expect(trying).rejects.toMatchObject({ code: '42501' })
    }
  })

  test('nor can it remove the state of a log', async () => {
    const trying = house.db.transaction(county, (tx) => hot(tx, 'try_delete_log', 'delete from ledger_log', []))
    await expect(trying).rejects.toMatchObject({ code: '42501' })
  })

  test('another county sees none of it', async () => {
    const seen = await house.db.reading('330402', (tx) =>
      hot(tx, 'count_all', 'select count(*) as count from ledger_entry', []),
    )
    expect(seen).toEqual([{ count: 0 }])
  })
})

describe('sealing', () => {
  test('a subject comes in order of its versions, whatever was written first, and batches never cut it', async () => {
    await settleLedger(house.app, county)
    const ids = [uuidv7(), uuidv7(), uuidv7()]
    const versions = [3, 1, 2, 5, 4]
    for (const version of versions) for (const id of ids) await book(house, version, { id, version })
    let batches = 0
    while ((await sealBatch(house.app, county, 2)).sealed > 0) batches += 1
    expect(batches).toBe(8)
    const entries = await house.db.reading(county, (tx) => follow({ county, tx }, 0, 1000))
    expect(entries.map((entry) => entry.leafIndex)).toEqual(entries.map((_, i) => i))
    for (const id of ids) {
      expect(entries.filter((entry) => entry.subjectId === id).map((entry) => entry.subjectVersion)).toEqual([
        1, 2, 3, 4, 5,
      ])
    }
  })

  test('several sealers at once make one order without gap or double', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => book(house, i)))
    const results = await Promise.all(Array.from({ length: 6 }, () => sealBatch(house.app, county, 10)))
    expect(results.some((one) => one.sealed === 0)).toBe(true)
    await settleLedger(house.app, county)
    const [counts] = await inDatabase(`select count(*)::int as leaves, max(leaf_index)::int + 1 as next,
      count(distinct entry)::int as entries, (select size::int from ledger_log) as size,
      (select count(*)::int from ledger_entry) as written from ledger_leaf`)
    const { leaves } = counts as { leaves: number }
    expect(counts).toEqual({ leaves, next: leaves, entries: leaves, size: leaves, written: leaves })
  })
})
