import type { App } from '../kernel/app.ts'
import { runSystem } from '../kernel/command.ts'
import { errorKind, type Entry, type Handler } from '../kernel/jobs.ts'
import {
  beginEffects,
  claimJobs,
  commitLazily,
  insertJobs,
  listRelayedLeaves,
  lockCursor,
  moveCursor,
  postponeJob,
  releaseJob,
  type Job,
} from './job-store.ts'
import { entryFromLeaf, JOB_ATTEMPTS_MAX, retryDelaySeconds } from './rules.ts'

export const RELAY = 'relay'
const RELAY_BATCH = 1000
/** A job whose process died is taken up by another after this long. Too short does no harm: the effect is made once. */
const LEASE_SECONDS = 60

/** Handlers by event and name. One name may answer several events: its entries of one subject then come in one order. */
export class Handlers {
  readonly names: readonly string[]
  readonly #byEvent = new Map<string, Map<string, Handler>>()

  constructor(handlers: readonly Handler[]) {
    for (const handler of handlers) {
      const ofEvent = this.#byEvent.get(handler.event) ?? new Map<string, Handler>()
      if (ofEvent.has(handler.name)) throw new Error(`handler ${handler.name} of ${handler.event} is declared twice`)
      this.#byEvent.set(handler.event, ofEvent.set(handler.name, handler))
    }
    this.names = [...new Set(handlers.map(({ name }) => name))]
  }

  of = (event: string): readonly Handler[] => [...(this.#byEvent.get(event)?.values() ?? [])]

  /** @throws Error when this version no longer answers the event: the job fails, and is shown, rather than vanish. */
  get(event: string, name: string): Handler {
    const handler = this.#byEvent.get(event)?.get(name)
    if (!handler) throw new Error(`${name} does not answer ${event} in this version`)
    return handler
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

/**
 * Turns sealed entries into jobs, one batch: cursor and jobs in one transaction, one relay per county by the cursor's lock.
 *
 * A handler that is new in this version begins with the entries that are relayed from now on.
 */
export async function relayBatch(
  app: App,
  county: string,
  handlers: Handlers,
): Promise<{ jobs: number; more: boolean }> {
  return app.db.transaction(county, async (tx) => {
    const [, from] = await Promise.all([commitLazily(tx), lockCursor(tx, county, RELAY)])
    if (from === undefined) return { jobs: 0, more: false }
    const leaves = await listRelayedLeaves(tx, county, from, RELAY_BATCH)
    const last = leaves.at(-1)
    if (!last) return { jobs: 0, more: false }
    const jobs = leaves.flatMap((leaf) => {
      const entry = once(() => entryFromLeaf(leaf.bytes, leaf.leafIndex))
      const wanted = handlers.of(leaf.event).filter(({ when }) => when === undefined || when(entry()))
      const { subjectId, leafIndex } = leaf
      return wanted.map(({ name }) => ({ handler: name, subjectId, leafIndex, entry: leaf.entry }))
    })
    await Promise.all([
      jobs.length > 0 ? insertJobs(tx, county, app.clock.now(), jobs) : undefined,
      moveCursor(tx, county, RELAY, last.leafIndex + 1),
    ])
    return { jobs: jobs.length, more: leaves.length === RELAY_BATCH }
  })
}

export async function claim(app: App, county: string, handlers: Handlers, limit: number): Promise<Job[]> {
  const now = app.clock.now()
  const leaseUntil = new Date(now.getTime() + LEASE_SECONDS * 1000)
  return app.db.transaction(county, async (tx) => {
    const what = { handlers: handlers.names, now, leaseUntil, limit }
    const [, jobs] = await Promise.all([commitLazily(tx), claimJobs(tx, county, what)])
    return jobs
  })
}

export const release = (app: App, county: string, job: Job): Promise<void> =>
  app.db.transaction(county, (tx) => releaseJob(tx, county, job, app.clock.now()))

/**
 * Runs claimed jobs: effect rows, handlers and removal of the jobs commit together or not at all. The commit is not waited
 * for on disk: a crash of the database within that moment takes all three back, and the jobs run again.
 *
 * Many jobs share one transaction, which is most of what a small one costs. Should one of them fail, nothing of it stays, and
 * each runs alone.
 * @returns the errors of those that failed; they wait for their next attempt, or are given up after the last.
 */
export async function runJobs(app: App, county: string, handlers: Handlers, jobs: readonly Job[]): Promise<unknown[]> {
  if (jobs.length > 1) {
    const together = await runTogether(app, county, handlers, jobs).catch((error: unknown) => ({ error }))
    if (!together) return []
    app.log.debug({ kind: errorKind(together.error), jobs: jobs.length }, 'a batch of jobs failed; each runs alone')
  }
  const errors: unknown[] = []
  for (const job of jobs) {
    await runTogether(app, county, handlers, [job]).catch(async (error: unknown) => {
      errors.push(error)
      await noteFailure(app, county, job, error)
    })
  }
  return errors
}

async function runTogether(app: App, county: string, handlers: Handlers, jobs: readonly Job[]): Promise<undefined> {
  const begun = await runSystem(app, county, async (cmd) => {
    const effects = await beginEffects(cmd.tx, county, jobs, cmd.now)
    const entries = new Map<Handler, Entry[]>()
    for (const { job, bytes } of effects) {
      const entry = entryFromLeaf(bytes, job.leafIndex)
      const handler = handlers.get(entry.event, job.handler)
      entries.set(handler, [...(entries.get(handler) ?? []), entry])
    }
    for (const [handler, due] of entries) {
      await handler.run(
        cmd,
        due.sort((one, other) => one.leafIndex - other.leafIndex),
      )
    }
    return new Set(effects.map(({ job }) => job))
  })
  for (const job of jobs)
    app.metrics.handlerRuns.inc({ handler: job.handler, outcome: begun.has(job) ? 'done' : 'repeat' })
}

async function noteFailure(app: App, county: string, job: Job, error: unknown): Promise<void> {
  const now = app.clock.now()
  const givenUp = job.attempts >= JOB_ATTEMPTS_MAX
  const outcome = givenUp ? 'given_up' : 'failed'
  app.metrics.handlerRuns.inc({ handler: job.handler, outcome })
  app.log.warn(
    { handler: job.handler, entry: job.entry, attempts: job.attempts, kind: errorKind(error), outcome },
    'handler failed',
  )
  const dueAt = new Date(now.getTime() + retryDelaySeconds(job.attempts) * 1000)
  await app.db.transaction(county, (tx) =>
    postponeJob(tx, county, job, { dueAt, failedAt: givenUp ? now : null, error: errorKind(error) }),
  )
}
