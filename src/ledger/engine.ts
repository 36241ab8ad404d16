import { countiesOf, type App } from '../kernel/app.ts'
import { errorKind } from '../kernel/jobs.ts'
import { lookForWork } from './job-store.ts'
import { listenForSeals } from './listen.ts'
import { claim, Handlers, RELAY, relayBatch, runJobs } from './relay.ts'
import { CLAIM_JOBS, JobRunner } from './runner.ts'
import { openLog, sealBatch } from './sealer.ts'
import { onWake } from './wake.ts'

/** How often a busy county is sealed. */
const SEAL_MILLISECONDS = 250
/** How often a quiet county is looked at for what other processes wrote; own commits wake it at once. */
const QUIET_MILLISECONDS = 1000
/** A county counts as quiet after this long without work. */
const BUSY_MILLISECONDS = 10_000
const COUNTIES_MILLISECONDS = 15_000

const handlersOf = (app: App): Handlers => new Handlers(app.rooms.flatMap((room) => room.handlers ?? []))

interface Tools {
  handlers: Handlers
  runner: JobRunner
  stopping: AbortSignal
}

/** One county's turn: seal what waits, relay what is sealed, offer what is due. */
class Watch {
  readonly county: string
  woken = true
  round: Promise<void> | null = null
  #opened = false
  #lookedAt = 0
  #workedAt = 0

  constructor(county: string) {
    this.county = county
  }

  isDue(now: number): boolean {
    const busy = this.woken || now - this.#workedAt < BUSY_MILLISECONDS
    return !this.round && now - this.#lookedAt >= (busy ? SEAL_MILLISECONDS : QUIET_MILLISECONDS)
  }

  look(app: App, tools: Tools): void {
    this.#lookedAt = Date.now()
    this.woken = false
    this.round = this.#work(app, tools)
      .catch((error: unknown) => app.log.warn({ county: this.county, kind: errorKind(error) }, 'ledger round failed'))
      .finally(() => (this.round = null))
  }

  async #work(app: App, { handlers, runner, stopping }: Tools): Promise<void> {
    const { county } = this
    if (!this.#opened) await openLog(app, county)
    this.#opened = true
    const work = await app.db.reading(county, (tx) => lookForWork(tx, county, RELAY, app.clock.now()))
    if (work.todo || work.unrelayed > 0 || work.due) this.#workedAt = Date.now()
    let jobs = work.due
    if (work.todo) while ((await sealBatch(app, county)).more && !stopping.aborted);
    if (work.todo || work.unrelayed > 0) {
      for (let more = true; more;) {
        const relayed = await relayBatch(app, county, handlers)
        jobs ||= relayed.jobs > 0
        more = relayed.more && !stopping.aborted
      }
    }
    if (jobs) runner.offer(county)
  }
}

/**
 * Seals, relays and runs handlers for every county until stopped. Several processes may run it side by side.
 *
 * @returns stops it: claimed jobs that were not begun are given back, running ones are waited for.
 */
export function startEngine(app: App): () => Promise<void> {
  const handlers = handlersOf(app)
  const runner = new JobRunner(app, handlers)
  const watches = new Map<string, Watch>()
  let countiesAt = Number.NEGATIVE_INFINITY
  const stopping = new AbortController()

  const watchOf = (county: string): Watch => {
    const watch = watches.get(county) ?? new Watch(county)
    watches.set(county, watch)
    return watch
  }
  const look = (watch: Watch): void => {
    const { signal } = stopping
    if (!signal.aborted && watch.isDue(Date.now())) watch.look(app, { handlers, runner, stopping: signal })
  }
  const refreshCounties = async (): Promise<void> => {
    for (const { code } of await countiesOf(app)) watchOf(code)
  }
  const wake = (county: string): void => {
    const watch = watchOf(county)
    watch.woken = true
    setImmediate(look, watch)
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
    for (const watch of watches.values()) look(watch)
  }, SEAL_MILLISECONDS)

  return async () => {
    stopping.abort()
    clearInterval(timer)
    stopWaking()
    const runnerStopped = runner.stop()
    await stopListening()
    await Promise.all([...watches.values()].map((watch) => watch.round))
    await runnerStopped
  }
}

/**
 * Seals, relays and runs every job that is due, until nothing is left: for tests, seeds and the command line.
 *
 * @throws AggregateError with what the handlers threw, when any failed.
 */
export async function settleLedger(app: App, county: string): Promise<{ sealed: number; ran: number }> {
  const handlers = handlersOf(app)
  const errors: unknown[] = []
  const total = { sealed: 0, ran: 0 }
  await openLog(app, county)
  for (;;) {
    const { sealed, more } = await sealBatch(app, county)
    total.sealed += sealed
    const relayed = await relayBatch(app, county, handlers)
    const jobs = await claim(app, county, handlers, CLAIM_JOBS)
    errors.push(...(await runJobs(app, county, handlers, jobs)))
    total.ran += relayed.ran + jobs.length
    if (!more && sealed === 0 && !relayed.more && relayed.ran + relayed.jobs + jobs.length === 0) break
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} handlers failed`)
  return total
}
