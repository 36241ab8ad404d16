/**
 * Checks a ledger proof without us: WebCrypto only, so that the same file runs in a browser page and in the
 * stand-alone verifier (tools/build-verifier.ts). It shares no code with the tree that made the proof: two
 * implementations that agree are worth more than one.
 */

/** A signed head: the sentence "at `at` this log had `tree_size` leaves and this root", signed with Ed25519. */
export interface SignedHead {
  log_id: string
  tree_size: number
  root_hash: string
  at: string
  key_id: string
  /** SPKI, base64. Compare `key_id` (its SHA-256) with the one that the authority published. */
  public_key: string
  signature: string
}
export interface InclusionProof {
  log_id: string
  leaf: string
  leaf_hash: string
  leaf_index: number
  tree_size: number
  audit_path: string[]
  root_hash: string
  head?: SignedHead | null
}
export interface ConsistencyProof {
  log_id?: string
  old_size: number
  old_root: string
  tree_size: number
  root_hash: string
  consistency: string[]
  head?: SignedHead | null
}

export type CheckName = 'form' | 'leafHash' | 'inclusion' | 'consistency' | 'headMatches' | 'key' | 'signature'
export interface Check {
  name: CheckName
  ok: boolean
  zh: string
  en: string
}
export interface Verdict {
  holds: boolean
  checks: Check[]
  /** What the leaf says, parsed; undefined for a consistency proof or an unreadable leaf. */
  leaf?: Record<string, unknown>
}

const HEX_HASH = /^[0-9a-f]{64}$/
const encoder = new TextEncoder()

/** The exact text that is signed: a checkpoint in the manner of C2SP tlog-checkpoint, one line each, LF at the end. */
export function headText(head: Pick<SignedHead, 'log_id' | 'tree_size' | 'root_hash' | 'at'>): string {
  return `tongxin-ledger/${head.log_id}\n${head.tree_size}\n${head.root_hash}\n${head.at}\n`
}

/** Checks a proof of either kind. @param trustedKey SPKI bytes of the published key; without it the key in the head is used. */
export async function verifyProof(input: unknown, trustedKey?: Uint8Array): Promise<Verdict> {
  const proof = input as Partial<InclusionProof & ConsistencyProof> | null
  if (typeof proof !== 'object' || proof === null) return formFails('not an object')
  if (typeof proof.leaf === 'string') return verifyInclusion(proof as InclusionProof, trustedKey)
  if (Array.isArray(proof.consistency)) return verifyConsistency(proof as ConsistencyProof, trustedKey)
  return formFails('neither leaf nor consistency')
}

async function verifyInclusion(proof: InclusionProof, trustedKey?: Uint8Array): Promise<Verdict> {
  const bytes = fromBase64(proof.leaf)
  const path = Array.isArray(proof.audit_path) ? proof.audit_path : [null]
  const hashes = [proof.leaf_hash, proof.root_hash, proof.log_id, ...path]
  if (!bytes || !hashes.every(isHash) || !isSize(proof.tree_size) || !isSize(proof.leaf_index)) {
    return formFails('a field is missing or is not in canonical form')
  }
  const leafHash = await sha256(concat(Uint8Array.of(0), bytes))
  const leafFits = toHex(leafHash) === proof.leaf_hash
  const root = await rootByPath(leafHash, proof.leaf_index, proof.tree_size, proof.audit_path.map(fromHex))
  const checks: Check[] = [
    check('leafHash', leafFits, '记录内容与其指纹一致', 'the leaf has the hash stated for it'),
    check(
      'inclusion',
      root !== undefined && toHex(root) === proof.root_hash,
      `记录是账本（共 ${proof.tree_size} 条）中的第 ${proof.leaf_index + 1} 条`,
      `the leaf is number ${proof.leaf_index + 1} of the ${proof.tree_size} in the log`,
    ),
    ...(await headChecks(proof, trustedKey)),
  ]
  const leaf = parseLeaf(bytes)
  return { holds: checks.every((one) => one.ok), checks, ...(leaf ? { leaf } : {}) }
}

async function verifyConsistency(proof: ConsistencyProof, trustedKey?: Uint8Array): Promise<Verdict> {
  const hashes = [proof.old_root, proof.root_hash, ...proof.consistency]
  if (!hashes.every(isHash) || !isSize(proof.old_size) || !isSize(proof.tree_size)) {
    return formFails('a field is missing or is not in canonical form')
  }
  const checks: Check[] = [
    check(
      'consistency',
      await isConsistent(proof),
      `账本从 ${proof.old_size} 条到 ${proof.tree_size} 条只增未改`,
      `the log only grew from ${proof.old_size} to ${proof.tree_size} leaves, nothing before was changed`,
    ),
    ...(await headChecks(proof, trustedKey)),
  ]
  return { holds: checks.every((one) => one.ok), checks }
}

