import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { requireAt, requireHomeArea } from '../access.ts'
import { reasonOf, requireReason } from '../writing.ts'
import type {
  BuildingView,
  CloseRecord,
  ConfirmRecord,
  CorrectBuilding,
  CorrectPremises,
  PremisesPlan,
  PremisesView,
  RegisterBuilding,
  RegisterPremises,
  WritePlan,
} from './contract.ts'
import {
  addressKey,
  buildingAddress,
  floorOf,
  plainRoom,
  plainUnit,
  premisesAddress,
  premisesSortKey,
  sortKey,
  type BuildingParts,
} from './rules.ts'
import { saveBuildings, savePremises } from './saving.ts'
import * as store from './store.ts'
import { buildingView, planView, premisesView } from './views.ts'

const clean = (text: string | undefined, path: string): string =>
  cleanText((text ?? '').normalize('NFKC'), { maxLength: 60, path })

/** What of a building follows from its parts and its place. @throws registry.address_needed */
export function addressedBuilding(
  areaPath: string,
  parts: BuildingParts,
): BuildingParts & Pick<store.BuildingRow, 'areaPath' | 'address' | 'addressKey' | 'sortKey'> {
  const { estate, street, houseNumber, name } = parts
  const address = buildingAddress(parts)
  return {
    estate,
    street,
    houseNumber,
    name,
    areaPath,
    address,
    addressKey: addressKey(areaPath, address),
    sortKey: sortKey(address),
  }
}

/** What of premises follows from their building, unit and room. */
export function addressedPremises(
  building: Pick<store.BuildingRow, 'id' | 'areaPath' | 'address' | 'sortKey'>,
  parts: { unit: string; floor?: number | null | undefined; room: string },
): Pick<
  store.PremisesRow,
  'buildingId' | 'areaPath' | 'unit' | 'floor' | 'room' | 'address' | 'addressKey' | 'sortKey'
> {
  const [unit, room] = [plainUnit(parts.unit), plainRoom(parts.room)]
  const floor = parts.floor === undefined ? floorOf(room) : parts.floor
  const address = premisesAddress(building.address, { unit, room })
  return {
    buildingId: building.id,
    areaPath: building.areaPath,
    unit,
    floor,
    room,
    address,
    addressKey: addressKey(building.areaPath, address),
    sortKey: premisesSortKey(building.sortKey, { unit, floor, room }),
  }
}

const positionOf = (position: { longitude: number; latitude: number } | null) => ({
  longitude: position?.longitude ?? null,
  latitude: position?.latitude ?? null,
  positionSource: position ? 'drawn' : null,
})

/**
 * Registers a building: a standard address down to the block or the yard.
 *
 * @throws registry.unknown_area, registry.address_needed, registry.address_taken, kernel.forbidden, kernel.wrong_purpose
 */
