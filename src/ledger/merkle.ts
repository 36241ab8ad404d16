/**
 * The Merkle tree of RFC 9162 (section 2.1, the same tree as RFC 6962), pure.
 *
 * A complete subtree is named by its level and its index: level 0 is a leaf, and (level, index) covers the leaves
 * index × 2^level up to (index + 1) × 2^level. Hashes are kept for every fourth level only (0, 4, 8, …): a sixteenth
 * of the rows of a full tree, and each subtree between is folded from at most eight stored ones, so every root and
 * proof still costs O(log n) reads. Sizes are plain numbers below 2^53, hence no bit operators.
 */
import { createHash } from 'node:crypto'

export const STORED_LEVEL_STEP = 4

export interface NodeRef {
  level: number
  index: number
}
export interface StoredNode extends NodeRef {
  hash: Buffer
}
export interface Tree {
  size: number
  /** Hashes of the largest complete subtrees, left to right: one for each 1 in the binary size. */
  frontier: Buffer[]
}
/** Leaves `from` up to, not including, `to`. */
export interface Range {
  from: number
  to: number
}

const LEAF_PREFIX = Buffer.from([0])
const NODE_PREFIX = Buffer.from([1])
export const EMPTY_ROOT = createHash('sha256').digest()
export const EMPTY_TREE: Tree = { size: 0, frontier: [] }

export const leafHashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(LEAF_PREFIX).update(bytes).digest()

export const nodeHashOf = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest()

/** The tree after more leaves, and the complete subtrees worth storing that these leaves finished. */
export function append(tree: Tree, leafHashes: readonly Buffer[]): { tree: Tree; nodes: StoredNode[] } {
  const frontier = [...tree.frontier]
  const nodes: StoredNode[] = []
  let size = tree.size
  for (const leafHash of leafHashes) {
    let node: StoredNode = { level: 0, index: size, hash: leafHash }
    while (node.index % 2 === 1) {
      const left = frontier.pop()
      if (!left) throw new Error(`frontier is too short for size ${size}`)
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHashOf(left, node.hash) }
      if (node.level % STORED_LEVEL_STEP === 0) nodes.push(node)
    }
    frontier.push(node.hash)
    size += 1
  }
  return { tree: { size, frontier }, nodes }
}

/** The root over some leaves by themselves: what one entry binds many rows with. */
export const merkleRoot = (leaves: readonly Uint8Array[]): Buffer =>
  rootOf(append(EMPTY_TREE, leaves.map(leafHashOf)).tree)

export const rootOf = (tree: Tree): Buffer => foldRight(tree.frontier) ?? EMPTY_ROOT

function foldRight(hashes: readonly Buffer[]): Buffer | undefined {
  let root = hashes.at(-1)
  for (let i = hashes.length - 2; root && i >= 0; i -= 1) root = nodeHashOf(hashes[i] as Buffer, root)
  return root
}

/** The largest power of two below `size`, which must be at least 2: where RFC 9162 splits a tree. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** The complete subtrees that make up a range whose start is aligned as proofs align it, left to right. */
export function subtreesOf({ from, to }: Range): NodeRef[] {
  const parts: NodeRef[] = []
  let start = from
  while (start < to) {
    let level = 0
    let width = 1
    while (start % (width * 2) === 0 && start + width * 2 <= to) {
      width *= 2
      level += 1
    }
    parts.push({ level, index: start / width })
    start += width
  }
  return parts
}

/** PATH(m, D_n) of RFC 9162 2.1.3.1, as ranges: leaf level first. Empty for a tree of one leaf. */
export function inclusionRanges(leafIndex: number, size: number): Range[] {
  const path: Range[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (leafIndex < middle) {
      path.push({ from: middle, to })
      to = middle
    } else {
      path.push({ from, to: middle })
      from = middle
    }
  }
  return path.reverse()
}

/** PROOF(m, D_n) of RFC 9162 2.1.4.1, as ranges. Empty when the old tree is empty or is the whole. */
export function consistencyRanges(oldSize: number, size: number): Range[] {
  if (oldSize === 0 || oldSize === size) return []
  const proof: Range[] = []
  let from = 0
  let to = size
  while (oldSize !== to) {
    const middle = from + splitOf(to - from)
    if (oldSize <= middle) {
      proof.push({ from: middle, to })
      to = middle
    } else {
      proof.push({ from, to: middle })
      from = middle
    }
  }
  if (from > 0) proof.push({ from, to })
  return proof.reverse()
}

/** The stored nodes from which a subtree is folded: itself where its level is kept, else at most eight below it. */
export function storedRefsOf({ level, index }: NodeRef): NodeRef[] {
  const depth = level % STORED_LEVEL_STEP
  const count = 2 ** depth
  return Array.from({ length: count }, (_, i) => ({ level: level - depth, index: index * count + i }))
}

/** Every stored node needed to hash these ranges. */
export const storedRefsOfRanges = (ranges: readonly Range[]): NodeRef[] =>
  ranges.flatMap((range) => subtreesOf(range).flatMap(storedRefsOf))

/** MTH of a range, from stored nodes. @throws Error naming the node that is missing. */
export function hashOfRange(range: Range, lookup: (ref: NodeRef) => Buffer | undefined): Buffer {
  const parts = subtreesOf(range).map((part) => hashOfSubtree(part, lookup))
  return foldRight(parts) ?? EMPTY_ROOT
}

function hashOfSubtree(ref: NodeRef, lookup: (ref: NodeRef) => Buffer | undefined): Buffer {
  let row = storedRefsOf(ref).map((stored) => {
    const hash = lookup(stored)
    if (!hash) throw new Error(`ledger node is missing: level ${stored.level}, index ${stored.index}`)
    return hash
  })
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, i) => nodeHashOf(row[2 * i] as Buffer, row[2 * i + 1] as Buffer))
  }
  return row[0] as Buffer
}
