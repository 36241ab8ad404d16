import type { App } from '../kernel/app.ts'
import { errorKind } from '../kernel/jobs.ts'
import type { Job } from './job-store.ts'
import { claim, release, runJobs, type Handlers } from './relay.ts'

/**
 * Batches of jobs at work at once in this process, over all counties; each holds a connection of the pool. While somebody
 * waits for a connection there is one: who waits for an answer goes first, and what is to follow still moves on.
 */
const BATCHES_AT_ONCE = 3
const BATCHES_AT_ONCE_PRESSED = 1
/** Jobs that share a transaction: few enough that it is over within some hundredths of a second. */
export const BATCH_JOBS = 32
export const CLAIM_JOBS = 64

interface Queue {
  county: string
  claimed: Job[]
  /** More jobs may be due than were claimed. */
  due: boolean
  claiming: Promise<void> | null
}

/** Runs the jobs of all counties in this process, a few at a time. */
export class JobRunner {
  readonly #app: App
  readonly #handlers: Handlers
  readonly #queues = new Map<string, Queue>()
  readonly #running = new Set<Promise<void>>()
  #stopped = false

  constructor(app: App, handlers: Handlers) {
    this.#app = app
    this.#handlers = handlers
  }

  /** Jobs of the county may be due. */
  offer(county: string): void {
    const queue = this.#queues.get(county) ?? { county, claimed: [], due: true, claiming: null }
    queue.due = true
    this.#queues.set(county, queue)
    this.#fill()
  }

  /** Begins nothing more from now on; waits for what is running and gives back what was claimed and not begun. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([...this.#running, ...[...this.#queues.values()].map(({ claiming }) => claiming)])
    for (const { county, claimed } of this.#queues.values()) {
      for (const job of claimed) await release(this.#app, county, job).catch(() => {})
    }
  }

  get #freeSlots(): number {
    const slots = this.#app.db.pool.waitingCount > 0 ? BATCHES_AT_ONCE_PRESSED : BATCHES_AT_ONCE
    return this.#stopped ? 0 : slots - this.#running.size
  }

  /** Gives every free slot a batch; a county that got one goes to the end of the row. */
  #fill(): void {
    while (this.#freeSlots > 0) {
      const queue = [...this.#queues.values()].find(({ claimed }) => claimed.length > 0)
      if (!queue) break
      const jobs = queue.claimed.splice(0, BATCH_JOBS)
      this.#queues.delete(queue.county)
      this.#queues.set(queue.county, queue)
      const work = this.#run(queue, jobs)
      this.#running.add(work)
      void work.finally(() => {
        this.#running.delete(work)
        this.#fill()
      })
    }
    for (const queue of this.#queues.values()) {
      if (queue.claimed.length === 0 && queue.due && !queue.claiming && this.#freeSlots > 0) {
        queue.claiming = this.#claim(queue).finally(() => {
          queue.claiming = null
          if (queue.due || queue.claimed.length > 0) this.#fill()
        })
      }
    }
  }

  async #run(queue: Queue, jobs: readonly Job[]): Promise<void> {
    await runJobs(this.#app, queue.county, this.#handlers, jobs).catch((error: unknown) =>
      this.#app.log.warn({ county: queue.county, kind: errorKind(error) }, 'failure of a handler could not be noted'),
    )
    queue.due = true
  }

  async #claim(queue: Queue): Promise<void> {
    queue.due = false
    try {
      queue.claimed.push(...(await claim(this.#app, queue.county, this.#handlers, CLAIM_JOBS)))
      if (queue.claimed.length === CLAIM_JOBS) queue.due = true
    } catch (error) {
      this.#app.log.warn({ county: queue.county, kind: errorKind(error) }, 'jobs could not be claimed')
    }
  }
}
