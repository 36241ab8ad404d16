/**
 * The ledger's front door: what can be proven. Rooms above record here, in their own transaction, and listen with `on`.
 */
import type { App, Room } from '../kernel/app.ts'
import { countiesOf } from '../kernel/app.ts'
import { startEngine } from './engine.ts'
import { countWork, type Counts } from './job-store.ts'
import { sweeps } from './jobs.ts'
import { ledgerRoutes } from './routes.ts'

export { ledgerEvent, listEvents, LedgerKeyAdded, LedgerJobRetried, type EventType, type Proof } from './contract.ts'
export { record, recordAll, entryOf, asStale, on, onAll, type Subject } from './service.ts'
export { listActs } from './acts.ts'
export { entryCte, entryValues, ENTRY_PARAMETERS, type EntryRow } from './store.ts'
export { proofOf, proofsOfSubject, historyOf, follow, followSubjects, currentHead, publicKeys } from './proofs.ts'
export { settleLedger } from './engine.ts'
export { listenForSeals } from './listen.ts'
export { headText } from './verify-proof.ts'
export { merkleRoot } from './merkle.ts'
export { openLog, sealBatch } from './sealer.ts'
export { keepHead, savedHeads } from './heads.ts'
export { ledgerKeysIn, rotateKey, trustedKeyIds } from './keys.ts'
export { verifyLedger, type Finding, type LedgerReport } from './verify.ts'
export type { Entry, Handler } from '../kernel/jobs.ts'

/** Figures of all counties together, counted when /metrics is asked. */
function registerGauges(app: App): void {
  const sum = async (figure: (counts: Counts) => number): Promise<number> => {
    let total = 0
    for (const { code } of await countiesOf(app))
      total += figure(await app.db.reading(code, (tx) => countWork(tx, code)))
    return total
  }
  const { metrics } = app
  metrics.gauge('tongxin_ledger_unsealed', 'Entries that wait for the sealer.', () => sum((counts) => counts.todos))
  metrics.gauge('tongxin_ledger_leaves', 'Leaves of all logs.', () => sum((counts) => counts.leaves))
  metrics.gauge('tongxin_jobs_waiting', 'Jobs of handlers not done yet.', () => sum((counts) => counts.waitingJobs))
  metrics.gauge('tongxin_jobs_failed', 'Jobs that were given up and wait for an administrator.', () =>
    sum((counts) => counts.failedJobs),
  )
}

export const ledger: Room = {
  name: 'ledger',
  routes: ledgerRoutes,
  sweeps,
  async start(app) {
    registerGauges(app)
    return startEngine(app)
  },
}
