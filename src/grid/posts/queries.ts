import { findStaff, maskedPhonesOf, namesOf } from '../../identity/index.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, hasGrant, isWithin, purposes, requireGrant } from '../../kernel/grants.ts'
import { areaThen, getArea, locate, netsOver, overlaysAt, type AreaRecord } from '../areas/index.ts'
import { directoryOf } from '../directory.ts'
import { listChangedRoles } from '../store.ts'
import type {
  AskPlace,
  AskResponsible,
  FindStaff,
  FoundStaff,
  Absences,
  FoundResponsible,
  HolderHistory,
  ListAbsences,
  ListPosts,
  MyPosts,
  PlaceDuty,
  Post,
  Posts,
  Responsible,
  Role as RoleShown,
  Roles,
} from './contract.ts'
import { escalationChain, postsHeld, responsibleFor, rolesOf } from './duty.ts'
import { acting, rolesOver, type OnDuty } from './rules.ts'
import { shippedRoles, type Role } from './roles.ts'
import * as store from './store.ts'

/** Posts with their holders as this actor may see them. */
export async function presentPosts(cmd: Command, records: store.PostRecord[], at: Date = cmd.now): Promise<Post[]> {
  const holders = await store.listHolders(
    cmd.tx,
    cmd.county,
    records.map(({ id }) => id),
    at,
  )
  const accounts = holders.map(({ accountId }) => accountId)
  const names = await namesOf(cmd, accounts)
  const phones = await maskedPhonesOf(cmd, accounts)
  const roles = await rolesOf(cmd)
  return records.map((post) => {
    const own = holders.filter(({ postId }) => postId === post.id)
    const slot = (word: 'A' | 'B') => own.find((holder) => holder.slot === word)
    const [a, b] = [slot('A'), slot('B')]
    const duty = acting({
      holderA: a?.accountId ?? null,
      awayA: a?.away ?? false,
      holderB: b?.accountId ?? null,
      awayB: b?.away ?? false,
    })
    return {
      id: post.id,
      areaId: post.areaId,
      areaPath: post.areaPath,
      role: post.role,
      roleName: inWords(roles, post.role, cmd.locale),
      unit: post.unit,
      name: post.name,
      place: post.place,
      duties: post.duties,
      version: post.version,
      holders: own.map((holder) => ({
        accountId: holder.accountId,
        name: names.get(holder.accountId) ?? '',
        phone: phones.get(holder.accountId) ?? null,
        slot: holder.slot,
        since: holder.heldFrom.toISOString(),
        away: holder.away,
        onDuty: duty?.accountId === holder.accountId && duty.slot === holder.slot,
      })),
    }
  })
}

const inWords = (roles: ReadonlyMap<string, { zh: string; en: string }>, role: string, locale: string): string =>
  (locale === 'en' ? roles.get(role)?.en : roles.get(role)?.zh) ?? role

/** The posts of one area and who is in them. @throws grid.unknown_area, kernel.forbidden, kernel.wrong_purpose */
export async function listPosts(cmd: Command, query: ListPosts): Promise<Posts> {
  requireGrant(cmd, 'grid.read', query.path)
  const area = await getArea(cmd, query.path)
  return { items: await presentPosts(cmd, await store.listPosts(cmd.tx, cmd.county, [area.id], cmd.now)) }
}

/** A post as it is told of when its area changes. */
export interface PostThere {
  postId: string
  areaPath: string
  name: string
  role: string
  roleName: string
  unit: string | null
  version: number
  holders: { accountId: string; name: string; slot: 'A' | 'B' }[]
}

/** The open posts of areas with who holds them, names only. Whoever calls has checked the grant. */
export async function listPostsOf(cmd: Command, areaIds: string[]): Promise<PostThere[]> {
  const posts = await presentPosts(cmd, await store.listPosts(cmd.tx, cmd.county, areaIds, cmd.now))
  return posts.map(({ id, areaPath, name, role, roleName, unit, version, holders }) => ({
    postId: id,
    areaPath,
    name,
    role,
    roleName,
    unit,
    version,
    holders: holders.map((holder) => ({ accountId: holder.accountId, name: holder.name, slot: holder.slot })),
  }))
}

