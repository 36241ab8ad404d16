import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { headText } from '../../../src/ledger/verify-proof.ts'
import { checkProofs, proofOf, proofsIn } from './proofs.ts'

const leaf = (entry: string) => ({ leaf: btoa(JSON.stringify({ entry })) })

test('one proof, a list, and a list under items are all read', () => {
  expect(proofsIn({ leaf: 'x' })).toEqual([{ leaf: 'x' }])
  expect(proofsIn([1, 2])).toEqual([1, 2])
  expect(proofsIn({ items: [1, 2] })).toEqual([1, 2])
})

test('the proof of one entry is found by what its leaf says', () => {
  expect(proofOf('b', [leaf('a'), leaf('b')])).toEqual(leaf('b'))
  expect(proofOf('c', [leaf('a'), { leaf: '%' }, null])).toBeUndefined()
})

test('what is no proof is said to be none, and never holds', async () => {
  expect(await checkProofs('not json', [])).toBeUndefined()
  expect(await checkProofs('{"items": []}', [])).toBeUndefined()
  expect((await checkProofs('{"hello": 1}', []))?.every((verdict) => verdict.holds)).toBe(false)
})

/** A ledger of one leaf, signed with a key made for it: what anybody can do at home. */
function homemade() {
  const bytes = Buffer.from(JSON.stringify({ event: 'matter.moved', body: { to: 'closed' } }))
  const root = createHash('sha256')
    .update(Buffer.concat([Buffer.of(0), bytes]))
    .digest('hex')
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const log = { log_id: 'ab'.repeat(32), tree_size: 1, root_hash: root }
  const said = { ...log, at: '2026-11-16T01:30:00.000Z' }
  const signed = { public_key: spki.toString('base64'), key_id: createHash('sha256').update(spki).digest('hex') }
  const signature = sign(null, Buffer.from(headText(said)), privateKey).toString('base64')
  const proof = { ...log, leaf: bytes.toString('base64'), leaf_hash: root, leaf_index: 0, audit_path: [] }
  return { proof: { ...proof, head: { ...said, ...signed, signature } }, key: signed.public_key }
}

test('a proof that brings its own key holds only if the house publishes that key', async () => {
  const [ours, forged] = [homemade(), homemade()]
  const verdictOf = async (made: unknown, published: string[]) =>
    (await checkProofs(JSON.stringify(made), published))?.[0]
  expect(await verdictOf(ours.proof, [forged.key, ours.key])).toMatchObject({ holds: true })
  const refused = await verdictOf(forged.proof, [ours.key])
  expect(refused?.checks.filter((check) => !check.ok).map((check) => check.name)).toEqual(['key'])
  expect((await verdictOf(ours.proof, []))?.holds).toBe(false)
})
