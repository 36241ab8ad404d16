import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { requireGrant, type Grant } from '../kernel/grants.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { cleanText } from '../kernel/text.ts'
import { record } from '../ledger/index.ts'
import {
  FileAttached,
  OriginalOpened,
  chunkBytesMax,
  type BeginUpload,
  type FileMetadata,
  type FileRole,
  type FileState,
  type FileView,
  type Opening,
  type UploadView,
} from './contract.ts'
import { unattachedBytesMax, unattachedCountMax, unattachedHours } from './rules.ts'
import { requireFits } from './spool.ts'
import {
  countReady,
  deleteFile,
  findFile,
  finishFile,
  findOpening,
  findUpload,
  getFile,
  insertFile,
  insertLink,
  insertOpening,
  insertUpload,
  listFilesOf,
  listLinks,
  listVariants,
  lockFiles,
  unlinkFiles,
  unattachedOf,
  uploadsOf,
  type FileRow,
  type NewFile,
  type NewVariant,
  type SubjectFile,
  type UploadRow,
  type VariantRow,
} from './store.ts'

const OPENING_MINUTES = 10

/** To what files are attached: a matter, an inspection and the like, with its place and the purpose of collecting them. */
export interface Subject {
  kind: string
  id: string
  areaPath: string
  purpose: string
}

/** The object that somebody gets to see, and how to name it. */
export interface ShownFile {
  sha256: string
  sizeBytes: number
  mediaType: string
  name: string
}

export const objectKey = (county: string, sha256: string): string => `${county}/${sha256.slice(0, 2)}/${sha256}`

const presentFound = (file: SubjectFile): FileView => ({
  ...file,
  state: file.state as FileState,
  role: file.role as FileRole,
  createdAt: file.createdAt.toISOString(),
})

export function present(row: FileRow, variants: readonly VariantRow[]): FileView {
  const hasPicture = variants.some((variant) => variant.fileId === row.id && variant.kind === 'thumbnail')
  return {
    id: row.id,
    name: row.name,
    mediaType: row.mediaType,
    sizeBytes: row.sizeBytes,
    sha256: row.sha256,
    state: row.state as FileState,
    refusal: row.refusal,
    role: row.role as FileRole,
    width: row.width,
    height: row.height,
    hasPicture,
    hasMetadata: row.sealedMetadata !== null,
    createdAt: row.createdAt.toISOString(),
  }
}

/** The account that owns what is handed in now. @throws kernel.unauthenticated for nobody. */
export function ownerOf(cmd: Command): string {
  if (!cmd.actor.id) throw new Fault(cmd.actor.kind === 'nobody' ? 'kernel.unauthenticated' : 'kernel.forbidden')
  return cmd.actor.id
}

/**
 * What stands under an id that a client proposes: its own file from an earlier try, or nothing.
 *
 * @throws kernel.conflict when somebody else has it; kernel.idempotency_conflict when it has another content;
 *   files.too_many when the person holds too much that is not handed in yet.
 */
export async function findEarlier(cmd: Command, id: string, sha256: string | undefined): Promise<FileView | undefined> {
  const ownerId = ownerOf(cmd)
  const [row, held] = await Promise.all([findFile(cmd.tx, cmd.county, id), unattachedOf(cmd.tx, cmd.county, ownerId)])
  if (!row) {
    if (held.count >= unattachedCountMax || held.bytes >= unattachedBytesMax) throw new Fault('files.too_many')
    return undefined
  }
  if (row.ownerId !== ownerId) throw new Fault('kernel.conflict', { file: id })
  if (sha256 !== undefined && sha256 !== row.sha256) throw new Fault('kernel.idempotency_conflict')
  return present(row, await listVariants(cmd.tx, cmd.county, [id]))
}

/** Makes the file's row; the object is stored already. A repeat gives the row that stands. */
export async function keepFile(cmd: Command, file: NewFile): Promise<FileView> {
  const inserted = await insertFile(cmd, ownerOf(cmd), file)
  if (inserted) return present(inserted, [])
  const standing = await findEarlier(cmd, file.id, file.sha256)
  if (!standing) throw new Fault('kernel.conflict', { file: file.id })
  return standing
}

/** Whether all of these files are there and prepared. */
export const areReady = async (cmd: Command, ids: readonly string[]): Promise<boolean> =>
  ids.length === 0 || (await countReady(cmd.tx, cmd.county, ids)) === new Set(ids).size

