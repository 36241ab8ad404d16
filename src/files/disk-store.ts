import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { Fault } from '../kernel/faults.ts'
import type { ObjectStore } from '../kernel/ports.ts'

const keyPattern = /^[a-z0-9]+(?:[/_-][a-z0-9]+)*$/

/** Whether the text may name an object: lower-case words joined by `/`, `_` or `-`; so no `..` and no absolute path. */
export function requireKey(key: string): string {
  if (!keyPattern.test(key) || key.length > 300) throw new Error('not a key of ours')
  return key
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

/** A full disk is told as such; everything else stays what it is. */
export const asStorageFault = (error: unknown): unknown =>
  ['ENOSPC', 'EDQUOT'].includes(codeOf(error)) ? new Fault('kernel.storage_full', {}, { cause: error }) : error

/** Writes a stream to an open file, chunk by chunk, and forces it to the disk. */
async function fill(file: FileHandle, body: Readable): Promise<number> {
  let sizeBytes = 0
  for await (const chunk of body) {
    await file.appendFile(chunk as Buffer)
    sizeBytes += (chunk as Buffer).length
  }
  await file.sync()
  return sizeBytes
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

/**
 * Objects as files under one folder.
 *
 * An object is whole or absent: written aside, forced to the disk, then renamed; a failure leaves nothing behind.
 * @throws kernel.storage_full when the disk is full; kernel.not_found for an unknown key.
 */
export function diskStore(folder: string): ObjectStore {
  const incoming = join(folder, 'incoming')
  const pathOf = (key: string): string => join(folder, 'objects', requireKey(key))
  return {
    name: 'disk',
    async put(key, body) {
      const target = pathOf(key)
      await mkdir(incoming, { recursive: true })
      const aside = join(incoming, randomUUID())
      try {
        const file = await open(aside, 'wx', 0o600)
        const sizeBytes = await fill(file, body).finally(() => file.close())
        await mkdir(dirname(target), { recursive: true })
        await rename(aside, target)
        await syncFolder(dirname(target))
        return { sizeBytes }
      } catch (error) {
        await rm(aside, { force: true })
        throw asStorageFault(error)
      }
    },
    async get(key, range) {
      const path = pathOf(key)
      await stat(path).catch((cause: unknown) => {
        throw new Fault('kernel.not_found', {}, { cause })
      })
      return createReadStream(path, range ? { start: range.from, end: range.to } : {})
    },
    async head(key) {
      const found = await stat(pathOf(key)).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      })
      return found && { sizeBytes: found.size }
    },
    async delete(key) {
      await rm(pathOf(key), { force: true })
    },
  }
}
