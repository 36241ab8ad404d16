import type { Counts, Import } from '../../../src/registry/sheets/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'

export const stateNames: Record<Import['state'], TextKey> = {
  reading: 'sheets.state.reading',
  mapping: 'sheets.state.mapping',
  checking: 'sheets.state.checking',
  checked: 'sheets.state.checked',
  running: 'sheets.state.running',
  paused: 'sheets.state.paused',
  done: 'sheets.state.done',
  failed: 'sheets.state.failed',
  cancelled: 'sheets.state.cancelled',
}

export const stateLooks: Record<Import['state'], string> = {
  reading: 'running',
  mapping: 'dueSoon',
  checking: 'running',
  checked: 'dueSoon',
  running: 'running',
  paused: 'parked',
  done: 'verified',
  failed: 'overdue',
  cancelled: 'parked',
}

/** Figures in the order in which one asks for them; those that are nought may be left out. */
export const figures: readonly { code: keyof Counts; name: TextKey; always?: boolean }[] = [
  { code: 'rows', name: 'sheets.count.rows', always: true },
  { code: 'fresh', name: 'sheets.count.fresh', always: true },
  { code: 'known', name: 'sheets.count.known', always: true },
  { code: 'changed', name: 'sheets.count.changed', always: true },
  { code: 'refused', name: 'sheets.count.refused', always: true },
  { code: 'conflict', name: 'sheets.count.conflict' },
  { code: 'repeated', name: 'sheets.count.repeated' },
  { code: 'buildings', name: 'sheets.count.buildings' },
  { code: 'homes', name: 'sheets.count.homes' },
  { code: 'households', name: 'sheets.count.households' },
  { code: 'coarse', name: 'sheets.count.coarse' },
]