/**
 * Another file of a content that this county holds prepared already: no bytes travel and no picture is made again.
 *
 * @param file.of A file that is ready. @throws kernel.not_found, files.not_ready
 */
export async function repeatFile(cmd: Command, file: { id: string; of: string; role: FileRole }): Promise<void> {
  const [row, variants] = await Promise.all([
    getFile(cmd.tx, cmd.county, file.of),
    listVariants(cmd.tx, cmd.county, [file.of]),
  ])
  if (row.state !== 'ready') throw new Fault('files.not_ready')
  const { name, mediaType, width, height, sha256, sizeBytes, sealedMetadata } = row
  const copy = { name, mediaType, width, height, sha256, sizeBytes, sealedMetadata }
  await keepFile(cmd, { id: file.id, role: file.role, state: 'processing', ...copy })
  const made = variants.map(({ kind, ...variant }) => ({
    kind: kind as NewVariant['kind'],
    mediaType: variant.mediaType,
    width: variant.width,
    height: variant.height,
    sha256: variant.sha256,
    sizeBytes: variant.sizeBytes,
  }))
  await finishFile(cmd, file.id, made, null)
}

/**
 * Attaches files to a subject, in the command that makes or moves it; each gets a ledger entry with its hash.
 *
 * Only the person who handed a file in can attach it, once; attaching it again to the same subject does nothing.
 * @throws kernel.not_found for a file that is not this person's, files.refused, files.already_attached.
 */
export async function attachFiles(
  cmd: Command,
  subject: Subject,
  files: { id: string; role?: FileRole }[],
): Promise<void> {
  if (files.length === 0) return
  const ids = [...new Set(files.map((file) => file.id))]
  const rows = new Map((await lockFiles(cmd.tx, cmd.county, ids)).map((row) => [row.id, row]))
  for (const file of files) {
    const row = rows.get(file.id)
    if (!row || (cmd.actor.kind !== 'system' && row.ownerId !== cmd.actor.id))
      throw new Fault('kernel.not_found', { file: file.id })
    if (row.state === 'refused') throw new Fault('files.refused', { file: row.id, refusal: row.refusal })
    await attachFile(cmd, subject, row, file.role ?? (row.role as FileRole))
  }
}

async function attachFile(cmd: Command, subject: Subject, row: FileRow, role: FileRole): Promise<void> {
  const links = row.attachedAt ? await listLinks(cmd.tx, cmd.county, row.id) : []
  if (links.some((link) => link.subjectKind === subject.kind && link.subjectId === subject.id)) return
  const handsOn = (kind: string) => cmd.ports.fileGates.some((gate) => gate.subjectKind === kind && gate.handsOn)
  if (!links.every((link) => handsOn(link.subjectKind))) throw new Fault('files.already_attached', { file: row.id })
  const { kind: subjectKind, id: subjectId, areaPath, purpose } = subject
  if (!(await insertLink(cmd, row.id, { subjectKind, subjectId, areaPath, purpose, role }))) return
  const { sha256, sizeBytes, mediaType } = row
  await record(
    cmd,
    FileAttached,
    { id: row.id, version: links.length + 1 },
    { subjectKind, subjectId, role, sha256, sizeBytes, mediaType },
  )
}

/**
 * Lets go of the files of subjects whose time of keeping is over: what belongs to nothing else is deleted.
 *
 * @returns how many files were deleted.
 */
export async function forgetFilesOf(cmd: Command, subjectKind: string, subjectIds: string[]): Promise<number> {
  if (subjectIds.length === 0) return 0
  const ids = await unlinkFiles(cmd, subjectKind, subjectIds)
  const rows = ids.length > 0 ? await lockFiles(cmd.tx, cmd.county, ids) : []
  for (const row of rows) await deleteFile(cmd, row)
  return rows.length
}

/** The files of a subject; whether the actor may see the subject is for the caller to have checked. At most 200. */
export async function listFiles(cmd: Command, subjectKind: string, subjectId: string): Promise<FileView[]> {
  return (await listFilesOf(cmd.tx, cmd.county, subjectKind, subjectId)).map(presentFound)
}

/**
 * The file, if the actor may see it: its owner while it is not attached, afterwards whoever may see its subject.
 *
 * @throws kernel.not_found for somebody else's unattached file, kernel.forbidden or kernel.wrong_purpose when no gate lets
 *   the actor in.
 */
