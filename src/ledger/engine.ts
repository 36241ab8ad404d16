import { countiesOf, type App } from '../kernel/app.ts'
import { errorKind } from '../kernel/jobs.ts'
import { lookForWork, type Job } from './job-store.ts'
import { listenForSeals } from './listen.ts'
import { claim, Handlers, RELAY, relayBatch, release, runJob } from './relay.ts'
import { openLog, sealBatch } from './sealer.ts'
import { onWake } from './wake.ts'

/** How often a busy county is sealed. */
const SEAL_MILLISECONDS = 250
/** How often a quiet county is looked at for what other processes wrote; own commits wake it at once. */
const QUIET_MILLISECONDS = 1000
/** A county counts as quiet after this long without work. */
const BUSY_MILLISECONDS = 10_000
const COUNTIES_MILLISECONDS = 15_000
/**
 * Handlers at work at once in this process, over all counties; each holds a connection of the pool. While somebody waits
 * for a connection there is one: who waits for an answer goes first, and what is to follow still moves on.
 */
const JOBS_AT_ONCE = 3
const JOBS_AT_ONCE_PRESSED = 1
const CLAIM_JOBS = 24

interface Watch {
  county: string
  opened: boolean
  woken: boolean
  lookedAt: number
  workedAt: number
  claimed: Job[]
  /** More jobs may be due than were claimed. */
  jobsDue: boolean
  claiming: boolean
  round: Promise<void> | null
}

/**
 * Seals, relays and runs handlers for every county until stopped. Several processes may run it side by side.
 *
 * @returns stops it: claimed jobs that were not begun are given back, running ones are waited for.
 */
export function startEngine(app: App): () => Promise<void> {
  const handlers = new Handlers(app.rooms.flatMap((room) => room.handlers ?? []))
  const watches = new Map<string, Watch>()
  const running = new Set<Promise<void>>()
  let countiesAt = Number.NEGATIVE_INFINITY
  let stopped = false

  const watch = (county: string): Watch => {
    const known = watches.get(county)
    if (known) return known
    const made = {
      county,
      opened: false,
      woken: true,
      lookedAt: 0,
      workedAt: 0,
      claimed: [],
      jobsDue: false,
      claiming: false,
      round: null,
    }
    watches.set(county, made)
    return made
  }

  async function round(one: Watch): Promise<void> {
    if (!one.opened) {
      await openLog(app, one.county)
      one.opened = true
    }
    const work = await app.db.reading(one.county, (tx) => lookForWork(tx, one.county, RELAY, app.clock.now()))
    if (work.todo || work.unrelayed > 0 || work.due) one.workedAt = Date.now()
    let more = work.todo
    while (more && !stopped) more = (await sealBatch(app, one.county)).more
    more = work.todo || work.unrelayed > 0
    while (more && !stopped) {
      const relayed = await relayBatch(app, one.county, handlers)
      if (relayed.jobs > 0) one.jobsDue = true
      more = relayed.more
    }
    if (work.due) one.jobsDue = true
    fill()
  }

  function look(one: Watch): void {
    if (stopped || one.round) return
    const now = Date.now()
    const pause = one.woken || now - one.workedAt < BUSY_MILLISECONDS ? SEAL_MILLISECONDS : QUIET_MILLISECONDS
    if (now - one.lookedAt < pause) return
    one.lookedAt = now
    one.woken = false
    one.round = round(one)
      .catch((error: unknown) => app.log.warn({ county: one.county, kind: errorKind(error) }, 'ledger round failed'))
      .finally(() => (one.round = null))
  }

  /** Gives every free slot a job; a county that got one goes to the end of the row. */
  function fill(): void {
    const slots = app.db.pool.waitingCount > 0 ? JOBS_AT_ONCE_PRESSED : JOBS_AT_ONCE
    while (running.size < slots && !stopped) {
      const one = [...watches.values()].find(({ claimed }) => claimed.length > 0)
      const job = one?.claimed.shift()
      if (!one || !job) break
      watches.delete(one.county)
      watches.set(one.county, one)
      const work = run(one, job)
      running.add(work)
      void work.finally(() => {
        running.delete(work)
        fill()
      })
    }
    for (const one of watches.values()) {
      if (one.claimed.length === 0 && one.jobsDue && !one.claiming && running.size < slots && !stopped)
        void claimMore(one)
    }
  }

  async function run(one: Watch, job: Job): Promise<void> {
    one.workedAt = Date.now()
    await runJob(app, one.county, handlers, job).catch((error: unknown) =>
      app.log.warn({ handler: job.handler, kind: errorKind(error) }, 'failure of a handler could not be noted'),
    )
    one.jobsDue = true
  }

  async function claimMore(one: Watch): Promise<void> {
    one.claiming = true
    one.jobsDue = false
    try {
      one.claimed.push(...(await claim(app, one.county, handlers, CLAIM_JOBS)))
      if (one.claimed.length === CLAIM_JOBS) one.jobsDue = true
    } catch (error) {
      app.log.warn({ county: one.county, kind: errorKind(error) }, 'jobs could not be claimed')
    } finally {
      one.claiming = false
    }
    if (one.claimed.length > 0) fill()
  }

  async function refreshCounties(): Promise<void> {
    for (const { code } of await countiesOf(app)) watch(code)
  }

  const wake = (county: string): void => {
    const one = watch(county)
    one.woken = true
    setImmediate(look, one)
  }
  const stopWaking = onWake(wake)
  const stopListening = listenForSeals(app, wake)
  const timer = setInterval(() => {
    if (Date.now() - countiesAt >= COUNTIES_MILLISECONDS) {
      countiesAt = Date.now()
      refreshCounties().catch((error: unknown) =>
        app.log.warn({ kind: errorKind(error) }, 'counties could not be listed'),
      )
    }
    for (const one of watches.values()) look(one)
  }, SEAL_MILLISECONDS)

  return async () => {
    stopped = true
    clearInterval(timer)
    stopWaking()
    await stopListening()
    await Promise.all([...watches.values()].map((one) => one.round))
    await Promise.all(running)
    for (const one of watches.values()) {
      for (const job of one.claimed) await release(app, one.county, job).catch(() => {})
    }
  }
}

/**
 * Seals, relays and runs every job that is due, until nothing is left: for tests, seeds and the command line.
 *
 * @throws AggregateError with what the handlers threw, when any failed.
 */
export async function settleLedger(app: App, county: string): Promise<{ sealed: number; ran: number }> {
  const handlers = new Handlers(app.rooms.flatMap((room) => room.handlers ?? []))
  const errors: unknown[] = []
  const total = { sealed: 0, ran: 0 }
  await openLog(app, county)
  for (;;) {
    const { sealed, more } = await sealBatch(app, county)
    total.sealed += sealed
    const relayed = await relayBatch(app, county, handlers)
    const jobs = await claim(app, county, handlers, CLAIM_JOBS)
    for (const job of jobs) {
      const error = await runJob(app, county, handlers, job)
      if (error) errors.push(error)
      total.ran += 1
    }
    if (!more && sealed === 0 && !relayed.more && relayed.jobs === 0 && jobs.length === 0) break
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} handlers failed`)
  return total
}
