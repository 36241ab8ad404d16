import { createHash, randomBytes, randomFillSync } from 'node:crypto'

const pool = new Uint8Array(16 * 256)
let poolAt = pool.length
const hex: string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const format = (b: Uint8Array, at = 0): string => {
  let text = ''
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-'
    text += hex[b[at + index]!]!
  }
  return text
}

/**
 * A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits.
 *
 * Ids made by one clock sort roughly by age; evidence never relies on that order (the sealer's leaf index does).
 */
export function uuidv7(at: Date = new Date()): string {
  if (poolAt >= pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  const offset = poolAt
  poolAt += 16
  const ms = at.getTime()
  const high = Math.floor(ms / 0x1_0000_0000)
  const low = ms >>> 0
  pool[offset] = (high >>> 8) & 0xff
  pool[offset + 1] = high & 0xff
  pool[offset + 2] = low >>> 24
  pool[offset + 3] = (low >>> 16) & 0xff
  pool[offset + 4] = (low >>> 8) & 0xff
  pool[offset + 5] = low & 0xff
  pool[offset + 6] = 0x70 | (pool[offset + 6]! & 0x0f)
  pool[offset + 8] = 0x80 | (pool[offset + 8]! & 0x3f)
  return format(pool, offset)
}

/** The instant at which a UUIDv7 was made, in milliseconds; NaN for another version, which tells none. */
export const timeOf = (id: string): number =>
  id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : Number.NaN

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Whether the text is a lower-case UUID of any version 1–8. */
export const isUuid = (text: string): boolean => uuidPattern.test(text)

/**
 * A UUIDv5 (RFC 9562): the same namespace and name always give the same id.
 *
 * @param namespace A UUID.
 */
export function uuidv5(namespace: string, name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
  digest[6] = 0x50 | (digest[6]! & 0x0f)
  digest[8] = 0x80 | (digest[8]! & 0x3f)
  return format(digest)
}

/** A secret of `bytes` random bytes as base64url; 24 bytes (192 bits) cannot be guessed. */
export const randomToken = (bytes = 24): string => randomBytes(bytes).toString('base64url')
