import type { Command } from '../../kernel/command.ts'
import type { Findable } from '../search/store.ts'
import { tokensOfBuilding, tokensOfPremises } from '../search/tokens.ts'
import type { WritePlan } from './contract.ts'
import type { BuildingRow, PremisesRow } from './store.ts'

/** What the history compares of a building. */
export const buildingFields = (row: BuildingRow): Record<string, unknown> => ({
  areaPath: row.areaPath,
  kind: row.kind,
  estate: row.estate,
  street: row.street,
  houseNumber: row.houseNumber,
  name: row.name,
  longitude: row.longitude,
  latitude: row.latitude,
  floors: row.floors,
  closed: row.closedAt !== null,
})

export type Plan = Pick<WritePlan, 'class' | 'risks' | 'measures' | 'caretaker'> & { remark: string }

/** The plan of a house, opened. */
export const premisesPlan = (cmd: Pick<Command, 'vault' | 'county'>, sealed: Buffer | null): Plan | null =>
  sealed === null ? null : (JSON.parse(cmd.vault.open(cmd.county, sealed)) as Plan)

/** What the history compares of premises. */
export const premisesFields = (cmd: Pick<Command, 'vault' | 'county'>, row: PremisesRow): Record<string, unknown> => ({
  areaPath: row.areaPath,
  buildingId: row.buildingId,
  unit: row.unit,
  floor: row.floor,
  room: row.room,
  use: row.use,
  plan: premisesPlan(cmd, row.planSealed),
  planReviewOn: row.planReviewOn,
  closed: row.closedAt !== null,
})

/** What a building is found by; a closed one by nothing. */
export const buildingFindable = (row: BuildingRow): Findable | null =>
  row.closedAt === null ? { tokens: tokensOfBuilding(row), paths: [row.areaPath] } : null

export const premisesFindable = (building: BuildingRow, row: PremisesRow): Findable | null =>
  row.closedAt === null ? { tokens: tokensOfPremises(building, row), paths: [row.areaPath] } : null
