import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { App } from '../kernel/app.ts'
import { Fault } from '../kernel/faults.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { chunkBytesMax, type FileView, type UploadQuery, type UploadView } from './contract.ts'
import { probePicture, type Probe } from './images.ts'
import { putWhole, queuePreparation } from './jobs.ts'
import { safeName } from './rules.ts'
import { findEarlier, getUpload, hasBoxes, keepFile, objectKey, presentUpload, uploadExpiry } from './service.ts'
import { piecesOf, scratchOf, spool, type Spooled } from './spool.ts'
import { announceBlob, announceChunk, deleteUpload, dropChunk, listChunks, takeChunk } from './store.ts'

/** The two doors of a request: one transaction each, so that none stays open while bytes arrive. */
export type Doors = Pick<FastifyRequest, 'read' | 'command' | 'county'>

const nothingKnown = { width: null, height: null, metadata: null }

/** Stores a spooled file under its hash; an object that is there already is not stored again. */
async function storeObject(app: App, doors: Doors, spooled: Spooled): Promise<void> {
  const key = objectKey(doors.county, spooled.sha256)
  await doors.command((cmd) => announceBlob(cmd, spooled))
  const standing = await app.ports.storage.head(key)
  if (standing?.sizeBytes === spooled.sizeBytes) return
  await putWhole(app, key, spooled)
}

/**
 * Takes in one file: spool and hash, know it by its first bytes, read its header, store the object, then make the row.
 *
 * A crash anywhere leaves at most a loose object that the sweep deletes; an acknowledged file is there.
 * @throws files.lost_on_the_way when the sender's own hash differs, and what spool and probePicture throw.
 */
export async function takeIn(
  app: App,
  doors: Doors,
  pieces: AsyncIterable<Buffer>,
  query: UploadQuery,
): Promise<FileView> {
  const id = query.id ?? uuidv7(app.clock.now())
  const earlier = await doors.read((cmd) => findEarlier(cmd, id, query.sha256))
  if (earlier) return earlier
  const shownName = safeName(query.name, '').replace(/\.$/, '')
  const spooled = await spool(scratchOf(app), pieces, query.name ? query.name.slice(0, 80) : shownName)
  try {
    if (query.sha256 !== undefined && query.sha256 !== spooled.sha256) throw new Fault('files.lost_on_the_way')
    const { family, mediaType, extension } = spooled.kind
    const isPicture = family === 'picture' || family === 'heic'
    const name = safeName(query.name, extension, isPicture ? '照片' : '文件')
    const probe: Probe | typeof nothingKnown = isPicture ? await probePicture(spooled.path, name) : nothingKnown
    await storeObject(app, doors, spooled)
    const state = isPicture || hasBoxes(mediaType) ? 'processing' : 'ready'
    return await doors.command((cmd) => {
      const { width, height, metadata } = probe
      const sealedMetadata = metadata ? cmd.vault.seal(cmd.county, JSON.stringify(metadata)) : null
      const { sha256, sizeBytes } = spooled
      const role = query.role ?? 'attachment'
      if (state === 'processing') cmd.afterCommit(() => queuePreparation(app, cmd.county, id))
      return keepFile(cmd, { id, name, mediaType, role, state, width, height, sealedMetadata, sha256, sizeBytes })
    })
  } finally {
    await spooled.dispose()
  }
}

/** What arrived before the line broke counts too; a piece longer than allowed is refused. */
async function* whatArrives(body: AsyncIterable<Buffer>, roomBytes: number): AsyncGenerator<Buffer> {
  let sizeBytes = 0
  const pieces = body[Symbol.asyncIterator]()
  for (;;) {
    const next: IteratorResult<Buffer> = await pieces.next().catch(() => ({ done: true, value: undefined }))
    if (next.done) return
    sizeBytes += next.value.length
    if (sizeBytes > roomBytes) throw new Fault('kernel.too_large')
    yield next.value
  }
}

/**
 * Takes the next piece of a resumable upload; it is on the disk before the answer.
 *
 * @throws files.wrong_offset telling where to go on, also when two pieces came at once and this one lost.
 */
export async function takePiece(
  app: App,
  doors: Doors,
  id: string,
  offset: number,
  body: Readable,
): Promise<UploadView> {
  const upload = await doors.read((cmd) => getUpload(cmd, id))
  if (offset !== upload.receivedBytes) throw new Fault('files.wrong_offset', { offset: upload.receivedBytes })
  const key = `${doors.county}/upload/${id}/${randomUUID()}`
  await doors.command((cmd) => announceChunk(cmd, id, key, offset))
  const roomBytes = Math.min(chunkBytesMax, upload.sizeBytes - offset)
  const { sizeBytes } = await app.ports.storage.put(key, Readable.from(whatArrives(piecesOf(body), roomBytes)))
  const chunk = { startByte: offset, sizeBytes, objectKey: key }
  const taken = await doors.command((cmd) =>
    sizeBytes > 0 ? takeChunk(cmd, id, chunk, uploadExpiry(cmd)) : Promise.resolve(false),
  )
  const now = await doors.read((cmd) => getUpload(cmd, id))
  if (taken) return presentUpload(now)
  await app.ports.storage.delete(key)
  await doors.command((cmd) => dropChunk(cmd, id, key))
  throw new Fault('files.wrong_offset', { offset: now.receivedBytes })
}

async function* joined(app: App, keys: string[]): AsyncGenerator<Buffer> {
  for (const key of keys) yield* (await app.ports.storage.get(key)) as AsyncIterable<Buffer>
}

/** Ends a resumable upload: the pieces become one file under the upload's id. A repeat gives the same file. */
export async function finishUpload(app: App, doors: Doors, id: string): Promise<FileView> {
  const earlier = await doors.read((cmd) => findEarlier(cmd, id, undefined))
  if (earlier) return earlier
  const { upload, chunks } = await doors.read(async (cmd) => ({
    upload: await getUpload(cmd, id),
    chunks: await listChunks(cmd.tx, cmd.county, id),
  }))
  const { receivedBytes: offset, sizeBytes, name, role } = upload
  if (offset < sizeBytes) throw new Fault('files.upload_incomplete', { offset, sizeBytes })
  const keys = chunks.filter((chunk) => chunk.sizeBytes !== null).map((chunk) => chunk.objectKey)
  const query: UploadQuery = { id, name, role: role as NonNullable<UploadQuery['role']> }
  if (upload.sha256) query.sha256 = upload.sha256
  const file = await takeIn(app, doors, joined(app, keys), query)
  await discardUpload(app, doors, id)
  return file
}

/** Removes an upload and its pieces; the objects go first, so that a crash in between is mended by the sweep. */
export async function discardUpload(app: App, doors: Pick<Doors, 'command' | 'read'>, id: string): Promise<void> {
  const chunks = await doors.read((cmd) => listChunks(cmd.tx, cmd.county, id))
  for (const chunk of chunks) await app.ports.storage.delete(chunk.objectKey)
  await doors.command((cmd) => deleteUpload(cmd, id))
}
