import type { App } from '../kernel/app.ts'
import { runSystem } from '../kernel/command.ts'
import type { Config } from '../kernel/config.ts'
import { uuidv5 } from '../kernel/ids.ts'
import { LedgerKeyAdded } from './contract.ts'
import { openSigner, type Signer } from './keys.ts'
import { append, EMPTY_ROOT, rootOf, type Tree } from './merkle.ts'
import { logIdOf } from './rules.ts'
import { record } from './service.ts'
import { insertKey } from './head-store.ts'
import {
  deleteTodos,
  findLog,
  insertLeaves,
  insertLog,
  insertNodes,
  listTodos,
  lockLog,
  notifySealed,
  updateLog,
  type LogRow,
} from './store.ts'

/** Leaves sealed in one transaction: enough for 20,000 a second, and short enough not to hold up answers of this process. */
export const SEAL_BATCH = 1000

/** Namespace of the ids of keys as ledger subjects: made once, at random. */
const KEY_NAMESPACE = 'b0e7a7c4-5d0f-4f5e-9d0b-6c1f6a2f7d31'
const signers = new WeakMap<Config, Signer>()

/** This installation's signer; the key file is read once, when it is first needed. */
export function signerOf({ config }: Pick<App, 'config'>): Signer {
  const signer = signers.get(config) ?? openSigner(config.dataDir)
  signers.set(config, signer)
  return signer
}

/**
 * Makes the county's log if it has none, and puts this installation's public key on record when it is new there.
 *
 * Safe to call by several processes at once.
 */
export async function openLog(app: App, county: string): Promise<void> {
  const signer = signerOf(app)
  await runSystem(app, county, async (cmd) => {
    if (!(await findLog(cmd.tx, county))) {
      const empty: LogRow = {
        ...signed(signer, logIdOf(county, signer.keyId), { size: 0, frontier: [] }, EMPTY_ROOT, cmd.now),
      }
      await insertLog(cmd.tx, county, empty)
    }
    const { keyId, publicKey } = signer
    if (!(await insertKey(cmd.tx, county, { keyId, publicKey, since: cmd.now }))) return
    const subject = { id: uuidv5(KEY_NAMESPACE, `${county} ${keyId}`), version: 1 }
    await record(cmd, LedgerKeyAdded, subject, { keyId, publicKey: publicKey.toString('base64') })
  })
}

/**
 * Seals what is waiting, one batch: to-dos become leaves, in the order of subject and subject version.
 *
 * The log's row lock makes one sealer per county; who finds it taken goes away. A write that commits late is simply in a
 * later batch, so no writer ever waits for another.
 * @returns how many leaves were made; `more` when a further batch is waiting.
 */
export async function sealBatch(
  app: App,
  county: string,
  batch = SEAL_BATCH,
): Promise<{ sealed: number; more: boolean }> {
  const signer = signerOf(app)
  return app.db.transaction(county, async (tx) => {
    const [log, todos] = await Promise.all([lockLog(tx, county), listTodos(tx, county, batch)])
    if (!log || todos.length === 0) return { sealed: 0, more: false }
    const before: Tree = { size: log.size, frontier: splitHashes(log.frontier) }
    const { tree, nodes } = append(
      before,
      todos.map((todo) => todo.leafHash),
    )
    const after = signed(signer, log.logId, tree, rootOf(tree), app.clock.now())
    await Promise.all([
      insertLeaves(tx, county, before.size, todos),
      nodes.length > 0 ? insertNodes(tx, county, nodes) : undefined,
      deleteTodos(tx, county, todos),
      updateLog(tx, county, after),
      notifySealed(tx, county),
    ])
    return { sealed: todos.length, more: todos.length === batch }
  })
}

function signed(signer: Signer, logId: string, tree: Tree, rootHash: Buffer, sealedAt: Date): LogRow {
  const signature = signer.sign({
    log_id: logId,
    tree_size: tree.size,
    root_hash: rootHash.toString('hex'),
    at: sealedAt.toISOString(),
  })
  const frontier = Buffer.concat(tree.frontier)
  return { logId, size: tree.size, frontier, rootHash, sealedAt, keyId: signer.keyId, signature }
}

export const splitHashes = (joined: Buffer): Buffer[] =>
  Array.from({ length: joined.length / 32 }, (_, i) => joined.subarray(i * 32, i * 32 + 32))
