import { createHash } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withClient } from '../kernel/postgres-logins.ts'
import { county, type TestApp } from '../../test/support/app.ts'
import { book, bookMany, ledgerHouse } from './fixtures.ts'
import { keepHead, verifyLedger, type LedgerReport } from './index.ts'
import { append, EMPTY_TREE, leafHashOf, rootOf } from './merkle.ts'
import { leafBytes, readLeaf } from './rules.ts'

let house: TestApp
let booked: { id: string; entry: string }[]

/** 100 sealed entries, heads at 41, 91 and 101 leaves (leaf 0 is the key's), in a database that a test may wreck. */
async function freshLedger(): Promise<void> {
  house = await ledgerHouse()
  booked = []
  for (const count of [40, 50, 10]) {
    booked.push(...(await bookMany(house, count)))
    await keepHead(house.app, county)
  }
}

const verifyAll = (outside = true): Promise<LedgerReport> =>
  verifyLedger(house.db, county, outside ? { dataDir: house.app.config.dataDir } : {})
const asSuperuser = <Row extends object>(text: string, values: unknown[] = []) =>
  withClient(house.database.superuserUrl, async (client) => (await client.query<Row>(text, values)).rows)

/** What a superuser who knows our code would do: a tree that fits the leaves as they now are. */
async function rebuildTree(): Promise<void> {
  const leaves = await asSuperuser<{ leaf_hash: Buffer }>('select leaf_hash from ledger_leaf order by leaf_index')
  const { tree, nodes } = append(
    EMPTY_TREE,
    leaves.map((leaf) => leaf.leaf_hash),
  )
  await asSuperuser('delete from ledger_node')
  for (const { level, index, hash } of nodes) {
    await asSuperuser('insert into ledger_node values ($1, $2, $3, $4)', [county, level, index, hash])
  }
  await asSuperuser('update ledger_log set size = $1, root_hash = $2, frontier = $3', [
    tree.size,
    rootOf(tree),
    Buffer.concat(tree.frontier),
  ])
}

const rowsOf = (report: LedgerReport) => report.findings.map((finding) => finding.row)

describe('an untouched ledger', () => {
  beforeAll(freshLedger)
  afterAll(() => house.close())

  test('holds, with every head checked, and while entries wait for the sealer', async () => {
    const progress: number[] = []
    await book(house)
    const report = await verifyLedger(house.db, county, {
      dataDir: house.app.config.dataDir,
      progress: (leaves) => void progress.push(leaves),
    })
    expect(report).toEqual({
      county,
      leaves: 101,
      heads: 3,
      holds: true,
      anchors: { keys: 1, heads: 3 },
      findings: [],
      more: 0,
    })
    const elsewhere = await verifyLedger(house.db, county, {
      dataDir: join(house.app.config.dataDir, 'no-such-folder'),
    })
    expect(elsewhere).toMatchObject({ holds: true, anchors: { keys: 0, heads: 0 } })
    expect(progress).toEqual([101])
  })
})

