import { randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { hasGrant, requireActor, requireGrant, type Grant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { attachFiles, listFiles } from '../../files/index.ts'
import { postLabel, postsHeld } from '../../grid/index.ts'
import { requireSecondFactor } from '../../identity/index.ts'
import { record } from '../../ledger/index.ts'
import { placeOf, reportMatter, statesOf } from '../../loop/index.ts'
import {
  DiaryCorrected,
  DiaryFiled,
  DiaryUnmasked,
  DiaryWritten,
  type CorrectDiary,
  type DiaryFiledAs,
  type DiaryView,
  type DiaryWords,
  type FileDiary,
  type UnmaskDiary,
  type WriteDiary,
} from './contract.ts'
import { requireDates, requireKind, dayOf, type Words } from './rules.ts'
import { settingOf, viewOf } from './views.ts'
import * as store from './store.ts'

const SUBJECT = 'diary'
const SALT_BYTES = 16

function cleanWords(input: { text: string; visited?: string; address?: string }): Words {
  return {
    text: cleanText(input.text, { maxLength: 2000, minLength: 1, multiline: true, path: 'text' }),
    visited: cleanText(input.visited ?? '', { maxLength: 60, path: 'visited' }),
    address: cleanText(input.address ?? '', { maxLength: 200, path: 'address' }),
  }
}

interface Sealed {
  wordsSealed: Buffer
  salt: Buffer
  commitment: string
}

/** The words as they are kept, and what the ledger holds of them. */
function sealWords(cmd: Command, words: object): Sealed {
  const salt = randomBytes(SALT_BYTES)
  const commitment = cmd.vault.commitment(salt, canonicalize(words) ?? '').toString('hex')
  return { wordsSealed: cmd.vault.seal(cmd.county, JSON.stringify(words)), salt, commitment }
}

/** The post by whose grant somebody writes; what the session says where it is none of the county's posts. */
async function writesAs(cmd: Command, grant: Grant): Promise<string> {
  const post = (await postsHeld(cmd)).find(({ postId }) => postId === grant.postId)
  return post ? postLabel(cmd, post) : cmd.actor.label
}

/**
 * Writes an entry. Its id may be the phone's own: handed in again, by whatever way and however late, it stays one entry.
 *
 * @throws duty.unknown_kind, duty.met_later, duty.follow_up_past, loop.place_needed, loop.outside_area, kernel.forbidden,
 *   kernel.wrong_purpose; kernel.conflict for an id that somebody else has used.
 */
export async function writeDiary(cmd: Command, input: WriteDiary): Promise<DiaryView> {
  requireActor(cmd, 'staff')
  const place = await placeOf(cmd, input)
  const grant = requireGrant(cmd, 'duty.write', place.areaPath)
  const { kinds } = await settingOf(cmd)
  const kind = requireKind(kinds, input.kind).code
  const metAt = input.metAt === undefined ? cmd.now : new Date(input.metAt)
  const followUpOn = input.followUpOn ?? null
  requireDates(cmd.now, metAt, followUpOn)
  const words = cleanWords(input)
  const { wordsSealed, salt, commitment } = sealWords(cmd, words)
  const fileIds = [...new Set(input.fileIds ?? [])]
  const row: store.DiaryRow = {
    county: cmd.county,
    id: input.id ?? uuidv7(cmd.now),
    version: 1,
    authorId: authorOf(cmd),
    authorLabel: await writesAs(cmd, grant),
    areaPath: place.areaPath,
    areaChosen: place.chosen,
    longitude: place.longitude,
    latitude: place.latitude,
    accuracyMetres: place.accuracyMetres,
    positionSource: place.source,
    kind,
    done: input.done ?? false,
    photos: fileIds.length,
    wordsSealed,
    metAt,
    metOn: dayOf(metAt),
    writtenAt: cmd.now,
    followUpOn,
    followUpToldAt: null,
    followsId: (await followed(cmd, input.followsId))?.id ?? null,
    followedBy: null,
    matterId: null,
  }
  if (!(await store.insertEntry(cmd.tx, row))) return earlier(cmd, row.id)
  const { id, areaPath, done } = row
  await store.insertVersion(cmd.tx, versionOf(cmd, row, { wordsSealed, salt }))
  if (row.followsId) await store.saveEntry(cmd.tx, { county: cmd.county, id: row.followsId }, { followedBy: id })
  const written = { kind, areaPath, done, followUpOn, commitment }
  const more = { metOn: row.metOn, photos: row.photos, follows: row.followsId }
  await record(cmd, DiaryWritten, row, { ...written, ...more })
  const subject = { kind: SUBJECT, id, areaPath, purpose: 'handling' }
  await attachFiles(
    cmd,
    subject,
    fileIds.map((fileId) => ({ id: fileId, role: 'before' as const })),
  )
  return viewOf(cmd, row)
}

function authorOf(cmd: Command): string {
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  return cmd.actor.id
}

/** The entry that stands under an id; somebody else's is none of ours. */
async function earlier(cmd: Command, id: string): Promise<DiaryView> {
  const standing = await store.findEntry(cmd.tx, cmd.county, id)
  if (!standing || standing.authorId !== cmd.actor.id) throw new Fault('kernel.conflict', { diary: id })
  return viewOf(cmd, standing)
}

/** One's own entry that a further visit belongs to. @throws kernel.not_found */
async function followed(cmd: Command, id: string | undefined): Promise<store.DiaryRow | undefined> {
  if (id === undefined) return undefined
  const row = await store.findEntry(cmd.tx, cmd.county, id)
  if (!row || row.authorId !== cmd.actor.id) throw new Fault('kernel.not_found')
  return row
}

const versionOf = (
  cmd: Command,
  row: store.DiaryRow,
  { wordsSealed, salt }: Pick<Sealed, 'wordsSealed' | 'salt'>,
): store.VersionRow => ({
  county: cmd.county,
  diaryId: row.id,
  version: row.version,
  kind: row.kind,
  done: row.done,
  followUpOn: row.followUpOn,
  wordsSealed,
  salt,
  byAccount: authorOf(cmd),
  at: cmd.now,
})

/** The author's own entry, locked, its words still there. @throws kernel.not_found, duty.not_yours, duty.forgotten, kernel.forbidden */
async function lockOwn(
  cmd: Command,
  id: string,
  action?: 'duty.write',
): Promise<store.DiaryRow & { wordsSealed: Buffer }> {
  const row = await store.lockEntry(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  if (action) requireGrant(cmd, action, row.areaPath)
  if (row.authorId !== cmd.actor.id) throw new Fault('duty.not_yours')
  const { wordsSealed } = row
  if (!wordsSealed) throw new Fault('duty.forgotten')
  return { ...row, wordsSealed }
}

/**
 * Corrects an entry by a new version; what stood before stays to be read.
 *
 * @throws kernel.stale, duty.not_yours, duty.is_case once a case was made of it, duty.forgotten, and what writing throws.
 */
export async function correctDiary(cmd: Command, id: string, input: CorrectDiary): Promise<DiaryView> {
  const row = await lockOwn(cmd, id)
  if (row.matterId) throw new Fault('duty.is_case')
  if (row.version !== input.version) throw new Fault('kernel.stale', { version: row.version })
  const { kinds } = await settingOf(cmd)
  const kind = input.kind === row.kind ? row.kind : requireKind(kinds, input.kind).code
  const followUpOn = input.followUpOn ?? null
  requireDates(cmd.now, row.metAt, followUpOn)
  const words = cleanWords(input)
  const reason = cleanText(input.reason ?? '', { maxLength: 200, path: 'reason' })
  const { wordsSealed } = sealWords(cmd, words)
  const kept = sealWords(cmd, { ...words, reason })
  const change = { kind, done: input.done ?? false, followUpOn, wordsSealed, version: row.version + 1 }
  const told = followUpOn === row.followUpOn ? row.followUpToldAt : null
  const next: store.DiaryRow = { ...row, ...change, followUpToldAt: told }
  await store.saveEntry(cmd.tx, row, { ...change, followUpToldAt: told })
  await store.insertVersion(cmd.tx, versionOf(cmd, next, kept))
  const { commitment } = kept
  await record(cmd, DiaryCorrected, next, { kind, areaPath: row.areaPath, done: next.done, followUpOn, commitment })
  return viewOf(cmd, next)
}

/**
 * Makes a case of an entry: text, place and photos go on, the two name each other. However often it is asked, there is one.
 *
 * Whom one visited is who reports it; where nobody is named, it was found on the round.
 * @throws duty.not_yours, duty.forgotten, loop.unknown_category, kernel.forbidden
 */
export async function fileDiary(cmd: Command, id: string, input: FileDiary): Promise<DiaryFiledAs> {
  const row = await lockOwn(cmd, id, 'duty.write')
  if (row.matterId) return filedAs(cmd, row.matterId, null)
  const { kinds } = await settingOf(cmd)
  const category = input.category ?? kinds.find(({ code }) => code === row.kind)?.category ?? ''
  const words = JSON.parse(cmd.vault.open(cmd.county, row.wordsSealed)) as Words
  const files = await listFiles(cmd, SUBJECT, id)
  const position =
    row.longitude === null || row.latitude === null
      ? null
      : {
          longitude: row.longitude,
          latitude: row.latitude,
          ...(row.accuracyMetres === null ? {} : { accuracyMetres: row.accuracyMetres }),
        }
  const speaksFor = words.visited !== '' && hasGrant(cmd, 'loop.report', row.areaPath)
  // The answer that is kept for repeats is ours, not the report's.
  const receipt = await reportMatter(
    { ...cmd, idempotency: null },
    {
      kind: 'event',
      category,
      text: words.text,
      areaPath: row.areaPath,
      ...(position ? { position } : {}),
      ...(words.address ? { address: words.address } : {}),
      ...(files.length > 0 ? { fileIds: files.map((file) => file.id) } : {}),
      ...(speaksFor ? { contact: { name: words.visited, channel: 'visit' as const } } : {}),
    },
  )
  const version = row.version + 1
  await store.saveEntry(cmd.tx, row, { matterId: receipt.id, version })
  const filed = { matterId: receipt.id, areaPath: row.areaPath, category }
  await record(cmd, DiaryFiled, { id, version }, filed)
  return filedAs(cmd, receipt.id, speaksFor ? receipt.progressCode : null)
}

async function filedAs(cmd: Command, matterId: string, progressCode: string | null): Promise<DiaryFiledAs> {
  const matter = (await statesOf(cmd, [matterId])).get(matterId)
  if (!matter) throw new Fault('kernel.not_found')
  return { ...matter, progressCode }
}

/**
 * Shows the words without their mask, asks why, and leaves an entry.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose, identity.second_factor_needed, duty.forgotten
 */
export async function unmaskDiary(cmd: Command, id: string, input: UnmaskDiary): Promise<DiaryWords> {
  const row = await store.findEntry(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'duty.unmask', row.areaPath)
  await requireSecondFactor(cmd)
  if (!row.wordsSealed) throw new Fault('duty.forgotten')
  const reason = cleanText(input.reason, { maxLength: 200, minLength: 4, path: 'reason' })
  const opening = uuidv7(cmd.now)
  const { salt, commitment } = sealWords(cmd, { reason })
  const { county, purpose, now: at } = cmd
  const byAccount = authorOf(cmd)
  await store.insertUnmasking(cmd.tx, { county, id: opening, diaryId: id, byAccount, purpose, reason, salt, at })
  await record(cmd, DiaryUnmasked, { id: opening, version: 1 }, { diaryId: id, areaPath: row.areaPath, commitment })
  return JSON.parse(cmd.vault.open(county, row.wordsSealed)) as DiaryWords
}
