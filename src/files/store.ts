import { sql, type Selectable } from 'kysely'
import type { Command } from '../kernel/command.ts'
import { hot, type Tx } from '../kernel/db.ts'
import { Fault } from '../kernel/faults.ts'
import { subtreeRange } from '../kernel/grants.ts'
import type { DB } from '../kernel/tables.ts'
import type { FileRole } from './contract.ts'

export type FileRow = Selectable<DB['file']>
export type VariantRow = Selectable<DB['fileVariant']>
export type LinkRow = Selectable<DB['fileLink']>
export type UploadRow = Selectable<DB['fileUpload']>
export type ChunkRow = Selectable<DB['fileChunk']>
export type OpeningRow = Selectable<DB['fileOpening']>
export type VariantKind = 'thumbnail' | 'preview' | 'clean'

export interface Blob {
  sha256: string
  sizeBytes: number
}

/**
 * Announces an object before it is stored, so that a crash in between leaves a row that the sweep finds.
 *
 * A held object stays held; a loose one is touched, and the sweep leaves it alone for a day.
 */
export async function announceBlob(cmd: Command, blob: Blob): Promise<void> {
  await cmd.tx
    .insertInto('fileBlob')
    .values({ county: cmd.county, sha256: blob.sha256, sizeBytes: blob.sizeBytes, state: 'loose', touchedAt: cmd.now })
    .onConflict((conflict) => conflict.columns(['county', 'sha256']).doUpdateSet({ touchedAt: cmd.now }))
    .execute()
}

async function setBlobState(cmd: Command, sha256s: string[], state: 'held' | 'loose'): Promise<void> {
  if (sha256s.length === 0) return
  await cmd.tx
    .updateTable('fileBlob')
    .set({ state, touchedAt: cmd.now })
    .where('county', '=', cmd.county)
    .where('sha256', 'in', sha256s)
    .execute()
}

export interface NewFile extends Blob {
  id: string
  name: string
  mediaType: string
  role: FileRole
  state: 'processing' | 'ready'
  width: number | null
  height: number | null
  sealedMetadata: Buffer | null
}

/** @returns undefined when the id is taken, also by somebody who was quicker just now. */
export async function insertFile(cmd: Command, ownerId: string, file: NewFile): Promise<FileRow | undefined> {
  const inserted = cmd.tx
    .insertInto('file')
    .values({ county: cmd.county, ownerId, ...file, createdAt: cmd.now })
    .onConflict((conflict) => conflict.columns(['county', 'id']).doNothing())
    .returningAll()
  const row = await inserted.executeTakeFirst()
  if (row) await setBlobState(cmd, [file.sha256], 'held')
  return row
}

export function findFile(tx: Tx, county: string, id: string): Promise<FileRow | undefined> {
  return tx.selectFrom('file').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()
}

