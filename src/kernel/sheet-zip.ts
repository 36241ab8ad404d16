import { crc32, createDeflateRaw, createInflateRaw } from 'node:zlib'
import type { Bytes } from './sheet-bytes.ts'
import { refuseLargeSheet, refuseSheet } from './sheet-faults.ts'

const END_RECORD = 0x06054b50
const END_RECORD_BYTES = 22
const COMMENT_BYTES_MAX = 65_535
const CENTRAL_RECORD = 0x02014b50
const LOCAL_RECORD = 0x04034b50
const ENTRIES_MAX = 2_000
const DIRECTORY_BYTES_MAX = 4 * 1024 * 1024
const STORED = 0
const DEFLATED = 8
const BEYOND = 0xffffffff

export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly compressedBytes: number
  readonly offset: number
}

const broken = (cause?: unknown): never =>
  refuseSheet(
    '文件不完整或已损坏，请重新保存后再传。',
    'the file is incomplete or damaged; please save it again.',
    cause,
  )

/** What lies in a zip file, by name. Nothing is unpacked yet. @throws kernel.sheet_unreadable, kernel.sheet_too_large */
export async function listZip(bytes: Bytes): Promise<Map<string, ZipEntry>> {
  const from = Math.max(0, bytes.sizeBytes - END_RECORD_BYTES - COMMENT_BYTES_MAX)
  const tail = await bytes.read(from, bytes.sizeBytes)
  let at = tail.length - END_RECORD_BYTES
  while (at >= 0 && tail.readUInt32LE(at) !== END_RECORD) at--
  if (at < 0) return broken()
  const count = tail.readUInt16LE(at + 10)
  const size = tail.readUInt32LE(at + 12)
  const offset = tail.readUInt32LE(at + 16)
  if (count > ENTRIES_MAX || size > DIRECTORY_BYTES_MAX)
    refuseLargeSheet('里面的部分太多。', 'it holds too many parts.')
  if (offset + size > bytes.sizeBytes) return broken()
  return readDirectory(await bytes.read(offset, offset + size))
}

function readDirectory(directory: Buffer): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>()
  let at = 0
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL_RECORD) {
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28)
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30)
    const name = directory.toString('utf8', at + 46, nameEnd)
    const wide = wideSizes(directory.subarray(nameEnd, extraEnd))
    const pick = (place: number): number => {
      const value = directory.readUInt32LE(at + place)
      return value === BEYOND ? (wide.shift() ?? broken()) : value
    }
    // In this order the wide field lists those that do not fit.
    pick(24)
    const compressedBytes = pick(20)
    const offset = pick(42)
    entries.set(name, { name, method: directory.readUInt16LE(at + 10), compressedBytes, offset })
    at = extraEnd + directory.readUInt16LE(at + 32)
  }
  return entries
}

/** Sizes of zip64's extra field, which some writers use for small files too. */
function wideSizes(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const size = extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1 && at + 4 + size <= extra.length)
      return Array.from({ length: Math.floor(size / 8) }, (_, nth) => Number(extra.readBigUInt64LE(at + 4 + nth * 8)))
    at += 4 + size
  }
  return []
}

/**
 * The unpacked bytes of an entry, piece by piece.
 *
 * Counts what comes out, whatever the file claims: a bomb is cut off at `bytesMax`.
 * @throws kernel.sheet_unreadable, kernel.sheet_too_large
 */
export async function* readZipEntry(bytes: Bytes, entry: ZipEntry, bytesMax: number): AsyncGenerator<Buffer> {
  const head = await bytes.read(entry.offset, entry.offset + 30)
  if (head.length < 30 || head.readUInt32LE(0) !== LOCAL_RECORD) broken()
  if (entry.method !== STORED && entry.method !== DEFLATED) broken()
  const begin = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  const packed = bytes.stream(begin, begin + entry.compressedBytes)
  const source = entry.method === STORED ? packed : packed.pipe(createInflateRaw())
  packed.on('error', (error) => source.destroy(error))
  let total = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > bytesMax)
        refuseLargeSheet(
          `解开后超过 ${Math.round(bytesMax / 1_048_576)} MB。`,
          `unpacked it exceeds ${Math.round(bytesMax / 1_048_576)} MB.`,
        )
      yield chunk
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('Z_')) broken(error)
    throw error
  } finally {
    source.destroy()
    packed.destroy()
  }
}

