import type { App } from '../kernel/app.ts'
import { runCommand, systemActor, type CommandRequest } from '../kernel/command.ts'
import { uuidv5 } from '../kernel/ids.ts'
import { errorKind, type Handler } from '../kernel/jobs.ts'
import {
  beginEffect,
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

/** The lasting id of a handler's answer to an entry: the request id of its command, at every attempt. */
export const jobIdOf = (entry: string, handler: string): string => uuidv5(entry, handler)

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
 * Runs one claimed job: effect row, handler and removal of the job commit together or not at all. The commit is not waited
 * for on disk: a crash of the database within that moment takes all three back, and the job runs again.
 *
 * @returns the error when it failed; then the job waits for its next attempt, or is given up after the last.
 */
export async function runJob(app: App, county: string, handlers: Handlers, job: Job): Promise<unknown> {
  const request: CommandRequest = {
    county,
    actor: systemActor,
    grants: [],
    purpose: 'handling',
    requestId: jobIdOf(job.entry, job.handler),
    locale: 'zh-CN',
  }
  try {
    const outcome = await runCommand(app, request, async (cmd) => {
      const bytes = await beginEffect(cmd.tx, county, job, cmd.now)
      if (!bytes) return 'repeat'
      const entry = entryFromLeaf(bytes, job.leafIndex)
      await handlers.get(entry.event, job.handler).run(cmd, entry)
      return 'done'
    })
    app.metrics.handlerRuns.inc({ handler: job.handler, outcome })
    return undefined
  } catch (error) {
    await noteFailure(app, county, job, error)
    return error
  }
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
