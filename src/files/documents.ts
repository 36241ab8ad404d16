import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { App } from '../kernel/app.ts'
import { runSystem, type Command } from '../kernel/command.ts'
import { objectKey, type Subject } from './service.ts'
import { announceBlob, insertFile, insertLink, type Blob } from './store.ts'

/** Stores a document that the house made itself. Until `keepDocument` names it, it is a leftover that the sweep deletes. */
export async function storeDocument(app: App, county: string, bytes: Uint8Array): Promise<Blob> {
  const blob = { sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length }
  await runSystem(app, county, (cmd) => announceBlob(cmd, blob))
  const key = objectKey(county, blob.sha256)
  const { sizeBytes } = await app.ports.storage.put(key, Readable.from([Buffer.from(bytes)]))
  if (sizeBytes === blob.sizeBytes) return blob
  await app.ports.storage.delete(key)
  throw new Error(`object has ${sizeBytes} bytes instead of ${blob.sizeBytes}`)
}

/**
 * Makes a stored document the file of a subject, in the command that makes or moves it; that command's own entry in the ledger
 * names its hash. Told again, it stays one file.
 */
export async function keepDocument(
  cmd: Command,
  subject: Subject,
  document: Blob & { id: string; ownerId: string; name: string; mediaType: string },
): Promise<void> {
  const { ownerId, ...file } = document
  const plain = { role: 'evidence', state: 'ready', width: null, height: null, sealedMetadata: null } as const
  await insertFile(cmd, ownerId, { ...file, ...plain })
  const { kind: subjectKind, id: subjectId, areaPath, purpose } = subject
  await insertLink(cmd, document.id, { subjectKind, subjectId, areaPath, purpose, role: 'evidence' })
}

/** The bytes of a stored document, small enough to be held at once. @throws Error where the store has lost it or changed it */
export async function readDocument(cmd: Pick<Command, 'county' | 'ports'>, sha256: string): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of await cmd.ports.storage.get(objectKey(cmd.county, sha256))) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('a stored document was changed')
  return new Uint8Array(bytes)
}
