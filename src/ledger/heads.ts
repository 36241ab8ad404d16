import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { App } from '../kernel/app.ts'
import { findStamp, insertHead, insertStamp, listHeads, type HeadRow } from './head-store.ts'
import { findLog, type LogRow } from './store.ts'
import { headText } from './verify-proof.ts'

/** A head as it is written beside the database, one JSON line each: `tongxin verify` holds the database to it. */
export interface SavedHead {
  log_id: string
  tree_size: number
  root_hash: string
  at: string
  key_id: string
  signature: string
}

export const headOfLog = (log: LogRow): HeadRow => ({
  treeSize: log.size,
  rootHash: log.rootHash,
  at: log.sealedAt,
  keyId: log.keyId,
  signature: log.signature,
})

export const savedHeadOf = (logId: string, head: HeadRow): SavedHead => ({
  log_id: logId,
  tree_size: head.treeSize,
  root_hash: head.rootHash.toString('hex'),
  at: head.at.toISOString(),
  key_id: head.keyId,
  signature: head.signature.toString('base64'),
})

/** Keeps the present head if the log grew: in the table and in DATA_DIR/heads, where no database rights reach. */
export async function keepHead(app: App, county: string): Promise<boolean> {
  const kept = await app.db.transaction(county, async (tx) => {
    const log = await findLog(tx, county)
    if (!log || log.size === 0) return undefined
    const head = headOfLog(log)
    return (await insertHead(tx, county, head)) ? savedHeadOf(log.logId, head) : undefined
  })
  if (!kept) return false
  const folder = join(app.config.dataDir, 'heads')
  await mkdir(folder, { recursive: true })
  await appendFile(join(folder, `${county}.jsonl`), `${JSON.stringify(kept)}\n`)
  return true
}

/** The heads that were saved beside the database; a line cut off by a crash is passed over. */
export async function* savedHeads(dataDir: string, county: string): AsyncGenerator<SavedHead> {
  const path = join(dataDir, 'heads', `${county}.jsonl`)
  if (!existsSync(path)) return
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    try {
      yield JSON.parse(line) as SavedHead
    } catch {
      continue
    }
  }
}

/** What is time-stamped: SHA-256 of the head's signed text followed by its signature. */
export const stampImprint = (logId: string, head: HeadRow): Buffer =>
  createHash('sha256')
    .update(headText(savedHeadOf(logId, head)))
    .update(head.signature)
    .digest()

/** Has the newest kept head time-stamped, where a time-stamping authority is set and the head is new. */
export async function stampHead(app: App, county: string): Promise<boolean> {
  const { timeStamper } = app.ports
  if (!timeStamper) return false
  const [log, head, last] = await app.db.reading(county, async (tx) => {
    const [newest] = await listHeads(tx, county, Number.MAX_SAFE_INTEGER, 1)
    return [await findLog(tx, county), newest, await findStamp(tx, county)] as const
  })
  if (!log || !head || last?.treeSize === head.treeSize) return false
  const { token, at } = await timeStamper.stamp(stampImprint(log.logId, head))
  await app.db.transaction(county, (tx) => insertStamp(tx, county, { treeSize: head.treeSize, at, token }))
  return true
}

/** How many heads were saved beside the database. */
export async function countSavedHeads(dataDir: string, county: string): Promise<number> {
  const heads = savedHeads(dataDir, county)
  let count = 0
  while (!(await heads.next()).done) count += 1
  return count
}
