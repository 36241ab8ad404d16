import type { Command } from '../../kernel/command.ts'
import { ancestorsOf } from '../areas/rules.ts'
import { directoryOf, kindsOfLevel, type Directory, type Level } from '../directory.ts'
import { acting, chainOf, nearestFirst, pickResponsible, type DutyRow, type OnDuty } from './rules.ts'
import type { Role } from './roles.ts'
import { hasHolding, listDuty } from './store.ts'
import { listCovering } from '../areas/index.ts'

export type Reader = Pick<Command, 'tx' | 'county' | 'ports' | 'now'>

/** The county's roles: shipped ones with its own decisions laid over, by code. */
export const rolesOf = async (cmd: Reader): Promise<ReadonlyMap<string, Role>> => (await directoryOf(cmd)).roles

/** Posts at a place and above it; of another instant than now straight from the history. */
async function dutyAbove(
  cmd: Reader,
  directory: Directory,
  areaPath: string,
  at: Date | undefined,
  roles?: readonly string[],
): Promise<DutyRow[]> {
  const paths = ancestorsOf(areaPath)
  const isNow = at === undefined || at.getTime() === cmd.now.getTime()
  return isNow ? directory.dutyAt(paths, cmd.now, roles) : listDuty(cmd.tx, cmd.county, paths, at)
}

/**
 * Who answers for a place in a role: the holder of the nearest post at or above it, B while A is away; when all posts of
 * the role are vacant, whoever stands next on the ladder.
 *
 * @param at Another instant than now: who answered then.
 * @returns undefined only when nobody at all is in office from the place up to the county.
 */
export async function responsibleFor(
  cmd: Reader,
  areaPath: string,
  role: string,
  at?: Date,
): Promise<OnDuty | undefined> {
  const directory = await directoryOf(cmd)
  const rows = await dutyAbove(cmd, directory, areaPath, at)
  const inOtherNet = rows.some((row) => row.role === role) ? [] : await dutyOver(cmd, directory, areaPath, at)
  return pickResponsible([...rows, ...inOtherNet.filter((row) => row.role === role)], role, directory.ladder)
}

/** Posts of other nets and large areas that stand over a place: a police officer answers for the grids of the police grid. */
async function dutyOver(cmd: Reader, directory: Directory, areaPath: string, at: Date | undefined): Promise<DutyRow[]> {
  if (at === undefined || at.getTime() === cmd.now.getTime())
    return directory.dutyAt(directory.standOver(areaPath), cmd.now)
  const covering = await listCovering(cmd.tx, cmd.county, ancestorsOf(areaPath), at)
  return listDuty(
    cmd.tx,
    cmd.county,
    covering.map(({ path }) => path),
    at,
  )
}

/** Who answered for a place in a role on a past day; the same question with its instant. */
export const whoWas = (cmd: Reader, areaPath: string, role: string, at: Date): Promise<OnDuty | undefined> =>
  responsibleFor(cmd, areaPath, role, at)

/** Everybody who answers for a place, lowest step of the ladder first, one per post, vacant posts left out. */
export async function escalationChain(cmd: Reader, areaPath: string, at?: Date): Promise<OnDuty[]> {
  const directory = await directoryOf(cmd)
  return chainOf(await dutyAbove(cmd, directory, areaPath, at), directory.ladder)
}

/**
 * Account ids of everybody who acts in a role at a place: at the place itself, or where it has no such post in office, at
 * the nearest area above.
 *
 * @param unit Only posts of this department; '' or left out: of any.
 */
export async function holdersOf(
  cmd: Reader,
  role: string,
  areaPath: string,
  at?: Date,
  unit?: string,
): Promise<string[]> {
  const directory = await directoryOf(cmd)
  const wanted = (row: DutyRow): boolean => row.role === role && (!unit || row.unit === unit)
  const rows = (await dutyAbove(cmd, directory, areaPath, at, [role])).filter(wanted)
  const over = rows.length > 0 ? [] : (await dutyOver(cmd, directory, areaPath, at)).filter(wanted)
  rows.push(...over)
  for (const path of [...ancestorsOf(areaPath), ...new Set(over.map((row) => row.areaPath))]) {
    const people = rows
      .filter((row) => row.areaPath === path)
      .map(acting)
      .filter((person) => person !== undefined)
    if (people.length > 0) return [...new Set(people.map(({ accountId }) => accountId))]
  }
  return []
}

