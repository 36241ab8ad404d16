import type { Command } from '../kernel/command.ts'
import type { Tx } from '../kernel/db.ts'
import { Fault } from '../kernel/faults.ts'
import type { Entry } from '../kernel/jobs.ts'
import { decodeCursor, encodeCursor, type PageOf, type PageQuery } from '../kernel/pages.ts'
import type { Consistency, LedgerEntry, Proof, PublicKeys, SignedHead } from './contract.ts'
import { headOfLog } from './heads.ts'
import { pemOf, type Signer } from './keys.ts'
import {
  consistencyRanges,
  EMPTY_ROOT,
  hashOfRange,
  inclusionRanges,
  storedRefsOfRanges,
  type Range,
} from './merkle.ts'
import { entryFromLeaf, positionIn, readLeaf } from './rules.ts'
import { findHead, listHeads, listKeys, type HeadRow } from './head-store.ts'
import {
  findEntry,
  findLeafOfEntry,
  findLog,
  listLeafSubjects,
  listLeaves,
  listSubjectEntries,
  readNodes,
  type LeafRow,
  type LogRow,
} from './store.ts'

const LIMIT_DEFAULT = 20
const SUBJECT_PROOFS_MAX = 200
const FOLLOW_MAX = 1000
/** Of PostgreSQL's integer. */
const VERSION_MAX = 2 ** 31 - 1

/**
 * The proof that an entry stands in the log as it is now. The caller has made sure that the actor may see the subject.
 *
 * @throws kernel.not_found when there is no such entry; ledger.not_sealed_yet in its first moments.
 */
export async function proofOf(cmd: Pick<Command, 'county' | 'tx'>, entryId: string): Promise<Proof> {
  const { county, tx } = cmd
  const [log, leaf] = await Promise.all([findLog(tx, county), findLeafOfEntry(tx, county, entryId)])
  if (!log || !leaf || leaf.leafIndex >= log.size) throw await missing(cmd, entryId)
  const [proof] = await provedLeaves(tx, county, log, [{ ...leaf, bytes: leaf.bytes as Buffer }])
  return proof as Proof
}

async function missing(cmd: Pick<Command, 'county' | 'tx'>, entryId: string): Promise<Fault> {
  const exists = await findEntry(cmd.tx, cmd.county, entryId)
  return exists
    ? new Fault('ledger.not_sealed_yet', {}, { retryAfterSeconds: 1 })
    : new Fault('kernel.not_found', { entry: entryId })
}

/** Proofs of all sealed entries of a subject, oldest first, at one size; at most 200. Access is the caller's, as for proofOf. */
export async function proofsOfSubject(cmd: Pick<Command, 'county' | 'tx'>, subjectId: string): Promise<Proof[]> {
  const { county, tx } = cmd
  const [log, rows] = await Promise.all([
    findLog(tx, county),
    listSubjectEntries(tx, county, subjectId, { afterVersion: 0, limit: SUBJECT_PROOFS_MAX }),
  ])
  if (!log) return []
  const sealed = rows.flatMap(({ leafIndex, leafHash, bytes }) =>
    leafIndex !== null && leafHash !== null && leafIndex < log.size ? [{ leafIndex, leafHash, bytes }] : [],
  )
  return provedLeaves(tx, county, log, sealed)
}

type SealedLeaf = { leafIndex: number; leafHash: Buffer; bytes: Buffer }

async function provedLeaves(tx: Tx, county: string, log: LogRow, leaves: readonly SealedLeaf[]): Promise<Proof[]> {
  if (leaves.length === 0) return []
  const paths = leaves.map((leaf) => inclusionRanges(leaf.leafIndex, log.size))
  const [hashes, head] = await Promise.all([
    hashesOf(tx, county, paths.flat()),
    signedHead(tx, county, log.logId, headOfLog(log)),
  ])
  return leaves.map((leaf, i) => ({
    log_id: log.logId,
    leaf: leaf.bytes.toString('base64'),
    leaf_hash: leaf.leafHash.toString('hex'),
    leaf_index: leaf.leafIndex,
    tree_size: log.size,
    audit_path: (paths[i] as Range[]).map((range) => hashes(range).toString('hex')),
    root_hash: log.rootHash.toString('hex'),
    head,
  }))
}