async function getVisible(cmd: Command, id: string): Promise<FileRow> {
  const row = await getFile(cmd.tx, cmd.county, id)
  if (!row.attachedAt) {
    if (row.ownerId !== cmd.actor.id) throw new Fault('kernel.not_found')
    return row
  }
  const links = await listLinks(cmd.tx, cmd.county, id)
  for (const link of links) {
    const gate = cmd.ports.fileGates.find((candidate) => candidate.subjectKind === link.subjectKind)
    if (await gate?.maySee(cmd, link.subjectId, link.role)) return row
  }
  // Whoever may look there for another purpose is told so.
  for (const link of links) requireGrant(cmd, 'loop.read', link.areaPath)
  throw new Fault('kernel.forbidden')
}

export async function showFile(cmd: Command, id: string): Promise<FileView> {
  const row = await getVisible(cmd, id)
  return present(row, await listVariants(cmd.tx, cmd.county, [id]))
}

/** A file not handed in yet is taken back by its owner; a repeat is silent. */
export async function withdrawFile(cmd: Command, id: string): Promise<void> {
  const [row] = await lockFiles(cmd.tx, cmd.county, [id])
  if (!row) return
  if (row.ownerId !== ownerOf(cmd)) throw new Fault('kernel.not_found')
  if (row.attachedAt) throw new Fault('files.already_attached', { file: id })
  await deleteFile(cmd, row)
}

const isPicture = (row: FileRow): boolean => row.mediaType.startsWith('image/')
/** Kinds that may carry a position outside a picture's EXIF and are therefore served as a clean copy. */
export const hasBoxes = (mediaType: string): boolean =>
  ['video/mp4', 'video/quicktime', 'video/3gpp', 'audio/mp4'].includes(mediaType)

const asItIs = ({ sha256, sizeBytes, mediaType, name }: FileRow): ShownFile => ({ sha256, sizeBytes, mediaType, name })

/**
 * What this actor gets to see of a file: the small pictures, the clean video, or the document itself; never EXIF.
 *
 * @throws files.not_ready while it is prepared, files.refused when that failed, files.no_picture.
 */
export async function serveShown(cmd: Command, id: string, what: 'thumbnail' | 'content'): Promise<ShownFile> {
  return shownOf(cmd, await getVisible(cmd, id), what)
}

/**
 * The same for a file of a subject that the caller has already found the actor may see (a progress code, say).
 *
 * @throws kernel.not_found when the file does not belong to that subject, and what serveShown throws.
 */
export async function linkedFile(
  cmd: Command,
  file: { subjectKind: string; subjectId: string; fileId: string; what: 'thumbnail' | 'content' },
): Promise<ShownFile> {
  const links = await listLinks(cmd.tx, cmd.county, file.fileId)
  const belongs = links.some((link) => link.subjectKind === file.subjectKind && link.subjectId === file.subjectId)
  if (!belongs) throw new Fault('kernel.not_found')
  return shownOf(cmd, await getFile(cmd.tx, cmd.county, file.fileId), file.what)
}

async function shownOf(cmd: Command, row: FileRow, what: 'thumbnail' | 'content'): Promise<ShownFile> {
  const { id } = row
  if (row.state === 'processing') throw new Fault('files.not_ready', {}, { retryAfterSeconds: 2 })
  if (row.state === 'refused') throw new Fault('files.refused', { file: id, refusal: row.refusal })
  if (what === 'thumbnail' && !isPicture(row)) throw new Fault('files.no_picture')
  if (!isPicture(row) && !hasBoxes(row.mediaType)) return asItIs(row)
  const wanted = what === 'thumbnail' ? 'thumbnail' : isPicture(row) ? 'preview' : 'clean'
  const variant = (await listVariants(cmd.tx, cmd.county, [id])).find((candidate) => candidate.kind === wanted)
  if (!variant) throw new Fault('files.no_picture')
  const extension = variant.mediaType === 'image/webp' ? 'webp' : 'jpg'
  const name = isPicture(row) ? row.name.replace(/\.\w+$/, `.${extension}`) : row.name
  return { sha256: variant.sha256, sizeBytes: variant.sizeBytes, mediaType: variant.mediaType, name }
}