export async function registerBuilding(cmd: Command, input: RegisterBuilding): Promise<BuildingView> {
  requireAt(cmd, 'registry.write', [input.areaPath])
  await requireHomeArea(cmd, input.areaPath)
  const parts = {
    estate: clean(input.estate, 'estate'),
    street: clean(input.street, 'street'),
    houseNumber: clean(input.houseNumber, 'houseNumber'),
    name: clean(input.name, 'name'),
  }
  const row: store.BuildingRow = {
    id: input.id ?? uuidv7(cmd.now),
    version: 1,
    kind: input.kind,
    ...addressedBuilding(input.areaPath, parts),
    ...positionOf(input.position ?? null),
    floors: input.floors ?? null,
    closedAt: null,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
  const why = { source: input.source, reason: reasonOf(input.reason) }
  await saveBuildings(cmd, [{ act: 'registered', before: null, after: row }], why)
  return buildingView(cmd, row)
}

/** An open building in the caller's scope for writing, of the version last seen. */
export async function writableBuilding(cmd: Command, id: string, version?: number): Promise<store.BuildingRow> {
  const row = await store.findBuilding(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.write', [row.areaPath])
  if (row.closedAt) throw new Fault('registry.closed')
  if (version !== undefined && row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/** The same for premises. */
export async function writablePremises(cmd: Command, id: string, version?: number): Promise<store.PremisesRow> {
  const row = await store.findPremises(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.write', [row.areaPath])
  if (row.closedAt) throw new Fault('registry.closed')
  if (version !== undefined && row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/**
 * Corrects a building; the addresses of its premises follow.
 *
 * @throws registry.closed, registry.address_taken, registry.reason_needed, kernel.stale, kernel.forbidden
 */
export async function correctBuilding(cmd: Command, id: string, input: CorrectBuilding): Promise<BuildingView> {
  const row = await writableBuilding(cmd, id, input.version)
  const why = { source: 'counter' as const, reason: requireReason(input.reason) }
  const parts = {
    estate: clean(input.estate ?? row.estate, 'estate'),
    street: clean(input.street ?? row.street, 'street'),
    houseNumber: clean(input.houseNumber ?? row.houseNumber, 'houseNumber'),
    name: clean(input.name ?? row.name, 'name'),
  }
  const next: store.BuildingRow = {
    ...row,
    version: row.version + 1,
    kind: input.kind ?? row.kind,
    ...addressedBuilding(row.areaPath, parts),
    ...(input.position === undefined ? {} : positionOf(input.position)),
    floors: input.floors === undefined ? row.floors : input.floors,
    updatedAt: cmd.now,
  }
  await saveBuildings(cmd, [{ act: 'corrected', before: row, after: next }], why)
  if (next.address !== row.address) {
    const inside = await store.listAllOf(cmd.tx, cmd.county, id)
    const steps = inside.map((one) => ({
      act: 'readdressed',
      before: one,
      after: { ...one, ...addressedPremises(next, one), version: one.version + 1, updatedAt: cmd.now },
      building: next,
      buildingBefore: row,
    }))
    await savePremises(cmd, steps, why, steps.length > 20)
  }
  return buildingView(cmd, next)
}

/** Closes a building that was torn down or never was. @throws registry.building_in_use, registry.closed, kernel.stale */
export async function closeBuilding(cmd: Command, id: string, input: CloseRecord): Promise<BuildingView> {
  const row = await writableBuilding(cmd, id, input.version)
  const premises = await store.countPremisesOf(cmd.tx, cmd.county, id)
  if (premises > 0) throw new Fault('registry.building_in_use', { premises })
  const next = { ...row, version: row.version + 1, closedAt: cmd.now, updatedAt: cmd.now }
  const why = { source: 'counter' as const, reason: requireReason(input.reason) }
  await saveBuildings(cmd, [{ act: 'closed', before: row, after: next }], why)
  return buildingView(cmd, next)
}

/**
 * Registers premises in a building.
 *
 * @throws registry.address_taken, registry.closed, kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function registerPremises(cmd: Command, input: RegisterPremises): Promise<PremisesView> {
  const building = await writableBuilding(cmd, input.buildingId)
  const row: store.PremisesRow = {
    id: input.id ?? uuidv7(cmd.now),
    version: 1,
    ...addressedPremises(building, { unit: input.unit ?? '', room: input.room ?? '', floor: input.floor }),
    use: input.use ?? 'unknown',
    planSealed: null,
    planReviewOn: null,
    source: input.source,
    checkedAt: cmd.now,
    checkedBy: cmd.actor.id,
    closedAt: null,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
  const why = { source: input.source, reason: reasonOf(input.reason) }
  await savePremises(cmd, [{ act: 'registered', before: null, after: row, building }], why)
  return premisesView(cmd, row)
}

/** Corrects unit, room or use. @throws registry.closed, registry.address_taken, registry.reason_needed, kernel.stale */
export async function correctPremises(cmd: Command, id: string, input: CorrectPremises): Promise<PremisesView> {
  const row = await writablePremises(cmd, id, input.version)
  const why = { source: input.source ?? ('counter' as const), reason: requireReason(input.reason) }
  const building = await buildingOf(cmd, row)
  const unit = input.unit ?? row.unit
  const room = input.room ?? row.room
  const floor = input.floor === undefined && room !== row.room ? undefined : (input.floor ?? row.floor)
  const next: store.PremisesRow = {
    ...row,
    ...addressedPremises(building, { unit, room, floor }),
    version: row.version + 1,
    use: input.use ?? row.use,
    source: input.source ?? row.source,
    checkedAt: cmd.now,
    checkedBy: cmd.actor.id,
    updatedAt: cmd.now,
  }
  await savePremises(cmd, [{ act: 'corrected', before: row, after: next, building }], why)
  return premisesView(cmd, next)
}

async function buildingOf(cmd: Command, row: store.PremisesRow): Promise<store.BuildingRow> {
  const building = await store.findBuilding(cmd.tx, cmd.county, row.buildingId)
  if (!building) throw new Fault('kernel.not_found')
  return building
}

/** Says that all is still as it stands: only its freshness changes. @throws registry.closed, kernel.stale */
export async function confirmPremises(cmd: Command, id: string, input: ConfirmRecord): Promise<PremisesView> {
  const row = await writablePremises(cmd, id, input.version)
  const { source } = input
  const next = { ...row, version: row.version + 1, source, checkedAt: cmd.now, checkedBy: cmd.actor.id }
  const building = await buildingOf(cmd, row)
  await savePremises(cmd, [{ act: 'confirmed', before: row, after: next, building }], { source, reason: '' })
  return premisesView(cmd, next)
}

/** Closes premises where nobody is. @throws registry.premises_in_use, registry.closed, registry.reason_needed, kernel.stale */
export async function closePremises(cmd: Command, id: string, input: CloseRecord): Promise<PremisesView> {
  const row = await writablePremises(cmd, id, input.version)
  await store.lockPremises(cmd.tx, cmd.county, id)
  const inside = await store.countOccupants(cmd.tx, cmd.county, id)
  if (inside.households + inside.people + inside.organisations > 0) {
    throw new Fault('registry.premises_in_use', { ...inside })
  }
  const next = { ...row, version: row.version + 1, closedAt: cmd.now, updatedAt: cmd.now, planReviewOn: null }
  const why = { source: 'counter' as const, reason: requireReason(input.reason) }
  await savePremises(cmd, [{ act: 'closed', before: row, after: next, building: await buildingOf(cmd, row) }], why)
  return premisesView(cmd, next)
}

const cleanEach = (texts: readonly string[], path: string): string[] =>
  texts.map((text) => cleanText(text, { maxLength: 200, minLength: 1, path }))

/** Writes the plan of a house and the day on which it is looked at again. @throws registry.closed, kernel.stale */
export async function writePlan(cmd: Command, id: string, input: WritePlan): Promise<PremisesPlan> {
  const row = await writablePremises(cmd, id, input.version)
  const plan = {
    class: input.class,
    risks: cleanEach(input.risks, 'risks'),
    measures: cleanEach(input.measures, 'measures'),
    caretaker: cleanText(input.caretaker, { maxLength: 40, path: 'caretaker' }),
    remark: cleanText(input.remark ?? '', { maxLength: 500, multiline: true, path: 'remark' }),
  }
  const next: store.PremisesRow = {
    ...row,
    version: row.version + 1,
    planSealed: cmd.vault.seal(cmd.county, JSON.stringify(plan)),
    planReviewOn: input.reviewOn,
    updatedAt: cmd.now,
  }
  const building = await buildingOf(cmd, row)
  const why = { source: 'counter' as const, reason: reasonOf(input.reason) }
  await savePremises(cmd, [{ act: 'planned', before: row, after: next, building }], why)
  return planView(cmd, next)
}
