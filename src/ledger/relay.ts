import type { App } from '../kernel/app.ts'
import { runSystem, type Command } from '../kernel/command.ts'
import { errorKind, type Entry, type Handler } from '../kernel/jobs.ts'
import {
  beginAnswers,
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
  type RelayedLeaf,
} from './job-store.ts'
import { entryFromLeaf, JOB_ATTEMPTS_MAX, retryDelaySeconds } from './rules.ts'

export const RELAY = 'relay'
/** Entries that share a transaction: few enough that it is over within some hundredths of a second. */
const ANSWER_BATCH = 128
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

interface Relayed {
  /** Handlers that ran. */
  ran: number
  /** Jobs made for later. */
  jobs: number
  more: boolean
}
const NOTHING: Relayed = { ran: 0, jobs: 0, more: false }

interface Wanted extends Omit<Job, 'attempts'> {
  readonly handle: Handler
  readonly of: () => Entry
}

function wantedOf(leaves: readonly RelayedLeaf[], handlers: Handlers): Wanted[] {
  return leaves.flatMap((leaf) => {
    const of = once(() => entryFromLeaf(leaf.bytes, leaf.leafIndex))
    const { subjectId, leafIndex, entry } = leaf
    return handlers
      .of(leaf.event)
      .filter(({ when }) => when === undefined || when(of()))
      .map((handle) => ({ handler: handle.name, subjectId, leafIndex, entry, handle, of }))
  })
}

/**
 * Has sealed entries answered by their handlers, one batch, in the entries' order; one relay per county by the cursor's lock.
 *
 * Effect rows, handlers and the cursor commit together or not at all, which needs no job in between. Should a handler fail,
 * nothing of the batch stays and jobs are made of it: each then runs, waits and is repeated alone. What waits behind such a
 * job becomes a job as well.
 *
 * A handler that is new in this version begins with the entries that are relayed from now on.
 */
export async function relayBatch(app: App, county: string, handlers: Handlers): Promise<Relayed> {
  try {
    return await runSystem(app, county, (cmd) => answerLeaves(app, cmd, handlers))
  } catch (error) {
    app.log.debug({ county, kind: errorKind(error) }, 'a batch of entries failed; jobs are made of it')
    return relayAsJobs(app, county, handlers)
  }
}

/** What may be answered together: of one name, the second entry of a subject has its turn when the first has been answered. */
function turnsOf(due: readonly Wanted[]): Map<Handler, Entry[]>[] {
  const turns: Map<Handler, Entry[]>[] = []
  const turnOf = new Map<string, number>()
  for (const { handler, subjectId, handle, of } of due) {
    const key = `${handler} ${subjectId}`
    const at = turnOf.get(key) ?? 0
    turnOf.set(key, at + 1)
    const turn = (turns[at] ??= new Map())
    const entries = turn.get(handle) ?? []
    entries.push(of())
    turn.set(handle, entries)
  }
  return turns
}

async function answerLeaves(app: App, cmd: Command, handlers: Handlers): Promise<Relayed> {
  const { tx, county } = cmd
  const [, from] = await Promise.all([commitLazily(tx), lockCursor(tx, county, RELAY)])
  if (from === undefined) return NOTHING
  const leaves = await listRelayedLeaves(tx, county, from, ANSWER_BATCH)
  const last = leaves.at(-1)
  if (!last) return NOTHING
  const wanted = wantedOf(leaves, handlers)
  const moved = moveCursor(tx, county, RELAY, last.leafIndex + 1)
  const begun = wanted.length > 0 ? await beginAnswers(tx, county, wanted, cmd.now) : []
  await moved
  const held = begun.filter(({ held }) => held).map(({ at }) => wanted[at]!)
  const due = begun.filter(({ held }) => !held).map(({ at }) => wanted[at]!)
  for (const turn of turnsOf(due)) for (const [handler, entries] of turn) await handler.run(cmd, entries)
  cmd.afterCommit(() => {
    for (const { handler } of due) app.metrics.handlerRuns.inc({ handler, outcome: 'done' })
  })
  if (held.length > 0) await insertJobs(tx, county, cmd.now, held)
  return { ran: wanted.length - held.length, jobs: held.length, more: leaves.length === ANSWER_BATCH }
}

/** Turns sealed entries into jobs, one batch: cursor and jobs in one transaction. */
export async function relayAsJobs(app: App, county: string, handlers: Handlers): Promise<Relayed> {
  return app.db.transaction(county, async (tx) => {
    const [, from] = await Promise.all([commitLazily(tx), lockCursor(tx, county, RELAY)])
    if (from === undefined) return NOTHING
    const leaves = await listRelayedLeaves(tx, county, from, ANSWER_BATCH)
    const last = leaves.at(-1)
    if (!last) return NOTHING
    const jobs = wantedOf(leaves, handlers)
    await Promise.all([
      jobs.length > 0 ? insertJobs(tx, county, app.clock.now(), jobs) : undefined,
      moveCursor(tx, county, RELAY, last.leafIndex + 1),
    ])
    return { ran: 0, jobs: jobs.length, more: leaves.length === ANSWER_BATCH }
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
