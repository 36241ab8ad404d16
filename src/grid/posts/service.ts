import { createHash } from 'node:crypto'
import { lockForPost, unmask } from '../../identity/index.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor, requireGrant } from '../../kernel/grants.ts'
import { uuidv5, uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import { getArea } from '../areas/index.ts'
import { directoryOf, forgetDirectory } from '../directory.ts'
import { raise } from '../kept.ts'
import { listChangedRoles } from '../store.ts'
import {
  AbsenceDeclared,
  AbsenceEnded,
  PostAssigned,
  PostClosed,
  PostCreated,
  PostDuties,
  PostRelieved,
  RoleChanged,
  type Absence,
  type AssignPost,
  type ClosePost,
  type CreatePost,
  type DeclareAbsence,
  type EndAbsence,
  type Post,
  type RelievePost,
  type Role as WrittenRole,
  type SetDuties,
  type SetRole,
  type Unmask,
  type Unmasked,
} from './contract.ts'
import { postsHeld, rolesOf } from './duty.ts'
import type { RoleGrant } from './roles.ts'
import { mayManagePerson, presentAbsences, presentPosts } from './queries.ts'
import { calledAt, rolesOver } from './rules.ts'
import * as store from './store.ts'

/** Tells this process after the commit, others by the version, that somebody else is on duty. */
async function dutyChanged(cmd: Command): Promise<void> {
  await raise(cmd, 'duty')
  cmd.afterCommit(() => forgetDirectory(cmd.ports, cmd.county))
}

async function presentOne(cmd: Command, id: string): Promise<Post> {
  const post = await store.findPost(cmd.tx, cmd.county, id, cmd.now)
  if (!post) throw new Fault('kernel.not_found')
  return (await presentPosts(cmd, [post]))[0]!
}

/** Sets up a post at an area. @throws grid.unknown_area, grid.unknown_role, kernel.conflict */
export async function createPost(cmd: Command, input: CreatePost): Promise<Post> {
  return presentOne(cmd, await layPost(cmd, input))
}

/** The same without the answer, for many at once. @returns the post's id. */
export async function layPost(cmd: Command, input: CreatePost): Promise<string> {
  requireGrant(cmd, 'grid.manage', input.areaPath)
  const area = await getArea(cmd, input.areaPath)
  const role = (await rolesOf(cmd)).get(input.role)
  if (!role) throw new Fault('grid.unknown_role', { role: input.role })
  const directory = await directoryOf(cmd)
  const unit = input.unit ?? null
  const there = await store.listPosts(cmd.tx, cmd.county, [area.id], cmd.now)
  const place =
    1 + Math.max(0, ...there.filter((post) => post.role === role.code && post.unit === unit).map((post) => post.place))
  const usual = calledAt(directory.placeName(area.path) || area.name, role.zh)
  const name = cleanText(input.name ?? usual, { minLength: 1, maxLength: 60, path: 'name' })
  const id = input.id ?? uuidv7(cmd.now)
  await store.insertPost(cmd.tx, cmd.county, { id, areaId: area.id, role: role.code, unit, name, place }, cmd.now)
  await dutyChanged(cmd)
  await record(cmd, PostCreated, { id, version: 1 }, { area: area.id, path: area.path, role: role.code, unit })
  return id
}

/** Says what a post is there for; the ledger keeps how many lines and their hash. @throws grid.post_closed, kernel.stale, kernel.not_found */
export async function setDuties(cmd: Command, id: string, input: SetDuties): Promise<Post> {
  const post = await lockForChange(cmd, id, input.version)
  const duties = input.duties.map((line) => cleanText(line, { minLength: 1, maxLength: 200, path: 'duties' }))
  const version = post.version + 1
  await store.saveDuties(cmd.tx, cmd.county, { id, duties, version })
  const sha256 = createHash('sha256').update(JSON.stringify(duties)).digest('hex')
  await record(cmd, PostDuties, { id, version }, { path: post.areaPath, lines: duties.length, sha256 })
  return presentOne(cmd, id)
}

async function lockForChange(cmd: Command, id: string, version: number): Promise<store.PostRecord> {
  const post = await store.lockPost(cmd.tx, cmd.county, id, cmd.now)
  requireGrant(cmd, 'grid.manage', post.areaPath)
  if (post.version !== version) throw new Fault('kernel.stale', { version: post.version })
  return post
}

/** Abolishes a post; who held it holds it no longer. @throws grid.post_closed, kernel.stale, kernel.not_found */
export async function closePost(cmd: Command, id: string, input: ClosePost): Promise<Post> {
  const post = await lockForChange(cmd, id, input.version)
  await store.endPost(cmd.tx, cmd.county, id, post.version + 1, cmd.now)
  await dutyChanged(cmd)
  await record(cmd, PostClosed, { id, version: post.version + 1 }, { path: post.areaPath })
  return presentOne(cmd, id)
}

/**
 * Seats somebody in a post as A or B, from now or a later day on; never oneself, and no administrator, since whoever
 * decides about rights must not use them.
 *
 * @throws identity.not_oneself, grid.holds_seat, grid.post_taken, grid.holds_other_slot, grid.not_staff, grid.bad_interval, grid.post_closed, kernel.stale
 */
export async function assignPost(cmd: Command, id: string, input: AssignPost): Promise<Post> {
  const post = await lockForChange(cmd, id, input.version)
  const heldFrom = input.from === undefined ? cmd.now : new Date(input.from)
  const heldUntil = input.until ? new Date(input.until) : null
  if (heldFrom < cmd.now || (heldUntil && heldUntil <= heldFrom)) throw new Fault('grid.bad_interval')
  if (input.accountId === cmd.actor.id) throw new Fault('identity.not_oneself')
  const standing = await lockForPost(cmd, input.accountId)
  if (standing === 'notStaff') throw new Fault('grid.not_staff')
  if (standing === 'seated') throw new Fault('grid.holds_seat')
  const holding = { id: uuidv7(cmd.now), postId: id, accountId: input.accountId, slot: input.slot, heldFrom, heldUntil }
  await store.insertHolding(cmd.tx, cmd.county, holding)
  const version = post.version + 1
  await store.savePostVersion(cmd.tx, cmd.county, id, version)
  await dutyChanged(cmd)
  await record(
    cmd,
    PostAssigned,
    { id, version },
    {
      path: post.areaPath,
      account: input.accountId,
      slot: input.slot,
      from: heldFrom.toISOString(),
      until: heldUntil?.toISOString() ?? null,
    },
  )
  return presentOne(cmd, id)
}

/** Relieves the holder of a slot now. @throws grid.slot_vacant, grid.post_closed, kernel.stale */
export async function relievePost(cmd: Command, id: string, input: RelievePost): Promise<Post> {
  const post = await lockForChange(cmd, id, input.version)
  const ended = await store.endHolding(cmd.tx, cmd.county, id, input.slot, cmd.now)
  if (!ended) throw new Fault('grid.slot_vacant', { slot: input.slot })
  const version = post.version + 1
  await store.savePostVersion(cmd.tx, cmd.county, id, version)
  await dutyChanged(cmd)
  await record(cmd, PostRelieved, { id, version }, { path: post.areaPath, account: ended.accountId, slot: input.slot })
  return presentOne(cmd, id)
}

/**
 * Notes that somebody is away, so that B acts: oneself, or somebody whose post one manages.
 *
 * @throws grid.already_away, grid.bad_interval, kernel.forbidden
 */
export async function declareAbsence(cmd: Command, input: DeclareAbsence): Promise<Absence> {
  requireActor(cmd, 'staff', 'system')
  const accountId = input.accountId ?? cmd.actor.id ?? ''
  if (!(await mayManagePerson(cmd, accountId))) throw new Fault('kernel.forbidden')
  const awayFrom = input.from === undefined ? cmd.now : new Date(input.from)
  const awayUntil = input.until ? new Date(input.until) : null
  if (awayUntil && (awayUntil <= awayFrom || awayUntil <= cmd.now)) throw new Fault('grid.bad_interval')
  const row = { id: input.id ?? uuidv7(cmd.now), accountId, reason: input.reason, awayFrom, awayUntil, version: 1 }
  await store.insertAbsence(cmd.tx, cmd.county, row, cmd.actor.id)
  await dutyChanged(cmd)
  const body = { account: accountId, from: awayFrom.toISOString(), until: awayUntil?.toISOString() ?? null }
  await record(cmd, AbsenceDeclared, { id: row.id, version: 1 }, body)
  return (await presentAbsences(cmd, [row]))[0]!
}

/** Somebody is back, or does not go after all. @throws kernel.not_found, kernel.forbidden, kernel.stale */
export async function endAbsence(cmd: Command, id: string, input: EndAbsence): Promise<Absence> {
  requireActor(cmd, 'staff', 'system')
  const row = await store.lockAbsence(cmd.tx, cmd.county, id)
  if (!(await mayManagePerson(cmd, row.accountId))) throw new Fault('kernel.forbidden')
  if (row.version !== input.version) throw new Fault('kernel.stale', { version: row.version })
  const version = row.version + 1
  await store.endAbsence(cmd.tx, cmd.county, id, version, cmd.now)
  await dutyChanged(cmd)
  await record(cmd, AbsenceEnded, { id, version }, { account: row.accountId })
  return (await presentAbsences(cmd, [{ ...row, awayUntil: cmd.now, version }]))[0]!
}

/** A role as it would be. */
export interface RolePlan {
  role: Role
  /** What it may do now. */
  before: readonly RoleGrant[]
}
interface Role extends Omit<WrittenRole, 'changed' | 'pending'> {
  grants: RoleGrant[]
}

/**
 * What a role would be after a change; a code that is not shipped makes a role of the county's own. A role that one holds
 * oneself is for somebody else to change.
 *
 * @throws identity.not_oneself, kernel.stale, kernel.forbidden, kernel.wrong_purpose
 */
export async function planRole(cmd: Command, code: string, input: SetRole): Promise<RolePlan> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  if ((await postsHeld(cmd)).some((post) => post.role === code)) throw new Fault('identity.not_oneself')
  const changed = await listChangedRoles(cmd.tx, cmd.county)
  const version = changed.find((role) => role.code === code)?.version ?? 0
  if (version !== input.version) throw new Fault('kernel.stale', { version })
  const role = {
    code,
    zh: cleanText(input.zh, { minLength: 1, maxLength: 40, path: 'zh' }),
    en: cleanText(input.en, { minLength: 1, maxLength: 60, path: 'en' }),
    grants: input.grants,
    rung: input.rung,
    version: version + 1,
  }
  return { role, before: rolesOver(changed).get(code)?.grants ?? [] }
}

