import type { Database, Tx } from '../kernel/db.ts'
import { countSavedHeads } from './heads.ts'
import { keyIdOf, trustedKeyIds } from './keys.ts'
import { append, EMPTY_TREE, leafHashOf, type StoredNode, type Tree } from './merkle.ts'
import { logIdOf, readLeaf, type LeafContent } from './rules.ts'
import { listKeys } from './head-store.ts'
import { findLog, readNodes } from './store.ts'
import { Findings, type Finding } from './verify-findings.ts'
import { HeadWalk } from './verify-heads.ts'
import {
  countNodes,
  hasSealed,
  listCheckedLeaves,
  listCheckedTodos,
  listStrayEntries,
  type CheckedLeaf,
} from './verify-store.ts'

export type { Finding } from './verify-findings.ts'

export interface LedgerReport {
  county: string
  leaves: number
  heads: number
  holds: boolean
  /** What outside the database it was held to: this installation's key files and saved heads. None: only itself. */
  anchors: { keys: number; heads: number }
  /** At most a hundred; `more` says how many others there are. */
  findings: Finding[]
  more: number
}

export interface VerifyOptions {
  /**
   * DATA_DIR: its keys are the ones trusted and its saved heads are held against the database. A folder without key files
   * (another machine's) anchors nothing, and the report says so.
   */
  dataDir?: string
  /** Called after every page with the number of leaves checked. */
  progress?(leaves: number): void
}

const PAGE = 2000
const STRAYS_MAX = 20

/**
 * Checks the whole ledger of a county: every entry's bytes against its columns, its leaf, the tree, every kept head and its
 * signature, and names the rows that do not fit. Reads page by page, so memory stays flat; runs beside a working house.
 */
export async function verifyLedger(db: Database, county: string, options: VerifyOptions = {}): Promise<LedgerReport> {
  const findings = new Findings()
  const log = await db.reading(county, (tx) => findLog(tx, county))
  if (!log) return reportWithoutLog(db, county, options.dataDir)
  const trusted = options.dataDir === undefined ? new Set<string>() : trustedKeyIds(options.dataDir)
  const keys = await checkKeys(db, county, trusted, findings)
  if (![...keys.keys()].some((keyId) => logIdOf(county, keyId) === log.logId)) {
    findings.add('log', `ledger_log ${county}`, '账本编号与首把公钥不符', 'the log id does not follow from a known key')
  }
  const heads = new HeadWalk(db, county, log, { keys, findings })
  let tree = EMPTY_TREE
  let nodeCount = 0
  while (tree.size < log.size) {
    const page = { from: tree.size, count: Math.min(PAGE, log.size - tree.size) }
    const leaves = await db.reading(county, (tx) => listCheckedLeaves(tx, county, page.from, page.count))
    const hashes = checkLeaves(county, page, leaves, findings)
    const grown = await growTree(tree, hashes, heads)
    nodeCount += grown.nodes.length
    await db.reading(county, (tx) => checkNodes(tx, county, grown.nodes, findings))
    tree = grown.tree
    options.progress?.(tree.size)
  }
  await heads.checkEnd(tree)
  const saved = options.dataDir === undefined ? 0 : await heads.checkSaved(options.dataDir)
  await db.reading(county, (tx) => checkStrays(tx, county, { size: log.size, nodeCount }, findings))
  const { list, more } = findings
  const anchors = { keys: trusted.size, heads: saved }
  return { county, leaves: tree.size, heads: heads.checked, holds: list.length === 0, anchors, findings: list, more }
}

/** A county in which nothing was ever sealed has no log; one whose log was removed has leaves, heads or saved heads left. */
async function reportWithoutLog(db: Database, county: string, dataDir: string | undefined): Promise<LedgerReport> {
  const findings = new Findings()
  const saved = dataDir === undefined ? 0 : await countSavedHeads(dataDir, county)
  if (saved > 0 || (await db.reading(county, (tx) => hasSealed(tx, county)))) {
    findings.add('log', `ledger_log ${county}`, '账本状态被删除', 'the row of this log was removed')
  }
  const holds = findings.list.length === 0
  return { county, leaves: 0, heads: 0, holds, anchors: { keys: 0, heads: saved }, findings: findings.list, more: 0 }
}

async function checkKeys(
  db: Database,
  county: string,
  trusted: ReadonlySet<string>,
  findings: Findings,
): Promise<Map<string, Buffer>> {
  const keys = new Map<string, Buffer>()
  for (const { keyId, publicKey } of await db.reading(county, (tx) => listKeys(tx, county))) {
    if (keyIdOf(publicKey) !== keyId) {
      findings.add('key', `ledger_key ${keyId}`, '公钥与其编号不符', 'the public key does not have this id')
    } else if (trusted.size > 0 && !trusted.has(keyId)) {
      findings.add(
        'key',
        `ledger_key ${keyId}`,
        '本机从未有过这把签名密钥',
        'this installation never had this signing key',
      )
    } else keys.set(keyId, publicKey)
  }
  return keys
}

