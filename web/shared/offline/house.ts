import { liveQuery } from 'dexie'
import { isReachable, noteReached, onReach } from '../reach.ts'
import { sendOut, type Round } from './outbox.ts'
import { theServer } from './server.ts'
import { OfflineStore, type Item } from './store.ts'

/** Without an `online` event (lying web views) the way is tried again after so long. */
const lookAgainMs = 60_000

/** The store, opened, and the postman who goes when there is a way. */
export class House {
  readonly store: OfflineStore
  #running = false
  #again = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(store: OfflineStore) {
    this.store = store
    onReach(() => {
      if (isReachable()) void this.run()
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.run()
    })
  }

  async enter(account: string): Promise<void> {
    await this.store.enter(account)
    void this.run()
  }

  /** Sends what waits; one tab at a time, and once more if something came in meanwhile. */
  async run(): Promise<void> {
    if (!this.store.entered) return
    if (this.#running) {
      this.#again = true
      return
    }
    this.#running = true
    clearTimeout(this.#timer)
    try {
      do {
        this.#again = false
        const round = await oneTab(() => sendOut(this.store, theServer))
        if (round) this.#plan(round)
      } while (this.#again)
    } catch {
      this.#timer = setTimeout(() => void this.run(), lookAgainMs)
    } finally {
      this.#running = false
    }
  }

  #plan(round: Round): void {
    if (round.sent > 0) noteReached(true)
    if (round.stopped === 'offline') noteReached(false)
    const waitMs = round.stopped === 'offline' ? lookAgainMs : round.nextAt && round.nextAt - Date.now()
    if (waitMs !== undefined) this.#timer = setTimeout(() => void this.run(), Math.max(500, waitMs))
    if (round.stopped !== 'no') void askForBackgroundSync()
  }

  /** Tells the outbox now and whenever it changes, in this tab or another; the answer ends it. */
  watch(tell: (items: readonly Item[]) => void): () => void {
    const changes = liveQuery(() => this.store.drawer.item.toArray()).subscribe({
      next: () => void this.store.list().then(tell, () => tell([])),
      error: () => tell([]),
    })
    return () => changes.unsubscribe()
  }
}

/** The others need not wait: whoever has the lock sends everything. Where browsers have no locks, ids and keys suffice. */
async function oneTab<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
  if (!('locks' in navigator)) return work()
  return navigator.locks.request('tongxin-outbox', { ifAvailable: true }, (lock) => (lock ? work() : undefined))
}

interface SyncRegistration {
  sync?: { register(tag: string): Promise<void> }
}

/** The browser wakes a page that is still open somewhere when the network is back. */
async function askForBackgroundSync(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = (await navigator.serviceWorker.getRegistration()) as SyncRegistration | undefined
  await registration?.sync?.register('tongxin-outbox').catch(() => undefined)
}

/** @returns undefined where the browser refuses its database (private windows). */
export async function openHouse(resumes: boolean): Promise<House | undefined> {
  const store = new OfflineStore()
  try {
    await store.drawer.open()
    if (resumes) await store.resume()
    else await store.expire()
  } catch {
    return undefined
  }
  const found = new House(store)
  navigator.serviceWorker?.addEventListener('message', (event) => {
    if (event.data === 'tongxin-outbox') void found.run()
  })
  return found
}
