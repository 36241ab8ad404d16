import { verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runRead, systemActor } from '../kernel/command.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { encodeCursor } from '../kernel/pages.ts'
import { county, type Asker, type TestApp } from '../../test/support/app.ts'
import type { Consistency, Proof, PublicKeys, SignedHead } from './contract.ts'
import { book, bookMany, ledgerHouse } from './fixtures.ts'
import { follow, keepHead, proofOf, proofsOfSubject, rotateKey, savedHeads, settleLedger } from './index.ts'
import { openSigner } from './keys.ts'
import { verifyProof } from './verify-proof.ts'

let house: TestApp
let reader: Asker
let booked: { id: string; entry: string }[]
beforeAll(async () => {
  house = await ledgerHouse()
  reader = house.as({ grants: [{ action: 'ledger.read', path: county }] })
  booked = await bookMany(house, 45)
})
afterAll(() => house.close())

const read = <T>(work: Parameters<typeof runRead<T>>[2]) =>
  runRead(
    house.app,
    { county, actor: systemActor, grants: [], purpose: 'handling', requestId: 'test', locale: 'en' },
    work,
  )

describe('proofs', () => {
  test('every entry has one with exactly the agreed fields, and each holds', async () => {
    for (const { entry } of booked) {
      const { body: proof, status } = await reader.get<Proof>(`/api/v1/ledger/entries/${entry}/proof`)
      expect(status).toBe(200)
      expect(Object.keys(proof).sort()).toEqual(
        ['audit_path', 'head', 'leaf', 'leaf_hash', 'leaf_index', 'log_id', 'root_hash', 'tree_size'].sort(),
      )
      const verdict = await verifyProof(proof)
      expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
      expect(verdict.leaf).toMatchObject({ entry, county })
    }
  })

  test('one changed byte of the leaf, or of anything else, fails', async () => {
    const { body: proof } = await reader.get<Proof>(`/api/v1/ledger/entries/${booked[20]?.entry}/proof`)
    const bytes = Buffer.from(proof.leaf, 'base64')
    for (const at of [0, 10, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ 1
      expect((await verifyProof({ ...proof, leaf: changed.toString('base64') })).holds).toBe(false)
    }
    const flip = (hash: string) => (hash.startsWith('0') ? '1' : '0') + hash.slice(1)
    const variants: Proof[] = [
      { ...proof, leaf_hash: flip(proof.leaf_hash) },
      { ...proof, leaf_index: proof.leaf_index + 1 },
      { ...proof, tree_size: proof.tree_size + 1 },
      { ...proof, audit_path: proof.audit_path.map((hash, i) => (i === 2 ? flip(hash) : hash)) },
      { ...proof, audit_path: proof.audit_path.slice(1) },
      { ...proof, root_hash: flip(proof.root_hash) },
      { ...proof, log_id: flip(proof.log_id) },
      { ...proof, head: { ...proof.head, at: '2026-11-16T01:30:00.001Z' } },
      { ...proof, head: { ...proof.head, key_id: flip(proof.head.key_id) } },
      { ...proof, leaf: `${proof.leaf} ` },
    ]
    for (const variant of variants) expect((await verifyProof(variant)).holds).toBe(false)
  })

  test('a base64 letter that decodes to the same bytes is refused all the same', async () => {
    const all = await read((cmd) => Promise.all(booked.map(({ entry }) => proofOf(cmd, entry))))
    const padded = all.find((proof) => proof.leaf.endsWith('='))
    if (!padded) throw new Error('no padded leaf among the proofs')
    const at = padded.leaf.indexOf('=') - 1
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    const next = letters[letters.indexOf(padded.leaf[at] as string) + 1] as string
    const leaf = padded.leaf.slice(0, at) + next + padded.leaf.slice(at + 1)
    expect(Buffer.from(leaf, 'base64')).toEqual(Buffer.from(padded.leaf, 'base64'))
    expect((await verifyProof({ ...padded, leaf })).holds).toBe(false)
  })

  test('an entry not sealed yet says so, an unknown one is not found', async () => {
    const { entry } = await book(house)
    const early = await reader.get(`/api/v1/ledger/entries/${entry}/proof`)
    expect([early.status, early.body['code'], early.headers['retry-after']]).toEqual([
      409,
      'ledger.not_sealed_yet',
      '1',
    ])
    expect((await reader.get(`/api/v1/ledger/entries/${uuidv7()}/proof`)).status).toBe(404)
    await settleLedger(house.app, county)
    expect((await reader.get(`/api/v1/ledger/entries/${entry}/proof`)).status).toBe(200)
  })

  test('a subject gives all its proofs at one size', async () => {
    const subject = { id: uuidv7(), version: 1 }
    for (const version of [1, 2, 3]) await book(house, 1, { ...subject, version })
    await settleLedger(house.app, county)
    const proofs = await read((cmd) => proofsOfSubject(cmd, subject.id))
    expect(new Set(proofs.map((proof) => proof.tree_size)).size).toBe(1)
    expect(proofs).toHaveLength(3)
    for (const proof of proofs) expect((await verifyProof(proof)).holds).toBe(true)
    const over = await reader.get<{ items: Proof[] }>(`/api/v1/ledger/subjects/${subject.id}/proofs`)
    expect(over.body.items).toEqual(proofs)
  })
})

describe('heads and consistency', () => {
  test('anybody may ask that an older size is a beginning of a newer one, kept head or not', async () => {
    const { body: now } = await house.nobody.get<SignedHead>('/api/v1/ledger/head')
    for (const [oldSize, size] of [
      [0, 1],
      [1, 46],
      [16, 17],
      [31, 40],
      [46, 46],
    ] as const) {
      const query = `old_size=${oldSize}&size=${size}`
      const { body, status } = await house.nobody.get<Consistency>(`/api/v1/ledger/consistency?${query}`)
      expect(status).toBe(200)
      expect((await verifyProof(body)).checks.filter((check) => !check.ok)).toEqual([])
    }
    const { body } = await house.nobody.get<Consistency>('/api/v1/ledger/consistency?old_size=7')
    expect(body.tree_size).toBe(now.tree_size)
    expect((await verifyProof({ ...body, old_root: body.root_hash })).holds).toBe(false)
    const beyond = await house.nobody.get('/api/v1/ledger/consistency?old_size=7&size=100000')
    expect([beyond.status, beyond.body['code']]).toEqual([400, 'ledger.unknown_size'])
  })

  test('a head is kept when the log grew, in the table and outside the database', async () => {
    expect(await keepHead(house.app, county)).toBe(true)
    expect(await keepHead(house.app, county)).toBe(false)
    await bookMany(house, 1)
    expect(await keepHead(house.app, county)).toBe(true)
    const { body } = await house.nobody.get<{ items: SignedHead[]; next: string | null }>(
      '/api/v1/ledger/heads?limit=1',
    )
    expect(body.items).toHaveLength(1)
    const rest = await house.nobody.get<{ items: SignedHead[] }>(`/api/v1/ledger/heads?limit=5&after=${body.next}`)
    const kept = [...body.items, ...rest.body.items]
    const saved = []
    for await (const head of savedHeads(house.app.config.dataDir, county)) saved.unshift(head.root_hash)
    expect(saved).toEqual(kept.map((head) => head.root_hash))
  })

  test('the published key verifies the head with stock crypto, from the documented text', async () => {
    const { body: head } = await house.nobody.get<SignedHead>('/api/v1/ledger/head')
    const { body: keys } = await house.nobody.get<PublicKeys>('/api/v1/ledger/keys')
    const pem = keys.items.find((key) => key.key_id === head.key_id)?.pem ?? ''
    const text = `tongxin-ledger/${head.log_id}\n${head.tree_size}\n${head.root_hash}\n${head.at}\n`
    expect(verify(null, Buffer.from(text), pem, Buffer.from(head.signature, 'base64'))).toBe(true)
  })

  test('a new key is put on record before it signs, and the log keeps its name', async () => {
    const other = await ledgerHouse()
    await bookMany(other, 2)
    const before = (await other.nobody.get<PublicKeys>('/api/v1/ledger/keys')).body
    const rotated = rotateKey(other.app.config.dataDir)
    expect(rotated.keyId).toBe(openSigner(other.app.config.dataDir).keyId)
    const again = await ledgerHouse([], { database: other.database, settings: { DATA_DIR: other.app.config.dataDir } })
    await bookMany(again, 1)
    const after = (await again.nobody.get<PublicKeys>('/api/v1/ledger/keys')).body
    expect(after.log_id).toBe(before.log_id)
    expect(new Set(after.items.map((key) => key.key_id))).toEqual(new Set([before.items[0]?.key_id, rotated.keyId]))
    expect((await again.nobody.get<SignedHead>('/api/v1/ledger/head')).body.key_id).toBe(rotated.keyId)
    await again.http.close()
    await again.db.close()
    await other.close()
  })
})

describe('reading', () => {
  test('followers get every entry once, in order, from where they left off', async () => {
    const seen: number[] = []
    for (let next = 0; ;) {
      const page = await read((cmd) => follow(cmd, next, 7))
      if (page.length === 0) break
      seen.push(...page.map((entry) => entry.leafIndex))
      next = (page.at(-1)?.leafIndex ?? 0) + 1
    }
    expect(seen.length).toBeGreaterThan(45)
    expect(seen).toEqual(seen.map((_, i) => i))
  })

  test('narrowed to a day in Beijing and to one person, and to nothing where nothing was done', async () => {
    interface Listed {
      items: { id: string; at: string }[]
      next: string | null
    }
    const get = async (query: string) => (await reader.get<Listed>(`/api/v1/ledger/entries?${query}`)).body
    const [newest] = (await get('limit=1')).items
    const day = new Date(Date.parse(newest!.at) + 8 * 3_600_000).toISOString().slice(0, 10)
    expect((await get(`day=${day}&limit=100`)).items.map(({ id }) => id)).toContain(newest!.id)
    expect(await get('day=2020-01-01')).toEqual({ items: [], next: null })
    expect(await get(`day=${day}&actor=${uuidv7()}`)).toEqual({ items: [], next: null })
    expect((await reader.get('/api/v1/ledger/entries?day=yesterday')).status).toBe(400)
  })

  test('a county is paged newest first, a subject oldest first, sealed or not', async () => {
    type List = { items: { leafIndex: number | null; subjectVersion: number }[]; next: string | null }
    const first = (await reader.get<List>('/api/v1/ledger/entries?limit=30')).body
    const second = (await reader.get<List>(`/api/v1/ledger/entries?limit=100&after=${first.next}`)).body
    const indexes = [...first.items, ...second.items].map((entry) => entry.leafIndex)
    expect(indexes).toEqual(indexes.map((_, i) => indexes.length - 1 - i))
    const id = uuidv7()
    await book(house, 1, { id, version: 1 })
    await settleLedger(house.app, county)
    await book(house, 1, { id, version: 2 })
    const history = (await reader.get<List>(`/api/v1/ledger/subjects/${id}/entries`)).body
    expect(history.items.map((entry) => [entry.subjectVersion, entry.leafIndex === null])).toEqual([
      [1, false],
      [2, true],
    ])
  })

  test('a cursor that is none of ours is a bad request, not a crash', async () => {
    const repairer = house.as({ grants: [{ action: 'ledger.repair', path: county, purpose: 'administration' }] })
    for (const value of ['x', -1, 1.5, 2 ** 60, null]) {
      const after = encodeCursor([value])
      expect((await reader.get(`/api/v1/ledger/entries?after=${after}`)).status).toBe(400)
      expect((await reader.get(`/api/v1/ledger/subjects/${uuidv7()}/entries?after=${after}`)).status).toBe(400)
      expect((await house.nobody.get(`/api/v1/ledger/heads?after=${after}`)).status).toBe(400)
      const failed = `/api/v1/ledger/failed-jobs?after=${encodeCursor([value, 'a.b'])}`
      expect((await repairer.get(failed)).status).toBe(400)
    }
    const beyond = encodeCursor([2 ** 31])
    expect((await reader.get(`/api/v1/ledger/subjects/${uuidv7()}/entries?after=${beyond}`)).status).toBe(400)
  })

  test('is refused to nobody, at another place and for another purpose', async () => {
    const paths = [
      'entries',
      `entries/${booked[0]?.entry}/proof`,
      `subjects/${booked[0]?.id}/entries`,
      `subjects/${booked[0]?.id}/proofs`,
    ]
    const elsewhere = house.as({ grants: [{ action: 'ledger.read', path: `${county}/330411105` }] })
    for (const path of paths) {
      expect((await house.nobody.get(`/api/v1/ledger/${path}`)).status).toBe(401)
      expect((await elsewhere.get(`/api/v1/ledger/${path}`)).body['code']).toBe('kernel.forbidden')
      const audit = await reader.get(`/api/v1/ledger/${path}`, { 'tongxin-purpose': 'statistics' })
      expect(audit.body['code']).toBe('kernel.wrong_purpose')
      expect((await reader.get(`/api/v1/ledger/${path}`)).status).toBe(200)
    }
  })
})
