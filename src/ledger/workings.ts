import type { App } from '../kernel/app.ts'
import type { Command } from '../kernel/command.ts'
import { runSystem } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { requireGrant } from '../kernel/grants.ts'
import { uuidv5 } from '../kernel/ids.ts'
import { LedgerVerified, type Verifications, type Workings } from './contract.ts'
import { countWork } from './job-store.ts'
import { record } from './service.ts'
import { findLog, listSweeps, newestOfSubject, oldestTodo } from './store.ts'
import { verifyLedger } from './verify.ts'

/** Names the county's own verifications among the ledger's subjects. */
const VERIFICATION = '0f0e5a0c-5f0b-5b1e-9d2a-6a6f4b9a2c31'
const subjectOf = (county: string): string => uuidv5(VERIFICATION, county)

interface Run {
  startedAt: Date
  leaves: number
}

/** What is being checked in this process, per composed house and county. */
const running = new WeakMap<object, Map<string, Run>>()

function runsOf(app: App): Map<string, Run> {
  const held = running.get(app) ?? new Map<string, Run>()
  running.set(app, held)
  return held
}

/** How the house works behind the pages: what waits, what was given up, what runs from time to time. */
export async function readWorkings(cmd: Command): Promise<Workings> {
  requireGrant(cmd, 'ledger.repair', cmd.county)
  const [counts, oldest, sweeps] = await Promise.all([
    countWork(cmd.tx, cmd.county),
    oldestTodo(cmd.tx, cmd.county),
    listSweeps(cmd.tx),
  ])
  return {
    unsealed: counts.todos,
    oldestUnsealedAt: oldest?.toISOString() ?? null,
    leaves: counts.leaves,
    waitingJobs: counts.waitingJobs,
    failedJobs: counts.failedJobs,
    sweeps: sweeps.map(({ name, ranAt, busyUntil, error }) => ({
      name,
      ranAt: ranAt.toISOString(),
      running: busyUntil !== null && busyUntil > cmd.now,
      error,
    })),
  }
}

/** Whether and when the ledger was checked, and what came out. */
export async function readVerifications(app: App, cmd: Command): Promise<Verifications> {
  requireGrant(cmd, 'ledger.verify', cmd.county)
  const log = await findLog(cmd.tx, cmd.county)
  const run = runsOf(app).get(cmd.county)
  const past = await newestOfSubject(cmd.tx, cmd.county, subjectOf(cmd.county), 20)
  return {
    leaves: log?.size ?? 0,
    sealedAt: log?.sealedAt.toISOString() ?? null,
    running: run ? { startedAt: run.startedAt.toISOString(), leaves: run.leaves } : null,
    items: past.map(({ id, at, body }) => ({ id, at, ...(body as Omit<Verifications['items'][number], 'id' | 'at'>) })),
  }
}

/**
 * Begins to check the whole ledger beside the house's work; what comes out is an entry.
 *
 * @throws ledger.verifying while one is under way in this process.
 */
export function startVerification(app: App, cmd: Command): { startedAt: string } {
  requireGrant(cmd, 'ledger.verify', cmd.county)
  const runs = runsOf(app)
  const { county, now } = cmd
  if (runs.has(county)) throw new Fault('ledger.verifying')
  const run: Run = { startedAt: now, leaves: 0 }
  runs.set(county, run)
  const by = cmd.actor.id
  void verifyNow(app, county, { run, by })
    .catch((error: unknown) => app.log.error({ err: error, county }, 'the ledger could not be checked'))
    .finally(() => runs.delete(county))
  return { startedAt: now.toISOString() }
}

async function verifyNow(app: App, county: string, { run, by }: { run: Run; by: string | null }): Promise<void> {
  const report = await verifyLedger(app.db, county, {
    dataDir: app.config.dataDir,
    progress: (leaves) => void (run.leaves = leaves),
  })
  await runSystem(app, county, async (cmd) => {
    const id = subjectOf(county)
    const [last] = await newestOfSubject(cmd.tx, county, id, 1)
    const { leaves, heads, holds, findings, more } = report
    const body = { by, leaves, heads, holds, findings: findings.length + more }
    await record(cmd, LedgerVerified, { id, version: (last?.subjectVersion ?? 0) + 1 }, body)
  })
}