/** Writes a role down as the county decided it. The caller has asked whether that may be. @throws kernel.stale */
export async function putRole(cmd: Command, role: RolePlan['role']): Promise<void> {
  await store.saveRole(cmd.tx, cmd.county, role, cmd.now)
  await dutyChanged(cmd)
  const id = uuidv5('3c3ff2a8-6f4c-5d51-9a53-0f6a30f2ab10', `${cmd.county}/${role.code}`)
  const grants = role.grants.map(({ action, purpose }) => `${action}:${purpose}`)
  await record(cmd, RoleChanged, { id, version: role.version }, { role: role.code, grants, rung: role.rung })
}

/**
 * Shows the full phone of somebody on duty here; asks why and leaves an entry.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose, kernel.not_found when they hold no post of the area,
 *   identity.second_factor_needed
 */
export async function unmaskHolder(cmd: Command, postId: string, input: Unmask): Promise<Unmasked> {
  const post = await store.findPost(cmd.tx, cmd.county, postId, cmd.now)
  if (!post) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'grid.unmask', post.areaPath)
  const holders = await store.listHolders(cmd.tx, cmd.county, [postId], cmd.now)
  if (!holders.some(({ accountId }) => accountId === input.accountId)) throw new Fault('kernel.not_found')
  const shown = await unmask(cmd, input.accountId, { fields: ['name', 'phone'], reason: input.reason })
  return { name: shown.name ?? '', phone: shown.phone ?? null }
}