/** Everybody who ever held a post. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function readHolders(cmd: Command, postId: string): Promise<HolderHistory> {
  const post = await store.findPost(cmd.tx, cmd.county, postId, cmd.now)
  if (!post) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'grid.read', post.areaPath)
  const holdings = await store.listHoldings(cmd.tx, cmd.county, postId)
  const names = await namesOf(
    cmd,
    holdings.map(({ accountId }) => accountId),
  )
  return {
    items: holdings.map(({ accountId, slot, heldFrom, heldUntil }) => ({
      accountId,
      name: names.get(accountId) ?? '',
      slot,
      from: heldFrom.toISOString(),
      until: heldUntil?.toISOString() ?? null,
    })),
  }
}

/** Who answers, or answered on a past day, for a place in a role, and who stands above. @throws kernel.forbidden, kernel.wrong_purpose */
export async function readResponsible(cmd: Command, query: AskResponsible): Promise<FoundResponsible> {
  requireGrant(cmd, 'grid.read', query.path)
  const at = query.at === undefined ? undefined : new Date(query.at)
  const found = await responsibleFor(cmd, query.path, query.role, at)
  const chain = await escalationChain(cmd, query.path, at)
  const all = [...(found ? [found] : []), ...chain]
  const names = await namesOf(
    cmd,
    all.map(({ accountId }) => accountId),
  )
  const roles = await rolesOf(cmd)
  const show = ({ unit: _unit, ...one }: OnDuty): Responsible => ({
    ...one,
    roleName: inWords(roles, one.role, cmd.locale),
    name: names.get(one.accountId) ?? '',
  })
  return { responsible: found ? show(found) : null, chain: chain.map(show) }
}

/**
 * Who answers for one place in every net, or who did on another day: base, Party, police and business, and the large
 * area; with holders, and who was away, as it was then.
 *
 * @throws kernel.bad_request without path or point, grid.unknown_area, kernel.forbidden, kernel.wrong_purpose
 */
export async function readPlaceDuty(cmd: Command, query: AskPlace): Promise<PlaceDuty> {
  const point = query.lng !== undefined && query.lat !== undefined ? { lng: query.lng, lat: query.lat } : undefined
  const place = query.path ?? point
  if (place === undefined) throw new Fault('kernel.bad_request', { field: 'path' })
  const at = query.at === undefined ? undefined : new Date(query.at)
  if (at && at > cmd.now) throw new Fault('kernel.bad_request', { field: 'at' })
  const areas = await overlaysAt(cmd, place, at)
  const base = areas.findLast(({ overlay, kind }) => overlay === 'base' && kind !== 'largeArea')
  if (!base) throw new Fault('grid.unknown_area')
  // Rights are today's: who may ask about a place today may ask who it was.
  const today =
    typeof place === 'string' ? place : at ? (await locate(cmd, { ...place, accuracyMetres: 0 })).area?.path : base.path
  requireGrant(cmd, 'grid.read', today ?? base.path)
  return dutyOf(cmd, areas, { at: at ?? cmd.now, base })
}

async function dutyOf(
  cmd: Command,
  areas: readonly AreaRecord[],
  asked: { at: Date; base: AreaRecord },
): Promise<PlaceDuty> {
  const records = await store.listPosts(
    cmd.tx,
    cmd.county,
    areas.map(({ id }) => id),
    asked.at,
  )
  const posts = await presentPosts(cmd, records, asked.at)
  const chain = areas.filter(
    ({ overlay, kind, depth }) => overlay === 'base' && kind !== 'largeArea' && (depth > 1 || asked.base.depth === 1),
  )
  return {
    at: asked.at.toISOString(),
    path: asked.base.path,
    place: chain.map(({ name }) => name).join(' '),
    items: areas.map(({ overlay, path, name, kind, id }) => ({
      overlay,
      path,
      name,
      kind,
      posts: posts.filter(({ areaId }) => areaId === id),
    })),
  }
}

/**
 * Who answered for an area of that id on another day, for rooms above that know in which area something lay then.
 * Whoever calls has checked the grant.
 *
 * @throws grid.unknown_area
 */
export async function dutyOfArea(cmd: Command, areaId: string, at: Date): Promise<PlaceDuty> {
  const then = await areaThen(cmd, areaId, at)
  if (!then) throw new Fault('grid.unknown_area')
  return dutyOf(cmd, await netsOver(cmd, then.path, { at }), { at, base: then })
}

/** The posts in which one acts now. */
export async function listMyPosts(cmd: Command): Promise<MyPosts> {
  const directory = await directoryOf(cmd)
  const held = await postsHeld(cmd)
  return {
    purposes: purposes.filter((word) => cmd.grants.some((grant) => grant.purpose === word)),
    watches: purposes.filter((word) =>
      cmd.grants.some((grant) => grant.action === 'insight.read' && grant.purpose === word),
    ),
    // A town's path has two parts, the county's one.
    takesSheets: cmd.grants.some(
      ({ action, purpose, path }) => action === 'loop.report' && purpose === 'handling' && path.split('/').length <= 2,
    ),
    items: held.map((post) => ({
      ...post,
      roleName: inWords(directory.roles, post.role, cmd.locale),
      label: directory.postName(post.postId) || directory.placeName(post.areaPath),
    })),
  }
}