describe('a superuser is found out', () => {
  beforeEach(async () => {
    await freshLedger()
    return () => house.close()
  })

  test('one flipped bit: the entry is named', async () => {
    const { entry } = booked[50] as { entry: string }
    await asSuperuser('update ledger_entry set bytes = set_bit(bytes, 700, 1 - get_bit(bytes, 700)) where id = $1', [
      entry,
    ])
    const report = await verifyAll()
    expect(report.holds).toBe(false)
    expect(rowsOf(report)[0]).toContain(entry)
  })

  test('one removed: the entry, the leaf, or both', async () => {
    const { entry } = booked[50] as { entry: string }
    await asSuperuser('delete from ledger_entry where id = $1', [entry])
    expect(rowsOf(await verifyAll())).toEqual([expect.stringContaining(entry)])
    const [leaf] = await asSuperuser<{ leaf_index: string }>(
      'delete from ledger_leaf where entry = $1 returning leaf_index',
      [entry],
    )
    expect(rowsOf(await verifyAll())).toContain(`ledger_leaf ${leaf?.leaf_index}`)
    await asSuperuser('update ledger_leaf set leaf_index = leaf_index - 1 where leaf_index > $1', [leaf?.leaf_index])
    await rebuildTree()
    expect(rowsOf(await verifyAll(false))).toContain('ledger_head 91')
  })

  test('two swapped, with a tree made to fit: the first head signed after them is named', async () => {
    const pick = [booked[45], booked[60]].map((one) => one?.entry as string)
    const leaves = await asSuperuser<{ leaf_index: string; entry: string; leaf_hash: Buffer }>(
      'select leaf_index, entry, leaf_hash from ledger_leaf where entry = any($1)',
      [pick],
    )
    await asSuperuser('delete from ledger_leaf where entry = any($1)', [pick])
    const [a, b] = leaves as [(typeof leaves)[0], (typeof leaves)[0]]
    await asSuperuser('insert into ledger_leaf values ($1, $2, $3, $4), ($1, $5, $6, $7)', [
      county,
      a.leaf_index,
      b.entry,
      b.leaf_hash,
      b.leaf_index,
      a.entry,
      a.leaf_hash,
    ])
    expect(rowsOf(await verifyAll())[0]).toContain('ledger_head 91')
    expect((await verifyAll()).findings.some((finding) => finding.kind === 'node')).toBe(true)
    await rebuildTree()
    expect(rowsOf(await verifyAll(false))).toContain('ledger_head 91')
  })

  test('a forged tail, with leaf, tree and log made to fit and later heads removed: the signature is named', async () => {
    const { entry } = booked[99] as { entry: string }
    const [row] = await asSuperuser<{ bytes: Buffer }>('select bytes from ledger_entry where id = $1', [entry])
    const forged = leafBytes({ ...readLeaf(row?.bytes as Buffer), body: { court: 1, by: 'forger' } })
    await asSuperuser('update ledger_entry set bytes = $2 where id = $1', [entry, forged])
    await asSuperuser('update ledger_leaf set leaf_hash = $2 where entry = $1', [entry, leafHashOf(forged)])
    await asSuperuser('delete from ledger_head where tree_size > 91')
    await rebuildTree()
    const report = await verifyAll(false)
    expect(report.findings).toMatchObject([{ kind: 'head', row: `ledger_log ${county}` }])
    expect(rowsOf(await verifyAll())).toContain('ledger_head 101')
  })

  test('a tail cut off back to a head that was truly signed: what was saved outside the database tells', async () => {
    const cut = 'select entry from ledger_leaf where leaf_index >= 91'
    await asSuperuser(`delete from ledger_entry where id in (${cut})`)
    await asSuperuser('delete from ledger_leaf where leaf_index >= 91')
    await asSuperuser('delete from ledger_head where tree_size > 91')
    await rebuildTree()
    await asSuperuser(`update ledger_log l set signature = h.signature, sealed_at = h.at, key_id = h.key_id
      from ledger_head h where h.tree_size = 91`)
    expect((await verifyAll(false)).holds).toBe(true)
    const report = await verifyAll()
    expect(report.findings).toMatchObject([{ kind: 'head' }, { kind: 'log', row: 'ledger_head 101' }])
  })

  test('leaves removed but entries left, a column changed, a to-do changed, a stray node', async () => {
    await asSuperuser(`update ledger_entry set actor_label = 'somebody' where id = $1`, [booked[3]?.entry])
    await asSuperuser(`update ledger_node set hash = sha256('x') where level = 4 and node_index = 2`)
    await asSuperuser(
      `insert into ledger_node values ($1, 8, 0, sha256('y')), ($1, 4, 0, sha256('z')) on conflict do nothing`,
      [county],
    )
    const { entry } = await book(house)
    await asSuperuser('delete from ledger_todo where entry = $1', [entry])
    const waiting = await book(house)
    await asSuperuser(`update ledger_todo set leaf_hash = sha256('z') where entry = $1`, [waiting.entry])
    const rows = rowsOf(await verifyAll())
    expect(rows).toEqual([
      expect.stringContaining(booked[3]?.entry as string),
      'ledger_node 4/2',
      `ledger_entry ${entry}`,
      `ledger_todo ${waiting.entry}`,
    ])
  })

  test('a head signed with a key of their own', async () => {
    const { generateKeyPairSync, sign } = await import('node:crypto')
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    const keyId = createHash('sha256').update(spki).digest('hex')
    await asSuperuser('insert into ledger_key values ($1, $2, $3, now())', [county, keyId, spki])
    const [log] = await asSuperuser<{ log_id: string; size: string; root_hash: Buffer; sealed_at: Date }>(
      'select * from ledger_log',
    )
    const text = `tongxin-ledger/${log?.log_id}\n${log?.size}\n${log?.root_hash.toString('hex')}\n${log?.sealed_at.toISOString()}\n`
    await asSuperuser('update ledger_log set key_id = $1, signature = $2', [
      keyId,
      sign(null, Buffer.from(text), privateKey),
    ])
    expect(rowsOf(await verifyAll())).toEqual([`ledger_key ${keyId}`, `ledger_log ${county}`])
  })

  test('a log removed, alone or with everything, or begun anew', async () => {
    await asSuperuser('delete from ledger_log')
    expect(rowsOf(await verifyAll(false))).toEqual([`ledger_log ${county}`])
    const tables = ['ledger_leaf', 'ledger_node', 'ledger_head', 'ledger_entry', 'ledger_todo', 'ledger_key']
    for (const table of tables) await asSuperuser(`delete from ${table}`)
    expect((await verifyAll(false)).holds).toBe(true)
    expect(rowsOf(await verifyAll())).toEqual([`ledger_log ${county}`])
    await bookMany(house, 200)
    expect((await verifyAll(false)).holds).toBe(true)
    expect(rowsOf(await verifyAll())).toEqual(['ledger_head 41', 'ledger_head 91', 'ledger_head 101'])
  })

  test('a line cut off by a crash in the saved heads is no finding', async () => {
    await appendFile(join(house.app.config.dataDir, 'heads', `${county}.jsonl`), '{"log_id":"ab')
    expect((await verifyAll()).holds).toBe(true)
  })
})
