import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { Fault } from '../../kernel/faults.ts'
import type { ObjectStore } from '../../kernel/ports.ts'
import type { Bytes } from '../../kernel/sheet-bytes.ts'
import { SHEET_BYTES_MAX } from './contract.ts'

const BLOCK = 16
const KEY_BYTES = 32

/** Key and first counter of a stored sheet, as hex. */
type FileKey = string

const partsOf = (key: FileKey): { secret: Buffer; counter: Buffer } => {
  const whole = Buffer.from(key, 'hex')
  return { secret: whole.subarray(0, KEY_BYTES), counter: whole.subarray(KEY_BYTES) }
}

/** The counter so many blocks further on. */
function counterAt(counter: Buffer, block: number): Buffer {
  const next = (BigInt(`0x${counter.toString('hex')}`) + BigInt(block)) % (1n << 128n)
  return Buffer.from(next.toString(16).padStart(2 * BLOCK, '0'), 'hex')
}

/**
 * Stores what arrives under a key of its own (AES-256-CTR: any part of it can be read without the rest), never more than a
 * piece of it in memory.
 *
 * @throws registry.sheet_too_large, registry.sheet_empty, kernel.storage_full
 */
export async function storeSealed(
  storage: ObjectStore,
  objectKey: string,
  body: AsyncIterable<Buffer>,
): Promise<{ key: FileKey; sizeBytes: number; sha256: string }> {
  const secret = randomBytes(KEY_BYTES)
  const counter = randomBytes(BLOCK)
  const cipher = createCipheriv('aes-256-ctr', secret, counter)
  const hash = createHash('sha256')
  let sizeBytes = 0
  async function* sealed(): AsyncGenerator<Buffer> {
    for await (const piece of body) {
      sizeBytes += piece.length
      if (sizeBytes > SHEET_BYTES_MAX)
        throw new Fault('registry.sheet_too_large', { megabytes: SHEET_BYTES_MAX / 1_048_576 })
      hash.update(piece)
      yield cipher.update(piece)
    }
  }
  await storage.put(objectKey, Readable.from(sealed(), { objectMode: false }))
  if (sizeBytes === 0) {
    await storage.delete(objectKey)
    throw new Fault('registry.sheet_empty')
  }
  return { key: Buffer.concat([secret, counter]).toString('hex'), sizeBytes, sha256: hash.digest('hex') }
}

/** A stored sheet, readable from any place. */
export function openSealed(storage: ObjectStore, objectKey: string, key: FileKey, sizeBytes: number): Bytes {
  const { secret, counter } = partsOf(key)
  const stream = (from: number, to: number): Readable => {
    const end = Math.min(to, sizeBytes)
    if (from >= end) return Readable.from([])
    const block = Math.floor(from / BLOCK)
    let skip = from - block * BLOCK
    const decipher = createDecipheriv('aes-256-ctr', secret, counterAt(counter, block))
    const opening = new Transform({
      transform(piece: Buffer, _encoding, done) {
        const plain = decipher.update(piece)
        const rest = plain.subarray(Math.min(skip, plain.length))
        skip -= plain.length - rest.length
        done(null, rest)
      },
    })
    storage.get(objectKey, { from: block * BLOCK, to: end - 1 }).then(
      (source) => {
        source.on('error', (error) => opening.destroy(error))
        opening.on('close', () => source.destroy())
        source.pipe(opening)
      },
      (error: unknown) => opening.destroy(error as Error),
    )
    return opening
  }
  return {
    sizeBytes,
    stream,
    async read(from, to) {
      const pieces: Buffer[] = []
      for await (const piece of stream(from, to) as AsyncIterable<Buffer>) pieces.push(piece)
      return Buffer.concat(pieces)
    },
  }
}
