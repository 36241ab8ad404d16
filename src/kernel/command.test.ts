import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { layGround, middleOf, paths } from '../../test/support/ground.ts'
import { constraintOf, gathered, hot, hotRead, hotWhole, type Tx } from './db.ts'
import { runSystem } from './command.ts'
import { forgetAnswers } from './housekeeping.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const body = { kind: 'event', category: '9999', text: '测试重复提交', position: middleOf(paths.right) }
const kept = () =>
  app.db.reading('330411', (tx) =>
    tx.selectFrom('idempotency').select(['key', 'answer']).where('county', '=', '330411').execute(),
  )

describe('a repeatable request', () => {
  it('keeps its answer sealed, gives it again to the same person only, and forgets it after 7 days', async () => {
    const one = app.as({ kind: 'resident' })
    const other = app.as({ kind: 'resident' })
    const key = { 'idempotency-key': 'same-key-of-two-people' }
    const first = await one.post<{ id: string; progressCode: string }>('/api/v1/matters', body, key)
    expect(first.status, first.text).toBe(201)
    expect((await one.post('/api/v1/matters', body, key)).text).toBe(first.text)
    const theirs = await other.post<{ id: string }>('/api/v1/matters', body, key)
    expect(theirs.body.id).not.toBe(first.body.id)
    const rows = await kept()
    expect(rows).toHaveLength(2)
    for (const { answer } of rows) expect(answer.toString('latin1')).not.toContain(first.body.progressCode)
    app.clock.advance(8 * 86_400_000)
    expect(await forgetAnswers(app.app, '330411')).toBe(2)
    expect(await kept()).toEqual([])
  })

  it.each(['short', 'with space', 'x'.repeat(81), "quote'quote'"])('refuses the key %s', async (key) => {
    const answer = await app.as({ kind: 'resident' }).post('/api/v1/matters', body, { 'idempotency-key': key })
    expect(answer.body).toMatchObject({ code: 'kernel.bad_request' })
  })
})

