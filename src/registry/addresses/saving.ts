import type { Command } from '../../kernel/command.ts'
import { differences } from '../rules.ts'
import { saveAllTokens } from '../search/token-store.ts'
import { noteChanges, type RecordChange, type Recording, type Why } from '../writing.ts'
import { buildingFields, buildingFindable, premisesFields, premisesFindable } from './fields.ts'
import * as store from './store.ts'

export interface BuildingStep {
  act: string
  before: store.BuildingRow | null
  after: store.BuildingRow
}
export interface PremisesStep {
  act: string
  before: store.PremisesRow | null
  after: store.PremisesRow
  /** The building that it belongs to, and before it did. */
  building: store.BuildingRow
  buildingBefore?: store.BuildingRow
}

const split = <Step extends { before: unknown }>(steps: readonly Step[]): [fresh: Step[], known: Step[]] => [
  steps.filter(({ before }) => before === null),
  steps.filter(({ before }) => before !== null),
]

/**
 * Writes buildings with what they are found by, their history and the ledger's entries: one each, or one for 5,000 where
 * `recording` is true.
 *
 * @throws registry.address_taken, kernel.stale
 */
export async function saveBuildings(
  cmd: Command,
  steps: readonly BuildingStep[],
  why: Why,
  recording: Recording = false,
): Promise<void> {
  const [fresh, known] = split(steps)
  await store.insertBuildings(
    cmd.tx,
    cmd.county,
    fresh.map(({ after }) => after),
  )
  await store.updateBuildings(
    cmd.tx,
    cmd.county,
    known.map(({ after }) => after),
  )
  const changes: RecordChange[] = steps.map(({ act, before, after }) => ({
    kind: 'building',
    id: after.id,
    version: after.version,
    areaPath: after.areaPath,
    act,
    changes: differences(before && buildingFields(before), buildingFields(after)),
  }))
  await saveAllTokens(
    cmd.tx,
    cmd.county,
    steps.map(({ before, after }) => ({
      subjectId: after.id,
      before: before && buildingFindable(before),
      after: buildingFindable(after),
      isNew: after.version === 1,
    })),
  )
  await noteChanges(cmd, changes, why, recording)
}

/** The same for premises. @throws registry.address_taken, kernel.stale */
export async function savePremises(
  cmd: Command,
  steps: readonly PremisesStep[],
  why: Why,
  recording: Recording = false,
): Promise<void> {
  const [fresh, known] = split(steps)
  await store.insertPremises(
    cmd.tx,
    cmd.county,
    fresh.map(({ after }) => after),
  )
  await store.updatePremises(
    cmd.tx,
    cmd.county,
    known.map(({ after }) => after),
  )
  const changes: RecordChange[] = steps.map(({ act, before, after }) => ({
    kind: 'premises',
    id: after.id,
    version: after.version,
    areaPath: after.areaPath,
    act,
    changes: differences(before && premisesFields(cmd, before), premisesFields(cmd, after)),
  }))
  await saveAllTokens(
    cmd.tx,
    cmd.county,
    steps.map(({ before, after, building, buildingBefore }) => ({
      subjectId: after.id,
      before: before && premisesFindable(buildingBefore ?? building, before),
      after: premisesFindable(building, after),
      isNew: after.version === 1,
    })),
  )
  await noteChanges(cmd, changes, why, recording)
}
