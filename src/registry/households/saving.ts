import type { Command } from '../../kernel/command.ts'
import { differences } from '../rules.ts'
import { noteChanges, type RecordChange, type Recording, type Why } from '../writing.ts'
import type { Dossier } from './contract.ts'
import * as store from './store.ts'

export interface HouseholdStep {
  act: string
  before: store.HouseholdRow | null
  after: store.HouseholdRow
}

/** The situation file, opened. */
export const householdDossier = (cmd: Pick<Command, 'vault' | 'county'>, sealed: Buffer | null): Dossier | null =>
  sealed === null ? null : (JSON.parse(cmd.vault.open(cmd.county, sealed)) as Dossier)

/** What the history compares. */
export const householdFields = (
  cmd: Pick<Command, 'vault' | 'county'>,
  row: store.HouseholdRow,
): Record<string, unknown> => ({
  areaPath: row.areaPath,
  premisesId: row.premisesId,
  kind: row.kind,
  number: row.number,
  headId: row.headId,
  dossier: householdDossier(cmd, row.dossierSealed),
  closed: row.closedAt !== null,
})

/**
 * Writes households with their history and the ledger's entries: one each, or one for 5,000 where `recording` is true. Who belongs to
 * them is said by their people's ties; the count of members follows these.
 *
 * @throws kernel.stale, kernel.conflict
 */
export async function saveHouseholds(
  cmd: Command,
  steps: readonly HouseholdStep[],
  why: Why,
  recording: Recording = false,
): Promise<void> {
  const fresh = steps.filter(({ before }) => before === null)
  const known = steps.filter(({ before }) => before !== null)
  await store.insertHouseholds(
    cmd.tx,
    cmd.county,
    fresh.map(({ after }) => after),
  )
  await store.updateHouseholds(
    cmd.tx,
    cmd.county,
    known.map(({ after }) => after),
  )
  const changes: RecordChange[] = steps.map(({ act, before, after }) => ({
    kind: 'household',
    id: after.id,
    version: after.version,
    areaPath: after.areaPath,
    act,
    changes: differences(before && householdFields(cmd, before), householdFields(cmd, after)),
  }))
  await noteChanges(cmd, changes, why, recording)
}
