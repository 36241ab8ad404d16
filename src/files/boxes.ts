import { open, type FileHandle } from 'node:fs/promises'
import { Transform } from 'node:stream'

/** A part of a file to be blanked; `from` inclusive, `to` exclusive, in bytes. */
export interface Blank {
  from: number
  to: number
}

interface Box {
  type: string
  start: number
  content: number
  end: number
}

const BOXES_MAX = 2000

async function boxAt(file: FileHandle, at: number, end: number): Promise<Box | undefined> {
  const header = Buffer.alloc(16)
  const { bytesRead } = await file.read(header, 0, 16, at)
  if (bytesRead < 8 || at + 8 > end) return undefined
  const short = header.readUInt32BE(0)
  const long = short === 1 && bytesRead === 16
  const size = long ? Number(header.readBigUInt64BE(8)) : short === 0 ? end - at : short
  const content = at + (long ? 16 : 8)
  if (size < content - at || at + size > end) return undefined
  return { type: header.toString('latin1', 4, 8), start: at, content, end: at + size }
}

/** Boxes that hold remarks about the recording (place, device, person), not the recording itself. */
const remarks = new Set(['udta', 'meta', 'uuid'])

/**
 * Finds in a video of the MP4 family what would tell where and with what it was taken: `udta`, `meta` and `uuid`
 * boxes at the top, in `moov` and in its tracks.
 *
 * Each is renamed to `free` and emptied, so every other byte stays where it is and the recording still plays.
 * @returns the ranges to blank; the four bytes of a box's type are to become `free`.
 * @source ISO/IEC 14496-12 (box structure, free), QuickTime File Format (©xyz, mdta location).
 */
export async function findRemarks(path: string, sizeBytes: number): Promise<{ types: number[]; blanks: Blank[] }> {
  const found = { types: [] as number[], blanks: [] as Blank[] }
  const file = await open(path, 'r')
  try {
    const walks: Blank[] = [{ from: 0, to: sizeBytes }]
    let seen = 0
    for (let walk = walks.shift(); walk; walk = walks.shift()) {
      for (let at = walk.from; at < walk.to && seen < BOXES_MAX; seen++) {
        const box = await boxAt(file, at, walk.to)
        if (!box) break
        if (box.type === 'moov' || box.type === 'trak') walks.push({ from: box.content, to: box.end })
        else if (remarks.has(box.type)) {
          found.types.push(box.start + 4)
          found.blanks.push({ from: box.content, to: box.end })
        }
        at = box.end
      }
    }
    return found
  } finally {
    await file.close()
  }
}

/** Copies a stream with the found boxes renamed and emptied; the length stays the same. */
export function blanking(found: { types: number[]; blanks: Blank[] }): Transform {
  let at = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const copy = Buffer.from(chunk)
      const end = at + copy.length
      for (const { from, to } of found.blanks) {
        if (from < end && to > at) copy.fill(0, Math.max(from, at) - at, Math.min(to, end) - at)
      }
      for (const start of found.types) {
        for (let index = 0; index < 4; index++) {
          if (start + index >= at && start + index < end) copy[start + index - at] = 'free'.charCodeAt(index)
        }
      }
      at = end
      done(null, copy)
    },
  })
}
