import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { countiesOf, type App } from '../kernel/app.ts'
import { runSystem } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { errorKind, type Sweep } from '../kernel/jobs.ts'
import { blanking, findRemarks } from './boxes.ts'
import { bytesOf, withVariants } from './images.ts'
import { unattachedHours } from './rules.ts'
import { objectKey } from './service.ts'
import { scratchOf, scratchPath, sweepScratch } from './spool.ts'
import {
  announceBlob,
  claimProcessing,
  deleteBlob,
  deleteFile,
  deleteUpload,
  finishFile,
  isBlobNeeded,
  keepBlob,
  listChunks,
  listUnattached,
  lockExpiredUploads,
  lockLooseBlobs,
  postponeFile,
  type FileRow,
  type NewVariant,
} from './store.ts'

/** Longer than any preparation takes; after it the worker counts as dead. */
const CLAIM_SECONDS = 300
/** A file that killed its worker this often is refused. */
const ATTEMPTS_MAX = 3
const POSTPONE_SECONDS = 60
const BATCH = 100

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Stores a scratch file as an object; one that came out shorter is removed again. */
export async function putWhole(app: App, key: string, file: { path: string; sizeBytes: number }): Promise<void> {
  const { sizeBytes } = await app.ports.storage.put(key, createReadStream(file.path))
  if (sizeBytes === file.sizeBytes) return
  await app.ports.storage.delete(key)
  throw new Error(`object has ${sizeBytes} bytes instead of ${file.sizeBytes}`)
}

async function storeVariant(
  app: App,
  county: string,
  made: { kind: NewVariant['kind']; path: string; mediaType: string; width: number | null; height: number | null },
): Promise<NewVariant> {
  const { path, ...about } = made
  const variant = { ...about, sha256: await hashOf(path), sizeBytes: await bytesOf(path) }
  await runSystem(app, county, (cmd) => announceBlob(cmd, variant))
  await putWhole(app, objectKey(county, variant.sha256), { path, sizeBytes: variant.sizeBytes })
  return variant
}

/** A video of the MP4 family without place and device; sound and picture are the same bytes. */
async function cleanCopy(app: App, county: string, row: FileRow, path: string): Promise<NewVariant[]> {
  const target = await scratchPath(scratchOf(app))
  try {
    const remarks = await findRemarks(path, row.sizeBytes)
    await pipeline(createReadStream(path), blanking(remarks), createWriteStream(target, { mode: 0o600 }))
    return [
      await storeVariant(app, county, {
        kind: 'clean',
        path: target,
        mediaType: row.mediaType,
        width: null,
        height: null,
      }),
    ]
  } finally {
    await rm(target, { force: true })
  }
}

async function pictures(app: App, county: string, row: FileRow, path: string): Promise<NewVariant[]> {
  const family = row.mediaType === 'image/heic' ? 'heic' : 'picture'
  const stored: NewVariant[] = []
  await withVariants({ path, name: row.name, family }, scratchOf(app), async (variants) => {
    for (const made of variants) stored.push(await storeVariant(app, county, made))
  })
  return stored
}

/**
 * Prepares one claimed file: pictures for others to see, or a clean video.
 *
 * Crash-proof: until the last step the row stays `processing`, and a claim that ran out is taken up again.
 */
async function prepare(app: App, county: string, row: FileRow): Promise<void> {
  if (row.attempts > ATTEMPTS_MAX) {
    await runSystem(app, county, (cmd) => finishFile(cmd, row.id, [], 'files.unreadable'))
    return
  }
  const path = await scratchPath(scratchOf(app))
  try {
    await pipeline(await app.ports.storage.get(objectKey(county, row.sha256)), createWriteStream(path, { mode: 0o600 }))
    const make = row.mediaType.startsWith('image/') ? pictures : cleanCopy
    const variants = await make(app, county, row, path)
    await runSystem(app, county, (cmd) => finishFile(cmd, row.id, variants, null))
  } catch (error) {
    if (error instanceof Fault && error.code === 'files.unreadable') {
      await runSystem(app, county, (cmd) => finishFile(cmd, row.id, [], error.code))
      return
    }
    app.log.warn({ file: row.id, kind: errorKind(error) }, 'file not prepared, to be tried again')
    await runSystem(app, county, (cmd) =>
      postponeFile(cmd, row.id, new Date(cmd.now.getTime() + POSTPONE_SECONDS * 1000)),
    )
  } finally {
    await rm(path, { force: true })
  }
}

async function claimAndPrepare(app: App, county: string, id?: string): Promise<number> {
  const rows = await runSystem(app, county, (cmd) =>
    claimProcessing(cmd, new Date(cmd.now.getTime() + CLAIM_SECONDS * 1000), 1, id),
  )
  for (const row of rows) await prepare(app, county, row)
  return rows.length
}

/** One picture at a time in a process: the rest of the machine is for people. */
const lines = new WeakMap<App, Promise<void>>()

/** Prepares a file soon, in this process; should that fail, the sweep does it. */
export function queuePreparation(app: App, county: string, id: string): void {
  const before = lines.get(app) ?? Promise.resolve()
  const line = before
    .then(() => claimAndPrepare(app, county, id))
    .then(
      () => {},
      (error: unknown) => app.log.warn({ file: id, kind: errorKind(error) }, 'file not prepared at once'),
    )
  lines.set(app, line)
}

/** Ends when what was queued so far in this process is prepared. */
export const prepared = (app: App): Promise<void> => lines.get(app) ?? Promise.resolve()

/** Prepares everything that waits, in every county. */
export async function preparePictures(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) {
    while ((await claimAndPrepare(app, code)) > 0);
  }
}

async function clearUnattached(app: App, county: string): Promise<void> {
  await runSystem(app, county, async (cmd) => {
    const before = new Date(cmd.now.getTime() - unattachedHours * 3_600_000)
    for (const row of await listUnattached(cmd.tx, county, before, BATCH)) await deleteFile(cmd, row)
  })
}

async function clearUploads(app: App, county: string): Promise<void> {
  await runSystem(app, county, async (cmd) => {
    for (const upload of await lockExpiredUploads(cmd, BATCH)) {
      for (const chunk of await listChunks(cmd.tx, county, upload.id)) await app.ports.storage.delete(chunk.objectKey)
      await deleteUpload(cmd, upload.id)
    }
  })
}

/** The row stays locked until its object is gone, so that a new arrival of the same bytes waits and stores them again. */
async function clearBlobs(app: App, county: string): Promise<void> {
  await runSystem(app, county, async (cmd) => {
    const before = new Date(cmd.now.getTime() - unattachedHours * 3_600_000)
    for (const { sha256 } of await lockLooseBlobs(cmd.tx, county, before, BATCH)) {
      if (await isBlobNeeded(cmd.tx, county, sha256)) await keepBlob(cmd, sha256)
      else {
        await app.ports.storage.delete(objectKey(county, sha256))
        await deleteBlob(cmd, sha256)
      }
    }
  })
}

/** Deletes what nobody handed in within a day, and objects that no row needs. */
export async function clearLeftovers(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) {
    await clearUnattached(app, code)
    await clearUploads(app, code)
    await clearBlobs(app, code)
  }
  await sweepScratch(scratchOf(app), new Date(Date.now() - CLAIM_SECONDS * 2000))
}

export const sweeps: Sweep[] = [
  { name: 'files.prepare_pictures', everySeconds: 20, run: preparePictures },
  { name: 'files.clear_leftovers', everySeconds: 600, run: clearLeftovers },
]
