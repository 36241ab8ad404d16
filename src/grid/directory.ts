import type { Tx } from '../kernel/db.ts'
import { isWithin, subtreeRange, type Grant } from '../kernel/grants.ts'
import type { Ports } from '../kernel/ports.ts'
import { ancestorsOf } from './areas/rules.ts'
import { BACK_MS, Kept, within, type CountyReader } from './kept.ts'
import {
  calledAt,
  grantsOfPosts,
  ladderOf,
  rolesOver,
  type DutyRow,
  type HeldPost,
  type Ladder,
} from './posts/rules.ts'
import { shippedUnits, type Role } from './posts/roles.ts'
import {
  listAllAbsences,
  listAllAreas,
  listAllCovers,
  listAllHoldings,
  listAllPosts,
  listChangedRoles,
  type KnownArea,
  type KnownCover,
  type KnownHolding,
  type KnownPost,
} from './store.ts'

/** How long another process's change may go unnoticed. */
const FRESH_MS = 3_000

interface PostEntry extends KnownPost {
  areaPath: string
  holdings: KnownHolding[]
}

const lasts = (from: Date, until: Date | null, at: Date): boolean => from <= at && (until === null || until > at)

export type Level = 'microGrid' | 'grid' | 'village' | 'town' | 'county'
export const kindsOfLevel: Record<Level, readonly string[]> = {
  microGrid: ['microGrid', 'dedicatedGrid'],
  grid: ['grid', 'dedicatedGrid'],
  village: ['village', 'community'],
  town: ['town'],
  county: ['county'],
}

/** How far around a place a post at some kind of area can be chosen: micro-grids within the village, villages within the town. */
const reachOfKind: Record<string, 'village' | 'town'> = {
  microGrid: 'village',
  dedicatedGrid: 'village',
  estate: 'village',
  grid: 'village',
  village: 'town',
  community: 'town',
}

export interface AreaName {
  name: string
  /** From the town down: 王店镇 红联村 第二网格. */
  fullName: string
  /** From the village down, as people say it: 红联村第二网格. */
  shortName: string
  /** From the county down. */
  names: string[]
  kind: string
}

const GRANTS_MS = 1_000
const ACCOUNTS_MAX = 20_000

/** A county's areas and who is in its posts, in memory: who answers for a place costs no query. */
export class Directory {
  readonly roles: ReadonlyMap<string, Role>
  readonly ladder: Ladder
  readonly areas: ReadonlyMap<string, KnownArea>
  readonly #names = new Map<string, AreaName>()
  readonly #labels = new Map<string, string>()
  readonly #grants = new Map<string, { grants: readonly Grant[]; at: number }>()
  readonly #parents = new Set<string>()
  /** Base areas by the path above them, in path order; made when it is first asked for. */
  #below: Map<string, KnownArea[]> | undefined
  readonly #entries = new Map<string, PostEntry>()
  readonly #posts = new Map<string, PostEntry[]>()
  readonly #byAccount = new Map<string, [PostEntry, KnownHolding][]>()
  /** Posts by `role|reach`, in path order, so that those around a place are one stretch. */
  readonly #around = new Map<string, PostEntry[]>()
  readonly #absences = new Map<string, { awayFrom: Date; awayUntil: Date | null }[]>()
  /** By the path of an area of another net, and of each such area above it: the base areas over which it stands. */
  readonly #ground = new Map<string, string[]>()
  /** By the path of a base area: the areas of other nets that stand over it. */
  readonly #over = new Map<string, string[]>()

