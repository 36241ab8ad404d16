import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { secretOf } from '../kernel/config.ts'
import { headText, type SignedHead } from './verify-proof.ts'

const KEY_FILE = 'ledger-key.pem'
const RETIRED_KEY_FILE = /^ledger-key\.[0-9a-f]{64}\.pem$/

/** Signs heads with the installation's Ed25519 key. */
export interface Signer {
  /** SHA-256 of the public key's SPKI, hex. */
  readonly keyId: string
  /** SPKI. */
  readonly publicKey: Buffer
  sign(head: HeadFields): Buffer
}
export type HeadFields = Pick<SignedHead, 'log_id' | 'tree_size' | 'root_hash' | 'at'>

export const keyIdOf = (publicKey: Uint8Array): string => createHash('sha256').update(publicKey).digest('hex')

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

const newKeyPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The key in DATA_DIR/secrets, made at the first call and kept. */
export function openSigner(dataDir: string): Signer {
  const privateKey = createPrivateKey(secretOf(dataDir, KEY_FILE, newKeyPem))
  const publicKey = spkiOf(createPublicKey(privateKey))
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (head) => sign(null, Buffer.from(headText(head), 'utf8'), privateKey),
  }
}

/**
 * Replaces the signing key; the old one stays beside it, so that what it signed is still trusted here.
 *
 * The new key is used, and recorded in each county's log, when the processes are started again.
 */
export function rotateKey(dataDir: string): Signer {
  const old = openSigner(dataDir)
  const folder = join(dataDir, 'secrets')
  renameSync(join(folder, KEY_FILE), join(folder, `ledger-key.${old.keyId}.pem`))
  return openSigner(dataDir)
}

/** Ids of every key that this installation has signed with: what `tongxin verify` trusts, whatever the database says. */
export function trustedKeyIds(dataDir: string): Set<string> {
  return new Set(ledgerKeysIn(dataDir).map((key) => keyIdOf(Buffer.from(key, 'base64'))))
}

/** The public keys of those, SPKI in base64. */
export function ledgerKeysIn(dataDir: string): string[] {
  const folder = join(dataDir, 'secrets')
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name === KEY_FILE || RETIRED_KEY_FILE.test(name))
  return files.map((name) => spkiOf(createPublicKey(readFileSync(join(folder, name), 'utf8'))).toString('base64'))
}

export function isSignedBy(publicKey: Buffer, head: HeadFields, signature: Buffer): boolean {
  try {
    const key = createPublicKey({ key: publicKey, type: 'spki', format: 'der' })
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(headText(head), 'utf8'), key, signature)
  } catch {
    return false
  }
}

export const pemOf = (publicKey: Buffer): string =>
  createPublicKey({ key: publicKey, type: 'spki', format: 'der' }).export({ type: 'spki', format: 'pem' }).toString()
