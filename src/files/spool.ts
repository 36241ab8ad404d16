import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { App } from '../kernel/app.ts'
import { Fault } from '../kernel/faults.ts'
import { fileBytesMax } from './contract.ts'
import { asStorageFault } from './disk-store.ts'
import { headBytes, kindOf, nameOfFound, type Kind } from './rules.ts'

/** A file on its way in: in a scratch file, counted, hashed and known by its first bytes. */
export interface Spooled {
  path: string
  sizeBytes: number
  sha256: string
  kind: Kind
  /** Removes the scratch file; call it in every case. */
  dispose(): Promise<void>
}

const tooLarge = (): Fault => new Fault('files.too_large', { limitMegabytes: fileBytesMax / 1024 / 1024 })

/** @throws files.too_large when the stated length says already that it cannot fit. */
export function requireFits(statedBytes: number): void {
  if (statedBytes > fileBytesMax) throw tooLarge()
}

function requireKind(head: Buffer, name: string): Kind {
  const kind = kindOf(head)
  if (!kind) throw new Fault('files.kind_not_allowed', { name, ...nameOfFound(head) })
  return kind
}

/** Reads a request's stream without destroying it on refusal, so that the answer still reaches the sender. */
export const piecesOf = (body: Readable): AsyncIterable<Buffer> =>
  body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>

/** Where files lie while they are taken in or prepared; on this machine's disk whatever the object store is. */
export const scratchOf = (app: Pick<App, 'config'>): string => join(app.config.dataDir, 'files', 'scratch')

/** A fresh path for a scratch file. */
export async function scratchPath(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return join(folder, randomUUID())
}

/**
 * Takes a stream into a scratch file, never more than one chunk in memory.
 *
 * Refuses as soon as the first bytes or the length tell enough. Nothing is left behind when it throws.
 * @throws files.empty, files.too_large, files.kind_not_allowed, kernel.storage_full.
 */
export async function spool(folder: string, body: AsyncIterable<Buffer>, name: string): Promise<Spooled> {
  const path = await scratchPath(folder)
  const dispose = (): Promise<void> => rm(path, { force: true })
  try {
    const file = await open(path, 'wx', 0o600)
    const hash = createHash('sha256')
    let head: Buffer = Buffer.alloc(0)
    let kind: Kind | undefined
    let sizeBytes = 0
    try {
      for await (const chunk of body) {
        sizeBytes += chunk.length
        if (sizeBytes > fileBytesMax) throw tooLarge()
        if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)])
        if (!kind && head.length === headBytes) kind = requireKind(head, name)
        hash.update(chunk)
        await file.appendFile(chunk)
      }
    } finally {
      await file.close()
    }
    if (sizeBytes === 0) throw new Fault('files.empty', { name })
    return { path, sizeBytes, sha256: hash.digest('hex'), kind: kind ?? requireKind(head, name), dispose }
  } catch (error) {
    await dispose()
    throw asStorageFault(error)
  }
}

/** Removes scratch files that a crash left behind. */
export async function sweepScratch(folder: string, olderThan: Date): Promise<number> {
  let removed = 0
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (!found || found.mtime >= olderThan) continue
    await rm(path, { force: true })
    removed++
  }
  return removed
}
