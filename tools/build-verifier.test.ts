import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Consistency, Proof, PublicKeys } from '../src/ledger/contract.ts'
import { bookMany, ledgerHouse } from '../src/ledger/fixtures.ts'
import { county, type TestApp } from '../test/support/app.ts'
import { buildVerifier } from './build-verifier.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'tongxin-verifier-'))
let file: string
let house: TestApp
let proof: Proof
let pem: string

beforeAll(async () => {
  file = await buildVerifier(folder)
  house = await ledgerHouse()
  const [booked] = await bookMany(house, 21)
  const reader = house.as({ grants: [{ action: 'ledger.read', path: county }] })
  proof = (await reader.get<Proof>(`/api/v1/ledger/entries/${booked?.entry}/proof`)).body
  pem = (await house.nobody.get<PublicKeys>('/api/v1/ledger/keys')).body.items[0]?.pem ?? ''
  writeFileSync(join(folder, 'pub.pem'), pem)
})
afterAll(async () => {
  await house.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the built file far from the house: an empty folder, nothing in the environment. */
async function check(content: unknown, ...more: string[]): Promise<{ code: number; out: string }> {
  const path = join(folder, 'proof.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  try {
    const { stdout } = await run(process.execPath, [file, path, ...more], { cwd: folder, env: {} })
    return { code: 0, out: stdout }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout + stderr }
  }
}

describe('the stand-alone verifier', () => {
  test('is one file that imports nothing but Node', () => {
    const imports = [...readFileSync(file, 'utf8').matchAll(/from "([^"]+)"/g)].map(([, name]) => name)
    expect(imports).toEqual(['node:fs'])
  })

  test('says in both languages that a proof holds, with the published key or without', async () => {
    const plain = await check(proof)
    expect(plain.code).toBe(0)
    expect(plain.out).toContain('请与公布的公钥核对')
    expect(plain.out).toContain('谁都可以用自己的公钥')
    const keyed = await check(proof, '--key', join(folder, 'pub.pem'))
    expect(keyed.code).toBe(0)
    expect(keyed.out).toContain('成立')
    expect(keyed.out).toContain('signed with the published key')
    expect(keyed.out).not.toContain('谁都可以用自己的公钥')
  })

  test('fails on one changed byte of the leaf, wherever it is', async () => {
    const bytes = Buffer.from(proof.leaf, 'base64')
    for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ 0x20
      const { code, out } = await check({ ...proof, leaf: changed.toString('base64') })
      expect([code, out.includes('不成立')]).toEqual([1, true])
    }
  })

  test('fails on another key, and on a head taken from elsewhere', async () => {
    const { generateKeyPairSync } = await import('node:crypto')
    const other = join(folder, 'other.pem')
    writeFileSync(other, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }))
    expect((await check(proof, '--key', other)).code).toBe(1)
    expect((await check({ ...proof, head: { ...proof.head, tree_size: 5 } })).code).toBe(1)
    expect((await check({ ...proof, head: undefined })).code).toBe(1)
  })

  test('takes consistency proofs and several at once', async () => {
    const { body } = await house.nobody.get<Consistency>('/api/v1/ledger/consistency?old_size=9')
    const { code, out } = await check([body, proof])
    expect([code, out.includes('共 2 份，0 份不成立')]).toEqual([0, true])
    expect((await check({ items: [proof, { ...body, old_size: 10 }] })).code).toBe(1)
  })

  test('what cannot be read is told apart from what does not hold', async () => {
    expect((await check('{"leaf": ')).code).toBe(2)
    expect((await check([])).code).toBe(2)
    expect((await check(proof, '--key', join(folder, 'proof.json'))).code).toBe(2)
    expect((await check(proof, '--keys')).code).toBe(2)
    for (const odd of ['null', '"text"', '{}', '{"leaf":1}', '[[]]']) expect((await check(odd)).code).toBe(1)
  })
})
