import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomFillSync,
  type KeyObject,
} from 'node:crypto'

/** Names the index: 'phone', 'citizenId', 'loginName', … The same value under another kind gives another index. */
export type BlindKind = string

/** Keeps personal data readable only to the application, county by county. */
export interface Vault {
  /** AES-256-GCM; the same text never seals twice alike. First byte: format 1. */
  seal(county: string, plaintext: string): Buffer
  /** @throws Error when the bytes were changed or belong to another county. */
  open(county: string, sealed: Buffer): string
  /** Keyed 16-byte index for equality look-up of a normalised value (HMAC-SHA-256, truncated). */
  blind(county: string, kind: BlindKind, normalised: string): Buffer
  /** Salted commitment H(salt || data): binds data to the ledger; forgetting the salt forgets the data. */
  commitment(salt: Buffer, data: string): Buffer
}

const format1 = Buffer.from([1])
const pool = Buffer.alloc(8_192)
let poolAt = pool.length

/** Some random bytes of one's own; fetched from the system many at a time, for a call for each costs more than its bytes. */
export function randomSlice(bytes: number): Buffer {
  if (poolAt + bytes > pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  const slice = Buffer.from(pool.subarray(poolAt, poolAt + bytes))
  pool.fill(0, poolAt, poolAt + bytes)
  poolAt += bytes
  return slice
}

/**
 * The vault of one installation.
 *
 * @param masterKey 32 bytes as hex; lost key means lost personal data, so it is backed up apart from the database.
 * @source NIST SP 800-38D (GCM, 96-bit IV), RFC 5869 (HKDF).
 */
export function makeVault(masterKey: string): Vault {
  const master = Buffer.from(masterKey.trim(), 'hex')
  if (master.length !== 32) throw new Error('the master key must be 32 bytes in hex')
  // Key objects: from bytes, every cipher would import its key anew.
  const derived = new Map<string, KeyObject>()
  const keyOf = (use: string, county: string): KeyObject => {
    const name = `${use}|${county}`
    let key = derived.get(name)
    if (!key) {
      key = createSecretKey(Buffer.from(hkdfSync('sha256', master, 'tongxin', name, 32)))
      derived.set(name, key)
    }
    return key
  }
  return {
    seal(county, plaintext) {
      const iv = randomSlice(12)
      const cipher = createCipheriv('aes-256-gcm', keyOf('seal', county), iv)
      const body = cipher.update(plaintext, 'utf8')
      const rest = cipher.final()
      return Buffer.concat([format1, iv, cipher.getAuthTag(), body, rest])
    },
    open(county, sealed) {
      if (sealed[0] !== 1) throw new Error('unknown seal format')
      const decipher = createDecipheriv('aes-256-gcm', keyOf('seal', county), sealed.subarray(1, 13))
      decipher.setAuthTag(sealed.subarray(13, 29))
      return decipher.update(sealed.subarray(29), undefined, 'utf8') + decipher.final('utf8')
    },
    blind(county, kind, normalised) {
      return createHmac('sha256', keyOf(`blind.${kind}`, county))
        .update(normalised, 'utf8')
        .digest()
        .subarray(0, 16)
    },
    commitment(salt, data) {
      return createHash('sha256').update(salt).update(data, 'utf8').digest()
    },
  }
}
