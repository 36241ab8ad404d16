/**
 * The ledger's front door: what can be proven. Rooms above record here, in their own transaction, and listen with `on`.
 */
export { ledgerEvent, listEvents, type EventType } from './contract.ts'
export { record, entryOf, asStale, on, type Subject } from './service.ts'
export { entryCte, entryValues, ENTRY_PARAMETERS, type EntryRow } from './store.ts'
export type { Entry, Handler } from '../kernel/jobs.ts'