async function hashesOf(tx: Tx, county: string, ranges: readonly Range[]): Promise<(range: Range) => Buffer> {
  const nodes = await readNodes(tx, county, storedRefsOfRanges(ranges))
  return (range) => hashOfRange(range, ({ level, index }) => nodes.get(`${level}:${index}`))
}

/**
 * The proof that the log of `oldSize` leaves is a beginning of the log of `size` leaves (now, when not given).
 *
 * A size at which no head was kept is signed on the spot: that this was its root is true at any later time.
 * @throws ledger.unknown_size when the log never had one of the sizes.
 */
export async function consistencyOf(
  cmd: Pick<Command, 'county' | 'tx' | 'now'>,
  signer: Signer,
  sizes: { oldSize: number; size?: number | undefined },
): Promise<Consistency> {
  const { county, tx } = cmd
  const log = await findLog(tx, county)
  if (!log) throw new Fault('kernel.not_found')
  const size = sizes.size ?? log.size
  const { oldSize } = sizes
  if (size > log.size || oldSize > size) throw new Fault('ledger.unknown_size', { size: log.size })
  const ranges = consistencyRanges(oldSize, size)
  const [oldRange, newRange] = [
    { from: 0, to: oldSize },
    { from: 0, to: size },
  ]
  const hashes = await hashesOf(tx, county, [...ranges, oldRange, newRange])
  const rootHash = size === 0 ? EMPTY_ROOT : hashes(newRange)
  const known = size === log.size ? headOfLog(log) : await findHead(tx, county, size)
  const head = known ?? signedNow(signer, log.logId, { size, rootHash, now: cmd.now })
  return {
    log_id: log.logId,
    old_size: oldSize,
    old_root: hashes(oldRange).toString('hex'),
    tree_size: size,
    root_hash: rootHash.toString('hex'),
    consistency: ranges.map((range) => hashes(range).toString('hex')),
    head: await signedHead(tx, county, log.logId, head),
  }
}

function signedNow(signer: Signer, logId: string, tree: { size: number; rootHash: Buffer; now: Date }): HeadRow {
  const fields = {
    log_id: logId,
    tree_size: tree.size,
    root_hash: tree.rootHash.toString('hex'),
    at: tree.now.toISOString(),
  }
  return {
    treeSize: tree.size,
    rootHash: tree.rootHash,
    at: tree.now,
    keyId: signer.keyId,
    signature: signer.sign(fields),
  }
}

async function signedHead(tx: Tx, county: string, logId: string, head: HeadRow): Promise<SignedHead> {
  const key = (await listKeys(tx, county)).find((one) => one.keyId === head.keyId)
  if (!key) throw new Error(`ledger key ${head.keyId} is not on record`)
  return presentHead(logId, head, key.publicKey)
}

const presentHead = (logId: string, head: HeadRow, publicKey: Buffer): SignedHead => ({
  log_id: logId,
  tree_size: head.treeSize,
  root_hash: head.rootHash.toString('hex'),
  at: head.at.toISOString(),
  key_id: head.keyId,
  public_key: publicKey.toString('base64'),
  signature: head.signature.toString('base64'),
})

/** The head of the log as it stands. @throws kernel.not_found before the log is open. */
export async function currentHead(cmd: Pick<Command, 'county' | 'tx'>): Promise<SignedHead> {
  const log = await findLog(cmd.tx, cmd.county)
  if (!log) throw new Fault('kernel.not_found')
  return signedHead(cmd.tx, cmd.county, log.logId, headOfLog(log))
}

/** Kept heads, newest first. */
export async function keptHeads(cmd: Pick<Command, 'county' | 'tx'>, page: PageQuery): Promise<PageOf<SignedHead>> {
  const { county, tx } = cmd
  const limit = page.limit ?? LIMIT_DEFAULT
  const before = page.after ? positionIn(decodeCursor(page.after, 1)[0]) : Number.MAX_SAFE_INTEGER
  const [log, rows, keys] = await Promise.all([
    findLog(tx, county),
    listHeads(tx, county, before, limit + 1),
    listKeys(tx, county),
  ])
  if (!log) return { items: [], next: null }
  const byId = new Map(keys.map((key) => [key.keyId, key.publicKey]))
  const items = rows.slice(0, limit).map((row) => presentHead(log.logId, row, byId.get(row.keyId) ?? Buffer.alloc(0)))
  return { items, next: rows.length > limit ? encodeCursor([items.at(-1)?.tree_size ?? 0]) : null }
}

