import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  append,
  consistencyRanges,
  EMPTY_ROOT,
  EMPTY_TREE,
  hashOfRange,
  inclusionRanges,
  leafHashOf,
  nodeHashOf,
  rootOf,
  storedRefsOfRanges,
  STORED_LEVEL_STEP,
  type NodeRef,
} from './merkle.ts'
import { verifyProof } from './verify-proof.ts'

/** The reference tree of RFC 6962 and its certificate-transparency implementation: eight leaves, their roots and proofs. */
const rfcLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'))
const rfcRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const rfcPaths: [leaf: number, size: number, path: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]
const rfcConsistency: [oldSize: number, size: number, proof: string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

/** A log in memory that keeps only what the database keeps: leaves and every fourth level. */
function logOf(leaves: readonly Buffer[], batches: readonly number[] = [leaves.length]) {
  const stored = new Map<string, Buffer>()
  const hashes = leaves.map(leafHashOf)
  hashes.forEach((hash, index) => stored.set(`0:${index}`, hash))
  let tree = EMPTY_TREE
  for (const batch of batches) {
    const step = append(tree, hashes.slice(tree.size, tree.size + batch))
    for (const node of step.nodes) stored.set(`${node.level}:${node.index}`, node.hash)
    tree = step.tree
  }
  const lookup = ({ level, index }: NodeRef) => stored.get(`${level}:${index}`)
  const root = (size: number) => (size === 0 ? EMPTY_ROOT : hashOfRange({ from: 0, to: size }, lookup))
  return { tree, lookup, root, hashes, stored }
}

/** MTH straight from the definition in RFC 9162 2.1.1: slow, and nothing like ours. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT
  if (leaves.length === 1) return leafHashOf(leaves[0] as Buffer)
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHashOf(definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)))
}

const hex = (buffers: readonly Buffer[]) => buffers.map((one) => one.toString('hex'))
const someLeaves = (count: number) => Array.from({ length: count }, (_, i) => Buffer.from(`leaf ${i}`))
const withoutHead = (checks: readonly { name: string; ok: boolean }[]) =>
  checks.filter((one) => one.name !== 'headMatches')

describe('published vectors', () => {
  test('the empty tree and the eight roots', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    rfcRoots.forEach((root, i) => expect(rootOf(logOf(rfcLeaves.slice(0, i + 1)).tree).toString('hex')).toBe(root))
  })

  test.each(rfcPaths)('inclusion of leaf %i in %i', (leaf, size, path) => {
    const log = logOf(rfcLeaves)
    expect(hex(inclusionRanges(leaf, size).map((range) => hashOfRange(range, log.lookup)))).toEqual(path)
  })

  test.each(rfcConsistency)('consistency of %i with %i', (oldSize, size, proof) => {
    const log = logOf(rfcLeaves)
    expect(hex(consistencyRanges(oldSize, size).map((range) => hashOfRange(range, log.lookup)))).toEqual(proof)
  })
})

describe('properties', () => {
  const sizes = fc.integer({ min: 1, max: 300 })

  test('however it is cut into batches, the tree is the defined one and keeps a sixteenth of the nodes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), (batches) => {
        const leaves = someLeaves(batches.reduce((sum, n) => sum + n, 0))
        const log = logOf(leaves, batches)
        expect(rootOf(log.tree)).toEqual(definedRoot(leaves))
        expect(log.root(leaves.length)).toEqual(definedRoot(leaves))
        const inner = log.stored.size - leaves.length
        expect(inner).toBeLessThanOrEqual(leaves.length / 15)
        expect([...log.stored.keys()].every((key) => Number(key.split(':')[0]) % STORED_LEVEL_STEP === 0)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('every inclusion proof is accepted by the other implementation, and no other leaf passes with it', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, pick, other) => {
        const leaves = someLeaves(size)
        const log = logOf(leaves)
        const proofOf = (leaf: number) => ({
          log_id: '00'.repeat(32),
          leaf: (leaves[leaf] as Buffer).toString('base64'),
          leaf_hash: (log.hashes[leaf] as Buffer).toString('hex'),
          leaf_index: leaf,
          tree_size: size,
          audit_path: hex(inclusionRanges(leaf, size).map((range) => hashOfRange(range, log.lookup))),
          root_hash: rootOf(log.tree).toString('hex'),
        })
        const [mine, its] = [pick % size, other % size]
        const good = await verifyProof(proofOf(mine))
        expect(withoutHead(good.checks).map((one) => one.ok)).toEqual([true, true])
        if (mine === its) return
        const wrong = await verifyProof({ ...proofOf(mine), leaf_index: its })
        expect(wrong.checks.find((one) => one.name === 'inclusion')?.ok).toBe(false)
      }),
      { numRuns: 150 },
    )
  })

  test('every consistency proof is accepted, and none for a rewritten past', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, pick, changed) => {
        const oldSize = pick % (size + 1)
        const leaves = someLeaves(size)
        const log = logOf(leaves)
        const proof = {
          log_id: '00'.repeat(32),
          old_size: oldSize,
          old_root: log.root(oldSize).toString('hex'),
          tree_size: size,
          root_hash: rootOf(log.tree).toString('hex'),
          consistency: hex(consistencyRanges(oldSize, size).map((range) => hashOfRange(range, log.lookup))),
        }
        const good = await verifyProof(proof)
        expect(good.checks.find((one) => one.name === 'consistency')?.ok).toBe(true)
        if (oldSize === 0) return
        const past = leaves.slice(0, oldSize)
        past[changed % oldSize] = Buffer.from('forged')
        const wrong = await verifyProof({ ...proof, old_root: definedRoot(past).toString('hex') })
        expect(wrong.checks.find((one) => one.name === 'consistency')?.ok).toBe(false)
      }),
      { numRuns: 150 },
    )
  })

  test('a proof reads O(log n) stored nodes, at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (size, share) => {
        const leaf = Math.min(size - 1, Math.floor(size * share))
        const limit = 8 * 2 * Math.ceil(Math.log2(size) + 1)
        expect(storedRefsOfRanges(inclusionRanges(leaf, size)).length).toBeLessThanOrEqual(limit)
        expect(storedRefsOfRanges(consistencyRanges(leaf, size)).length).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 200 },
    )
  })
})