/** A post as something can be given to it: by role, department and area, whoever sits in it. */
export interface PostChoice {
  role: string
  /** Department code; '' where the post has none. */
  unit: string
  areaPath: string
  /** As people say it, with its area where the post's own name does not tell. */
  label: string
  /** The role's name: many posts are shown under it. */
  group: string
}

/** Whether somebody holds a post now or will; asked of the table, since a seat must not be given on what was true seconds ago. */
export const holdsPost = (cmd: Pick<Command, 'tx' | 'county' | 'now'>, accountId: string): Promise<boolean> =>
  hasHolding(cmd.tx, cmd.county, accountId, cmd.now)

/** The posts that accounts hold now, as A or B, in words. */
export async function postsOf(cmd: Command, accountIds: readonly string[]): Promise<Map<string, string[]>> {
  const directory = await directoryOf(cmd)
  const named = new Map<string, string[]>()
  for (const id of accountIds) {
    const held = directory.heldBy(id, cmd.now)
    const labels = held.map(({ role, unit, path }) =>
      postLabel(cmd, { role, unit: unit ?? '', areaPath: path }, cmd.locale),
    )
    named.set(id, await Promise.all(labels))
  }
  return named
}

export interface HeldNow {
  postId: string
  role: string
  unit: string
  areaPath: string
  slot: 'A' | 'B'
  deputyFor: string | null
}

/** The posts in which the actor acts now: as A, or as B while A is away or missing. */
export async function postsHeld(cmd: Reader & Pick<Command, 'actor'>): Promise<HeldNow[]> {
  if (cmd.actor.kind !== 'staff' || !cmd.actor.id) return []
  const directory = await directoryOf(cmd)
  return directory
    .heldBy(cmd.actor.id, cmd.now)
    .filter((post) => post.slot === 'A' || !post.holderA || post.awayA)
    .map(({ postId, role, unit, path, slot, holderA }) => ({
      postId,
      role,
      unit: unit ?? '',
      areaPath: path,
      slot,
      deputyFor: slot === 'B' ? holderA : null,
    }))
}

export interface PostWish {
  /** Tried in order. */
  roles: readonly string[]
  level?: Level | undefined
  /** Only posts of these departments, first choice first. */
  units?: readonly string[] | undefined
}

/**
 * The post to which something at this place goes: the first of the roles that has somebody acting at the place or above
 * it, at the level asked for; when none has, whoever stands next on the ladder. It never goes to an empty chair as long as
 * anybody is in office above.
 */
export async function responsiblePost(cmd: Reader, areaPath: string, wish: PostWish): Promise<PostChoice> {
  const directory = await directoryOf(cmd)
  const start = wish.level ? directory.areaAtLevel(areaPath, wish.level) : areaPath
  const wished = directory.dutyAt(ancestorsOf(start), cmd.now, wish.roles)
  for (const role of wish.roles) {
    const acts = (row: DutyRow): boolean => row.role === role && acting(row) !== undefined
    const found =
      firstOf(wished.filter(acts), wish.units) ??
      firstOf(directory.dutyAt(directory.standOver(start), cmd.now, [role]).filter(acts), wish.units)
    if (found) return choiceOf(directory, found)
  }
  const rows = directory.dutyAt(ancestorsOf(start), cmd.now)
  const above = pickResponsible(rows, wish.roles[0] ?? '', directory.ladder)
  const stands = above && rows.find(({ postId }) => postId === above.postId)
  if (stands) return choiceOf(directory, stands)
  const role = wish.roles[0] ?? ''
  const label = directory.postLabel({ role, unit: '', areaPath: start }, 'zh-CN')
  return { role, unit: '', areaPath: start, label, group: directory.roles.get(role)?.zh ?? role }
}

/** The nearest; where departments are asked for, of the first one that has a post here. Posts without one fit any wish. */
function firstOf(rows: readonly DutyRow[], units: readonly string[] | undefined): DutyRow | undefined {
  const near = rows.toSorted(nearestFirst)
  if (!units) return near[0]
  return [...units, null].flatMap((unit) => near.find((row) => (row.unit ?? null) === unit) ?? [])[0]
}

