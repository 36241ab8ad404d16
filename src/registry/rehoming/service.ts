import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { dutyOfArea, getArea, type PlaceDuty } from '../../grid/index.ts'
import { requireAt } from '../access.ts'
import { findBuilding } from '../addresses/store.ts'
import { findPast } from './store.ts'

/**
 * Who answers for a building in every net, or did at an instant: the area in which it lay then, however often areas were
 * split, merged and moved since.
 *
 * @throws kernel.not_found, kernel.bad_request for a day to come, kernel.forbidden, kernel.wrong_purpose
 */
export async function showDoorDuty(cmd: Command, buildingId: string, asked?: string): Promise<PlaceDuty> {
  const row = await findBuilding(cmd.tx, cmd.county, buildingId)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', [row.areaPath])
  requireGrant(cmd, 'grid.read', row.areaPath)
  const at = asked === undefined ? cmd.now : new Date(asked)
  if (at > cmd.now) throw new Fault('kernel.bad_request', { field: 'at' })
  const past = await findPast(cmd.tx, cmd.county, buildingId, at)
  return dutyOfArea(cmd, past ?? (await getArea(cmd, row.areaPath)).id, at)
}
