import { Compile, type Validator } from 'typebox/compile'
import type { Static, TSchema } from 'typebox'
import type { Command } from '../kernel/command.ts'
import { constraintOf } from '../kernel/db.ts'
import { Fault } from '../kernel/faults.ts'
import { requireGrant } from '../kernel/grants.ts'
import { uuidv5, uuidv7 } from '../kernel/ids.ts'
import type { Entry, Handler } from '../kernel/jobs.ts'
import { decodeCursor, pageOf, type PageOf, type PageQuery } from '../kernel/pages.ts'
import { LedgerJobRetried, type EventType, type FailedJob, type RetryJob } from './contract.ts'
import { listFailedJobs, reviveJob } from './job-store.ts'
import { leafHashOf } from './merkle.ts'
import { leafBytes, positionIn } from './rules.ts'
import { insertEntries, insertEntry, type EntryRow } from './store.ts'
import { wakeSealer } from './wake.ts'

export interface Subject {
  /** UUID of the row that this entry is about; for something without a row, the happening's own id. */
  id: string
  /** The row's version after the change, from 1; unique per subject in the whole ledger. */
  version: number
}

const validators = new WeakMap<EventType, Validator>()

function requireBody(event: EventType, body: unknown): void {
  let validator = validators.get(event)
  if (!validator) {
    validator = Compile(event.body)
    validators.set(event, validator)
  }
  if (validator.Check(body)) return
  const paths = validator.Errors(body).map((error) => `${error.instancePath} ${error.message}`)
  throw new Error(`event ${event.name}: body does not fit its schema: ${paths.slice(0, 3).join('; ')}`)
}

/**
 * The entry as values for a one-statement hot path; see `entryCte`. Nothing is written yet. The sealer is woken after commit.
 *
 * @throws Error when the body does not fit the event's schema: a bug, not a refusal.
 */
export function entryOf<Body extends TSchema>(
  cmd: Command,
  event: EventType<Body>,
  subject: Subject,
  body: Static<Body>,
): EntryRow {
  requireBody(event, body)
  const { county, actor, purpose, now } = cmd
  const id = uuidv7(now)
  const content = {
    county,
    id,
    event: event.name,
    subjectId: subject.id,
    subjectVersion: subject.version,
    at: now,
    actor,
    purpose,
    body,
  }
  const bytes = leafBytes(content)
  cmd.afterCommit(() => wakeSealer(county))
  return {
    county,
    id,
    event: event.name,
    subjectId: subject.id,
    subjectVersion: subject.version,
    at: now,
    actorKind: actor.kind,
    actorId: actor.id,
    actorLabel: actor.label,
    purpose,
    bytes,
    leafHash: leafHashOf(bytes),
  }
}

/**
 * Writes the entry in the command's own transaction: it exists exactly if the command's rows do, and its handlers run later.
 *
 * @returns the entry's id, by which its proof is asked for.
 * @throws kernel.stale when another writer has recorded this version of the subject.
 */
export async function record<Body extends TSchema>(
  cmd: Command,
  event: EventType<Body>,
  subject: Subject,
  body: Static<Body>,
): Promise<string> {
  const row = entryOf(cmd, event, subject, body)
  await insertEntry(cmd.tx, row).catch((error: unknown) => {
    throw asStale(error, subject.version)
  })
  return row.id
}

const AT_ONCE = 500

/**
 * Writes many entries that `entryOf` has made, some hundred in a statement: for what is taken in by the thousand.
 *
 * @throws kernel.stale when another writer has recorded the version of one of the subjects.
 */
export async function recordAll(cmd: Command, entries: readonly EntryRow[]): Promise<void> {
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    await insertEntries(cmd.tx, cmd.county, entries.slice(from, from + AT_ONCE)).catch((error: unknown) => {
      throw asStale(error, entries[from]!.subjectVersion)
    })
  }
}

