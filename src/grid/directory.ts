import type { Tx } from '../kernel/db.ts'
import { subtreeRange } from '../kernel/grants.ts'
import type { Ports } from '../kernel/ports.ts'
import { ancestorsOf } from './areas/rules.ts'
import { BACK_MS, Kept, within, type CountyReader } from './kept.ts'
import { ladderOf, rolesOver, type DutyRow, type HeldPost, type Ladder } from './posts/rules.ts'
import type { Role } from './posts/roles.ts'
import {
  listAllAbsences,
  listAllAreas,
  listAllHoldings,
  listAllPosts,
  listChangedRoles,
  type KnownArea,
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

/** A county's areas and who is in its posts, in memory: who answers for a place costs no query. */
export class Directory {
  readonly roles: ReadonlyMap<string, Role>
  readonly ladder: Ladder
  readonly areas: ReadonlyMap<string, KnownArea>
  readonly #parents = new Set<string>()
  readonly #entries = new Map<string, PostEntry>()
  readonly #posts = new Map<string, PostEntry[]>()
  readonly #byAccount = new Map<string, [PostEntry, KnownHolding][]>()
  /** Posts by `role|reach`, in path order, so that those around a place are one stretch. */
  readonly #around = new Map<string, PostEntry[]>()
  readonly #absences = new Map<string, { awayFrom: Date; awayUntil: Date | null }[]>()

  constructor(rows: DirectoryRows) {
    this.roles = rolesOver(rows.roles)
    this.ladder = ladderOf(this.roles)
    this.areas = new Map(rows.areas.map((area) => [area.path, area]))
    const kindOf = new Map(rows.areas.map(({ path, kind }) => [path, kind]))
    for (const { path, overlay, kind } of rows.areas) {
      if (overlay === 'base' && kind !== 'largeArea') this.#parents.add(path.slice(0, path.lastIndexOf('/')))
    }
    const pathOf = new Map(rows.areas.map(({ id, path }) => [id, path]))
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

  /** The short name of an area: from its village down (红联村第二网格第3微网格), above that its own. '' for an unknown one. */
  placeName(areaPath: string): string {
    const above = ancestorsOf(areaPath)
      .toReversed()
      .map((path) => this.areas.get(path))
    const village = above.findIndex((area) => area && kindsOfLevel.village.includes(area.kind))
    const shown = village === -1 ? above.slice(-1) : above.slice(village)
    return shown.map((area) => area?.name ?? '').join('')
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

  /** Posts at exactly these paths with who holds them. */
  dutyAt(paths: readonly string[], at: Date): DutyRow[] {
    return paths.flatMap((path) => this.#rows(this.#posts.get(path), at))
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
  posts: KnownPost[]
  holdings: KnownHolding[]
  absences: Awaited<ReturnType<typeof listAllAbsences>>
  roles: Awaited<ReturnType<typeof listChangedRoles>>
}

async function loadDirectory(tx: Tx, county: string, now: Date): Promise<Directory> {
  const since = new Date(now.getTime() - BACK_MS)
  const [areas, posts, holdings, absences, roles] = await Promise.all([
    listAllAreas(tx, county, now),
    listAllPosts(tx, county, since),
    listAllHoldings(tx, county, since),
    listAllAbsences(tx, county, since),
    listChangedRoles(tx, county),
  ])
  return new Directory({ areas, posts, holdings, absences, roles })
}

const directories = new Kept<Directory>({ freshMs: FRESH_MS, version: 'duty', load: loadDirectory })

/** The county's directory, out of memory. */
export const readDirectory = (reader: CountyReader): Promise<Directory> => directories.of(reader)

/** The directory within a command. */
export const directoryOf = (cmd: { tx: Tx; county: string; ports: Ports; now: Date }): Promise<Directory> =>
  directories.of(within(cmd))

export const forgetDirectory = (ports: Ports, county: string): void => directories.forget(ports, county)