export async function countReady(tx: Tx, county: string, ids: readonly string[]): Promise<number> {
  const found = tx.selectFrom('file').select((part) => part.fn.countAll<number>().as('count'))
  const { count } = await found
    .where('county', '=', county)
    .where('id', 'in', ids)
    .where('state', '=', 'ready')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** @throws kernel.not_found */
export async function getFile(tx: Tx, county: string, id: string): Promise<FileRow> {
  const row = await findFile(tx, county, id)
  if (!row) throw new Fault('kernel.not_found')
  return row
}

/** Locks the files in the order of their ids, so that two commands never wait for each other. */
export function lockFiles(tx: Tx, county: string, ids: string[]): Promise<FileRow[]> {
  const found = tx.selectFrom('file').selectAll().where('county', '=', county).where('id', 'in', ids)
  return found.orderBy('id').forUpdate().execute()
}

/** What one person holds that is not handed in yet. */
export async function unattachedOf(tx: Tx, county: string, ownerId: string): Promise<{ count: number; bytes: number }> {
  const found = tx
    .selectFrom('file')
    .select((part) => [
      part.fn.countAll<number>().as('count'),
      sql<number>`coalesce(sum(size_bytes), 0)::bigint`.as('bytes'),
    ])
    .where('county', '=', county)
    .where('ownerId', '=', ownerId)
    .where('attachedAt', 'is', null)
  return found.executeTakeFirstOrThrow()
}

export function listVariants(tx: Tx, county: string, fileIds: string[]): Promise<VariantRow[]> {
  const found = tx.selectFrom('fileVariant').selectAll().where('county', '=', county).where('fileId', 'in', fileIds)
  return found.execute()
}

export function listLinks(tx: Tx, county: string, fileId: string): Promise<LinkRow[]> {
  const found = tx.selectFrom('fileLink').selectAll().where('county', '=', county).where('fileId', '=', fileId)
  return found.orderBy('attachedAt').limit(20).execute()
}

/** A file of a subject with what the page of the subject needs; read in one prepared statement, for it is on every page. */
export interface SubjectFile {
  id: string
  name: string
  mediaType: string
  sizeBytes: number
  sha256: string
  state: string
  refusal: string | null
  role: string
  width: number | null
  height: number | null
  hasMetadata: boolean
  hasPicture: boolean
  createdAt: Date
}

const FILES_OF = `select f.id, f.name, f.media_type as "mediaType", f.size_bytes as "sizeBytes", f.sha256, f.state, f.refusal, l.role,
    f.width, f.height, f.sealed_metadata is not null as "hasMetadata", f.created_at as "createdAt",
    exists (select from file_variant v where v.county = f.county and v.file_id = f.id and v.kind = 'thumbnail') as "hasPicture"
  from file_link l join file f on f.county = l.county and f.id = l.file_id
  where l.county = $1 and l.subject_kind = $2 and l.subject_id = $3
  order by l.attached_at, l.file_id limit 200`

/** At most 200 files of one subject, in the order in which they were attached. */
export const listFilesOf = (tx: Tx, county: string, subjectKind: string, subjectId: string): Promise<SubjectFile[]> =>
  hot<SubjectFile>(tx, 'files_of_subject', FILES_OF, [county, subjectKind, subjectId])

export interface NewLink {
  subjectKind: string
  subjectId: string
  areaPath: string
  purpose: string
  role: FileRole
}

/** @returns false when it was attached to this subject already. */
export async function insertLink(cmd: Command, fileId: string, link: NewLink): Promise<boolean> {
  const added = await cmd.tx
    .insertInto('fileLink')
    .values({ county: cmd.county, fileId, ...link, attachedAt: cmd.now })
    .onConflict((conflict) => conflict.columns(['county', 'subjectKind', 'subjectId', 'fileId']).doNothing())
    .returning('fileId')
    .execute()
  if (added.length === 0) return false
  const attached = cmd.tx.updateTable('file').set({ attachedAt: cmd.now, role: link.role })
  await attached.where('county', '=', cmd.county).where('id', '=', fileId).execute()
  return true
}

const MOVE_LINKS = `update file_link set area_path = $4 || substr(area_path, length($5) + 1)
  where county = $1 and area_path >= $2 and area_path < $3`

/** Links of subjects in a place go where the place went. */
export async function moveLinks(cmd: Command, from: string, to: string): Promise<void> {
  await hot(cmd.tx, 'files_move_links', MOVE_LINKS, [cmd.county, ...subtreeRange(from), to, from])
}

/** Links of some subjects of a split area go to the part of it to which the subjects go. */
export async function shareLinks(
  cmd: Command,
  share: { subjectKind: string; ids: string[]; from: string; to: string },
): Promise<void> {
  const text = `update file_link set area_path = $5
    where county = $1 and subject_kind = $2 and subject_id = any($3::uuid[]) and area_path = $4`
  await hot(cmd.tx, 'files_share_links', text, [cmd.county, share.subjectKind, share.ids, share.from, share.to])
}

/** Takes the links of subjects away; answers with the files that nothing else holds: no link, no opening on record. */
export async function unlinkFiles(cmd: Command, subjectKind: string, subjectIds: string[]): Promise<string[]> {
  const gone = cmd.tx.deleteFrom('fileLink').where('county', '=', cmd.county).where('subjectKind', '=', subjectKind)
  const rows = await gone.where('subjectId', 'in', subjectIds).returning('fileId').execute()
  const ids = [...new Set(rows.map((row) => row.fileId))]
  if (ids.length === 0) return []
  const [linked, opened] = await Promise.all(
    (['fileLink', 'fileOpening'] as const).map((table) =>
      cmd.tx.selectFrom(table).select('fileId').where('county', '=', cmd.county).where('fileId', 'in', ids).execute(),
    ),
  )
  const held = new Set([...(linked ?? []), ...(opened ?? [])].map((row) => row.fileId))
  return ids.filter((id) => !held.has(id))
}

/** Deletes a file that is attached nowhere; its objects become loose. */
export async function deleteFile(cmd: Command, file: FileRow): Promise<void> {
  const variants = await listVariants(cmd.tx, cmd.county, [file.id])
  await cmd.tx.deleteFrom('fileVariant').where('county', '=', cmd.county).where('fileId', '=', file.id).execute()
  await cmd.tx.deleteFrom('file').where('county', '=', cmd.county).where('id', '=', file.id).execute()
  await setBlobState(cmd, [file.sha256, ...variants.map((variant) => variant.sha256)], 'loose')
}

/** Claims at most `limit` files to be prepared; a claim that runs out may be taken by another worker. */
export function claimProcessing(cmd: Command, until: Date, limit: number, id?: string): Promise<FileRow[]> {
  const due = cmd.tx
    .selectFrom('file')
    .select('id')
    .where('county', '=', cmd.county)
    .where('state', '=', 'processing')
    .where((part) => part.or([part('claimedUntil', 'is', null), part('claimedUntil', '<', cmd.now)]))
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .orderBy('createdAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
  return cmd.tx
    .with('due', () => due)
    .updateTable('file')
    .set({ claimedUntil: until, attempts: sql<number>`attempts + 1` })
    .where('county', '=', cmd.county)
    .where('id', 'in', sql<string>`(select id from due)`)
    .returningAll()
    .execute()
}

export interface NewVariant extends Blob {
  kind: VariantKind
  mediaType: string
  width: number | null
  height: number | null
}

/** Ends the preparation of a file: with its variants, or refused with a fault's code. */
export async function finishFile(
  cmd: Command,
  fileId: string,
  variants: NewVariant[],
  refusal: string | null,
): Promise<void> {
  if (variants.length > 0) {
    await setBlobState(
      cmd,
      variants.map((variant) => variant.sha256),
      'held',
    )
    await cmd.tx
      .insertInto('fileVariant')
      .values(variants.map((variant) => ({ county: cmd.county, fileId, ...variant })))
      .onConflict((conflict) => conflict.columns(['county', 'fileId', 'kind']).doNothing())
      .execute()
  }
  const done = cmd.tx.updateTable('file').set({ state: refusal ? 'refused' : 'ready', refusal, claimedUntil: null })
  await done.where('county', '=', cmd.county).where('id', '=', fileId).where('state', '=', 'processing').execute()
}

/** Gives a claimed file back, to be tried again after `at`; it was not the file's fault, so the attempt is not counted. */
export async function postponeFile(cmd: Command, fileId: string, at: Date): Promise<void> {
  const later = cmd.tx.updateTable('file').set({ claimedUntil: at, attempts: sql<number>`attempts - 1` })
  await later.where('county', '=', cmd.county).where('id', '=', fileId).where('state', '=', 'processing').execute()
}

export function listUnattached(tx: Tx, county: string, before: Date, limit: number): Promise<FileRow[]> {
  const found = tx.selectFrom('file').selectAll().where('county', '=', county).where('attachedAt', 'is', null)
  return found.where('createdAt', '<', before).orderBy('createdAt').limit(limit).forUpdate().skipLocked().execute()
}

export function lockLooseBlobs(tx: Tx, county: string, before: Date, limit: number): Promise<Blob[]> {
  const found = tx
    .selectFrom('fileBlob')
    .select(['sha256', 'sizeBytes'])
    .where('county', '=', county)
    .where('state', '=', 'loose')
  return found.where('touchedAt', '<', before).orderBy('touchedAt').limit(limit).forUpdate().skipLocked().execute()
}

export async function isBlobNeeded(tx: Tx, county: string, sha256: string): Promise<boolean> {
  const file = tx.selectFrom('file').select('id').where('county', '=', county).where('sha256', '=', sha256).limit(1)
  if (await file.executeTakeFirst()) return true
  const variant = tx
    .selectFrom('fileVariant')
    .select('kind')
    .where('county', '=', county)
    .where('sha256', '=', sha256)
    .limit(1)
  return (await variant.executeTakeFirst()) !== undefined
}

export const keepBlob = (cmd: Command, sha256: string): Promise<void> => setBlobState(cmd, [sha256], 'held')

export async function deleteBlob(cmd: Command, sha256: string): Promise<void> {
  await cmd.tx.deleteFrom('fileBlob').where('county', '=', cmd.county).where('sha256', '=', sha256).execute()
}

export interface NewUpload {
  id: string
  name: string
  role: FileRole
  sha256: string | null
  sizeBytes: number
  expiresAt: Date
}

/** @returns the row that stands, be it this one or an earlier one with the same id. */
export async function insertUpload(cmd: Command, ownerId: string, upload: NewUpload): Promise<UploadRow> {
  await cmd.tx
    .insertInto('fileUpload')
    .values({ county: cmd.county, ownerId, ...upload, receivedBytes: 0, createdAt: cmd.now })
    .onConflict((conflict) => conflict.columns(['county', 'id']).doNothing())
    .execute()
  const standing = await findUpload(cmd.tx, cmd.county, upload.id)
  if (!standing) throw new Fault('kernel.not_found')
  return standing
}

export function findUpload(tx: Tx, county: string, id: string): Promise<UploadRow | undefined> {
  return tx.selectFrom('fileUpload').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()
}

/** How much one person has under way in resumable uploads. */
export async function uploadsOf(tx: Tx, county: string, ownerId: string): Promise<{ count: number; bytes: number }> {
  const found = tx
    .selectFrom('fileUpload')
    .select((part) => [
      part.fn.countAll<number>().as('count'),
      sql<number>`coalesce(sum(size_bytes), 0)::bigint`.as('bytes'),
    ])
    .where('county', '=', county)
    .where('ownerId', '=', ownerId)
  return found.executeTakeFirstOrThrow()
}

/** Announces a piece before it is stored, so that a crash leaves no object that nobody knows. */
export async function announceChunk(
  cmd: Command,
  uploadId: string,
  objectKey: string,
  startByte: number,
): Promise<void> {
  const row = { county: cmd.county, uploadId, objectKey, startByte, sizeBytes: null }
  await cmd.tx.insertInto('fileChunk').values(row).execute()
}

export interface StoredChunk {
  startByte: number
  sizeBytes: number
  objectKey: string
}

/**
 * Takes a stored piece into an upload when it begins where the upload ends.
 *
 * @returns false when another piece was quicker.
 */
export async function takeChunk(cmd: Command, uploadId: string, chunk: StoredChunk, expiresAt: Date): Promise<boolean> {
  const grown = await cmd.tx
    .updateTable('fileUpload')
    .set({ receivedBytes: chunk.startByte + chunk.sizeBytes, expiresAt })
    .where('county', '=', cmd.county)
    .where('id', '=', uploadId)
    .where('receivedBytes', '=', chunk.startByte)
    .returning('id')
    .execute()
  if (grown.length === 0) return false
  const taken = cmd.tx.updateTable('fileChunk').set({ sizeBytes: chunk.sizeBytes }).where('county', '=', cmd.county)
  await taken.where('uploadId', '=', uploadId).where('objectKey', '=', chunk.objectKey).execute()
  return true
}

export async function dropChunk(cmd: Command, uploadId: string, objectKey: string): Promise<void> {
  const dropped = cmd.tx.deleteFrom('fileChunk').where('county', '=', cmd.county).where('uploadId', '=', uploadId)
  await dropped.where('objectKey', '=', objectKey).where('sizeBytes', 'is', null).execute()
}

export function listChunks(tx: Tx, county: string, uploadId: string): Promise<ChunkRow[]> {
  const found = tx.selectFrom('fileChunk').selectAll().where('county', '=', county).where('uploadId', '=', uploadId)
  return found.orderBy('startByte').execute()
}

export async function deleteUpload(cmd: Command, uploadId: string): Promise<void> {
  await cmd.tx.deleteFrom('fileChunk').where('county', '=', cmd.county).where('uploadId', '=', uploadId).execute()
  await cmd.tx.deleteFrom('fileUpload').where('county', '=', cmd.county).where('id', '=', uploadId).execute()
}

export function lockExpiredUploads(cmd: Command, limit: number): Promise<UploadRow[]> {
  const found = cmd.tx.selectFrom('fileUpload').selectAll().where('county', '=', cmd.county)
  return found.where('expiresAt', '<', cmd.now).orderBy('expiresAt').limit(limit).forUpdate().skipLocked().execute()
}

export async function insertOpening(cmd: Command, opening: Omit<OpeningRow, 'county' | 'openedAt'>): Promise<void> {
  await cmd.tx
    .insertInto('fileOpening')
    .values({ county: cmd.county, ...opening, openedAt: cmd.now })
    .execute()
}

export function findOpening(tx: Tx, county: string, id: string): Promise<OpeningRow | undefined> {
  return tx.selectFrom('fileOpening').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()
}