export interface ZipPart {
  readonly name: string
  /** Text or bytes, piece by piece; one part holds the one or the other. */
  readonly content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
}

interface Written {
  name: Buffer
  crc: number
  packedBytes: number
  plainBytes: number
  offset: number
}

/** Sizes are not known before a part is packed, so they follow it. */
const FLAGS = 0x0808
/** 1980-01-01: the same content gives the same file. */
const DOS_DATE = 0x21

function localHead(name: Buffer): Buffer {
  const head = Buffer.alloc(30)
  head.writeUInt32LE(LOCAL_RECORD, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(FLAGS, 6)
  head.writeUInt16LE(DEFLATED, 8)
  head.writeUInt16LE(DOS_DATE, 12)
  head.writeUInt16LE(name.length, 26)
  return Buffer.concat([head, name])
}

function sizesAfter(part: Written): Buffer {
  const tail = Buffer.alloc(16)
  tail.writeUInt32LE(0x08074b50, 0)
  tail.writeUInt32LE(part.crc, 4)
  tail.writeUInt32LE(part.packedBytes, 8)
  tail.writeUInt32LE(part.plainBytes, 12)
  return tail
}

function directoryLine(part: Written): Buffer {
  const line = Buffer.alloc(46)
  line.writeUInt32LE(CENTRAL_RECORD, 0)
  line.writeUInt16LE(20, 4)
  line.writeUInt16LE(20, 6)
  line.writeUInt16LE(FLAGS, 8)
  line.writeUInt16LE(DEFLATED, 10)
  line.writeUInt16LE(DOS_DATE, 14)
  line.writeUInt32LE(part.crc, 16)
  line.writeUInt32LE(part.packedBytes, 20)
  line.writeUInt32LE(part.plainBytes, 24)
  line.writeUInt16LE(part.name.length, 28)
  line.writeUInt32LE(part.offset, 42)
  return Buffer.concat([line, part.name])
}

/** Joins small pieces, so that the packer is not called for every row. */
async function* inBlocks(content: ZipPart['content']): AsyncGenerator<Buffer> {
  let held: string[] = []
  let length = 0
  for await (const piece of content) {
    if (typeof piece !== 'string') {
      yield Buffer.from(piece)
      continue
    }
    held.push(piece)
    length += piece.length
    if (length < 65_536) continue
    yield Buffer.from(held.join(''), 'utf8')
    held = []
    length = 0
  }
  if (length > 0) yield Buffer.from(held.join(''), 'utf8')
}

/** A zip file as a stream of bytes: memory stays flat however large the parts are. @throws Error beyond 4 GB. */
export async function* writeZip(parts: Iterable<ZipPart>): AsyncGenerator<Buffer> {
  const written: Written[] = []
  let offset = 0
  for (const { name, content } of parts) {
    const part: Written = { name: Buffer.from(name, 'utf8'), crc: 0, packedBytes: 0, plainBytes: 0, offset }
    const head = localHead(part.name)
    yield head
    const packer = createDeflateRaw({ level: 6 })
    const feeding = (async () => {
      for await (const block of inBlocks(content)) {
        part.crc = crc32(block, part.crc)
        part.plainBytes += block.length
        if (!packer.write(block)) await new Promise((go) => packer.once('drain', go))
      }
      packer.end()
    })().catch((error: unknown) => packer.destroy(error as Error))
    for await (const chunk of packer as AsyncIterable<Buffer>) {
      part.packedBytes += chunk.length
      yield chunk
    }
    await feeding
    const tail = sizesAfter(part)
    yield tail
    offset += head.length + part.packedBytes + tail.length
    if (offset > BEYOND || part.plainBytes > BEYOND) throw new Error('a sheet of more than 4 GB is not written')
    written.push(part)
  }
  const lines = written.map(directoryLine)
  const size = lines.reduce((sum, line) => sum + line.length, 0)
  const end = Buffer.alloc(END_RECORD_BYTES)
  end.writeUInt32LE(END_RECORD, 0)
  end.writeUInt16LE(written.length, 8)
  end.writeUInt16LE(written.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  yield Buffer.concat([...lines, end])
}