const CHOICES_MAX = 200

/**
 * The posts of these roles among which one may choose for something at this place: those over it first, then those at the
 * grids of its village and the villages of its town. Empty chairs are left out.
 */
export async function postChoices(
  cmd: Reader & { locale?: string },
  areaPath: string,
  wish: PostWish,
): Promise<PostChoice[]> {
  const directory = await directoryOf(cmd)
  const above = directory.dutyAt(ancestorsOf(areaPath), cmd.now, wish.roles)
  const kinds = wish.level && kindsOfLevel[wish.level]
  const found = new Map<string, PostChoice>()
  for (const role of wish.roles) {
    const over = above.filter((row) => row.role === role).toSorted(nearestFirst)
    for (const row of [...over, ...directory.dutyAround(role, areaPath, cmd.now)]) {
      if (!acting(row) || (kinds && !kinds.includes(directory.areas.get(row.areaPath)?.kind ?? ''))) continue
      const key = `${row.role}|${row.unit ?? ''}|${row.areaPath}`
      if (!found.has(key)) found.set(key, choiceOf(directory, row, cmd.locale))
      if (found.size >= CHOICES_MAX) return [...found.values()]
    }
  }
  return [...found.values()]
}

function choiceOf(directory: Directory, row: DutyRow, locale = 'zh-CN'): PostChoice {
  const post = { role: row.role, unit: row.unit ?? '', areaPath: row.areaPath }
  const role = directory.roles.get(row.role)
  return {
    ...post,
    label: (locale !== 'en' && row.postName) || directory.postLabel(post, locale),
    group: (locale === 'en' ? role?.en : role?.zh) ?? row.role,
  }
}

/** What a post is called in the reader's language: its own name in Chinese, place and role in English. */
export const postLabel = async (
  cmd: Reader,
  post: Omit<PostChoice, 'label' | 'group'>,
  locale: string = 'zh-CN',
): Promise<string> => (await directoryOf(cmd)).postLabel(post, locale)

/** A role's name in the reader's language; the code itself for one that is unknown. */
export async function roleName(cmd: Reader, role: string, locale: string = 'zh-CN'): Promise<string> {
  const words = (await directoryOf(cmd)).roles.get(role)
  return (locale === 'en' ? words?.en : words?.zh) ?? role
}

/** The short name of an area: from its village down (红联村第二网格第3微网格), above that its own. '' for an unknown one. */
export const areaNameOf = async (cmd: Reader, areaPath: string): Promise<string> =>
  (await directoryOf(cmd)).placeName(areaPath)

/** Whether an account sits in a post now, as A or B. */
export async function sitsIn(cmd: Reader, accountId: string, postId: string): Promise<boolean> {
  const directory = await directoryOf(cmd)
  return directory.heldBy(accountId, cmd.now).some((post) => post.postId === postId)
}

export interface Colleague {
  accountId: string
  postId: string
  areaPath: string
  label: string
  /** The grants of the post's role, `action:purpose`. */
  grants: readonly string[]
}

const COLLEAGUES_MAX = 100

/** Who sits in a post at a place, above it, or in the areas directly below it; nearest first, at most 100. */
export async function colleaguesAt(cmd: Reader & { locale?: string }, areaPath: string): Promise<Colleague[]> {
  const directory = await directoryOf(cmd)
  const paths = [...ancestorsOf(areaPath), ...directory.childrenOf(areaPath).map(({ path }) => path)]
  const found: Colleague[] = []
  for (const row of directory.dutyAt(paths, cmd.now)) {
    const grants = directory.roles.get(row.role)?.grants.map(({ action, purpose }) => `${action}:${purpose}`) ?? []
    const post = { role: row.role, unit: row.unit ?? '', areaPath: row.areaPath }
    const label = directory.postLabel(post, cmd.locale ?? 'zh-CN')
    for (const accountId of [row.holderA, row.holderB]) {
      if (accountId) found.push({ accountId, postId: row.postId, areaPath: row.areaPath, label, grants })
    }
  }
  return found.slice(0, COLLEAGUES_MAX)
}
