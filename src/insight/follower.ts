import { countiesOf, type App } from '../kernel/app.ts'
import { errorKind } from '../kernel/jobs.ts'
import { listenForSeals } from '../ledger/index.ts'
import { countBatch } from './counting.ts'
import { feedOf } from './feed.ts'
import { lookForWork } from './store.ts'

/** How often a county is looked at by itself: for what a lost hint left behind, and for what the clock made due. */
const LOOK_MS = 2_000
const COUNTIES_MS = 15_000
/** Where nobody watches, a busy county is counted this often at most: one large batch costs less than four small ones. */
const UNWATCHED_MS = 2_000
/** Another process counts: this one only waits for it, to tell its own listeners. */
const OTHER_MS = 100

/** Counts one county, one batch after another, never two at once in this process. */
class County {
  readonly #app: App
  readonly #code: string
  readonly #stopping: AbortSignal
  round: Promise<void> | null = null
  #woken = false
  #later: NodeJS.Timeout | undefined
  #countedAt = Number.NEGATIVE_INFINITY

  constructor(app: App, code: string, stopping: AbortSignal) {
    this.#app = app
    this.#code = code
    this.#stopping = stopping
  }

  /** The log has grown. */
  wake(): void {
    if (this.#stopping.aborted) return
    const wait = feedOf(this.#app).isWatched(this.#code) ? 0 : this.#countedAt + UNWATCHED_MS - performance.now()
    if (wait > 0) {
      this.#later ??= setTimeout(() => {
        this.#later = undefined
        this.wake()
      }, wait)
      return
    }
    this.#woken = true
    this.#begin()
  }

  /** Looks whether there is anything to do. */
  look(): void {
    this.#begin()
  }

  forget(): void {
    clearTimeout(this.#later)
  }

  #begin(): void {
    this.round ??= this.#run()
      .catch((error: unknown) => {
        this.#woken = false
        this.#app.log.warn({ county: this.#code, kind: errorKind(error) }, 'matters could not be counted')
      })
      .finally(() => {
        this.round = null
        if (this.#woken) this.#begin()
      })
  }

  async #run(): Promise<void> {
    const app = this.#app
    if (!this.#woken) {
      const work = await app.db.reading(this.#code, (tx) => lookForWork(tx, this.#code, app.clock.now()))
      if (work.built && work.behind <= 0 && !work.due) return
    }
    this.#woken = false
    for (let more = true; more && !this.#stopping.aborted;) {
      const batch = await countBatch(app, this.#code)
      more = batch.more
      if (!batch.counted) await this.#waitForOther()
    }
    this.#countedAt = performance.now()
    await feedOf(app).pump(this.#code)
  }

  async #waitForOther(): Promise<void> {
    await new Promise((done) => setTimeout(done, OTHER_MS))
  }
}

/**
 * Keeps the counts of every county where the ledger is, until stopped. Several processes may run it side by side: the lock
 * on a county's state lets one of them count.
 */
export function startFollower(app: App): () => Promise<void> {
  const stopping = new AbortController()
  const counties = new Map<string, County>()
  let countiesAt = Number.NEGATIVE_INFINITY
  const countyOf = (code: string): County => {
    const county = counties.get(code) ?? new County(app, code, stopping.signal)
    counties.set(code, county)
    return county
  }
  const look = async (): Promise<void> => {
    if (performance.now() - countiesAt >= COUNTIES_MS) {
      countiesAt = performance.now()
      for (const { code } of await countiesOf(app)) countyOf(code)
    }
    for (const county of counties.values()) county.look()
  }
  const lookSafely = (): void => {
    look().catch((error: unknown) => app.log.warn({ kind: errorKind(error) }, 'counties could not be listed'))
  }
  const stopListening = listenForSeals(app, (code) => countyOf(code).wake())
  const timer = setInterval(lookSafely, LOOK_MS)
  lookSafely()
  return async () => {
    stopping.abort()
    clearInterval(timer)
    for (const county of counties.values()) county.forget()
    await stopListening()
    await Promise.all([...counties.values()].map((county) => county.round))
  }
}
