import { hot, type Tx } from '../kernel/db.ts'
import { stretch } from './store.ts'

/**
 * Lets this transaction's commit return before it is on disk. Only for work that comes back by itself when a crash takes it:
 * job, effect row and effect go together, and the order of the log on disk is the order of commits.
 */
export async function commitLazily(tx: Tx): Promise<void> {
  await hot(tx, 'ledger_commit_lazily', `select set_config('synchronous_commit', 'off', true)`, [])
}

/** The cursor of a consumer, locked until the transaction ends; undefined when another process holds it. */
export async function lockCursor(tx: Tx, county: string, consumer: string): Promise<number | undefined> {
  await hot(
    tx,
    'ledger_make_cursor',
    `insert into ledger_cursor (county, consumer, next_index) values ($1, $2, 0) on conflict on constraint ledger_cursor_pkey do nothing`,
    [county, consumer],
  )
  const [row] = await hot<{ nextIndex: number }>(
    tx,
    'ledger_lock_cursor',
    `select next_index as "nextIndex" from ledger_cursor where county = $1 and consumer = $2 for update skip locked`,
    [county, consumer],
  )
  return row?.nextIndex
}

export async function moveCursor(tx: Tx, county: string, consumer: string, nextIndex: number): Promise<void> {
  await hot(tx, 'ledger_move_cursor', `update ledger_cursor set next_index = $3 where county = $1 and consumer = $2`, [
    county,
    consumer,
    nextIndex,
  ])
}

export interface RelayedLeaf {
  leafIndex: number
  entry: string
  event: string
  subjectId: string
  bytes: Buffer
}

export const listRelayedLeaves = (tx: Tx, county: string, fromIndex: number, limit: number): Promise<RelayedLeaf[]> =>
  hot<RelayedLeaf>(
    tx,
    'ledger_list_relayed_entries',
    `select l.leaf_index as "leafIndex", l.entry, e.event, e.subject_id as "subjectId", e.bytes
     from ledger_leaf l join ledger_entry e on e.county = $1 and e.id = l.entry
     where l.county = $1 and l.leaf_index = any($2::bigint[]) order by l.leaf_index`,
    [county, stretch(fromIndex, limit)],
  )

export interface Job {
  handler: string
  subjectId: string
  leafIndex: number
  entry: string
  /** Those made, the present one included. */
  attempts: number
}

export async function insertJobs(
  tx: Tx,
  county: string,
  dueAt: Date,
  jobs: readonly Omit<Job, 'attempts'>[],
): Promise<void> {
  await hot(
    tx,
    'ledger_insert_jobs',
    `insert into ledger_job (county, handler, subject_id, leaf_index, entry, due_at)
     select $1, job.handler, job.subject_id, job.leaf_index, job.entry, $2
     from unnest($3::text[], $4::uuid[], $5::bigint[], $6::uuid[]) as job (handler, subject_id, leaf_index, entry)
     on conflict on constraint ledger_job_pkey do nothing`,
    [
      county,
      dueAt,
      jobs.map((job) => job.handler),
      jobs.map((job) => job.subjectId),
      jobs.map((job) => job.leafIndex),
      jobs.map((job) => job.entry),
    ],
  )
}

/**
 * Takes due jobs for this process until `leaseUntil`; a job waits while an earlier one of its handler and subject does.
 *
 * Jobs of handlers that this process does not know are left to one that does.
 */
export const claimJobs = (
  tx: Tx,
  county: string,
  claim: { handlers: readonly string[]; now: Date; leaseUntil: Date; limit: number },
): Promise<Job[]> =>
  hot<Job>(
    tx,
    'ledger_claim_jobs',
    `update ledger_job j set attempts = j.attempts + 1, due_at = $3
     from (
       select w.handler, w.subject_id, w.leaf_index from ledger_job w
       where w.county = $1 and w.failed_at is null and w.due_at <= $2 and w.handler = any($4::text[])
         and not exists (
           select from ledger_job b where b.county = $1 and b.handler = w.handler and b.subject_id = w.subject_id
             and b.leaf_index < w.leaf_index and b.failed_at is null)
       order by w.due_at limit $5 for update skip locked) due
     where j.county = $1 and j.handler = due.handler and j.subject_id = due.subject_id and j.leaf_index = due.leaf_index
     returning j.handler, j.subject_id as "subjectId", j.leaf_index as "leafIndex", j.entry, j.attempts`,
    [county, claim.now, claim.leaseUntil, claim.handlers, claim.limit],
  )