/** The grant by which an original may be opened, at one of the places where the file belongs. */
async function requireEvidence(cmd: Command, fileId: string): Promise<Grant> {
  const links = await listLinks(cmd.tx, cmd.county, fileId)
  let refusal: unknown = new Fault('kernel.not_found')
  for (const link of links) {
    try {
      return requireGrant(cmd, 'loop.supervise', link.areaPath)
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

/**
 * Opens an original with its EXIF data for one person and a few minutes; the reason is kept, the ledger has an entry.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose, kernel.not_found.
 */
export async function openOriginal(cmd: Command, id: string, reason: string): Promise<Opening> {
  const row = await getFile(cmd.tx, cmd.county, id)
  const grant = await requireEvidence(cmd, id)
  const opening = uuidv7(cmd.now)
  const expiresAt = new Date(cmd.now.getTime() + OPENING_MINUTES * 60_000)
  const words = cleanText(reason, { maxLength: 200, multiline: false })
  await insertOpening(cmd, {
    id: opening,
    fileId: id,
    accountId: ownerOf(cmd),
    postId: grant.postId,
    reason: words,
    expiresAt,
  })
  await record(cmd, OriginalOpened, { id: opening, version: 1 }, { fileId: id, postId: grant.postId })
  const metadata = row.sealedMetadata
    ? (JSON.parse(cmd.vault.open(cmd.county, row.sealedMetadata)) as FileMetadata)
    : null
  return { opening, expiresAt: expiresAt.toISOString(), metadata }
}

/** @throws files.opening_expired when it is not this person's, not this file's, or too old. */
export async function serveOriginal(cmd: Command, id: string, openingId: string): Promise<ShownFile> {
  const row = await getFile(cmd.tx, cmd.county, id)
  await requireEvidence(cmd, id)
  const opening = await findOpening(cmd.tx, cmd.county, openingId)
  const good = opening && opening.fileId === id && opening.accountId === cmd.actor.id && opening.expiresAt > cmd.now
  if (!good) throw new Fault('files.opening_expired')
  return asItIs(row)
}

const expiryOf = (cmd: Command): Date => new Date(cmd.now.getTime() + unattachedHours * 3_600_000)
export const uploadExpiry = expiryOf

export function presentUpload(row: Pick<UploadRow, 'id' | 'receivedBytes' | 'sizeBytes' | 'expiresAt'>): UploadView {
  const { id, receivedBytes, sizeBytes, expiresAt } = row
  return { id, offset: receivedBytes, sizeBytes, chunkBytesMax, expiresAt: expiresAt.toISOString() }
}

/** Begins a resumable upload; a repeat with the same id gives the one that stands, with its offset: at the end when it is finished. */
export async function beginUpload(cmd: Command, input: BeginUpload): Promise<UploadView> {
  requireFits(input.sizeBytes)
  if (input.sizeBytes === 0) throw new Fault('files.empty', { name: input.name })
  const ownerId = ownerOf(cmd)
  const id = input.id ?? uuidv7(cmd.now)
  const finished = input.id ? await findFile(cmd.tx, cmd.county, id) : undefined
  if (finished?.ownerId === ownerId && finished.sizeBytes === input.sizeBytes)
    return presentUpload({ id, receivedBytes: input.sizeBytes, sizeBytes: input.sizeBytes, expiresAt: expiryOf(cmd) })
  const underWay = await uploadsOf(cmd.tx, cmd.county, ownerId)
  const standing = await findUpload(cmd.tx, cmd.county, id)
  const full = underWay.count >= unattachedCountMax || underWay.bytes + input.sizeBytes > unattachedBytesMax
  if (!standing && full) throw new Fault('files.too_many')
  const { name, sizeBytes, role = 'attachment', sha256 = null } = input
  const row = await insertUpload(cmd, ownerId, { id, name, sizeBytes, role, sha256, expiresAt: expiryOf(cmd) })
  if (row.ownerId !== ownerId || row.sizeBytes !== sizeBytes) throw new Fault('kernel.conflict', { upload: id })
  return presentUpload(row)
}

/** @throws kernel.not_found when it is not this person's or has expired. */
export async function getUpload(cmd: Command, id: string): Promise<UploadRow> {
  const row = await findUpload(cmd.tx, cmd.county, id)
  if (!row || row.ownerId !== ownerOf(cmd) || row.expiresAt <= cmd.now) throw new Fault('kernel.not_found')
  return row
}