/** Every chair in which the actor sits, as A or B, whether or not they act now, with all who sit there. */
export async function chairsOf(cmd: Command): Promise<Post[]> {
  if (cmd.actor.kind !== 'staff' || !cmd.actor.id) return []
  const directory = await directoryOf(cmd)
  const held = directory.heldBy(cmd.actor.id, cmd.now)
  const areaIds = [...new Set(held.map(({ path }) => directory.areas.get(path)?.id))].filter((id) => id !== undefined)
  if (areaIds.length === 0) return []
  const mine = new Set(held.map(({ postId }) => postId))
  const there = await store.listPosts(cmd.tx, cmd.county, areaIds, cmd.now)
  return presentPosts(
    cmd,
    there.filter(({ id }) => mine.has(id)),
  )
}

/** Every role with what it may do: the county's own decisions laid over the shipped ones. */
export async function listRoles(cmd: Command): Promise<Roles> {
  requireGrant(cmd, 'grid.read', cmd.county)
  const changed = await listChangedRoles(cmd.tx, cmd.county)
  const pending = await store.listPendingRoles(cmd.tx, cmd.county)
  return { items: [...rolesOver(changed).values()].map((role) => presentRole(role, changed, pending)) }
}

/** One role as it holds now; one that is only wished for is empty still. */
export async function readRole(cmd: Command, code: string, wished: { zh: string; en: string }): Promise<RoleShown> {
  const changed = await listChangedRoles(cmd.tx, cmd.county)
  const pending = await store.listPendingRoles(cmd.tx, cmd.county)
  const role = rolesOver(changed).get(code) ?? { code, zh: wished.zh, en: wished.en, grants: [], rung: null }
  return presentRole(role, changed, pending)
}

function presentRole(
  role: Role,
  changed: readonly { code: string; version: number }[],
  pending: ReadonlyMap<string, string>,
): RoleShown {
  const own = changed.find(({ code }) => code === role.code)
  return {
    code: role.code,
    zh: role.zh,
    en: role.en,
    grants: [...role.grants],
    rung: role.rung,
    changed: own !== undefined || !shippedRoles.some(({ code }) => code === role.code),
    version: own?.version ?? 0,
    pending: pending.get(role.code) ?? null,
  }
}

/** Absences that last or are to come: one's own, or of everybody with a post in a subtree. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listAbsences(cmd: Command, query: ListAbsences): Promise<Absences> {
  if (query.under !== undefined) requireGrant(cmd, 'grid.manage', query.under)
  const rows =
    query.under === undefined
      ? await store.listAbsencesOf(cmd.tx, cmd.county, cmd.actor.id ?? '', cmd.now)
      : await store.listAbsencesIn(cmd.tx, cmd.county, query.under, cmd.now)
  return { items: await presentAbsences(cmd, rows) }
}

export async function presentAbsences(cmd: Command, rows: store.AbsenceRecord[]): Promise<Absences['items']> {
  const names = await namesOf(
    cmd,
    rows.map(({ accountId }) => accountId),
  )
  return rows.map(({ id, accountId, reason, awayFrom, awayUntil, version }) => ({
    id,
    accountId,
    name: names.get(accountId) ?? '',
    reason,
    from: awayFrom.toISOString(),
    until: awayUntil?.toISOString() ?? null,
    version,
  }))
}

const STAFF_SHOWN = 20

/**
 * Colleagues by name, for whoever fills posts: those of the areas that one manages and those without a post; somebody who
 * sits only elsewhere is found by the whole name, so that a town does not leaf through another's staff.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export async function findStaffByName(cmd: Command, query: FindStaff): Promise<FoundStaff> {
  const roots = grantedPaths(cmd, 'grid.manage')
  const asked = query.q.normalize('NFKC').trim()
  const directory = await directoryOf(cmd)
  const within = (path: string): boolean => roots.some((root) => isWithin(path, root))
  const found = (await findStaff(cmd, asked)).flatMap(({ id, name, loginName }) => {
    const held = directory.heldBy(id, cmd.now)
    const here = held.filter(({ path }) => within(path))
    const elsewhere = here.length < held.length
    if (elsewhere && here.length === 0 && name !== asked && loginName !== asked) return []
    const posts = here.map(({ role, unit, path }) =>
      directory.postLabel({ role, unit: unit ?? '', areaPath: path }, cmd.locale),
    )
    return [{ accountId: id, name, loginName, posts, elsewhere, away: directory.isAway(id, cmd.now) }]
  })
  return { items: found.slice(0, STAFF_SHOWN) }
}

/** Whether the actor may speak for this account: oneself, or somebody whose post lies where one manages the grid. */
export async function mayManagePerson(cmd: Command, accountId: string): Promise<boolean> {
  if (accountId === cmd.actor.id) return true
  const held = (await directoryOf(cmd)).heldBy(accountId, cmd.now)
  return held.some(({ path }) => hasGrant(cmd, 'grid.manage', path))
}
