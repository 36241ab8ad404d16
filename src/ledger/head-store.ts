import { hot, type Tx } from '../kernel/db.ts'

export interface KeyRow {
  keyId: string
  publicKey: Buffer
  since: Date
}

export const listKeys = (tx: Tx, county: string): Promise<KeyRow[]> =>
  hot<KeyRow>(
    tx,
    'ledger_list_keys',
    `select key_id as "keyId", public_key as "publicKey", since from ledger_key where county = $1 order by since, key_id limit 100`,
    [county],
  )

/** @returns whether the key is new here. */
export async function insertKey(tx: Tx, county: string, key: KeyRow): Promise<boolean> {
  const made = await hot(
    tx,
    'ledger_insert_key',
    `insert into ledger_key (county, key_id, public_key, since) values ($1, $2, $3, $4)
     on conflict on constraint ledger_key_pkey do nothing returning key_id`,
    [county, key.keyId, key.publicKey, key.since],
  )
  return made.length > 0
}

export interface HeadRow {
  treeSize: number
  rootHash: Buffer
  at: Date
  keyId: string
  signature: Buffer
}
const HEAD_COLUMNS = `tree_size as "treeSize", root_hash as "rootHash", at, key_id as "keyId", signature`

/** @returns whether no head of this size was kept before. */
export async function insertHead(tx: Tx, county: string, head: HeadRow): Promise<boolean> {
  const made = await hot(
    tx,
    'ledger_insert_head',
    `insert into ledger_head (county, tree_size, root_hash, at, key_id, signature) values ($1, $2, $3, $4, $5, $6)
     on conflict on constraint ledger_head_pkey do nothing returning tree_size`,
    [county, head.treeSize, head.rootHash, head.at, head.keyId, head.signature],
  )
  return made.length > 0
}

export async function findHead(tx: Tx, county: string, treeSize: number): Promise<HeadRow | undefined> {
  const text = `select ${HEAD_COLUMNS} from ledger_head where county = $1 and tree_size = $2`
  const [row] = await hot<HeadRow>(tx, 'ledger_find_head', text, [county, treeSize])
  return row
}

/** Newest first, from below `before`. */
export const listHeads = (tx: Tx, county: string, before: number, limit: number): Promise<HeadRow[]> =>
  hot<HeadRow>(
    tx,
    'ledger_list_heads',
    `select ${HEAD_COLUMNS} from ledger_head where county = $1 and tree_size < $2 order by tree_size desc limit $3`,
    [county, before, limit],
  )

/** Oldest first, from `from` on; for the check of the whole. */
export const listHeadsFrom = (tx: Tx, county: string, from: number, limit: number): Promise<HeadRow[]> =>
  hot<HeadRow>(
    tx,
    'ledger_list_heads_from',
    `select ${HEAD_COLUMNS} from ledger_head where county = $1 and tree_size >= $2 order by tree_size limit $3`,
    [county, from, limit],
  )

export async function findStamp(tx: Tx, county: string): Promise<{ treeSize: number; at: Date } | undefined> {
  const text = `select tree_size as "treeSize", at from ledger_stamp where county = $1 order by tree_size desc limit 1`
  const [row] = await hot<{ treeSize: number; at: Date }>(tx, 'ledger_find_stamp', text, [county])
  return row
}

export async function insertStamp(
  tx: Tx,
  county: string,
  stamp: { treeSize: number; at: Date; token: Buffer },
): Promise<void> {
  await hot(
    tx,
    'ledger_insert_stamp',
    `insert into ledger_stamp (county, tree_size, at, token) values ($1, $2, $3, $4) on conflict on constraint ledger_stamp_pkey do nothing`,
    [county, stamp.treeSize, stamp.at, stamp.token],
  )
}