/** RFC 9162 2.1.3.2. Undefined when the path cannot belong to this index and size. */
async function rootByPath(leafHash: Uint8Array, index: number, size: number, path: Uint8Array[]) {
  if (index >= size) return undefined
  let fn = index
  let sn = size - 1
  let root = leafHash
  for (const sibling of path) {
    if (sn === 0) return undefined
    if (fn % 2 === 1 || fn === sn) {
      root = await nodeHash(sibling, root)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      root = await nodeHash(root, sibling)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 ? root : undefined
}

/** RFC 9162 2.1.4.2, with the two cases that it leaves to the caller: an empty old tree and an unchanged one. */
async function isConsistent(proof: ConsistencyProof): Promise<boolean> {
  const { old_size: oldSize, tree_size: size, old_root: oldRoot, root_hash: newRoot } = proof
  if (oldSize > size) return false
  if (oldSize === size) return proof.consistency.length === 0 && oldRoot === newRoot
  if (oldSize === 0) return proof.consistency.length === 0 && oldRoot === toHex(await sha256(new Uint8Array()))
  const path = proof.consistency.map(fromHex)
  if (isPowerOfTwo(oldSize)) path.unshift(fromHex(oldRoot))
  let fn = oldSize - 1
  let sn = size - 1
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)]
  const first = path.shift()
  if (!first) return false
  let oldHash = first
  let newHash = first
  for (const sibling of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      oldHash = await nodeHash(sibling, oldHash)
      newHash = await nodeHash(sibling, newHash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      newHash = await nodeHash(newHash, sibling)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && toHex(oldHash) === oldRoot && toHex(newHash) === newRoot
}

async function headChecks(proof: InclusionProof | ConsistencyProof, trustedKey?: Uint8Array): Promise<Check[]> {
  const head = proof.head
  if (!head) return [check('headMatches', false, '附有签名的账本首部', 'a signed head comes with the proof')]
  const key = fromBase64(head.public_key)
  const signature = fromBase64(head.signature)
  if (!key || !signature || !isHash(head.key_id)) return [formCheck('the head is not in canonical form')]
  const matches =
    head.tree_size === proof.tree_size &&
    head.root_hash === proof.root_hash &&
    (proof.log_id === undefined || head.log_id === proof.log_id)
  const keyFits = toHex(await sha256(key)) === head.key_id && (!trustedKey || toHex(trustedKey) === toHex(key))
  return [
    check(
      'headMatches',
      matches,
      '签名的账本首部与本证明是同一账本、同一长度',
      'the signed head is of this log, size and root',
    ),
    trustedKey
      ? check('key', keyFits, '签名公钥就是公布的公钥', 'the head is signed with the published key')
      : check(
          'key',
          keyFits,
          `公钥编号 ${head.key_id.slice(0, 16)}…，请与公布的公钥核对`,
          `key id ${head.key_id.slice(0, 16)}…: compare it with the published key`,
        ),
    await signatureCheck(head, key, signature),
  ]
}

async function signatureCheck(head: SignedHead, key: Uint8Array, signature: Uint8Array): Promise<Check> {
  try {
    const ok = await isSigned(head, key, signature)
    const at = new Date(head.at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })
    return check(
      'signature',
      ok,
      `首部由该公钥于北京时间 ${at} 签名`,
      `the head was signed by that key at ${at} (UTC+8)`,
    )
  } catch (error) {
    if ((error as Error).name !== 'NotSupportedError') {
      return check('signature', false, '首部的公钥是 Ed25519 公钥', 'the key of the head is an Ed25519 key')
    }
    const zh = '本机能验 Ed25519 签名（请换新版浏览器，或用独立验证程序）'
    return check(
      'signature',
      false,
      zh,
      'this machine can check Ed25519 (use a newer browser or the stand-alone verifier)',
    )
  }
}

async function isSigned(head: SignedHead, key: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const publicKey = await crypto.subtle.importKey('spki', own(key), { name: 'Ed25519' }, false, ['verify'])
  return crypto.subtle.verify({ name: 'Ed25519' }, publicKey, own(signature), own(encoder.encode(headText(head))))
}

const check = (name: CheckName, ok: boolean, zh: string, en: string): Check => ({ name, ok, zh, en })
const formCheck = (why: string): Check =>
  check('form', false, `文件格式不对（${why}）`, `the file is not a proof (${why})`)
const formFails = (why: string): Verdict => ({ holds: false, checks: [formCheck(why)] })

const half = (n: number): number => Math.floor(n / 2)
const isHash = (value: unknown): value is string => typeof value === 'string' && HEX_HASH.test(value)
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
function isPowerOfTwo(value: number): boolean {
  let n = value
  while (n > 1 && n % 2 === 0) n /= 2
  return n === 1
}

/** A copy on a plain ArrayBuffer, which is what WebCrypto's types ask for. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)
const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', own(bytes)))
const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array> =>
  sha256(concat(Uint8Array.of(1), left, right))

function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** Refuses base64 that is not the one canonical spelling: otherwise a changed last letter could decode to the same bytes. */
export function fromBase64(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const binary = atob(text)
    return btoa(binary) === text ? Uint8Array.from(binary, (char) => char.charCodeAt(0)) : undefined
  } catch {
    return undefined
  }
}

function parseLeaf(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>
  } catch {
    return undefined
  }
}