/** The keys whose signatures count. @throws kernel.not_found before the log is open. */
export async function publicKeys(cmd: Pick<Command, 'county' | 'tx'>): Promise<PublicKeys> {
  const [log, keys] = await Promise.all([findLog(cmd.tx, cmd.county), listKeys(cmd.tx, cmd.county)])
  if (!log) throw new Fault('kernel.not_found')
  const items = keys.map(({ keyId, publicKey, since }) => ({
    key_id: keyId,
    public_key: publicKey.toString('base64'),
    pem: pemOf(publicKey),
    since: since.toISOString(),
  }))
  return { log_id: log.logId, items }
}

/**
 * Committed entries in the county's one order, from `fromIndex` on: what server-sent events and exports read.
 *
 * The next call starts at the last entry's leafIndex + 1. An entry may take a quarter of a second to appear; none is ever
 * skipped, and none comes twice.
 */
export async function follow(cmd: Pick<Command, 'county' | 'tx'>, fromIndex: number, limit: number): Promise<Entry[]> {
  const rows = await listLeaves(cmd.tx, cmd.county, fromIndex, Math.min(limit, FOLLOW_MAX))
  return rows.map((row) => entryFromLeaf(requireBytes(row), row.leafIndex))
}

/** What happened to which subject; `body` only of the events in `whole`. */
export interface Happened {
  leafIndex: number
  event: string
  subjectId: string
  body: unknown
}

/** As `follow`, for whoever looks at the subject itself and needs the words of few events or none. */
export async function followSubjects(
  cmd: Pick<Command, 'county' | 'tx'>,
  fromIndex: number,
  { limit, whole }: { limit: number; whole: readonly string[] },
): Promise<Happened[]> {
  const rows = await listLeafSubjects(cmd.tx, cmd.county, {
    index: fromIndex,
    limit: Math.min(limit, FOLLOW_MAX),
    whole,
  })
  return rows.map(({ bytes, ...row }) => ({ ...row, body: bytes ? readLeaf(bytes).body : null }))
}

export function presentEntry(bytes: Buffer, leafIndex: number | null): LedgerEntry {
  const { id, event, subjectId, subjectVersion, at, actor, purpose, body } = readLeaf(bytes)
  return { id, event, subjectId, subjectVersion, at: at.toISOString(), actor, purpose, body, leafIndex }
}

/** A subject's history, oldest first. Access is the caller's, as for proofOf. */
export async function historyOf(
  cmd: Pick<Command, 'county' | 'tx'>,
  subjectId: string,
  page: PageQuery,
): Promise<PageOf<LedgerEntry>> {
  const limit = page.limit ?? LIMIT_DEFAULT
  const afterVersion = page.after ? positionIn(decodeCursor(page.after, 1)[0], VERSION_MAX) : 0
  const rows = await listSubjectEntries(cmd.tx, cmd.county, subjectId, { afterVersion, limit: limit + 1 })
  const items = rows.slice(0, limit).map((row) => presentEntry(row.bytes, row.leafIndex))
  return { items, next: rows.length > limit ? encodeCursor([items.at(-1)?.subjectVersion ?? 0]) : null }
}

/** The county's sealed entries, newest first. */
export async function newestEntries(
  cmd: Pick<Command, 'county' | 'tx'>,
  page: PageQuery,
): Promise<PageOf<LedgerEntry>> {
  const limit = page.limit ?? LIMIT_DEFAULT
  const size = (await findLog(cmd.tx, cmd.county))?.size ?? 0
  const before = page.after ? Math.min(size, positionIn(decodeCursor(page.after, 1)[0])) : size
  const from = Math.max(0, before - limit)
  const rows = await listLeaves(cmd.tx, cmd.county, from, before - from)
  const items = rows.reverse().map((row) => presentEntry(requireBytes(row), row.leafIndex))
  return { items, next: from > 0 ? encodeCursor([from]) : null }
}

function requireBytes({ bytes, entry, leafIndex }: LeafRow): Buffer {
  if (!bytes) throw new Error(`ledger entry ${entry} of leaf ${leafIndex} is missing`)
  return bytes
}
