import type { App } from '../kernel/app.ts'
import { runRead, systemActor, type Command, type Purpose } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { isWithin } from '../kernel/grants.ts'
import { errorKind } from '../kernel/jobs.ts'
import type { WallChange, WallHappening } from './contract.ts'
import { happenings } from './happenings.ts'
import { tickOf } from './service.ts'
import { lookForWork } from './store.ts'

/** Streams that one account may hold open, over all its screens and tabs, and a process over all accounts. */
const PER_ACCOUNT_MAX = 8
const PER_PROCESS_MAX = 5_000
/** What one message shows of a moment; the rest is a number. */
const ITEMS_MAX = 60
/** Leaves read at once, and how far back a listener is told what it missed; beyond that it is told to read anew. */
const LEAVES = 500
const MISSED_MAX = 500
/** What was brought in from elsewhere with its old time changes figures, but has not just happened. */
const RECENT_MS = 3_600_000
const TICK_MS = 1_000
/** The clock alone changes figures too: what falls due, the day that ends. */
const IDLE_TICK_MS = 15_000
const ALIVE_MS = 15_000
const CHECK_MS = 10_000

/** Somebody who watches an area. */
export interface Listener {
  readonly county: string
  readonly path: string
  readonly accountId: string
  readonly purpose: Purpose
  readonly token: string
  /** Whether where exactly matters lie is theirs to know: they may read all matters of the area. */
  readonly placed: boolean
  /** @returns false when the other side does not read: it is dropped and comes again. */
  write(text: string): boolean
  end(): void
}

interface Held {
  listener: Listener
  /** What came while it was still being told what it had missed; null afterwards. */
  waiting: string[] | null
}

interface Scope {
  held: Set<Held>
  changed: boolean
  tickedAt: number
}

interface Watched {
  /** The next leaf to tell of; null until it is known. */
  next: number | null
  scopes: Map<string, Scope>
  pumping: Promise<void> | null
  again: boolean
}