/** The page's leaf hashes in order; zeros stand for a leaf that is gone, so that the rest is still checked. */
function checkLeaves(
  county: string,
  page: { from: number; count: number },
  leaves: readonly CheckedLeaf[],
  findings: Findings,
): Buffer[] {
  const hashes: Buffer[] = []
  const byIndex = new Map(leaves.map((leaf) => [leaf.leafIndex, leaf]))
  for (let index = page.from; index < page.from + page.count; index += 1) {
    const leaf = byIndex.get(index)
    if (!leaf) {
      findings.add('leaf', `ledger_leaf ${index}`, '这一条叶子不见了', 'this leaf is missing')
      hashes.push(Buffer.alloc(32))
      continue
    }
    checkLeaf(county, leaf, findings)
    hashes.push(leaf.leafHash)
  }
  return hashes
}

function checkLeaf(county: string, leaf: CheckedLeaf, findings: Findings): void {
  const row = `ledger_entry ${leaf.entry} (leaf ${leaf.leafIndex})`
  if (!leaf.bytes) {
    findings.add('entry', row, '这条记录被删除', 'this entry was removed')
    return
  }
  if (!leafHashOf(leaf.bytes).equals(leaf.leafHash)) {
    findings.add('entry', row, '记录内容与入账时的指纹不符', 'the bytes do not have the hash that was sealed')
  }
  let content: LeafContent
  try {
    content = readLeaf(leaf.bytes)
  } catch {
    findings.add('entry', row, '记录内容无法读取', 'the bytes cannot be read')
    return
  }
  const differing = differingColumns(county, leaf, content)
  if (differing.length > 0) {
    const columns = differing.join(', ')
    findings.add('entry', row, `这些列与记录内容不符：${columns}`, `these columns differ from the bytes: ${columns}`)
  }
}

function differingColumns(county: string, leaf: CheckedLeaf, content: LeafContent): string[] {
  const pairs: [string, unknown, unknown][] = [
    ['county', county, content.county],
    ['id', leaf.entry, content.id],
    ['event', leaf.event, content.event],
    ['subject_id', leaf.subjectId, content.subjectId],
    ['subject_version', leaf.subjectVersion, content.subjectVersion],
    ['at', leaf.at?.getTime(), content.at.getTime()],
    ['actor_kind', leaf.actorKind, content.actor.kind],
    ['actor_id', leaf.actorId, content.actor.id],
    ['actor_label', leaf.actorLabel, content.actor.label],
    ['purpose', leaf.purpose, content.purpose],
  ]
  return pairs.filter(([, column, said]) => column !== said).map(([name]) => name)
}

/** Appends the page, stopping at each size that has a head to compare. */
async function growTree(
  tree: Tree,
  hashes: readonly Buffer[],
  heads: HeadWalk,
): Promise<{ tree: Tree; nodes: StoredNode[] }> {
  const nodes: StoredNode[] = []
  let grown = tree
  let done = 0
  while (done < hashes.length) {
    const stop = Math.min(await heads.nextSize(), tree.size + hashes.length)
    const step = append(grown, hashes.slice(done, stop - tree.size))
    nodes.push(...step.nodes)
    grown = step.tree
    done = grown.size - tree.size
    await heads.check(grown)
  }
  return { tree: grown, nodes }
}

async function checkNodes(tx: Tx, county: string, nodes: readonly StoredNode[], findings: Findings): Promise<void> {
  if (nodes.length === 0) return
  const stored = await readNodes(tx, county, nodes)
  for (const { level, index, hash } of nodes) {
    if (stored.get(`${level}:${index}`)?.equals(hash)) continue
    const [from, to] = [index * 2 ** level, (index + 1) * 2 ** level - 1]
    findings.add(
      'node',
      `ledger_node ${level}/${index}`,
      `第 ${from} 至 ${to} 号叶子与其合并指纹不符：其中有叶子被改动或调换`,
      `leaves ${from} to ${to} do not give the stored hash: one of them, or it, was changed or swapped`,
    )
  }
}

async function checkStrays(
  tx: Tx,
  county: string,
  expected: { size: number; nodeCount: number },
  findings: Findings,
): Promise<void> {
  for (const { id } of await listStrayEntries(tx, county, STRAYS_MAX)) {
    findings.add(
      'stray',
      `ledger_entry ${id}`,
      '这条记录既未入账也不在待入账之列',
      'this entry is neither sealed nor waiting',
    )
  }
  for (const { entry, leafHash, bytes } of await listCheckedTodos(tx, county, PAGE)) {
    if (bytes && leafHashOf(bytes).equals(leafHash)) continue
    findings.add(
      'todo',
      `ledger_todo ${entry}`,
      '待入账的记录被改动或删除',
      'an entry that waits for the sealer was changed or removed',
    )
  }
  const nodes = await countNodes(tx, county, expected.size)
  if (nodes !== expected.nodeCount) {
    findings.add(
      'node',
      `ledger_node ${county}`,
      `应有 ${expected.nodeCount} 个合并指纹，实有 ${nodes} 个`,
      `there should be ${expected.nodeCount} stored nodes, there are ${nodes}`,
    )
  }
}