/** Turns "this version of the subject is recorded already" into kernel.stale; any other error passes. For hot paths. */
export function asStale(error: unknown, version: number): unknown {
  const taken = ['ledger_entry_subject_key', 'ledger_todo_pkey'].includes(constraintOf(error) ?? '')
  return taken ? new Fault('kernel.stale', { version }, { cause: error }) : error
}

const HANDLER_NAME = /^[a-z]+\.[a-z][a-z_]*$/

/** The lasting id of a handler's answer to an entry: the request id of its command, at every attempt. */
export const jobIdOf = (entry: string, handler: string): string => uuidv5(entry, handler)

/** One entry's own command within the transaction of a batch. */
const forEntry = (cmd: Command, entry: Entry, handler: string): Command => ({
  ...cmd,
  requestId: jobIdOf(entry.id, handler),
  afterCommit: (hint) => cmd.afterCommit(hint),
})

/**
 * Says what happens after an entry of this kind: once per entry, as the system, with retries.
 *
 * Entries of one subject come in order; those of different subjects may share a transaction. What the handler does outside
 * the database may be repeated: give the outside system `cmd.requestId`, which is the same at every attempt.
 *
 * @param when Asked before a job is made: false opts out of an entry that would be nothing but an empty job. It sees the
 *   entry alone and must not throw.
 */
export function on<Body extends TSchema>(
  event: EventType<Body>,
  name: string,
  handler: (cmd: Command, entry: Entry<Static<Body>>) => Promise<void>,
  when?: (entry: Entry<Static<Body>>) => boolean,
): Handler {
  const each = async (cmd: Command, entries: readonly Entry<Static<Body>>[]): Promise<void> => {
    for (const entry of entries) await handler(forEntry(cmd, entry, name), entry)
  }
  return onAll(event, name, each, when)
}

/** The same for a handler that answers many entries at the price of one: it is given those that are due together. */
export function onAll<Body extends TSchema>(
  event: EventType<Body>,
  name: string,
  handler: (cmd: Command, entries: readonly Entry<Static<Body>>[]) => Promise<void>,
  when?: (entry: Entry<Static<Body>>) => boolean,
): Handler {
  if (!HANDLER_NAME.test(name)) throw new Error(`handler ${name} is not room.verb_noun`)
  const run: Handler['run'] = (cmd, entries) => handler(cmd, entries as readonly Entry<Static<Body>>[])
  const made: Handler = { event: event.name, name, run }
  return when ? { ...made, when: (entry) => when(entry as Entry<Static<Body>>) } : made
}

/**
 * What handlers gave up on, oldest first.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose.
 */
export async function failedJobs(cmd: Command, page: PageQuery): Promise<PageOf<FailedJob>> {
  requireGrant(cmd, 'ledger.repair', cmd.county)
  const limit = page.limit ?? 20
  const [afterIndex, afterHandler] = page.after ? decodeCursor(page.after, 2) : [0, '']
  const rows = await listFailedJobs(cmd.tx, cmd.county, {
    afterIndex: positionIn(afterIndex),
    afterHandler: String(afterHandler),
    limit: limit + 1,
  })
  const jobs = rows.map((row) => ({ ...row, failedAt: row.failedAt.toISOString() }))
  return pageOf(jobs, limit, (job) => [job.leafIndex, job.handler])
}

/**
 * Has a given-up job tried again, from its first attempt on; the wish itself is an entry.
 *
 * @throws ledger.job_not_failed when it is not among the failed; kernel.forbidden, kernel.wrong_purpose.
 */
export async function retryJob(cmd: Command, job: RetryJob): Promise<RetryJob> {
  requireGrant(cmd, 'ledger.repair', cmd.county)
  const revived = await reviveJob(cmd.tx, cmd.county, { ...job, now: cmd.now })
  if (!revived) throw new Fault('ledger.job_not_failed', { ...job })
  await record(cmd, LedgerJobRetried, { id: uuidv7(cmd.now), version: 1 }, { ...job })
  return job
}