const JOB_KEY = 'county = $1 and handler = $2 and subject_id = $3 and leaf_index = $4'
const keyOf = (county: string, job: Omit<Job, 'attempts'>): unknown[] => [
  county,
  job.handler,
  job.subjectId,
  job.leafIndex,
]

/**
 * Marks jobs as done and their effects as made, in the handlers' own transaction, before the handlers run in it. The
 * transaction commits lazily from here on.
 *
 * @returns the leaf's bytes by job; one whose effect was made before is left out: there is nothing to do.
 */
export async function beginEffects(
  tx: Tx,
  county: string,
  jobs: readonly Job[],
  now: Date,
): Promise<{ job: Job; bytes: Buffer }[]> {
  const rows = await hot<{ at: number; bytes: Buffer }>(
    tx,
    'ledger_begin_effects',
    `with lazily as (select set_config('synchronous_commit', 'off', true)),
       begun as (select * from unnest($2::text[], $3::uuid[], $4::bigint[], $5::uuid[]) with ordinality
         as job (handler, subject_id, leaf_index, entry, at)),
       gone as (delete from ledger_job j using begun where j.county = $1 and j.handler = begun.handler
         and j.subject_id = begun.subject_id and j.leaf_index = begun.leaf_index),
       made as (insert into ledger_effect (county, entry, handler, at) select $1, entry, handler, $6 from begun
         on conflict on constraint ledger_effect_pkey do nothing returning entry, handler)
     select begun.at - 1 as at, e.bytes from lazily, made
     join begun on begun.entry = made.entry and begun.handler = made.handler
     join ledger_entry e on e.county = $1 and e.id = made.entry`,
    [
      county,
      jobs.map((job) => job.handler),
      jobs.map((job) => job.subjectId),
      jobs.map((job) => job.leafIndex),
      jobs.map((job) => job.entry),
      now,
    ],
  )
  return rows.map(({ at, bytes }) => ({ job: jobs[at]!, bytes }))
}

/**
 * Marks the effects of entries as made in the handlers' own transaction, before the handlers run in it.
 *
 * @returns by position: those to be answered now, and (`held`) those that wait behind a job of their handler and subject. One
 *   whose effect was made before is left out: there is nothing to do.
 */
export const beginAnswers = (
  tx: Tx,
  county: string,
  wanted: readonly Omit<Job, 'attempts'>[],
  now: Date,
): Promise<{ at: number; held: boolean }[]> =>
  hot<{ at: number; held: boolean }>(
    tx,
    'ledger_begin_answers',
    `with wanted as (
         select handler, subject_id, entry, at, exists (
           select from ledger_job j where j.county = $1 and j.handler = w.handler and j.subject_id = w.subject_id
             and j.failed_at is null) as held
         from unnest($2::text[], $3::uuid[], $4::uuid[]) with ordinality as w (handler, subject_id, entry, at)),
       made as (insert into ledger_effect (county, entry, handler, at) select $1, entry, handler, $5 from wanted where not held
         on conflict on constraint ledger_effect_pkey do nothing returning entry, handler)
     select w.at - 1 as at, false as held from made join wanted w on w.entry = made.entry and w.handler = made.handler
     union all select at - 1, true from wanted where held
     order by at`,
    [
      county,
      wanted.map(({ handler }) => handler),
      wanted.map(({ subjectId }) => subjectId),
      wanted.map(({ entry }) => entry),
      now,
    ],
  )