  constructor(rows: DirectoryRows) {
    this.roles = rolesOver(rows.roles)
    this.ladder = ladderOf(this.roles)
    this.areas = new Map(rows.areas.map((area) => [area.path, area]))
    const kindOf = new Map(rows.areas.map(({ path, kind }) => [path, kind]))
    for (const { path, overlay, kind } of rows.areas) {
      if (overlay === 'base' && kind !== 'largeArea') this.#parents.add(path.slice(0, path.lastIndexOf('/')))
    }
    const pathOf = new Map(rows.areas.map(({ id, path }) => [id, path]))
    this.#lay(rows.covers, pathOf)
    const entries = this.#entries
    for (const post of rows.posts) {
      const areaPath = pathOf.get(post.areaId)
      if (areaPath === undefined) continue
      const entry: PostEntry = { ...post, areaPath, holdings: [] }
      entries.set(post.id, entry)
      push(this.#posts, areaPath, entry)
      const reach = reachOfKind[kindOf.get(areaPath) ?? '']
      if (reach) push(this.#around, `${post.role}|${reach}`, entry)
    }
    for (const list of this.#around.values()) list.sort((one, other) => (one.areaPath < other.areaPath ? -1 : 1))
    for (const holding of rows.holdings) {
      const entry = entries.get(holding.postId)
      if (!entry) continue
      entry.holdings.push(holding)
      push(this.#byAccount, holding.accountId, [entry, holding])
    }
    for (const { accountId, ...absence } of rows.absences) push(this.#absences, accountId, absence)
  }

  #lay(covers: readonly KnownCover[], pathOf: ReadonlyMap<string, string>): void {
    for (const { areaId, coveredId } of covers) {
      const [path, covered] = [pathOf.get(areaId), pathOf.get(coveredId)]
      if (path === undefined || covered === undefined) continue
      push(this.#over, covered, path)
      // Whoever stands at the head of a net's tree reaches what its parts stand over.
      for (const above of ancestorsOf(path))
        if (this.areas.get(above)?.overlay !== 'base' || above === path) push(this.#ground, above, covered)
    }
    for (const [path, covered] of this.#ground) {
      const all = new Set(covered)
      const inAnother = (one: string): boolean => ancestorsOf(one).some((above) => above !== one && all.has(above))
      this.#ground.set(
        path,
        [...all].filter((one) => !inAnother(one)),
      )
    }
  }

  /** The base areas over which an area of another net, or one below it in that net, stands; none inside another. */
  groundOf(areaPath: string): readonly string[] {
    return this.#ground.get(areaPath) ?? []
  }

  /** The areas of other nets and large areas that stand over a base area or over what lies above it. */
  standOver(areaPath: string): string[] {
    return [...new Set(ancestorsOf(areaPath).flatMap((path) => this.#over.get(path) ?? []))]
  }

  /** How many areas of each net and kind lie below a path, and how many of their posts somebody holds. */
  netsBelow(
    root: string,
    at: Date,
  ): { overlay: KnownArea['overlay']; kind: KnownArea['kind']; areas: number; posts: number; manned: number }[] {
    const counts = new Map<string, ReturnType<Directory['netsBelow']>[number]>()
    for (const { path, overlay, kind } of this.areas.values()) {
      if (path === root || !isWithin(path, root)) continue
      const key = `${overlay}|${kind}`
      const count = counts.get(key) ?? { overlay, kind, areas: 0, posts: 0, manned: 0 }
      counts.set(key, count)
      const posts = this.#rows(this.#posts.get(path), at)
      count.areas++
      count.posts += posts.length
      count.manned += posts.filter(({ holderA, holderB }) => holderA !== null || holderB !== null).length
    }
    return [...counts.values()]
  }

  /** Names of an area and of what lies above it; undefined for an unknown one. */
  namesOf(areaPath: string): AreaName | undefined {
    const known = this.#names.get(areaPath)
    if (known) return known
    const area = this.areas.get(areaPath)
    if (!area) return undefined
    const above = ancestorsOf(areaPath).toReversed()
    const names = above.map((path) => this.areas.get(path)?.name ?? '')
    const village = above.findIndex((path) => kindsOfLevel.village.includes(this.areas.get(path)?.kind ?? ''))
    const found = {
      name: area.name,
      fullName: names.length > 1 ? names.slice(1).join(' ') : area.name,
      shortName: village === -1 ? area.name : names.slice(village).join(''),
      names,
      kind: area.kind,
    }
    this.#names.set(areaPath, found)
    return found
  }

  /** The short name of an area: from its village down (红联村第二网格第3微网格), above that its own. '' for an unknown one. */
  placeName(areaPath: string): string {
    return this.namesOf(areaPath)?.shortName ?? ''
  }

  /** What a post is called in the reader's language: its own name in Chinese, place and role in English or for one that is gone. */
  postLabel(post: { role: string; unit: string; areaPath: string }, locale: string): string {
    const key = `${locale}|${post.role}|${post.unit}|${post.areaPath}`
    let label = this.#labels.get(key)
    if (label === undefined) this.#labels.set(key, (label = this.#labelOf(post, locale)))
    return label
  }

  #labelOf({ role, unit, areaPath }: { role: string; unit: string; areaPath: string }, locale: string): string {
    const post = this.#posts.get(areaPath)?.find((found) => found.role === role && (found.unit ?? '') === unit)
    if (locale !== 'en' && post?.name) return post.name
    const department = shippedUnits.find(({ code }) => code === unit)
    // A county's own department has no English name: its post's own name tells more than a code.
    if (unit !== '' && !department && post?.name) return post.name
    const words = department ?? this.roles.get(role)
    const name = (locale === 'en' ? words?.en : words?.zh) ?? role
    const place = this.placeName(areaPath)
    return locale === 'en' ? `${place} ${name}` : calledAt(place, name)
  }

  /** The base areas directly below, in code order; large areas stand over others and are not among them. */
  childrenOf(areaPath: string): readonly KnownArea[] {
    if (!this.#below) {
      this.#below = new Map()
      for (const area of this.areas.values()) {
        if (area.overlay === 'base' && area.kind !== 'largeArea')
          push(this.#below, area.path.slice(0, Math.max(0, area.path.lastIndexOf('/'))), area)
      }
      for (const list of this.#below.values()) list.sort((one, other) => (one.path < other.path ? -1 : 1))
    }
    return this.#below.get(areaPath) ?? []
  }

  /** Whether base areas lie below: on the report page one then chooses further. */
  hasBelow(areaPath: string): boolean {
    return this.#parents.has(areaPath)
  }

  /** The name of a post; '' for one that is not open. */
  postName(postId: string): string {
    return this.#entries.get(postId)?.name ?? ''
  }

  isAway(accountId: string, at: Date): boolean {
    return this.#absences.get(accountId)?.some(({ awayFrom, awayUntil }) => lasts(awayFrom, awayUntil, at)) ?? false
  }

  /** Posts at exactly these paths with who holds them; of all roles unless some are named. */
  dutyAt(paths: readonly string[], at: Date, roles?: readonly string[]): DutyRow[] {
    return paths.flatMap((path) => {
      const posts = this.#posts.get(path)
      return this.#rows(roles ? posts?.filter(({ role }) => roles.includes(role)) : posts, at)
    })
  }

  /** The area of a level over a place; the place itself where there is none. */
  areaAtLevel(areaPath: string, level: Level): string {
    return (
      ancestorsOf(areaPath).find((path) => kindsOfLevel[level].includes(this.areas.get(path)?.kind ?? '')) ?? areaPath
    )
  }

  /** Posts of a role near a place: at grids of its village, at villages of its town. */
  dutyAround(role: string, areaPath: string, at: Date): DutyRow[] {
    return (['village', 'town'] as const).flatMap((reach) => {
      const posts = this.#around.get(`${role}|${reach}`)
      return posts ? this.#rows(stretchOf(posts, this.areaAtLevel(areaPath, reach)), at) : []
    })
  }

  /** What an account's posts allow; computed anew each second, for absences begin and end by themselves. */
  grantsOf(accountId: string, at: Date): readonly Grant[] {
    const known = this.#grants.get(accountId)
    if (known && Math.abs(at.getTime() - known.at) < GRANTS_MS) return known.grants
    const grants = grantsOfPosts(this.heldBy(accountId, at), this.roles, (path) => this.groundOf(path))
    if (this.#grants.size >= ACCOUNTS_MAX) this.#grants.clear()
    this.#grants.set(accountId, { grants, at: at.getTime() })
    return grants
  }

  /** The posts in which an account sits at that instant, as A or B. */
  heldBy(accountId: string, at: Date): (HeldPost & { unit: string | null })[] {
    return (this.#byAccount.get(accountId) ?? []).flatMap(([post, holding]) => {
      if (!lasts(holding.heldFrom, holding.heldUntil, at) || !lasts(post.validFrom, post.validUntil, at)) return []
      const row = this.#row(post, at)
      return [
        {
          postId: post.id,
          path: post.areaPath,
          role: post.role,
          unit: post.unit,
          slot: holding.slot,
          holderA: row.holderA,
          awayA: row.awayA,
        },
      ]
    })
  }

  #rows(posts: PostEntry[] | undefined, at: Date): DutyRow[] {
    return (posts ?? []).filter((post) => lasts(post.validFrom, post.validUntil, at)).map((post) => this.#row(post, at))
  }

  #row(post: PostEntry, at: Date): DutyRow {
    const holder = (slot: 'A' | 'B'): string | null =>
      post.holdings.find((holding) => holding.slot === slot && lasts(holding.heldFrom, holding.heldUntil, at))
        ?.accountId ?? null
    const [holderA, holderB] = [holder('A'), holder('B')]
    return {
      postId: post.id,
      postName: post.name,
      role: post.role,
      unit: post.unit,
      place: post.place,
      areaPath: post.areaPath,
      areaName: this.areas.get(post.areaPath)?.name ?? '',
      holderA,
      awayA: holderA !== null && this.isAway(holderA, at),
      holderB,
      awayB: holderB !== null && this.isAway(holderB, at),
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** The posts of a subtree out of a list in path order. */
function stretchOf(posts: PostEntry[], root: string): PostEntry[] {
  const [from, to] = subtreeRange(root)
  let low = 0
  let high = posts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (posts[middle]!.areaPath < from) low = middle + 1
    else high = middle
  }
  let end = low
  while (end < posts.length && posts[end]!.areaPath < to) end++
  return posts.slice(low, end)
}

interface DirectoryRows {
  areas: KnownArea[]
  covers: KnownCover[]
  posts: KnownPost[]
  holdings: KnownHolding[]
  absences: Awaited<ReturnType<typeof listAllAbsences>>
  roles: Awaited<ReturnType<typeof listChangedRoles>>
}

async function loadDirectory(tx: Tx, county: string, now: Date): Promise<Directory> {
  const since = new Date(now.getTime() - BACK_MS)
  const [areas, covers, posts, holdings, absences, roles] = await Promise.all([
    listAllAreas(tx, county, now),
    listAllCovers(tx, county, now),
    listAllPosts(tx, county, since),
    listAllHoldings(tx, county, since),
    listAllAbsences(tx, county, since),
    listChangedRoles(tx, county),
  ])
  return new Directory({ areas, covers, posts, holdings, absences, roles })
}

const directories = new Kept<Directory>({ freshMs: FRESH_MS, version: 'duty', load: loadDirectory })

/** The county's directory, out of memory. */
export const readDirectory = (reader: CountyReader): Promise<Directory> => directories.of(reader)

/** The directory within a command. */
export const directoryOf = (cmd: { tx: Tx; county: string; ports: Ports; now: Date }): Promise<Directory> =>
  directories.of(within(cmd))

export const forgetDirectory = (ports: Ports, county: string): void => directories.forget(ports, county)
