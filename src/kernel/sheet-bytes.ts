import { open, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'

/** Bytes that can be read from any place: what arrived with a request, or a file on disk. */
export interface Bytes {
  readonly sizeBytes: number
  /** From `from` up to, not including, `to`. */
  read(from: number, to: number): Promise<Buffer>
  stream(from: number, to: number): Readable
}

export const bytesOf = (buffer: Buffer): Bytes => ({
  sizeBytes: buffer.length,
  read: async (from, to) => buffer.subarray(from, to),
  stream: (from, to) => Readable.from([buffer.subarray(from, to)]),
})

const BLOCK_BYTES = 65_536

/** By hand, since a stream of the file would close it at its own end. */
async function* blocksOf(file: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  for (let at = from; at < to;) {
    const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, to - at))
    const { bytesRead } = await file.read(block, 0, block.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield block.subarray(0, bytesRead)
  }
}

/** A file that stays open until `close`, for sheets too large to hold. */
export async function bytesOfFile(path: string): Promise<Bytes & { close(): Promise<void> }> {
  const file = await open(path, 'r')
  const { size } = await file.stat()
  return {
    sizeBytes: size,
    async read(from, to) {
      const buffer = Buffer.alloc(Math.max(0, Math.min(to, size) - from))
      await file.read(buffer, 0, buffer.length, from)
      return buffer
    },
    stream: (from, to) => Readable.from(blocksOf(file, from, Math.min(to, size)), { objectMode: false }),
    close: () => file.close(),
  }
}