/** @param failedAt set when the job is given up. */
export async function postponeJob(
  tx: Tx,
  county: string,
  job: Job,
  outcome: { dueAt: Date; failedAt: Date | null; error: string },
): Promise<void> {
  await hot(
    tx,
    'ledger_postpone_job',
    `update ledger_job set due_at = $5, failed_at = $6, error = $7 where ${JOB_KEY}`,
    [...keyOf(county, job), outcome.dueAt, outcome.failedAt, outcome.error],
  )
}

/** Gives back a claimed job that was not begun. */
export async function releaseJob(tx: Tx, county: string, job: Job, now: Date): Promise<void> {
  await hot(
    tx,
    'ledger_release_job',
    `update ledger_job set due_at = $5, attempts = attempts - 1 where ${JOB_KEY} and attempts = $6`,
    [...keyOf(county, job), now, job.attempts],
  )
}

export interface FailedJobRow extends Job {
  event: string
  failedAt: Date
  error: string | null
}

/** Jobs given up, by leaf and handler, after the cursor. */
export const listFailedJobs = (
  tx: Tx,
  county: string,
  page: { afterIndex: number; afterHandler: string; limit: number },
): Promise<FailedJobRow[]> =>
  hot<FailedJobRow>(
    tx,
    'ledger_list_failed_jobs',
    `select j.handler, j.subject_id as "subjectId", j.leaf_index as "leafIndex", j.entry, j.attempts,
       e.event, j.failed_at as "failedAt", j.error
     from ledger_job j join ledger_entry e on e.county = $1 and e.id = j.entry
     where j.county = $1 and j.failed_at is not null and (j.leaf_index, j.handler) > ($2, $3)
     order by j.leaf_index, j.handler limit $4`,
    [county, page.afterIndex, page.afterHandler, page.limit],
  )

/** @returns the revived job, to be run at once with all its attempts; undefined when it is not among the failed. */
export async function reviveJob(
  tx: Tx,
  county: string,
  job: { entry: string; handler: string; now: Date },
): Promise<Job | undefined> {
  const [row] = await hot<Job>(
    tx,
    'ledger_revive_job',
    `update ledger_job set failed_at = null, error = null, attempts = 0, due_at = $4
     where county = $1 and entry = $2 and handler = $3 and failed_at is not null
     returning handler, subject_id as "subjectId", leaf_index as "leafIndex", entry, attempts`,
    [county, job.entry, job.handler, job.now],
  )
  return row
}

export interface Backlog {
  /** Entries that wait for the sealer. */
  todo: boolean
  /** Leaves that the relay has not turned into jobs. */
  unrelayed: number
  /** Whether a job is due now. */
  due: boolean
}

/** What there is to do, in one cheap look. */
export async function lookForWork(tx: Tx, county: string, consumer: string, now: Date): Promise<Backlog> {
  const [row] = await hot<Backlog>(
    tx,
    'ledger_look_for_work',
    `select exists (select from ledger_todo where county = $1) as todo,
       coalesce((select size from ledger_log where county = $1), 0)
         - coalesce((select next_index from ledger_cursor where county = $1 and consumer = $2), 0) as unrelayed,
       exists (select from ledger_job where county = $1 and failed_at is null and due_at <= $3) as due`,
    [county, consumer, now],
  )
  return row ?? { todo: false, unrelayed: 0, due: false }
}

export interface Counts {
  todos: number
  leaves: number
  waitingJobs: number
  failedJobs: number
}

/** Figures for /metrics. */
export async function countWork(tx: Tx, county: string): Promise<Counts> {
  const [row] = await hot<Counts>(
    tx,
    'ledger_count_work',
    `select (select count(*) from ledger_todo where county = $1) as todos,
       coalesce((select size from ledger_log where county = $1), 0) as leaves,
       (select count(*) from ledger_job where county = $1 and failed_at is null) as "waitingJobs",
       (select count(*) from ledger_job where county = $1 and failed_at is not null) as "failedJobs"`,
    [county],
  )
  return row ?? { todos: 0, leaves: 0, waitingJobs: 0, failedJobs: 0 }
}
