import { randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, hasGrant, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { colleaguesAt, sitsIn } from '../../grid/index.ts'
import { requireSecondFactor } from '../../identity/index.ts'
import { record } from '../../ledger/index.ts'
import {
  FollowUpContacted,
  FollowUpEnded,
  FollowUpExtensionAsked,
  FollowUpExtensionDecided,
  FollowUpLooked,
  FollowUpOpened,
  FollowUpStaffNamed,
  type AskExtension,
  type DecideExtension,
  type EndFollowUp,
  type FollowUpDone,
  type FollowUpView,
  type LookAt,
  type NameStaff,
  type OpenFollowUp,
  type TakeOver,
  type WriteContact,
} from './contract.ts'
import { dayOf, daysAfter, requireBasis, requireEnd, requirePerson } from './rules.ts'
import * as store from './store.ts'
import { viewOf } from './views.ts'
import { FOLLOW_UP, selfOf, settingOf, wordsOf } from './words.ts'

const SALT_BYTES = 16

/** Something said, as it is kept, and what the ledger holds of it. */
function seal(cmd: Command, said: object): { sealed: Buffer; salt: Buffer; commitment: string } {
  const salt = randomBytes(SALT_BYTES)
  const commitment = cmd.vault.commitment(salt, canonicalize(said) ?? '').toString('hex')
  return { sealed: cmd.vault.seal(cmd.county, JSON.stringify(said)), salt, commitment }
}

/** People and the posts by which they are named, each proved. @throws registry.follow_up_staff */
async function requireStaff(
  cmd: Command,
  areaPath: string,
  named: readonly { accountId: string; postId: string }[],
): Promise<void> {
  if (named.length === 0) return
  const there = await colleaguesAt(cmd, areaPath)
  const fits = named.every(({ accountId, postId }) =>
    there.some((one) => one.accountId === accountId && one.postId === postId),
  )
  if (!fits) throw new Fault('registry.follow_up_staff')
}

/** The actor's own post by which they look after this place. @throws registry.follow_up_staff */
async function ownPost(cmd: Command, areaPath: string): Promise<string> {
  const own = (await colleaguesAt(cmd, areaPath)).find(({ accountId }) => accountId === cmd.actor.id)
  if (!own) throw new Fault('registry.follow_up_staff')
  return own.postId
}

/**
 * Opens a follow-up: a legal basis, an end, and who may see it. Whoever opens it is one of them.
 *
 * @throws registry.follow_up_basis, registry.follow_up_days, registry.follow_up_staff, registry.follow_up_future,
 *   kernel.forbidden, kernel.wrong_purpose; kernel.conflict for an id that somebody has used.
 */
export async function openFollowUp(cmd: Command, input: OpenFollowUp): Promise<FollowUpDone> {
  const self = selfOf(cmd)
  requireGrant(cmd, FOLLOW_UP, input.areaPath)
  const { bases } = await settingOf(cmd)
  const basis = requireBasis(bases, input.basis)
  requireEnd(cmd.now, input.endsOn, basis)
  const nextOn = input.nextOn ?? null
  if (nextOn !== null && nextOn < dayOf(cmd.now)) throw new Fault('registry.follow_up_future')
  const postId = await ownPost(cmd, input.areaPath)
  const others = input.staff.filter(({ accountId }) => accountId !== self)
  await requireStaff(cmd, input.areaPath, others)
  const basisWords = cleanText(input.basisWords, { minLength: 4, maxLength: 500, multiline: true, path: 'basisWords' })
  const name = cleanText(input.person.name, { minLength: 1, maxLength: 60, path: 'person/name' })
  const person = requirePerson({ ...input.person, name }, dayOf(cmd.now))
  const { sealed, salt, commitment } = seal(cmd, { person, basisWords })
  const id = input.id ?? uuidv7(cmd.now)
  const row: store.FollowUpRow = {
    county: cmd.county,
    id,
    version: 1,
    areaPath: input.areaPath,
    basis: basis.code,
    sealed,
    salt,
    state: 'open',
    openedBy: self,
    openedAt: cmd.now,
    endsOn: input.endsOn,
    nextOn,
    nextToldAt: null,
    endToldAt: null,
    endedAt: null,
    deleteAt: null,
  }
  if (!(await store.insertFollowUp(cmd.tx, row))) throw new Fault('kernel.conflict', { followUp: id })
  const staff = [{ accountId: self, postId }, ...others]
  await store.insertStaff(
    cmd.tx,
    staff.map((one) => staffRow(cmd, id, one)),
  )
  await record(cmd, FollowUpOpened, row, { basis: basis.code, endsOn: row.endsOn, staff: staff.length, commitment })
  return { id, version: 1 }
}

const staffRow = (
  cmd: Command,
  followUpId: string,
  { accountId, postId }: { accountId: string; postId: string },
): store.StaffRow => ({
  county: cmd.county,
  followUpId,
  accountId,
  postId,
  namedBy: cmd.actor.id,
  namedAt: cmd.now,
})

/**
 * The follow-up, if the actor is named in it and still sits in the post by which they were. For everybody else it is not there.
 *
 * @throws kernel.not_found, registry.follow_up_ended
 */
async function lockNamed(cmd: Command, id: string): Promise<store.FollowUpRow> {
  const self = selfOf(cmd)
  const row = await store.lockFollowUp(cmd.tx, cmd.county, id)
  const own = row && (await store.listStaff(cmd.tx, cmd.county, [id])).find(({ accountId }) => accountId === self)
  if (!row || !own || !(await sitsIn(cmd, self, own.postId))) throw new Fault('kernel.not_found')
  if (row.state !== 'open' || row.endsOn < dayOf(cmd.now)) throw new Fault('registry.follow_up_ended')
  return row
}

/** The same for whoever may also decide about it. @throws kernel.forbidden, kernel.wrong_purpose, kernel.stale */
async function lockManaged(cmd: Command, id: string, version: number): Promise<store.FollowUpRow> {
  grantedPaths(cmd, FOLLOW_UP)
  const row = await lockNamed(cmd, id)
  requireGrant(cmd, FOLLOW_UP, row.areaPath)
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/**
 * Shows whom a follow-up is about and what was written, asks what for, and leaves a look and an entry.
 *
 * @throws kernel.not_found for whoever is not named, registry.follow_up_ended, identity.second_factor_needed
 */
export async function lookAt(cmd: Command, id: string, input: LookAt): Promise<FollowUpView> {
  const row = await lockNamed(cmd, id)
  await requireSecondFactor(cmd)
  const reason = cleanText(input.reason, { minLength: 4, maxLength: 200, path: 'reason' })
  const { purpose } = input
  const said = seal(cmd, { followUp: id, purpose, reason })
  const lookId = uuidv7(cmd.now)
  const by = { county: cmd.county, id: lookId, byAccount: selfOf(cmd), at: cmd.now }
  await store.insertLook(cmd.tx, { ...by, areaPath: row.areaPath, purpose })
  const { sealed, salt, commitment } = said
  await store.insertNote(cmd.tx, { ...by, followUpId: id, kind: 'look', way: null, metOn: null, sealed, salt })
  await record(cmd, FollowUpLooked, { id: lookId, version: 1 }, { purpose, commitment })
  return viewOf(cmd, row)
}

/**
 * Writes down a contact, and when the next one is. The phone's own id makes it one, however often it is handed in.
 *
 * @throws kernel.not_found, registry.follow_up_ended, registry.follow_up_future
 */
export async function writeContact(cmd: Command, id: string, input: WriteContact): Promise<FollowUpDone> {
  const row = await lockNamed(cmd, id)
  const nextOn = input.nextOn ?? null
  const today = dayOf(cmd.now)
  if (input.metOn > today || (nextOn !== null && nextOn < today)) throw new Fault('registry.follow_up_future')
  const words = cleanText(input.text, { minLength: 1, maxLength: 2000, multiline: true, path: 'text' })
  const { sealed, salt, commitment } = seal(cmd, { words })
  const made = await store.insertNote(cmd.tx, {
    county: cmd.county,
    id: input.id ?? uuidv7(cmd.now),
    followUpId: id,
    kind: 'contact',
    way: input.way,
    metOn: input.metOn,
    sealed,
    salt,
    byAccount: selfOf(cmd),
    at: cmd.now,
  })
  if (!made) return { id, version: row.version }
  const version = row.version + 1
  await store.saveFollowUp(cmd.tx, row, { version, nextOn, nextToldAt: null })
  await record(cmd, FollowUpContacted, { id, version }, { way: input.way, commitment })
  return { id, version }
}

/** Names further staff or takes names away. @throws registry.follow_up_staff, registry.follow_up_last, and what managing throws */
export async function nameStaff(cmd: Command, id: string, input: NameStaff): Promise<FollowUpDone> {
  const row = await lockManaged(cmd, id, input.version)
  await requireStaff(cmd, row.areaPath, input.add)
  const standing = await store.listStaff(cmd.tx, cmd.county, [id])
  const removed = input.remove.filter((one) => standing.some(({ accountId }) => accountId === one))
  const added = input.add.filter((one) => !standing.some(({ accountId }) => accountId === one.accountId))
  if (standing.length - removed.length + added.length < 1) throw new Fault('registry.follow_up_last')
  await store.deleteStaff(cmd.tx, cmd.county, id, removed)
  await store.insertStaff(
    cmd.tx,
    added.map((one) => staffRow(cmd, id, one)),
  )
  const version = row.version + 1
  await store.saveFollowUp(cmd.tx, row, { version })
  const body = { added: added.map(({ accountId }) => accountId), removed, cause: 'named' as const }
  await record(cmd, FollowUpStaffNamed, { id, version }, body)
  return { id, version }
}

/**
 * Asks another person, who may open follow-ups here, for a later end on a new basis.
 *
 * @throws registry.follow_up_other_person, registry.follow_up_new_basis, registry.follow_up_asked, registry.follow_up_days
 */
export async function askExtension(cmd: Command, id: string, input: AskExtension): Promise<FollowUpDone> {
  const row = await lockManaged(cmd, id, input.version)
  const self = selfOf(cmd)
  const approves = (await colleaguesAt(cmd, row.areaPath)).some(
    ({ accountId, grants }) => accountId === input.approver && grants.includes(`${FOLLOW_UP}:handling`),
  )
  if (input.approver === self || !approves) throw new Fault('registry.follow_up_other_person')
  const basis = requireBasis((await settingOf(cmd)).bases, input.basis)
  requireEnd(cmd.now, input.endsOn, basis)
  const basisWords = cleanText(input.basisWords, { minLength: 4, maxLength: 500, multiline: true, path: 'basisWords' })
  const before = wordsOf(cmd, row)
  if (basisWords === before.basisWords || input.endsOn <= row.endsOn) throw new Fault('registry.follow_up_new_basis')
  if (await store.findOpenExtension(cmd.tx, cmd.county, id)) throw new Fault('registry.follow_up_asked')
  const { sealed, salt, commitment } = seal(cmd, { basisWords })
  const asked = { basis: basis.code, endsOn: input.endsOn, approver: input.approver }
  await store.insertExtension(cmd.tx, {
    county: cmd.county,
    id: uuidv7(cmd.now),
    followUpId: id,
    sealed,
    salt,
    ...asked,
    askedBy: self,
    askedAt: cmd.now,
    decision: null,
    decidedAt: null,
  })
  const version = row.version + 1
  await store.saveFollowUp(cmd.tx, row, { version })
  await record(cmd, FollowUpExtensionAsked, { id, version }, { ...asked, commitment })
  return { id, version }
}

/**
 * Decides about a later end: only the person who was asked, who sees the basis and not whom it is about.
 *
 * @throws kernel.not_found for anybody else, registry.follow_up_ended when its day came first
 */
export async function decideExtension(cmd: Command, id: string, input: DecideExtension): Promise<FollowUpDone> {
  grantedPaths(cmd, FOLLOW_UP)
  const self = selfOf(cmd)
  const row = await store.lockFollowUp(cmd.tx, cmd.county, id)
  const asked = row && (await store.findOpenExtension(cmd.tx, cmd.county, id))
  if (!row || !asked || asked.id !== input.extensionId || asked.approver !== self) throw new Fault('kernel.not_found')
  requireGrant(cmd, FOLLOW_UP, row.areaPath)
  if (row.state !== 'open' || row.endsOn < dayOf(cmd.now)) throw new Fault('registry.follow_up_ended')
  const decision = input.approve ? 'approved' : 'refused'
  await store.saveDecision(cmd.tx, asked, { decision, decidedAt: cmd.now })
  const version = row.version + 1
  const change = input.approve ? extended(cmd, row, asked) : {}
  await store.saveFollowUp(cmd.tx, row, { version, ...change })
  const body = { basis: asked.basis, endsOn: asked.endsOn, approved: input.approve }
  await record(cmd, FollowUpExtensionDecided, { id, version }, body)
  return { id, version }
}

function extended(cmd: Command, row: store.FollowUpRow, asked: store.ExtensionRow): Partial<store.FollowUpRow> {
  const { basisWords } = JSON.parse(cmd.vault.open(cmd.county, asked.sealed)) as { basisWords: string }
  const { sealed, salt } = seal(cmd, { ...wordsOf(cmd, row), basisWords })
  return { basis: asked.basis, endsOn: asked.endsOn, endToldAt: null, sealed, salt }
}

/** Ends a follow-up before its day. @throws what managing throws */
export async function endFollowUp(cmd: Command, id: string, input: EndFollowUp): Promise<FollowUpDone> {
  const row = await lockManaged(cmd, id, input.version)
  const reason = cleanText(input.reason, { minLength: 4, maxLength: 200, path: 'reason' })
  const { sealed, salt, commitment } = seal(cmd, { words: reason })
  const by = { county: cmd.county, id: uuidv7(cmd.now), byAccount: selfOf(cmd), at: cmd.now }
  await store.insertNote(cmd.tx, {
    ...by,
    followUpId: id,
    kind: 'contact',
    way: 'office',
    metOn: dayOf(cmd.now),
    sealed,
    salt,
  })
  return close(cmd, row, { cause: 'early', commitment })
}

/** Closes it to every look at once; it is deleted some days later, so that an end by mistake can be talked about. */
export async function close(
  cmd: Command,
  row: store.FollowUpRow,
  why: { cause: 'early' | 'endDay'; commitment: string | null },
): Promise<FollowUpDone> {
  const { deleteAfterDays } = await settingOf(cmd)
  const version = row.version + 1
  const deleteAt = new Date(cmd.now.getTime() + deleteAfterDays * 86_400_000)
  await store.saveFollowUp(cmd.tx, row, { version, state: 'ended', endedAt: cmd.now, deleteAt })
  await record(cmd, FollowUpEnded, { id: row.id, version }, { ...why, deleteOn: daysAfter(cmd.now, deleteAfterDays) })
  return { id: row.id, version }
}

/** Takes over a follow-up in which nobody is named any more, since all have left their posts. @throws kernel.not_found */
export async function takeOver(cmd: Command, id: string, input: TakeOver): Promise<FollowUpDone> {
  grantedPaths(cmd, FOLLOW_UP)
  const self = selfOf(cmd)
  const row = await store.lockFollowUp(cmd.tx, cmd.county, id)
  const standing = row ? await store.listStaff(cmd.tx, cmd.county, [id]) : []
  if (row?.state !== 'open' || standing.length > 0 || !hasGrant(cmd, FOLLOW_UP, row.areaPath))
    throw new Fault('kernel.not_found')
  const reason = cleanText(input.reason, { minLength: 4, maxLength: 200, path: 'reason' })
  const postId = await ownPost(cmd, row.areaPath)
  await store.insertStaff(cmd.tx, [staffRow(cmd, id, { accountId: self, postId })])
  const { sealed, salt } = seal(cmd, { reason })
  const by = { county: cmd.county, id: uuidv7(cmd.now), byAccount: self, at: cmd.now }
  await store.insertNote(cmd.tx, { ...by, followUpId: id, kind: 'look', way: null, metOn: null, sealed, salt })
  const version = row.version + 1
  await store.saveFollowUp(cmd.tx, row, { version })
  await record(cmd, FollowUpStaffNamed, { id, version }, { added: [self], removed: [], cause: 'takenOver' })
  return { id, version }
}