export const message = (event: string, data: unknown, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const changeOf = (items: readonly WallHappening[], asOf: Date): WallChange => ({
  asOf: asOf.toISOString(),
  items: items.slice(-ITEMS_MAX),
  more: Math.max(0, items.length - ITEMS_MAX),
})

const unplaced = (items: readonly WallHappening[]): WallHappening[] => items.map((item) => ({ ...item, point: null }))

const readAs = <T>(app: App, county: string, work: (cmd: Command) => Promise<T>): Promise<T> =>
  runRead(
    app,
    { county, actor: systemActor, grants: [], purpose: 'statistics', requestId: 'wall', locale: 'zh-CN' },
    work,
  )

const inside = (items: readonly WallHappening[], path: string): WallHappening[] =>
  items.filter(({ areaPath }) => isWithin(areaPath, path))

/**
 * Tells listeners what the ledger has gained in their area: the ledger is followed once in this process, figures are
 * counted once for each area that is watched, and every listener of an area is sent the same text.
 *
 * Only what the counts hold is told, so that whoever then asks for figures finds it in them.
 */
export class Feed {
  readonly #app: App
  readonly #counties = new Map<string, Watched>()
  readonly #perAccount = new Map<string, number>()
  #listeners = 0
  #timers: NodeJS.Timeout[] = []
  #closed = false

  constructor(app: App) {
    this.#app = app
  }

  get size(): number {
    return this.#listeners
  }

  isWatched(county: string): boolean {
    return this.#counties.has(county)
  }

  /**
   * Lets somebody listen, first to what they have missed since `lastLeaf`.
   *
   * @returns stops listening.
   * @throws insight.too_many_screens, kernel.unavailable
   */
  async join(listener: Listener, lastLeaf: number | null): Promise<() => void> {
    const who = `${listener.county}/${listener.accountId}`
    const mine = this.#perAccount.get(who) ?? 0
    if (this.#closed || this.#listeners >= PER_PROCESS_MAX)
      throw new Fault('kernel.unavailable', {}, { retryAfterSeconds: 5 })
    if (mine >= PER_ACCOUNT_MAX) throw new Fault('insight.too_many_screens', {}, { retryAfterSeconds: 60 })
    this.#perAccount.set(who, mine + 1)
    this.#listeners++
    this.#wind()
    const held: Held = { listener, waiting: [] }
    const leave = (): void => this.#leave(held, who)
    try {
      const watched = this.#watchedOf(listener.county)
      this.#scopeOf(watched, listener.path).held.add(held)
      await this.#begin(held, watched, lastLeaf)
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  /** What somebody missed since a leaf, as messages, without listening on. */
  async missed(
    { county, path, placed }: Pick<Listener, 'county' | 'path' | 'placed'>,
    lastLeaf: number | null,
  ): Promise<string> {
    return readAs(this.#app, county, async (cmd) => {
      const { nextIndex } = await lookForWork(cmd.tx, county, cmd.now)
      return `${await this.#missedText(cmd, { path, placed }, lastLeaf, nextIndex)}${message('figures', await tickOf(cmd, path))}`
    })
  }

  async #begin(held: Held, watched: Watched, lastLeaf: number | null): Promise<void> {
    const { county, path, placed } = held.listener
    if (watched.next === null) {
      const { nextIndex } = await readAs(this.#app, county, (cmd) => lookForWork(cmd.tx, county, cmd.now))
      // Another may have begun meanwhile, and told on from there.
      watched.next ??= nextIndex
    }
    // From here on what is told is kept; what was told until here is read, in a view that is younger.
    const upTo = watched.next
    held.waiting = []
    const text = await readAs(
      this.#app,
      county,
      async (cmd) =>
        `${await this.#missedText(cmd, { path, placed }, lastLeaf, upTo)}${message('figures', await tickOf(cmd, path))}`,
    )
    const waiting = held.waiting ?? []
    held.waiting = null
    held.listener.write(`retry: 3000\n${text}${waiting.join('')}`)
  }

  async #missedText(
    cmd: Command,
    { path, placed }: Pick<Listener, 'path' | 'placed'>,
    lastLeaf: number | null,
    upTo: number,
  ): Promise<string> {
    const ready = message('ready', {}, upTo - 1)
    if (lastLeaf === null || lastLeaf >= upTo - 1) return ready
    if (upTo - 1 - lastLeaf > MISSED_MAX) return `${message('reset', {})}${ready}`
    const items = inside(await happenings(cmd, lastLeaf + 1, upTo - 1 - lastLeaf), path)
    if (items.length === 0) return ready
    const told = changeOf(placed ? items : unplaced(items), cmd.now)
    return `${message('change', told, items.at(-1)!.leaf)}${ready}`
  }

  /** Tells of what has been counted since; called when the counts have grown. */
  pump(county: string): Promise<void> {
    const watched = this.#counties.get(county)
    if (!watched || this.#closed) return Promise.resolve()
    if (watched.pumping) {
      watched.again = true
      return watched.pumping
    }
    watched.pumping = this.#pumpAll(county, watched)
      .catch((error: unknown) => this.#app.log.warn({ county, kind: errorKind(error) }, 'the wall could not be told'))
      .finally(() => (watched.pumping = null))
    return watched.pumping
  }

  async #pumpAll(county: string, watched: Watched): Promise<void> {
    do {
      watched.again = false
      await readAs(this.#app, county, async (cmd) => {
        const { nextIndex } = await lookForWork(cmd.tx, county, cmd.now)
        // Behind `next` after a recount, or where a listener began with a newer view: it catches up by itself.
        watched.next ??= nextIndex
        while (watched.next < nextIndex) {
          const count = Math.min(LEAVES, nextIndex - watched.next)
          const items = await happenings(cmd, watched.next, count)
          watched.next += count
          this.#tell(watched, items, cmd.now)
        }
      })
    } while (watched.again)
  }

  #tell(watched: Watched, items: readonly WallHappening[], now: Date): void {
    if (items.length === 0) return
    for (const [path, scope] of watched.scopes) {
      const here = inside(items, path)
      if (here.length === 0) continue
      scope.changed = true
      const recent = here.filter(({ at }) => now.getTime() - Date.parse(at) < RECENT_MS)
      if (recent.length === 0) continue
      const text = (items: readonly WallHappening[]) => message('change', changeOf(items, now), here.at(-1)!.leaf)
      this.#send(scope, text(recent), text(unplaced(recent)))
    }
  }

  /** @param bare The same for those who may not know where exactly matters lie. */
  #send(scope: Scope, text: string, bare = text): void {
    for (const held of scope.held) {
      const own = held.listener.placed ? text : bare
      if (held.waiting) held.waiting.push(own)
      else if (!held.listener.write(own)) held.listener.end()
    }
  }

  /** Figures of the areas in which something has happened, and now and then of all. */
  async tick(): Promise<void> {
    const now = performance.now()
    for (const [county, { scopes }] of this.#counties) {
      for (const [path, scope] of scopes) {
        if (!scope.changed && now - scope.tickedAt < IDLE_TICK_MS) continue
        scope.changed = false
        scope.tickedAt = now
        const tick = await readAs(this.#app, county, (cmd) => tickOf(cmd, path))
        this.#send(scope, message('figures', tick))
      }
    }
  }

  /** Ends the streams of those whose session is over or who may no longer look there. */
  async check(): Promise<void> {
    const now = this.#app.clock.now()
    const verdicts = new Map<string, Promise<boolean>>()
    for (const held of this.#all()) {
      const { token, path, purpose, placed } = held.listener
      const key = `${token}|${path}|${purpose}|${placed}`
      const verdict = verdicts.get(key) ?? this.#mayListen(held.listener, now)
      verdicts.set(key, verdict)
      if (await verdict) continue
      held.listener.write(message('ended', { reason: 'session' }))
      held.listener.end()
    }
  }

  async #mayListen({ county, token, path, purpose, accountId, placed }: Listener, now: Date): Promise<boolean> {
    const { sessions, grants } = this.#app.ports
    const session = await sessions.resolve(token, now, true)
    if (!session || session.county !== county || session.actor.id !== accountId) return false
    const own = session.actor.kind === 'staff' ? await grants.grantsOf(county, accountId, now) : []
    const held = [...own, ...session.extraGrants].filter(
      (grant) => grant.purpose === purpose && isWithin(path, grant.path),
    )
    const needed = placed ? ['insight.read', 'loop.read'] : ['insight.read']
    return needed.every((action) => held.some((grant) => grant.action === action))
  }

  /** Ends every stream; whoever listens comes again when the house is back. */
  close(): void {
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    this.#timers = []
    for (const held of this.#all()) {
      held.listener.write(message('ended', { reason: 'closing' }))
      held.listener.end()
    }
  }

  #all(): Held[] {
    return [...this.#counties.values()].flatMap(({ scopes }) => [...scopes.values()].flatMap(({ held }) => [...held]))
  }

  #watchedOf(county: string): Watched {
    const found = this.#counties.get(county) ?? { next: null, scopes: new Map(), pumping: null, again: false }
    this.#counties.set(county, found)
    return found
  }

  #scopeOf(watched: Watched, path: string): Scope {
    const found = watched.scopes.get(path) ?? { held: new Set(), changed: false, tickedAt: performance.now() }
    watched.scopes.set(path, found)
    return found
  }

  #leave(held: Held, who: string): void {
    const { county, path } = held.listener
    const watched = this.#counties.get(county)
    const scope = watched?.scopes.get(path)
    if (!watched || !scope?.held.delete(held)) return
    this.#listeners--
    const left = (this.#perAccount.get(who) ?? 1) - 1
    if (left === 0) this.#perAccount.delete(who)
    else this.#perAccount.set(who, left)
    if (scope.held.size === 0) watched.scopes.delete(path)
    if (watched.scopes.size === 0) this.#counties.delete(county)
    if (this.#listeners === 0) {
      for (const timer of this.#timers) clearInterval(timer)
      this.#timers = []
    }
  }

  /** Timers run only while somebody listens. */
  #wind(): void {
    if (this.#timers.length > 0 || this.#closed) return
    let [ticking, checking] = [false, false]
    const tick = async (): Promise<void> => {
      if (ticking) return
      ticking = true
      await this.tick().catch((error: unknown) =>
        this.#app.log.warn({ kind: errorKind(error) }, 'figures of the wall could not be counted'),
      )
      ticking = false
    }
    const check = async (): Promise<void> => {
      if (checking) return
      checking = true
      await this.check().catch((error: unknown) =>
        this.#app.log.warn({ kind: errorKind(error) }, 'listeners of the wall could not be checked'),
      )
      checking = false
    }
    const alive = (): void => {
      for (const { scopes, next } of this.#counties.values())
        for (const scope of scopes.values()) this.#send(scope, `${next === null ? '' : `id: ${next - 1}\n`}: alive\n\n`)
    }
    this.#timers = [
      setInterval(() => void tick(), TICK_MS),
      setInterval(() => void check(), CHECK_MS),
      setInterval(alive, ALIVE_MS),
    ]
    for (const timer of this.#timers) timer.unref()
  }
}

const feeds = new WeakMap<App, Feed>()

/** The one feed of a house. */
export function feedOf(app: App): Feed {
  const feed = feeds.get(app) ?? new Feed(app)
  feeds.set(app, feed)
  return feed
}
