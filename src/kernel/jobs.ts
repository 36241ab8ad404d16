import type { App } from './app.ts'
import type { Actor, Command } from './command.ts'
import type { Purpose } from './grants.ts'
import { kernelSweeps } from './housekeeping.ts'

/** One committed ledger entry, as handlers and followers see it. */
export interface Entry<Body = unknown> {
  readonly id: string
  readonly county: string
  readonly event: string
  readonly subjectId: string
  readonly subjectVersion: number
  readonly at: Date
  readonly actor: Pick<Actor, 'kind' | 'id' | 'label'>
  readonly purpose: Purpose
  readonly body: Body
  /** Its place in the county's one order. */
  readonly leafIndex: number
}

/** What happens later because of an entry, once. Made with `on(…)` of the ledger. */
export interface Handler {
  readonly event: string
  /** `room.verb_noun`; never renamed, for it names what has been done already. */
  readonly name: string
  /** Entries of different subjects, in the county's order; all of them or none. */
  run(cmd: Command, entries: readonly Entry[]): Promise<void>
  /** Opts out of an entry before a job is made of it. */
  when?(entry: Entry): boolean
}

/** What happens from time to time, in one process at once. */
export interface Sweep {
  /** `room.verb_noun`. */
  readonly name: string
  readonly everySeconds: number
  run(app: App): Promise<void>
}

/** A sweep whose process died is taken over after this long; a living one renews its claim three times as often. */
const CLAIM_SECONDS = 90

/** Taken only when due and free: exactly one process gets the row back. */
const CLAIM = `
  insert into sweep (name, ran_at, busy_until) values ($1, $2, $3)
  on conflict (name) do update set ran_at = excluded.ran_at, busy_until = excluded.busy_until
  where sweep.ran_at <= $4 and (sweep.busy_until is null or sweep.busy_until <= $2)
  returning name`
const RENEW = 'update sweep set busy_until = $2 where name = $1'
const RELEASE = 'update sweep set busy_until = null, error = $2 where name = $1'

/**
 * Runs the sweep if it is due and no other process is at it.
 *
 * @returns whether it ran here. An error in it is logged and kept in `sweep.error`; the next period tries again.
 */
export async function runSweep(app: App, sweep: Sweep): Promise<boolean> {
  const now = app.clock.now()
  const claimUntil = (): Date => new Date(app.clock.now().getTime() + CLAIM_SECONDS * 1000)
  const dueBefore = new Date(now.getTime() - sweep.everySeconds * 1000)
  const claimed = await app.db.reference(CLAIM, [sweep.name, now, claimUntil(), dueBefore])
  if (claimed.length === 0) return false
  const renewal = setInterval(
    () => void app.db.reference(RENEW, [sweep.name, claimUntil()]).catch(() => {}),
    (CLAIM_SECONDS / 3) * 1000,
  )
  let error: string | null = null
  try {
    await sweep.run(app)
  } catch (thrown) {
    error = errorKind(thrown)
    app.log.error({ err: thrown, sweep: sweep.name }, 'sweep failed')
  } finally {
    clearInterval(renewal)
  }
  await app.db.reference(RELEASE, [sweep.name, error])
  return true
}

/** The kind of an error for a table that people read: code and class, never the text, which could hold personal data. */
export function errorKind(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  const words = [name, code].filter((word): word is string => typeof word === 'string' && word !== '')
  return (words.join(' ') || typeof error).slice(0, 200)
}

/**
 * Keeps every room's sweeps running until stopped; each process may call it.
 *
 * One timer looks once a second at most (never more often than the shortest period needs), so an idle house costs nothing.
 * @returns stops it, waiting for sweeps that are running.
 */
export function startSweeps(app: App): () => Promise<void> {
  const sweeps = [...kernelSweeps, ...app.rooms.flatMap((room) => room.sweeps ?? [])]
  const seen = new Set<string>()
  for (const { name } of sweeps) {
    if (seen.has(name)) throw new Error(`sweep ${name} is declared twice`)
    seen.add(name)
  }
  const nextLook = new Map<string, number>()
  const running = new Map<string, Promise<void>>()
  const look = (sweep: Sweep): void => {
    if (running.has(sweep.name) || (nextLook.get(sweep.name) ?? 0) > Date.now()) return
    nextLook.set(sweep.name, Date.now() + sweep.everySeconds * 1000)
    const work = runSweep(app, sweep)
      .then(() => {})
      .catch((error: unknown) =>
        app.log.warn({ sweep: sweep.name, kind: errorKind(error) }, 'sweep could not be claimed'),
      )
      .finally(() => running.delete(sweep.name))
    running.set(sweep.name, work)
  }
  const timer = setInterval(() => sweeps.forEach(look), 1000)
  return async () => {
    clearInterval(timer)
    await Promise.all(running.values())
  }
}
