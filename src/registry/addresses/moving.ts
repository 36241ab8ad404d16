import type { Command } from '../../kernel/command.ts'
import { lastAreaAt } from '../../grid/index.ts'
import { requireAt, requireHomeArea } from '../access.ts'
import { saveOrganisations } from '../organisations/saving.ts'
import { listOfPremises } from '../organisations/store.ts'
import { loadPeople, savePeople } from '../people/saving.ts'
import { listTiesOfPremises } from '../people/store.ts'
import { notePast } from '../rehoming/store.ts'
import { requireReason, type Why } from '../writing.ts'
import type { BuildingView, MoveBuilding } from './contract.ts'
import { saveBuildings, savePremises } from './saving.ts'
import { addressedBuilding, addressedPremises, writableBuilding } from './service.ts'
import * as store from './store.ts'
import { buildingView } from './views.ts'

/** From so many records on, one entry of the ledger binds them together. */
const MANY = 20

/**
 * Says that a building lies in another area: premises, households, organisations and people go with it, by the same writers that
 * every other change goes through, so that nothing is found at the old place.
 *
 * @throws registry.unknown_area, registry.address_taken, registry.closed, registry.reason_needed, kernel.stale, kernel.forbidden
 */
export async function moveBuilding(cmd: Command, id: string, input: MoveBuilding): Promise<BuildingView> {
  const row = await writableBuilding(cmd, id, input.version)
  requireAt(cmd, 'registry.write', [input.areaPath])
  await requireHomeArea(cmd, input.areaPath)
  const why = { source: 'counter' as const, reason: requireReason(input.reason) }
  return buildingView(cmd, await carryBuilding(cmd, row, input.areaPath, { why, past: true }))
}

/**
 * Lays a building with everybody in it in another area. The caller has asked whether that may be.
 *
 * @param how.past Whether it is kept in which area it lay until now; not where the area itself moved, which has its own history.
 * @returns the building as it now stands.
 */
export async function carryBuilding(
  cmd: Command,
  row: store.BuildingRow,
  areaPath: string,
  { why, past }: { why: Why; past: boolean },
): Promise<store.BuildingRow> {
  const { id } = row
  const area = past ? await lastAreaAt(cmd, row.areaPath) : undefined
  if (area) await notePast(cmd.tx, cmd.county, { buildingId: id, untilAt: cmd.now, areaId: area })
  const next: store.BuildingRow = {
    ...row,
    ...addressedBuilding(areaPath, row),
    version: row.version + 1,
    updatedAt: cmd.now,
  }
  await saveBuildings(cmd, [{ act: 'moved', before: row, after: next }], why)
  const inside = await store.listAllOf(cmd.tx, cmd.county, id)
  const steps = inside.map((one) => ({
    act: 'moved',
    before: one,
    after: { ...one, ...addressedPremises(next, one), version: one.version + 1, updatedAt: cmd.now },
    building: next,
    buildingBefore: row,
  }))
  await savePremises(cmd, steps, why, steps.length > MANY)
  const premises = inside.map((one) => one.id)
  await store.moveHouseholds(cmd.tx, cmd.county, premises, { areaPath: next.areaPath, at: cmd.now })
  const units = (await listOfPremises(cmd.tx, cmd.county, premises)).map((before) => ({
    act: 'moved',
    before,
    after: { ...before, areaPath: next.areaPath, version: before.version + 1, updatedAt: cmd.now },
  }))
  await saveOrganisations(cmd, units, why, units.length > MANY)
  await movePeople(cmd, new Set(premises), next.areaPath, why)
  return next
}

async function movePeople(cmd: Command, premises: ReadonlySet<string>, areaPath: string, why: Why): Promise<void> {
  const ties = await listTiesOfPremises(cmd.tx, cmd.county, [...premises])
  const people = await loadPeople(cmd, [...new Set(ties.map(({ personId }) => personId))])
  const steps = [...people.values()].map((before) => ({
    act: 'moved',
    before,
    after: {
      ...before,
      row: { ...before.row, version: before.row.version + 1, updatedAt: cmd.now },
      ties: before.ties.map((tie) => (premises.has(tie.premisesId) ? { ...tie, areaPath } : tie)),
    },
  }))
  await savePeople(cmd, steps, why, steps.length > MANY)
}