describe('a transaction', () => {
  it('sees nothing of another county, and cannot write into it', async () => {
    await runSystem(app.app, '330411', (cmd) => cmd.tx.selectFrom('area').select('id').execute()).then((rows) =>
      expect(rows.length).toBeGreaterThan(5),
    )
    const seen = await app.db.reading('330421', (tx) => tx.selectFrom('area').select('id').execute())
    expect(seen).toEqual([])
    const foreign = app.db.transaction('330421', (tx) =>
      tx
        .insertInto('idempotency')
        .values({
          county: '330411',
          owner: 'x',
          key: 'k',
          route: 'r',
          requestHash: Buffer.alloc(32),
          answer: Buffer.alloc(1),
          at: new Date(),
        })
        .execute(),
    )
    await expect(foreign).rejects.toMatchObject({ code: '42501' })
  })

  it('refuses a county that is none before any statement is sent', async () => {
    await expect(app.db.reading("330411'; drop table matter; --", async () => 1)).rejects.toMatchObject({
      code: 'kernel.unknown_county',
    })
  })

  it('leaves nothing behind when the work fails', async () => {
    const failing = runSystem(app.app, '330411', async (cmd) => {
      await cmd.tx
        .insertInto('idempotency')
        .values({
          county: '330411',
          owner: 'x',
          key: 'rolled-back',
          route: 'r',
          requestHash: Buffer.alloc(32),
          answer: Buffer.alloc(1),
          at: cmd.now,
        })
        .execute()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect((await kept()).filter(({ key }) => key === 'rolled-back')).toEqual([])
  })

  it('names a violated constraint, a shard suffix stripped', () => {
    expect(constraintOf({ code: '23505', constraint: 'matter_pkey_102008' })).toBe('matter_pkey')
    expect(constraintOf({ code: '40001', constraint: 'matter_pkey' })).toBeUndefined()
  })
})

describe('a write that needs no transaction', () => {
  const insert = `insert into idempotency (county, owner, key, route, request_hash, answer, at)
    values ($1, 'x', $2, 'r', '\\x00', '\\x00', $3)`
  const write = (key: string) => ['330411', key, new Date()]
  const isKept = async (key: string) => (await kept()).some((row) => row.key === key)

  it('stands once it is made, and nothing may follow it', async () => {
    const follow = runSystem(app.app, '330411', async (cmd) => {
      await hotWhole(cmd.tx, 'test_whole', insert, write('whole'))
      await hot(cmd.tx, 'test_more', insert, write('more'))
    })
    await expect(follow).rejects.toThrow('no statement may follow')
    expect([await isKept('whole'), await isKept('more')]).toEqual([true, false])
  })

  it('belongs to the transaction where one has begun', async () => {
    const failing = runSystem(app.app, '330411', async (cmd) => {
      await hot(cmd.tx, 'test_more', insert, write('before'))
      await hotWhole(cmd.tx, 'test_whole', insert, write('within'))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect([await isKept('before'), await isKept('within')]).toEqual([false, false])
  })

  it('is not made by work that goes on after its command has failed', async () => {
    let late: Promise<unknown> = Promise.resolve()
    const failing = runSystem(app.app, '330411', async (cmd) => {
      late = new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
        hot(cmd.tx, 'test_more', insert, write('late')),
      )
      late.catch(() => {})
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await expect(late).rejects.toThrow('no statement may follow')
    expect(await isKept('late')).toBe(false)
  })

  it('reaches its own county only, whichever had the connection before', async () => {
    const foreign = runSystem(app.app, '330421', (cmd) => hotWhole(cmd.tx, 'test_whole', insert, write('foreign')))
    await expect(foreign).rejects.toMatchObject({ code: '42501' })
    await app.db.reference('select 1')
    expect(await isKept('foreign')).toBe(false)
  })
})

describe('reads of one turn', () => {
  const load = async (tx: Tx, keys: readonly string[]) => {
    asked.push([...keys])
    const rows = await hotRead<{ key: string }>(
      tx,
      'test_gather',
      'select 10 / key::int as tenth, key from unnest($1::text[]) as key where key <> $2',
      [keys, 'none'],
    )
    return new Map(rows.map((row) => [row.key, row]))
  }
  let asked: string[][] = []
  const ask = (county: string, key: string) => app.db.reading(county, (tx) => gathered(tx, 'test', key, load))

  it('share a statement, each county its own, and each gets what it asked for', async () => {
    asked = []
    const found = await Promise.all([ask('330411', '1'), ask('330421', '2'), ask('330411', '5'), ask('330411', '1')])
    expect(found).toMatchObject([{ key: '1' }, { key: '2' }, { key: '5' }, { key: '1' }])
    expect(asked.toSorted()).toEqual([['1', '5'], ['2']])
    expect(await ask('330411', 'none')).toBeUndefined()
  })

  it('fail for whoever asked for what cannot be read, and for nobody else', async () => {
    const outcomes = await Promise.allSettled(['1', '0', '5'].map((key) => ask('330411', key)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('ask alone where a connection is held already, so that all of them may', async () => {
    const both = () =>
      app.db.reading('330411', async (tx) => {
        await hotRead(tx, 'test_one', 'select 1', [])
        return gathered(tx, 'test', '2', load)
      })
    expect(await Promise.all(Array.from({ length: 40 }, both))).toHaveLength(40)
  })
})

describe('a request without a session', () => {
  it('is about the only county there is, and about none that is not here', async () => {
    const places = (headers: Record<string, string>) => app.http.inject({ url: '/api/v1/grid/places', headers })
    expect((await places({})).statusCode).toBe(200)
    expect((await places({ 'tongxin-county': '330411' })).statusCode).toBe(200)
    const foreign = await places({ 'tongxin-county': '110101' })
    expect(foreign.statusCode).toBe(400)
    expect(foreign.json()).toMatchObject({ code: 'kernel.unknown_county' })
  })
})

describe('a read', () => {
  it('cannot write, whatever its work tries', async () => {
    const writing = app.db.reading('330411', (tx) =>
      tx.deleteFrom('idempotency').where('county', '=', '330411').execute(),
    )
    await expect(writing).rejects.toMatchObject({ code: '25006' })
  })

  it('shows each county its own rows, however connections are passed on', async () => {
    const count = (county: string) => app.db.reading(county, (tx) => tx.selectFrom('area').select('county').execute())
    const turns = Array.from({ length: 60 }, (_, turn) => (turn % 3 === 0 ? '330421' : '330411'))
    const seen = await Promise.all(turns.map(count))
    for (const [turn, rows] of seen.entries()) {
      expect(rows.length > 0).toBe(turns[turn] === '330411')
      expect(rows.every((row) => row.county === turns[turn])).toBe(true)
    }
  })
})
